//! Multipart forms (RFC 7578), with names written as a browser writes them (WHATWG HTML, "multipart/form-data").

use std::fmt::{self, Write as _};

use bytes::Bytes;
use http::HeaderValue;
use memchr::memmem;
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};
use crate::request::flat::{FlatError, Sink, flatten, text};

/// One part of a multipart form: bytes, and what the server is told about them.
///
/// ```
/// use pynector::Part;
///
/// let text = Part::text("a note");
/// let file = Part::bytes(vec![0x89, 0x50]).file_name("chart.png").content_type("image/png");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    bytes: Bytes,
    file_name: Option<String>,
    content_type: Option<String>,
}

impl Part {
    /// A part of text, without a content type: that is UTF-8 text (RFC 7578 §4.4).
    pub fn text(text: impl Into<String>) -> Self {
        Self::bytes(text.into())
    }

    /// A part of bytes as they are.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self { bytes: bytes.into(), file_name: None, content_type: None }
    }

    /// A part of JSON: `application/json`.
    pub fn json(value: impl Into<Value>) -> Self {
        Self::text(value.into().to_string()).content_type("application/json")
    }

    /// Sends the part as a file of this name: `application/octet-stream` unless [`content_type`](Self::content_type)
    /// says otherwise. Any characters may stand in it; quotes and line breaks are written as `%22`, `%0D` and `%0A`.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Says what the bytes are; one that is no header value is an error of the send.
    pub fn content_type(mut self, media: impl Into<String>) -> Self {
        self.content_type = Some(media.into());
        self
    }

    pub(crate) fn from_stored(bytes: Bytes, file_name: Option<String>, content_type: Option<String>) -> Self {
        Self { bytes, file_name, content_type }
    }

    pub(crate) fn stored(&self) -> (&Bytes, Option<&String>, Option<&String>) {
        (&self.bytes, self.file_name.as_ref(), self.content_type.as_ref())
    }
}

/// Its size alone: a part may hold secrets.
impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Part({} bytes)", self.bytes.len())
    }
}

/// The body and the content type of a message's form: its fields, then its files.
///
/// # Errors
///
/// Kind `Request` for a field without a flat form, or a content type that is no header value.
pub(crate) fn encode(fields: &[(String, Value)], files: &[(String, Part)]) -> Result<(Bytes, HeaderValue)> {
    let mut parts = Fields(Vec::new());
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        flatten(&mut parts, name, value)
            .map_err(|error| refuse(format!("the form field `{name}`: {error}")))?;
    }
    let Fields(mut parts) = parts;
    parts.extend(files.iter().cloned());
    write(parts)
}

/// The body and the content type of a form.
///
/// # Errors
///
/// Kind `Request` for a content type that is no header value.
pub(crate) fn write(mut parts: Vec<(String, Part)>) -> Result<(Bytes, HeaderValue)> {
    for (name, _) in &mut parts {
        *name = with_crlf(name);
    }
    let boundary = boundary(&parts);
    let mut body = Vec::with_capacity(parts.iter().map(|(_, part)| part.bytes.len() + 256).sum());
    for (name, part) in &parts {
        body.extend_from_slice(head(&boundary, name, part)?.as_bytes());
        body.extend_from_slice(&part.bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let media = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"))
        .map_err(|error| refuse(error.to_string()))?;
    Ok((body.into(), media))
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
    let media = part.content_type.as_deref();
    if let Some(media) = media.or(part.file_name.as_ref().map(|_| "application/octet-stream")) {
        if HeaderValue::from_str(media).map_or(true, |value| value.to_str().is_err()) || media.is_empty() {
            return Err(refuse(format!(
                "the content type of the part `{name}` must be printable ASCII without line breaks"
            )));
        }
        let _ = write!(head, "\r\ncontent-type: {media}");
    }
    head.push_str("\r\n\r\n");
    Ok(head)
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

/// A line that stands in no part.
fn boundary(parts: &[(String, Part)]) -> String {
    loop {
        let boundary = format!("pynector-{:032x}", fastrand::u128(..));
        if parts.iter().all(|(_, part)| memmem::find(&part.bytes, boundary.as_bytes()).is_none()) {
            return boundary;
        }
    }
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

    use super::{Part, boundary, encode};

    /// The form with its boundary as `B`.
    fn encoded(fields: &[(&str, Value)], files: &[(&str, Part)]) -> String {
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let files: Vec<_> = files.iter().map(|(name, part)| ((*name).to_owned(), part.clone())).collect();
        let (body, media) = encode(&fields, &files).unwrap();
        let boundary = media.to_str().unwrap().strip_prefix("multipart/form-data; boundary=").unwrap();
        std::str::from_utf8(&body).unwrap().replace(boundary, "B")
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
        fastrand::seed(7);
        let first = boundary(&[]);
        fastrand::seed(7);
        let second = boundary(&[("f".to_owned(), Part::text(format!("x--{first}\r\n")))]);
        assert_ne!(first, second);
    }

    #[test]
    fn debug_shows_no_bytes() {
        assert_eq!(format!("{:?}", Part::text("hunter2").file_name("hunter2")), "Part(7 bytes)");
    }
}
