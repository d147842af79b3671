//! How long to wait before a retry: the delay and its jitter, without any state (BKO-1 to BKO-4).

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How a delay is spread, so that clients that failed together do not come back together (BKO-1, BKO-3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Jitter {
    /// Anything from nothing to the whole delay. The default.
    #[default]
    Full,
    /// Half the delay, and anything up to the other half.
    Equal,
    /// Exactly the delay; also drops the small addition to what a server asked for (RA-3).
    None,
}

/// The delays of one policy; what differs from call to call is an argument (BKO-4).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Backoff {
    /// The delay before the first retry.
    pub(crate) initial: Duration,
    /// No delay is longer, jitter included.
    pub(crate) max: Duration,
    /// Each delay is this many times the one before; below 1 and NaN count as 1.
    pub(crate) multiplier: f64,
    /// How a delay is spread.
    pub(crate) jitter: Jitter,
}

impl Backoff {
    /// The delay before the `retry`-th retry, counted from 1, for a random `unit` in `0.0..1.0`.
    ///
    /// `min(max, initial · multiplier^(retry-1))`, spread by the jitter: never longer than `max`, whatever the
    /// numbers are (BKO-1, BKO-2), and nothing when `initial` is nothing (CFG-3).
    pub(crate) fn delay(&self, retry: u32, unit: f64) -> Duration {
        let whole = self.ceiling(retry);
        match self.jitter {
            Jitter::Full => scale(whole, unit),
            Jitter::Equal => {
                let half = whole / 2;
                half.saturating_add(scale(whole.saturating_sub(half), unit))
            }
            Jitter::None => whole,
        }
    }

    fn ceiling(&self, retry: u32) -> Duration {
        if self.initial.is_zero() {
            return Duration::ZERO;
        }
        let exponent = i32::try_from(retry.saturating_sub(1)).unwrap_or(i32::MAX);
        if exponent == 0 {
            return self.initial.min(self.max); // Exact, where a detour by floats would round.
        }
        let seconds = self.initial.as_secs_f64() * self.multiplier.max(1.0).powi(exponent);
        // Infinity and whatever a `Duration` cannot hold are certainly above the cap.
        Duration::try_from_secs_f64(seconds).unwrap_or(self.max).min(self.max)
    }
}

/// `unit` times `whole`, never more than `whole`; a `unit` that is no number counts as 1.
pub(crate) fn scale(whole: Duration, unit: f64) -> Duration {
    if unit.is_nan() {
        return whole;
    }
    Duration::try_from_secs_f64(whole.as_secs_f64() * unit.clamp(0.0, 1.0)).unwrap_or(whole).min(whole)
}

#[cfg(test)]
mod tests;
