//! One connection, the request that it carries, and the body that gives it back at its end.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Response;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};

use super::host::Host;
use crate::backend::{BackendError, ResponseBody};
use crate::policy::classify::Failure;
use crate::request::body::Body;

pub(super) struct Connection {
    sender: Sender,
    proxied: bool,
    number: u64,
}

/// Who takes requests for it.
pub(super) enum Sender {
    Http1(http1::SendRequest<Body>),
    Http2(http2::SendRequest<Body>),
}

impl Connection {
    pub(super) fn new(sender: Sender, proxied: bool, number: u64) -> Self {
        Self { sender, proxied, number }
    }

    /// Which one of those that carry all calls.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn is_http2(&self) -> bool {
        matches!(self.sender, Sender::Http2(_))
    }

    /// Whether a proxy reads its requests.
    pub(super) fn is_proxied(&self) -> bool {
        self.proxied
    }

    /// Whether it takes a request now, for all that is known here.
    pub(super) fn is_ready(&self) -> bool {
        match &self.sender {
            Sender::Http1(sender) => sender.is_ready(),
            Sender::Http2(sender) => !sender.is_closed(),
        }
    }

    /// The same connection for another call beside this one.
    pub(super) fn share(&self) -> Option<Self> {
        match &self.sender {
            Sender::Http1(_) => None,
            Sender::Http2(sender) => Some(Self {
                sender: Sender::Http2(sender.clone()),
                proxied: self.proxied,
                number: self.number,
            }),
        }
    }

    /// Who takes the request of this call.
    pub(super) fn sender(&mut self) -> &mut Sender {
        &mut self.sender
    }

    /// The answer, which gives the connection back to `host` once it is here whole.
    pub(super) fn answered(self, response: Response<Incoming>, host: Arc<Host>) -> Response<ResponseBody> {
        let lease = Lease { host, connection: self };
        response.map(|body| ResponseBody::new(Leased::new(body, lease)))
    }

    /// It did not answer: nobody else shall share it.
    pub(super) fn failed(self, host: &Host) {
        if self.is_http2() {
            host.forget(self.number);
        }
    }

    /// Waits until it takes a request; whether that will be.
    async fn becomes_ready(&mut self) -> bool {
        match &mut self.sender {
            Sender::Http1(sender) => sender.ready().await.is_ok(),
            Sender::Http2(_) => false,
        }
    }
}

/// A connection on its way back.
struct Lease {
    host: Arc<Host>,
    connection: Connection,
}

impl Lease {
    /// The answer was read: in HTTP/1.1 the connection is free as soon as hyper has seen that too.
    fn end(mut self) {
        if self.connection.is_http2() {
            return;
        }
        if self.connection.is_ready() {
            self.host.keep(self.connection);
            return;
        }
        tokio::spawn(async move {
            if self.connection.becomes_ready().await {
                self.host.keep(self.connection);
            }
        });
    }
}

/// A response body that has its connection; dropped before its end, the connection is closed.
struct Leased {
    body: Incoming,
    lease: Option<Lease>,
}

impl Leased {
    fn new(body: Incoming, lease: Lease) -> Self {
        let mut leased = Self { body, lease: Some(lease) };
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
        polled.map(|frame| {
            frame.map(|frame| {
                frame.map_err(|error| BackendError::with_source(Failure::BodyInterrupted, error))
            })
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
