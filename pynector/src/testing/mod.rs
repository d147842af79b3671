//! A double of the wire, for tests of programs that use generated clients or messages.

mod diff;
mod expectation;
mod json;
mod reply;
mod rules;
mod verdict;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::BodyExt as _;

pub use self::expectation::{Expectation, Times};
pub use self::reply::Reply;
use self::verdict::State;
use crate::backend::{AttemptInfo, Backend, BackendError, BoxFuture, Explained, ResponseBody, SentRequest};
use crate::client::{BaseUrl, Client, ClientBuilder};
use crate::error::Result;
use crate::operation::Operation;
use crate::policy::classify::Failure;
use crate::request::body::Body;
use crate::transport::http::HttpTransport;

/// The base URL of clients whose trait names none; `.test` belongs to nobody (RFC 6761 §6.2).
const BASE_URL: &str = "http://mock.test";

/// Answers requests by expectations instead of using a network, and checks that all of them were met.
///
/// It stands below everything: what a program gets has gone through the settings, the retries, the breaker, the redirects
/// and the decoding of its client, and every attempt is a request of its own here. With tokio's paused time the waits
/// cost nothing; without it they are waited for.
///
/// A request goes to the first expectation that it matches and that has a reply left. One that matches none is an error of
/// kind [`Request`](crate::ErrorKind::Request), which is not retried, and is remembered: [`verify`](Self::verify), or else
/// the drop of the mock, panics and shows how it differs from the expectation that comes nearest. Keep the mock until the end
/// of the test for that. A streamed body is read to its end before that, whatever the reply is then. If the test panics by itself, the differences are printed to the standard error.
///
/// ```
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] // in a test: #[tokio::test(start_paused = true)]
/// # async fn main() -> pynector::Result<()> {
/// use pynector::testing::{MockTransport, Reply};
/// use serde_json::json;
///
/// #[pynector::api(base_url = "https://api.example.com/v1")]
/// trait Notes {
///     #[get("/notes/{id}")]
///     async fn note(&self, id: u64) -> pynector::Result<String>;
///
///     #[put("/notes/{id}")]
///     async fn write(&self, id: u64, #[json] text: &str) -> pynector::Result<()>;
/// }
///
/// let mock = MockTransport::new();
/// mock.expect_operation("Notes::note").reply(Reply::status(503)).reply(Reply::text(200, "buy milk"));
/// mock.on("PUT", "/v1/notes/7").json(&json!("buy bread")).reply(Reply::status(204));
///
/// let notes: NotesClient = mock.client()?;
/// assert_eq!(notes.note(7).await?, "buy milk"); // after a retry
/// notes.write(7, "buy bread").await?;
///
/// assert_eq!(mock.requests()[0].uri, "https://api.example.com/v1/notes/7");
/// mock.verify();
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct MockTransport(Arc<Shared>);

#[derive(Default)]
struct Shared(Mutex<State>);

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MockTransport {
    /// A mock that expects nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Expects requests of `operation`, such as `&GitHubClient::OPERATIONS[0]`: of this name, method and template.
    #[track_caller]
    pub fn expect(&self, operation: &Operation) -> Expectation {
        Expectation::new(&self.0, &format!("`{}`", operation.name())).of(operation)
    }

    /// Expects requests of the operation of this name, such as `GitHub::issues`; messages are `HttpTransport::send`.
    #[track_caller]
    pub fn expect_operation(&self, name: &str) -> Expectation {
        Expectation::new(&self.0, &format!("`{name}`")).named(name)
    }

    /// Expects requests of this method and path: the path as it is sent, percent-encoded, with the path of the base URL in
    /// front. A query behind it is one [`query`](Expectation::query) for each of its parameters.
    #[track_caller]
    pub fn on(&self, method: &str, path: &str) -> Expectation {
        Expectation::new(&self.0, &format!("`{method} {path}`")).method(method).target(path)
    }

    /// Expects any request; what it must be like is up to the methods of the [`Expectation`].
    #[track_caller]
    pub fn expect_any(&self) -> Expectation {
        Expectation::new(&self.0, "any request")
    }

    /// A client whose calls come here. Its base URL is that of its trait, or `http://mock.test`. Values for a `prefix` are
    /// still to be given, as by `mock.client::<ShopClient>()?.with_tenant("acme")`.
    ///
    /// # Errors
    ///
    /// Those of [`ClientBuilder::build`].
    pub fn client<C: Client>(&self) -> Result<C> {
        self.builder().build()
    }

    /// A transport whose calls and messages come here; its base URL is `http://mock.test`.
    ///
    /// # Errors
    ///
    /// Those of [`ClientBuilder::build`].
    pub fn transport(&self) -> Result<HttpTransport> {
        self.client()
    }

    /// The builder behind [`client`](Self::client), to be given settings.
    pub fn builder<C: Client>(&self) -> ClientBuilder<C, BaseUrl> {
        let base_url = C::API.default_base_url().unwrap_or(BASE_URL);
        ClientBuilder::<C, BaseUrl>::new().base_url(base_url).backend(self.backend())
    }

    /// The mock as a backend, for a builder of your own: `GitHubClient::builder().backend(mock.backend())`.
    pub fn backend(&self) -> impl Backend + use<> {
        Wire(Arc::clone(&self.0))
    }

    /// What came so far, in order: one for each attempt and each hop of a redirect, those that matched nothing among them.
    pub fn requests(&self) -> Vec<SentRequest> {
        self.0.state().requests().cloned().collect()
    }

    /// Checks that every request matched an expectation, and that each expectation got its [`times`](Expectation::times).
    ///
    /// # Panics
    ///
    /// If not, with what differs. A drop does the same unless this, or the test, has panicked.
    #[track_caller]
    pub fn verify(&self) {
        if let Some(problems) = self.take_problems() {
            panic_with(&problems);
        }
    }

    /// What [`verify`](Self::verify) would panic with now, if anything.
    pub fn problems(&self) -> Option<String> {
        self.0.state().problems()
    }

    /// The problems, unless somebody has heard them already.
    fn take_problems(&self) -> Option<String> {
        let mut state = self.0.state();
        state.problems().filter(|_| state.is_news())
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "a mock that was not met fails its test")]
fn panic_with(problems: &str) -> ! {
    panic!("{problems}")
}

impl Drop for MockTransport {
    fn drop(&mut self) {
        match self.take_problems() {
            // A second panic would end the whole test binary.
            Some(problems) if std::thread::panicking() => eprintln!("{problems}"),
            Some(problems) => panic_with(&problems),
            None => {}
        }
    }
}

/// Counts alone: bodies and headers may hold secrets.
impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        write!(
            f,
            "MockTransport({} expectations, {} requests)",
            state.expectations().len(),
            state.requests().count()
        )
    }
}

/// The mock as clients see it. They may outlive it.
#[derive(Debug)]
struct Wire(Arc<Shared>);

impl Backend for Wire {
    fn send(
        &self,
        request: http::Request<Body>,
        attempt: AttemptInfo,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        Box::pin(async move {
            // An expectation may look at the body, so it is read before anybody knows what the answer is.
            let request = whole(request).await?;
            let sent = SentRequest::of(&request, attempt);
            let answered = self.0.state().answer(sent);
            match answered {
                Ok(reply) => reply.into_step().play(request.into_body(), attempt.connect_by, |_| {}).await,
                Err(unmatched) => {
                    Err(BackendError::with_source(Failure::Request, Explained::in_words(unmatched)))
                }
            }
        })
    }
}

/// The request with its body in one piece.
async fn whole(request: http::Request<Body>) -> Result<http::Request<Body>, BackendError> {
    if !request.body().is_streamed() {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    match body.collect().await {
        Ok(pieces) => Ok(http::Request::from_parts(parts, Body::bytes(pieces.to_bytes()))),
        Err(error) => Err(BackendError::with_source(Failure::RequestBody, error)),
    }
}
