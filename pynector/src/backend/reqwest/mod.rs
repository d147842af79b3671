//! The default backend, and the only place that knows reqwest.

mod assemble;
mod classify;
mod clients;
mod clock;
mod fields;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use http::uri::Scheme;
use http::{Uri, Version};
use http_body_util::BodyExt as _;
use http_body_util::combinators::MapErr;

use self::assemble::Urls;
use self::classify::{body_failure, classify};
use self::clients::Clients;
use self::clock::{ATTEMPT, Attempt};
use super::wire::forget_host;
use super::wire::proxy::{Proxies, environment};
use super::{AttemptInfo, Backend, BackendError, BoxFuture, Frames, ResponseBody};
use crate::connection::ConnectionOptions;
use crate::error::Result;
use crate::policy::classify::Failure;
use crate::policy::deadline::CONNECT;
use crate::request::body::Body;

/// A body that comes by reqwest, which has it in a box already, with our errors.
pub(super) type Received = MapErr<reqwest::Body, fn(reqwest::Error) -> BackendError>;

/// Carries requests by [reqwest](https://docs.rs/reqwest).
///
/// Redirects, decompression, retries and timeouts of reqwest are off, since pynector does them.
///
/// One repetition is left to hyper, and is no attempt: a request that a connection of the pool handed back, since it had closed
/// before it took any of it, goes to the next connection, at the latest to a new one. No byte of it was sent, so no server sees it
/// twice (ORD-5).
///
/// It keeps two pools of connections. Most attempts share the first: those whose `connect` clock is that of the transport which made the
/// backend (10 s for one that was made by itself), and whose attempt and deadline leave it that (TMO-1). Attempts with another `connect` clock, and those whose stalls are watched (streamed
/// bodies, `write`, `read_head`), take theirs from the second, which is made when the first of them comes. It holds connections of its
/// own under the same options, so `pool_max_idle_per_host` counts in each.
#[derive(Clone)]
pub struct ReqwestBackend {
    clients: Clients,
    urls: Urls,
    /// Whether plain text means HTTP/1.1, which alone has a header `host`; over TLS the server chooses.
    names_host: bool,
    /// Asked only where something failed, to tell the proxy from the server. A client that was given keeps its own.
    proxies: Option<Arc<Proxies>>,
}

/// By what is its own: what reqwest and rustls would say of themselves is long, and code in every program.
impl fmt::Debug for ReqwestBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (connect, proxied) = (self.clients.connect(), self.proxies.is_some());
        let mut out = f.debug_struct("ReqwestBackend");
        out.field("connect", &connect).field("proxied", &proxied).finish_non_exhaustive()
    }
}

impl ReqwestBackend {
    /// A backend with a pool of its own and every default of [`ConnectionOptions`].
    ///
    /// # Errors
    ///
    /// Kind `Config` if reqwest cannot start, for example since the system has no TLS roots, or the environment names
    /// a proxy that is none.
    pub fn new() -> Result<Self> {
        Self::with_options(&ConnectionOptions::new())
    }

    /// A backend with a pool of its own, for whoever wraps it; builders take the options themselves.
    ///
    /// # Errors
    ///
    /// Kind `Config` if an option breaks a rule, and as [`new`](Self::new).
    pub fn with_options(options: &ConnectionOptions) -> Result<Self> {
        Self::with_clock(options, Some(CONNECT))
    }

    /// The same for a transport whose `connect` clock is `connect`.
    pub(super) fn with_clock(options: &ConnectionOptions, connect: Option<Duration>) -> Result<Self> {
        options.validate()?;
        let proxies = Proxies::resolve(options, &environment)?;
        // Over HTTP/2 a host stands in no header, and a proxy may have to add some before it.
        let names_host = options.http2_prior_knowledge != Some(true) && proxies.is_none();
        let proxies = proxies.map(Arc::new);
        let clients = Clients::new(options, proxies.clone(), connect)?;
        Ok(Self { clients, urls: Urls::new(), names_host, proxies })
    }

    /// A backend over a client of your own.
    ///
    /// Give it no timeouts, and switch its redirects, retries and decompression off: pynector does all three. The
    /// `connect` clock does not reach into such a client; its own `connect_timeout` holds, and is told apart from other
    /// timeouts. Connecting counts as part of the first stall that `write` or `read` bounds. Its proxies are not named in errors, since it does not show them.
    pub fn from_client(client: reqwest::Client) -> Self {
        Self { clients: Clients::given(client), urls: Urls::new(), names_host: false, proxies: None }
    }

    /// The same request as reqwest wants it, and its URI.
    fn translate(&self, request: http::Request<Body>) -> Result<(reqwest::Request, Uri), BackendError> {
        let (http::request::Parts { method, uri, version, mut headers, .. }, body) = request.into_parts();
        let url = self.urls.url(&uri).map_err(|error| BackendError::with_source(Failure::Request, error))?;
        // Where it stays, hyper-util need not format it. A user, or a host that the parser writes in another way, does not stay.
        let stays = self.names_host && version != Version::HTTP_2 && uri.scheme() == Some(&Scheme::HTTP);
        let plain = url.username().is_empty() && url.password().is_none();
        let written = plain && uri.authority().is_some_and(|it| it.as_str() == url.authority());
        if !(stays && written) {
            forget_host(&mut headers, &uri);
        }
        let mut request = reqwest::Request::new(method, url);
        *request.version_mut() = version;
        *request.headers_mut() = headers;
        *request.body_mut() = match body.peek() {
            // Whole bytes are what reqwest carries best, but it takes them at once and tells nobody when they are gone.
            Some(_) if body.is_followed() => Some(reqwest::Body::wrap(body)),
            Some(bytes) => Some(reqwest::Body::from(bytes.clone())),
            None if body.is_streamed() => Some(reqwest::Body::wrap(body)),
            None => None,
        };
        Ok((request, uri))
    }

    /// Waits for the head of the response, and gives both what they are called here.
    async fn finish(
        &self,
        exchange: Result<(impl Future<Output = reqwest::Result<reqwest::Response>>, Uri), BackendError>,
    ) -> Result<http::Response<ResponseBody>, BackendError> {
        let (exchange, uri) = exchange?;
        let response = match exchange.await {
            Ok(response) => response,
            Err(error) => return Err(classify(error, &uri, self.proxy_of(&uri))),
        };
        let refusal = self.proxies.as_ref().and_then(|proxies| proxies.refusal(response.status(), &uri));
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        Ok(http::Response::from(response)
            .map(|body| ResponseBody(Frames::Reqwest(body.map_err(body_failure as fn(_) -> _)))))
    }

    /// The proxy that requests for `uri` go through, without its credentials.
    fn proxy_of(&self, uri: &Uri) -> Option<String> {
        self.proxies.as_ref()?.name(uri)
    }
}

impl Backend for ReqwestBackend {
    fn send(
        &self,
        request: http::Request<Body>,
        attempt: AttemptInfo,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        let progress = request.body().watch().cloned();
        if progress.is_none() && self.clients.keep_the_clock(&attempt) {
            // Nothing is sent before this is polled, and what is polled stays small.
            let exchange =
                self.translate(request).map(|(request, uri)| (self.clients.plain().execute(request), uri));
            return Box::pin(self.finish(exchange));
        }
        let attempt = Attempt { connect_by: attempt.connect_by, progress };
        let exchange = self
            .translate(request)
            .and_then(|(request, uri)| Ok((self.clients.clocked()?.execute(request), uri)));
        Box::pin(ATTEMPT.scope(attempt, self.finish(exchange)))
    }
}

#[cfg(feature = "http2")]
#[cfg(test)]
mod tests;
