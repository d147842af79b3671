//! How long the last answers of one operation took, and within which time 19 of 20 of them came.

use std::time::Duration;

use crate::sync::{AtomicU64, Ordering};

/// How many answers are remembered.
const LAST: usize = 64;
/// Fewer say nothing about the slowest of twenty (HDG-1).
const ENOUGH: usize = 20;
/// No hedge is sent earlier, however fast the answers are (HDG-1).
const SHORTEST: Duration = Duration::from_millis(1);

/// The last answers of one operation. A writer that is overtaken costs a sample and no more.
#[derive(Debug)]
pub(crate) struct Latencies {
    /// How many answers there were; the next goes into the slot of that number.
    seen: AtomicU64,
    /// Nanoseconds, at least 1; 0 where there is no answer yet.
    slots: [AtomicU64; LAST],
}

impl Default for Latencies {
    fn default() -> Self {
        Self::new()
    }
}

impl Latencies {
    /// No answers yet.
    pub(crate) fn new() -> Self {
        Self { seen: AtomicU64::new(0), slots: std::array::from_fn(|_| AtomicU64::new(0)) }
    }

    /// An answer came after `elapsed`.
    pub(crate) fn record(&self, elapsed: Duration) {
        let number = self.seen.fetch_add(1, Ordering::Relaxed) % LAST as u64;
        let nanos = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX).max(1);
        if let Some(slot) = usize::try_from(number).ok().and_then(|number| self.slots.get(number)) {
            slot.store(nanos, Ordering::Relaxed);
        }
    }

    /// The time within which 95 % of the last answers came, at least 1 ms; `None` while there are fewer than 20.
    pub(crate) fn p95(&self) -> Option<Duration> {
        let mut sorted = [0; LAST];
        for (nanos, slot) in sorted.iter_mut().zip(&self.slots) {
            *nanos = slot.load(Ordering::Relaxed);
        }
        sorted.sort_unstable();
        // Slots without an answer come first.
        let empty = sorted.partition_point(|nanos| *nanos == 0);
        let known = sorted.get(empty..).filter(|known| known.len() >= ENOUGH)?;
        let nanos = known.get((known.len() * 19).div_ceil(20).checked_sub(1)?)?;
        Some(Duration::from_nanos(*nanos).max(SHORTEST))
    }
}

#[cfg(test)]
mod tests;
