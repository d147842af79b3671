//! The story of a call while it happens, and the errors that tell it.

use std::error::Error as StdError;
use std::time::Duration;

use tokio::time::Instant;

use crate::attempt::{Ended, Request, Trouble};
use crate::backend::{AttemptInfo, Explained};
use crate::clock;
use crate::error::{
    AttemptRecord, CallContext, Clock, Error, ErrorKind, ErrorResponse, HISTORY_LIMIT, Seconds, StopReason,
    Story,
};
use crate::operation::{Operation, Resolved};
use crate::policy::classify::{Failure, Outcome, Stage};
use crate::request::base::redacted;

/// What is known of a call so far.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    operation: &'static Operation,
    started: Instant,
    attempt_started: Instant,
    pub(crate) attempts: u32,
    history: Vec<AttemptRecord>,
    sent: bool,
}

impl Report {
    pub(crate) const fn new(operation: &'static Operation, started: Instant) -> Self {
        Self { operation, started, attempt_started: started, attempts: 0, history: Vec::new(), sent: false }
    }

    /// The call starts `now`.
    pub(crate) const fn start(&mut self, now: Instant) {
        self.started = now;
        self.attempt_started = now;
    }

    #[cfg(feature = "cache")]
    pub(crate) const fn operation(&self) -> &'static Operation {
        self.operation
    }

    pub(crate) fn elapsed(&self) -> Duration {
        clock::now().saturating_duration_since(self.started)
    }

    /// How long it took until `now`.
    pub(crate) fn took(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.started)
    }

    /// What the current attempt belongs to.
    pub(crate) const fn info(&self) -> AttemptInfo {
        AttemptInfo::of(self.operation, self.attempts)
    }

    /// The attempt of this number starts `now`.
    pub(crate) const fn attempt(&mut self, number: u32, now: Instant) {
        self.attempts = number;
        self.attempt_started = now;
    }

    pub(crate) fn record(&mut self, ended: &Ended, settings: &Resolved) {
        self.sent |= !matches!(ended.outcome.stage(), Stage::NotSent | Stage::Local);
        if !ended.is_success(settings) && !ended.leads_elsewhere(settings) {
            self.note(kind(ended), ended.elapsed);
        }
    }

    fn note(&mut self, kind: ErrorKind, elapsed: Duration) {
        if self.history.len() == HISTORY_LIMIT {
            self.history.remove(0);
        }
        self.history.push(AttemptRecord::new(kind, elapsed));
    }

    pub(crate) fn waited(&mut self, wait: Duration) {
        if let Some(last) = self.history.last_mut() {
            last.waited = wait;
        }
    }

    /// The error of an attempt that brought no success.
    pub(crate) fn failure(&self, request: &Request, ended: Ended, max_body: u64) -> Error {
        let kind = kind(&ended);
        let message = message(kind, &ended, request, max_body);
        let Ended { head, body, trouble, .. } = ended;
        let body = body.into_bytes();
        let mut error = Error::new(kind, message);
        if let Some(head) = head {
            error = error.with_response(ErrorResponse { status: head.status, headers: head.headers, body });
        }
        error = match trouble {
            Trouble::Cause(Some(cause)) => error.with_source(cause),
            Trouble::Clock((clock, limit)) => error.with_clock(clock, limit),
            _ => error,
        };
        self.tell(error, request)
    }

    /// The last attempt brought a success, whose body broke while it was handed out: nobody can take that back (BOD-8).
    pub(crate) fn streamed(mut self, request: &Request, ended: Ended) -> Error {
        let elapsed = clock::now().saturating_duration_since(self.attempt_started);
        self.note(kind(&ended), elapsed);
        // A stream has no cap that a message could name.
        let error = self.failure(request, ended, u64::MAX);
        self.stopped(error, StopReason::Streamed)
    }

    /// A redirect that is not followed.
    pub(crate) fn redirect(&self, request: &Request, ended: Ended, why: String) -> Error {
        let mut error = Error::new(ErrorKind::Redirect, why);
        if let Some(head) = ended.head {
            let body = ended.body.into_bytes();
            error = error.with_response(ErrorResponse { status: head.status, headers: head.headers, body });
        }
        self.tell(error, request)
    }

    /// The circuit refused the call before its first attempt (BRK-9).
    pub(crate) fn circuit_open(&self, request: &Request, retry_in: Duration) -> Error {
        let host = &request.origin.host;
        let when = if retry_in == Duration::MAX {
            "until it is closed by hand".to_owned()
        } else {
            format!("for another {}", Seconds(retry_in))
        };
        let message = format!("the circuit of {host} is open {when}");
        let mut error = self.tell(Error::new(ErrorKind::CircuitOpen, message), request);
        error.story_mut().retry_in = Some(retry_in);
        error
    }

    /// The rate limit refused the call before its first attempt (RTL-2).
    pub(crate) fn rate_limited(&self, request: &Request, wait: Duration) -> Error {
        let host = &request.origin.host;
        let message = format!("the rate limit of {host} has no room for another {}", Seconds(wait));
        let mut error = self.tell(Error::new(ErrorKind::RateLimited, message), request);
        error.story_mut().retry_in = Some(wait);
        error
    }

    /// No place became free before the first attempt (BLK-1).
    pub(crate) fn queue_full(&self, request: &Request) -> Error {
        let host = &request.origin.host;
        let message = format!("`max_in_flight` attempts to {host} are under way, and no place became free");
        self.tell(Error::new(ErrorKind::QueueFull, message), request)
    }

    /// There are no credentials for the attempt to come.
    pub(crate) fn without_credentials(&self, request: &Request, error: Error) -> Error {
        self.tell(error, request)
    }

    /// The deadline passed before anything could be tried.
    pub(crate) fn deadline(&self, request: &Request, limit: Duration) -> Error {
        let message = format!("the deadline of {} passed", Seconds(limit));
        self.tell(Error::new(ErrorKind::Deadline, message).with_clock(Clock::Deadline, limit), request)
    }

    /// `error` is the end of the call.
    pub(crate) fn stopped(&self, mut error: Error, reason: StopReason) -> Error {
        let elapsed = self.elapsed();
        let story = error.story_mut();
        story.stop = Some(reason);
        story.elapsed = elapsed;
        // The error may be from before the wait that went by in vain.
        story.history.clone_from(&self.history);
        error
    }

    /// Adds what the call has been through.
    pub(crate) fn tell(&self, error: Error, request: &Request) -> Error {
        let mut error = error.with_call(CallContext {
            operation: Some(self.operation.name()),
            method: Some(request.method.clone()),
            url: Some(redacted(&request.uri.to_string())),
        });
        *error.story_mut() = Story {
            attempts: self.attempts,
            elapsed: self.elapsed(),
            history: self.history.clone(),
            sent: self.sent,
            ..Story::default()
        };
        error
    }
}

/// The kind of error that an attempt ended with.
fn kind(ended: &Ended) -> ErrorKind {
    if let Trouble::Clock((Clock::Deadline, _)) = ended.trouble {
        return ErrorKind::Deadline;
    }
    match ended.outcome {
        Outcome::Status(_) if matches!(ended.trouble, Trouble::Corrupt(_)) => ErrorKind::Deserialize,
        Outcome::Status(status) => ErrorKind::Status(status),
        Outcome::Failed(failure) => match failure {
            Failure::Dns => ErrorKind::Dns,
            Failure::Refused => ErrorKind::Refused,
            Failure::Tls => ErrorKind::Tls,
            Failure::Proxy | Failure::ProxyAuth => ErrorKind::Proxy,
            Failure::ConnectTimeout => ErrorKind::ConnectTimeout,
            Failure::Connect | Failure::Canceled => ErrorKind::Connect,
            Failure::AttemptTimeout | Failure::ReadTimeout | Failure::WriteTimeout => ErrorKind::Timeout,
            Failure::Nack | Failure::Interrupted | Failure::BodyInterrupted => ErrorKind::Interrupted,
            Failure::BodyTooLarge => ErrorKind::BodyTooLarge,
            Failure::Protocol => ErrorKind::Protocol,
            Failure::Request => ErrorKind::Request,
            Failure::RequestBody => ErrorKind::RequestBody,
        },
    }
}

/// One line that a reader of a log can act on.
fn message(kind: ErrorKind, ended: &Ended, request: &Request, max_body: u64) -> String {
    let within = match ended.trouble {
        Trouble::Clock((_, limit)) => format!(" within {}", Seconds(limit)),
        _ => String::new(),
    };
    let explained = match &ended.trouble {
        Trouble::Cause(Some(cause)) => cause.downcast_ref::<Explained>(),
        _ => None,
    };
    let status = || ended.head.as_ref().map(|head| head.status.to_string()).unwrap_or_default();
    let text = match (kind, &ended.trouble) {
        (_, Trouble::Corrupt(why)) => format!("{}, but {why}", status()),
        (ErrorKind::Status(_), _) => status(),
        (ErrorKind::Timeout, Trouble::Clock((Clock::Write, _))) => {
            format!("no next piece of the request was taken{within}")
        }
        (ErrorKind::Timeout, Trouble::Clock((Clock::Read, _))) if ended.head.is_none() => {
            format!("no answer{within} of the request")
        }
        (ErrorKind::Timeout, Trouble::Clock((Clock::Read, _))) => {
            format!("no next piece of the body{within}")
        }
        (ErrorKind::Timeout, _) => format!("no whole answer{within}"),
        (ErrorKind::Deadline, Trouble::Clock((_, limit))) => {
            format!("the deadline of {} passed", Seconds(*limit))
        }
        (ErrorKind::BodyTooLarge, _) => {
            format!("the body is larger than `max_body`, which is {max_body} bytes")
        }
        (ErrorKind::RequestBody, _) => {
            "the body of the request did not come whole from its source".to_owned()
        }
        (ErrorKind::Protocol, _) => "the answer is not valid HTTP".to_owned(),
        (ErrorKind::Interrupted, _) if ended.head.is_some() => {
            "the connection broke in the middle of the body".to_owned()
        }
        (ErrorKind::Interrupted, _) => "the connection broke before an answer came".to_owned(),
        _ => unconnected(kind, explained, request, &within),
    };
    match &ended.trouble {
        Trouble::Cause(Some(cause)) => match detail(cause.as_ref()) {
            Some(detail) => format!("{text}: {detail}"),
            None => text,
        },
        _ => text,
    }
}

/// The line for an attempt that sent nothing; a proxy on the way is named where it is what failed.
fn unconnected(kind: ErrorKind, explained: Option<&Explained>, request: &Request, within: &str) -> String {
    let host = &request.origin.host;
    let proxy = explained.and_then(|explained| explained.proxy.as_deref());
    let peer = proxy.map_or_else(|| host.clone(), |proxy| format!("the proxy {proxy}"));
    let way = proxy.map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default();
    match kind {
        ErrorKind::Dns if proxy.is_some() => format!("the host name of {peer} does not resolve"),
        ErrorKind::Dns => format!("the host name {host} does not resolve"),
        ErrorKind::Refused if proxy.is_some() => format!("{peer} refused the connection"),
        ErrorKind::Refused => format!("{host}:{} refused the connection", request.origin.port),
        ErrorKind::Tls if explained.is_some_and(|explained| explained.words.is_some()) => {
            format!("the certificate of {peer} was rejected")
        }
        ErrorKind::Tls => format!("the TLS handshake with {peer} failed"),
        ErrorKind::Proxy => format!("{peer} refuses to pass the request on to {host}"),
        ErrorKind::ConnectTimeout => format!("no connection to {host}{way}{within}"),
        ErrorKind::Connect => format!("no connection to {host}{way}"),
        _ => "the request cannot be sent".to_owned(),
    }
}

/// What was found out about a cause, or else its root.
fn detail(cause: &(dyn StdError + 'static)) -> Option<String> {
    match cause.downcast_ref::<Explained>() {
        Some(Explained { words: Some(words), .. }) => Some(words.clone()),
        Some(Explained { source: None, .. }) => None,
        _ => Some(root(cause).to_string()),
    }
}

/// The innermost cause: it says what happened, the others say where.
fn root<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    let mut root = error;
    while let Some(cause) = root.source() {
        root = cause;
    }
    root
}
