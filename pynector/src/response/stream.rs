//! A response body as a stream: pieces as they come, decoded on the way, timed between them.

pub(crate) mod checksum;
pub(crate) mod download;
mod output;
mod part;
mod range;
mod resume;
pub(crate) mod save;
mod source;
mod told;

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use futures_util::Stream;
use http::{HeaderMap, StatusCode, Uri};
use http_body::Body as _;
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

use self::checksum::Hasher;
use self::resume::Resume;
use self::source::{Piece, Source};
use self::told::Told;
use super::body::{BodyError, Reading};
use super::further::Fetch;
use super::{FromResponse, Incoming, ResponseHead};
use crate::backend::{BoxFuture, ResponseBody};
use crate::clock::Patience;
use crate::error::{Error, ErrorKind, Result};
use crate::progress::Progress;

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
    state: State,
    /// Who is asked for more of it; nobody where it was carried by somebody else.
    further: Option<Arc<dyn Fetch>>,
    /// What came and was not handed out whole, since a reader had no room for it.
    left: Bytes,
    decoded: u64,
    /// What saw every byte as it came, once the body is whole.
    tap: Option<Box<Hasher>>,
    told: Option<Box<Told>>,
}

/// Where the next piece comes from.
enum State {
    Reading(Box<Source>),
    /// The body broke, and the rest of it was asked for.
    Asking(BoxFuture<'static, Result<Box<Source>>>),
    Ended,
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
        let source = Source::new(body, decoder, read, keeper).announced_by(&head.headers);
        let state = State::Reading(Box::new(source));
        Self { head, length, state, further: None, left: Bytes::new(), decoded: 0, tap: None, told: None }
    }

    /// The stream of a body that is here.
    pub(crate) fn of_bytes(head: ResponseHead, bytes: Bytes) -> Self {
        let size = bytes.len() as u64;
        Self {
            head,
            length: Some(size),
            state: State::Ended,
            further: None,
            left: bytes,
            decoded: size,
            tap: None,
            told: None,
        }
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

    /// The same stream, which asks for the rest of its body if that breaks or falls silent, and goes on where it was (BOD-9).
    ///
    /// It asks by a range (RFC 9110 §14.2) that the server grants only while the file is the same: by its strong `etag`,
    /// else by a `last-modified` that is a second older than the `date` beside it. Every answer is held against the first:
    /// validator, size, coding, and where it starts. What comes twice is skipped, and what does not fit is an error, never a
    /// mix. Of a compressed body the compressed bytes are gone on with, since they are what the tag is of.
    ///
    /// Each further request goes through all policies as a call of its own. `max_retries` bounds how often one is made
    /// without a byte to show for it, the waits between are those of the retry policy, and where retry is off nothing is
    /// asked for. What comes of a request behind a redirect is asked for where the first one was.
    ///
    /// Nothing changes where this cannot be: the request is no `GET`, there is no such validator, the server says
    /// `accept-ranges: none`, or the response was carried by somebody else. [`is_resumable`](Self::is_resumable) tells.
    pub fn resumable(mut self) -> Self {
        if let (State::Reading(source), Some(fetch)) = (&mut self.state, &self.further) {
            source.resume = Resume::of(fetch, &self.head, source.announced, source.came);
        }
        self
    }

    /// Tells `callback` of each piece that comes: how many bytes so far, of how many, how fast.
    ///
    /// The bytes are those that are handed out, decompressed, and they count from where the stream is now. The total is
    /// [`content_length`](Self::content_length); the [attempt](Progress::attempt) is the number of the request that the piece
    /// is an answer to, so it grows where a [resumable](Self::resumable) body goes on. The callback runs while the body is read,
    /// so it should return soon. A later callback takes the place of this one.
    ///
    /// ```no_run
    /// # use pynector::{ByteStream, Result};
    /// # async fn run(stream: ByteStream) -> Result<()> {
    /// let stream = stream.progress(|progress| match progress.fraction() {
    ///     Some(done) => println!("{:3.0} %", 100.0 * done),
    ///     None => println!("{} bytes", progress.bytes()),
    /// });
    /// stream.save_to("file").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn progress(mut self, callback: impl FnMut(Progress) + Send + 'static) -> Self {
        let total = self.length.map(|length| length.saturating_sub(self.decoded));
        self.told = Some(Box::new(Told::new(Box::new(callback), 0, total)));
        self
    }

    /// Whether a body that breaks is gone on with; see [`resumable`](Self::resumable).
    pub fn is_resumable(&self) -> bool {
        match &self.state {
            State::Reading(source) => source.resume.is_some(),
            State::Asking(_) => true,
            State::Ended => false,
        }
    }

    /// The same with whom to ask for more of it.
    pub(crate) fn with(mut self, further: Option<Arc<dyn Fetch>>) -> Self {
        self.further = further;
        self
    }

    /// Whether there is no further piece.
    pub(crate) fn is_ended(&self) -> bool {
        matches!(self.state, State::Ended) && self.left.is_empty()
    }

    /// Bounds the silence between two pieces by `read` instead of the clock of that name.
    pub(crate) fn set_read(&mut self, read: Duration) {
        if let State::Reading(source) = &mut self.state {
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
    /// its content coding does not decode; of a [resumable](Self::resumable) stream also
    /// [`Changed`](ErrorKind::Changed). `None` follows.
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
        loop {
            let mut source = match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Poll::Ready(Ok(())),
                State::Asking(mut answer) => match answer.as_mut().poll(cx) {
                    Poll::Pending => {
                        self.state = State::Asking(answer);
                        return Poll::Pending;
                    }
                    Poll::Ready(source) => {
                        if let Some(told) = &mut self.told {
                            told.again();
                        }
                        source?
                    }
                },
                State::Reading(source) => source,
            };
            match source.poll_piece(cx) {
                Poll::Pending => {
                    self.state = State::Reading(source);
                    return Poll::Pending;
                }
                Poll::Ready(Ok(Piece::Some(piece))) => {
                    source.decoded += piece.len() as u64;
                    self.fill(piece);
                    self.state = State::Reading(source);
                    return Poll::Ready(Ok(()));
                }
                Poll::Ready(Ok(Piece::Last(piece))) => {
                    let bytes = source.decoded + piece.len() as u64;
                    self.fill(piece);
                    self.tap = source.tap.take();
                    source.close().whole(bytes);
                    return Poll::Ready(Ok(()));
                }
                Poll::Ready(Ok(Piece::More)) => self.state = State::Asking(source.go_on()),
                Poll::Ready(Err(why)) => self.state = State::Asking(source.broken(&self.head, why)?),
            }
        }
    }

    fn fill(&mut self, piece: Bytes) {
        let size = piece.len() as u64;
        self.decoded += size;
        if let Some(told) = &mut self.told {
            told.pass(size);
        }
        self.left = piece;
    }
}

impl Drop for ByteStream {
    fn drop(&mut self) {
        if let State::Reading(source) = std::mem::replace(&mut self.state, State::Ended) {
            let (bytes, silent) = (source.decoded, source.patience.waited());
            source.close().dropped(bytes, silent);
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
