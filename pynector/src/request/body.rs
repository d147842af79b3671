//! Request bodies: kept by reference count, so that every attempt sends the same bytes (BOD-1).

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::watch::Progress;

/// So large are the pieces in which a watched body is taken: larger ones say less of when they were taken.
const PIECE: usize = 8 << 10;

/// A request body.
///
/// Cloning shares the bytes; [`http_body::Body`] is implemented for whoever carries it to the wire.
#[derive(Clone, Default)]
pub struct Body {
    bytes: Option<Bytes>,
    /// Told of each piece that is taken, where a clock asks for it.
    progress: Option<Arc<Progress>>,
}

impl Body {
    /// No body at all, which differs from an empty one only in that no `content-type` belongs to it.
    pub const fn empty() -> Self {
        Self { bytes: None, progress: None }
    }

    /// The bytes, if there is a body.
    ///
    /// A backend that sends these instead of polling the body leaves the `write` clock nothing to see: they count as
    /// written.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        if let Some(progress) = &self.progress {
            progress.taken(false);
        }
        self.peek()
    }

    /// The bytes, for whoever only looks.
    pub(crate) fn peek(&self) -> Option<&Bytes> {
        self.bytes.as_ref()
    }

    /// The same body, which tells `progress` of each piece that is taken.
    pub(crate) fn watched(self, progress: &Arc<Progress>) -> Self {
        Self { progress: Some(Arc::clone(progress)), ..self }
    }

    /// Told by a backend while it makes a connection.
    #[cfg(any(feature = "reqwest", feature = "test-util"))]
    pub(crate) fn progress(&self) -> Option<&Arc<Progress>> {
        self.progress.as_ref()
    }

    /// Whether there is no body.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_none()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self { bytes: Some(bytes), progress: None }
    }
}

/// The size alone: a body may hold secrets.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.bytes {
            Some(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            None => f.write_str("Body(none)"),
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let Some(mut bytes) = self.bytes.take().filter(|bytes| !bytes.is_empty()) else {
            return Poll::Ready(None);
        };
        let Some(progress) = &self.progress else { return Poll::Ready(Some(Ok(Frame::data(bytes)))) };
        let piece = bytes.split_to(PIECE.min(bytes.len()));
        progress.taken(!bytes.is_empty());
        self.bytes = Some(bytes);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use http_body::Body as _;
    use http_body_util::BodyExt as _;

    use super::{Body, PIECE};
    use crate::policy::Timeouts;
    use crate::watch::Watch;

    #[tokio::test]
    async fn a_body_comes_whole_unless_it_is_watched() {
        let body = Body::from(bytes::Bytes::from(vec![7; 2 * PIECE + 1]));
        let watch = Watch::of(&Timeouts::spec(std::time::Duration::from_secs(1)).resolve(), true).unwrap();
        for (mut body, pieces) in
            [(body.clone(), vec![2 * PIECE + 1]), (body.watched(watch.progress()), vec![PIECE, PIECE, 1])]
        {
            let mut left = 2 * PIECE + 1;
            for piece in pieces {
                assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(left as u64), false));
                assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap().len(), piece);
                left -= piece;
            }
            assert!(body.is_end_stream() && body.frame().await.is_none());
        }
    }
}
