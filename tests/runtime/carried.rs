//! Requests that are built and not sent, and responses that somebody else carried.

use std::cell::Cell;
use std::io::Write as _;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use pynector::http::{self, HeaderValue, Request, Uri, header};
use pynector::{
    ByteStream, Call, CallOptions, Endpoint, Error, ErrorKind, HttpMessage, Operation, Response, Result,
};
use pynector_tests::raw::{RawServer, Reply};
use serde::{Deserialize, Serialize};

use crate::{built, transport};

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Note {
    text: String,
}

#[derive(Endpoint)]
#[post("/notes/{id}", response = Note, headers("x-fixed" = "1"))]
struct Write<'a> {
    id: u64,
    #[query]
    tags: &'a [&'a str],
    #[bearer]
    token: &'a pynector::Secret,
    #[json]
    note: &'a Note,
}

#[derive(Endpoint)]
#[get("/notes", response = Vec<Note>)]
struct All;

/// An HTTP stack that knows nothing of pynector: what it adds is what every stack adds.
async fn carry(request: Request<Bytes>) -> http::Response<Bytes> {
    let (mut parts, body) = request.into_parts();
    let authority = parts.uri.authority().unwrap().to_string();
    let stream = tokio::net::TcpStream::connect(&authority).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    parts.headers.insert(header::HOST, HeaderValue::try_from(authority).unwrap());
    parts.uri = Uri::from(parts.uri.path_and_query().unwrap().clone());
    let response = sender.send_request(Request::from_parts(parts, Full::new(body))).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    drop(sender);
    connection.await.unwrap().unwrap();
    http::Response::from_parts(parts, body)
}

#[tokio::test]
async fn any_http_stack_carries_an_endpoint_with_the_same_fields() {
    let server = RawServer::start([Reply::ok("200 OK", "", r#"{"text":"done"}"#)]).await;
    let (token, note) = (pynector::Secret::new("s3cret"), Note { text: "a".to_owned() });
    let write = Write { id: 7, tags: &["a b", "\u{e9}"], token: &token, note: &note };
    let transport = pynector::HttpTransport::builder(server.url()).build().unwrap();

    let carried = Write::decode(carry(write.to_request(server.url()).unwrap()).await).unwrap();
    let sent = transport.request(&write).await.unwrap();
    assert_eq!(carried, sent);
    carry(All.to_request(server.url()).unwrap()).await;
    transport.request(&All).await.unwrap_err();

    let requests = server.requests();
    assert_eq!(fields_in_order(&requests[0]), fields_in_order(&requests[1]));
    assert_eq!(fields_in_order(&requests[2]), fields_in_order(&requests[3]));
    assert!(requests[0].starts_with("POST /notes/7?tags=a%20b&tags=%C3%A9 HTTP/1.1\r\n"), "{}", requests[0]);
    assert!(requests[0].contains("authorization: Bearer s3cret") && requests[0].contains("x-fixed: 1"));
}

/// The request line, the fields by their names, and the body: where the `host` stands is left to whoever carries it.
fn fields_in_order(request: &str) -> (&str, Vec<&str>, &str) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let (line, fields) = head.split_once("\r\n").unwrap();
    let mut fields: Vec<&str> = fields.split("\r\n").collect();
    fields.sort_unstable();
    (line, fields, body)
}

fn response(status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> http::Response<Bytes> {
    let builder =
        headers.iter().fold(http::Response::builder().status(status), |head, (n, v)| head.header(*n, *v));
    builder.body(body.into()).unwrap()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[derive(Endpoint)]
#[get("/", response = Response<Option<String>>)]
struct Text;

#[derive(Endpoint)]
#[head("/", response = Response<()>)]
struct Stamp;

#[derive(Endpoint)]
#[get("/", response = ByteStream)]
struct Stream;

#[derive(Endpoint)]
#[post("/", idempotent)]
struct Again;

#[test]
fn a_carried_response_is_decoded_like_a_received_one() {
    assert_eq!(All::decode(response(200, &[], "[]")).unwrap(), []);
    let text = Text::decode(response(201, &[("etag", "e")], "t")).unwrap();
    assert_eq!((text.status().as_u16(), text.header("etag"), text.as_deref()), (201, Some("e"), Some("t")));
    assert_eq!(text.url(), "/");
    let compressed = gzip(r#"[{"text":"z"}]"#);
    let zipped = response(200, &[("content-encoding", "gzip")], compressed.clone());
    assert_eq!(All::decode(zipped).unwrap()[0].text, "z");
    let cut = response(200, &[("content-encoding", "gzip")], compressed[..12].to_vec());
    let error = All::decode(cut).unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Deserialize, 200));
    // A head may announce a coding of the body that it does not have.
    Stamp::decode(response(200, &[("content-encoding", "gzip")], "")).unwrap();
}

#[derive(Endpoint)]
#[get("/", response = Option<Note>, none_on(404))]
struct Maybe;

struct NeverNone;

impl Endpoint for NeverNone {
    const OPERATION: &'static Operation = <Maybe as Endpoint>::OPERATION;
    type Response = String;
    type Error = Error;

    fn bind(&self, call: Call) -> Call {
        call
    }
}

#[derive(Endpoint)]
#[get("/", response = Response<String>, any_status)]
struct Any;

#[test]
fn a_carried_status_is_judged_by_the_keys_of_the_verb() {
    assert_eq!(Maybe::decode(response(404, &[], "nothing")).unwrap(), None);
    assert_eq!(Maybe::decode(response(410, &[], "")).unwrap_err().kind(), ErrorKind::Status(410));
    // By hand a type without a `None` is an error that says so, as it is for a call.
    let error = <NeverNone as Endpoint>::decode(response(404, &[], "nothing")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deserialize);
    assert!(error.to_string().contains("makes `None` of that"), "{error}");
    let any = Any::decode(response(500, &[], "broken")).unwrap();
    assert_eq!((any.status().as_u16(), any.as_str()), (500, "broken"));
}

#[derive(Endpoint)]
#[get("/", response = Bytes, max_body = "100KiB")]
struct Large;

#[derive(Endpoint)]
#[head("/", response = Response<()>)]
struct Head;

#[test]
fn a_carried_body_has_the_cap_of_its_verb_and_a_head_has_none() {
    for (size, fits) in [(100 << 10, true), ((100 << 10) + 1, false)] {
        let body = "a".repeat(size);
        for carried in [response(200, &[("content-encoding", "gzip")], gzip(&body)), response(200, &[], body)]
        {
            let decoded = Large::decode(carried);
            assert_eq!(decoded.as_ref().map(Bytes::len).ok(), fits.then_some(size));
            assert!(fits || decoded.unwrap_err().kind() == ErrorKind::BodyTooLarge);
        }
    }
    // What its headers say is of the body that a `GET` would have.
    let head = Head::decode(response(200, &[("content-encoding", "br")], "")).unwrap();
    assert_eq!(head.header("content-encoding"), Some("br"));
}

#[tokio::test]
async fn a_carried_stream_is_there_at_once() {
    let mut stream = Stream::decode(response(200, &[("content-encoding", "gzip")], gzip("abc"))).unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), "abc");
    assert!(stream.next().await.is_none());
}

#[test]
fn a_carried_failure_tells_what_it_can() {
    let busy = || response(503, &[("retry-after", "7")], r#"{"text":"busy"}"#);
    let error = All::decode(busy()).unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Status(503), Some("All")));
    assert_eq!(error.method().unwrap(), "GET");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert!(error.is_retryable() && error.was_sent());
    assert_eq!(error.decode::<Note>().unwrap().text, "busy");
    assert!(Again::decode(busy()).unwrap_err().is_retryable());
    let error = Write::decode(busy()).unwrap_err();
    assert!(!error.is_retryable(), "a POST is not sent twice");
    assert_eq!(Write::decode(response(302, &[], "")).unwrap_err().kind(), ErrorKind::Status(302));
    let error = All::decode(response(200, &[], "{")).unwrap_err();
    assert_eq!((error.kind(), error.body().unwrap().len()), (ErrorKind::Deserialize, 1));
    let large = All::decode(response(500, &[], vec![b'x'; 100_000])).unwrap_err();
    assert_eq!(large.body().unwrap().len(), 64 << 10);
}

#[test]
fn an_endpoint_that_does_not_fit_has_no_request() {
    let error = All.to_request("ftp://h").unwrap_err();
    assert_eq!(
        (error.kind(), error.invalid_setting().unwrap().field.as_ref()),
        (ErrorKind::Config, "base_url")
    );
    let (token, note) = (pynector::Secret::new("a\nb"), Note { text: String::new() });
    let error = Write { id: 1, tags: &[], token: &token, note: &note }.to_request("http://h").unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Request, Some("Write")));
}

/// An error that swallows everything.
#[derive(Debug)]
struct Opaque;

impl From<pynector::Error> for Opaque {
    fn from(_: pynector::Error) -> Self {
        Self
    }
}

#[pynector::api(breaker(failure_threshold = 1))]
trait Notes {
    #[get("/notes/{id}")]
    async fn note(&self, id: &str) -> Result<Note, Opaque>;

    #[delete("/notes/{id}")]
    async fn delete(&self, id: &str) -> Result<()>;

    /// Two requests, of which the second one depends on the first, and a failure that is forgiven.
    async fn take(&self, id: &str) -> Option<Note> {
        let note = self.note(id).await.ok();
        self.delete(id).await.ok()?;
        note
    }
}

#[test]
fn a_request_is_that_of_the_first_call_that_is_awaited() {
    let (client, _) = built(NotesClient::builder().base_url("http://h"), []);
    let request = client.to_request(async |client| {
        let _never_awaited = client.note("1");
        client.delete("2").await
    });
    assert_eq!(request.unwrap().uri().path(), "/notes/2");
}

#[test]
fn a_client_builds_a_request_and_sends_nothing() {
    let builder = NotesClient::builder().base_url("http://h/v1").bearer("token").header("x-a", "b");
    let (client, script) = built(builder, []);
    let client = client.with_options(CallOptions::new().header("x-call", "c"));
    let request = client.to_request(async |client| client.note("a b").await).unwrap();
    assert_eq!(
        (request.method().as_str(), request.uri().to_string()),
        ("GET", "http://h/v1/notes/a%20b".to_owned())
    );
    for (name, value) in [
        ("authorization", "Bearer token"),
        ("x-a", "b"),
        ("x-call", "c"),
        ("accept", "application/json"),
        ("accept-encoding", "zstd, br, gzip, deflate"),
    ] {
        assert_eq!(request.headers()[name], value, "{name}");
    }
    assert!(request.headers()["authorization"].is_sensitive());
    assert!(request.body().is_empty());
    let first = client.to_request(async |client| client.take("7").await).unwrap();
    assert_eq!((first.method().as_str(), first.uri().path()), ("GET", "/v1/notes/7"));
    let clone = client.to_request(async |client| client.clone().delete("7").await).unwrap();
    assert_eq!(clone.method(), "DELETE");
    assert!(script.requests().is_empty());
    assert!(!client.transport().is_connected());
    assert!(client.transport().circuit().state() == pynector::CircuitState::Closed);
}

#[tokio::test(start_paused = true)]
async fn building_touches_no_circuit_and_no_session() {
    let (client, script) =
        built(NotesClient::builder().base_url("http://h"), [pynector::backend::Step::status(500)]);
    client.delete("1").await.unwrap_err();
    let state = client.transport().circuit().state();
    assert_ne!(state, pynector::CircuitState::Closed);
    client.to_request(async |client| client.delete("2").await).unwrap();
    assert_eq!(client.transport().circuit().state(), state);
    client.transport().disconnect().await;
    client.to_request(async |client| client.delete("3").await).unwrap();
    assert!(!client.transport().is_connected());
    assert_eq!(script.requests().len(), 1);
}

#[test]
fn what_does_not_fit_is_told_by_the_crate_s_own_error() {
    let (client, _) = built(NotesClient::builder().base_url("http://h"), []);
    let error = client.to_request(async |client| client.note("..").await).unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Request, Some("Notes::note")));
}

#[test]
fn without_a_call_there_is_no_request() {
    let (client, _) = built(NotesClient::builder().base_url("http://h"), []);
    let error = client.to_request(async |_| Opaque).unwrap_err();
    assert!(error.to_string().contains("no call was made"), "{error}");
    let error = client
        .to_request(async |client| {
            std::future::pending::<()>().await;
            client.note("1").await
        })
        .unwrap_err();
    assert!(error.to_string().contains("something else is waited for"), "{error}");
    assert_eq!(error.kind(), ErrorKind::Request);
}

#[test]
fn nothing_behind_the_first_call_runs() {
    let (client, _) = built(NotesClient::builder().base_url("http://h"), []);
    let reached = Cell::new(false);
    let request = client.to_request(async |client| {
        let _ = client.note("1").await;
        reached.set(true);
        client.delete("2").await
    });
    assert_eq!(request.unwrap().method(), "GET");
    assert!(!reached.get());
}

#[tokio::test(start_paused = true)]
async fn messages_are_not_sent_either() {
    let (transport, script) = transport([]);
    transport.connect().await.unwrap();
    let error =
        transport.to_request(async |transport| transport.send(&HttpMessage::new()).await).unwrap_err();
    assert!(error.to_string().contains("no call was made"), "{error}");
    assert!(script.requests().is_empty());
}
