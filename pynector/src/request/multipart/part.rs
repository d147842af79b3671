//! One part of a multipart form: a body, and what the server is told about it.

use std::fmt;
use std::io;
use std::path::Path;

use bytes::Bytes;
use futures_util::Stream;
use serde_json::Value;
use tokio::io::AsyncRead;

use crate::error::BoxError;
use crate::request::body::Body;

/// One part of a multipart form: bytes, a file or a stream, and what the server is told about them.
///
/// ```
/// use pynector::Part;
///
/// # async fn run() -> std::io::Result<()> {
/// let text = Part::text("a note");
/// let chart = Part::bytes(vec![0x89, 0x50]).file_name("chart.png").content_type("image/png");
/// let video = Part::file("holiday.mp4").await?.header("content-language", "it");
/// # Ok(())
/// # }
/// ```
///
/// A form whose parts are all here is one piece. With a part that comes piece by piece the form does too, and memory stays
/// flat. It has a `content-length` if every part knows its own, and can be sent again if every part can.
#[derive(Clone)]
pub struct Part {
    content: Body,
    pub(super) file_name: Option<String>,
    content_type: Option<String>,
    pub(super) headers: Vec<(String, String)>,
}

impl Part {
    /// A part of text, without a content type: that is UTF-8 text (RFC 7578 §4.4).
    pub fn text(text: impl Into<String>) -> Self {
        Self::bytes(text.into())
    }

    /// A part of bytes as they are.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::of(Body::bytes(bytes))
    }

    /// A part of JSON: `application/json`.
    pub fn json(value: impl Into<Value>) -> Self {
        Self::text(value.into().to_string()).content_type("application/json")
    }

    /// The file at `path` under its own name: `application/octet-stream`, since what is in a file is not known by its name.
    ///
    /// It is read anew for each attempt; see [`Body::file`].
    ///
    /// # Errors
    ///
    /// What the system says where it cannot be opened.
    pub async fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let part = Self::of(Body::file(path).await?);
        Ok(match path.file_name() {
            Some(name) => part.file_name(name.to_string_lossy()),
            None => part,
        })
    }

    /// Whatever is a [`Body`], with the content type of that: an open file, a body of a value. One that is compressed says so
    /// by a header `content-encoding` of the part.
    pub fn body(body: impl Into<Body>) -> Self {
        let body = body.into();
        let (media, coding) = (body.content_type(), body.content_coding());
        let part = Self::of(body);
        let part = match coding {
            Some(coding) => part.header("content-encoding", coding.as_str()),
            None => part,
        };
        match media {
            Some(media) => part.content_type(media),
            None => part,
        }
    }

    /// What comes by `stream`, which can be read once: `application/octet-stream`; see [`Body::stream`].
    pub fn stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<BoxError>,
    {
        Self::of(Body::stream(stream))
    }

    /// What `reader` gives to its end, which can be read once: `application/octet-stream`.
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::of(Body::reader(reader))
    }

    /// The stream that `make` makes anew for each attempt: `application/octet-stream`; see [`Body::from_fn`].
    pub fn from_fn<F, S, B, E>(make: F) -> Self
    where
        F: Fn() -> S + Send + Sync + 'static,
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<BoxError>,
    {
        Self::of(Body::from_fn(make))
    }

    fn of(content: Body) -> Self {
        Self { content, file_name: None, content_type: None, headers: Vec::new() }
    }

    /// How many bytes a stream has; see [`Body::length`].
    pub fn length(mut self, bytes: u64) -> Self {
        self.content = self.content.length(bytes);
        self
    }

    /// Sends the part as a file of this name: `application/octet-stream` unless [`content_type`](Self::content_type)
    /// says otherwise. Any characters may stand in it; quotes and line breaks are written as `%22`, `%0D` and `%0A`.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Says what the bytes are; one that is no header value is an error of the send.
    pub fn content_type(mut self, media: impl Into<String>) -> Self {
        self.content_type = Some(media.into());
        self
    }

    /// A further header of this part, in the order of the calls. A name or a value that is none, and the two headers that have
    /// methods of their own (`content-type`, and `content-disposition` with its file name), are errors of the send.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// What stands above it as its content type.
    pub(super) fn media(&self) -> Option<&str> {
        let unknown = self.file_name.is_some() || self.content.is_streamed();
        self.content_type.as_deref().or(unknown.then_some("application/octet-stream"))
    }

    /// Its bytes, if they are here.
    pub(crate) fn bytes_here(&self) -> Option<&Bytes> {
        self.content.peek()
    }

    pub(super) fn into_content(self) -> Body {
        self.content
    }

    pub(crate) fn from_stored(stored: Stored) -> Self {
        let Stored { bytes, file_name, content_type, headers } = stored;
        Self { content: Body::bytes(bytes), file_name, content_type, headers }
    }

    /// What is written of it; `None` of one that is a stream.
    pub(crate) fn stored(&self) -> Option<Stored> {
        let bytes = self.bytes_here()?.clone();
        let (file_name, content_type) = (self.file_name.clone(), self.content_type.clone());
        Some(Stored { bytes, file_name, content_type, headers: self.headers.clone() })
    }
}

/// All that a part is which is here.
pub(crate) struct Stored {
    pub(crate) bytes: Bytes,
    pub(crate) file_name: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
}

/// Streams are equal if they are the same one.
impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        let same = match (self.bytes_here(), other.bytes_here()) {
            (Some(one), Some(two)) => one == two,
            _ => self.content.is_same_stream(&other.content),
        };
        same && self.file_name == other.file_name
            && self.content_type == other.content_type
            && self.headers == other.headers
    }
}

impl Eq for Part {}

/// Its size alone: a part may hold secrets.
impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bytes_here() {
            Some(bytes) => write!(f, "Part({} bytes)", bytes.len()),
            None => f.write_str("Part(stream)"),
        }
    }
}
