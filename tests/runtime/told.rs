//! What an observer is told of waits, refusals, hedges, credentials, streams and hands, and what it may do meanwhile.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use futures_util::future::join_all;
use pynector::backend::{BoxFuture, ScriptBackend, Step};
use pynector::{
    AttemptOutcome, Authorization, Breaker, ByteStream, CallInfo, CallOptions, CircuitState, Credentials,
    DelaySource, Event, Failure, Hedge, HedgeStep, HttpTransport, Jitter, MaxInFlight, Observer, RateLimit,
    Rejecter, Result, RetryBudget, RetryPolicy, StopReason, StreamEnd, Timeouts, TransitionReason,
};
use pynector_tests::Journal;

use crate::{GET, MS, S, built};

type Builder = pynector::ClientBuilder<HttpTransport, pynector::client::BaseUrl>;

fn heard(
    set: impl FnOnce(Builder) -> Builder,
    steps: impl IntoIterator<Item = Step>,
) -> (HttpTransport, ScriptBackend, Journal) {
    let journal = Journal::default();
    let builder = HttpTransport::builder("http://h").retry(RetryPolicy::off()).observer(journal.clone());
    let (transport, script) = built(set(builder), steps);
    (transport, script, journal)
}

async fn call(transport: &HttpTransport) {
    let _ = transport.call(&GET).send::<u32>().await;
}

fn within(limit: Duration) -> CallOptions {
    CallOptions::new().timeouts(Timeouts::new().deadline(limit).no_attempt())
}

fn started(attempt: u32) -> Event {
    Event::AttemptStarted { attempt }
}

fn ended(attempt: u32, status: u16, elapsed: Duration) -> Event {
    let outcome = AttemptOutcome::Status(status);
    Event::AttemptEnded { attempt, outcome, stage: outcome.stage(), elapsed }
}

fn scheduled(attempt: u32, status: u16, delay: Duration, source: DelaySource) -> Event {
    Event::RetryScheduled { attempt, delay, reason: AttemptOutcome::Status(status), source }
}

fn changed(from: CircuitState, to: CircuitState, reason: TransitionReason) -> Event {
    Event::Breaker { group: None, from, to, reason }
}

/// How long a wait took is told by the clock of the limit; what is checked is that it ended.
fn without_times(events: Vec<Event>) -> Vec<Event> {
    let even = |event| match event {
        Event::Waited { at, .. } => Event::Waited { at, waited: Duration::ZERO },
        other => other,
    };
    events.into_iter().map(even).collect()
}

#[tokio::test(start_paused = true)]
async fn obs_1_a_rate_limit_lets_wait_or_refuses() {
    let limit = RateLimit::new(1, 10 * S);
    let (transport, _, journal) = heard(|builder| builder.rate_limit(limit), vec![Step::json("7"); 3]);
    call(&transport).await;
    call(&transport.with_options(within(5 * S))).await;
    call(&transport.with_options(within(20 * S))).await;
    let at = Rejecter::RateLimit;
    let zero = Duration::ZERO;
    let expected = [
        started(1),
        ended(1, 200, zero),
        Event::Rejected { by: at },
        Event::Waiting { at },
        Event::Waited { at, waited: zero },
        started(1),
        ended(1, 200, zero),
    ];
    assert_eq!(without_times(journal.events()), expected);
}

#[tokio::test(start_paused = true)]
async fn obs_1_a_bulkhead_lets_wait_or_refuses() {
    let limit = MaxInFlight::new(1).queue(1);
    let (transport, _, journal) =
        heard(|builder| builder.max_in_flight(limit), vec![Step::json("7").after(S); 2]);
    join_all((0..3).map(|_| call(&transport))).await;
    let at = Rejecter::Bulkhead;
    let expected = [
        started(1),
        Event::Waiting { at },
        Event::Rejected { by: at },
        ended(1, 200, S),
        Event::Waited { at, waited: S },
        started(1),
        ended(1, 200, S),
    ];
    assert_eq!(journal.events(), expected);
    // A wait that is given up is told as ended too.
    journal.clear();
    let (transport, _, journal) =
        heard(|builder| builder.max_in_flight(limit), vec![Step::json("7").after(9 * S); 2]);
    tokio::join!(call(&transport), async { tokio::time::timeout(S, call(&transport)).await.unwrap_err() });
    assert_eq!(journal.events()[1..3], [Event::Waiting { at }, Event::Waited { at, waited: S }]);
}

#[tokio::test(start_paused = true)]
async fn obs_1_a_budget_stops_the_retries() {
    let budget = RetryBudget::new().ratio(0.0).min_per_second(0.0);
    let retry = RetryPolicy::new().jitter(Jitter::None).initial_backoff(S).budget(budget);
    let (transport, _, journal) = heard(|builder| builder.retry(retry), [Step::status(503)]);
    call(&transport).await;
    let stopped = Event::RetryStopped { reason: StopReason::Budget };
    assert_eq!(journal.events(), [started(1), ended(1, 503, Duration::ZERO), stopped]);
}

#[tokio::test(start_paused = true)]
async fn obs_1_what_stands_at_the_gate_stops_the_retries() {
    let retry = RetryPolicy::new().jitter(Jitter::None).initial_backoff(S).max_retries(1);
    let (transport, _, journal) =
        heard(|builder| builder.retry(retry).rate_limit(RateLimit::new(1, 3600 * S)), [Step::status(503)]);
    call(&transport).await;
    let expected = [
        started(1),
        ended(1, 503, Duration::ZERO),
        scheduled(2, 503, S, DelaySource::Backoff),
        Event::Rejected { by: Rejecter::RateLimit },
        Event::RetryStopped { reason: StopReason::RateLimited },
    ];
    assert_eq!(journal.events(), expected);
}

#[tokio::test(start_paused = true)]
async fn obs_1_hedges_start_win_and_lose() {
    let (transport, script, journal) = heard(|builder| builder, vec![Step::json("0"); 50]);
    let hedged = transport.with_options(CallOptions::new().hedge(Hedge::after(50 * MS)));
    for _ in 0..50 {
        call(&hedged).await;
    }
    journal.clear();
    script.push([Step::json("1").after(S), Step::json("2").after(10 * MS)]);
    call(&hedged).await;
    let step = |attempt, step| Event::Hedge { attempt, step };
    let expected = [
        started(1),
        started(2),
        step(2, HedgeStep::Started),
        ended(2, 200, 10 * MS),
        step(2, HedgeStep::Won),
        step(1, HedgeStep::Lost),
    ];
    assert_eq!(journal.events(), expected);
}

#[tokio::test(start_paused = true)]
async fn obs_1_a_call_waits_for_an_open_circuit() {
    let breaker = Breaker::new().failure_threshold(1).min_failure_rate(0.0).wait_up_to(5 * S);
    let (transport, _, journal) = heard(|builder| builder.breaker(breaker), [Step::json("7")]);
    transport.circuit().force_open();
    tokio::join!(call(&transport), async {
        tokio::time::sleep(S).await;
        transport.circuit().reset();
    });
    transport.circuit().force_open();
    call(&transport).await;
    let at = Rejecter::Breaker;
    let (waiting, waited) = (Event::Waiting { at }, Event::Waited { at, waited: Duration::ZERO });
    let opened = changed(CircuitState::Closed, CircuitState::Open, TransitionReason::Forced);
    let expected = [
        opened.clone(),
        waiting.clone(),
        changed(CircuitState::Open, CircuitState::Closed, TransitionReason::Reset),
        waited.clone(),
        started(1),
        ended(1, 200, Duration::ZERO),
        opened,
        waiting,
        Event::Rejected { by: at },
        waited,
    ];
    assert_eq!(without_times(journal.events()), expected);
}

/// Numbers its tokens.
#[derive(Debug, Default)]
struct Numbered(AtomicUsize);

impl Credentials for Numbered {
    fn authorize<'a>(&'a self, _: Option<&'a Authorization>) -> BoxFuture<'a, Result<Authorization>> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { Authorization::bearer(format!("t{number}")) })
    }
}

#[tokio::test(start_paused = true)]
async fn obs_1_credentials_are_renewed_after_a_401() {
    let (transport, _, journal) =
        heard(|builder| builder.auth(Numbered::default()), [Step::status(401), Step::json("7")]);
    call(&transport).await;
    let zero = Duration::ZERO;
    let expected = [
        started(1),
        ended(1, 401, zero),
        scheduled(2, 401, zero, DelaySource::Credentials),
        started(2),
        ended(2, 200, zero),
    ];
    assert_eq!(journal.events(), expected);
}

#[tokio::test(start_paused = true)]
async fn obs_1_a_stream_has_an_end() {
    let steps = [
        Step::status(200).body("abc"),
        Step::status(200).body("abc").silence(S).body("de"),
        Step::status(200).body("abc").broken(),
    ];
    let (transport, _, journal) = heard(|builder| builder, steps);
    let mut seen = Vec::new();
    for pieces in [9, 1, 9] {
        let mut stream = transport.call(&GET).send::<ByteStream>().await.unwrap();
        for _ in 0..pieces {
            if stream.next().await.is_none() {
                break;
            }
        }
        drop(stream);
        assert_eq!(journal.events()[..2], [started(1), ended(1, 200, Duration::ZERO)]);
        seen.extend(journal.events().drain(2..));
        journal.clear();
    }
    let end = |end, bytes| Event::StreamEnded { end, bytes };
    let broken = StreamEnd::Broken(Failure::BodyInterrupted);
    assert_eq!(seen, [end(StreamEnd::Whole, 3), end(StreamEnd::Dropped, 3), end(broken, 3)]);
}

/// Writes down whom an event belongs to.
#[derive(Clone, Debug, Default)]
struct Owners(Arc<Mutex<Vec<String>>>);

impl Observer for Owners {
    fn event(&self, call: &CallInfo<'_>, event: &Event) {
        self.0.lock().unwrap().push(format!("{call:?} {event:?}"));
    }
}

#[tokio::test]
async fn obs_1_a_hand_is_told_of_and_belongs_to_no_call() {
    let owners = Owners::default();
    let builder = HttpTransport::builder("http://h").observer(owners.clone()).breaker(Breaker::on());
    let (transport, _) = built(builder, []);
    let circuit = transport.circuit_of_group("search");
    circuit.force_open();
    circuit.force_open();
    circuit.force_closed();
    circuit.reset();
    let info = r#"CallInfo { operation: "", template: "", method: None, host: "h" }"#;
    let expected = [
        format!(r#"{info} Breaker {{ group: Some("search"), from: Closed, to: Open, reason: Forced }}"#),
        format!(r#"{info} Breaker {{ group: Some("search"), from: Open, to: Closed, reason: Forced }}"#),
    ];
    assert_eq!(*owners.0.lock().unwrap(), expected, "what changes nothing is not told");
}

type Moment = fn(&Event) -> bool;

/// Panics once, when such an event is told for the n-th time.
#[derive(Debug)]
struct Panics(Moment, Arc<AtomicUsize>);

impl Observer for Panics {
    fn event(&self, _: &CallInfo<'_>, event: &Event) {
        let less = |left: usize| left.checked_sub(1);
        let now = (self.0)(event) && self.1.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less) == Ok(1);
        assert!(!now, "the observer of this test panics");
    }
}

fn guarded(steps: impl IntoIterator<Item = Step>, observer: impl Observer) -> HttpTransport {
    let breaker = Breaker::new().failure_threshold(1).min_failure_rate(0.0).open(S).max_open(S);
    let (transport, _, _) = heard(|builder| builder.breaker(breaker).observer(observer), steps);
    transport
}

#[tokio::test(start_paused = true)]
async fn brk_12_an_observer_that_panics_wedges_no_circuit() {
    // At its opening, when its probe is let through, when that starts, ends, and closes the circuit.
    let moments: [(Moment, usize); 5] = [
        (|event| matches!(event, Event::Breaker { to: CircuitState::Open, .. }), 1),
        (|event| matches!(event, Event::Breaker { to: CircuitState::HalfOpen, .. }), 1),
        (|event| matches!(event, Event::AttemptStarted { .. }), 2),
        (|event| matches!(event, Event::AttemptEnded { .. }), 2),
        (|event| matches!(event, Event::Breaker { to: CircuitState::Closed, .. }), 1),
    ];
    for (moment, time) in moments {
        let steps = [Step::status(500), Step::json("1"), Step::json("2"), Step::json("3")];
        let left = Arc::new(AtomicUsize::new(time));
        let transport = guarded(steps, Panics(moment, Arc::clone(&left)));
        // The first call opens it, the second probes it; one of them panics.
        let mut panics = 0;
        for _ in 0..2 {
            let transport = transport.clone();
            panics += usize::from(tokio::spawn(async move { call(&transport).await }).await.is_err());
            tokio::time::sleep(2 * S).await;
        }
        assert_eq!((panics, left.load(Ordering::SeqCst)), (1, 0));
        // Far from the end of any lease.
        let answer = transport.call(&GET).send::<u32>().await;
        assert!(answer.is_ok(), "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn brk_12_an_observer_that_panics_at_a_hand_leaves_the_change() {
    let left = Arc::new(AtomicUsize::new(1));
    let observer = Panics(|event| matches!(event, Event::Breaker { .. }), left);
    let transport = guarded([Step::json("7")], observer);
    let circuit = transport.circuit();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| circuit.force_open()));
    assert!(panicked.is_err() && circuit.state() == CircuitState::Open);
    circuit.reset();
    assert_eq!(circuit.state(), CircuitState::Closed);
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
}

/// Looks at the circuit, holds it, and makes another call, from within what it is told.
#[derive(Clone, Debug, Default)]
struct Busybody {
    transport: Arc<OnceLock<HttpTransport>>,
    calls: Arc<Mutex<Vec<tokio::task::JoinHandle<Result<u32>>>>>,
}

impl Observer for Busybody {
    fn event(&self, _: &CallInfo<'_>, event: &Event) {
        let Some(transport) = self.transport.get() else { return };
        let circuit = transport.circuit();
        let opened = matches!(event, Event::Breaker { reason: TransitionReason::FailureThreshold, .. });
        if opened && circuit.state() == CircuitState::Open {
            circuit.force_closed();
            circuit.reset();
            // It is sent at once as far as it goes, here, inside the call that opened the circuit.
            let mut call = Box::pin(transport.call(&GET).send::<u32>().into_future());
            let now = futures_util::FutureExt::now_or_never(&mut call);
            self.calls.lock().unwrap().push(tokio::spawn(async move {
                match now {
                    Some(answer) => answer,
                    None => call.await,
                }
            }));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn brk_12_an_observer_may_use_the_circuit_and_call() {
    let observer = Busybody::default();
    let transport = guarded([Step::status(500), Step::json("7"), Step::json("8")], observer.clone());
    observer.transport.set(transport.clone()).unwrap();
    let error = tokio::time::timeout(9 * S, transport.call(&GET).send::<u32>()).await.unwrap().unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
    let inner = observer.calls.lock().unwrap().pop().unwrap();
    assert_eq!(inner.await.unwrap().unwrap(), 7);
    assert_eq!(transport.circuit().state(), CircuitState::Closed);
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 8);
}
