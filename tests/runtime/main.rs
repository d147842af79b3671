//! Generated clients over the scripted backend on paused time, and over real sockets on the real clock.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that fails should panic, and may look at the clock"
)]

mod answers;
mod api_error;
mod attributes;
mod blocking;
mod bodies;
mod both;
mod breaker;
mod budget;
mod built_requests;
mod cache;
mod cache_stores;
mod carried;
mod classify;
mod clocks;
mod compressed;
mod conditional;
mod connections;
mod continued;
mod counters;
mod credentials;
mod declared;
mod decoding;
mod decoding_faults;
mod discarded;
mod download_faults;
mod downloads;
mod dynamic;
mod endpoints;
mod errors;
mod event_faults;
mod event_reconnection;
mod event_streams;
mod events;
mod faults;
mod fields;
mod files;
mod futures;
mod hedging;
mod hints;
mod http2;
mod idempotency;
mod invalid;
mod ladder;
mod lease;
mod limits;
mod lines;
mod lines_faults;
mod matrix;
mod mock_transport;
mod mocks;
mod pages;
mod pages_faults;
mod parts;
mod patience;
mod places;
mod prefix;
mod progress;
mod proxies;
mod race;
mod redirects;
mod response_futures;
mod responses;
mod retry;
mod saved;
mod secrets;
mod services;
mod shared;
mod streams;
mod tls;
mod tokens;
mod told;
mod transport_service;
mod uploads;
mod uploads_faults;
mod waiting;
mod whole;
mod wire;

use std::time::Duration;

use pynector::backend::{ScriptBackend, Step};
use pynector::client::BaseUrl;
use pynector::{ClientBuilder, HttpTransport, Operation, Result};

pub(crate) const MS: Duration = Duration::from_millis(1);
pub(crate) const S: Duration = Duration::from_secs(1);

/// A few operations of every kind that policies tell apart.
#[pynector::api]
pub(crate) trait Things {
    #[get("/things/{id}")]
    async fn get(&self, id: u32) -> Result<u32>;

    #[post("/things")]
    async fn add(&self, #[json] name: &str) -> Result<u32>;

    #[post("/things", idempotent)]
    async fn put_up(&self, #[json] name: &str) -> Result<u32>;

    #[delete("/things/{id}")]
    async fn remove(&self, id: u32) -> Result<()>;
}

/// A client over a script.
pub(crate) fn things(steps: impl IntoIterator<Item = Step>) -> (ThingsClient, ScriptBackend) {
    built(ThingsClient::builder().base_url("http://h"), steps)
}

pub(crate) fn built<C: pynector::Client>(
    builder: ClientBuilder<C, BaseUrl>,
    steps: impl IntoIterator<Item = Step>,
) -> (C, ScriptBackend) {
    let script = ScriptBackend::new(steps);
    (builder.backend(script.clone()).build().unwrap(), script)
}

/// A transport over a script, for operations that no trait declares.
pub(crate) fn transport(steps: impl IntoIterator<Item = Step>) -> (HttpTransport, ScriptBackend) {
    built(HttpTransport::builder("http://h"), steps)
}

pub(crate) const GET: Operation = Operation::get("Test::get", "/x");
