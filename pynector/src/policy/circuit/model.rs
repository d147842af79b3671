//! Random scripts of calls against a plain second telling of the breaker's rules (BRK-3 to BRK-8).

use std::time::Duration;

use proptest::prelude::*;

use super::bench::Bench;
use super::{CircuitState, Rejected, Ticket};
use crate::policy::Breaker;
use crate::policy::classify::Verdict;
use crate::policy::testing::proptest_config;

const VERDICTS: [Verdict; 4] = [Verdict::Success, Verdict::Failure, Verdict::Neutral, Verdict::Alive];
const BASE: u64 = 1_000;
const CAP: u64 = 4_000;
/// The attempt timeout of the bench; a probe's lease, because it is more than twice the base.
const LEASE: u64 = 10_000;
const THRESHOLD: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Start,
    /// Ends one of the calls in flight; a dropped call ends neutral.
    End(prop::sample::Index, Verdict),
    Pass(u64),
    /// From here on open times are this many percent of what they would be (BRK-8).
    Spread(u32),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Start),
        4 => (any::<prop::sample::Index>(), prop::sample::select(&VERDICTS)).prop_map(|(i, v)| Step::End(i, v)),
        3 => (any::<prop::sample::Index>(), Just(Verdict::Failure)).prop_map(|(i, v)| Step::End(i, v)),
        2 => prop::sample::select(&[1_u64, 500, 999, 1_000, 2_000, 4_000, 9_999, 10_000, 14_000]).prop_map(Step::Pass),
        1 => prop::sample::select(&[90_u32, 100, 110]).prop_map(Step::Spread),
    ]
}

/// A call that was admitted: in which period, and as a probe or not.
#[derive(Clone, Copy, PartialEq)]
struct Seat {
    period: usize,
    number: usize,
}

#[derive(Clone, PartialEq)]
enum Period {
    Closed { since: Option<u64>, outcomes: Vec<bool> },
    Open { until: u64 },
    HalfOpen { seats: Vec<(usize, u64)>, neutral: u32 },
}

/// Milliseconds, whole histories, and a list of periods where the circuit has bits and generations.
struct Model {
    now: u64,
    periods: Vec<Period>,
    opens: u32,
    last_open: u64,
    spread: u64,
    probes: usize,
    number: usize,
}

impl Model {
    fn new(probes: usize) -> Self {
        let first = Period::Closed { since: None, outcomes: Vec::new() };
        Self { now: 0, periods: vec![first], opens: 0, last_open: 0, spread: 100, probes, number: 0 }
    }

    fn period(&mut self) -> &mut Period {
        self.periods.last_mut().unwrap()
    }

    fn open(&mut self, at: u64) {
        let flapping = match self.period() {
            Period::Closed { since: Some(since), .. } => at - *since < self.last_open,
            Period::Closed { since: None, .. } => false,
            _ => true,
        };
        self.opens = if flapping { self.opens + 1 } else { 1 };
        self.last_open = (BASE << (self.opens - 1).min(20)).min(CAP) * self.spread / 100;
        self.periods.push(Period::Open { until: at + self.last_open });
    }

    /// Where somebody sits now, or after how long to ask again.
    fn start(&mut self) -> Result<Seat, u64> {
        let now = self.now;
        if let Period::HalfOpen { seats, .. } = self.period()
            && let Some(end) = seats.iter().map(|seat| seat.1).min().filter(|end| *end <= now)
        {
            self.open(end);
        }
        if matches!(self.period(), Period::Open { until } if *until <= now) {
            self.periods.push(Period::HalfOpen { seats: Vec::new(), neutral: 0 });
        }
        self.number += 1;
        let (number, probes) = (self.number, self.probes);
        match self.period() {
            Period::Closed { .. } => {}
            Period::HalfOpen { seats, .. } if seats.len() < probes => seats.push((number, now + LEASE)),
            Period::Open { until } => return Err(*until - now),
            // A slot may come back at any time, so nobody is sent away for longer than the first open time.
            Period::HalfOpen { seats, .. } => {
                let lease = seats.iter().map(|seat| seat.1 - now).min();
                return Err(lease.unwrap_or(BASE).min(BASE));
            }
        }
        Ok(Seat { period: self.periods.len(), number })
    }

    fn end(&mut self, seat: Seat, verdict: Verdict) {
        if seat.period != self.periods.len() {
            return;
        }
        let now = self.now;
        let close = Period::Closed { since: Some(now), outcomes: Vec::new() };
        match (self.period(), verdict) {
            (Period::Closed { outcomes, .. }, Verdict::Success) => outcomes.push(true),
            (Period::Closed { outcomes, .. }, Verdict::Failure) => {
                outcomes.push(false);
                let streak = outcomes.iter().rev().take_while(|fine| !**fine).count();
                let ring: Vec<_> = outcomes.iter().rev().take(64).collect();
                let failed = ring.iter().filter(|fine| !***fine).count();
                if streak >= THRESHOLD && failed * 2 >= ring.len() {
                    self.open(now);
                }
            }
            (Period::Closed { .. } | Period::Open { .. }, _) => {}
            (Period::HalfOpen { .. }, Verdict::Success) => self.periods.push(close),
            (Period::HalfOpen { .. }, Verdict::Failure) => self.open(now),
            (Period::HalfOpen { seats, neutral }, _) => {
                seats.retain(|other| other.0 != seat.number);
                *neutral += 1;
                if *neutral >= 3 && verdict == Verdict::Alive {
                    self.periods.push(close);
                }
            }
        }
    }

    fn state(&mut self) -> CircuitState {
        let now = self.now;
        match self.period() {
            Period::Closed { .. } => CircuitState::Closed,
            Period::Open { until } if *until > now => CircuitState::Open,
            Period::Open { .. } | Period::HalfOpen { .. } => CircuitState::HalfOpen,
        }
    }
}

fn pass(bench: &mut Bench, model: &mut Model, millis: u64) {
    bench.now += Duration::from_millis(millis);
    model.now += millis;
}

fn check(steps: &[Step], probes: u32) -> Result<usize, TestCaseError> {
    let base = Duration::from_millis(BASE);
    let breaker = Breaker::new().failure_threshold(3).open(base).max_open(base * 4).probes(probes);
    let mut bench = Bench::new(breaker);
    let mut model = Model::new(probes as usize);
    let mut in_flight: Vec<(Ticket, Seat)> = Vec::new();
    for step in steps {
        match step {
            Step::Start => {
                let peeked = bench.circuit.peek(bench.now);
                match (bench.ask(), model.start()) {
                    (Ok(ticket), Ok(seat)) => {
                        prop_assert!(peeked.is_ok(), "peek refuses what is admitted");
                        in_flight.push((ticket, seat));
                    }
                    (Err(Rejected { retry_in }), Err(left)) => {
                        prop_assert_eq!(retry_in, Duration::from_millis(left));
                    }
                    (got, _) => return Err(TestCaseError::fail(format!("{got:?} against the model"))),
                }
                // BRK-3, counted from outside: probes of the present period, however they came to be.
                let probing = in_flight
                    .iter()
                    .filter(|(ticket, seat)| ticket.is_probe() && seat.period == model.periods.len())
                    .count();
                prop_assert!(probing <= probes as usize, "{} probes", probing);
            }
            Step::End(which, verdict) if !in_flight.is_empty() => {
                let (ticket, seat) = in_flight.swap_remove(which.index(in_flight.len()));
                let before = bench.state();
                let late = seat.period != model.periods.len();
                bench.settle(ticket, *verdict);
                model.end(seat, *verdict);
                prop_assert!(!late || bench.state() == before, "BRK-6: a late result changed the circuit");
            }
            Step::End(..) => {}
            Step::Pass(millis) => pass(&mut bench, &mut model, *millis),
            Step::Spread(percent) => {
                model.spread = u64::from(*percent);
                bench.random = f64::from(*percent - 90) / 20.0;
            }
        }
        prop_assert_eq!(bench.state(), model.state());
    }
    // BRK-7: all calls in flight end, somehow; after cap and lease somebody is admitted.
    for (ticket, seat) in in_flight {
        bench.settle(ticket, Verdict::Neutral);
        model.end(seat, Verdict::Neutral);
    }
    pass(&mut bench, &mut model, CAP * 11 / 10 + LEASE);
    prop_assert!(bench.ask().is_ok(), "BRK-7: stuck");
    Ok(model.periods.len())
}

proptest! {
    #![proptest_config(proptest_config(1_000))]

    #[test]
    fn brk_3_4_5_6_7_8_the_circuit_does_what_the_model_does(
        steps in prop::collection::vec(step(), 0..250),
        probes in 1..4_u32,
    ) {
        check(&steps, probes)?;
    }

    #[test]
    fn brk_7_a_lost_probe_blocks_for_its_lease_at_most(lost in 1..4_u32, limit in 1..4_u32) {
        let mut bench = Bench::new(Breaker::default().probes(limit));
        bench.run(Verdict::Failure, 5);
        bench.now += Duration::from_secs(2);
        // Tickets that nobody ever settles.
        let _lost: Vec<_> = (0..lost.min(limit)).map(|_| bench.ask()).collect();
        bench.now += Duration::from_millis(CAP + LEASE);
        prop_assert!(bench.ask().is_ok());
    }
}

#[test]
fn the_scripts_reach_every_state_often() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::new(proptest_config(1));
    let scripts = prop::collection::vec(step(), 250);
    let periods: usize =
        (0..50).map(|_| check(&scripts.new_tree(&mut runner).unwrap().current(), 1).unwrap()).sum();
    assert!(periods > 50 * 10, "{periods} periods in 50 scripts: the scripts are too tame");
}
