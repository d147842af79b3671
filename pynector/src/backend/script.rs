//! A backend that plays a script instead of using a network, for tests on paused time.

use std::collections::VecDeque;
use std::fmt;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use http_body::{Body as _, Frame};
use http_body_util::BodyExt as _;
use tokio::time::Instant;

use super::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody, SentRequest};
use crate::clock;
use crate::policy::classify::{Failure, Stage};
use crate::request::body::Body;
use crate::watch::Progress;

/// Answers requests from a list of steps, in order, and keeps what it was asked.
///
/// A request beyond the last step fails with [`Failure::Connect`]; [`remaining`](Self::remaining) tells whether every
/// step was played. Clones share the script.
///
/// ```
/// use pynector::backend::{ScriptBackend, Step};
///
/// let script = ScriptBackend::new([Step::status(503).header("retry-after", "2"), Step::json("[1, 2]")]);
/// ```
#[derive(Clone, Default)]
pub struct ScriptBackend(Arc<Mutex<State>>);

/// Counts alone: a script may hold what a test must not find in a log.
impl fmt::Debug for ScriptBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        write!(f, "ScriptBackend({} steps left, {} requests)", state.steps.len(), state.requests.len())
    }
}

#[derive(Default)]
struct State {
    steps: VecDeque<Step>,
    requests: Vec<SentRequest>,
}

/// One answer of a script.
#[derive(Clone, Debug)]
pub struct Step {
    answer: Answer,
    after: Duration,
    reading: Duration,
}

#[derive(Clone, Debug)]
enum Answer {
    Response { status: u16, headers: Vec<(HeaderName, HeaderValue)>, chunks: Vec<Chunk> },
    Failure(Failure),
    Hang,
    Connecting,
}

/// A piece of a response body.
#[derive(Clone, Debug)]
enum Chunk {
    Data(Bytes),
    Broken,
    Silence(Duration),
}

impl Step {
    const fn new(answer: Answer) -> Self {
        Self { answer, after: Duration::ZERO, reading: Duration::ZERO }
    }

    /// A response without a body.
    pub const fn status(status: u16) -> Self {
        Self::new(Answer::Response { status, headers: Vec::new(), chunks: Vec::new() })
    }

    /// A 200 with this JSON text.
    pub fn json(text: impl Into<Bytes>) -> Self {
        Self::status(200).header("content-type", "application/json").body(text)
    }

    /// No response, for this reason.
    pub const fn fail(failure: Failure) -> Self {
        Self::new(Answer::Failure(failure))
    }

    /// No response, ever.
    pub const fn hang() -> Self {
        Self::new(Answer::Hang)
    }

    /// A connection that is never made; it fails when the `connect` clock runs out.
    pub const fn connecting() -> Self {
        Self::new(Answer::Connecting)
    }

    /// Adds a header; a name or value that is not valid is left out.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Answer::Response { headers, .. }, Ok(name), Ok(value)) =
            (&mut self.answer, name.parse::<HeaderName>(), HeaderValue::from_str(value))
        {
            headers.push((name, value));
        }
        self
    }

    /// Adds a piece of the body.
    pub fn body(self, bytes: impl Into<Bytes>) -> Self {
        self.chunk(Chunk::Data(bytes.into()))
    }

    /// Breaks the body off here.
    pub fn broken(self) -> Self {
        self.chunk(Chunk::Broken)
    }

    /// Breaks the body off after so many bytes of what was added so far.
    pub fn broken_after(mut self, bytes: usize) -> Self {
        if let Answer::Response { chunks, .. } = &mut self.answer {
            let mut left = bytes;
            for chunk in chunks {
                if let Chunk::Data(data) = chunk {
                    data.truncate(left);
                    left -= data.len();
                }
            }
        }
        self.broken()
    }

    /// Lets the body pause.
    pub fn silence(self, pause: Duration) -> Self {
        self.chunk(Chunk::Silence(pause))
    }

    /// Waits before the answer.
    pub const fn after(mut self, wait: Duration) -> Self {
        self.after = wait;
        self
    }

    /// Takes the body of the request piece by piece, and waits so long before each.
    ///
    /// There are pieces, of 8 KiB, only where the `write` clock or `read_head` asks for them; else the body is one.
    pub const fn reading(mut self, pause: Duration) -> Self {
        self.reading = pause;
        self
    }

    fn chunk(mut self, chunk: Chunk) -> Self {
        if let Answer::Response { chunks, .. } = &mut self.answer {
            chunks.push(chunk);
        }
        self
    }
}

impl ScriptBackend {
    /// A backend that answers by `steps`.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let steps = steps.into_iter().collect();
        Self(Arc::new(Mutex::new(State { steps, requests: Vec::new() })))
    }

    /// Adds steps at the end.
    pub fn push(&self, steps: impl IntoIterator<Item = Step>) {
        self.state().steps.extend(steps);
    }

    /// What was asked so far.
    pub fn requests(&self) -> Vec<SentRequest> {
        self.state().requests.clone()
    }

    /// How many steps were not played.
    pub fn remaining(&self) -> usize {
        self.state().steps.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, request: &http::Request<Body>, attempt: AttemptInfo) -> (usize, Step) {
        let mut state = self.state();
        state.requests.push(SentRequest::of(request, attempt));
        let step = state.steps.pop_front().unwrap_or(Step::fail(Failure::Connect));
        (state.requests.len() - 1, step)
    }
}

impl Backend for ScriptBackend {
    fn send(
        &self,
        request: http::Request<Body>,
        attempt: AttemptInfo,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        let (nth, step) = self.next(&request, attempt);
        Box::pin(async move {
            let streamed = request.body().is_streamed();
            let taken = |piece: &Bytes| {
                if let Some(request) = self.state().requests.get_mut(nth).filter(|_| streamed) {
                    request.body = [&request.body[..], piece].concat().into();
                }
            };
            step.play(request.into_body(), attempt.connect_by, taken).await
        })
    }
}

impl Step {
    /// Takes the body of a request, unless this step fails before anything is sent, and answers it.
    pub(crate) async fn play(
        self,
        mut body: Body,
        connect_by: Option<Instant>,
        taken: impl Fn(&Bytes),
    ) -> Result<http::Response<ResponseBody>, BackendError> {
        let unsent = matches!(self.answer, Answer::Failure(failure) if failure.stage() == Stage::NotSent);
        let connecting = matches!(self.answer, Answer::Connecting);
        let progress = body.watch().filter(|_| connecting).cloned();
        let _told = progress.as_ref().map(Progress::connecting);
        while !connecting && !unsent && !body.is_end_stream() {
            clock::sleep(self.reading).await;
            match body.frame().await {
                Some(Ok(frame)) => frame.data_ref().into_iter().for_each(&taken),
                Some(Err(error)) => return Err(BackendError::with_source(Failure::RequestBody, error)),
                None => break,
            }
        }
        clock::sleep(self.after).await;
        match self.answer {
            Answer::Failure(failure) => Err(BackendError::new(failure)),
            Answer::Hang => std::future::pending().await,
            Answer::Connecting => {
                // Nothing ever connects, so only the clock can end this.
                let _ = clock::until(connect_by, pin!(std::future::pending::<()>())).await;
                Err(BackendError::new(Failure::ConnectTimeout))
            }
            Answer::Response { status, headers, chunks } => Ok(response(status, headers, chunks)),
        }
    }
}

fn response(
    status: u16,
    headers: Vec<(HeaderName, HeaderValue)>,
    chunks: Vec<Chunk>,
) -> http::Response<ResponseBody> {
    let mut response =
        http::Response::new(ResponseBody::new(ScriptBody { chunks: chunks.into(), pause: None }));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    for (name, value) in headers {
        response.headers_mut().append(name, value);
    }
    response
}

struct ScriptBody {
    chunks: VecDeque<Chunk>,
    pause: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl http_body::Body for ScriptBody {
    type Data = Bytes;
    type Error = BackendError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        loop {
            if let Some(pause) = &mut self.pause {
                std::task::ready!(pause.as_mut().poll(cx));
                self.pause = None;
            }
            return Poll::Ready(match self.chunks.pop_front() {
                None => None,
                Some(Chunk::Data(bytes)) => Some(Ok(Frame::data(bytes))),
                Some(Chunk::Broken) => Some(Err(BackendError::new(Failure::BodyInterrupted))),
                Some(Chunk::Silence(pause)) => {
                    self.pause = Some(Box::pin(clock::sleep(pause)));
                    continue;
                }
            });
        }
    }
}
