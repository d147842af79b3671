//! The same call, a path, two query values, four headers and a decoded answer, by each client.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use pynector::backend::HyperBackend;
use serde::Deserialize;

use crate::meter::{Meter, Taken};

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

type Run = fn(String, Meter) -> Pin<Box<dyn Future<Output = Result<Taken, String>>>>;

/// The names are those of the result file.
pub(crate) const CASES: [(&str, Run); 5] = [
    ("reqwest", |base, meter| Box::pin(by_reqwest(base, meter))),
    ("hyper-util", |base, meter| Box::pin(by_hyper_util(base, meter))),
    ("pynector over reqwest", |base, meter| Box::pin(by_default(base, meter))),
    ("pynector over hyper", |base, meter| Box::pin(by_lean(base, meter))),
    ("hyper connection", |base, meter| Box::pin(by_connection(base, meter))),
];

async fn by_default(base: String, meter: Meter) -> Result<Taken, String> {
    declared(&ApiClient::at(base).map_err(text)?, meter).await
}

async fn by_lean(base: String, meter: Meter) -> Result<Taken, String> {
    let backend = HyperBackend::new().map_err(text)?;
    declared(&ApiClient::builder().base_url(base).backend(backend).build().map_err(text)?, meter).await
}

async fn declared(api: &ApiClient, meter: Meter) -> Result<Taken, String> {
    let call = async || Ok(api.repository("octocat", "hello-world", 2, 50).await.map_err(text)?.weight());
    meter.over(call).await
}

async fn by_reqwest(base: String, meter: Meter) -> Result<Taken, String> {
    let client =
        reqwest::Client::builder().timeout(std::time::Duration::from_secs(10)).build().map_err(text)?;
    let call = async || {
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
        Ok(response.json::<Repository>().await.map_err(text)?.weight())
    };
    meter.over(call).await
}

async fn by_hyper_util(base: String, meter: Meter) -> Result<Taken, String> {
    let client: Client<HttpConnector, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let call = async || {
        let response = client.request(request(&base)?).await.map_err(text)?;
        decoded(response).await
    };
    meter.over(call).await
}

/// One connection, without a pool.
async fn by_connection(base: String, meter: Meter) -> Result<Taken, String> {
    let authority = base.trim_start_matches("http://");
    let stream = tokio::net::TcpStream::connect(authority).await.map_err(text)?;
    stream.set_nodelay(true).map_err(text)?;
    let (sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(text)?;
    tokio::spawn(connection);
    let sender = tokio::sync::Mutex::new(sender);
    let call = async || {
        let mut request = request("")?;
        let host = hyper::header::HeaderValue::from_str(authority).map_err(text)?;
        request.headers_mut().insert("host", host);
        let mut sender = sender.lock().await;
        sender.ready().await.map_err(text)?;
        decoded(sender.send_request(request).await.map_err(text)?).await
    };
    meter.over(call).await
}

fn request(base: &str) -> Result<hyper::Request<Empty<Bytes>>, String> {
    let uri = format!("{base}/repos/{}/{}/issues?page={}&per_page={}", "octocat", "hello-world", 2, 50);
    hyper::Request::get(uri)
        .header("accept", "application/json")
        .header("x-client", "bench")
        .header("x-version", "2026-01-01")
        .header("user-agent", "bench/1")
        .body(Empty::new())
        .map_err(text)
}

async fn decoded(response: hyper::Response<hyper::body::Incoming>) -> Result<u64, String> {
    let body = response.into_body().collect().await.map_err(text)?.to_bytes();
    Ok(serde_json::from_slice::<Repository>(&body).map_err(text)?.weight())
}

fn text(error: impl Display) -> String {
    format!("{error:#}")
}
