//! Responses: what a method may return, and how a body becomes it.

#![expect(clippy::manual_async_fn, reason = "an `async fn` does not say that its future is `'static`")]

mod another;
pub(crate) mod body;
pub(crate) mod carried;
mod charset;
pub(crate) mod coded;
pub(crate) mod decode;
pub(crate) mod decompress;
pub(crate) mod events;
pub(crate) mod further;
pub(crate) mod lines;
mod outcome;
pub(crate) mod pages;
pub(crate) mod receive;
pub(crate) mod stream;
mod text;
mod together;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use serde::de::DeserializeOwned;

use self::further::Fetch;
pub use self::outcome::{CallError, Outcome};
use self::receive::{Arriving, Making};
use self::stream::ByteStream;
pub use self::together::Response;
use crate::clock;
use crate::error::{Error, ErrorKind, Result};
use crate::operation::Operation;
use crate::policy::limit::field;
use crate::policy::retry_after;

/// What a method may return inside its `Result`.
///
/// The type decides, never its spelling (see the [crate documentation](crate#what-a-method-may-return)):
///
/// - `String` and `Option<String>` are the text of the body, `Bytes` and `Option<Bytes>` its bytes;
/// - `()` and unit structs ignore the body;
/// - [`ByteStream`] is the body as it comes, [`JsonLines<T>`](crate::JsonLines) its lines;
/// - [`Pages<T>`](crate::Pages) are the pages of a list;
/// - [`Response<T>`] is a `T` with status, headers and final URL;
/// - [`Json<T>`](crate::Json), [`Form<T>`](crate::Form) and other [`Coded`](crate::Coded) values are decoded by their
///   [`Codec`](crate::Codec), [`Text`](crate::Text) as text;
/// - every other type that is [`DeserializeOwned`] is decoded by what the `content-type` says: an URL-encoded form,
///   MessagePack (feature `msgpack`), JSON for everything else; an `Option` is `None` for a blank body and for JSON `null`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a response",
    label = "not something that a method can return",
    note = "return `()`, `String`, `Bytes`, `Response<T>`, or a type that derives `serde::Deserialize` and borrows nothing"
)]
pub trait FromResponse: Sized {
    /// Whether the body is read before [`from_response`](Self::from_response), as a part of the attempt: a body that
    /// breaks is tried again then. If not, the call is over with the head.
    const BUFFERED: bool;

    /// Whether the value may ask for further responses of the same call: the rest of a body that broke, the next page.
    #[doc(hidden)]
    const FURTHER: bool = false;

    /// Whether a call of `operation` can give such a value, looked at before anything is sent, of one that may ask for
    /// further responses: by its URL, and whether its body can be sent again.
    ///
    /// # Errors
    ///
    /// Kind [`Request`](ErrorKind::Request), if not.
    #[doc(hidden)]
    fn fits(_operation: &Operation, _asked: &Uri, _is_repeatable: bool) -> Result<()> {
        Ok(())
    }

    /// The media types to ask for, unless an `accept` header is given.
    fn accept() -> &'static str;

    /// Makes the value.
    ///
    /// The future holds the response and nothing of the type, so it lasts as long as it likes: where the type has parameters,
    /// write `+ 'static` as here with an `async move` block instead of `async fn`, or let them be `'static`.
    fn from_response(response: Incoming) -> impl Future<Output = Result<Self>> + Send + 'static;

    /// Makes the value of a response that is here as a whole, where that needs no waiting; gives back what does.
    #[doc(hidden)]
    fn from_whole(response: Incoming) -> Result<Result<Self>, Box<Incoming>> {
        Err(Box::new(response))
    }

    /// Makes the value of the response that is on its way, and of that what a method returns.
    #[doc(hidden)]
    fn receive<R: Outcome<Value = Self>>(
        arriving: &mut impl Arriving,
        making: &mut Option<Making<R>>,
        cx: &mut Context<'_>,
    ) -> Poll<R> {
        receive::patiently(arriving, making, cx)
    }
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromResponse for T {
    const BUFFERED: bool = true;

    fn accept() -> &'static str {
        decode::accept::<T>()
    }

    fn from_response(response: Incoming) -> impl Future<Output = Result<Self>> + Send + 'static {
        async move {
            if let Body::Absent(head) = &response.body {
                return decode::read(head, None);
            }
            let (head, body) = response.into_parts().await?;
            decode::decode(&head, &body)
        }
    }

    fn from_whole(response: Incoming) -> Result<Result<Self>, Box<Incoming>> {
        match response.whole() {
            Ok((head, body)) => Ok(decode::read(head, body)),
            Err(_) => Err(Box::new(response)),
        }
    }

    fn receive<R: Outcome<Value = Self>>(
        arriving: &mut impl Arriving,
        _: &mut Option<Making<R>>,
        cx: &mut Context<'_>,
    ) -> Poll<R> {
        receive::decoded(arriving, cx)
    }
}

/// A response before it is decoded: its head, and its body, whether that is here or still to come.
pub struct Incoming {
    body: Body,
    /// What it answers, where that is known.
    operation: Option<&'static Operation>,
    /// Who is asked for more, where the type may want more.
    further: Option<Arc<dyn Fetch>>,
}

enum Body {
    Whole(Box<ResponseHead>, Bytes),
    /// Its status says that there is no value.
    Absent(Box<ResponseHead>),
    /// And the most of it that may be kept.
    Open(Box<ByteStream>, u64),
}

/// Its head alone: a body may hold secrets.
impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Incoming").field(self.head()).finish_non_exhaustive()
    }
}

impl Incoming {
    pub(crate) fn of_whole(head: Box<ResponseHead>, body: Bytes) -> Self {
        Self::new(Body::Whole(head, body))
    }

    /// A response whose status says that there is no value.
    pub(crate) fn absent(head: Box<ResponseHead>) -> Self {
        Self::new(Body::Absent(head))
    }

    pub(crate) fn open(stream: ByteStream, max_body: u64) -> Self {
        Self::new(Body::Open(Box::new(stream), max_body))
    }

    fn new(body: Body) -> Self {
        Self { body, operation: None, further: None }
    }

    /// It answers `operation`; `further` is whom to ask for more.
    pub(crate) fn answers(&mut self, operation: &'static Operation, further: Option<Arc<dyn Fetch>>) {
        self.operation = Some(operation);
        self.further = further;
    }

    /// The operation that it answers; unknown of what was not called for by one.
    pub(crate) fn operation(&self) -> Option<&'static Operation> {
        self.operation
    }

    /// Who is asked for more of it; nobody where the response was carried by somebody else.
    pub(crate) fn further(&self) -> Option<&Arc<dyn Fetch>> {
        self.further.as_ref()
    }

    /// The most that may be kept of a body that is still to come.
    pub(crate) fn max_body(&self) -> Option<u64> {
        match self.body {
            Body::Open(_, max_body) => Some(max_body),
            Body::Whole(..) | Body::Absent(_) => None,
        }
    }

    /// Status, headers, final URL.
    pub fn head(&self) -> &ResponseHead {
        match &self.body {
            Body::Whole(head, _) | Body::Absent(head) => head,
            Body::Open(stream, _) => stream.head(),
        }
    }

    /// The head and the body of a response that is here as a whole; `None` is the body of one whose status says that there
    /// is none.
    ///
    /// # Errors
    ///
    /// Of a body that is still to come, which is nothing that a [`BUFFERED`](FromResponse::BUFFERED) type meets.
    pub(crate) fn whole(&self) -> Result<(&ResponseHead, Option<&Bytes>)> {
        match &self.body {
            Body::Whole(head, body) => Ok((head, Some(body))),
            Body::Absent(head) => Ok((head, None)),
            Body::Open(..) => Err(still_to_come()),
        }
    }

    /// The whole decompressed body; at once where the type is [`BUFFERED`](FromResponse::BUFFERED).
    ///
    /// # Errors
    ///
    /// Those of [`ByteStream::next`], and kind [`BodyTooLarge`](ErrorKind::BodyTooLarge) for more than `max_body`.
    pub async fn into_bytes(self) -> Result<Bytes> {
        self.into_parts().await.map(|(_, bytes)| bytes)
    }

    async fn into_parts(self) -> Result<(ResponseHead, Bytes)> {
        let (mut stream, max_body) = match self.body {
            Body::Whole(head, bytes) => return Ok((*head, bytes)),
            Body::Absent(head) => return Ok((*head, Bytes::new())),
            Body::Open(stream, max_body) => (stream, max_body),
        };
        let mut bytes = BytesMut::new();
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece?);
            if stream.bytes_read() > max_body {
                let message = format!("the body is larger than `max_body`, which is {max_body} bytes");
                return Err(Error::new(ErrorKind::BodyTooLarge, message));
            }
        }
        Ok((stream.head().clone(), bytes.freeze()))
    }

    /// The decompressed body as it comes; from memory where the type is [`BUFFERED`](FromResponse::BUFFERED).
    pub fn into_stream(self) -> ByteStream {
        match self.body {
            Body::Whole(head, bytes) => ByteStream::of_bytes(*head, bytes),
            Body::Absent(head) => ByteStream::of_bytes(*head, Bytes::new()),
            Body::Open(stream, _) => stream.with(self.further),
        }
    }
}

/// A body was asked for as a whole that is not here.
#[cold]
pub(crate) fn still_to_come() -> Error {
    Error::new(ErrorKind::Deserialize, "the body is still to come")
}

/// Everything of a response but its body.
#[derive(Clone)]
#[non_exhaustive]
pub struct ResponseHead {
    /// The status.
    pub status: StatusCode,
    /// The headers, as they came.
    pub headers: HeaderMap,
    /// The URL that answered: after redirects, the last one.
    pub url: Uri,
    /// How many attempts were made.
    pub attempts: u32,
    /// How long the call took, waits included.
    pub elapsed: Duration,
    /// Whether it is a stored response, which the server may have said still holds; false without a cache.
    pub from_cache: bool,
}

impl ResponseHead {
    /// A head whose URL is still to be said.
    pub(crate) fn new(status: StatusCode, headers: HeaderMap) -> Self {
        let url = Uri::default();
        Self { status, headers, url, attempts: 1, elapsed: Duration::ZERO, from_cache: false }
    }

    /// How long the server asks to wait, where it is busy rather than broken (RA-1, RA-5); the forms of vendors too, if asked for.
    pub(crate) fn retry_after(&self, vendor: bool) -> Option<Duration> {
        if !retry_after::honoured(self.status.as_u16()) {
            return None;
        }
        let millis = |name: &str| retry_after::parse_millis(self.headers.get(name)?.as_bytes());
        if let Some(asked) = retry_after::VENDOR.into_iter().filter(|_| vendor).find_map(millis) {
            return Some(asked);
        }
        let values = self.headers.get_all(header::RETRY_AFTER).iter().map(HeaderValue::as_bytes);
        let date = self.headers.get(header::DATE).and_then(|date| date.to_str().ok());
        retry_after::parse(values, date, clock::system_now)
    }

    /// How long the server says that it has nothing left, where it does not say when to come back (RA-6).
    pub(crate) fn nothing_left(&self) -> Option<Duration> {
        if self.headers.contains_key(header::RETRY_AFTER) {
            return None;
        }
        field::nothing_left(self.headers.get_all("ratelimit").iter().map(HeaderValue::as_bytes))
    }
}

/// Header names without values, and the URL without its query: a log should not hold secrets.
impl fmt::Debug for ResponseHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseHead")
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("url", &crate::request::base::redacted(&self.url.to_string()))
            .field("attempts", &self.attempts)
            .field("elapsed", &self.elapsed)
            .field("from_cache", &self.from_cache)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_body() {
        let mut head = ResponseHead::new(StatusCode::OK, HeaderMap::new());
        head.url = Uri::from_static("http://h/p?k=hunter2");
        let shown = format!("{:?}", Incoming::of_whole(Box::new(head), Bytes::from_static(b"hunter2")));
        assert!(shown.contains("200") && !shown.contains("hunter2") && !shown.contains("104"), "{shown}");
    }
}
