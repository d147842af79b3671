//! The one error type: what went wrong, where in the call, and the story of its attempts.

mod kind;
mod story;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

pub use self::kind::ErrorKind;
use self::story::OneLine;
pub use self::story::{AttemptRecord, Clock, StopReason};
pub(crate) use self::story::{Seconds, Story, bounded, complaint, quoted, unplaced};

/// A result whose error is [`Error`] unless said otherwise.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any error that may stand behind ours.
pub(crate) type BoxError = Box<dyn StdError + Send + Sync>;

/// What stands behind an error of ours, which may have clones.
pub(crate) type Cause = Arc<dyn StdError + Send + Sync>;

/// At most this many attempts are kept in [`Error::history`] (ERR-1).
pub(crate) const HISTORY_LIMIT: usize = 8;

/// At most this many characters of a message or a cause are shown; the longest message of our own is half of it.
const MESSAGE: usize = 1000;

/// Why a call gave no value.
///
/// One pointer wide, and cheap to clone: clones share what they say. [`Display`](fmt::Display) is one line for a log,
/// [`Debug`](fmt::Debug) the whole story with every attempt and cause. Neither holds header values, query values,
/// credentials or bodies, except for a bounded excerpt of a response body that could not be decoded.
///
/// ```
/// # fn handle(error: pynector::Error) {
/// if error.is_not_found() {
///     println!("no such thing");
/// } else if error.is_retryable() {
///     println!("try again in {:?}", error.retry_after());
/// } else {
///     println!("{error}");
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    source: Option<Cause>,
    setting: Option<InvalidSetting>,
    clock: Option<(Clock, Duration)>,
    call: CallContext,
    response: Option<ErrorResponse>,
    story: Story,
}

/// Which call failed.
#[derive(Clone, Default)]
pub(crate) struct CallContext {
    pub(crate) operation: Option<&'static str>,
    pub(crate) method: Option<http::Method>,
    /// Without query, fragment and user information.
    pub(crate) url: Option<String>,
}

/// What is kept of a response that was not a success.
#[derive(Clone)]
pub(crate) struct ErrorResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A setting that breaks a rule; see [`Error::invalid_setting`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidSetting {
    /// The setting's name, such as `retry.max_backoff`.
    pub field: Cow<'static, str>,
    /// The value that was given.
    pub value: String,
    /// The rule that it breaks, in words that complete "must".
    pub rule: Cow<'static, str>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Inner {
            kind,
            message: message.into(),
            source: None,
            setting: None,
            clock: None,
            call: CallContext::default(),
            response: None,
            story: Story::default(),
        }))
    }

    /// To be written to: a copy of its own, where there are clones.
    fn inner_mut(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.0)
    }

    /// A setting that breaks a rule (CFG-1).
    pub(crate) fn config(
        field: impl Into<Cow<'static, str>>,
        value: impl fmt::Display,
        rule: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::invalid(InvalidSetting { field: field.into(), value: value.to_string(), rule: rule.into() })
    }

    fn invalid(setting: InvalidSetting) -> Self {
        let message = format!("`{}` is {}, but must {}", setting.field, setting.value, setting.rule);
        let mut error = Self::new(ErrorKind::Config, message);
        error.inner_mut().setting = Some(setting);
        error
    }

    pub(crate) fn with_source(self, source: impl Into<BoxError>) -> Self {
        let source: BoxError = source.into();
        self.with_cause(source.into())
    }

    pub(crate) fn with_cause(mut self, cause: Cause) -> Self {
        self.inner_mut().source = Some(cause);
        self
    }

    /// What stands behind it, shared.
    pub(crate) fn cause(&self) -> Option<&Cause> {
        self.0.source.as_ref()
    }

    /// The error of a body that broke and whose rest cannot be had; the first cause stays in front.
    pub(crate) fn unresumed(mut self, kind: Option<ErrorKind>, why: &str) -> Self {
        let inner = self.inner_mut();
        inner.kind = kind.unwrap_or(inner.kind);
        inner.message = format!("{}; {why}", inner.message).into();
        inner.story.stop = None;
        self
    }

    pub(crate) fn with_clock(mut self, clock: Clock, limit: Duration) -> Self {
        self.inner_mut().clock = Some((clock, limit));
        self
    }

    pub(crate) fn with_call(mut self, call: CallContext) -> Self {
        self.inner_mut().call = call;
        self
    }

    /// Names the operation, where nobody has.
    pub(crate) fn of_operation(mut self, name: &'static str) -> Self {
        self.inner_mut().call.operation.get_or_insert(name);
        self
    }

    pub(crate) fn with_response(mut self, response: ErrorResponse) -> Self {
        self.inner_mut().response = Some(response);
        self
    }

    pub(crate) fn take_response(&mut self) -> Option<ErrorResponse> {
        self.inner_mut().response.take()
    }

    pub(crate) fn story_mut(&mut self) -> &mut Story {
        &mut self.inner_mut().story
    }

    /// The failure of [credentials](crate::Credentials): of kind [`Credentials`](ErrorKind::Credentials), with its cause.
    pub fn credentials(cause: impl Into<BoxError>) -> Self {
        Self::new(ErrorKind::Credentials, "the credentials could not be had").with_source(cause.into())
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed, such as `GitHub::issues`.
    pub fn operation(&self) -> Option<&str> {
        self.0.call.operation
    }

    /// The method of the request that failed; after a redirect, that of the last request.
    pub fn method(&self) -> Option<&http::Method> {
        self.0.call.method.as_ref()
    }

    /// The URL of the request that failed, without query, fragment and user information.
    pub fn url(&self) -> Option<&str> {
        self.0.call.url.as_deref()
    }

    /// The status of the response, if one came.
    ///
    /// It answers for status errors, and also where a response came but did not decode or was too large.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status)
    }

    /// The headers of the response, if one came.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(|response| &response.headers)
    }

    /// The body of the response, if one came; at most its first 64 KiB (BOD-5), and what came within a second.
    pub fn body(&self) -> Option<&Bytes> {
        self.0.response.as_ref().map(|response| &response.body)
    }

    /// How long the server asked to wait, whatever our own cap said (RA-4).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.story.retry_after
    }

    /// How many attempts were made; 0 if nothing was tried.
    pub fn attempts(&self) -> u32 {
        self.0.story.attempts
    }

    /// How long the whole call took, waits included.
    pub fn elapsed(&self) -> Duration {
        self.0.story.elapsed
    }

    /// Why no further attempt was made.
    pub fn stop_reason(&self) -> Option<StopReason> {
        self.0.story.stop
    }

    /// The attempts of this call, oldest first: at most the last eight (ERR-1).
    pub fn history(&self) -> &[AttemptRecord] {
        &self.0.story.history
    }

    /// The clock that ran out and its limit, for kinds that are timeouts (TMO-1).
    pub fn clock(&self) -> Option<(Clock, Duration)> {
        self.0.clock
    }

    /// The setting that breaks a rule, for [`ErrorKind::Config`].
    pub fn invalid_setting(&self) -> Option<&InvalidSetting> {
        self.0.setting.as_ref()
    }

    /// For [`ErrorKind::CircuitOpen`]: how long until the breaker lets a probe through; for [`ErrorKind::RateLimited`]: how
    /// long until there is room.
    pub fn retry_in(&self) -> Option<Duration> {
        self.0.story.retry_in
    }

    /// Whether another attempt of the same call could succeed by the retry matrix, whatever stopped this one.
    pub fn is_retryable(&self) -> bool {
        self.0.story.retryable
    }

    /// Whether a byte of the call may have reached the server.
    pub fn was_sent(&self) -> bool {
        self.0.story.sent
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { call, message, story, .. } = &*self.0;
        if let Some(operation) = call.operation {
            write!(f, "{operation}: ")?;
        }
        if let (Some(method), Some(url)) = (&call.method, &call.url) {
            write!(f, "{method} {url}: ")?;
        }
        write!(OneLine { out: f, room: MESSAGE }, "{message}")?;
        write!(f, "{story}")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, message, source, setting, clock, call, response, story } = &*self.0;
        let mut out = f.debug_struct("Error");
        out.field("kind", kind).field("message", &Bounded(message));
        if let Some(operation) = call.operation {
            out.field("operation", &operation);
        }
        if let (Some(method), Some(url)) = (&call.method, &call.url) {
            out.field("request", &format_args!("{method} {url}"));
        }
        if let Some(response) = response {
            out.field("status", &response.status).field("body_bytes", &response.body.len());
        }
        if let Some((clock, limit)) = clock {
            out.field("clock", clock).field("limit", limit);
        }
        if let Some(setting) = setting {
            out.field("setting", setting);
        }
        story.describe(&mut out);
        // What did not decode is quoted in the message, within bounds that the decoder's own error does not keep.
        if let Some(source) = source.as_ref().filter(|_| *kind != ErrorKind::Deserialize) {
            out.field("source", &Bounded(source));
        }
        out.finish()
    }
}

/// A `Debug` text up to a length, since a cause may quote a whole body.
struct Bounded<'a, T>(&'a T);

impl<T: fmt::Debug> fmt::Debug for Bounded<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(OneLine { out: f, room: MESSAGE }, "{:?}", self.0)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests;
