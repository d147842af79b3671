//! The timeout of the specification: silences and stalls, each alone, on paused time and at real sockets.

use std::time::Duration;

use pynector::backend::Step;
use pynector::{Clock, Error, ErrorKind, HttpMessage, HttpTransport, RetryPolicy, Timeouts};
use pynector_tests::raw::{RawServer, Reply};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::{MS, S, builder, built};

/// A body of so many pieces of 8 KiB.
fn upload(pieces: usize) -> HttpMessage {
    HttpMessage::new().method("POST").content(vec![7; pieces * 8192])
}

/// Sends `message` with a timeout of one second and one attempt; says how it went and how long it took.
async fn sent(timeouts: Timeouts, message: &HttpMessage, step: Step) -> (Result<(), Error>, Duration) {
    let (transport, _) = built(builder().spec().timeouts(timeouts).max_retries(0), [step]);
    transport.connect().await.unwrap();
    let started = Instant::now();
    let result = transport.send(message).await;
    (result, started.elapsed())
}

#[tokio::test(start_paused = true)]
async fn s4_4_whatever_keeps_moving_may_take_for_ever() {
    let slow_body = (0..30).fold(Step::status(200), |step, _| step.silence(900 * MS).body("x"));
    for (message, step, took) in [
        (HttpMessage::new(), slow_body, 27 * S),
        (upload(30), Step::status(200).reading(900 * MS), 27 * S),
        (upload(3), Step::status(200).reading(900 * MS).after(900 * MS), 3600 * MS),
    ] {
        let (result, elapsed) = sent(Timeouts::spec(S), &message, step).await;
        result.unwrap();
        assert_eq!(elapsed, took);
    }
}

#[tokio::test(start_paused = true)]
async fn s4_4_each_stall_fails_after_the_timeout_exactly() {
    for (message, step, clock, kind, took) in [
        (HttpMessage::new(), Step::connecting(), Clock::Connect, ErrorKind::ConnectTimeout, S),
        (HttpMessage::new(), Step::hang(), Clock::Read, ErrorKind::Timeout, S),
        (upload(1), Step::hang(), Clock::Read, ErrorKind::Timeout, S),
        (upload(3), Step::hang().reading(900 * MS), Clock::Read, ErrorKind::Timeout, 3700 * MS),
        (upload(3), Step::status(200).reading(1001 * MS), Clock::Write, ErrorKind::Timeout, S),
        (upload(1), Step::connecting(), Clock::Connect, ErrorKind::ConnectTimeout, S),
        (HttpMessage::new(), Step::json("1").silence(2 * S).body("2"), Clock::Read, ErrorKind::Timeout, S),
    ] {
        let (result, elapsed) = sent(Timeouts::spec(S), &message, step.clone()).await;
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.clock()), (kind, Some((clock, S))), "{step:?}: {error}");
        assert!(error.is_timeout() && error.is_connection());
        assert_eq!(error.was_sent(), clock != Clock::Connect);
        assert_eq!(elapsed, took, "{step:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn tmo_1_each_clock_is_a_switch_of_its_own() {
    let off = Timeouts::new().no_connect().no_attempt().no_read().no_deadline();
    let slow = || Step::status(200).reading(5 * S).after(5 * S);
    let (result, elapsed) = sent(off.write(S), &upload(2), slow()).await;
    assert_eq!((result.unwrap_err().clock(), elapsed), (Some((Clock::Write, S)), S));
    let (result, elapsed) = sent(off.read(S).no_write(), &upload(2), slow()).await;
    assert_eq!((result.unwrap_err().clock(), elapsed), (Some((Clock::Read, S)), 11 * S));
    let (result, elapsed) = sent(off.read(S).no_write().read_head(false), &upload(2), slow()).await;
    assert!(result.is_ok());
    assert_eq!(elapsed, 10 * S, "a body that nobody watches is one piece");
}

#[tokio::test(start_paused = true)]
async fn s3_1_read_and_write_timeouts_are_tried_again_and_connect_timeouts_are_not() {
    for (step, requests) in [(Step::hang(), 4), (Step::hang().reading(9 * S), 4), (Step::connecting(), 1)] {
        let (transport, script) = built(builder().spec(), vec![step; 9]);
        transport.connect().await.unwrap();
        transport.send(&upload(1)).await.unwrap_err();
        assert_eq!(script.requests().len(), requests);
    }
}

#[tokio::test(start_paused = true)]
async fn the_lines_say_what_stalled() {
    for (message, step, part) in [
        (HttpMessage::new(), Step::hang(), "no answer within 1 s of the request"),
        (upload(2), Step::hang().reading(9 * S), "no next piece of the request was taken within 1 s"),
        (HttpMessage::new(), Step::status(200).silence(9 * S), "no next piece of the body within 1 s"),
    ] {
        let error = sent(Timeouts::spec(S), &message, step).await.0.unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
}

fn at(url: &str, limit: Duration) -> HttpTransport {
    let builder = HttpTransport::builder(url).spec().timeouts(Timeouts::spec(limit));
    builder.retry(RetryPolicy::off()).build().unwrap()
}

#[tokio::test]
async fn s4_4_a_server_that_says_nothing_is_a_read_timeout() {
    let server = RawServer::start([Reply::ok("200 OK", "", "7"), Reply::Hang]).await;
    let transport = at(&server.url(), 400 * MS);
    transport.connect().await.unwrap();
    transport.send(&HttpMessage::new()).await.unwrap();
    // Once on a connection of the pool, once on a fresh one.
    for message in [HttpMessage::new(), upload(1)] {
        let error = transport.send(&message).await.unwrap_err();
        assert_eq!(error.clock(), Some((Clock::Read, 400 * MS)), "{error:?}");
        assert!(error.elapsed() >= 400 * MS && error.was_sent());
    }
    assert_eq!((server.requests().len(), server.connections()), (3, 2));
}

#[tokio::test]
async fn s4_4_connecting_is_no_silence() {
    // A server that accepts and never answers the TLS handshake.
    let url = RawServer::start([Reply::Hang]).await.url().replace("http:", "https:");
    let timeouts = Timeouts::spec(20 * MS).connect(400 * MS);
    let transport = HttpTransport::builder(url).spec().timeouts(timeouts).max_retries(0).build().unwrap();
    transport.connect().await.unwrap();
    for message in [HttpMessage::new(), upload(1)] {
        let error = transport.send(&message).await.unwrap_err();
        assert_eq!(error.clock(), Some((Clock::Connect, 400 * MS)), "{error:?}");
    }
}

#[tokio::test]
async fn s4_4_a_body_that_keeps_coming_passes() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 80\r\n\r\n";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        stream.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..80 {
            tokio::time::sleep(20 * MS).await;
            stream.write_all(b"x").await.unwrap();
        }
    });
    let transport = at(&url, 500 * MS);
    transport.connect().await.unwrap();
    let started = Instant::now();
    transport.send(&HttpMessage::new()).await.unwrap();
    assert!(started.elapsed() >= 3 * 500 * MS, "{:?}", started.elapsed());
}

/// A server that accepts, reads `appetite` bytes, and then nothing more.
pub(crate) async fn full(appetite: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut streams = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read_exact(&mut vec![0; appetite]).await;
            streams.push(stream);
        }
    });
    url
}

#[tokio::test]
async fn s4_4_a_server_that_does_not_read_is_a_write_timeout() {
    for appetite in [1, 4 << 20] {
        let transport = at(&full(appetite).await, 400 * MS);
        transport.connect().await.unwrap();
        let error = transport.send(&upload(3072)).await.unwrap_err();
        assert_eq!(error.clock(), Some((Clock::Write, 400 * MS)), "{error:?}");
        assert_eq!(error.kind(), ErrorKind::Timeout);
    }
}

#[tokio::test]
async fn s4_4_a_watched_body_arrives_as_it_is() {
    let server = RawServer::start([Reply::ok("200 OK", "", "7")]).await;
    let transport = at(&server.url(), S);
    transport.connect().await.unwrap();
    let text = "0123456789".repeat(10_000);
    transport.send(&HttpMessage::new().method("POST").text(text.clone())).await.unwrap();
    let request = server.requests().remove(0);
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.to_lowercase().contains("content-length: 100000") && !head.contains("chunked"), "{head}");
    assert_eq!(body, text);
}
