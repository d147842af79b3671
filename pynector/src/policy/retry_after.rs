//! What a server asks for with `Retry-After`, and the wait that follows from it (RA-1 to RA-5).

use std::time::{Duration, SystemTime};

use super::backoff::{Jitter, scale};

/// The most that is added to what a server asked for.
const MAX_ADDITION: Duration = Duration::from_secs(1);

/// Whether a `Retry-After` beside this status is honoured (RA-5).
pub(crate) const fn honoured(status: u16) -> bool {
    matches!(status, 429 | 503)
}

/// The wait that the `Retry-After` fields `values` ask for, `None` when they ask for nothing intelligible.
///
/// Seconds (saturating) or any of the three date forms of RFC 9110 §5.6.7 (RA-1). A date is relative to the
/// response's own `date` where that is readable, else to `system_now`, and nothing when past (RA-2). Several
/// fields count only if they say the same.
pub(crate) fn parse<'a>(
    values: impl IntoIterator<Item = &'a [u8]>,
    date: Option<&str>,
    system_now: impl FnOnce() -> SystemTime,
) -> Option<Duration> {
    let mut values = values.into_iter().map(trim);
    let value = values.next()?;
    if values.any(|other| other != value) {
        return None;
    }
    let text = std::str::from_utf8(value).ok()?;
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Only a number above `u64::MAX` fails here.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = date.and_then(|date| httpdate::parse_http_date(date.trim()).ok()).unwrap_or_else(system_now);
    Some(until.duration_since(now).unwrap_or_default())
}

/// The forms in milliseconds that some vendors send beside the standard one, in the order in which they are asked (RA-7).
pub(crate) const VENDOR: [&str; 2] = ["retry-after-ms", "x-ms-retry-after-ms"];

/// The wait that such a form asks for: milliseconds (saturating), and nothing else.
pub(crate) fn parse_millis(value: &[u8]) -> Option<Duration> {
    let text = std::str::from_utf8(trim(value)).ok()?;
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Duration::from_millis(text.parse().unwrap_or(u64::MAX)))
}

/// The wait between two attempts of which the computed one is `backoff` and the asked one is `asked` (RA-3).
///
/// The longer of the two, after up to a tenth (at most 1 s) was added to `asked`, by `unit` in `0.0..1.0`: never
/// earlier than asked, and a backoff that was already spread stays under its own cap. No addition without jitter.
pub(crate) fn wait(backoff: Duration, asked: Duration, unit: f64, jitter: Jitter) -> Duration {
    let addition = match jitter {
        Jitter::None => Duration::ZERO,
        Jitter::Full | Jitter::Equal => scale((asked / 10).min(MAX_ADDITION), unit),
    };
    backoff.max(asked.saturating_add(addition))
}

/// Without the optional white space of RFC 9110 §5.6.3.
fn trim(value: &[u8]) -> &[u8] {
    let mut rest = value;
    while let [b' ' | b'\t', tail @ ..] | [tail @ .., b' ' | b'\t'] = rest {
        rest = tail;
    }
    rest
}

#[cfg(test)]
mod tests;
