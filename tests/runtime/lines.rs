//! JSON lines of generated clients, both ways: what a line becomes, what is wrong with it, and what is sent.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt as _;
use pynector::backend::Step;
use pynector::bytes::Bytes;
use pynector::{
    Body, CallOptions, Endpoint, ErrorKind, JsonLines, LineRules, Operation, OperationRules, Response,
    Result, RetryPolicy,
};
use pynector_tests::raw::{RawServer, Reply, hash};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{MS, S, built, transport};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: u32,
}

#[pynector::api]
pub(crate) trait Rows {
    #[get("/rows")]
    async fn rows(&self) -> Result<JsonLines<Row>>;

    #[get("/rows")]
    async fn with_head(&self) -> Result<Response<JsonLines<Row>>>;

    #[get("/rows")]
    async fn any<T: serde::de::DeserializeOwned>(&self) -> Result<JsonLines<T>>;

    #[put("/rows")]
    async fn store(&self, #[body] rows: Body) -> Result<()>;
}

fn rows(steps: impl IntoIterator<Item = Step>) -> RowsClient {
    built(RowsClient::builder().base_url("http://h"), steps).0
}

/// An answer in pieces of `size` bytes.
fn pieces(body: &[u8], size: usize) -> Step {
    let step = Step::status(200).header("content-type", "application/x-ndjson");
    body.chunks(size).fold(step, |step, piece| step.body(Bytes::copy_from_slice(piece)))
}

fn of(body: impl AsRef<[u8]>) -> Step {
    pieces(body.as_ref(), usize::MAX)
}

/// Every item to the end, after which there is none.
pub(crate) async fn all<T: serde::de::DeserializeOwned>(lines: &mut JsonLines<T>) -> Vec<Result<T>> {
    let items = lines.by_ref().collect().await;
    assert!(lines.next().await.is_none());
    items
}

const TEXT: &str = "\u{feff}{\"id\":1}\n\n{\"id\":2}\r\n  {\"id\" : 3}\t\n{\"id\":4}";

#[tokio::test(start_paused = true)]
async fn each_line_is_a_value_however_the_body_is_cut() {
    for size in 1..=TEXT.len() {
        let mut lines = rows([pieces(TEXT.as_bytes(), size)]).rows().await.unwrap();
        let (mut ids, mut numbers) = (Vec::new(), Vec::new());
        while let Some(row) = lines.next().await {
            ids.push(row.unwrap().id);
            numbers.push(lines.line());
        }
        assert_eq!((ids, numbers), (vec![1, 2, 3, 4], vec![1, 3, 4, 5]), "in pieces of {size}");
        assert!(lines.next().await.is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_is_handed_out_before_the_next_one_comes() {
    let step = of("{\"id\":1}\n{\"i").silence(S).body("d\":2}\n").silence(3600 * S);
    let mut lines = rows([step]).rows().await.unwrap();
    let started = tokio::time::Instant::now();
    assert_eq!(lines.next().await.unwrap().unwrap(), Row { id: 1 });
    assert_eq!(started.elapsed(), Duration::ZERO);
    let waiting = tokio::time::timeout(500 * MS, lines.next()).await;
    assert!(waiting.is_err(), "nobody makes a row of a half line");
    assert_eq!(lines.next().await.unwrap().unwrap(), Row { id: 2 }, "and a dropped future loses nothing");
    assert_eq!(started.elapsed(), S);
}

#[tokio::test(start_paused = true)]
async fn lines_are_json_whatever_the_type_is() {
    let step = || of("\"a\"\nnull\n{\"b\": [1]}\n7");
    let rows = rows([step(), step(), step()]);
    let texts = all(&mut rows.any::<String>().await.unwrap()).await;
    assert_eq!(texts.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false, false]);
    assert_eq!(texts[0].as_ref().unwrap(), "a");
    let values = all(&mut rows.any::<Option<Value>>().await.unwrap()).await;
    let values: Vec<_> = values.into_iter().map(Result::unwrap).collect();
    assert_eq!(values, [Some(json!("a")), None, Some(json!({ "b": [1] })), Some(json!(7))]);
    let nothing = all(&mut rows.any::<()>().await.unwrap()).await;
    assert_eq!(nothing.iter().filter(|item| item.is_ok()).count(), 1, "only `null` is nothing");
}

#[tokio::test(start_paused = true)]
async fn a_bad_line_is_one_error_with_its_place_and_the_stream_goes_on() {
    let secret = "x".repeat(1000);
    let text = format!("{{\"id\":1}}\n{{\"id\":}}\nnot json: {secret}\n\n{{\"id\":\"seven\"}}\n{{\"id\":2}}");
    let client = rows([of(&text), of(&text)]);
    let mut lines = client.rows().await.unwrap();
    let items = all(&mut lines).await;
    assert_eq!(items.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false, false, true]);
    assert_eq!(items[4].as_ref().unwrap(), &Row { id: 2 });
    for (nth, line, what, body) in [
        (1, "line 2 ", "expected value at column 7; it reads \"{\\\"id\\\":}\"", 7),
        (2, "line 3 ", "expected ident at column 2; it reads \"not json: xxx", 1010),
        (3, "line 5 ", "invalid type: string \"seven\", expected u32 at column 13", 14),
    ] {
        let error = items[nth].as_ref().unwrap_err();
        let text = error.to_string();
        assert_eq!((error.kind(), error.body().unwrap().len()), (ErrorKind::Deserialize, body), "{text}");
        assert!(text.starts_with("Rows::rows: GET http://h/rows: 200 OK, but line"), "{text}");
        assert!(text.contains(line) && text.contains(what), "{text}");
        assert!(text.matches('x').count() <= 200 && format!("{error:?}").matches('x').count() <= 200);
        assert_eq!((error.attempts(), error.was_sent(), error.is_retryable()), (1, true, false));
    }
    assert_eq!(items[3].as_ref().unwrap_err().decode::<Value>().unwrap(), json!({ "id": "seven" }));

    let mut lines = client.rows().await.unwrap().skip_bad();
    let ids: Vec<_> = all(&mut lines).await.into_iter().map(|row| row.unwrap().id).collect();
    assert_eq!((ids, lines.skipped(), lines.line()), (vec![1, 2], 3, 6));
    assert!(format!("{lines:?}").contains("line: 6, skipped: 3, ended: true"), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn a_line_is_utf_8_in_what_nobody_reads_too() {
    let mut lines = rows([of(b"{\"id\":1}\n{\"id\":2,\"by\":\"\xe9\"}\n{\"id\":3}")]).rows().await.unwrap();
    let items = all(&mut lines).await;
    let text = items[1].as_ref().unwrap_err().to_string();
    assert!(text.contains("line 2 does not decode: invalid UTF-8 from byte 14 on at column 15; "), "{text}");
    assert!(items[2].is_ok());
}

#[tokio::test(start_paused = true)]
async fn an_error_keeps_a_part_of_a_long_line_and_cuts_no_character() {
    let text = format!("[\"{}\"]\n", "\u{20ac}".repeat(40_000));
    let error = all(&mut rows([of(text)]).rows().await.unwrap()).await.remove(0).unwrap_err();
    assert_eq!(error.body().unwrap().len(), 64 << 10);
    let shown = error.to_string();
    let (_, shown) = shown.split_once("it reads").unwrap();
    assert!(!shown.contains('\u{fffd}') && shown.matches('\u{20ac}').count() <= 66, "{shown}");
}

#[tokio::test(start_paused = true)]
async fn a_line_is_capped_by_max_body_or_by_its_own_limit() {
    let text = "{\"id\":1}\n{\"id\":22}\n{\"id\":333}\n{\"id\":4}\n";
    let client = rows((0..4).map(|_| of(text)));
    let small = client.with_options(CallOptions::new().max_body(9));
    for (lines, part) in [
        (small.rows().await.unwrap(), "line 3 is longer than `max_body`, which is 9 bytes"),
        (client.rows().await.unwrap().max_line(9), "line 3 is longer than `max_line`, which is 9 bytes"),
    ] {
        let mut lines = lines.skip_bad();
        let items = all(&mut lines).await;
        assert_eq!((items.len(), lines.line(), lines.skipped()), (3, 3, 0), "it is no line to be skipped");
        let error = items[2].as_ref().unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::BodyTooLarge, Some("Rows::rows")));
        assert!(error.to_string().contains(part), "{error}");
    }
    assert_eq!(all(&mut small.rows().await.unwrap().max_line(10)).await.len(), 4);
    assert_eq!(all(&mut client.rows().await.unwrap()).await.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn an_endless_line_is_given_up_at_the_cap() {
    let steps = (0..64).fold(of(""), |step, _| step.body(vec![b'['; 1 << 10]));
    let mut lines = rows([steps.silence(3600 * S)]).rows().await.unwrap().max_line(8 << 10);
    assert_eq!(lines.next().await.unwrap().unwrap_err().kind(), ErrorKind::BodyTooLarge);
    assert!(lines.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn what_an_operation_says_of_its_lines_holds() {
    const LOGS: Operation = Operation::get("Logs::logs", "/logs")
        .rules(&OperationRules::new().lines(LineRules::new().skip_bad().max_line(8)));
    let (transport, _) = transport([of("{\"id\":1}\n?\n{\"id\":2}\n{\"id\":33}")]);
    let mut lines = transport.call(&LOGS).send::<JsonLines<Row>>().await.unwrap();
    let items = all(&mut lines).await;
    assert_eq!((items.len(), lines.skipped()), (3, 1));
    let error = items[2].as_ref().unwrap_err();
    assert!(error.to_string().contains("line 4 is longer than `max_line`, which is 8 bytes"), "{error}");
    assert_eq!(lines.head().status, 200);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_lines_is_refused_with_its_beginning() {
    let page = format!("<!doctype html><p>{}", "x".repeat(500));
    let html = Step::status(200).header("content-type", "text/html; charset=utf-8").body(page);
    let hanging = Step::status(200).header("content-type", "image/png").body("\u{89}PNG").silence(3600 * S);
    let nameless = Step::status(200).body("{\"id\":1}");
    let client = rows([html, hanging, nameless, Step::status(204), Step::status(404).body("no")]);
    let error = client.rows().await.unwrap_err();
    let text = error.to_string();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Deserialize, Some("Rows::rows")));
    assert!(
        text.contains("the body is text/html; charset=utf-8, not application/x-ndjson; it reads \"<!doctype"),
        "{text}"
    );
    assert!(text.matches('x').count() <= 204, "{text}");
    assert!(client.rows().await.unwrap_err().to_string().contains("is image/png"));
    assert_eq!(all(&mut client.rows().await.unwrap()).await.len(), 1, "no type is any type");
    assert!(all(&mut client.rows().await.unwrap()).await.is_empty());
    assert!(client.rows().await.unwrap_err().is_not_found());
}

#[tokio::test(start_paused = true)]
async fn the_head_is_asked_for_and_the_type_is_asked_for() {
    let (client, script) =
        built(RowsClient::builder().base_url("http://h"), [of("{\"id\":1}").header("etag", "\"1\"")]);
    let response = client.with_head().await.unwrap();
    assert_eq!(response.header("etag"), Some("\"1\""));
    let (_, mut lines) = response.into_parts();
    assert_eq!(lines.next().await.unwrap().unwrap(), Row { id: 1 });
    assert_eq!(script.requests()[0].headers["accept"], "application/x-ndjson");
}

/// What the macro does not know, an endpoint of somebody else's transport does.
#[derive(Endpoint)]
#[get("/rows", response = JsonLines<Row>)]
struct GetRows;

#[tokio::test]
async fn a_response_that_somebody_carried_has_lines_too() {
    let response =
        pynector::http::Response::builder().body(Bytes::from_static(b"{\"id\":1}\n\n?\n")).unwrap();
    let items = all(&mut GetRows::decode(response).unwrap()).await;
    assert_eq!(items[0].as_ref().unwrap(), &Row { id: 1 });
    let error = items[1].as_ref().unwrap_err();
    assert!(error.operation() == Some("GetRows") && error.to_string().contains("line 3 "), "{error}");
}

/// The pieces of a body, and what it ends with.
async fn sent(mut body: Body) -> (Vec<Bytes>, Option<String>) {
    let mut pieces = Vec::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => pieces.push(frame.into_data().unwrap()),
            Err(error) => {
                let cause = std::error::Error::source(&error).unwrap();
                return (pieces, Some(cause.to_string()));
            }
        }
    }
    (pieces, None)
}

#[tokio::test]
async fn values_are_sent_as_lines_in_decent_pieces() {
    let body = Body::json_lines((0..10_000).map(|id| Row { id }));
    assert_eq!(body.content_type(), Some("application/x-ndjson"));
    let (pieces, end) = sent(body.clone()).await;
    assert_eq!(end, None);
    let (last, others) = pieces.split_last().unwrap();
    let size = 16 << 10;
    assert!(others.iter().all(|piece| (size..size + 16).contains(&piece.len())) && last.len() < size + 16);
    let whole = pieces.concat();
    let ids: Vec<_> = whole
        .split_inclusive(|byte| *byte == b'\n')
        .map(|line| serde_json::from_slice::<Row>(line).unwrap().id)
        .collect();
    assert!(ids.into_iter().eq(0..10_000) && whole.ends_with(b"\n"));
    assert_eq!(sent(body).await.0.concat(), whole, "a clone of it is written anew");
    assert_eq!(sent(Body::json_lines(Vec::<Row>::new())).await, (vec![], None));
    assert_eq!(sent(Body::json_lines([None, Some(1)])).await.0, ["null\n1\n"]);
}

#[tokio::test]
async fn a_value_is_one_line_whatever_it_holds() {
    let raw = serde_json::value::RawValue::from_string("{\n  \"a\":\r\n \"b\\n\"\n}".to_owned()).unwrap();
    let (pieces, _) = sent(Body::json_lines([json!("c\r\nd\u{2028}\u{85}"), json!({ "\n": 1 })])).await;
    assert_eq!(pieces.concat(), "\"c\\r\\nd\u{2028}\u{85}\"\n{\"\\n\":1}\n".as_bytes());
    let (pieces, _) = sent(Body::json_lines([raw.clone(), raw])).await;
    assert_eq!(pieces.concat(), b"{   \"a\":   \"b\\n\" }\n".repeat(2));
}

#[tokio::test(start_paused = true)]
async fn what_is_ready_goes_and_waits_for_nothing() {
    let slow = stream::iter(1..=4).then(|id| async move {
        if id == 3 {
            tokio::time::sleep(S).await;
        }
        Ok::<_, Infallible>(Row { id })
    });
    let (pieces, end) = sent(Body::json_lines_stream(slow)).await;
    assert_eq!(
        (pieces, end),
        (vec!["{\"id\":1}\n{\"id\":2}\n".into(), "{\"id\":3}\n{\"id\":4}\n".into()], None)
    );
}

/// A value that cannot be written.
#[derive(Clone)]
struct Unwritable(bool);

impl Serialize for Unwritable {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 { Err(serde::ser::Error::custom("no such thing")) } else { serializer.serialize_u8(1) }
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_that_cannot_be_written_is_an_error_with_its_line() {
    let body = || Body::json_lines([Unwritable(false), Unwritable(true), Unwritable(false)]);
    let why = "line 2 cannot be written as JSON: no such thing";
    assert_eq!(sent(body()).await, (vec![], Some(why.to_owned())));
    let (client, script) = built(RowsClient::builder().base_url("http://h"), [Step::status(204)]);
    let error = client.store(body()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RequestBody, 1), "{error:?}");
    assert!(error.to_string().contains(why), "{error}");
    assert_eq!(script.requests().len(), 1);

    let failing = stream::iter([Ok(1), Err(io::Error::other("the cursor is gone")), Ok(2)]);
    assert_eq!(sent(Body::json_lines_stream(failing)).await.1.unwrap(), "the cursor is gone");
}

#[tokio::test]
async fn bod_1_lines_of_an_iterator_are_sent_again_and_those_of_a_stream_once() {
    let busy = Reply::ok("503 Service Unavailable", "", "");
    let server = RawServer::start([busy.clone(), Reply::ok("200 OK", "", ""), busy]).await;
    let retry = RetryPolicy::new().initial_backoff(MS).max_retries(2);
    let client = RowsClient::builder().base_url(server.url()).retry(retry).build().unwrap();
    client.store(Body::json_lines(vec![Row { id: 1 }, Row { id: 2 }])).await.unwrap();
    let once = stream::iter([Ok::<_, Infallible>(Row { id: 1 })]);
    let error = client.store(Body::json_lines_stream(once)).await.unwrap_err();
    assert_eq!(error.stop_reason(), Some(pynector::StopReason::BodyNotReplayable));
    let (asked, both) = (server.asked(), hash(b"{\"id\":1}\n{\"id\":2}\n"));
    assert_eq!(asked.iter().map(|asked| asked.hash).collect::<Vec<_>>(), [both, both, hash(b"{\"id\":1}\n")]);
    assert!(asked.iter().all(|asked| asked.text.contains("content-type: application/x-ndjson\r\n")));
}

#[tokio::test]
async fn many_lines_go_round_in_flat_memory() {
    let body = Body::json_lines((0..200_000).map(|id| Row { id }));
    let mut largest = 0;
    let mut pieces = http_body_util::BodyDataStream::new(body);
    let mut count = 0;
    while let Some(piece) = pieces.next().await {
        let piece = piece.unwrap();
        largest = largest.max(piece.len());
        count += piece.split(|byte| *byte == b'\n').count() - 1;
    }
    assert!(count == 200_000 && largest < 17 << 10, "{count} {largest}");
}
