//! What an observer is told, in which order.

use pynector::backend::Step;
use pynector::{
    AttemptOutcome, Breaker, CircuitState, DelaySource, Event, Failure, HttpTransport, Jitter, Rejecter,
    RetryPolicy, Stage, StopReason, TransitionReason,
};
use pynector_tests::Journal;

use crate::{GET, MS, S, built};

async fn events(breaker: Breaker, steps: impl IntoIterator<Item = Step>, calls: usize) -> Vec<Event> {
    let journal = Journal::default();
    let retry = RetryPolicy::new().jitter(Jitter::None).initial_backoff(500 * MS).max_retries(2);
    let builder = HttpTransport::builder("http://h").observer(journal.clone()).retry(retry).breaker(breaker);
    let (transport, _) = built(builder, steps);
    for _ in 0..calls {
        let _ = transport.call(&GET).send::<u32>().await;
    }
    journal.events()
}

fn started(attempt: u32) -> Event {
    Event::AttemptStarted { attempt }
}

fn ended(attempt: u32, outcome: AttemptOutcome) -> Event {
    Event::AttemptEnded { attempt, outcome, stage: outcome.stage(), elapsed: std::time::Duration::ZERO }
}

#[tokio::test(start_paused = true)]
async fn obs_1_a_retried_call() {
    let busy = AttemptOutcome::Status(503);
    let lost = AttemptOutcome::Failed(Failure::Interrupted);
    let steps =
        [Step::fail(Failure::Interrupted), Step::status(503).header("retry-after", "2"), Step::status(503)];
    let seen = events(Breaker::off(), steps, 1).await;
    let expected = [
        started(1),
        ended(1, lost),
        Event::RetryScheduled { attempt: 2, delay: 500 * MS, reason: lost, source: DelaySource::Backoff },
        started(2),
        ended(2, busy),
        Event::RetryScheduled { attempt: 3, delay: 2 * S, reason: busy, source: DelaySource::RetryAfter },
        started(3),
        ended(3, busy),
        Event::RetryStopped { reason: StopReason::Exhausted },
    ];
    assert_eq!(seen, expected);
    assert_eq!((lost.stage(), busy.stage()), (Stage::Unknown, Stage::Responded));
}

#[tokio::test(start_paused = true)]
async fn obs_1_a_nack_is_sent_again_at_once() {
    let nack = AttemptOutcome::Failed(Failure::Nack);
    let seen = events(Breaker::off(), [Step::fail(Failure::Nack), Step::json("7")], 1).await;
    let zero = std::time::Duration::ZERO;
    let expected = [
        started(1),
        ended(1, nack),
        Event::RetryScheduled { attempt: 2, delay: zero, reason: nack, source: DelaySource::Nack },
        started(2),
        ended(2, AttemptOutcome::Status(200)),
    ];
    assert_eq!(seen, expected);
}

#[tokio::test(start_paused = true)]
async fn obs_1_the_breaker_tells_its_transitions() {
    let breaker = Breaker::new().failure_threshold(1).min_failure_rate(0.0).open(S).max_open(S);
    let failed = AttemptOutcome::Status(500);
    let seen = events(breaker, [Step::status(500)], 2).await;
    let opened = Event::Breaker {
        group: None,
        from: CircuitState::Closed,
        to: CircuitState::Open,
        reason: TransitionReason::FailureThreshold,
    };
    let expected = [
        started(1),
        ended(1, failed),
        opened,
        Event::RetryStopped { reason: StopReason::CircuitOpen },
        Event::Rejected { by: Rejecter::Breaker },
    ];
    assert_eq!(seen, expected);
}

#[tokio::test(start_paused = true)]
async fn obs_1_a_probe_and_what_came_of_it() {
    let journal = Journal::default();
    let breaker = Breaker::new().failure_threshold(1).min_failure_rate(0.0).open(S).max_open(S);
    let builder = HttpTransport::builder("http://h").observer(journal.clone()).breaker(breaker);
    let (transport, _) = built(builder.retry(RetryPolicy::off()), [Step::status(500), Step::json("7")]);
    transport.call(&GET).send::<u32>().await.unwrap_err();
    tokio::time::sleep(2 * S).await;
    transport.call(&GET).send::<u32>().await.unwrap();
    let transitions: Vec<_> = journal
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Breaker { to, reason, .. } => Some((to, reason)),
            _ => None,
        })
        .collect();
    let expected = [
        (CircuitState::Open, TransitionReason::FailureThreshold),
        (CircuitState::HalfOpen, TransitionReason::OpenTimeElapsed),
        (CircuitState::Closed, TransitionReason::ProbeSucceeded),
    ];
    assert_eq!(transitions, expected);
}

#[tokio::test(start_paused = true)]
async fn obs_1_redirects_are_told_and_are_no_attempts() {
    let seen =
        events(Breaker::off(), [Step::status(302).header("location", "http://other/"), Step::json("7")], 1)
            .await;
    let expected = [
        started(1),
        ended(1, AttemptOutcome::Status(302)),
        Event::Redirected { status: 302, same_origin: false },
        started(1),
        ended(1, AttemptOutcome::Status(200)),
    ];
    assert_eq!(seen, expected);
}

#[tokio::test(start_paused = true)]
async fn ord_1_the_order_is_fixed_whatever_is_set_first() {
    let breaker = || Breaker::new().failure_threshold(2).min_failure_rate(0.0).open(S).max_open(S);
    let retry = || RetryPolicy::new().jitter(Jitter::None).initial_backoff(100 * MS).max_retries(5);
    let timeouts = || pynector::Timeouts::new().attempt(S).deadline(30 * S);
    let builder = || HttpTransport::builder("http://h");
    let orders = [
        builder().breaker(breaker()).retry(retry()).timeouts(timeouts()),
        builder().timeouts(timeouts()).retry(retry()).breaker(breaker()),
    ];
    let late = AttemptOutcome::Failed(Failure::AttemptTimeout);
    let attempt = |attempt| Event::AttemptEnded { attempt, outcome: late, stage: Stage::Unknown, elapsed: S };
    for builder in orders {
        let journal = Journal::default();
        let (transport, _) = built(builder.observer(journal.clone()), vec![Step::hang(); 9]);
        let error = transport.call(&GET).send::<u32>().await.unwrap_err();
        // The clock of the attempt ends it, the breaker counts it, retry waits, and the open circuit ends the retries;
        // the deadline, outside all of them, is not reached.
        let expected = [
            started(1),
            attempt(1),
            Event::RetryScheduled { attempt: 2, delay: 100 * MS, reason: late, source: DelaySource::Backoff },
            started(2),
            attempt(2),
            Event::Breaker {
                group: None,
                from: CircuitState::Closed,
                to: CircuitState::Open,
                reason: TransitionReason::FailureThreshold,
            },
            Event::RetryStopped { reason: StopReason::CircuitOpen },
        ];
        assert_eq!(journal.events(), expected);
        assert_eq!(error.elapsed(), 2100 * MS);
    }
}
