//! JSON lines: a response of one JSON value per line, each handed out as it comes.

mod split;

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::Stream;
use serde::de::DeserializeOwned;

use self::split::Splitter;
use super::another::refuse;
use super::decode::ERROR_BODY;
use super::stream::ByteStream;
use super::text::{content_type, excerpt};
use super::{FromResponse, Incoming, ResponseHead};
use crate::codec::json;
use crate::error::{CallContext, Error, ErrorKind, ErrorResponse, Result, complaint};
use crate::operation::Operation;
use crate::request::base::redacted;
use crate::request::body::NDJSON;

/// What bounds a line of a body that is here as a whole.
const UNBOUNDED: u64 = u64::MAX;

const MAX_LINE: &str = "max_line";

/// The lines of a response, each of which is one JSON value: NDJSON, also called JSON Lines.
///
/// Return it from a method, `Result<JsonLines<T>>`, and read it by [`next`](Self::next) or as a [`Stream`]. Each line is
/// decoded from JSON, whatever `T` is: a `String` is a JSON text, without its quotes; `Box<serde_json::value::RawValue>` is
/// the line as it came.
///
/// | what comes | what becomes of it |
/// | --- | --- |
/// | LF or CR LF, or the end of the body | the end of a line |
/// | a blank line, a byte order mark at the start | nothing; blank lines count in [`line`](Self::line) |
/// | a line that is no `T` | an error of kind [`Deserialize`](ErrorKind::Deserialize), and the stream goes on; [`skip_bad`](Self::skip_bad) leaves it out |
/// | a line longer than [`max_line`](Self::max_line), which is `max_body` unless set | [`BodyTooLarge`](ErrorKind::BodyTooLarge), and the end |
/// | a body that breaks, also within a line | [`Interrupted`](ErrorKind::Interrupted), and the end; a line of which only a part came is not decoded |
/// | silence longer than the `read` clock | [`Timeout`](ErrorKind::Timeout), and the end |
/// | a content type that cannot be JSON lines, such as HTML | an error of the call of kind `Deserialize`, with the first bytes (at most 200) |
///
/// `application/x-ndjson` is asked for. Any type of JSON is taken, but for `application/json-seq`, which has another format
/// (RFC 7464); so are `text/plain`, `application/octet-stream`, and no content type.
///
/// The call is over with the head, as that of a [`ByteStream`] is. Memory is bounded by one line. Dropped before its end, it
/// closes its connection.
///
/// ```no_run
/// use pynector::{JsonLines, Result};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Entry { level: String, text: String }
///
/// #[pynector::api(base_url = "https://api.example.com")]
/// trait Logs {
///     #[get("/logs")]
///     async fn logs(&self) -> Result<JsonLines<Entry>>;
/// }
///
/// # async fn run() -> Result<()> {
/// let mut logs = LogsClient::new()?.logs().await?;
/// while let Some(entry) = logs.next().await {
///     match entry {
///         Ok(Entry { level, text }) => println!("{level}: {text}"),
///         // The line is the body of the error.
///         Err(error) if error.is_message() => eprintln!("{error}"),
///         Err(error) => return Err(error),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "dropping a stream closes its connection"]
pub struct JsonLines<T> {
    head: ResponseHead,
    /// `None` from its end on.
    stream: Option<ByteStream>,
    lines: Splitter,
    /// The setting that bounds them.
    bound: &'static str,
    operation: Option<&'static Operation>,
    skip_bad: bool,
    skipped: u64,
    /// A function, since no `T` is kept.
    made: PhantomData<fn() -> T>,
}

impl<T> JsonLines<T> {
    /// Leaves out lines that are no `T`; [`skipped`](Self::skipped) says how many. The constant form is
    /// [`LineRules::skip_bad`](crate::LineRules::skip_bad).
    pub fn skip_bad(mut self) -> Self {
        self.skip_bad = true;
        self
    }

    /// The most bytes of a line, without its end, in place of `max_body`; `u64::MAX` is no limit. The constant form is
    /// [`LineRules::max_line`](crate::LineRules::max_line).
    pub fn max_line(mut self, bytes: u64) -> Self {
        self.lines.set_max(bytes);
        self.bound = MAX_LINE;
        self
    }

    /// Status, headers, final URL.
    pub fn head(&self) -> &ResponseHead {
        &self.head
    }

    /// The number of the line that came last, as a value, an error or left out: counted from 1 with blank ones, 0 before
    /// the first.
    pub fn line(&self) -> u64 {
        self.lines.number()
    }

    /// How many lines were [left out](Self::skip_bad) so far.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Lets the connection go.
    fn end(&mut self) {
        self.stream = None;
        self.lines = Splitter::ended(self.line());
    }

    /// A line that is no `T`, which the error keeps as its body.
    fn undecodable(&self, line: &Bytes, why: serde_json::Error) -> Error {
        let ((what, _), column) = (complaint(&why), why.column());
        let message = format!(
            "{}, but line {} does not decode: {what} at column {column}; it reads {}",
            self.head.status,
            self.line(),
            excerpt(line, column.saturating_sub(1))
        );
        let kept = usize::try_from(ERROR_BODY).unwrap_or(usize::MAX).min(line.len());
        // A copy, since the line may be a small part of a large piece.
        let body = Bytes::copy_from_slice(line.get(..kept).unwrap_or_default());
        self.told(Error::new(ErrorKind::Deserialize, message).with_source(why), body)
    }

    fn too_long(&self) -> Error {
        let (number, bound, max) = (self.line(), self.bound, self.lines.max());
        let message = format!("line {number} is longer than `{bound}`, which is {max} bytes");
        self.told(Error::new(ErrorKind::BodyTooLarge, message), Bytes::new())
    }

    /// An error of the stream itself, with what is known of its call.
    fn told(&self, error: Error, body: Bytes) -> Error {
        let head = &self.head;
        let mut error =
            error.with_response(ErrorResponse { status: head.status, headers: head.headers.clone(), body });
        if let Some(operation) = self.operation {
            error = error.with_call(CallContext {
                operation: Some(operation.name()),
                method: http::Method::from_bytes(operation.method().as_bytes()).ok(),
                url: Some(redacted(&head.url.to_string())),
            });
        }
        let story = error.story_mut();
        (story.attempts, story.elapsed, story.sent) = (head.attempts, head.elapsed, true);
        error
    }
}

impl<T: DeserializeOwned> JsonLines<T> {
    /// The value of the next line; `None` at the end. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Kind [`Deserialize`](ErrorKind::Deserialize) for a line that is no `T`, with its number, the column, and at most 200
    /// bytes of it; the line itself, at most its first 64 KiB, is the [`body`](Error::body) of the error, and the next line
    /// follows. With any other error the stream is at its end: see [above](Self), and [`ByteStream::next`].
    pub async fn next(&mut self) -> Option<Result<T>> {
        std::future::poll_fn(|cx| self.poll_line(cx)).await
    }

    fn poll_line(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            match self.lines.next() {
                Ok(Some(line)) => match json::value(PhantomData, &line) {
                    Ok(value) => return Poll::Ready(Some(Ok(value))),
                    Err(_) if self.skip_bad => self.skipped += 1,
                    Err(why) => return Poll::Ready(Some(Err(self.undecodable(&line, why)))),
                },
                Ok(None) => {
                    let Some(stream) = &mut self.stream else { return Poll::Ready(None) };
                    match ready!(Pin::new(stream).poll_next(cx)) {
                        Some(Ok(piece)) => self.lines.feed(piece),
                        Some(Err(error)) => {
                            // What has begun is no line: `12` may be the half of `1234`.
                            self.end();
                            return Poll::Ready(Some(Err(error)));
                        }
                        None => {
                            self.stream = None;
                            self.lines.close();
                        }
                    }
                }
                Err(_) => {
                    let error = self.too_long();
                    self.end();
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl<T: DeserializeOwned> Stream for JsonLines<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_line(cx)
    }
}

impl<T: DeserializeOwned> FromResponse for JsonLines<T> {
    const BUFFERED: bool = false;

    fn accept() -> &'static str {
        NDJSON
    }

    fn from_response(response: Incoming) -> impl Future<Output = Result<Self>> + Send + 'static {
        async move {
            let operation = response.operation();
            let rules = operation.map(Operation::line_rules).unwrap_or_default();
            let (max, bound) = match rules.max_line {
                Some(max) => (max, MAX_LINE),
                None => (response.max_body().unwrap_or(UNBOUNDED), "max_body"),
            };
            let stream = response.into_stream();
            if !may_be_lines(content_type(stream.headers())) {
                return Err(refuse(stream, NDJSON).await);
            }
            let head = stream.head().clone();
            let (stream, lines, made) = (Some(stream), Splitter::new(max), PhantomData);
            Ok(Self { head, stream, lines, bound, operation, skip_bad: rules.skip_bad, skipped: 0, made })
        }
    }
}

/// Whether a body of this content type may hold one JSON value per line. Servers call it by many names, of which none is
/// registered; and some do not care.
fn may_be_lines(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match &*essence {
        "" | "text/plain" | "application/octet-stream" | "binary/octet-stream" => true,
        "application/json-seq" => false,
        _ => essence.contains("json"),
    }
}

/// Nothing of the lines: they may hold secrets.
impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines")
            .field("head", &self.head)
            .field("line", &self.line())
            .field("skipped", &self.skipped)
            .field("ended", &self.stream.is_none())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::may_be_lines;

    #[test]
    fn what_cannot_be_lines_is_known_by_its_type() {
        for media in [
            "",
            "application/x-ndjson",
            "Application/JSONL; charset=utf-8",
            "application/stream+json",
            "application/json",
            "text/plain;charset=utf-8",
            "application/octet-stream",
        ] {
            assert!(may_be_lines(media), "{media}");
        }
        for media in ["text/html", "text/event-stream", "application/json-seq", "application/xml; a=json"] {
            assert!(!may_be_lines(media), "{media}");
        }
    }
}
