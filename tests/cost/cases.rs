//! What is measured, and how often.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use pynector::backend::{Backend, HyperBackend, ReqwestBackend};
use pynector::{Breaker, ClientBuilder, Jitter, RetryBudget, RetryPolicy, Timeouts};
use tokio::runtime::Runtime;

use crate::api::{self, ApiClient, Bare, Draft, Outcome};

/// Calls before anything is counted: connections are made, and what grows has grown.
const WARMING: u64 = 20;
/// Calls of one round.
pub(crate) const CALLS: u64 = 100;
/// Rounds of a case, of which the median counts: a wake-up more or less is a matter of chance.
pub(crate) const ROUNDS: usize = 5;

type Calls = Pin<Box<dyn Future<Output = Outcome>>>;

/// One kind of call.
pub(crate) struct Case {
    pub(crate) name: String,
    calls: Box<dyn Fn(u64) -> Calls>,
}

impl Case {
    fn new<C: Clone + 'static>(
        name: impl Into<String>,
        client: C,
        call: impl AsyncFn(&C) -> Outcome + Copy + 'static,
    ) -> Self {
        let calls = move |count: u64| -> Calls {
            let client = client.clone();
            Box::pin(async move {
                for _ in 0..count {
                    call(&client).await?;
                }
                Ok(())
            })
        };
        Self { name: name.into(), calls: Box::new(calls) }
    }

    /// Calls that nobody counts.
    pub(crate) fn warm(&self, runtime: &Runtime) -> Outcome {
        runtime.block_on((self.calls)(WARMING))
    }

    /// One round; what `counter` counts in it.
    pub(crate) fn round(&self, runtime: &Runtime, counter: impl Fn() -> u64) -> Outcome<u64> {
        let calls = (self.calls)(CALLS);
        let before = counter();
        counted(runtime, calls)?;
        Ok(counter() - before)
    }
}

/// The function of which instructions are counted: callgrind knows it by its name.
#[inline(never)]
fn counted(runtime: &Runtime, calls: Calls) -> Outcome {
    runtime.block_on(calls)
}

/// Every case; those that go over the wire over both backends.
pub(crate) fn all(base: &str) -> Outcome<Vec<Case>> {
    let mut cases = Vec::new();
    over("reqwest", &ReqwestBackend::new()?, base, &mut cases)?;
    let hyper = HyperBackend::new()?;
    over("hyper", &hyper, base, &mut cases)?;
    let api = on(hyper, base).build()?;
    cases.push(Case::new("build GET", api.clone(), api::build_get));
    cases.push(Case::new("build POST", (api, Arc::new(Draft::new())), api::build_post));
    Ok(cases)
}

fn over(name: &str, backend: &(impl Backend + Clone), base: &str, cases: &mut Vec<Case>) -> Outcome {
    let draft = Arc::new(Draft::new());
    let api = on(backend.clone(), base).breaker(Breaker::on()).build()?;
    cases.push(Case::new(format!("GET over {name}"), api.clone(), api::get));
    cases.push(Case::new(format!("POST over {name}"), (api, draft), api::post));
    cases.push(Case::new(format!("GET over {name}, policies off"), off(backend.clone(), base)?, api::get));
    let wire = Bare { backend: Arc::new(backend.clone()), base: base.to_owned() };
    cases.push(Case::new(format!("GET over {name}, by hand"), wire, api::by_hand));
    // Two of three attempts fail, which is more than a breaker lets pass, or a budget.
    let at_once = RetryPolicy::on().initial_backoff(Duration::ZERO).jitter(Jitter::None);
    let flaky = on(backend.clone(), base).retry(at_once.budget(RetryBudget::off())).build()?;
    cases.push(Case::new(format!("three attempts over {name}"), flaky, api::flaky));
    Ok(())
}

fn on(backend: impl Backend, base: &str) -> ClientBuilder<ApiClient> {
    ApiClient::builder().base_url(base).backend(backend)
}

fn off(backend: impl Backend, base: &str) -> Outcome<ApiClient> {
    let timeouts = Timeouts::new().no_connect().no_attempt().no_read().no_write().no_deadline();
    let client = on(backend, base).retry(RetryPolicy::off()).timeouts(timeouts).follow_redirects(false);
    Ok(client.build()?)
}
