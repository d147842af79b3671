//! Rules of the body: one kind of it, where there can be one, and nobody but the client says what a multipart form is.

use crate::diagnostics::Diagnostics;
use crate::model::{Operation, Param, Place, Settings};

/// Methods whose requests have no content.
const BODYLESS: [&str; 4] = ["GET", "HEAD", "TRACE", "CONNECT"];

const OWN_MEDIA: &str =
    "only the client knows the boundary of a multipart form, so it writes `content-type` itself";

/// Checks the body of one operation.
pub(crate) fn check(operation: &Operation, errors: &Diagnostics) {
    one_kind(operation, errors);
    if multipart(operation).is_some() {
        own_media(operation, errors);
    }
}

/// Checks the body against what the trait says of all operations.
pub(crate) fn inherited(operation: &Operation, api: &Settings, errors: &Diagnostics) {
    if let Some(param) = multipart(operation)
        && api.headers.iter().any(|header| header.name.value() == "content-type")
    {
        let message =
            format!("{OWN_MEDIA}: write that header in the verbs that need it, not in the trait's `headers`");
        errors.error(param.at, message);
    }
}

/// The first parameter that makes the body a multipart form.
fn multipart(operation: &Operation) -> Option<&Param> {
    operation.params.iter().find(|param| matches!(param.place, Place::Multipart | Place::Part(_)))
}

/// A body goes only where one can be, and there is one.
fn one_kind(operation: &Operation, errors: &Diagnostics) {
    let method = operation.method.token().unwrap_or_default();
    let bodyless = BODYLESS.contains(&method.as_str());
    let mut first: Option<&Param> = None;
    for param in operation.params.iter().filter(|param| param.place.body().is_some()) {
        if bodyless {
            let advice = "send it with `post`, `put` or `patch`, or mark the parameter `#[query]`";
            errors.error(param.at, format!("a {method} request has no body: {advice}"));
        } else if let Some(first) = first {
            if let Some(message) = clash(&first.place, &param.place) {
                errors.error(param.at, message);
            }
        } else {
            first = Some(param);
        }
    }
}

/// Why two parameters do not go to one body, and what to write instead.
fn clash(first: &Place, second: &Place) -> Option<String> {
    use Place::{Body, Form, Json, JsonField, Multipart, Part};
    let advice = match (first, second) {
        (JsonField(_), JsonField(_)) | (Form(_), Form(_)) | (Part(_), Part(_)) => return None,
        (Json, Json) => "send both values in one struct".to_owned(),
        (Json, JsonField(_)) | (JsonField(_), Json) => {
            "`#[json]` is the whole of it: mark both `#[json_field]`, or send one struct".to_owned()
        }
        (Multipart, Part(_)) | (Part(_), Multipart) => {
            "`#[multipart]` is the whole form: mark every part `#[part]`, or add this one to the `Multipart`"
                .to_owned()
        }
        (Multipart, Multipart) => "add the parts of both to one `Multipart`".to_owned(),
        (Body, Body) => "mark each `#[part]` to send both in one multipart form".to_owned(),
        (Form(_), Part(_) | Multipart) | (Part(_) | Multipart, Form(_)) => {
            "only a multipart form has parts: mark every field `#[part]`".to_owned()
        }
        _ => {
            let (first, second) = (first.body()?, second.body()?);
            format!(
                "it is `#[{first}]` already, so it cannot be `#[{second}]` too: mark both the same, or leave one out"
            )
        }
    };
    Some(format!("a request has one body: {advice}"))
}

/// The message for the second field of one name.
pub(super) fn doubled(attribute: &str, name: &str) -> String {
    match attribute {
        "part" => {
            format!(
                "another parameter is the part `{name}` already: send a `Vec` or a slice to repeat the name"
            )
        }
        _ => {
            format!("the body has a field `{name}` already: write `#[{attribute}(\"..\")]` with another name")
        }
    }
}

/// A content type beside a multipart form.
fn own_media(operation: &Operation, errors: &Diagnostics) {
    let params = operation.params.iter();
    let content_type = |place: &Place| matches!(place, Place::Header { name, .. } if name == "content-type");
    for param in params.filter(|param| content_type(&param.place)) {
        errors.error(param.at, format!("{OWN_MEDIA}: leave this parameter out"));
    }
    for header in operation.settings.headers.iter().filter(|header| header.name.value() == "content-type") {
        errors.error(header.name.span(), format!("{OWN_MEDIA}: leave this header out"));
    }
}
