//! Parameters with a `cfg`: the client has one version of the method for each choice, of which one is compiled.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Attribute, FnArg, Meta, Pat, PatType, Signature, parse_quote};

use super::Method;
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
        if let Some(Place::Implicit(place) | Place::Path(place)) = param.map(|param| &param.place) {
            let message = format!(
                "the path has `{{{place}}}` whether `{ident}` is there or not: write two methods, and put a `cfg` on \
                 each of them"
            );
            errors.error(span, message);
        }
    }
}

/// One method for each choice of the parameters that have a `cfg`; the method itself if none has.
pub(super) fn of(method: Method) -> Vec<Method> {
    let conditionals: Vec<Conditional> =
        method.signature.inputs.iter().filter_map(conditional).take(MOST).collect();
    if conditionals.is_empty() {
        return vec![method];
    }
    // The version with every parameter comes first.
    (0..1_usize << conditionals.len()).map(|absent| version(&method, &conditionals, absent)).collect()
}

/// The version without the parameters whose bit is set in `absent`.
fn version(method: &Method, conditionals: &[Conditional], absent: usize) -> Method {
    let is_absent = |at: usize| absent & (1 << at) != 0;
    let conditions = conditionals.iter().enumerate().map(|(at, Conditional { condition, .. })| {
        if is_absent(at) { quote!(not(#condition)) } else { condition.clone() }
    });
    let condition = match conditions.collect::<Vec<_>>().as_slice() {
        [one] => one.clone(),
        several => quote!(all(#(#several),*)),
    };
    let left_out = |ident: &Ident| {
        conditionals.iter().enumerate().any(|(at, conditional)| is_absent(at) && conditional.ident == *ident)
    };
    let mut version = method.clone();
    version.cfg.push(parse_quote!(#[cfg(#condition)]));
    let inputs = std::mem::take(&mut version.signature.inputs).into_iter();
    version.signature.inputs = inputs
        .filter(|input| !name(input).is_some_and(left_out))
        .map(|input| certain(input, conditionals))
        .collect();
    if let Some(operation) = &mut version.operation {
        operation.params.retain(|param| !left_out(&param.ident));
    }
    version
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
