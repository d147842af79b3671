//! The last step of a call: a type that is made of a whole body leaves nothing to wait for once the call is over.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;

use super::{FromResponse, ResponseHead};
use crate::error::Result;

/// A call on its way to its response.
#[doc(hidden)]
pub trait Arriving: Send + Unpin {
    /// What the call has brought.
    type Arrival: Arrival;

    /// Goes on, as a future does.
    fn poll_arrival(&mut self, cx: &mut Context<'_>) -> Poll<Result<Self::Arrival>>;
}

/// A response that is here, and what its call is owed once a value was made of it.
#[doc(hidden)]
pub trait Arrival: Send + Sized {
    /// Makes a value of a whole body; `None` is that of a response whose status says that there is none.
    fn at_once<T>(self, make: impl FnOnce(&ResponseHead, Option<&Bytes>) -> Result<T>) -> Result<T>;

    /// Makes a value at once where the response is here as a whole; else by the future that is given back.
    fn make<T: FromResponse>(self) -> Result<Result<T>, Pin<Box<impl Future<Output = Result<T>> + Send>>>;
}

/// The value that `make` gives of the whole body, in the words of a method.
///
/// It is compiled for each type that a program's methods return, so it holds no more than it must (record 0202).
pub(super) fn at_once<T, R>(
    mut arriving: impl Arriving,
    make: impl Fn(&ResponseHead, Option<&Bytes>) -> Result<T> + Send,
    outcome: impl Fn(Result<T>) -> R + Send,
) -> impl Future<Output = R> + Send {
    poll_fn(move |cx| match arriving.poll_arrival(cx) {
        Poll::Ready(Ok(arrival)) => Poll::Ready(outcome(arrival.at_once(&make))),
        Poll::Ready(Err(error)) => Poll::Ready(outcome(Err(error))),
        Poll::Pending => Poll::Pending,
    })
}

/// The value that is made of the response, however long that takes.
pub(super) async fn patiently<T: FromResponse, R>(
    mut arriving: impl Arriving,
    outcome: impl FnOnce(Result<T>) -> R + Send,
) -> R {
    let making = match poll_fn(|cx| arriving.poll_arrival(cx)).await.map(Arrival::make) {
        Ok(Err(making)) => making,
        Ok(Ok(made)) => return outcome(made),
        Err(error) => return outcome(Err(error)),
    };
    outcome(making.await)
}
