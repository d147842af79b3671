//! An HTTP/2 server that refuses streams: how often it is asked again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::TcpListener;

use super::{ReqwestBackend, builder};
use crate::{ErrorKind, HttpTransport, Operation};

const ORDER: Operation = Operation::post("Test::order", "/orders");

/// Refuses the first `refused` streams and answers the next one with 204; counts them all.
async fn refusing(refused: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let streams = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&streams);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut connection = h2::server::handshake(stream).await.unwrap();
            while let Some(Ok((_, mut respond))) = connection.accept().await {
                if seen.fetch_add(1, Ordering::SeqCst) < refused {
                    respond.send_reset(h2::Reason::REFUSED_STREAM);
                } else {
                    let mut answer = http::Response::new(());
                    *answer.status_mut() = http::StatusCode::NO_CONTENT;
                    respond.send_response(answer, true).unwrap();
                }
            }
        }
    });
    (format!("http://{address}"), streams)
}

async fn order(refused: usize) -> (crate::Result<()>, usize) {
    let (url, streams) = refusing(refused).await;
    let client = builder().http2_prior_knowledge().build().unwrap();
    let transport = HttpTransport::builder(url).backend(ReqwestBackend::from_client(client)).build().unwrap();
    let result = transport.call(&ORDER).json("one").send::<()>().await;
    (result, streams.load(Ordering::SeqCst))
}

#[tokio::test]
async fn ord_5_a_refused_post_is_sent_twice_more_at_most() {
    let (result, streams) = order(2).await;
    result.unwrap();
    assert_eq!(streams, 3);

    let (result, streams) = order(usize::MAX).await;
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), streams), (ErrorKind::Interrupted, 3, 3), "{error:?}");
}
