//! Building a request without sending it: a clone whose calls leave here what they would start with.

use std::fmt;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use bytes::Bytes;

use crate::attempt::Request;
use crate::error::{Error, ErrorKind, Result};
use crate::transport::http::HttpTransport;

/// What a call would send, or why it cannot be sent. The request stays where it was made, in a box that is used again.
pub(crate) type Made = Result<Box<Option<Request>>>;

/// What the first call left.
#[derive(Default)]
pub(crate) struct Capture(Mutex<Slot>);

#[derive(Default)]
struct Slot {
    made: Option<Made>,
    /// The box of a request before.
    empty: Option<Box<Option<Request>>>,
}

impl Capture {
    /// Keeps what a call has made; only the first counts.
    pub(crate) fn keep(&self, made: Made) {
        self.slot().made.get_or_insert(made);
    }

    fn empty(&self) -> Box<Option<Request>> {
        self.slot().empty.take().unwrap_or_default()
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn own(&mut self) -> &mut Slot {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
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
        let over = {
            let client = client(transport.share());
            pin!(call(&client)).poll(&mut Context::from_waker(Waker::noop())).is_ready()
        };
        self.taken(transport, over)
    }

    /// Takes what was left in `capturing`, without `host` unless somebody has said it. Not a part of what is compiled for each
    /// client.
    fn taken(&self, mut capturing: Self, over: bool) -> Result<http::Request<Bytes>> {
        let Some(slot) = capturing.alone().map(Capture::own) else {
            // A call has given it away, and may still leave something there, for nobody.
            let made = capturing.capture().and_then(|capture| capture.slot().made.take());
            return made.ok_or_else(|| none(over))??.ok_or_else(|| none(over)).map(Request::into_whole);
        };
        let mut place = slot.made.take().ok_or_else(|| none(over))??;
        let Some(request) = place.take() else { return Err(none(over)) };
        slot.empty = Some(place);
        self.lay_by(capturing);
        Ok(request.into_whole())
    }
}

/// What is kept of a call that has made this, in a place of `capture`.
///
/// # Errors
///
/// Why there is no request, and kind `Request` if its body comes piece by piece.
#[inline]
pub(crate) fn whole(made: Result<Request>, capture: Option<&Capture>) -> Made {
    let mut place = capture.map(Capture::empty).unwrap_or_default();
    let request = match made {
        Ok(request) => place.insert(request),
        Err(error) => return Err(error),
    };
    if request.body.is_streamed() {
        return Err(refuse("the body of the request is a stream, of which there are no bytes yet"));
    }
    Ok(place)
}

#[cold]
fn none(over: bool) -> Error {
    refuse(if over {
        "no call was made, so there is no request"
    } else {
        "something else is waited for before the first call: make the call right away"
    })
}

#[cold]
fn refuse(why: &'static str) -> Error {
    Error::new(ErrorKind::Request, why)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use futures_util::future::join;

    use crate::error::Result;
    use crate::operation::Operation;
    use crate::transport::http::HttpTransport;

    const USER: Operation = Operation::get("Users::user", "/users/{id}");

    async fn user(transport: &HttpTransport, id: u32) -> Result<()> {
        transport.call(&USER).path("id", id).send().await
    }

    fn path(transport: &HttpTransport, call: impl AsyncFnOnce(&HttpTransport)) -> Result<String> {
        transport.to_request(call).map(|request| request.uri().path().to_owned())
    }

    #[test]
    fn what_one_call_left_is_nothing_to_the_next() {
        let transport = HttpTransport::unconnected("http://h").unwrap();
        for id in [1, 22, 3] {
            let built = path(&transport, async |users| drop(join(user(users, id), user(users, 4)).await));
            assert_eq!(built.unwrap(), format!("/users/{id}"));
        }
        let nothing = path(&transport, async |_| ()).unwrap_err();
        assert!(nothing.to_string().contains("no call was made"), "{nothing}");
    }

    #[test]
    fn a_clone_that_somebody_kept_leaves_nothing_to_others() {
        let transport = HttpTransport::unconnected("http://h").unwrap();
        let mut kept = None;
        let built = path(&transport, async |users| {
            kept = Some(users.share());
            drop(user(users, 1).await);
        });
        assert_eq!(built.unwrap(), "/users/1");
        assert!(pin!(user(&kept.unwrap(), 2)).poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert!(path(&transport, async |_| ()).is_err());
    }
}
