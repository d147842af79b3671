//! Parameters with a `cfg`: the client has one version of the method for each choice, of which one is compiled.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Attribute, FnArg, Generics, Meta, Pat, PatType, Signature, parse_quote};

use super::callable::Callable;
use super::{Method, lifetimes, signature};
use crate::diagnostics::Diagnostics;
use crate::model::{Operation, Place};

/// More would be more code than anybody reads: each doubles the versions.
const MOST: usize = 3;

/// A parameter that is there or not.
struct Conditional {
    ident: Ident,
    condition: TokenStream,
}

/// Checks the parameters that have a `cfg`.
pub(super) fn check(signature: &Signature, operation: &Operation, errors: &Diagnostics) {
    let conditionals: Vec<_> =
        signature.inputs.iter().filter_map(|input| Some((input, condition(input)?))).collect();
    if let Some((_, (span, _))) = conditionals.get(MOST) {
        let message = format!(
            "at most {MOST} parameters of a method have a `cfg`: write two methods, and put a `cfg` on each of them"
        );
        errors.error(*span, message);
    }
    for (input, (span, _)) in conditionals {
        let Some(ident) = name(input) else { continue };
        let param = operation.params.iter().find(|param| param.ident == *ident);
        if let Some(Place::Implicit(place) | Place::Path { name: place, .. }) =
            param.map(|param| &param.place)
        {
            let message = format!(
                "the path has `{{{place}}}` whether `{ident}` is there or not: write two methods, and put a `cfg` on \
                 each of them"
            );
            errors.error(span, message);
        }
    }
}

/// One method for each choice of the parameters that have a `cfg`; the method itself if none has.
pub(super) fn of(method: Method, of_trait: &Generics) -> Vec<Method> {
    let version = |Version { cfg, signature, absent }: Version| {
        let inputs = signature::inputs(&signature);
        let is_named = lifetimes::are_shown(&signature, of_trait);
        let mut version = Method { signature, inputs, is_named, ..method.clone() };
        version.cfg.push(cfg);
        if let Some(operation) = &mut version.operation {
            operation.params.retain(|param| !absent.contains(&param.ident));
        }
        version
    };
    match versions(&method.signature) {
        versions if versions.is_empty() => vec![method],
        versions => versions.into_iter().map(version).collect(),
    }
}

/// The same for what a twin has of a method.
pub(super) fn of_callable(callable: Callable) -> Vec<Callable> {
    let version = |Version { cfg, signature, absent }: Version| {
        let mut version = Callable { signature, ..callable.clone() };
        version.attrs.push(cfg);
        version.names.retain(|name| !absent.contains(name));
        version.patterns.retain(|(_, name)| !absent.contains(name));
        version
    };
    match versions(&callable.signature) {
        versions if versions.is_empty() => vec![callable],
        versions => versions.into_iter().map(version).collect(),
    }
}

/// A signature for one choice.
struct Version {
    cfg: Attribute,
    signature: Signature,
    /// The parameters that it lacks.
    absent: Vec<Ident>,
}

/// One version for each choice, that with every parameter first; none if there is nothing to choose.
fn versions(signature: &Signature) -> Vec<Version> {
    let conditionals: Vec<Conditional> = signature.inputs.iter().filter_map(conditional).take(MOST).collect();
    let choices = if conditionals.is_empty() { 0 } else { 1_usize << conditionals.len() };
    (0..choices).map(|absent| version(signature, &conditionals, absent)).collect()
}

/// The version without the parameters whose bit is set in `absent`.
fn version(signature: &Signature, conditionals: &[Conditional], absent: usize) -> Version {
    let is_absent = |at: usize| absent & (1 << at) != 0;
    let conditions = conditionals.iter().enumerate().map(|(at, Conditional { condition, .. })| {
        if is_absent(at) { quote!(not(#condition)) } else { condition.clone() }
    });
    let condition = match conditions.collect::<Vec<_>>().as_slice() {
        [one] => one.clone(),
        several => quote!(all(#(#several),*)),
    };
    let absent: Vec<Ident> = conditionals
        .iter()
        .enumerate()
        .filter(|(at, _)| is_absent(*at))
        .map(|(_, conditional)| conditional.ident.clone())
        .collect();
    let mut signature = signature.clone();
    let inputs = std::mem::take(&mut signature.inputs).into_iter();
    signature.inputs = inputs
        .filter(|input| !name(input).is_some_and(|ident| absent.contains(ident)))
        .map(|input| certain(input, conditionals))
        .collect();
    Version { cfg: parse_quote!(#[cfg(#condition)]), signature, absent }
}

/// A parameter that this version has for certain.
fn certain(mut input: FnArg, conditionals: &[Conditional]) -> FnArg {
    let decided = name(&input).is_some_and(|ident| conditionals.iter().any(|other| other.ident == *ident));
    if let FnArg::Typed(typed) = &mut input
        && decided
    {
        typed.attrs.retain(|attr| !attr.path().is_ident("cfg"));
    }
    input
}

fn conditional(input: &FnArg) -> Option<Conditional> {
    let (_, condition) = condition(input)?;
    Some(Conditional { ident: name(input)?.clone(), condition })
}

/// The condition of a parameter, and where it stands.
fn condition(input: &FnArg) -> Option<(Span, TokenStream)> {
    let FnArg::Typed(PatType { attrs, .. }) = input else { return None };
    let conditions = |attr: &Attribute| match &attr.meta {
        Meta::List(list) if list.path.is_ident("cfg") => Some(list.tokens.clone()),
        _ => None,
    };
    let span =
        attrs.iter().find_map(|attr| conditions(attr).and_then(|_| Some(attr.path().get_ident()?.span())))?;
    let all: Vec<_> = attrs.iter().filter_map(conditions).collect();
    Some((
        span,
        match all.as_slice() {
            [one] => one.clone(),
            several => quote!(all(#(#several),*)),
        },
    ))
}

fn name(input: &FnArg) -> Option<&Ident> {
    match input {
        FnArg::Typed(PatType { pat, .. }) => match &**pat {
            Pat::Ident(pat) => Some(&pat.ident),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}
