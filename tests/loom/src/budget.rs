//! Models of one host's budget: what is granted, given back and earned at once (BUD-1, BUD-4).

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use loom::sync::Arc;

use crate::policy::budget::{Budget, ResolvedBudget};
use crate::{epoch, explore, race};

/// One retry for nothing, and one for each success.
const NUMBERS: ResolvedBudget = ResolvedBudget { floor: 1000, ratio: 1000 };

/// Half a retry for each success.
const HALF: ResolvedBudget = ResolvedBudget { ratio: 500, ..NUMBERS };

pub fn two_withdraw_and_one_deposits() {
    explore(|| {
        let now = epoch();
        let budget = Arc::new(Budget::new(now));
        let [one, two, three] = [&budget, &budget, &budget].map(Arc::clone);
        let (first, second, ()) = race(
            move || one.withdraw(&HALF, now),
            move || two.withdraw(&HALF, now),
            move || three.deposit(now),
        );
        assert!(first != second, "one and a half are one, whoever comes first");
    });
    explore(|| {
        let now = epoch();
        let budget = Arc::new(Budget::new(now));
        let [one, two, three] = [&budget, &budget, &budget].map(Arc::clone);
        let (first, second, ()) = race(
            move || one.withdraw(&NUMBERS, now),
            move || two.withdraw(&NUMBERS, now),
            move || three.deposit(now),
        );
        let granted = u32::from(first) + u32::from(second);
        assert!((1..=2).contains(&granted));
        // All is visible now, and nothing was lost on the way.
        let more = (0..4).filter(|_| budget.withdraw(&NUMBERS, now)).count();
        assert_eq!(granted as usize + more, 2, "one retry for nothing, and one for the success");
    });
}

pub fn two_deposit_into_a_slot_of_the_past() {
    explore(|| {
        let base = epoch();
        let budget = Arc::new(Budget::new(base));
        budget.deposit(base);
        let now = base + Duration::from_secs(10);
        let [one, two, three] = [&budget, &budget, &budget].map(Arc::clone);
        let ((), (), early) = race(
            move || one.deposit(now),
            move || two.deposit(now),
            move || three.withdraw_hedge(&NUMBERS, now),
        );
        let more = (0..4).filter(|_| budget.withdraw_hedge(&NUMBERS, now)).count();
        assert_eq!(usize::from(early) + more, 2, "two successes, and none of the old one");
    });
}

pub fn a_slot_ends_while_it_is_counted() {
    explore(|| {
        let base = epoch();
        let budget = Arc::new(Budget::new(base));
        let next = base + Duration::from_millis(250);
        let [one, two, three] = [&budget, &budget, &budget].map(Arc::clone);
        let ((), (), early) = race(
            move || one.deposit(base),
            move || two.deposit(next),
            move || three.withdraw_hedge(&NUMBERS, next),
        );
        let more = (0..4).filter(|_| budget.withdraw_hedge(&NUMBERS, next)).count();
        assert_eq!(usize::from(early) + more, 2, "each success once, whichever slot it fell into");
    });
}

pub fn what_is_refunded_is_granted_again_and_never_twice() {
    explore(|| {
        let now = epoch();
        let budget = Arc::new(Budget::new(now));
        let in_hand = std::sync::Arc::new(AtomicU32::new(0));
        let retry = |sent: bool| {
            let (budget, in_hand) = (Arc::clone(&budget), std::sync::Arc::clone(&in_hand));
            move || {
                if !budget.withdraw(&NUMBERS, now) {
                    return false;
                }
                assert_eq!(in_hand.fetch_add(1, Ordering::SeqCst), 0, "one retry was granted twice");
                if sent {
                    // It weighs from now on, and nobody gets another.
                    budget.spend(now);
                } else {
                    in_hand.fetch_sub(1, Ordering::SeqCst);
                    budget.refund();
                }
                sent
            }
        };
        let (one, two, _) = race(retry(true), retry(true), retry(false));
        assert!(!(one && two));
        assert_eq!(
            budget.withdraw(&NUMBERS, now),
            !one && !two,
            "what was refunded is there, what was sent is not"
        );
    });
}
