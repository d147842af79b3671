//! The door of structs: endpoints and argument structs → the model.

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;
use syn::spanned::Spanned as _;
use syn::{Attribute, Field, Item, ItemStruct, Meta, Path, Type};

use super::{named, operation, param, signature};
use crate::attr::place::{self, PLACES};
use crate::attr::stream;
use crate::attr::verb::{self, Above, Kinship};
use crate::diagnostics::Diagnostics;
use crate::model::{Operation, Param, Place, Promise};
use crate::{attr, check, names};

/// An endpoint that was read.
pub(crate) struct EndpointStruct {
    pub(crate) item: ItemStruct,
    pub(crate) krate: Path,
    pub(crate) response: Option<Type>,
    /// The word in it that errors about it point at.
    pub(crate) response_at: Option<Span>,
    pub(crate) error: Option<Type>,
    /// `None` if it is mistaken: a stand-in takes its place.
    pub(crate) operation: Option<Operation>,
}

/// An argument struct that was read.
pub(crate) struct ParamsStruct {
    pub(crate) item: ItemStruct,
    pub(crate) krate: Path,
    /// `None` if one of them is mistaken.
    pub(crate) params: Option<Vec<Param>>,
}

/// Reads an endpoint; an `Err` only if the item is no struct.
pub(crate) fn endpoint(item: TokenStream, errors: &Diagnostics) -> syn::Result<EndpointStruct> {
    let item = structure(item, "Endpoint")?;
    let mark = errors.mark();
    let (verb, slipped) = take_verb(&item, errors);
    let Some(verb) = verb else {
        if !slipped && item.attrs.iter().any(stream::is_one) {
            let advice = "write the verb too, as in `#[get(\"/path\")]`";
            stream::misplaced(&item.attrs, advice, errors);
        } else if !slipped {
            let message = format!(
                "`{}` has no verb: write for example `#[get(\"/path\")]` below `#[derive(Endpoint)]`",
                item.ident
            );
            errors.error(item.ident.span(), message);
        }
        let krate = attr::api::default_crate();
        return Ok(EndpointStruct {
            item,
            krate,
            response: None,
            response_at: None,
            error: None,
            operation: None,
        });
    };
    let mut verb = verb::parse(verb, &item.attrs, Above::Struct, errors);
    let template = verb.template.as_ref();
    let in_path = |name: &str| template.is_some_and(|template| template.names.iter().any(|own| own == name));
    misplaced(&item, |name| name == "endpoint", errors);
    let (params, complete) = fields(&item, "endpoint", in_path, errors);
    let Promise { krate, response, error } = std::mem::take(&mut verb.promise);
    let operation = operation(names::plain(&item.ident), verb, (params, complete), None, errors);
    let operation = Some(operation).filter(|_| !errors.failed_since(mark));
    let krate = krate.unwrap_or_else(attr::api::default_crate);
    let response_at = response.as_ref().map(signature::anchor);
    Ok(EndpointStruct { item, krate, response, response_at, error, operation })
}

/// Reads an argument struct; an `Err` only if the item is no struct.
pub(crate) fn params(item: TokenStream, errors: &Diagnostics) -> syn::Result<ParamsStruct> {
    let item = structure(item, "Params")?;
    let mark = errors.mark();
    let mut keys = item.attrs.iter().filter(|attr| attr.path().is_ident("params"));
    let krate = keys.next().and_then(|attr| attr::api::params_crate(attr, errors));
    for attr in keys {
        errors.error(attr.path().span(), "`#[params(..)]` stands here twice: write it once");
    }
    misplaced(&item, |name| name != "params" && PLACES.contains(&name), errors);
    let (params, _) = fields(&item, "params", |_| false, errors);
    check::params::check(&params, errors);
    let params = Some(params).filter(|_| !errors.failed_since(mark));
    let krate = krate.unwrap_or_else(attr::api::default_crate);
    Ok(ParamsStruct { item, krate, params })
}

fn structure(item: TokenStream, derive: &str) -> syn::Result<ItemStruct> {
    let (span, keyword) = match syn::parse2(item)? {
        Item::Struct(mut item) => {
            attr::ungroup_all(&mut item.attrs);
            item.fields.iter_mut().for_each(|field| attr::ungroup_all(&mut field.attrs));
            return Ok(item);
        }
        Item::Enum(item) => (item.enum_token.span(), "`enum`"),
        Item::Union(item) => (item.union_token.span(), "`union`"),
        other => (other.span(), "item"),
    };
    let message = match derive {
        "Params" => {
            format!("an argument struct is a `struct`, not this {keyword}: write one with the same fields")
        }
        _ => format!(
            "an endpoint is one request, so it is a `struct`, not this {keyword}: write one for each request"
        ),
    };
    Err(syn::Error::new(span, message))
}

/// The verb of a struct; what looks like a misspelled one is reported, and the flag says that there was any.
fn take_verb<'a>(item: &'a ItemStruct, errors: &Diagnostics) -> (Option<&'a Attribute>, bool) {
    let verbs = || item.attrs.iter().filter(|attr| matches!(verb::kinship(attr), Kinship::Verb));
    for other in verbs().skip(1) {
        let span = other.path().span();
        errors.error(span, "an endpoint sends one request: leave one of the two verbs out");
    }
    let slips: Vec<_> =
        item.attrs.iter().filter(|attr| matches!(verb::kinship(attr), Kinship::Slip(_))).collect();
    let first = verbs().next();
    if first.is_none() {
        for slip in &slips {
            verb::refuse(slip, errors);
        }
    }
    misplaced(item, |name| PLACES.contains(&name), errors);
    (first, !slips.is_empty())
}

/// Reports places that stand above the struct.
fn misplaced(item: &ItemStruct, is_place: impl Fn(&str) -> bool, errors: &Diagnostics) {
    for ident in item.attrs.iter().filter_map(|attr| attr.path().get_ident()) {
        if is_place(&names::plain(ident)) {
            let message = format!("`#[{ident}]` stands on a field, not above the struct: write it there");
            errors.error(ident.span(), message);
        }
    }
}

/// Reads the fields but those that `#[endpoint(skip)]` leaves out, or what `owner` is called instead; `false` if one of
/// them has no usable place.
fn fields(
    item: &ItemStruct,
    owner: &str,
    in_path: impl Fn(&str) -> bool,
    errors: &Diagnostics,
) -> (Vec<Param>, bool) {
    let mut complete = true;
    let members = item.fields.members();
    let sent = item.fields.iter().zip(members).filter(|(field, _)| !is_skipped(field, owner, errors));
    let params = sent.map(|(field, member)| {
        let ty = signature::anchor(&field.ty);
        let ours = ours(field, errors);
        let (ident, place, at) = match &field.ident {
            Some(ident) => {
                let (place, at) = param::read_place(&ours, ident, errors);
                let (place, at) = slipped(field, ident, (place, at), &in_path, errors);
                (ident.clone(), place, at)
            }
            None => nameless(&ours, ty, errors),
        };
        complete &= field.ident.is_some() || place != Place::Mistaken;
        Param { ident, field: Some(member), place, at, ty }
    });
    let params = params.collect();
    (params, complete)
}

/// Whether a field is no part of the request, such as a `PhantomData`, by `#[endpoint(skip)]`.
fn is_skipped(field: &Field, owner: &str, errors: &Diagnostics) -> bool {
    // `#[params]` alone is a place.
    let says = |attr: &&Attribute| {
        attr.path().is_ident(owner) && !(owner == "params" && matches!(attr.meta, Meta::Path(_)))
    };
    let Some(attr) = field.attrs.iter().find(says) else { return false };
    if !attr.parse_args::<Ident>().is_ok_and(|word| word == "skip") {
        errors.error(
            attr.path().span(),
            format!("on a field, `#[{owner}(..)]` takes `skip` alone: write `#[{owner}(skip)]`"),
        );
    }
    for place in field.attrs.iter().filter(|other| !says(other)).filter_map(|attr| attr.path().get_ident()) {
        if PLACES.contains(&names::plain(place).as_str()) {
            let message = "a field that is skipped goes nowhere: leave one of the two attributes out";
            errors.error(place.span(), message);
        }
    }
    true
}

/// The attributes of a field that are ours; a verb among them is reported.
fn ours(field: &Field, errors: &Diagnostics) -> Vec<Attribute> {
    for ident in field.attrs.iter().filter_map(|attr| attr.path().get_ident()) {
        if super::is_helper(&names::plain(ident)) && !PLACES.contains(&names::plain(ident).as_str()) {
            let message = format!("`#[{ident}]` stands above the struct, not on a field: write it there");
            errors.error(ident.span(), message);
        }
        if ident == "path" {
            let message = "write `#[path_param]`: `#[path]` is built into the language and means a file";
            errors.error(ident.span(), message);
        }
    }
    named(&field.attrs, &PLACES)
}

/// A field without a place may have one that is misspelled; rustc knows what it is not, only we know what was meant.
fn slipped(
    field: &Field,
    ident: &Ident,
    (place, at): (Place, Span),
    in_path: impl Fn(&str) -> bool,
    errors: &Diagnostics,
) -> (Place, Span) {
    let lost = matches!(&place, Place::Implicit(name) if !in_path(name));
    match field.attrs.iter().find(|attr| lost && place::is_slip(attr)) {
        Some(slip) => place::parse(slip, ident, errors),
        None => (place, at),
    }
}

/// A field of a tuple struct, which gives no name to its place.
fn nameless(ours: &[Attribute], ty: Span, errors: &Diagnostics) -> (Ident, Place, Span) {
    let ident = format_ident!("name", span = ty);
    let Some(first) = ours.first() else {
        let message = "a field without a name says where it goes: write for example `#[path_param(\"id\")]` or \
                       `#[query(\"page\")]`";
        errors.error(ty, message);
        return (ident, Place::Mistaken, ty);
    };
    let (place, at) = param::read_place(ours, &ident, errors);
    if place.own_name().is_some() && !place::is_named(first) {
        let name = first.path().get_ident().map(names::plain).unwrap_or_default();
        errors.error(
            at,
            format!("a field of a tuple struct has no name to go by: write `#[{name}(\"name\")]`"),
        );
        return (ident, Place::Mistaken, at);
    }
    (ident, place, at)
}
