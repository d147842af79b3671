//! What an operation says of its settings, for whoever tests, documents or measures an API.

use super::{AnyOrigin, Settings};
use crate::policy::{Breaker, RetryPolicy, Timeouts};

/// What one [`Operation`](crate::Operation) says of its settings itself: `None` where it leaves the answer to weaker
/// levels of the ladder.
///
/// ```
/// use pynector::{Operation, Timeouts};
/// use std::time::Duration;
///
/// const EXPORT: Operation = Operation::get("Files::export", "/export.csv")
///     .timeouts(Timeouts::new().timeout(Duration::from_secs(60)))
///     .max_body(1 << 30);
///
/// let settings = EXPORT.settings();
/// assert_eq!(settings.timeouts(), Some(Timeouts::new().timeout(Duration::from_secs(60))));
/// assert_eq!(settings.max_body(), Some(1 << 30));
/// assert_eq!(settings.retry(), None);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OperationSettings(pub(super) Settings);

impl OperationSettings {
    /// The clocks that it names.
    pub fn timeouts(&self) -> Option<Timeouts> {
        Some(self.0.timeouts).filter(|timeouts| *timeouts != Timeouts::new())
    }

    /// The retry policy, with the fields that it names.
    pub fn retry(&self) -> Option<RetryPolicy> {
        Some(self.0.retry).filter(|policy| *policy != RetryPolicy::new())
    }

    /// The circuit breaker, with the fields that it names.
    pub fn breaker(&self) -> Option<Breaker> {
        Some(self.0.breaker).filter(|breaker| *breaker != Breaker::new())
    }

    /// Whether redirects are followed.
    pub const fn follow_redirects(&self) -> Option<bool> {
        self.0.redirects.follow
    }

    /// How many redirects one call follows.
    pub const fn max_redirects(&self) -> Option<u32> {
        self.0.redirects.max
    }

    /// The largest response body in bytes; `u64::MAX` is no limit.
    pub const fn max_body(&self) -> Option<u64> {
        self.0.max_body
    }

    /// Whether compressed answers are asked for and decompressed.
    pub const fn decompress(&self) -> Option<bool> {
        self.0.decompress
    }

    /// Whether an absolute URL may name another origin.
    pub const fn any_origin(&self) -> Option<AnyOrigin> {
        self.0.any_origin
    }
}
