//! The rate limit's parameters: how many attempts a host, or a group of it, is sent in a time.

use std::time::Duration;

use super::{Brought, Invalid};

pub(crate) mod field;
mod gcra;

pub(crate) use gcra::{Limiter, Permit};

/// How often a host may be asked (RTL-1).
///
/// Over any time `t` at most `burst + permits · t / per` attempts are sent. An attempt that must wait does so in the order
/// of arrival; one whose turn comes after the call's deadline fails at once, kind
/// [`RateLimited`](crate::ErrorKind::RateLimited). The wait counts against the deadline and not against `attempt` (TMO-7).
///
/// A server that says in `RateLimit` that nothing is left (`"default";r=0;t=30`, draft-ietf-httpapi-ratelimit-headers) is sent
/// nothing for that long, at most a minute, by the calls that have a limit; a `Retry-After` beside it goes before (RA-6).
///
/// There is no limit unless a level asks for one. A value says as much as was written; what was not named is taken from the
/// next weaker level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimit {
    on: Option<bool>,
    permits: Option<u32>,
    per: Option<Duration>,
    burst: Option<u32>,
    group: Option<&'static str>,
    by: Option<Brought>,
}

impl RateLimit {
    pub(crate) const UNSAID: Self =
        Self { on: None, permits: None, per: None, burst: None, group: None, by: None };

    /// [`new`](Self::new), with what waits for a permit.
    pub(crate) const fn waiting_by(permits: u32, per: Duration, by: Brought) -> Self {
        Self { on: Some(true), permits: Some(permits), per: Some(per), by: Some(by), ..Self::UNSAID }
    }

    /// No limit, whatever weaker levels say.
    pub const fn off() -> Self {
        Self { on: Some(false), ..Self::UNSAID }
    }

    /// How many attempts may follow each other without a wait after a time of rest; at least 1. Default `permits`; 1 spaces
    /// all attempts evenly, which is what a server that counts strictly wants.
    pub const fn burst(mut self, attempts: u32) -> Self {
        self.burst = Some(attempts);
        self
    }

    /// A name whose operations share a limit of their own per host, instead of the host's.
    pub const fn group(mut self, name: &'static str) -> Self {
        self.group = Some(name);
        self
    }

    pub(crate) fn over(self, weaker: Self) -> Self {
        Self {
            on: self.on.or(weaker.on),
            permits: self.permits.or(weaker.permits),
            per: self.per.or(weaker.per),
            burst: self.burst.or(weaker.burst),
            group: self.group.or(weaker.group),
            by: self.by.or(weaker.by),
        }
    }

    /// Checks what was named at one level (CFG-1).
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        let some = "be at least 1";
        if let Some(permits) = self.permits {
            Invalid::unless(permits >= 1, "rate_limit.permits", &permits, some)?;
        }
        if let Some(per) = self.per {
            Invalid::unless(!per.is_zero(), "rate_limit.per", &per, "be longer than nothing")?;
        }
        if let Some(burst) = self.burst {
            Invalid::unless(burst >= 1, "rate_limit.burst", &burst, some)?;
        }
        super::validate_group("rate_limit.group", self.group)
    }

    pub(crate) const fn in_group(&self) -> bool {
        self.group.is_some()
    }

    /// Checks what single calls say: the limit belongs to a host or a group, so they can only switch it off.
    pub(crate) fn validate_for_calls(&self) -> Result<(), Invalid> {
        let off = matches!(*self, Self::UNSAID) || *self == Self::off();
        Invalid::unless(off, "rate_limit", &"numbers", "be only switched off for single calls")
    }

    /// `None` where there is no limit.
    pub(crate) fn resolve(self) -> Option<ResolvedRateLimit> {
        let (Some(true), Some(permits), Some(per)) = (self.on, self.permits, self.per) else { return None };
        let by = self.by?;
        let permits = permits.max(1);
        let burst = self.burst.unwrap_or(permits).max(1);
        // Rounded up: all the permits of a time may not take less than that time.
        let floor = per / permits;
        let short = floor.saturating_mul(permits) < per;
        let interval = floor.saturating_add(Duration::from_nanos(short.into()));
        Some(ResolvedRateLimit { interval, burst, group: self.group, by })
    }
}

/// A rate limit with nothing left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ResolvedRateLimit {
    /// The time that one attempt uses up.
    pub(crate) interval: Duration,
    pub(crate) burst: u32,
    pub(crate) group: Option<&'static str>,
    pub(crate) by: Brought,
}
