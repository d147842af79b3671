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
///
/// It is made of text, of bytes, or of an `Option` of these, whose `None` is no body at all:
///
/// ```
/// use pynector::Body;
///
/// assert_eq!(Body::text("a note").content_type(), Some("text/plain; charset=utf-8"));
/// assert_eq!(Body::from(vec![0x89, 0x50]).content_type(), Some("application/octet-stream"));
/// assert!(Body::from(None::<String>).is_empty());
/// ```
#[derive(Clone, Default)]
pub struct Body {
    bytes: Option<Bytes>,
    /// What the bytes are unless a header says otherwise.
    media: Option<&'static str>,
    /// Told of each piece that is taken, where a clock asks for it.
    progress: Option<Arc<Progress>>,
}

impl Body {
    /// No body at all, which differs from an empty one only in that no `content-type` belongs to it.
    pub const fn empty() -> Self {
        Self { bytes: None, media: None, progress: None }
    }

    /// Text: `text/plain; charset=utf-8` unless a header says otherwise.
    pub fn text(text: impl Into<String>) -> Self {
        Self { media: Some("text/plain; charset=utf-8"), ..Self::bytes(text.into()) }
    }

    /// Bytes as they are: `application/octet-stream` unless a header says otherwise.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self { bytes: Some(bytes.into()), media: Some("application/octet-stream"), progress: None }
    }

    /// What is sent as `content-type` where no header says otherwise; nothing where there is no body.
    pub const fn content_type(&self) -> Option<&'static str> {
        self.media
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

    /// The bytes, if there is a body, for whoever only looks at them: to sign a request, or to count.
    pub fn peek(&self) -> Option<&Bytes> {
        self.bytes.as_ref()
    }

    /// The same body, which tells `progress` of each piece that is taken.
    pub(crate) fn watched(self, progress: &Arc<Progress>) -> Self {
        Self { progress: Some(Arc::clone(progress)), ..self }
    }

    /// Told by a backend while it makes a connection.
    #[cfg(any(feature = "reqwest", feature = "test-util", feature = "tower"))]
    pub(crate) fn progress(&self) -> Option<&Arc<Progress>> {
        self.progress.as_ref()
    }

    /// Whether there is no body.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_none()
    }
}

/// What becomes a body by one of its two constructors.
macro_rules! made_of {
    ($($constructor:ident: $($type:ty)|*,)*) => {
        $($(impl From<$type> for Body {
            fn from(content: $type) -> Self {
                Self::$constructor(content)
            }
        })*)*
    };
}

made_of! {
    text: String | &str | &String | std::borrow::Cow<'_, str> | Box<str>,
    bytes: Bytes | Vec<u8> | Box<[u8]>,
}

/// The same for what is copied or shared first.
macro_rules! made_of_borrowed {
    ($($type:ty: $owned:ident,)*) => {
        $(impl From<$type> for Body {
            fn from(content: $type) -> Self {
                Self::from(content.$owned())
            }
        })*
    };
}

made_of_borrowed! {
    &[u8]: to_vec,
    &Vec<u8>: clone,
    &Bytes: clone,
    &Body: clone,
    std::borrow::Cow<'_, [u8]>: into_owned,
}

impl<const N: usize> From<[u8; N]> for Body {
    fn from(bytes: [u8; N]) -> Self {
        Self::bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Body {
    fn from(bytes: &[u8; N]) -> Self {
        Self::bytes(bytes.to_vec())
    }
}

/// What is sent from behind a reference, as the fields of a struct are.
trait Lent {
    fn lent(&self) -> Body;
}

macro_rules! lent {
    ($($type:ty)*) => {
        $(impl Lent for $type {
            fn lent(&self) -> Body {
                Body::from(self)
            }
        })*
    };
}

lent!(str String [u8] Vec<u8> Bytes Body);

impl<const N: usize> Lent for [u8; N] {
    fn lent(&self) -> Body {
        Body::from(self)
    }
}

impl<T: Lent + ?Sized> Lent for &T {
    fn lent(&self) -> Body {
        (**self).lent()
    }
}

impl<T: Lent + ?Sized> Lent for Box<T> {
    fn lent(&self) -> Body {
        (**self).lent()
    }
}

impl<T: Lent + ToOwned + ?Sized> Lent for std::borrow::Cow<'_, T> {
    fn lent(&self) -> Body {
        (**self).lent()
    }
}

impl<T: Lent> Lent for Option<T> {
    fn lent(&self) -> Body {
        self.as_ref().map_or_else(Body::empty, Lent::lent)
    }
}

impl<T: Lent + ?Sized> From<&&T> for Body {
    fn from(content: &&T) -> Self {
        content.lent()
    }
}

impl<T: Lent + ?Sized> From<&Box<T>> for Body {
    fn from(content: &Box<T>) -> Self {
        content.lent()
    }
}

impl<T: Lent + ToOwned + ?Sized> From<&std::borrow::Cow<'_, T>> for Body {
    fn from(content: &std::borrow::Cow<'_, T>) -> Self {
        content.lent()
    }
}

impl<T: Lent> From<&Option<T>> for Body {
    fn from(content: &Option<T>) -> Self {
        content.lent()
    }
}

/// `None` is no body, and no content type.
impl<T: Into<Body>> From<Option<T>> for Body {
    fn from(content: Option<T>) -> Self {
        content.map_or_else(Self::empty, Into::into)
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

    #[test]
    fn text_and_bytes_say_what_they_are_and_nothing_says_nothing() {
        let text = Some("text/plain; charset=utf-8");
        let bytes = Some("application/octet-stream");
        for (body, content, media) in [
            (Body::from("a"), Some("a"), text),
            (Body::from(String::from("a")), Some("a"), text),
            (Body::from(&String::from("a")), Some("a"), text),
            (Body::from(std::borrow::Cow::Borrowed("a")), Some("a"), text),
            (Body::from(""), Some(""), text),
            (Body::from(&b"a"[..]), Some("a"), bytes),
            (Body::from(b"a"), Some("a"), bytes),
            (Body::from([b'a']), Some("a"), bytes),
            (Body::from(vec![b'a']), Some("a"), bytes),
            (Body::from(bytes::Bytes::from_static(b"a")), Some("a"), bytes),
            (Body::from(&Body::from("a")), Some("a"), text),
            (Body::from(Some("a")), Some("a"), text),
            (Body::from(None::<&[u8]>), None, None),
            (Body::from(Some(None::<String>)), None, None),
            (Body::empty(), None, None),
        ] {
            let found = body.peek().map(|bytes| std::str::from_utf8(bytes).unwrap());
            assert_eq!((found, body.content_type()), (content, media));
        }
    }

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
