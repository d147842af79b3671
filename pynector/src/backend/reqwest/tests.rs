//! An HTTP/2 server that refuses streams: how often it is asked again; and what a backend shows of itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::TcpListener;

use super::ReqwestBackend;
use crate::backend::{AttemptInfo, Backend as _};
use crate::connection::ConnectionOptions;
use crate::policy::classify::Failure;
use crate::request::body::Body;

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

#[tokio::test]
async fn ord_5_an_attempt_that_is_refused_is_one_request() {
    let (url, streams) = refusing(1).await;
    let backend =
        ReqwestBackend::with_options(&ConnectionOptions::new().http2_prior_knowledge(true)).unwrap();
    let send = || {
        let mut request = http::Request::post(&url).body(Body::empty()).unwrap();
        *request.version_mut() = http::Version::HTTP_2;
        backend.send(request, AttemptInfo::new())
    };
    assert_eq!(send().await.unwrap_err().failure(), Failure::Nack);
    assert_eq!(streams.load(Ordering::SeqCst), 1, "whether it is sent again is not reqwest's to decide");
    assert_eq!(send().await.unwrap().status(), http::StatusCode::NO_CONTENT);
}

#[test]
fn it_shows_in_short_what_is_its_own() {
    let options = ConnectionOptions::new().proxy("http://u:hunter2@proxy:3128");
    let shown = format!("{:?}", ReqwestBackend::with_options(&options).unwrap());
    assert_eq!(shown, "ReqwestBackend { connect: Some(10s), proxied: true, .. }");
}
