//! What an error of reqwest means: how far the request came (RESILIENCE §2.1), and at whom it broke.

use std::error::Error as StdError;
use std::io;

use http::Uri;
use http::uri::Scheme;

use super::clock::ConnectTimedOut;
use crate::backend::{BackendError, Explained};
use crate::policy::classify::Failure;

/// How far a failed request came; the order of the questions matters. `proxy` is whom it had to pass.
pub(super) fn classify(error: reqwest::Error, uri: &Uri, proxy: Option<String>) -> BackendError {
    let error = error.without_url();
    if error.is_builder() || error.is_redirect() {
        return BackendError::with_source(Failure::Request, error);
    }
    if !error.is_connect() {
        return BackendError::with_source(exchange_failure(&error), error);
    }
    let failure = connect_failure(&error, proxy.is_some());
    let words = refusal_words(&error);
    // A tunnel that stands leads to the server, so what TLS says inside of it is about the server.
    let beyond = failure == Failure::Tls && uri.scheme() != Some(&Scheme::HTTP) && tunnel(&error).is_none();
    let proxy = proxy.filter(|_| !beyond);
    if proxy.is_none() && words.is_none() {
        return BackendError::with_source(failure, error);
    }
    BackendError::with_source(failure, Explained { proxy, words, source: Some(error.into()) })
}

/// No connection was made, so nothing was sent; a connect timeout is both, which is why connecting is asked first.
fn connect_failure(error: &reqwest::Error, proxied: bool) -> Failure {
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
    match tunnel(error).filter(|_| proxied) {
        Some(refusal) if refusal.source().is_none() => tunnel_failure(refusal),
        _ if error.is_timeout() => Failure::ConnectTimeout,
        _ => Failure::Connect,
    }
}

/// The tunnel that did not come to be. hyper-util keeps the type of this error to itself, so its text must do.
fn tunnel(error: &reqwest::Error) -> Option<&(dyn StdError + 'static)> {
    causes(error).find(|cause| cause.to_string().starts_with("tunnel error: "))
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
fn refusal_words(error: &reqwest::Error) -> Option<String> {
    let refusal = causes(error).find_map(|cause| super::tls::refusal(cause.downcast_ref()?))?;
    super::tls::words(refusal)
}

#[cfg(not(feature = "rustls"))]
fn refusal_words(_: &reqwest::Error) -> Option<String> {
    None
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
pub(super) fn body_failure(error: reqwest::Error) -> BackendError {
    BackendError::with_source(Failure::BodyInterrupted, error)
}

/// The whole chain of causes, however many wrappers there are.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(error.source(), |error| (**error).source())
}
