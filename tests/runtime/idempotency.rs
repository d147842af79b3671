//! Idempotency keys: made once for each call, sent with each of its requests.

use std::collections::HashSet;

use futures_util::future::join_all;
use pynector::backend::{ScriptBackend, SentRequest, Step};
use pynector::{
    CallOptions, Endpoint, ErrorKind, Failure, Hedge, IdempotencyKey, Operation, Result, RetryPolicy,
    StatusCodes, StopReason,
};

use crate::{MS, built};

#[pynector::api]
trait Orders {
    #[post("/orders", idempotency_key)]
    async fn order(&self, #[json] what: &str) -> Result<()>;

    #[post("/orders", idempotency_key("X-Once", raw))]
    async fn raw(&self, #[header("x-once")] key: Option<&str>, #[json] what: &str) -> Result<()>;

    #[post("/orders", idempotency_key)]
    async fn many(&self, #[header("idempotency-key")] keys: &[&str]) -> Result<()>;

    #[post("/orders")]
    async fn without(&self) -> Result<()>;
}

#[derive(Endpoint)]
#[post("/orders", idempotency_key)]
struct PlaceOrder<'a> {
    #[json]
    what: &'a str,
}

const FIXED: Operation = Operation::post("Orders::fixed", "/orders")
    .idempotency_key(IdempotencyKey::new())
    .headers(&[("idempotency-key", "fixed")]);

fn orders(steps: impl IntoIterator<Item = Step>) -> (OrdersClient, ScriptBackend) {
    built(OrdersClient::builder().base_url("http://h").retry(RetryPolicy::on().initial_backoff(MS)), steps)
}

/// The one key of a request.
fn key_of(request: &SentRequest) -> String {
    let keys: Vec<_> = request.headers.get_all("idempotency-key").iter().collect();
    assert_eq!(keys.len(), 1, "{request:?}");
    keys[0].to_str().unwrap().to_owned()
}

fn keys_of(script: &ScriptBackend) -> Vec<String> {
    script.requests().iter().map(key_of).collect()
}

#[tokio::test(start_paused = true)]
async fn idm_3_one_key_for_all_requests_of_a_call_and_another_for_the_next() {
    let moved = |to| Step::status(307).header("location", to);
    let (orders, script) = orders([
        Step::status(503),
        Step::fail(Failure::Interrupted),
        Step::status(409),
        moved("/elsewhere"),
        // Other origins get no credentials; but without its key this would be another order.
        moved("http://other/elsewhere"),
        Step::fail(Failure::Nack),
        Step::status(204),
        Step::status(204),
    ]);
    orders.order("tea").await.unwrap();
    orders.order("tea").await.unwrap();
    let keys = keys_of(&script);
    assert!(keys[..7].iter().all(|key| *key == keys[0]), "{keys:?}");
    assert_ne!(keys[7], keys[0]);
}

#[tokio::test(start_paused = true)]
async fn idm_3_hedges_have_the_key_of_their_call() {
    let builder = OrdersClient::builder().base_url("http://h").hedge(Hedge::after(10 * MS));
    let (orders, script) = built(builder, std::iter::repeat_with(|| Step::status(204)).take(50));
    for _ in 0..50 {
        orders.order("successes pay for hedges").await.unwrap();
    }
    script.push([Step::status(204).after(50 * MS), Step::status(204).after(50 * MS)]);
    orders.order("tea").await.unwrap();
    let keys = keys_of(&script);
    assert_eq!((keys.len(), &keys[50]), (52, &keys[51]));
    assert_eq!(keys.iter().collect::<HashSet<_>>().len(), 51);
}

#[tokio::test(start_paused = true)]
async fn idm_3_calls_at_the_same_time_share_no_key() {
    let (orders, script) = orders(std::iter::repeat_with(|| Step::status(204)).take(100));
    for sent in join_all((0..100).map(|_| orders.order("tea"))).await {
        sent.unwrap();
    }
    assert_eq!(keys_of(&script).into_iter().collect::<HashSet<_>>().len(), 100);
}

#[tokio::test(start_paused = true)]
async fn idm_3_a_key_that_somebody_gives_is_kept() {
    let (orders, script) = orders([Step::status(503), Step::status(204), Step::status(204)]);
    orders.raw(Some("mine"), "tea").await.unwrap();
    orders.raw(None, "tea").await.unwrap();
    let keys: Vec<_> =
        script.requests().iter().map(|request| request.header("x-once").unwrap().to_owned()).collect();
    assert_eq!(keys[..2], ["mine", "mine"]);
    assert_eq!((keys[2].len(), keys[2].contains('"')), (36, false), "made by the client: {}", keys[2]);

    // Every level of the ladder may be the one.
    let client = OrdersClient::builder().base_url("http://h").header("Idempotency-Key", "client");
    let (orders, script) = built(client, std::iter::repeat_with(|| Step::status(204)).take(3));
    orders.order("tea").await.unwrap();
    orders.transport().call(&FIXED).send::<()>().await.unwrap();
    orders.with_options(CallOptions::new().header("idempotency-key", "call")).order("tea").await.unwrap();
    assert_eq!(keys_of(&script), ["client", "fixed", "call"]);
}

#[tokio::test]
async fn idm_4_there_is_one_key() {
    let (orders, script) = orders([Step::status(204)]);
    let error = orders.many(&["a", "b"]).await.unwrap_err();
    assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Request, 0));
    orders.many(&["a"]).await.unwrap();
    assert_eq!(keys_of(&script), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn idm_5_a_conflict_is_tried_again_with_the_key_and_what_does_not_fit_it_is_not() {
    let (client, script) = orders([Step::status(409), Step::status(422)]);
    let error = client.order("tea").await.unwrap_err();
    assert_eq!((error.kind(), error.stop_reason()), (ErrorKind::Status(422), Some(StopReason::NotRetryable)));
    let keys = keys_of(&script);
    assert_eq!((keys.len(), &keys[0]), (2, &keys[1]));

    let (client, script) = orders([Step::status(409)]);
    let error = client.without().await.unwrap_err();
    assert_eq!((error.kind(), error.stop_reason()), (ErrorKind::Status(409), Some(StopReason::NotRetryable)));
    assert_eq!(script.requests()[0].header("idempotency-key"), None);

    // No status at all means this one too.
    let none = RetryPolicy::on().status_codes(StatusCodes::empty());
    let (client, _) = built(OrdersClient::builder().base_url("http://h").retry(none), [Step::status(409)]);
    assert_eq!(client.order("tea").await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn a_request_that_is_only_wanted_has_a_key_too() {
    let (orders, _) = orders([]);
    let request = orders.to_request(async |orders| orders.order("tea").await).unwrap();
    assert_eq!(request.headers()["idempotency-key"].len(), 38);
    let (one, other) = (PlaceOrder { what: "tea" }, PlaceOrder { what: "tea" });
    let keys =
        [one, other].map(|order| order.to_request("http://h").unwrap().headers()["idempotency-key"].clone());
    assert_ne!(keys[0], keys[1]);
}
