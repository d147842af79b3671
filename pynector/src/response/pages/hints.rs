//! What a page says of the next one, read from its body.

use std::marker::PhantomData;

use bytes::Bytes;
use serde_json::value::RawValue;

use super::pick::At;
use crate::error::Result;
use crate::operation::{Paginate, Rule};
use crate::response::ResponseHead;
use crate::response::decode::{failure, pick};

/// What stands in the fields that a rule names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hints {
    /// The cursor or the URL; nothing where it is missing, `null`, `false` or empty.
    pub(super) cursor: Option<String>,
    pub(super) more: Option<bool>,
}

impl Hints {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// Kind `Deserialize` for a field of another type, and for a page that has more behind it and does not say where.
    pub(super) fn read(paginate: &Paginate, head: &ResponseHead, body: &Bytes) -> Result<Self> {
        let refuse = |why: String| failure(head, body, &why, None);
        let field = match paginate.rule {
            Rule::NextUrl(field) | Rule::Cursor { field, .. } => Some(field),
            Rule::Link | Rule::Page(_) | Rule::Offset(_) => None,
        };
        let cursor = match field {
            Some(path) => cursor(path, raw(path, head, body)?).map_err(refuse)?,
            None => None,
        };
        let more = match paginate.more {
            Some(path) => more(path, raw(path, head, body)?).map_err(refuse)?,
            None => None,
        };
        if let (Some(field), Some(named), None, Some(true)) = (field, paginate.more, &cursor, more) {
            return Err(refuse(format!("`{named}` is true and `{field}` does not say where it goes on")));
        }
        Ok(Self { cursor, more })
    }
}

fn raw<'b>(path: &str, head: &ResponseHead, body: &'b Bytes) -> Result<Option<&'b str>> {
    let found = pick(head, body, At { path, then: PhantomData::<&RawValue> })?;
    Ok(found.map(RawValue::get))
}

/// A text as it is meant, a number as it is written.
fn cursor(path: &str, raw: Option<&str>) -> Result<Option<String>, String> {
    let text = match raw {
        // As languages without a null write it.
        None | Some("null" | "false") => return Ok(None),
        Some(raw) if raw.starts_with('"') => {
            serde_json::from_str(raw).map_err(|error| format!("`{path}`: {error}"))?
        }
        Some(raw) if raw.starts_with(|start: char| start == '-' || start.is_ascii_digit()) => raw.to_owned(),
        Some(raw) => return Err(format!("`{path}` is {}, not a text or a number", kind(raw))),
    };
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn more(path: &str, raw: Option<&str>) -> Result<Option<bool>, String> {
    match raw {
        None | Some("null") => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(raw) => Err(format!("`{path}` is {}, not true or false", kind(raw))),
    }
}

fn kind(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b't' | b'f') => "a boolean",
        _ => "a number",
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};

    use super::Hints;
    use crate::operation::Paginate;
    use crate::response::ResponseHead;

    fn read(paginate: &Paginate, body: &'static str) -> Result<(Option<String>, Option<bool>), String> {
        let head = ResponseHead::new(StatusCode::OK, HeaderMap::new());
        let hints = Hints::read(paginate, &head, &Bytes::from_static(body.as_bytes()));
        hints.map(|Hints { cursor, more }| (cursor, more)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_cursor_is_text_or_a_number_as_it_is_written() {
        let paginate = Paginate::cursor("next", "after").more("more");
        for (body, cursor, more) in [
            (r#"{"next":"a\u0062\"","more":true}"#, Some("ab\""), Some(true)),
            (r#"{"next":"abc"}"#, Some("abc"), None),
            (r#"{"next":18446744073709551617}"#, Some("18446744073709551617"), None),
            (r#"{"next":-1.50e3}"#, Some("-1.50e3"), None),
            (r#"{"next":0}"#, Some("0"), None),
            (r#"{"next":"0","more":false}"#, Some("0"), Some(false)),
            (r#"{"next":"","more":false}"#, None, Some(false)),
            (r#"{"next":null,"more":null}"#, None, None),
            (r#"{"next":false}"#, None, None),
            ("{}", None, None),
            ("\u{feff}{\"next\":1}", Some("1"), None),
        ] {
            assert_eq!(read(&paginate, body), Ok((cursor.map(str::to_owned), more)), "{body}");
        }
    }

    #[test]
    fn what_is_none_is_told() {
        let paginate = Paginate::cursor("meta.next", "after").more("more");
        for (body, part) in [
            (r#"{"meta":{"next":{"id":1}}}"#, "`meta.next` is an object, not a text or a number"),
            (r#"{"meta":{"next":[1]}}"#, "`meta.next` is a list"),
            (r#"{"meta":{"next":true}}"#, "`meta.next` is a boolean"),
            (r#"{"more":1,"meta":{"next":1}}"#, "`more` is a number, not true or false"),
            (r#"{"more":"true"}"#, "`more` is a text"),
            (r#"{"more":true}"#, "`more` is true and `meta.next` does not say where it goes on"),
            (r#"{"more":true,"meta":{"next":""}}"#, "does not say where"),
            (r#"{"meta":{"next":"\ud800"}}"#, "`meta.next`: unexpected end of hex escape"),
            (r#"{"meta":7}"#, "expected an object with `next`"),
            ("[]", "expected an object with `meta.next`"),
            ("{} {}", "trailing"),
        ] {
            let error = read(&paginate, body).unwrap_err();
            assert!(error.contains(part) && error.starts_with("200 OK, but"), "{body}: {error}");
        }
    }

    #[test]
    fn rules_without_a_field_read_only_whether_there_is_more() {
        for paginate in [Paginate::link(), Paginate::page("page"), Paginate::offset("offset")] {
            assert_eq!(read(&paginate, "[{}]"), Ok((None, None)));
            assert_eq!(read(&paginate.more("more"), r#"{"more":true}"#), Ok((None, Some(true))));
        }
    }
}
