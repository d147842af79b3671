//! The same call, a path, two query values, four headers and a decoded answer, by each client with its own default settings.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use common::api::{Api as _, ApiClient};
use common::load::{OWNER, PAGE, PER_PAGE, REPO};
use common::repository::Repository;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use pynector::backend::HyperBackend;
use pynector::{Breaker, ClientBuilder};

use crate::load::{Client, Load, Taken};

type Run = fn(String, Load) -> Pin<Box<dyn Future<Output = Result<Taken, String>>>>;

/// The name of each, that of the case it stands beside, and how it runs. The names are those of the result file.
pub(crate) const CASES: [(&str, Option<&str>, Run); 4] = [
    ("hyper-util", None, |base, load| Box::pin(by_hyper_util(base, load))),
    ("pynector over hyper", Some("hyper-util"), |base, load| Box::pin(by_lean(base, load))),
    ("reqwest", None, |base, load| Box::pin(by_reqwest(base, load))),
    ("pynector over reqwest", Some("reqwest"), |base, load| Box::pin(by_default(base, load))),
];

async fn by_default(base: String, load: Load) -> Result<Taken, String> {
    load.of(guarded(base).build().map_err(text)?).await
}

async fn by_lean(base: String, load: Load) -> Result<Taken, String> {
    let backend = HyperBackend::new().map_err(text)?;
    load.of(guarded(base).backend(backend).build().map_err(text)?).await
}

fn guarded(base: String) -> ClientBuilder<ApiClient> {
    ApiClient::builder().base_url(base).breaker(Breaker::on())
}

impl Client for ApiClient {
    async fn call(&self) -> Result<u64, String> {
        Ok(self.repository(OWNER, REPO, PAGE, PER_PAGE).await.map_err(text)?.weight())
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
            .get(format!("{}/repos/{OWNER}/{REPO}/issues", self.base))
            .query(&[("page", PAGE), ("per_page", PER_PAGE)])
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
        let uri = format!("{}/repos/{OWNER}/{REPO}/issues?page={PAGE}&per_page={PER_PAGE}", self.base);
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
