//! The entry points of pynector's procedural macros; the documentation stands on their re-exports in `pynector`.

mod attr;
mod check;
mod diagnostics;
mod expand;
mod lower;
mod model;
mod names;
mod parse;
mod suggest;
mod template;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Turns a trait into the trait and a client that calls it over HTTP; documented in `pynector`.
#[proc_macro_attribute]
pub fn api(attr: TokenStream, item: TokenStream) -> TokenStream {
    expand::api(attr.into(), item.into()).into()
}

/// Makes a struct a request that can be sent; documented in `pynector`.
#[proc_macro_derive(
    Endpoint,
    attributes(
        get,
        post,
        put,
        patch,
        delete,
        head,
        options,
        http,
        paginate,
        events,
        lines,
        endpoint,
        path_param,
        query,
        header,
        headers,
        cookie,
        bearer,
        basic,
        json,
        json_field,
        form,
        body,
        multipart,
        part,
        params,
        url,
        call_options
    )
)]
pub fn endpoint(item: TokenStream) -> TokenStream {
    expand::endpoint(item.into()).into()
}

/// Makes a struct an argument of several requests; documented in `pynector`.
#[proc_macro_derive(
    Params,
    attributes(
        path_param,
        query,
        header,
        headers,
        cookie,
        bearer,
        basic,
        json,
        json_field,
        form,
        body,
        multipart,
        part,
        params,
        url,
        call_options
    )
)]
pub fn params(item: TokenStream) -> TokenStream {
    expand::params(item.into()).into()
}

/// Derives `From<pynector::Error>` for an enum with one variant per status; documented in `pynector`.
#[proc_macro_derive(ApiError, attributes(status, other, header, body, source, api_error))]
pub fn api_error(item: TokenStream) -> TokenStream {
    expand::api_error(item.into()).into()
}
