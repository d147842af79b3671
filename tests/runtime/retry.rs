//! Retry, backoff and Retry-After, as a caller and a server see them.

use std::time::Duration;

use pynector::backend::Step;
use pynector::{
    ErrorKind, Failure, HttpTransport, Jitter, Operation, RetryBudget, RetryPolicy, StatusCodes, StopReason,
};

use crate::{GET, MS, S, Things as _, ThingsClient, built, things, transport};

/// Operations of every method, called without a body.
const METHODS: [(Operation, bool); 10] = [
    (Operation::get("T::get", "/"), true),
    (Operation::head("T::head", "/"), true),
    (Operation::options("T::options", "/"), true),
    (Operation::http("TRACE", "T::trace", "/"), true),
    (Operation::put("T::put", "/"), true),
    (Operation::delete("T::delete", "/"), true),
    (Operation::http("QUERY", "T::query", "/"), true),
    (Operation::post("T::post", "/"), false),
    (Operation::patch("T::patch", "/"), false),
    (Operation::post("T::marked", "/").idempotent(), true),
];

/// Every outcome of the matrix: requests that reach the wire for a replayable and for another request.
fn outcomes() -> Vec<(Step, usize, usize)> {
    let failures = [
        (Failure::Dns, 4, 4),
        (Failure::Refused, 4, 4),
        (Failure::Connect, 4, 4),
        (Failure::ConnectTimeout, 4, 4),
        (Failure::Canceled, 4, 4),
        (Failure::Tls, 1, 1),
        (Failure::Request, 1, 1),
        (Failure::Nack, 3, 3),
        (Failure::Interrupted, 4, 1),
        (Failure::AttemptTimeout, 4, 1),
        (Failure::Protocol, 1, 1),
    ];
    let statuses = [
        (400, 1, 1),
        (401, 1, 1),
        (404, 1, 1),
        (408, 1, 1),
        (409, 1, 1),
        (429, 4, 4),
        (500, 4, 1),
        (501, 1, 1),
        (502, 4, 1),
        (503, 4, 1),
        (504, 4, 1),
        (505, 1, 1),
    ];
    let failures = failures.map(|(failure, safe, other)| (Step::fail(failure), safe, other));
    let statuses = statuses.map(|(status, safe, other)| (Step::status(status), safe, other));
    let broken = (Step::status(200).body("1").broken(), 4, 1);
    failures.into_iter().chain(statuses).chain([broken]).collect()
}

#[tokio::test(start_paused = true)]
async fn idm_1_the_matrix_holds_for_every_method_and_outcome() {
    for (operation, replayable) in &METHODS {
        for (step, safe, other) in outcomes() {
            let (transport, script) = transport(vec![step.clone(); 6]);
            let error = transport.call(operation).send::<()>().await.unwrap_err();
            let expected = if *replayable { safe } else { other };
            assert_eq!(script.requests().len(), expected, "{} {step:?}: {error}", operation.name());
            assert_eq!(error.attempts() as usize, expected);
            assert_eq!(error.is_retryable(), expected > 1, "{step:?}: {error:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn bko_1_the_waits_are_those_of_the_policy() {
    let policy = RetryPolicy::new().jitter(Jitter::None).initial_backoff(500 * MS);
    let (things, script) = built(
        ThingsClient::builder().base_url("http://h").retry(policy),
        [Step::status(500), Step::status(502), Step::fail(Failure::Interrupted), Step::json("7")],
    );
    assert_eq!(things.get(1).await.unwrap(), 7);
    let at: Vec<_> = script.requests().iter().map(|request| request.at).collect();
    let waits: Vec<_> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(waits, [500 * MS, 1000 * MS, 2000 * MS]);
}

#[tokio::test(start_paused = true)]
async fn bko_1_full_jitter_stays_below_its_ceiling_and_differs() {
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..50 {
        let (things, script) = things([Step::status(503), Step::json("7")]);
        things.get(1).await.unwrap();
        let requests = script.requests();
        let wait = requests[1].at - requests[0].at;
        assert!(wait <= 501 * MS, "{wait:?}");
        seen.insert(wait);
    }
    assert!(seen.len() > 20, "{}", seen.len());
}

#[tokio::test(start_paused = true)]
async fn cfg_2_no_retries_and_no_statuses_mean_what_they_say() {
    for (policy, requests, stop) in [
        (RetryPolicy::new().max_retries(0), 1, StopReason::Exhausted),
        (RetryPolicy::off(), 1, StopReason::Off),
        (RetryPolicy::new().status_codes(StatusCodes::empty()), 1, StopReason::NotRetryable),
        (RetryPolicy::new().status_codes(StatusCodes::of(&[500])), 1, StopReason::NotRetryable),
        (RetryPolicy::new().max_retries(1), 2, StopReason::Exhausted),
    ] {
        let (things, script) =
            built(ThingsClient::builder().base_url("http://h").retry(policy), vec![Step::status(503); 9]);
        let error = things.get(1).await.unwrap_err();
        assert_eq!((script.requests().len(), error.stop_reason()), (requests, Some(stop)), "{policy:?}");
        assert_eq!(error.kind(), ErrorKind::Status(503));
    }
}

#[tokio::test(start_paused = true)]
async fn cfg_2_the_largest_number_of_retries_works() {
    let unbounded = RetryPolicy::new().max_retries(u32::MAX).budget(RetryBudget::off());
    let policy = unbounded.initial_backoff(Duration::ZERO);
    let mut steps = vec![Step::status(503); 300];
    steps.push(Step::json("7"));
    let (things, _) = built(ThingsClient::builder().base_url("http://h").retry(policy), steps);
    assert_eq!(things.get(1).await.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn cfg_3_a_zero_backoff_retries_at_once() {
    let policy = RetryPolicy::new().initial_backoff(Duration::ZERO);
    let (things, script) = built(
        ThingsClient::builder().base_url("http://h").retry(policy),
        [Step::status(503), Step::json("7")],
    );
    things.get(1).await.unwrap();
    let requests = script.requests();
    assert_eq!(requests[0].at, requests[1].at);
}

#[tokio::test(start_paused = true)]
async fn cfg_4_endless_durations_do_not_panic() {
    let endless = Duration::MAX;
    let policy = RetryPolicy::new().initial_backoff(endless).max_backoff(endless).max_retry_after(endless);
    let timeouts =
        pynector::Timeouts::new().connect(endless).attempt(endless).read(endless).deadline(endless);
    let (transport, _) =
        built(HttpTransport::builder("http://h").retry(policy).timeouts(timeouts), [Step::json("7")]);
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn bod_1_every_attempt_sends_the_same_bytes() {
    let (things, script) = things([Step::status(503), Step::fail(Failure::Interrupted), Step::json("7")]);
    things.put_up("a \"name\"").await.unwrap();
    for request in script.requests() {
        assert_eq!(request.body, r#""a \"name\"""#);
        assert_eq!(request.headers["content-type"], "application/json");
        assert_eq!(request.uri, "http://h/things");
    }
}

#[tokio::test(start_paused = true)]
async fn bod_6_a_broken_body_is_retried_where_that_is_safe() {
    let broken = || Step::status(200).header("content-type", "application/json").body("1").broken();
    let (things, script) = things([broken(), Step::json("7"), broken()]);
    assert_eq!(things.get(1).await.unwrap(), 7);
    let error = things.add("x").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.stop_reason()),
        (ErrorKind::Interrupted, Some(StopReason::NotReplayable))
    );
    assert!(error.was_sent());
    assert_eq!(script.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn bod_7_what_does_not_decode_is_not_retried() {
    let (things, script) = things([Step::json("\"x\""), Step::json("7")]);
    assert_eq!(things.get(1).await.unwrap_err().kind(), ErrorKind::Deserialize);
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn ra_3_the_wait_is_never_shorter_than_asked() {
    for (asked, date) in
        [("2", None), ("Fri, 01 Jan 2100 00:00:02 GMT", Some("Fri, 01 Jan 2100 00:00:00 GMT"))]
    {
        for status in [429, 503] {
            let mut refusal = Step::status(status).header("retry-after", asked);
            if let Some(date) = date {
                refusal = refusal.header("date", date);
            }
            let (things, script) = things([refusal, Step::json("7")]);
            things.get(1).await.unwrap();
            let requests = script.requests();
            let wait = requests[1].at - requests[0].at;
            assert!(wait >= 2 * S && wait <= 2201 * MS, "{status} {asked}: {wait:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn ra_1_what_is_not_intelligible_falls_back_to_the_backoff() {
    for asked in ["-5", "1.5", "1m0s", "", "soon"] {
        let (things, script) = things([Step::status(503).header("retry-after", asked), Step::json("7")]);
        things.get(1).await.unwrap();
        let requests = script.requests();
        assert!(requests[1].at - requests[0].at <= 501 * MS, "{asked}");
    }
    let twice = Step::status(503).header("retry-after", "9").header("retry-after", "8");
    let (things, script) = things([twice, Step::json("7")]);
    things.get(1).await.unwrap();
    assert!(script.requests()[1].at - script.requests()[0].at <= 501 * MS);
}

#[tokio::test(start_paused = true)]
async fn ra_4_a_wait_that_is_too_long_fails_at_once_and_says_what_was_asked() {
    for (asked, seconds) in [("61", 61), ("99999999999999999999", u64::MAX), ("59", 59)] {
        let options = pynector::CallOptions::new().timeouts(pynector::Timeouts::new().deadline(58 * S));
        let (things, script) =
            things([Step::status(503).header("retry-after", asked).body("busy"), Step::json("7")]);
        let started = tokio::time::Instant::now();
        let error = things.with_options(options).get(1).await.unwrap_err();
        assert!(started.elapsed() < 50 * MS);
        assert_eq!(error.stop_reason(), Some(StopReason::RetryAfterTooLong));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
        assert_eq!(error.kind(), ErrorKind::Status(503));
        assert_eq!(error.body().unwrap(), "busy");
        assert!(error.is_retryable());
        assert_eq!(script.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn spec_retries_every_method_on_its_own_list() {
    for (step, requests) in [
        (Step::status(503), 4),
        (Step::status(429).header("retry-after", "600"), 4),
        (Step::fail(Failure::Refused), 4),
        (Step::fail(Failure::AttemptTimeout), 4),
        (Step::fail(Failure::ConnectTimeout), 1),
        (Step::fail(Failure::Interrupted), 1),
        (Step::status(501), 1),
    ] {
        let (things, script) = built(
            ThingsClient::builder().base_url("http://h").retry(RetryPolicy::spec()),
            vec![step.clone(); 9],
        );
        things.add("x").await.unwrap_err();
        let at: Vec<_> = script.requests().iter().map(|request| request.at).collect();
        assert_eq!(at.len(), requests, "{step:?}");
        if requests == 4 {
            let waits: Vec<_> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
            assert_eq!(waits, [500 * MS, 1000 * MS, 2000 * MS], "{step:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_given_up_while_it_waits_sends_nothing_more() {
    let (things, script) = things([Step::status(503).header("retry-after", "5"), Step::json("7")]);
    let call = tokio::spawn(async move { things.get(1).await });
    tokio::time::sleep(S).await;
    call.abort();
    tokio::time::sleep(60 * S).await;
    assert_eq!((script.requests().len(), script.remaining()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn bko_4_a_hundred_calls_at_once_have_the_same_schedule() {
    let journal = pynector_tests::Journal::default();
    let retry = RetryPolicy::new().max_retries(3).jitter(Jitter::None).budget(RetryBudget::off());
    let builder = HttpTransport::builder("http://h").retry(retry).observer(journal.clone());
    let (transport, _) = built(builder, vec![Step::status(503); 400]);
    let calls = (0..100).map(|_| transport.call(&GET).send::<u32>());
    assert!(futures_util::future::join_all(calls).await.iter().all(Result::is_err));
    let delays = |attempt: u32| {
        let events = journal.events().into_iter();
        let delays = events.filter_map(|event| match event {
            pynector::Event::RetryScheduled { attempt: of, delay, .. } if of == attempt => Some(delay),
            _ => None,
        });
        delays.collect::<Vec<_>>()
    };
    for (attempt, delay) in [(2, 500 * MS), (3, S), (4, 2 * S)] {
        assert_eq!(delays(attempt), vec![delay; 100]);
    }
}
