//! Rules of the whole URL: a method has either it or a path.

use crate::diagnostics::Diagnostics;
use crate::model::{Method, Operation, Place};

/// Checks that one operation has a path or a URL, and not both.
pub(super) fn check(operation: &Operation, errors: &Diagnostics) {
    let url = operation.params.iter().find(|param| param.place == Place::Url);
    match (url, &operation.pathless) {
        (Some(param), None) => {
            let Some(verb) = bare_verb(&operation.method) else { return };
            let message =
                format!("`#[url]` is the whole URL: leave the path of the verb out, as in `{verb}`");
            errors.error(param.at, message);
        }
        // One parameter that was not understood may have been the URL.
        (None, Some(verb)) if operation.complete && !has_mistake(operation) => {
            let message =
                format!("the path is missing: write `{}`, or mark a parameter `#[url]`", verb.example);
            errors.error(verb.at, message);
        }
        _ => {}
    }
}

fn has_mistake(operation: &Operation) -> bool {
    operation.params.iter().any(|param| param.place == Place::Mistaken)
}

fn bare_verb(method: &Method) -> Option<String> {
    match method {
        Method::Verb(verb) => Some(format!("#[{verb}]")),
        Method::Other(token) => Some(format!("#[http({})]", token.token())),
        Method::Mistaken => None,
    }
}

/// The message for a parameter whose place would be in the path.
pub(super) fn without_path(name: &str, explicit: bool) -> String {
    if explicit {
        return "a method with `#[url]` has no path to fill: leave `#[path_param]` out".to_owned();
    }
    format!(
        "`{name}` has no place: `#[url]` is the whole URL, so mark the parameter `#[query]`, `#[header(\"..\")]` or as \
         a part of the body"
    )
}
