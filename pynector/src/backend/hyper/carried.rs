//! A request body as hyper carries it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::request::body::{Body, BodySourceError};
use crate::watch::Progress;

/// A body as large as a pointer, and none where there is nothing to send: a request is moved some twenty times on its way through
/// hyper's channels, which costs half as much for one of at most 256 bytes.
#[derive(Debug)]
pub(super) struct Carried(Option<Box<Body>>);

impl Carried {
    /// Who watches it, if anybody does.
    pub(super) fn watch(&self) -> Option<&Arc<Progress>> {
        self.0.as_ref()?.watch()
    }
}

impl From<Body> for Carried {
    fn from(body: Body) -> Self {
        let nothing = body.is_empty() && !body.is_followed();
        Self(if nothing { None } else { Some(Box::new(body)) })
    }
}

impl http_body::Body for Carried {
    type Data = Bytes;
    type Error = BodySourceError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodySourceError>>> {
        match &mut self.0 {
            Some(body) => Pin::new(&mut **body).poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map_or(SizeHint::with_exact(0), http_body::Body::size_hint)
    }
}

#[cfg(test)]
mod tests {
    use http::Request;
    use http_body::Body as _;

    use super::{Body, Carried};

    #[test]
    fn a_request_moves_for_little() {
        let size = size_of::<Request<Carried>>();
        // Beside it stands in hyper's channels whom to answer: two words.
        assert!(size + 2 * size_of::<usize>() <= 256, "{size} bytes");
    }

    #[test]
    fn what_is_carried_is_as_long_as_it_was() {
        for (body, length) in [(Body::empty(), 0), (Body::text(""), 0), (Body::text("abc"), 3)] {
            let carried = Carried::from(body);
            assert_eq!((carried.size_hint().exact(), carried.is_end_stream()), (Some(length), length == 0));
        }
    }
}
