//! `blocking`: calls outside async code, over real sockets, from every thread but those that must not wait.

use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Waker};
use std::thread;

use http_body_util::BodyExt as _;
use pynector::backend::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody, ScriptBackend, Step};
use pynector::{Body, ByteStream, CallInfo, Error, ErrorKind, Event, Observer, Result};
use pynector_tests::raw::{RawServer, Reply};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{self, coop};

#[pynector::api(
    base_url = "http://127.0.0.1:9",
    blocking,
    retry(max_retries = 2, initial_backoff = "1ms", status_codes(503))
)]
pub(crate) trait Jobs {
    #[get("/jobs/{id}")]
    async fn job(&self, id: &str, #[query] page: Option<u32>) -> Result<String>;

    #[get("/slow", timeout = "500ms", retry = off)]
    async fn slow(&self) -> Result<()>;

    #[get("/stream")]
    async fn stream(&self) -> Result<ByteStream>;

    /// By a body, with an error of its own.
    async fn both(&self, (first, second): (&str, &str)) -> Result<String, Failed> {
        Ok(self.job(first, None).await? + &self.job(second, None).await?)
    }

    fn limit(&self) -> usize {
        3
    }
}

#[derive(Debug)]
pub(crate) struct Failed(ErrorKind);

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self(error.kind())
    }
}

/// A server in a runtime of its own, and a client of it.
fn served(replies: impl IntoIterator<Item = Reply>) -> (JobsBlocking, RawServer, Runtime) {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(RawServer::start(replies));
    (JobsBlocking::at(server.url()).unwrap(), server, runtime)
}

fn ok(body: &str) -> Reply {
    Reply::ok("200 OK", "", body)
}

fn scripted(steps: impl IntoIterator<Item = Step>) -> (JobsBlocking, ScriptBackend) {
    let script = ScriptBackend::new(steps);
    let client = JobsClient::builder().backend(script.clone()).build().unwrap();
    (JobsBlocking::from_client(client).unwrap(), script)
}

fn text(body: &'static str) -> Step {
    Step::status(200).body(body)
}

/// How much a task may still do before it must let others run.
fn units_left() -> usize {
    let mut context = Context::from_waker(Waker::noop());
    let mut unit = || coop::poll_proceed(&mut context).map(|unit| unit.made_progress());
    (0..256).take_while(|_| unit().is_ready()).count()
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(answer: Result<T>) {
    let error = answer.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error:?}");
    assert!(error.to_string().contains("in async code"), "{error}");
    assert!(error.to_string().contains("spawn_blocking"), "{error}");
}

#[test]
fn blocking_calls_outside_a_runtime() {
    let (jobs, server, _runtime) =
        served([ok("a"), Reply::ok("503 Busy", "", ""), ok("b"), ok("c"), Reply::Hang]);
    assert_eq!(jobs.job("1", Some(2)).unwrap(), "a");
    assert_eq!(jobs.both(("2", "3")).unwrap(), "bc");
    assert_eq!(jobs.limit(), 3);
    assert_eq!(jobs.slow().unwrap_err().kind(), ErrorKind::Timeout);
    let lines: Vec<String> =
        server.requests().iter().map(|request| request.lines().next().unwrap().to_owned()).collect();
    let expected = ["1?page=2", "2", "2", "3"].map(|path| format!("GET /jobs/{path} HTTP/1.1"));
    assert_eq!(lines[..4], expected);
    assert_eq!(lines[4], "GET /slow HTTP/1.1");
    assert_eq!(JobsBlocking::new().unwrap().both(("1", "2")).unwrap_err().0, ErrorKind::Refused);
}

#[test]
fn blocking_calls_where_a_runtime_lets_threads_wait() {
    let (jobs, _server, runtime) = served([ok("a")]);
    let inside = jobs.clone();
    let answer =
        runtime.block_on(async { task::spawn_blocking(move || inside.job("1", None)).await.unwrap() });
    assert_eq!(answer.unwrap(), "a");
    let inside = jobs.clone();
    let in_place = runtime.spawn(async move { task::block_in_place(|| inside.job("1", None)) });
    assert_eq!(Runtime::new().unwrap().block_on(in_place).unwrap().unwrap(), "a");
    let _entered = runtime.enter();
    assert_eq!(jobs.job("1", None).unwrap(), "a");
}

#[test]
fn blocking_calls_are_refused_in_async_code() {
    let (jobs, script) = scripted([text("a")]);
    let inside = jobs.clone();
    let many = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    many.block_on(async {
        assert_refused(inside.job("1", None));
        assert_eq!(inside.both(("1", "2")).unwrap_err().0, ErrorKind::Config);
        assert!(units_left() > 64, "what the question spent is given back");
        assert_refused(inside.runtime().wait(std::future::ready(1)));
        let inside = inside.clone();
        task::spawn(async move { assert_refused(inside.job("1", None)) }).await.unwrap();
    });
    let one = Builder::new_current_thread().enable_all().build().unwrap();
    one.block_on(async { assert_refused(jobs.job("1", None)) });
    let local = task::LocalSet::new();
    let inside = jobs.clone();
    local.spawn_local(async move { assert_refused(inside.job("1", None)) });
    one.block_on(local);
    assert!(script.requests().is_empty());
    // Where the task hides that it is one, the thread waits; that is impolite, and no more.
    assert_eq!(many.block_on(task::unconstrained(async { jobs.job("1", None) })).unwrap(), "a");
}

#[test]
fn blocking_clients_are_made_and_dropped_anywhere() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    for round in 0..20 {
        let (jobs, _script) = runtime.block_on(async {
            drop(scripted([]));
            scripted([text("a")])
        });
        if round % 2 == 0 {
            let inside = jobs.clone();
            runtime.block_on(async move { drop(inside) });
        }
        assert_eq!(jobs.job("1", None).unwrap(), "a");
        runtime.block_on(async move {
            task::spawn(async move { drop(jobs) }).await.unwrap();
        });
    }
}

#[test]
fn blocking_calls_of_many_threads_share_connections() {
    let (jobs, server, _runtime) = served([ok("a")]);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..25 {
                    assert_eq!(jobs.job("1", None).unwrap(), "a");
                }
            });
        }
    });
    assert_eq!(server.requests().len(), 200);
    // Some more than threads, since a call that finds none idle connects at once.
    assert!(server.connections() < 100, "{} connections", server.connections());
}

#[test]
fn blocking_streams_are_waited_for_piece_by_piece() {
    let (jobs, _server, _runtime) = served([Reply::Close(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n".to_vec(),
    )]);
    let mut stream = jobs.stream().unwrap();
    let mut read = Vec::new();
    while let Some(piece) = jobs.runtime().wait(stream.next()).unwrap() {
        read.extend_from_slice(&piece.unwrap());
    }
    assert_eq!(read, b"abc");
}

/// One item is waited for; then the iterator is asked in a task, where it must not wait.
#[test]
fn blocking_streams_are_iterators_that_end_with_a_refusal() {
    let (jobs, _server, runtime) = served([Reply::Close(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n".to_vec(),
    )]);
    let mut pieces = jobs.runtime().iter(jobs.stream().unwrap());
    assert_eq!(pieces.next().unwrap().unwrap(), "a");
    let (refused, mut pieces) = runtime.block_on(async { (pieces.next().unwrap(), pieces) });
    assert_refused(refused);
    assert!(pieces.next().is_none());

    let (jobs, _server, _runtime) = served([Reply::Close(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n".to_vec(),
    )]);
    let pieces: Result<Vec<_>> = jobs.runtime().iter(jobs.stream().unwrap()).collect();
    assert_eq!(pieces.unwrap().concat(), b"abc");
}

/// Makes a call in a task of the runtime that drives the calls, and says what came of it.
#[derive(Debug, Default)]
struct Reentrant {
    jobs: Arc<OnceLock<JobsBlocking>>,
    answer: Arc<Mutex<Option<Result<String>>>>,
}

impl Backend for Reentrant {
    fn send(
        &self,
        _: pynector::http::Request<Body>,
        _: AttemptInfo,
    ) -> BoxFuture<'_, Result<pynector::http::Response<ResponseBody>, BackendError>> {
        Box::pin(async {
            let jobs = self.jobs.get().cloned().unwrap();
            let inside = task::spawn(task::unconstrained(async move { jobs.job("2", None) }));
            *self.answer.lock().unwrap() = Some(inside.await.unwrap());
            let body = ResponseBody::new(http_body_util::Empty::new().map_err(|never| match never {}));
            Ok(pynector::http::Response::new(body))
        })
    }
}

#[test]
fn blocking_calls_on_the_thread_that_drives_them_are_refused() {
    let backend = Reentrant::default();
    let (jobs, answer) = (Arc::clone(&backend.jobs), Arc::clone(&backend.answer));
    let client = JobsClient::builder().backend(backend).build().unwrap();
    let blocking = jobs.get_or_init(|| JobsBlocking::from_client(client).unwrap());
    assert_eq!(blocking.job("1", None).unwrap(), "");
    assert_refused(answer.lock().unwrap().take().unwrap());
}

/// Makes a call whenever an attempt of another client starts.
#[derive(Debug)]
struct Chained(JobsBlocking);

impl Observer for Chained {
    fn event(&self, _: &CallInfo<'_>, event: &Event) {
        if matches!(event, Event::AttemptStarted { .. }) {
            assert_eq!(self.0.job("inner", None).unwrap(), "inner");
        }
    }
}

#[test]
fn blocking_calls_may_stand_inside_a_blocking_call() {
    let (inner, inner_server, _inner_runtime) = served([ok("inner")]);
    let (outer, outer_server, _outer_runtime) = served([ok("outer")]);
    let client = JobsClient::builder().base_url(outer_server.url()).observer(Chained(inner)).build().unwrap();
    drop(outer);
    let outer = JobsBlocking::from_client(client).unwrap();
    for _ in 0..20 {
        assert_eq!(outer.job("1", None).unwrap(), "outer");
    }
    assert_eq!((inner_server.requests().len(), outer_server.requests().len()), (20, 20));
}

#[test]
fn blocking_waits_inside_a_wait_leave_it_what_wakes_it() {
    let (jobs, _script) = scripted([]);
    let (bell, heard) = tokio::sync::oneshot::channel();
    let (door, opened) = tokio::sync::oneshot::channel();
    // The bell rings between the outer wait's poll and its sleep; the inner wait sleeps and is woken once before that.
    let inner = async {
        bell.send(()).unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(20 * crate::MS);
                door.send(()).unwrap();
            });
            jobs.runtime().wait(opened)
        })
    };
    let (heard, opened) = jobs.runtime().wait(futures_util::future::join(heard, inner)).unwrap();
    assert_eq!((heard, opened.unwrap()), (Ok(()), Ok(())));
}
