//! Event streams of generated clients: what becomes of an event, and where a stream ends.

use futures_util::StreamExt;
use pynector::backend::Step;
use pynector::{
    CallOptions, Clock, ErrorKind, EventRules, Events, FromEvent, Named, Operation, OperationRules, Response,
    Result, RetryPolicy, Timeouts,
};
use serde::Deserialize;

use crate::{GET, MS, S, built, transport};

#[derive(Debug, PartialEq, Deserialize)]
struct Tick {
    price: u32,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    Added {
        id: u32,
    },
    Removed(u32),
    Moved(u32, u32),
    Note(String),
    Maybe(Option<u32>),
    Message(serde_json::Value),
    Ping,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, PartialEq, Deserialize)]
enum Strict {
    #[serde(rename = "a")]
    A,
}

#[pynector::api]
trait Feed {
    #[get("/ticks")]
    async fn ticks(&self) -> Result<Events<Tick>>;
    #[get("/ticks")]
    async fn with_head(&self) -> Result<Response<Events<Tick>>>;
    #[get("/texts")]
    async fn texts(&self) -> Result<Events<String>>;
    #[get("/changes")]
    async fn changes(&self) -> Result<Events<Named<Change>>>;
}

fn feed(steps: impl IntoIterator<Item = Step>) -> FeedClient {
    built(FeedClient::builder().base_url("http://h").retry(RetryPolicy::off()), steps).0
}

pub(crate) fn stream(body: &'static str) -> Step {
    Step::status(200).header("content-type", "text/event-stream").body(body)
}

async fn all<T: FromEvent>(events: &mut Events<T>) -> Vec<Result<T>> {
    let mut items = Vec::new();
    while let Some(item) = events.next().await {
        items.push(item.map(|event| event.data));
    }
    items
}

async fn good<T: FromEvent>(events: &mut Events<T>) -> Vec<T> {
    all(events).await.into_iter().collect::<Result<_>>().unwrap()
}

#[tokio::test(start_paused = true)]
async fn data_is_json_and_the_envelope_is_kept() {
    let step = stream("id: 1\nevent: tick\nretry: 70\ndata: {\"price\":\n")
        .body("data: 7}\n\ndata: {\"price\": 8}\n\n");
    let (feed, script) = built(FeedClient::builder().base_url("http://h"), [step]);
    let mut ticks = feed.ticks().await.unwrap();
    assert_eq!(script.requests()[0].header("accept").unwrap(), "text/event-stream");
    assert_eq!((ticks.last_event_id(), ticks.reconnection_time()), ("", None));
    let first = ticks.next().await.unwrap().unwrap();
    assert_eq!((first.event(), first.id(), first.retry()), ("tick", "1", Some(70 * MS)));
    assert_eq!(first.data, Tick { price: 7 });
    let second = StreamExt::next(&mut ticks).await.unwrap().unwrap();
    assert_eq!((second.event(), second.id(), second.retry()), ("message", "1", None));
    assert_eq!((ticks.last_event_id(), ticks.reconnection_time()), ("1", Some(70 * MS)));
    assert_eq!(ticks.head().status, 200);
    assert!(ticks.next().await.is_none() && ticks.next().await.is_none());
    let shown = format!("{ticks:?}");
    assert!(shown.contains("events: 2, ended: true") && !shown.contains("price"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn a_response_is_the_head_and_the_events() {
    let (head, mut ticks) = feed([stream("data: {\"price\":1}\n\n").header("x-feed", "7")])
        .with_head()
        .await
        .unwrap()
        .into_parts();
    assert_eq!(head.headers["x-feed"], "7");
    assert_eq!(good(&mut ticks).await, [Tick { price: 1 }]);
}

#[tokio::test(start_paused = true)]
async fn a_string_is_the_text_whatever_it_is() {
    let step = stream("data: \"a\"\n\ndata\n\ndata: 1\ndata: \n\n").body(&b"data: \xff\n\n"[..]);
    assert_eq!(good(&mut feed([step]).texts().await.unwrap()).await, ["\"a\"", "", "1\n", "\u{fffd}"]);
}

#[tokio::test(start_paused = true)]
async fn names_choose_the_variant_of_an_enum() {
    let body = "event: added\ndata: {\"id\":1}\n\nevent: removed\ndata: 2\n\nevent: moved\ndata: [3,4]\n\n\
                event: note\ndata: 5\n\nevent: maybe\ndata\n\nevent: maybe\ndata: 6\n\ndata: {}\n\n\
                event: ping\ndata\n\nevent: ping\ndata: {\n\nevent: what\ndata: <>\n\n";
    let changes = good(&mut feed([stream(body)]).changes().await.unwrap()).await;
    let changes: Vec<Change> = changes.into_iter().map(Named::into_inner).collect();
    assert_eq!(
        changes,
        [
            Change::Added { id: 1 },
            Change::Removed(2),
            Change::Moved(3, 4),
            Change::Note("5".into()),
            Change::Maybe(None),
            Change::Maybe(Some(6)),
            Change::Message(serde_json::json!({})),
            Change::Ping,
            Change::Ping,
            Change::Unknown,
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_event_that_does_not_decode_is_one_error_and_the_stream_goes_on() {
    let long = format!("event: added\nid: 9\ndata: {{\"id\":\"{}\"}}\n\n", "s".repeat(5000));
    let step =
        stream("event: added\ndata: {\"id\":1} 2\n\n").body(long).body("event: moved\ndata: [1,2,3]\n\n");
    let mut changes = feed([step.body("event: ping\ndata\n\n")]).changes().await.unwrap();
    for part in [
        "event 1 of the stream (`added`) does not decode: trailing characters",
        "event 2 of the stream (`added`, id \"9\")",
        "event 3 of the stream (`moved`",
    ] {
        let error = changes.next().await.unwrap().unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Deserialize, Some("Feed::changes")));
        let line = error.to_string();
        assert!(line.contains(part) && line.contains("GET http://h/changes") && line.len() < 700, "{line}");
        assert_eq!(error.status().unwrap(), 200);
        assert!(!format!("{error:?}").contains(&"s".repeat(201)));
    }
    assert_eq!(changes.next().await.unwrap().unwrap().data.0, Change::Ping);
    assert!(changes.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn what_is_no_enum_or_has_no_such_variant_says_so() {
    let (transport, _) = transport([stream("event: b\ndata\n\n"), stream("data: 1\n\n")]);
    let mut strict = transport.call(&GET).send::<Events<Named<Strict>>>().await.unwrap();
    let error = strict.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("unknown variant `b`, expected `a`"), "{error}");
    let mut number = transport.call(&GET).send::<Events<Named<u32>>>().await.unwrap();
    let error = number.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("an event with a name"), "{error}");
}

#[derive(Debug, PartialEq)]
struct Price(u32);

impl FromEvent for Price {
    fn from_event(name: &str, data: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        assert_eq!(name, "message");
        Ok(Self(data.trim_start_matches("EUR ").parse()?))
    }
}

#[tokio::test(start_paused = true)]
async fn a_type_may_read_its_events_itself() {
    let (transport, _) = transport([stream("data: EUR 7\n\ndata: USD\n\n")]);
    let mut prices = transport.call(&GET).send::<Events<Price>>().await.unwrap();
    assert_eq!(prices.next().await.unwrap().unwrap().data, Price(7));
    let error = prices.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("invalid digit found in string; it reads \"USD\""), "{error}");
}

#[tokio::test(start_paused = true)]
async fn another_content_type_is_an_error_with_the_first_bytes() {
    let html = Step::status(200).header("content-type", "text/html").body("<p>hunter</p>".repeat(100));
    let bare = Step::status(200).body("data: 1\n\n");
    let slow = Step::status(200).header("content-type", "text/plain").body("log").silence(100 * S);
    let upper =
        Step::status(200).header("content-type", "Text/Event-Stream ; charset=utf-8").body("data: x\n\n");
    let feed = feed([html, bare, slow, upper]);
    let error = feed.texts().await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Deserialize, Some("Feed::texts")));
    assert!(
        error.to_string().contains("is text/html, not text/event-stream; it reads \"<p>hunter"),
        "{error}"
    );
    assert_eq!((error.body().unwrap().len(), error.status().unwrap().as_u16()), (200, 200));
    let error = feed.texts().await.unwrap_err();
    assert!(error.to_string().contains("has no content type"), "{error}");
    let started = tokio::time::Instant::now();
    let error = feed.texts().await.unwrap_err();
    assert!(error.to_string().contains("\"log\"") && started.elapsed() == S, "{error}");
    assert_eq!(good(&mut feed.texts().await.unwrap()).await, ["x"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_comes_of_no_content_and_of_a_half_event() {
    let feed = feed([Step::status(204), stream("data: a\n\nid: 2\ndata: half\n")]);
    assert!(feed.texts().await.unwrap().next().await.is_none());
    let mut texts = feed.texts().await.unwrap();
    assert_eq!(good(&mut texts).await, ["a"]);
    assert_eq!(texts.last_event_id(), "");
}

#[tokio::test(start_paused = true)]
async fn the_terminator_ends_the_stream_and_is_no_item() {
    const DONE: Operation = GET.rules(&OperationRules::new().events(EventRules::new().until("[DONE]")));
    let body = || stream("data: a\n\ndata: [DONE] \n\ndata: [DONE]\n\ndata: b\n\n");
    let (transport, _) = transport([body(), body(), body().silence(S).body("data: c\n\n")]);
    let mut events = transport.call(&DONE).send::<Events<String>>().await.unwrap();
    assert_eq!(good(&mut events).await, ["a", "[DONE] "]);
    let mut events = transport.call(&GET).send::<Events<String>>().await.unwrap().until("a");
    assert_eq!(good(&mut events).await, [""; 0]);
    let started = tokio::time::Instant::now();
    let mut events = transport.call(&DONE).send::<Events<String>>().await.unwrap();
    assert_eq!(good(&mut events).await, ["a", "[DONE] "]);
    assert_eq!(started.elapsed(), 50 * MS, "a server that has more to say is not waited for");
}

#[tokio::test(start_paused = true)]
async fn max_body_bounds_an_event_and_not_the_stream() {
    let feed =
        feed([stream("data: 1234\n\n").body("data: 1\n\n".repeat(100)).body("data: 12345\n\ndata: 1\n\n")]);
    let mut texts = feed.with_options(CallOptions::new().max_body(10)).texts().await.unwrap();
    let mut items = all(&mut texts).await;
    let error = items.pop().unwrap().unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::BodyTooLarge, Some("Feed::texts")));
    assert!(
        error.to_string().contains("an event or a line is larger than `max_body`, which is 10 bytes"),
        "{error}"
    );
    assert_eq!((items.len(), items.iter().all(Result::is_ok)), (101, true));
}

#[tokio::test(start_paused = true)]
async fn silence_is_bounded_by_the_read_clock_or_the_heartbeat() {
    const ALIVE: Operation = GET.rules(&OperationRules::new().events(EventRules::new().heartbeat(S)));
    let step =
        || stream("data: a\n\n").silence(900 * MS).body(": ping\n\n").silence(3 * S).body("data: b\n\n");
    let (transport, _) = transport([step(), step(), step()]);
    let silent = |items: Vec<Result<String>>, limit| {
        let error = items[1].as_ref().unwrap_err();
        assert_eq!((error.clock(), items.len()), (Some((Clock::Read, limit)), 2), "{error:?}");
    };
    silent(all(&mut transport.call(&ALIVE).send().await.unwrap()).await, S);
    silent(
        all(&mut transport.call(&GET).send::<Events<String>>().await.unwrap().heartbeat(2 * S)).await,
        2 * S,
    );
    let patient = transport.with_options(CallOptions::new().timeouts(Timeouts::new().read(S)));
    let mut events = patient.call(&GET).send::<Events<String>>().await.unwrap().heartbeat(10 * S);
    assert_eq!(good(&mut events).await, ["a", "b"], "it replaces the clock");
}

#[tokio::test(start_paused = true)]
async fn time_in_which_nobody_asks_is_no_silence() {
    let step = stream("data: a\n\n").silence(2 * S).body("data: b\n\n");
    let mut texts = feed([step]).texts().await.unwrap().heartbeat(S * 3);
    assert_eq!(texts.next().await.unwrap().unwrap().data, "a");
    tokio::time::sleep(100 * S).await;
    assert_eq!(texts.next().await.unwrap().unwrap().data, "b");
}
