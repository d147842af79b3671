//! Uploads to servers that break, answer early or stand still, of every kind of body: sent once, told clearly, nothing left.

use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use futures_util::stream;
use pynector::{
    Body, ContentCoding, ErrorKind, HttpTransport, MaxInFlight, Multipart, Operation, Part, RetryPolicy,
    Timeouts,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::MS;

const POST: Operation = Operation::post("Store::add", "/files");
const SIZE: usize = 4 << 20;

/// What the server does once it has so much of the body.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Reset,
    Close,
    /// Answers and reads no more, but keeps the connection.
    Answer(&'static str),
    /// Reads no more.
    Stall,
}

/// Does `fault` to every request but `GET`, which it answers; counts the others.
async fn server(at: usize, fault: Fault) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let uploads = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&uploads);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, at, fault, Arc::clone(&seen)));
        }
    });
    (url, uploads)
}

async fn serve(mut stream: TcpStream, at: usize, fault: Fault, seen: Arc<AtomicUsize>) {
    let mut came = Vec::new();
    let mut buffer = [0; 16 << 10];
    let head = loop {
        let Ok(read @ 1..) = stream.read(&mut buffer).await else { return };
        came.extend_from_slice(&buffer[..read]);
        if let Some(head) = came.windows(4).position(|window| window == b"\r\n\r\n") {
            break head + 4;
        }
    };
    if came.starts_with(b"GET") {
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await;
        return;
    }
    seen.fetch_add(1, Ordering::SeqCst);
    let mut body = came.len() - head;
    while body < at {
        let Ok(read @ 1..) = stream.read(&mut buffer).await else { return };
        body += read;
    }
    match fault {
        // Closed with bytes unread, a socket is reset.
        Fault::Reset => drop(stream),
        Fault::Close => drop(stream.shutdown().await),
        Fault::Answer(status) => {
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
            std::future::pending::<()>().await;
        }
        Fault::Stall => std::future::pending().await,
    }
}

fn pieces() -> impl futures_util::Stream<Item = io::Result<Vec<u8>>> + Send + 'static {
    stream::iter((0..SIZE / 8192).map(|nth| Ok(vec![nth.to_le_bytes()[0]; 8192])))
}

/// The same noise each time, which does not become smaller when it is compressed.
fn noise() -> impl futures_util::Stream<Item = io::Result<Vec<u8>>> + Send + 'static {
    let mut dice = fastrand::Rng::with_seed(7);
    stream::iter((0..SIZE / 8192).map(move |_| Ok((0..8192).map(|_| dice.u8(..)).collect())))
}

/// A call with the body of this kind.
async fn upload(transport: &HttpTransport, kind: &str, path: &std::path::Path) -> pynector::Result<()> {
    let call = transport.call(&POST);
    let call = match kind {
        "whole" => call.body(vec![7; SIZE]),
        "file" => call.body(Body::file(path).await.unwrap()),
        "factory" => call.body(Body::from_fn(pieces).length(SIZE as u64)),
        "once" => call.body(Body::stream(pieces())),
        "compressed" => call.body(Body::from_fn(noise).compressed(ContentCoding::Gzip).unwrap()),
        _ => call.multipart(Multipart::new().part("a", "text").part("b", Part::from_fn(pieces))),
    };
    call.send().await
}

const KINDS: [&str; 6] = ["whole", "file", "factory", "once", "compressed", "parts"];
/// Connected, the head sent and much of the body: later ones are alike.
const POLLS: usize = 16;

const PING: Operation = Operation::get("Store::ping", "/ping");

#[tokio::test]
async fn no_upload_is_sent_twice_and_none_hangs() {
    let path = std::env::temp_dir().join(format!("pynector-uploads-faults-{}", std::process::id()));
    std::fs::write(&path, vec![9; SIZE]).unwrap();
    for (at, fault) in [
        (1, Fault::Reset),
        (100_000, Fault::Reset),
        (1, Fault::Close),
        (100_000, Fault::Close),
        (0, Fault::Answer("413 Too Large")),
        (100_000, Fault::Answer("500 Oops")),
        (0, Fault::Stall),
        (100_000, Fault::Stall),
    ] {
        for kind in KINDS {
            let (url, uploads) = server(at, fault).await;
            let limits = Timeouts::new().write(50 * MS).read(200 * MS).attempt(Duration::from_secs(2));
            let builder = HttpTransport::builder(url).timeouts(limits).max_in_flight(MaxInFlight::new(1));
            let transport = builder.retry(RetryPolicy::new().initial_backoff(MS)).build().unwrap();
            let error = upload(&transport, kind, &path).await.unwrap_err();
            let case = format!("{kind} {fault:?} after {at}: {error:?}");
            let expected = match fault {
                Fault::Reset | Fault::Close => error.kind() == ErrorKind::Interrupted,
                // The answer may be lost where the connection breaks under what is still sent.
                Fault::Answer(status) => {
                    let status = status[..3].parse().unwrap();
                    matches!(error.kind(), ErrorKind::Interrupted)
                        || error.kind() == ErrorKind::Status(status)
                }
                Fault::Stall => error.kind() == ErrorKind::Timeout,
            };
            assert!(expected, "{case}");
            assert_eq!((uploads.load(Ordering::SeqCst), error.attempts()), (1, 1), "{case}");
            // Its place is free again.
            transport.call(&PING).send::<()>().await.unwrap();
        }
    }
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn cut_at_every_byte_a_small_upload_is_one_error_and_its_place_is_free() {
    const SMALL: usize = 24;
    // Byte by byte, so that the server finds no more than it waits for.
    let bytes = || {
        stream::unfold(0, async |sent| {
            tokio::task::yield_now().await;
            (sent < SMALL).then(|| (Ok::<_, io::Error>(vec![b'x']), sent + 1))
        })
    };
    for at in 0..=SMALL {
        for fault in [Fault::Reset, Fault::Close] {
            for kind in ["whole", "length", "once", "parts"] {
                let (url, uploads) = server(at, fault).await;
                let builder = HttpTransport::builder(url).max_in_flight(MaxInFlight::new(1).queue(0));
                let transport = builder.retry(RetryPolicy::new().initial_backoff(MS)).build().unwrap();
                let call = transport.call(&POST);
                let call = match kind {
                    "whole" => call.body(vec![b'x'; SMALL]),
                    "length" => call.body(Body::from_fn(bytes).length(SMALL as u64)),
                    "once" => call.body(Body::stream(bytes())),
                    _ => call.multipart(Multipart::new().part("a", Part::from_fn(bytes))),
                };
                let error = call.send::<()>().await.unwrap_err();
                let case = format!("{kind} {fault:?} after {at}: {error:?}");
                assert_eq!((error.kind(), error.attempts()), (ErrorKind::Interrupted, 1), "{case}");
                assert_eq!(uploads.load(Ordering::SeqCst), 1, "{case}");
                transport.call(&PING).send::<()>().await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_source_that_fails_at_any_piece_is_told_as_that() {
    for good in 0..6 {
        for length in [None, Some(6 * 8192)] {
            let (url, uploads) = server(usize::MAX, Fault::Stall).await;
            let builder = HttpTransport::builder(url).max_in_flight(MaxInFlight::new(1));
            let transport = builder.retry(RetryPolicy::new().initial_backoff(MS)).build().unwrap();
            let failing = move || {
                let bad = stream::iter([Err(io::Error::other("the disk is gone"))]);
                futures_util::StreamExt::chain(futures_util::StreamExt::take(pieces(), good), bad)
            };
            let body = Body::from_fn(failing);
            let body = if let Some(length) = length { body.length(length) } else { body };
            let error = transport.call(&POST).body(body).send::<()>().await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::RequestBody, 1), "{good}: {error:?}");
            assert!(error.to_string().contains("the disk is gone"), "{error}");
            assert!(uploads.load(Ordering::SeqCst) <= 1);
            transport.call(&PING).send::<()>().await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_upload_may_be_dropped_at_each_of_its_first_awaits() {
    for kind in KINDS {
        let (url, uploads) = server(200_000, Fault::Answer("200 OK")).await;
        let path =
            std::env::temp_dir().join(format!("pynector-uploads-dropped-{kind}-{}", std::process::id()));
        std::fs::write(&path, vec![9; SIZE]).unwrap();
        let builder = HttpTransport::builder(url).max_in_flight(MaxInFlight::new(1).queue(0));
        let transport = builder.build().unwrap();
        for polls in 1..=POLLS {
            let mut call = Box::pin(upload(&transport, kind, &path));
            for _ in 0..polls {
                if poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx))).await.is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            drop(call);
            // A place that leaked would refuse this one, since nobody may wait.
            transport.call(&PING).send::<()>().await.unwrap();
        }
        assert!(uploads.load(Ordering::SeqCst) <= POLLS, "{kind}");
        std::fs::remove_file(&path).unwrap();
    }
}
