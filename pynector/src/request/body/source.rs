//! Where the pieces of a streamed request body come from, and what has become of them.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};

use crate::error::BoxError;

type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// The pieces of one body: its clones share where they come from, and each reads for itself.
#[derive(Clone)]
pub(crate) struct Source {
    origin: Origin,
    /// Why the last reading failed. A backend may lose that on its way: HTTP/2 tells of a stream that was reset.
    failed: Arc<Mutex<Option<BodySourceError>>>,
    pub(super) length: Option<u64>,
    reading: Reading,
}

#[derive(Clone)]
enum Origin {
    /// Makes the stream anew for each reading (BOD-3).
    Factory(Arc<dyn Fn() -> Pieces + Send + Sync>),
    /// A stream that there is once: gone from here when somebody reads it (BOD-2).
    Once(Arc<Mutex<Option<Pieces>>>),
}

/// How far one clone has read. The lock is never taken: it makes a request `Sync` whose stream is not.
enum Reading {
    NotYet,
    Here(Mutex<Pieces>, u64),
    Over,
}

impl Clone for Reading {
    fn clone(&self) -> Self {
        Self::NotYet
    }
}

impl Source {
    pub(super) fn once<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<BoxError>,
    {
        Self::new(Origin::Once(Arc::new(Mutex::new(Some(pieces(stream))))))
    }

    pub(super) fn factory<F, S, B, E>(make: F) -> Self
    where
        F: Fn() -> S + Send + Sync + 'static,
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<BoxError>,
    {
        Self::new(Origin::Factory(Arc::new(move || pieces(make()))))
    }

    fn new(origin: Origin) -> Self {
        Self { origin, failed: Arc::default(), length: None, reading: Reading::NotYet }
    }

    /// Whether they are clones of one source.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.failed, &other.failed)
    }

    /// Whether there is no second reading.
    pub(super) fn is_one_shot(&self) -> bool {
        matches!(self.origin, Origin::Once(_))
    }

    /// Whether a stream that there is once was asked for its first piece.
    pub(super) fn was_polled(&self) -> bool {
        matches!(&self.origin, Origin::Once(stream) if lock(stream).is_none())
    }

    /// Why the last reading failed, if it did; told once.
    pub(super) fn take_failure(&self) -> Option<BodySourceError> {
        lock(&self.failed).take()
    }

    /// How many bytes are still to come, where that was announced.
    pub(super) fn left(&self) -> Option<u64> {
        let length = self.length?;
        Some(match self.reading {
            Reading::NotYet => length,
            Reading::Here(_, read) => length.saturating_sub(read),
            Reading::Over => 0,
        })
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.reading, Reading::Over) || self.left() == Some(0)
    }

    /// The next piece; never more than what was announced, and an error where that does not come.
    pub(super) fn poll_piece(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BodySourceError>>> {
        match ready!(self.poll_next(cx)) {
            None => {
                self.reading = Reading::Over;
                Poll::Ready(None)
            }
            Some(Ok(piece)) => Poll::Ready(Some(Ok(piece))),
            Some(Err(failed)) => {
                self.reading = Reading::Over;
                *lock(&self.failed) = Some(failed.clone());
                Poll::Ready(Some(Err(failed)))
            }
        }
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodySourceError>>> {
        if self.is_over() {
            return Poll::Ready(None);
        }
        if matches!(self.reading, Reading::NotYet) {
            let Some(pieces) = self.open() else { return failed(Why::Taken) };
            self.reading = Reading::Here(Mutex::new(pieces), 0);
        }
        let Reading::Here(pieces, read) = &mut self.reading else { return Poll::Ready(None) };
        let pieces = pieces.get_mut().unwrap_or_else(PoisonError::into_inner);
        loop {
            match (ready!(pieces.as_mut().poll_next(cx)), self.length) {
                // An empty piece would end a chunked body.
                (Some(Ok(piece)), _) if piece.is_empty() => {}
                (Some(Ok(mut piece)), length) => {
                    if let Some(length) = length {
                        let left = length.saturating_sub(*read);
                        piece.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                    }
                    *read = read.saturating_add(piece.len() as u64);
                    return Poll::Ready(Some(Ok(piece)));
                }
                (Some(Err(cause)), _) => return failed(Why::Failed(cause.into())),
                (None, Some(of)) => return failed(Why::Short { read: *read, of }),
                (None, None) => return Poll::Ready(None),
            }
        }
    }

    fn open(&self) -> Option<Pieces> {
        *lock(&self.failed) = None;
        match &self.origin {
            Origin::Factory(make) => Some(make()),
            Origin::Once(stream) => lock(stream).take(),
        }
    }
}

fn failed<T>(why: Why) -> Poll<Option<Result<T, BodySourceError>>> {
    Poll::Ready(Some(Err(BodySourceError(why))))
}

fn pieces<S, B, E>(stream: S) -> Pieces
where
    S: Stream<Item = Result<B, E>> + Send + 'static,
    B: Into<Bytes>,
    E: Into<BoxError>,
{
    Box::pin(stream.map(|piece| piece.map(Into::into).map_err(Into::into)))
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why a streamed request body did not come to its end: its source failed, or gave less than was announced.
///
/// It is the error of [`Body`](crate::Body) as an [`http_body::Body`](https://docs.rs/http-body), which a
/// [`Backend`](crate::backend::Backend) meets while it sends. The call fails with kind
/// [`RequestBody`](crate::ErrorKind::RequestBody), whatever the backend makes of it, and what the source said is the
/// [`source`](StdError::source) of this error.
#[derive(Clone, Debug)]
pub struct BodySourceError(Why);

#[derive(Clone, Debug)]
enum Why {
    Failed(Arc<dyn StdError + Send + Sync>),
    Short { read: u64, of: u64 },
    Taken,
}

impl fmt::Display for BodySourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Why::Failed(_) => f.write_str("the source of the request body failed"),
            Why::Short { read, of } => write!(f, "the request body ended after {read} of {of} bytes"),
            Why::Taken => f.write_str("the stream of the request body was read before"),
        }
    }
}

impl StdError for BodySourceError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0 {
            Why::Failed(cause) => Some(&**cause),
            _ => None,
        }
    }
}
