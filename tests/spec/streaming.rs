//! Streaming: the response of a message, piece by piece as it comes.

use futures_util::StreamExt as _;
use pynector::backend::Step;
use pynector::bytes::Bytes;
use pynector::{ByteStream, Clock, ErrorKind, HttpMessage, HttpTransport, Result, RetryPolicy, Timeouts};
use pynector_tests::raw::{RawServer, Reply};
use tokio::io::AsyncReadExt as _;

use crate::session::settles_at;
use crate::{MS, S, builder, built, connected};

fn get() -> HttpMessage {
    HttpMessage::new().url("/file")
}

async fn rest(stream: &mut ByteStream) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece?);
    }
    Ok(bytes)
}

async fn served(replies: impl IntoIterator<Item = Reply>) -> (HttpTransport, RawServer) {
    let server = RawServer::start(replies).await;
    let transport = HttpTransport::builder(server.url()).build().unwrap();
    transport.connect().await.unwrap();
    (transport, server)
}

#[tokio::test(start_paused = true)]
async fn s5_1_streaming_needs_a_connect_and_leaves_the_conversation_alone() {
    let (transport, script) = built(builder(), [Step::status(200).body("1")]);
    let error = transport.stream_response(&get()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotConnected);
    assert_eq!(error.operation(), Some("HttpTransport::stream_response"));
    assert!(!error.was_sent());
    transport.connect().await.unwrap();
    let mut stream = transport.stream_response(&get()).await.unwrap();
    assert_eq!(rest(&mut stream).await.unwrap(), b"1");
    assert!(transport.receive::<HttpMessage>().next().await.is_none());
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn s5_1_pieces_come_as_they_are_sent() {
    let step =
        Step::status(203).header("x-part", "7").body("one").silence(S).body("two").silence(S).body("three");
    let (transport, _) = connected([step]).await;
    let mut stream = transport.stream_response(&get()).await.unwrap();
    let started = tokio::time::Instant::now();
    assert_eq!((stream.status().as_u16(), stream.url().path()), (203, "/file"));
    assert_eq!((&stream.headers()["x-part"], stream.head().attempts), (&"7".parse().unwrap(), 1));
    for (second, (piece, read)) in [("one", 3), ("two", 6), ("three", 11)].into_iter().enumerate() {
        assert_eq!(stream.next().await.unwrap().unwrap(), piece);
        assert_eq!(started.elapsed(), S * u32::try_from(second).unwrap());
        assert_eq!(stream.bytes_read(), read);
    }
    assert!(stream.next().await.is_none());
    assert!(stream.next().await.is_none(), "it stays at its end");
}

#[tokio::test(start_paused = true)]
async fn s5_1_a_status_of_400_or_more_is_an_error_before_the_first_piece() {
    for status in [400, 404, 500] {
        let (transport, _) = built(
            builder().retry(RetryPolicy::off()),
            [Step::status(status).header("x-why", "y").body("no ").body("such")],
        );
        transport.connect().await.unwrap();
        let error = transport.stream_response(&get()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Status(status));
        assert_eq!(error.body().unwrap(), "no such");
        assert_eq!(error.headers().unwrap()["x-why"], "y");
    }
    let (transport, _) = connected([Step::status(399).body("fine")]).await;
    let mut stream = transport.stream_response(&get()).await.unwrap();
    assert_eq!(rest(&mut stream).await.unwrap(), b"fine");
}

#[tokio::test(start_paused = true)]
async fn s5_1_an_endless_error_body_is_kept_up_to_its_bound() {
    let large = Bytes::from(vec![b'x'; 100 << 10]);
    let step = Step::status(400).body(large).silence(100 * S);
    let (transport, _) = connected([step]).await;
    let error = transport.stream_response(&get()).await.unwrap_err();
    assert_eq!((error.kind(), error.body().unwrap().len()), (ErrorKind::Status(400), 64 << 10));
}

#[tokio::test(start_paused = true)]
async fn s5_1_attempts_before_the_head_are_repeated_and_none_after_it() {
    let busy = || Step::status(503).body("busy");
    let (transport, script) =
        connected([busy(), busy(), Step::status(200).body("part").broken(), Step::json("7")]).await;
    let mut stream = transport.stream_response(&get()).await.unwrap();
    assert_eq!(stream.head().attempts, 3);
    assert_eq!(stream.next().await.unwrap().unwrap(), "part");
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.history().len()), (ErrorKind::Interrupted, 3, 3));
    assert_eq!(error.status().unwrap().as_u16(), 200);
    assert!(error.was_sent() && error.is_connection() && !error.is_retryable(), "{error:?}");
    let line = error.to_string();
    assert!(
        line.starts_with("HttpTransport::stream_response: GET http://h/file: the connection broke"),
        "{line}"
    );
    assert!(line.ends_with("(stopped: the body was already being handed out)"), "{line}");
    assert!(stream.next().await.is_none(), "an error ends the stream");
    assert_eq!((script.requests().len(), script.remaining()), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn tmo_5_a_slow_stream_outlives_every_clock_but_a_silent_one_does_not() {
    let mut step = Step::status(200);
    for _ in 0..50 {
        step = step.silence(9 * S).body("x");
    }
    let timeouts = Timeouts::new().attempt(10 * S).deadline(20 * S).read(10 * S);
    let (transport, _) =
        built(builder().timeouts(timeouts), [step, Step::status(200).body("x").silence(11 * S)]);
    transport.connect().await.unwrap();
    let started = tokio::time::Instant::now();
    let mut stream = transport.stream_response(&get()).await.unwrap();
    assert_eq!(rest(&mut stream).await.unwrap().len(), 50);
    assert_eq!(started.elapsed(), 450 * S);

    let mut stream = transport.stream_response(&get()).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), "x");
    // While nobody asks for a piece, nobody waits for one.
    tokio::time::sleep(100 * S).await;
    let asked = tokio::time::Instant::now();
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.clock()), (ErrorKind::Timeout, Some((Clock::Read, 10 * S))));
    assert!(error.to_string().contains("no next piece of the body within 10 s"), "{error}");
    assert_eq!(asked.elapsed(), 10 * S);
    assert!(stream.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn s5_1_a_head_that_never_comes_is_a_timeout_and_a_deadline_bounds_the_way_to_it() {
    let timeouts = Timeouts::new().attempt(2 * S).deadline(3 * S);
    let (transport, _) = built(builder().timeouts(timeouts), [Step::hang(), Step::hang()]);
    transport.connect().await.unwrap();
    let started = tokio::time::Instant::now();
    let error = transport.stream_response(&get()).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(started.elapsed() <= 3 * S);
}

#[tokio::test(start_paused = true)]
async fn s5_1_nothing_is_an_empty_stream() {
    let gzip = |step: Step| step.header("content-encoding", "gzip");
    for step in [Step::status(204), Step::status(200), Step::status(304), gzip(Step::status(200))] {
        let (transport, _) = connected([step]).await;
        let mut stream = transport.stream_response(&get().method("HEAD")).await.unwrap();
        assert!(stream.next().await.is_none());
        assert_eq!(stream.bytes_read(), 0);
    }
}

#[tokio::test]
async fn s5_1_a_redirect_is_followed_before_the_stream_begins() {
    let moved = || Reply::ok("302 Found", "location: /there\r\n", "not this");
    let (transport, server) = served([moved(), Reply::ok("200 OK", "", "this"), moved()]).await;
    let mut stream = transport.stream_response(&get()).await.unwrap();
    assert_eq!(stream.url().path(), "/there");
    assert_eq!(rest(&mut stream).await.unwrap(), b"this");
    assert_eq!((server.requests().len(), server.connections()), (2, 1), "the body on the way was drained");

    let error = transport.stream_response(&get()).await.unwrap_err();
    assert_eq!((error.kind(), error.body().unwrap().as_ref()), (ErrorKind::Redirect, &b"not this"[..]));
}

#[tokio::test]
async fn s5_1_at_its_end_the_connection_goes_back_to_the_pool() {
    for headers in
        ["content-length: 5\r\n\r\nhello", "transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"]
    {
        let reply = Reply::Keep(format!("HTTP/1.1 200 OK\r\n{headers}").into_bytes());
        let (transport, server) = served([reply]).await;
        for _ in 0..3 {
            let mut stream = transport.stream_response(&get()).await.unwrap();
            assert_eq!(rest(&mut stream).await.unwrap(), b"hello");
        }
        assert_eq!((server.requests().len(), server.connections()), (3, 1), "{headers}");
    }
}

#[tokio::test]
async fn s5_1_dropped_before_its_end_it_closes_the_connection() {
    let part = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\npart".to_vec();
    let (transport, server) = served([Reply::Keep(part)]).await;
    let mut stream = transport.stream_response(&get()).await.unwrap();
    assert_eq!(stream.content_length(), Some(1_000_000));
    assert_eq!(stream.next().await.unwrap().unwrap(), "part");
    assert_eq!(server.open(), 1);
    drop(stream);
    assert!(settles_at(&server, 0).await);
    drop(transport.stream_response(&get()).await.unwrap());
    assert!(settles_at(&server, 0).await, "also if nobody asked for a piece");
}

#[tokio::test]
async fn s5_1_a_body_that_is_cut_is_an_error_and_not_an_end() {
    let short = || b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc".to_vec();
    let chunked = || b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n".to_vec();
    for reply in [
        Reply::Close(short()),
        Reply::Close(chunked()),
        Reply::Close([chunked(), b"zz\r\n".to_vec()].concat()),
    ] {
        let (transport, server) = served([reply.clone()]).await;
        let mut stream = transport.stream_response(&get()).await.unwrap();
        let error = rest(&mut stream).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{reply:?}: {error:?}");
        assert!(error.to_string().contains("broke in the middle of the body"), "{error}");
        assert_eq!(stream.bytes_read(), 3);
        assert!(stream.next().await.is_none());
        assert_eq!(server.requests().len(), 1, "what was handed out is not asked for again");
    }
    let (transport, _) = served([Reply::Reset(short())]).await;
    let outcome = match transport.stream_response(&get()).await {
        Ok(mut stream) => rest(&mut stream).await.map(drop),
        Err(error) => Err(error),
    };
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Interrupted);
}

#[tokio::test]
async fn tmo_5_real_pieces_slower_than_the_attempt_pass_and_a_real_silence_does_not() {
    let timeouts = Timeouts::new().attempt(S).deadline(S).read(800 * MS);
    // Its head comes at once. It says that it closes, or the next request could meet the closing.
    let head = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 30\r\n\r\n".to_vec();
    let slow = Reply::Trickle(head, vec![b'x'; 30], 50 * MS);
    let silent = Reply::Keep(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc".to_vec());
    let (transport, _) = served([slow, silent]).await;
    let transport = transport.with_options(pynector::CallOptions::new().timeouts(timeouts));
    let started = tokio::time::Instant::now();
    let mut stream = transport.stream_response(&get()).await.unwrap();
    assert_eq!(rest(&mut stream).await.unwrap().len(), 30);
    assert!(started.elapsed() >= 1400 * MS);
    let mut stream = transport.stream_response(&get()).await.unwrap();
    let error = rest(&mut stream).await.unwrap_err();
    assert_eq!(error.clock(), Some((Clock::Read, 800 * MS)), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn s5_1_a_disconnect_waits_for_an_open_stream() {
    let step = || Step::status(200).body("a").silence(5 * S).body("b");
    let (transport, _) = connected([step(), step()]).await;
    let started = tokio::time::Instant::now();
    let mut stream = transport.stream_response(&get()).await.unwrap();
    let leaving = async || {
        transport.disconnect().await;
        started.elapsed()
    };
    let (bytes, left) = tokio::join!(rest(&mut stream), leaving());
    assert_eq!((&*bytes.unwrap(), left), (&b"ab"[..], 5 * S));

    transport.connect().await.unwrap();
    let stream = transport.stream_response(&get()).await.unwrap();
    let dropping = async {
        tokio::time::sleep(S).await;
        drop(stream);
    };
    let ((), left) = tokio::join!(dropping, leaving());
    assert_eq!(left, 6 * S, "and no longer than until it is dropped");
}

#[tokio::test]
async fn s5_1_a_reader_that_counts_its_bytes_need_not_ask_for_the_end() {
    let (transport, server) = served([Reply::ok("200 OK", "", "hello")]).await;
    let mut stream = transport.stream_response(&get()).await.unwrap();
    let mut hello = [0; 5];
    stream.read_exact(&mut hello).await.unwrap();
    assert_eq!(&hello, b"hello");
    tokio::time::timeout(5 * S, transport.disconnect()).await.expect("the call is over with its last byte");
    assert!(settles_at(&server, 0).await);
    assert!(stream.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn s5_1_it_is_a_stream_for_whoever_knows_streams() {
    let (transport, _) = connected([Step::status(200).body("ab").body("cd")]).await;
    let stream = transport.stream_response(&get()).await.unwrap();
    let pieces: Vec<Bytes> = stream.map(Result::unwrap).collect().await;
    assert_eq!(pieces, ["ab", "cd"]);
}
