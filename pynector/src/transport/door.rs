//! The calls that are inside, and whether another may come in: one number, so that no order of the two can go wrong.

use crate::sync::{AtomicUsize, Ordering};

const OPEN: usize = 1;
/// Somebody has waited until nobody was inside.
const AWAITED: usize = 2;
/// One call.
const ONE: usize = 4;

/// A door that is shut at first.
#[derive(Debug)]
pub(crate) struct Door(AtomicUsize);

impl Door {
    pub(crate) fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// A call comes, and is counted until it [leaves](Self::leave); whether the door was open. Where it was, whoever shuts it later and
    /// then sees nobody inside comes after the call has left.
    pub(crate) fn enter(&self) -> bool {
        self.0.fetch_add(ONE, Ordering::Acquire) & OPEN != 0
    }

    /// The call leaves; whether somebody waits for just that.
    pub(crate) fn leave(&self) -> bool {
        self.0.fetch_sub(ONE, Ordering::Release) & !OPEN == ONE | AWAITED
    }

    pub(crate) fn open(&self) {
        self.0.fetch_or(OPEN, Ordering::Release);
    }

    pub(crate) fn shut(&self) {
        self.0.fetch_and(!OPEN, Ordering::Relaxed);
    }

    pub(crate) fn is_open(&self) -> bool {
        self.0.load(Ordering::Acquire) & OPEN != 0
    }

    /// Whether nobody is inside; else the last one who leaves is told that it is awaited.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.fetch_or(AWAITED, Ordering::Acquire) < ONE
    }
}
