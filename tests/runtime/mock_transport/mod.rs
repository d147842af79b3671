//! Programs over the mock: the client above it is the real one.

mod report;

use std::panic::{AssertUnwindSafe, catch_unwind};

use pynector::backend::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody, Step};
use pynector::testing::{MockTransport, Reply};
use pynector::{
    Body, Breaker, ByteStream, ErrorKind, Failure, HttpMessage, HttpTransport, Operation, Result,
};
use serde_json::json;

use crate::{MS, S, Things as _, ThingsClient};

#[pynector::api(base_url = "https://api.example.com/v1")]
trait Users {
    #[get("/users/{name}")]
    async fn user(&self, name: &str, #[query] page: Option<u32>) -> Result<String>;

    #[get("/export")]
    async fn export(&self) -> Result<ByteStream>;

    #[post("/login")]
    async fn log_in(&self, #[form] fields: &[(&str, &str)]) -> Result<()>;

    #[post("/users", retry(any_method))]
    async fn create(&self, #[json] user: &serde_json::Value, #[header("x-trace")] trace: u32) -> Result<()>;
}

#[tokio::test(start_paused = true)]
async fn replies_come_in_order_and_the_client_is_the_real_one() {
    let mock = MockTransport::new();
    mock.expect(&ThingsClient::OPERATIONS[0])
        .reply(Reply::status(503).header("retry-after", "20"))
        .fail(Failure::ConnectTimeout)
        .reply(Reply::json(200, &1234).broken_after(2))
        .reply(Reply::json(200, &7));
    let things: ThingsClient = mock.client().unwrap();
    assert_eq!(things.get(3).await.unwrap(), 7);

    let requests = mock.requests();
    let attempts: Vec<_> = requests.iter().map(|request| (request.operation, request.attempt)).collect();
    assert_eq!(attempts, [("Things::get", 1), ("Things::get", 2), ("Things::get", 3), ("Things::get", 4)]);
    assert!(requests[1].at - requests[0].at >= 20 * S);
    mock.verify();
}

#[tokio::test]
async fn requests_are_seen_as_bytes_and_no_clock_need_be_paused() {
    let mock = MockTransport::new();
    mock.expect_operation("Users::create").reply(Reply::status(204));
    let users: UsersClient = mock.client().unwrap();
    users.create(&json!({ "name": "Ada" }), 7).await.unwrap();

    let [request] = &*mock.requests() else { panic!("{mock:?}") };
    assert_eq!(request.method, "POST");
    assert_eq!(request.uri, "https://api.example.com/v1/users");
    assert_eq!(
        (request.header("x-trace"), request.header("content-type")),
        (Some("7"), Some("application/json"))
    );
    assert_eq!(request.body, r#"{"name":"Ada"}"#);
    assert_eq!(request.json::<serde_json::Value>().unwrap(), json!({ "name": "Ada" }));
}

#[tokio::test(start_paused = true)]
async fn a_request_goes_to_the_first_that_it_matches_and_that_takes_another() {
    let mock = MockTransport::new();
    mock.on("GET", "/v1/users/a%2Fb?page=2").reply(Reply::text(200, "second page"));
    mock.on("GET", "/v1/users/a%2Fb").no_query("page").reply(Reply::text(200, "once"));
    mock.expect_operation("Users::user").method("GET").times(..).reply(Reply::text(200, "any"));
    let users: UsersClient = mock.client().unwrap();
    for (page, answer) in
        [(Some(3), "any"), (None, "once"), (None, "any"), (Some(2), "second page"), (Some(2), "any")]
    {
        assert_eq!(users.user("a/b", page).await.unwrap(), answer);
    }
}

const CREATE: Operation = Operation::post("Test::create", "/users");

#[tokio::test(start_paused = true)]
async fn headers_and_bodies_can_be_asked_for() {
    let mock = MockTransport::new();
    let user = json!({ "name": "Ada", "tags": [{ "id": 1, "old": true }] });
    mock.expect_any().header("x-trace", "1").json(&user).reply(Reply::status(201));
    mock.expect_any()
        .header("x-trace", "2")
        .json_with(&json!({ "tags": [{ "id": 1 }] }))
        .reply(Reply::status(202));
    mock.expect_any().header("x-trace", "3").body(user.to_string()).reply(Reply::status(203));
    mock.expect_any().header("x-trace", "4").no_header("authorization").reply(Reply::status(204));
    mock.expect_any().header("x-trace", "4").header("authorization", "Bearer t").reply(Reply::status(205));
    let transport = mock.transport().unwrap();
    for (trace, bearer, status) in
        [(2, None, 202), (4, Some("t"), 205), (1, None, 201), (3, None, 203), (4, None, 204)]
    {
        let mut call = transport.call(&CREATE).header("x-trace", &trace).json(&user);
        if let Some(token) = bearer {
            call = call.bearer(token);
        }
        let answer: pynector::Response<()> = call.send().await.unwrap();
        assert_eq!(answer.status(), status);
    }
}

#[tokio::test(start_paused = true)]
async fn fields_of_a_form_can_be_asked_for() {
    let mock = MockTransport::new();
    mock.on("POST", "/v1/login").form("user", "A B+").reply(Reply::status(204));
    let users: UsersClient = mock.client().unwrap();
    users.log_in(&[("user", "A B+"), ("password", "hunter2")]).await.unwrap();
    users.log_in(&[("user", "A B"), ("password", "hunter2")]).await.unwrap_err();
    assert_eq!(mock.requests()[0].form()[1], ("password".into(), "hunter2".into()));
    let problems = panic_of(|| mock.verify()).unwrap();
    assert!(problems.contains("\n  - form      user=A B+\n  + form      user=A B\n"), "{problems}");
    assert!(!problems.contains("hunter2"), "{problems}");
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_retried_as_its_stage_allows() {
    for (failure, kind, requests) in [
        (Failure::Dns, ErrorKind::Dns, 4),
        (Failure::ConnectTimeout, ErrorKind::ConnectTimeout, 4),
        (Failure::Interrupted, ErrorKind::Interrupted, 1),
        (Failure::Protocol, ErrorKind::Protocol, 1),
    ] {
        let mock = MockTransport::new();
        mock.expect_operation("Things::add").fail(failure).times(requests);
        let things: ThingsClient = mock.client().unwrap();
        assert_eq!(things.add("x").await.unwrap_err().kind(), kind);
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_breaks_after_as_many_bytes_as_were_asked_for() {
    let mock = MockTransport::new();
    mock.expect_operation("Users::export").reply(Reply::text(200, "abc").body("def").broken_after(4));
    let mut export = mock.client::<UsersClient>().unwrap().export().await.unwrap();
    let mut text = Vec::new();
    let error = loop {
        match export.next().await.unwrap() {
            Ok(piece) => text.extend_from_slice(&piece),
            Err(error) => break error,
        }
    };
    assert_eq!((&*text, error.kind()), (&b"abcd"[..], ErrorKind::Interrupted));
}

#[tokio::test(start_paused = true)]
async fn delays_silences_and_hanging_are_on_the_paused_clock() {
    let mock = MockTransport::new();
    mock.expect_operation("Things::get")
        .reply(Reply::hang())
        .reply(Step::json("1").silence(300 * S))
        .reply(Reply::json(200, &7).delay(9 * S));
    let things: ThingsClient = mock.client().unwrap();
    assert_eq!(things.get(1).await.unwrap(), 7);
    let at: Vec<_> = mock.requests().iter().map(|request| request.at).collect();
    assert!(at[1] - at[0] >= 10 * S && at[2] - at[1] >= 10 * S, "{at:?}");
}

#[tokio::test(start_paused = true)]
async fn the_breaker_of_the_client_opens() {
    let mock = MockTransport::new();
    mock.expect_any().times(5).reply(Reply::status(500));
    let builder = mock.builder::<ThingsClient>().max_retries(0).breaker(Breaker::on());
    let things = builder.build().unwrap();
    for _ in 0..5 {
        assert_eq!(things.get(1).await.unwrap_err().kind(), ErrorKind::Status(500));
    }
    assert!(things.get(1).await.unwrap_err().is_circuit_open());
}

#[tokio::test(start_paused = true)]
async fn the_hops_of_a_redirect_are_requests_of_one_operation() {
    let mock = MockTransport::new();
    mock.expect_operation("Things::get")
        .reply(Reply::status(503))
        .reply(Reply::status(302).header("location", "/there"))
        .reply(Reply::json(200, &7));
    let things: ThingsClient = mock.client().unwrap();
    assert_eq!(things.get(1).await.unwrap(), 7);
    let seen: Vec<_> =
        mock.requests().iter().map(|request| (request.path().to_owned(), request.attempt)).collect();
    assert_eq!(seen, [("/things/1".into(), 1), ("/things/1".into(), 2), ("/there".into(), 2)]);
}

#[tokio::test(start_paused = true)]
async fn several_clients_and_messages_share_a_mock_and_may_outlive_it() {
    let mock = MockTransport::new();
    mock.on("GET", "/v1/users/x").reply(Reply::text(200, "x"));
    mock.on("GET", "/base/things/1").reply(Reply::json(200, &1));
    mock.expect_operation("HttpTransport::send").method("GET").path("/m").reply(Reply::json(200, &json!({})));
    let users: UsersClient = mock.client().unwrap();
    let things = ThingsClient::builder().base_url("http://h/base").backend(mock.backend()).build().unwrap();
    users.user("x", None).await.unwrap();
    things.get(1).await.unwrap();
    let transport: HttpTransport = mock.transport().unwrap();
    transport.connect().await.unwrap();
    transport.send(&HttpMessage::new().url("/m")).await.unwrap();
    mock.verify();
    drop(mock);
    assert_eq!(things.get(1).await.unwrap_err().kind(), ErrorKind::Request);
}

/// What `work` panics with.
fn panic_of(work: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(work)).err()?;
    Some(panic.downcast_ref::<String>().unwrap().clone())
}

#[tokio::test(start_paused = true)]
async fn what_is_not_expected_is_an_error_that_nothing_retries() {
    let mock = MockTransport::new();
    mock.expect_operation("Things::get").never();
    let things = mock.builder::<ThingsClient>().breaker(Breaker::on()).build().unwrap();
    for _ in 0..6 {
        let error = things.get(1).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 1));
        assert_eq!(
            error.to_string().split(" after ").next().unwrap(),
            "Things::get: GET http://mock.test/things/1: the request cannot be sent: the mock expects no such request; \
             `MockTransport::verify` shows what differs"
        );
    }
    assert_eq!(mock.requests().len(), 6);
    assert!(panic_of(|| mock.verify()).is_some());
}

/// A backend that numbers the attempts for the server, as its authors may.
#[derive(Debug)]
struct Numbered<B>(B);

impl<B: Backend> Backend for Numbered<B> {
    fn send(
        &self,
        mut request: pynector::http::Request<Body>,
        attempt: AttemptInfo,
    ) -> BoxFuture<'_, Result<pynector::http::Response<ResponseBody>, BackendError>> {
        assert!(request.extensions().is_empty());
        let AttemptInfo { operation, attempt: nth, .. } = attempt;
        let label = format!("{} {} {nth}", operation.name(), operation.template());
        request.headers_mut().insert("x-attempt", label.parse().unwrap());
        self.0.send(request, attempt)
    }
}

#[tokio::test(start_paused = true)]
async fn backends_are_told_the_operation_and_the_attempt() {
    let mock = MockTransport::new();
    mock.expect_any().header("x-attempt", "Things::get /things/{id} 1").reply(Reply::status(503));
    mock.expect_any().header("x-attempt", "Things::get /things/{id} 2").reply(Reply::json(200, &7).delay(MS));
    let builder = ThingsClient::builder().base_url("http://h").backend(Numbered(mock.backend()));
    assert_eq!(builder.build().unwrap().get(1).await.unwrap(), 7);
}
