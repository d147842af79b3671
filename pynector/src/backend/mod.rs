//! The wire: one method that moves one request and one response.

#[cfg(feature = "hyper")]
mod hyper;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "test-util")]
mod script;
#[cfg(feature = "test-util")]
pub(crate) mod sent;
#[cfg(feature = "tower")]
mod tower;
#[cfg(any(feature = "hyper", feature = "reqwest"))]
mod wire;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use http_body_util::combinators::UnsyncBoxBody;
use tokio::time::Instant;

#[cfg(feature = "hyper")]
pub use self::hyper::HyperBackend;
#[cfg(feature = "reqwest")]
pub use self::reqwest::ReqwestBackend;
#[cfg(feature = "test-util")]
pub use self::script::{ScriptBackend, Step};
#[cfg(feature = "test-util")]
pub use self::sent::SentRequest;
#[cfg(feature = "tower")]
pub use self::tower::{BackendService, TowerBackend};
use crate::connection::ConnectionOptions;
use crate::error::{BoxError, Error};
use crate::operation::Operation;
use crate::policy::classify::Failure;
use crate::request::body::Body;
pub use crate::request::body::BodySourceError;

/// A boxed future, as traits that are used behind a pointer need it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Moves one request to the server and one response back; one attempt, one hop.
///
/// Any status is `Ok`. An `Err` says how far the request came, which is all that decides whether it may be sent again.
/// Redirects, decompression, retries and timeouts (but for connecting) stand above, so an implementation does none of
/// them. Wrap a backend to add what belongs to each attempt; `docs/guide/middleware.md` shows how.
pub trait Backend: fmt::Debug + Send + Sync + 'static {
    /// Sends `request`, whose URI is absolute, and returns once the head of the response is here.
    ///
    /// No connection may still be in the making after [`attempt.connect_by`](AttemptInfo::connect_by): the failure is
    /// [`Failure::ConnectTimeout`] then. Dropping the future ends the attempt. Whoever wraps a backend passes `attempt` on.
    ///
    /// Most requests have their `host` already, which says what the URI says. Whoever changes the one, to send a request
    /// elsewhere, changes the other or takes it out; whoever speaks HTTP/2 may leave it out (RFC 9113 §8.3.1).
    fn send(
        &self,
        request: http::Request<Body>,
        attempt: AttemptInfo,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>>;
}

/// What a request belongs to, and what bounds connecting.
///
/// Nothing of it is on the wire. It serves those that make connections, label metrics by operation, number attempts in a
/// header, or pick answers for tests. A service of tower, which is given a request alone, finds it among the extensions of the
/// request.
///
/// ```
/// use std::time::Duration;
///
/// use pynector::backend::AttemptInfo;
/// use tokio::time::Instant;
///
/// // For whoever sends by a backend without a call, as tests do.
/// let attempt = AttemptInfo::new();
/// assert_eq!((attempt.operation.name(), attempt.attempt, attempt.connect_by), ("", 1, None));
/// let soon = Instant::now() + Duration::from_secs(5);
/// assert_eq!(attempt.with_connect_by(soon).connect_by, Some(soon));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AttemptInfo {
    /// The operation; [messages](crate::Message) have one too, `HttpTransport::send`. What belongs to none has one without a
    /// name.
    pub operation: &'static Operation,
    /// The number of the attempt within its call, from 1; the hops of a redirect share it.
    pub attempt: u32,
    /// Until when it must be connected, on tokio's clock; `None` for as long as it takes.
    pub connect_by: Option<Instant>,
    /// When it began, for who would ask the clock otherwise; none where a backend is used by hand.
    #[cfg_attr(
        not(any(feature = "hyper", feature = "reqwest")),
        expect(dead_code, reason = "other backends do not look at the time")
    )]
    pub(crate) started: Option<Instant>,
    /// How long its `connect` clock is. The deadline may bound connecting before that.
    #[cfg_attr(
        not(feature = "reqwest"),
        expect(dead_code, reason = "other backends read the instant alone")
    )]
    pub(crate) connect: Option<Duration>,
}

impl AttemptInfo {
    /// The first attempt of no operation, bounded by no clock: what a backend is given that is used by hand.
    pub const fn new() -> Self {
        const NONE: Operation = Operation::get("", "");
        Self::of(&NONE, 1)
    }

    /// The same, which must be connected by then.
    pub const fn with_connect_by(self, at: Instant) -> Self {
        Self { connect_by: Some(at), ..self }
    }

    pub(crate) const fn of(operation: &'static Operation, attempt: u32) -> Self {
        Self { operation, attempt, connect_by: None, started: None, connect: None }
    }

    /// The same, which `started` and must be connected by then, and whose `connect` clock is so long.
    pub(crate) const fn connecting(
        self,
        started: Instant,
        connect_by: Option<Instant>,
        connect: Option<Duration>,
    ) -> Self {
        Self { connect_by, started: Some(started), connect, ..self }
    }
}

impl Default for AttemptInfo {
    fn default() -> Self {
        Self::new()
    }
}

/// The backend of a transport that was given none, whose `connect` clock is this.
///
/// # Errors
///
/// Kind `Config` if an option breaks a rule or the backend cannot start.
#[cfg(feature = "reqwest")]
pub(crate) fn default(
    options: &ConnectionOptions,
    connect: Option<Duration>,
) -> Result<Arc<dyn Backend>, Error> {
    Ok(Arc::new(ReqwestBackend::with_clock(options, connect)?))
}

/// The same where reqwest is left out.
///
/// # Errors
///
/// Kind `Config` if an option breaks a rule or the backend cannot start.
#[cfg(all(feature = "hyper", not(feature = "reqwest")))]
pub(crate) fn default(options: &ConnectionOptions, _: Option<Duration>) -> Result<Arc<dyn Backend>, Error> {
    Ok(Arc::new(HyperBackend::with_options(options)?))
}

/// Without a backend of its own pynector has to be given one.
///
/// # Errors
///
/// Kind `Config`, always.
#[cfg(not(any(feature = "hyper", feature = "reqwest")))]
pub(crate) fn default(options: &ConnectionOptions, _: Option<Duration>) -> Result<Arc<dyn Backend>, Error> {
    options.validate()?;
    Err(Error::config("backend", "missing", "be given, since the features `reqwest` and `hyper` are off"))
}

/// Why no response came, or why its body broke.
#[derive(Debug)]
pub struct BackendError {
    failure: Failure,
    source: Option<BoxError>,
}

impl BackendError {
    /// A failure without a cause to show.
    pub fn new(failure: Failure) -> Self {
        Self { failure, source: None }
    }

    /// A failure and what caused it.
    ///
    /// The innermost cause is shown as it is, in the message of the call's error: it must hold no header value, query or body
    /// (OBS-3).
    pub fn with_source(failure: Failure, source: impl Into<BoxError>) -> Self {
        Self { failure, source: Some(source.into()) }
    }

    /// What failed.
    pub fn failure(&self) -> Failure {
        self.failure
    }

    pub(crate) fn into_source(self) -> Option<BoxError> {
        self.source
    }
}

impl fmt::Display for BackendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.failure, f)
    }
}

impl std::error::Error for BackendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

/// A cause that says more than the errors below it.
#[derive(Debug)]
pub(crate) struct Explained {
    /// The proxy at which it happened, without credentials.
    pub(crate) proxy: Option<String>,
    /// What happened and what helps.
    pub(crate) words: Option<String>,
    pub(crate) source: Option<BoxError>,
}

#[cfg(feature = "test-util")]
impl Explained {
    pub(crate) fn in_words(words: String) -> Self {
        Self { proxy: None, words: Some(words), source: None }
    }
}

#[cfg(any(feature = "hyper", feature = "reqwest"))]
impl Explained {
    pub(crate) fn at_proxy(proxy: String, words: &str) -> Self {
        Self { proxy: Some(proxy), words: Some(words.to_owned()), source: None }
    }
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.words, &self.proxy) {
            (Some(words), _) => f.write_str(words),
            (None, Some(proxy)) => write!(f, "the proxy {proxy}"),
            (None, None) => f.write_str("no connection"),
        }
    }
}

impl std::error::Error for Explained {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

/// The body of a response as the wire gives it: still encoded, not yet bounded.
pub struct ResponseBody(Frames);

/// Whose body it is. Those of the backends of this crate have no box of their own.
enum Frames {
    Boxed(UnsyncBoxBody<Bytes, BackendError>),
    #[cfg(feature = "hyper")]
    Hyper(hyper::Leased),
    #[cfg(feature = "reqwest")]
    Reqwest(reqwest::Received),
}

type DynBody = dyn http_body::Body<Data = Bytes, Error = BackendError> + Send + Unpin;

/// The body in `&self` or `&mut self`, whosever it is, as a reference of the same kind.
macro_rules! body_of {
    ($response:expr) => {
        match $response {
            Frames::Boxed(body) => body,
            #[cfg(feature = "hyper")]
            Frames::Hyper(body) => body,
            #[cfg(feature = "reqwest")]
            Frames::Reqwest(body) => body,
        }
    };
}

impl Frames {
    fn body(&self) -> &DynBody {
        body_of!(self)
    }

    fn body_mut(&mut self) -> &mut DynBody {
        body_of!(self)
    }
}

impl ResponseBody {
    /// A body that yields the frames of `body`.
    pub fn new<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes, Error = BackendError> + Send + 'static,
    {
        Self(Frames::Boxed(body.boxed_unsync()))
    }

    /// A body that is here already.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(http_body_util::Full::new(bytes.into()).map_err(|never| match never {}))
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseBody")
    }
}

impl http_body::Body for ResponseBody {
    type Data = Bytes;
    type Error = BackendError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(self.0.body_mut()).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.body().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.body().size_hint()
    }
}
