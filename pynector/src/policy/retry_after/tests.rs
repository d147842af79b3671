//! Tests of `Retry-After`.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use super::{honoured, parse, parse_millis, wait};
use crate::policy::Jitter;
use crate::policy::testing::proptest_config;

/// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110 §5.6.7.
const EXAMPLE: u64 = 784_111_777;
const SECOND: Duration = Duration::from_secs(1);

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn asked(values: &[&str]) -> Option<Duration> {
    parse(values.iter().map(|value| value.as_bytes()), None, || at(EXAMPLE - 30))
}

#[test]
fn ra_1_seconds_and_the_three_date_forms_are_read() {
    for (value, seconds) in [
        ("0", 0),
        ("120", 120),
        (" 120\t", 120),
        ("007", 7),
        ("18446744073709551615", u64::MAX),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 30),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 30),
        ("Sun Nov  6 08:49:37 1994", 30),
    ] {
        assert_eq!(asked(&[value]), Some(Duration::from_secs(seconds)), "{value}");
    }
}

#[test]
fn ra_7_milliseconds_are_digits_and_nothing_else() {
    for (value, millis) in [("0", 0), (" 1500 ", 1500), ("99999999999999999999999", u64::MAX)] {
        assert_eq!(parse_millis(value.as_bytes()), Some(Duration::from_millis(millis)), "{value}");
    }
    for value in ["", " ", "-1", "1.5", "+1", "1s"] {
        assert_eq!(parse_millis(value.as_bytes()), None, "{value}");
    }
}

#[test]
fn ra_1_anything_else_asks_for_nothing() {
    for value in [
        "",
        " ",
        "-5",
        "+5",
        "1.5",
        "1m0s",
        "0x10",
        "1e3",
        "٣",
        "soon",
        "120, 120",
        "12 0",
        "Sun, 06 Nov 1994",
        "NaN",
    ] {
        assert_eq!(asked(&[value]), None, "{value:?}");
    }
    assert_eq!(asked(&[]), None);
    assert_eq!(parse([&b"\xff\xfe"[..]], None, || at(0)), None);
}

#[test]
fn ra_1_several_fields_count_when_they_agree() {
    assert_eq!(asked(&["5", "5 "]), Some(5 * SECOND));
    assert_eq!(asked(&["5", "6"]), None);
    assert_eq!(asked(&["5", "5", ""]), None);
}

#[test]
fn ra_2_a_date_is_relative_to_the_answers_own() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    let when = |own| parse([date.as_bytes()], own, || at(EXAMPLE - 30));
    assert_eq!(when(Some("Sun, 06 Nov 1994 08:49:27 GMT")), Some(10 * SECOND));
    assert_eq!(when(Some("yesterday")), Some(30 * SECOND), "an unreadable date is no date");
    assert_eq!(when(Some("Sun, 06 Nov 1994 08:49:38 GMT")), Some(Duration::ZERO), "past is now");
    assert_eq!(parse([date.as_bytes()], None, || at(EXAMPLE + 1)), Some(Duration::ZERO));
    let unasked = || -> SystemTime { panic!("the clock is asked though it is not needed") };
    assert_eq!(parse([&b"5"[..]], None, unasked), Some(5 * SECOND));
    assert_eq!(parse([date.as_bytes()], Some(date), unasked), Some(Duration::ZERO));
}

#[test]
fn ra_3_never_earlier_than_asked_and_a_tenth_later_at_most() {
    for jitter in [Jitter::Full, Jitter::Equal] {
        assert_eq!(wait(SECOND, 5 * SECOND, 0.0, jitter), 5 * SECOND);
        assert_eq!(wait(SECOND, 5 * SECOND, 1.0, jitter), Duration::from_millis(5500));
        assert_eq!(wait(SECOND, 60 * SECOND, 1.0, jitter), 61 * SECOND, "no more than a second");
        assert_eq!(wait(20 * SECOND, 5 * SECOND, 1.0, jitter), 20 * SECOND, "the backoff keeps its cap");
    }
    assert_eq!(wait(SECOND, 5 * SECOND, 1.0, Jitter::None), 5 * SECOND);
    assert_eq!(wait(SECOND, Duration::ZERO, 1.0, Jitter::Full), SECOND);
}

#[test]
fn ra_5_only_429_and_503_are_honoured() {
    let statuses: Vec<_> = (0..=u16::MAX).filter(|status| honoured(*status)).collect();
    assert_eq!(statuses, [429, 503]);
}

#[test]
fn ra_5_a_huge_value_saturates() {
    assert_eq!(asked(&["9999999999"]), Some(Duration::from_secs(9_999_999_999)));
    assert_eq!(asked(&["99999999999999999999999"]), Some(Duration::from_secs(u64::MAX)));
    assert_eq!(wait(SECOND, Duration::MAX, 1.0, Jitter::Full), Duration::MAX);
}

proptest! {
    #![proptest_config(proptest_config(2000))]

    #[test]
    fn ra_1_no_bytes_panic(value in prop::collection::vec(any::<u8>(), 0..40), date in any::<Option<String>>()) {
        let _ = parse([value.as_slice()], date.as_deref(), || at(EXAMPLE));
    }

    #[test]
    fn ra_1_no_near_date_panics(value in "[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT") {
        let _ = parse([value.as_bytes()], None, || at(EXAMPLE));
    }

    #[test]
    fn ra_1_every_number_of_seconds_is_read(seconds: u64) {
        prop_assert_eq!(asked(&[&seconds.to_string()]), Some(Duration::from_secs(seconds)));
    }

    #[test]
    fn ra_3_the_wait_lies_between_asked_and_a_tenth_more(backoff: Duration, wanted: Duration, unit in prop::num::f64::ANY) {
        let longest = backoff.max(wanted);
        let got = wait(backoff, wanted, unit, Jitter::Full);
        prop_assert!(got >= longest);
        prop_assert!(got <= longest.saturating_add((longest / 10).min(SECOND)));
    }
}
