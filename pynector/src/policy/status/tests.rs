//! Tests of the status code set.

use proptest::prelude::*;

use super::StatusCodes;
use crate::policy::testing::proptest_config;

const DEFAULT: StatusCodes = StatusCodes::of(&[429, 500]).range(502, 504);

#[test]
fn a_constant_set_holds_its_codes_and_no_other() {
    assert_eq!(DEFAULT.iter().collect::<Vec<_>>(), [429, 500, 502, 503, 504]);
    for code in 0..=u16::MAX {
        assert_eq!(DEFAULT.contains(code), [429, 500, 502, 503, 504].contains(&code), "{code}");
    }
    assert!(DEFAULT.validate().is_ok());
}

#[test]
fn cfg_2_the_empty_set_holds_nothing() {
    assert_eq!(StatusCodes::empty().iter().count(), 0);
    assert_eq!(StatusCodes::empty(), StatusCodes::of(&[]));
}

#[test]
fn both_ends_of_the_space_can_be_held() {
    let all = StatusCodes::empty().range(100, 599);
    assert_eq!(all.iter().count(), 500);
    assert!(all.contains(100) && all.contains(599) && !all.contains(99) && !all.contains(600));
    for edge in [163, 164, 227, 228] {
        assert_eq!(StatusCodes::of(&[edge]).iter().collect::<Vec<_>>(), [edge]);
    }
}

#[test]
fn cfg_1_what_is_no_status_code_is_refused_by_name() {
    for (set, value) in [
        (StatusCodes::of(&[429, 99, 700]), "99"),
        (StatusCodes::of(&[600]), "600"),
        (StatusCodes::of(&[u16::MAX]), "65535"),
        (StatusCodes::empty().range(504, 502), "504-502"),
        (StatusCodes::empty().range(0, u16::MAX), "0-65535"),
    ] {
        let invalid = set.validate().unwrap_err();
        assert_eq!((invalid.field, invalid.value.as_str()), ("retry.status_codes", value));
        assert!(serde_json::to_string(&set).is_err(), "a refused set must not be written to a file");
    }
    assert!(StatusCodes::of(&[429, 99]).contains(429), "the other codes stay");
}

#[test]
fn debug_prints_ranges() {
    assert_eq!(format!("{DEFAULT:?}"), "{429, 500, 502-504}");
    assert_eq!(format!("{:?}", StatusCodes::of(&[99])), "{refused 99}");
}

#[test]
fn a_file_with_anything_else_is_told_what_belongs_there() {
    for (text, expected) in [("true", "a list of status codes and ranges"), ("[true]", "502-504")] {
        let error = serde_json::from_str::<StatusCodes>(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn a_file_holds_numbers_and_ranges() {
    assert_eq!(serde_json::to_string(&DEFAULT).unwrap(), r#"[429,500,"502-504"]"#);
    let read = |text| serde_json::from_str::<StatusCodes>(text);
    assert_eq!(read(r#"[429, "500", "502 - 504"]"#).unwrap(), DEFAULT);
    assert_eq!(read("[]").unwrap(), StatusCodes::empty());
    for bad in
        ["[99]", "[600]", "[-1]", "[70000]", r#"["504-502"]"#, r#"["5xx"]"#, r#"["1-2-3"]"#, "[5.5]", "429"]
    {
        assert!(read(bad).is_err(), "{bad}");
    }
}

proptest! {
    #![proptest_config(proptest_config(256))]

    #[test]
    fn cfg_5_a_set_survives_the_round_trip(codes in prop::collection::vec(100_u16..=599, 0..40)) {
        let set = StatusCodes::of(&codes);
        let text = serde_json::to_string(&set).unwrap();
        prop_assert_eq!(serde_json::from_str::<StatusCodes>(&text).unwrap(), set);
        let mut sorted = codes;
        sorted.sort_unstable();
        sorted.dedup();
        prop_assert_eq!(set.iter().collect::<Vec<_>>(), sorted);
    }

    #[test]
    fn cfg_4_no_range_panics(first: u16, last: u16) {
        let set = StatusCodes::empty().range(first, last);
        let fits = 100 <= first && first <= last && last <= 599;
        prop_assert_eq!(set.validate().is_ok(), fits);
        prop_assert_eq!(set.contains(first), fits);
    }
}
