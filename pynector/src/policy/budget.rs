//! The retry budget's parameters: how many retries a host is worth, whatever each call would do alone.

use super::Invalid;

mod tokens;

pub(crate) use tokens::Budget;

/// How long a success counts, and a retry weighs.
pub(crate) const WINDOW_SECONDS: u32 = 10;

/// How many retries all calls to one host may make together (BUD-1).
///
/// The retries that are sent in any 10 s are at most `10 · min_per_second + ratio · successes`, where the successes are those
/// of the 10 s before the last of these retries was granted; it may have waited since. A call that finds the budget empty
/// fails at once with the error that it has (BUD-5). Part of a [`RetryPolicy`](super::RetryPolicy), and on by
/// default: without it an outage would be answered with a multiple of the load.
///
/// A value says as much as was written: a field that was not named is taken from the next weaker level, and at last from
/// the defaults.
///
/// | field | default |
/// | --- | --- |
/// | `ratio` | 0.2 retries for each call that succeeds |
/// | `min_per_second` | 1, so that a client with few calls can retry at all |
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryBudget {
    on: Option<bool>,
    ratio: Option<f64>,
    min_per_second: Option<f64>,
}

impl RetryBudget {
    pub(super) const DEFAULT: Self = Self::new().ratio(0.2).min_per_second(1.0);

    /// Nothing named: every field is inherited.
    pub const fn new() -> Self {
        Self { on: None, ratio: None, min_per_second: None }
    }

    /// No budget, whatever weaker levels say: each call retries as if it were alone.
    pub const fn off() -> Self {
        Self { on: Some(false), ..Self::new() }
    }

    /// How many retries a call that succeeds is worth, from 0 to 10; exact to a thousandth (BUD-2). Default 0.2.
    pub const fn ratio(mut self, ratio: f64) -> Self {
        self.ratio = Some(ratio);
        self.on = Some(true);
        self
    }

    /// How many retries a second are allowed without any success, from 0 to 1,000,000. Default 1.
    pub const fn min_per_second(mut self, retries: f64) -> Self {
        self.min_per_second = Some(retries);
        self.on = Some(true);
        self
    }

    pub(crate) fn over(self, weaker: Self) -> Self {
        Self {
            on: self.on.or(weaker.on),
            ratio: self.ratio.or(weaker.ratio),
            min_per_second: self.min_per_second.or(weaker.min_per_second),
        }
    }

    /// Checks what was named at one level (CFG-1).
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        if let Some(ratio) = self.ratio {
            Invalid::unless((0.0..=10.0).contains(&ratio), "retry.budget.ratio", &ratio, "be from 0 to 10")?;
        }
        self.min_per_second.map_or(Ok(()), |floor| {
            let holds = (0.0..=1e6).contains(&floor);
            Invalid::unless(holds, "retry.budget.min_per_second", &floor, "be from 0 to 1000000")
        })
    }

    /// `None` where there is no budget.
    pub(crate) fn resolve(self) -> Option<ResolvedBudget> {
        let all = self.over(Self::DEFAULT);
        all.on.unwrap_or_default().then(|| ResolvedBudget {
            ratio: thousandths(all.ratio.unwrap_or_default()),
            floor: thousandths(all.min_per_second.unwrap_or_default())
                .saturating_mul(u64::from(WINDOW_SECONDS)),
        })
    }
}

impl Default for RetryBudget {
    /// Nothing named.
    fn default() -> Self {
        Self::new()
    }
}

/// A budget with nothing left open, in thousandths of a retry, so that sums are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ResolvedBudget {
    /// What a success is worth.
    pub(crate) ratio: u64,
    /// What a window is worth without any.
    pub(crate) floor: u64,
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float saturates")]
fn thousandths(number: f64) -> u64 {
    (number * 1000.0).round() as u64
}
