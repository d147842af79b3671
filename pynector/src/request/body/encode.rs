//! Compressed request bodies: whole at once, or piece by piece as their source gives them.

use std::io;
#[cfg(any(feature = "brotli", feature = "deflate", feature = "gzip", feature = "zstd"))]
use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::Stream;
use http_body::Body as _;

use super::{Body, Content};
use crate::error::{BoxError, Error, ErrorKind, Result};
use crate::request::coding::ContentCoding;

/// A whole body below this is hardly smaller when it is compressed, and a packet holds it either way.
const WORTH: usize = 1 << 10;

impl Body {
    /// The body compressed, with the header `content-encoding` that says so; [`Identity`](ContentCoding::Identity) leaves it as it is.
    ///
    /// A body that is here whole is compressed here and now, and knows its length. A stream is compressed while it is sent,
    /// chunked, in pieces as large as its source gives them; what it has nothing to add to for now is not held back. It can be
    /// read as often as before. [`progress`](Self::progress) set before tells what goes in, set after what comes out.
    ///
    /// The key `compress` and its setting do the same for every body of a call that is worth it.
    ///
    /// ```
    /// use pynector::{Body, ContentCoding};
    ///
    /// let log = "a line of a log\n".repeat(1000);
    /// let body = Body::text(&log).compressed(ContentCoding::Gzip)?;
    /// assert!(body.peek().unwrap().len() < 500);
    /// # Ok::<(), pynector::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Kind [`Config`](ErrorKind::Config) for a coding whose feature is off.
    pub fn compressed(self, coding: ContentCoding) -> Result<Self> {
        coding.validate()?;
        let Some(mut encoder) = Encoder::new(coding).map_err(broken)? else { return Ok(self) };
        let Self { media, .. } = self;
        let written = match &self.content {
            Content::None => return Ok(self),
            Content::Whole(bytes) => {
                encoder.write(bytes).map_err(broken)?;
                Self { watch: self.watch, told: self.told, ..Self::bytes(encoder.finish().map_err(broken)?) }
            }
            Content::Streamed(_) if self.is_one_shot() => Self::stream(Encoded::of(self, coding)),
            Content::Streamed(_) => Self::from_fn(move || Encoded::of(self.clone(), coding)),
        };
        Ok(Self { media, coding: Some(coding), ..written })
    }

    /// The same where it makes the body smaller.
    pub(crate) fn compressed_if_worth(self, coding: ContentCoding) -> Result<Self> {
        let size = self.peek().map(Bytes::len);
        if self.coding.is_some() || size.is_some_and(|size| size < WORTH) {
            return Ok(self);
        }
        let compressed = self.clone().compressed(coding)?;
        Ok(if compressed.peek().map(Bytes::len) < size || size.is_none() { compressed } else { self })
    }
}

fn broken(error: io::Error) -> Error {
    Error::new(ErrorKind::Serialize, "the body cannot be compressed").with_source(error)
}

/// A stream of compressed pieces.
struct Encoded {
    source: Body,
    coding: ContentCoding,
    /// Begun with the first piece, `None` again from the end on.
    encoder: Option<Encoder>,
    /// Whether something was written since the last piece came out whole.
    holds: bool,
    over: bool,
}

impl Encoded {
    fn of(source: Body, coding: ContentCoding) -> Self {
        Self { source, coding, encoder: None, holds: false, over: false }
    }

    fn encoder(&mut self) -> io::Result<&mut Encoder> {
        if self.encoder.is_none() {
            self.encoder = Encoder::new(self.coding)?;
        }
        self.encoder.as_mut().ok_or_else(|| io::ErrorKind::Unsupported.into())
    }

    fn write(&mut self, piece: &[u8]) -> io::Result<Vec<u8>> {
        self.holds = true;
        let encoder = self.encoder()?;
        encoder.write(piece)?;
        Ok(encoder.take())
    }

    fn flush(&mut self) -> io::Result<Vec<u8>> {
        self.holds = false;
        let encoder = self.encoder()?;
        encoder.flush()?;
        Ok(encoder.take())
    }

    fn finish(&mut self) -> io::Result<Vec<u8>> {
        self.over = true;
        self.encoder()?;
        self.encoder.take().map_or_else(|| Ok(Vec::new()), Encoder::finish)
    }
}

impl Stream for Encoded {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while !self.over {
            let piece = match Pin::new(&mut self.source).poll_frame(cx) {
                // What is held back would wait for as long as the source does.
                Poll::Pending if self.holds => self.flush()?,
                polled => match ready!(polled) {
                    Some(frame) => match frame?.into_data() {
                        Ok(piece) => self.write(&piece)?,
                        Err(_) => continue,
                    },
                    None => self.finish()?,
                },
            };
            if !piece.is_empty() {
                return Poll::Ready(Some(Ok(piece.into())));
            }
        }
        Poll::Ready(None)
    }
}

/// What writes one coding.
enum Encoder {
    #[cfg(feature = "gzip")]
    Gzip(flate2::write::GzEncoder<Vec<u8>>),
    #[cfg(feature = "deflate")]
    Deflate(flate2::write::ZlibEncoder<Vec<u8>>),
    #[cfg(feature = "brotli")]
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
    #[cfg(feature = "zstd")]
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

/// The same for each of them.
macro_rules! each {
    ($encoder:expr, $inner:ident => $does:expr) => {
        match $encoder {
            #[cfg(feature = "gzip")]
            Encoder::Gzip($inner) => $does,
            #[cfg(feature = "deflate")]
            Encoder::Deflate($inner) => $does,
            #[cfg(feature = "brotli")]
            Encoder::Brotli($inner) => $does,
            #[cfg(feature = "zstd")]
            Encoder::Zstd($inner) => $does,
            #[cfg(not(any(feature = "brotli", feature = "deflate", feature = "gzip", feature = "zstd")))]
            never => match *never {},
        }
    };
}

impl Encoder {
    /// `None` where nothing is to be done.
    #[cfg_attr(not(feature = "zstd"), expect(clippy::unnecessary_wraps, reason = "zstd asks for memory"))]
    fn new(coding: ContentCoding) -> io::Result<Option<Self>> {
        Ok(match coding {
            #[cfg(feature = "gzip")]
            ContentCoding::Gzip => {
                Some(Self::Gzip(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default())))
            }
            #[cfg(feature = "deflate")]
            ContentCoding::Deflate => Some(Self::Deflate(flate2::write::ZlibEncoder::new(
                Vec::new(),
                flate2::Compression::default(),
            ))),
            #[cfg(feature = "brotli")]
            // The quality at which it is as fast as gzip and still smaller.
            ContentCoding::Brotli => {
                Some(Self::Brotli(Box::new(brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22))))
            }
            #[cfg(feature = "zstd")]
            ContentCoding::Zstd => Some(Self::Zstd(zstd::stream::write::Encoder::new(Vec::new(), 0)?)),
            _ => None,
        })
    }

    #[cfg_attr(
        not(any(feature = "brotli", feature = "deflate", feature = "gzip", feature = "zstd")),
        expect(unused_variables, reason = "there is nobody to write")
    )]
    fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        each!(self, inner => inner.write_all(piece))
    }

    fn flush(&mut self) -> io::Result<()> {
        each!(self, inner => inner.flush())
    }

    /// What has come out so far.
    fn take(&mut self) -> Vec<u8> {
        each!(self, inner => std::mem::take(inner.get_mut()))
    }

    /// And what is still in.
    #[cfg_attr(
        all(feature = "brotli", not(any(feature = "deflate", feature = "gzip", feature = "zstd"))),
        expect(clippy::unnecessary_wraps, reason = "others may fail")
    )]
    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            #[cfg(feature = "gzip")]
            Self::Gzip(inner) => inner.finish(),
            #[cfg(feature = "deflate")]
            Self::Deflate(inner) => inner.finish(),
            #[cfg(feature = "brotli")]
            Self::Brotli(inner) => Ok(inner.into_inner()),
            #[cfg(feature = "zstd")]
            Self::Zstd(inner) => inner.finish(),
        }
    }
}
