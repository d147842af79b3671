//! The circuit breaker around a generated client.

use std::time::Duration;

use pynector::backend::{ScriptBackend, Step};
use pynector::{
    Breaker, BreakerUnit, CallOptions, CircuitState, ErrorKind, Failure, HttpTransport, Operation,
    OperationRules, RetryPolicy, StopReason, Timeouts,
};

use crate::{GET, MS, S, built};

/// A transport without retry whose circuit opens after two failures for exactly known times.
fn guarded(steps: impl IntoIterator<Item = Step>) -> (HttpTransport, ScriptBackend) {
    let breaker = Breaker::new().failure_threshold(2).min_failure_rate(0.0).open(10 * S).max_open(10 * S);
    built(HttpTransport::builder("http://h").breaker(breaker).retry(RetryPolicy::off()), steps)
}

async fn call(transport: &HttpTransport) -> Result<u32, ErrorKind> {
    transport.call(&GET).send::<u32>().await.map_err(|error| error.kind())
}

/// Opens the circuit with two failures.
async fn trip(transport: &HttpTransport) {
    for _ in 0..2 {
        assert_eq!(call(transport).await, Err(ErrorKind::Status(500)));
    }
    assert_eq!(transport.circuit().state(), CircuitState::Open);
}

fn failing_then(steps: impl IntoIterator<Item = Step>) -> Vec<Step> {
    let mut all = vec![Step::status(500), Step::status(500)];
    all.extend(steps);
    all
}

#[tokio::test(start_paused = true)]
async fn brk_1_opens_refuses_probes_and_closes() {
    let (transport, script) = guarded(failing_then([Step::json("7"), Step::json("8")]));
    trip(&transport).await;
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert!(error.is_circuit_open() && !error.was_sent() && !error.is_retryable());
    assert_eq!(error.attempts(), 0);
    let left = error.retry_in().unwrap();
    assert!(left >= 9 * S && left <= 11 * S, "{left:?}");
    assert_eq!(script.requests().len(), 2);

    tokio::time::sleep(left).await;
    assert_eq!(transport.circuit().state(), CircuitState::HalfOpen);
    assert_eq!(call(&transport).await, Ok(7));
    assert_eq!(transport.circuit().state(), CircuitState::Closed);
    assert_eq!(call(&transport).await, Ok(8));
}

#[tokio::test(start_paused = true)]
async fn brk_1_can_be_held_by_hand() {
    let (transport, script) =
        guarded([Step::status(500), Step::status(500), Step::status(500), Step::json("7")]);
    transport.circuit().force_closed();
    for _ in 0..3 {
        assert_eq!(call(&transport).await, Err(ErrorKind::Status(500)));
    }
    transport.circuit().force_open();
    assert_eq!(call(&transport).await, Err(ErrorKind::CircuitOpen));
    tokio::time::sleep(Duration::from_secs(86_400)).await;
    assert_eq!(call(&transport).await, Err(ErrorKind::CircuitOpen));
    transport.circuit().reset();
    assert_eq!(call(&transport).await, Ok(7));
    assert_eq!(script.remaining(), 0);
}

#[tokio::test(start_paused = true)]
async fn brk_2_what_counts() {
    let cases = [
        (Step::status(404), false),
        (Step::status(429), false),
        (Step::status(501), false),
        (Step::json("not json"), false),
        (Step::json("7").header("content-encoding", "unknown"), false),
        (Step::fail(Failure::Tls), false),
        (Step::fail(Failure::Nack), false),
        (Step::status(408), true),
        (Step::status(503), true),
        (Step::fail(Failure::Refused), true),
        (Step::fail(Failure::Dns), true),
        (Step::hang(), true),
        (Step::status(200).body("7").broken(), true),
    ];
    for (step, counts) in cases {
        let (transport, _) = guarded(vec![step.clone(); 6]);
        for _ in 0..2 {
            call(&transport).await.unwrap_err();
        }
        let open = transport.circuit().state() == CircuitState::Open;
        assert_eq!(open, counts, "{step:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn brk_2_a_neutral_outcome_does_not_end_a_streak_and_a_success_does() {
    for (between, open) in
        [(Step::status(404), true), (Step::json("\"no number\""), true), (Step::json("7"), false)]
    {
        let (transport, _) = guarded([Step::status(500), between.clone(), Step::status(500)]);
        for _ in 0..3 {
            let _ = call(&transport).await;
        }
        assert_eq!(transport.circuit().state() == CircuitState::Open, open, "{between:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn brk_3_half_open_admits_one() {
    let (transport, script) = guarded(failing_then([Step::json("7").after(S)]));
    trip(&transport).await;
    tokio::time::sleep(12 * S).await;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..1000 {
        let transport = transport.clone();
        calls.spawn(async move { call(&transport).await });
    }
    let results = calls.join_all().await;
    assert_eq!(results.iter().filter(|result| **result == Ok(7)).count(), 1);
    assert_eq!(results.iter().filter(|result| **result == Err(ErrorKind::CircuitOpen)).count(), 999);
    assert_eq!(script.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn brk_4_a_probe_that_is_given_up_returns_its_slot() {
    let (transport, _) = guarded(failing_then([Step::hang(), Step::json("7")]));
    trip(&transport).await;
    tokio::time::sleep(12 * S).await;
    let probe = tokio::spawn({
        let transport = transport.clone();
        async move { call(&transport).await }
    });
    tokio::time::sleep(S).await;
    assert_eq!(call(&transport).await, Err(ErrorKind::CircuitOpen));
    probe.abort();
    tokio::task::yield_now().await;
    assert_eq!(call(&transport).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn brk_4_a_probe_that_panics_returns_its_slot() {
    #[derive(Debug)]
    struct Panics;
    impl pynector::Observer for Panics {
        fn event(&self, _: &pynector::CallInfo<'_>, event: &pynector::Event) {
            if let pynector::Event::AttemptEnded { outcome: pynector::AttemptOutcome::Status(299), .. } =
                event
            {
                panic!("the observer of this test panics");
            }
        }
    }
    let breaker = Breaker::new().failure_threshold(1).min_failure_rate(0.0).open(S).max_open(S);
    let builder =
        HttpTransport::builder("http://h").breaker(breaker).retry(RetryPolicy::off()).observer(Panics);
    let (transport, _) = built(builder, [Step::status(500), Step::status(299).body("1"), Step::json("7")]);
    assert_eq!(call(&transport).await, Err(ErrorKind::Status(500)));
    tokio::time::sleep(2 * S).await;
    let panicked = tokio::spawn({
        let transport = transport.clone();
        async move { call(&transport).await }
    });
    assert!(panicked.await.unwrap_err().is_panic());
    assert_eq!(call(&transport).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn brk_5_a_probe_that_never_ends_loses_its_slot() {
    let breaker = Breaker::new().failure_threshold(2).min_failure_rate(0.0).open(10 * S).max_open(10 * S);
    let off = Timeouts::new().no_attempt().deadline(15 * S);
    let builder = HttpTransport::builder("http://h").breaker(breaker).retry(RetryPolicy::off()).timeouts(off);
    let (transport, _) = built(builder, failing_then([Step::hang(), Step::json("7")]));
    trip(&transport).await;
    tokio::time::sleep(12 * S).await;
    let patient = transport.with_options(CallOptions::new().timeouts(Timeouts::new().no_deadline()));
    let probe = tokio::spawn(async move { call(&patient).await });
    tokio::time::sleep(S).await;
    assert_eq!(call(&transport).await, Err(ErrorKind::CircuitOpen));
    tokio::time::sleep(Duration::from_secs(50)).await;
    assert_eq!(call(&transport).await, Err(ErrorKind::CircuitOpen), "the lease still runs");
    // It ends after 60 s where no clock bounds the probe; that counts as a failure, so the circuit opens once more.
    tokio::time::sleep(10 * S).await;
    assert_eq!(call(&transport).await, Err(ErrorKind::CircuitOpen));
    assert_eq!(transport.circuit().state(), CircuitState::Open);
    tokio::time::sleep(12 * S).await;
    assert_eq!(call(&transport).await, Ok(7));
    assert!(!probe.is_finished());
    probe.abort();
}

#[tokio::test(start_paused = true)]
async fn brk_6_a_late_result_changes_nothing() {
    let (transport, _) = guarded([
        Step::json("1").after(20 * S),
        Step::status(500),
        Step::status(500),
        Step::status(500),
        Step::json("7"),
    ]);
    let patient = transport.with_options(CallOptions::new().timeout(30 * S));
    let late = tokio::spawn(async move { call(&patient).await });
    tokio::time::sleep(MS).await;
    trip(&transport).await;
    tokio::time::sleep(12 * S).await;
    assert_eq!(call(&transport).await, Err(ErrorKind::Status(500)));
    assert_eq!(transport.circuit().state(), CircuitState::Open);
    assert_eq!(late.await.unwrap(), Ok(1));
    assert_eq!(transport.circuit().state(), CircuitState::Open);
}

#[tokio::test(start_paused = true)]
async fn brk_8_open_times_double_to_their_cap() {
    let breaker = Breaker::new().failure_threshold(1).min_failure_rate(0.0).open(S).max_open(4 * S);
    let builder = HttpTransport::builder("http://h").breaker(breaker).retry(RetryPolicy::off());
    let (transport, _) = built(builder, vec![Step::status(500); 5]);
    for expected in [1.0, 2.0, 4.0, 4.0] {
        assert_eq!(call(&transport).await, Err(ErrorKind::Status(500)));
        let left = transport.call(&GET).send::<u32>().await.unwrap_err().retry_in().unwrap();
        let ratio = left.as_secs_f64() / expected;
        assert!((0.899..=1.101).contains(&ratio), "{left:?} instead of {expected} s");
        tokio::time::sleep(left).await;
    }
}

#[tokio::test(start_paused = true)]
async fn brk_9_a_retry_loop_stops_when_the_circuit_opens() {
    let breaker = Breaker::new().failure_threshold(2).min_failure_rate(0.0).open(10 * S).max_open(10 * S);
    let (transport, script) =
        built(HttpTransport::builder("http://h").breaker(breaker), vec![Step::status(503); 9]);
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), error.stop_reason()), (ErrorKind::Status(503), Some(StopReason::CircuitOpen)));
    assert_eq!((error.attempts(), script.requests().len()), (2, 2));
    assert!(error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn brk_9_a_call_whose_circuit_opens_while_it_waits_keeps_its_own_error() {
    let (transport, _) = {
        let breaker = Breaker::new().failure_threshold(2).min_failure_rate(0.0).open(10 * S).max_open(10 * S);
        built(
            HttpTransport::builder("http://h").breaker(breaker),
            [Step::status(429).header("retry-after", "5"), Step::status(500), Step::status(500)],
        )
    };
    let waiting = tokio::spawn({
        let transport = transport.clone();
        async move { transport.call(&GET).send::<u32>().await }
    });
    tokio::time::sleep(S).await;
    let hasty = transport.with_options(CallOptions::new().retry(RetryPolicy::off()));
    trip(&hasty).await;
    let error = waiting.await.unwrap().unwrap_err();
    assert!(error.is_too_many_requests(), "{error}");
    assert_eq!((error.stop_reason(), error.attempts()), (Some(StopReason::CircuitOpen), 1));
    assert!(error.elapsed() >= 5 * S && error.history()[0].waited >= 5 * S, "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn ord_2_the_breaker_counts_each_attempt() {
    let breaker = Breaker::new().failure_threshold(5).min_failure_rate(0.5);
    let (transport, script) =
        built(HttpTransport::builder("http://h").breaker(breaker), vec![Step::status(503); 20]);
    let first = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!((first.attempts(), first.stop_reason()), (4, Some(StopReason::Exhausted)));
    let second = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!((second.attempts(), second.stop_reason()), (1, Some(StopReason::CircuitOpen)));
    assert_eq!(script.requests().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn ord_3_a_waiting_retry_holds_no_probe() {
    let (transport, _) = {
        let breaker = Breaker::new().failure_threshold(1).min_failure_rate(0.0).open(S).max_open(S);
        built(
            HttpTransport::builder("http://h").breaker(breaker),
            [
                Step::status(500),
                Step::status(429).header("retry-after", "30"),
                Step::json("7"),
                Step::json("8"),
            ],
        )
    };
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!(error.stop_reason(), Some(StopReason::CircuitOpen));
    tokio::time::sleep(2 * S).await;
    let waiting = tokio::spawn({
        let transport = transport.clone();
        async move { call(&transport).await }
    });
    tokio::time::sleep(S).await;
    assert_eq!(call(&transport).await, Ok(7), "the 429 gave its slot back before the wait");
    assert_eq!(waiting.await.unwrap(), Ok(8));
}

#[tokio::test(start_paused = true)]
async fn sco_1_each_host_and_each_group_has_its_own_circuit() {
    const SEARCH: Operation = Operation::get("T::search", "/s")
        .rules(&OperationRules::new().breaker(Breaker::new().failure_threshold(1).group("search")));
    const ELSEWHERE: Operation = Operation::get("T::elsewhere", "/e");
    let (transport, _) = guarded([
        Step::status(500),
        Step::json("1"),
        Step::status(302).header("location", "http://other/x"),
        Step::status(500),
        Step::status(302).header("location", "http://other/x"),
        Step::status(500),
        Step::status(302).header("location", "http://other/x"),
        Step::json("2"),
    ]);
    assert_eq!(transport.call(&SEARCH).send::<u32>().await.unwrap_err().kind(), ErrorKind::Status(500));
    assert!(transport.call(&SEARCH).send::<u32>().await.unwrap_err().is_circuit_open());
    assert_eq!(transport.circuit_of_group("search").state(), CircuitState::Open);
    assert_eq!(call(&transport).await, Ok(1));

    for _ in 0..2 {
        let error = transport.call(&ELSEWHERE).send::<u32>().await.unwrap_err();
        assert_eq!(error.url(), Some("http://other/x"));
    }
    let refused = transport.call(&ELSEWHERE).send::<u32>().await.unwrap_err();
    assert!(refused.is_circuit_open() && refused.to_string().contains("other"), "{refused}");
    assert_eq!(call(&transport).await, Ok(2), "the host that redirects is well");
}

#[tokio::test(start_paused = true)]
async fn sco_3_clones_share_a_circuit_and_two_clients_do_not() {
    let (one, _) = guarded(failing_then([]));
    let (other, _) = guarded([Step::json("7")]);
    trip(&one.clone()).await;
    assert_eq!(call(&one).await, Err(ErrorKind::CircuitOpen));
    assert_eq!(call(&other).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn spec_counts_calls_and_closes_at_once() {
    let builder =
        HttpTransport::builder("http://h").breaker(Breaker::spec()).retry(RetryPolicy::spec().max_retries(1));
    let mut steps = vec![Step::status(503); 10];
    steps.extend([Step::json("7"), Step::status(500), Step::json("8")]);
    let (transport, script) = built(builder, steps);
    for _ in 0..5 {
        assert_eq!(call(&transport).await, Err(ErrorKind::Status(503)));
    }
    assert_eq!(script.requests().len(), 10);
    assert_eq!(call(&transport).await, Err(ErrorKind::CircuitOpen));
    tokio::time::sleep(59 * S).await;
    assert_eq!(call(&transport).await, Err(ErrorKind::CircuitOpen));
    tokio::time::sleep(S).await;
    assert_eq!(transport.circuit().state(), CircuitState::Closed);
    assert_eq!(call(&transport).await, Ok(7));
    assert_eq!(call(&transport).await, Ok(8));
}

#[tokio::test(start_paused = true)]
async fn one_verdict_per_call_where_calls_are_counted() {
    let breaker = Breaker::new().unit(BreakerUnit::Call).failure_threshold(2).min_failure_rate(0.0);
    let (transport, _) = built(
        HttpTransport::builder("http://h").breaker(breaker).retry(RetryPolicy::new().max_retries(3)),
        [Step::status(503), Step::status(503), Step::status(503), Step::json("7")],
    );
    assert_eq!(call(&transport).await, Ok(7));
    assert_eq!(transport.circuit().state(), CircuitState::Closed);
}

#[tokio::test(start_paused = true)]
async fn impatient_callers_do_not_open_it_and_patient_ones_do() {
    for (patience, open) in [(S, false), (6 * S, true)] {
        let (transport, _) = guarded(vec![Step::hang(); 4]);
        for _ in 0..2 {
            let given_up = tokio::time::timeout(patience, call(&transport)).await;
            assert!(given_up.is_err());
        }
        assert_eq!(transport.circuit().state() == CircuitState::Open, open, "{patience:?}");
    }
}

#[pynector::api(breaker, retry = off)]
trait Bare {
    #[get("/x")]
    async fn x(&self) -> pynector::Result<()>;
}

#[tokio::test(start_paused = true)]
async fn a_bare_key_asks_for_the_default_breaker() {
    let (bare, script) = built(BareClient::builder().base_url("http://h"), vec![Step::status(500); 9]);
    for _ in 0..5 {
        assert!(bare.x().await.unwrap_err().is_server_error());
    }
    assert!(bare.x().await.unwrap_err().is_circuit_open());
    assert_eq!(script.requests().len(), 5);
}
