//! The rate limit and the bulkhead around calls: who waits, who is refused, and that nothing is lost by those who leave.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use pynector::backend::{ScriptBackend, Step};
use pynector::{
    Breaker, BreakerUnit, ByteStream, CallOptions, ErrorKind, Event, HttpTransport, MaxInFlight, Operation,
    RateLimit, Rejecter, RetryPolicy, StopReason, Timeouts,
};
use pynector_tests::Journal;
use tokio::time::Instant;

use crate::{GET, MS, S, built};

const WHOLE: Operation = Operation::get("Test::whole", "");

fn fine() -> impl Iterator<Item = Step> {
    std::iter::repeat_with(|| Step::json("7")).take(200)
}

fn slow(after: Duration) -> impl Iterator<Item = Step> {
    std::iter::repeat_with(move || Step::json("7").after(after)).take(200)
}

fn paced(limit: RateLimit, steps: impl IntoIterator<Item = Step>) -> (HttpTransport, ScriptBackend) {
    built(HttpTransport::builder("http://h").rate_limit(limit), steps)
}

fn narrow(limit: MaxInFlight, steps: impl IntoIterator<Item = Step>) -> (HttpTransport, ScriptBackend) {
    built(HttpTransport::builder("http://h").max_in_flight(limit), steps)
}

async fn call(transport: &HttpTransport) -> Result<u32, ErrorKind> {
    transport.call(&GET).send::<u32>().await.map_err(|error| error.kind())
}

fn within(limit: Duration) -> CallOptions {
    CallOptions::new().timeouts(Timeouts::new().deadline(limit).no_attempt())
}

#[tokio::test(start_paused = true)]
async fn rtl_2_calls_go_in_the_order_of_arrival_and_at_the_pace_of_the_limit() {
    let (transport, script) = paced(RateLimit::new(10, S).burst(2), fine());
    let started = Instant::now();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    join_all((0..6_u32).map(|number| {
        let (transport, order) = (transport.clone(), Arc::clone(&order));
        async move {
            call(&transport).await.unwrap();
            order.lock().unwrap().push((number, started.elapsed().as_millis()));
        }
    }))
    .await;
    let order = order.lock().unwrap().clone();
    assert_eq!(order.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    for ((_, at), expected) in order.iter().zip([0, 0, 100, 200, 300, 400]) {
        assert!((expected..expected + 3).contains(at), "{order:?}");
    }
    assert_eq!(script.requests().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn rtl_2_a_turn_after_the_deadline_is_refused_at_once() {
    let journal = Journal::default();
    let builder = HttpTransport::builder("http://h").rate_limit(RateLimit::new(1, 10 * S));
    let (transport, script) = built(builder.observer(journal.clone()), fine());
    call(&transport).await.unwrap();
    let started = Instant::now();
    let error = transport.with_options(within(5 * S)).call(&GET).send::<u32>().await.unwrap_err();
    assert!(error.is_rate_limited() && !error.was_sent() && !error.is_retryable(), "{error:?}");
    assert_eq!((started.elapsed(), error.attempts()), (Duration::ZERO, 0));
    let left = error.retry_in().unwrap();
    assert!(left > 9 * S && left <= 10 * S, "{left:?}");
    assert_eq!(journal.events().last(), Some(&Event::Rejected { by: Rejecter::RateLimit }));
    assert_eq!(script.requests().len(), 1);
    // With time enough it waits, and that is no part of the attempt (TMO-7).
    let patient = Timeouts::new().deadline(20 * S).attempt(S);
    call(&transport.with_options(CallOptions::new().timeouts(patient))).await.unwrap();
    assert!(started.elapsed() >= 9 * S);
}

#[tokio::test(start_paused = true)]
async fn rtl_2_who_leaves_the_queue_takes_no_turn_along() {
    let (transport, _) = paced(RateLimit::new(1, S), fine());
    call(&transport).await.unwrap();
    let started = Instant::now();
    let mut leaving: Vec<_> = (0..5).map(|_| Box::pin(call(&transport))).collect();
    for call in &mut leaving {
        assert!(call.as_mut().now_or_never().is_none());
    }
    let mut staying = Box::pin(call(&transport));
    assert!(staying.as_mut().now_or_never().is_none());
    drop(leaving);
    staying.await.unwrap();
    assert!(started.elapsed() <= S + 2 * MS, "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn rtl_2_what_is_refused_behind_the_limit_gives_its_permit_back() {
    let builder = HttpTransport::builder("http://h")
        .rate_limit(RateLimit::new(1, 100 * S))
        .max_in_flight(MaxInFlight::new(1).queue(0));
    let (transport, _) = built(builder, [Step::json("1").after(S), Step::json("7")]);
    let free = transport.with_options(CallOptions::new().rate_limit(RateLimit::off()));
    let (holder, refused) = tokio::join!(call(&free), call(&transport));
    assert_eq!((holder, refused), (Ok(1), Err(ErrorKind::QueueFull)));
    assert_eq!(call(&transport.with_options(within(S))).await, Ok(7), "the only permit is there");
}

#[tokio::test(start_paused = true)]
async fn blk_1_more_than_the_limit_wait_and_more_than_the_queue_are_refused() {
    let journal = Journal::default();
    let builder = HttpTransport::builder("http://h").max_in_flight(MaxInFlight::new(2).queue(3));
    let (transport, script) = built(builder.observer(journal.clone()), slow(S));
    let started = Instant::now();
    let ended =
        join_all((0..8).map(|_| async { (call(&transport).await, started.elapsed().as_secs()) })).await;
    let expected = [1, 1, 2, 2, 3].map(|second| (Ok(7), second));
    assert_eq!(ended[..5], expected, "in the order of arrival");
    assert!(ended[5..].iter().all(|end| *end == (Err(ErrorKind::QueueFull), 0)), "{ended:?}");
    assert_eq!(script.requests().len(), 5);
    let refused =
        journal.events().into_iter().filter(|event| *event == Event::Rejected { by: Rejecter::Bulkhead });
    assert_eq!(refused.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn blk_1_a_wait_has_its_own_limit_and_the_deadline() {
    let (transport, _) = narrow(MaxInFlight::new(1).wait(2 * S), slow(10 * S));
    let brief = transport.with_options(within(S));
    let (first, waited, late) = tokio::join!(call(&transport), call(&transport), call(&brief));
    assert_eq!((first, waited, late), (Ok(7), Err(ErrorKind::QueueFull), Err(ErrorKind::Deadline)));
}

#[tokio::test(start_paused = true)]
async fn tmo_7_the_queue_counts_against_the_deadline_and_not_against_the_attempt() {
    let (transport, _) = narrow(MaxInFlight::new(1), slow(3 * S));
    let timeouts = Timeouts::new().attempt(4 * S).deadline(10 * S);
    let transport = transport.with_options(CallOptions::new().timeouts(timeouts).retry(RetryPolicy::off()));
    let ended = join_all((0..4).map(|_| call(&transport))).await;
    assert_eq!(ended, [Ok(7), Ok(7), Ok(7), Err(ErrorKind::Deadline)]);
}

#[tokio::test(start_paused = true)]
async fn blk_3_a_stream_holds_its_place_until_its_end() {
    let stream = || Step::status(200).body("a").silence(S).body("b");
    let (transport, _) =
        narrow(MaxInFlight::new(1).queue(0), [stream(), Step::json("7"), stream(), Step::json("7")]);
    let mut open = transport.call(&GET).send::<ByteStream>().await.unwrap();
    assert_eq!(call(&transport).await, Err(ErrorKind::QueueFull));
    while open.next().await.is_some() {}
    assert_eq!(call(&transport).await, Ok(7));
    let open = transport.call(&GET).send::<ByteStream>().await.unwrap();
    drop(open);
    assert_eq!(call(&transport).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn ord_4_a_call_that_waits_for_its_retry_holds_no_place() {
    let retry = RetryPolicy::new().initial_backoff(10 * S).jitter(pynector::Jitter::None).max_retries(1);
    // A call that the circuit counts as a whole keeps its admission over the wait, and no place either.
    for breaker in [Breaker::off(), Breaker::new().unit(BreakerUnit::Call)] {
        let builder = HttpTransport::builder("http://h").retry(retry).breaker(breaker);
        let builder = builder.max_in_flight(MaxInFlight::new(1).queue(0));
        let (transport, _) = built(builder, [Step::status(503), Step::json("1"), Step::json("2")]);
        let (first, second) = tokio::join!(call(&transport), async {
            tokio::time::sleep(S).await;
            call(&transport).await
        });
        assert_eq!((first, second), (Ok(2), Ok(1)), "{breaker:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn blk_2_neither_a_place_nor_a_turn_in_the_queue_is_lost() {
    let (transport, _) =
        narrow(MaxInFlight::new(3).queue(5), std::iter::repeat_n(Step::json("7").after(5 * MS), 20_000));
    let mut random = random();
    for _ in 0..2000 {
        let calls = (0..8).map(|_| {
            let patience = Duration::from_micros(random() % 12_000);
            let transport = transport.clone();
            async move { tokio::time::timeout(patience, call(&transport)).await }
        });
        let ended = join_all(calls).await;
        assert!(!ended.contains(&Ok(Err(ErrorKind::QueueFull))), "eight have room: {ended:?}");
    }
    let ended = join_all((0..9).map(|_| call(&transport))).await;
    assert_eq!(ended[..8], [Ok(7); 8]);
    assert_eq!(ended[8], Err(ErrorKind::QueueFull));
}

/// Numbers that are the same in each run.
fn random() -> impl FnMut() -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    }
}

#[tokio::test(start_paused = true)]
async fn ord_3_an_open_circuit_is_asked_before_anything_is_taken() {
    let builder = HttpTransport::builder("http://h")
        .breaker(Breaker::on())
        .rate_limit(RateLimit::new(1, 1000 * S))
        .max_in_flight(MaxInFlight::new(1));
    let (transport, script) = built(builder, fine());
    transport.circuit().force_open();
    for _ in 0..5 {
        assert_eq!(call(&transport).await, Err(ErrorKind::CircuitOpen));
    }
    transport.circuit().reset();
    assert_eq!(call(&transport).await, Ok(7), "the permit is there (BRK-9)");
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn ord_3_a_probe_is_not_held_in_a_queue() {
    let breaker = Breaker::new().failure_threshold(1).min_failure_rate(0.0).open(S).max_open(S);
    let builder = HttpTransport::builder("http://h")
        .breaker(breaker)
        .retry(RetryPolicy::off())
        .max_in_flight(MaxInFlight::new(1));
    let free = CallOptions::new().max_in_flight(MaxInFlight::off());
    let steps = [Step::json("1").after(10 * S), Step::status(500), Step::json("3"), Step::json("4")];
    let (transport, _) = built(builder, steps);
    let free = transport.with_options(free);
    let (long, (), queued, probe) = tokio::join!(
        call(&transport),
        async {
            tokio::time::sleep(S).await;
            assert_eq!(call(&free).await, Err(ErrorKind::Status(500)));
        },
        async {
            // The circuit is half-open by then, and the only place is taken.
            tokio::time::sleep(4 * S).await;
            call(&transport).await
        },
        async {
            tokio::time::sleep(5 * S).await;
            call(&free).await
        },
    );
    assert_eq!((long, probe, queued), (Ok(1), Ok(3), Ok(4)));
}

#[tokio::test(start_paused = true)]
async fn a_refused_retry_fails_with_the_error_of_its_attempt() {
    let retry = RetryPolicy::new().initial_backoff(S).jitter(pynector::Jitter::None).max_retries(1);
    let builder = HttpTransport::builder("http://h").retry(retry).rate_limit(RateLimit::new(1, 3600 * S));
    let (transport, _) = built(builder, [Step::status(503)]);
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), error.stop_reason()), (ErrorKind::Status(503), Some(StopReason::RateLimited)));
}

#[tokio::test(start_paused = true)]
async fn sco_3_clones_share_their_limits_and_two_clients_do_not() {
    let paced = || paced(RateLimit::new(1, 3600 * S), fine()).0;
    let narrow = || narrow(MaxInFlight::new(1).queue(0), slow(S)).0;
    for (make, refusal) in
        [(&paced as &dyn Fn() -> HttpTransport, ErrorKind::RateLimited), (&narrow, ErrorKind::QueueFull)]
    {
        let (one, other) = (make(), make());
        let clone = one.with_options(within(60 * S));
        let (first, second, third) = tokio::join!(call(&one), call(&clone), call(&other));
        assert_eq!((first, second, third), (Ok(7), Err(refusal), Ok(7)));
    }
}

#[tokio::test(start_paused = true)]
async fn sco_2_a_host_is_not_forgotten_while_a_place_of_it_is_taken() {
    let builder = HttpTransport::builder("http://home").max_in_flight(MaxInFlight::new(1).queue(0));
    let slow = std::iter::repeat_n(Step::json("1").after(S), 200);
    let (transport, _) =
        built(builder.any_origin(true), slow.chain(std::iter::repeat_n(Step::json("7"), 3000)));
    let to = |host: String| transport.call(&WHOLE).url(host).send::<u32>();
    let busy = |number: u32| format!("http://busy{number}/");
    let mut holders: Vec<_> = (0..200).map(|number| Box::pin(to(busy(number)))).collect();
    for holder in &mut holders {
        assert!(holder.as_mut().now_or_never().is_none());
    }
    for number in 0..2500 {
        to(format!("http://h{number}/")).await.unwrap();
    }
    for number in 0..200 {
        assert_eq!(to(busy(number)).await.unwrap_err().kind(), ErrorKind::QueueFull, "{number}");
    }
    assert!(join_all(holders).await.into_iter().all(|end| end.unwrap() == 1));
}
