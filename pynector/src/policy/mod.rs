//! The resilience policies: pure values and decisions that are given the time, outcomes and plain numbers.
//!
//! Nothing in here asks a clock, draws a random number or sends a byte; whoever runs a call passes `now`, an
//! [`Outcome`] and a random number in `0.0..1.0`. That is what keeps the tests of this module tables.

pub(crate) mod backoff;
pub(crate) mod breaker;
mod brought;
pub(crate) mod budget;
pub(crate) mod bulkhead;
pub(crate) mod circuit;
pub(crate) mod classify;
pub(crate) mod deadline;
pub(crate) mod hedge;
pub(crate) mod idempotency;
pub(crate) mod limit;
pub(crate) mod redirect;
pub(crate) mod registry;
pub(crate) mod retry;
pub(crate) mod retry_after;
pub(crate) mod schedule;
pub(crate) mod status;

use crate::error::Error;

pub(crate) use brought::Brought;

pub use backoff::Jitter;
pub use breaker::{Breaker, BreakerUnit};
pub use budget::RetryBudget;
pub use bulkhead::MaxInFlight;
pub use circuit::{CircuitState, TransitionReason};
pub use classify::{Failure, Outcome, Stage};
pub use deadline::Timeouts;
pub use hedge::Hedge;
pub use idempotency::IdempotencyKey;
pub use limit::RateLimit;
pub use redirect::RedirectRules;
pub use retry::RetryPolicy;
pub use schedule::DelaySource;
pub use status::StatusCodes;

/// A setting that breaks a rule of CFG-1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invalid {
    /// The setting as it is written in an attribute, for example `retry.multiplier`.
    pub(crate) field: &'static str,
    /// What was written.
    pub(crate) value: String,
    /// The rule in words that complete "must": "must be finite and at least 1".
    pub(crate) rule: &'static str,
}

impl From<Invalid> for Error {
    fn from(Invalid { field, value, rule }: Invalid) -> Self {
        Self::config(field, value, rule)
    }
}

impl Invalid {
    /// `Ok` if `holds`, else the broken rule.
    pub(crate) fn unless(
        holds: bool,
        field: &'static str,
        value: &dyn std::fmt::Debug,
        rule: &'static str,
    ) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self { field, value: format!("{value:?}"), rule }) }
    }
}

/// A group without a name could be told from none by nobody.
fn validate_group(field: &'static str, group: Option<&'static str>) -> Result<(), Invalid> {
    group.map_or(Ok(()), |name| Invalid::unless(!name.is_empty(), field, &name, "not be empty"))
}

/// Which table decides what is retried and what counts as a failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Rules {
    /// The matrices of §2.1 and BRK-2.
    #[default]
    Matrix,
    /// The specification to the letter (`spec()`).
    Spec,
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) mod testing {
    //! What the tests of several policies share.

    use proptest::test_runner::{Config, RngSeed};
    use tokio::time::Instant;

    /// `cases` cases from a fixed seed, so that a failure in CI is a failure at home.
    pub(crate) fn proptest_config(cases: u32) -> Config {
        Config { cases, rng_seed: RngSeed::Fixed(0x70_79_6e), failure_persistence: None, ..Config::default() }
    }

    /// Some instant; the tests count from it.
    #[expect(clippy::disallowed_methods, reason = "a test needs one instant to start from")]
    pub(crate) fn epoch() -> Instant {
        Instant::now()
    }
}
