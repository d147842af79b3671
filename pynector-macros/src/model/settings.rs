//! The settings as plain data: what may stand at both levels, and the idempotency key of a verb.

use std::time::Duration;

use proc_macro2::Span;
use syn::LitStr;

use super::Spanned;

/// The settings that may stand at both levels.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) headers: Vec<Header>,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: Option<Policy<Retry>>,
    pub(crate) breaker: Option<Policy<Breaker>>,
    pub(crate) rate_limit: Option<Policy<RateLimit>>,
    pub(crate) max_in_flight: Option<Policy<MaxInFlight>>,
    pub(crate) hedge: Option<Policy<Hedge>>,
    pub(crate) follow_redirects: Option<Spanned<bool>>,
    pub(crate) max_redirects: Option<Spanned<u32>>,
    pub(crate) any_origin: Option<bool>,
    pub(crate) max_body: Option<Size>,
    pub(crate) compress: Option<&'static str>,
    pub(crate) decompress: Option<bool>,
    /// Only of verbs.
    pub(crate) none_on: Option<Statuses>,
    /// Only of verbs.
    pub(crate) any_status: Option<Span>,
}

/// `max_body`: a number of bytes, or `none`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Size {
    Unlimited,
    Bytes(u64),
}

/// One fixed header; the name is lower-case.
#[derive(Clone)]
pub(crate) struct Header {
    pub(crate) name: LitStr,
    pub(crate) value: LitStr,
}

/// A policy that is switched off, or on with what was written.
#[derive(Clone)]
pub(crate) enum Policy<T> {
    Off,
    On(T),
}

/// A duration as written.
pub(crate) type Time = Spanned<Duration>;

/// One clock; `None` inside is `none`: switched off.
pub(crate) type Clock = Spanned<Option<Duration>>;

/// `timeout` and `timeouts(..)`.
#[derive(Clone, Default)]
pub(crate) struct Timeouts {
    pub(crate) timeout: Option<Time>,
    pub(crate) connect: Option<Clock>,
    pub(crate) attempt: Option<Clock>,
    pub(crate) write: Option<Clock>,
    pub(crate) read: Option<Clock>,
    pub(crate) deadline: Option<Clock>,
    /// The header that tells a server what is left, in lower case.
    pub(crate) deadline_header: Option<LitStr>,
}

/// `retry(..)`.
#[derive(Clone, Default)]
pub(crate) struct Retry {
    pub(crate) max_retries: Option<u32>,
    pub(crate) initial_backoff: Option<Time>,
    pub(crate) max_backoff: Option<Time>,
    pub(crate) multiplier: Option<f64>,
    pub(crate) status_codes: Option<Statuses>,
    pub(crate) jitter: Option<&'static str>,
    pub(crate) max_retry_after: Option<Time>,
    pub(crate) budget: Option<Policy<Budget>>,
    pub(crate) any_method: Option<Span>,
}

/// `budget(..)` of a retry policy.
#[derive(Clone, Default)]
pub(crate) struct Budget {
    pub(crate) ratio: Option<f64>,
    pub(crate) min_per_second: Option<f64>,
}

/// `429, 502..=504, 4xx`; may be empty, which switches retries by status off.
#[derive(Clone, Default)]
pub(crate) struct Statuses {
    /// None overlaps another.
    pub(crate) ranges: Vec<StatusRange>,
}

/// One or more statuses as written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StatusRange {
    pub(crate) first: u16,
    pub(crate) last: u16,
    pub(crate) span: Span,
}

/// `breaker(..)`.
#[derive(Clone, Default)]
pub(crate) struct Breaker {
    pub(crate) failure_threshold: Option<u32>,
    pub(crate) min_failure_rate: Option<f64>,
    pub(crate) open: Option<Time>,
    pub(crate) max_open: Option<Time>,
    pub(crate) reset_timeout: Option<Time>,
    pub(crate) probes: Option<u32>,
    pub(crate) wait_up_to: Option<Time>,
    pub(crate) ramp: Option<Time>,
    pub(crate) group: Option<LitStr>,
}

/// `rate_limit(..)`.
#[derive(Clone)]
pub(crate) struct RateLimit {
    pub(crate) permits: u32,
    pub(crate) per: Duration,
    pub(crate) burst: Option<u32>,
    pub(crate) group: Option<LitStr>,
}

/// `max_in_flight = 8` or `max_in_flight(..)`.
#[derive(Clone)]
pub(crate) struct MaxInFlight {
    pub(crate) limit: u32,
    pub(crate) queue: Option<u32>,
    pub(crate) wait: Option<Time>,
    pub(crate) group: Option<LitStr>,
}

/// `hedge(..)`.
#[derive(Clone)]
pub(crate) struct Hedge {
    /// The key.
    pub(crate) at: Span,
    /// `None` is `p95`.
    pub(crate) after: Option<Duration>,
    pub(crate) max: Option<u32>,
}

/// `idempotency_key`, `idempotency_key = "name"` or `idempotency_key("name", raw)`.
#[derive(Clone)]
pub(crate) struct IdempotencyKey {
    /// The key of the attribute.
    pub(crate) at: Span,
    /// The header's name in lower case, unless it is the usual one.
    pub(crate) header: Option<LitStr>,
    pub(crate) raw: bool,
}

impl IdempotencyKey {
    /// The header's name in lower case.
    pub(crate) fn name(&self) -> String {
        self.header.as_ref().map_or_else(|| "idempotency-key".to_owned(), LitStr::value)
    }
}

impl<T> Policy<T> {
    /// The policy, where it is on.
    pub(crate) const fn on(&self) -> Option<&T> {
        match self {
            Self::On(policy) => Some(policy),
            Self::Off => None,
        }
    }
}

impl StatusRange {
    pub(crate) fn is_single(self) -> bool {
        self.first == self.last
    }

    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// What is left of it without `taken`, in order.
    pub(crate) fn without(self, taken: &[u16]) -> Vec<(u16, u16)> {
        let mut rest: Vec<(u16, u16)> = Vec::new();
        for code in (self.first..=self.last).filter(|code| !taken.contains(code)) {
            match rest.last_mut() {
                Some((_, last)) if *last + 1 == code => *last = code,
                _ => rest.push((code, code)),
            }
        }
        rest
    }
}

impl Timeouts {
    /// The `attempt` clock, by either of its two spellings.
    pub(crate) fn attempt(&self) -> Option<Time> {
        self.timeout.or_else(|| self.attempt.and_then(running))
    }
}

/// The duration of a clock that is not switched off.
pub(crate) fn running(clock: Clock) -> Option<Time> {
    clock.value.map(|value| Spanned { value, span: clock.span })
}
