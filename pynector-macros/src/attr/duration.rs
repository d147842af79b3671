//! Durations such as `"500ms"`, `"10s"`, `"1m30s"`.

use std::time::Duration;

/// The units, longest first, in microseconds.
const UNITS: [(&str, u64); 5] =
    [("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1)];

/// What a duration looks like, for messages.
const EXAMPLES: &str = "write `\"500ms\"`, `\"10s\"` or `\"1m30s\"`";

/// Reads a duration, or says what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    if text.is_empty() {
        return Err(format!("a duration is missing: {EXAMPLES}"));
    }
    let mut micros: u64 = 0;
    let mut units = UNITS.iter();
    let mut rest = text;
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
        let (unit, after) = after.split_at(after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len()));
        if number.is_empty() || (unit.is_empty() && !after.is_empty()) {
            return Err(format!("`{text}` is not a duration: {EXAMPLES}"));
        }
        if unit.is_empty() {
            return Err(format!("`{text}` lacks a unit: write `{text}s` or `{text}ms`"));
        }
        if !UNITS.iter().any(|(known, _)| *known == unit) {
            return Err(format!("`{unit}` is not a unit of time: the units are `h`, `m`, `s`, `ms`, `us`"));
        }
        // Going on from the last unit: a unit stands once, and the longer one first.
        let Some((_, size)) = units.find(|(known, _)| *known == unit) else {
            return Err(format!("the units of `{text}` are out of order: the longest first, each once"));
        };
        let part = number.parse::<u64>().ok().and_then(|number| number.checked_mul(*size));
        micros = part.and_then(|part| micros.checked_add(part)).ok_or(format!("`{text}` is too long"))?;
        rest = after;
    }
    Ok(Duration::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let table = [
            ("500ms", 500_000),
            ("10s", 10_000_000),
            ("1m30s", 90_000_000),
            ("2h", 7_200_000_000),
            ("1h2m3s4ms5us", 3_723_004_005),
            ("0s", 0),
            ("1500ms", 1_500_000),
            ("18446744073709551615us", u64::MAX),
        ];
        for (text, micros) in table {
            assert_eq!(parse(text), Ok(Duration::from_micros(micros)), "{text}");
        }
    }

    #[test]
    fn mistakes() {
        let table = [
            ("", "missing"),
            ("10", "lacks a unit: write `10s`"),
            ("s", "not a duration"),
            ("1.5s", "not a duration"),
            ("-1s", "not a duration"),
            ("1 s", "not a duration"),
            (" 1s", "not a duration"),
            ("1s ", "not a duration"),
            ("10 ", "not a duration"),
            ("1d", "`d` is not a unit"),
            ("10S", "`S` is not a unit"),
            ("10sec", "`sec` is not a unit"),
            ("10µs", "`µs` is not a unit"),
            ("30s1m", "out of order"),
            ("1s1s", "out of order"),
            ("1m30", "lacks a unit"),
            ("18446744073709551616us", "too long"),
            ("99999999999999h", "too long"),
        ];
        for (text, expected) in table {
            let complaint = parse(text).expect_err(text);
            assert!(complaint.contains(expected), "{text}: {complaint}");
        }
    }
}
