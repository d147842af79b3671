//! Rules over what may be sent twice: `idempotent`, `idempotency_key`, `any_method` and `hedge` stand where they mean something.

use crate::diagnostics::Diagnostics;
use crate::model::{Header, IdempotencyKey, Operation, Policy, Settings};

/// Methods whose requests may be sent twice without harm (RFC 9110 §9.2.2, and QUERY).
const IDEMPOTENT: [&str; 7] = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"];

/// Checks one operation (IDM-6).
pub(super) fn check(operation: &Operation, errors: &Diagnostics) {
    if let Some(key) = &operation.idempotency_key {
        fixed(key, &operation.settings.headers, errors);
    }
    let Some(method) = operation.method.token() else { return };
    let retry = operation.settings.retry.as_ref().and_then(Policy::on);
    let any_method = retry.and_then(|retry| retry.any_method);
    let key = operation.idempotency_key.as_ref().map(|key| key.at);
    if IDEMPOTENT.contains(&method.as_str()) {
        let words =
            [(operation.idempotent, "idempotent"), (key, "idempotency_key"), (any_method, "any_method")];
        for (span, word) in words {
            if let Some(span) = span {
                errors.error(
                    span,
                    format!("{method} is idempotent already: `{word}` is not needed, leave it out"),
                );
            }
        }
        return;
    }
    if let (Some(span), Some(_)) = (operation.idempotent, key) {
        errors.error(span, "`idempotency_key` says it already: `idempotent` is not needed, leave it out");
    }
    let said = key.map(|_| "idempotency_key").or(operation.idempotent.map(|_| "idempotent"));
    match (said, any_method) {
        (Some(word), Some(span)) => {
            errors.error(span, format!("`{word}` says it already: `any_method` is not needed, leave it out"));
        }
        (None, _) => hedged(operation, &method, errors),
        (Some(_), None) => {}
    }
}

/// A hedge is a second request while the first may be at work.
fn hedged(operation: &Operation, method: &str, errors: &Diagnostics) {
    if let Some(hedge) = operation.settings.hedge.as_ref().and_then(Policy::on) {
        let message = format!(
            "a {method} must not be sent twice, so it cannot be hedged: write `idempotent` or `idempotency_key` where \
             the server knows the second request again, or leave `hedge` out"
        );
        errors.error(hedge.at, message);
    }
}

/// The settings of a trait hold for its operations too.
pub(crate) fn inherited(operation: &Operation, of_trait: &Settings, errors: &Diagnostics) {
    if let Some(key) = &operation.idempotency_key {
        let name = key.name();
        if of_trait.headers.iter().any(|header| header.name.value() == name) {
            let message = format!(
                "the trait sends the fixed header `{name}` with every call, so all calls would have one key: leave it \
                 out there, or name another header here"
            );
            errors.error(key.at, message);
        }
    }
}

/// A fixed header would be the same key for every call.
fn fixed(key: &IdempotencyKey, headers: &[Header], errors: &Diagnostics) {
    let name = key.name();
    for header in headers.iter().filter(|header| header.name.value() == name) {
        let message = format!(
            "`{name}` is the idempotency key, which is new for each call: leave this header out, or make it a \
             parameter `#[header(\"{name}\")]`"
        );
        errors.error(header.name.span(), message);
    }
}
