//! What a broken wire does to a download: cut at every byte, silent, lying, badly coded, dropped at every await.

use std::fmt::Write as _;
use std::future::poll_fn;
use std::io::Write as _;
use std::pin::pin;
use std::task::Poll;

use pynector::{ByteStream, CallOptions, Download, ErrorKind, MaxInFlight, Result, RetryPolicy, Timeouts};
use pynector_tests::raw::{RawServer, Reply, Setup};

use crate::downloads::{Files as _, FilesClient};
use crate::saved::Folder;
use crate::{MS, S};

const BODY: &[u8] = b"The quick brown fox";

/// A client that lets one attempt in at a time: who leaks its place blocks the next.
fn narrow(server: &RawServer) -> FilesClient {
    FilesClient::builder()
        .base_url(server.url())
        .retry(RetryPolicy::new().initial_backoff(MS).max_retries(2))
        .max_in_flight(MaxInFlight::new(1))
        .timeouts(Timeouts::new().read(10 * S).attempt(10 * S))
        .build()
        .unwrap()
}

fn chunked(body: &[u8]) -> Vec<u8> {
    let mut text = String::new();
    for piece in body.chunks(7) {
        write!(text, "{:x}\r\n{}\r\n", piece.len(), String::from_utf8_lossy(piece)).unwrap();
    }
    (text + "0\r\n\r\n").into_bytes()
}

/// The whole answer, by its length or in chunks.
fn whole(in_chunks: bool) -> (Vec<u8>, Vec<u8>) {
    let head = if in_chunks {
        "HTTP/1.1 200 OK\r\netag: \"a\"\r\ntransfer-encoding: chunked\r\n\r\n".to_owned()
    } else {
        format!("HTTP/1.1 200 OK\r\netag: \"a\"\r\ncontent-length: {}\r\n\r\n", BODY.len())
    };
    (head.into_bytes(), if in_chunks { chunked(BODY) } else { BODY.to_vec() })
}

/// The part that a request with a range asks for.
fn asked_part(text: &str) -> Option<Vec<u8>> {
    let from = text.lines().find_map(|line| line.strip_prefix("range: bytes=")?.strip_suffix('-'))?;
    let (from, total) = (from.parse::<usize>().unwrap(), BODY.len());
    let head = format!(
        "HTTP/1.1 206 Partial Content\r\netag: \"a\"\r\ncontent-range: bytes {from}-{}/{total}\r\ncontent-length: {}\r\n\r\n",
        total - 1,
        total - from
    );
    Some([head.as_bytes(), &BODY[from..]].concat())
}

/// A server that cuts the first answer behind so many bytes of its body, and answers ranges.
async fn cut(in_chunks: bool, at: usize, reset: bool) -> RawServer {
    RawServer::with(Setup::default(), move |asked| {
        if let Some(part) = asked_part(&asked.text) {
            return Reply::Keep(part);
        }
        let (head, body) = whole(in_chunks);
        let bytes = [&head, &body[..at]].concat();
        if reset { Reply::Reset(bytes) } else { Reply::Close(bytes) }
    })
    .await
}

async fn rest(stream: &mut ByteStream) -> (Vec<u8>, Result<()>) {
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        match piece {
            Ok(piece) => bytes.extend_from_slice(&piece),
            Err(error) => {
                assert!(stream.next().await.is_none(), "the stream ends after its error");
                return (bytes, Err(error));
            }
        }
    }
    (bytes, Ok(()))
}

#[tokio::test]
async fn cut_at_every_byte_there_is_one_error_and_the_place_is_free() {
    for in_chunks in [false, true] {
        for at in 0..whole(in_chunks).1.len() {
            let server = cut(in_chunks, at, false).await;
            let files = narrow(&server);
            for _ in 0..2 {
                let mut stream = files.file().await.unwrap();
                let (came, end) = rest(&mut stream).await;
                assert_eq!(end.unwrap_err().kind(), ErrorKind::Interrupted, "{at}");
                assert!(BODY.starts_with(&came), "{at}");
            }
            assert_eq!(server.count(), 2);
        }
    }
}

#[tokio::test]
async fn cut_at_every_byte_a_file_is_whole_or_is_not() {
    let folder = Folder::new();
    for (in_chunks, reset) in [(false, false), (true, false), (false, true), (true, true)] {
        for at in 0..whole(in_chunks).1.len() {
            let server = cut(in_chunks, at, reset).await;
            let files = narrow(&server);
            let path = folder.path("file");
            let error = files.file().await.unwrap().save_to(&path).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Interrupted, "{at}");
            assert!(folder.names().is_empty(), "{at}: {:?}", folder.names());
            let stream = files.file().await.unwrap().resumable();
            assert_eq!(stream.save_to(&path).await.unwrap(), BODY.len() as u64, "{in_chunks} {at}");
            assert_eq!(std::fs::read(&path).unwrap(), BODY);
            assert_eq!((folder.names(), server.count()), (vec!["file".to_owned()], 3));
            std::fs::remove_file(path).unwrap();
        }
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_is_asked_for_the_rest() {
    let server = RawServer::with(Setup::default(), |asked| {
        if let Some(part) = asked_part(&asked.text) {
            return Reply::Keep(part);
        }
        let (head, body) = whole(false);
        Reply::Paced(vec![(MS, [&head, &body[..9]].concat()), (3600 * S, Vec::new())])
    })
    .await;
    let files = narrow(&server)
        .with_options(pynector::CallOptions::new().timeouts(Timeouts::new().read(100 * MS).attempt(10 * S)));
    let (came, end) = rest(&mut files.file().await.unwrap()).await;
    assert_eq!((came.as_slice(), end.unwrap_err().kind()), (&BODY[..9], ErrorKind::Timeout));
    let (came, end) = rest(&mut files.file().await.unwrap().resumable()).await;
    end.unwrap();
    assert_eq!((came.as_slice(), server.count()), (BODY, 3));
}

#[tokio::test]
async fn wrong_lengths_and_bad_chunks_are_errors_or_are_gone_on_with() {
    let folder = Folder::new();
    let head = "HTTP/1.1 200 OK\r\netag: \"a\"\r\n";
    for (answer, resumed) in [
        (format!("{head}content-length: 24\r\n\r\n{}", "The quick brown fox"), ErrorKind::Interrupted),
        (format!("{head}transfer-encoding: chunked\r\n\r\n9\r\nThe quick\r\nzz\r\n"), ErrorKind::Config),
        (format!("{head}transfer-encoding: chunked\r\n\r\n9\r\nThe quick!\r\n"), ErrorKind::Config),
        (
            format!("{head}transfer-encoding: chunked\r\n\r\n9\r\nThe quick\r\nffffffffffffffffff\r\n"),
            ErrorKind::Config,
        ),
    ] {
        let text = answer.clone();
        let server = RawServer::with(Setup::default(), move |asked| match asked_part(&asked.text) {
            Some(part) => Reply::Keep(part),
            None => Reply::Close(text.clone().into_bytes()),
        })
        .await;
        let files = narrow(&server);
        let path = folder.path("file");
        let error = files.file().await.unwrap().save_to(&path).await.unwrap_err();
        assert!(error.is_connection(), "{answer}: {error}");
        match files.file().await.unwrap().resumable().save_to(&path).await {
            Ok(size) => assert_eq!((size, resumed), (BODY.len() as u64, ErrorKind::Config), "{answer}"),
            Err(error) => assert_eq!(error.kind(), resumed, "{answer}: {error}"),
        }
        let _ = std::fs::remove_file(path);
        assert!(folder.names().is_empty());
    }
}

#[tokio::test]
async fn broken_compression_leaves_no_file_and_is_not_asked_for_again() {
    let folder = Folder::new();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(BODY).unwrap();
    let wire = encoder.finish().unwrap();
    for at in 0..wire.len() {
        let (mut bad, mut short) = (wire.clone(), wire[..at].to_vec());
        bad[at] ^= 0x55;
        if at == 0 {
            short = vec![0];
        }
        for wire in [bad, short] {
            let headers = "etag: \"a\"\r\ncontent-encoding: gzip\r\n";
            let server = RawServer::start([Reply::ok("200 OK", headers, &wire)]).await;
            let files = narrow(&server);
            let path = folder.path("file");
            match files.file().await.unwrap().resumable().save_to(&path).await {
                // The time, the system and the flags of the head may be any.
                Ok(_) => {
                    assert_eq!(std::fs::read(&path).unwrap(), BODY, "{at}");
                    std::fs::remove_file(&path).unwrap();
                }
                Err(error) => assert_eq!(error.kind(), ErrorKind::Deserialize, "{at}: {error}"),
            }
            assert_eq!((server.count(), folder.names().len()), (1, 0), "{at}");
            drop(files.file().await.unwrap());
        }
    }
}

#[tokio::test]
async fn dropped_at_every_await_nothing_is_left() {
    let folder = Folder::new();
    let path = folder.path("file");
    std::fs::write(&path, "old").unwrap();
    for polls in 0.. {
        let server = cut(false, 7, false).await;
        let files = narrow(&server);
        let stream = files.file().await.unwrap().resumable();
        let finished = {
            let mut save = pin!(IntoFuture::into_future(stream.save_to(&path)));
            let mut left = polls;
            poll_fn(|cx| match save.as_mut().poll(cx) {
                Poll::Ready(saved) => Poll::Ready(Some(saved)),
                Poll::Pending if left == 0 => Poll::Ready(None),
                Poll::Pending => {
                    left -= 1;
                    Poll::Pending
                }
            })
            .await
        };
        if let Some(saved) = finished {
            assert_eq!(saved.unwrap(), BODY.len() as u64);
            assert!(polls > 3, "{polls}");
            assert_eq!(std::fs::read(&path).unwrap(), BODY);
            break;
        }
        folder.only(&["file"]).await;
        let kept = std::fs::read(&path).unwrap();
        assert!(kept == b"old" || kept == BODY, "the old file or the whole new one");
        // The only place is free again.
        drop(files.file().await.unwrap());
    }
}

#[tokio::test]
async fn a_download_cut_at_every_byte_is_continued_by_the_next_run() {
    let folder = Folder::new();
    let path = folder.path("file");
    for in_chunks in [false, true] {
        for at in 0..whole(in_chunks).1.len() {
            let server = cut(in_chunks, at, false).await;
            let files = narrow(&server);
            // The first run must not go on by itself.
            let once = files.with_options(CallOptions::new().retry(RetryPolicy::off()));
            let get = async |files: &FilesClient| {
                Download::to(&path).get(async |options| files.with_options(options).file().await).await
            };
            let error = get(&once).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Interrupted, "{at}");
            let came = std::fs::read(folder.path("file.part")).unwrap();
            assert!(BODY.starts_with(&came), "{at}");
            assert_eq!(folder.names(), ["file.part", "file.part.json"]);
            assert_eq!(get(&files).await.unwrap(), BODY.len() as u64, "{in_chunks} {at}");
            assert_eq!(
                (std::fs::read(&path).unwrap(), folder.names()),
                (BODY.to_vec(), vec!["file".to_owned()])
            );
            std::fs::remove_file(&path).unwrap();
        }
    }
}

#[tokio::test]
async fn a_download_of_a_server_that_stalls_or_lies_is_continued_by_the_next_run() {
    let folder = Folder::new();
    let path = folder.path("file");
    let (head, body) = whole(false);
    let began = [&head[..], &body[..9]].concat();
    let bad_chunk =
        b"HTTP/1.1 200 OK\r\netag: \"a\"\r\ntransfer-encoding: chunked\r\n\r\n9\r\nThe quick\r\nzz\r\n";
    for (fault, kind) in [
        (Reply::Paced(vec![(MS, began.clone()), (3600 * S, Vec::new())]), ErrorKind::Timeout),
        (Reply::Close(began), ErrorKind::Interrupted),
        (Reply::Close(bad_chunk.to_vec()), ErrorKind::Interrupted),
    ] {
        let case = format!("{fault:?}");
        let server = RawServer::with(Setup::default(), move |asked| match asked_part(&asked.text) {
            Some(part) => Reply::Keep(part),
            None => fault.clone(),
        })
        .await;
        let files = narrow(&server);
        let patience = Timeouts::new().read(100 * MS).attempt(10 * S);
        let once = files.with_options(CallOptions::new().retry(RetryPolicy::off()).timeouts(patience));
        let get = async |files: &FilesClient| {
            Download::to(&path).get(async |options| files.with_options(options).file().await).await
        };
        assert_eq!(get(&once).await.unwrap_err().kind(), kind, "{case}");
        assert_eq!(std::fs::read(folder.path("file.part")).unwrap(), &BODY[..9], "{case}");
        // The place of the one that failed is free, and what it has brought is not asked for again.
        assert_eq!(get(&files).await.unwrap(), BODY.len() as u64, "{case}");
        assert_eq!(std::fs::read(&path).unwrap(), BODY, "{case}");
        assert_eq!((server.count(), folder.names()), (2, vec!["file".to_owned()]), "{case}");
        std::fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_download_dropped_at_every_await_is_continued_or_was_done() {
    // One thread for work that blocks, so that what is put behind that work waits for it.
    let mut one = tokio::runtime::Builder::new_current_thread();
    one.enable_all().max_blocking_threads(1).build().unwrap().block_on(dropped_at_every_await());
}

async fn dropped_at_every_await() {
    let folder = Folder::new();
    let path = folder.path("file");
    for polls in 0..200 {
        let server = cut(false, 7, false).await;
        let files = narrow(&server);
        let get = || Download::to(&path).get(async |options| files.with_options(options).file().await);
        let finished = {
            let mut running = pin!(get());
            let mut left = polls;
            poll_fn(|cx| match running.as_mut().poll(cx) {
                Poll::Ready(saved) => Poll::Ready(Some(saved)),
                Poll::Pending if left == 0 => Poll::Ready(None),
                Poll::Pending => {
                    left -= 1;
                    Poll::Pending
                }
            })
            .await
        };
        if let Some(saved) = finished {
            assert_eq!((saved.unwrap(), polls > 3), (BODY.len() as u64, true));
            return;
        }
        // The thread that was writing comes to its end.
        tokio::task::spawn_blocking(|| ()).await.unwrap();
        if !path.exists() {
            assert_eq!(get().await.unwrap(), BODY.len() as u64);
        }
        assert_eq!(std::fs::read(&path).unwrap(), BODY, "{polls}");
        drop(files.file().await.unwrap());
        std::fs::remove_file(&path).unwrap();
        folder.only(&[]).await;
    }
    panic!("it never ends");
}

#[tokio::test]
async fn the_stream_of_a_message_goes_on_too() {
    let server = cut(false, 7, false).await;
    let retry = RetryPolicy::new().initial_backoff(MS);
    let transport = pynector::HttpTransport::builder(server.url()).retry(retry).build().unwrap();
    transport.connect().await.unwrap();
    let message = pynector::HttpMessage::new().url("/file").method("GET");
    let mut stream = transport.stream_response(&message).await.unwrap().resumable();
    let (came, end) = rest(&mut stream).await;
    end.unwrap();
    assert_eq!((came.as_slice(), server.count()), (BODY, 2));
}
