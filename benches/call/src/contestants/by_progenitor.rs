//! progenitor: a client generated from `openapi.json`, whose types are those of the others.

use common::load::{Draft, OWNER, PAGE, PER_PAGE, REPO};
use futures::StreamExt as _;
use reqwest::header::{HeaderMap, HeaderValue};

use crate::contestants::{Contestant, Result, TIMEOUT, text};
use crate::workload::Workload;

#[allow(dead_code, unused_imports, clippy::all, reason = "as it is generated")]
mod generated {
    progenitor::generate_api!(
        spec = "openapi.json",
        replace = { Draft = common::load::Draft, Repository = common::repository::Repository }
    );
}

#[derive(Clone)]
pub(crate) struct Progenitor {
    client: generated::Client,
    draft: Draft,
}

impl Contestant for Progenitor {
    const NAME: &'static str = "progenitor";
    const WORKLOADS: &'static [Workload] =
        &[Workload::Get, Workload::Post, Workload::InFlight, Workload::Download];

    /// It sends `accept` and `api-version` by itself; what else all calls have is left to its client.
    async fn start(base: &str, _: Workload) -> Result<Self> {
        let mut headers = HeaderMap::new();
        headers.insert("x-client", HeaderValue::from_static("bench"));
        headers.insert("x-version", HeaderValue::from_static("2026-01-01"));
        let client = reqwest::Client::builder().timeout(TIMEOUT).default_headers(headers);
        let client = client.user_agent("bench/1").build().map_err(text)?;
        Ok(Self { client: generated::Client::new_with_client(base, client), draft: Draft::default() })
    }

    async fn another(&self) -> Result<Self> {
        Ok(self.clone())
    }

    async fn get(&mut self) -> Result<u64> {
        Ok(self.client.repository(OWNER, REPO, PAGE, PER_PAGE).await.map_err(text)?.weight())
    }

    async fn post(&mut self) -> Result<u64> {
        Ok(self.client.draft(OWNER, REPO, &self.draft).await.map_err(text)?.weight())
    }

    async fn download(&mut self) -> Result<u64> {
        let mut pieces = self.client.download().await.map_err(text)?.into_inner();
        let mut came = 0;
        while let Some(piece) = pieces.next().await {
            came += piece.map_err(text)?.len() as u64;
        }
        Ok(came)
    }
}
