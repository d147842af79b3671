//! A response body as a stream: pieces as they come, decoded on the way, timed between them.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use futures_util::Stream;
use http::{HeaderMap, StatusCode, Uri};
use http_body::Body as _;
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

use super::body::{BodyError, Reading};
use super::decompress::Decoder;
use super::{FromResponse, Incoming, ResponseHead};
use crate::backend::ResponseBody;
use crate::clock::Patience;
use crate::error::{Error, ErrorKind, Result};

/// The body of a response, piece by piece as it comes.
///
/// Return it from a method, `Result<ByteStream>`, or get it from
/// [`HttpTransport::stream_response`](crate::HttpTransport::stream_response). The call is over with the head: retries,
/// redirects, the `attempt` clock and the `deadline` end there. From then on only the silence between two pieces is
/// bounded, by the `read` clock; time in which nobody asks for a piece is no silence. Content codings are undone, memory
/// stays flat however long the body is, and `max_body` does not bound it.
///
/// Read it by [`next`](Self::next), as a [`Stream`] of `Result<Bytes>`, or as an [`AsyncRead`]; whichever is used, no byte
/// comes twice. After an error it is at its end. An error of a reader holds the [`Error`] as its inner error.
///
/// At its end the connection goes back to the pool; dropped before, it is closed. Until then the call is in flight, so
/// [`disconnect`](crate::HttpTransport::disconnect) waits for it.
///
/// ```no_run
/// use pynector::{ByteStream, Result};
///
/// #[pynector::api(base_url = "https://api.example.com")]
/// trait Backups {
///     #[get("/backups/{id}")]
///     async fn backup(&self, id: u64) -> Result<ByteStream>;
/// }
///
/// # async fn run() -> Result<()> {
/// let mut backup = BackupsClient::new()?.backup(7).await?;
/// while let Some(piece) = backup.next().await {
///     println!("{} bytes", piece?.len());
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "dropping a stream closes its connection"]
pub struct ByteStream {
    head: ResponseHead,
    length: Option<u64>,
    /// `None` from the end on.
    source: Option<Box<Source>>,
    /// What came and was not handed out whole, since a reader had no room for it.
    left: Bytes,
    decoded: u64,
}

/// Where the pieces come from.
struct Source {
    body: ResponseBody,
    decoder: Decoder,
    /// What came and is not decoded yet.
    wire: Bytes,
    patience: Patience,
    keeper: Box<dyn Keeper>,
}

/// Who keeps the call of a stream, and hears how it ends: each stream tells it exactly once, after the body is gone.
pub(crate) trait Keeper: Send {
    /// Silence is bounded by `read` from here on.
    fn timed(&mut self, read: Duration);

    /// All of the body came, in `bytes` decoded bytes.
    fn whole(self: Box<Self>, bytes: u64);

    /// The caller dropped the stream, having waited `silent` for the next piece.
    fn dropped(self: Box<Self>, bytes: u64, silent: Duration);

    /// The body broke; the answer is what the caller is told.
    fn broken(self: Box<Self>, bytes: u64, head: ResponseHead, why: BodyError) -> Error;
}

impl ByteStream {
    /// The stream of a body that is still to come.
    pub(crate) fn open(
        head: ResponseHead,
        body: ResponseBody,
        Reading { decoder, read }: Reading,
        keeper: Box<dyn Keeper>,
    ) -> Self {
        // What the server announces is the size on the wire, which is the decoded size only without a coding.
        let length = body.size_hint().exact().filter(|_| decoder.is_identity());
        let (wire, patience) = (Bytes::new(), Patience::new(read));
        let source = Source { body, decoder, wire, patience, keeper };
        Self { head, length, source: Some(Box::new(source)), left: Bytes::new(), decoded: 0 }
    }

    /// The stream of a body that is here.
    pub(crate) fn of_bytes(head: ResponseHead, bytes: Bytes) -> Self {
        let size = bytes.len() as u64;
        Self { head, length: Some(size), source: None, left: bytes, decoded: size }
    }

    /// Status, headers, final URL.
    pub fn head(&self) -> &ResponseHead {
        &self.head
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The URL that answers: after redirects, the last one.
    pub fn url(&self) -> &Uri {
        &self.head.url
    }

    /// The size of the whole body in bytes, where the server announces it and no content coding makes it another.
    pub fn content_length(&self) -> Option<u64> {
        self.length
    }

    /// How many decompressed bytes were handed out so far.
    pub fn bytes_read(&self) -> u64 {
        self.decoded - self.left.len() as u64
    }

    /// Whether there is no further piece.
    pub(crate) fn is_ended(&self) -> bool {
        self.source.is_none() && self.left.is_empty()
    }

    /// Bounds the silence between two pieces by `read` instead of the clock of that name.
    pub(crate) fn set_read(&mut self, read: Duration) {
        if let Some(source) = &mut self.source {
            source.patience = Patience::new(Some(read));
            source.keeper.timed(read);
        }
    }

    /// The next piece, never an empty one; `None` at the end. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Kind [`Interrupted`](ErrorKind::Interrupted) if the body breaks or ends before its announced length,
    /// [`Timeout`](ErrorKind::Timeout) if nothing comes for the `read` time, [`Deserialize`](ErrorKind::Deserialize) if
    /// its content coding does not decode. `None` follows.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        std::future::poll_fn(|cx| self.poll_piece(cx)).await
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        if self.left.is_empty() {
            match ready!(self.poll_fill(cx)) {
                Ok(()) if self.left.is_empty() => return Poll::Ready(None),
                Ok(()) => {}
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        Poll::Ready(Some(Ok(std::mem::take(&mut self.left))))
    }

    /// Puts the next piece into `left`, which is empty; it stays empty at the end.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let Some(mut source) = self.source.take() else { return Poll::Ready(Ok(())) };
        let (piece, is_last) = match source.poll_piece(cx) {
            Poll::Pending => {
                self.source = Some(source);
                return Poll::Pending;
            }
            Poll::Ready(Err(why)) => {
                let error = source.close().broken(self.decoded, self.head.clone(), why);
                return Poll::Ready(Err(error));
            }
            Poll::Ready(Ok(piece)) => piece,
        };
        self.decoded += piece.len() as u64;
        self.left = piece;
        if is_last {
            source.close().whole(self.decoded);
        } else {
            self.source = Some(source);
        }
        Poll::Ready(Ok(()))
    }
}

impl Source {
    /// The next piece, and whether it is the last, which may be empty.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Result<(Bytes, bool), BodyError>> {
        loop {
            let piece = self.decoder.step(&mut self.wire)?;
            if !piece.is_empty() {
                // Known here, the end need not be asked for: a reader that counts bytes does not.
                let is_last = self.decoder.is_identity() && self.body.is_end_stream();
                return Poll::Ready(Ok((piece, is_last)));
            }
            let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) else {
                return self.patience.poll_wait(cx).map(|_| Err(BodyError::Silent));
            };
            self.patience.rest();
            match frame {
                None => {
                    self.decoder.end()?;
                    return Poll::Ready(Ok((Bytes::new(), true)));
                }
                Some(Err(error)) => return Poll::Ready(Err(BodyError::Broken(error))),
                // Trailers are no part of the body.
                Some(Ok(frame)) => self.wire = frame.into_data().unwrap_or_default(),
            }
        }
    }

    /// Lets the connection go, so that it is free, or closed, when the keeper hears of it.
    fn close(self) -> Box<dyn Keeper> {
        drop(self.body);
        self.keeper
    }
}

impl Drop for ByteStream {
    fn drop(&mut self) {
        if let Some(source) = self.source.take() {
            let silent = source.patience.waited();
            source.close().dropped(self.decoded, silent);
        }
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_piece(cx)
    }
}

impl AsyncBufRead for ByteStream {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let stream = self.get_mut();
        if stream.left.is_empty() {
            ready!(stream.poll_fill(cx)).map_err(io_error)?;
        }
        Poll::Ready(Ok(&stream.left))
    }

    fn consume(mut self: Pin<&mut Self>, amount: usize) {
        let amount = amount.min(self.left.len());
        self.left.advance(amount);
    }
}

impl AsyncRead for ByteStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let piece = ready!(self.as_mut().poll_fill_buf(cx))?;
        let fits = piece.get(..buffer.remaining()).unwrap_or(piece);
        buffer.put_slice(fits);
        let amount = fits.len();
        self.consume(amount);
        Poll::Ready(Ok(()))
    }
}

/// Never of a kind that readers take for an end or for "once more".
fn io_error(error: Error) -> io::Error {
    let kind = match error.kind() {
        ErrorKind::Timeout => io::ErrorKind::TimedOut,
        ErrorKind::Interrupted => io::ErrorKind::ConnectionAborted,
        ErrorKind::Deserialize => io::ErrorKind::InvalidData,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

impl FromResponse for ByteStream {
    const BUFFERED: bool = false;
    const FURTHER: bool = true;

    fn accept() -> &'static str {
        "*/*"
    }

    async fn from_response(response: Incoming) -> Result<Self> {
        Ok(response.into_stream())
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("head", &self.head)
            .field("bytes_read", &self.bytes_read())
            .field("ended", &self.is_ended())
            .finish_non_exhaustive()
    }
}
