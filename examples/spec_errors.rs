//! Error handling, as in §7.2 of the specification: one `match` where Python has a chain of `except`.
//!
//! ```text
//! cargo run --example spec_errors    exit code 0 if every arm was reached by the error that it is for
//! ```

use std::future::pending;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use pynector::{ErrorKind, HttpMessage, HttpTransport, Result, RetryPolicy, Timeouts};
use tokio::net::TcpListener;

/// Which arm was reached.
#[derive(Debug, PartialEq)]
enum Ending {
    Processed(u32),
    NotFound,
    Forbidden,
    TooManyRequests,
    ServerError,
    TimedOut,
    ConnectionError,
    BadMessage,
}

/// Sends a message and processes its response; what it cannot handle, it gives to its caller.
async fn send_with_error_handling(transport: &HttpTransport, message: &HttpMessage) -> Result<Ending> {
    let processed: Result<u32> = transport
        .scope(async |transport| {
            transport.send(message).await?;
            let mut processed = 0;
            let mut responses = transport.receive::<HttpMessage>();
            while let Some(response) = responses.next().await {
                println!("processing {:?}", response?.body());
                processed += 1;
            }
            Ok(processed)
        })
        .await;

    let error = match processed {
        Ok(responses) => return Ok(Ending::Processed(responses)),
        Err(error) => error,
    };
    match error.kind() {
        ErrorKind::Status(404) => {
            println!("resource not found: {error}");
            Ok(Ending::NotFound)
        }
        ErrorKind::Status(401 | 403) => {
            println!("not allowed: {error}");
            Ok(Ending::Forbidden)
        }
        ErrorKind::Status(429) => {
            println!("too many requests, come back in {:?}: {error}", error.retry_after());
            Ok(Ending::TooManyRequests)
        }
        ErrorKind::Status(500..=599) => {
            println!("server error, after {} attempts: {error}", error.attempts());
            Ok(Ending::ServerError)
        }
        ErrorKind::Timeout | ErrorKind::ConnectTimeout | ErrorKind::Deadline => {
            println!("too slow by {:?}: {error}", error.clock());
            Ok(Ending::TimedOut)
        }
        // A predicate is a class of kinds: refused, reset, no such host, not connected, ..
        _ if error.is_connection() => {
            println!("connection error: {error}");
            Ok(Ending::ConnectionError)
        }
        ErrorKind::Request | ErrorKind::Serialize => {
            println!("nothing was sent: {error}");
            Ok(Ending::BadMessage)
        }
        _ => Err(error),
    }
}

fn routes() -> Router {
    let refuse = |status: StatusCode| get(move || async move { (status, "no") });
    Router::new()
        .route("/data", get(async || "data"))
        .route("/secret", refuse(StatusCode::FORBIDDEN))
        .route("/broken", refuse(StatusCode::INTERNAL_SERVER_ERROR))
        .route("/teapot", refuse(StatusCode::IM_A_TEAPOT))
        .route("/busy", get(async || (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "3600")])))
        .route("/slow", get(pending::<()>))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = pynector_examples::serve(routes()).await?;
    let builder = || {
        let quickly = RetryPolicy::new().max_retries(2).initial_backoff(Duration::from_millis(10));
        HttpTransport::builder(&url).retry(quickly).timeouts(Timeouts::new().attempt(Duration::from_secs(1)))
    };
    let transport = builder().build()?;

    for (path, expected) in [
        ("/data", Ending::Processed(1)),
        ("/nowhere", Ending::NotFound),
        ("/secret", Ending::Forbidden),
        ("/busy", Ending::TooManyRequests),
        ("/broken", Ending::ServerError),
        ("/slow", Ending::TimedOut),
        ("/two\r\nlines: of a header", Ending::BadMessage),
    ] {
        let message = HttpMessage::new().url(path);
        assert_eq!(send_with_error_handling(&transport, &message).await?, expected, "{path}");
    }

    // Nobody listens at an address that was just given back.
    let gone = TcpListener::bind(("127.0.0.1", 0)).await?.local_addr()?;
    let lonely = builder().base_url(format!("http://{gone}")).build()?;
    assert_eq!(send_with_error_handling(&lonely, &HttpMessage::new()).await?, Ending::ConnectionError);

    // What no arm is for goes on to the caller, with everything that is known of it.
    let message = HttpMessage::new().url("/teapot");
    let error = send_with_error_handling(&transport, &message).await.err().ok_or("an arm for teapots")?;
    println!("left to the caller: {error}");
    assert_eq!(error.status(), Some(StatusCode::IM_A_TEAPOT));
    assert_eq!(error.body().map(AsRef::as_ref), Some(&b"no"[..]));
    assert!(error.is_client_error() && !error.is_retryable());
    Ok(())
}
