//! The specification, section by section: `fn s3_1_…` is about its section 3.1.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that fails should panic, and may look at the clock"
)]

mod batch;
mod breaker;
mod conversation;
mod differences;
mod errors;
mod factory;
mod message;
mod options;
mod preparation;
mod protocol;
mod redirects;
mod session;
mod spec_mode;
mod streaming;
mod switches;
mod table;
mod timeouts;

use std::time::Duration;

use pynector::backend::{ScriptBackend, Step};
use pynector::client::BaseUrl;
use pynector::{ClientBuilder, HttpTransport, Operation};

pub(crate) const MS: Duration = Duration::from_millis(1);
pub(crate) const S: Duration = Duration::from_secs(1);
pub(crate) const GET: Operation = Operation::get("Test::get", "/x");

pub(crate) fn builder() -> ClientBuilder<HttpTransport, BaseUrl> {
    HttpTransport::builder("http://h")
}

/// A transport over a script; not connected yet.
pub(crate) fn built(
    builder: ClientBuilder<HttpTransport, BaseUrl>,
    steps: impl IntoIterator<Item = Step>,
) -> (HttpTransport, ScriptBackend) {
    let script = ScriptBackend::new(steps);
    (builder.backend(script.clone()).build().unwrap(), script)
}

/// A connected transport over a script.
pub(crate) async fn connected(steps: impl IntoIterator<Item = Step>) -> (HttpTransport, ScriptBackend) {
    let (transport, script) = built(builder(), steps);
    transport.connect().await.unwrap();
    (transport, script)
}
