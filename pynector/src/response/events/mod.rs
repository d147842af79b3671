//! Server-Sent Events: a response that goes on, event by event.

pub(crate) mod decode;
mod opened;
mod parser;
#[cfg(test)]
mod parser_tests;
mod source;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;

use self::decode::FromEvent;
use self::opened::{MEDIA_TYPE, Opened};
use self::parser::{Label, RawEvent};
use self::source::Source;
use super::decode::position;
use super::text::excerpt;
use super::{FromResponse, Incoming, ResponseHead};
use crate::error::{BoxError, CallContext, Error, ErrorKind, ErrorResponse, Result, bounded};
use crate::operation::Operation;
use crate::request::base::redacted;

/// At most so many characters of a name or an ID stand in an error, and of what [`FromEvent`] complains about.
const NAME: usize = 40;
const COMPLAINT: usize = 200;

/// What bounds an event of a body that is here as a whole.
const UNBOUNDED: u64 = u64::MAX;

/// The events of a `text/event-stream`, by the letter of the
/// [HTML standard](https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).
///
/// Return it from a method, `Result<Events<T>>`. `T` is what the data of an event is made to, by [`FromEvent`]: the text for
/// `String`, the variant of its name for [`Named<E>`](crate::Named), else JSON. Read it by [`next`](Self::next) or as a [`Stream`].
/// An event that is no `T` is one item that is an error of kind [`Deserialize`](ErrorKind::Deserialize), and the stream goes
/// on; every other error is its end.
///
/// | what comes | what becomes of it |
/// | --- | --- |
/// | another content type | an error of the call of kind `Deserialize`, with the first bytes (at most 200) |
/// | 204 | a stream without an event; of a reconnection, the end |
/// | silence longer than the `read` clock, or the [`heartbeat`](Self::heartbeat) | [`Timeout`](ErrorKind::Timeout) |
/// | a body that breaks | [`Interrupted`](ErrorKind::Interrupted) |
/// | an event or a line that is larger than `max_body` | [`BodyTooLarge`](ErrorKind::BodyTooLarge) |
/// | the end in the middle of an event | the end; what had come of the event is dropped, as the standard wants |
///
/// The call is over with the head: retries, redirects, the `attempt` clock and the `deadline` end there. Where
/// [`reconnect`](Self::reconnect) is asked for, the stream goes on over further connections. Dropped, it closes its
/// connection.
///
/// ```no_run
/// use pynector::{EventRules, Events, Result};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Tick { symbol: String, price: f64 }
///
/// #[pynector::api(base_url = "https://api.example.com")]
/// trait Exchange {
///     #[get("/ticks")]
///     async fn ticks(&self) -> Result<Events<Tick>>;
/// }
///
/// # async fn run() -> Result<()> {
/// let mut ticks = ExchangeClient::new()?.ticks().await?.reconnect();
/// while let Some(tick) = ticks.next().await {
///     let Tick { symbol, price } = tick?.data;
///     println!("{symbol} {price}");
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "dropping a stream closes its connection"]
pub struct Events<T> {
    source: Source,
    operation: Option<&'static Operation>,
    /// How many events were handed out, in whatever form.
    count: u64,
    made: PhantomData<fn() -> T>,
}

impl<T> Events<T> {
    /// Ends the stream at an event of exactly this data, such as `[DONE]`, which is no item.
    ///
    /// What the server still sends is read for at most 50 ms, so that the connection can be used again. The constant form is
    /// [`EventRules::until`](crate::EventRules::until).
    pub fn until(mut self, data: impl Into<Cow<'static, str>>) -> Self {
        self.source.set_until(data.into());
        self
    }

    /// Goes on over a new connection where one ends, breaks, or is silent for too long.
    ///
    /// The request is sent again, whatever its method, with `last-event-id` as soon as an event had an ID: a server that
    /// heeds it sends each event once, and a half one that was dropped again. It goes through the policies as every call does,
    /// retries and a deadline of its own included. Before it the stream waits for as long as the server's `retry:` says,
    /// which counts as a `Retry-After` does, or else for the backoff of the retry policy.
    ///
    /// The stream ends with a 204, with an error that a reconnection meets, and where more than `max_retries` attempts and
    /// connections in a row brought no event: with the error of the last one. A stream whose request body
    /// [cannot be sent again](crate::Body::stream) is not reconnected. The constant form is
    /// [`EventRules::reconnect`](crate::EventRules::reconnect).
    pub fn reconnect(mut self) -> Self {
        self.source.set_reconnect();
        self
    }

    /// Takes a connection for dead over which nothing comes for so long, not even a comment. Default: the `read` clock.
    ///
    /// Time in which nobody asks for an event does not count. [`Duration::MAX`] waits for ever.
    pub fn heartbeat(mut self, silence: Duration) -> Self {
        self.source.set_heartbeat(silence);
        self
    }

    /// Status, headers and URL of the response that the events come from; after a reconnection those of the last one.
    pub fn head(&self) -> &ResponseHead {
        &self.source.head
    }

    /// The ID of the last event that had one, to go on from there later; empty if none had.
    pub fn last_event_id(&self) -> &str {
        self.source.parser.last_event_id().map_or("", Label::as_str)
    }

    /// How long the server wants clients to wait before they reconnect, where it has said so.
    pub fn reconnection_time(&self) -> Option<Duration> {
        self.source.parser.reconnection_time().map(Duration::from_millis)
    }

    /// An event that is no `T`: which one, and what is wrong with it.
    fn undecodable(&self, event: RawEvent<'_>, text: &str, why: BoxError) -> Error {
        let (complaint, at) = match why.downcast_ref::<serde_json::Error>() {
            Some(error) => (bounded(error), position(text.as_bytes(), error.line(), error.column())),
            None => (label(&why.to_string(), COMPLAINT), 0),
        };
        let id = event.id.map(|id| format!(", id \"{}\"", label(id.as_str(), NAME))).unwrap_or_default();
        let message = format!(
            "event {} of the stream (`{}`{id}) does not decode: {complaint}; it reads {}",
            self.count,
            label(name_of(event), NAME),
            excerpt(text.as_bytes(), at)
        );
        let head = &self.source.head;
        let response =
            ErrorResponse { status: head.status, headers: head.headers.clone(), body: Bytes::new() };
        self.told(Error::new(ErrorKind::Deserialize, message).with_response(response).with_source(why))
    }

    /// An error of the stream itself, with which call it is of.
    fn told(&self, error: Error) -> Error {
        match (self.operation, &self.source.further) {
            _ if error.operation().is_some() => error,
            (Some(operation), Some(further)) => error.with_call(CallContext {
                operation: Some(operation.name()),
                method: Some(further.method().clone()),
                url: Some(redacted(&self.source.head.url.to_string())),
            }),
            (Some(operation), None) => error.of_operation(operation.name()),
            (None, _) => error,
        }
    }
}

impl<T: FromEvent> Events<T> {
    /// The next event; `None` at the end. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Kind [`Deserialize`](ErrorKind::Deserialize) for an event that is no `T`, with which one, and at most 200 bytes of it;
    /// the next one follows. With any other kind the stream is at its end; see [above](Self).
    pub async fn next(&mut self) -> Option<Result<ServerEvent<T>>> {
        std::future::poll_fn(|cx| self.poll_event(cx)).await
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<ServerEvent<T>>>> {
        match ready!(self.source.poll_event(cx)) {
            Some(Ok(())) => {}
            Some(Err(error)) => return Poll::Ready(Some(Err(self.told(error)))),
            None => return Poll::Ready(None),
        }
        self.count += 1;
        let Some(event) = self.source.parser.event() else { return Poll::Ready(None) };
        let text = match std::str::from_utf8(event.data) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(event.data),
        };
        Poll::Ready(Some(match T::from_event(name_of(event), &text) {
            Ok(data) => {
                let retry = event.retry.map(Duration::from_millis);
                Ok(ServerEvent { data, name: event.name.cloned(), id: event.id.cloned(), retry })
            }
            Err(why) => Err(self.undecodable(event, &text, why)),
        }))
    }
}

impl<T: FromEvent> Stream for Events<T> {
    type Item = Result<ServerEvent<T>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_event(cx)
    }
}

impl<T: FromEvent> FromResponse for Events<T> {
    const BUFFERED: bool = false;
    const FURTHER: bool = true;

    fn accept() -> &'static str {
        MEDIA_TYPE
    }

    fn from_response(response: Incoming) -> impl Future<Output = Result<Self>> + Send + 'static {
        async move {
            let operation = response.operation();
            let rules = operation.map(Operation::event_rules).unwrap_or_default();
            let (max_body, further) = (response.max_body().unwrap_or(UNBOUNDED), response.further().cloned());
            let source = Source::new(Opened::from_response(response).await?, rules, max_body, further);
            Ok(Self { source, operation, count: 0, made: PhantomData })
        }
    }
}

/// Neither data nor the ID.
impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events")
            .field("head", &self.source.head)
            .field("events", &self.count)
            .field("ended", &self.source.is_ended())
            .finish_non_exhaustive()
    }
}

/// The name of an event that has none.
const MESSAGE: &str = "message";

fn name_of(event: RawEvent<'_>) -> &str {
    event.name.map_or(MESSAGE, Label::as_str)
}

/// The beginning of a text, printable.
fn label(text: &str, most: usize) -> String {
    text.chars().take(most).flat_map(char::escape_debug).collect()
}

/// An event that a server sent: its data, and what stood around it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerEvent<T> {
    /// The data.
    pub data: T,
    name: Option<Label>,
    id: Option<Label>,
    retry: Option<Duration>,
}

impl<T> ServerEvent<T> {
    /// Its name; `message` where it has none.
    pub fn event(&self) -> &str {
        self.name.as_ref().map_or(MESSAGE, Label::as_str)
    }

    /// The last ID that the stream had given when this event came, by this event or one before; empty if there was none.
    pub fn id(&self) -> &str {
        self.id.as_ref().map_or("", Label::as_str)
    }

    /// The reconnection time, if this event sets it.
    pub fn retry(&self) -> Option<Duration> {
        self.retry
    }
}
