//! Every switch of `docs/specification.md`, thrown: what happens without it, and what with it.

use std::pin::Pin;
use std::time::Duration;

use pynector::backend::Step;
use pynector::client::BaseUrl;
use pynector::{
    AnyOrigin, Breaker, ClientBuilder, ErrorKind, Failure, HttpMessage, HttpTransport, Jitter, Keep,
    RedirectRules, Result, RetryPolicy, Timeouts,
};
use pynector_tests::served::{Identity, Server};

use crate::{MS, S, builder, built};

type Builder = ClientBuilder<HttpTransport, BaseUrl>;

/// Shows a switch at work.
type Walk = fn() -> Pin<Box<dyn Future<Output = ()>>>;

/// A switch as the document writes it, whether its walk needs no real clock, and the walk.
macro_rules! switches {
    ($($switch:literal $clock:ident $walk:ident,)*) => {
        pub(crate) const SWITCHES: [(&str, bool, Walk); [$($switch),*].len()] =
            [$(($switch, switches!($clock), || Box::pin($walk()))),*];
    };
    (paused) => { true };
    (real) => { false };
}

switches! {
    "RetryPolicy::any_method()" paused methods,
    "RetryPolicy::spec()" paused failures,
    "RetryPolicy::jitter(Jitter::None)" paused jitter,
    "RetryPolicy::max_backoff(Duration::MAX)" paused cap,
    "RetryPolicy::no_retry_after()" paused retry_after,
    "Timeouts::spec(10 s)" paused timeouts,
    "Keep::Latest" paused responses,
    "any_origin(true)" paused origin,
    "AnyOrigin::WithHeaders" paused origin_headers,
    "max_body(u64::MAX)" paused size,
    "max_redirects(20)" paused redirects,
    "RedirectRules::Spec" paused redirect_rules,
    "http2(false)" real http2,
    "Breaker::spec()" paused unit,
    "HttpMessage::as_envelope()" paused envelope,
    "HttpMessage::header(\"content-type\", ..)" paused body_type,
}

#[test]
fn every_switch_does_what_the_document_says() {
    for (switch, paused, walk) in SWITCHES {
        println!("{switch}");
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().start_paused(paused).build().unwrap().block_on(walk());
    }
}

/// The waits between the requests of a message that is answered by `step` again and again.
async fn waits(builder: Builder, message: HttpMessage, step: Step) -> Vec<Duration> {
    let (transport, script) = built(builder, vec![step; 9]);
    transport.connect().await.unwrap();
    transport.send(&message).await.unwrap_err();
    script.requests().windows(2).map(|pair| pair[1].at - pair[0].at).collect()
}

/// The waits of a `GET` by `policy`.
async fn waits_by(policy: RetryPolicy, step: Step) -> Vec<Duration> {
    waits(builder().retry(policy), HttpMessage::new(), step).await
}

/// What comes of sending `message` when the server answers by `steps`.
async fn sent(builder: Builder, message: HttpMessage, steps: Vec<Step>) -> Result<(), ErrorKind> {
    let (transport, _) = built(builder, steps);
    transport.connect().await.unwrap();
    transport.send(&message).await.map_err(|error| error.kind())
}

async fn methods() {
    let post = || HttpMessage::new().method("POST");
    assert_eq!(waits(builder(), post(), Step::status(503)).await.len(), 0);
    let policy = RetryPolicy::new().any_method();
    assert_eq!(waits(builder().retry(policy), post(), Step::status(503)).await.len(), 3);
}

async fn failures() {
    for (failure, here, there) in [
        (Failure::Interrupted, 3, 0),
        (Failure::ConnectTimeout, 3, 0),
        (Failure::Refused, 3, 3),
        (Failure::AttemptTimeout, 3, 3),
    ] {
        assert_eq!(waits_by(RetryPolicy::new(), Step::fail(failure)).await.len(), here, "{failure:?}");
        let waits = waits_by(RetryPolicy::spec(), Step::fail(failure)).await;
        assert_eq!(waits, [500 * MS, S, 2 * S][..there], "{failure:?}");
    }
}

async fn jitter() {
    let exact = [500 * MS, S, 2 * S];
    let waits = waits_by(RetryPolicy::new(), Step::status(503)).await;
    assert!(waits.iter().zip(exact).all(|(wait, ceiling)| *wait <= ceiling) && waits != exact, "{waits:?}");
    assert_eq!(waits_by(RetryPolicy::new().jitter(Jitter::None), Step::status(503)).await, exact);
}

async fn cap() {
    let slow = RetryPolicy::new().initial_backoff(15 * S).jitter(Jitter::None);
    assert_eq!(waits_by(slow, Step::status(503)).await, [15 * S, 20 * S, 20 * S]);
    let waits = waits_by(slow.max_backoff(Duration::MAX), Step::status(503)).await;
    assert_eq!(waits, [15 * S, 30 * S, 60 * S]);
}

async fn retry_after() {
    let plain = RetryPolicy::new().jitter(Jitter::None);
    let busy = || Step::status(503).header("retry-after", "5");
    assert!(waits_by(plain, busy()).await.iter().all(|wait| *wait >= 5 * S));
    assert_eq!(waits_by(plain.no_retry_after(), busy()).await, [500 * MS, S, 2 * S]);
}

async fn timeouts() {
    // A piece every nine seconds, for half a minute; and then nothing.
    let slow = || (0..3).fold(Step::status(200), |step, _| step.silence(9 * S).body("x"));
    let once = || builder().retry(RetryPolicy::off());
    let spec = || once().timeouts(Timeouts::spec(10 * S));
    assert_eq!(sent(once(), HttpMessage::new(), vec![slow()]).await, Err(ErrorKind::Timeout));
    assert_eq!(sent(spec(), HttpMessage::new(), vec![slow()]).await, Ok(()));
    assert_eq!(sent(spec(), HttpMessage::new(), vec![slow().silence(11 * S)]).await, Err(ErrorKind::Timeout));
}

async fn responses() {
    for (builder, expected) in [(builder(), vec![1, 2, 3]), (builder().responses(Keep::Latest), vec![3])] {
        let (transport, _) = built(builder, (1..=3).map(|n| Step::status(200 + n)));
        transport.connect().await.unwrap();
        for _ in 0..3 {
            transport.send(&HttpMessage::new()).await.unwrap();
        }
        let mut received = Vec::new();
        let mut responses = transport.receive::<HttpMessage>();
        while let Some(response) = responses.next().await {
            received.push(response.unwrap().status().unwrap().as_u16() - 200);
        }
        assert_eq!(received, expected);
    }
}

async fn origin() {
    let elsewhere = || HttpMessage::new().url("http://other/x");
    assert_eq!(sent(builder(), elsewhere(), vec![]).await, Err(ErrorKind::Request));
    assert_eq!(sent(builder().any_origin(true), elsewhere(), vec![Step::status(200)]).await, Ok(()));
}

/// Whether the last request carries a header of the builder.
async fn carries_a_key(builder: Builder, message: HttpMessage, steps: Vec<Step>) -> bool {
    let (transport, script) = built(builder.api_key("x-key", "k"), steps);
    transport.connect().await.unwrap();
    transport.send(&message).await.unwrap();
    script.requests().last().unwrap().headers.contains_key("x-key")
}

async fn origin_headers() {
    let elsewhere = || (HttpMessage::new().url("http://other/x"), vec![Step::status(200)]);
    for (any_origin, carried) in [(AnyOrigin::Bare, false), (AnyOrigin::WithHeaders, true)] {
        let (message, steps) = elsewhere();
        assert_eq!(carries_a_key(builder().any_origin(any_origin), message, steps).await, carried);
    }
}

async fn redirect_rules() {
    let away = || vec![Step::status(302).header("location", "http://other/"), Step::status(200)];
    for (rules, carried) in [(RedirectRules::Strict, false), (RedirectRules::Spec, true)] {
        let builder = builder().redirect_rules(rules);
        assert_eq!(carries_a_key(builder, HttpMessage::new(), away()).await, carried);
    }
}

async fn size() {
    let large = || vec![Step::status(200).body(vec![b' '; (64 << 20) + 1])];
    assert_eq!(sent(builder(), HttpMessage::new(), large()).await, Err(ErrorKind::BodyTooLarge));
    assert_eq!(sent(builder().max_body(u64::MAX), HttpMessage::new(), large()).await, Ok(()));
}

async fn redirects() {
    let chain = |hops: u32| {
        let hops = (0..hops).map(|n| Step::status(302).header("location", &format!("/{n}")));
        hops.chain([Step::status(200)]).collect::<Vec<_>>()
    };
    assert_eq!(sent(builder(), HttpMessage::new(), chain(10)).await, Ok(()));
    assert_eq!(sent(builder(), HttpMessage::new(), chain(11)).await, Err(ErrorKind::Redirect));
    let patient = || builder().max_redirects(20);
    assert_eq!(sent(patient(), HttpMessage::new(), chain(20)).await, Ok(()));
    assert_eq!(sent(patient(), HttpMessage::new(), chain(21)).await, Err(ErrorKind::Redirect));
}

async fn http2() {
    let server = Server::tls(&Identity::of(&["127.0.0.1"])).await;
    let builder = || HttpTransport::builder(server.url()).verify_ssl(false);
    for builder in [builder(), builder().http2(false)] {
        let transport = builder.build().unwrap();
        transport.connect().await.unwrap();
        transport.send(&HttpMessage::new()).await.unwrap();
    }
    let versions: Vec<_> = server.asked().iter().map(|asked| format!("{:?}", asked.version)).collect();
    assert_eq!(versions, ["HTTP/2.0", "HTTP/1.1"]);
}

/// How many calls of four attempts reach a server that is down, before the circuit refuses one or `limit` is reached.
async fn calls_until_open(builder: Builder, limit: usize) -> usize {
    let (transport, _) = built(builder, vec![Step::status(503); 4 * limit]);
    transport.connect().await.unwrap();
    for call in 0..limit {
        if transport.send(&HttpMessage::new()).await.unwrap_err().is_circuit_open() {
            return call;
        }
    }
    limit
}

async fn unit() {
    let exact = || builder().retry(RetryPolicy::new().jitter(Jitter::None));
    assert_eq!(calls_until_open(exact().breaker(Breaker::on()), 9).await, 2, "five attempts of two calls");
    assert_eq!(calls_until_open(exact().breaker(Breaker::spec()), 9).await, 5);

    // Then it closes at once, a fixed time after the last failure.
    let failing = vec![Step::status(500); 5].into_iter().chain([Step::status(200)]);
    let (transport, _) = built(builder().retry(RetryPolicy::off()).breaker(Breaker::spec()), failing);
    transport.connect().await.unwrap();
    for _ in 0..5 {
        assert!(transport.send(&HttpMessage::new()).await.unwrap_err().is_server_error());
    }
    tokio::time::sleep(59 * S).await;
    let error = transport.send(&HttpMessage::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.retry_in()), (ErrorKind::CircuitOpen, Some(S)));
    tokio::time::sleep(S).await;
    transport.send(&HttpMessage::new()).await.unwrap();
}

/// The body of a message, and its type.
async fn body(message: HttpMessage) -> (String, Option<String>) {
    let (transport, script) = built(builder(), [Step::status(200)]);
    transport.connect().await.unwrap();
    transport.send(&message).await.unwrap();
    let request = script.requests().remove(0);
    let kind = request.headers.get("content-type").map(|value| value.to_str().unwrap().to_owned());
    (String::from_utf8(request.body.to_vec()).unwrap(), kind)
}

async fn envelope() {
    let json = || Some("application/json".to_owned());
    let message = HttpMessage::new().url("/x");
    assert_eq!(body(message.clone()).await, (String::new(), None));
    let written = r#"{"headers":{},"payload":{"method":"GET","url":"/x"}}"#;
    assert_eq!(body(message.as_envelope()).await, (written.to_owned(), json()));
    // The order of the calls says nothing, and the body goes into the envelope.
    let written = r#"{"headers":{},"payload":{"method":"GET","url":"","json":7}}"#;
    assert_eq!(body(HttpMessage::new().as_envelope().json(7)).await, (written.to_owned(), json()));
}

async fn body_type() {
    let form = || HttpMessage::new().method("POST").form("a", 1);
    assert_eq!(body(form()).await.1.unwrap(), "application/x-www-form-urlencoded");
    let json = form().header("content-type", "application/json");
    assert_eq!(body(json).await, ("a=1".to_owned(), Some("application/json".to_owned())));
}
