//! Attributes that go from an item to what is made of it: `cfg`, lints, `deprecated`, also inside `cfg_attr`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Attribute, Meta, parse_quote};

use crate::attr;

/// The attributes of these names; of a `cfg_attr` only what has one of them.
pub(crate) fn named(attrs: &[Attribute], names: &[&str]) -> Vec<Attribute> {
    let wanted = |meta: &Meta| names.iter().any(|name| meta.path().is_ident(name));
    attrs.iter().filter_map(|attr| filtered(attr, &|meta| wanted(&meta).then(|| quote!(#meta)))).collect()
}

/// The lints that are allowed on an item, for a second item made of it.
///
/// An `expect` becomes an `allow`: in one of two places there may be nothing to expect.
pub(crate) fn allowed(attrs: &[Attribute]) -> Vec<Attribute> {
    let lint = |meta: Meta| match meta {
        Meta::List(list) if list.path.is_ident("allow") || list.path.is_ident("expect") => {
            let tokens = list.tokens;
            Some(quote!(allow(#tokens)))
        }
        _ => None,
    };
    attrs.iter().filter_map(|attr| filtered(attr, &lint)).collect()
}

/// What hides an item from the documentation.
pub(crate) fn hidden(attrs: &[Attribute]) -> Vec<Attribute> {
    let hides = |meta: Meta| {
        let list = matches!(&meta, Meta::List(list) if list.path.is_ident("doc") && list.tokens.to_string() == "hidden");
        list.then(|| quote!(#meta))
    };
    attrs.iter().filter_map(|attr| filtered(attr, &hides)).collect()
}

/// The attribute with what `keep` makes of it, or of each part of a `cfg_attr`; `None` if nothing is left.
fn filtered(attr: &Attribute, keep: &dyn Fn(Meta) -> Option<TokenStream>) -> Option<Attribute> {
    let Some((condition, parts)) = conditional(attr) else {
        let kept = keep(attr.meta.clone())?;
        return Some(parse_quote!(#[#kept]));
    };
    let kept: Vec<_> = parts.into_iter().filter_map(keep).collect();
    (!kept.is_empty()).then(|| parse_quote!(#[cfg_attr(#condition, #(#kept),*)]))
}

/// `#[cfg_attr(condition, part, ..)]`
fn conditional(attr: &Attribute) -> Option<(TokenStream, Vec<Meta>)> {
    let Meta::List(list) = &attr.meta else { return None };
    if !list.path.is_ident("cfg_attr") {
        return None;
    }
    let mut parts = attr::split(list.tokens.clone()).into_iter();
    let condition = parts.next()?;
    Some((condition, parts.filter_map(|part| syn::parse2(part).ok()).collect()))
}

/// The first word inside a `cfg_attr` that this macro gives a meaning to, or one of `others`: it is read before conditions
/// are known.
pub(crate) fn helper_in_cfg_attr(attr: &Attribute, others: &[&str]) -> Option<Ident> {
    let (_, parts) = conditional(attr)?;
    let ident = |meta: &Meta| meta.path().get_ident().cloned();
    parts.iter().filter_map(ident).find(|ident| {
        let name = ident.to_string();
        super::is_helper(&name) || others.contains(&name.as_str())
    })
}
