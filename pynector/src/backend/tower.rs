//! Services of tower as backends, and backends as services of tower.

use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Buf as _;
use http_body::Frame;
use http_body_util::BodyExt as _;
use tokio::time::Instant;
use tower_service::Service;

use super::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody};
use crate::clock;
use crate::error::BoxError;
use crate::policy::classify::{Failure, Stage};
use crate::request::body::Body;
use crate::watch::Progress;

/// Says what an error of a service means; `None` where it does not know.
type Classify = dyn Fn(&(dyn StdError + 'static)) -> Option<Failure> + Send + Sync;

/// Carries requests by a [`Service`], so below the policies: what wraps the service runs for each attempt.
///
/// The service is cloned for each attempt, the clone is waited for until it is ready, and then called once. Limits that
/// are shared by clones, such as tower's `ConcurrencyLimit`, work; what is no `Clone` goes behind tower's `Buffer`.
///
/// What an error means decides whether the request may be sent again, so nothing is guessed:
///
/// 1. before the service is ready, nothing was sent: [`Failure::Connect`], unless the error says why;
/// 2. a [`BackendError`] in the chain of causes says itself how far the request came;
/// 3. then [`classify`](Self::classify) is asked, where it was given;
/// 4. else the server may have acted on the request: [`Failure::Interrupted`], after which a `POST` is not repeated.
///
/// An error of the body is [`Failure::BodyInterrupted`]. The message of the innermost cause goes into the message of the
/// [`Error`](crate::Error), so a service should not write secrets into it.
///
/// The service is given a request alone, so the [`AttemptInfo`] stands among the extensions of that. The `connect` clock runs
/// until the service is ready. One that connects only when it is called finds the end of that clock there, as
/// [`connect_by`](AttemptInfo::connect_by), and honours it by failing with a [`BackendError`] of [`Failure::ConnectTimeout`];
/// where it does not look, the `attempt` clock bounds it. Retries, redirects, timeouts and decompression belong above, so a service should do none of them.
///
/// ```
/// use http_body_util::Full;
/// use pynector::backend::TowerBackend;
/// use pynector::bytes::Bytes;
/// use pynector::{Body, Failure, HttpTransport, Operation, http};
/// use tower::BoxError;
///
/// const USER: Operation = Operation::get("Users::user", "/users/{id}");
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> pynector::Result<()> {
/// let service = tower::service_fn(async |request: http::Request<Body>| {
///     let answer = Bytes::from(format!("\"{}\"", request.uri().path()));
///     Ok::<_, BoxError>(http::Response::new(Full::new(answer)))
/// });
/// let backend = TowerBackend::new(service).classify(|cause| {
///     cause.is::<tower::load_shed::error::Overloaded>().then_some(Failure::Canceled)
/// });
/// let transport = HttpTransport::builder("https://api.example.com").backend(backend).build()?;
/// assert_eq!(transport.call(&USER).path("id", 7).send::<String>().await?, "\"/users/7\"");
/// # Ok(())
/// # }
/// ```
pub struct TowerBackend<S> {
    /// Locked to be cloned: a backend is shared between threads, a service need not be.
    service: Mutex<S>,
    classify: Option<Box<Classify>>,
}

impl<S> TowerBackend<S> {
    /// A backend that calls clones of `service`.
    pub fn new(service: S) -> Self {
        Self { service: Mutex::new(service), classify: None }
    }

    /// Asks `classify` what an error of the service means, of each cause in its chain, the outermost first, until one of
    /// the answers is no `None`.
    ///
    /// An answer of [`Stage::NotSent`] or [`Stage::NotProcessed`] lets a `POST` be repeated: give it only where nothing of
    /// the request can have reached the server's application (RFC 9110 §9.2.2).
    pub fn classify(
        mut self,
        classify: impl Fn(&(dyn StdError + 'static)) -> Option<Failure> + Send + Sync + 'static,
    ) -> Self {
        self.classify = Some(Box::new(classify));
        self
    }

    /// What an error says of itself, or whoever knows the service says of it.
    fn known(&self, error: &(dyn StdError + 'static)) -> Option<Failure> {
        said(error).or_else(|| causes(error).find_map(self.classify.as_deref()?))
    }

    /// The service was never given the request.
    fn unready(&self, error: BoxError) -> BackendError {
        let known = self.known(&*error);
        let unsent = known.filter(|failure| matches!(failure.stage(), Stage::NotSent | Stage::Local));
        explained(error, unsent.unwrap_or(Failure::Connect))
    }

    fn failed(&self, error: BoxError) -> BackendError {
        let failure = self.known(&*error).unwrap_or(Failure::Interrupted);
        explained(error, failure)
    }
}

impl<S> fmt::Debug for TowerBackend<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerBackend").finish_non_exhaustive()
    }
}

/// The whole chain of causes, the error itself first, however many wrappers there are.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| (**error).source())
}

fn said(error: &(dyn StdError + 'static)) -> Option<Failure> {
    causes(error).find_map(|cause| cause.downcast_ref::<BackendError>()).map(BackendError::failure)
}

fn explained(error: BoxError, failure: Failure) -> BackendError {
    match error.downcast::<BackendError>() {
        Ok(own) if own.failure == failure => *own,
        Ok(other) => BackendError::with_source(failure, other),
        Err(error) => BackendError::with_source(failure, error),
    }
}

fn broken(error: BoxError) -> BackendError {
    let failure = said(&*error).unwrap_or(Failure::BodyInterrupted);
    explained(error, failure)
}

impl<S, B> Backend for TowerBackend<S>
where
    S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    fn send(
        &self,
        mut request: http::Request<Body>,
        attempt: AttemptInfo,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        let mut service = self.service.lock().unwrap_or_else(PoisonError::into_inner).clone();
        request.extensions_mut().insert(attempt);
        Box::pin(async move {
            let told = request.body().watch().map(Progress::connecting);
            match ready(&mut service, attempt.connect_by).await {
                None => return Err(BackendError::new(Failure::ConnectTimeout)),
                Some(Err(error)) => return Err(self.unready(error)),
                Some(Ok(())) => drop(told),
            }
            let response = service.call(request).await.map_err(|error| self.failed(error.into()))?;
            Ok(response.map(|body| {
                let frames = body.map_frame(|frame: Frame<B::Data>| {
                    frame.map_data(|mut data| data.copy_to_bytes(data.remaining()))
                });
                ResponseBody::new(frames.map_err(|error: B::Error| broken(error.into())))
            }))
        })
    }
}

/// Waits for `service`; `None` when it is not ready in time. One that is ready at once costs no timer.
async fn ready<S>(service: &mut S, by: Option<Instant>) -> Option<Result<(), BoxError>>
where
    S: Service<http::Request<Body>, Error: Into<BoxError>> + Send,
{
    let mut poll = |cx: &mut Context<'_>| service.poll_ready(cx).map_err(Into::into);
    match poll_fn(|cx| Poll::Ready(poll(cx))).await {
        Poll::Ready(ready) => Some(ready),
        Poll::Pending => clock::until(by, pin!(poll_fn(poll))).await.ok(),
    }
}

/// A [`Backend`] as a [`Service`], for layers of tower around it: always ready. The [`AttemptInfo`] is taken from among the extensions of the
/// request; one that has none belongs to no operation, and no clock bounds how long it connects.
///
/// ```
/// # #[cfg(feature = "reqwest")]
/// # fn run() -> pynector::Result<()> {
/// use pynector::HttpTransport;
/// use pynector::backend::{BackendService, ReqwestBackend, TowerBackend};
/// use tower::ServiceBuilder;
///
/// // At most 8 attempts on the wire, whichever call they belong to.
/// let wire = BackendService::new(ReqwestBackend::new()?);
/// let wire = ServiceBuilder::new().concurrency_limit(8).service(wire);
/// let transport =
///     HttpTransport::builder("https://api.example.com").backend(TowerBackend::new(wire)).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct BackendService(Arc<dyn Backend>);

impl BackendService {
    /// A service that sends by `backend`.
    pub fn new(backend: impl Backend) -> Self {
        Self(Arc::new(backend))
    }
}

impl Service<http::Request<Body>> for BackendService {
    type Response = http::Response<ResponseBody>;
    type Error = BackendError;
    type Future = BoxFuture<'static, Result<Self::Response, BackendError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BackendError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let backend = Arc::clone(&self.0);
        let attempt = request.extensions_mut().remove::<AttemptInfo>().unwrap_or_default();
        Box::pin(async move { backend.send(request, attempt).await })
    }
}
