//! The last step of a call: a type that is made of a whole body leaves nothing to wait for once the call is over.

use std::future::poll_fn;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;

use super::{FromResponse, ResponseHead, still_to_come};
use crate::error::Result;

/// A call on its way to its response.
#[doc(hidden)]
pub trait Arriving: Send + Unpin {
    /// What the call has brought.
    type Arrival: Arrival;

    /// Goes on, as a future does.
    fn poll_arrival(&mut self, cx: &mut Context<'_>) -> Poll<Result<Self::Arrival>>;

    /// Goes on until a value was made of the whole body.
    fn poll_made(&mut self, cx: &mut Context<'_>, make: &mut dyn Make) -> Poll<Result<()>>;
}

/// Makes a value and keeps it, for code that does not know its type.
#[doc(hidden)]
pub trait Make {
    /// Without a body it is the value of a response whose status says that there is none.
    fn make(&mut self, head: &ResponseHead, body: Option<&Bytes>) -> Result<()>;
}

/// Where a value is put once, to be taken out at once: what fills it holds no code that drops one which is there, of each
/// type once more.
pub(crate) type Slot<T> = Option<ManuallyDrop<T>>;

/// What was put there; what a body holds that is wrong further on is dropped.
pub(crate) fn taken<T>(made: Result<()>, slot: Slot<T>) -> Result<T> {
    let value = slot.map(ManuallyDrop::into_inner);
    made.and_then(|()| value.ok_or_else(still_to_come))
}

struct Making<'a, T, F> {
    slot: Slot<T>,
    make: &'a F,
}

impl<T, F: Fn(&mut Slot<T>, &ResponseHead, Option<&Bytes>) -> Result<()>> Make for Making<'_, T, F> {
    fn make(&mut self, head: &ResponseHead, body: Option<&Bytes>) -> Result<()> {
        (self.make)(&mut self.slot, head, body)
    }
}

/// A response that is here, and what its call is owed once a value was made of it.
#[doc(hidden)]
pub trait Arrival: Send + Sized {
    /// Makes a value at once where the response is here as a whole; else by the future that is given back.
    fn make<T: FromResponse>(self) -> Result<Result<T>, Pin<Box<impl Future<Output = Result<T>> + Send>>>;
}

/// The value that `make` puts into its place, of the whole body, in the words of a method.
///
/// It is compiled for each type that a program's methods return, so it holds no more than it must (record 0202).
pub(super) fn at_once<T, R>(
    mut arriving: impl Arriving,
    make: impl Fn(&mut Slot<T>, &ResponseHead, Option<&Bytes>) -> Result<()> + Send,
    outcome: impl Fn(Result<T>) -> R + Send,
) -> impl Future<Output = R> + Send {
    poll_fn(move |cx| {
        let mut making = Making { slot: None, make: &make };
        arriving.poll_made(cx, &mut making).map(|made| outcome(taken(made, making.slot)))
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
