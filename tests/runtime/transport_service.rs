//! A transport among services of tower: its policies run, and every final status is an answer.

use http_body_util::BodyExt as _;
use pynector::backend::{ScriptBackend, Step};
use pynector::client::BaseUrl;
use pynector::{
    AnyOrigin, Body, Breaker, ClientBuilder, Error, ErrorKind, Failure, HttpTransport, Jitter, RetryPolicy,
    http,
};
use tower::{Service, ServiceBuilder, ServiceExt as _};

use crate::{MS, S, built};

type Answer = Result<http::Response<Body>, Error>;

fn builder() -> ClientBuilder<HttpTransport, BaseUrl> {
    let retry = RetryPolicy::new().jitter(Jitter::None).initial_backoff(MS).max_retries(2);
    HttpTransport::builder("http://h/v1").retry(retry)
}

fn over(steps: impl IntoIterator<Item = Step>) -> (HttpTransport, ScriptBackend) {
    built(builder(), steps)
}

fn get(uri: &str) -> http::Request<Body> {
    http::Request::get(uri).body(Body::empty()).unwrap()
}

async fn ask(transport: &HttpTransport, request: http::Request<Body>) -> Answer {
    transport.service().oneshot(request).await
}

#[tokio::test(start_paused = true)]
async fn policies_run_and_a_status_is_an_answer() {
    let (transport, script) = over([
        Step::status(503),
        Step::status(302).header("location", "/v1/b"),
        Step::json("7").header("x-a", "1"),
        Step::status(404).body("gone"),
        Step::status(503),
        Step::fail(Failure::Interrupted),
        Step::status(503).body("busy"),
        Step::status(500),
    ]);
    let response = ask(&transport, get("/a")).await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["x-a"]), (200, &"1".parse().unwrap()));
    assert_eq!(response.body().as_bytes().unwrap(), "7");
    let gone = ask(&transport, get("/a")).await.unwrap();
    assert_eq!((gone.status().as_u16(), &gone.into_body().as_bytes().unwrap()[..]), (404, &b"gone"[..]));
    let busy = ask(&transport, get("/a")).await.unwrap();
    assert_eq!((busy.status().as_u16(), &busy.into_body().as_bytes().unwrap()[..]), (503, &b"busy"[..]));
    // Not idempotent, so sent once.
    let post = http::Request::post("/a").body(Body::from("text")).unwrap();
    assert_eq!(ask(&transport, post).await.unwrap().status(), 500);
    assert_eq!(script.remaining(), 0);
    let sent = script.requests();
    assert_eq!((sent[0].operation, sent[1].attempt), ("HttpTransport::service", 2));
    assert_eq!((sent[2].path(), &sent[7].body[..]), ("/v1/b", &b"text"[..]));
}

#[tokio::test(start_paused = true)]
async fn an_error_means_that_there_is_no_response() {
    let breaker = Breaker::new().failure_threshold(1).min_failure_rate(0.0);
    let (transport, script) = built(builder().breaker(breaker), [Step::fail(Failure::Interrupted)]);
    let post = || http::Request::post("/a").body(Body::empty()).unwrap();
    let error = ask(&transport, post()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Interrupted, Some("HttpTransport::service")));
    assert_eq!(ask(&transport, post()).await.unwrap_err().kind(), ErrorKind::CircuitOpen);
    assert_eq!(script.requests().len(), 1);
    transport.disconnect().await;
    let error = ask(&transport, get("/a")).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NotConnected, Some("HttpTransport::service")));
}

#[tokio::test(start_paused = true)]
async fn a_uri_goes_under_the_base_url_or_to_its_origin() {
    for (uri, sent) in [
        ("/a?b=c%20d", "http://h/v1/a?b=c%20d"),
        ("http://h/other", "http://h/other"),
        ("HTTP://H:80/other?x", "http://h/other?x"),
    ] {
        let (transport, script) = over([Step::json("7")]);
        ask(&transport, get(uri)).await.unwrap();
        assert_eq!(script.requests()[0].uri, sent, "{uri}");
    }
    let (transport, script) = over([]);
    for uri in ["http://h:81/a", "https://h/a", "http://other/a?token=hunter2", "/a/../b", "h:80"] {
        let error = ask(&transport, get(uri)).await.unwrap_err();
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Request, false), "{uri}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    assert!(script.requests().is_empty());
    let allowed = builder().any_origin(AnyOrigin::Bare).bearer("hunter2").header("accept", "a/b");
    let (transport, script) = built(allowed.header("x-a", "1"), [Step::json("7")]);
    let request = http::Request::get("http://other/a").header("x-b", "2").body(Body::empty()).unwrap();
    ask(&transport, request).await.unwrap();
    let sent = &script.requests()[0];
    let header = |name| sent.header(name);
    assert_eq!((header("authorization"), header("x-a")), (None, None));
    assert_eq!((header("accept"), header("x-b")), (Some("a/b"), Some("2")));
}

#[tokio::test(start_paused = true)]
async fn the_headers_of_the_request_are_the_nearest_level_and_framing_is_written_anew() {
    let (transport, script) = built(builder().header("x-a", "far").bearer("b"), [Step::json("7")]);
    let request =
        http::Request::post("/a").header("x-a", "1").header("x-a", "2").header("content-length", "99");
    let request = request.header("transfer-encoding", "chunked").header("connection", "close");
    ask(&transport, request.body(Body::text("hi")).unwrap()).await.unwrap();
    let sent = &script.requests()[0];
    assert_eq!(sent.headers.get_all("x-a").iter().collect::<Vec<_>>(), ["1", "2"]);
    let all = ["authorization", "content-type", "accept"].map(|name| sent.header(name).unwrap());
    assert_eq!(all, ["Bearer b", "text/plain; charset=utf-8", "*/*"]);
    for framing in ["content-length", "transfer-encoding", "connection"] {
        assert_eq!(sent.header(framing), None, "{framing}");
    }
}

fn zipped(text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_speaks_of_the_coded_body_goes_with_the_coding() {
    let coded = || {
        let step = Step::status(200).header("content-encoding", "gzip").header("content-length", "999");
        step.body(zipped("plain"))
    };
    let (transport, _) = over([coded(), coded()]);
    let response = ask(&transport, get("/a")).await.unwrap();
    assert_eq!(response.headers().len(), 0);
    assert_eq!(response.into_body().as_bytes().unwrap(), "plain");
    let response = transport.service().streaming().oneshot(get("/a")).await.unwrap();
    assert_eq!(response.headers().len(), 0);
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "plain");
    let (transport, _) = built(builder().decompress(false), [coded()]);
    let response = ask(&transport, get("/a")).await.unwrap();
    assert_eq!(response.headers().len(), 2);
    assert_eq!(response.into_body().as_bytes().unwrap(), &zipped("plain"));
}

#[tokio::test(start_paused = true)]
async fn bod_6_a_whole_body_is_read_within_the_attempt_and_a_stream_is_not() {
    let steps = || [Step::status(200).body("ab").broken(), Step::status(200).body("ab").body("cd")];
    let (transport, script) = over(steps());
    let response = ask(&transport, get("/a")).await.unwrap();
    assert_eq!((response.into_body().as_bytes().unwrap(), script.remaining()), (&"abcd".into(), 0));
    let (transport, script) = over(steps());
    let mut body = transport.service().streaming().oneshot(get("/a")).await.unwrap().into_body();
    let piece = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(!http_body::Body::is_end_stream(&body));
    let error = body.frame().await.unwrap().unwrap_err();
    assert_eq!((piece, error.kind(), script.remaining()), ("ab".into(), ErrorKind::Interrupted, 1));
    assert!(body.frame().await.is_none() && http_body::Body::is_end_stream(&body));
}

#[tokio::test(start_paused = true)]
async fn layers_of_tower_stand_around_a_transport() {
    let slow = || vec![Step::json("7").after(S); 6];
    for (limit, seconds) in [(2, 3), (6, 1)] {
        let (transport, script) = over(slow());
        let service = ServiceBuilder::new().concurrency_limit(limit).service(transport.service());
        let started = tokio::time::Instant::now();
        let calls = (0..6).map(|_| service.clone().oneshot(get("/a")));
        let answers = futures_util::future::try_join_all(calls).await.unwrap();
        assert!(answers.iter().all(|answer| answer.status() == 200));
        assert_eq!((started.elapsed(), script.remaining()), (seconds * S, 0));
    }
    // A timeout of tower's drops the call, and nothing stays behind.
    let (transport, _) = over(slow());
    let mut service = ServiceBuilder::new().concurrency_limit(1).service(transport.service());
    let call = service.ready().await.unwrap().call(get("/a"));
    assert!(tokio::time::timeout(MS, call).await.is_err());
    assert_eq!(service.ready().await.unwrap().call(get("/a")).await.unwrap().status(), 200);
}
