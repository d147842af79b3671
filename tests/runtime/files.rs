//! Files as request bodies: the same bytes on each attempt, and clear words where they are not to be had.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;

use futures_util::future::join;
use http_body_util::BodyExt as _;
use pynector::{Body, ErrorKind, HttpTransport, Operation, RetryPolicy, StopReason};
use pynector_tests::raw::h2::{Fate, H2Server};
use pynector_tests::raw::{RawServer, Reply, Setup, hash};

use crate::MS;

const PUT: Operation = Operation::put("Store::write", "/files");

/// A file of its own for each test, gone with this value.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("pynector-files-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// More than one piece, and no two pieces alike.
fn content() -> Vec<u8> {
    (0..100_000_u32).flat_map(u32::to_le_bytes).collect()
}

fn quick(url: String) -> HttpTransport {
    let retry = RetryPolicy::new().initial_backoff(MS);
    HttpTransport::builder(url).retry(retry).build().unwrap()
}

#[tokio::test]
async fn bod_1_a_file_is_the_same_on_each_attempt() {
    let content = content();
    let scratch = Scratch::new("attempts", &content);
    let mut skipped = std::fs::File::open(&scratch.0).unwrap();
    skipped.seek(SeekFrom::Start(1000)).unwrap();
    for (body, sent) in [
        (Body::file(&scratch.0).await.unwrap(), &content[..]),
        (Body::from(skipped.try_clone().unwrap()), &content[1000..]),
        (Body::from(tokio::fs::File::from_std(skipped.try_clone().unwrap())), &content[1000..]),
    ] {
        let replies = ["503 Unavailable", "500 Oops", "200 OK"].map(|status| Reply::ok(status, "", ""));
        let server = RawServer::start(replies).await;
        quick(server.url()).call(&PUT).body(body).send::<()>().await.unwrap();
        let asked = server.asked();
        assert_eq!(asked.iter().map(|asked| asked.hash).collect::<Vec<_>>(), [hash(sent); 3]);
        let length = format!("content-length: {}\r\n", sent.len());
        assert!(asked.iter().all(|asked| asked.text.to_ascii_lowercase().contains(&length)));
    }
    assert_eq!(skipped.stream_position().unwrap(), 1000, "the cursor of the program is its own");
}

#[tokio::test]
async fn bod_1_a_file_is_the_same_on_each_stream_of_http_2() {
    let content = content();
    let scratch = Scratch::new("http2", &content);
    let server = H2Server::with(Setup::default(), |asked| {
        Fate::Answer(if asked.nth < 2 { 503 } else { 200 }, Vec::new())
    })
    .await;
    let builder = HttpTransport::builder(server.url()).http2_prior_knowledge(true);
    let transport = builder.retry(RetryPolicy::new().initial_backoff(MS)).build().unwrap();
    let body = Body::file(&scratch.0).await.unwrap();
    transport.call(&PUT).body(body).send::<()>().await.unwrap();
    let hashes: Vec<_> = server.streams().iter().map(|stream| stream.hash).collect();
    assert_eq!(hashes, [hash(&content); 3]);
}

#[tokio::test]
async fn two_readings_at_once_do_not_disturb_each_other() {
    let content = content();
    let scratch = Scratch::new("at-once", &content);
    let body = Body::file(&scratch.0).await.unwrap();
    let read = |body: Body| async { body.collect().await.unwrap().to_bytes() };
    let (one, two) = join(read(body.clone()), read(body)).await;
    assert!(one == content && two == content);
}

#[tokio::test]
async fn what_the_path_names_later_is_not_sent() {
    let scratch = Scratch::new("replaced", b"first");
    let body = Body::file(&scratch.0).await.unwrap();
    std::fs::remove_file(&scratch.0).unwrap();
    std::fs::write(&scratch.0, b"other").unwrap();
    assert_eq!(body.collect().await.unwrap().to_bytes(), "first");
}

#[tokio::test]
async fn a_file_that_changes_its_size_is_no_other_request() {
    for (change, told) in [(2, Some("the request body ended after 2 of 5 bytes")), (9, None)] {
        let scratch = Scratch::new("size", b"12345");
        let server = RawServer::start([Reply::ok("200 OK", "", "")]).await;
        let body = Body::file(&scratch.0).await.unwrap();
        let mut file = std::fs::File::options().write(true).open(&scratch.0).unwrap();
        file.set_len(2).unwrap();
        file.write_all(&b"123456789"[..change]).unwrap();
        let sent = quick(server.url()).call(&PUT).body(body).send::<()>().await;
        match told {
            None => {
                sent.unwrap();
                assert_eq!(server.asked()[0].hash, hash(b"12345"), "no more than was announced");
            }
            Some(why) => {
                let error = sent.unwrap_err();
                assert_eq!((error.kind(), error.attempts()), (ErrorKind::RequestBody, 1), "{error:?}");
                assert!(error.to_string().contains(why), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_path_that_is_no_file_is_told_before_anything_is_sent() {
    let missing = std::env::temp_dir().join("pynector-files-that-is-not-there");
    let error = Body::file(&missing).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    assert!(error.to_string().contains("pynector-files-that-is-not-there"), "{error}");
    let error = Body::file(std::env::temp_dir()).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::IsADirectory);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_is_no_regular_file_is_read_once() {
    let server = RawServer::start([Reply::ok("503 Unavailable", "", ""), Reply::ok("200 OK", "", "")]).await;
    let body = Body::file("/dev/null").await.unwrap();
    let error = quick(server.url()).call(&PUT).body(body).send::<()>().await.unwrap_err();
    assert_eq!(error.stop_reason(), Some(StopReason::BodyNotReplayable));
}

#[test]
fn values_are_bodies_by_their_format() {
    #[derive(serde::Serialize)]
    struct Login<'a> {
        user: &'a str,
        device: Option<u8>,
    }
    let login = Login { user: "Ada L.", device: None };
    let body = Body::json(&login).unwrap();
    assert_eq!(body.content_type(), Some("application/json"));
    assert_eq!(body.peek().unwrap(), r#"{"user":"Ada L.","device":null}"#);
    let body = Body::form(&login).unwrap();
    assert_eq!(body.content_type(), Some("application/x-www-form-urlencoded"));
    assert_eq!(body.peek().unwrap(), "user=Ada+L.");
    assert!(Body::json(&None::<u8>).unwrap().is_empty());
    assert_eq!(
        Body::json(&[(vec![1], 2)].into_iter().collect::<std::collections::BTreeMap<_, _>>())
            .unwrap_err()
            .kind(),
        ErrorKind::Serialize
    );
    let error = Body::form(&7).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request, "{error}");
}
