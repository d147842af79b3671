//! Text bodies: the charset of the `content-type`, and excerpts that errors may show.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use super::charset;

/// At most this much of a body stands in an error.
const EXCERPT: usize = 200;

/// The body as text, without a byte order mark.
///
/// # Errors
///
/// Says what is wrong with its charset.
pub(super) fn text(headers: &HeaderMap, body: &[u8]) -> Result<String, String> {
    charset::decode(charset_of(content_type(headers)), body)
}

pub(super) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// The `content-type`, or an empty text.
pub(super) fn content_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The `charset` parameter of a media type (RFC 9110 §8.3.2).
fn charset_of(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    })
}

/// A printable piece of `body` around `position`, at most 200 bytes of it.
pub(super) fn excerpt(body: &[u8], position: usize) -> String {
    let start = if body.len() <= EXCERPT {
        0
    } else {
        position.saturating_sub(EXCERPT / 2).min(body.len() - EXCERPT)
    };
    let piece = body.get(start..).unwrap_or_default();
    let piece = piece.get(..EXCERPT).unwrap_or(piece);
    let text = String::from_utf8_lossy(piece);
    let before = if start > 0 { "…" } else { "" };
    let after = if start + piece.len() < body.len() { "…" } else { "" };
    format!("\"{before}{}{after}\"", text.escape_debug())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::{excerpt, text};

    fn decoded(content_type: &'static str, body: &[u8]) -> Result<String, String> {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static(content_type));
        text(&headers, body)
    }

    #[test]
    fn text_is_utf_8_unless_its_charset_says_otherwise() {
        assert_eq!(decoded("text/plain", "\u{feff}h\u{e9}".as_bytes()).unwrap(), "h\u{e9}");
        assert_eq!(decoded("text/plain; Charset=\"UTF-8\"", b"x").unwrap(), "x");
        assert_eq!(decoded("text/plain; a=b;charset=ISO-8859-1 ", b"h\xe9").unwrap(), "h\u{e9}");
        assert!(decoded("text/plain; charset=klingon", b"x").unwrap_err().contains("klingon"));
        assert!(decoded("text/plain", b"ab\xff").unwrap_err().contains("byte 2"));
    }

    #[test]
    fn excerpts_are_bounded_and_printable() {
        assert_eq!(excerpt(b"a\n\x1b\"", 0), r#""a\n\u{1b}\"""#);
        let long = [b'x'; 1000];
        assert_eq!(excerpt(&long, 500).chars().filter(|c| *c == 'x').count(), 200);
        assert!(excerpt(&long, 500).starts_with("\"…"));
        assert!(excerpt(&long, 999).ends_with("x\""));
    }
}
