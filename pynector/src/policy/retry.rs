//! The retry policy: a constant in which each field may be left to a weaker level of the settings.

use std::time::Duration;

use super::backoff::{Backoff, Jitter};
use super::budget::{ResolvedBudget, RetryBudget};
use super::status::StatusCodes;
use super::{Invalid, Rules, retry_after};

/// When and how a call is tried again.
///
/// A value says as much as was written: a field that was not named is taken from the next weaker level (call,
/// verb attribute, client builder, `#[api]`), and at last from the defaults. Naming any field switches retry on
/// at that level; [`off`](Self::off) switches it off.
///
/// | field | [`default()`](Self::default) | [`spec()`](Self::spec) |
/// | --- | --- | --- |
/// | `max_retries` | 3 | 3 |
/// | `initial_backoff`, `multiplier` | 500 ms, 2 | 500 ms, 2 |
/// | `max_backoff` | 20 s | none |
/// | `jitter` | [`Jitter::Full`] | [`Jitter::None`] |
/// | `status_codes` | 429, 500, 502–504 | 429, 500, 502–504 |
/// | `max_retry_after` | 60 s | `Retry-After` is ignored |
/// | `budget` | [on](RetryBudget) | none |
/// | methods | those that may be replayed | every method |
/// | failures | by the stage at which they happened | cannot connect, read and write timeouts |
///
/// A cap that nobody named grows with an `initial_backoff` that is longer than the default cap. Sources: CFG-1 to
/// CFG-6, BKO-1, RA-4.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    on: Option<bool>,
    max_retries: Option<u32>,
    initial_backoff: Option<Duration>,
    max_backoff: Option<Duration>,
    multiplier: Option<f64>,
    jitter: Option<Jitter>,
    status_codes: Option<StatusCodes>,
    retry_after: Option<RetryAfter>,
    vendor_retry_after: Option<bool>,
    budget: RetryBudget,
    any_method: Option<bool>,
    rules: Option<Rules>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RetryAfter {
    Ignored,
    Within(Duration),
}

impl RetryPolicy {
    const DEFAULT: Self = Self::new()
        .max_retries(3)
        .initial_backoff(Duration::from_millis(500))
        .max_backoff(Duration::from_secs(20))
        .multiplier(2.0)
        .jitter(Jitter::Full)
        .status_codes(StatusCodes::of(&[429, 500]).range(502, 504))
        .max_retry_after(Duration::from_secs(60))
        .budget(RetryBudget::DEFAULT)
        .rules(Rules::Matrix, false);

    /// Nothing named: every field is inherited.
    pub const fn new() -> Self {
        Self {
            on: None,
            max_retries: None,
            initial_backoff: None,
            max_backoff: None,
            multiplier: None,
            jitter: None,
            status_codes: None,
            retry_after: None,
            vendor_retry_after: None,
            budget: RetryBudget::new(),
            any_method: None,
            rules: None,
        }
    }

    /// Retry switched on, every field inherited.
    pub const fn on() -> Self {
        let mut policy = Self::new();
        policy.on = Some(true);
        policy
    }

    /// Retry switched off: one attempt, whatever weaker levels say.
    pub const fn off() -> Self {
        let mut policy = Self::new();
        policy.on = Some(false);
        policy
    }

    /// The same as [`off`](Self::off) (CFG-6).
    pub const fn none() -> Self {
        Self::off()
    }

    /// The retry loop of the specification to the letter, every field named.
    ///
    /// Up to three retries after 0.5, 1 and 2 seconds, without jitter and cap; of every method; after exactly these:
    /// no connection could be made, a read or write timed out, or a status of the set came back. `Retry-After`
    /// is ignored, and a connect timeout is not retried. This re-sends `POST` requests that a server may already
    /// have acted on.
    pub const fn spec() -> Self {
        Self::DEFAULT
            .max_backoff(Duration::MAX)
            .jitter(Jitter::None)
            .no_retry_after()
            .budget(RetryBudget::off())
            .rules(Rules::Spec, true)
    }

    /// How many times a call is tried again after its first attempt; 0 is one attempt (CFG-2). Default 3.
    pub const fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self.switched_on()
    }

    /// The longest delay before the first retry. Default 500 ms; zero retries at once (CFG-3).
    pub const fn initial_backoff(mut self, delay: Duration) -> Self {
        self.initial_backoff = Some(delay);
        self.switched_on()
    }

    /// No computed delay is longer, jitter included (BKO-1). Default 20 s.
    pub const fn max_backoff(mut self, delay: Duration) -> Self {
        self.max_backoff = Some(delay);
        self.switched_on()
    }

    /// Each delay is this many times the one before; finite and at least 1. Default 2.
    pub const fn multiplier(mut self, factor: f64) -> Self {
        self.multiplier = Some(factor);
        self.switched_on()
    }

    /// The statuses that are worth another attempt. Default 429, 500, 502, 503, 504; empty: none (CFG-2).
    pub const fn status_codes(mut self, codes: StatusCodes) -> Self {
        self.status_codes = Some(codes);
        self.switched_on()
    }

    /// How the delays are spread. Default [`Jitter::Full`].
    pub const fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = Some(jitter);
        self.switched_on()
    }

    /// The longest `Retry-After` that is waited for; a call that is asked to wait longer fails at once (RA-4).
    /// Default 60 s.
    pub const fn max_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(RetryAfter::Within(wait));
        self.switched_on()
    }

    /// Ignores `Retry-After`: the computed delay alone counts.
    pub const fn no_retry_after(mut self) -> Self {
        self.retry_after = Some(RetryAfter::Ignored);
        self.switched_on()
    }

    /// Also reads `retry-after-ms` and `x-ms-retry-after-ms`, in milliseconds, which go before a `Retry-After` beside them (RA-7).
    /// Default: only `Retry-After` is read.
    pub const fn vendor_retry_after(mut self) -> Self {
        self.vendor_retry_after = Some(true);
        self.switched_on()
    }

    /// How many retries all calls to a host may make together; [`RetryBudget::off`] lets each retry as if it were alone
    /// (BUD-1). Default: 0.2 for each success of the last 10 s, and 1 a second.
    pub const fn budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self.switched_on()
    }

    /// Also re-sends requests that a server may already have acted on, whatever their method.
    pub const fn any_method(mut self) -> Self {
        self.any_method = Some(true);
        self.switched_on()
    }

    const fn rules(mut self, rules: Rules, any_method: bool) -> Self {
        self.rules = Some(rules);
        self.any_method = Some(any_method);
        self
    }

    const fn switched_on(mut self) -> Self {
        self.on = Some(true);
        self
    }

    /// What is left of a weaker level below one that asks for hedging: it must not ask for retries instead, but says how
    /// calls that cannot be hedged are retried.
    pub(crate) fn below_hedging(mut self) -> Self {
        self.on = self.on.filter(|on| !on);
        self
    }

    /// Whether this level asks for retries.
    pub(crate) const fn is_on(&self) -> bool {
        matches!(self.on, Some(true))
    }

    /// This level on top of a weaker one: what is named here wins, the rest is the weaker level's (CFG-5).
    pub(crate) fn over(self, weaker: Self) -> Self {
        Self {
            on: self.on.or(weaker.on),
            max_retries: self.max_retries.or(weaker.max_retries),
            initial_backoff: self.initial_backoff.or(weaker.initial_backoff),
            max_backoff: self.max_backoff.or(weaker.max_backoff),
            multiplier: self.multiplier.or(weaker.multiplier),
            jitter: self.jitter.or(weaker.jitter),
            status_codes: self.status_codes.or(weaker.status_codes),
            retry_after: self.retry_after.or(weaker.retry_after),
            vendor_retry_after: self.vendor_retry_after.or(weaker.vendor_retry_after),
            budget: self.budget.over(weaker.budget),
            any_method: self.any_method.or(weaker.any_method),
            rules: self.rules.or(weaker.rules),
        }
    }

    /// Checks what was named at one level (CFG-1).
    ///
    /// The cap is held against the initial delay only where both stand at one level; else the smaller rules.
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        if let Some(factor) = self.multiplier {
            let holds = factor.is_finite() && factor >= 1.0;
            Invalid::unless(holds, "retry.multiplier", &factor, "be finite and at least 1")?;
        }
        if let (Some(initial), Some(max)) = (self.initial_backoff, self.max_backoff) {
            let rule = "not be shorter than initial_backoff";
            Invalid::unless(max >= initial, "retry.max_backoff", &max, rule)?;
        }
        self.budget.validate()?;
        self.status_codes.map_or(Ok(()), |codes| codes.validate())
    }

    /// Fills what no level named with the defaults. Give it the merged levels, without a level of defaults.
    pub(crate) fn resolve(self) -> ResolvedRetry {
        let named_cap = self.max_backoff;
        let all = self.over(Self::DEFAULT);
        let initial = all.initial_backoff.unwrap_or_default();
        let max = all.max_backoff.unwrap_or(Duration::MAX);
        ResolvedRetry {
            enabled: all.on.unwrap_or(true),
            max_retries: all.max_retries.unwrap_or_default(),
            backoff: Backoff {
                initial,
                max: if named_cap.is_none() { max.max(initial) } else { max },
                multiplier: all.multiplier.unwrap_or(1.0),
                jitter: all.jitter.unwrap_or_default(),
            },
            status_codes: all.status_codes.unwrap_or_default(),
            max_retry_after: match all.retry_after {
                Some(RetryAfter::Within(cap)) => Some(cap),
                Some(RetryAfter::Ignored) | None => None,
            },
            vendor_retry_after: all.vendor_retry_after.unwrap_or_default(),
            budget: all.budget.resolve(),
            any_method: all.any_method.unwrap_or_default(),
            rules: all.rules.unwrap_or_default(),
        }
    }
}

impl Default for RetryPolicy {
    /// Every field named, with its default.
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A retry policy with nothing left open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ResolvedRetry {
    pub(crate) enabled: bool,
    pub(crate) max_retries: u32,
    pub(crate) backoff: Backoff,
    pub(crate) status_codes: StatusCodes,
    /// `None`: `Retry-After` is ignored.
    pub(crate) max_retry_after: Option<Duration>,
    /// Whether the forms in milliseconds are read too.
    pub(crate) vendor_retry_after: bool,
    /// `None`: each call retries as if it were alone.
    pub(crate) budget: Option<ResolvedBudget>,
    pub(crate) any_method: bool,
    pub(crate) rules: Rules,
}

impl ResolvedRetry {
    /// The same for a call with an idempotency key: that the first request is still being worked on (409) is worth another
    /// attempt (IDM-5), unless no status is (CFG-2).
    pub(crate) const fn with_key(mut self) -> Self {
        if matches!(self.rules, Rules::Matrix) && !self.status_codes.is_empty() {
            self.status_codes = self.status_codes.range(409, 409);
        }
        self
    }

    /// The wait before the `retry`-th retry (from 1), when the server `asked` for one (RA-3, RA-4).
    ///
    /// `random` yields numbers in `0.0..1.0`.
    pub(crate) fn wait(&self, retry: u32, asked: Option<Duration>, mut random: impl FnMut() -> f64) -> Wait {
        let delay = self.backoff.delay(retry, random());
        match (asked, self.max_retry_after) {
            (Some(asked), Some(cap)) if asked > cap => Wait::TooLong(asked),
            (Some(asked), Some(_)) => {
                Wait::For(retry_after::wait(delay, asked, random(), self.backoff.jitter))
            }
            _ => Wait::For(delay),
        }
    }
}

/// What to do between two attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Wait this long and try again.
    For(Duration),
    /// The server asked for this wait, longer than `max_retry_after`: fail now (RA-4).
    TooLong(Duration),
}

#[cfg(test)]
mod tests;
