//! The verb's key `idempotency_key`: in which header a call says that it is the same call.

use proc_macro2::{Span, TokenStream};
use syn::LitStr;

use super::value::refused;
use super::{Entry, Value, first_span, header, split};
use crate::diagnostics::Diagnostics;
use crate::model::IdempotencyKey;

const EXAMPLES: &str =
    "write `idempotency_key`, `idempotency_key = \"Header-Name\"` or `idempotency_key(\"Header-Name\", raw)`";

pub(super) fn parse(entry: &Entry, errors: &Diagnostics) -> Option<IdempotencyKey> {
    let at = entry.key.span();
    match &entry.value {
        Value::Flag => Some(IdempotencyKey { at, header: None, raw: false }),
        Value::Equals(_) => {
            let name = entry.text("Header-Name", errors)?;
            Some(IdempotencyKey { at, header: Some(lower(&name, errors)?), raw: false })
        }
        Value::List(list) => listed(list, at, errors),
    }
}

/// `("Header-Name", raw)`
fn listed(list: &TokenStream, at: Span, errors: &Diagnostics) -> Option<IdempotencyKey> {
    let mut parts = split(list.clone()).into_iter();
    let name = parts.next().map(|part| (first_span(&part).unwrap_or(at), syn::parse2::<LitStr>(part)));
    let name = match name {
        Some((_, Ok(name))) => name,
        Some((span, Err(_))) => {
            return refused(span, format!("the header's name comes first: {EXAMPLES}"), errors);
        }
        None => return refused(at, format!("the header's name is missing: {EXAMPLES}"), errors),
    };
    let header = lower(&name, errors);
    let raw = parts.next();
    if let Some(part) = raw.iter().find(|part| part.to_string() != "raw").cloned().or_else(|| parts.next()) {
        let span = first_span(&part).unwrap_or(at);
        return refused(span, format!("behind the name stands `raw` or nothing: {EXAMPLES}"), errors);
    }
    Some(IdempotencyKey { at, header: Some(header?), raw: raw.is_some() })
}

/// The name of a header that may be sent, in lower case.
fn lower(name: &LitStr, errors: &Diagnostics) -> Option<LitStr> {
    match header::name(&name.value()) {
        Ok(lower) => Some(LitStr::new(&lower, name.span())),
        Err(complaint) => refused(name.span(), complaint, errors),
    }
}
