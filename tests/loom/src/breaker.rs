//! Models of one circuit: who opens it, who may probe it, and what becomes of a probe (BRK-3 to BRK-7).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use loom::sync::Arc;
use tokio::time::Instant;

use crate::policy::breaker::{Breaker, ResolvedBreaker};
use crate::policy::circuit::{Circuit, CircuitState, Ticket, Transition, TransitionReason as Why};
use crate::policy::classify::Verdict::{self, Failure, Neutral, Success};
use crate::{epoch, explore, race};

const OPEN: Duration = Duration::from_secs(1);
const CAP: Duration = Duration::from_secs(15);
const LEASE: Duration = Duration::from_secs(10);
/// No spread of open times.
const MIDDLE: f64 = 0.5;

/// A circuit that two failures open, and its clock.
#[derive(Clone)]
struct Bench {
    circuit: Arc<Circuit>,
    breaker: ResolvedBreaker,
    now: Instant,
}

impl Bench {
    fn closed() -> Self {
        let breaker = Breaker::new().failure_threshold(2).resolve();
        Self { circuit: Arc::new(Circuit::new()), breaker, now: epoch() }
    }

    /// Its open time is over.
    fn half_open() -> Self {
        let bench = Self::closed();
        for _ in 0..2 {
            bench.call(Failure);
        }
        bench.later(OPEN)
    }

    fn later(&self, time: Duration) -> Self {
        Self { now: self.now + time, ..self.clone() }
    }

    fn ask(&self) -> Option<Ticket> {
        self.circuit.admit(&self.breaker, self.now, MIDDLE, LEASE).result.ok()
    }

    fn settle(&self, ticket: Ticket, verdict: Verdict) -> Option<Transition> {
        self.circuit.settle(&self.breaker, ticket, verdict, self.now, MIDDLE)
    }

    /// What a whole call changed, if it was admitted.
    fn call(&self, verdict: Verdict) -> Option<Transition> {
        self.ask().and_then(|ticket| self.settle(ticket, verdict))
    }

    fn state(&self) -> CircuitState {
        self.circuit.state(self.now)
    }

    /// BRK-7: nobody is in flight any more, so after the longest times somebody is admitted.
    fn assert_alive(&self) {
        assert!(self.later(CAP * 2 + LEASE).ask().is_some(), "stuck");
    }
}

pub fn two_failures_and_a_probe() {
    explore(|| {
        let bench = Bench::closed();
        let [one, two, three] = [bench.clone(), bench.clone(), bench.later(OPEN)];
        let (first, second, third) = race(
            move || one.call(Failure),
            move || two.call(Failure),
            move || {
                let ticket = three.ask();
                let probe = ticket.as_ref().is_some_and(Ticket::is_probe);
                (probe, ticket.and_then(|ticket| three.settle(ticket, Success)))
            },
        );
        let trips = [first, second].into_iter().flatten().collect::<Vec<_>>();
        assert!(trips.len() <= 1, "it opens once");
        assert!(trips.iter().all(|trip| trip.reason == Why::FailureThreshold));
        let (probe, closed) = third;
        let expected = match (trips.is_empty(), probe) {
            // The success came between the failures, and they are no two in a row.
            (true, false) => CircuitState::Closed,
            (true, true) => panic!("a probe of a circuit that was never open"),
            (false, false) => CircuitState::Open,
            (false, true) => CircuitState::Closed,
        };
        assert_eq!(bench.state(), expected);
        assert_eq!(closed.map(|change| change.reason), probe.then_some(Why::ProbeSucceeded));
        bench.assert_alive();
    });
}

pub fn no_failure_is_lost() {
    explore(|| {
        let bench = Bench::closed();
        let [one, two] = [bench.clone(), bench.clone()];
        let (first, second, ()) = race(move || one.call(Failure), move || two.call(Failure), || ());
        assert_eq!([first, second].into_iter().flatten().count(), 1);
        assert_eq!(bench.state(), CircuitState::Open);
    });
}

pub fn three_race_for_one_probe() {
    explore(|| {
        let bench = Bench::half_open();
        // Of the standard library: loom need not try what its values could be.
        let in_flight = std::sync::Arc::new(AtomicUsize::new(0));
        let ask = |verdict| {
            let (bench, in_flight) = (bench.clone(), std::sync::Arc::clone(&in_flight));
            move || {
                let Some(ticket) = bench.ask() else { return false };
                if !ticket.is_probe() {
                    return false; // Another's probe has closed it.
                }
                assert_eq!(in_flight.fetch_add(1, Ordering::SeqCst), 0, "two probes in flight");
                loom::thread::yield_now();
                in_flight.fetch_sub(1, Ordering::SeqCst);
                bench.settle(ticket, verdict);
                true
            }
        };
        let (one, two, three) = race(ask(Neutral), ask(Neutral), ask(Success));
        assert!(one || two || three, "nobody got the probe");
        assert_eq!(bench.state() == CircuitState::Closed, three, "only the success closes it");
        bench.assert_alive();
    });
}

pub fn a_dropped_probe_gives_its_slot_back() {
    explore(|| {
        let bench = Bench::half_open();
        let probe = bench.ask().expect("a half-open circuit refuses");
        assert!(bench.ask().is_none());
        let [one, two, three] = [bench.clone(), bench.clone(), bench.clone()];
        // The holder gives up while two others ask; whoever of them gets the slot gives up as well.
        let (_, second, third) =
            race(move || one.settle(probe, Neutral), move || two.call(Neutral), move || three.call(Neutral));
        assert_eq!((second, third), (None, None));
        assert_eq!(bench.state(), CircuitState::HalfOpen);
        assert!(bench.ask().is_some_and(|ticket| ticket.is_probe()), "the slot is lost");
    });
}

pub fn a_lease_ends_while_its_probe_succeeds() {
    explore(|| {
        let bench = Bench::half_open();
        let probe = bench.ask().expect("a half-open circuit refuses");
        let late = bench.later(LEASE);
        let ask = |bench: &Bench| {
            let bench = bench.clone();
            // Refused while it is open again, and no probe once it is closed.
            move || assert!(bench.ask().is_none_or(|ticket| !ticket.is_probe()), "a second probe")
        };
        let holder = late.clone();
        let (closed, (), ()) = race(move || holder.settle(probe, Success), ask(&late), ask(&late));
        let expected = if closed.is_some() { CircuitState::Closed } else { CircuitState::Open };
        assert_eq!(late.state(), expected, "one of the two happened");
        late.assert_alive();
    });
}
