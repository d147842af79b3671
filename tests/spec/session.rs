//! Connecting and disconnecting: who may call, and when the sockets really close.

use std::time::Duration;

use pynector::backend::Step;
use pynector::{Error, ErrorKind, HttpTransport, Result};
use pynector_tests::raw::{RawServer, Reply};

use crate::{GET, MS, S, builder, built};

async fn served() -> (HttpTransport, RawServer) {
    let server = RawServer::start([Reply::ok("200 OK", "", "7")]).await;
    (HttpTransport::builder(server.url()).build().unwrap(), server)
}

async fn call(transport: &HttpTransport) -> Result<u32> {
    transport.call(&GET).send::<u32>().await
}

/// Waits until the server has `sockets` open; a closed socket takes a moment to be noticed.
pub(crate) async fn settles_at(server: &RawServer, sockets: usize) -> bool {
    for _ in 0..200 {
        if server.open() == sockets {
            return true;
        }
        tokio::time::sleep(5 * MS).await;
    }
    false
}

#[tokio::test(start_paused = true)]
async fn s3_1_calls_after_a_disconnect_are_refused_until_a_connect() {
    let (transport, script) = built(builder(), [Step::json("1"), Step::json("2")]);
    assert!(!transport.is_connected());
    assert_eq!(call(&transport).await.unwrap(), 1, "the first call connects");
    assert!(transport.is_connected());
    transport.disconnect().await;
    transport.disconnect().await;
    let error = call(&transport).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotConnected);
    assert!(error.is_connection() && !error.was_sent() && !error.is_retryable());
    assert!(
        error.to_string().contains("Test::get: the transport is disconnected; call `connect` first"),
        "{error}"
    );
    assert_eq!(script.requests().len(), 1);
    transport.connect().await.unwrap();
    transport.connect().await.unwrap();
    assert_eq!(call(&transport).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn s3_1_being_connected_belongs_to_the_clone() {
    let (transport, _) = built(builder(), (0..9).map(|_| Step::json("7")));
    let other = transport.clone();
    call(&transport).await.unwrap();
    transport.disconnect().await;
    assert_eq!(call(&transport).await.unwrap_err().kind(), ErrorKind::NotConnected);
    assert_eq!(call(&transport.clone()).await.unwrap_err().kind(), ErrorKind::NotConnected);
    assert_eq!(call(&other).await.unwrap(), 7);
    assert!(other.clone().is_connected());
}

#[tokio::test(start_paused = true)]
async fn s3_1_disconnect_lets_calls_in_flight_end_and_no_others_in() {
    let (transport, _) = built(builder(), [Step::json("7").after(5 * S), Step::json("8")]);
    let running = tokio::spawn({
        let call = transport.call(&GET);
        async move { call.send::<u32>().await }
    });
    tokio::time::sleep(S).await;
    let leaving = tokio::time::Instant::now();
    let (refused, ()) = tokio::join!(
        async {
            tokio::time::sleep(S).await;
            call(&transport).await
        },
        transport.disconnect(),
    );
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::NotConnected);
    assert_eq!(leaving.elapsed(), 4 * S);
    assert_eq!(running.await.unwrap().unwrap(), 7);
}

#[tokio::test]
async fn s3_1_the_last_one_to_leave_closes_the_sockets() {
    let (transport, server) = served().await;
    let other = transport.clone();
    call(&transport).await.unwrap();
    call(&other).await.unwrap();
    assert_eq!((server.connections(), server.open()), (1, 1), "clones share one pool");
    transport.disconnect().await;
    tokio::time::sleep(50 * MS).await;
    assert_eq!(server.open(), 1, "the other clone is still connected");
    other.disconnect().await;
    assert!(settles_at(&server, 0).await);
    other.connect().await.unwrap();
    call(&other).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn s3_1_dropping_the_last_one_closes_the_sockets() {
    let (transport, server) = served().await;
    let other = transport.with_options(pynector::CallOptions::new());
    call(&transport).await.unwrap();
    call(&other).await.unwrap();
    drop(transport);
    tokio::time::sleep(50 * MS).await;
    assert_eq!(server.open(), 1);
    drop(other);
    assert!(settles_at(&server, 0).await);
}

#[tokio::test]
async fn s3_1_a_call_outlives_the_client_that_started_it() {
    let server =
        RawServer::start([Reply::Dribble(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n7".to_vec(), MS)])
            .await;
    let transport = HttpTransport::builder(server.url()).build().unwrap();
    let running = tokio::spawn(transport.call(&GET).send::<u32>());
    while server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(transport);
    assert_eq!(running.await.unwrap().unwrap(), 7);
}

#[tokio::test]
async fn s3_1_a_scope_disconnects_however_it_ends() {
    let (transport, server) = served().await;
    let seven = transport.scope(async |transport| call(transport).await).await.unwrap();
    assert_eq!(seven, 7);
    assert!(settles_at(&server, 0).await, "after a success");

    let failed: Result<(), Error> = transport
        .scope(async |transport| {
            call(transport).await?;
            transport.disconnect().await;
            call(transport).await.map(drop)
        })
        .await;
    assert_eq!(failed.unwrap_err().kind(), ErrorKind::NotConnected);
    assert!(settles_at(&server, 0).await, "after an error");

    let panicking = tokio::spawn({
        let transport = transport.clone();
        async move {
            let scope = transport.scope(async |transport| {
                call(transport).await?;
                assert!(call(transport).await.is_err(), "this scope panics on purpose");
                Ok::<(), Error>(())
            });
            scope.await
        }
    });
    assert!(panicking.await.unwrap_err().is_panic());
    assert!(settles_at(&server, 0).await, "after a panic");

    let endless = transport.scope(async |transport| {
        call(transport).await?;
        std::future::pending::<Result<(), Error>>().await
    });
    assert!(tokio::time::timeout(Duration::from_millis(200), endless).await.is_err());
    assert!(settles_at(&server, 0).await, "after a cancellation");
    assert!(!transport.is_connected(), "a scope has a clone of its own");
}

#[tokio::test]
async fn clones_for_single_calls_share_connections_with_each_other() {
    let (transport, server) = served().await;
    for _ in 0..3 {
        call(&transport.clone()).await.unwrap();
        call(&transport.with_options(pynector::CallOptions::new())).await.unwrap();
    }
    assert_eq!(server.connections(), 1, "the transport that they are clones of is still there");
    drop(transport);
    assert!(settles_at(&server, 0).await);
}
