//! The default backend, and the only place that knows reqwest.

mod classify;
mod clock;
mod origin;

use std::sync::Arc;

use http::header::HOST;
use http::{Uri, Version};
use http_body_util::BodyExt as _;
use tokio::time::Instant;

use self::classify::{body_failure, classify};
use self::clock::{ATTEMPT, Attempt, ConnectClock};
use self::origin::Origins;
use super::wire::proxy::{Proxies, environment};
use super::wire::{KEEP_ALIVE, KEEP_ALIVE_RETRIES, POOL_IDLE, forget_host};
use super::{Backend, BackendError, BoxFuture, ResponseBody};
use crate::connection::ConnectionOptions;
use crate::error::{Error, ErrorKind, Result};
use crate::policy::classify::Failure;
use crate::request::body::Body;

/// Carries requests by [reqwest](https://docs.rs/reqwest).
///
/// Redirects, decompression, retries and timeouts of reqwest are off, since pynector does them.
///
/// One repetition is left to hyper, and is no attempt: a request that a connection of the pool handed back, since it had closed
/// before it took any of it, goes to the next connection, at the latest to a new one. No byte of it was sent, so no server sees it
/// twice (ORD-5).
#[derive(Clone, Debug)]
pub struct ReqwestBackend {
    client: reqwest::Client,
    origins: Origins,
    /// Asked only where something failed, to tell the proxy from the server. A client that was given keeps its own.
    proxies: Option<Arc<Proxies>>,
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
        options.validate()?;
        let keep_alive = options.tcp_keepalive.or(KEEP_ALIVE);
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // It would repeat each attempt that HTTP/2 says was not processed, unseen by policies and observers (ORD-5).
            .retry(reqwest::retry::never())
            .referer(false)
            .pool_idle_timeout(options.pool_idle_timeout.or(POOL_IDLE))
            .pool_max_idle_per_host(options.pool_max_idle_per_host.unwrap_or(usize::MAX))
            .tcp_keepalive(keep_alive)
            // Either of the next two switches keep-alive on too, with two hours of the system's.
            .tcp_keepalive_interval(keep_alive)
            .tcp_keepalive_retries(keep_alive.map(|_| KEEP_ALIVE_RETRIES))
            .local_address(options.local_address)
            .connector_layer(ConnectClock)
            // What proxies there are is said below, and by nobody else.
            .no_proxy();
        if options.http2 == Some(false) {
            builder = builder.http1_only();
        }
        #[cfg(feature = "http2")]
        if options.http2_prior_knowledge == Some(true) {
            builder = builder.http2_prior_knowledge();
        }
        #[cfg(feature = "rustls")]
        {
            builder = trusting(builder, options)?;
        }
        let proxies = Proxies::resolve(options, &environment)?;
        if let Some(proxies) = &proxies {
            builder = passing(proxies, builder).map_err(cannot_start)?;
        }
        // Over HTTP/2 a host stands in no header, and a proxy may have to add some before it.
        let names_host = options.http2_prior_knowledge != Some(true) && proxies.is_none();
        let client = builder.build().map_err(cannot_start)?;
        Ok(Self { client, origins: Origins::new(names_host), proxies: proxies.map(Arc::new) })
    }

    /// A backend over a client of your own.
    ///
    /// Give it no timeouts, and switch its redirects, retries and decompression off: pynector does all three. The
    /// `connect` clock does not reach into such a client; its own `connect_timeout` holds, and is told apart from other
    /// timeouts. Connecting counts as part of the first stall that `write` or `read` bounds. Its proxies are not named in errors, since it does not show them.
    pub fn from_client(client: reqwest::Client) -> Self {
        Self { client, origins: Origins::new(false), proxies: None }
    }

    /// The same request as reqwest wants it.
    fn translate(&self, request: http::Request<Body>) -> Result<reqwest::Request, BackendError> {
        let (http::request::Parts { method, uri, version, mut headers, .. }, body) = request.into_parts();
        let (url, host) =
            self.origins.url(&uri).map_err(|error| BackendError::with_source(Failure::Request, error))?;
        match host.filter(|_| version != Version::HTTP_2) {
            // Where hyper-util would put it, which formats it anew each time.
            Some(host) => drop(headers.entry(HOST).or_insert_with(|| host.clone())),
            None => forget_host(&mut headers, &uri),
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
        Ok(request)
    }

    /// The proxy that requests for `uri` go through, without its credentials.
    fn proxy_of(&self, uri: &Uri) -> Option<String> {
        self.proxies.as_ref()?.name(uri)
    }
}

/// Tells reqwest whom to trust.
#[cfg(feature = "rustls")]
fn trusting(
    mut builder: reqwest::ClientBuilder,
    options: &ConnectionOptions,
) -> Result<reqwest::ClientBuilder> {
    let roots = super::wire::tls::roots(options)?;
    let roots = roots.iter().map(|der| reqwest::Certificate::from_der(der).map_err(cannot_start));
    let roots = roots.collect::<Result<Vec<_>>>()?;
    if !roots.is_empty() {
        builder = builder.tls_certs_merge(roots);
    }
    if options.verify_ssl == Some(false) {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    Ok(builder)
}

/// Tells reqwest which proxies there are.
fn passing(
    proxies: &Proxies,
    mut builder: reqwest::ClientBuilder,
) -> reqwest::Result<reqwest::ClientBuilder> {
    let direct = reqwest::NoProxy::from_string(&proxies.routes.direct);
    if let Some(url) = &proxies.routes.http {
        builder = builder.proxy(reqwest::Proxy::http(url.clone())?.no_proxy(direct.clone()));
    }
    if let Some(url) = &proxies.routes.https {
        builder = builder.proxy(reqwest::Proxy::https(url.clone())?.no_proxy(direct));
    }
    Ok(builder)
}

fn cannot_start(error: reqwest::Error) -> Error {
    Error::new(ErrorKind::Config, "the HTTP backend cannot start").with_source(error.without_url())
}

impl Backend for ReqwestBackend {
    fn send(
        &self,
        request: http::Request<Body>,
        connect_by: Option<Instant>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        // A URI is a few reference counts; it is looked at only where something failed.
        let uri = request.uri().clone();
        let attempt = Attempt { connect_by, progress: request.body().watch().cloned() };
        // Nothing is sent before this is polled, and what is polled stays small.
        let exchange = self.translate(request).map(|request| self.client.execute(request));
        Box::pin(ATTEMPT.scope(attempt, async move {
            let response = match exchange?.await {
                Ok(response) => response,
                Err(error) => return Err(classify(error, &uri, self.proxy_of(&uri))),
            };
            let refusal = self.proxies.as_ref().and_then(|proxies| proxies.refusal(response.status(), &uri));
            if let Some(refusal) = refusal {
                return Err(refusal);
            }
            Ok(http::Response::from(response)
                .map(|body| ResponseBody::new(body.map_err(|error| body_failure(error.without_url())))))
        }))
    }
}

#[cfg(feature = "http2")]
#[cfg(test)]
mod tests;
