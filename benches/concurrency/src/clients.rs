//! The same call, a path, two query values, four headers and a decoded answer, by each client with its own default settings.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use pynector::backend::HyperBackend;
use serde::Deserialize;

use crate::load::{Client, Load, Taken};

#[derive(Deserialize)]
struct Owner {
    login: String,
    id: u64,
    url: String,
}

#[derive(Deserialize)]
struct Repository {
    id: u64,
    name: String,
    description: Option<String>,
    stars: u32,
    open: bool,
    topics: Vec<String>,
    owner: Owner,
    size: f64,
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

type Run = fn(String, Load) -> Pin<Box<dyn Future<Output = Result<Taken, String>>>>;

/// The name of each, that of the case it stands beside, and how it runs. The names are those of the result file.
pub(crate) const CASES: [(&str, Option<&str>, Run); 4] = [
    ("hyper-util", None, |base, load| Box::pin(by_hyper_util(base, load))),
    ("pynector over hyper", Some("hyper-util"), |base, load| Box::pin(by_lean(base, load))),
    ("reqwest", None, |base, load| Box::pin(by_reqwest(base, load))),
    ("pynector over reqwest", Some("reqwest"), |base, load| Box::pin(by_default(base, load))),
];

async fn by_default(base: String, load: Load) -> Result<Taken, String> {
    load.of(ApiClient::at(base).map_err(text)?).await
}

async fn by_lean(base: String, load: Load) -> Result<Taken, String> {
    let backend = HyperBackend::new().map_err(text)?;
    load.of(ApiClient::builder().base_url(base).backend(backend).build().map_err(text)?).await
}

impl Client for ApiClient {
    async fn call(&self) -> Result<u64, String> {
        Ok(self.repository("octocat", "hello-world", 2, 50).await.map_err(text)?.weight())
    }
}

struct Reqwest {
    client: reqwest::Client,
    base: String,
}

async fn by_reqwest(base: String, load: Load) -> Result<Taken, String> {
    let client = reqwest::Client::builder().timeout(std::time::Duration::from_secs(10)).build();
    load.of(Reqwest { client: client.map_err(text)?, base }).await
}

impl Client for Reqwest {
    async fn call(&self) -> Result<u64, String> {
        let response = self
            .client
            .get(format!("{}/repos/{}/{}/issues", self.base, "octocat", "hello-world"))
            .query(&[("page", 2), ("per_page", 50)])
            .header("accept", "application/json")
            .header("x-client", "bench")
            .header("x-version", "2026-01-01")
            .header("user-agent", "bench/1")
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(text)?;
        Ok(response.json::<Repository>().await.map_err(text)?.weight())
    }
}

struct HyperUtil {
    client: hyper_util::client::legacy::Client<HttpConnector, Empty<Bytes>>,
    base: String,
}

async fn by_hyper_util(base: String, load: Load) -> Result<Taken, String> {
    let client = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build_http();
    load.of(HyperUtil { client, base }).await
}

impl Client for HyperUtil {
    async fn call(&self) -> Result<u64, String> {
        let uri =
            format!("{}/repos/{}/{}/issues?page={}&per_page={}", self.base, "octocat", "hello-world", 2, 50);
        let request = http::Request::get(uri)
            .header("accept", "application/json")
            .header("x-client", "bench")
            .header("x-version", "2026-01-01")
            .header("user-agent", "bench/1")
            .body(Empty::new())
            .map_err(text)?;
        let response = self.client.request(request).await.map_err(text)?;
        let body = response.into_body().collect().await.map_err(text)?.to_bytes();
        Ok(serde_json::from_slice::<Repository>(&body).map_err(text)?.weight())
    }
}

fn text(error: impl Display) -> String {
    format!("{error:#}")
}
