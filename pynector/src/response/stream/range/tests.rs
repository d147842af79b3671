//! Tables of validators, ranges, and answers that lie.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use super::{ContentRange, Continued, Known, Mismatch, Validator};

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let line = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
    };
    lines.iter().map(line).collect()
}

const OLD: &str = "Thu, 26 Nov 2026 00:00:00 GMT";
const NEXT: &str = "Thu, 26 Nov 2026 00:00:01 GMT";

#[test]
fn only_a_strong_validator_is_one() {
    for (lines, value) in [
        (&[("etag", "\"a\"")][..], Some("\"a\"")),
        (&[("etag", "\"\"")], Some("\"\"")),
        (&[("etag", "\"ä\"")], Some("\"ä\"")),
        (&[("etag", "W/\"a\"")], None),
        (&[("etag", "a")], None),
        (&[("etag", "\"a")], None),
        (&[("etag", "\"")], None),
        (&[("etag", "\"a\"b\"")], None),
        (&[("etag", "\"a b\"")], None),
        (&[("etag", "\"a\""), ("etag", "\"a\"")], None),
        (&[("last-modified", OLD), ("date", NEXT)], Some(OLD)),
        (&[("last-modified", OLD), ("date", OLD)], None),
        (&[("last-modified", NEXT), ("date", OLD)], None),
        (&[("last-modified", OLD)], None),
        (&[("last-modified", "yesterday"), ("date", NEXT)], None),
        (&[("last-modified", OLD), ("date", "now")], None),
        (&[("last-modified", OLD), ("last-modified", OLD), ("date", NEXT)], None),
        (&[("last-modified", OLD), ("date", NEXT), ("date", NEXT)], None),
        (&[("etag", "W/\"a\""), ("last-modified", OLD), ("date", NEXT)], None),
        (&[("etag", "\"a\""), ("last-modified", OLD), ("date", NEXT)], Some("\"a\"")),
        (&[], None),
    ] {
        let found = Validator::of(&headers(lines));
        let expected = value.map(|value| HeaderValue::from_bytes(value.as_bytes()).unwrap());
        assert_eq!(found.as_ref().map(Validator::value), expected.as_ref(), "{lines:?}");
    }
}

#[test]
fn a_validator_that_was_kept_is_read_again() {
    assert_eq!(Validator::parse("\"a\""), Some(Validator::Tag(HeaderValue::from_static("\"a\""))));
    assert_eq!(Validator::parse(OLD), Some(Validator::Modified(HeaderValue::from_static(OLD))));
    for bad in ["", "W/\"a\"", "a", "\"a\"\n", "Thu"] {
        assert_eq!(Validator::parse(bad), None, "{bad:?}");
    }
}

#[test]
fn content_ranges_are_read_to_the_letter() {
    let range = |first, last, total| Some(ContentRange { first, last, total });
    for (text, expected) in [
        ("bytes 0-0/1", range(0, 0, Some(1))),
        ("bytes 10-19/100", range(10, 19, Some(100))),
        ("Bytes 10-19/*", range(10, 19, None)),
        ("bytes 10-99/100", range(10, 99, Some(100))),
        ("bytes 10-100/100", None),
        ("bytes 19-10/100", None),
        ("bytes */100", None),
        ("bytes 10-/100", None),
        ("bytes -10/100", None),
        ("bytes +1-2/3", None),
        ("bytes 1-2/", None),
        ("bytes 1-2", None),
        ("bytes  1-2/3", None),
        ("bytes 1 -2/3", None),
        ("bytes=1-2/3", None),
        ("items 1-2/3", None),
        ("bytes 1-2/3, bytes 1-2/3", None),
        ("bytes 0-18446744073709551615/*", None),
        ("bytes 0-18446744073709551614/18446744073709551615", range(0, u64::MAX - 1, Some(u64::MAX))),
        ("bytes 0-1/18446744073709551616", None),
        ("", None),
    ] {
        assert_eq!(ContentRange::parse(text.as_bytes()), expected, "{text:?}");
    }
}

proptest! {
    #[test]
    fn whatever_is_read_is_a_range(text in "[bytes]{5} [0-9*-]{0,9}[/ ][0-9*]{0,5}", noise in any::<Vec<u8>>()) {
        for value in [text.as_bytes(), &noise] {
            if let Some(range) = ContentRange::parse(value) {
                prop_assert!(range.first <= range.last && range.total.is_none_or(|total| range.last < total));
            }
        }
    }

    #[test]
    fn a_range_that_is_written_is_read(first in 0_u64..1 << 40, more in 0_u64..1 << 40, rest in 1_u64..1 << 40) {
        let total = first + more + rest;
        let text = format!("bytes {first}-{}/{total}", first + more);
        let range = ContentRange { first, last: first + more, total: Some(total) };
        prop_assert_eq!(ContentRange::parse(text.as_bytes()), Some(range));
    }
}

/// A hundred bytes, of which forty are here.
fn known(lines: &[(&'static str, &str)], total: Option<u64>) -> Known {
    Known::of(&headers(lines), total).unwrap()
}

fn asked(status: u16, lines: &[(&'static str, &str)], length: Option<u64>) -> Result<Continued, Mismatch> {
    let known = known(&[("etag", "\"a\"")], Some(100));
    known.continued(40, StatusCode::from_u16(status).unwrap(), &headers(lines), length)
}

#[test]
fn bod_9_an_answer_that_goes_on_is_taken() {
    let tag = ("etag", "\"a\"");
    let whole = |skip, end| Ok(Continued { skip, end: Some(end), total: Some(100) });
    for (status, lines, length, expected) in [
        (206, &[tag, ("content-range", "bytes 40-99/100")][..], Some(60), whole(0, 100)),
        (206, &[tag, ("content-range", "bytes 40-99/100")], None, whole(0, 100)),
        (206, &[tag, ("content-range", "bytes 40-99/*")], Some(60), whole(0, 100)),
        (206, &[tag, ("content-range", "bytes 40-49/100")], Some(10), whole(0, 50)),
        (206, &[tag, ("content-range", "bytes 30-99/100")], Some(70), whole(10, 100)),
        (206, &[tag, ("content-range", "bytes 0-99/100")], Some(100), whole(40, 100)),
        (
            206,
            &[tag, ("content-range", "bytes 40-99/100"), ("content-encoding", "identity")],
            None,
            whole(0, 100),
        ),
        (200, &[tag], Some(100), whole(40, 100)),
    ] {
        assert_eq!(asked(status, lines, length), expected, "{status} {lines:?}");
    }
    let unmeasured = Known { total: None, ..known(&[tag], None) };
    let chunked = unmeasured.continued(40, StatusCode::OK, &headers(&[tag]), None);
    assert_eq!(chunked, Ok(Continued { skip: 40, end: None, total: None }));
}

#[test]
fn bod_9_every_liar_is_refused() {
    let tag = ("etag", "\"a\"");
    let fits = ("content-range", "bytes 40-99/100");
    for (status, lines, length, changed, word) in [
        (206, &[("etag", "\"b\""), fits][..], Some(60), true, "etag"),
        (206, &[("etag", "W/\"a\""), fits], Some(60), true, "etag"),
        (206, &[fits], Some(60), true, "etag"),
        (206, &[tag, tag, fits], Some(60), true, "etag"),
        (206, &[tag, ("content-range", "bytes 40-98/99")], Some(59), true, "size"),
        (206, &[tag, fits, ("content-encoding", "gzip")], Some(60), true, "content-encoding"),
        (200, &[("etag", "\"b\"")], Some(100), true, "etag"),
        (200, &[tag], Some(99), true, "size"),
        (206, &[tag], Some(60), false, "content-range"),
        (206, &[tag, fits, fits], Some(60), false, "content-range"),
        (206, &[tag, ("content-type", "multipart/byteranges; boundary=x")], Some(60), false, "content-range"),
        (206, &[tag, fits], Some(61), false, "size"),
        (206, &[tag, ("content-range", "bytes 41-99/100")], Some(59), false, "too late"),
        (206, &[tag, ("content-range", "bytes 20-29/100")], Some(10), false, "too early"),
        (206, &[tag, ("content-range", "bytes 20-39/100")], Some(20), false, "too early"),
        (204, &[tag], None, false, "206"),
        (203, &[tag], Some(100), false, "206"),
    ] {
        let why = asked(status, lines, length).unwrap_err();
        let (Mismatch::Changed(text) | Mismatch::Wrong(text)) = why;
        assert_eq!(
            (matches!(why, Mismatch::Changed(_)), text.contains(word)),
            (changed, true),
            "{lines:?}: {text}"
        );
    }
    let unmeasured = known(&[tag], None);
    let part = headers(&[tag, ("content-range", "bytes 40-99/*")]);
    let why = unmeasured.continued(40, StatusCode::PARTIAL_CONTENT, &part, Some(60)).unwrap_err();
    assert_eq!(why, Mismatch::Wrong("the server does not say how long the whole is"));
}

#[test]
fn a_date_need_not_come_again_with_a_part() {
    let known = known(&[("last-modified", OLD), ("date", NEXT)], Some(100));
    let range = ("content-range", "bytes 40-99/100");
    let part = |lines: &[_]| known.continued(40, StatusCode::PARTIAL_CONTENT, &headers(lines), Some(60));
    assert!(part(&[range]).is_ok());
    assert!(part(&[range, ("last-modified", OLD)]).is_ok());
    assert!(part(&[range, ("last-modified", NEXT)]).is_err());
    assert!(part(&[range, ("last-modified", OLD), ("last-modified", OLD)]).is_err());
    assert!(known.continued(40, StatusCode::OK, &headers(&[]), Some(100)).is_err());
}

#[test]
fn a_server_without_ranges_is_not_asked() {
    assert!(Known::of(&headers(&[("etag", "\"a\""), ("accept-ranges", "none")]), None).is_none());
    assert!(Known::of(&headers(&[("etag", "\"a\""), ("accept-ranges", "bytes")]), None).is_some());
    let asked = known(&[("etag", "\"a\"")], None).ask(40, Some(100)).map(|(_, value)| value);
    assert_eq!(asked, ["bytes=40-99", "\"a\""]);
    assert_eq!(known(&[("etag", "\"a\"")], None).ask(40, None)[0].1, "bytes=40-");
}
