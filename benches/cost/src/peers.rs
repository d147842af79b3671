//! The same by other crates, around a call that is ready at once; a layer costs what the call costs more with it.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::time::Duration;

use failsafe::CircuitBreaker as _;
use tower::retry::Policy;
use tower::{Layer, Service, ServiceBuilder, ServiceExt as _, service_fn};
use tower_resilience_bulkhead::BulkheadLayer;
use tower_resilience_circuitbreaker::CircuitBreakerLayer;
use tower_resilience_hedge::HedgeLayer;
use tower_resilience_retry::RetryLayer;
use tower_resilience_timelimiter::TimeLimiterLayer;

use crate::measure::Case;

const BARE: &str = "tower, a bare service";
const RESILIENCE: &str = "tower-resilience 0.14";
const TOWER: &str = "tower 0.5";
const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
struct Failed;

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("failed")
    }
}

impl std::error::Error for Failed {}

#[derive(Clone)]
struct Thrice(u32);

impl Policy<(), (), Failed> for Thrice {
    type Future = Ready<()>;

    fn retry(&mut self, (): &mut (), result: &mut Result<(), Failed>) -> Option<Self::Future> {
        (result.is_err() && self.0 > 0).then(|| {
            self.0 -= 1;
            ready(())
        })
    }

    fn clone_request(&mut self, (): &()) -> Option<()> {
        Some(())
    }
}

#[derive(Clone)]
struct Null;

impl Service<()> for Null {
    type Response = ();
    type Error = Failed;
    type Future = Ready<Result<(), Failed>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Failed>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Self::Future {
        ready(Ok(()))
    }
}

fn case<S>(row: &'static str, who: &'static str, service: S) -> Case
where
    S: Service<(), Response = ()> + Clone + 'static,
{
    Case::waiting(row, who, move || {
        let mut service = service.clone();
        async move {
            let ready = service.ready().await.ok().expect("a ready service");
            ready.call(()).await.is_ok()
        }
    })
}

fn layer<L>(row: &'static str, who: &'static str, layer: L) -> Case
where
    L: Layer<Null>,
    L::Service: Service<(), Response = ()> + Clone + 'static,
{
    case(row, who, layer.layer(Null)).minus(BARE)
}

pub(crate) fn cases() -> Vec<Case> {
    let failsafe = failsafe::Config::new().build();
    let recloser = recloser::Recloser::custom().build();
    let good = || Ok::<(), Infallible>(());
    vec![
        case("a call", BARE, Null),
        Case::new("breaker closed", "failsafe 1.3", move || failsafe.call(good).is_ok()),
        Case::new("breaker closed", "recloser 1.4", move || recloser.call(good).is_ok()),
        layer("breaker closed", RESILIENCE, CircuitBreakerLayer::builder().build().expect("numbers")),
        open_failsafe(),
        open_recloser(),
        layer("retry not needed", TOWER, tower::retry::RetryLayer::new(Thrice(3))),
        layer(
            "retry not needed",
            RESILIENCE,
            RetryLayer::<(), (), Failed>::builder().max_attempts(3).build(),
        ),
        layer("timeout", TOWER, tower::timeout::TimeoutLayer::new(10 * SECOND)),
        layer("timeout", RESILIENCE, TimeLimiterLayer::builder().timeout_duration(10 * SECOND).build()),
        layer("bulkhead", TOWER, tower::limit::GlobalConcurrencyLimitLayer::new(100)),
        layer(
            "bulkhead",
            RESILIENCE,
            BulkheadLayer::builder().max_concurrent_calls(100).build().expect("numbers"),
        ),
        layer(
            "hedge, primary wins",
            RESILIENCE,
            HedgeLayer::builder().delay(SECOND).max_hedged_attempts(2).build(),
        ),
        all(),
    ]
}

/// Timeout, breaker and retry of tower-resilience, retry outside.
fn all() -> Case {
    let service = ServiceBuilder::new()
        .layer(RetryLayer::builder().max_attempts(3).build())
        .layer(CircuitBreakerLayer::builder().build().expect("numbers"))
        .layer(TimeLimiterLayer::builder().timeout_duration(10 * SECOND).build())
        .service(service_fn(|()| ready(Ok::<(), Failed>(()))));
    case("all of them", RESILIENCE, service).minus(BARE)
}

fn open_failsafe() -> Case {
    let breaker = failsafe::Config::new().build();
    while breaker.is_call_permitted() {
        let _ = breaker.call(|| Err::<(), _>(Failed));
    }
    Case::new("breaker open", "failsafe 1.3", move || breaker.call(|| Ok::<(), Failed>(())).is_err())
}

fn open_recloser() -> Case {
    let breaker = recloser::Recloser::custom().closed_len(1).open_wait(3600 * SECOND).build();
    for _ in 0..10 {
        let _ = breaker.call(|| Err::<(), _>(Failed));
    }
    Case::new("breaker open", "recloser 1.4", move || breaker.call(|| Ok::<(), Failed>(())).is_err())
}
