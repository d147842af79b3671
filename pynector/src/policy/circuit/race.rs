//! Threads that race for the one probe of a half-open circuit (BRK-3), and a healthy circuit under load.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::bench::Bench;
use super::{Circuit, CircuitState};
use crate::policy::Breaker;
use crate::policy::classify::Verdict;

const THREADS: u32 = 8;
const ROUNDS: u32 = 2_000;
const LEASE: Duration = Duration::from_secs(10);
/// The longest first open time.
const OPEN: Duration = Duration::from_millis(1100);

#[test]
fn brk_3_threads_that_race_get_one_probe_in_flight() {
    for limit in [1, 3_u32] {
        let Bench { circuit, breaker, mut now, .. } = Bench::new(Breaker::default().probes(limit));
        for round in 0..ROUNDS / 4 {
            for _ in 0..5 {
                let ticket = circuit.admit(&breaker, now, 1.0, LEASE).result.unwrap();
                circuit.settle(&breaker, ticket, Verdict::Failure, now, 1.0);
            }
            assert_eq!(circuit.state(now), CircuitState::Open, "round {round}");
            now += OPEN;
            let (barrier, in_flight, admitted) = (Barrier::new(8), AtomicUsize::new(0), AtomicUsize::new(0));
            std::thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| {
                        barrier.wait();
                        // A few give their probe back, so that slots change hands while others ask.
                        for _ in 0..4 {
                            let Ok(ticket) = circuit.admit(&breaker, now, 1.0, LEASE).result else {
                                continue;
                            };
                            assert!(ticket.is_probe());
                            admitted.fetch_add(1, Ordering::SeqCst);
                            assert!(
                                in_flight.fetch_add(1, Ordering::SeqCst) < limit as usize,
                                "too many probes"
                            );
                            std::thread::yield_now();
                            in_flight.fetch_sub(1, Ordering::SeqCst);
                            circuit.settle(&breaker, ticket, Verdict::Neutral, now, 1.0);
                        }
                    });
                }
            });
            assert!(admitted.into_inner() >= 1, "round {round}");
            let probe = circuit.admit(&breaker, now, 1.0, LEASE).result.unwrap();
            assert!(circuit.settle(&breaker, probe, Verdict::Success, now, 1.0).is_some());
            now += OPEN; // Long enough closed to forget the doubling.
        }
    }
}

#[test]
fn brk_3_one_transition_is_told_once() {
    let Bench { circuit, breaker, now, .. } = Bench::new(Breaker::default());
    let told = |step: &(dyn Fn(&Circuit) -> usize + Sync)| {
        let sum = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| sum.fetch_add(step(&circuit), Ordering::SeqCst));
            }
        });
        sum.into_inner()
    };
    let trips = told(&|circuit| {
        (0..ROUNDS)
            .filter_map(|_| {
                let ticket = circuit.admit(&breaker, now, 1.0, LEASE).result.ok()?;
                circuit.settle(&breaker, ticket, Verdict::Failure, now, 1.0)
            })
            .count()
    });
    assert_eq!(trips, 1);
    let half_opens = told(&|circuit| {
        let admission = circuit.admit(&breaker, now + OPEN, 1.0, LEASE);
        admission.transitions.into_iter().flatten().count()
    });
    assert_eq!(half_opens, 1);
}

#[test]
fn brk_6_threads_lose_no_outcome() {
    let rare = Breaker::default().failure_threshold(THREADS * ROUNDS);
    let Bench { circuit, breaker, now, .. } = Bench::new(rare);
    let trips = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    let ticket = circuit.admit(&breaker, now, 1.0, LEASE).result.unwrap();
                    if circuit.settle(&breaker, ticket, Verdict::Failure, now, 1.0).is_some() {
                        trips.fetch_add(1, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    assert_eq!(trips.into_inner(), 1, "the last of all failures trips, not one less");
    assert_eq!(circuit.state(now), CircuitState::Open);
}
