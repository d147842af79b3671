//! The circuit breaker of section 5.3, which counts calls.

use pynector::backend::{ScriptBackend, Step};
use pynector::{Breaker, CircuitState, ErrorKind, Failure, HttpMessage, HttpTransport, Timeouts};

use crate::{MS, S, builder, built};

async fn guarded(steps: Vec<Step>) -> (HttpTransport, ScriptBackend) {
    let (transport, script) = built(builder().spec().breaker(Breaker::spec()), steps);
    transport.connect().await.unwrap();
    (transport, script)
}

/// The kind that one send ends with.
async fn send(transport: &HttpTransport) -> Option<ErrorKind> {
    transport.send(&HttpMessage::new()).await.err().map(|error| error.kind())
}

/// How a call ends that is tried four times.
fn call(step: &Step) -> impl Iterator<Item = Step> + use<> {
    std::iter::repeat_n(step.clone(), 4)
}

const BUSY: ErrorKind = ErrorKind::Status(503);

#[tokio::test(start_paused = true)]
async fn s5_3_five_calls_open_it_and_sixty_seconds_close_it_at_once() {
    let busy = Step::status(503);
    let steps =
        (0..5).flat_map(|_| call(&busy)).chain([Step::status(200)]).chain((0..5).flat_map(|_| call(&busy)));
    let (transport, script) = guarded(steps.collect()).await;
    for _ in 0..5 {
        assert_eq!(transport.circuit().state(), CircuitState::Closed, "twenty attempts are five calls");
        assert_eq!(send(&transport).await, Some(BUSY));
    }
    assert_eq!((transport.circuit().state(), script.requests().len()), (CircuitState::Open, 20));
    let error = transport.send(&HttpMessage::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.retry_in()), (ErrorKind::CircuitOpen, Some(60 * S)));
    tokio::time::advance(59_999 * MS).await;
    assert_eq!(send(&transport).await, Some(ErrorKind::CircuitOpen));
    assert_eq!(script.requests().len(), 20, "what is refused is not sent, and moves nothing");
    tokio::time::advance(MS).await;
    assert_eq!(transport.circuit().state(), CircuitState::Closed, "not half-open");
    assert_eq!(send(&transport).await, None);
    for opens in [false, false, false, false, true] {
        assert_eq!(send(&transport).await, Some(BUSY));
        assert_eq!(transport.circuit().state() == CircuitState::Open, opens, "the count is at 0 again");
    }
}

#[tokio::test(start_paused = true)]
async fn s5_3_after_the_open_time_everybody_is_let_through_and_five_more_are_needed() {
    let busy = Step::status(500);
    let (transport, script) = guarded((0..10).flat_map(|_| call(&busy)).collect()).await;
    for _ in 0..5 {
        send(&transport).await;
    }
    tokio::time::advance(60 * S).await;
    let calls: Vec<_> = (0..4).map(|_| send(&transport)).collect();
    for kind in futures_util::future::join_all(calls).await {
        assert_eq!(kind, Some(ErrorKind::Status(500)), "no probe: four at the same time");
    }
    assert_eq!((transport.circuit().state(), script.requests().len()), (CircuitState::Closed, 36));
    send(&transport).await;
    assert_eq!(transport.circuit().state(), CircuitState::Open);
}

#[tokio::test(start_paused = true)]
async fn s5_3_an_open_circuit_does_not_cut_a_call_that_was_let_in() {
    // The fifth call that fails opens the circuit while the sixth waits between two attempts.
    let (transport, script) = guarded(vec![Step::status(503); 24]).await;
    let calls: Vec<_> = (0..6).map(|_| send(&transport)).collect();
    let kinds = futures_util::future::join_all(calls).await;
    assert_eq!(kinds, vec![Some(BUSY); 6]);
    assert_eq!(script.requests().len(), 24, "admission is asked once, before the first attempt");
}

#[tokio::test(start_paused = true)]
async fn s5_3_the_open_time_counts_from_the_last_failure() {
    let late = Step::status(501).after(9 * S);
    let (transport, _) = guarded(std::iter::once(late).chain(vec![Step::status(501); 5]).collect()).await;
    let early = transport.clone();
    early.connect().await.unwrap();
    let slow = tokio::spawn(async move { send(&early).await });
    tokio::task::yield_now().await;
    for _ in 0..5 {
        assert_eq!(send(&transport).await, Some(ErrorKind::Status(501)), "tried once");
    }
    let error = transport.send(&HttpMessage::new()).await.unwrap_err();
    assert_eq!(error.retry_in(), Some(60 * S));
    assert_eq!(slow.await.unwrap(), Some(ErrorKind::Status(501)));
    let error = transport.send(&HttpMessage::new()).await.unwrap_err();
    assert_eq!(error.retry_in(), Some(60 * S), "nine seconds later it is as long as before");
}

#[tokio::test(start_paused = true)]
async fn s5_3_what_counts_is_a_connection_error_a_timeout_or_a_5xx() {
    use Failure::*;
    for (step, counts) in [
        (Step::fail(Dns), true),
        (Step::fail(Refused), true),
        (Step::fail(Connect), true),
        (Step::fail(ConnectTimeout), true),
        (Step::fail(Tls), true),
        (Step::fail(Proxy), true),
        (Step::fail(Interrupted), true),
        (Step::fail(BodyInterrupted), true),
        (Step::fail(Protocol), true),
        (Step::hang(), true),
        (Step::connecting(), true),
        (Step::status(500), true),
        (Step::status(501), true),
        (Step::status(505), true),
        (Step::status(599), true),
        (Step::fail(Request), false),
        (Step::status(400), false),
        (Step::status(404), false),
        (Step::status(408), false),
        (Step::status(429), false),
        (Step::status(302).header("location", "ftp://h/"), false),
    ] {
        let breaker = Breaker::spec().failure_threshold(1);
        let (transport, _) = built(builder().spec().breaker(breaker), call(&step));
        transport.connect().await.unwrap();
        assert!(send(&transport).await.is_some());
        assert_eq!(transport.circuit().state() == CircuitState::Open, counts, "{step:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn s5_3_a_success_starts_the_count_again_and_a_4xx_does_not() {
    for (between, opens) in [
        (Step::status(404), true),
        (Step::status(302).header("location", "ftp://h/"), true),
        (Step::status(204), false),
        (Step::status(304), false),
    ] {
        let bad = || Step::status(501);
        let (transport, _) = guarded(vec![bad(), bad(), bad(), bad(), between.clone(), bad()]).await;
        for _ in 0..6 {
            send(&transport).await;
        }
        assert_eq!(transport.circuit().state() == CircuitState::Open, opens, "{between:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn s5_3_a_deadline_that_is_set_beside_it_is_a_timeout() {
    let builder =
        builder().spec().timeouts(Timeouts::new().deadline(S)).breaker(Breaker::spec().failure_threshold(1));
    let (transport, _) = built(builder, [Step::hang()]);
    transport.connect().await.unwrap();
    assert_eq!(send(&transport).await, Some(ErrorKind::Deadline));
    assert_eq!(transport.circuit().state(), CircuitState::Open);
}

#[tokio::test(start_paused = true)]
async fn s5_3_a_message_that_cannot_be_sent_says_nothing() {
    let (transport, _) = guarded(vec![Step::status(501); 5]).await;
    for _ in 0..4 {
        send(&transport).await;
    }
    let bad = HttpMessage::new().url("ftp://h/");
    assert_eq!(transport.send(&bad).await.unwrap_err().kind(), ErrorKind::Request);
    assert_eq!(transport.circuit().state(), CircuitState::Closed);
    send(&transport).await;
    assert_eq!(transport.circuit().state(), CircuitState::Open);
}
