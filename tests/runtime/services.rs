//! Services of tower below the policies: how far a failed request came is said, never guessed.

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use pynector::backend::{
    AttemptInfo, Backend, BackendError, BackendService, ResponseBody, ScriptBackend, Step, TowerBackend,
};
use pynector::{Body, ErrorKind, Failure, HttpTransport, Jitter, Operation, RetryPolicy, Timeouts};
use pynector_tests::raw::{RawServer, Reply};
use tower::{BoxError, Service, ServiceBuilder};

use crate::{GET, MS, S};

const POST: Operation = Operation::post("T::post", "/p");

/// One answer of a service.
type Given = Result<http::Response<Pieces>, BoxError>;

/// What a service says of being ready.
type Readiness = Poll<Result<(), BoxError>>;

/// A service that plays a list, and says beforehand whether it is ready.
#[derive(Clone, Default)]
struct Scripted {
    answers: Arc<Mutex<VecDeque<Given>>>,
    /// What `poll_ready` says first; each is said once.
    ready: Arc<Mutex<VecDeque<Readiness>>>,
    calls: Arc<AtomicUsize>,
    is_ready: bool,
}

impl Scripted {
    fn of(answers: impl IntoIterator<Item = Given>) -> Self {
        Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), ..Self::default() }
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Service<http::Request<Body>> for Scripted {
    type Response = http::Response<Pieces>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Given>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        let poll = self.ready.lock().unwrap().pop_front().unwrap_or(Poll::Ready(Ok(())));
        self.is_ready = matches!(poll, Poll::Ready(Ok(())));
        poll
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "called without being asked whether it is ready");
        assert!(request.extensions().get::<AttemptInfo>().is_some_and(|info| info.connect_by.is_some()));
        self.calls.fetch_add(1, Ordering::Relaxed);
        let given = self.answers.lock().unwrap().pop_front().unwrap_or_else(|| Ok(seven()));
        Box::pin(async move { given })
    }
}

/// A body of pieces that are no `Bytes`, and that may break.
struct Pieces(VecDeque<Result<VecDeque<u8>, BoxError>>);

impl http_body::Body for Pieces {
    type Data = VecDeque<u8>;
    type Error = BoxError;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<VecDeque<u8>>, BoxError>>> {
        Poll::Ready(self.0.pop_front().map(|piece| piece.map(http_body::Frame::data)))
    }
}

fn answer(pieces: impl IntoIterator<Item = Result<&'static str, BoxError>>) -> http::Response<Pieces> {
    let pieces = pieces.into_iter().map(|piece| piece.map(|text| text.bytes().collect())).collect();
    http::Response::builder().header("content-type", "application/json").body(Pieces(pieces)).unwrap()
}

fn seven() -> http::Response<Pieces> {
    answer([Ok("7")])
}

/// An error of which nobody knows anything, around another one.
#[derive(Debug)]
struct Odd(Option<BoxError>);

impl std::fmt::Display for Odd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("odd")
    }
}

impl StdError for Odd {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

fn odd() -> BoxError {
    Odd(None).into()
}

/// As services wrap the errors of those that they stand around.
fn wrapped(failure: Failure) -> BoxError {
    Odd(Some(Odd(Some(BackendError::new(failure).into())).into())).into()
}

fn over<B: Backend>(backend: B) -> HttpTransport {
    let retry = RetryPolicy::new().jitter(Jitter::None).initial_backoff(MS).max_retries(2);
    let timeouts = Timeouts::new().connect(2 * S).attempt(5 * S);
    HttpTransport::builder("http://h").backend(backend).retry(retry).timeouts(timeouts).build().unwrap()
}

async fn post(service: &Scripted) -> Result<u32, pynector::Error> {
    over(TowerBackend::new(service.clone())).call(&POST).json(&1).send().await
}

#[tokio::test(start_paused = true)]
async fn idm_1_what_a_service_does_not_say_is_unknown_and_a_post_is_sent_once() {
    let service = Scripted::of([Err(odd())]);
    let error = post(&service).await.unwrap_err();
    assert_eq!((error.kind(), service.calls()), (ErrorKind::Interrupted, 1));
    assert!(error.was_sent() && error.to_string().contains("came: odd"), "{error}");
    // What is safe to repeat is repeated.
    let service = Scripted::of([Err(odd()), Err(odd())]);
    let seven = over(TowerBackend::new(service.clone())).call(&GET).send::<u32>().await.unwrap();
    assert_eq!((seven, service.calls()), (7, 3));
}

#[tokio::test(start_paused = true)]
async fn idm_1_a_backend_error_among_the_causes_says_how_far_it_came() {
    for (failure, calls) in [(Failure::Refused, 2), (Failure::Nack, 2), (Failure::AttemptTimeout, 1)] {
        for error in [wrapped(failure), BackendError::new(failure).into()] {
            let service = Scripted::of([Err(error)]);
            assert_eq!(post(&service).await.is_ok(), calls == 2, "{failure:?}");
            assert_eq!(service.calls(), calls, "{failure:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn idm_1_a_classifier_hears_of_each_cause_and_never_overrules_a_backend_error() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let classify = move |cause: &(dyn StdError + 'static)| {
        counted.fetch_add(1, Ordering::Relaxed);
        cause.downcast_ref::<Odd>().filter(|odd| odd.0.is_none()).map(|_| Failure::Canceled)
    };
    let service = Scripted::of([Err(Odd(Some(odd())).into()), Err(wrapped(Failure::Interrupted))]);
    let transport = over(TowerBackend::new(service.clone()).classify(classify));
    let error = transport.call(&POST).send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), service.calls()), (ErrorKind::Interrupted, 2));
    assert_eq!(asked.load(Ordering::Relaxed), 2, "both causes of the first error, none of the second");
}

#[tokio::test(start_paused = true)]
async fn idm_1_a_service_that_is_not_ready_was_given_nothing() {
    // Whatever it says of itself, it cannot have sent what it was not given.
    for error in [odd(), wrapped(Failure::Interrupted), wrapped(Failure::Dns)] {
        let service = Scripted::default();
        *service.ready.lock().unwrap() = [Poll::Ready(Err(error))].into();
        assert_eq!(post(&service).await.unwrap(), 7);
        assert_eq!(service.calls(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn tmo_1_the_connect_clock_runs_until_a_service_is_ready() {
    let service = Scripted::default();
    *service.ready.lock().unwrap() = (0..20).map(|_| Poll::Pending).collect();
    let backend = TowerBackend::new(service.clone());
    let error = over(backend).call(&POST).send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), service.calls()), (ErrorKind::ConnectTimeout, 3, 0));
    assert_eq!(error.elapsed(), 6 * S + 3 * MS);
}

#[tokio::test(start_paused = true)]
async fn bod_6_a_body_that_breaks_is_read_again() {
    let service = Scripted::of([Ok(answer([Ok("[1, "), Err(odd())])), Ok(answer([Ok("[1, "), Ok("2]")]))]);
    let transport = over(TowerBackend::new(service.clone()));
    assert_eq!(transport.call(&GET).send::<Vec<u32>>().await.unwrap(), [1, 2]);
    assert_eq!(service.calls(), 2);
}

/// Counts who is inside at once.
#[derive(Clone, Debug, Default)]
struct Crowd {
    inside: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Backend for Crowd {
    fn send(
        &self,
        request: http::Request<Body>,
        attempt: AttemptInfo,
    ) -> pynector::backend::BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        assert_eq!((attempt.operation.name(), attempt.attempt), ("Test::get", 1));
        assert!(attempt.connect_by.is_some() && request.extensions().is_empty());
        let inside = self.inside.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(inside, Ordering::Relaxed);
        Box::pin(async move {
            tokio::time::sleep(MS).await;
            self.inside.fetch_sub(1, Ordering::Relaxed);
            Ok(http::Response::new(ResponseBody::from_bytes("7")))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn layers_of_tower_stand_around_a_backend() {
    for (limit, most) in [(3, 3), (100, 20)] {
        let crowd = Crowd::default();
        let wire = ServiceBuilder::new().concurrency_limit(limit).service(BackendService::new(crowd.clone()));
        let transport = over(TowerBackend::new(wire));
        let calls = (0..20).map(|_| transport.call(&GET).send::<u32>());
        futures_util::future::try_join_all(calls).await.unwrap();
        assert_eq!(crowd.most.load(Ordering::Relaxed), most);
    }
}

#[tokio::test(start_paused = true)]
async fn a_shed_attempt_was_not_sent_and_is_tried_again() {
    let script = ScriptBackend::new([Step::json("7").after(2 * MS), Step::json("8")]);
    let layers = ServiceBuilder::new().load_shed().concurrency_limit(1);
    let wire = TowerBackend::new(layers.service(BackendService::new(script.clone())));
    let transport =
        over(wire.classify(|cause| {
            cause.is::<tower::load_shed::error::Overloaded>().then_some(Failure::Canceled)
        }));
    let call = || transport.call(&POST).send::<u32>();
    let (first, second) = tokio::join!(call(), call());
    assert_eq!((first.unwrap(), second.unwrap(), script.requests().len()), (7, 8, 2));
}

#[tokio::test]
async fn hypers_client_is_a_backend() {
    let reply = |body: &'static str| Reply::ok("200 OK", "content-type: application/json\r\n", body);
    let server = RawServer::start([
        Reply::Close(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1".to_vec()),
        reply("7"),
    ]);
    let server = server.await;
    let client: legacy::Client<_, Body> = legacy::Client::builder(TokioExecutor::new()).build_http();
    let transport = HttpTransport::builder(server.url()).backend(TowerBackend::new(client)).build().unwrap();
    assert_eq!(transport.call(&GET).query("a", "b").send::<u32>().await.unwrap(), 7);
    assert_eq!(transport.call(&POST).json(&[1, 2]).send::<u32>().await.unwrap(), 7);
    let requests = server.requests();
    assert!(requests[1].starts_with("GET /x?a=b HTTP/1.1\r\n"), "{requests:?}");
    assert!(
        requests[2].starts_with("POST /p HTTP/1.1\r\n") && requests[2].ends_with("[1,2]"),
        "{requests:?}"
    );
}
