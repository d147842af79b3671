//! The last step of a call: a type that is made of a whole body leaves nothing to wait for once the call is over.

use std::any::TypeId;
use std::fmt;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::{Outcome, ResponseHead, still_to_come};
use crate::codec::value::Document;
#[cfg(feature = "msgpack")]
use crate::codec::{Codec as _, MsgPackCodec};
use crate::error::Result;

/// A call on its way to its response.
#[doc(hidden)]
pub trait Arriving {
    /// What the call has brought.
    type Arrival: Arrival;

    /// Goes on, as a future does.
    fn poll_arrival(&mut self, cx: &mut Context<'_>) -> Poll<Result<Self::Arrival>>;

    /// Goes on until `look` has seen the whole response.
    fn poll_seen(&mut self, cx: &mut Context<'_>, look: Look<'_>) -> Poll<Result<()>>;

    /// Goes on until the whole body was decoded into its place.
    fn poll_decoded(&mut self, cx: &mut Context<'_>, place: Vacant<'_>) -> Poll<Result<()>>;
}

/// A place that waits for its value.
#[doc(hidden)]
pub struct Vacant<'a>(pub(crate) &'a mut dyn Place);

impl fmt::Debug for Vacant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vacant(..)")
    }
}

/// Sees a whole response once; there is no body where the status says that there is no value.
pub(crate) type Look<'a> = &'a mut dyn FnMut(&ResponseHead, Option<&Bytes>) -> Result<()>;

/// Where a decoded value goes, for code that does not know its type.
pub(crate) trait Place {
    /// Which type that is.
    fn own(&self) -> TypeId;

    fn put(&mut self, document: Document<'_, '_>) -> Result<(), serde_json::Error>;

    #[cfg(feature = "msgpack")]
    fn msgpack(&mut self, body: &[u8]) -> Result<()>;
}

/// Where a value is put once, to be taken out at once: what fills it holds no code that drops one which is there, of each
/// type once more.
pub(crate) type Slot<T> = Option<ManuallyDrop<T>>;

/// What was put there; what a body holds that is wrong further on is dropped. Of types of one form it is one function, where it
/// is not copied into what is made of each.
#[inline(never)]
pub(crate) fn taken<T>(made: Result<()>, slot: Slot<T>) -> Result<T> {
    let value = slot.map(ManuallyDrop::into_inner);
    made.and_then(|()| value.ok_or_else(still_to_come))
}

impl<T: DeserializeOwned> Place for Slot<T> {
    fn own(&self) -> TypeId {
        typeid::of::<T>()
    }

    fn put(&mut self, document: Document<'_, '_>) -> Result<(), serde_json::Error> {
        *self = Some(ManuallyDrop::new(T::deserialize(document)?));
        Ok(())
    }

    #[cfg(feature = "msgpack")]
    fn msgpack(&mut self, body: &[u8]) -> Result<()> {
        *self = Some(ManuallyDrop::new(MsgPackCodec::decode(body)?));
        Ok(())
    }
}

/// What goes on until the value is there, where that is more than to read a body that is here.
pub(crate) type Making<R> = Pin<Box<dyn Future<Output = R> + Send>>;

/// A response that is here, and what its call is owed once a value was made of it.
#[doc(hidden)]
pub trait Arrival: Sized {
    /// Makes a value at once where the response is here as a whole; else by what is given back.
    fn make<R: Outcome>(self) -> Result<R, Making<R>>;
}

/// The value that is decoded of the whole body, in the words of a method.
///
/// It is compiled for each type that a program's methods return, so it holds no more than it must (record 0202).
pub(super) fn decoded<R: Outcome<Value: DeserializeOwned>>(
    arriving: &mut impl Arriving,
    cx: &mut Context<'_>,
) -> Poll<R> {
    let mut slot = None;
    arriving.poll_decoded(cx, Vacant(&mut slot)).map(|made| R::from_result(taken(made, slot)))
}

/// The value that `make` makes of the whole response, in the words of a method.
pub(super) fn made<R: Outcome>(
    arriving: &mut impl Arriving,
    cx: &mut Context<'_>,
    make: impl Fn(&ResponseHead, Option<&Bytes>) -> Result<R::Value>,
) -> Poll<R> {
    let mut slot = None;
    let mut look = |head: &ResponseHead, body: Option<&Bytes>| {
        slot = Some(ManuallyDrop::new(make(head, body)?));
        Ok(())
    };
    arriving.poll_seen(cx, &mut look).map(|made| R::from_result(taken(made, slot)))
}

/// The value that is made of the response, however long that takes.
pub(super) fn patiently<R: Outcome>(
    arriving: &mut impl Arriving,
    making: &mut Option<Making<R>>,
    cx: &mut Context<'_>,
) -> Poll<R> {
    if let Some(making) = making {
        return making.as_mut().poll(cx);
    }
    match ready!(arriving.poll_arrival(cx)).map(Arrival::make) {
        Ok(Ok(made)) => Poll::Ready(made),
        Ok(Err(begun)) => making.insert(begun).as_mut().poll(cx),
        Err(error) => Poll::Ready(R::from_result(Err(error))),
    }
}
