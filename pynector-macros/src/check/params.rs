//! Rules of argument structs: what belongs to one operation has no place in them.

use crate::diagnostics::Diagnostics;
use crate::model::{Param, Place};

/// Checks the fields of an argument struct, which knows no template and no method.
pub(crate) fn check(params: &[Param], errors: &Diagnostics) {
    for (at, param) in params.iter().enumerate() {
        match &param.place {
            Place::Implicit(name) => errors.error(
                param.at,
                format!(
                    "`{name}` has no place: mark the field `#[query]`, `#[header(\"..\")]`, `#[headers]`, `#[cookie]`, \
                     `#[bearer]`, `#[basic]`, `#[params]` or `#[call_options]`"
                ),
            ),
            Place::Path { name, .. } => errors.error(
                param.at,
                format!(
                    "a path belongs to one operation, whose template names its values: make `{name}` a parameter of the \
                     method, or a field of the endpoint"
                ),
            ),
            Place::Url => errors.error(
                param.at,
                "a URL is the target of one operation: make it a parameter of the method, or a field of the endpoint",
            ),
            place if place.body().is_some() => errors.error(
                param.at,
                "an argument struct has no body: make it a parameter of the method, or a field of the endpoint",
            ),
            _ => {
                if let Some(message) = super::taken(params, at) {
                    errors.error(param.at, message);
                }
            }
        }
    }
}
