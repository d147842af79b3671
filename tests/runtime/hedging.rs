//! Hedged calls: when a second request is sent, which answer counts, and what becomes of the rest.

use std::time::Duration;

use pynector::backend::{ScriptBackend, Step};
use pynector::{
    Breaker, CallOptions, CircuitState, ErrorKind, Event, Failure, Hedge, HedgeStep, HttpTransport,
    MaxInFlight, Operation, RetryPolicy, StopReason, Timeouts,
};
use pynector_tests::Journal;
use tokio::time::Instant;

use crate::{GET, MS, S, built};

const POST: Operation = Operation::post("Test::post", "/x");

/// As many hedges as are asked for, since no test here is about the budget unless it says so.
fn hedged(hedge: Hedge, steps: impl IntoIterator<Item = Step>) -> (HttpTransport, ScriptBackend, Journal) {
    let journal = Journal::default();
    let free = Breaker::new().failure_threshold(100);
    let builder = HttpTransport::builder("http://h").hedge(hedge).breaker(free).observer(journal.clone());
    let (transport, script) = built(builder, steps);
    (transport.with_options(CallOptions::new()), script, journal)
}

/// The budget pays hedges by successes alone (BUD-8).
async fn earn(transport: &HttpTransport, script: &ScriptBackend, journal: &Journal) {
    script.push(std::iter::repeat_with(|| Step::json("0")).take(50));
    for _ in 0..50 {
        transport.call(&GET).send::<u32>().await.unwrap();
    }
    journal.clear();
}

fn steps_of(journal: &Journal) -> Vec<(u32, HedgeStep)> {
    let events = journal.events().into_iter();
    events
        .filter_map(|event| match event {
            Event::Hedge { attempt, step } => Some((attempt, step)),
            _ => None,
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn hdg_1_a_call_that_takes_long_is_sent_once_more() {
    let (transport, script, journal) = hedged(Hedge::after(50 * MS), []);
    earn(&transport, &script, &journal).await;
    script.push([Step::json("1").after(S), Step::json("2").after(10 * MS)]);
    let started = Instant::now();
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 2);
    assert_eq!(started.elapsed(), 60 * MS);
    assert_eq!(steps_of(&journal), [(2, HedgeStep::Started), (2, HedgeStep::Won), (1, HedgeStep::Lost)]);
    // One that is quick is not.
    script.push([Step::json("3").after(49 * MS)]);
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 3);
    // Nor one that must not be sent twice.
    script.push([Step::json("4").after(S)]);
    assert_eq!(transport.call(&POST).send::<u32>().await.unwrap(), 4);
    assert_eq!((script.remaining(), script.requests().len()), (0, 54));
}

#[tokio::test(start_paused = true)]
async fn hdg_1_a_percentile_needs_twenty_answers() {
    let (transport, script, _) = hedged(Hedge::p95(), []);
    let fast = || Step::json("0").after(10 * MS);
    script.push(std::iter::repeat_with(fast).take(19));
    for _ in 0..19 {
        transport.call(&GET).send::<u32>().await.unwrap();
    }
    script.push([Step::json("1").after(5 * S)]);
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 1, "the twentieth is waited for");
    script.push(std::iter::repeat_with(fast).take(40));
    for _ in 0..40 {
        transport.call(&GET).send::<u32>().await.unwrap();
    }
    let started = Instant::now();
    script.push([Step::json("2").after(5 * S), Step::json("3")]);
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 3);
    assert!(started.elapsed() < 20 * MS, "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn hdg_2_a_failure_brings_the_next_request_at_once_and_ends_nothing() {
    let (transport, script, journal) = hedged(Hedge::after(500 * MS).max(2), []);
    earn(&transport, &script, &journal).await;
    script.push([
        Step::fail(Failure::Interrupted).after(10 * MS),
        Step::status(503).after(10 * MS),
        Step::json("3"),
    ]);
    let started = Instant::now();
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 3);
    assert_eq!(started.elapsed(), 20 * MS);
}

#[tokio::test(start_paused = true)]
async fn hdg_2_if_all_fail_it_is_the_first_failure_and_the_others_are_told() {
    let (transport, script, journal) = hedged(Hedge::after(10 * MS).max(2), []);
    earn(&transport, &script, &journal).await;
    // The hedges fail before the first request does.
    script.push([
        Step::status(500).after(S),
        Step::status(502).after(10 * MS),
        Step::status(503).after(10 * MS),
    ]);
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status(500), 3));
    assert_eq!(error.stop_reason(), Some(StopReason::Exhausted));
    let kinds: Vec<_> = error.history().iter().map(|record| record.kind).collect();
    assert_eq!(kinds, [502, 503, 500].map(ErrorKind::Status));
}

#[tokio::test(start_paused = true)]
async fn hdg_2_an_answer_that_no_other_would_better_ends_the_call() {
    let (transport, script, journal) = hedged(Hedge::after(10 * MS), []);
    earn(&transport, &script, &journal).await;
    script.push([Step::status(404).after(S), Step::status(404).after(20 * MS)]);
    let started = Instant::now();
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), started.elapsed()), (ErrorKind::Status(404), 30 * MS));
}

#[tokio::test(start_paused = true)]
async fn hdg_3_losers_are_dropped_at_once_and_leave_nothing_behind() {
    let journal = Journal::default();
    let builder = HttpTransport::builder("http://h")
        .hedge(Hedge::after(10 * MS))
        .breaker(Breaker::new().failure_threshold(1).min_failure_rate(0.0))
        .max_in_flight(MaxInFlight::new(2).queue(0))
        .observer(journal.clone());
    let (transport, script) = built(builder, []);
    earn(&transport, &script, &journal).await;
    // Given up after more than half its attempt, a request would count as a failure if it had not lost.
    script.push([Step::hang(), Step::json("2").after(8 * S)]);
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 2);
    assert_eq!(transport.circuit().state(), CircuitState::Closed);
    script.push([Step::json("3"), Step::json("4")]);
    let places = futures_util::future::join_all((0..2).map(|_| transport.call(&GET).send::<u32>())).await;
    assert!(places.iter().all(Result::is_ok), "{places:?}");
    // Whoever gives the call up gives up both.
    script.push([Step::hang(), Step::hang()]);
    let call = transport.call(&GET).send::<u32>();
    assert!(tokio::time::timeout(S, call).await.is_err());
    script.push([Step::json("5"), Step::json("6")]);
    let places = futures_util::future::join_all((0..2).map(|_| transport.call(&GET).send::<u32>())).await;
    assert!(places.iter().all(Result::is_ok), "{places:?}");
}

#[tokio::test(start_paused = true)]
async fn hdg_4_the_deadline_bounds_a_call_whose_requests_never_end() {
    let (transport, script, journal) = hedged(Hedge::after(10 * MS), []);
    earn(&transport, &script, &journal).await;
    script.push([Step::hang(), Step::hang()]);
    let brief = Timeouts::new().deadline(3 * S).no_attempt();
    let started = Instant::now();
    let call = transport.with_options(CallOptions::new().timeouts(brief)).call(&GET).send::<u32>();
    assert_eq!(call.await.unwrap_err().kind(), ErrorKind::Deadline);
    assert_eq!(started.elapsed(), 3 * S);
}

#[tokio::test(start_paused = true)]
async fn bud_8_hedges_are_paid_by_successes_alone() {
    let (transport, script, journal) = hedged(Hedge::after(10 * MS), []);
    script.push([Step::json("1").after(S), Step::status(503)]);
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 1);
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!(error.stop_reason(), Some(StopReason::Budget), "nothing was earned yet");
    earn(&transport, &script, &journal).await;
    // Fifty-one successes are worth ten hedges, and those that win two more.
    script.push(std::iter::repeat_with(|| Step::json("2").after(20 * MS)).take(100));
    for _ in 0..15 {
        transport.call(&GET).send::<u32>().await.unwrap();
    }
    let started = steps_of(&journal).iter().filter(|(_, step)| *step == HedgeStep::Started).count();
    assert!((10..=13).contains(&started), "{started}");
}

#[tokio::test(start_paused = true)]
async fn hdg_1_the_nearer_level_chooses_between_retry_and_hedging() {
    let error = HttpTransport::builder("http://h").hedge(Hedge::after(S)).retry(RetryPolicy::on()).build();
    assert_eq!(error.unwrap_err().invalid_setting().unwrap().field, "hedge");
    let (transport, script, journal) = hedged(Hedge::after(50 * MS), []);
    earn(&transport, &script, &journal).await;
    let retried = transport.with_options(CallOptions::new().retry(RetryPolicy::new().max_retries(1)));
    script.push([Step::status(503).after(Duration::from_millis(200)), Step::json("7")]);
    assert_eq!(retried.call(&GET).send::<u32>().await.unwrap(), 7);
    assert_eq!(steps_of(&journal), []);
}

#[tokio::test(start_paused = true)]
async fn hdg_2_behind_a_redirect_it_is_the_first_failure_too() {
    let (transport, script, journal) = hedged(Hedge::after(10 * MS), []);
    earn(&transport, &script, &journal).await;
    // The hedge of the first hop wins, so that the first request of the second one is the call's second attempt.
    let away = Step::status(302).header("location", "/y");
    script.push([Step::hang(), away, Step::status(500).after(S), Step::status(503).after(10 * MS)]);
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status(500), 3));
}
