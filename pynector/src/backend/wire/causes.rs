//! What a failure of the wire means by its chain of causes: how far the request came (RESILIENCE §2.1), and at whom it broke.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use http::Uri;
use http::uri::Scheme;

use crate::backend::{BackendError, Explained};
use crate::error::BoxError;
use crate::policy::classify::Failure;

/// The `connect` clock ran out.
#[derive(Debug)]
pub(in crate::backend) struct ConnectTimedOut;

impl fmt::Display for ConnectTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connecting took too long")
    }
}

impl StdError for ConnectTimedOut {}

/// What only the backend can say of a connection that was not made.
#[derive(Clone, Copy, Debug)]
pub(in crate::backend) struct Facts {
    /// The name did not resolve.
    pub(in crate::backend) dns: bool,
    /// Some clock ran out.
    pub(in crate::backend) timeout: bool,
}

/// No connection was made for a request to `uri`, so nothing was sent; `proxy` is whom it had to pass.
pub(in crate::backend) fn unconnected(
    error: BoxError,
    facts: Facts,
    uri: &Uri,
    proxy: Option<String>,
) -> BackendError {
    let failure = failure(&*error, facts, proxy.is_some());
    let words = refusal_words(&*error);
    // A tunnel that stands leads to the server, so what TLS says inside of it is about the server.
    let beyond = failure == Failure::Tls && uri.scheme() != Some(&Scheme::HTTP) && tunnel(&*error).is_none();
    let proxy = proxy.filter(|_| !beyond);
    if proxy.is_none() && words.is_none() {
        return BackendError::with_source(failure, error);
    }
    BackendError::with_source(failure, Explained { proxy, words, source: Some(error) })
}

/// A connect timeout is a timeout too, which is why connecting is asked first.
fn failure(error: &(dyn StdError + 'static), facts: Facts, proxied: bool) -> Failure {
    if facts.dns {
        return Failure::Dns;
    }
    for cause in chain(error) {
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
    match tunnel(error).filter(|_| proxied) {
        Some(refusal) if refusal.source().is_none() => tunnel_failure(refusal),
        _ if facts.timeout => Failure::ConnectTimeout,
        _ => Failure::Connect,
    }
}

/// The tunnel that did not come to be. hyper-util keeps the type of this error to itself, so its text must do.
fn tunnel<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    chain(error).find(|cause| cause.to_string().starts_with("tunnel error: "))
}

/// The proxy was there and answered: whether it wants other credentials is all that it is asked.
fn tunnel_failure(refusal: &(dyn StdError + 'static)) -> Failure {
    if refusal.to_string().contains("authorization required") { Failure::ProxyAuth } else { Failure::Proxy }
}

/// Whether rustls refused the peer. A handshake whose connection breaks is not that: it may succeed the next time.
#[cfg(feature = "rustls")]
fn is_tls(error: &io::Error) -> bool {
    super::tls::refusal(error).is_some()
}

#[cfg(not(feature = "rustls"))]
fn is_tls(_: &io::Error) -> bool {
    false
}

/// What is wrong with the certificate, if that is what is wrong.
#[cfg(feature = "rustls")]
fn refusal_words(error: &(dyn StdError + 'static)) -> Option<String> {
    let refusal = chain(error).find_map(|cause| super::tls::refusal(cause.downcast_ref()?))?;
    super::tls::words(refusal)
}

#[cfg(not(feature = "rustls"))]
fn refusal_words(_: &(dyn StdError + 'static)) -> Option<String> {
    None
}

/// A connection was there; what broke on it?
pub(in crate::backend) fn exchange(error: &(dyn StdError + 'static), timeout: bool) -> Failure {
    for cause in chain(error) {
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
    if timeout { Failure::AttemptTimeout } else { Failure::Interrupted }
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

/// The error and the whole chain of its causes, however many wrappers there are.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| (**error).source())
}
