//! Tests of one circuit's times, past and limits, BRK-7 to BRK-14, each named after its requirement.

use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use super::bench::{Bench, FLOOR, MIDDLE, SECOND, half_open, opened};
use super::{CLOSED, CircuitState, Rejected, TransitionReason as Why};
use crate::policy::Breaker;
use crate::policy::classify::Verdict::{Alive, Failure, Neutral, Success};

#[test]
fn brk_7_a_refusal_names_a_time_at_which_somebody_is_admitted() {
    let mut bench = opened();
    for _ in 0..50 {
        let Rejected { retry_in } = bench.ask().unwrap_err();
        bench.pass(retry_in);
        let probe = bench.admitted();
        bench.settle(probe, Failure);
    }
}

#[test]
fn brk_8_open_times_double_up_to_the_cap() {
    let mut bench = opened();
    let mut times = Vec::new();
    for _ in 0..7 {
        times.push(bench.open_for().as_secs());
        bench.run(Failure, 1);
    }
    assert_eq!(times, [1, 2, 4, 8, 15, 15, 15]);
}

#[test]
fn brk_8_open_times_are_spread_by_a_tenth() {
    for (random, millis) in [(0.0, 900), (0.5, 1000), (1.0, 1100)] {
        let mut bench = Bench { random, ..Bench::new(Breaker::default()) };
        bench.run(Failure, 5);
        assert_eq!(bench.open_for(), Duration::from_millis(millis));
    }
}

#[test]
fn brk_8_the_cap_is_spread_too() {
    for (random, millis) in [(0.0, 13_500), (1.0, 16_500)] {
        let mut bench = Bench { random, ..Bench::new(Breaker::default().open(15 * SECOND)) };
        bench.run(Failure, 5);
        assert_eq!(bench.open_for(), Duration::from_millis(millis));
    }
}

#[test]
fn brk_8_the_doubling_is_forgotten_after_one_open_time_closed() {
    let reopened = |stay: Duration| {
        let mut bench = half_open(Breaker::default());
        bench.run(Failure, 1);
        assert_eq!(bench.open_for(), 2 * SECOND);
        bench.run(Success, 1);
        bench.pass(stay);
        bench.run(Failure, 5);
        bench.open_for()
    };
    assert_eq!(reopened(Duration::from_millis(1999)), 4 * SECOND, "a flapping server waits on");
    assert_eq!(reopened(2 * SECOND), SECOND);
}

#[test]
fn brk_10_the_policies_know_no_wall_clock() {
    for (file, text) in [
        ("backoff.rs", include_str!("../backoff.rs")),
        ("breaker.rs", include_str!("../breaker.rs")),
        ("budget.rs", include_str!("../budget.rs")),
        ("bulkhead.rs", include_str!("../bulkhead.rs")),
        ("budget/tokens.rs", include_str!("../budget/tokens.rs")),
        ("circuit.rs", include_str!("../circuit.rs")),
        ("circuit/ramp.rs", include_str!("ramp.rs")),
        ("circuit/state.rs", include_str!("state.rs")),
        ("classify.rs", include_str!("../classify.rs")),
        ("deadline.rs", include_str!("../deadline.rs")),
        ("hedge.rs", include_str!("../hedge.rs")),
        ("hedge/latencies.rs", include_str!("../hedge/latencies.rs")),
        ("limit.rs", include_str!("../limit.rs")),
        ("limit/field.rs", include_str!("../limit/field.rs")),
        ("limit/gcra.rs", include_str!("../limit/gcra.rs")),
        ("registry.rs", include_str!("../registry.rs")),
        ("retry.rs", include_str!("../retry.rs")),
        ("schedule.rs", include_str!("../schedule.rs")),
        ("status.rs", include_str!("../status.rs")),
    ] {
        assert!(!text.contains("SystemTime") && !text.contains("Instant::now"), "{file}");
    }
}

#[test]
fn brk_12_a_panic_under_the_lock_does_not_wedge_it() {
    let bench = Bench::new(Breaker::default());
    let panicked = std::thread::scope(|scope| {
        let held = scope.spawn(|| {
            let _guard = bench.circuit.state.lock();
            panic!("while holding the lock");
        });
        held.join().is_err()
    });
    assert!(panicked);
    let mut bench = bench;
    bench.run(Failure, 5);
    assert_eq!(bench.state(), CircuitState::Open);
}

#[test]
fn brk_11_a_healthy_circuit_takes_no_lock() {
    let mut bench = Bench::new(Breaker::default());
    bench.run(Success, 64);
    let Bench { circuit, breaker, now, .. } = bench;
    let circuit = Arc::new(circuit);
    let _held = circuit.state.lock().unwrap();
    let (done, is_done) = mpsc::channel();
    let other = Arc::clone(&circuit);
    // Not scoped: one that takes the lock would never end.
    std::thread::spawn(move || {
        for verdict in [Success, Neutral, Alive] {
            let ticket = other.admit(&breaker, now, MIDDLE, FLOOR).result.unwrap();
            assert_eq!(other.settle(&breaker, ticket, verdict, now, MIDDLE), None);
        }
        assert_eq!((other.peek(now), other.state(now)), (Ok(()), CircuitState::Closed));
        done.send(()).unwrap();
    });
    assert_eq!(is_done.recv_timeout(20 * SECOND), Ok(()), "it waits for the lock");
}

#[test]
fn brk_11_a_circuit_that_closed_by_itself_takes_no_lock() {
    let mut bench = Bench::new(Breaker::spec());
    bench.run(Failure, 5);
    bench.pass(60 * SECOND);
    let _ticket = bench.admitted();
    assert_ne!(bench.circuit.summary.load(Ordering::Acquire) & CLOSED, 0);
}

#[test]
fn brk_14_earlier_successes_delay_the_trip() {
    for (before, needed) in [(0, 5), (3, 5), (5, 5), (6, 6), (20, 20), (32, 32), (1000, 32)] {
        let mut bench = Bench::new(Breaker::default());
        bench.run(Success, before);
        bench.run(Failure, needed - 1);
        assert_eq!(bench.state(), CircuitState::Closed, "{before} successes");
        bench.run(Failure, 1);
        assert_eq!(bench.state(), CircuitState::Open, "{before} successes");
    }
}

#[test]
fn brk_14_a_fifth_of_failures_never_trips() {
    let mut bench = Bench::new(Breaker::default());
    let mut rng = fastrand::Rng::with_seed(11);
    for _ in 0..30_000 {
        bench.run(if rng.f64() < 0.2 { Failure } else { Success }, 1);
    }
    assert_eq!(bench.seen, []);
}

#[test]
fn brk_14_the_past_is_forgotten_on_closing() {
    let mut bench = half_open(Breaker::default());
    bench.run(Success, 1);
    bench.run(Failure, 4);
    assert_eq!(bench.state(), CircuitState::Closed);
    bench.run(Failure, 1);
    assert_eq!(bench.state(), CircuitState::Open);
}

#[test]
fn spec_closes_at_once_a_fixed_time_after_the_last_failure() {
    let mut bench = Bench { random: 1.0, ..Bench::new(Breaker::spec()) };
    bench.run(Success, 1000);
    bench.run(Failure, 4);
    let late = [bench.admitted(), bench.admitted(), bench.admitted()];
    bench.run(Failure, 1);
    bench.pass(20 * SECOND);
    assert_eq!(bench.ask().unwrap_err(), Rejected { retry_in: 40 * SECOND });
    let [failed, fine, neutral] = late;
    bench.settle(failed, Failure);
    bench.pass(10 * SECOND);
    bench.settle(fine, Success);
    bench.settle(neutral, Neutral);
    assert_eq!(bench.ask().unwrap_err(), Rejected { retry_in: 50 * SECOND }, "counted from the last failure");
    assert_eq!(bench.open_for(), 50 * SECOND);
    assert_eq!(bench.state(), CircuitState::Closed);
    let herd: Vec<_> = (0..10).map(|_| bench.admitted()).collect();
    assert!(herd.iter().all(|ticket| !ticket.is_probe()));
    bench.run(Failure, 4);
    assert_eq!(bench.state(), CircuitState::Closed, "the count is at 0");
    bench.run(Failure, 1);
    assert_eq!(bench.open_for(), 60 * SECOND, "no doubling");
    assert_eq!(bench.reasons()[..2], [Why::FailureThreshold, Why::OpenTimeElapsed]);
}

#[test]
fn spec_a_late_failure_after_the_time_is_over_prolongs_nothing() {
    let mut bench = Bench::new(Breaker::spec());
    let late = bench.admitted();
    bench.run(Failure, 5);
    bench.pass(60 * SECOND);
    bench.settle(late, Failure);
    assert_eq!(bench.state(), CircuitState::Closed);
}

#[test]
fn cfg_4_the_longest_times_do_not_panic() {
    let endless = Breaker::new().open(Duration::MAX).max_open(Duration::MAX);
    for breaker in [endless, Breaker::new().reset_timeout(Duration::MAX)] {
        let mut bench = Bench { random: 1.0, ..Bench::new(breaker) };
        bench.run(Failure, 5);
        bench.pass(Duration::from_secs(1 << 31));
        assert!(bench.ask().is_err());
        assert_eq!(bench.state(), CircuitState::Open);
    }
    let mut bench = half_open(Breaker::default());
    let probe = bench.circuit.admit(&bench.breaker, bench.now, f64::NAN, Duration::MAX).result.unwrap();
    bench.pass(Duration::from_secs(1 << 31));
    assert_eq!(bench.ask().unwrap_err(), Rejected { retry_in: SECOND }, "a lease without end");
    bench.settle(probe, Success);
    assert_eq!(bench.state(), CircuitState::Closed);
}
