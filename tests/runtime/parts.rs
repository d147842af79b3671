//! Multipart forms whose parts come piece by piece: framed, repeated and told of as whole ones are.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{Stream, stream};
use pynector::backend::{ScriptBackend, Step};
use pynector::{
    Body, ErrorKind, HttpMessage, HttpTransport, Message as _, Multipart, Operation, Part, RetryPolicy,
    StopReason,
};
use pynector_tests::raw::{RawServer, Reply};

use crate::MS;

const POST: Operation = Operation::put("Albums::add", "/albums");

#[pynector::api]
trait Albums {
    #[post("/albums")]
    async fn add(
        &self,
        #[part] title: &str,
        #[part] photo: Part,
        #[part] notes: Body,
    ) -> pynector::Result<()>;
}

fn pieces() -> impl Stream<Item = io::Result<&'static str>> + Send + 'static {
    stream::iter([Ok("one, "), Ok("two")])
}

fn transport(url: &str) -> HttpTransport {
    HttpTransport::builder(url).retry(RetryPolicy::new().initial_backoff(MS)).build().unwrap()
}

/// A form as it was sent, with its boundary as `B`, and its head.
fn read(request: &str) -> (String, String) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    let boundary = head.split("boundary=").nth(1).unwrap().lines().next().unwrap();
    (head.clone(), body.replace(boundary, "B"))
}

#[tokio::test]
async fn a_form_knows_its_length_if_every_part_does() {
    let server = RawServer::start([Reply::ok("200 OK", "", "")]).await;
    let transport = transport(&server.url());
    let form = |part: Part| {
        Multipart::new().part("title", "Sea").part("photo", part.file_name("a.jpg")).part("year", 2026)
    };
    let expected = "--B\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nSea\r\n\
                    --B\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\
                    content-type: application/octet-stream\r\n\r\none, two\r\n\
                    --B\r\ncontent-disposition: form-data; name=\"year\"\r\n\r\n2026\r\n--B--\r\n";
    for part in [Part::bytes("one, two"), Part::stream(pieces()).length(8), Part::from_fn(pieces).length(8)] {
        transport.call(&POST).multipart(form(part)).send::<()>().await.unwrap();
        let (head, body) = read(&server.requests().pop().unwrap());
        assert_eq!(body, expected);
        assert!(head.contains("content-length: ") && !head.contains("chunked"), "{head}");
    }
    transport.call(&POST).multipart(form(Part::stream(pieces()))).send::<()>().await.unwrap();
    let (head, body) = read(&server.requests().pop().unwrap());
    assert!(head.contains("transfer-encoding: chunked") && !head.contains("content-length"), "{head}");
    assert!(body.contains("\r\none, \r\n") && body.ends_with("0\r\n\r\n"), "{body}");
}

#[tokio::test]
async fn bod_3_a_form_is_sent_again_if_every_part_can_be() {
    let path = std::env::temp_dir().join(format!("pynector-parts-{}.txt", std::process::id()));
    std::fs::write(&path, "of a file").unwrap();
    let made = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&made);
    let server = RawServer::start([
        Reply::ok("503 Unavailable", "", ""),
        Reply::ok("503 Unavailable", "", ""),
        Reply::ok("200 OK", "", ""),
    ])
    .await;
    let form = Multipart::new()
        .part(
            "made",
            Part::from_fn(move || {
                counting.fetch_add(1, Ordering::SeqCst);
                pieces()
            }),
        )
        .part("file", Part::file(&path).await.unwrap());
    transport(&server.url()).call(&POST).multipart(form).send::<()>().await.unwrap();
    std::fs::remove_file(&path).unwrap();
    let asked = server.asked();
    assert_eq!((asked.len(), made.load(Ordering::SeqCst)), (3, 3));
    assert!(asked.iter().all(|one| one.hash == asked[0].hash), "boundary and all");
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(asked[0].text.contains(&format!("name=\"file\"; filename=\"{name}\"")), "{}", asked[0].text);
}

#[tokio::test(start_paused = true)]
async fn bod_2_one_part_that_is_there_once_is_enough() {
    let script = ScriptBackend::new([Step::status(503), Step::status(204)]);
    let transport = HttpTransport::builder("http://h").backend(script.clone()).build().unwrap();
    let form = Multipart::new().part("made", Part::from_fn(pieces)).part("once", Part::reader(&b"once"[..]));
    let error = transport.call(&POST).multipart(form).send::<()>().await.unwrap_err();
    assert_eq!(error.stop_reason(), Some(StopReason::BodyNotReplayable));
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn a_part_that_fails_is_told_by_its_name() {
    let server = RawServer::start([Reply::Hang]).await;
    let failing = || Part::stream(stream::iter([Ok("one"), Err(io::Error::other("the disk is gone"))]));
    for (part, why) in [
        (failing(), "the part `photo`: the disk is gone"),
        (failing().length(90), "the part `photo`: the disk is gone"),
        (Part::stream(pieces()).length(9), "the part `photo`: the request body ended after 8 of 9 bytes"),
    ] {
        let form = Multipart::new().part("title", "Sea").part("photo", part);
        let error = transport(&server.url()).call(&POST).multipart(form).send::<()>().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::RequestBody, 1), "{error:?}");
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_is_a_body_is_a_part() {
    let script = ScriptBackend::new([Step::status(204)]);
    let albums: AlbumsClient =
        AlbumsClient::builder().base_url("http://h").backend(script.clone()).build().unwrap();
    let notes = Body::json(&["blue"]).unwrap();
    albums.add("Sea", Part::from_fn(pieces).header("X-Row", "7"), notes).await.unwrap();
    let sent = String::from_utf8(script.requests()[0].body.to_vec()).unwrap();
    for part in [
        "name=\"title\"\r\n\r\nSea\r\n",
        "name=\"photo\"\r\ncontent-type: application/octet-stream\r\nx-row: 7\r\n\r\none, two\r\n",
        "name=\"notes\"\r\ncontent-type: application/json\r\n\r\n[\"blue\"]\r\n",
    ] {
        assert!(sent.contains(part), "{part:?} in {sent:?}");
    }
}

#[test]
fn a_message_with_parts_is_written_down_if_they_are_here() {
    let message = |part: Part| HttpMessage::new().method("POST").url("/albums").file("photo", part);
    let whole = message(Part::bytes(vec![0xff]).file_name("a.jpg").header("x-row", "7"));
    let written = whole.serialize().unwrap();
    assert!(HttpMessage::deserialize(&written).unwrap() == whole, "headers of parts too");
    let streamed = message(Part::from_fn(pieces));
    let error = streamed.serialize().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Serialize);
    assert!(error.to_string().contains("the part `photo` is a stream"), "{error}");
    assert!(streamed == streamed.clone() && streamed != message(Part::from_fn(pieces)));
}
