//! Multipart forms (RFC 7578), with names written as a browser writes them (WHATWG HTML, "multipart/form-data").

mod part;
mod segments;

use std::fmt::{self, Write as _};

use http::{HeaderName, HeaderValue, header};
use memchr::memmem;
use serde_json::Value;
use uuid::Uuid;

pub use self::part::Part;
pub(crate) use self::part::Stored;
use self::segments::Segments;
use crate::error::{Error, ErrorKind, Result};
use crate::request::body::Body;
use crate::request::flat::{FlatError, Sink, flatten, text};

/// The body and the content type of a message's form: its fields, then its files.
///
/// # Errors
///
/// Kind `Request` for a field without a flat form, or a header of a part that is none.
pub(crate) fn encode(fields: &[(String, Value)], files: &[(String, Part)]) -> Result<(Body, HeaderValue)> {
    let mut parts = Fields(Vec::new());
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        flatten(&mut parts, name, value)
            .map_err(|error| refuse(format!("the form field `{name}`: {error}")))?;
    }
    let Fields(mut parts) = parts;
    parts.extend(files.iter().cloned());
    write(parts)
}

/// The body and the content type of a form: one piece where all of it is here, else a stream that can be read as often as
/// every part of it can.
///
/// # Errors
///
/// Kind `Request` for a header of a part that is none.
pub(crate) fn write(mut parts: Vec<(String, Part)>) -> Result<(Body, HeaderValue)> {
    for (name, _) in &mut parts {
        *name = with_crlf(name);
    }
    let boundary = boundary(&parts);
    let media = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"))
        .map_err(|error| refuse(error.to_string()))?;
    let mut segments = Segments::default();
    for (name, part) in parts {
        segments.text(&head(&boundary, &name, &part)?);
        segments.content(name, part.into_content());
        segments.text("\r\n");
    }
    segments.text(&format!("--{boundary}--\r\n"));
    Ok((segments.into_body(), media))
}

/// Why a form is sent with no content type but its own.
pub(crate) const OWN_MEDIA: &str = "a multipart form is sent as `multipart/form-data` with a boundary that only the \
                                    client knows; leave the header `content-type` out";

/// The lines above a part.
fn head(boundary: &str, name: &str, part: &Part) -> Result<String> {
    let mut head = format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{}\"", quoted(name));
    if let Some(file) = &part.file_name {
        let _ = write!(head, "; filename=\"{}\"", quoted(file));
    }
    if let Some(media) = part.media() {
        let media = field(name, "content type", media)?;
        let _ = write!(head, "\r\ncontent-type: {media}");
    }
    for (header, value) in &part.headers {
        let header = part_header(name, header)?;
        let value = field(name, &format!("header `{header}`"), value)?;
        let _ = write!(head, "\r\n{header}: {value}");
    }
    head.push_str("\r\n\r\n");
    Ok(head)
}

/// A header of a part, which is none that the part says otherwise.
fn part_header(part: &str, header: &str) -> Result<HeaderName> {
    let found = HeaderName::try_from(header);
    let found = found.map_err(|_| refuse(format!("the part `{part}`: {header:?} is not a header name")))?;
    match found {
        header::CONTENT_DISPOSITION => Err(refuse(format!(
            "the header `content-disposition` of the part `{part}` is written by the client; `file_name` says the one thing \
             that is open in it"
        ))),
        header::CONTENT_TYPE => Err(refuse(format!(
            "the header `content-type` of the part `{part}` is said by `Part::content_type`"
        ))),
        found => Ok(found),
    }
}

/// A value that may stand in the lines above a part.
fn field<'a>(part: &str, what: &str, value: &'a str) -> Result<&'a str> {
    if HeaderValue::from_str(value).map_or(true, |value| value.to_str().is_err()) || value.is_empty() {
        return Err(refuse(format!(
            "the {what} of the part `{part}` must be printable ASCII without line breaks"
        )));
    }
    Ok(value)
}

fn refuse(message: String) -> Error {
    Error::new(ErrorKind::Request, message)
}

/// A name or file name between quotes; a backslash stays, since browsers do not escape by it.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// Line breaks as they are in names and texts: each is CRLF.
fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}

/// A line that stands in no part. What is still to come cannot be looked at: whoever writes it must not be able to guess the
/// boundary, or they could add parts of their own, so it is made of the system's randomness.
fn boundary(parts: &[(String, Part)]) -> String {
    first_free(parts, || format!("pynector-{}", Uuid::new_v4().simple()))
}

fn first_free(parts: &[(String, Part)], make: impl FnMut() -> String) -> String {
    let stands = |boundary: &String| {
        let mut whole = parts.iter().filter_map(|(_, part)| part.bytes_here());
        whole.any(|bytes| memmem::find(bytes, boundary.as_bytes()).is_some())
    };
    std::iter::repeat_with(make).find(|made| !stands(made)).unwrap_or_default()
}

/// Fields as parts of text.
struct Fields(Vec<(String, Part)>);

impl Sink for Fields {
    const REFUSES_MAPS: Option<&'static str> = None;

    fn item(&mut self, key: &str, value: fmt::Arguments<'_>) -> Result<(), FlatError> {
        self.0.push((key.to_owned(), Part::text(with_crlf(&text(value)?))));
        Ok(())
    }

    fn bare(&mut self, key: &str) -> Result<(), FlatError> {
        self.item(key, format_args!(""))
    }

    fn takes(&self, _: &str) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Part, encode, first_free};

    /// The form with its boundary as `B`.
    fn encoded(fields: &[(&str, Value)], files: &[(&str, Part)]) -> String {
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let files: Vec<_> = files.iter().map(|(name, part)| ((*name).to_owned(), part.clone())).collect();
        let (body, media) = encode(&fields, &files).unwrap();
        let boundary = media.to_str().unwrap().strip_prefix("multipart/form-data; boundary=").unwrap();
        std::str::from_utf8(body.peek().unwrap()).unwrap().replace(boundary, "B")
    }

    #[test]
    fn fields_come_first_and_lists_repeat() {
        let form = encoded(
            &[("n", json!([1, true])), ("none", Value::Null), ("t", json!("a\nb\rc\r\nd"))],
            &[("f", Part::bytes("\n"))],
        );
        let expected = "--B\r\ncontent-disposition: form-data; name=\"n\"\r\n\r\n1\r\n\
                        --B\r\ncontent-disposition: form-data; name=\"n\"\r\n\r\ntrue\r\n\
                        --B\r\ncontent-disposition: form-data; name=\"t\"\r\n\r\na\r\nb\r\nc\r\nd\r\n\
                        --B\r\ncontent-disposition: form-data; name=\"f\"\r\n\r\n\n\r\n--B--\r\n";
        assert_eq!(form, expected);
    }

    #[test]
    fn names_are_written_as_a_browser_writes_them() {
        for (name, file, expected) in [
            ("a\"b", "c\"d\\.txt", "name=\"a%22b\"; filename=\"c%22d\\.txt\""),
            ("gr\u{fc}n", "\u{65e5}\u{672c}.txt", "name=\"gr\u{fc}n\"; filename=\"\u{65e5}\u{672c}.txt\""),
            // Line breaks of a name are made whole first, those of a file name are not.
            ("a\nb\rc", "a\nb\rc", "name=\"a%0D%0Ab%0D%0Ac\"; filename=\"a%0Ab%0Dc\""),
            ("", "", "name=\"\"; filename=\"\""),
        ] {
            let form = encoded(&[], &[(name, Part::bytes("x").file_name(file))]);
            let expected = format!(
                "--B\r\ncontent-disposition: form-data; {expected}\r\ncontent-type: application/octet-stream\r\n\r\nx\r\n\
                 --B--\r\n"
            );
            assert_eq!(form, expected);
        }
    }

    #[test]
    fn a_part_says_what_it_is() {
        let part = Part::json(json!({ "a": 1 })).file_name("a.json");
        assert!(
            encoded(&[], &[("f", part)]).contains("\r\ncontent-type: application/json\r\n\r\n{\"a\":1}\r\n")
        );
        for bad in ["a/b\r\nx: y", "a/b\0", "t\u{e9}xt", ""] {
            let files = [("f".to_owned(), Part::text("x").content_type(bad))];
            let error = encode(&[], &files).unwrap_err();
            assert!(error.to_string().contains("content type of the part `f`"), "{error}");
        }
    }

    #[test]
    fn a_boundary_that_stands_in_a_part_is_not_taken() {
        let mut made = ["taken", "taken", "free"].into_iter();
        let parts = [("f".to_owned(), Part::text("x--taken\r\n"))];
        assert_eq!(first_free(&parts, || made.next().unwrap().to_owned()), "free");
    }

    #[test]
    fn headers_of_a_part_stand_above_it() {
        let part = Part::text("x").header("X-Row", "7").header("content-id", "<a@b>");
        assert!(
            encoded(&[], &[("f", part)]).contains("name=\"f\"\r\nx-row: 7\r\ncontent-id: <a@b>\r\n\r\nx\r\n")
        );
        for (name, value, why) in [
            ("no name", "x", "\"no name\" is not a header name"),
            ("x-a", "1\r\nx-b: 2", "the header `x-a` of the part `f` must be printable ASCII"),
            ("Content-Type", "a/b", "is said by `Part::content_type`"),
            ("content-disposition", "inline", "is written by the client"),
        ] {
            let files = [("f".to_owned(), Part::text("x").header(name, value))];
            let error = encode(&[], &files).unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
        }
    }

    #[test]
    fn debug_shows_no_bytes() {
        assert_eq!(format!("{:?}", Part::text("hunter2").file_name("hunter2")), "Part(7 bytes)");
    }
}
