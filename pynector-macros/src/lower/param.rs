//! The parameters of a method: their names, their places, and the attributes that are ours.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, Pat, PatIdent, PatType, Token};

use super::{attrs, signature};
use crate::attr::{self, place};
use crate::diagnostics::Diagnostics;
use crate::model::{Param, Place};
use crate::names;

type Inputs = Punctuated<FnArg, Token![,]>;

/// Reads the parameters and strips our attributes; `false` if one of them has no usable name.
pub(super) fn all(inputs: &mut Inputs, errors: &Diagnostics) -> (Vec<Param>, bool) {
    let (mut params, mut complete) = (Vec::<Param>::new(), true);
    for (position, typed) in typed(inputs).enumerate() {
        let ours = take_ours(&mut typed.attrs);
        let refused = refuse_cfg_attr(&mut typed.attrs, errors);
        let taken = |ident: &Ident| params.iter().any(|param| param.ident == *ident);
        let Some(ident) = name(typed, position, taken, errors) else {
            complete = false;
            continue;
        };
        let (place, at) =
            if refused { (Place::Mistaken, ident.span()) } else { read_place(&ours, &ident, errors) };
        params.push(Param { ident, field: None, place, at, ty: signature::anchor(&typed.ty) });
    }
    (params, complete)
}

/// The plain name of a parameter; whatever else stands there is reported and replaced by one.
fn name(
    typed: &mut PatType,
    position: usize,
    taken: impl Fn(&Ident) -> bool,
    errors: &Diagnostics,
) -> Option<Ident> {
    let (span, message) = match &*typed.pat {
        Pat::Ident(PatIdent { by_ref: None, mutability: None, subpat: None, ident, .. }) if !taken(ident) => {
            return Some(ident.clone());
        }
        Pat::Ident(PatIdent { by_ref: None, mutability: None, subpat: None, ident, .. }) => {
            (ident.span(), format!("another parameter is named `{ident}` already"))
        }
        Pat::Ident(PatIdent { by_ref: None, subpat: None, mutability: Some(keyword), ident, .. }) => (
            keyword.span(),
            format!("a parameter of a request is sent as it is: write `{ident}` without `mut`"),
        ),
        Pat::Wild(wild) => {
            (wild.span(), "a parameter of a request has a name: write it instead of `_`".to_owned())
        }
        other => (other.span(), "a parameter of a request is one name: write `name: Type`".to_owned()),
    };
    errors.error(span, message);
    let ident = format_ident!("parameter{}", position, span = Span::mixed_site());
    *typed.pat =
        Pat::Ident(PatIdent { attrs: Vec::new(), by_ref: None, mutability: None, ident, subpat: None });
    None
}

pub(super) fn read_place(ours: &[Attribute], ident: &Ident, errors: &Diagnostics) -> (Place, Span) {
    let Some((first, others)) = ours.split_first() else {
        return (Place::Implicit(names::plain(ident)), ident.span());
    };
    for other in others {
        let span = other.path().get_ident().map_or(ident.span(), Ident::span);
        errors.error(span, format!("`{ident}` goes to one place: leave one of the two attributes out"));
    }
    place::parse(first, ident, errors)
}

/// The macro reads places before anybody knows what holds where it is compiled. Gives whether it refused something.
fn refuse_cfg_attr(attrs: &mut Vec<Attribute>, errors: &Diagnostics) -> bool {
    let refused = attrs.extract_if(.., |attr| {
        let word = attrs::helper_in_cfg_attr(attr, &["cfg"]);
        if let Some(word) = &word {
            let message = if word == "cfg" {
                "a parameter has its `cfg` by itself: write both conditions in one `#[cfg(all(..))]`".to_owned()
            } else {
                format!("where a parameter goes depends on no condition: write `#[{word}]`, and a `cfg` on the parameter or the method")
            };
            errors.error(word.span(), message);
        }
        word.is_some()
    });
    refused.count() > 0
}

/// Reads attributes that came through a `macro_rules!` as if they had not.
pub(super) fn ungroup(inputs: &mut Inputs) {
    typed(inputs).for_each(|typed| attr::ungroup_all(&mut typed.attrs));
}

/// Reports places on the parameters of a method that has no verb.
pub(super) fn refuse_places(inputs: &mut Inputs, errors: &Diagnostics) {
    for typed in typed(inputs) {
        for attr in typed.attrs.extract_if(.., |attr| is_place(attr)) {
            if let Some(ident) = attr.path().get_ident() {
                let message = format!("`#[{ident}]` stands on a method with a verb: leave it out here");
                errors.error(ident.span(), message);
            }
        }
    }
}

/// Whether it is one of our attributes, spelled as it must be.
fn is_place(attr: &Attribute) -> bool {
    attr.path().get_ident().is_some_and(|ident| super::is_helper(&names::plain(ident)))
}

/// Whether any parameter has attributes, of those that the trait keeps.
pub(super) fn has_attributes(inputs: &Inputs) -> bool {
    inputs.iter().any(|input| match input {
        FnArg::Receiver(receiver) => !receiver.attrs.is_empty(),
        FnArg::Typed(typed) => !typed.attrs.is_empty(),
    })
}

/// Strips our attributes.
pub(super) fn strip(inputs: &mut Inputs) {
    typed(inputs).for_each(|typed| drop(take_ours(&mut typed.attrs)));
}

/// Leaves only what an impl may repeat, and the `cfg`s, of which it has one version each.
pub(super) fn keep_lints(inputs: &mut Inputs) {
    for input in inputs {
        let attrs = match input {
            FnArg::Receiver(receiver) => &mut receiver.attrs,
            FnArg::Typed(typed) => &mut typed.attrs,
        };
        let lints = attrs::allowed(attrs);
        attrs.retain(|attr| attr.path().is_ident("cfg"));
        attrs.extend(lints);
    }
}

fn take_ours(attrs: &mut Vec<Attribute>) -> Vec<Attribute> {
    attrs.extract_if(.., |attr| place::is_ours(attr)).collect()
}

fn typed(inputs: &mut Inputs) -> impl Iterator<Item = &mut PatType> {
    inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    })
}
