//! The two clients of reqwest behind one backend: one by the `connect` clock of the transport, one by that of each attempt.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::clock::ConnectClock;
use crate::backend::wire::proxy::{Proxies, Routes};
#[cfg(feature = "rustls")]
use crate::backend::wire::tls;
use crate::backend::wire::{KEEP_ALIVE, KEEP_ALIVE_RETRIES, POOL_IDLE};
use crate::backend::{AttemptInfo, BackendError};
use crate::clock;
use crate::connection::ConnectionOptions;
use crate::error::{Error, ErrorKind, Result};
use crate::policy::classify::Failure;

/// The first client gives up by this part of the clock before it, since the attempt may be as long: what broke is connecting, and
/// nothing was sent.
const EARLY: u32 = 100;

/// A layer around the connector, which alone can read the clock of an attempt, costs each call a dozen allocations, whether it
/// connects or not. So attempts with the clock of their transport go by a client without one.
#[derive(Clone)]
pub(super) struct Clients {
    plain: reqwest::Client,
    /// How long the plain one may connect.
    connect: Option<Duration>,
    /// None where the client was given, whose clock is its own.
    clocked: Option<Arc<Clocked>>,
}

/// The client whose connector reads the clock of its attempt, once one was asked for.
struct Clocked {
    made_of: Parts,
    client: OnceLock<reqwest::Client>,
}

/// What both clients are made of.
struct Parts {
    options: ConnectionOptions,
    proxies: Option<Arc<Proxies>>,
    /// None where every certificate is taken.
    #[cfg(feature = "rustls")]
    tls: Option<rustls::ClientConfig>,
}

impl Clients {
    pub(super) fn new(
        options: &ConnectionOptions,
        proxies: Option<Arc<Proxies>>,
        connect: Option<Duration>,
    ) -> Result<Self> {
        let made_of = Parts {
            options: options.clone(),
            proxies,
            #[cfg(feature = "rustls")]
            tls: vouching(options)?,
        };
        let mut plain = made_of.builder()?;
        if let Some(limit) = connect {
            plain = plain.connect_timeout(limit.saturating_sub(limit / EARLY));
        }
        let plain = plain.build().map_err(cannot_start)?;
        let clocked = Clocked { made_of, client: OnceLock::new() };
        Ok(Self { plain, connect, clocked: Some(Arc::new(clocked)) })
    }

    /// The client that somebody made.
    pub(super) fn given(client: reqwest::Client) -> Self {
        Self { plain: client, connect: None, clocked: None }
    }

    /// Whether the plain client bounds connecting as `attempt` says: the instant is that of its own clock, and not of the deadline or
    /// of what stands between it and the wire.
    pub(super) fn keep_the_clock(&self, attempt: &AttemptInfo) -> bool {
        if self.clocked.is_none() {
            return true;
        }
        match (self.connect, attempt.connect_by) {
            (None, None) => true,
            (Some(limit), Some(by)) => {
                let own = attempt.started.and_then(|started| clock::after(started, limit));
                attempt.connect == Some(limit) && own == Some(by)
            }
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    /// How long connecting by the plain client may take, where that is bounded.
    pub(super) const fn connect(&self) -> Option<Duration> {
        self.connect
    }

    pub(super) fn plain(&self) -> &reqwest::Client {
        &self.plain
    }

    /// The client for any other attempt.
    pub(super) fn clocked(&self) -> Result<&reqwest::Client, BackendError> {
        let Some(Clocked { made_of, client }) = self.clocked.as_deref() else {
            return Ok(&self.plain);
        };
        if let Some(client) = client.get() {
            return Ok(client);
        }
        let made = made_of
            .builder()
            .and_then(|builder| builder.connector_layer(ConnectClock).build().map_err(cannot_start))
            .map_err(|error| BackendError::with_source(Failure::Request, error))?;
        // Another may have been faster; its connections are the ones to share.
        Ok(client.get_or_init(|| made))
    }
}

impl Parts {
    /// What both clients have in common.
    fn builder(&self) -> Result<reqwest::ClientBuilder> {
        let options = &self.options;
        let proxies = self.proxies.as_deref().map_or(Ok(Vec::new()), told).map_err(cannot_start)?;
        let keep_alive = options.tcp_keepalive.or(KEEP_ALIVE);
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // It would repeat each attempt that HTTP/2 says was not processed, unseen by policies and observers (ORD-5).
            // Of a request that may be repeated no more often than never it keeps no copy, which `never` alone does not say.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .referer(false)
            .pool_idle_timeout(options.pool_idle_timeout.or(POOL_IDLE))
            .pool_max_idle_per_host(options.pool_max_idle_per_host.unwrap_or(usize::MAX))
            .tcp_keepalive(keep_alive)
            // Either of the next two switches keep-alive on too, with two hours of the system's.
            .tcp_keepalive_interval(keep_alive)
            .tcp_keepalive_retries(keep_alive.map(|_| KEEP_ALIVE_RETRIES))
            .local_address(options.local_address)
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
            builder = match &self.tls {
                Some(tls) => builder.tls_backend_preconfigured(tls.clone()),
                None => builder.tls_danger_accept_invalid_certs(true),
            };
        }
        Ok(proxies.into_iter().fold(builder, reqwest::ClientBuilder::proxy))
    }
}

/// Who vouches for servers, if somebody must.
#[cfg(feature = "rustls")]
fn vouching(options: &ConnectionOptions) -> Result<Option<rustls::ClientConfig>> {
    if options.verify_ssl == Some(false) {
        return tls::roots(options).map(|_| None);
    }
    tls::verified(options).map(Some)
}

/// What reqwest is told of the proxies there are.
fn told(proxies: &Proxies) -> reqwest::Result<Vec<reqwest::Proxy>> {
    let Routes { http, https, direct } = &proxies.routes;
    let http = http.clone().map(reqwest::Proxy::http);
    let https = https.clone().map(reqwest::Proxy::https);
    let direct = reqwest::NoProxy::from_string(direct);
    http.into_iter().chain(https).map(|proxy| Ok(proxy?.no_proxy(direct.clone()))).collect()
}

fn cannot_start(error: reqwest::Error) -> Error {
    Error::new(ErrorKind::Config, "the HTTP backend cannot start").with_source(error.without_url())
}
