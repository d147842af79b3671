//! What an operation says of its settings, for whoever tests, documents or measures an API.

use super::{AnyOrigin, EventRules, LineRules, OperationRules, Paginate, Settings};
use crate::policy::{Breaker, Hedge, MaxInFlight, RateLimit, RetryPolicy, StatusCodes, Timeouts};
use crate::request::coding::ContentCoding;

/// What one [`Operation`](crate::Operation) says of its settings itself: `None` where it leaves the answer to weaker
/// levels of the ladder.
///
/// ```
/// use pynector::{Operation, OperationRules, Timeouts};
/// use std::time::Duration;
///
/// const EXPORT: Operation = Operation::get("Files::export", "/export.csv").rules(
///     &OperationRules::new().timeouts(Timeouts::new().timeout(Duration::from_secs(60))).max_body(1 << 30),
/// );
///
/// let settings = EXPORT.settings();
/// assert_eq!(settings.timeouts(), Some(Timeouts::new().timeout(Duration::from_secs(60))));
/// assert_eq!(settings.max_body(), Some(1 << 30));
/// assert_eq!(settings.retry(), None);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OperationSettings {
    pub(super) rules: &'static OperationRules,
}

impl OperationSettings {
    const fn rung(self) -> Settings {
        self.rules.rung()
    }

    /// The clocks that it names.
    pub fn timeouts(&self) -> Option<Timeouts> {
        Some(self.rung().timeouts).filter(|timeouts| *timeouts != Timeouts::new())
    }

    /// The retry policy, with the fields that it names.
    pub fn retry(&self) -> Option<RetryPolicy> {
        Some(self.rung().retry).filter(|policy| *policy != RetryPolicy::new())
    }

    /// The circuit breaker, with the fields that it names.
    pub fn breaker(&self) -> Option<Breaker> {
        Some(self.rung().breaker).filter(|breaker| *breaker != Breaker::new())
    }

    /// The rate limit.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        Some(self.rung().rate_limit).filter(|limit| *limit != RateLimit::UNSAID)
    }

    /// How many attempts may be in flight at once.
    pub fn max_in_flight(&self) -> Option<MaxInFlight> {
        Some(self.rung().max_in_flight).filter(|limit| *limit != MaxInFlight::UNSAID)
    }

    /// Hedging.
    pub fn hedge(&self) -> Option<Hedge> {
        Some(self.rung().hedge).filter(|hedge| *hedge != Hedge::UNSAID)
    }

    /// Whether redirects are followed.
    pub const fn follow_redirects(&self) -> Option<bool> {
        self.rung().redirects.follow
    }

    /// How many redirects one call follows.
    pub const fn max_redirects(&self) -> Option<u32> {
        self.rung().redirects.max
    }

    /// The largest response body in bytes; `u64::MAX` is no limit.
    pub const fn max_body(&self) -> Option<u64> {
        self.rung().max_body
    }

    /// How request bodies are compressed.
    pub const fn compress(&self) -> Option<ContentCoding> {
        match self.rung().compress {
            Some(compress) => Some(compress.coding()),
            None => None,
        }
    }

    /// Whether compressed answers are asked for and decompressed.
    pub const fn decompress(&self) -> Option<bool> {
        self.rung().decompress
    }

    /// Whether an absolute URL may name another origin.
    pub const fn any_origin(&self) -> Option<AnyOrigin> {
        self.rung().any_origin
    }

    /// The statuses that become `None`; empty unless it names some.
    pub const fn none_on(&self) -> StatusCodes {
        self.rules.none_on
    }

    /// Whether every final status is a success.
    pub const fn any_status(&self) -> bool {
        self.rules.any_status
    }

    /// Where its next page is.
    pub const fn paginate(&self) -> Option<Paginate> {
        self.rules.paginate
    }

    /// How its events end and go on.
    pub fn events(&self) -> Option<EventRules> {
        Some(self.rules.events).filter(|rules| *rules != EventRules::new())
    }

    /// What becomes of its lines.
    pub fn lines(&self) -> Option<LineRules> {
        Some(self.rules.lines).filter(|rules| *rules != LineRules::new())
    }
}
