//! The attributes of a parameter: where it goes.

use proc_macro2::{Ident, Span};
use syn::{Attribute, LitStr, Meta};

use super::{Closed, Keys, header, split, stream, value::refused};
use crate::diagnostics::Diagnostics;
use crate::model::{Place, Query};
use crate::{names, suggest};

/// Every place that has an attribute.
pub(crate) const PLACES: [&str; 16] = [
    "path_param",
    "query",
    "header",
    "headers",
    "cookie",
    "bearer",
    "basic",
    "json",
    "json_field",
    "form",
    "body",
    "multipart",
    "part",
    "params",
    "url",
    "call_options",
];

/// The styles of a query, and the variants of the runtime's `QueryStyle`.
const STYLES: [(&str, &str); 6] = [
    ("csv", "Csv"),
    ("brackets", "Brackets"),
    ("deep_object", "DeepObject"),
    ("space", "Space"),
    ("pipe", "Pipe"),
    ("dots", "Dots"),
];

/// Attributes that rustc itself allows on a parameter.
const BUILT_IN: [&str; 9] =
    ["allow", "cfg", "cfg_attr", "deny", "doc", "expect", "forbid", "warn", "rustfmt"];

/// Whether the macro takes this attribute off a parameter: its own, and words that can only be meant for it.
pub(crate) fn is_ours(attr: &Attribute) -> bool {
    attr.path().get_ident().is_some_and(|ident| !BUILT_IN.contains(&names::plain(ident).as_str()))
}

/// Whether an attribute of another macro's, or of nobody's, looks like a misspelled place.
pub(crate) fn is_slip(attr: &Attribute) -> bool {
    let name = attr.path().get_ident().map(names::plain).unwrap_or_default();
    !BUILT_IN.contains(&name.as_str()) && suggest::closest(&name, PLACES).is_some()
}

/// Whether a place gives its own name, in quotes.
pub(crate) fn is_named(attr: &Attribute) -> bool {
    matches!(&attr.meta, Meta::List(list) if super::starts_with_text(&list.tokens))
}

/// Reads one attribute of the parameter `param`; the place is [`Place::Mistaken`] if something is wrong with it.
pub(crate) fn parse(attr: &Attribute, param: &Ident, errors: &Diagnostics) -> (Place, Span) {
    let Some(ident) = attr.path().get_ident() else { return (Place::Mistaken, param.span()) };
    let name = names::plain(param);
    let place = match names::plain(ident).as_str() {
        "path_param" => path_place(attr, ident, name, errors),
        "query" => query_place(attr, ident, name, errors),
        "header" => header_place(attr, ident, &name, errors),
        "headers" => alone(attr, ident, Place::Headers, errors),
        "cookie" => cookie_place(attr, ident, name, errors),
        "bearer" => alone(attr, ident, Place::Bearer, errors),
        "basic" => alone(attr, ident, Place::Basic, errors),
        "json" => whole(attr, ident, Place::Json, "json_field", errors),
        "json_field" => named(attr, ident, name, errors).map(Place::JsonField),
        "form" => named(attr, ident, name, errors).map(Place::Form),
        "body" => alone(attr, ident, Place::Body, errors),
        "multipart" => whole(attr, ident, Place::Multipart, "part", errors),
        "part" => named(attr, ident, name, errors).map(Place::Part),
        "params" => alone(attr, ident, Place::Params, errors),
        "url" => alone(attr, ident, Place::Url, errors),
        "call_options" => alone(attr, ident, Place::CallOptions, errors),
        "path" => refused(
            ident.span(),
            "write `#[path_param]`: `#[path]` is built into the language and means a file",
            errors,
        ),
        other if stream::is_one(attr) => {
            let message = format!("`#[{other}]` says how the answer is read: write it beside the verb");
            refused(ident.span(), message, errors)
        }
        other => refused(ident.span(), unknown(other), errors),
    };
    (place.unwrap_or(Place::Mistaken), ident.span())
}

fn unknown(name: &str) -> String {
    let places = PLACES.map(|place| format!("`#[{place}]`")).join(", ");
    match suggest::closest(name, PLACES) {
        Some(meant) => {
            format!("`#[{name}]` is not a place: did you mean `#[{meant}]`? The places are {places}")
        }
        None => format!("`#[{name}]` is not a place: the places are {places}"),
    }
}

/// `#[path_param("id", encoded)]`
fn path_place(attr: &Attribute, ident: &Ident, param: String, errors: &Diagnostics) -> Option<Place> {
    let Arguments { name, mut keys } = arguments(attr, ident, &["encoded"], errors)?;
    let name = name_or(name, ident, param, errors);
    let encoded = keys.take("encoded").map_or(Some(false), |key| key.flag(errors).map(|_| true));
    Some(Place::Path { name: name?, encoded: encoded? })
}

/// `#[query("name", style = csv, encoded)]`
fn query_place(attr: &Attribute, ident: &Ident, param: String, errors: &Diagnostics) -> Option<Place> {
    let Arguments { name, mut keys } = arguments(attr, ident, &["style", "encoded"], errors)?;
    let name = name_or(name, ident, param, errors);
    let style = keys.take("style").map_or(Some(None), |key| {
        let word = key.word(&STYLES.map(|(word, _)| word), errors)?;
        STYLES.iter().find(|(style, _)| *style == word).map(|(_, variant)| Some(*variant))
    });
    let encoded = keys.take("encoded").map_or(Some(false), |key| key.flag(errors).map(|_| true));
    Some(Place::Query(Query { name: name?, style: style?, encoded: encoded? }))
}

/// `#[part("name")]`: a place that takes a name and nothing else.
fn named(attr: &Attribute, ident: &Ident, param: String, errors: &Diagnostics) -> Option<String> {
    let Arguments { name, .. } = arguments(attr, ident, &[], errors)?;
    name_or(name, ident, param, errors)
}

/// The name that the attribute gives, else that of the parameter.
fn name_or(name: Option<LitStr>, ident: &Ident, param: String, errors: &Diagnostics) -> Option<String> {
    match name {
        None => Some(param),
        Some(text) if text.value().is_empty() => {
            refused(text.span(), format!("the name is empty: write `#[{ident}(\"name\")]`"), errors)
        }
        Some(text) => Some(text.value()),
    }
}

/// `#[header("date", display)]`
fn header_place(attr: &Attribute, ident: &Ident, param: &str, errors: &Diagnostics) -> Option<Place> {
    let Arguments { name, mut keys } = arguments(attr, ident, &["display"], errors)?;
    let display = keys.take("display").map_or(Some(false), |key| key.flag(errors).map(|_| true));
    let Some(text) = name else {
        let guess = param.replace('_', "-").to_lowercase();
        let message = format!("the header's name is missing: write `#[header(\"{guess}\")]`");
        return refused(ident.span(), message, errors);
    };
    match header::name(&text.value()) {
        Ok(name) => Some(Place::Header { name, display: display? }),
        Err(complaint) => refused(text.span(), complaint, errors),
    }
}

/// `#[cookie("name")]`
fn cookie_place(attr: &Attribute, ident: &Ident, param: String, errors: &Diagnostics) -> Option<Place> {
    let Arguments { name, .. } = arguments(attr, ident, &[], errors)?;
    let span = name.as_ref().map_or(ident.span(), LitStr::span);
    let name = name_or(name, ident, param, errors)?;
    match header::cookie(&name) {
        Ok(()) => Some(Place::Cookie(name)),
        Err(complaint) => refused(span, complaint, errors),
    }
}

/// What stands in the parentheses of an attribute: a name, and keys behind it.
struct Arguments<'a> {
    name: Option<LitStr>,
    keys: Keys<'a>,
}

fn arguments<'a>(
    attr: &Attribute,
    ident: &Ident,
    keys: &[&str],
    errors: &'a Diagnostics,
) -> Option<Arguments<'a>> {
    let message = format!("`#[{ident}]` takes one name in quotes: write `#[{ident}(\"name\")]`");
    let mut parts = match &attr.meta {
        Meta::Path(_) => Vec::new(),
        Meta::NameValue(_) => return refused(ident.span(), message, errors),
        Meta::List(list) => split(list.tokens.clone()),
    };
    let mut name = None;
    if let Some(first) = parts.first() {
        let word = first.clone().into_iter().next().map(|token| token.to_string()).unwrap_or_default();
        name = syn::parse2::<LitStr>(first.clone()).ok();
        if name.is_some() {
            parts.remove(0);
        } else if suggest::closest(&word, keys.iter().copied()).is_none() {
            return refused(super::first_span(first).unwrap_or(ident.span()), message, errors);
        }
    }
    if let Some(late) = parts.iter().find_map(|part| syn::parse2::<LitStr>(part.clone()).ok()) {
        let late_name = "the name comes first: write it before the keys".to_owned();
        return refused(late.span(), if name.is_some() { message } else { late_name }, errors);
    }
    if keys.is_empty()
        && let Some(span) = parts.first().and_then(super::first_span)
    {
        return refused(span, message, errors);
    }
    let owner = format!("`#[{ident}(..)]`");
    let closed = Closed { owner: &owner, keys, elsewhere: &[] };
    let rest = parts.into_iter().map(|part| quote::quote!(#part,)).collect();
    Some(Arguments { name, keys: Keys::parse(rest, &closed, errors) })
}

/// The whole of a body whose `field` has a name.
fn whole(attr: &Attribute, ident: &Ident, place: Place, field: &str, errors: &Diagnostics) -> Option<Place> {
    let Meta::List(list) = &attr.meta else { return alone(attr, ident, place, errors) };
    let Ok(name) = syn::parse2::<LitStr>(list.tokens.clone()) else {
        return alone(attr, ident, place, errors);
    };
    let message = format!(
        "`#[{ident}]` is the whole body and has no name: write it alone, or `#[{field}({})]`",
        name.token()
    );
    refused(name.span(), message, errors)
}

/// An attribute that takes nothing.
fn alone(attr: &Attribute, ident: &Ident, place: Place, errors: &Diagnostics) -> Option<Place> {
    match &attr.meta {
        Meta::Path(_) => Some(place),
        Meta::List(list) => {
            let span = super::first_span(&list.tokens).unwrap_or(ident.span());
            refused(span, format!("`#[{ident}]` takes nothing: write it alone"), errors)
        }
        Meta::NameValue(_) => {
            refused(ident.span(), format!("`#[{ident}]` takes nothing: write it alone"), errors)
        }
    }
}
