//! The attributes of `#[derive(ApiError)]`: `#[status(..)]` and `#[other]` on variants, places of values on fields.

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned as _;
use syn::{Attribute, LitStr, Meta, Path};

use super::api::{CratePath, default_crate};
use super::value::refused;
use super::{Closed, Keys, header, status};
use crate::diagnostics::Diagnostics;
use crate::model::Statuses;
use crate::{names, suggest};

/// The attributes of a field.
const OF_FIELDS: [&str; 3] = ["header", "body", "source"];

/// The attributes of a variant.
const OF_VARIANTS: [&str; 2] = ["status", "other"];

/// Which errors a variant takes.
pub(crate) enum Role {
    Status(Statuses),
    /// And where the attribute stands.
    Other(Span),
    /// None: `#[api_error(skip)]`.
    Skipped,
    /// Its attributes were mistaken and are reported already.
    Mistaken,
}

/// Where the value of a field comes from.
pub(crate) enum Value {
    Body,
    /// The name is lower-case.
    Header(LitStr),
    /// The error itself.
    Whole,
}

/// Where pynector is found, as the attributes of the enum say.
pub(crate) fn krate(attrs: &[Attribute], errors: &Diagnostics) -> Path {
    misplaced(attrs, &OF_FIELDS, "a field of a variant", errors);
    misplaced(attrs, &OF_VARIANTS, "a variant", errors);
    let closed = Closed {
        owner: "`#[api_error(..)]` of an enum",
        keys: &["crate"],
        elsewhere: &[(&["skip"], "`#[api_error(skip)]` on a variant")],
    };
    let krate = keys(attrs, &closed, errors).and_then(|mut keys| {
        let entry = keys.take("crate")?;
        entry.bare::<CratePath>("a path, as in `crate = my::pynector`", errors)
    });
    krate.map_or_else(default_crate, |path| path.0)
}

/// Reads the attributes of a variant.
pub(crate) fn role(attrs: &[Attribute], variant: &Ident, errors: &Diagnostics) -> Role {
    let mark = errors.mark();
    misplaced(attrs, &OF_FIELDS, "a field of the variant", errors);
    let closed = Closed {
        owner: "`#[api_error(..)]` of a variant",
        keys: &["skip"],
        elsewhere: &[(&["crate"], "`#[api_error(crate = ..)]` on the enum")],
    };
    let skipped = keys(attrs, &closed, errors)
        .and_then(|mut keys| keys.take("skip"))
        .and_then(|entry| entry.flag(errors));
    let mut roles = attrs.iter().filter_map(|attr| one(attr, errors)).collect::<Vec<_>>();
    roles.extend(skipped.map(|span| (Some(Role::Skipped), span)));
    let mut roles = roles.into_iter();
    let Some((role, _)) = roles.next() else {
        // rustc itself reports an attribute that nobody knows.
        if !errors.failed_since(mark) && !attrs.iter().any(is_slip) {
            let message = format!(
                "`{variant}` has no status: write `#[status(404)]` above it, `#[other]` for everything else, or \
                 `#[api_error(skip)]` if no response makes it"
            );
            errors.error(variant.span(), message);
        }
        return Role::Mistaken;
    };
    let mut role = role.unwrap_or(Role::Mistaken);
    for (_, span) in roles {
        errors.error(span, "a variant has one list of statuses, or is `#[other]`: leave one attribute out");
        role = Role::Mistaken;
    }
    role
}

/// One attribute that says what its variant takes, and where it stands.
fn one(attr: &Attribute, errors: &Diagnostics) -> Option<(Option<Role>, Span)> {
    let ident = attr.path().get_ident()?;
    let span = ident.span();
    let role = match names::plain(ident).as_str() {
        "status" => statuses(attr, span, errors).map(Role::Status),
        "other" => alone(attr, ident, errors).map(|()| Role::Other(span)),
        _ => return None,
    };
    Some((role, span))
}

fn statuses(attr: &Attribute, span: Span, errors: &Diagnostics) -> Option<Statuses> {
    let example = "write `#[status(404)]`, `#[status(409, 422)]`, `#[status(5xx)]` or `#[status(400..=499)]`";
    let list = match &attr.meta {
        Meta::List(list) if !list.tokens.is_empty() => list,
        _ => return refused(span, format!("the status is missing: {example}"), errors),
    };
    let mark = errors.mark();
    let statuses = status::list(list.tokens.clone(), span, errors);
    (!errors.failed_since(mark)).then_some(statuses)
}

/// Reads the attributes of a field; `None` if they are mistaken.
pub(crate) fn value(attrs: &[Attribute], errors: &Diagnostics) -> Option<(Value, Span)> {
    misplaced(attrs, &OF_VARIANTS, "a variant", errors);
    misplaced(attrs, &["api_error"], "a variant or the enum", errors);
    let mut places = attrs.iter().filter_map(|attr| {
        let ident = attr.path().get_ident()?;
        OF_FIELDS.contains(&names::plain(ident).as_str()).then_some((attr, ident))
    });
    let (attr, ident) = places.next()?;
    for (_, other) in places {
        errors.error(other.span(), "a field takes one value: leave one of the two attributes out");
    }
    let value = match names::plain(ident).as_str() {
        "header" => header_name(attr, ident, errors).map(Value::Header),
        "body" => alone(attr, ident, errors).map(|()| Value::Body),
        _ => alone(attr, ident, errors).map(|()| Value::Whole),
    };
    Some((value.unwrap_or(Value::Whole), ident.span()))
}

fn header_name(attr: &Attribute, ident: &Ident, errors: &Diagnostics) -> Option<LitStr> {
    let takes = "`#[header]` takes the header's name in quotes: write `#[header(\"retry-after\")]`";
    let Meta::List(list) = &attr.meta else { return refused(ident.span(), takes, errors) };
    let Ok(text) = syn::parse2::<LitStr>(list.tokens.clone()) else {
        return refused(super::first_span(&list.tokens).unwrap_or(ident.span()), takes, errors);
    };
    match header::received(&text.value()) {
        Ok(name) => Some(LitStr::new(&name, text.span())),
        Err(complaint) => refused(text.span(), complaint, errors),
    }
}

/// An attribute that takes nothing.
fn alone(attr: &Attribute, ident: &Ident, errors: &Diagnostics) -> Option<()> {
    let span = match &attr.meta {
        Meta::Path(_) => return Some(()),
        Meta::List(list) => super::first_span(&list.tokens).unwrap_or(ident.span()),
        Meta::NameValue(pair) => pair.value.span(),
    };
    refused(span, format!("`#[{ident}]` takes nothing: write it alone"), errors)
}

/// The keys of `#[api_error(..)]`, if it is there.
fn keys<'a>(attrs: &[Attribute], closed: &Closed<'_>, errors: &'a Diagnostics) -> Option<Keys<'a>> {
    let attr = attrs.iter().find(|attr| attr.path().is_ident("api_error"))?;
    match &attr.meta {
        Meta::List(list) => Some(Keys::parse(list.tokens.clone(), closed, errors)),
        Meta::Path(_) | Meta::NameValue(_) => {
            let key = suggest::list(closed.keys.iter().copied());
            refused(attr.path().span(), format!("{} takes {key} in parentheses", closed.owner), errors)
        }
    }
}

fn misplaced(attrs: &[Attribute], names: &[&str], place: &str, errors: &Diagnostics) {
    for ident in attrs.iter().filter_map(|attr| attr.path().get_ident()) {
        if names.iter().any(|name| ident == name) {
            errors.error(ident.span(), format!("`#[{ident}]` stands on {place}: write it there"));
        }
    }
}

fn is_slip(attr: &Attribute) -> bool {
    attr.path().get_ident().is_some_and(|ident| suggest::closest(&names::plain(ident), OF_VARIANTS).is_some())
}
