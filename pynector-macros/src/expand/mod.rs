//! The model → tokens: the trait, its client, and what stands in for mistakes.

mod api;
mod bind;
mod blocking;
mod client;
mod dynamic;
mod endpoint;
mod error;
mod fallback;
mod limits;
mod mock;
mod settings;
mod stream;
mod twin;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostics::Diagnostics;
use crate::lower;

/// `#[pynector::api(..)]` as a pure function.
pub(crate) fn api(attr: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Diagnostics::new();
    let output = match lower::api(attr, item.clone(), &errors) {
        Ok(read) => {
            let (client, implementation) = (client::client(&read), api::implementation(&read));
            let twins = [dynamic::twin(&read), blocking::twin(&read), mock::twin(&read)];
            let item = api::item(read.item);
            quote!(#item #client #implementation #(#twins)*)
        }
        Err(error) => {
            errors.push(error);
            fallback::item(item)
        }
    };
    let errors = errors.finish();
    quote!(#output #errors)
}

/// `#[derive(Endpoint)]` as a pure function.
pub(crate) fn endpoint(item: TokenStream) -> TokenStream {
    let errors = Diagnostics::new();
    let output = lower::structs::endpoint(item, &errors).map(|read| endpoint::endpoint(&read));
    with(output, errors)
}

/// `#[derive(Params)]` as a pure function.
pub(crate) fn params(item: TokenStream) -> TokenStream {
    let errors = Diagnostics::new();
    let output = lower::structs::params(item, &errors).map(|read| endpoint::params(&read));
    with(output, errors)
}

/// `#[derive(ApiError)]` as a pure function.
pub(crate) fn api_error(item: TokenStream) -> TokenStream {
    let errors = Diagnostics::new();
    let output = lower::error::error_enum(item, &errors).map(|read| error::conversion(&read));
    with(output, errors)
}

/// What was made of an item, and every error; a derive leaves the item itself alone.
fn with(output: syn::Result<TokenStream>, errors: Diagnostics) -> TokenStream {
    let output = output.unwrap_or_else(|error| {
        errors.push(error);
        TokenStream::new()
    });
    let errors = errors.finish();
    quote!(#output #errors)
}
