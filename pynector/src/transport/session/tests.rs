//! One session and its pool: who is let in, by which backend, and what a disconnect waits for.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use http::{Request, Response};

use super::{Pool, Session};
use crate::backend::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody};
use crate::error::ErrorKind;
use crate::request::body::Body;

#[derive(Debug)]
struct Nowhere;

impl Backend for Nowhere {
    fn send(
        &self,
        _: Request<Body>,
        _: AttemptInfo,
    ) -> BoxFuture<'_, Result<Response<ResponseBody>, BackendError>> {
        Box::pin(std::future::pending())
    }
}

fn session() -> Arc<Session> {
    let pool = Pool::new(Box::new(|| Ok(Arc::new(Nowhere)))).unwrap();
    Arc::new(Session::new(Arc::new(pool)))
}

#[test]
fn a_call_passes_no_lock() {
    let session = session();
    drop(session.enter().unwrap());
    for session in [Arc::clone(&session), Arc::new(session.fork())] {
        let (pool, standing) = (session.pool.state(), session.standing());
        let (tell, told) = mpsc::channel();
        let calling = Arc::clone(&session);
        thread::spawn(move || tell.send(calling.is_connected() && calling.enter().is_ok()));
        assert_eq!(told.recv_timeout(Duration::from_secs(10)), Ok(true), "it waits for a lock");
        drop((pool, standing));
    }
}

#[test]
fn a_call_goes_to_the_backend_that_the_session_is_connected_to_now() {
    let session = session();
    let first = session.enter().unwrap().backend;
    drop(session.refuse(true));
    assert_eq!(session.enter().unwrap_err().kind(), ErrorKind::NotConnected);
    session.connect().unwrap();
    let second = session.enter().unwrap().backend;
    assert!(!Arc::ptr_eq(&first, &second), "the pool was closed between");
    assert!(session.is_connected() && !session.door.is_open());
}

#[test]
fn a_session_that_comes_back_to_the_same_pool_passes_no_lock_either() {
    let session = session();
    let first = session.enter().unwrap().backend;
    let other = session.fork();
    drop(session.refuse(true));
    session.connect().unwrap();
    assert!(session.door.is_open() && other.is_connected());
    assert!(Arc::ptr_eq(&first, &session.enter().unwrap().backend));
}

#[tokio::test]
async fn who_disconnects_waits_for_calls_also_where_somebody_connects_meanwhile() {
    let session = session();
    let call = session.enter().unwrap();
    let leaving = Arc::clone(&session);
    let mut leaving = tokio::spawn(async move { leaving.disconnect().await });
    tokio::task::yield_now().await;
    session.connect().unwrap();
    tokio::task::yield_now().await;
    assert!(!leaving.is_finished());
    drop(call);
    (&mut leaving).await.unwrap();
}
