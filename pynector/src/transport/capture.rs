//! Building a request without sending it: a clone whose calls leave here what they would start with.

use std::fmt;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Waker};

use bytes::Bytes;

use crate::attempt::{Request, fill};
use crate::error::{Error, ErrorKind, Result};
use crate::transport::http::HttpTransport;

/// What a call would send, or why it cannot be sent. The request stays where it was made.
pub(crate) type Made = Result<Box<http::Request<Bytes>>>;

/// What the first call left.
#[derive(Default)]
pub(crate) struct Capture(Mutex<Option<Made>>);

impl Capture {
    /// Keeps what a call has made; only the first counts.
    pub(crate) fn keep(&self, made: Made) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(made);
    }

    fn take(&self) -> Option<Made> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A request may hold secrets.
impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Capture(..)")
    }
}

impl HttpTransport {
    /// Builds the request that `call` starts with, and sends nothing.
    ///
    /// `call` is given a clone whose calls never come back: its first one leaves the request here, with every header
    /// that would be sent, and all that stands behind it does not run. No connection is made, no circuit asked, and no
    /// runtime is needed. Generated clients have the same method.
    ///
    /// The body is one that is there whole, since of a stream there are no bytes yet.
    ///
    /// What frames the request is left to whoever carries it: `host`, and `content-length` where there is a body.
    ///
    /// ```
    /// use pynector::{HttpTransport, Operation};
    ///
    /// const USER: Operation = Operation::get("Users::user", "/users/{id}");
    ///
    /// let transport = HttpTransport::builder("https://api.example.com/v1").bearer("token").build()?;
    /// let request = transport.to_request(async |transport| transport.call(&USER).path("id", 7).send::<()>().await)?;
    /// assert_eq!(request.uri(), "https://api.example.com/v1/users/7");
    /// assert_eq!(request.headers()["authorization"], "Bearer token");
    /// # Ok::<(), pynector::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Kind [`Request`](ErrorKind::Request) or [`Serialize`](ErrorKind::Serialize) for a value that does not fit its place,
    /// whatever the error of the method is; [`Request`](ErrorKind::Request) if `call` makes no call, or waits for
    /// something else before it, or its body is a stream.
    pub fn to_request<T>(&self, call: impl AsyncFnOnce(&Self) -> T) -> Result<http::Request<Bytes>> {
        self.to_request_of(|transport| transport, call)
    }

    /// The same for a client over this transport: for generated code.
    #[doc(hidden)]
    pub fn to_request_of<C, T>(
        &self,
        client: impl FnOnce(Self) -> C,
        call: impl AsyncFnOnce(&C) -> T,
    ) -> Result<http::Request<Bytes>> {
        let transport = self.capturing();
        let client = client(transport.share());
        let polled = pin!(call(&client)).poll(&mut Context::from_waker(Waker::noop()));
        transport.captured(polled.is_ready())
    }

    /// What the call has left that was polled once; whether it is over.
    fn captured(&self, over: bool) -> Result<http::Request<Bytes>> {
        match self.capture().and_then(Capture::take) {
            Some(made) => made.map(|request| *request),
            None if over => Err(refuse("no call was made, so there is no request")),
            None => {
                Err(refuse("something else is waited for before the first call: make the call right away"))
            }
        }
    }
}

/// What is said of the request, with a body that is here whole.
///
/// # Errors
///
/// Why there is no request, and kind `Request` if its body comes piece by piece.
#[inline]
pub(crate) fn whole(made: Result<Request>) -> Made {
    let mut made = made?;
    if made.body.is_streamed() {
        return Err(refuse("the body of the request is a stream, of which there are no bytes yet"));
    }
    // That names no `host` but what somebody has said.
    let headers = made.headers.into_map();
    let mut request = Box::new(http::Request::new(made.body.take_bytes()));
    fill(&mut request, made.method, made.uri, headers);
    Ok(request)
}

fn refuse(why: &'static str) -> Error {
    Error::new(ErrorKind::Request, why)
}
