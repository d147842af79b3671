//! `.spec()` as a whole: what is tried again and when, each switch alone, and what is set after it.

use std::time::Duration;

use pynector::backend::{ScriptBackend, Step};
use pynector::client::BaseUrl;
use pynector::{
    AnyOrigin, ClientBuilder, Content, ErrorKind, Failure, HttpConfig, HttpMessage, HttpTransport,
    HttpTransportFactory, Jitter, Keep, Overrides, RedirectRules, RetryPolicy, StatusCodes, Timeouts,
};
use pynector_tests::raw::{RawServer, Reply};
use serde_json::json;

use crate::{MS, S, builder, built};

/// A connected transport over a script.
async fn connected(
    builder: ClientBuilder<HttpTransport, BaseUrl>,
    steps: Vec<Step>,
) -> (HttpTransport, ScriptBackend) {
    let (transport, script) = built(builder, steps);
    transport.connect().await.unwrap();
    (transport, script)
}

fn message(method: &str) -> HttpMessage {
    HttpMessage::new().method(method).url("/x")
}

/// The waits between the requests of one send that only fails.
async fn waits(builder: ClientBuilder<HttpTransport, BaseUrl>, method: &str, step: Step) -> Vec<Duration> {
    let (transport, script) = connected(builder, vec![step; 9]).await;
    transport.send(&message(method)).await.unwrap_err();
    let at: Vec<_> = script.requests().iter().map(|request| request.at).collect();
    at.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

const SPEC: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];

#[tokio::test(start_paused = true)]
async fn s3_1_every_failure_of_the_list_is_tried_again_and_no_other() {
    use Failure::*;
    for (failure, again) in [
        (Dns, true),
        (Refused, true),
        (Connect, true),
        (Tls, true),
        (AttemptTimeout, true),
        (ReadTimeout, true),
        (WriteTimeout, true),
        (ConnectTimeout, false),
        (Proxy, false),
        (ProxyAuth, false),
        (Canceled, false),
        (Nack, false),
        (Interrupted, false),
        (BodyInterrupted, false),
        (BodyTooLarge, false),
        (Protocol, false),
        (Request, false),
    ] {
        for method in ["GET", "POST", "PATCH", "DELETE"] {
            let waits = waits(builder().spec(), method, Step::fail(failure)).await;
            assert_eq!(waits, if again { &SPEC[..] } else { &[] }, "{method} {failure:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn s3_1_every_status_of_the_set_is_tried_again_and_no_other() {
    for status in 400..=599 {
        let again = [429, 500, 502, 503, 504].contains(&status);
        for method in ["GET", "POST"] {
            let step = Step::status(status).header("retry-after", "7");
            let waits = waits(builder().spec(), method, step).await;
            assert_eq!(waits, if again { &SPEC[..] } else { &[] }, "{method} {status}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn s3_1_a_script_of_failures_is_followed_to_the_end() {
    let steps = vec![
        Step::fail(Failure::Refused),
        Step::status(503).header("retry-after", "3600"),
        Step::fail(Failure::WriteTimeout),
        Step::json("7"),
    ];
    let (transport, script) = connected(builder().spec(), steps).await;
    transport.send(&message("POST")).await.unwrap();
    let at: Vec<_> = script.requests().iter().map(|request| request.at).collect();
    assert_eq!(at.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>(), SPEC);
}

#[tokio::test(start_paused = true)]
async fn s4_4_no_budget_stops_a_crowd() {
    let (transport, script) = connected(builder().spec(), vec![Step::status(503); 400]).await;
    for _ in 0..100 {
        transport.send(&message("POST")).await.unwrap_err();
    }
    assert_eq!(script.requests().len(), 400);
}

#[tokio::test(start_paused = true)]
async fn s3_1_the_knobs_of_the_specification_hold_after_spec() {
    let spec = || builder().spec();
    let busy = || Step::status(503);
    assert_eq!(waits(spec().max_retries(1), "POST", busy()).await, [500 * MS]);
    assert!(waits(spec().max_retries(0), "POST", busy()).await.is_empty());
    assert_eq!(waits(spec().max_retries(5), "POST", busy()).await, [500 * MS, S, 2 * S, 4 * S, 8 * S]);
    // No cap: the specification waits as long as the power of two says.
    let far = spec().retry_backoff_factor(30.0).max_retries(4);
    assert_eq!(waits(far, "POST", busy()).await, [30 * S, 60 * S, 120 * S, 240 * S]);
    assert_eq!(waits(spec().retry_backoff_factor(0.25), "POST", busy()).await, [250 * MS, 500 * MS, S]);
    let teapot = spec().retry_status_codes(StatusCodes::of(&[418]));
    assert_eq!(waits(teapot, "POST", Step::status(418)).await, SPEC);
    let teapot = spec().retry_status_codes(StatusCodes::of(&[418]));
    assert!(waits(teapot, "POST", busy()).await.is_empty());
    // A failure of the list is tried again whatever the statuses are.
    let none = spec().retry_status_codes(StatusCodes::empty());
    assert_eq!(waits(none, "POST", Step::fail(Failure::Connect)).await, SPEC);
    assert_eq!(waits(spec().max_retries(9).spec(), "POST", busy()).await, SPEC, "the later one wins");
}

#[tokio::test]
async fn s3_1_a_real_server_is_asked_four_times() {
    let busy = || Reply::ok("503 Service Unavailable", "retry-after: 60\r\n", "");
    for (replies, succeeds) in
        [(vec![busy()], false), (vec![busy(), busy(), busy(), Reply::ok("200 OK", "", "7")], true)]
    {
        let server = RawServer::start(replies).await;
        let transport =
            HttpTransport::builder(server.url()).spec().retry_backoff_factor(0.01).build().unwrap();
        transport.connect().await.unwrap();
        let sent = transport.send(&message("POST").json(1)).await;
        assert_eq!(sent.is_ok(), succeeds);
        let requests = server.requests();
        assert_eq!(requests.len(), 4);
        assert!(
            requests.iter().all(|request| request.starts_with("POST /x ") && request.ends_with("\r\n\r\n1"))
        );
        if let Err(error) = sent {
            assert_eq!(error.kind(), ErrorKind::Status(503));
            let waited: Vec<_> = error.history().iter().map(|attempt| attempt.waited).collect();
            assert_eq!(waited, [10 * MS, 20 * MS, 40 * MS, Duration::ZERO]);
        }
    }
}

#[tokio::test]
async fn s3_1_a_connection_that_breaks_is_not_tried_again() {
    for reply in [Reply::Close(Vec::new()), Reply::Close(b"SSH-2.0\r\n\r\n".to_vec())] {
        let server = RawServer::start([reply]).await;
        let transport =
            HttpTransport::builder(server.url()).spec().retry_backoff_factor(0.001).build().unwrap();
        transport.connect().await.unwrap();
        transport.send(&message("GET")).await.unwrap_err();
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn s5_2_only_the_latest_response_waits() {
    let replies = vec![Step::json("1"), Step::json("2"), Step::json("3")];
    let (transport, _) = connected(builder().spec(), replies.clone()).await;
    for _ in 0..3 {
        transport.send(&message("GET")).await.unwrap();
    }
    let mut responses = transport.receive::<HttpMessage>();
    assert_eq!(*responses.next().await.unwrap().unwrap().body(), Content::Json(json!(3)));
    assert!(responses.next().await.is_none());

    let (transport, _) = connected(builder().spec().responses(Keep::Queue(9)), replies).await;
    for _ in 0..3 {
        transport.send(&message("GET")).await.unwrap();
    }
    let mut responses = transport.receive::<HttpMessage>();
    assert_eq!(*responses.next().await.unwrap().unwrap().body(), Content::Json(json!(1)));
}

#[tokio::test(start_paused = true)]
async fn s4_4_a_body_has_no_limit() {
    let large = || vec![Step::status(200).body(vec![b'x'; (64 << 20) + 1])];
    let (transport, _) = connected(builder().spec(), large()).await;
    transport.send(&message("GET")).await.unwrap();
    let (transport, _) = connected(builder().spec().max_body(1 << 20), large()).await;
    assert_eq!(transport.send(&message("GET")).await.unwrap_err().kind(), ErrorKind::BodyTooLarge);
}

#[tokio::test(start_paused = true)]
async fn s4_4_another_origin_gets_every_header() {
    for (builder, carried) in [
        (builder().spec(), true),
        (builder().any_origin(AnyOrigin::WithHeaders), true),
        (builder().spec().any_origin(true), false),
        (builder().any_origin(AnyOrigin::Bare), false),
    ] {
        let builder = builder.bearer("t").api_key("x-key", "k");
        let (transport, script) = connected(builder, vec![Step::status(200)]).await;
        transport.send(&HttpMessage::new().url("https://other/x")).await.unwrap();
        let request = &script.requests()[0];
        assert_eq!(request.uri, "https://other/x");
        for name in ["authorization", "x-key"] {
            assert_eq!(request.headers.contains_key(name), carried, "{name}");
        }
    }
    let (transport, _) = connected(builder().spec().any_origin(false), Vec::new()).await;
    let error = transport.send(&HttpMessage::new().url("https://other/x")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}

#[test]
fn s4_4_builders_configurations_and_single_switches_say_the_same() {
    let shown = |builder: ClientBuilder<HttpTransport, BaseUrl>| {
        // The settings alone: each transport has connections of its own.
        let text = format!("{:?}", builder.build().unwrap());
        text.split("session: ").next().unwrap().to_owned()
    };
    let spec = HttpConfig::spec();
    let text = serde_json::to_string(&spec).unwrap();
    let read: HttpConfig = serde_json::from_str(&text).unwrap();
    assert_eq!(read, spec, "{text}");
    let by_hand = builder()
        .retry(RetryPolicy::spec())
        .timeouts(Timeouts::spec(10 * S))
        .responses(Keep::Latest)
        .redirect_rules(RedirectRules::Spec)
        .max_body(u64::MAX)
        .any_origin(AnyOrigin::WithHeaders);
    let expected = shown(by_hand);
    assert_ne!(shown(builder()), expected);
    assert_eq!(shown(builder().spec()), expected);
    assert_eq!(shown(builder().config(&spec)), expected);
    assert_eq!(shown(builder().config(&read)), expected);
    assert_eq!(
        shown(builder().timeout(S).max_retries(9).max_redirects(1).max_body(1).any_origin(false).spec()),
        expected
    );
}

#[tokio::test(start_paused = true)]
async fn s4_4_what_is_set_after_spec_wins_field_by_field() {
    let after = builder().spec().retry(RetryPolicy::new().jitter(Jitter::Full).max_retries(2));
    let waits = waits(after, "POST", Step::status(503)).await;
    assert!(waits.len() == 2 && waits[0] < 500 * MS && waits[1] < S, "{waits:?}");
    let mut config = HttpConfig::spec();
    config.redirect_rules = None;
    config.responses = Some(Keep::None);
    let (transport, _) = connected(builder().config(&config), vec![Step::json("1")]).await;
    transport.send(&message("GET")).await.unwrap();
    assert!(transport.receive::<HttpMessage>().next().await.is_none());
}

#[tokio::test]
async fn s4_a_factory_makes_transports_of_the_specification() {
    let server = RawServer::start([Reply::ok("503 Service Unavailable", "retry-after: 60\r\n", "")]).await;
    let factory = HttpTransportFactory::<HttpMessage>::new(server.url()).defaults(Overrides::new().spec());
    let transport = factory.create_transport(Overrides::new().retry_backoff_factor(0.001)).unwrap();
    let shown = format!("{transport:?}");
    for part in
        ["connect: Some(30s)", "attempt: None", "write: Some(30s)", "read: Some(30s)", "deadline: None"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    transport.connect().await.unwrap();
    transport.send(&message("POST")).await.unwrap_err();
    assert_eq!(server.requests().len(), 4);
    let hasty = factory.create_transport(Overrides::new().timeouts(Timeouts::spec(5 * S))).unwrap();
    assert!(format!("{hasty:?}").contains("read: Some(5s), read_head: true"), "{hasty:?}");
}
