//! What a host has left of its retry budget: successes and retries in slots of time, without a clock.
//!
//! A success costs one atomic and no lock, but for the first of its slot. All else happens after a failure, under a short
//! mutex within which no foreign code runs. How long nobody asked makes no difference to any of it (BUD-7).

use std::sync::PoisonError;

use tokio::time::Instant;

use super::{ResolvedBudget, WINDOW_SECONDS};
use crate::sync::{AtomicU64, Mutex, MutexGuard, Ordering};

/// Slots in a second: the finer they are, the less is lost by rounding to the strict side.
const PER_SECOND: u32 = 4;
/// Slots of successes. The oldest of them began less than a window ago: nothing is counted for longer than a window.
const EARNED: usize = (WINDOW_SECONDS * PER_SECOND) as usize;
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
    /// The number of the newest slot, and below it the successes of that slot.
    newest: AtomicU64,
    past: Mutex<Past>,
}

/// What is known of the last slots; those of slot `n` stand at `n` modulo their number.
#[derive(Debug)]
struct Past {
    /// Successes, as far as they are not in [`Budget::newest`]. A slot that holds more than it can count counts less.
    earned: [u16; EARNED],
    /// Retries that were sent. A slot that can count no more grants none.
    sent: [u16; SPENT],
    /// The last slot that there is room for; the same as in [`Budget::newest`].
    newest: u32,
    /// Retries that were granted and are neither sent nor given back.
    granted: u32,
}

impl Budget {
    /// A budget that nothing was earned for or taken from. No later call may come with a time before `base`.
    pub(crate) fn new(base: Instant) -> Self {
        let past = Past { earned: [0; EARNED], sent: [0; SPENT], newest: 0, granted: 0 };
        Self { base, newest: AtomicU64::new(0), past: Mutex::new(past) }
    }

    /// A call succeeded, however many attempts it took (BUD-3).
    pub(crate) fn deposit(&self, now: Instant) {
        let slot = self.slot(now);
        let mut word = self.newest.load(Ordering::Relaxed);
        loop {
            let (of, count) = parts(word);
            if of != slot {
                return self.advance(slot).earn(slot);
            }
            let more = pack(of, count.saturating_add(1));
            match self.newest.compare_exchange_weak(word, more, Ordering::Relaxed, Ordering::Relaxed) {
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
        let mut past = self.advance(self.slot(now));
        past.granted = past.granted.saturating_sub(1);
        let slot = past.newest as usize % SPENT;
        if let Some(sent) = past.sent.get_mut(slot) {
            *sent = sent.saturating_add(1);
        }
    }

    /// What was reserved is not sent (BUD-4).
    pub(crate) fn refund(&self) {
        let mut past = self.lock();
        past.granted = past.granted.saturating_sub(1);
    }

    /// Whether nothing is reserved, and nothing was spent within the window: such a budget may be forgotten (SCO-2).
    pub(crate) fn is_full(&self, now: Instant) -> bool {
        self.advance(self.slot(now)).weight() == 0
    }

    fn reserve(&self, floor: u64, ratio: u64, now: Instant) -> bool {
        let mut past = self.advance(self.slot(now));
        let (_, fresh) = parts(self.newest.load(Ordering::Relaxed));
        let worth = floor.saturating_add(ratio.saturating_mul(past.successes() + u64::from(fresh)));
        let fits = past.weight().saturating_add(1).saturating_mul(ONE) <= worth && !past.is_overfull();
        if fits {
            past.granted = past.granted.saturating_add(1);
        }
        fits
    }

    /// Makes room for the slots up to `slot`. Whoever comes later with an earlier time finds the newest one.
    fn advance(&self, slot: u32) -> MutexGuard<'_, Past> {
        let mut past = self.lock();
        if past.newest < slot {
            // Taken at once, so that no success between is counted twice or not at all.
            let (of, count) = parts(self.newest.swap(pack(slot, 0), Ordering::Relaxed));
            past.add(of, count);
            past.advance(slot);
        }
        past
    }

    /// Slots since `base`; they last for 34 years.
    fn slot(&self, now: Instant) -> u32 {
        let since = now.saturating_duration_since(self.base);
        let slots = since.as_secs().saturating_mul(u64::from(PER_SECOND));
        let slots = slots.saturating_add(u64::from(since.subsec_nanos() / (1_000_000_000 / PER_SECOND)));
        u32::try_from(slots).unwrap_or(u32::MAX)
    }

    /// A panic elsewhere must not take the budget with it: each change is one number.
    fn lock(&self) -> MutexGuard<'_, Past> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Past {
    /// Makes room for the slots up to `slot`.
    fn advance(&mut self, slot: u32) {
        let steps = slot.saturating_sub(self.newest);
        for step in (1..=steps).take(SPENT) {
            let slot = self.newest.wrapping_add(step) as usize;
            if let Some(earned) = self.earned.get_mut(slot % EARNED) {
                *earned = 0;
            }
            if let Some(sent) = self.sent.get_mut(slot % SPENT) {
                *sent = 0;
            }
        }
        self.newest = self.newest.max(slot);
    }

    /// A success of `slot`, after room was made for it.
    fn earn(&mut self, slot: u32) {
        self.add(slot, 1);
    }

    /// Successes of `slot`; one that is late by a window is worth nothing any more.
    fn add(&mut self, slot: u32, successes: u32) {
        if self.newest.saturating_sub(slot) as usize >= EARNED {
            return;
        }
        if let Some(earned) = self.earned.get_mut(slot as usize % EARNED) {
            *earned = earned.saturating_add(u16::try_from(successes).unwrap_or(u16::MAX));
        }
    }

    fn successes(&self) -> u64 {
        self.earned.iter().map(|earned| u64::from(*earned)).sum()
    }

    fn weight(&self) -> u64 {
        self.sent.iter().map(|sent| u64::from(*sent)).sum::<u64>() + u64::from(self.granted)
    }

    /// Whether the newest slot could not count another retry that is sent.
    fn is_overfull(&self) -> bool {
        let sent = self.sent.get(self.newest as usize % SPENT).copied().unwrap_or(u16::MAX);
        u32::from(sent).saturating_add(self.granted) >= u32::from(u16::MAX)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "each half is taken for itself")]
fn parts(word: u64) -> (u32, u32) {
    ((word >> u32::BITS) as u32, word as u32)
}

fn pack(slot: u32, count: u32) -> u64 {
    u64::from(slot) << u32::BITS | u64::from(count)
}

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
