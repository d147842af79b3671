//! The attributes of a parameter: where it goes.

use proc_macro2::{Ident, Span};
use syn::{Attribute, LitStr, Meta};

use super::{header, value::refused};
use crate::diagnostics::Diagnostics;
use crate::model::Place;
use crate::{names, suggest};

/// Every place that has an attribute.
pub(crate) const PLACES: [&str; 14] = [
    "path_param",
    "query",
    "header",
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
        "path_param" => named(attr, ident, name, errors).map(Place::Path),
        "query" => named(attr, ident, name, errors).map(Place::Query),
        "header" => header_place(attr, ident, &name, errors),
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

/// The name that the attribute gives, else that of the parameter.
fn named(attr: &Attribute, ident: &Ident, param: String, errors: &Diagnostics) -> Option<String> {
    match argument(attr, ident, errors)? {
        Argument::None => Some(param),
        Argument::Text(text) if text.value().is_empty() => {
            refused(text.span(), format!("the name is empty: write `#[{ident}(\"name\")]`"), errors)
        }
        Argument::Text(text) => Some(text.value()),
    }
}

fn header_place(attr: &Attribute, ident: &Ident, param: &str, errors: &Diagnostics) -> Option<Place> {
    let Argument::Text(text) = argument(attr, ident, errors)? else {
        let guess = param.replace('_', "-").to_lowercase();
        let message = format!("the header's name is missing: write `#[header(\"{guess}\")]`");
        return refused(ident.span(), message, errors);
    };
    match header::name(&text.value()) {
        Ok(name) => Some(Place::Header(name)),
        Err(complaint) => refused(text.span(), complaint, errors),
    }
}

/// What stands in the parentheses of an attribute.
enum Argument {
    None,
    Text(LitStr),
}

fn argument(attr: &Attribute, ident: &Ident, errors: &Diagnostics) -> Option<Argument> {
    let message = format!("`#[{ident}]` takes one name in quotes: write `#[{ident}(\"name\")]`");
    match &attr.meta {
        Meta::Path(_) => Some(Argument::None),
        Meta::NameValue(_) => refused(ident.span(), message, errors),
        Meta::List(list) => match syn::parse2(list.tokens.clone()) {
            Ok(text) => Some(Argument::Text(text)),
            Err(_) => refused(super::first_span(&list.tokens).unwrap_or(ident.span()), message, errors),
        },
    }
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
