//! Which version of HTTP a server sees.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pynector::{ClientBuilder, ConnectionOptions, ErrorKind, HttpConfig, HttpTransport, Operation};
use pynector_tests::served::{Identity, Server};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{GET, MS};

/// The versions of three requests in a row, and over how many connections they came.
async fn seen(
    server: Server,
    build: impl FnOnce(ClientBuilder<HttpTransport>) -> ClientBuilder<HttpTransport>,
) -> (Vec<String>, usize) {
    let transport = build(HttpTransport::builder(server.url())).build().unwrap();
    for _ in 0..3 {
        assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
    }
    (server.asked().iter().map(|asked| format!("{:?}", asked.version)).collect(), server.connections())
}

fn thrice(version: &str) -> (Vec<String>, usize) {
    (vec![version.to_owned(); 3], 1)
}

#[tokio::test]
async fn tls_negotiates_the_version() {
    let identity = Identity::of(&["127.0.0.1"]);
    let options = ConnectionOptions::new().verify_ssl(false);
    let no_h2: HttpConfig = serde_json::from_value(json!({ "http2": false })).unwrap();
    for (options, config, version) in [
        (options.clone(), HttpConfig::default(), "HTTP/2.0"),
        (options.clone().http2(true), HttpConfig::default(), "HTTP/2.0"),
        (options.clone().http2_prior_knowledge(true), HttpConfig::default(), "HTTP/2.0"),
        (options.clone().http2(false), HttpConfig::default(), "HTTP/1.1"),
        (options, no_h2, "HTTP/1.1"),
    ] {
        let server = Server::tls(&identity).await;
        let got = seen(server, |builder| builder.connection(options.clone()).config(&config)).await;
        assert_eq!(got, thrice(version), "{options:?}");
    }
}

#[tokio::test]
async fn without_tls_nothing_is_negotiated() {
    let got = seen(Server::plain().await, |builder| builder).await;
    assert_eq!(got, thrice("HTTP/1.1"));
    let got = seen(Server::plain().await, |builder| builder.http2(true)).await;
    assert_eq!(got, thrice("HTTP/1.1"));
    let got = seen(Server::plain().await, |builder| builder.http2_prior_knowledge(true)).await;
    assert_eq!(got, thrice("HTTP/2.0"));
}

#[tokio::test]
async fn many_calls_share_one_http2_connection() {
    let server = Server::plain().await;
    let transport = HttpTransport::builder(server.url()).http2_prior_knowledge(true).build().unwrap();
    let calls: Vec<_> = (0..8).map(|_| tokio::spawn(transport.call(&GET).send::<u32>())).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), 7);
    }
    assert_eq!((server.asked().len(), server.connections()), (8, 1));
}

/// A server that resets its first streams for this reason and answers the others.
async fn resetting(first: usize, reason: h2::Reason) -> (String, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let streams = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&streams);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let counted = Arc::clone(&counted);
            tokio::spawn(async move {
                let mut connection = h2::server::handshake(stream).await.unwrap();
                while let Some(Ok((_, mut answer))) = connection.accept().await {
                    if counted.fetch_add(1, Ordering::SeqCst) < first {
                        answer.send_reset(reason);
                        continue;
                    }
                    let mut body = answer.send_response(http::Response::new(()), false).unwrap();
                    body.send_data("7".into(), true).unwrap();
                }
            });
        }
    });
    (url, streams)
}

#[tokio::test]
async fn only_a_stream_that_was_not_processed_is_sent_again() {
    const POST: Operation = Operation::post("T::post", "/p");
    for (first, reason, expected, streams) in [
        (2, h2::Reason::REFUSED_STREAM, Ok(7), 3),
        (usize::MAX, h2::Reason::REFUSED_STREAM, Err(ErrorKind::Interrupted), 3),
        (1, h2::Reason::CANCEL, Err(ErrorKind::Interrupted), 1),
        (1, h2::Reason::INTERNAL_ERROR, Err(ErrorKind::Interrupted), 1),
    ] {
        let (url, seen) = resetting(first, reason).await;
        let retry = pynector::RetryPolicy::new().initial_backoff(MS);
        let transport = HttpTransport::builder(url).retry(retry).http2_prior_knowledge(true).build().unwrap();
        let got = transport.call(&POST).json(&1).send::<u32>().await;
        assert_eq!(
            got.as_ref().map_err(pynector::Error::kind),
            expected.as_ref().map_err(|kind| *kind),
            "{got:?}"
        );
        assert_eq!(seen.load(Ordering::SeqCst), streams, "{reason:?}");
    }
}

/// A frame of HTTP/2 (RFC 9113 §4.1).
fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    [&[0, 0, length, kind, flags, 0, 0, 0, 0], payload].concat()
}

/// Reads frames until one of this kind came.
async fn read_until(stream: &mut tokio::net::TcpStream, kind: u8) -> std::io::Result<()> {
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        stream.read_exact(&mut vec![0; length as usize]).await?;
        if head[3] == kind {
            return Ok(());
        }
    }
}

/// A server whose first connections go away for `reason` as soon as a stream is there, having processed none; the further
/// ones answer. It counts the streams.
async fn going_away(first: usize, reason: h2::Reason) -> (String, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let streams = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&streams);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let counted = Arc::clone(&counted);
            tokio::spawn(async move {
                // The preface of a client, then SETTINGS either way.
                stream.read_exact(&mut [0; 24]).await?;
                stream.write_all(&frame(4, 0, &[])).await?;
                read_until(&mut stream, 1).await?;
                if counted.fetch_add(1, Ordering::SeqCst) < first {
                    let reason = u32::from(reason).to_be_bytes();
                    stream.write_all(&frame(7, 0, &[&[0; 4], &reason[..]].concat())).await?;
                } else {
                    // `:status: 200` is one byte of the static table; then the body ends the stream.
                    let mut answer = frame(1, 4, &[0x88]);
                    let mut body = frame(0, 1, b"7");
                    (answer[8], body[8]) = (1, 1);
                    stream.write_all(&[answer, body].concat()).await?;
                }
                // It stays until the client has closed.
                read_until(&mut stream, u8::MAX).await
            });
        }
    });
    (url, streams)
}

#[tokio::test]
async fn bud_9_a_stream_beyond_what_a_goaway_covers_is_sent_again_uncounted() {
    const POST: Operation = Operation::post("T::post", "/p");
    for (first, reason, expected, streams) in [
        (1, h2::Reason::NO_ERROR, Ok(7), 2),
        (2, h2::Reason::NO_ERROR, Ok(7), 3),
        (usize::MAX, h2::Reason::NO_ERROR, Err(ErrorKind::Interrupted), 3),
        (1, h2::Reason::INTERNAL_ERROR, Err(ErrorKind::Interrupted), 1),
    ] {
        let (url, seen) = going_away(first, reason).await;
        // There is not one retry to use up.
        let retry = pynector::RetryPolicy::new().max_retries(0).initial_backoff(MS);
        let transport = HttpTransport::builder(url).retry(retry).http2_prior_knowledge(true).build().unwrap();
        let got = transport.call(&POST).json(&1).send::<u32>().await;
        assert_eq!(
            got.as_ref().map_err(pynector::Error::kind),
            expected.as_ref().map_err(|kind| *kind),
            "{got:?}"
        );
        assert_eq!(seen.load(Ordering::SeqCst), streams, "{reason:?}");
    }
}

#[test]
fn prior_knowledge_of_what_is_switched_off_is_refused() {
    let built = HttpTransport::builder("http://h").http2(false).http2_prior_knowledge(true).build();
    let error = built.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(error.invalid_setting().unwrap().field, "http2_prior_knowledge");
}
