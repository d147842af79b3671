//! rustify: a struct for each call. It has no headers of a call, so they are those of its reqwest client.

use std::hint::black_box;
use std::sync::Arc;

use common::load::{Draft, OWNER, PAGE, PER_PAGE, REPO};
use common::repository::Repository;
use reqwest::header::{HeaderMap, HeaderValue};
use rustify::{Client, Endpoint};
use rustify_derive::Endpoint;

use crate::contestants::{Contestant, Result, TIMEOUT, text};
use crate::workload::Workload;

#[derive(Endpoint)]
#[endpoint(path = "repos/{self.owner}/{self.repo}/issues", response = "Repository")]
struct Read {
    #[endpoint(skip)]
    owner: String,
    #[endpoint(skip)]
    repo: String,
    #[endpoint(query)]
    page: u32,
    #[endpoint(query)]
    per_page: u32,
}

#[derive(Endpoint)]
#[endpoint(path = "repos/{self.owner}/{self.repo}/issues", method = "POST", response = "Repository")]
struct Write {
    #[endpoint(skip)]
    owner: String,
    #[endpoint(skip)]
    repo: String,
    title: String,
    text: String,
    labels: Vec<String>,
    milestone: Option<u32>,
    draft: bool,
}

#[derive(Clone)]
pub(crate) struct Rustify {
    client: Arc<Client>,
    draft: Draft,
}

impl Contestant for Rustify {
    const NAME: &'static str = "rustify";
    /// What it builds has no headers; it cannot stream.
    const WORKLOADS: &'static [Workload] =
        &[Workload::Get, Workload::Post, Workload::InFlight, Workload::BuildGet, Workload::BuildPost];

    async fn start(base: &str, _: Workload) -> Result<Self> {
        let json = HeaderValue::from_static("application/json");
        let headers = HeaderMap::from_iter([
            ("accept".parse().map_err(text)?, json.clone()),
            ("content-type".parse().map_err(text)?, json),
            ("x-client".parse().map_err(text)?, HeaderValue::from_static("bench")),
            ("x-version".parse().map_err(text)?, HeaderValue::from_static("2026-01-01")),
        ]);
        let client = reqwest::Client::builder().timeout(TIMEOUT).default_headers(headers);
        let client = client.user_agent("bench/1").build().map_err(text)?;
        Ok(Self { client: Arc::new(Client::new(base, client)), draft: Draft::default() })
    }

    async fn another(&self) -> Result<Self> {
        Ok(self.clone())
    }

    async fn get(&mut self) -> Result<u64> {
        let answer = read().exec(&*self.client).await.map_err(text)?;
        Ok(answer.parse().map_err(text)?.weight())
    }

    async fn post(&mut self) -> Result<u64> {
        let answer = write(&self.draft).exec(&*self.client).await.map_err(text)?;
        Ok(answer.parse().map_err(text)?.weight())
    }

    fn build_get(&mut self) -> Result<()> {
        black_box(read().request(&self.client.base).map_err(text)?);
        Ok(())
    }

    fn build_post(&mut self) -> Result<()> {
        black_box(write(&self.draft).request(&self.client.base).map_err(text)?);
        Ok(())
    }
}

fn read() -> Read {
    Read { owner: OWNER.to_owned(), repo: REPO.to_owned(), page: PAGE, per_page: PER_PAGE }
}

/// It wants to own what it sends.
fn write(draft: &Draft) -> Write {
    let Draft { title, text, labels, milestone, draft } = draft.clone();
    Write { owner: OWNER.to_owned(), repo: REPO.to_owned(), title, text, labels, milestone, draft }
}
