//! S3 and S5: how soon after an outage calls succeed again, and who asks the server meanwhile.

use std::time::Duration;

use pynector::{Breaker, CircuitState, RetryPolicy};
use tokio::task::JoinSet;

use crate::trip::Watch;
use crate::world::{Run, SEED, Script, Server, call, client, load, on_paused_time};
use crate::{MS, S};

/// The longest a circuit is open, jitter included.
const CAP: Duration = Duration::from_millis(16_500);
/// What a lag may have beside the open time: the next call of the load, its attempt, and the timer's step.
const SLACK: Duration = Duration::from_millis(20);

/// What one outage showed.
struct Recovery {
    /// From the end of the outage to the first success.
    lag: Duration,
    /// How long the circuit was open the last time.
    open: Duration,
    /// The most requests at the server while the circuit was half-open.
    probes: usize,
}

fn recover(outage: Duration, seed: u64) -> Recovery {
    let (from, until) = (2 * S, 2 * S + outage);
    let (run, moves) = on_paused_time(seed, || async {
        let (server, watch) = (Server::new(Script::outage(from, until), seed), Watch::new());
        let client = client(&server, |builder| builder.breaker(Breaker::on()).observer(watch.clone()));
        let run = load(&server, 100, until + CAP + S, || call(client.clone())).await;
        (run, watch.moves())
    });
    let first = run.calls.iter().filter(|call| call.good && call.ended > until).map(|call| call.ended).min();
    let last_open = moves.iter().rposition(|(_, to)| *to == CircuitState::Open).unwrap();
    let [opened, half_open] = [moves[last_open].0, moves[last_open + 1].0];
    Recovery { lag: first.unwrap() - until, open: half_open - opened, probes: most_probes(&run, &moves) }
}

fn most_probes(run: &Run, moves: &[(Duration, CircuitState)]) -> usize {
    let phases = moves.windows(2).filter(|pair| pair[0].1 == CircuitState::HalfOpen);
    let probed =
        |(from, until)| run.arrivals.iter().filter(move |arrival| arrival.at >= from && arrival.at < until);
    phases.flat_map(|pair| probed((pair[0].0, pair[1].0))).map(|arrival| arrival.in_flight).max().unwrap()
}

#[test]
fn brk_8_s3_calls_succeed_soon_after_an_outage() {
    const DRAWS: u32 = 20;
    for (length, mean) in [(2, 2), (10, 6), (60, 9)] {
        let mut lengths = fastrand::Rng::with_seed(SEED);
        let mut sum = Duration::ZERO;
        for draw in 0..DRAWS {
            let outage = (S * length).mul_f64(0.7 + 0.6 * lengths.f64());
            let Recovery { lag, open, probes } = recover(outage, SEED + u64::from(draw));
            assert!(lag <= open + SLACK && open <= CAP + SLACK, "after {outage:?}: {lag:?} {open:?}");
            assert_eq!(probes, 1, "after {outage:?}");
            sum += lag;
        }
        assert!(sum / DRAWS <= S * mean, "{length} s: {:?}", sum / DRAWS);
    }
}

#[test]
fn brk_8_s3_the_fixed_minute_of_the_specification_would_be_caught() {
    let (from, until) = (2 * S, 12 * S);
    let first = on_paused_time(SEED, || async {
        let server = Server::new(Script::outage(from, until), SEED);
        let client = client(&server, |builder| builder.retry(RetryPolicy::spec()).breaker(Breaker::spec()));
        let run = load(&server, 100, 70 * S, || call(client.clone())).await;
        run.calls.into_iter().filter(|call| call.good && call.ended > until).map(|call| call.ended).min()
    });
    let lag = first.unwrap() - until;
    assert!(lag > CAP + SLACK, "the control passed: {lag:?}");
}

/// Opens the circuit of a client, and lets its open time pass.
async fn half_open(server: &Server, breaker: Breaker) -> crate::world::ServiceClient {
    let client = client(server, |builder| builder.retry(RetryPolicy::off()).breaker(breaker));
    for _ in 0..5 {
        assert!(!call(client.clone()).await);
    }
    assert_eq!(client.transport().circuit().state(), CircuitState::Open);
    tokio::time::sleep(2 * S).await;
    assert_eq!(client.transport().circuit().state(), CircuitState::HalfOpen);
    client
}

#[test]
fn brk_3_s5_ten_thousand_tasks_send_one_probe() {
    on_paused_time(SEED, || async {
        let server = Server::new(Script::outage(Duration::ZERO, S), SEED);
        let client = half_open(&server, Breaker::on()).await;
        let mut calls = JoinSet::new();
        for _ in 0..10_000 {
            calls.spawn(call(client.clone()));
        }
        // Less than the server takes.
        tokio::time::sleep(3 * MS).await;
        assert_eq!(server.arrivals().len(), 5 + 1);
        assert_eq!(calls.join_all().await.into_iter().filter(|good| *good).count(), 1);
        assert_eq!(client.transport().circuit().state(), CircuitState::Closed);
        assert_eq!(server.arrivals().len(), 5 + 1);
    });
}

#[test]
fn brk_15_s5_ten_thousand_who_may_wait_send_one_probe() {
    on_paused_time(SEED, || async {
        let server = Server::new(Script::outage(Duration::ZERO, S), SEED);
        let client = half_open(&server, Breaker::new().wait_up_to(5 * S)).await;
        let mut calls = JoinSet::new();
        for _ in 0..10_000 {
            calls.spawn(call(client.clone()));
        }
        tokio::time::sleep(3 * MS).await;
        assert_eq!(server.arrivals().len(), 5 + 1);
        // Those who found room to wait go on after the verdict, one by one.
        let good = calls.join_all().await.into_iter().filter(|good| *good).count();
        assert_eq!((good, server.arrivals().len()), (1 + 1024, 5 + 1 + 1024));
        let together = server.arrivals().iter().map(|arrival| arrival.in_flight).max().unwrap();
        assert!(together <= 20, "{together} at once");
    });
}

/// The share of the calls of a blip that were lost.
fn lost(breaker: Breaker) -> f64 {
    let (from, until) = (2 * S, 4 * S);
    on_paused_time(SEED, || async {
        let server = Server::new(Script::outage(from, until), SEED);
        let client = client(&server, |builder| builder.breaker(breaker));
        let run = load(&server, 100, 12 * S, || call(client.clone())).await;
        1.0 - run.goodput(from, until)
    })
}

#[test]
fn brk_15_s4_a_blip_that_is_waited_for_loses_nothing() {
    let waiting = lost(Breaker::new().wait_up_to(5 * S));
    assert!(waiting <= 0.01, "{waiting}");
    let failing = lost(Breaker::on());
    assert!(failing > 0.4, "the control passed: {failing}");
}
