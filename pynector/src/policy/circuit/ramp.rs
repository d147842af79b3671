//! Tests of the ramp after a probe closed a circuit, BRK-13.

use std::sync::atomic::Ordering;
use std::time::Duration;

use proptest::prelude::*;

use super::bench::{Bench, MS, SECOND, half_open};
use super::{CLOSED, CircuitState, Rejected, TransitionReason as Why};
use crate::policy::Breaker;
use crate::policy::classify::Verdict::{Alive, Failure, Success};
use crate::policy::testing::proptest_config;

const RAMP: Duration = Duration::from_secs(10);

fn closing() -> Bench {
    let mut bench = half_open(Breaker::default().ramp(RAMP));
    bench.run(Success, 1);
    assert_eq!(bench.state(), CircuitState::Closed);
    bench
}

/// The share of a hundred calls that is let through now.
fn share(bench: &mut Bench) -> u32 {
    let let_through = |percent: &u32| {
        bench.random = f64::from(*percent) / 100.0 + 0.005;
        bench.ask().is_ok()
    };
    let count = (0..100).filter(let_through).count();
    u32::try_from(count).unwrap()
}

fn is_fast(bench: &Bench) -> bool {
    bench.circuit.summary.load(Ordering::SeqCst) & CLOSED != 0
}

#[test]
fn brk_13_the_share_grows_from_a_tenth_to_all() {
    let mut bench = closing();
    let mut shares = Vec::new();
    for _ in 0..10 {
        shares.push(share(&mut bench));
        assert!(!is_fast(&bench));
        bench.pass(SECOND);
    }
    assert_eq!(shares, [10, 19, 28, 37, 46, 55, 64, 73, 82, 91]);
    assert_eq!(share(&mut bench), 100);
    assert!(is_fast(&bench), "one load again");
}

#[test]
fn brk_13_who_is_refused_may_ask_soon() {
    let mut bench = closing();
    bench.random = 0.1;
    assert_eq!(bench.circuit.peek(bench.now), Ok(()), "nobody is refused for certain");
    assert_eq!(bench.ask().unwrap_err(), Rejected { retry_in: SECOND });
    bench.pass(SECOND);
    assert!(bench.ask().is_ok());
    assert_eq!(bench.state(), CircuitState::Closed);
}

#[test]
fn brk_13_without_a_ramp_all_go_at_once() {
    let mut bench = half_open(Breaker::default());
    bench.run(Success, 1);
    assert!(is_fast(&bench));
    assert_eq!(share(&mut bench), 100);
}

#[test]
fn brk_13_only_a_probe_begins_a_ramp() {
    let ramped = Breaker::default().ramp(RAMP);
    assert_eq!(share(&mut Bench::new(ramped)), 100, "never open");

    let mut answered = half_open(ramped);
    answered.run(Alive, 3);
    assert_eq!(answered.reasons().last(), Some(&Why::ProbesNeutral));
    assert_eq!(share(&mut answered), 10);

    let mut fixed = Bench::new(Breaker::spec().ramp(RAMP));
    fixed.run(Failure, 5);
    fixed.open_for();
    assert_eq!(share(&mut fixed), 100, "closed by the time");
}

#[test]
fn brk_13_a_failing_ramp_opens_the_circuit_and_the_next_begins_afresh() {
    let mut bench = closing();
    bench.pass(SECOND * 5);
    bench.random = 0.5;
    bench.run(Failure, 5);
    assert_eq!(bench.state(), CircuitState::Open);
    bench.pass(SECOND);
    bench.run(Success, 1);
    assert_eq!(share(&mut bench), 10);
}

#[test]
fn brk_13_a_hand_ends_a_ramp() {
    let mut bench = closing();
    bench.circuit.reset();
    assert_eq!(share(&mut bench), 100);

    let mut held = closing();
    held.circuit.force_closed();
    assert_eq!(share(&mut held), 100);
    assert!(is_fast(&held));
}

proptest! {
    #![proptest_config(proptest_config(500))]

    #[test]
    fn brk_13_cfg_4_no_ramp_panics_and_each_ends(
        seconds in any::<u64>(), nanos in 0..1_000_000_000_u32, later in any::<u64>(), random in 0.0..1.0_f64,
    ) {
        let ramp = Duration::new(seconds, nanos);
        let mut bench = half_open(Breaker::default().ramp(ramp));
        bench.run(Success, 1);
        bench.random = random;
        let passed = Duration::from_nanos(later);
        bench.now = bench.now.checked_add(passed).unwrap_or(bench.now);
        match bench.ask() {
            Ok(_) => {}
            Err(Rejected { retry_in }) => {
                prop_assert!(passed < ramp && random >= 0.1);
                prop_assert!(retry_in <= ramp / 10 + MS);
            }
        }
    }
}
