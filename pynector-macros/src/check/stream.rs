//! Rules of the attributes beside a verb: an answer that can hold what they say, and a parameter that asks for the next page.

use crate::diagnostics::Diagnostics;
use crate::model::{Operation, Place, Stream};

/// Checks one operation.
pub(super) fn check(operation: &Operation, errors: &Diagnostics) {
    let Some(stream) = &operation.stream else { return };
    let name = stream.rules.name();
    if operation.method.token().as_deref() == Some("HEAD") {
        let message = format!(
            "the answer to a HEAD request has no body, so `#[{name}]` would find nothing there: leave it out, or write `get`"
        );
        errors.error(stream.at, message);
    }
    let settings = &operation.settings;
    let word = match (&settings.none_on, settings.any_status) {
        (Some(_), _) => Some("none_on"),
        (None, Some(_)) => Some("any_status"),
        (None, None) => None,
    };
    if let Some(word) = word {
        let message = format!(
            "only a success holds what `#[{name}]` reads, and `{word}` takes other statuses for one too: leave one of the two out"
        );
        errors.error(stream.at, message);
    }
    parameter(operation, stream, errors);
}

/// The next page is asked for in the query: a parameter of that name anywhere else would be sent as it is, page after page.
fn parameter(operation: &Operation, stream: &Stream, errors: &Diagnostics) {
    let Some(parameter) = stream.rules.parameter() else { return };
    let name = parameter.value();
    let is_it = |place: &&Place| {
        place.own_name() == Some(&name) && !matches!(place, Place::Query(_) | Place::Cookie(_))
    };
    let place = operation.params.iter().map(|param| &param.place).find(is_it);
    let message = match place {
        Some(Place::Implicit(_) | Place::Path { .. }) => format!(
            "`{name}` is in the path, and the next page is asked for by a query parameter: write the name of one here, or \
             mark the parameter `#[query]`"
        ),
        Some(_) => format!(
            "`{name}` is in the body, and the next page is asked for by a query parameter: mark the parameter `#[query]`"
        ),
        None => return,
    };
    errors.error(parameter.span(), message);
}
