//! JSON lines as a request body: values written one by one, and sent in pieces of a decent size.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{Stream, stream};
use serde::Serialize;

use super::Body;
use crate::error::BoxError;

/// The media type of JSON lines.
pub(crate) const NDJSON: &str = "application/x-ndjson";

/// Lines that are ready go together up to so many bytes.
const PIECE: usize = 16 << 10;

impl Body {
    /// Each value as one line of JSON: `application/x-ndjson` unless a header says otherwise.
    ///
    /// The values are written while they are sent, so that memory stays flat. They are taken anew for each attempt, by a
    /// clone of `values`, so that the call is repeated as one with a whole body is (BOD-3); what cannot be cloned goes by
    /// [`json_lines_stream`](Self::json_lines_stream). A value that cannot be written as JSON ends the call with kind
    /// [`RequestBody`](crate::ErrorKind::RequestBody), whose source says in which line.
    ///
    /// ```
    /// use pynector::Body;
    ///
    /// let body = Body::json_lines((1..=1_000_000).map(|id| serde_json::json!({ "id": id })));
    /// assert_eq!(body.content_type(), Some("application/x-ndjson"));
    /// ```
    pub fn json_lines<I>(values: I) -> Self
    where
        I: IntoIterator<Item: Serialize, IntoIter: Send + 'static> + Clone + Send + Sync + 'static,
    {
        let values = move || stream::iter(values.clone().into_iter().map(Ok::<_, BoxError>));
        Self { media: Some(NDJSON), ..Self::from_fn(move || Written::of(values())) }
    }

    /// The same of values that come by and by, and can be had once: see [`stream`](Self::stream).
    ///
    /// What is ready goes together, and nothing waits for a value that is not. An error of `values` ends the call with kind
    /// [`RequestBody`](crate::ErrorKind::RequestBody) too. A stream that has none says so by
    /// `.map(Ok::<_, std::convert::Infallible>)`.
    ///
    /// ```
    /// use std::io;
    ///
    /// use futures_util::stream;
    /// use pynector::Body;
    ///
    /// let rows = stream::iter([Ok::<_, io::Error>(("a", 1)), Ok(("b", 2))]);
    /// let body = Body::json_lines_stream(rows);
    /// ```
    pub fn json_lines_stream<S, T, E>(values: S) -> Self
    where
        S: Stream<Item = Result<T, E>> + Send + 'static,
        T: Serialize,
        E: Into<BoxError>,
    {
        Self { media: Some(NDJSON), ..Self::stream(Written::of(values)) }
    }
}

/// A stream of values as the pieces of a body.
struct Written<S> {
    /// `None` from its end on.
    values: Option<Pin<Box<S>>>,
    lines: Vec<u8>,
    /// How many lines were written.
    number: u64,
}

impl<S> Written<S> {
    fn of(values: S) -> Self {
        Self { values: Some(Box::pin(values)), lines: Vec::new(), number: 0 }
    }

    /// Writes one line behind the others.
    fn write(&mut self, value: &impl Serialize) -> Result<(), BoxError> {
        self.number += 1;
        let start = self.lines.len();
        serde_json::to_writer(&mut self.lines, value).map_err(|why| Unwritten { line: self.number, why })?;
        // What is JSON already may be written over several lines. No such byte can stand in a text, so it is a space.
        for byte in self.lines.iter_mut().skip(start).filter(|byte| matches!(byte, b'\n' | b'\r')) {
            *byte = b' ';
        }
        self.lines.push(b'\n');
        Ok(())
    }

    fn take(&mut self) -> Poll<Option<Result<Bytes, BoxError>>> {
        let lines = std::mem::take(&mut self.lines);
        Poll::Ready((!lines.is_empty()).then(|| Ok(lines.into())))
    }
}

impl<S, T, E> Stream for Written<S>
where
    S: Stream<Item = Result<T, E>>,
    T: Serialize,
    E: Into<BoxError>,
{
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while let Some(values) = this.values.as_mut().filter(|_| this.lines.len() < PIECE) {
            let written = match values.as_mut().poll_next(cx) {
                Poll::Pending if this.lines.is_empty() => return Poll::Pending,
                Poll::Pending => break,
                Poll::Ready(None) => {
                    this.values = None;
                    break;
                }
                Poll::Ready(Some(value)) => value.map_err(Into::into).and_then(|value| this.write(&value)),
            };
            if let Err(error) = written {
                this.values = None;
                this.lines.clear();
                return Poll::Ready(Some(Err(error)));
            }
        }
        this.take()
    }
}

/// A value that cannot be written as JSON; the innermost cause, so that the line stands in the error of the call.
#[derive(Debug)]
struct Unwritten {
    line: u64,
    why: serde_json::Error,
}

impl fmt::Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} cannot be written as JSON: {}", self.line, self.why)
    }
}

impl std::error::Error for Unwritten {}
