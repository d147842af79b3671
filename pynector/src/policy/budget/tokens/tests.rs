//! Tests of the budget: what is worth how much, for how long, and to whom it goes back.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::time::Instant;

use super::Budget;
use crate::policy::RetryBudget;
use crate::policy::budget::ResolvedBudget;
use crate::policy::testing::epoch;

const SECOND: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);

fn default() -> ResolvedBudget {
    RetryBudget::new().resolve().unwrap()
}

fn of(ratio: f64, min_per_second: f64) -> ResolvedBudget {
    RetryBudget::new().ratio(ratio).min_per_second(min_per_second).resolve().unwrap()
}

/// How many retries are granted and sent until one is refused.
fn drain(budget: &Budget, numbers: &ResolvedBudget, now: Instant) -> u64 {
    (0..200_000).take_while(|_| budget.withdraw(numbers, now)).inspect(|_| budget.spend(now)).count() as u64
}

fn earn(budget: &Budget, successes: u32, now: Instant) {
    (0..successes).for_each(|_| budget.deposit(now));
}

#[test]
fn bud_1_the_floor_and_a_fifth_of_the_successes() {
    let (now, numbers) = (epoch(), default());
    let budget = Budget::new(now);
    assert_eq!(drain(&budget, &numbers, now), 10);
    earn(&budget, 4, now);
    assert_eq!(drain(&budget, &numbers, now), 0, "four fifths of a retry are none");
    earn(&budget, 1, now);
    assert_eq!(drain(&budget, &numbers, now), 1);
    earn(&budget, 1000, now);
    assert_eq!(drain(&budget, &numbers, now), 200);
}

#[test]
fn bud_1_a_success_is_worth_ten_seconds_at_most_and_a_retry_weighs_ten_at_least() {
    let (base, numbers) = (epoch(), of(1.0, 0.0));
    let budget = Budget::new(base);
    earn(&budget, 3, base + MS * 900);
    assert!(budget.withdraw(&numbers, base + MS * 10_749), "9.849 s later it counts");
    budget.refund();
    assert_eq!(drain(&budget, &numbers, base + MS * 10_750), 0, "its slot is gone after 9.85 s already");
    // A retry of second 20, then successes that would allow one.
    let sent = base + SECOND * 20;
    earn(&budget, 1, sent);
    assert_eq!(drain(&budget, &numbers, sent), 1);
    let later = sent + SECOND * 10;
    earn(&budget, 1, later);
    assert_eq!(drain(&budget, &numbers, later), 0, "10.0 s later it still weighs");
    let free = sent + MS * 10_249;
    assert_eq!(drain(&budget, &numbers, free), 0);
    assert_eq!(drain(&budget, &numbers, free + MS), 1);
}

#[test]
fn bud_1_what_is_granted_weighs_until_it_is_sent() {
    let (base, numbers) = (epoch(), of(0.0, 0.3));
    let budget = Budget::new(base);
    for _ in 0..3 {
        assert!(budget.withdraw(&numbers, base));
    }
    let later = base + SECOND * 60;
    assert!(!budget.withdraw(&numbers, later), "three wait for their turn, however long");
    for _ in 0..3 {
        budget.spend(later);
    }
    assert!(!budget.withdraw(&numbers, later + SECOND * 10));
    assert!(budget.withdraw(&numbers, later + SECOND * 11));
}

#[test]
fn bud_2_a_ratio_is_exact_to_a_thousandth() {
    for thousandths in [0_u32, 1, 3, 100, 200, 300, 333, 600, 999, 1000, 1001, 2500, 10_000] {
        let now = epoch();
        let budget = Budget::new(now);
        earn(&budget, 10_000, now);
        let ratio = of(f64::from(thousandths) / 1000.0, 0.0);
        // A slot can count 65,535 of them.
        let granted = drain(&budget, &ratio, now) + drain(&budget, &ratio, now + MS * 250);
        assert_eq!(granted, u64::from(thousandths) * 10, "{thousandths}/1000");
    }
}

#[test]
fn bud_4_a_refund_makes_room_for_another() {
    let (now, numbers) = (epoch(), of(0.0, 0.1));
    let budget = Budget::new(now);
    for _ in 0..100 {
        assert!(budget.withdraw(&numbers, now));
        assert!(!budget.withdraw(&numbers, now));
        budget.refund();
    }
    assert!(budget.is_full(now));
    budget.refund();
    assert_eq!(drain(&budget, &numbers, now), 1, "what nobody had cannot be given back");
}

#[test]
fn bud_7_thirty_idle_days_are_one_step() {
    let (base, numbers) = (epoch(), default());
    let budget = Budget::new(base);
    earn(&budget, 1_000, base);
    assert_eq!(drain(&budget, &numbers, base), 210);
    let later = base + Duration::from_secs(30 * 24 * 3600);
    assert!(budget.is_full(later));
    assert_eq!(drain(&budget, &numbers, later), 10, "nothing old is left");
    let never = base + Duration::from_secs(1 << 40);
    assert_eq!(drain(&budget, &numbers, never), 10, "beyond what the slots can name");
}

#[test]
fn bud_7_a_success_takes_a_lock_only_as_the_first_of_its_slot() {
    let now = epoch() + SECOND;
    let budget = Arc::new(Budget::new(now - SECOND));
    budget.deposit(now);
    let held = budget.past.lock().unwrap();
    let (done, is_done) = mpsc::channel();
    let other = Arc::clone(&budget);
    // Not scoped: one that takes the lock would never end.
    std::thread::spawn(move || {
        other.deposit(now);
        done.send(()).unwrap();
    });
    assert_eq!(is_done.recv_timeout(20 * SECOND), Ok(()), "it waits for the lock");
    drop(held);
    assert_eq!(drain(&budget, &of(1.0, 0.0), now), 2);
}

#[test]
fn bud_8_nothing_is_free_for_hedges() {
    let (now, numbers) = (epoch(), default());
    let budget = Budget::new(now);
    assert!(!budget.withdraw_hedge(&numbers, now));
    earn(&budget, 10, now);
    assert!(budget.withdraw_hedge(&numbers, now));
    assert!(budget.withdraw_hedge(&numbers, now));
    assert!(!budget.withdraw_hedge(&numbers, now));
    budget.spend(now);
    budget.spend(now);
    assert_eq!(drain(&budget, &numbers, now), 10, "both draw from one budget");
}

#[test]
fn bud_10_it_is_back_one_window_after_an_outage() {
    let (base, numbers) = (epoch(), default());
    let budget = Budget::new(base);
    let mut now = base;
    for _ in 0..60 {
        drain(&budget, &numbers, now);
        now += SECOND;
    }
    for _ in 0..11 {
        now += SECOND;
        earn(&budget, 100, now);
    }
    assert_eq!(drain(&budget, &numbers, now), 10 + 200);
}

#[test]
fn sco_2_a_budget_is_full_when_nothing_weighs() {
    let (base, numbers) = (epoch(), default());
    let budget = Budget::new(base);
    assert!(budget.is_full(base));
    earn(&budget, 5, base);
    assert!(budget.is_full(base), "a success is no debt");
    assert!(budget.withdraw(&numbers, base));
    let later = base + SECOND * 60;
    assert!(!budget.is_full(later), "reserved");
    budget.spend(later);
    assert!(!budget.is_full(later + SECOND * 10));
    assert!(budget.is_full(later + SECOND * 11));
    assert!(size_of::<Budget>() <= 208, "{}", size_of::<Budget>());
}

#[test]
fn a_time_that_comes_late_is_no_new_time() {
    let (base, numbers) = (epoch(), of(1.0, 0.0));
    let budget = Budget::new(base);
    let late = base + SECOND * 5;
    earn(&budget, 1, base + SECOND * 15);
    earn(&budget, 7, late);
    assert_eq!(drain(&budget, &numbers, base + SECOND * 15), 1, "the seven were too late for the slot");
    assert!(!budget.withdraw(&numbers, late));
    earn(&budget, 1, base + SECOND * 15);
    assert!(budget.withdraw(&numbers, late), "asked late, but not in the past");
    budget.spend(late);
    assert!(!budget.is_full(base + SECOND * 25), "it weighs from the newest second on");
    assert!(budget.is_full(base + SECOND * 26));
    assert!(!budget.withdraw(&numbers, base - SECOND), "before the beginning is the newest second too");
}
