//! The same call, a path, two query values, four headers and a decoded answer, by each client.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use pynector::backend::HyperBackend;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Owner {
    pub(crate) login: String,
    pub(crate) id: u64,
    pub(crate) url: String,
}

#[derive(Deserialize)]
pub(crate) struct Repository {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) stars: u32,
    pub(crate) open: bool,
    pub(crate) topics: Vec<String>,
    pub(crate) owner: Owner,
    pub(crate) size: f64,
}

impl Repository {
    /// Something of everything, so that nothing is decoded in vain.
    fn weight(&self) -> u64 {
        let texts =
            self.name.len() + self.description.as_ref().map_or(0, String::len) + self.owner.login.len();
        let lists = self.topics.len() + self.owner.url.len() + usize::from(self.open);
        self.id + self.owner.id + u64::from(self.stars) + (texts + lists) as u64 + self.size as u64
    }
}

#[pynector::api(
    headers("accept" = "application/json", "x-client" = "bench", "x-version" = "2026-01-01", "user-agent" = "bench/1"),
    breaker,
    decompress = off,
)]
trait Api {
    #[get("/repos/{owner}/{repo}/issues")]
    async fn repository(
        &self,
        owner: &str,
        repo: &str,
        #[query] page: u32,
        #[query] per_page: u32,
    ) -> pynector::Result<Repository>;
}

type Run = fn(String, u64) -> Pin<Box<dyn Future<Output = Result<u64, String>>>>;

pub(crate) const CASES: [(&str, Run); 4] = [
    ("reqwest, as its users write it", |base, calls| Box::pin(by_reqwest(base, calls))),
    ("hyper-util's client, by hand", |base, calls| Box::pin(by_hyper_util(base, calls))),
    ("pynector over reqwest", |base, calls| Box::pin(by_default(base, calls))),
    ("pynector over hyper", |base, calls| Box::pin(by_lean(base, calls))),
];

async fn by_default(base: String, calls: u64) -> Result<u64, String> {
    declared(&ApiClient::at(base).map_err(text)?, calls).await
}

async fn by_lean(base: String, calls: u64) -> Result<u64, String> {
    let backend = HyperBackend::new().map_err(text)?;
    declared(&ApiClient::builder().base_url(base).backend(backend).build().map_err(text)?, calls).await
}

async fn declared(api: &ApiClient, calls: u64) -> Result<u64, String> {
    let mut weight = 0;
    for _ in 0..calls {
        weight += api.repository("octocat", "hello-world", 2, 50).await.map_err(text)?.weight();
    }
    Ok(weight)
}

async fn by_reqwest(base: String, calls: u64) -> Result<u64, String> {
    let client =
        reqwest::Client::builder().timeout(std::time::Duration::from_secs(10)).build().map_err(text)?;
    let mut weight = 0;
    for _ in 0..calls {
        let response = client
            .get(format!("{base}/repos/{}/{}/issues", "octocat", "hello-world"))
            .query(&[("page", 2), ("per_page", 50)])
            .header("accept", "application/json")
            .header("x-client", "bench")
            .header("x-version", "2026-01-01")
            .header("user-agent", "bench/1")
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(text)?;
        weight += response.json::<Repository>().await.map_err(text)?.weight();
    }
    Ok(weight)
}

async fn by_hyper_util(base: String, calls: u64) -> Result<u64, String> {
    let client: Client<HttpConnector, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let mut weight = 0;
    for _ in 0..calls {
        let uri = format!("{base}/repos/{}/{}/issues?page={}&per_page={}", "octocat", "hello-world", 2, 50);
        let request = hyper::Request::get(uri)
            .header("accept", "application/json")
            .header("x-client", "bench")
            .header("x-version", "2026-01-01")
            .header("user-agent", "bench/1")
            .body(Empty::new())
            .map_err(text)?;
        let response = client.request(request).await.map_err(text)?;
        let body = response.into_body().collect().await.map_err(text)?.to_bytes();
        weight += serde_json::from_slice::<Repository>(&body).map_err(text)?.weight();
    }
    Ok(weight)
}

fn text(error: impl Display) -> String {
    format!("{error:#}")
}
