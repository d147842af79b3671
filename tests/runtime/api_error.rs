//! `#[derive(ApiError)]`: one variant per status, and everything else whole.

use std::fmt;

use pynector::backend::Step;
use pynector::bytes::Bytes;
use pynector::{ApiError, Error, ErrorKind, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::built;

#[derive(Debug, Deserialize, PartialEq)]
struct Problem {
    title: String,
}

/// Read by `FromStr` from a header.
#[derive(Debug, PartialEq)]
struct Tenths(u32);

impl std::str::FromStr for Tenths {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(|seconds: u32| Self(seconds * 10))
    }
}

type Perhaps<T> = Option<T>;

#[derive(Debug, ApiError)]
enum OrderError {
    /// Declared before the number that wins over it.
    #[status(5xx)]
    Server {
        body: String,
        #[source]
        error: Box<Error>,
    },
    #[status(503)]
    Down(Bytes),
    #[status(404, 410)]
    NotFound,
    #[status(409, 422)]
    Rejected(Problem),
    #[status(429)]
    Busy {
        #[header("Retry-After")]
        after: Perhaps<Tenths>,
        #[header("x-queue")]
        queue: u8,
        #[body]
        problem: Option<Problem>,
    },
    #[status(400..=403)]
    Refused(#[source] Error, #[header("www-authenticate")] String),
    #[status(418)]
    Empty {},
    #[api_error(skip)]
    Local(&'static str),
    #[other]
    Other(Error),
}

#[pynector::api(retry = off)]
trait Orders {
    #[get("/orders")]
    async fn order(&self) -> Result<u32, OrderError>;
}

async fn failed(step: Step) -> OrderError {
    let (orders, _) = built(OrdersClient::builder().base_url("http://h"), [step]);
    orders.order().await.unwrap_err()
}

fn problem(status: u16) -> Step {
    Step::status(status).header("content-type", "application/json").body(r#"{"title":"sold out"}"#)
}

fn sold_out() -> Problem {
    Problem { title: "sold out".to_owned() }
}

#[tokio::test(start_paused = true)]
async fn each_status_has_its_variant() {
    for status in [404, 410] {
        assert!(matches!(failed(Step::status(status)).await, OrderError::NotFound), "{status}");
    }
    for status in [409, 422] {
        let OrderError::Rejected(problem) = failed(problem(status)).await else { panic!("{status}") };
        assert_eq!(problem, sold_out());
    }
    assert!(matches!(failed(Step::status(418)).await, OrderError::Empty {}));
}

#[tokio::test(start_paused = true)]
async fn a_number_wins_over_a_range_whatever_the_order() {
    let OrderError::Down(bytes) = failed(Step::status(503).body("down")).await else { panic!() };
    assert_eq!(bytes, "down");
    for status in [500, 502, 504, 599] {
        let OrderError::Server { body, error } = failed(Step::status(status).body("text")).await else {
            panic!("{status}")
        };
        assert_eq!((&*body, error.kind(), error.attempts()), ("text", ErrorKind::Status(status), 1));
        assert_eq!(error.operation(), Some("Orders::order"));
    }
}

#[tokio::test(start_paused = true)]
async fn fields_take_headers_and_bodies() {
    let busy = |step: Step| step.header("x-queue", "7");
    let OrderError::Busy { after, queue, problem: said } =
        failed(busy(problem(429).header("retry-after", "2"))).await
    else {
        panic!()
    };
    assert_eq!((after, queue, said), (Some(Tenths(20)), 7, Some(sold_out())));
    let OrderError::Busy { after, problem, .. } = failed(busy(Step::status(429))).await else { panic!() };
    assert_eq!((after, problem), (None, None));
    let refused = failed(Step::status(401).header("www-authenticate", "Basic")).await;
    let OrderError::Refused(error, scheme) = refused else { panic!() };
    assert_eq!((error.kind(), &*scheme), (ErrorKind::Status(401), "Basic"));
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_is_whole_in_the_other_variant() {
    for (step, status) in [
        (Step::status(409).body("not JSON"), 409),
        (problem(429), 429),
        (problem(429).header("x-queue", "256"), 429),
        (problem(429).header("x-queue", "1").header("retry-after", "soon"), 429),
        (Step::status(429).header("x-queue", "1").body("{"), 429),
        (Step::status(403), 403),
        (Step::status(500).body(Bytes::from_static(b"\xff")), 500),
        (Step::status(304), 304),
        (Step::status(405), 405),
    ] {
        let OrderError::Other(error) = failed(step).await else { panic!("{status}") };
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status(status), 1));
        assert!(error.status().is_some() && error.headers().is_some() && error.body().is_some(), "{status}");
        assert_eq!((error.history().len(), error.operation()), (1, Some("Orders::order")));
    }
    let OrderError::Other(error) = failed(Step::json("\"no number\"")).await else { panic!() };
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Deserialize, 200));
}

#[derive(Debug, ApiError)]
enum Generic<T, const N: usize = 4>
where
    T: DeserializeOwned + fmt::Debug,
{
    #[status(4xx)]
    Client(T),
    #[api_error(skip)]
    Never([u8; N]),
    #[other]
    Other { error: Error },
}

#[derive(Debug, ApiError)]
enum OnlyOther {
    #[other]
    Other(std::sync::Arc<Error>),
}

#[test]
fn generic_enums_and_single_variants() {
    let error = || pynector::HttpTransport::builder("no url").build().unwrap_err();
    let generic: Generic<u32> = error().into();
    assert!(matches!(generic, Generic::Other { error } if error.kind() == ErrorKind::Config));
    let OnlyOther::Other(error) = OnlyOther::from(error());
    assert_eq!(error.kind(), ErrorKind::Config);
    let own = [OrderError::Local("by hand")];
    assert!(matches!(own, [OrderError::Local("by hand")]));
    let never = Generic::<u32, 1>::Never([0]);
    assert!(matches!(never, Generic::Never([0])));
}

#[pynector::api(retry = off)]
trait Numbers {
    #[get("/n")]
    async fn number(&self) -> Result<u32, Generic<u32>>;
}

#[tokio::test(start_paused = true)]
async fn a_generic_payload_decodes() {
    let (numbers, _) = built(NumbersClient::builder().base_url("http://h"), [Step::status(404).body("7")]);
    assert!(matches!(numbers.number().await, Err(Generic::Client(7))));
}
