//! The lean backend, straight over hyper's connections, and the only place that makes them.

mod carried;
mod connect;
mod connection;
mod host;
mod pool;
mod shelf;
#[cfg(feature = "rustls")]
mod tls;

use std::mem;
use std::sync::Arc;

use http::header::{Entry, HOST, PROXY_AUTHORIZATION};
use http::uri::{PathAndQuery, Scheme};
use http::{Request, Response, Uri};
use tokio::time::Instant;

use self::carried::Carried;
use self::connect::Connector;
use self::connection::Connection;
pub(super) use self::connection::Leased;
use self::host::Host;
use self::pool::Pool;
use super::wire::causes::{self, ConnectTimedOut, Facts};
use super::wire::forget_host;
use super::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody};
use crate::clock;
use crate::connection::ConnectionOptions;
use crate::error::Result;
use crate::policy::classify::Failure;
use crate::request::body::Body;
use crate::watch::Progress;

/// Carries requests by [hyper](https://docs.rs/hyper)'s connections, with a pool of its own: half of what a call costs over
/// reqwest.
///
/// It speaks HTTP/1.1 and, with the feature `http2`, HTTP/2; TLS with the feature `rustls`, by the roots of the system; and
/// passes the same proxies as the default backend. Every [`ConnectionOptions`] has the same meaning in both.
///
/// One repetition is its own, and is no attempt: a request that a connection of the pool handed back, since it had closed
/// before it took any of it, goes to the next connection, at the latest to a new one. No byte of it was sent, so no server sees it
/// twice (ORD-5).
///
/// ```no_run
/// use pynector::HttpTransport;
/// use pynector::backend::HyperBackend;
///
/// # fn run() -> pynector::Result<()> {
/// let transport = HttpTransport::builder("https://api.example.com").backend(HyperBackend::new()?).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct HyperBackend(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    connector: Connector,
    pool: Arc<Pool>,
}

impl HyperBackend {
    /// A backend with a pool of its own and every default of [`ConnectionOptions`].
    ///
    /// # Errors
    ///
    /// Kind `Config` if it cannot start, for example since the system has no TLS roots, or the environment names a proxy
    /// that is none.
    pub fn new() -> Result<Self> {
        Self::with_options(&ConnectionOptions::new())
    }

    /// A backend with a pool of its own, for whoever wraps it.
    ///
    /// # Errors
    ///
    /// Kind `Config` if an option breaks a rule, and as [`new`](Self::new).
    pub fn with_options(options: &ConnectionOptions) -> Result<Self> {
        options.validate()?;
        let (connector, pool) = (Connector::new(options)?, Arc::new(Pool::new(options)));
        Ok(Self(Arc::new(Inner { connector, pool })))
    }
}

impl Backend for HyperBackend {
    fn send(
        &self,
        request: Request<Body>,
        attempt: AttemptInfo,
    ) -> BoxFuture<'_, Result<Response<ResponseBody>, BackendError>> {
        Box::pin(self.0.send(request, attempt.started, attempt.connect_by))
    }
}

impl Inner {
    /// A block and no `async fn`, which would keep the request twice.
    fn send(
        &self,
        request: Request<Body>,
        started: Option<Instant>,
        connect_by: Option<Instant>,
    ) -> impl Future<Output = Result<Response<ResponseBody>, BackendError>> + Send {
        let mut request = request.map(Carried::from);
        let uri = mem::take(request.uri_mut());
        async move {
            let host = self.pool.host(&uri)?;
            loop {
                let (mut connection, reused) = match host.ready(started) {
                    Some(connection) => (connection, true),
                    // In a box: a call that finds a connection needs no room to make one.
                    None => (Box::pin(self.connect(&host, &uri, connect_by, &request)).await?, false),
                };
                self.address(&mut request, &uri, &host, &connection);
                let sent = match &mut connection {
                    Connection::Own(own) => own.sender().try_send_request(request).await,
                    Connection::Shared(shared) => shared.sender().try_send_request(request).await,
                };
                let mut unanswered = match sent {
                    Ok(response) => return self.answer(connection.answered(response, host), &uri),
                    Err(unanswered) => unanswered,
                };
                connection.failed(&host);
                match unanswered.take_message() {
                    // It had closed before it took any of it.
                    Some(returned) if reused => request = returned,
                    _ => {
                        let error = unanswered.into_error();
                        return Err(BackendError::with_source(causes::exchange(&error, false), error));
                    }
                }
            }
        }
    }

    /// The response, unless a proxy refuses by it what was asked.
    fn answer(
        &self,
        response: Response<ResponseBody>,
        uri: &Uri,
    ) -> Result<Response<ResponseBody>, BackendError> {
        let proxies = self.connector.proxies.as_ref();
        match proxies.and_then(|proxies| proxies.refusal(response.status(), uri)) {
            Some(refusal) => Err(refusal),
            None => Ok(response),
        }
    }

    /// A new connection to `host`, or one that another call has made while this one waited for its turn.
    async fn connect(
        &self,
        host: &Arc<Host>,
        uri: &Uri,
        connect_by: Option<Instant>,
        request: &Request<Carried>,
    ) -> Result<Connection, BackendError> {
        let _told = request.body().watch().map(Progress::connecting);
        let mut connecting = Box::pin(async {
            // Calls to a host that is known to carry them all on one connection do not make one each.
            let _turn = host.turn().await;
            match host.shared() {
                Some(shared) => Ok(Connection::Shared(shared)),
                None => host.open(&self.connector, uri).await,
            }
        });
        let made = match clock::until(connect_by, connecting.as_mut()).await {
            Ok(made) => made,
            Err(clock::Elapsed) => Err(ConnectTimedOut.into()),
        };
        made.map_err(|error| {
            let facts = Facts { dns: connect::is_dns(&*error), timeout: false };
            causes::unconnected(error, facts, uri, self.connector.proxy_of(uri))
        })
    }

    /// Writes the target of a request to `uri` as its connection wants it (RFC 9112 §3.2).
    fn address(&self, request: &mut Request<Carried>, uri: &Uri, host: &Host, connection: &Connection) {
        if connection.is_http2() {
            forget_host(request.headers_mut(), uri);
            *request.uri_mut() = uri.clone();
            return;
        }
        if let Entry::Vacant(absent) = request.headers_mut().entry(HOST) {
            absent.insert(host.name().clone());
        }
        if !connection.is_proxied() {
            let path = uri.path_and_query().cloned();
            *request.uri_mut() = path.unwrap_or_else(|| PathAndQuery::from_static("/")).into();
            return;
        }
        *request.uri_mut() = uri.clone();
        if let Some(credentials) = self.connector.credentials(uri) {
            request.headers_mut().insert(PROXY_AUTHORIZATION, credentials);
        }
    }
}

/// Whether requests to `uri` go over TLS.
fn is_https(uri: &Uri) -> bool {
    uri.scheme() == Some(&Scheme::HTTPS)
}

/// A URL that cannot be sent.
fn unsendable(why: &'static str) -> BackendError {
    BackendError::with_source(Failure::Request, why)
}

#[cfg(test)]
mod tests;
