//! hyper-util's client, with the request made and the answer decoded by hand; headers are constants, so that they cost least.

use std::hint::black_box;

use bytes::Bytes;
use common::load::{ATTEMPTS, Draft, OWNER, PAGE, PER_PAGE, REPO};
use common::repository::{ANSWER, Repository};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use hyper::http::request::Builder;
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::contestants::{Contestant, Result, TIMEOUT, text};
use crate::workload::Workload;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const X_CLIENT: HeaderName = HeaderName::from_static("x-client");
const X_VERSION: HeaderName = HeaderName::from_static("x-version");

#[derive(Clone)]
pub(crate) struct HyperUtil {
    client: Client<HttpConnector, Full<Bytes>>,
    base: String,
    draft: Draft,
}

impl Contestant for HyperUtil {
    const NAME: &'static str = "hyper-util";
    const WORKLOADS: &'static [Workload] = &Workload::ALL;

    async fn start(base: &str, _: Workload) -> Result<Self> {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Ok(Self { client, base: base.to_owned(), draft: Draft::default() })
    }

    async fn another(&self) -> Result<Self> {
        Ok(self.clone())
    }

    async fn get(&mut self) -> Result<u64> {
        decoded(self.client.request(get(&self.base)?).await.map_err(text)?).await
    }

    async fn post(&mut self) -> Result<u64> {
        let request = post(&self.base, &self.draft)?;
        decoded(self.client.request(request).await.map_err(text)?).await
    }

    async fn download(&mut self) -> Result<u64> {
        let request = Request::get(format!("{}/download", self.base)).body(Full::default()).map_err(text)?;
        counted(self.client.request(request).await.map_err(text)?).await
    }

    async fn guarded(&mut self) -> Result<u64> {
        let attempts = async {
            let mut left = ATTEMPTS;
            loop {
                left -= 1;
                match self.client.request(get(&self.base)?).await {
                    Err(error) if left == 0 => return Err(text(error)),
                    Ok(response) if left == 0 || !response.status().is_server_error() => {
                        return decoded(response).await;
                    }
                    _ => {}
                }
            }
        };
        tokio::time::timeout(TIMEOUT, attempts).await.map_err(text)?
    }

    fn build_get(&mut self) -> Result<()> {
        black_box(get(&self.base)?);
        Ok(())
    }

    fn build_post(&mut self) -> Result<()> {
        black_box(post(&self.base, &self.draft)?);
        Ok(())
    }

    fn decode(&mut self) -> Result<u64> {
        let answer = black_box(ANSWER.as_bytes());
        Ok(serde_json::from_slice::<Repository>(answer).map_err(text)?.weight())
    }
}

/// Without a base it is what one connection sends.
pub(crate) fn get(base: &str) -> Result<Request<Full<Bytes>>> {
    let uri = format!("{base}/repos/{OWNER}/{REPO}/issues?page={PAGE}&per_page={PER_PAGE}");
    with_headers(Request::get(uri)).body(Full::default()).map_err(text)
}

pub(crate) fn post(base: &str, draft: &Draft) -> Result<Request<Full<Bytes>>> {
    let body = serde_json::to_vec(draft).map_err(text)?;
    with_headers(Request::post(format!("{base}/repos/{OWNER}/{REPO}/issues")))
        .header(CONTENT_TYPE, JSON)
        .body(Full::new(body.into()))
        .map_err(text)
}

fn with_headers(request: Builder) -> Builder {
    request
        .header(ACCEPT, JSON)
        .header(X_CLIENT, HeaderValue::from_static("bench"))
        .header(X_VERSION, HeaderValue::from_static("2026-01-01"))
        .header(USER_AGENT, HeaderValue::from_static("bench/1"))
}

pub(crate) async fn decoded(response: Response<Incoming>) -> Result<u64> {
    if !response.status().is_success() {
        return Err(response.status().to_string());
    }
    let body = response.into_body().collect().await.map_err(text)?.to_bytes();
    Ok(serde_json::from_slice::<Repository>(&body).map_err(text)?.weight())
}

pub(crate) async fn counted(response: Response<Incoming>) -> Result<u64> {
    let (mut body, mut came) = (response.into_body(), 0);
    while let Some(frame) = body.frame().await {
        came += frame.map_err(text)?.data_ref().map_or(0, |data| data.len() as u64);
    }
    Ok(came)
}
