//! The retry budget around calls: what it grants, what it refuses, and what comes back to it.

use pynector::backend::{ScriptBackend, Step};
use pynector::{
    Breaker, CallOptions, ErrorKind, Event, Failure, HttpTransport, Jitter, Operation, OperationRules,
    RetryBudget, RetryPolicy, StopReason, Timeouts,
};
use pynector_tests::Journal;

use crate::{GET, MS, S, built};

const ANY: Operation = Operation::get("Test::any", "/x").rules(&OperationRules::new().any_status());

/// One retry a call after a second, of which `floor` are allowed in 10 s, and one more for each success.
fn policy(floor: f64) -> RetryPolicy {
    RetryPolicy::new()
        .max_retries(1)
        .initial_backoff(S)
        .jitter(Jitter::None)
        .budget(RetryBudget::new().ratio(1.0).min_per_second(floor / 10.0))
}

fn spending(floor: f64, steps: impl IntoIterator<Item = Step>) -> (HttpTransport, ScriptBackend) {
    built(HttpTransport::builder("http://h").retry(policy(floor)), steps)
}

async fn stop(transport: &HttpTransport) -> Option<StopReason> {
    transport.call(&GET).send::<u32>().await.err().and_then(|error| error.stop_reason())
}

fn always(status: u16) -> impl Iterator<Item = Step> {
    std::iter::repeat_with(move || Step::status(status)).take(100)
}

#[tokio::test(start_paused = true)]
async fn bud_5_an_empty_budget_ends_a_call_at_once_with_its_own_error() {
    let (transport, script) = spending(2.0, always(503));
    for expected in [StopReason::Exhausted, StopReason::Exhausted, StopReason::Budget] {
        assert_eq!(stop(&transport).await, Some(expected));
    }
    let before = tokio::time::Instant::now();
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!(before.elapsed(), std::time::Duration::ZERO, "it never blocks");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status(503), 1));
    assert!(error.is_retryable() && error.to_string().ends_with("(stopped: retry budget)"), "{error}");
    assert_eq!(script.requests().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn bud_3_a_call_that_succeeds_is_worth_one_deposit() {
    let fine = || Step::json("7");
    // The first call succeeds by its retry, and that pays for the retry of the second one.
    let steps = [Step::status(503), fine(), Step::status(503), Step::status(503), Step::status(503)];
    let (transport, _) = spending(1.0, steps);
    for expected in [None, Some(StopReason::Exhausted), Some(StopReason::Budget)] {
        assert_eq!(stop(&transport).await, expected);
    }
    // Neither a failure, nor an answer that is no value, nor a refusal of the circuit is a success.
    for unpaid in [Step::status(404), Step::json("not a number")] {
        let (transport, _) = spending(0.0, [unpaid].into_iter().chain(always(503)));
        let _ = stop(&transport).await;
        assert_eq!(stop(&transport).await, Some(StopReason::Budget));
    }
    // A last answer of any status is a success of the call alone.
    let (transport, _) = spending(0.0, always(503));
    transport.call(&ANY).send::<pynector::Response<()>>().await.unwrap();
    assert_eq!(stop(&transport).await, Some(StopReason::Budget));
    let builder = HttpTransport::builder("http://h").retry(policy(0.0)).breaker(Breaker::on());
    let (transport, _) = built(builder, always(503));
    transport.circuit().force_open();
    assert!(transport.call(&GET).send::<u32>().await.unwrap_err().is_circuit_open());
    transport.circuit().force_closed();
    assert_eq!(stop(&transport).await, Some(StopReason::Budget));
}

#[tokio::test(start_paused = true)]
async fn bud_3_a_stream_is_a_success_at_its_end() {
    let steps = [Step::status(200).body("a").body("b")].into_iter().chain(always(503));
    let (transport, _) = spending(0.0, steps);
    let mut stream = transport.call(&GET).send::<pynector::ByteStream>().await.unwrap();
    assert_eq!(stop(&transport).await, Some(StopReason::Budget), "it has not ended");
    while stream.next().await.is_some() {}
    assert_eq!(stop(&transport).await, Some(StopReason::Exhausted));
}

#[tokio::test(start_paused = true)]
async fn bko_6_a_call_that_is_dropped_in_its_backoff_gives_its_token_back_and_sends_nothing() {
    let (transport, script) = spending(1.0, always(503));
    for _ in 0..5 {
        let call = transport.call(&GET).send::<u32>();
        assert!(tokio::time::timeout(500 * MS, call).await.is_err(), "it waits for its retry");
    }
    assert_eq!(script.requests().len(), 5);
    assert_eq!(stop(&transport).await, Some(StopReason::Exhausted));
}

#[tokio::test(start_paused = true)]
async fn bud_4_a_retry_that_is_not_sent_is_given_back() {
    // The circuit opens by another call, while the first one waits for its retry.
    let breaker = Breaker::new().failure_threshold(2).min_failure_rate(0.0).open(60 * S).max_open(60 * S);
    let builder = HttpTransport::builder("http://h").retry(policy(1.0)).breaker(breaker);
    let (transport, script) = built(builder, always(503));
    let (first, second) = tokio::join!(stop(&transport), async {
        tokio::time::sleep(500 * MS).await;
        let once = transport.with_options(CallOptions::new().retry(RetryPolicy::off()));
        stop(&once).await
    });
    assert_eq!((first, second), (Some(StopReason::CircuitOpen), Some(StopReason::CircuitOpen)));
    assert_eq!(script.requests().len(), 2);
    transport.circuit().force_closed();
    assert_eq!(stop(&transport).await, Some(StopReason::Exhausted), "the token is there again");
}

#[tokio::test(start_paused = true)]
async fn bud_9_what_the_server_did_not_process_costs_nothing() {
    let nacks = [Step::fail(Failure::Nack), Step::fail(Failure::Nack), Step::json("7")];
    let (transport, script) = spending(0.0, nacks);
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
    assert_eq!(script.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn bud_10_it_is_back_within_one_window_of_successes() {
    let outage = always(503).take(60);
    let health = std::iter::repeat_with(|| Step::json("7")).take(20);
    let (transport, _) = spending(2.0, outage.chain(health).chain(always(503)));
    while stop(&transport).await.is_some() {}
    for _ in 0..15 {
        tokio::time::sleep(700 * MS).await;
        assert_eq!(stop(&transport).await, None);
    }
    for _ in 0..4 {
        stop(&transport).await;
    }
    let retried = futures_util::future::join_all((0..10).map(|_| stop(&transport))).await;
    assert_eq!(retried, [Some(StopReason::Exhausted); 10]);
}

#[tokio::test(start_paused = true)]
async fn bud_1_it_belongs_to_the_host_and_off_is_off() {
    let (transport, _) = spending(1.0, always(503));
    let clone = transport.with_options(CallOptions::new().header("x-a", "1"));
    assert_eq!(stop(&transport).await, Some(StopReason::Exhausted));
    assert_eq!(stop(&clone).await, Some(StopReason::Budget), "clones share it (SCO-3)");
    let unbounded = CallOptions::new().retry(RetryPolicy::new().budget(RetryBudget::off()));
    assert_eq!(stop(&transport.with_options(unbounded)).await, Some(StopReason::Exhausted));
    let (other, _) = spending(1.0, always(503));
    assert_eq!(stop(&other).await, Some(StopReason::Exhausted), "another transport has its own");
}

#[tokio::test(start_paused = true)]
async fn bud_5_observers_hear_why() {
    let journal = Journal::default();
    let builder = HttpTransport::builder("http://h").retry(policy(0.0)).observer(journal.clone());
    let (transport, _) = built(builder, always(503));
    let patient = CallOptions::new().timeouts(Timeouts::new().no_deadline());
    assert_eq!(stop(&transport.with_options(patient)).await, Some(StopReason::Budget));
    assert_eq!(journal.events().last(), Some(&Event::RetryStopped { reason: StopReason::Budget }));
}
