//! Calls that wait for the verdict over an open circuit instead of failing.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use pynector::backend::{ScriptBackend, Step};
use pynector::{
    Breaker, CallOptions, CircuitState, ErrorKind, Event, HttpTransport, Jitter, Rejecter, RetryPolicy,
    StopReason, Timeouts,
};
use pynector_tests::Journal;
use tokio::time::Instant;

use crate::{GET, MS, S, built};

/// Opens after one failure, for a second; calls wait up to five.
const PATIENT: Breaker = Breaker::new()
    .failure_threshold(1)
    .min_failure_rate(0.0)
    .open(S)
    .max_open(S)
    .wait_up_to(Duration::from_secs(5));

fn patient(steps: impl IntoIterator<Item = Step>) -> (HttpTransport, ScriptBackend, Journal) {
    let journal = Journal::default();
    let builder = HttpTransport::builder("http://h").breaker(PATIENT).retry(RetryPolicy::off());
    let (transport, script) = built(builder.observer(journal.clone()), steps);
    (transport, script, journal)
}

async fn call(transport: &HttpTransport) -> Result<u32, ErrorKind> {
    transport.call(&GET).send::<u32>().await.map_err(|error| error.kind())
}

async fn open(transport: &HttpTransport) {
    assert_eq!(call(transport).await, Err(ErrorKind::Status(500)));
    assert_eq!(transport.circuit().state(), CircuitState::Open);
}

fn fine() -> impl Iterator<Item = Step> {
    std::iter::repeat_with(|| Step::json("7")).take(1100)
}

#[tokio::test(start_paused = true)]
async fn brk_15_a_call_waits_for_the_verdict_and_goes_on() {
    let (transport, script, journal) = patient([Step::status(500)].into_iter().chain(fine()));
    open(&transport).await;
    journal.clear();
    let started = Instant::now();
    assert_eq!(call(&transport).await, Ok(7));
    assert!(started.elapsed() >= 900 * MS && started.elapsed() <= 1110 * MS, "{:?}", started.elapsed());
    assert_eq!(journal.events()[0], Event::Waiting { at: Rejecter::Breaker });
    assert!(matches!(journal.events()[1], Event::Waited { at: Rejecter::Breaker, .. }));
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn brk_15_one_asks_the_server_and_the_others_follow_in_their_order_and_spread() {
    let probe = Step::json("0").after(300 * MS);
    let (transport, script, _) = patient([Step::status(500), probe].into_iter().chain(fine()));
    open(&transport).await;
    let started = Instant::now();
    let order = Arc::new(Mutex::new(Vec::new()));
    let waiting = join_all((0..200_u32).map(|number| {
        let (transport, order) = (transport.clone(), Arc::clone(&order));
        async move {
            call(&transport).await.unwrap();
            order.lock().unwrap().push((number, started.elapsed()));
        }
    }));
    tokio::join!(waiting, async {
        tokio::time::sleep(1150 * MS).await;
        assert_eq!(script.requests().len(), 2, "before the verdict there is one probe (BRK-3)");
    });
    let order = order.lock().unwrap().clone();
    assert!(order.iter().map(|(number, _)| *number).eq(0..200));
    let spread = order[199].1.saturating_sub(order[1].1);
    assert!(spread >= 100 * MS && spread <= 500 * MS, "{spread:?}");
}

#[tokio::test(start_paused = true)]
async fn brk_15_a_failed_probe_lets_them_wait_on_and_a_wait_has_its_end() {
    let (transport, script, _) = patient(std::iter::repeat_with(|| Step::status(500)).take(20));
    open(&transport).await;
    let started = Instant::now();
    let ended =
        join_all((0..3).map(|_| async { (call(&transport).await, started.elapsed().as_secs()) })).await;
    // The first three openings of a second take a probe each; each probe's call fails with what it got.
    assert_eq!(ended.iter().filter(|(end, _)| *end == Err(ErrorKind::Status(500))).count(), 3);
    assert_eq!(script.requests().len(), 4);
    let started = Instant::now();
    transport.circuit().force_open();
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert!(error.is_circuit_open() && !error.was_sent());
    assert_eq!((started.elapsed(), error.retry_in()), (5 * S, Some(Duration::MAX)));
    // And the deadline holds.
    let brief = CallOptions::new().timeouts(Timeouts::new().deadline(2 * S).no_attempt());
    let started = Instant::now();
    assert_eq!(call(&transport.with_options(brief)).await, Err(ErrorKind::Deadline));
    assert_eq!(started.elapsed(), 2 * S);
}

#[tokio::test(start_paused = true)]
async fn brk_15_not_more_than_1024_wait() {
    let (transport, _, _) = patient([Step::status(500)].into_iter().chain(fine()));
    open(&transport).await;
    let ended = join_all((0..1100).map(|_| call(&transport))).await;
    let refused = ended.iter().filter(|end| **end == Err(ErrorKind::CircuitOpen)).count();
    assert_eq!((refused, ended.iter().filter(|end| **end == Ok(7)).count()), (76, 1024));
}

#[tokio::test(start_paused = true)]
async fn brk_15_who_leaves_the_line_leaves_it_to_the_next() {
    let (transport, _, _) = patient([Step::status(500)].into_iter().chain(fine()));
    open(&transport).await;
    let mut leaving: Vec<_> = (0..9).map(|_| Box::pin(call(&transport))).collect();
    for call in &mut leaving {
        assert!(call.as_mut().now_or_never().is_none());
    }
    let mut staying = Box::pin(call(&transport));
    assert!(staying.as_mut().now_or_never().is_none());
    drop(leaving);
    let started = Instant::now();
    assert_eq!(staying.await, Ok(7));
    assert!(started.elapsed() < 1200 * MS);
}

#[tokio::test(start_paused = true)]
async fn brk_15_a_hand_wakes_those_who_wait() {
    let (transport, _, _) = patient(fine());
    transport.circuit().force_open();
    let (answer, ()) = tokio::join!(call(&transport), async {
        tokio::time::sleep(S).await;
        transport.circuit().reset();
    });
    assert_eq!(answer, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn brk_15_a_probe_that_is_given_up_wakes_the_next() {
    let (transport, _, _) = patient([Step::status(500), Step::hang(), Step::json("7")]);
    open(&transport).await;
    let started = Instant::now();
    let probe = tokio::time::timeout(1500 * MS, call(&transport));
    let (probe, waiting) = tokio::join!(probe, call(&transport));
    assert!(probe.is_err());
    assert_eq!(waiting, Ok(7));
    assert!(started.elapsed() < 1510 * MS, "it does not wait for a clock: {:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn brk_15_a_retry_waits_too() {
    let retry = RetryPolicy::new().max_retries(2).initial_backoff(100 * MS).jitter(Jitter::None);
    let builder = HttpTransport::builder("http://h").retry(retry).breaker(PATIENT);
    let (transport, script) = built(builder, [Step::status(500), Step::json("7")]);
    assert_eq!(call(&transport).await, Ok(7));
    assert_eq!(script.requests().len(), 2);
    // Without waiting, an open circuit ends the call (BRK-9).
    let builder = HttpTransport::builder("http://h").retry(retry);
    let hasty = Breaker::new().failure_threshold(1).min_failure_rate(0.0);
    let (transport, _) = built(builder.breaker(hasty), [Step::status(500), Step::json("7")]);
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), error.stop_reason()), (ErrorKind::Status(500), Some(StopReason::CircuitOpen)));
}
