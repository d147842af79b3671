//! A transport as a service of tower: every policy runs, and every final status is an answer.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, Method, Uri, header};
use http_body::{Frame, SizeHint};
use tower_service::Service;

use crate::attempt::Request;
use crate::backend::BoxFuture;
use crate::call::{compress, describe, finished};
use crate::course::Course;
use crate::error::{Error, ErrorKind, Result};
use crate::execute::execute;
use crate::operation::{AnyOrigin, Operation, OperationRules, Resolved};
use crate::request::body::Body;
use crate::request::header::{self as headers, Headers};
use crate::request::relative::resolve;
use crate::response::decompress::Decoder;
use crate::response::stream::ByteStream;
use crate::response::{FromResponse, Response};
use crate::transport::http::HttpTransport;
use crate::transport::receive::Arrival;

/// What errors and events of a service's calls are named by.
const SERVICE: Operation =
    Operation::post("HttpTransport::service", "").rules(&OperationRules::new().any_status());

/// A transport as a [`Service`] of requests of the `http` crate; see [`HttpTransport::service`].
pub struct TransportService<B = Body> {
    transport: HttpTransport,
    body: PhantomData<fn() -> B>,
}

impl HttpTransport {
    /// This transport as a [`Service`], for programs that are built of tower's.
    ///
    /// Every policy of the transport runs: retries, budget, breaker, limits, clocks, redirects; a method that is not
    /// idempotent is repeated only where that is safe. Any final status is a response, since a service leaves it to its
    /// caller what a status means; an error means that there is no response. A response that is here whole is read within
    /// the attempt, up to `max_body`, so that a body that breaks is tried again;
    /// [`streaming`](TransportService::streaming) hands it out as it comes.
    ///
    /// A URI without a host goes under the base URL with its path and query; one with a host must be of the base URL's
    /// origin, unless `any_origin` allows others, and then gets of the transport's headers only what a redirect would
    /// carry. The headers of the request are its nearest level: where it has none of a name, that of the options or the
    /// transport is sent. `content-length`, `transfer-encoding` and `connection` are written anew, and where
    /// content codings were undone, the response has neither `content-encoding` nor `content-length`. A body is compressed
    /// as the transport says, unless a header `content-encoding` says that it is already.
    ///
    /// It is always ready: waiting is the affair of policies, or of layers around it.
    ///
    /// ```no_run
    /// use pynector::{Body, HttpTransport, http};
    /// use tower::{Service, ServiceBuilder, ServiceExt};
    ///
    /// # async fn run() -> Result<(), tower::BoxError> {
    /// let transport = HttpTransport::builder("https://api.example.com/v1").bearer("token").build()?;
    /// let mut service = ServiceBuilder::new().concurrency_limit(8).service(transport.service());
    ///
    /// let request = http::Request::get("/users/7").body(Body::empty())?;
    /// let response = service.ready().await?.call(request).await?;
    /// println!("{}: {:?}", response.status(), response.body().as_bytes());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The calls have those of every call but kind [`Status`](ErrorKind::Status), and kind
    /// [`Request`](ErrorKind::Request) for a URI that is refused.
    pub fn service(&self) -> TransportService {
        TransportService { transport: self.share(), body: PhantomData }
    }
}

impl TransportService {
    /// The same, whose responses come as they are read: the call is over with the head, as [`ByteStream`] tells.
    pub fn streaming(self) -> TransportService<ByteStream> {
        TransportService { transport: self.transport, body: PhantomData }
    }
}

impl<B> TransportService<B> {
    /// Sends `request`, and makes a `T` of what comes.
    fn answer<T: FromResponse>(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<Answer<T>>> {
        let transport = self.transport.share();
        Box::pin(async move {
            let made = transport.answer(request).await;
            made.map_err(|error| error.of_operation(SERVICE.name()))
        })
    }
}

/// What was made of a response, and whether content codings were undone on the way.
struct Answer<T> {
    value: T,
    decoded: bool,
}

impl HttpTransport {
    async fn answer<T: FromResponse>(&self, request: http::Request<Body>) -> Result<Answer<T>> {
        let settings = self.settle(&*self.plan(&SERVICE)?, self.options(), T::BUFFERED)?;
        let request = self.adopt(request, &settings, T::accept())?;
        let in_flight = self.enter()?;
        let coded = settings.decompress && request.method != Method::HEAD;
        let call = Course::new(self.core(), &SERVICE, settings, request);
        let answer = execute(call, &*in_flight.backend).await?;
        let decoded =
            coded && Decoder::of(&answer.head().headers, 0).is_ok_and(|decoder| !decoder.is_identity());
        let value = Arrival::new(answer, in_flight).decode().await?;
        Ok(Answer { value, decoded })
    }

    /// A request from outside as one of this transport.
    fn adopt(
        &self,
        request: http::Request<Body>,
        settings: &Resolved,
        accept: &'static str,
    ) -> Result<Request> {
        let (parts, mut body) = request.into_parts();
        let url = parts.uri.to_string();
        let target = resolve(self.base(), &url, settings.any_origin != AnyOrigin::Refused)?;
        let mut headers = Headers::default();
        headers::append_unframed(&mut headers, &parts.headers);
        self.add_headers(&mut headers, target.origin.is_some(), settings);
        let mut headers = finished(headers, settings, accept)?;
        let media = body.content_type().map(http::HeaderValue::from_static);
        describe(&mut headers, &parts.method, &body, media)?;
        compress(&mut headers, &mut body, settings)?;
        let uri = Uri::try_from(target.url)
            .map_err(|error| Error::new(ErrorKind::Request, format!("the URL cannot be sent: {error}")))?;
        let origin = target.origin.map_or_else(|| Arc::clone(self.origin()), Arc::new);
        Ok(Request { method: parts.method, uri, origin, headers, body, key: None })
    }
}

/// What the `http` crate calls a response.
fn response<B>(status: http::StatusCode, headers: HeaderMap, decoded: bool, body: B) -> http::Response<B> {
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    if decoded {
        // They speak of the body as it was on the wire.
        response.headers_mut().remove(header::CONTENT_ENCODING);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

impl Service<http::Request<Body>> for TransportService<Body> {
    type Response = http::Response<Body>;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let answer = self.answer::<Response<Bytes>>(request);
        Box::pin(async move {
            let Answer { value, decoded } = answer.await?;
            let (head, body) = value.into_parts();
            Ok(response(head.status, head.headers, decoded, Body::bytes(body)))
        })
    }
}

impl Service<http::Request<Body>> for TransportService<ByteStream> {
    type Response = http::Response<ByteStream>;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let answer = self.answer::<ByteStream>(request);
        Box::pin(async move {
            let Answer { value, decoded } = answer.await?;
            Ok(response(value.status(), value.headers().clone(), decoded, value))
        })
    }
}

/// Clones are the same conversation, and share everything else too.
impl<B> Clone for TransportService<B> {
    fn clone(&self) -> Self {
        Self { transport: self.transport.share(), body: PhantomData }
    }
}

impl<B> fmt::Debug for TransportService<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TransportService").field(&self.transport).finish()
    }
}

/// A stream of pieces is a body without trailers.
impl http_body::Body for ByteStream {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        futures_util::Stream::poll_next(self, cx).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.is_ended()
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.content_length().map(|length| length.saturating_sub(self.bytes_read()));
        left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
