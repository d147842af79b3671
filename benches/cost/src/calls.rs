//! Whole calls of a generated client over a backend that answers at once; a policy costs what the call costs more with it.

use std::time::Duration;

use pynector::backend::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody};
use pynector::client::BaseUrl;
use pynector::{
    Body, Breaker, ClientBuilder, Hedge, MaxInFlight, RateLimit, Result, RetryPolicy, Timeouts, http,
};

use crate::measure::Case;

const BARE: &str = "pynector, a bare call";

#[pynector::api]
trait Service {
    #[get("/thing")]
    async fn thing(&self) -> Result<()>;
}

#[derive(Debug)]
struct Null;

impl Backend for Null {
    fn send(
        &self,
        _: http::Request<Body>,
        _: AttemptInfo,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        Box::pin(std::future::ready(Ok(http::Response::new(ResponseBody::from_bytes("")))))
    }
}

type Builder = ClientBuilder<ServiceClient, BaseUrl>;

/// Without any policy.
fn bare() -> Builder {
    let timeouts = Timeouts::new().no_connect().no_attempt().no_read().no_deadline();
    let builder = ServiceClient::builder().base_url("http://server").backend(Null);
    builder.retry(RetryPolicy::off()).timeouts(timeouts)
}

fn case(row: &'static str, who: &'static str, builder: Builder) -> Case {
    let client = builder.build().expect("a client");
    Case::waiting(row, who, move || {
        let client = client.clone();
        async move { client.thing().await.expect("an answer") }
    })
}

fn with(row: &'static str, configure: impl FnOnce(Builder) -> Builder) -> Case {
    case(row, "pynector, a call with it", configure(bare())).minus(BARE)
}

pub(crate) fn cases() -> Vec<Case> {
    let timeouts = || Timeouts::new().attempt(Duration::from_secs(10)).deadline(Duration::from_secs(60));
    let plenty = RateLimit::new(u32::MAX, Duration::from_secs(1));
    let open = bare().breaker(Breaker::on()).build().expect("a client");
    open.transport().circuit().force_open();
    let open = Case::waiting("breaker open", "pynector, a whole refused call", move || {
        let client = open.clone();
        async move { client.thing().await.expect_err("refused") }
    });
    vec![
        case("a call", BARE, bare()),
        with("breaker closed", |builder| builder.breaker(Breaker::on())),
        open,
        with("retry not needed", |builder| builder.retry(RetryPolicy::on())),
        with("timeout", |builder| builder.timeouts(timeouts())),
        with("bulkhead", |builder| builder.max_in_flight(MaxInFlight::new(100))),
        with("rate limit", move |builder| builder.rate_limit(plenty)),
        with("hedge, primary wins", |builder| builder.hedge(Hedge::after(Duration::from_secs(1)))),
        with("all of them", |builder| {
            builder.breaker(Breaker::on()).retry(RetryPolicy::on()).timeouts(timeouts())
        }),
    ]
}
