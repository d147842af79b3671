//! What a host has left of its retry budget: successes and retries in slots of a second, without a clock.
//!
//! A success costs one atomic and no lock. All else happens after a failure, under a short mutex within which no foreign
//! code runs. How long nobody asked makes no difference to any of it (BUD-7).

use std::sync::PoisonError;

use tokio::time::Instant;

use super::{ResolvedBudget, WINDOW_SECONDS};
use crate::sync::{AtomicU64, Mutex, MutexGuard, Ordering};

/// Slots of successes. The oldest of them began less than a window ago: nothing is counted for longer than a window.
const EARNED: usize = WINDOW_SECONDS as usize;
/// Slots of retries. One more, so that nothing is forgotten before a window has passed.
const SPENT: usize = EARNED + 1;
/// A success or a retry, in the unit of [`ResolvedBudget`].
const ONE: u64 = 1000;

/// The retry budget of one host.
///
/// What is granted and not yet sent counts like what was sent. Hence in every window of 10 s, the retries sent are at most
/// what the last grant saw: `floor + ratio · successes` of the 10 s before it (BUD-1).
#[derive(Debug)]
pub(crate) struct Budget {
    base: Instant,
    /// In each the second since `base`, and below it the successes of that second.
    earned: [AtomicU64; EARNED],
    spent: Mutex<Spent>,
}

#[derive(Debug)]
struct Spent {
    /// Retries sent in each second, that of second `n` in slot `n % SPENT`.
    sent: [u32; SPENT],
    /// The last second that has a slot.
    newest: u32,
    /// Retries that were granted and are neither sent nor given back.
    granted: u32,
}

impl Budget {
    /// A budget that nothing was earned for or taken from. No later call may come with a time before `base`.
    pub(crate) fn new(base: Instant) -> Self {
        let spent = Spent { sent: [0; SPENT], newest: 0, granted: 0 };
        Self { base, earned: std::array::from_fn(|_| AtomicU64::new(0)), spent: Mutex::new(spent) }
    }

    /// A call succeeded, however many attempts it took (BUD-3).
    pub(crate) fn deposit(&self, now: Instant) {
        let second = self.second(now);
        let Some(slot) = self.earned.get(second as usize % EARNED) else { return };
        let mut word = slot.load(Ordering::Relaxed);
        loop {
            let (of, count) = parts(word);
            if of > second {
                return; // Late by a window, and no longer worth anything.
            }
            let count = if of == second { count.saturating_add(1) } else { 1 };
            match slot.compare_exchange_weak(word, pack(second, count), Ordering::Relaxed, Ordering::Relaxed)
            {
                Ok(_) => return,
                Err(other) => word = other,
            }
        }
    }

    /// Reserves one retry, if there is one left; it must come back to [`spend`](Self::spend) or [`refund`](Self::refund).
    pub(crate) fn withdraw(&self, budget: &ResolvedBudget, now: Instant) -> bool {
        self.reserve(budget.floor, budget.ratio, now)
    }

    /// Reserves one hedge. Nothing is free for hedges, so that a client with few calls does not send each twice (BUD-8).
    pub(crate) fn withdraw_hedge(&self, budget: &ResolvedBudget, now: Instant) -> bool {
        self.reserve(0, budget.ratio, now)
    }

    /// What was reserved is sent now, and weighs from now on for a window.
    pub(crate) fn spend(&self, now: Instant) {
        let second = self.second(now);
        let mut spent = self.lock();
        spent.granted = spent.granted.saturating_sub(1);
        spent.advance(second);
        let slot = spent.newest as usize % SPENT;
        if let Some(sent) = spent.sent.get_mut(slot) {
            *sent = sent.saturating_add(1);
        }
    }

    /// What was reserved is not sent (BUD-4).
    pub(crate) fn refund(&self) {
        let mut spent = self.lock();
        spent.granted = spent.granted.saturating_sub(1);
    }

    /// Whether nothing is reserved, and nothing was spent within the window: such a budget may be forgotten (SCO-2).
    pub(crate) fn is_full(&self, now: Instant) -> bool {
        let second = self.second(now);
        let mut spent = self.lock();
        spent.advance(second);
        spent.weight() == 0
    }

    fn reserve(&self, floor: u64, ratio: u64, now: Instant) -> bool {
        let second = self.second(now);
        let mut spent = self.lock();
        spent.advance(second);
        // Whoever came later may have been faster; what it counts as past is past.
        let worth = floor.saturating_add(ratio.saturating_mul(self.successes(spent.newest)));
        let fits = spent.weight().saturating_add(1).saturating_mul(ONE) <= worth;
        if fits {
            spent.granted = spent.granted.saturating_add(1);
        }
        fits
    }

    /// The successes of the second `until` and of those before it in its window.
    fn successes(&self, until: u32) -> u64 {
        let words = self.earned.iter().map(|slot| parts(slot.load(Ordering::Relaxed)));
        let counted = words.filter(|(of, _)| until.checked_sub(*of).is_some_and(|age| age < WINDOW_SECONDS));
        counted.map(|(_, count)| u64::from(count)).sum()
    }

    /// Whole seconds since `base`; they last for 136 years.
    fn second(&self, now: Instant) -> u32 {
        u32::try_from(now.saturating_duration_since(self.base).as_secs()).unwrap_or(u32::MAX)
    }

    /// A panic elsewhere must not take the budget with it: each change is one number.
    fn lock(&self) -> MutexGuard<'_, Spent> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Spent {
    /// Makes room for the slots up to `second`.
    fn advance(&mut self, second: u32) {
        let steps = second.saturating_sub(self.newest);
        for step in 1..=steps.min(WINDOW_SECONDS + 1) {
            if let Some(slot) = self.sent.get_mut(self.newest.wrapping_add(step) as usize % SPENT) {
                *slot = 0;
            }
        }
        self.newest = self.newest.max(second);
    }

    fn weight(&self) -> u64 {
        self.sent.iter().map(|sent| u64::from(*sent)).sum::<u64>() + u64::from(self.granted)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "each half is taken for itself")]
fn parts(word: u64) -> (u32, u32) {
    ((word >> u32::BITS) as u32, word as u32)
}

fn pack(second: u32, count: u32) -> u64 {
    u64::from(second) << u32::BITS | u64::from(count)
}

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
