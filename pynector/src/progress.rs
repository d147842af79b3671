//! How far a body has come, as whoever watches it is told.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::clock;

/// The rate is that of about the last four seconds: so many marks, so far apart.
const MARKS: usize = 16;
const APART: Duration = Duration::from_millis(250);

/// How far a body has come, up or down: what the callbacks of [`Body::progress`](crate::Body::progress) and
/// [`ByteStream::progress`](crate::ByteStream) are given.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    bytes: u64,
    total: Option<u64>,
    rate: f64,
    elapsed: Duration,
    attempt: u32,
}

impl Progress {
    /// How many bytes have passed.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many there are in all, where that is known.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Bytes in a second, over about the last four seconds.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// How long it has taken so far.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// From 0 to 1, where the total is known.
    pub fn fraction(&self) -> Option<f64> {
        let total = self.total?;
        Some(if total == 0 { 1.0 } else { as_float(self.bytes) / as_float(total) })
    }

    /// How long the rest will take at the present rate, where the total is known and something moves.
    pub fn remaining(&self) -> Option<Duration> {
        let left = self.total?.saturating_sub(self.bytes);
        Duration::try_from_secs_f64(as_float(left) / self.rate).ok()
    }

    /// Which time the body is read or continued, from 1: an upload starts anew with each attempt, a resumed download goes on.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }
}

/// What `f64` makes of a size: exact up to 8 PiB, which is more than a rate needs.
#[expect(clippy::cast_precision_loss, reason = "a rate is no exact number")]
fn as_float(bytes: u64) -> f64 {
    bytes as f64
}

/// Counts what passes.
#[derive(Clone, Debug)]
pub(crate) struct Meter {
    started: Instant,
    bytes: u64,
    total: Option<u64>,
    attempt: u32,
    /// When so many bytes had passed.
    marks: VecDeque<(Instant, u64)>,
}

impl Meter {
    /// Of a body that has so many bytes already, which do not count for the rate.
    pub(crate) fn new(bytes: u64, total: Option<u64>, attempt: u32) -> Self {
        let started = clock::now();
        let marks = VecDeque::from([(started, bytes)]);
        Self { started, bytes, total, attempt, marks }
    }

    /// What passes from now on does so for the next time; the body goes on where it was.
    pub(crate) fn again(&mut self) {
        self.attempt = self.attempt.saturating_add(1);
    }

    /// So many bytes more.
    pub(crate) fn pass(&mut self, bytes: u64) -> Progress {
        let now = clock::now();
        self.bytes = self.bytes.saturating_add(bytes);
        let progress = self.at(now);
        if self.marks.back().is_none_or(|(at, _)| now.saturating_duration_since(*at) >= APART) {
            if self.marks.len() == MARKS {
                self.marks.pop_front();
            }
            self.marks.push_back((now, self.bytes));
        }
        progress
    }

    fn at(&self, now: Instant) -> Progress {
        let (at, before) = self.marks.front().copied().unwrap_or((self.started, 0));
        let seconds = now.saturating_duration_since(at).as_secs_f64();
        let passed = as_float(self.bytes.saturating_sub(before));
        // In the first moments a rate would be that of a burst.
        let rate = passed / seconds.max(0.1);
        let elapsed = now.saturating_duration_since(self.started);
        Progress { bytes: self.bytes, total: self.total, rate, elapsed, attempt: self.attempt }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Meter;

    #[tokio::test(start_paused = true)]
    async fn a_rate_is_that_of_the_last_seconds() {
        let mut meter = Meter::new(100, Some(10_100), 2);
        let first = meter.pass(0);
        assert_eq!((first.bytes(), first.rate(), first.remaining()), (100, 0.0, None));
        for _ in 0..40 {
            crate::clock::sleep(Duration::from_millis(250)).await;
            meter.pass(25);
        }
        let slow = meter.pass(0);
        assert!((slow.rate() - 100.0).abs() < 1.0, "{slow:?}");
        assert_eq!((slow.elapsed(), slow.attempt()), (Duration::from_secs(10), 2));
        for _ in 0..40 {
            crate::clock::sleep(Duration::from_millis(250)).await;
            meter.pass(125);
        }
        let fast = meter.pass(0);
        assert!((fast.rate() - 500.0).abs() < 1.0, "what was slow is forgotten: {fast:?}");
        assert_eq!(fast.bytes(), 100 + 40 * 25 + 40 * 125);
        let remaining = fast.remaining().unwrap().as_secs_f64();
        assert!((remaining - 8.0).abs() < 0.1, "4000 bytes at 500 a second: {remaining}");
        assert!((fast.fraction().unwrap() - 6100.0 / 10_100.0).abs() < 1e-9);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_of_nothing_is_all() {
        let progress = Meter::new(0, Some(0), 1).pass(0);
        assert_eq!((progress.fraction(), progress.total()), (Some(1.0), Some(0)));
        let unknown = Meter::new(0, None, 1).pass(7);
        assert_eq!((unknown.bytes(), unknown.fraction(), unknown.remaining()), (7, None, None));
    }
}
