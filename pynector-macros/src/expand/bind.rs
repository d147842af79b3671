//! Parameters → the links of a chain over `Call`; shared by every door.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;

use crate::model::{Operation, Param, Place, Query, Template};
use crate::names;

// expands to: .path("owner", owner).query("page", &page).json(&issue)
//
// The path, or the URL instead of it, comes first and in the template's order, so that the URL is written in one go; then
// query, headers, credentials, body and options.
pub(super) fn links(operation: &Operation, krate: &Path) -> TokenStream {
    chain(operation.template.as_ref(), &operation.params, krate)
}

/// The links of parameters that no template belongs to.
pub(super) fn pathless(params: &[Param], krate: &Path) -> TokenStream {
    chain(None, params, krate)
}

fn chain(template: Option<&Template>, params: &[Param], krate: &Path) -> TokenStream {
    let names = template.map_or(&[][..], |template| &template.names);
    let path = names.iter().filter_map(|name| params.iter().find(|param| in_path(param) == Some(name)));
    let url = params.iter().filter(|param| param.place == Place::Url);
    let places: [fn(&Place) -> bool; 5] = [
        |place| matches!(place, Place::Query(_) | Place::Params),
        |place| matches!(place, Place::Header { .. } | Place::Headers | Place::Cookie(_)),
        |place| matches!(place, Place::Bearer | Place::Basic),
        |place| place.body().is_some(),
        |place| matches!(place, Place::CallOptions),
    ];
    let others = places.iter().flat_map(|belongs| params.iter().filter(|param| belongs(&param.place)));
    url.chain(path).chain(others).map(|param| link(template, param, krate)).collect()
}

fn in_path(param: &Param) -> Option<&String> {
    match &param.place {
        Place::Implicit(name) | Place::Path { name, .. } => Some(name),
        _ => None,
    }
}

/// One link. Its name stands at the parameter's annotation and its value at the parameter's type, so that an
/// unfulfilled bound is reported in the user's signature.
fn link(template: Option<&Template>, param: &Param, krate: &Path) -> TokenStream {
    let (value, given) = values(param);
    let method = |name: &str| Ident::new(name, names::at(param.at));
    let reference = quote_spanned!(param.ty=> &);
    match &param.place {
        Place::Implicit(name) | Place::Path { name, .. } => {
            let path = method(path_method(template, name, &param.place));
            quote!(.#path(#name, #given))
        }
        Place::Query(Query { name, style: None, encoded }) => {
            let query = method(if *encoded { "query_encoded" } else { "query" });
            quote!(.#query(#name, #reference #value))
        }
        Place::Query(Query { name, style: Some(style), encoded }) => {
            let query = method(if *encoded { "query_styled_encoded" } else { "query_styled" });
            let style = Ident::new(style, Span::call_site());
            quote!(.#query(#name, #krate::QueryStyle::#style, #reference #value))
        }
        Place::Header { name, display } => {
            let header = method(if *display { "header_display" } else { "header" });
            quote!(.#header(#name, #reference #value))
        }
        Place::Headers => {
            let headers = method("headers");
            quote!(.#headers(#reference #value))
        }
        Place::Cookie(name) => {
            let cookie = method("cookie");
            quote!(.#cookie(#name, #given))
        }
        Place::Bearer => {
            let bearer = method("bearer");
            quote!(.#bearer(#given))
        }
        Place::Basic => {
            let basic = method("basic");
            quote!(.#basic(#given))
        }
        Place::Json
        | Place::JsonField(_)
        | Place::Form(_)
        | Place::Body
        | Place::Multipart
        | Place::Part(_) => body(param, &value, &given),
        Place::Params => {
            let params = method("params");
            quote!(.#params(#reference #value))
        }
        Place::Url => {
            let url = method("url");
            quote!(.#url(#given))
        }
        Place::CallOptions => {
            let options = method("call_options");
            quote!(.#options(#given))
        }
        Place::Mistaken => TokenStream::new(),
    }
}

/// What a link gets. One that takes a reference gets one to the first; one that takes a value gets the second: an
/// argument itself, but a field, which stays in its struct, by reference.
fn values(param: &Param) -> (TokenStream, TokenStream) {
    let name = &param.ident;
    let (value, given) = match &param.field {
        None => (quote!(#name), quote!(#name)),
        Some(field) => (quote!(self.#field), quote!(&self.#field)),
    };
    (respan(value, param.ty), respan(given, param.ty))
}

/// The link for a path value, by its placeholder and by how it is written.
fn path_method(template: Option<&Template>, name: &String, place: &Place) -> &'static str {
    let optional = template.is_some_and(|template| template.optional.contains(name));
    match (optional, matches!(place, Place::Path { encoded: true, .. })) {
        (false, false) => "path",
        (false, true) => "path_encoded",
        (true, false) => "path_optional",
        (true, true) => "path_optional_encoded",
    }
}

/// A link of the body; it is named as the attribute is.
fn body(param: &Param, value: &TokenStream, given: &TokenStream) -> TokenStream {
    let Some(attribute) = param.place.body() else { return TokenStream::new() };
    let method = Ident::new(attribute, names::at(param.at));
    let reference = quote_spanned!(param.ty=> &);
    match &param.place {
        Place::JsonField(name) | Place::Form(name) => quote!(.#method(#name, #reference #value)),
        Place::Part(name) => quote!(.#method(#name, #given)),
        Place::Json => quote!(.#method(#reference #value)),
        _ => quote!(.#method(#given)),
    }
}

/// Moves tokens to a place in the source; what their names mean stays the same.
pub(super) fn respan(tokens: TokenStream, to: Span) -> TokenStream {
    let moved = tokens.into_iter().map(|mut token| {
        token.set_span(token.span().located_at(to));
        token
    });
    moved.collect()
}
