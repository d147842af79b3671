//! One attempt: send, read the answer to its end, under the clocks that bound it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, Method, Uri};
use http_body::Body as _;
use tokio::time::Instant;

use crate::backend::{AttemptInfo, Backend, BackendError, ResponseBody};
use crate::classify::Opinion;
use crate::clock;
use crate::error::{BoxError, Clock};
use crate::operation::Resolved;
use crate::policy::Rules;
use crate::policy::classify::{self, Failure, Outcome, RetryVerdict, Verdict};
use crate::policy::redirect;
use crate::request::base::Origin;
use crate::request::body::Body;
use crate::request::header::Headers;
use crate::response::ResponseHead;
use crate::response::body::{Arrived, BodyError, Reading};
use crate::response::decode::ERROR_BODY;
use crate::response::decompress::Decoder;
use crate::watch::{Stalled, Watch};

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
    pub(crate) headers: Headers,
    pub(crate) body: Body,
    /// The header of its idempotency key, which goes wherever the request goes.
    pub(crate) key: Option<HeaderName>,
}

impl Request {
    pub(crate) fn to_http(&self) -> http::Request<Body> {
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.to_map();
        request
    }
}

/// How an attempt ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) outcome: Outcome,
    pub(crate) elapsed: Duration,
    pub(crate) head: Option<ResponseHead>,
    pub(crate) body: Arrived,
    pub(crate) trouble: Trouble,
    /// What the program says of it.
    pub(crate) opinion: Opinion,
}

/// What is wrong with an attempt beyond its outcome.
#[derive(Debug)]
pub(crate) enum Trouble {
    None,
    /// What the backend says of the failure.
    Cause(Option<BoxError>),
    /// A clock ran out.
    Clock((Clock, Duration)),
    /// The response came, but its content coding does not decode.
    Corrupt(String),
}

impl Ended {
    fn status(head: ResponseHead, body: Arrived) -> Self {
        let outcome = Outcome::Status(head.status.as_u16());
        let trouble = Trouble::None;
        Self { outcome, elapsed: Duration::ZERO, head: Some(head), body, trouble, opinion: Opinion::none() }
    }

    /// Whether the response is a success that could be read. A redirect that is to be followed is none, even where its
    /// status would count as one.
    pub(crate) fn is_success(&self, settings: &Resolved) -> bool {
        let Outcome::Status(status) = self.outcome else { return false };
        let whole = matches!(self.trouble, Trouble::None);
        whole && settings.is_success(status) && !self.leads_elsewhere(settings)
    }

    /// Whether the answer asks to go elsewhere, and the call does.
    pub(crate) fn leads_elsewhere(&self, settings: &Resolved) -> bool {
        self.head.as_ref().is_some_and(|head| leads_elsewhere(head, settings))
    }

    /// The response, or the attempt as it was.
    pub(crate) fn into_success(self, settings: &Resolved) -> Result<(ResponseHead, Arrived), Box<Self>> {
        if !self.is_success(settings) {
            return Err(Box::new(self));
        }
        match self {
            Self { head: Some(head), body, .. } => Ok((head, body)),
            ended => Err(Box::new(ended)),
        }
    }

    /// What the attempt says about the health of the host.
    pub(crate) fn verdict(&self, settings: &Resolved) -> Verdict {
        if let Some(verdict) = self.opinion.verdict() {
            return verdict;
        }
        match self.trouble {
            Trouble::Corrupt(_) => Verdict::Neutral,
            Trouble::Clock((Clock::Deadline, _)) if settings.breaker.rules == Rules::Matrix => {
                classify::abandoned(self.elapsed, settings.timeouts.attempt)
            }
            _ => classify::breaker_verdict(self.outcome, settings.breaker.rules),
        }
    }

    /// How long the server asks to wait, where it is busy rather than broken (RA-1, RA-5).
    pub(crate) fn retry_after(&self, settings: &Resolved) -> Option<Duration> {
        self.head.as_ref()?.retry_after(settings.retry.vendor_retry_after)
    }

    fn failed(outcome: Failure, trouble: Trouble) -> Self {
        let outcome = Outcome::Failed(outcome);
        let body = Arrived::Whole(Bytes::new());
        Self { outcome, elapsed: Duration::ZERO, head: None, body, trouble, opinion: Opinion::none() }
    }

    /// The answer to a streamed body takes longer than this.
    fn late(attempt: Option<Duration>) -> Self {
        let trouble = attempt.map_or(Trouble::None, |limit| Trouble::Clock((Clock::Attempt, limit)));
        Self::failed(Failure::AttemptTimeout, trouble)
    }

    fn stalled(Stalled { clock, limit }: Stalled) -> Self {
        let failure = match clock {
            Clock::Write => Failure::WriteTimeout,
            Clock::Attempt => Failure::AttemptTimeout,
            _ => Failure::ReadTimeout,
        };
        Self::failed(failure, Trouble::Clock((clock, limit)))
    }

    fn broken(error: BackendError) -> Self {
        Self::failed(error.failure(), Trouble::Cause(error.into_source()))
    }

    /// A head without its body; `read` is the clock that a silence ran against.
    pub(crate) fn without_body(head: ResponseHead, why: BodyError, read: Option<Duration>) -> Self {
        let failed = match why {
            BodyError::Corrupt(corrupt) => {
                let whole = Self::status(head, Arrived::Whole(Bytes::new()));
                return Self { trouble: Trouble::Corrupt(corrupt.0), ..whole };
            }
            BodyError::Broken(error) => Self::broken(error),
            BodyError::TooLarge => Self::failed(Failure::BodyTooLarge, Trouble::None),
            BodyError::Silent => Self::failed(
                Failure::ReadTimeout,
                read.map_or(Trouble::None, |read| Trouble::Clock((Clock::Read, read))),
            ),
        };
        Self { head: Some(head), ..failed }
    }
}

/// Whether a response asks to go elsewhere, and the call does.
fn leads_elsewhere(head: &ResponseHead, settings: &Resolved) -> bool {
    settings.max_redirects > 0 && redirect::is_redirect(head.status, &head.headers)
}

/// Makes one attempt, which `started` just now; it ends by `deadline` at the latest (TMO-2).
pub(crate) async fn attempt(
    backend: &dyn Backend,
    settings: &Resolved,
    request: &Request,
    info: AttemptInfo,
    started: Instant,
    deadline: Option<Instant>,
) -> Ended {
    let Limits { until, clock, connect_by, connect } =
        Limits::new(settings, started, deadline, request.body.is_streamed());
    let mut partial = None;
    let again = (info.attempt <= settings.retry.max_retries)
        .then(|| info.operation.may_repeat(request.method.as_str()));
    let mut sent = request.to_http();
    if let (Some(name), Some(deadline)) = (settings.timeouts.deadline_header.and_then(header_name), deadline)
    {
        let left = deadline.saturating_duration_since(started).as_millis();
        sent.headers_mut().insert(name, u64::try_from(left).unwrap_or(u64::MAX).into());
    }
    sent.extensions_mut().insert(info);
    let exchange = exchange(backend, settings, sent, connect_by, again, &mut partial);
    let mut ended = match (clock::until(until, exchange).await, clock, partial) {
        (Ok(Ok(Some(ended))), ..) => ended,
        (Ok(Err(error)), ..) if error.failure() == Failure::ConnectTimeout => {
            Ended::failed(Failure::ConnectTimeout, connect.map_or(Trouble::None, Trouble::Clock))
        }
        (Ok(Err(error)), ..) => Ended::broken(error),
        // The status is what went wrong; a body that takes for ever must not hide it (BOD-5).
        (Ok(Ok(None)) | Err(clock::Elapsed), _, Some(partial)) => partial.into_ended(),
        (Ok(Ok(None)) | Err(clock::Elapsed), clock, None) => {
            Ended::failed(Failure::AttemptTimeout, clock.map_or(Trouble::None, Trouble::Clock))
        }
    };
    // A backend may not know that the body is what broke its connection, or its stream.
    if let Some(cause) = request.body.take_failure().filter(|_| ended.head.is_none()) {
        ended = Ended::broken(BackendError::with_source(Failure::RequestBody, cause));
    }
    ended.elapsed = clock::now().saturating_duration_since(started);
    ended
}

fn header_name(name: &str) -> Option<HeaderName> {
    name.parse().ok()
}

/// The clocks of one attempt: one timer for the attempt and the deadline, one instant for connecting.
struct Limits {
    until: Option<Instant>,
    clock: Option<(Clock, Duration)>,
    connect_by: Option<Instant>,
    connect: Option<(Clock, Duration)>,
}

impl Limits {
    fn new(settings: &Resolved, started: Instant, deadline: Option<Instant>, streams: bool) -> Self {
        let timeouts = &settings.timeouts;
        let limit = |clock, limit: Option<Duration>| {
            let limit = limit?;
            Some((clock::after(started, limit)?, (clock, limit)))
        };
        let whole = deadline.map(|at| (at, (Clock::Deadline, timeouts.deadline.unwrap_or_default())));
        let attempt = earlier(limit(Clock::Attempt, timeouts.attempt), whole);
        let connect = earlier(limit(Clock::Connect, timeouts.connect), attempt);
        // A streamed body is watched while it is sent, and its `attempt` starts when it was.
        let attempt = if streams { whole } else { attempt };
        // Connecting that uses up its whole attempt is still connecting: nothing was sent.
        let connect = connect.map(|(at, (clock, limit))| match clock {
            Clock::Deadline => (at, (clock, limit)),
            _ => (at, (Clock::Connect, limit)),
        });
        Self {
            until: attempt.map(|(at, _)| at),
            clock: attempt.map(|(_, clock)| clock),
            connect_by: connect.map(|(at, _)| at),
            connect: connect.map(|(_, clock)| clock),
        }
    }
}

type Limit = (Instant, (Clock, Duration));

fn earlier(one: Option<Limit>, other: Option<Limit>) -> Option<Limit> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if other.0 < one.0 { other } else { one }),
        (one, other) => one.or(other),
    }
}

/// Sends, and reads what comes: a success whole or, where its body is to be a stream, not at all; else as much of the body
/// as an error keeps, into `partial`. `again` says whether the request may be repeated, where retries are left.
async fn exchange(
    backend: &dyn Backend,
    settings: &Resolved,
    sent: http::Request<Body>,
    connect_by: Option<Instant>,
    again: Option<bool>,
    partial: &mut Option<Partial>,
) -> Result<Option<Ended>, BackendError> {
    let (uri, is_head, timeouts) = (sent.uri().clone(), sent.method() == Method::HEAD, &settings.timeouts);
    let streams = sent.body().is_streamed();
    let watch = if streams {
        Some(Watch::of_stream(timeouts))
    } else {
        Watch::of(timeouts, !sent.body().is_end_stream())
    };
    let answer = match &watch {
        None => backend.send(sent, connect_by).await?,
        Some(watch) => {
            let sent = sent.map(|body| body.watched(watch.progress()));
            match Box::pin(watch.over(backend.send(sent, connect_by))).await {
                Ok(answer) => answer?,
                Err(stalled) => return Ok(Some(Ended::stalled(stalled))),
            }
        }
    };
    let (parts, body) = answer.into_parts();
    let head = ResponseHead::new(parts.status, parts.headers, uri);
    let way = Way::of(&head, settings);
    let limit = match way {
        Way::Whole => settings.max_body,
        Way::Open => u64::MAX,
        Way::Prefix => ERROR_BODY,
    };
    let coded = settings.decompress && !is_head;
    let decoder = if coded { Decoder::of(&head.headers, limit) } else { Ok(Decoder::identity(limit)) };
    let by = watch.filter(|_| streams).and_then(|watch| watch.answer_by());
    let read = timeouts.read.filter(|read| timeouts.within_attempt(*read));
    if way != Way::Prefix {
        return Ok(Some(match decoder {
            Err(corrupt) => Ended::without_body(head, BodyError::Corrupt(corrupt), None),
            Ok(decoder) if way == Way::Whole => {
                let whole = read_success(head, Reading { decoder, read }, body);
                // Nothing else bounds the answer to a streamed body.
                clock::until(by, whole).await.unwrap_or_else(|_| Ended::late(timeouts.attempt))
            }
            // From here on no other clock runs (TMO-5).
            Ok(decoder) => Ended::status(head, Arrived::Open(body, Reading { decoder, read: timeouts.read })),
        }));
    }
    let decoder = decoder.unwrap_or_else(|_| Decoder::identity(limit));
    let patience = patience(&head, settings, again);
    let reading = partial.insert(Partial { head, reading: Reading { decoder, read } });
    // What has not come by then is not waited for: the status is known, and a retry or a redirect wants to go on.
    let _ = clock::until(clock::after(clock::now(), patience), reading.reading.prefix(body)).await;
    Ok(None)
}

/// How long the rest of an answer that is no success is waited for: hardly, where the call will most likely go on.
///
/// That it then does not (the budget is used up, the circuit opens, the server asks for too long a wait) costs its error
/// the part of the body that was slower.
fn patience(head: &ResponseHead, settings: &Resolved, again: Option<bool>) -> Duration {
    let status = head.status.as_u16();
    let unwanted = leads_elsewhere(head, settings) || settings.none_on.contains(status);
    let verdict = again
        .filter(|_| settings.retry.enabled)
        .map(|replayable| classify::verdict(Outcome::Status(status), replayable, &settings.retry));
    let goes_on = matches!(verdict, Some(RetryVerdict::Retry | RetryVerdict::Nack));
    if unwanted || goes_on { DRAIN } else { CAPTURE }
}

/// How the body of an answer is read.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// To its end.
    Whole,
    /// By whoever called.
    Open,
    /// As far as an error keeps it, so that the connection can be used again.
    Prefix,
}

impl Way {
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
    head: ResponseHead,
    reading: Reading,
}

impl Partial {
    fn into_ended(self) -> Ended {
        Ended::status(self.head, Arrived::Whole(self.reading.decoder.partial()))
    }
}

async fn read_success(head: ResponseHead, reading: Reading, body: ResponseBody) -> Ended {
    let read = reading.read;
    match reading.all(body).await {
        Ok(bytes) => Ended::status(head, Arrived::Whole(bytes)),
        Err(why) => Ended::without_body(head, why, read),
    }
}
