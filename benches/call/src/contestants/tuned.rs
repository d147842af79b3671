//! reqwest as an expert writes it: the URL and the headers are prebuilt, no proxy is looked for, the bytes are decoded in place.

use std::hint::black_box;

use common::load::{Draft, OWNER, PAGE, PER_PAGE, REPO};
use common::repository::Repository;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{Client, Method, Request, Response, Url};

use crate::contestants::{Contestant, Result, TIMEOUT, text};
use crate::workload::Workload;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

#[derive(Clone)]
pub(crate) struct Tuned {
    client: Client,
    base: Url,
    headers: HeaderMap,
    draft: Draft,
}

impl Contestant for Tuned {
    const NAME: &'static str = "reqwest, tuned";
    const WORKLOADS: &'static [Workload] =
        &[Workload::Get, Workload::Post, Workload::InFlight, Workload::BuildGet, Workload::BuildPost];

    async fn start(base: &str, _: Workload) -> Result<Self> {
        let client = Client::builder().timeout(TIMEOUT).no_proxy().build().map_err(text)?;
        let headers = HeaderMap::from_iter([
            (ACCEPT, JSON),
            (HeaderName::from_static("x-client"), HeaderValue::from_static("bench")),
            (HeaderName::from_static("x-version"), HeaderValue::from_static("2026-01-01")),
            (USER_AGENT, HeaderValue::from_static("bench/1")),
        ]);
        Ok(Self { client, base: base.parse().map_err(text)?, headers, draft: Draft::default() })
    }

    async fn another(&self) -> Result<Self> {
        Ok(self.clone())
    }

    async fn get(&mut self) -> Result<u64> {
        decoded(self.client.execute(self.request()).await).await
    }

    async fn post(&mut self) -> Result<u64> {
        decoded(self.client.execute(self.request_of_post()?).await).await
    }

    fn build_get(&mut self) -> Result<()> {
        black_box(self.request());
        Ok(())
    }

    fn build_post(&mut self) -> Result<()> {
        black_box(self.request_of_post()?);
        Ok(())
    }
}

impl Tuned {
    fn request(&self) -> Request {
        let mut url = self.base.clone();
        url.set_path(&format!("/repos/{OWNER}/{REPO}/issues"));
        url.set_query(Some(&format!("page={PAGE}&per_page={PER_PAGE}")));
        let mut request = Request::new(Method::GET, url);
        *request.headers_mut() = self.headers.clone();
        request
    }

    fn request_of_post(&self) -> Result<Request> {
        let mut url = self.base.clone();
        url.set_path(&format!("/repos/{OWNER}/{REPO}/issues"));
        let mut request = Request::new(Method::POST, url);
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().insert(CONTENT_TYPE, JSON);
        *request.body_mut() = Some(serde_json::to_vec(&self.draft).map_err(text)?.into());
        Ok(request)
    }
}

async fn decoded(response: reqwest::Result<Response>) -> Result<u64> {
    let response = response.and_then(Response::error_for_status).map_err(text)?;
    let body = response.bytes().await.map_err(text)?;
    Ok(serde_json::from_slice::<Repository>(&body).map_err(text)?.weight())
}
