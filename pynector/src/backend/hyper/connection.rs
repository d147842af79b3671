//! One connection, the request that it carries, and the body that gives it back at its end.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Response;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use tokio::time::Instant;

use super::carried::Carried;
use super::host::Host;
use crate::backend::{BackendError, Frames, ResponseBody};
use crate::clock;
use crate::policy::classify::Failure;

/// A connection in the hand of a call.
pub(super) enum Connection {
    /// HTTP/1.1: of this call alone.
    Own(Box<Own>),
    /// HTTP/2: of all calls.
    Shared(Shared),
}

/// A connection that carries one call at a time. It goes from hand to hand in its box, so that no call asks for memory.
pub(super) struct Own {
    sender: http1::SendRequest<Carried>,
    proxied: bool,
    since: Instant,
}

/// One hand on the connection that carries all calls.
#[derive(Clone)]
pub(super) struct Shared {
    sender: http2::SendRequest<Carried>,
    number: u64,
}

impl Own {
    /// A new one, and whether a proxy reads its requests.
    pub(super) fn new(sender: http1::SendRequest<Carried>, proxied: bool) -> Self {
        Self { sender, proxied, since: clock::now() }
    }

    /// Whether it takes a request now, for all that is known here.
    pub(super) fn is_ready(&self) -> bool {
        self.sender.is_ready()
    }

    /// Since when nobody uses it.
    pub(super) fn since(&self) -> Instant {
        self.since
    }

    /// Nobody uses it from now on.
    pub(super) fn rests(&mut self) {
        self.since = clock::now();
    }

    /// Who takes its requests.
    pub(super) fn sender(&mut self) -> &mut http1::SendRequest<Carried> {
        &mut self.sender
    }
}

impl Shared {
    /// The one of this number.
    pub(super) fn new(sender: http2::SendRequest<Carried>, number: u64) -> Self {
        Self { sender, number }
    }

    /// Which one of those that carried all calls.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Whether it takes a request now, for all that is known here.
    pub(super) fn is_ready(&self) -> bool {
        !self.sender.is_closed()
    }

    /// Who takes its requests.
    pub(super) fn sender(&mut self) -> &mut http2::SendRequest<Carried> {
        &mut self.sender
    }
}

impl Connection {
    pub(super) fn is_http2(&self) -> bool {
        matches!(self, Self::Shared(_))
    }

    /// Whether a proxy reads its requests.
    pub(super) fn is_proxied(&self) -> bool {
        matches!(self, Self::Own(own) if own.proxied)
    }

    /// The answer, which gives the connection back to `host` once it is here whole, if it is of this call alone.
    pub(super) fn answered(self, response: Response<Incoming>, host: Arc<Host>) -> Response<ResponseBody> {
        let lease = match self {
            Self::Own(own) => Some(Lease { host, own }),
            Self::Shared(_) => None,
        };
        response.map(|body| ResponseBody(Frames::Hyper(Leased::new(body, lease))))
    }

    /// It did not answer: nobody else shall share it.
    pub(super) fn failed(self, host: &Host) {
        if let Self::Shared(shared) = self {
            host.forget(shared.number);
        }
    }
}

/// A connection on its way back.
struct Lease {
    host: Arc<Host>,
    own: Box<Own>,
}

impl Lease {
    /// The answer was read: the connection is free as soon as hyper has seen that too.
    fn end(self) {
        let Self { host, mut own } = self;
        if own.is_ready() {
            host.keep(own);
            return;
        }
        tokio::spawn(async move {
            if own.sender.ready().await.is_ok() {
                host.keep(own);
            }
        });
    }
}

/// A response body that has its connection, unless all calls have that; dropped before its end, the connection is closed.
pub(in crate::backend) struct Leased {
    body: Incoming,
    lease: Option<Lease>,
}

impl Leased {
    fn new(body: Incoming, lease: Option<Lease>) -> Self {
        let mut leased = Self { body, lease };
        leased.end_if_over();
        leased
    }

    fn end_if_over(&mut self) {
        if self.body.is_end_stream()
            && let Some(lease) = self.lease.take()
        {
            lease.end();
        }
    }
}

impl http_body::Body for Leased {
    type Data = Bytes;
    type Error = BackendError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BackendError>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        match &polled {
            Poll::Pending => {}
            Poll::Ready(Some(Ok(_))) => self.end_if_over(),
            Poll::Ready(None) => {
                if let Some(lease) = self.lease.take() {
                    lease.end();
                }
            }
            // It is of no more use.
            Poll::Ready(Some(Err(_))) => self.lease = None,
        }
        polled.map_err(|error| BackendError::with_source(Failure::BodyInterrupted, error))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
