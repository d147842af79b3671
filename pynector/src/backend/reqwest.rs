//! The default backend, and the only place that knows reqwest.

use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use std::{fmt, io};

use http_body_util::BodyExt as _;
use tokio::time::Instant;
use tower_layer::Layer;
use tower_service::Service;

use super::{Backend, BackendError, BoxFuture, ResponseBody};
use crate::clock;
use crate::error::{BoxError, Error, ErrorKind, Result};
use crate::policy::classify::Failure;
use crate::request::body::Body;

/// Many servers close idle connections after 60 s; letting go first avoids the race.
const POOL_IDLE: Duration = Duration::from_secs(50);

tokio::task_local! {
    /// When the attempt that polls a connector must be connected. hyper-util makes connections inside the future of the
    /// request that wants one, so a task local reaches the connector of exactly that attempt.
    static CONNECT_BY: Option<Instant>;
}

/// Carries requests by [reqwest](https://docs.rs/reqwest).
///
/// Redirects, decompression, retries and timeouts of reqwest are off, since pynector does them.
#[derive(Clone, Debug)]
pub struct ReqwestBackend {
    client: reqwest::Client,
}

impl ReqwestBackend {
    /// A backend with a pool of its own.
    ///
    /// # Errors
    ///
    /// Kind `Config` if reqwest cannot start, for example since the system has no TLS roots.
    pub fn new() -> Result<Self> {
        let client = builder().build().map_err(|error| {
            Error::new(ErrorKind::Config, "the HTTP backend cannot start").with_source(error)
        })?;
        Ok(Self { client })
    }

    /// A backend over a client of your own.
    ///
    /// Give it no timeouts, and switch its redirects, retries and decompression off: pynector does all three. The `connect` clock does
    /// not reach into such a client; its own `connect_timeout` holds, and is told apart from other timeouts.
    pub fn from_client(client: reqwest::Client) -> Self {
        Self { client }
    }
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        // It would repeat each attempt that HTTP/2 says was not processed, unseen by policies and observers (ORD-5).
        .retry(reqwest::retry::never())
        .referer(false)
        .pool_idle_timeout(POOL_IDLE)
        .connector_layer(ConnectClock)
}

impl Backend for ReqwestBackend {
    fn send(
        &self,
        request: http::Request<Body>,
        connect_by: Option<Instant>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        let request = request.map(|body| match body.as_bytes() {
            Some(bytes) => reqwest::Body::from(bytes.clone()),
            None => reqwest::Body::default(),
        });
        Box::pin(CONNECT_BY.scope(connect_by, async move {
            let request = reqwest::Request::try_from(request)
                .map_err(|error| BackendError::with_source(Failure::Request, error.without_url()))?;
            let response = self.client.execute(request).await.map_err(classify)?;
            Ok(http::Response::from(response)
                .map(|body| ResponseBody::new(body.map_err(|error| body_failure(error.without_url())))))
        }))
    }
}

/// How far a failed request came (RESILIENCE §2.1); the order of the questions matters.
fn classify(error: reqwest::Error) -> BackendError {
    let error = error.without_url();
    let failure = if error.is_builder() || error.is_redirect() {
        Failure::Request
    } else if error.is_connect() {
        connect_failure(&error)
    } else {
        exchange_failure(&error)
    };
    BackendError::with_source(failure, error)
}

/// No connection was made, so nothing was sent; a connect timeout is both, which is why connecting is asked first.
fn connect_failure(error: &reqwest::Error) -> Failure {
    if error.is_dns() {
        return Failure::Dns;
    }
    for cause in causes(error) {
        if cause.is::<ConnectTimedOut>() {
            return Failure::ConnectTimeout;
        }
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            if is_tls(io) {
                return Failure::Tls;
            }
            if io.kind() == io::ErrorKind::ConnectionRefused {
                return Failure::Refused;
            }
        }
    }
    if error.is_timeout() { Failure::ConnectTimeout } else { Failure::Connect }
}

/// Whether rustls refused the peer; an `io::Error` hides what it wraps from the chain of causes.
#[cfg(feature = "rustls")]
fn is_tls(error: &io::Error) -> bool {
    let Some(inner) = error.get_ref() else { return false };
    inner.is::<rustls::Error>() || inner.downcast_ref::<io::Error>().is_some_and(is_tls)
}

#[cfg(not(feature = "rustls"))]
fn is_tls(_: &io::Error) -> bool {
    false
}

/// A connection was there; what broke on it?
fn exchange_failure(error: &reqwest::Error) -> Failure {
    for cause in causes(error) {
        #[cfg(feature = "http2")]
        if let Some(error) = cause.downcast_ref::<h2::Error>() {
            return h2_failure(error);
        }
        if let Some(error) = cause.downcast_ref::<hyper::Error>() {
            if error.is_canceled() || error.is_closed() {
                return Failure::Canceled;
            }
            if error.is_parse() {
                return Failure::Protocol;
            }
        }
    }
    if error.is_timeout() { Failure::AttemptTimeout } else { Failure::Interrupted }
}

/// Only what the server says it did not process is safe to send again.
#[cfg(feature = "http2")]
fn h2_failure(error: &h2::Error) -> Failure {
    let nack = match error.reason() {
        Some(h2::Reason::REFUSED_STREAM) => error.is_remote(),
        Some(h2::Reason::NO_ERROR) => error.is_go_away() && error.is_remote(),
        _ => false,
    };
    if nack { Failure::Nack } else { Failure::Interrupted }
}

/// The head was there and the body broke.
fn body_failure(error: reqwest::Error) -> BackendError {
    BackendError::with_source(Failure::BodyInterrupted, error)
}

/// The whole chain of causes, however many wrappers there are.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(error.source(), |error| (**error).source())
}

/// Bounds each connection by the clock of the attempt that waits for it.
#[derive(Clone, Copy, Debug)]
struct ConnectClock;

impl<S> Layer<S> for ConnectClock {
    type Service = ConnectWithin<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ConnectWithin(inner)
    }
}

#[derive(Clone, Debug)]
struct ConnectWithin<S>(S);

impl<S, R> Service<R> for ConnectWithin<S>
where
    S: Service<R, Error = BoxError>,
    S::Future: Send + 'static,
    S::Response: 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<std::result::Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let connect_by = CONNECT_BY.try_with(|limit| *limit).ok().flatten();
        let connecting = self.0.call(target);
        Box::pin(async move { clock::until(connect_by, connecting).await.map_err(|_| ConnectTimedOut)? })
    }
}

/// The `connect` clock ran out.
#[derive(Debug)]
struct ConnectTimedOut;

impl fmt::Display for ConnectTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connecting took too long")
    }
}

impl StdError for ConnectTimedOut {}

#[cfg(feature = "http2")]
#[cfg(test)]
mod tests;
