//! Bodies of what is not there as bytes: values, files, readers and streams.

use std::io;
use std::path::Path;

use bytes::Bytes;
use futures_util::Stream;
use serde::Serialize;
use tokio::io::AsyncRead;

use super::source::Source;
use super::{Body, Content, OCTETS, file, read};
use crate::error::{BoxError, Result};
use crate::request::{form, json};

impl Body {
    /// The pieces of `stream` as they come: `application/octet-stream` unless a header says otherwise, chunked unless
    /// [`length`](Self::length) says how long it is.
    ///
    /// It can be read once. The first attempt sends it; a further one is made only if no connection was had and no piece
    /// was asked for (BOD-2). Otherwise the call fails as that attempt did, and its
    /// [`stop_reason`](crate::Error::stop_reason) is [`BodyNotReplayable`](crate::StopReason::BodyNotReplayable).
    /// [`from_fn`](Self::from_fn) has no such limit. If `stream` gives an error, the call fails with kind
    /// [`RequestBody`](crate::ErrorKind::RequestBody).
    ///
    /// ```
    /// use std::io;
    ///
    /// use futures_util::stream;
    /// use pynector::Body;
    ///
    /// let body = Body::stream(stream::iter([Ok::<_, io::Error>("one, "), Ok("two")])).length(8);
    /// ```
    pub fn stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<BoxError>,
    {
        Self::streamed(Source::once(stream))
    }

    /// What `reader` gives to its end; in everything else as [`stream`](Self::stream).
    ///
    /// Open files are bodies by `Body::from(file)`, which knows their length and can be read again.
    ///
    /// ```
    /// # use pynector::Body;
    /// # fn upload(socket: tokio::net::TcpStream) -> Body {
    /// Body::reader(socket)
    /// # }
    /// ```
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::stream(read::Chunks::of(reader))
    }

    /// The file at `path`, with its length: `application/octet-stream` unless a header says otherwise.
    ///
    /// It is opened here, and read anew for each attempt: the same file, whatever `path` names by then. One that has become
    /// shorter fails the call with kind [`RequestBody`](crate::ErrorKind::RequestBody); of one that has grown no more is sent
    /// than it had.
    ///
    /// ```no_run
    /// # use pynector::Body;
    /// # async fn run() -> std::io::Result<()> {
    /// let backup = Body::file("backup.tar").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What the system says where it cannot be opened, with its path; a directory is none. Opening a pipe waits until somebody
    /// writes to it.
    pub async fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        file::at_path(path.as_ref()).await
    }

    /// `value` as JSON: `application/json`; `None` is no body.
    ///
    /// # Errors
    ///
    /// Kind [`Serialize`](crate::ErrorKind::Serialize) for a value that JSON cannot hold.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Self> {
        let bytes = json::to_vec(&|document| value.serialize(document), json::ROOM)?;
        Ok(bytes
            .map_or_else(Self::empty, |bytes| Self { media: Some("application/json"), ..Self::bytes(bytes) }))
    }

    /// `value`, a struct, a map or a list of pairs, as an URL-encoded form by the rules of `#[form]`:
    /// `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    ///
    /// Kind [`Request`](crate::ErrorKind::Request) for a value without a flat form, or without names.
    pub fn form<T: Serialize + ?Sized>(value: &T) -> Result<Self> {
        let form = form::whole(value)?;
        Ok(Self { media: Some("application/x-www-form-urlencoded"), ..Self::bytes(form) })
    }

    /// The pieces of the stream that `make` makes anew for each attempt and each redirect, so that the call is repeated as
    /// one with a whole body is (BOD-3).
    ///
    /// All of these streams should give the same bytes.
    ///
    /// ```
    /// use std::io;
    /// use std::sync::Arc;
    ///
    /// use futures_util::stream;
    /// use pynector::Body;
    ///
    /// let lines = Arc::new(vec!["one\n".to_owned(), "two\n".to_owned()]);
    /// let body = Body::from_fn(move || {
    ///     let lines = Arc::clone(&lines);
    ///     stream::iter((0..lines.len()).map(move |nth| Ok::<_, io::Error>(lines[nth].clone())))
    /// });
    /// ```
    pub fn from_fn<F, S, B, E>(make: F) -> Self
    where
        F: Fn() -> S + Send + Sync + 'static,
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<BoxError>,
    {
        Self::streamed(Source::factory(make))
    }

    fn streamed(source: Source) -> Self {
        Self { content: Content::Streamed(Box::new(source)), media: OCTETS, ..Self::empty() }
    }
}
