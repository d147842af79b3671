//! The part of the API that is walked, and where its next pages are.

use pynector::{Pages, Result};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Issue {
    pub(crate) number: u64,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) comments: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    pub(crate) id: u64,
    pub(crate) action: String,
}

#[pynector::api(
    headers("accept" = "application/vnd.github+json"),
    timeout = "10s",
    retry(max_retries = 3, initial_backoff = "20ms")
)]
pub(crate) trait GitHub {
    /// The issues of a repository; each page names the next one in its `Link` header.
    #[get("/repos/{owner}/{repo}/issues")]
    #[paginate(link)]
    async fn issues(&self, owner: &str, repo: &str, #[query] per_page: u32) -> Result<Pages<Issue>>;

    /// What happened, the oldest first; each page says behind which entry the next one begins.
    #[get("/audit", headers("accept" = "application/json"))]
    #[paginate(cursor = "last_id" -> "after", items = "data", more = "has_more")]
    async fn audit(&self, #[query] limit: u32) -> Result<Pages<Entry>>;
}
