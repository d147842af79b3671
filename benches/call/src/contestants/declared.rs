//! pynector: a trait, with its default settings and the breaker on, over each backend; and the same without policies.

use std::hint::black_box;
use std::time::Duration;

use common::api::{Api as _, ApiClient};
use common::load::{Draft, OWNER, PAGE, PER_PAGE, REPO};
use common::repository::{ANSWER, Repository};
use pynector::backend::{HyperBackend, ReqwestBackend};
use pynector::{Breaker, ClientBuilder, Codec as _, Jitter, JsonCodec, RetryBudget, RetryPolicy, Timeouts};

use crate::contestants::{Contestant, Result, text};
use crate::workload::Workload;

/// Over which backend, and whether with policies.
#[derive(Clone)]
pub(crate) struct Declared<const HYPER: bool, const POLICIES: bool> {
    client: ApiClient,
    draft: Draft,
}

pub(crate) type OverHyper = Declared<true, true>;
pub(crate) type OverHyperOff = Declared<true, false>;
pub(crate) type OverReqwest = Declared<false, true>;
pub(crate) type OverReqwestOff = Declared<false, false>;

impl<const HYPER: bool, const POLICIES: bool> Contestant for Declared<HYPER, POLICIES> {
    const NAME: &'static str = match (HYPER, POLICIES) {
        (true, true) => "pynector over hyper",
        (true, false) => "pynector over hyper, policies off",
        (false, true) => "pynector over reqwest",
        (false, false) => "pynector over reqwest, policies off",
    };
    const WORKLOADS: &'static [Workload] =
        if POLICIES { &Workload::ALL } else { &[Workload::Get, Workload::Post, Workload::InFlight] };

    async fn start(base: &str, workload: Workload) -> Result<Self> {
        let builder = ApiClient::builder().base_url(base);
        let builder = if HYPER {
            builder.backend(HyperBackend::new().map_err(text)?)
        } else {
            builder.backend(ReqwestBackend::new().map_err(text)?)
        };
        let builder = if POLICIES { guarded(builder, workload) } else { unguarded(builder) };
        Ok(Self { client: builder.build().map_err(text)?, draft: Draft::default() })
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
        let mut body = self.client.download().await.map_err(text)?;
        let mut came = 0;
        while let Some(piece) = body.next().await {
            came += piece.map_err(text)?.len() as u64;
        }
        Ok(came)
    }

    async fn guarded(&mut self) -> Result<u64> {
        self.get().await
    }

    fn build_get(&mut self) -> Result<()> {
        let call = async |api: &ApiClient| api.repository(OWNER, REPO, PAGE, PER_PAGE).await;
        black_box(self.client.to_request(call).map_err(text)?);
        Ok(())
    }

    fn build_post(&mut self) -> Result<()> {
        let call = async |api: &ApiClient| api.draft(OWNER, REPO, &self.draft).await;
        black_box(self.client.to_request(call).map_err(text)?);
        Ok(())
    }

    fn decode(&mut self) -> Result<u64> {
        let answer = black_box(ANSWER.as_bytes());
        Ok(JsonCodec::decode::<Repository>(answer).map_err(text)?.weight())
    }
}

/// Where two of three attempts fail, which is more than a budget or a breaker lets pass, neither is in the way.
fn guarded(builder: ClientBuilder<ApiClient>, workload: Workload) -> ClientBuilder<ApiClient> {
    if workload != Workload::ThreeAttempts {
        return builder.breaker(Breaker::on());
    }
    let at_once = RetryPolicy::on().initial_backoff(Duration::ZERO).jitter(Jitter::None);
    builder.breaker(Breaker::on().min_failure_rate(0.9)).retry(at_once.budget(RetryBudget::off()))
}

fn unguarded(builder: ClientBuilder<ApiClient>) -> ClientBuilder<ApiClient> {
    let timeouts = Timeouts::new().no_connect().no_attempt().no_read().no_write().no_deadline();
    builder.retry(RetryPolicy::off()).timeouts(timeouts).follow_redirects(false)
}
