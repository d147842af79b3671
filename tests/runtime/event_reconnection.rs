//! Event streams that go on over further connections: what is asked for, how long is waited, and where it ends.

use std::time::Duration;

use pynector::backend::{ScriptBackend, Step};
use pynector::bytes::Bytes;
use pynector::{
    Body, Breaker, Clock, ErrorKind, EventRules, Events, HttpTransport, Jitter, MaxInFlight, Operation,
    OperationRules, Result, RetryPolicy, Timeouts,
};
use tokio::time::Instant;

use crate::event_streams::stream;
use crate::{MS, S, built};

const FEED: Operation = Operation::get("Feed::events", "/events")
    .rules(&OperationRules::new().events(EventRules::new().reconnect()));
const ASK: Operation = Operation::post("Feed::ask", "/ask")
    .rules(&OperationRules::new().events(EventRules::new().reconnect().until("[DONE]")));

fn retry() -> RetryPolicy {
    RetryPolicy::new().max_retries(2).initial_backoff(S).jitter(Jitter::None)
}

fn reconnecting(steps: impl IntoIterator<Item = Step>) -> (HttpTransport, ScriptBackend) {
    built(HttpTransport::builder("http://h").retry(retry()), steps)
}

async fn feed(transport: &HttpTransport) -> Events<String> {
    transport.call(&FEED).query("q", &1).send().await.unwrap()
}

/// What came, and how it ended.
async fn all(events: &mut Events<String>) -> (Vec<String>, Option<pynector::Error>) {
    let mut texts = Vec::new();
    while let Some(item) = events.next().await {
        match item {
            Ok(event) => texts.push(event.data),
            Err(error) => {
                assert!(events.next().await.is_none(), "nothing follows the end");
                return (texts, Some(error));
            }
        }
    }
    (texts, None)
}

async fn whole(events: &mut Events<String>) -> Vec<String> {
    let (texts, error) = all(events).await;
    assert!(error.is_none(), "{error:?}");
    texts
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_behind_the_last_id_until_a_204() {
    let steps = [
        stream("data: a\n\n"),
        stream("id: 1\ndata: b\n\nid: 2\ndata: half").broken(),
        Step::status(200)
            .header("content-type", "text/event-stream")
            .header("x", "3")
            .body("id: \u{e9}\ndata: c\n\nid:5"),
        Step::status(204),
    ];
    let (transport, script) = reconnecting(steps);
    let started = Instant::now();
    let mut events = feed(&transport).await;
    assert_eq!(whole(&mut events).await, ["a", "b", "c"]);
    assert_eq!((started.elapsed(), events.last_event_id()), (3 * S, "\u{e9}"));
    assert_eq!(events.head().headers["x"], "3", "the head is that of the last connection");
    let sent = script.requests();
    let ids: Vec<Option<&[u8]>> = sent
        .iter()
        .map(|sent| sent.headers.get("last-event-id").map(pynector::http::HeaderValue::as_bytes))
        .collect();
    assert_eq!(ids, [None, None, Some(&b"1"[..]), Some("\u{e9}".as_bytes())], "a half event has no say");
    for (number, request) in sent.iter().enumerate() {
        assert_eq!(request.uri.to_string(), "http://h/events?q=1");
        assert_eq!(request.header("accept"), Some("text/event-stream"));
        assert_eq!(request.header("cache-control"), (number > 0).then_some("no-store"));
    }
}

#[tokio::test(start_paused = true)]
async fn without_being_asked_for_nothing_is_asked_for_again() {
    const ONCE: Operation = Operation::get("Feed::once", "/events");
    let (transport, script) = reconnecting([
        stream("data: a\n\n"),
        stream("data: b\n\n").broken(),
        stream("data: c\n\n"),
        Step::status(204),
    ]);
    assert_eq!(whole(&mut transport.call(&ONCE).send().await.unwrap()).await, ["a"]);
    let (texts, error) = all(&mut transport.call(&ONCE).send().await.unwrap()).await;
    assert_eq!((texts, error.unwrap().kind()), (vec!["b".to_owned()], ErrorKind::Interrupted));
    assert_eq!(script.requests().len(), 2);
    let mut events = transport.call(&ONCE).send::<Events<String>>().await.unwrap().reconnect();
    assert_eq!(whole(&mut events).await, ["c"], "and asked for at run time it is");
    assert_eq!(script.requests().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn the_servers_delay_is_waited_for_and_bounded_as_a_retry_after_is() {
    let steps =
        [stream("retry: 7000\ndata: a\n\n"), stream("data: b\n\n"), stream("retry: 60001\ndata: c\n\n")];
    let (transport, script) = reconnecting(steps);
    let started = Instant::now();
    let mut events = feed(&transport).await;
    let (texts, error) = all(&mut events).await;
    assert_eq!((texts.len(), started.elapsed(), script.requests().len()), (3, 14 * S, 3));
    assert_eq!(events.reconnection_time(), Some(60_001 * MS));
    let error = error.unwrap();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Interrupted, Some("Feed::events")));
    assert!(
        error.to_string().contains("asks to wait 60 s before the next one, longer than `max_retry_after`"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn connections_without_an_event_are_counted_and_events_forgive_them() {
    let empty = || stream(": hello\n\n");
    let steps =
        [empty(), empty(), stream("data: a\n\n"), empty(), empty().broken(), empty(), stream("data: b\n\n")];
    let (transport, script) = reconnecting(steps);
    let started = Instant::now();
    let (texts, error) = all(&mut feed(&transport).await).await;
    assert_eq!((texts, script.remaining()), (vec!["a".to_owned()], 1));
    // One and two seconds before the event; the same after it, and one that is no retry of anything.
    assert_eq!(started.elapsed(), 7 * S);
    let error = error.unwrap();
    assert!(
        error.to_string().contains("the event stream ended, the last 3 times without an event"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_last_failure_is_what_the_stream_ends_with() {
    let empty = || stream(": hello\n\n").broken();
    let (transport, _) = reconnecting([empty(), empty(), empty()]);
    let (_, error) = all(&mut feed(&transport).await).await;
    let error = error.unwrap();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert!(error.to_string().contains("broke in the middle of the body"), "{error}");

    let (transport, script) =
        built(HttpTransport::builder("http://h").retry(RetryPolicy::off()), [stream("data: a\n\n"), empty()]);
    let (texts, error) = all(&mut feed(&transport).await).await;
    assert_eq!(
        (texts.len(), script.requests().len()),
        (1, 2),
        "without retries the first one that brings nothing is the last"
    );
    assert_eq!(error.unwrap().kind(), ErrorKind::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn attempts_that_fail_count_as_connections_without_an_event() {
    let steps =
        [stream("data: a\n\n"), Step::status(503), Step::status(503), stream(""), stream("data: b\n\n")];
    let (transport, script) = reconnecting(steps);
    let (texts, error) = all(&mut feed(&transport).await).await;
    assert_eq!((texts.len(), script.remaining()), (1, 1));
    assert!(error.unwrap().to_string().contains("the last 3 times"));
}

#[tokio::test(start_paused = true)]
async fn what_a_reconnection_meets_is_the_end() {
    let html = || Step::status(200).header("content-type", "text/html").body("<p>Log in</p>");
    for (step, kind, part) in [
        (vec![Step::status(404)], ErrorKind::Status(404), "404"),
        (
            vec![Step::status(503), Step::status(503), Step::status(503)],
            ErrorKind::Status(503),
            "after 3 attempts",
        ),
        (vec![html()], ErrorKind::Deserialize, "<p>Log in</p>"),
    ] {
        let (transport, script) = reconnecting([vec![stream("data: a\n\n")], step].concat());
        let (texts, error) = all(&mut feed(&transport).await).await;
        let error = error.unwrap();
        assert_eq!((texts.len(), error.kind(), script.remaining()), (1, kind, 0), "{error}");
        let line = error.to_string();
        assert!(line.contains(part) && line.contains("Feed::events: GET http://h/events"), "{line}");
    }
}

#[tokio::test(start_paused = true)]
async fn silence_is_a_broken_connection() {
    let mute = || stream("id: 1\ndata: a\n\n").silence(100 * S).body("data: late\n\n");
    let (transport, script) = reconnecting([mute(), stream("data: b\n\n"), Step::status(204)]);
    let started = Instant::now();
    let mut events = feed(&transport).await.heartbeat(5 * S);
    assert_eq!(whole(&mut events).await, ["a", "b"]);
    assert_eq!(started.elapsed(), 7 * S, "5 of silence, and twice the backoff");
    assert_eq!(script.requests()[1].header("last-event-id"), Some("1"));

    let (transport, _) = reconnecting([
        mute(),
        stream("").silence(100 * S),
        stream("").silence(100 * S),
        stream("").silence(100 * S),
    ]);
    let (_, error) = all(&mut feed(&transport).await.heartbeat(5 * S)).await;
    assert_eq!(error.unwrap().clock(), Some((Clock::Read, 5 * S)), "it holds on each connection");
}

#[tokio::test(start_paused = true)]
async fn the_body_is_sent_again_unless_it_is_a_stream() {
    let steps = || [stream("data: a\n\n").broken(), stream("data: b\n\ndata: [DONE]\n\n")];
    let (transport, script) = reconnecting(steps());
    assert_eq!(whole(&mut transport.call(&ASK).json(&7).send().await.unwrap()).await, ["a", "b"]);
    assert_eq!(script.requests()[1].method, "POST");
    assert_eq!(script.requests()[1].body, "7");

    let (transport, script) = reconnecting(steps());
    let pieces = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from("7"))]);
    let (texts, error) =
        all(&mut transport.call(&ASK).body(Body::stream(pieces)).send().await.unwrap()).await;
    assert_eq!((texts.len(), script.requests().len()), (1, 1));
    assert_eq!(error.unwrap().kind(), ErrorKind::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn an_id_that_is_no_header_value_is_an_error_and_an_empty_one_is_none() {
    let (transport, script) =
        reconnecting([stream("id: 1\ndata: a\n\nid\ndata: b\n\n"), stream("id: \u{1}\ndata: c\n\n")]);
    let (texts, error) = all(&mut feed(&transport).await).await;
    assert_eq!((texts.len(), script.requests().len()), (3, 2));
    assert_eq!(script.requests()[1].header("last-event-id"), None);
    let line = error.unwrap().to_string();
    assert!(line.contains("the last event ID has a control character"), "{line}");
}

#[tokio::test(start_paused = true)]
async fn a_data_item_that_is_bad_is_no_reason_to_reconnect() {
    let (transport, script) = reconnecting([stream("data: x\n\ndata: 1\n\n"), Step::status(204)]);
    let mut events: Events<u32> = transport.call(&FEED).send().await.unwrap();
    assert!(events.next().await.unwrap().is_err());
    assert_eq!(events.next().await.unwrap().unwrap().data, 1);
    assert_eq!(script.requests().len(), 1);
    assert!(events.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn each_reconnection_goes_through_the_policies() {
    let breaker = Breaker::new().failure_threshold(1).min_failure_rate(0.0).open(100 * S).max_open(100 * S);
    let builder = HttpTransport::builder("http://h").retry(retry()).breaker(breaker);
    let (transport, script) = built(builder, [stream("data: a\n\n").broken()]);
    let (texts, error) = all(&mut feed(&transport).await).await;
    assert_eq!((texts.len(), error.unwrap().kind(), script.requests().len()), (1, ErrorKind::CircuitOpen, 1));

    let timeouts = Timeouts::new().attempt(2 * S).deadline(3 * S);
    let builder = HttpTransport::builder("http://h").retry(RetryPolicy::off()).timeouts(timeouts);
    let (transport, _) = built(builder, [stream("data: a\n\n"), Step::hang()]);
    let (_, error) = all(&mut feed(&transport).await).await;
    assert_eq!(error.unwrap().clock(), Some((Clock::Attempt, 2 * S)));
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_waits_holds_no_place_and_dropped_it_asks_for_nothing() {
    let builder = HttpTransport::builder("http://h").retry(retry()).max_in_flight(MaxInFlight::new(1));
    let (transport, script) =
        built(builder, [stream("data: a\n\n"), stream("data: b\n\n"), stream("data: c\n\n").silence(S)]);
    let mut events = feed(&transport).await;
    assert_eq!(events.next().await.unwrap().unwrap().data, "a");
    assert!(tokio::time::timeout(500 * MS, events.next()).await.is_err(), "it waits to reconnect");
    let mut other = feed(&transport).await;
    assert_eq!(other.next().await.unwrap().unwrap().data, "b", "meanwhile its place is free");
    drop(other);
    assert_eq!(events.next().await.unwrap().unwrap().data, "c", "giving up a wait loses nothing");
    drop(events);
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert_eq!(script.requests().len(), 3);
    assert!(tokio::time::timeout(MS, transport.disconnect()).await.is_ok(), "nothing is in flight");
}

#[tokio::test(start_paused = true)]
async fn after_a_disconnect_there_is_no_reconnection() -> Result<()> {
    let (transport, _) = reconnecting([stream("data: a\n\n")]);
    let mut events = feed(&transport).await;
    assert_eq!(events.next().await.unwrap().unwrap().data, "a");
    assert!(tokio::time::timeout(MS, events.next()).await.is_err());
    transport.disconnect().await;
    let error = events.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotConnected);
    assert!(events.next().await.is_none());
    Ok(())
}
