//! What a broken wire does to JSON lines: cut at every byte, silent, lying, badly coded, dropped at every await.

use std::future::poll_fn;
use std::io::Write as _;
use std::pin::pin;
use std::task::Poll;

use pynector::{CallOptions, ErrorKind, JsonLines, MaxInFlight, Result, RetryPolicy, Timeouts};
use pynector_tests::raw::{RawServer, Reply, answer};

use crate::lines::{Row, Rows as _, RowsClient};
use crate::{MS, S};

/// In these a half number is a number too.
const BODY: &str = "{\"id\":12}\n\n{\"id\":34}\r\n56\n78";

const MEDIA: &str = "content-type: application/x-ndjson\r\n";

/// A client that lets one attempt in at a time: who leaks its place blocks the next.
fn narrow(server: &RawServer) -> RowsClient {
    RowsClient::builder()
        .base_url(server.url())
        .retry(RetryPolicy::new().initial_backoff(MS).max_retries(2))
        .max_in_flight(MaxInFlight::new(1))
        .timeouts(Timeouts::new().read(10 * S).attempt(10 * S))
        .build()
        .unwrap()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// The head and the body of the whole answer.
fn parts(chunked: bool) -> (Vec<u8>, Vec<u8>) {
    if !chunked {
        let head = format!("HTTP/1.1 200 OK\r\n{MEDIA}content-length: {}\r\n\r\n", BODY.len());
        return (head.into_bytes(), BODY.as_bytes().to_vec());
    }
    let head = format!("HTTP/1.1 200 OK\r\n{MEDIA}transfer-encoding: chunked\r\n\r\n");
    let chunks = BODY.as_bytes().chunks(5);
    let chunks = chunks.map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
    let body: Vec<_> = chunks.chain([b"0\r\n\r\n".to_vec()]).flatten().collect();
    (head.into_bytes(), body)
}

/// The values that came as JSON texts, and the error at the end, behind which there is nothing.
async fn ended(lines: &mut JsonLines<serde_json::Value>) -> (Vec<String>, Result<()>) {
    let mut values = Vec::new();
    while let Some(item) = lines.next().await {
        match item {
            Ok(value) => values.push(value.to_string()),
            Err(error) => {
                assert!(lines.next().await.is_none(), "the stream ends after its error");
                return (values, Err(error));
            }
        }
    }
    (values, Ok(()))
}

const VALUES: [&str; 4] = ["{\"id\":12}", "{\"id\":34}", "56", "78"];

#[tokio::test]
async fn cut_at_every_byte_no_half_line_is_a_value_and_the_place_is_free() {
    for chunked in [false, true] {
        let (head, body) = parts(chunked);
        for at in 0..body.len() {
            for reset in [false, true] {
                let bytes = [&head, &body[..at]].concat();
                let cut = if reset { Reply::Reset(bytes) } else { Reply::Close(bytes) };
                let server = RawServer::start([cut, Reply::Keep([&*head, &*body].concat())]).await;
                let client = narrow(&server);
                // A reset may overtake the head, and the call is made once more then.
                let (values, end) = ended(&mut client.any().await.unwrap()).await;
                if server.count() == 1 {
                    let error = end.unwrap_err();
                    assert_eq!(
                        (error.kind(), error.operation()),
                        (ErrorKind::Interrupted, Some("Rows::any"))
                    );
                    assert!(
                        VALUES.starts_with(&values.iter().map(|value| &**value).collect::<Vec<_>>()),
                        "{at}"
                    );
                    assert!(values.len() < VALUES.len(), "the last line has no end but that of the body");
                } else {
                    assert!(reset && end.is_ok());
                }
                let (values, end) = ended(&mut client.any().await.unwrap()).await;
                assert!(values == VALUES && end.is_ok(), "{at}: {end:?}");
            }
        }
    }
}

#[tokio::test]
async fn silence_within_a_line_is_a_timeout_and_the_end() {
    let (head, body) = parts(false);
    let silent = Reply::Paced(vec![(MS, [&head, &body[..4]].concat()), (3600 * S, Vec::new())]);
    let server = RawServer::start([silent, Reply::Keep([head, body].concat())]).await;
    let client = narrow(&server);
    let hasty =
        client.with_options(CallOptions::new().timeouts(Timeouts::new().read(100 * MS).attempt(10 * S)));
    let (values, end) = ended(&mut hasty.any().await.unwrap()).await;
    assert_eq!((values.len(), end.unwrap_err().kind()), (0, ErrorKind::Timeout));
    assert_eq!(ended(&mut client.any().await.unwrap()).await.0, VALUES);
}

#[tokio::test]
async fn wrong_lengths_bad_chunks_and_bad_codings_are_one_error_at_their_place() {
    let head = format!("HTTP/1.1 200 OK\r\n{MEDIA}");
    let coded = |bytes: &[u8]| answer("200 OK", &format!("{MEDIA}content-encoding: gzip\r\n"), bytes);
    let whole = gzip(BODY);
    let mut corrupt = whole.clone();
    let crc = corrupt.len() - 8;
    corrupt[crc] ^= 1;
    for (bytes, count, kind) in [
        (format!("{head}content-length: 99\r\n\r\n{BODY}").into_bytes(), 3, ErrorKind::Interrupted),
        (
            format!("{head}transfer-encoding: chunked\r\n\r\n6\r\n1\n2\n34\r\nzz\r\n").into(),
            2,
            ErrorKind::Interrupted,
        ),
        (format!("{head}transfer-encoding: chunked\r\n\r\n2\r\n1\n34\r\n").into(), 1, ErrorKind::Interrupted),
        (
            format!("{head}transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n1\n").into(),
            0,
            ErrorKind::Interrupted,
        ),
        (coded(&corrupt), 3, ErrorKind::Deserialize),
        (coded(&whole[..whole.len() - 3]), 3, ErrorKind::Deserialize),
        (coded(b"not gzip at all"), 0, ErrorKind::Deserialize),
    ] {
        let (head, body) = parts(false);
        let server = RawServer::start([Reply::Close(bytes), Reply::Keep([head, body].concat())]).await;
        let client = narrow(&server);
        let (values, end) = ended(&mut client.any().await.unwrap()).await;
        let error = end.unwrap_err();
        assert_eq!((values.len(), error.kind()), (count, kind), "{error}");
        assert!(!error.to_string().contains("does not decode: "), "of the body, not of a line: {error}");
        assert_eq!(ended(&mut client.any().await.unwrap()).await.0, VALUES);
    }
}

#[tokio::test]
async fn dropped_at_every_await_it_leaves_nothing_behind() {
    let (head, body) = parts(true);
    let whole = [&*head, &*body].concat();
    let paced: Vec<_> = whole.chunks(7).map(|piece| (MS, piece.to_vec())).collect();
    let server = RawServer::start([Reply::Paced(paced)]).await;
    let client = narrow(&server);
    let mut finished = false;
    for polls in 1..400 {
        let mut run = pin!(async {
            let mut lines = client.any::<serde_json::Value>().await?;
            let (values, end) = ended(&mut lines).await;
            end.map(|()| values)
        });
        let mut left = polls;
        let outcome = poll_fn(|cx| match run.as_mut().poll(cx) {
            Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
            Poll::Pending if left == 1 => Poll::Ready(None),
            Poll::Pending => {
                left -= 1;
                Poll::Pending
            }
        })
        .await;
        if let Some(outcome) = outcome {
            assert_eq!(outcome.unwrap(), VALUES);
            finished = true;
            break;
        }
    }
    assert!(finished);
    assert_eq!(ended(&mut client.any().await.unwrap()).await.0, VALUES, "the place is free");
}

#[tokio::test]
async fn a_stream_that_is_left_closes_its_connection_and_one_that_is_read_keeps_it() {
    let (head, body) = parts(false);
    let begun = Reply::Paced(vec![(MS, [&head, &body[..10]].concat()), (3600 * S, Vec::new())]);
    let long = Reply::Paced(vec![(MS, [&*head, &[b'7'; 20][..]].concat()), (3600 * S, Vec::new())]);
    let whole = Reply::Keep([head, body].concat());
    let server = RawServer::start([whole.clone(), begun, long, whole]).await;
    let client = narrow(&server);
    assert_eq!(ended(&mut client.any().await.unwrap()).await.0, VALUES);
    let mut left = client.rows().await.unwrap();
    assert_eq!(left.next().await.unwrap().unwrap(), Row { id: 12 });
    assert_eq!(server.connections(), 1, "what was read to its end is used again");
    drop(left);
    let mut capped = client.any::<serde_json::Value>().await.unwrap().max_line(8);
    assert_eq!(capped.next().await.unwrap().unwrap_err().kind(), ErrorKind::BodyTooLarge);
    // Kept, but at its end, it holds neither connection nor place.
    assert_eq!(ended(&mut client.any().await.unwrap()).await.0, VALUES);
    assert_eq!((server.count(), server.connections()), (4, 3));
    drop(capped);
}
