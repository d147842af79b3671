//! Parameters → the links of a chain over `Call`; shared by every door.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt as _, quote};
use syn::Path;

use crate::model::{Operation, Param, Place, Query, Template};
use crate::names;

/// The links of parameters, put where they belong one by one: a piece of its own is another trip to the compiler.
pub(super) struct Links<'a> {
    template: Option<&'a Template>,
    params: &'a [Param],
    krate: &'a Path,
}

pub(super) fn links<'a>(operation: &'a Operation, krate: &'a Path) -> Links<'a> {
    Links { template: operation.template.as_ref(), params: &operation.params, krate }
}

/// The links of parameters that no template belongs to.
pub(super) fn pathless<'a>(params: &'a [Param], krate: &'a Path) -> Links<'a> {
    Links { template: None, params, krate }
}

// expands to: .path("owner", owner).query("page", &page).json(&issue)
//
// The path, or the URL instead of it, comes first and in the template's order, so that the URL is written in one go; then
// query, headers, credentials, body and options.
impl ToTokens for Links<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { template, params, krate } = *self;
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
        for param in url.chain(path).chain(others) {
            link(template, param, krate, tokens);
        }
    }
}

fn in_path(param: &Param) -> Option<&String> {
    match &param.place {
        Place::Implicit(name) | Place::Path { name, .. } => Some(name),
        _ => None,
    }
}

/// One link. Its name stands at the parameter's annotation and its value at the parameter's type, so that an
/// unfulfilled bound is reported in the user's signature.
fn link(template: Option<&Template>, param: &Param, krate: &Path, links: &mut TokenStream) {
    let (given, lent) = (Given(param), Lent(param));
    let (method, arguments) = match &param.place {
        Place::Implicit(name) | Place::Path { name, .. } => {
            (path_method(template, name, &param.place), quote!(#name, #given))
        }
        Place::Query(Query { name, style: None, encoded }) => {
            (if *encoded { "query_encoded" } else { "query" }, quote!(#name, #lent))
        }
        Place::Query(Query { name, style: Some(style), encoded }) => {
            let style = Ident::new(style, Span::call_site());
            let method = if *encoded { "query_styled_encoded" } else { "query_styled" };
            (method, quote!(#name, #krate::QueryStyle::#style, #lent))
        }
        Place::Header { name, display } => {
            (if *display { "header_display" } else { "header" }, quote!(#name, #lent))
        }
        Place::Headers => ("headers", quote!(#lent)),
        Place::Cookie(name) => ("cookie", quote!(#name, #given)),
        Place::Bearer => ("bearer", quote!(#given)),
        Place::Basic => ("basic", quote!(#given)),
        Place::Params => ("params", quote!(#lent)),
        Place::Url => ("url", quote!(#given)),
        Place::CallOptions => ("call_options", quote!(#given)),
        Place::Json
        | Place::JsonField(_)
        | Place::Form(_)
        | Place::Body
        | Place::Multipart
        | Place::Part(_) => match param.place.body() {
            Some(attribute) => (attribute, body(param)),
            None => return,
        },
        Place::Mistaken => return,
    };
    links.append(Punct::new('.', Spacing::Alone));
    links.append(Ident::new(method, names::at(param.at)));
    links.append(Group::new(Delimiter::Parenthesis, arguments));
}

/// What a link gets that takes a value: an argument itself, but a field, which stays in its struct, by reference.
struct Given<'a>(&'a Param);

/// What a link gets that takes a reference.
struct Lent<'a>(&'a Param);

impl ToTokens for Given<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self(param) = self;
        match &param.field {
            None => tokens.append(argument(param)),
            Some(field) => tokens.extend(respan(quote!(&self.#field), param.ty)),
        }
    }
}

impl ToTokens for Lent<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self(param) = self;
        let mut and = Punct::new('&', Spacing::Alone);
        and.set_span(param.ty);
        tokens.append(and);
        match &param.field {
            None => tokens.append(argument(param)),
            Some(field) => tokens.extend(respan(quote!(self.#field), param.ty)),
        }
    }
}

/// A parameter at the place of its type.
fn argument(param: &Param) -> Ident {
    let mut name = param.ident.clone();
    name.set_span(name.span().located_at(param.ty));
    name
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

/// What a link of the body gets; it is named as the attribute is.
fn body(param: &Param) -> TokenStream {
    let (given, lent) = (Given(param), Lent(param));
    match &param.place {
        Place::JsonField(name) | Place::Form(name) => quote!(#name, #lent),
        Place::Part(name) => quote!(#name, #given),
        Place::Json => quote!(#lent),
        _ => quote!(#given),
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
