//! Generated code passes the restriction lints too, but for those that contradict what it is for.
#![deny(clippy::restriction)]
#![allow(clippy::blanket_clippy_restriction_lints, reason = "that is what this file is about")]
#![allow(
    clippy::impl_trait_in_params,
    reason = "constructors take what can be a URL or stand in a path, and are not turbofished"
)]

use pynector::Result;

/// A client without a line that somebody wrote.
#[pynector::api(
    base_url = "http://localhost",
    prefix = "/{tenant}",
    timeout = "1s",
    retry(max_retries = 1, budget(ratio = 0.1, min_per_second = 0.5)),
    breaker,
    rate_limit(permits = 10, per = "1s", burst = 1),
    max_in_flight = 8
)]
pub trait Restricted {
    /// What it keeps.
    type Item: Send = String;

    /// Every place.
    #[post("/{key}", headers("accept" = "text/plain"), idempotency_key, hedge(after = "50ms"))]
    async fn all(
        &self,
        key: u64,
        #[query] page: Option<u32>,
        #[header("x-trace")] trace: &str,
        #[bearer] token: &str,
        #[json] body: &[u8],
    ) -> Result<Vec<Self::Item>>;

    /// Events.
    #[get("/events")]
    #[events(until = "end", reconnect, heartbeat = none)]
    async fn events(&self) -> Result<pynector::Events<String>>;

    /// Lines.
    #[get("/lines")]
    #[lines(skip_bad, max_line = "1KiB")]
    async fn lines(&self) -> Result<pynector::JsonLines<String>>;

    /// Pages.
    #[get("/pages")]
    #[paginate(page = "p", first = 0)]
    async fn pages(&self) -> Result<pynector::Pages<Self::Item>>
    where
        Self::Item: Send;
}
