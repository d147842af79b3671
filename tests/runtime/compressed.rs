//! Request bodies that are compressed on request: whole, piece by piece, on each attempt, and where they are left alone.

use std::io::{self, Read as _};
use std::time::Duration;

use flate2::read::GzDecoder;
use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt as _;
use pynector::backend::{ScriptBackend, SentRequest, Step};
use pynector::{
    Body, CallOptions, ContentCoding, ErrorKind, HttpMessage, HttpTransport, Operation, Part, Result,
    StopReason,
};
use tower::ServiceExt as _;

const PUT: Operation = Operation::put("Logs::write", "/logs");

#[pynector::api(compress = gzip)]
trait Logs {
    #[put("/logs")]
    async fn write(&self, #[body] log: Body) -> Result<()>;

    #[put("/logs", headers("content-encoding" = "br"))]
    async fn coded(&self, #[body] log: Body) -> Result<()>;

    #[put("/logs", compress = off)]
    async fn plain(&self, #[json] rows: &[&str]) -> Result<()>;
}

fn log() -> String {
    "a line of a log that repeats itself\n".repeat(1000)
}

fn unzipped(sent: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(sent).read_to_string(&mut text).unwrap();
    text
}

fn logs(steps: impl IntoIterator<Item = Step>) -> (LogsClient, ScriptBackend) {
    let script = ScriptBackend::new(steps);
    (LogsClient::builder().base_url("http://h").backend(script.clone()).build().unwrap(), script)
}

fn coding(sent: &SentRequest) -> Option<&str> {
    sent.header("content-encoding")
}

#[tokio::test(start_paused = true)]
async fn bod_1_a_compressed_body_is_the_same_on_each_attempt() {
    let pieces =
        || stream::iter((0..1000).map(|_| Ok::<_, io::Error>("a line of a log that repeats itself\n")));
    for body in [Body::text(log()), Body::from_fn(pieces)] {
        let (logs, script) = logs([Step::status(503), Step::status(204)]);
        logs.write(body).await.unwrap();
        let sent = script.requests();
        assert_eq!((sent.len(), coding(&sent[0])), (2, Some("gzip")));
        assert!(sent[0].body.len() < 1000 && unzipped(&sent[0].body) == log());
        assert_eq!(sent[0].body, sent[1].body);
    }
    // One that is there once is still there once.
    let (logs, script) = logs([Step::status(503), Step::status(204)]);
    let error = logs.write(Body::stream(pieces())).await.unwrap_err();
    assert_eq!(error.stop_reason(), Some(StopReason::BodyNotReplayable));
    assert_eq!(unzipped(&script.requests()[0].body), log());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_worth_it_or_said_otherwise_is_left_alone() {
    let mut dice = fastrand::Rng::with_seed(7);
    let noise: Vec<u8> = (0..2000).map(|_| dice.u8(..)).collect();
    let (logs, script) = logs((0..5).map(|_| Step::status(204)));
    logs.write(Body::text("short")).await.unwrap();
    logs.write(Body::bytes(noise.clone())).await.unwrap();
    logs.coded(Body::text(log())).await.unwrap();
    logs.plain(&[&log()]).await.unwrap();
    logs.with_options(CallOptions::new().compress(ContentCoding::Identity))
        .write(Body::text(log()))
        .await
        .unwrap();
    let sent = script.requests();
    assert_eq!(sent.iter().map(coding).collect::<Vec<_>>(), [None, None, Some("br"), None, None]);
    assert_eq!(sent[1].body, noise);
    assert_eq!(sent[2].body, log());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_compressed_says_so_itself() {
    let script = ScriptBackend::new([Step::status(204)]);
    let transport = HttpTransport::builder("http://h").backend(script.clone()).build().unwrap();
    let body = || Body::text("short").compressed(ContentCoding::Gzip).unwrap();
    transport.call(&PUT).body(body()).send::<()>().await.unwrap();
    let sent = &script.requests()[0];
    assert_eq!(
        (coding(sent), sent.header("content-type")),
        (Some("gzip"), Some("text/plain; charset=utf-8"))
    );
    assert_eq!(unzipped(&sent.body), "short");
    // Twice coded would need another header.
    let error =
        transport.call(&PUT).header("content-encoding", "br").body(body()).send::<()>().await.unwrap_err();
    assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Request, 1));
    assert!(error.to_string().contains("content-encoding"), "{error}");
}

#[test]
fn a_body_is_compressed_once() {
    let body = Body::text(log()).compressed(ContentCoding::Gzip).unwrap();
    let error = body.clone().compressed(ContentCoding::Gzip).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(error.to_string().contains("already, by `gzip`"), "{error}");
    assert_eq!(body.compressed(ContentCoding::Identity).unwrap().content_coding(), Some(ContentCoding::Gzip));
}

#[tokio::test(start_paused = true)]
async fn a_part_that_is_compressed_says_so() {
    let (transport, script) = crate::built(HttpTransport::builder("http://h"), [Step::status(204)]);
    let part = Part::body(Body::text("short").compressed(ContentCoding::Gzip).unwrap());
    transport.call(&PUT).part("log", part).send::<()>().await.unwrap();
    let sent = &script.requests()[0];
    assert_eq!(coding(sent), None);
    let form = String::from_utf8_lossy(&sent.body);
    assert!(
        form.contains("content-type: text/plain; charset=utf-8\r\ncontent-encoding: gzip\r\n\r\n"),
        "{form}"
    );
}

#[tokio::test(start_paused = true)]
async fn bodies_of_a_service_say_so_too() {
    for (builder, body) in [
        (HttpTransport::builder("http://h"), Body::text(log()).compressed(ContentCoding::Gzip).unwrap()),
        (HttpTransport::builder("http://h").compress(ContentCoding::Gzip), Body::text(log())),
    ] {
        let (transport, script) = crate::built(builder, [Step::status(204)]);
        let request = pynector::http::Request::put("/logs").body(body).unwrap();
        transport.service().oneshot(request).await.unwrap();
        let sent = &script.requests()[0];
        assert_eq!((coding(sent), unzipped(&sent.body) == log()), (Some("gzip"), true));
    }
}

#[tokio::test(start_paused = true)]
async fn messages_are_compressed_too() {
    let script = ScriptBackend::new([Step::status(200)]);
    let builder = HttpTransport::builder("http://h").compress(ContentCoding::Gzip);
    let transport = builder.backend(script.clone()).build().unwrap();
    transport.connect().await.unwrap();
    transport
        .send(&HttpMessage::new().method("POST").url("/logs").json(serde_json::json!([log()])))
        .await
        .unwrap();
    let sent = &script.requests()[0];
    assert_eq!(coding(sent), Some("gzip"));
    assert!(unzipped(&sent.body).contains("repeats itself"));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_held_back_while_the_source_waits() {
    let source = stream::iter(["one\n", "two\n"]).then(async |line| {
        tokio::time::sleep(Duration::from_secs(5)).await;
        Ok::<_, io::Error>(line)
    });
    let mut body = Body::stream(source).compressed(ContentCoding::Gzip).unwrap();
    let mut came = Vec::new();
    let started = tokio::time::Instant::now();
    while let Some(piece) = body.frame().await {
        came.extend(piece.unwrap().into_data().unwrap());
        let mut text = String::new();
        // What has come so far is a stream without its end.
        let _ = GzDecoder::new(&came[..]).read_to_string(&mut text);
        if started.elapsed() < Duration::from_secs(10) && text.is_empty() {
            continue;
        }
        assert!(text.starts_with("one\n"), "the first line waited for the second: {text:?}");
    }
    assert_eq!(unzipped(&came), "one\ntwo\n");
}

#[tokio::test]
async fn a_coding_that_is_not_there_is_told_when_the_client_is_built() {
    let known = Body::text("x").compressed(ContentCoding::Zstd).is_ok();
    let built = HttpTransport::builder("http://h").compress(ContentCoding::Zstd).build();
    assert_eq!(built.is_ok(), known, "both or none");
    if let Err(error) = built {
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("compress") && error.to_string().contains("zstd"), "{error}");
    }
}
