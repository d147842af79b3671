//! How a connection is made: straight or through a proxy, with TLS or without.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{HeaderValue, Uri};
use hyper::rt;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiFuture, GaiResolver, Name};
#[cfg(feature = "rustls")]
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Intercept;
use tower_service::Service;

use super::is_https;
use crate::backend::wire::proxy::{Proxies, environment};
use crate::backend::wire::{KEEP_ALIVE, KEEP_ALIVE_RETRIES};
use crate::connection::ConnectionOptions;
use crate::error::{BoxError, Result};

/// What a connection speaks over.
pub(super) trait Stream: rt::Read + rt::Write + Send + Unpin + 'static {}

impl<T: rt::Read + rt::Write + Send + Unpin + 'static> Stream for T {}

/// A stream to the server, or to a proxy that passes requests on.
pub(super) struct Link {
    pub(super) stream: Box<dyn Stream>,
    /// Whether HTTP/2 was agreed on.
    pub(super) http2: bool,
    /// Whether a proxy reads the requests.
    pub(super) proxied: bool,
}

/// Makes connections.
pub(super) struct Connector {
    tcp: HttpConnector<Resolver>,
    #[cfg(feature = "rustls")]
    tls: super::tls::Tls,
    pub(super) proxies: Option<Proxies>,
    prior_knowledge: bool,
}

impl Connector {
    /// # Errors
    ///
    /// Kind `Config` for a certificate or a proxy that is none, or without TLS roots.
    pub(super) fn new(options: &ConnectionOptions) -> Result<Self> {
        let keep_alive = options.tcp_keepalive.or(KEEP_ALIVE);
        let mut tcp = HttpConnector::new_with_resolver(Resolver(GaiResolver::new()));
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(keep_alive);
        tcp.set_keepalive_interval(keep_alive);
        tcp.set_keepalive_retries(keep_alive.map(|_| KEEP_ALIVE_RETRIES));
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        tcp.set_tcp_user_timeout(Some(crate::backend::wire::GIVE_UP));
        tcp.set_local_address(options.local_address);
        Ok(Self {
            tcp,
            #[cfg(feature = "rustls")]
            tls: super::tls::Tls::new(options)?,
            proxies: Proxies::resolve(options, &environment)?,
            prior_knowledge: options.http2_prior_knowledge == Some(true),
        })
    }

    /// The proxy that requests for `uri` go through, without its credentials.
    pub(super) fn proxy_of(&self, uri: &Uri) -> Option<String> {
        self.proxies.as_ref()?.name(uri)
    }

    fn intercept(&self, uri: &Uri) -> Option<Intercept> {
        self.proxies.as_ref()?.matcher.intercept(uri)
    }

    /// What a proxy is told that reads the requests for `uri`.
    pub(super) fn credentials(&self, uri: &Uri) -> Option<HeaderValue> {
        let mut credentials = self.intercept(uri)?.basic_auth().cloned()?;
        credentials.set_sensitive(true);
        Some(credentials)
    }

    /// Connects for requests to `uri`.
    pub(super) async fn connect(&self, uri: &Uri) -> Result<Link, BoxError> {
        let mut link = match self.intercept(uri) {
            None => self.direct(uri).await?,
            Some(proxy) if is_https(uri) => self.through(&proxy, uri).await?,
            Some(proxy) => Link { proxied: true, ..self.plain(proxy.uri()).await? },
        };
        link.http2 |= self.prior_knowledge;
        Ok(link)
    }

    #[cfg(feature = "rustls")]
    async fn direct(&self, uri: &Uri) -> Result<Link, BoxError> {
        self.tls.connect(self.tcp.clone(), uri).await
    }

    /// As [`direct`](Self::direct), but in HTTP/1.1 always.
    #[cfg(feature = "rustls")]
    async fn plain(&self, uri: &Uri) -> Result<Link, BoxError> {
        self.tls.connect_http1(self.tcp.clone(), uri).await
    }

    #[cfg(feature = "rustls")]
    async fn through(&self, proxy: &Intercept, uri: &Uri) -> Result<Link, BoxError> {
        self.tls.connect(tunnel(proxy, self.tls.to_proxy(self.tcp.clone())), uri).await
    }

    #[cfg(not(feature = "rustls"))]
    async fn direct(&self, uri: &Uri) -> Result<Link, BoxError> {
        if is_https(uri) {
            return Err("`https://` needs the feature `rustls`".into());
        }
        let stream = call(self.tcp.clone(), uri).await?;
        Ok(Link { stream: Box::new(stream), http2: false, proxied: false })
    }

    #[cfg(not(feature = "rustls"))]
    async fn plain(&self, uri: &Uri) -> Result<Link, BoxError> {
        self.direct(uri).await
    }

    #[cfg(not(feature = "rustls"))]
    async fn through(&self, _: &Intercept, uri: &Uri) -> Result<Link, BoxError> {
        self.direct(uri).await
    }
}

/// A tunnel through `proxy`, over what connects to it (RFC 9110 §9.3.6).
#[cfg(feature = "rustls")]
fn tunnel<C>(proxy: &Intercept, connector: C) -> Tunnel<C> {
    let tunnel = Tunnel::new(proxy.uri().clone(), connector);
    match proxy.basic_auth() {
        Some(credentials) => tunnel.with_auth(credentials.clone()),
        None => tunnel,
    }
}

/// Asks a connector, which is one for this connection alone.
pub(super) async fn call<C>(mut connector: C, uri: &Uri) -> Result<C::Response, BoxError>
where
    C: Service<Uri>,
    C::Error: Into<BoxError>,
{
    std::future::poll_fn(|cx| connector.poll_ready(cx)).await.map_err(Into::into)?;
    connector.call(uri.clone()).await.map_err(Into::into)
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector")
            .field("proxies", &self.proxies)
            .field("prior_knowledge", &self.prior_knowledge)
            .finish_non_exhaustive()
    }
}

/// The system's resolver, whose failures are told from others.
#[derive(Clone, Debug)]
pub(super) struct Resolver(GaiResolver);

impl Service<Name> for Resolver {
    type Response = GaiAddrs;
    type Error = Unresolved;
    type Future = Resolving;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<std::result::Result<(), Unresolved>> {
        self.0.poll_ready(cx).map_err(Unresolved)
    }

    fn call(&mut self, name: Name) -> Resolving {
        Resolving(self.0.call(name))
    }
}

/// A name while it is looked up.
pub(super) struct Resolving(GaiFuture);

impl Future for Resolving {
    type Output = std::result::Result<GaiAddrs, Unresolved>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map_err(Unresolved)
    }
}

/// A name that did not resolve.
#[derive(Debug)]
pub(super) struct Unresolved(io::Error);

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Unresolved {}

/// Whether that is what went wrong.
pub(super) fn is_dns(error: &(dyn StdError + 'static)) -> bool {
    std::iter::successors(Some(error), |error| (**error).source()).any(<dyn StdError>::is::<Unresolved>)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use http::Uri;
    use socket2::SockRef;
    use tokio::net::TcpListener;

    use super::{Connector, call};
    use crate::backend::wire::GIVE_UP;
    use crate::connection::ConnectionOptions;

    #[tokio::test]
    async fn a_connection_whose_bytes_nobody_confirms_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri: Uri = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let connector = Connector::new(&ConnectionOptions::new()).unwrap();
        let stream = call(connector.tcp.clone(), &uri).await.unwrap();
        assert_eq!(SockRef::from(stream.inner()).tcp_user_timeout().unwrap(), Some(GIVE_UP));
    }
}
