//! Parameters → the links of a chain over `Call`; shared by every door.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;

use crate::model::{Operation, Param, Place, Query};
use crate::names;

// expands to: .path("owner", owner).query("page", &page).json(&issue)
//
// The path, or the URL instead of it, comes first and in the template's order, so that the URL is written in one go; then
// query, headers, credentials, body and options. `value` says how the door reads a parameter.
pub(super) fn links(
    operation: &Operation,
    krate: &Path,
    value: impl Fn(&Param) -> TokenStream,
) -> TokenStream {
    let names = operation.template.as_ref().map_or(&[][..], |template| &template.names);
    let url = operation.params.iter().filter(|param| param.place == Place::Url);
    let path =
        names.iter().filter_map(|name| operation.params.iter().find(|param| in_path(param) == Some(name)));
    let places: [fn(&Place) -> bool; 5] = [
        |place| matches!(place, Place::Query(_)),
        |place| matches!(place, Place::Header { .. } | Place::Headers | Place::Cookie(_)),
        |place| matches!(place, Place::Bearer | Place::Basic),
        |place| place.body().is_some(),
        |place| matches!(place, Place::CallOptions),
    ];
    let others =
        places.iter().flat_map(|belongs| operation.params.iter().filter(|param| belongs(&param.place)));
    url.chain(path).chain(others).map(|param| link(operation, param, krate, value(param))).collect()
}

fn in_path(param: &Param) -> Option<&String> {
    match &param.place {
        Place::Implicit(name) | Place::Path { name, .. } => Some(name),
        _ => None,
    }
}

/// One link. Its name stands at the parameter's annotation and its value at the parameter's type, so that an
/// unfulfilled bound is reported in the user's signature.
fn link(operation: &Operation, param: &Param, krate: &Path, value: TokenStream) -> TokenStream {
    let value = respan(value, param.ty);
    let method = |name: &str| Ident::new(name, names::at(param.at));
    let reference = quote_spanned!(param.ty=> &);
    match &param.place {
        Place::Implicit(name) | Place::Path { name, .. } => {
            let path = method(path_method(operation, name, &param.place));
            quote!(.#path(#name, #value))
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
            quote!(.#cookie(#name, #value))
        }
        Place::Bearer => {
            let bearer = method("bearer");
            quote!(.#bearer(#value))
        }
        Place::Basic => {
            let basic = method("basic");
            quote!(.#basic(#value))
        }
        Place::Json
        | Place::JsonField(_)
        | Place::Form(_)
        | Place::Body
        | Place::Multipart
        | Place::Part(_) => body(param, &value),
        Place::Url => {
            let url = method("url");
            quote!(.#url(#value))
        }
        Place::CallOptions => {
            let options = method("call_options");
            quote!(.#options(#value))
        }
        Place::Mistaken => TokenStream::new(),
    }
}

/// The link for a path value, by its placeholder and by how it is written.
fn path_method(operation: &Operation, name: &String, place: &Place) -> &'static str {
    let optional = operation.template.as_ref().is_some_and(|template| template.optional.contains(name));
    match (optional, matches!(place, Place::Path { encoded: true, .. })) {
        (false, false) => "path",
        (false, true) => "path_encoded",
        (true, false) => "path_optional",
        (true, true) => "path_optional_encoded",
    }
}

/// A link of the body; it is named as the attribute is.
fn body(param: &Param, value: &TokenStream) -> TokenStream {
    let Some(attribute) = param.place.body() else { return TokenStream::new() };
    let method = Ident::new(attribute, names::at(param.at));
    let reference = quote_spanned!(param.ty=> &);
    match &param.place {
        Place::JsonField(name) | Place::Form(name) => quote!(.#method(#name, #reference #value)),
        Place::Part(name) => quote!(.#method(#name, #value)),
        Place::Json => quote!(.#method(#reference #value)),
        _ => quote!(.#method(#value)),
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
