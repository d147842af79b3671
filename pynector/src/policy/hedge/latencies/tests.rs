//! Tests of what an operation remembers of its answers.

use std::time::Duration;

use super::{LAST, Latencies};

const MS: Duration = Duration::from_millis(1);

#[test]
fn hdg_1_twenty_answers_are_enough() {
    let latencies = Latencies::new();
    for n in 1..20 {
        latencies.record(MS * n);
        assert_eq!(latencies.p95(), None, "after {n}");
    }
    latencies.record(MS * 20);
    assert_eq!(latencies.p95(), Some(MS * 19), "19 of 20 took no longer");
}

#[test]
fn hdg_1_the_slowest_of_twenty_are_left_out() {
    let latencies = Latencies::new();
    // Not in order: 64 different answers, 61 of which are the first 95 %.
    for n in 0..64_u32 {
        latencies.record(MS * (n * 37 % 64 + 1));
    }
    assert_eq!(latencies.p95(), Some(MS * 61));
}

#[test]
fn hdg_1_old_answers_are_forgotten() {
    let latencies = Latencies::new();
    (0..1000).for_each(|_| latencies.record(MS * 900));
    (0..LAST).for_each(|_| latencies.record(MS * 5));
    assert_eq!(latencies.p95(), Some(MS * 5));
    (0..3).for_each(|_| latencies.record(MS * 900));
    assert_eq!(latencies.p95(), Some(MS * 5));
    latencies.record(MS * 900);
    assert_eq!(latencies.p95(), Some(MS * 900), "four of 64 are more than one of twenty");
}

#[test]
fn hdg_1_never_within_a_millisecond() {
    let latencies = Latencies::new();
    (0..64).for_each(|_| latencies.record(Duration::ZERO));
    assert_eq!(latencies.p95(), Some(MS));
    (0..64).for_each(|_| latencies.record(MS + Duration::from_nanos(1)));
    assert_eq!(latencies.p95(), Some(MS + Duration::from_nanos(1)));
}

#[test]
fn cfg_4_an_answer_may_take_for_ever() {
    let latencies = Latencies::new();
    (0..64).for_each(|_| latencies.record(Duration::MAX));
    assert_eq!(latencies.p95(), Some(Duration::from_nanos(u64::MAX)));
}

#[test]
fn threads_lose_no_answer() {
    let latencies = Latencies::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..16).for_each(|_| latencies.record(MS * 7)));
        }
    });
    assert_eq!(latencies.p95(), Some(MS * 7));
    assert!(latencies.slots.iter().all(|slot| slot.load(super::Ordering::Relaxed) == 7_000_000));
}
