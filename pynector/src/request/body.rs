//! Request bodies: kept by reference count, so that every attempt sends the same bytes (BOD-1).

mod encode;
mod file;
mod from;
mod lines;
mod make;
mod read;
mod source;
mod told;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

pub(crate) use self::lines::NDJSON;
pub use self::source::BodySourceError;
use self::source::Source;
use self::told::Told;
use crate::progress::Progress;
use crate::request::coding::ContentCoding;
use crate::watch;

/// So large are the pieces in which a watched body is taken: larger ones say less of when they were taken.
const PIECE: usize = 8 << 10;

/// A request body.
///
/// It is made of text, of bytes, of a file, or of an `Option` of these, whose `None` is no body at all:
///
/// ```
/// use pynector::Body;
///
/// assert_eq!(Body::text("a note").content_type(), Some("text/plain; charset=utf-8"));
/// assert_eq!(Body::from(vec![0x89, 0x50]).content_type(), Some("application/octet-stream"));
/// assert!(Body::from(None::<String>).is_empty());
/// ```
///
/// What is not there as a whole comes [from a stream](Self::stream), [from a reader](Self::reader), or from
/// [a function](Self::from_fn) that makes a stream for each attempt; values go out [one by line](Self::json_lines). Cloning shares all of it;
/// [`http_body::Body`](https://docs.rs/http-body) is implemented for whoever carries it to the wire.
#[derive(Clone, Default)]
pub struct Body {
    content: Content,
    /// What it is unless a header says otherwise.
    media: Option<&'static str>,
    /// What it is compressed by.
    coding: Option<ContentCoding>,
    /// Told of each piece that is taken, where a clock asks for it.
    watch: Option<Arc<watch::Progress>>,
    /// Whom the program has told of each piece that is taken.
    told: Option<Box<Told>>,
}

#[derive(Clone, Default)]
enum Content {
    #[default]
    None,
    Whole(Bytes),
    Streamed(Box<Source>),
}

const OCTETS: Option<&str> = Some("application/octet-stream");

impl Body {
    /// No body at all, which differs from an empty one only in that no `content-type` belongs to it.
    pub const fn empty() -> Self {
        Self { content: Content::None, media: None, coding: None, watch: None, told: None }
    }

    /// Text: `text/plain; charset=utf-8` unless a header says otherwise.
    pub fn text(text: impl Into<String>) -> Self {
        Self { media: Some("text/plain; charset=utf-8"), ..Self::bytes(text.into()) }
    }

    /// Bytes as they are: `application/octet-stream` unless a header says otherwise.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self { content: Content::Whole(bytes.into()), media: OCTETS, ..Self::empty() }
    }

    /// Announces how many bytes a streamed body has, as `content-length` in place of chunks; a body that is there whole
    /// knows that itself.
    ///
    /// No more than that is sent, so that a file which grows meanwhile is no error. A stream that ends before is one, of
    /// kind [`RequestBody`](crate::ErrorKind::RequestBody).
    pub fn length(mut self, bytes: u64) -> Self {
        if let Content::Streamed(source) = &mut self.content {
            source.length = Some(bytes);
        }
        self
    }

    /// Tells `callback` of each piece that is taken to be sent: how many bytes so far, of how many, how fast.
    ///
    /// Each attempt, and each hop that takes the body along, starts at 0 again and has the next
    /// [number](Progress::attempt). Pieces are at most 8 KiB of a body that is here whole, and as they come of one that is not.
    /// What was taken is with the connection or the system; whether the server has it says its answer alone. The callback
    /// runs while the body is sent, so it should return soon.
    ///
    /// ```
    /// use pynector::Body;
    ///
    /// let body = Body::bytes(vec![0; 1 << 20]).progress(|progress| {
    ///     println!("{:3.0} %, {:.0} KiB/s", 100.0 * progress.fraction().unwrap_or(0.0), progress.rate() / 1024.0);
    /// });
    /// ```
    pub fn progress(self, callback: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self { told: Some(Box::new(Told::new(callback))), ..self }
    }

    /// What is sent as `content-type` where no header says otherwise; nothing where there is no body.
    pub const fn content_type(&self) -> Option<&'static str> {
        self.media
    }

    /// What is sent as `content-encoding`, if it was [compressed](Self::compressed).
    pub const fn content_coding(&self) -> Option<ContentCoding> {
        self.coding
    }

    /// The bytes, if there is a body and it is there whole.
    ///
    /// A backend that sends these instead of polling the body leaves the `write` clock nothing to see: they count as
    /// written.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        if let Some(watch) = self.watch.as_ref().filter(|_| self.peek().is_some()) {
            watch.taken(false);
        }
        if let (Some(told), Some(bytes)) = (&self.told, self.peek()) {
            told.whole(bytes.len() as u64);
        }
        self.peek()
    }

    /// The bytes, if there is a body and it is there whole, for whoever only looks at them: to sign a request, or to count.
    pub fn peek(&self) -> Option<&Bytes> {
        if let Content::Whole(bytes) = &self.content { Some(bytes) } else { None }
    }

    /// Takes the bytes out, where nothing else is wanted of it.
    #[inline]
    pub(crate) fn into_bytes(self) -> Bytes {
        if let Content::Whole(bytes) = self.content { bytes } else { Bytes::new() }
    }

    /// The same body, which tells `watch` of each piece that is taken.
    pub(crate) fn watched(self, watch: &Arc<watch::Progress>) -> Self {
        Self { watch: Some(Arc::clone(watch)), ..self }
    }

    /// Told by a backend while it makes a connection.
    #[cfg(any(feature = "hyper", feature = "reqwest", feature = "test-util", feature = "tower"))]
    pub(crate) fn watch(&self) -> Option<&Arc<watch::Progress>> {
        self.watch.as_ref()
    }

    /// Whether somebody is told of each piece, so that the bytes are not to be taken all at once.
    #[cfg(any(feature = "hyper", feature = "reqwest"))]
    pub(crate) fn is_followed(&self) -> bool {
        self.watch.is_some() || self.told.is_some()
    }

    /// Whether there is no body.
    pub fn is_empty(&self) -> bool {
        matches!(self.content, Content::None)
    }

    fn source(&self) -> Option<&Source> {
        if let Content::Streamed(source) = &self.content { Some(source) } else { None }
    }

    /// Whether it comes piece by piece.
    pub(crate) fn is_streamed(&self) -> bool {
        self.source().is_some()
    }

    /// Whether both are read from one source.
    pub(crate) fn is_same_stream(&self, other: &Self) -> bool {
        matches!((self.source(), other.source()), (Some(one), Some(two)) if one.is_same(two))
    }

    /// Whether it can be read once only (BOD-2).
    pub(crate) fn is_one_shot(&self) -> bool {
        self.source().is_some_and(Source::is_one_shot)
    }

    /// Whether it can be read once only, and somebody began to.
    pub(crate) fn is_spent(&self) -> bool {
        self.source().is_some_and(Source::was_polled)
    }

    /// What was wrong with the source when it was last read; told once.
    pub(crate) fn take_failure(&self) -> Option<BodySourceError> {
        self.source()?.take_failure()
    }
}

/// The size alone: a body may hold secrets.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::None => f.write_str("Body(none)"),
            Content::Whole(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Content::Streamed(source) => match source.length {
                Some(length) => write!(f, "Body(stream of {length} bytes)"),
                None => f.write_str("Body(stream)"),
            },
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodySourceError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let Self { content, watch, told, .. } = &mut *self;
        let total = content.left();
        let polled = match content {
            Content::Streamed(source) => source.poll_piece(cx),
            Content::Whole(bytes) if !bytes.is_empty() => {
                let followed = watch.is_some() || told.is_some();
                let piece = if followed { PIECE.min(bytes.len()) } else { bytes.len() };
                Poll::Ready(Some(Ok(bytes.split_to(piece))))
            }
            Content::Whole(_) | Content::None => Poll::Ready(None),
        };
        if let Some(watch) = watch {
            match &polled {
                // The server would take more, and there is none: that is not its stall.
                Poll::Pending => watch.starved(),
                Poll::Ready(piece) => watch.taken(piece.is_some() && !content.is_over()),
            }
        }
        if let (Some(told), Poll::Ready(Some(Ok(piece)))) = (told, &polled) {
            told.pass(piece.len() as u64, total);
        }
        polled.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.content.is_over()
    }

    fn size_hint(&self) -> SizeHint {
        self.content.left().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

impl Content {
    /// How many bytes are still to come, where that is known.
    fn left(&self) -> Option<u64> {
        match self {
            Self::None => Some(0),
            Self::Whole(bytes) => Some(bytes.len() as u64),
            Self::Streamed(source) => source.left(),
        }
    }

    /// Whether nothing more will come.
    fn is_over(&self) -> bool {
        match self {
            Self::None => true,
            Self::Whole(bytes) => bytes.is_empty(),
            Self::Streamed(source) => source.is_over(),
        }
    }
}

#[cfg(test)]
mod tests;
