//! Who calls the server, each with the settings that it comes with.

use std::sync::Arc;
use std::time::Duration;

use failsafe::futures::CircuitBreaker as _;
use pynector::{Breaker, RetryPolicy};
use reqwest_middleware::{ClientWithMiddleware, Middleware, Next};
use reqwest_retry::RetryTransientMiddleware;
use reqwest_retry::policies::ExponentialBackoff;
use tower::retry::backoff::{Backoff as _, ExponentialBackoffMaker, MakeBackoff as _};
use tower::retry::budget::{Budget as _, TpsBudget};
use tower::{ServiceBuilder, ServiceExt as _, service_fn};

use crate::clock;
use crate::world::{Answer, Builder, Run, S, Script, Server, call, client, load, on_paused_time};

/// Calls a second.
pub(crate) const RATE: u32 = 100;

/// One line of the comparison, and one panel of the picture.
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    /// Whether all its dice are those of the seed.
    pub(crate) repeatable: bool,
    run: fn(Script, Duration, u64) -> Run,
}

impl Contestant {
    pub(crate) fn run(&self, script: Script, time: Duration, seed: u64) -> Run {
        (self.run)(script, time, seed)
    }
}

pub(crate) const ALL: [Contestant; 7] = [
    Contestant {
        name: "pynector",
        repeatable: true,
        run: |script, time, seed| pynector(script, time, seed, |builder| builder),
    },
    Contestant {
        name: "pynector, breaker",
        repeatable: true,
        run: |script, time, seed| pynector(script, time, seed, |builder| builder.breaker(Breaker::on())),
    },
    Contestant {
        name: "pynector, breaker, `wait_up_to` 5 s",
        repeatable: true,
        run: |script, time, seed| {
            pynector(script, time, seed, |builder| builder.breaker(Breaker::new().wait_up_to(5 * S)))
        },
    },
    Contestant {
        name: "`RetryPolicy::spec()`",
        repeatable: true,
        run: |script, time, seed| pynector(script, time, seed, |builder| builder.retry(RetryPolicy::spec())),
    },
    Contestant { name: "reqwest-retry 0.9", repeatable: false, run: reqwest_retry },
    Contestant { name: "tower 0.5, retry with `TpsBudget`", repeatable: false, run: tower_retry },
    Contestant { name: "failsafe 1.3", repeatable: false, run: failsafe },
];

fn pynector(script: Script, time: Duration, seed: u64, configure: impl FnOnce(Builder) -> Builder) -> Run {
    on_paused_time(seed, || async {
        let server = Server::new(script, seed);
        let client = client(&server, configure);
        load(&server, RATE, time, || call(client.clone())).await
    })
}

/// What stands where the network would be. A refused connection is a 503 here, since nobody but reqwest can make its
/// errors; the middleware above treats both alike.
struct Wire(Server);

#[async_trait::async_trait]
impl Middleware for Wire {
    async fn handle(
        &self,
        _: reqwest::Request,
        _: &mut http::Extensions,
        _: Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        let status = if self.0.serve().await == Answer::Good { 200 } else { 503 };
        let mut response = http::Response::new("7");
        *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
        Ok(response.into())
    }
}

/// Three retries, and its default waits.
fn reqwest_retry(script: Script, time: Duration, seed: u64) -> Run {
    on_paused_time(seed, || async {
        let server = Server::new(script, seed);
        let retries = ExponentialBackoff::builder().build_with_max_retries(3);
        let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
            .with(RetryTransientMiddleware::new_with_policy(retries))
            .with(Wire(server.clone()))
            .build();
        let call = |client: ClientWithMiddleware| async move {
            client
                .get("http://server/number")
                .send()
                .await
                .is_ok_and(|response| response.status().is_success())
        };
        load(&server, RATE, time, || call(client.clone())).await
    })
}

/// A policy as tower's documentation puts one together: three retries, its default budget and its default waits.
#[derive(Clone)]
struct Budgeted {
    left: u32,
    budget: Arc<TpsBudget>,
    waits: tower::retry::backoff::ExponentialBackoff,
}

impl<T> tower::retry::Policy<(), T, ()> for Budgeted {
    type Future = tokio::time::Sleep;

    fn retry(&mut self, (): &mut (), result: &mut Result<T, ()>) -> Option<Self::Future> {
        if result.is_ok() {
            self.budget.deposit();
            return None;
        }
        if self.left == 0 || !self.budget.withdraw() {
            return None;
        }
        self.left -= 1;
        Some(self.waits.next_backoff())
    }

    fn clone_request(&mut self, (): &()) -> Option<()> {
        Some(())
    }
}

fn tower_retry(script: Script, time: Duration, seed: u64) -> Run {
    on_paused_time(seed, || async {
        let server = Server::new(script, seed);
        let waits = ExponentialBackoffMaker::default().make_backoff();
        let policy = Budgeted { left: 3, budget: Arc::new(TpsBudget::default()), waits };
        let wire = server.clone();
        let service = ServiceBuilder::new().retry(policy).service(service_fn(move |()| {
            let server = wire.clone();
            async move { good(&server).await }
        }));
        load(&server, RATE, time, || {
            let call = service.clone().oneshot(());
            async move { call.await.is_ok() }
        })
        .await
    })
}

async fn good(server: &Server) -> Result<(), ()> {
    if server.serve().await == Answer::Good { Ok(()) } else { Err(()) }
}

/// Its default breaker around a call without retries, since it has none.
fn failsafe(script: Script, time: Duration, seed: u64) -> Run {
    clock::set(Duration::ZERO);
    on_paused_time(seed, || async {
        let server = Server::new(script, seed);
        let breaker = failsafe::Config::new().build();
        load(&server, RATE, time, || {
            let (server, breaker) = (server.clone(), breaker.clone());
            async move {
                clock::set(server.now());
                let call = async {
                    let answer = good(&server).await;
                    clock::set(server.now());
                    answer
                };
                breaker.call(call).await.is_ok()
            }
        })
        .await
    })
}
