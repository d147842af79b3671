//! The `connect` clock inside reqwest's connector, which also says when a connection is being made.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::time::Instant;
use tower_layer::Layer;
use tower_service::Service;

use crate::backend::wire::causes::ConnectTimedOut;
use crate::clock;
use crate::error::BoxError;
use crate::watch::Progress;

tokio::task_local! {
    /// The attempt that polls a connector. hyper-util makes connections inside the future of the request that wants one,
    /// so a task local reaches the connector of exactly that attempt.
    pub(super) static ATTEMPT: Attempt;
}

/// What a connector has to know of the attempt that wants a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Attempt {
    /// When it must be connected.
    pub(super) connect_by: Option<Instant>,
    /// Told while a connection is being made, where a clock asks for it.
    pub(super) progress: Option<Arc<Progress>>,
}

/// Bounds each connection by the clock of the attempt that waits for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConnectClock;

impl<S> Layer<S> for ConnectClock {
    type Service = ConnectWithin<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ConnectWithin(Arc::new(inner))
    }
}

/// Shares one connector: reqwest and hyper-util clone theirs six times a call, and most calls make no connection.
#[derive(Debug)]
pub(super) struct ConnectWithin<S>(Arc<S>);

impl<S> Clone for ConnectWithin<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S, R> Service<R> for ConnectWithin<S>
where
    S: Service<R, Error = BoxError> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Response: 'static,
    R: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::result::Result<(), BoxError>> {
        // The clone that makes the connection is asked instead.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: R) -> Self::Future {
        let Attempt { connect_by, progress } = ATTEMPT.try_with(Attempt::clone).unwrap_or_default();
        let mut connector = S::clone(&self.0);
        Box::pin(async move {
            let _told = progress.as_ref().map(Progress::connecting);
            let connecting = pin!(async move {
                poll_fn(|cx| connector.poll_ready(cx)).await?;
                connector.call(target).await
            });
            clock::until(connect_by, connecting).await.map_err(|_| ConnectTimedOut)?
        })
    }
}
