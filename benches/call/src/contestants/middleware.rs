//! reqwest-middleware; with policies it has the retries of reqwest-retry.

use std::hint::black_box;
use std::time::Duration;

use common::load::{ATTEMPTS, Draft, OWNER, PAGE, PER_PAGE, REPO};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, RequestBuilder};
use reqwest_retry::RetryTransientMiddleware;
use reqwest_retry::policies::ExponentialBackoff;

use crate::contestants::by_reqwest::{client, counted, decoded, requests};
use crate::contestants::{Contestant, Result, text};
use crate::workload::Workload;

#[derive(Clone)]
pub(crate) struct Middleware {
    client: ClientWithMiddleware,
    base: String,
    draft: Draft,
}

impl Contestant for Middleware {
    const NAME: &'static str = "reqwest-middleware";
    const WORKLOADS: &'static [Workload] = &[
        Workload::Get,
        Workload::Post,
        Workload::InFlight,
        Workload::Download,
        Workload::Policies,
        Workload::ThreeAttempts,
        Workload::BuildGet,
        Workload::BuildPost,
    ];

    async fn start(base: &str, workload: Workload) -> Result<Self> {
        let mut client = ClientBuilder::new(client()?);
        if workload.is_guarded() {
            let at_once = ExponentialBackoff::builder().retry_bounds(Duration::ZERO, Duration::ZERO);
            let policy = at_once.build_with_max_retries(ATTEMPTS - 1);
            client = client.with(RetryTransientMiddleware::new_with_policy(policy));
        }
        Ok(Self { client: client.build(), base: base.to_owned(), draft: Draft::default() })
    }

    async fn another(&self) -> Result<Self> {
        Ok(self.clone())
    }

    async fn get(&mut self) -> Result<u64> {
        decoded(self.request().send().await).await
    }

    async fn post(&mut self) -> Result<u64> {
        decoded(self.request_of_post().send().await).await
    }

    async fn download(&mut self) -> Result<u64> {
        let response = self.client.get(format!("{}/download", self.base)).send().await;
        counted(response.map_err(text)?).await
    }

    async fn guarded(&mut self) -> Result<u64> {
        self.get().await
    }

    fn build_get(&mut self) -> Result<()> {
        black_box(self.request().build().map_err(text)?);
        Ok(())
    }

    fn build_post(&mut self) -> Result<()> {
        black_box(self.request_of_post().build().map_err(text)?);
        Ok(())
    }
}

impl Middleware {
    requests!(RequestBuilder);
}
