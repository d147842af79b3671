//! Tests of one circuit's changes of state, BRK-1 to BRK-6, each named after its requirement.

use std::time::Duration;

use super::CircuitState::{self, Closed, HalfOpen, Open};
use super::bench::{Bench, FLOOR, MS, SECOND, half_open, opened};
use super::{Rejected, TransitionReason as Why};
use crate::policy::Breaker;
use crate::policy::classify::Verdict::{Alive, Failure, Neutral, Success};

#[test]
fn brk_1_closed_open_half_open_closed() {
    let mut bench = opened();
    bench.open_for();
    assert_eq!(bench.state(), CircuitState::HalfOpen);
    bench.run(Success, 1);
    assert_eq!(bench.state(), CircuitState::Closed);
    assert_eq!(bench.reasons(), [Why::FailureThreshold, Why::OpenTimeElapsed, Why::ProbeSucceeded]);
    let states: Vec<_> = bench.seen.iter().map(|transition| (transition.from, transition.to)).collect();
    assert_eq!(states, [(Closed, Open), (Open, HalfOpen), (HalfOpen, Closed)]);
}

#[test]
fn brk_1_hands_rule() {
    let mut bench = Bench::new(Breaker::default());
    let forced = bench.circuit.force_open().unwrap();
    assert_eq!((forced.to, forced.reason), (CircuitState::Open, Why::Forced));
    assert_eq!(bench.circuit.force_open(), None, "nothing changed");
    bench.pass(Duration::from_secs(1 << 30));
    assert_eq!(bench.ask().unwrap_err(), Rejected { retry_in: Duration::MAX });
    assert_eq!(bench.circuit.peek(bench.now), Err(Rejected { retry_in: Duration::MAX }));

    assert_eq!(bench.circuit.force_closed().unwrap().to, CircuitState::Closed);
    bench.run(Failure, 100);
    assert_eq!(bench.state(), CircuitState::Closed, "held closed");

    assert_eq!(bench.circuit.reset(), None);
    bench.run(Failure, 5);
    assert_eq!(bench.state(), CircuitState::Open, "automatic again");
    let reset = bench.circuit.reset().unwrap();
    assert_eq!((reset.from, reset.to, reset.reason), (CircuitState::Open, CircuitState::Closed, Why::Reset));
    bench.run(Failure, 5);
    assert_eq!(bench.open_for(), SECOND, "without a past");
}

#[test]
fn brk_1_a_hand_makes_older_results_void() {
    let mut bench = Bench::new(Breaker::default());
    for _ in 0..3 {
        let old: Vec<_> = (0..5).map(|_| bench.admitted()).collect();
        assert_eq!(bench.circuit.reset(), None);
        for ticket in old {
            bench.settle(ticket, Failure);
        }
        assert_eq!(bench.state(), CircuitState::Closed);
    }
}

#[test]
fn brk_2_a_success_resets_the_streak() {
    let mut bench = Bench::new(Breaker::default().min_failure_rate(0.0));
    for _ in 0..100 {
        bench.run(Failure, 4);
        bench.run(Success, 1);
    }
    assert_eq!(bench.state(), CircuitState::Closed);
    bench.run(Failure, 5);
    assert_eq!(bench.state(), CircuitState::Open);
}

#[test]
fn brk_2_neutral_touches_neither_streak_nor_ring() {
    for neutral in [Neutral, Alive] {
        let mut bench = Bench::new(Breaker::default());
        bench.run(Success, 10);
        for _ in 0..9 {
            bench.run(Failure, 1);
            bench.run(neutral, 70);
        }
        assert_eq!(bench.state(), CircuitState::Closed, "9 of 19 failed");
        bench.run(Failure, 1);
        assert_eq!(bench.state(), CircuitState::Open, "10 of 20 failed, all in a row");
    }
}

#[test]
fn brk_2_streak_and_rate_must_agree() {
    for (rate, needed) in [(0.0, 5), (0.25, 16), (0.5, 32), (0.7, 45), (1.0, 64)] {
        let mut bench = Bench::new(Breaker::default().min_failure_rate(rate));
        bench.run(Success, 1000);
        bench.run(Failure, needed - 1);
        assert_eq!(bench.state(), CircuitState::Closed, "rate {rate}, {needed} failures needed");
        bench.run(Failure, 1);
        assert_eq!(bench.state(), CircuitState::Open, "rate {rate}, {needed} failures needed");
    }
}

#[test]
fn brk_2_the_third_neutral_probe_that_is_answered_closes() {
    let mut bench = half_open(Breaker::default());
    bench.run(Alive, 2);
    assert_eq!(bench.state(), CircuitState::HalfOpen);
    bench.run(Alive, 1);
    assert_eq!(bench.state(), CircuitState::Closed);
    assert_eq!(bench.reasons().last(), Some(&Why::ProbesNeutral));

    let mut silent = half_open(Breaker::default());
    silent.run(Neutral, 50);
    assert_eq!(silent.state(), CircuitState::HalfOpen, "nobody answered");
    silent.run(Alive, 1);
    assert_eq!(silent.state(), CircuitState::Closed);
}

#[test]
fn brk_2_the_run_of_neutral_probes_ends_with_its_half_open_time() {
    let mut bench = half_open(Breaker::default());
    bench.run(Alive, 2);
    bench.run(Failure, 1);
    bench.open_for();
    bench.run(Alive, 2);
    assert_eq!(bench.state(), CircuitState::HalfOpen);
}

#[test]
fn brk_3_half_open_admits_one() {
    let mut bench = half_open(Breaker::default());
    let probe = bench.admitted();
    assert!(probe.is_probe());
    for _ in 0..100 {
        assert_eq!(bench.ask().unwrap_err(), Rejected { retry_in: SECOND });
        assert_eq!(bench.circuit.peek(bench.now), Err(Rejected { retry_in: SECOND }));
    }
    bench.settle(probe, Success);
    assert!(!bench.admitted().is_probe());
}

#[test]
fn brk_3_half_open_admits_as_many_as_it_is_told() {
    let mut bench = half_open(Breaker::default().probes(3));
    let mut probes: Vec<_> = (0..3).map(|_| bench.admitted()).collect();
    assert!(bench.ask().is_err());
    bench.settle(probes.remove(1), Neutral);
    probes.push(bench.admitted());
    assert!(bench.ask().is_err());
    bench.settle(probes.remove(0), Failure);
    assert_eq!(bench.state(), CircuitState::Open);
    bench.open_for();
    for late in probes {
        bench.settle(late, Success);
    }
    assert_eq!(bench.state(), CircuitState::HalfOpen, "probes of an earlier half-open time are late");
}

#[test]
fn brk_3_peek_takes_no_slot() {
    let mut bench = half_open(Breaker::default());
    for _ in 0..10 {
        assert_eq!(bench.circuit.peek(bench.now), Ok(()));
    }
    assert!(bench.admitted().is_probe());
}

#[test]
fn brk_4_a_dropped_probe_gives_its_slot_back() {
    let mut bench = half_open(Breaker::default());
    for _ in 0..100 {
        let probe = bench.admitted();
        assert!(bench.ask().is_err());
        bench.settle(probe, Neutral);
        assert_eq!(bench.state(), CircuitState::HalfOpen);
    }
}

#[test]
fn brk_5_an_endless_probe_counts_as_a_failure() {
    let mut bench = half_open(Breaker::default());
    let endless = bench.admitted();
    bench.pass(FLOOR.saturating_sub(MS));
    assert_eq!(bench.ask().unwrap_err(), Rejected { retry_in: MS }, "the lease is the attempt timeout");
    bench.pass(MS);
    assert_eq!(bench.ask().unwrap_err(), Rejected { retry_in: 2 * SECOND }, "open for twice the base");
    assert_eq!(bench.reasons().last(), Some(&Why::ProbeExpired));
    bench.settle(endless, Success);
    assert_eq!(bench.state(), CircuitState::Open, "its slot is gone, it is late");
    bench.pass(2 * SECOND);
    assert!(bench.admitted().is_probe());
}

#[test]
fn brk_5_the_lease_is_at_least_twice_the_open_time() {
    let mut bench = half_open(Breaker::default().open(8 * SECOND));
    let _endless = bench.admitted();
    bench.pass((16 * SECOND).saturating_sub(MS));
    assert_eq!(bench.state(), CircuitState::HalfOpen);
    assert_eq!(bench.ask().unwrap_err(), Rejected { retry_in: MS });
    bench.pass(MS);
    assert!(bench.ask().is_err());
    assert_eq!(bench.state(), CircuitState::Open);
}

#[test]
fn brk_5_a_lease_that_ended_long_ago_refuses_nobody() {
    let mut bench = half_open(Breaker::default());
    let endless = bench.admitted();
    bench.pass(FLOOR + 2 * SECOND);
    let probe = bench.admitted();
    assert!(probe.is_probe());
    assert_eq!(bench.reasons()[2..], [Why::ProbeExpired, Why::OpenTimeElapsed]);
    bench.settle(endless, Success);
    assert_eq!(bench.state(), CircuitState::HalfOpen);
    assert!(bench.ask().is_err(), "the endless probe frees nobody else's slot");
    bench.settle(probe, Success);
    assert_eq!(bench.state(), CircuitState::Closed);
}

#[test]
fn brk_5_each_probe_has_its_own_lease() {
    for early_ends in [true, false] {
        let mut bench = half_open(Breaker::default().probes(2));
        let early = bench.admitted();
        bench.pass(6 * SECOND);
        let late = bench.admitted();
        bench.settle(if early_ends { early } else { late }, Neutral);
        bench.pass(4 * SECOND);
        assert_eq!(bench.ask().is_ok(), early_ends, "the lease that is left is the other's");
    }
}

#[test]
fn brk_6_a_late_result_changes_nothing() {
    let mut bench = Bench::new(Breaker::default());
    let mut late: Vec<_> = (0..12).map(|_| bench.admitted()).collect();
    bench.run(Failure, 5);
    let open_for = bench.ask().unwrap_err();
    bench.settle(late.remove(0), Success);
    bench.settle(late.remove(0), Failure);
    assert_eq!(bench.ask().unwrap_err(), open_for);
    bench.open_for();
    let probe = bench.admitted();
    bench.settle(late.remove(0), Success);
    bench.settle(late.remove(0), Failure);
    assert_eq!(bench.state(), CircuitState::HalfOpen);
    bench.settle(probe, Success);
    for ticket in late {
        bench.settle(ticket, Failure);
    }
    assert_eq!(bench.state(), CircuitState::Closed, "eight late failures do not open it again");
    bench.run(Failure, 4);
    assert_eq!(bench.state(), CircuitState::Closed, "nor do they count");
}
