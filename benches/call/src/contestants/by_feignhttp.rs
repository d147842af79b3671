//! feignhttp: a trait again. Its URL is a static, so one that is known only at run time is put there first.

use std::sync::{Arc, LazyLock, OnceLock};

use common::load::{Draft, OWNER, PAGE, PER_PAGE, REPO};
use common::repository::Repository;
use feignhttp::{FeignClientBuilder as _, feign};

use crate::contestants::{Contestant, Result, text};
use crate::workload::Workload;

static ADDRESS: OnceLock<String> = OnceLock::new();
static BASE: LazyLock<String> = LazyLock::new(|| ADDRESS.get().cloned().unwrap_or_default());

#[feign(
    url = BASE,
    headers = "accept: application/json; x-client: bench; x-version: 2026-01-01; user-agent: bench/1",
    timeout = 30000
)]
pub(crate) trait Api {
    #[get("/repos/{owner}/{repo}/issues")]
    async fn repository(
        &self,
        #[path] owner: &str,
        #[path] repo: &str,
        #[query] page: u32,
        #[query] per_page: u32,
    ) -> feignhttp::Result<Repository>;

    #[post("/repos/{owner}/{repo}/issues")]
    async fn post(
        &self,
        #[path] owner: &str,
        #[path] repo: &str,
        #[body] draft: &Draft,
    ) -> feignhttp::Result<Repository>;
}

#[derive(Clone)]
pub(crate) struct Feignhttp {
    client: Arc<Api>,
    draft: Draft,
}

impl Contestant for Feignhttp {
    const NAME: &'static str = "feignhttp";
    /// It cannot stream, and builds nothing without sending it.
    const WORKLOADS: &'static [Workload] = &[Workload::Get, Workload::Post, Workload::InFlight];

    async fn start(base: &str, _: Workload) -> Result<Self> {
        let _ = ADDRESS.set(base.to_owned());
        Ok(Self { client: Arc::new(Api::builder().build().map_err(text)?), draft: Draft::default() })
    }

    async fn another(&self) -> Result<Self> {
        Ok(self.clone())
    }

    async fn get(&mut self) -> Result<u64> {
        Ok(self.client.repository(OWNER, REPO, PAGE, PER_PAGE).await.map_err(text)?.weight())
    }

    async fn post(&mut self) -> Result<u64> {
        Ok(self.client.post(OWNER, REPO, &self.draft).await.map_err(text)?.weight())
    }
}
