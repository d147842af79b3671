//! What an error of reqwest means: how far the request came (RESILIENCE §2.1), and at whom it broke.

use http::Uri;

use crate::backend::BackendError;
use crate::backend::wire::causes::{self, Facts};
use crate::policy::classify::Failure;

/// How far a failed request came; the order of the questions matters. `proxy` is whom it had to pass.
pub(super) fn classify(error: reqwest::Error, uri: &Uri, proxy: Option<String>) -> BackendError {
    let error = error.without_url();
    if error.is_builder() || error.is_redirect() {
        return BackendError::with_source(Failure::Request, error);
    }
    if !error.is_connect() {
        return BackendError::with_source(causes::exchange(&error, error.is_timeout()), error);
    }
    let facts = Facts { dns: error.is_dns(), timeout: error.is_timeout() };
    causes::unconnected(error.into(), facts, uri, proxy)
}

/// The head was there and the body broke.
pub(super) fn body_failure(error: reqwest::Error) -> BackendError {
    BackendError::with_source(Failure::BodyInterrupted, error.without_url())
}
