//! What a program says of outcomes, over the tables of the runtime.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use pynector::backend::{ScriptBackend, Step};
use pynector::client::BaseUrl;
use pynector::{
    AttemptFacts, AttemptOutcome, Breaker, CircuitState, Classify, ClientBuilder, ErrorKind, Failure, Health,
    Hedge, HttpTransport, Opinion, RetryPolicy, Timeouts,
};

use crate::{GET, MS, Things as _, ThingsClient, built};

/// Opens after one failure.
const TOUCHY: Breaker = Breaker::new().failure_threshold(1).min_failure_rate(0.0);

type Builder = ClientBuilder<HttpTransport, BaseUrl>;

fn builder() -> Builder {
    HttpTransport::builder("http://h").breaker(TOUCHY).retry(RetryPolicy::off())
}

/// Says `opinion` of every attempt that ends with `outcome`.
fn on(outcome: AttemptOutcome, opinion: Opinion) -> impl Classify {
    move |attempt: &AttemptFacts<'_>| if attempt.outcome == outcome { opinion } else { Opinion::none() }
}

fn status(status: u16, opinion: Opinion) -> impl Classify {
    on(AttemptOutcome::Status(status), opinion)
}

async fn state_after(builder: Builder, steps: impl IntoIterator<Item = Step>) -> CircuitState {
    let (transport, script) = built(builder, steps);
    while script.remaining() > 0 {
        let _ = transport.call(&GET).send::<u32>().await;
    }
    transport.circuit().state()
}

#[tokio::test(start_paused = true)]
async fn brk_2_a_classifier_overrules_each_row_of_the_breaker() {
    let counts_as = |health| Opinion::none().health(health);
    let limited = || [Step::status(429)];
    assert_eq!(state_after(builder(), limited()).await, CircuitState::Closed);
    let ill = builder().classify(status(429, counts_as(Health::Failure)));
    assert_eq!(state_after(ill, limited()).await, CircuitState::Open);

    let broken = || [Step::status(500)];
    assert_eq!(state_after(builder(), broken()).await, CircuitState::Open);
    let nothing = builder().classify(status(500, counts_as(Health::Neutral)));
    assert_eq!(state_after(nothing, broken()).await, CircuitState::Closed);

    let reset = || [Step::fail(Failure::Interrupted)];
    let harmless = on(AttemptOutcome::Failed(Failure::Interrupted), counts_as(Health::Neutral));
    assert_eq!(state_after(builder().classify(harmless), reset()).await, CircuitState::Closed);
}

#[tokio::test(start_paused = true)]
async fn brk_2_a_classifier_sees_the_head_of_a_success() {
    let degraded = |attempt: &AttemptFacts<'_>| {
        let degraded = attempt.headers.is_some_and(|headers| headers.contains_key("x-degraded"));
        if degraded { Opinion::none().health(Health::Failure) } else { Opinion::none() }
    };
    let answer = Step::json("7").header("x-degraded", "yes");
    assert_eq!(state_after(builder().classify(degraded), [answer]).await, CircuitState::Open);
    assert_eq!(state_after(builder().classify(degraded), [Step::json("7")]).await, CircuitState::Closed);
}

#[tokio::test(start_paused = true)]
async fn brk_2_a_classifier_says_nothing_of_a_call_that_ran_out_of_its_own_time() {
    let late = on(AttemptOutcome::Failed(Failure::AttemptTimeout), Opinion::none().health(Health::Failure));
    let hardly_any = Timeouts::new().attempt(100 * MS).deadline(100 * MS);
    let at_once = RetryPolicy::new().initial_backoff(std::time::Duration::ZERO);
    let impatient = builder().timeouts(hardly_any).retry(at_once).classify(late);
    let steps = [Step::status(429).after(90 * MS), Step::json("7").after(90 * MS)];
    assert_eq!(state_after(impatient, steps).await, CircuitState::Closed);
}

fn things(
    classified: impl FnOnce(ClientBuilder<ThingsClient, BaseUrl>) -> ClientBuilder<ThingsClient, BaseUrl>,
    steps: impl IntoIterator<Item = Step>,
) -> (ThingsClient, ScriptBackend) {
    built(classified(ThingsClient::builder().base_url("http://h")), steps)
}

#[tokio::test(start_paused = true)]
async fn idm_1_never_short_circuits_whatever_the_others_say() {
    let classified = |builder: ClientBuilder<ThingsClient, BaseUrl>| {
        builder.classify(status(503, Opinion::retry())).classify(status(503, Opinion::never_retry()))
    };
    let (client, script) = things(classified, [Step::status(503), Step::json("7")]);
    let error = client.get(1).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Status(503), false));
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn idm_1_a_classifier_makes_a_failure_worth_a_retry_and_nothing_harmless() {
    let teapot = || [Step::status(418), Step::json("7")];
    let (client, script) = things(|builder| builder.classify(status(418, Opinion::retry())), teapot());
    assert_eq!(client.get(1).await.unwrap(), 7);
    assert_eq!(script.requests().len(), 2);

    let (client, script) = things(|builder| builder.classify(status(418, Opinion::retry())), teapot());
    assert_eq!(client.add("tea").await.unwrap_err().kind(), ErrorKind::Status(418));
    assert_eq!(script.requests().len(), 1, "a POST may not be sent twice");

    let any = RetryPolicy::new().any_method();
    let (client, script) =
        things(|builder| builder.retry(any).classify(status(418, Opinion::retry())), teapot());
    assert_eq!(client.add("tea").await.unwrap(), 7);
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn idm_1_never_ends_a_hedged_call_too() {
    let hedged = HttpTransport::builder("http://h")
        .hedge(Hedge::after(100 * MS))
        .classify(status(503, Opinion::never_retry()));
    let (transport, script) = built(hedged, [Step::status(503), Step::json("7")]);
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status(503));
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn idm_1_a_classifier_is_asked_once_for_each_attempt_with_what_there_is() {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let counting = move |attempt: &AttemptFacts<'_>| {
        count.fetch_add(1, Ordering::Relaxed);
        assert_eq!(
            (attempt.operation, attempt.method.as_str(), attempt.replayable),
            ("Test::get", "GET", true)
        );
        assert!(!format!("{attempt:?}").contains("secret"));
        Opinion::none()
    };
    let steps = [Step::status(503).header("x-id", "secret"), Step::json("7")];
    let (transport, _) = built(HttpTransport::builder("http://h").classify(counting), steps);
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}
