//! What a broken wire does: each fault has its own kind, and only what is safe is sent again.

use std::time::Duration;

use pynector::{Clock, ErrorKind, HttpTransport, Operation, RetryPolicy, Timeouts};
use pynector_tests::raw::{RawServer, Refusing, Reply, answer};

use crate::{GET, MS};

const POST: Operation = Operation::post("T::post", "/p");

/// A transport that waits a second where a user's would wait ten; a machine with other work to do answers within it.
fn hasty(url: impl AsRef<str>) -> HttpTransport {
    let retry = RetryPolicy::new().initial_backoff(5 * MS).max_retries(2);
    HttpTransport::builder(url)
        .retry(retry)
        .timeouts(Timeouts::new().attempt(Duration::from_secs(1)))
        .build()
        .unwrap()
}

fn whole() -> Reply {
    Reply::ok("200 OK", "content-type: application/json\r\n", "7")
}

async fn failure(replies: Vec<Reply>) -> (pynector::Error, RawServer) {
    let server = RawServer::start(replies).await;
    let error = hasty(server.url()).call(&POST).json(&1).send::<u32>().await.unwrap_err();
    (error, server)
}

#[tokio::test]
async fn each_fault_has_its_kind_and_a_line_to_act_on() {
    let short = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1".to_vec();
    let chunk = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".to_vec();
    for (reply, kind, part) in [
        (Reply::Close(Vec::new()), ErrorKind::Interrupted, "broke before an answer came"),
        (Reply::Reset(Vec::new()), ErrorKind::Interrupted, "broke before an answer came"),
        (Reply::Close(b"HTTP/1.1 200 O".to_vec()), ErrorKind::Interrupted, "broke before an answer came"),
        (Reply::Close(short.clone()), ErrorKind::Interrupted, "broke in the middle of the body"),
        (Reply::Reset(short), ErrorKind::Interrupted, "broke in the middle of the body"),
        (Reply::Close(chunk), ErrorKind::Interrupted, "broke in the middle of the body"),
        (Reply::Close(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()), ErrorKind::Protocol, "not valid HTTP"),
        (Reply::Hang, ErrorKind::Timeout, "no whole answer within 1 s"),
        (Reply::Dribble(answer("200 OK", "", b"123456789"), 50 * MS), ErrorKind::Timeout, "no whole answer"),
    ] {
        let (error, server) = failure(vec![reply.clone()]).await;
        assert_eq!(error.kind(), kind, "{reply:?}: {error:?}");
        let line = error.to_string();
        assert!(line.contains(part) && line.starts_with("T::post: POST http://127.0.0.1:"), "{line}");
        assert!(error.was_sent() && error.is_connection() && !line.contains('\n'));
        assert_eq!(server.requests().len(), 1, "a POST that may have been processed is sent once: {reply:?}");
    }
}

#[tokio::test]
async fn a_refused_connection_says_so_and_a_post_is_tried_again() {
    let nobody = Refusing::new();
    let address = nobody.address();
    let error = hasty(format!("http://{address}")).call(&POST).json(&1).send::<u32>().await.unwrap_err();
    assert!(error.is_refused() && !error.was_sent(), "{error:?}");
    assert_eq!(error.attempts(), 3);
    assert!(error.to_string().contains(&format!("{address} refused the connection")), "{error}");
}

#[tokio::test]
async fn a_name_that_does_not_resolve_says_so() {
    let transport = hasty("http://no-such-host.invalid").with_options(
        pynector::CallOptions::new().retry(RetryPolicy::off()).timeout(Duration::from_secs(20)),
    );
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Dns, "{error:?}");
    assert!(error.to_string().contains("the host name no-such-host.invalid does not resolve"), "{error}");
    assert!(!error.was_sent());
}

#[tokio::test]
async fn a_peer_that_does_not_speak_tls_says_so() {
    let server = RawServer::start([]).await;
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = plain.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = plain.accept().await {
            let _ =
                tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let error = hasty(format!("https://{address}")).call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1), "{error:?}");
    assert!(error.to_string().contains("the TLS handshake with 127.0.0.1 failed"), "{error}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn tmo_1_a_connection_that_is_never_made_is_a_connect_timeout() {
    // A peer that accepts and then says nothing: the TLS handshake never ends.
    let silent = RawServer::start([Reply::Hang]).await;
    let url = silent.url().replace("http://", "https://");
    let timeouts = Timeouts::new().connect(50 * MS).attempt(Duration::from_secs(5));
    let retry = RetryPolicy::new().initial_backoff(MS).max_retries(1);
    let transport = HttpTransport::builder(url).timeouts(timeouts).retry(retry).build().unwrap();
    let error = transport.call(&POST).json(&1).send::<u32>().await.unwrap_err();
    assert!(error.is_connect_timeout(), "{error:?}");
    assert_eq!(error.clock(), Some((Clock::Connect, 50 * MS)));
    assert!(!error.was_sent());
    assert_eq!(
        (error.attempts(), silent.connections()),
        (2, 2),
        "nothing was sent, so a POST is tried again"
    );
}

#[tokio::test(start_paused = true)]
async fn tmo_1_the_default_connect_clock_runs_out_before_an_attempt_as_long() {
    // The system takes connections for it; nobody ever speaks on them.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", silent.local_addr().unwrap());
    let transport = HttpTransport::builder(url).retry(RetryPolicy::off()).build().unwrap();
    let error = transport.call(&POST).json(&1).send::<u32>().await.unwrap_err();
    assert!(error.is_connect_timeout(), "{error:?}");
    assert_eq!(error.clock(), Some((Clock::Connect, Duration::from_secs(10))));
    assert!(!error.was_sent(), "{error:?}");
}

#[tokio::test]
async fn connections_are_shared_by_attempts_that_connect_in_the_same_way() {
    let connect = |seconds| Timeouts::new().connect(Duration::from_secs(seconds));
    for (own, other) in [(Timeouts::new(), connect(3)), (connect(3), connect(10))] {
        let server = RawServer::start(vec![whole(); 6]).await;
        let transport = HttpTransport::builder(server.url()).timeouts(own).build().unwrap();
        let other = transport.with_options(pynector::CallOptions::new().timeouts(other));
        for transport in [&transport, &other, &transport, &other, &transport] {
            transport.call(&GET).send::<u32>().await.unwrap();
        }
        // The default backend has a pool for each of the two ways (record 0200).
        let pools = if cfg!(feature = "reqwest") { 2 } else { 1 };
        assert_eq!(server.connections(), pools);
    }
}

#[tokio::test]
async fn tmo_1_each_call_has_its_own_connect_clock() {
    let silent = RawServer::start([Reply::Hang]).await;
    let transport = hasty(silent.url().replace("http://", "https://"));
    for limit in [20 * MS, 60 * MS] {
        let options = pynector::CallOptions::new()
            .timeouts(Timeouts::new().connect(limit).attempt(Duration::from_secs(5)))
            .retry(RetryPolicy::off());
        let error = transport.with_options(options).call(&GET).send::<u32>().await.unwrap_err();
        assert_eq!(error.clock(), Some((Clock::Connect, limit)), "{error:?}");
        assert!(error.elapsed() >= limit);
    }
}

#[tokio::test]
async fn idm_2_a_post_is_sent_once_on_a_fresh_and_on_a_used_connection() {
    for warm in [false, true] {
        let mut replies = vec![Reply::Close(Vec::new()), whole()];
        if warm {
            replies.insert(0, whole());
        }
        let server = RawServer::start(replies).await;
        let transport = hasty(server.url());
        if warm {
            transport.call(&POST).json(&1).send::<u32>().await.unwrap();
        }
        let before = server.requests().len();
        let error = transport.call(&POST).json(&2).send::<u32>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error:?}");
        assert_eq!(server.requests().len() - before, 1, "warm: {warm}");
    }
}

#[tokio::test]
async fn bod_1_a_retried_body_is_the_same_to_the_byte() {
    const MARKED: Operation = Operation::post("T::marked", "/p").idempotent();
    let busy = Reply::ok("503 Service Unavailable", "", "");
    let server = RawServer::start([busy, Reply::Reset(Vec::new()), whole()]).await;
    let body = "x".repeat(100_000);
    hasty(server.url()).call(&MARKED).json(&body).send::<u32>().await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(
        requests.iter().all(|request| *request == requests[0] && request.ends_with(&format!("\"{body}\"")))
    );
}

#[tokio::test]
async fn bod_6_a_get_with_a_broken_body_is_repeated() {
    let short = || b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1".to_vec();
    let server = RawServer::start([Reply::Close(short()), Reply::Reset(short()), whole()]).await;
    assert_eq!(hasty(server.url()).call(&GET).send::<u32>().await.unwrap(), 7);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_refused_before_it_is_read() {
    let server =
        RawServer::start([Reply::Keep(b"HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n1".to_vec())]).await;
    let options = pynector::CallOptions::new().max_body(100);
    let error = hasty(server.url()).with_options(options).call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyTooLarge, "{error:?}");
}

#[tokio::test]
async fn redirects_are_ours_and_not_the_backend_s() {
    let server = RawServer::start([Reply::ok("302 Found", "location: /x\r\n", ""), whole()]).await;
    let transport = HttpTransport::builder(server.url()).follow_redirects(false).build().unwrap();
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap_err().kind(), ErrorKind::Status(302));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn bko_5_a_wait_never_ends_early() {
    let busy = Reply::ok("503 Service Unavailable", "retry-after: 1\r\n", "");
    let server = RawServer::start([busy, whole()]).await;
    let transport = hasty(server.url());
    let response = transport.call(&GET).send::<pynector::Response<u32>>().await.unwrap();
    assert!(response.elapsed() >= Duration::from_secs(1), "{:?}", response.elapsed());
    assert_eq!(response.attempts(), 2);
}
