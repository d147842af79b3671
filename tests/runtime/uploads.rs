//! Bodies that come piece by piece, and bodies that are sent more than once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt as _;
use pynector::backend::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody, ScriptBackend, Step};
use pynector::testing::{MockTransport, Reply};
use pynector::{
    Body, Breaker, Clock, Endpoint, Error, ErrorKind, Failure, Hedge, HttpTransport, Multipart, Operation,
    Result, StopReason, Timeouts,
};
use pynector_tests::raw::h2::{Fate, H2Server};
use pynector_tests::raw::{RawServer, Reply as Wire, Setup};
use serde_json::json;
use tokio::time::Instant;

use crate::{MS, S, built, transport};

#[pynector::api(retry(max_retries = 2, initial_backoff = "1ms"))]
trait Uploads {
    #[put("/files/{id}")]
    async fn put_up(&self, id: u32, #[body] body: Body) -> Result<()>;

    #[post("/files")]
    async fn add<T: Into<Body> + Send>(&self, #[body] body: T) -> Result<()>;

    #[put("/json")]
    async fn json(&self, #[json] value: &[u8]) -> Result<()>;

    #[put("/form")]
    async fn form(&self, #[form] a: &str, #[form] b: u8) -> Result<()>;

    #[put("/parts")]
    async fn parts(&self, #[multipart] form: Multipart) -> Result<()>;
}

/// The same as a struct, which lends its fields.
#[derive(Endpoint)]
#[put("/files/{id}")]
struct PutUp {
    id: u32,
    #[body]
    body: Body,
}

const PUT: Operation = Operation::put("Test::put", "/x");

fn uploads(steps: impl IntoIterator<Item = Step>) -> (UploadsClient, ScriptBackend) {
    built(UploadsClient::builder().base_url("http://h"), steps)
}

/// A stream of two pieces that there is once.
fn once() -> Body {
    Body::stream(stream::iter([Ok::<_, io::Error>("one, "), Ok(""), Ok("two")]))
}

/// The same pieces for each attempt; counts how often they were made.
fn factory(made: &Arc<AtomicUsize>) -> Body {
    let made = Arc::clone(made);
    Body::from_fn(move || {
        made.fetch_add(1, Ordering::SeqCst);
        stream::iter([Ok::<_, io::Error>("one, "), Ok("two")])
    })
}

#[tokio::test(start_paused = true)]
async fn bod_2_a_stream_is_sent_and_repeated_only_while_nobody_polled_it() {
    let ok = || Step::status(204);
    for failure in [Failure::Refused, Failure::Dns, Failure::ConnectTimeout, Failure::Canceled] {
        let (uploads, script) = uploads([Step::fail(failure), Step::fail(failure), ok()]);
        uploads.add(once()).await.unwrap();
        let sent: Vec<_> = script.requests().into_iter().map(|request| request.body).collect();
        assert_eq!(sent, ["", "", "one, two"], "{failure:?}");
    }
    for (step, kind) in [
        (Step::fail(Failure::Interrupted), ErrorKind::Interrupted),
        (Step::fail(Failure::Nack), ErrorKind::Interrupted),
        (Step::status(503), ErrorKind::Status(503)),
        (Step::status(429), ErrorKind::Status(429)),
        (Step::json("[").broken(), ErrorKind::Interrupted),
    ] {
        let (uploads, script) = uploads([step, ok()]);
        let error = uploads.put_up(1, once()).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(error.stop_reason(), Some(StopReason::BodyNotReplayable), "{kind:?}");
        assert!(error.is_retryable(), "a call with another stream could succeed");
        assert_eq!((script.requests().len(), &script.requests()[0].body[..]), (1, &b"one, two"[..]));
    }
    // What the matrix refuses is refused for its own reason.
    let (uploads, _) = uploads([Step::status(400)]);
    let error = uploads.put_up(1, once()).await.unwrap_err();
    assert_eq!(error.stop_reason(), Some(StopReason::NotRetryable));
}

/// Takes one piece of the body, and then says that nothing was sent.
#[derive(Debug)]
struct Taster(AtomicUsize);

impl Backend for Taster {
    fn send(
        &self,
        request: http::Request<Body>,
        _: AttemptInfo,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        Box::pin(async move {
            self.0.fetch_add(1, Ordering::SeqCst);
            request.into_body().frame().await;
            Err(BackendError::new(Failure::Canceled))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn bod_2_one_piece_is_enough_to_spend_a_stream() {
    for (body, attempts, reason) in [
        (once(), 1, StopReason::BodyNotReplayable),
        (Body::reader(&b"one"[..]), 1, StopReason::BodyNotReplayable),
        (factory(&Arc::default()), 4, StopReason::Exhausted),
        (Body::from("one"), 4, StopReason::Exhausted),
    ] {
        let backend = Arc::new(Taster(AtomicUsize::new(0)));
        let transport =
            HttpTransport::builder("http://h").backend(Shared(Arc::clone(&backend))).build().unwrap();
        let error = transport.call(&PUT).body(body).send::<()>().await.unwrap_err();
        assert_eq!((error.kind(), error.stop_reason()), (ErrorKind::Connect, Some(reason)));
        assert_eq!(backend.0.load(Ordering::SeqCst), attempts);
    }
}

#[derive(Debug)]
struct Shared(Arc<Taster>);

impl Backend for Shared {
    fn send(
        &self,
        request: http::Request<Body>,
        attempt: AttemptInfo,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        self.0.send(request, attempt)
    }
}

#[tokio::test(start_paused = true)]
async fn bod_3_a_factory_makes_a_stream_for_each_attempt() {
    let made = Arc::default();
    let (uploads, script) = uploads([Step::status(503), Step::fail(Failure::Interrupted), Step::status(204)]);
    uploads.put_up(1, factory(&made)).await.unwrap();
    let sent: Vec<_> = script.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(sent, ["one, two"; 3]);
    assert_eq!(made.load(Ordering::SeqCst), 3, "and none that nobody reads");
}

#[tokio::test(start_paused = true)]
async fn a_redirect_repeats_what_can_be_repeated() {
    let moved = |status| Step::status(status).header("location", "/elsewhere");
    for status in [307, 308] {
        let (uploads, script) = uploads([moved(status), Step::status(204)]);
        uploads.add(factory(&Arc::default())).await.unwrap();
        assert_eq!(script.requests()[1].body, "one, two");

        let (uploads, script) = self::uploads([moved(status), Step::status(204)]);
        let error = uploads.add(once()).await.unwrap_err();
        assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Redirect, 1));
        assert!(error.to_string().contains(&format!("{status} asks for the body again")), "{error}");
    }
    // A 303 goes on without the body.
    let (uploads, script) = uploads([moved(303), Step::status(204)]);
    uploads.add(once()).await.unwrap();
    assert_eq!((script.requests()[1].method.as_str(), &script.requests()[1].body[..]), ("GET", &b""[..]));
}

#[tokio::test]
async fn bod_1_whole_bodies_are_the_same_on_each_attempt() {
    let busy = Wire::ok("503 Service Unavailable", "", "");
    let replies = |n: usize| {
        [busy.clone(), busy.clone(), Wire::ok("204 No Content", "", "")].into_iter().cycle().take(n)
    };
    let server = RawServer::start(replies(15)).await;
    let uploads = UploadsClient::at(server.url()).unwrap();
    uploads.json(&[1, 2, 3]).await.unwrap();
    uploads.form("a b", 7).await.unwrap();
    uploads.parts(Multipart::new().part("name", "value")).await.unwrap();
    uploads.put_up(1, Body::from(vec![b'x'; 70_000])).await.unwrap();
    uploads.put_up(1, factory(&Arc::default())).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 15);
    for (attempts, body) in requests.chunks(3).zip([
        "[1,2,3]",
        "a=a+b&b=7",
        "value",
        "xxx",
        "5\r\none, \r\n3\r\ntwo\r\n0\r\n\r\n",
    ]) {
        let bodies: Vec<_> = attempts.iter().map(|request| request.split_once("\r\n\r\n").unwrap()).collect();
        assert!(bodies[0].1.contains(body), "{}", bodies[0].1);
        assert!(bodies.iter().all(|sent| *sent == bodies[0]), "head and body, byte for byte");
    }
}

#[tokio::test]
async fn a_stream_is_chunked_unless_its_length_is_known() {
    let server = RawServer::start([Wire::ok("204 No Content", "", "")]).await;
    let uploads = UploadsClient::at(server.url()).unwrap();
    let path = std::env::temp_dir().join(format!("pynector-upload-{}", std::process::id()));
    std::fs::write(&path, "from a file").unwrap();
    let skipped = || {
        let mut file = std::fs::File::open(&path).unwrap();
        io::Seek::seek(&mut file, io::SeekFrom::Start(5)).unwrap();
        file
    };
    let unsized_body = "chunked";
    for (body, length, sent) in [
        (once(), unsized_body, "5\r\none, \r\n3\r\ntwo\r\n0\r\n\r\n"),
        (once().length(8), "8", "one, two"),
        (once().length(6), "6", "one, t"),
        (once().length(0), "0", ""),
        (Body::reader(&b"read"[..]), unsized_body, "4\r\nread\r\n0\r\n\r\n"),
        (Body::reader(&b"read"[..]).length(4), "4", "read"),
        (Body::from(std::fs::File::open(&path).unwrap()), "11", "from a file"),
        (Body::from(tokio::fs::File::from_std(skipped())), "6", "a file"),
        (Body::from(std::fs::File::open("/dev/null").unwrap()), unsized_body, "0\r\n\r\n"),
        (Body::from(Some(once().length(8))), "8", "one, two"),
        (Body::stream(stream::empty::<io::Result<&str>>()), unsized_body, "0\r\n\r\n"),
    ] {
        let shown = format!("{body:?}");
        uploads.add(body).await.unwrap();
        let request = server.requests().pop().unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert_eq!(body, sent, "{shown}");
        let framed: Vec<_> = head
            .lines()
            .filter_map(|line| {
                line.strip_prefix("content-length: ").or(line.strip_prefix("transfer-encoding: "))
            })
            .collect();
        assert_eq!(framed, [length], "{shown}");
        assert!(head.contains("content-type: application/octet-stream"), "{head}");
    }
    std::fs::remove_file(&path).unwrap();
}

/// Fails after its first piece.
fn failing() -> Body {
    let pieces = stream::iter([Ok("one"), Err(io::Error::other("the disk is gone"))]);
    // The pieces do not come at once, so that the first is on the wire when the source fails.
    Body::stream(pieces.then(async |piece| {
        tokio::time::sleep(5 * MS).await;
        piece
    }))
}

#[tokio::test]
async fn a_source_that_fails_is_no_failure_of_the_host() {
    let raw = RawServer::start([Wire::Hang]).await;
    let h2 = H2Server::with(Setup::default(), |_| Fate::Hang).await;
    for (url, prior) in [(raw.url(), false), (h2.url(), true)] {
        let breaker = Breaker::on().failure_threshold(1);
        let builder = HttpTransport::builder(url).http2_prior_knowledge(prior).breaker(breaker);
        let transport = builder.build().unwrap();
        for (body, why) in [
            (failing(), "the disk is gone"),
            (failing().length(10), "the disk is gone"),
            (once().length(9), "the request body ended after 8 of 9 bytes"),
        ] {
            let error = transport.call(&PUT).body(body).send::<()>().await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::RequestBody, 1), "{error:?}");
            assert!(error.to_string().contains(why), "{error}");
            assert!(error.is_message() && !error.is_retryable() && error.was_sent());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_is_bound_wherever_a_body_may_stand() {
    let (uploads, script) = uploads([Step::status(204), Step::status(204), Step::status(204)]);
    uploads.add(Some(once())).await.unwrap();
    uploads.transport().request(&PutUp { id: 7, body: once().length(8) }).await.unwrap();
    uploads.add(None::<Body>).await.unwrap();
    let requests = script.requests();
    assert_eq!((&requests[0].body[..], &requests[1].body[..]), (&b"one, two"[..], &b"one, two"[..]));
    assert_eq!(requests[1].path(), "/files/7");
    assert_eq!(
        (requests[0].header("content-length"), requests[2].header("content-length")),
        (None, Some("0"))
    );
}

#[tokio::test]
async fn a_request_that_is_only_wanted_has_a_whole_body() {
    let (transport, _) = transport([]);
    let error = transport.to_request(async |t| t.call(&PUT).body(once()).send::<()>().await).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(error.to_string().contains("stream"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn what_is_there_once_is_not_hedged() {
    for (body, attempts) in [(once(), 1), (factory(&Arc::default()), 2)] {
        let builder = HttpTransport::builder("http://h").hedge(Hedge::after(10 * MS));
        // Successes pay for the hedge.
        let (transport, script) = built(builder, std::iter::repeat_with(|| Step::status(204)).take(50));
        for _ in 0..50 {
            transport.call(&PUT).body("x").send::<()>().await.unwrap();
        }
        script.push([Step::status(204).after(50 * MS), Step::status(204).after(50 * MS)]);
        transport.call(&PUT).body(body).send::<()>().await.unwrap();
        assert_eq!(script.requests().len(), 50 + attempts);
    }
}

/// Pieces, and so long a time before each.
fn slow(pieces: usize, pause: Duration) -> Body {
    Body::stream(stream::iter(0..pieces).then(move |_| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, io::Error>("x")
    }))
}

#[tokio::test(start_paused = true)]
async fn tmo_6_an_upload_takes_its_time_and_its_answer_does_not() {
    let patience = Timeouts::new().read(5 * S).attempt(4 * S).deadline(100 * S);
    for (body, step, kind, clock, seconds) in [
        (slow(20, S), Step::json("7"), None, None, 20),
        // A source without a piece is no stall of the server.
        (slow(1, 60 * S), Step::json("7"), None, None, 60),
        (slow(3, S), Step::hang(), Some(ErrorKind::Timeout), Some(Clock::Attempt), 3 + 4),
        (slow(3, S), Step::json("[").silence(9 * S), Some(ErrorKind::Timeout), Some(Clock::Attempt), 3 + 4),
        (once(), Step::json("7").reading(6 * S), Some(ErrorKind::Timeout), Some(Clock::Write), 5),
        (slow(200, S), Step::json("7"), Some(ErrorKind::Deadline), Some(Clock::Deadline), 100),
    ] {
        let (transport, script) = built(HttpTransport::builder("http://h").timeouts(patience), [step]);
        let started = Instant::now();
        let ended = transport.call(&PUT).body(body).send::<u8>().await;
        assert_eq!(ended.as_ref().err().map(Error::kind), kind, "{ended:?}");
        assert_eq!(ended.err().and_then(|error| error.clock()).map(|(clock, _)| clock), clock);
        assert_eq!((started.elapsed(), script.requests().len()), (seconds * S, 1));
    }
}

#[tokio::test]
async fn a_mock_reads_a_stream_before_it_compares() {
    let mock = MockTransport::new();
    mock.on("PUT", "/x").json(&json!([1, 2])).reply(Reply::status(204));
    let body = || Body::stream(stream::iter([Ok::<_, io::Error>("[1, "), Ok("2]")]));
    let transport = mock.transport().unwrap();
    transport.call(&PUT).body(body()).header("content-type", "application/json").send::<()>().await.unwrap();
    let error = transport.call(&PUT).body(failing()).send::<()>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RequestBody);
    mock.verify();
}

#[test]
fn a_body_may_go_anywhere() {
    fn check<T: Clone + Send + Sync + Unpin + std::fmt::Debug + 'static>(_: &T) {}
    check(&once());
    check(&factory(&Arc::default()));
    assert_eq!(format!("{:?} {:?}", once(), once().length(3)), "Body(stream) Body(stream of 3 bytes)");
}
