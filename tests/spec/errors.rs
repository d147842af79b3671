//! Each of httpx's errors, provoked, and what it is here; the table stands in the docs of `ErrorKind`.

use std::time::Duration;

use pynector::client::BaseUrl;
use pynector::{
    Certificate, ClientBuilder, Clock, Error, ErrorKind, HttpMessage, HttpTransport, RetryPolicy, Timeouts,
};
use pynector_tests::raw::{RawServer, Reply, answer};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use crate::timeouts::full;
use crate::{MS, S};

/// A builder of the specification that tries once and is not patient.
fn hasty(url: impl AsRef<str>) -> ClientBuilder<HttpTransport, BaseUrl> {
    HttpTransport::builder(url).spec().timeouts(Timeouts::spec(S)).retry(RetryPolicy::off())
}

async fn failure(builder: ClientBuilder<HttpTransport, BaseUrl>, message: &HttpMessage) -> Error {
    let transport = builder.build().unwrap();
    transport.connect().await.unwrap();
    let error = transport.send(message).await.unwrap_err();
    assert!(
        transport.receive::<HttpMessage>().next().await.is_none(),
        "a send that fails brings no response"
    );
    error
}

/// What a server that replies so makes of a GET.
async fn replied(reply: Reply) -> Error {
    failure(hasty(RawServer::start([reply]).await.url()), &HttpMessage::new()).await
}

/// An address at which nobody listens.
async fn nobody() -> String {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", free.local_addr().unwrap())
}

#[tokio::test]
async fn s6_3_connect_errors() {
    let refused = failure(hasty(nobody().await), &HttpMessage::new()).await;
    assert!(refused.is_refused());
    let patient = hasty("http://no-such-host.invalid").timeouts(Timeouts::spec(20 * S));
    let unknown = failure(patient, &HttpMessage::new()).await;
    assert_eq!(unknown.kind(), ErrorKind::Dns);
    // It closes before the handshake is done.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let broken = failure(hasty(url), &HttpMessage::new()).await;
    assert_eq!(broken.kind(), ErrorKind::Connect);
    for error in [refused, unknown, broken] {
        assert!(error.is_connection() && !error.is_timeout() && !error.was_sent(), "{error:?}");
        assert!(error.is_retryable(), "httpx's ConnectError is in the specification's list");
    }
}

#[tokio::test]
async fn s6_3_each_timeout_says_whose() {
    let limit = 400 * MS;
    let silent = RawServer::start([Reply::Hang]).await.url();
    let upload = HttpMessage::new().method("POST").content(vec![7; 24 << 20]);
    for (url, message, kind, clock) in [
        (silent.replace("http:", "https:"), HttpMessage::new(), ErrorKind::ConnectTimeout, Clock::Connect),
        (silent, HttpMessage::new(), ErrorKind::Timeout, Clock::Read),
        (full(1).await, upload, ErrorKind::Timeout, Clock::Write),
    ] {
        let error = failure(hasty(url).timeouts(Timeouts::spec(limit)), &message).await;
        assert_eq!((error.kind(), error.clock()), (kind, Some((clock, limit))), "{error:?}");
        assert!(error.is_timeout() && error.is_connection());
        assert_eq!(error.is_retryable(), clock != Clock::Connect);
    }
}

#[tokio::test]
async fn s6_3_read_and_write_errors() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1".to_vec();
    let read = replied(Reply::Reset(cut)).await;
    assert_eq!((read.kind(), read.status().unwrap().as_u16()), (ErrorKind::Interrupted, 200));
    assert_eq!(replied(Reply::Reset(Vec::new())).await.kind(), ErrorKind::Interrupted);

    // It takes a little of the body and resets the connection while the rest is being sent.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read_exact(&mut [0; 1000]).await;
            let _ = stream.set_zero_linger();
        }
    });
    let upload = HttpMessage::new().method("POST").content(vec![7; 24 << 20]);
    let write = failure(hasty(url), &upload).await;
    assert_eq!((write.kind(), write.status()), (ErrorKind::Interrupted, None), "{write:?}");
    for error in [read, write] {
        assert!(error.is_connection() && !error.is_timeout() && error.was_sent() && !error.is_retryable());
    }
}

#[tokio::test]
async fn s6_3_protocol_errors() {
    let garbage = replied(Reply::Close(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec())).await;
    assert!(garbage.kind() == ErrorKind::Protocol && garbage.is_connection(), "{garbage:?}");
    // httpx calls these remote protocol errors too; here a connection that ends early is one thing.
    for reply in
        [Reply::Close(Vec::new()), Reply::Close(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1".to_vec())]
    {
        assert_eq!(replied(reply).await.kind(), ErrorKind::Interrupted);
    }
    let server = RawServer::start([]).await;
    for message in [
        HttpMessage::new().header("x-a", "a\r\nx-b: c"),
        HttpMessage::new().header("a b", "c"),
        HttpMessage::new().method("GE T"),
    ] {
        let local = failure(hasty(server.url()), &message).await;
        assert_eq!((local.kind(), local.was_sent(), local.attempts()), (ErrorKind::Request, false, 0));
    }
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn s6_3_bad_urls_and_schemes() {
    for url in ["ftp://h/", "http://[", "http://h:99999/"] {
        let error = failure(hasty("http://h"), &HttpMessage::new().url(url)).await;
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Request, false), "{url}: {error}");
        let error = HttpTransport::builder(url).spec().build().unwrap_err();
        assert_eq!(error.invalid_setting().unwrap().field, "base_url", "{url}");
        let redirect = Reply::ok("302 Found", &format!("location: {url}\r\n"), "");
        let error = replied(redirect).await;
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Redirect, 302), "{url}");
    }
}

#[tokio::test]
async fn s6_3_proxies_codings_and_redirects() {
    let proxy = RawServer::start([Reply::ok("502 Bad Gateway", "", "")]).await;
    let error = failure(hasty("https://api.invalid").proxy(proxy.url()), &HttpMessage::new()).await;
    assert!(error.kind() == ErrorKind::Proxy && error.is_connection() && !error.is_retryable(), "{error:?}");

    let corrupt = Reply::ok("200 OK", "content-encoding: gzip\r\n", "no gzip at all");
    let error = replied(corrupt).await;
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Deserialize, 200), "{error:?}");
    assert!(error.is_message() && !error.is_connection());

    let error = replied(Reply::ok("302 Found", "location: /again\r\n", "")).await;
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(error.to_string().contains("more than 20 redirects"), "{error}");
}

#[tokio::test]
async fn s3_1_statuses_from_400_on_are_told_apart_and_keep_their_response() {
    let body = "x".repeat(70_000);
    for (status, is) in [
        (401, Error::is_unauthorized as fn(&Error) -> bool),
        (403, Error::is_forbidden),
        (404, Error::is_not_found),
        (408, Error::is_request_timeout),
        (429, Error::is_too_many_requests),
        (400, Error::is_client_error),
        (499, Error::is_client_error),
        (500, Error::is_server_error),
        (599, Error::is_server_error),
    ] {
        let reply = answer(&format!("{status} No"), "x-id: 9\r\n", body.as_bytes());
        let error = replied(Reply::Keep(reply)).await;
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status(status), status));
        assert!(is(&error) && error.is_status() && !error.is_connection() && !error.is_timeout());
        assert_eq!((error.is_client_error(), error.is_server_error()), (status < 500, status >= 500));
        assert_eq!(error.headers().unwrap()["x-id"], "9");
        assert_eq!(error.body().unwrap().len(), 64 << 10, "bounded");
    }
}

#[tokio::test]
async fn s3_1_statuses_below_400_are_responses() {
    for status in [200, 204, 299, 300, 302, 304, 399] {
        let server = RawServer::start([Reply::ok(&format!("{status} Yes"), "", "")]).await;
        let transport = hasty(server.url()).build().unwrap();
        transport.connect().await.unwrap();
        transport.send(&HttpMessage::new()).await.unwrap();
        let response = transport.receive::<HttpMessage>().next().await.unwrap().unwrap();
        assert_eq!(response.status().unwrap().as_u16(), status);
    }
    // A redirect that is not to be followed is one too, and says where it would have led.
    let server = RawServer::start([Reply::ok("302 Found", "location: /next\r\n", "")]).await;
    let transport = hasty(server.url()).follow_redirects(false).build().unwrap();
    transport.connect().await.unwrap();
    transport.send(&HttpMessage::new()).await.unwrap();
    let response = transport.receive::<HttpMessage>().next().await.unwrap().unwrap();
    assert_eq!(response.response_headers().unwrap()["location"], "/next");
    assert_eq!((response.status().unwrap().as_u16(), server.requests().len()), (302, 1));
}

#[test]
fn s3_1_settings_that_cannot_work_are_told_when_the_transport_is_built() {
    for (builder, field) in [
        (hasty("http://h").header("a b", "c"), "headers"),
        (hasty("http://h").timeouts(Timeouts::spec(Duration::ZERO)), "timeouts.connect"),
        (hasty("http://h").add_root_certificate(Certificate::from_pem("x")), "root_certificates"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), &*error.invalid_setting().unwrap().field), (ErrorKind::Config, field));
    }
}
