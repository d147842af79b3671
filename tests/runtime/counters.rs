//! What is counted of calls, and that what is under way is counted down however it ends.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use pynector::backend::Step;
use pynector::{
    Breaker, ByteStream, CallOptions, CircuitState, Counters, Hedge, HttpTransport, Jitter, MaxInFlight,
    RateLimit, RetryBudget, RetryPolicy, Timeouts,
};

use crate::{GET, MS, S, built};

fn counted(builder: pynector::ClientBuilder<HttpTransport>, steps: Vec<Step>) -> (HttpTransport, Counters) {
    let counters = Counters::default();
    let (transport, _) = built(builder.observer(counters.clone()), steps);
    (transport, counters)
}

fn builder() -> pynector::ClientBuilder<HttpTransport> {
    HttpTransport::builder("http://h")
}

#[tokio::test(start_paused = true)]
async fn obs_2_attempts_retries_and_what_the_budget_denied() {
    let retry = RetryPolicy::new().max_retries(1).initial_backoff(S).jitter(Jitter::None);
    let retry = retry.budget(RetryBudget::new().ratio(0.0).min_per_second(0.1));
    let redirect = Step::status(302).header("location", "/y");
    let steps = vec![Step::status(503), Step::json("7"), Step::status(503), redirect, Step::json("7")];
    let (transport, counters) = counted(builder().retry(retry), steps);
    for _ in 0..3 {
        let _ = transport.call(&GET).send::<u32>().await;
    }
    let seen = counters.snapshot();
    assert_eq!((seen.attempts, seen.retries, seen.budget_denied, seen.redirects), (5, 1, 1, 1));
    assert_eq!((seen.in_flight, seen.waiting), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn obs_2_who_refuses_and_how_the_circuits_stand() {
    let breaker = Breaker::new().failure_threshold(1).min_failure_rate(0.0);
    let limited =
        builder().breaker(breaker).retry(RetryPolicy::off()).rate_limit(RateLimit::new(2, 3600 * S));
    let steps = vec![Step::json("7").after(S), Step::status(500)];
    let (transport, counters) = counted(limited.max_in_flight(MaxInFlight::new(1).queue(0)), steps);
    let calls = join_all((0..2).map(|_| transport.call(&GET).send::<u32>())).await;
    assert_eq!(calls.iter().filter(|call| call.is_ok()).count(), 1);
    for _ in 0..2 {
        let _ = transport.call(&GET).send::<u32>().await;
    }
    transport.circuit().reset();
    let _ = transport.call(&GET).send::<u32>().await;
    let seen = counters.snapshot();
    let refused = (seen.rejected_by_bulkhead, seen.rejected_by_breaker, seen.rejected_by_rate_limit);
    assert_eq!(refused, (1, 1, 1));
    assert_eq!(
        seen.circuits.into_iter().collect::<Vec<_>>(),
        [(("h".to_owned(), None), CircuitState::Closed)]
    );
}

#[tokio::test(start_paused = true)]
async fn obs_2_what_is_under_way_is_counted_down_however_it_ends() {
    let steps =
        vec![Step::hang(), Step::hang(), Step::json("7").after(S), Step::status(200).body("a").silence(S)];
    let (transport, counters) = counted(builder().max_in_flight(MaxInFlight::new(2)), steps);
    let now = || (counters.snapshot().in_flight, counters.snapshot().waiting);
    let mut calls: Vec<_> = (0..3).map(|_| Box::pin(transport.call(&GET).send::<u32>())).collect();
    for call in &mut calls {
        assert!(call.as_mut().now_or_never().is_none());
    }
    assert_eq!(now(), (2, 1));
    drop(calls.pop());
    assert_eq!(now(), (2, 0), "the one that waited is gone");
    drop(calls);
    assert_eq!(now(), (0, 0), "and those under way");
    transport.call(&GET).send::<u32>().await.unwrap();
    drop(transport.call(&GET).send::<ByteStream>().await.unwrap());
    assert_eq!(now(), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn obs_2_hedges_that_lose_are_under_way_no_longer() {
    let steps = vec![Step::json("7"); 10].into_iter();
    let steps = steps.chain([Step::hang(), Step::json("7").after(MS), Step::hang(), Step::hang()]);
    let (transport, counters) = counted(builder().hedge(Hedge::after(10 * MS)), steps.collect());
    for _ in 0..11 {
        transport.call(&GET).send::<u32>().await.unwrap();
    }
    let seen = counters.snapshot();
    assert_eq!((seen.attempts, seen.hedges, seen.in_flight), (12, 1, 0));
    let brief = CallOptions::new().timeouts(Timeouts::new().deadline(S));
    let brief = transport.with_options(brief);
    let call = tokio::time::timeout(Duration::from_millis(500), brief.call(&GET).send::<u32>());
    assert!(call.await.is_err());
    assert_eq!(counters.snapshot().in_flight, 0);
}
