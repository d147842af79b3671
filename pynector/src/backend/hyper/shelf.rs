//! What is idle, where every call takes from and puts back to without a lock: rows of slots, and two bits for each slot.
//!
//! A slot is free or full, and no bit of it is set while somebody has it in hand: who clears a bit is alone with the slot until
//! it sets the other one. The lowest full slot is taken and the lowest free slot is filled, so as few things as possible go
//! round, and what a quiet time does not need grows old in the slots above.

use std::sync::OnceLock;

use crate::sync::{AtomicCell, AtomicU64, Ordering};

const SLOTS: usize = u64::BITS as usize;

pub(super) struct Shelf<T> {
    most: usize,
    /// Rows are made when they are needed first.
    first: OnceLock<Box<Row<T>>>,
}

struct Row<T> {
    free: AtomicU64,
    full: AtomicU64,
    slots: [AtomicCell<Option<Box<T>>>; SLOTS],
    next: OnceLock<Box<Self>>,
}

impl<T> Shelf<T> {
    /// A shelf for so many things.
    pub(super) fn new(most: usize) -> Self {
        Self { most, first: OnceLock::new() }
    }

    /// Keeps `thing`, unless there are as many as may be; whether it does.
    pub(super) fn put(&self, thing: Box<T>) -> bool {
        let (mut row, mut most) = (&self.first, self.most);
        while most > 0 {
            let here = row.get_or_init(|| Box::new(Row::new(most)));
            if let Some(slot) = claim(&here.free) {
                here.fill(slot, thing);
                return true;
            }
            row = &here.next;
            most = most.saturating_sub(SLOTS);
        }
        false
    }

    pub(super) fn take(&self) -> Option<Box<T>> {
        self.rows().find_map(|row| {
            let slot = claim(&row.full)?;
            let thing = row.slot(slot)?.take();
            row.free.fetch_or(1 << slot, Ordering::Release);
            thing
        })
    }

    /// Drops everything that nobody has in hand and that is not `wanted`.
    pub(super) fn retain(&self, wanted: impl Fn(&T) -> bool) {
        for row in self.rows() {
            let full = row.full.load(Ordering::Relaxed);
            for slot in (0..u64::BITS).filter(|slot| full & (1 << slot) != 0) {
                let bit = 1 << slot;
                if row.full.fetch_and(!bit, Ordering::Acquire) & bit == 0 {
                    continue;
                }
                match row.slot(slot).and_then(AtomicCell::take).filter(|thing| wanted(thing)) {
                    Some(thing) => row.fill(slot, thing),
                    None => drop(row.free.fetch_or(bit, Ordering::Release)),
                }
            }
        }
    }

    /// Whether nothing is there: if anything was put before, as all threads agree, and not taken, it is.
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn len(&self) -> usize {
        self.rows().map(|row| row.full.load(Ordering::SeqCst).count_ones() as usize).sum()
    }

    fn rows(&self) -> impl Iterator<Item = &Row<T>> {
        let first = self.first.get().map(Box::as_ref);
        std::iter::successors(first, |row| row.next.get().map(Box::as_ref))
    }
}

impl<T> Row<T> {
    fn new(most: usize) -> Self {
        let free = if most < SLOTS { (1 << most) - 1 } else { u64::MAX };
        Self {
            free: AtomicU64::new(free),
            full: AtomicU64::new(0),
            slots: std::array::from_fn(|_| AtomicCell::new(None)),
            next: OnceLock::new(),
        }
    }

    fn slot(&self, slot: u32) -> Option<&AtomicCell<Option<Box<T>>>> {
        self.slots.get(slot as usize)
    }

    /// Fills a slot that the caller is alone with.
    fn fill(&self, slot: u32, thing: Box<T>) {
        if let Some(own) = self.slot(slot) {
            own.store(Some(thing));
            // The strongest order, for who looks whether anything is there.
            self.full.fetch_or(1 << slot, Ordering::SeqCst);
        }
    }
}

/// Clears the lowest bit; which one that was.
fn claim(bits: &AtomicU64) -> Option<u32> {
    let mut seen = bits.load(Ordering::Relaxed);
    while seen != 0 {
        match bits.compare_exchange_weak(seen, seen & (seen - 1), Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => return Some(seen.trailing_zeros()),
            Err(now) => seen = now,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::thread;

    use super::{AtomicCell, Shelf};

    #[test]
    fn no_lock_is_hidden_in_a_slot() {
        assert!(AtomicCell::<Option<Box<u8>>>::is_lock_free());
    }

    #[test]
    fn few_go_round_and_the_others_grow_old() {
        let shelf = Shelf::new(usize::MAX);
        assert!(shelf.is_empty() && shelf.take().is_none());
        for number in 0..200 {
            assert!(shelf.put(Box::new(number)));
        }
        for _ in 0..50 {
            let (one, two) = (shelf.take().unwrap(), shelf.take().unwrap());
            assert!(*one < 2 && *two < 2);
            assert!(shelf.put(one) && shelf.put(two));
        }
        assert_eq!(shelf.len(), 200);
        shelf.retain(|number| number % 100 == 0);
        assert_eq!(
            (shelf.take().as_deref(), shelf.take().as_deref(), shelf.take()),
            (Some(&0), Some(&100), None)
        );
    }

    #[test]
    fn as_many_are_kept_as_may_be() {
        for most in [0, 1, 63, 64, 65, 130] {
            let shelf = Shelf::new(most);
            assert_eq!((0..200).filter(|number| shelf.put(Box::new(*number))).count(), most);
            assert_eq!(shelf.len(), most);
            assert!(most == 0 || shelf.take().is_some() && shelf.put(Box::new(0)) && !shelf.put(Box::new(0)));
        }
    }

    /// Each thing says that it is in one hand; none is lost, none is there twice.
    #[test]
    fn threads_that_race_have_each_thing_alone() {
        for most in [3, 70, usize::MAX] {
            let (shelf, made, dropped) = (Shelf::new(most), AtomicUsize::new(0), AtomicUsize::new(0));
            let work = || {
                for round in 0..20_000 {
                    let things: Vec<Box<Arc<AtomicBool>>> = (0..round % 40)
                        .map(|_| {
                            shelf.take().unwrap_or_else(|| {
                                made.fetch_add(1, Ordering::Relaxed);
                                Box::default()
                            })
                        })
                        .collect();
                    assert!(things.iter().all(|thing| !thing.swap(true, Ordering::Relaxed)), "in two hands");
                    for thing in things {
                        thing.store(false, Ordering::Relaxed);
                        if !shelf.put(thing) {
                            dropped.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                    assert!(shelf.len() <= most);
                }
            };
            thread::scope(|scope| {
                let threads = [scope.spawn(work), scope.spawn(work), scope.spawn(work)];
                while threads.iter().any(|thread| !thread.is_finished()) {
                    shelf.retain(|thing| {
                        assert!(!thing.load(Ordering::Relaxed), "in two hands");
                        true
                    });
                }
            });
            assert_eq!(shelf.len(), made.into_inner() - dropped.into_inner());
        }
    }
}
