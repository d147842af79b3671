//! What was there before, as hashes: by it a walk that goes in a circle is noticed.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher as _};

/// So many are remembered, in 32 KiB; a circle that is longer has no end that this would find.
const REMEMBERED: usize = 4096;

/// The last of what was there.
#[derive(Debug, Default)]
pub(super) struct Seen(VecDeque<u64>);

impl Seen {
    /// Whether `thing` was not there; it is from now on.
    pub(super) fn is_new(&mut self, thing: impl Hash) -> bool {
        let mut hasher = DefaultHasher::new();
        thing.hash(&mut hasher);
        let hash = hasher.finish();
        if self.0.contains(&hash) {
            return false;
        }
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(hash);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{REMEMBERED, Seen};

    #[test]
    fn a_circle_of_any_length_that_is_remembered_is_noticed() {
        for length in [1, 2, 7, REMEMBERED] {
            let mut seen = Seen::default();
            assert!((0..length).all(|number| seen.is_new(number)), "{length}");
            assert!(!seen.is_new(0_usize), "{length}");
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut seen = Seen::default();
        assert!((0..3 * REMEMBERED).all(|number| seen.is_new(number)));
        assert_eq!(seen.0.len(), REMEMBERED);
        assert!(seen.0.capacity() <= 2 * REMEMBERED);
    }
}
