//! How connections are made, as a plain value: TLS, HTTP version, proxies, sockets, the pool.

mod certificate;
mod methods;

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use url::Url;

pub use self::certificate::Certificate;
#[cfg(all(any(feature = "hyper", feature = "reqwest"), feature = "rustls"))]
pub(crate) use self::certificate::Encoding;
pub(crate) use self::methods::connection_methods;
use crate::error::{Error, Result};
use crate::policy::deadline::Limit;

/// How connections are made.
///
/// [`ClientBuilder`](crate::ClientBuilder) has the same methods. Take the value where you make a
#[cfg_attr(
    feature = "reqwest",
    doc = "[`ReqwestBackend`](crate::backend::ReqwestBackend::with_options) of your own, to wrap it,"
)]
/// or where several clients share what they say here. Nothing is checked before a client is built.
///
/// ```no_run
/// # use std::time::Duration;
/// use pynector::{Certificate, ConnectionOptions, HttpTransport};
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let inside = ConnectionOptions::new()
///     .add_root_certificate(Certificate::from_pem(std::fs::read("company-ca.pem")?))
///     .proxy("http://user:password@proxy.example.com:3128")
///     .pool_idle_timeout(Duration::from_secs(20));
/// let transport = HttpTransport::builder("https://api.example.com").connection(inside).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ConnectionOptions {
    pub(crate) verify_ssl: Option<bool>,
    pub(crate) root_certificates: Vec<Certificate>,
    pub(crate) http2: Option<bool>,
    pub(crate) http2_prior_knowledge: Option<bool>,
    pub(crate) proxy: Proxy,
    pub(crate) proxy_from_env: Option<bool>,
    pub(crate) tcp_keepalive: Limit,
    pub(crate) pool_max_idle_per_host: Option<usize>,
    pub(crate) pool_idle_timeout: Limit,
    pub(crate) local_address: Option<IpAddr>,
}

/// The proxy that a program names.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) enum Proxy {
    /// None: the environment may name one.
    #[default]
    Unsaid,
    /// None, whatever the environment says.
    Off,
    /// This one, which may hold a password.
    Url(String),
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsaid => f.write_str("Unsaid"),
            Self::Off => f.write_str("Off"),
            Self::Url(url) => f.write_str(&proxy_name(url)),
        }
    }
}

/// A proxy without its credentials, for errors and logs.
pub(crate) fn proxy_name(url: &str) -> String {
    match Url::parse(url) {
        Ok(url) if url.has_host() => {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
        }
        _ => "(hidden, since it may hold credentials)".to_owned(),
    }
}

/// The shortest time that TCP keep-alive counts in.
const SECOND: Duration = Duration::from_secs(1);

impl ConnectionOptions {
    /// Nothing set: the defaults of each method.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is said here, and the rest of `weaker`; the root certificates of both.
    pub(crate) fn over(mut self, weaker: Self) -> Self {
        let mut root_certificates = weaker.root_certificates;
        root_certificates.append(&mut self.root_certificates);
        Self {
            verify_ssl: self.verify_ssl.or(weaker.verify_ssl),
            root_certificates,
            http2: self.http2.or(weaker.http2),
            http2_prior_knowledge: self.http2_prior_knowledge.or(weaker.http2_prior_knowledge),
            proxy: if self.proxy == Proxy::Unsaid { weaker.proxy } else { self.proxy },
            proxy_from_env: self.proxy_from_env.or(weaker.proxy_from_env),
            tcp_keepalive: self.tcp_keepalive.over(weaker.tcp_keepalive),
            pool_max_idle_per_host: self.pool_max_idle_per_host.or(weaker.pool_max_idle_per_host),
            pool_idle_timeout: self.pool_idle_timeout.over(weaker.pool_idle_timeout),
            local_address: self.local_address.or(weaker.local_address),
        }
    }

    /// Whether nothing was said.
    pub(crate) fn is_unsaid(&self) -> bool {
        *self == Self::default()
    }

    /// Checks what can be checked without making anything (CFG-1).
    ///
    /// # Errors
    ///
    /// Kind `Config` if two settings contradict each other, a time is too short, or a feature is off that a setting
    /// needs.
    pub(crate) fn validate(&self) -> Result<()> {
        let prior = self.http2_prior_knowledge == Some(true);
        if prior && self.http2 == Some(false) {
            return Err(Error::config("http2_prior_knowledge", "true", "be false where `http2` is false"));
        }
        if cfg!(not(feature = "http2")) && (prior || self.http2 == Some(true)) {
            let field = if prior { "http2_prior_knowledge" } else { "http2" };
            return Err(Error::config(field, "true", "be false, since the feature `http2` is off"));
        }
        if cfg!(not(feature = "rustls")) && self.verify_ssl == Some(false) {
            return Err(Error::config("verify_ssl", "false", "be true, since the feature `rustls` is off"));
        }
        if cfg!(not(feature = "rustls")) && !self.root_certificates.is_empty() {
            let rule = "not be given, since the feature `rustls` is off";
            return Err(Error::config("root_certificates", self.root_certificates.len(), rule));
        }
        if let Limit::After(time) = self.tcp_keepalive
            && time < SECOND
        {
            return Err(Error::config("tcp_keepalive", format!("{time:?}"), "be at least 1s, or none"));
        }
        if self.pool_idle_timeout == Limit::After(Duration::ZERO) {
            let rule = "be longer than zero; `pool_max_idle_per_host` of 0 keeps no connection";
            return Err(Error::config("pool_idle_timeout", "0s", rule));
        }
        Ok(())
    }
}

/// Shows what is set, a proxy without its credentials.
impl fmt::Debug for ConnectionOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionOptions")
            .field("verify_ssl", &self.verify_ssl)
            .field("root_certificates", &self.root_certificates)
            .field("http2", &self.http2)
            .field("http2_prior_knowledge", &self.http2_prior_knowledge)
            .field("proxy", &self.proxy)
            .field("proxy_from_env", &self.proxy_from_env)
            .field("tcp_keepalive", &self.tcp_keepalive)
            .field("pool_max_idle_per_host", &self.pool_max_idle_per_host)
            .field("pool_idle_timeout", &self.pool_idle_timeout)
            .field("local_address", &self.local_address)
            .finish()
    }
}

impl From<Option<Duration>> for Limit {
    fn from(limit: Option<Duration>) -> Self {
        limit.map_or(Self::Off, Self::After)
    }
}

impl ConnectionOptions {
    connection_methods!();
}

#[cfg(test)]
mod tests;
