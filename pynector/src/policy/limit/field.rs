//! What a server says in `RateLimit` of what it has left (RA-6; draft-ietf-httpapi-ratelimit-headers).

use std::time::Duration;

/// A server that wants nobody for longer is asked again after this: its word may be wrong, and nobody else would find out.
pub(crate) const MAX_PAUSE: Duration = Duration::from_secs(60);

/// How long the server has nothing left, by the lines of its field: the longest `t` beside `r=0`.
///
/// `None` if something is left, which promises nothing, and if the field is none: one that is malformed in any part counts for
/// nothing as a whole (RFC 9651 §4.2).
pub(crate) fn nothing_left<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Option<Duration> {
    let mut longest = None;
    for line in lines {
        let mut rest = Rest(line);
        loop {
            rest.skip_space();
            let limit = rest.limit()?;
            if let Limit { remaining: 0, reset: Some(seconds) } = limit {
                longest = longest.max(Some(seconds));
            }
            rest.skip_space();
            if rest.0.is_empty() {
                break;
            }
            rest.expect(b',')?;
        }
    }
    longest.map(|seconds| Duration::from_secs(seconds).min(MAX_PAUSE))
}

/// One item of the list.
struct Limit {
    remaining: u64,
    reset: Option<u64>,
}

/// The value of a parameter, which counts where it is a whole number that is not negative.
enum Value {
    Count(u64),
    Other,
}

impl Value {
    fn count(self) -> Option<u64> {
        if let Self::Count(count) = self { Some(count) } else { None }
    }
}

/// What of a line is still to be read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    fn skip_space(&mut self) {
        while let [b' ' | b'\t', rest @ ..] = self.0 {
            self.0 = rest;
        }
    }

    /// As many bytes as are `wanted`.
    fn take(&mut self, wanted: fn(&u8) -> bool) -> Vec<u8> {
        let end = self.0.iter().position(|byte| !wanted(byte)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken.to_vec()
    }

    fn limit(&mut self) -> Option<Limit> {
        self.text()?;
        let (mut remaining, mut reset) = (None, None);
        while let [b';', rest @ ..] = self.0 {
            self.0 = rest;
            self.skip_space();
            let key = self.take(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'*'));
            let value = if self.0.first() == Some(&b'=') { self.value()? } else { Value::Other };
            match key.as_slice() {
                [] | [b'0'..=b'9' | b'-' | b'.', ..] => return None,
                b"r" => remaining = Some(value.count()?),
                b"t" => reset = Some(value.count()?),
                _ => {}
            }
        }
        Some(Limit { remaining: remaining?, reset })
    }

    /// The name of a policy.
    fn text(&mut self) -> Option<()> {
        self.expect(b'"')?;
        loop {
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => {
                    let escaped = self.next()?;
                    matches!(escaped, b'"' | b'\\').then_some(())?;
                }
                b' '..=b'~' => {}
                _ => return None,
            }
        }
    }

    /// The value of a parameter.
    fn value(&mut self) -> Option<Value> {
        self.expect(b'=')?;
        match self.0.first()? {
            b'"' => self.text().map(|()| Value::Other),
            b'0'..=b'9' | b'-' => {
                let number = self.take(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'.'));
                let digits = number.len() <= 15 && number.iter().all(u8::is_ascii_digit);
                Some(if digits {
                    Value::Count(std::str::from_utf8(&number).ok()?.parse().ok()?)
                } else {
                    Value::Other
                })
            }
            // Bytes between colons, a token, or a truth value.
            _ => {
                let other = self.take(|byte| {
                    !matches!(byte, b';' | b',' | b' ' | b'\t' | b'"') && byte.is_ascii_graphic()
                });
                (!other.is_empty()).then_some(Value::Other)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{MAX_PAUSE, nothing_left};

    fn seconds(lines: &[&str]) -> Option<u64> {
        nothing_left(lines.iter().map(|line| line.as_bytes())).map(|pause| pause.as_secs())
    }

    #[test]
    fn ra_6_only_a_server_with_nothing_left_asks_for_a_pause() {
        for (field, expected) in [
            (r#""default";r=0;t=30"#, Some(30)),
            (r#" "a \" b";t=30 ; r=0"#, None),
            (r#""a \" b";t=30; r=0 , "hour";r=0;t=40"#, Some(40)),
            (r#""default";r=0;t=30;pk=:cHs=:;x="a;b";y"#, Some(30)),
            (r#""default";pk=:cHs=:;r=0;t=30"#, Some(30)),
            (r#""default";r=1;t=30"#, None),
            (r#""default";r=0"#, None),
            (r#""default";r=0;t=99999999"#, Some(MAX_PAUSE.as_secs())),
            (r#""default";r=0;t=0"#, Some(0)),
            (r#""minute";r=5;t=30, "hour";r=0;t=7"#, Some(7)),
        ] {
            assert_eq!(seconds(&[field]), expected, "{field}");
        }
        assert_eq!(seconds(&[r#""a";r=0;t=3"#, r#""b";r=0;t=9"#]), Some(9));
        assert_eq!(nothing_left([]), None::<Duration>);
    }

    #[test]
    fn ra_6_a_malformed_field_counts_for_nothing() {
        for field in [
            "",
            "0",
            "limit=100, remaining=0, reset=30",
            "default;r=0;t=30",
            r#""default;r=0;t=30"#,
            r#""default";r=0;t=30,"#,
            r#""default";r=0;t=30 x"#,
            r#""default";r=0;t=30, oops"#,
            r#""default";t=30"#,
            r#""default";r=0;t=-30"#,
            r#""default";r=0;t=1.5"#,
            r#""default";r="0";t=30"#,
            r#""default";r=0;t"#,
            r#""default";r=0;t="#,
            r#""default";R=0;t=30"#,
            r#""default";1a=0;r=0;t=30"#,
            r#""default";=1;r=0;t=30"#,
            r#""default";r=0;t=9999999999999999"#,
            "\"d\u{e9}fault\";r=0;t=30",
        ] {
            assert_eq!(seconds(&[field]), None, "{field}");
        }
    }
}
