//! What the tests of a circuit stand on: a circuit, its parameters and a clock that only moves when told.

use std::time::Duration;

use tokio::time::Instant;

use super::{Circuit, CircuitState, Rejected, Ticket, Transition, TransitionReason as Why};
use crate::policy::Breaker;
use crate::policy::breaker::ResolvedBreaker;
use crate::policy::classify::Verdict;
use crate::policy::testing::epoch;

pub(super) const MS: Duration = Duration::from_millis(1);
pub(super) const SECOND: Duration = Duration::from_secs(1);
/// No spread: the middle of 0.9 to 1.1.
pub(super) const MIDDLE: f64 = 0.5;
/// The attempt timeout.
pub(super) const FLOOR: Duration = Duration::from_secs(10);

/// A circuit, its parameters and a clock that only moves when told.
pub(super) struct Bench {
    pub(super) circuit: Circuit,
    pub(super) breaker: ResolvedBreaker,
    pub(super) now: Instant,
    pub(super) random: f64,
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

    pub(super) fn admitted(&mut self) -> Ticket {
        self.ask().expect("the circuit refuses")
    }

    pub(super) fn settle(&mut self, ticket: Ticket, verdict: Verdict) {
        let transition = self.circuit.settle(&self.breaker, ticket, verdict, self.now, self.random);
        self.seen.extend(transition);
    }

    pub(super) fn run(&mut self, verdict: Verdict, times: u32) {
        for _ in 0..times {
            let ticket = self.admitted();
            self.settle(ticket, verdict);
        }
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    pub(super) fn state(&self) -> CircuitState {
        self.circuit.state(self.now)
    }

    pub(super) fn reasons(&self) -> Vec<Why> {
        self.seen.iter().map(|transition| transition.reason).collect()
    }

    /// How long the circuit, which just opened, stays open.
    pub(super) fn open_for(&mut self) -> Duration {
        assert_eq!(self.state(), CircuitState::Open);
        let Rejected { retry_in } = self.ask().unwrap_err();
        assert_eq!(self.circuit.peek(self.now), Err(Rejected { retry_in }));
        self.pass(retry_in.saturating_sub(Duration::from_nanos(1)));
        assert_eq!(self.state(), CircuitState::Open, "not earlier than said");
        self.pass(Duration::from_nanos(1));
        assert_ne!(self.state(), CircuitState::Open, "not later than said");
        retry_in
    }
}

pub(super) fn opened() -> Bench {
    let mut bench = Bench::new(Breaker::default());
    bench.run(Verdict::Failure, 5);
    bench
}

pub(super) fn half_open(breaker: Breaker) -> Bench {
    let mut bench = Bench::new(breaker);
    bench.run(Verdict::Failure, bench.breaker.failure_threshold);
    bench.open_for();
    bench
}
