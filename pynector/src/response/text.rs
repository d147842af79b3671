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

/// A printable piece of `body` around `position`, at most 200 bytes of it, from one character to another.
pub(super) fn excerpt(body: &[u8], position: usize) -> String {
    let start = if body.len() <= EXCERPT {
        0
    } else {
        boundary(body, position.saturating_sub(EXCERPT / 2).min(body.len() - EXCERPT))
    };
    let end = if body.len() - start <= EXCERPT { body.len() } else { before(body, start + EXCERPT) };
    let piece = body.get(start..end).unwrap_or_default();
    let text = String::from_utf8_lossy(piece);
    let ahead = if start > 0 { "…" } else { "" };
    let after = if end < body.len() { "…" } else { "" };
    format!("\"{ahead}{}{after}\"", text.escape_debug())
}

/// The first place from `at` on where a character of UTF-8 begins, if it is one at all.
fn boundary(body: &[u8], at: usize) -> usize {
    (at..at + 4).find(|place| is_boundary(body, *place)).unwrap_or(at)
}

/// The last such place up to `at`.
fn before(body: &[u8], at: usize) -> usize {
    (at.saturating_sub(3)..=at).rev().find(|place| is_boundary(body, *place)).unwrap_or(at)
}

fn is_boundary(body: &[u8], at: usize) -> bool {
    body.get(at).is_none_or(|byte| byte & 0xc0 != 0x80)
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
        for position in 0..600 {
            for text in ["\u{20ac}".repeat(200), "a\u{1f600}".repeat(120)] {
                let piece = excerpt(text.as_bytes(), position);
                assert!(!piece.contains('\u{fffd}') && (195..=208).contains(&piece.len()), "{piece}");
            }
        }
    }
}
