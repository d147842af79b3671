//! Percent-encoding by RFC 3986, straight into the buffer that becomes the URL.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986 §2.3.
pub(crate) const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The same for a value of several segments.
const SEGMENTS: &AsciiSet = &VALUE.remove(b'/');

/// What stays as it is in the literal text of a template: unreserved, sub-delims, `:`, `@`, `/` and `%`.
const LITERAL: &AsciiSet = &VALUE
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/')
    .remove(b'%');

/// A query may also hold `?` (RFC 3986 §3.4).
const LITERAL_QUERY: &AsciiSet = &LITERAL.remove(b'?');

/// Writes values into a URL; every byte but the unreserved ones is encoded.
pub(crate) struct Encoder<'a>(pub(crate) &'a mut String);

impl fmt::Write for Encoder<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        push_value(self.0, text);
        Ok(())
    }
}

/// Writes a value; every byte but the unreserved ones is encoded.
#[inline]
pub(crate) fn push_value(out: &mut String, text: &str) {
    // Nearly every value is plain, and copied at once.
    if text.bytes().all(is_unreserved) {
        out.push_str(text);
    } else {
        encode(out, text, VALUE);
    }
}

/// Apart, so that what is plain does without its registers.
#[cold]
fn encode(out: &mut String, text: &str, set: &'static AsciiSet) {
    out.extend(utf8_percent_encode(text, set));
}

/// Those of [`VALUE`]; every byte of every value is asked for, so it is looked up.
fn is_unreserved(byte: u8) -> bool {
    UNRESERVED.get(usize::from(byte)).is_some_and(|unreserved| *unreserved)
}

static UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let (mut byte, mut rest): (u8, &mut [bool]) = (0, &mut table);
    while let Some((place, behind)) = rest.split_first_mut() {
        *place = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        (byte, rest) = (byte.wrapping_add(1), behind);
    }
    table
};

/// Which part of the URL a literal stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Path,
    Query,
}

/// Writes literal template text; valid `%xx` stays, a bare `%` becomes `%25`.
pub(crate) fn push_literal(out: &mut String, text: &str, part: Part) {
    if text.bytes().all(|byte| byte == b'/' || is_unreserved(byte)) {
        out.push_str(text);
        return;
    }
    push_around_escapes(out, text, if part == Part::Path { LITERAL } else { LITERAL_QUERY });
}

/// Writes a value of several segments: its `/` stay.
pub(crate) fn push_segments(out: &mut String, text: &str) {
    encode(out, text, SEGMENTS);
}

/// Writes path segments that are encoded already: valid `%xx` and `/` stay.
pub(crate) fn push_encoded_segments(out: &mut String, text: &str) {
    push_around_escapes(out, text, SEGMENTS);
}

/// Writes a value that is encoded already: valid `%xx` stays.
pub(crate) fn push_encoded(out: &mut String, text: &str) {
    push_around_escapes(out, text, VALUE);
}

fn push_around_escapes(out: &mut String, text: &str, set: &'static AsciiSet) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        encode(out, before, set);
        out.push_str(if is_escape(after) { "%" } else { "%25" });
        rest = after;
    }
    encode(out, rest, set);
}

fn is_escape(after_percent: &str) -> bool {
    matches!(after_percent.as_bytes(), [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

/// Whether a path segment means "here" or "one up", written out or as `%2e`.
pub(crate) fn is_dot_segment(segment: &str) -> bool {
    let mut dots = 0;
    let mut rest = segment;
    while !rest.is_empty() {
        let after =
            rest.strip_prefix('.').or_else(|| rest.strip_prefix("%2e")).or_else(|| rest.strip_prefix("%2E"));
        match after {
            Some(after) => rest = after,
            None => return false,
        }
        dots += 1;
    }
    dots == 1 || dots == 2
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::{
        Encoder, Part, is_dot_segment, push_encoded, push_encoded_segments, push_literal, push_segments,
    };

    #[test]
    fn values_keep_only_the_unreserved() {
        let mut out = String::new();
        write!(Encoder(&mut out), "a-Z_0.~ /?#%&+=\u{e9}\r\n").unwrap();
        assert_eq!(out, "a-Z_0.~%20%2F%3F%23%25%26%2B%3D%C3%A9%0D%0A");
    }

    #[test]
    fn what_is_copied_at_once_is_what_encoding_would_leave() {
        for byte in 0..=127_u8 {
            let text = char::from(byte).to_string();
            let mut written = String::new();
            super::push_value(&mut written, &text);
            assert_eq!(written, super::utf8_percent_encode(&text, super::VALUE).to_string());
            for (part, set) in [(Part::Path, super::LITERAL), (Part::Query, super::LITERAL_QUERY)] {
                let mut written = String::new();
                push_literal(&mut written, &text, part);
                let expected = super::utf8_percent_encode(&text, set).to_string();
                assert_eq!(written, if byte == b'%' { "%25" } else { &expected });
            }
        }
    }

    #[test]
    fn literals_keep_what_a_path_may_hold() {
        let mut out = String::new();
        push_literal(&mut out, "/a:b@c/%2F/50%/\u{e9}?", Part::Path);
        assert_eq!(out, "/a:b@c/%2F/50%25/%C3%A9%3F");
    }

    #[test]
    fn what_is_encoded_already_stays_where_it_says_so() {
        let written = |push: fn(&mut String, &str), text| {
            let mut out = String::new();
            push(&mut out, text);
            out
        };
        for (text, segments, encoded_segments, encoded) in [
            ("a/b", "a/b", "a/b", "a%2Fb"),
            ("%2F%2f", "%252F%252f", "%2F%2f", "%2F%2f"),
            ("50%", "50%25", "50%25", "50%25"),
            ("%%41%4", "%25%2541%254", "%25%41%254", "%25%41%254"),
            (
                "%zz?#&=+ \u{e9}",
                "%25zz%3F%23%26%3D%2B%20%C3%A9",
                "%25zz%3F%23%26%3D%2B%20%C3%A9",
                "%25zz%3F%23%26%3D%2B%20%C3%A9",
            ),
        ] {
            assert_eq!(written(push_segments, text), segments);
            assert_eq!(written(push_encoded_segments, text), encoded_segments);
            assert_eq!(written(push_encoded, text), encoded);
        }
    }

    #[test]
    fn dot_segments_in_every_spelling() {
        for dots in [".", "..", "%2e", "%2E", ".%2e", "%2E."] {
            assert!(is_dot_segment(dots), "{dots}");
        }
        for text in ["", "...", ".a", "%2e%2e%2e", "%2f", "a.", ".%2"] {
            assert!(!is_dot_segment(text), "{text}");
        }
    }
}
