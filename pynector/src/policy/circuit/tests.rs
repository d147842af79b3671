//! Tests of one circuit, each named after its requirement.

use std::time::Duration;

use tokio::time::Instant;

use super::{Circuit, CircuitState, Rejected, Ticket, Transition, TransitionReason as Why};
use crate::policy::Breaker;
use crate::policy::breaker::ResolvedBreaker;
use crate::policy::classify::Verdict::{self, Alive, Failure, Neutral, Success};
use crate::policy::testing::epoch;

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
/// No spread: the middle of 0.9 to 1.1.
const MIDDLE: f64 = 0.5;
/// The attempt timeout.
const FLOOR: Duration = Duration::from_secs(10);

/// A circuit, its parameters and a clock that only moves when told.
pub(super) struct Bench {
    pub(super) circuit: Circuit,
    pub(super) breaker: ResolvedBreaker,
    pub(super) now: Instant,
    random: f64,
    /// Every transition, in order.
    pub(super) seen: Vec<Transition>,
}

impl Bench {
    pub(super) fn new(breaker: Breaker) -> Self {
        let breaker = breaker.resolve();
        Self { circuit: Circuit::new(), breaker, now: epoch(), random: MIDDLE, seen: Vec::new() }
    }

    pub(super) fn ask(&mut self) -> Result<Ticket, Rejected> {
        let admission = self.circuit.admit(&self.breaker, self.now, self.random, FLOOR);
        self.seen.extend(admission.transitions.into_iter().flatten());
        admission.result
    }

    fn admitted(&mut self) -> Ticket {
        self.ask().expect("the circuit refuses")
    }

    pub(super) fn settle(&mut self, ticket: Ticket, verdict: Verdict) {
        let transition = self.circuit.settle(&self.breaker, ticket, verdict, self.now, self.random);
        self.seen.extend(transition);
    }

    fn run(&mut self, verdict: Verdict, times: u32) {
        for _ in 0..times {
            let ticket = self.admitted();
            self.settle(ticket, verdict);
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    pub(super) fn state(&self) -> CircuitState {
        self.circuit.state(self.now)
    }

    fn reasons(&self) -> Vec<Why> {
        self.seen.iter().map(|transition| transition.reason).collect()
    }

    /// How long the circuit, which just opened, stays open.
    fn open_for(&mut self) -> Duration {
        assert_eq!(self.state(), CircuitState::Open);
        let Rejected { retry_in } = self.ask().unwrap_err();
        assert_eq!(self.circuit.peek(self.now), Err(Rejected { retry_in }));
        self.pass(retry_in - Duration::from_nanos(1));
        assert_eq!(self.state(), CircuitState::Open, "not earlier than said");
        self.pass(Duration::from_nanos(1));
        assert_ne!(self.state(), CircuitState::Open, "not later than said");
        retry_in
    }
}

fn opened() -> Bench {
    let mut bench = Bench::new(Breaker::default());
    bench.run(Failure, 5);
    bench
}

fn half_open(breaker: Breaker) -> Bench {
    let mut bench = Bench::new(breaker);
    bench.run(Failure, bench.breaker.failure_threshold);
    bench.open_for();
    bench
}

#[test]
fn brk_1_closed_open_half_open_closed() {
    let mut bench = opened();
    bench.open_for();
    assert_eq!(bench.state(), CircuitState::HalfOpen);
    bench.run(Success, 1);
    assert_eq!(bench.state(), CircuitState::Closed);
    assert_eq!(bench.reasons(), [Why::FailureThreshold, Why::OpenTimeElapsed, Why::ProbeSucceeded]);
    let states: Vec<_> = bench.seen.iter().map(|transition| (transition.from, transition.to)).collect();
    use CircuitState::{Closed, HalfOpen, Open};
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
    let old: Vec<_> = (0..5).map(|_| bench.admitted()).collect();
    assert_eq!(bench.circuit.reset(), None);
    for ticket in old {
        bench.settle(ticket, Failure);
    }
    assert_eq!(bench.state(), CircuitState::Closed);
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
    bench.pass(FLOOR - MS);
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
    bench.pass(16 * SECOND - MS);
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
    assert_eq!(reopened(2 * SECOND - MS), 4 * SECOND, "a flapping server waits on");
    assert_eq!(reopened(2 * SECOND), SECOND);
}

#[test]
fn brk_10_the_policies_know_no_wall_clock() {
    for (file, text) in [
        ("backoff.rs", include_str!("../backoff.rs")),
        ("breaker.rs", include_str!("../breaker.rs")),
        ("circuit.rs", include_str!("../circuit.rs")),
        ("circuit/state.rs", include_str!("state.rs")),
        ("classify.rs", include_str!("../classify.rs")),
        ("retry.rs", include_str!("../retry.rs")),
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
    let _held = circuit.state.lock().unwrap();
    for verdict in [Success, Neutral, Alive] {
        let ticket = circuit.admit(&breaker, now, MIDDLE, FLOOR).result.unwrap();
        assert_eq!(circuit.settle(&breaker, ticket, verdict, now, MIDDLE), None);
    }
    assert_eq!((circuit.peek(now), circuit.state(now)), (Ok(()), CircuitState::Closed));
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
