//! When the next attempt may be sent: a rate limit as one point in time, without a clock and without a lock.
//!
//! The generic cell rate algorithm: each attempt uses up an interval of time, and may use it up to `burst - 1` intervals
//! before its time has come. The end of what was used up is all that must be remembered (RTL-1).

use std::time::Duration;

use tokio::time::Instant;

use super::ResolvedRateLimit;
use crate::sync::{AtomicU64, Ordering};

/// The rate limit of one host or group. Times are in nanoseconds since `base`; they last for 584 years.
#[derive(Debug)]
pub(crate) struct Limiter {
    base: Instant,
    /// Until when time is used up.
    used: AtomicU64,
    /// Until when the server wants nobody.
    paused: AtomicU64,
}

/// That an attempt may be sent now. It comes back to [`Limiter::give_back`] if it is not.
#[derive(Debug)]
#[must_use = "a permit is used or given back"]
pub(crate) struct Permit {
    before: u64,
    after: u64,
}

impl Limiter {
    /// A limiter of which nothing was taken. No later call may come with a time before `base`.
    pub(crate) fn new(base: Instant) -> Self {
        Self { base, used: AtomicU64::new(0), paused: AtomicU64::new(0) }
    }

    /// Takes a permit.
    ///
    /// # Errors
    ///
    /// How long it is until there may be one.
    pub(crate) fn take(&self, limit: &ResolvedRateLimit, now: Instant) -> Result<Permit, Duration> {
        let mut before = self.used.load(Ordering::Relaxed);
        loop {
            let wait = self.wait(limit, now, before, 0);
            if !wait.is_zero() {
                return Err(wait);
            }
            let after = before.max(self.nanos(now)).saturating_add(nanos(limit.interval));
            match self.used.compare_exchange_weak(before, after, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Ok(Permit { before, after }),
                Err(other) => before = other,
            }
        }
    }

    /// Gives back a permit that was not used (RTL-2).
    ///
    /// It is lost if another was taken since: that one's turn was reckoned after it, and to let a third have the place
    /// could make too many at once.
    #[expect(clippy::needless_pass_by_value, reason = "a permit is given back once")]
    pub(crate) fn give_back(&self, permit: Permit) {
        let Permit { before, after } = permit;
        // Whether it is lost makes no difference to who gives it back.
        let _ = self.used.compare_exchange(after, before, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// How long somebody has to wait who lets `ahead` others go first.
    pub(crate) fn wait_behind(&self, limit: &ResolvedRateLimit, now: Instant, ahead: u32) -> Duration {
        self.wait(limit, now, self.used.load(Ordering::Relaxed), ahead)
    }

    /// The server said that there is nothing left until then (RA-6).
    pub(crate) fn pause(&self, until: Instant) {
        self.paused.fetch_max(self.nanos(until), Ordering::Relaxed);
    }

    /// Whether nothing would be different if it had never been used (SCO-2).
    pub(crate) fn is_idle(&self, now: Instant) -> bool {
        let now = self.nanos(now);
        self.used.load(Ordering::Relaxed) <= now && self.paused.load(Ordering::Relaxed) <= now
    }

    fn wait(&self, limit: &ResolvedRateLimit, now: Instant, used: u64, ahead: u32) -> Duration {
        let now = self.nanos(now);
        let interval = nanos(limit.interval);
        let opens = now.max(self.paused.load(Ordering::Relaxed));
        let turn = used.max(opens).saturating_add(interval.saturating_mul(u64::from(ahead)));
        let early = interval.saturating_mul(u64::from(limit.burst.saturating_sub(1)));
        Duration::from_nanos(turn.saturating_sub(early).max(opens).saturating_sub(now))
    }

    fn nanos(&self, time: Instant) -> u64 {
        nanos(time.saturating_duration_since(self.base))
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
