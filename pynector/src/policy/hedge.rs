//! Hedging's parameters: when a slow call is sent once more, beside the first.

use std::time::Duration;

use super::{Brought, Invalid};

mod latencies;

pub(crate) use latencies::Latencies;

/// More are never worth their load (HDG-1).
const MOST: u32 = 5;

/// A second request beside one that takes long; the first good answer wins (HDG-1 to HDG-4).
///
/// Only calls that may be replayed are hedged, and a hedged call is not retried: the two exclude each other. Hedges are
/// taken from the [retry budget](super::RetryBudget), without its `min_per_second` (BUD-8). What loses is dropped at once.
///
/// There is no hedging unless a level asks for it. A value says as much as was written; what was not named is taken from
/// the next weaker level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hedge {
    on: Option<bool>,
    after: Option<HedgeAfter>,
    max: Option<u32>,
    by: Option<Brought>,
}

/// When a hedge is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HedgeAfter {
    /// This long after the attempt before it.
    Fixed(Duration),
    /// When the operation usually has its answer: after the 95th percentile of its last answers.
    P95,
}

impl Hedge {
    pub(crate) const UNSAID: Self = Self { on: None, after: None, max: None, by: None };

    pub(crate) const fn new(after: HedgeAfter, by: Brought) -> Self {
        Self { on: Some(true), after: Some(after), max: None, by: Some(by) }
    }

    /// No hedging, whatever weaker levels say.
    pub const fn off() -> Self {
        Self { on: Some(false), ..Self::UNSAID }
    }

    /// How many hedges a call may have beside its first request, from 1 to 5. Default 1.
    pub const fn max(mut self, hedges: u32) -> Self {
        self.max = Some(hedges);
        self
    }

    pub(crate) const fn is_on(&self) -> bool {
        matches!(self.on, Some(true))
    }

    pub(crate) fn over(self, weaker: Self) -> Self {
        Self {
            on: self.on.or(weaker.on),
            after: self.after.or(weaker.after),
            max: self.max.or(weaker.max),
            by: self.by.or(weaker.by),
        }
    }

    /// Checks what was named at one level (CFG-1).
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        if let Some(HedgeAfter::Fixed(delay)) = self.after {
            Invalid::unless(delay >= Duration::from_millis(1), "hedge.after", &delay, "be at least 1 ms")?;
        }
        self.max.map_or(Ok(()), |max| {
            Invalid::unless((1..=MOST).contains(&max), "hedge.max", &max, "be from 1 to 5")
        })
    }

    /// `None` where there is no hedging.
    pub(crate) fn resolve(self) -> Option<ResolvedHedge> {
        let (Some(true), Some(after), Some(by)) = (self.on, self.after, self.by) else { return None };
        Some(ResolvedHedge { after, max: self.max.unwrap_or(1).clamp(1, MOST), by })
    }
}

/// Hedging with nothing left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ResolvedHedge {
    pub(crate) after: HedgeAfter,
    pub(crate) max: u32,
    pub(crate) by: Brought,
}
