//! One attempt: send, read the answer to its end, under the clocks that bound it.

mod ended;

use std::mem;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::{HeaderMap, HeaderName, Method, Uri};
use http_body::Body as _;
use tokio::time::Instant;

pub(crate) use self::ended::{Ended, Trouble};
use crate::backend::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody};
use crate::clock;
use crate::error::Clock;
use crate::operation::Resolved;
use crate::policy::classify::{self, Failure, Outcome, RetryVerdict};
use crate::policy::redirect;
use crate::request::base::Origin;
use crate::request::body::Body;
use crate::request::header::Fields;
use crate::response::ResponseHead;
use crate::response::body::{Arrived, BodyError, Reading};
use crate::response::decode::ERROR_BODY;
use crate::response::decompress::{Corrupt, Decoder};
use crate::watch::Watch;

/// How long the body of an answer may take to come that is thrown away when the call goes on: worth it only so that the
/// connection can be used again (BOD-4).
const DRAIN: Duration = Duration::from_millis(50);

/// And that of an answer with which the call ends, whose error keeps it (BOD-5).
const CAPTURE: Duration = Duration::from_secs(1);

/// A request that can be sent any number of times: everything in it is shared, not copied.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) origin: Arc<Origin>,
    pub(crate) headers: Fields,
    pub(crate) body: Body,
    /// The header of its idempotency key, which goes wherever the request goes.
    pub(crate) key: Option<HeaderName>,
}

impl Request {
    pub(crate) fn to_http(&self) -> http::Request<Body> {
        assembled(self.method.clone(), self.uri.clone(), self.headers.to_map(), self.body.clone())
    }

    /// The same of one whose body is here whole, where nothing else is wanted of it.
    #[inline]
    pub(crate) fn into_whole(self) -> http::Request<Bytes> {
        assembled(self.method, self.uri, self.headers.into_map(), self.body.into_bytes())
    }
}

#[inline]
fn assembled<B>(method: Method, uri: Uri, headers: HeaderMap, body: B) -> http::Request<B> {
    let mut request = http::Request::new(body);
    *request.method_mut() = method;
    // What a new one says has no memory of its own to give back, which dropping it would look for.
    mem::forget(mem::replace(request.uri_mut(), uri));
    mem::forget(mem::replace(request.headers_mut(), headers));
    request
}

/// Whether a response asks to go elsewhere, and the call does.
fn leads_elsewhere(head: &ResponseHead, settings: &Resolved) -> bool {
    settings.max_redirects > 0 && redirect::is_redirect(head.status, &head.headers)
}

/// What one attempt sends, which `started` just now; it ends by `deadline` at the latest (TMO-2).
#[derive(Clone, Copy)]
pub(crate) struct Outgoing<'a> {
    pub(crate) request: &'a Request,
    pub(crate) settings: &'a Resolved,
    pub(crate) info: AttemptInfo,
    pub(crate) started: Instant,
    pub(crate) deadline: Option<Instant>,
}

/// Makes one attempt.
pub(crate) async fn attempt(backend: &dyn Backend, outgoing: &Outgoing<'_>) -> Ended {
    let (sending, watch) = outgoing.send(backend);
    let (until, mut partial) = (outgoing.end(outgoing.limit()), None);
    let exchanged = clock::until(until, pin!(exchange(outgoing, sending, watch, &mut partial))).await;
    let mut ended = match exchanged {
        Ok(Ok(Some(ended))) => ended,
        Ok(Err(error)) if error.failure() == Failure::ConnectTimeout => {
            let trouble = outgoing.struck(Clock::Connect, outgoing.connect_limit());
            Ended::failed(Failure::ConnectTimeout, trouble)
        }
        Ok(Err(error)) => Ended::broken(error),
        Ok(Ok(None)) | Err(clock::Elapsed) => match partial {
            // The status is what went wrong; a body that takes for ever must not hide it (BOD-5).
            Some(partial) => partial.into_ended(),
            None => Ended::failed(Failure::AttemptTimeout, outgoing.struck(Clock::Attempt, outgoing.limit())),
        },
    };
    // A backend may not know that the body is what broke its connection, or its stream.
    if let Some(cause) = outgoing.request.body.take_failure().filter(|_| ended.head.is_none()) {
        ended = Ended::broken(BackendError::with_source(Failure::RequestBody, cause));
    }
    ended.elapsed = clock::now().saturating_duration_since(outgoing.started);
    ended
}

fn header_name(name: &str) -> Option<HeaderName> {
    name.parse().ok()
}

type Answer = http::Response<ResponseBody>;

/// Its clocks: one timer for the attempt and the deadline, one instant for connecting. Which of them it was is asked only
/// after one has struck.
impl Outgoing<'_> {
    /// How long the attempt may take. A streamed body is watched while it is sent, and its `attempt` starts when it was.
    fn limit(&self) -> Option<Duration> {
        self.settings.timeouts.attempt.filter(|_| !self.request.body.is_streamed())
    }

    /// How long connecting may take. What uses up its whole attempt is still connecting: nothing was sent.
    fn connect_limit(&self) -> Option<Duration> {
        let timeouts = &self.settings.timeouts;
        earlier(timeouts.connect, timeouts.attempt)
    }

    /// When a clock of this `limit` strikes, or the deadline before it.
    fn end(&self, limit: Option<Duration>) -> Option<Instant> {
        earlier(self.own_end(limit), self.deadline)
    }

    fn own_end(&self, limit: Option<Duration>) -> Option<Instant> {
        clock::after(self.started, limit?)
    }

    /// Which clock has struck at that [end](Self::end): the one of this `limit`, or the deadline before it.
    fn struck(&self, clock: Clock, limit: Option<Duration>) -> Trouble {
        let own = self.own_end(limit);
        let deadline = self.deadline.filter(|deadline| own.is_none_or(|own| *deadline < own));
        match (deadline, limit) {
            (Some(_), _) => {
                let limit = self.settings.timeouts.deadline.unwrap_or_default();
                Trouble::Clock((Clock::Deadline, limit))
            }
            (None, Some(limit)) => Trouble::Clock((clock, limit)),
            (None, None) => Trouble::None,
        }
    }
}

/// The earlier of what is there.
fn earlier<T: Ord + Copy>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

impl Outgoing<'_> {
    /// The answer to come, and who watches for stalls until it does, if a clock asks for that.
    fn send<'a>(
        &self,
        backend: &'a dyn Backend,
    ) -> (BoxFuture<'a, Result<Answer, BackendError>>, Option<Box<Watch>>) {
        let (timeouts, mut sent) = (&self.settings.timeouts, self.request.to_http());
        if let Some((name, deadline)) = timeouts.deadline_header.and_then(header_name).zip(self.deadline) {
            let left = deadline.saturating_duration_since(self.started).as_millis();
            sent.headers_mut().insert(name, u64::try_from(left).unwrap_or(u64::MAX).into());
        }
        let watch = if self.request.body.is_streamed() {
            Some(Watch::of_stream(timeouts))
        } else {
            Watch::of(timeouts, !self.request.body.is_end_stream())
        };
        let watch = watch.map(Box::new);
        if let Some(watch) = &watch {
            sent = sent.map(|body| body.watched(watch.progress()));
        }
        let connect = self.connect_limit();
        (backend.send(sent, self.info.connecting(self.started, self.end(connect), connect)), watch)
    }

    /// The head and the body of an answer.
    fn open(answer: Answer) -> (Box<ResponseHead>, ResponseBody) {
        let (parts, body) = answer.into_parts();
        (Box::new(ResponseHead::new(parts.status, parts.headers)), body)
    }

    /// The longest silence of a body that the attempt reads; `None` where its own clock is shorter.
    fn read(&self) -> Option<Duration> {
        let timeouts = &self.settings.timeouts;
        timeouts.read.filter(|read| timeouts.within_attempt(*read))
    }

    fn decoder(&self, head: &ResponseHead, limit: u64) -> Result<Decoder, Corrupt> {
        let coded = self.settings.decompress && self.request.method != Method::HEAD;
        if coded { Decoder::of(&head.headers, limit) } else { Ok(Decoder::identity(limit)) }
    }

    /// Whether it may be repeated, where retries are left.
    fn again(&self) -> Option<bool> {
        let left = self.info.attempt <= self.settings.retry.max_retries;
        left.then(|| self.info.operation.may_repeat(self.request.method.as_str()))
    }
}

/// Waits for the answer, and reads what comes: a success whole or, where its body is to be a stream, not at all; else as much
/// of the body as an error keeps, into `partial`.
async fn exchange(
    sent: &Outgoing<'_>,
    sending: BoxFuture<'_, Result<Answer, BackendError>>,
    watch: Option<Box<Watch>>,
    partial: &mut Option<Box<Partial>>,
) -> Result<Option<Ended>, BackendError> {
    let answer = match &watch {
        None => sending.await?,
        Some(watch) => match watch.over(sending).boxed().await {
            Ok(answer) => answer?,
            Err(stalled) => return Ok(Some(Ended::stalled(stalled))),
        },
    };
    let (head, mut body) = Outgoing::open(answer);
    let timeouts = &sent.settings.timeouts;
    let limit = match Extent::of(&head, sent.settings) {
        Extent::Whole => sent.settings.max_body,
        // From here on no other clock runs (TMO-5).
        Extent::Open => {
            let reading =
                sent.decoder(&head, u64::MAX).map(|decoder| Reading { decoder, read: timeouts.read });
            return Ok(Some(match reading {
                Ok(reading) => Ended::status(head, Arrived::Open(Box::new((body, reading)))),
                Err(corrupt) => Ended::without_body(head, BodyError::Corrupt(corrupt), None),
            }));
        }
        Extent::Prefix => {
            let partial = partial.insert(Box::new(Partial::new(head, sent)));
            partial.fill(body, sent).boxed().await;
            return Ok(None);
        }
    };
    let mut reading = match sent.decoder(&head, limit) {
        Ok(decoder) => Reading { decoder, read: sent.read() },
        Err(corrupt) => return Ok(Some(Ended::without_body(head, BodyError::Corrupt(corrupt), None))),
    };
    // Nothing else bounds the answer to a streamed body.
    let by = watch.filter(|_| sent.request.body.is_streamed()).and_then(|watch| watch.answer_by());
    let read = match by {
        None => reading.all(&mut body).await,
        by => match clock::until_apart(by, reading.all(&mut body)).await {
            Ok(read) => read,
            Err(clock::Elapsed) => return Ok(Some(Ended::late(timeouts.attempt))),
        },
    };
    Ok(Some(match read {
        Ok(bytes) => Ended::status(head, Arrived::Whole(bytes)),
        Err(why) => Ended::without_body(head, why, reading.read),
    }))
}

/// How long the rest of an answer that is no success is waited for: hardly, where the call will most likely go on.
///
/// That it then does not (the budget is used up, the circuit opens, the server asks for too long a wait) costs its error
/// the part of the body that was slower.
fn patience(head: &ResponseHead, sent: &Outgoing<'_>) -> Duration {
    let (status, settings) = (head.status.as_u16(), sent.settings);
    let unwanted = leads_elsewhere(head, settings) || settings.none_on.contains(status);
    let verdict = sent
        .again()
        .filter(|_| settings.retry.enabled)
        .map(|replayable| classify::verdict(Outcome::Status(status), replayable, &settings.retry));
    let goes_on = matches!(verdict, Some(RetryVerdict::Retry | RetryVerdict::Nack));
    if unwanted || goes_on { DRAIN } else { CAPTURE }
}

/// How much of an answer's body is read here.
#[derive(Clone, Copy, PartialEq)]
enum Extent {
    /// To its end.
    Whole,
    /// By whoever called.
    Open,
    /// As far as an error keeps it, so that the connection can be used again.
    Prefix,
}

impl Extent {
    fn of(head: &ResponseHead, settings: &Resolved) -> Self {
        let status = head.status.as_u16();
        if leads_elsewhere(head, settings) || settings.none_on.contains(status) {
            return Self::Prefix;
        }
        match settings.is_success(status) {
            true if settings.buffered => Self::Whole,
            true => Self::Open,
            // Whether it is the last one is not known yet, so it is read before that is decided.
            false if settings.any_status => Self::Whole,
            false => Self::Prefix,
        }
    }
}

/// An answer that is no success, while its body comes.
struct Partial {
    head: Box<ResponseHead>,
    reading: Reading,
}

impl Partial {
    fn new(head: Box<ResponseHead>, sent: &Outgoing<'_>) -> Self {
        let decoder = sent.decoder(&head, ERROR_BODY).unwrap_or_else(|_| Decoder::identity(ERROR_BODY));
        Self { head, reading: Reading { decoder, read: sent.read() } }
    }

    /// What has not come soon is not waited for: the status is known, and a retry or a redirect wants to go on.
    async fn fill(&mut self, body: ResponseBody, sent: &Outgoing<'_>) {
        let by = clock::after(clock::now(), patience(&self.head, sent));
        let _ = clock::until(by, pin!(self.reading.prefix(body))).await;
    }

    fn into_ended(self) -> Ended {
        Ended::status(self.head, Arrived::Whole(self.reading.decoder.partial()))
    }
}
