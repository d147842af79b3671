//! The pool at real sockets: what it opens, keeps, shares and forgets.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::HyperBackend;
use super::pool::Pool;
use crate::backend::{AttemptInfo, Backend as _};
use crate::connection::ConnectionOptions;
use crate::policy::classify::Failure;
use crate::request::body::Body;

/// An HTTP/2 server that refuses the first `refused` streams and answers every other by 204; counts connections and streams.
async fn http2(refused: usize) -> (String, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (connections, streams) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (accepted, seen) = (Arc::clone(&connections), Arc::clone(&streams));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            accepted.fetch_add(1, Ordering::SeqCst);
            let seen = Arc::clone(&seen);
            tokio::spawn(async move {
                let mut connection = h2::server::handshake(stream).await.unwrap();
                while let Some(Ok((_, mut respond))) = connection.accept().await {
                    if seen.fetch_add(1, Ordering::SeqCst) < refused {
                        respond.send_reset(h2::Reason::REFUSED_STREAM);
                    } else {
                        let mut answer = Response::new(());
                        *answer.status_mut() = StatusCode::NO_CONTENT;
                        respond.send_response(answer, true).unwrap();
                    }
                }
            });
        }
    });
    (format!("http://{address}"), connections, streams)
}

/// An HTTP/1.1 server that answers every request of a connection by `ok`; counts the connections, and those that ended.
async fn http1() -> (String, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (opened, closed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (accepted, ended) = (Arc::clone(&opened), Arc::clone(&closed));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            accepted.fetch_add(1, Ordering::SeqCst);
            let ended = Arc::clone(&ended);
            tokio::spawn(async move {
                let mut request = [0; 1024];
                while matches!(stream.read(&mut request).await, Ok(1..)) {
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
                }
                ended.fetch_add(1, Ordering::SeqCst);
            });
        }
    });
    (format!("http://{address}"), opened, closed)
}

fn request(url: &str) -> Request<Body> {
    Request::get(url).body(Body::empty()).unwrap()
}

/// One call to its end.
async fn call(backend: &HyperBackend, url: &str) -> Bytes {
    backend
        .send(request(url), AttemptInfo::new())
        .await
        .unwrap()
        .into_body()
        .collect()
        .await
        .unwrap()
        .to_bytes()
}

async fn until(holds: impl Fn() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        crate::clock::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never held");
}

#[tokio::test]
async fn ord_5_an_attempt_that_is_refused_is_one_request() {
    let (url, _, streams) = http2(1).await;
    let options = ConnectionOptions::new().http2_prior_knowledge(true);
    let backend = HyperBackend::with_options(&options).unwrap();
    let send = || backend.send(request(&url), AttemptInfo::new());
    assert_eq!(send().await.unwrap_err().failure(), Failure::Nack);
    assert_eq!(streams.load(Ordering::SeqCst), 1, "whether it is sent again is not the backend's to decide");
    assert_eq!(send().await.unwrap().status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn many_first_calls_share_one_connection_where_http_2_is_known() {
    let (url, connections, streams) = http2(0).await;
    let options = ConnectionOptions::new().http2_prior_knowledge(true);
    let backend = HyperBackend::with_options(&options).unwrap();
    let answers = join_all((0..50).map(|_| backend.send(request(&url), AttemptInfo::new()))).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap().status() == StatusCode::NO_CONTENT));
    assert_eq!((connections.load(Ordering::SeqCst), streams.load(Ordering::SeqCst)), (1, 50));
}

#[tokio::test]
async fn a_connection_is_used_again_once_its_answer_was_read() {
    let (url, opened, _) = http1().await;
    let backend = HyperBackend::new().unwrap();
    for _ in 0..3 {
        assert_eq!(call(&backend, &url).await, "ok");
        until(|| backend.0.pool.host(&url.parse().unwrap()).unwrap().idle_count() == 1).await;
    }
    assert_eq!(opened.load(Ordering::SeqCst), 1);
    // Two at once need two, and both are kept.
    let (one, two) =
        (backend.send(request(&url), AttemptInfo::new()), backend.send(request(&url), AttemptInfo::new()));
    let (one, two) = (one.await.unwrap(), two.await.unwrap());
    assert_eq!(opened.load(Ordering::SeqCst), 2);
    // One that nobody reads to its end is closed.
    drop((one, two));
    assert_eq!(call(&backend, &url).await, "ok");
    assert_eq!(opened.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_connection_that_was_idle_for_too_long_is_let_go_without_a_call() {
    let (url, opened, closed) = http1().await;
    let options = ConnectionOptions::new().pool_idle_timeout(Duration::from_millis(50));
    let backend = HyperBackend::with_options(&options).unwrap();
    for round in 1..=2 {
        assert_eq!(call(&backend, &url).await, "ok");
        until(|| closed.load(Ordering::SeqCst) == round).await;
    }
    assert_eq!(opened.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn no_more_are_kept_than_is_said() {
    let (url, opened, closed) = http1().await;
    let backend = HyperBackend::with_options(&ConnectionOptions::new().pool_max_idle_per_host(1)).unwrap();
    let answers = join_all((0..4).map(|_| call(&backend, &url))).await;
    assert_eq!(answers, ["ok"; 4]);
    assert_eq!(opened.load(Ordering::SeqCst), 4);
    until(|| closed.load(Ordering::SeqCst) == 3).await;
}

#[tokio::test]
async fn dropped_it_closes_what_is_idle() {
    let (url, _, closed) = http1().await;
    let backend = HyperBackend::new().unwrap();
    assert_eq!(call(&backend, &url).await, "ok");
    drop(backend);
    until(|| closed.load(Ordering::SeqCst) == 1).await;
}

#[test]
fn hosts_without_connections_are_forgotten() {
    let pool = Pool::new(&ConnectionOptions::new());
    let held = pool.host(&"https://held.example/".parse().unwrap()).unwrap();
    for number in 0..5000 {
        pool.host(&format!("https://host-{number}.example/").parse().unwrap()).unwrap();
    }
    assert!(pool.len() <= 1025, "{}", pool.len());
    assert!(Arc::ptr_eq(&held, &pool.host(&"https://held.example/".parse().unwrap()).unwrap()));
    let plain = pool.host(&"http://held.example/".parse().unwrap()).unwrap();
    assert!(!Arc::ptr_eq(&held, &plain), "a connection with TLS is none without");
    assert_eq!(pool.host(&"/no-host".parse().unwrap()).unwrap_err().failure(), Failure::Request);
}

#[tokio::test]
async fn a_call_that_finds_a_connection_has_no_room_to_make_one() {
    let backend = HyperBackend::with_options(&ConnectionOptions::new()).unwrap();
    let size = size_of_val(&backend.0.send(request("http://a.test/"), None, None));
    assert!(size <= 1_024, "{size} bytes, which every attempt asks for and fills");
}
