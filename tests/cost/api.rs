//! The calls that are measured: declared, and the same by hand over a backend.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;

use http_body_util::BodyExt as _;
use pynector::Body;
use pynector::backend::{AttemptInfo, Backend};
use serde::{Deserialize, Serialize};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoding it is what is measured")]
pub(crate) struct Owner {
    login: String,
    id: u64,
    url: String,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoding it is what is measured")]
pub(crate) struct Repository {
    id: u64,
    name: String,
    description: Option<String>,
    stars: u32,
    open: bool,
    topics: Vec<String>,
    owner: Owner,
    size: f64,
}

/// 1 KiB as JSON, about.
#[derive(Debug, Serialize)]
pub(crate) struct Draft {
    title: &'static str,
    text: String,
    labels: [&'static str; 3],
    lines: Vec<u32>,
}

impl Draft {
    pub(crate) fn new() -> Self {
        let lines = (1000..1060).collect();
        Self { title: "a draft", text: "what it says. ".repeat(44), labels: ["bug", "urgent", "api"], lines }
    }
}

#[pynector::api(
    headers("accept" = "application/json", "x-client" = "cost", "x-version" = "2026-01-01", "user-agent" = "cost/1"),
    decompress = off,
)]
pub(crate) trait Api {
    #[get("/repos/{owner}/{repo}/issues")]
    async fn repository(
        &self,
        owner: &str,
        repo: &str,
        #[query] page: u32,
        #[query] per_page: u32,
    ) -> pynector::Result<Repository>;

    #[post("/repos/{owner}/{repo}/issues")]
    async fn draft(&self, owner: &str, repo: &str, #[json] draft: &Draft) -> pynector::Result<Repository>;

    /// Fails twice before it is answered.
    #[get("/flaky/{owner}/{repo}/issues")]
    async fn flaky(
        &self,
        owner: &str,
        repo: &str,
        #[query] page: u32,
        #[query] per_page: u32,
    ) -> pynector::Result<Repository>;
}

pub(crate) async fn get(api: &ApiClient) -> Outcome {
    black_box(api.repository("octocat", "hello-world", 2, 50).await?);
    Ok(())
}

pub(crate) async fn post((api, draft): &(ApiClient, Arc<Draft>)) -> Outcome {
    black_box(api.draft("octocat", "hello-world", draft).await?);
    Ok(())
}

pub(crate) async fn flaky(api: &ApiClient) -> Outcome {
    black_box(api.flaky("octocat", "hello-world", 2, 50).await?);
    Ok(())
}

pub(crate) async fn build_get(api: &ApiClient) -> Outcome {
    black_box(api.to_request(async |api| api.repository("octocat", "hello-world", 2, 50).await)?);
    Ok(())
}

pub(crate) async fn build_post((api, draft): &(ApiClient, Arc<Draft>)) -> Outcome {
    black_box(api.to_request(async |api| api.draft("octocat", "hello-world", draft).await)?);
    Ok(())
}

/// A backend without a framework above it.
#[derive(Clone, Debug)]
pub(crate) struct Bare {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) base: String,
}

/// What [`get`] does, as one would write it over the bare backend.
pub(crate) async fn by_hand(bare: &Bare) -> Outcome {
    let uri =
        format!("{}/repos/{}/{}/issues?page={}&per_page={}", bare.base, "octocat", "hello-world", 2, 50);
    let request = http::Request::get(uri)
        .header("accept", "application/json")
        .header("x-client", "cost")
        .header("x-version", "2026-01-01")
        .header("user-agent", "cost/1")
        .body(Body::empty())?;
    let response = bare.backend.send(request, AttemptInfo::new()).await?;
    if !response.status().is_success() {
        return Err(format!("{}", response.status()).into());
    }
    let body = response.into_body().collect().await?.to_bytes();
    black_box(serde_json::from_slice::<Repository>(&body)?);
    Ok(())
}
