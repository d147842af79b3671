//! The conversation of the specification: send a message, receive the responses.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::Stream;
use http::{HeaderValue, Method, Uri, header};
use serde_json::Value;

use crate::answer::Parts;
use crate::attempt::Request;
use crate::backend::BoxFuture;
use crate::call::{compress, describe, finished, withhold};
use crate::course::Course;
use crate::error::{Error, ErrorKind, Result};
use crate::execute::execute;
use crate::operation::{AnyOrigin, Operation, Resolved};
use crate::policy::classify::Verdict;
use crate::request::body::Body;
use crate::request::header::{self as headers, Headers};
use crate::request::query::{Form, Named, Query};
use crate::request::relative::resolve;
use crate::request::{form, multipart};
use crate::transport::conversation::{First, RawResponse};
use crate::transport::http::HttpTransport;
use crate::transport::message::{Content, Message, Payload, conflict};
use crate::transport::session::InFlight;

/// What errors and events of sent messages are named by.
const SEND: Operation = Operation::post("HttpTransport::send", "");

impl HttpTransport {
    /// Sends `message`; its response waits for [`receive`](Self::receive).
    ///
    /// Any status below 400 is a response. The transport must be [connected](Self::connect).
    ///
    /// # Errors
    ///
    /// Kind [`NotConnected`](ErrorKind::NotConnected) without a connect; [`QueueFull`](ErrorKind::QueueFull) if too many
    /// responses wait ([`Keep`](crate::Keep)); [`Request`](ErrorKind::Request) and
    /// [`Serialize`](ErrorKind::Serialize) for a message that cannot be sent; and those of every call. A send that fails
    /// brings no response.
    pub async fn send<M: Message>(&self, message: &M) -> Result<()> {
        self.exchange(message).await.map_err(|error| error.of_operation(SEND.name()))
    }

    async fn exchange<M: Message>(&self, message: &M) -> Result<()> {
        let in_flight = self.enter_connected()?;
        let place = self.conversation().reserve(self.keep())?;
        let settings = self.resolve_session()?;
        let request = self.prepare(message, &settings)?;
        let call = Course::new(self.core(), &SEND, Arc::new(settings), request);
        let answer = Box::pin(execute(call, &*in_flight.backend)).await?;
        let Parts { head, body, mut call, .. } = answer.into_parts();
        call.take_pass().settle(Verdict::Success);
        if let Some(response) = self.conversation().handle(RawResponse::new(*head, body.into_bytes())) {
            place.fill(response);
        }
        Ok(())
    }

    /// The responses of this clone's sends, in the order in which the sends were first polled.
    ///
    /// It waits only for sends that are in flight, and ends when there is none: it never hangs.
    pub fn receive<M: Message>(&self) -> Responses<'_, M> {
        Responses { transport: self, change: None, message: PhantomData }
    }

    /// Lets a message in; unlike a call of a client it does not connect.
    ///
    /// # Errors
    ///
    /// Kind `NotConnected`.
    pub(crate) fn enter_connected(&self) -> Result<InFlight> {
        if !self.is_connected() {
            return Err(Error::new(
                ErrorKind::NotConnected,
                "the transport is not connected; call `connect` first",
            ));
        }
        self.enter()
    }

    pub(crate) fn prepare<M: Message>(&self, message: &M, settings: &Resolved) -> Result<Request> {
        let Payload { method, url, params, body } = message.payload();
        let method = method.as_deref().unwrap_or("POST").to_ascii_uppercase();
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| refuse(format!("{method:?} is not a method (RFC 9110 \u{a7}9.1)")))?;
        let mut target = resolve(self.base(), &url, settings.any_origin != AnyOrigin::Refused)?;
        for (name, value) in params.iter().filter(|(_, value)| !value.is_null()) {
            let url = (&mut target.url, &mut target.has_query);
            Query::new(url, name, Named::default(), Form::default()).append(value)?;
        }
        let is_multipart = matches!(body, Content::Files { .. });
        let (mut body, content_type) = body_of(message, body)?;
        let mut headers = Headers::default();
        for (name, value) in message.headers() {
            scalar_header(&mut headers, &name, &value)?;
        }
        self.add_headers(&mut headers, target.origin.is_some(), settings);
        if is_multipart && headers.contains(&header::CONTENT_TYPE) {
            return Err(refuse(multipart::OWN_MEDIA));
        }
        let mut headers = finished(headers, settings, "*/*")?;
        describe(&mut headers, &method, &body, content_type)?;
        compress(&mut headers, &mut body, settings)?;
        let uri =
            Uri::try_from(target.url).map_err(|error| refuse(format!("the URL cannot be sent: {error}")))?;
        let origin = target.origin.map_or_else(|| Arc::clone(self.origin()), Arc::new);
        Ok(Request { method, uri, origin, headers, body, key: None })
    }

    /// Adds to the headers that a request has itself what its options and the client say; what goes `elsewhere` than to the
    /// base URL has less of it.
    pub(super) fn add_headers(&self, headers: &mut Headers, elsewhere: bool, settings: &Resolved) {
        let own = headers.len();
        if let Some(options) = self.options() {
            headers.fall_back_to(&options.0.headers);
        }
        headers.fall_back_to(self.headers());
        if elsewhere {
            withhold(headers, own, settings);
        }
    }
}

/// The bytes of a message, and what they are unless a header says otherwise.
fn body_of<M: Message>(message: &M, content: Content) -> Result<(Body, Option<HeaderValue>)> {
    let own_type =
        || message.content_type().map(|text| headers::parse_value("content-type", text)).transpose();
    let or = |default| Ok::<_, Error>(Some(own_type()?.unwrap_or(HeaderValue::from_static(default))));
    Ok(match content {
        Content::Empty => (Body::empty(), None),
        Content::Serialized => (Body::from(message.serialize()?), or("application/octet-stream")?),
        Content::Json(value) => {
            let bytes = serde_json::to_vec(&value).map_err(Error::serialize)?;
            (Body::from(Bytes::from(bytes)), or("application/json")?)
        }
        Content::Form(fields) => {
            let mut text = String::new();
            for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                form::append(&mut text, name, value, &[])?;
            }
            (Body::from(Bytes::from(text)), or("application/x-www-form-urlencoded")?)
        }
        Content::Files { form, files } => {
            let (body, media) = multipart::encode(&form, &files)?;
            (body, Some(media))
        }
        Content::Conflict(one, another) => return Err(refuse(conflict(one, another))),
        Content::Text(text) => (Body::from(Bytes::from(text)), or("text/plain; charset=utf-8")?),
        Content::Bytes(bytes) => (Body::from(bytes), or("application/octet-stream")?),
    })
}

fn scalar_header(headers: &mut Headers, name: &str, value: &Value) -> Result<()> {
    match value {
        Value::Null => Ok(()),
        Value::Object(_) => {
            Err(refuse(format!("the header `{name}`: an object has no form as a header value")))
        }
        value => headers::append(headers, name, value),
    }
}

fn refuse(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Request, message)
}

/// Responses as messages; see [`HttpTransport::receive`].
///
/// It is a [`Stream`] too. Its end is that of now: after a further send there is more.
pub struct Responses<'a, M> {
    transport: &'a HttpTransport,
    /// What is waited for while a send is in flight.
    change: Option<BoxFuture<'a, ()>>,
    message: PhantomData<fn() -> M>,
}

impl<M> fmt::Debug for Responses<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Responses").finish_non_exhaustive()
    }
}

impl<M: Message> Responses<'_, M> {
    /// The next response; `None` when none waits and no send is in flight. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Kind [`Deserialize`](ErrorKind::Deserialize) for a response that is no such message; the next one follows.
    pub async fn next(&mut self) -> Option<Result<M>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<M: Message> Stream for Responses<'_, M> {
    type Item = Result<M>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let conversation = self.transport.conversation();
        loop {
            match conversation.first() {
                First::Response(response) => {
                    return Poll::Ready(Some(M::from_response(&response.head, response.body)));
                }
                First::Nothing => return Poll::Ready(None),
                First::InFlight => {}
            }
            match &mut self.change {
                // Before a wait there is another look, so that no change between the look and the wait is missed.
                None => self.change = Some(Box::pin(conversation.changed())),
                Some(change) => {
                    ready!(change.as_mut().poll(cx));
                    self.change = None;
                }
            }
        }
    }
}
