//! Connecting and disconnecting: who may call, and when the sockets really close.

use std::pin::pin;
use std::time::Duration;

use pynector::backend::Step;
use pynector::{Error, ErrorKind, HttpMessage, HttpTransport, Result};
use pynector_tests::raw::{RawServer, Reply, answer};
use pynector_tests::served::{Identity, Server};

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
    settles(|| server.open() == sockets).await
}

/// Waits until something is so.
pub(crate) async fn settles(mut is_so: impl FnMut() -> bool) -> bool {
    for _ in 0..1000 {
        if is_so() {
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
    transport.connect().await.unwrap();
    call(&transport).await.unwrap();
    assert_eq!(server.connections(), 1, "who comes back finds the pool of those who stayed");
    transport.disconnect().await;
    other.disconnect().await;
    assert!(settles_at(&server, 0).await);
    other.connect().await.unwrap();
    call(&other).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn s3_1_connecting_twice_is_connecting_once() {
    let (transport, server) = served().await;
    for _ in 0..3 {
        transport.connect().await.unwrap();
    }
    call(&transport).await.unwrap();
    transport.disconnect().await;
    assert!(settles_at(&server, 0).await, "one disconnect is enough");
}

#[tokio::test]
async fn s3_1_sockets_close_when_the_last_call_in_flight_has_ended() {
    let part = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npart".to_vec();
    // One byte of the answer each 50 ms: two seconds in which to see that it is in flight.
    let slow = Reply::Dribble(answer("200 OK", "", b"7"), 50 * MS);
    let server = RawServer::start([Reply::Keep(part), slow]).await;
    let transport = HttpTransport::builder(server.url()).build().unwrap();
    transport.connect().await.unwrap();
    let other = transport.clone();
    let stream = other.stream_response(&HttpMessage::new()).await.unwrap();
    let running = tokio::spawn(transport.call(&GET).send::<u32>());
    assert!(settles(|| server.requests().len() == 2).await);
    {
        let (mut left, mut other_left) = (pin!(transport.disconnect()), pin!(other.disconnect()));
        for leaving in [left.as_mut(), other_left.as_mut()] {
            assert!(tokio::time::timeout(20 * MS, leaving).await.is_err(), "it waits for what is in flight");
        }
        assert_eq!((server.open(), running.is_finished()), (2, false));
        assert_eq!(transport.send(&HttpMessage::new()).await.unwrap_err().kind(), ErrorKind::NotConnected);
        left.await;
        assert_eq!(running.await.unwrap().unwrap(), 7, "and it ends as if nobody had left");
        drop(stream);
        other_left.await;
    }
    assert!(settles_at(&server, 0).await);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn s3_1_a_disconnect_that_is_given_up_has_left_all_the_same() {
    let server = RawServer::start([Reply::ok("200 OK", "", "7"), Reply::Hang]).await;
    let transport = HttpTransport::builder(server.url()).build().unwrap();
    call(&transport).await.unwrap();
    let running = tokio::spawn(transport.call(&GET).send::<u32>());
    assert!(settles(|| server.requests().len() == 2).await);
    assert!(tokio::time::timeout(50 * MS, transport.disconnect()).await.is_err());
    assert_eq!(call(&transport).await.unwrap_err().kind(), ErrorKind::NotConnected);
    running.abort();
    assert!(settles_at(&server, 0).await);
    tokio::time::timeout(5 * S, transport.disconnect()).await.expect("a second time does nothing");
}

#[tokio::test]
async fn s3_1_connections_of_every_kind_close() {
    let plain = |server: &Server| HttpTransport::builder(server.url());
    let (http, https) = (Server::plain().await, Server::tls(&Identity::of(&["127.0.0.1"])).await);
    for (server, transport) in [
        (&http, plain(&http).http2_prior_knowledge(true)),
        (&https, plain(&https).verify_ssl(false)),
        (&https, plain(&https).verify_ssl(false).http2(false)),
    ] {
        let transport = transport.build().unwrap();
        transport.connect().await.unwrap();
        let other = transport.clone();
        transport.send(&HttpMessage::new()).await.unwrap();
        other.send(&HttpMessage::new()).await.unwrap();
        assert_eq!(server.open(), 1);
        transport.disconnect().await;
        tokio::time::sleep(50 * MS).await;
        assert_eq!(server.open(), 1, "the other clone is still there");
        other.disconnect().await;
        assert!(settles(|| server.open() == 0).await);
    }
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

#[tokio::test(start_paused = true)]
async fn s3_1_a_scope_ends_when_its_calls_have_ended() {
    for succeeds in [true, false] {
        let (transport, script) = built(builder(), [Step::json("7").after(5 * S)]);
        let started = tokio::time::Instant::now();
        let mut running = None;
        let ended: Result<(), Error> = transport
            .scope(async |transport| {
                running = Some(tokio::spawn(transport.call(&GET).send::<u32>()));
                tokio::task::yield_now().await;
                if succeeds { Ok(()) } else { Err(Error::serialize("no")) }
            })
            .await;
        assert_eq!((ended.is_ok(), started.elapsed()), (succeeds, 5 * S));
        assert_eq!((running.unwrap().await.unwrap().unwrap(), script.requests().len()), (7, 1));
    }
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
