//! Durations as a person writes them in a configuration file.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A duration as text: `"500ms"`, `"10s"`, `"1m30s"`, `"2h"`, or `"none"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Option<Duration>);

const UNITS: [(&str, u128); 5] =
    [("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000)];

impl Span {
    /// Reads `"none"` or numbers with units.
    fn parse(text: &str) -> Option<Self> {
        if text == "none" {
            return Some(Self(None));
        }
        let mut rest = text;
        let mut nanos: u128 = 0;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            let (number, after) = rest.split_at(digits);
            let letters = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
            let (unit, after) = after.split_at(letters);
            let (_, size) = UNITS.iter().find(|(name, _)| *name == unit)?;
            nanos = nanos.checked_add(number.parse::<u128>().ok()?.checked_mul(*size)?)?;
            rest = after;
        }
        let seconds = u64::try_from(nanos / 1_000_000_000).ok()?;
        let nanos = u32::try_from(nanos % 1_000_000_000).ok()?;
        (!text.is_empty()).then(|| Self(Some(Duration::new(seconds, nanos))))
    }
}

impl From<Duration> for Span {
    fn from(time: Duration) -> Self {
        Self(Some(time))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(time) = self.0 else { return f.write_str("none") };
        let micros = time.subsec_micros();
        match (time.as_secs(), micros) {
            (seconds, 0) => write!(f, "{seconds}s"),
            (0, micros) if micros % 1000 == 0 => write!(f, "{}ms", micros / 1000),
            (0, micros) => write!(f, "{micros}us"),
            (seconds, micros) => write!(f, "{seconds}s{micros}us"),
        }
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let expected = "a duration such as \"500ms\", \"10s\" or \"1m30s\", or \"none\"";
        Self::parse(&text).ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &expected))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Span;

    #[test]
    fn durations_are_read_and_written() {
        for (text, time) in [
            ("500ms", Duration::from_millis(500)),
            ("10s", Duration::from_secs(10)),
            ("1m30s", Duration::from_secs(90)),
            ("2h", Duration::from_secs(7200)),
            ("250us", Duration::from_micros(250)),
            ("0s", Duration::ZERO),
        ] {
            let span = Span::parse(text).unwrap();
            assert_eq!(span.0, Some(time), "{text}");
            assert_eq!(Span::parse(&span.to_string()), Some(span));
        }
        assert_eq!(Span::parse("none"), Some(Span(None)));
        for bad in ["", "10", "s", "10 s", "-1s", "1.5s", "1d", "99999999999999999999h", "10s5"] {
            assert_eq!(Span::parse(bad), None, "{bad}");
        }
    }
}
