//! Where the events of a stream come from: one connection, or one after the other.

use std::borrow::Cow;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::Stream as _;
use http::{HeaderName, HeaderValue, header};

use super::opened::Opened;
use super::parser::Parser;
use crate::backend::BoxFuture;
use crate::clock;
use crate::error::{Error, ErrorKind, Result, Seconds};
use crate::operation::EventRules;
use crate::policy::retry::{ResolvedRetry, Wait};
use crate::response::ResponseHead;
use crate::response::further::{Change, Fetch};
use crate::response::stream::ByteStream;

/// How long what follows the terminator is waited for, so that the connection can be used again; and how much (BOD-4).
const DRAIN: Duration = Duration::from_millis(50);
const DRAINED: u64 = 64 << 10;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

pub(super) struct Source {
    pub(super) head: ResponseHead,
    pub(super) parser: Parser,
    pub(super) further: Option<Arc<dyn Fetch>>,
    next: Next,
    max_body: u64,
    until: Option<Cow<'static, str>>,
    reconnect: bool,
    heartbeat: Option<Duration>,
    /// Whether an event came over this connection.
    heard: bool,
    /// How many attempts and connections in a row brought none.
    barren: u32,
}

/// What is waited for.
enum Next {
    Bytes(Box<ByteStream>),
    Connection(BoxFuture<'static, Result<Opened>>),
    /// The end of the body behind the terminator.
    Rest(BoxFuture<'static, ()>),
    /// Nothing.
    End,
}

impl Source {
    pub(super) fn new(
        opened: Opened,
        rules: EventRules,
        max_body: u64,
        further: Option<Arc<dyn Fetch>>,
    ) -> Self {
        let mut source = Self {
            head: opened.0.head().clone(),
            parser: Parser::new(usize::try_from(max_body).unwrap_or(usize::MAX)),
            further,
            next: Next::End,
            max_body,
            until: rules.until.map(Cow::Borrowed),
            reconnect: rules.reconnect,
            heartbeat: rules.heartbeat,
            heard: false,
            barren: 0,
        };
        source.connected(opened);
        source
    }

    pub(super) fn set_until(&mut self, data: Cow<'static, str>) {
        self.until = Some(data);
    }

    pub(super) fn set_reconnect(&mut self) {
        self.reconnect = true;
    }

    pub(super) fn set_heartbeat(&mut self, silence: Duration) {
        self.heartbeat = Some(silence);
        if let Next::Bytes(body) = &mut self.next {
            body.set_read(silence);
        }
    }

    pub(super) fn is_ended(&self) -> bool {
        matches!(self.next, Next::End)
    }

    /// Goes on to the next event, which is the parser's then. An error of this is the end.
    pub(super) fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<()>>> {
        loop {
            match &mut self.next {
                Next::Bytes(body) => match self.parser.advance() {
                    Ok(true) => {
                        self.heard = true;
                        if !self.is_terminator() {
                            return Poll::Ready(Some(Ok(())));
                        }
                        self.finish();
                    }
                    Ok(false) => {
                        let error = match ready!(Pin::new(&mut **body).poll_next(cx)) {
                            Some(Ok(piece)) => {
                                self.parser.feed(piece);
                                continue;
                            }
                            Some(Err(error)) => Some(error),
                            None => None,
                        };
                        if let Some(error) = self.disconnected(error) {
                            return Poll::Ready(Some(Err(error)));
                        }
                    }
                    Err(_) => return Poll::Ready(Some(Err(self.too_long()))),
                },
                Next::Connection(opening) => match ready!(opening.as_mut().poll(cx)) {
                    Ok(opened) => self.connected(opened),
                    Err(error) => {
                        self.next = Next::End;
                        return Poll::Ready(Some(Err(error)));
                    }
                },
                Next::Rest(rest) => {
                    ready!(rest.as_mut().poll(cx));
                    self.next = Next::End;
                }
                Next::End => return Poll::Ready(None),
            }
        }
    }

    fn is_terminator(&self) -> bool {
        let Some(end) = &self.until else { return false };
        self.parser.event().is_some_and(|event| event.data == end.as_bytes())
    }

    /// A connection is there, after as many attempts as its head says.
    fn connected(&mut self, opened: Opened) {
        if opened.is_over() {
            self.next = Next::End;
            return;
        }
        let Opened(mut body) = opened;
        self.head = body.head().clone();
        if let Some(silence) = self.heartbeat {
            body.set_read(silence);
        }
        self.barren = self.barren.saturating_add(self.head.attempts.saturating_sub(1));
        self.heard = false;
        self.next = Next::Bytes(Box::new(body));
    }

    /// The connection is gone, by an error or without one; the answer is what the stream ends with, if it ends in an error.
    fn disconnected(&mut self, error: Option<Error>) -> Option<Error> {
        self.next = Next::End;
        self.barren = if self.heard { 0 } else { self.barren.saturating_add(1) };
        let wanted = self.reconnect && error.as_ref().is_none_or(Error::is_connection);
        let Some(further) = self.further.as_ref().filter(|further| wanted && further.is_repeatable()) else {
            return error;
        };
        let wait = match self.patience(&further.settings().retry) {
            Ok(wait) => wait,
            Err(why) => return Some(error.unwrap_or(why)),
        };
        let mut change = Change { headers: vec![no_store()], ..Change::default() };
        if let Some(id) = self.parser.last_event_id() {
            match HeaderValue::from_bytes(id.as_str().as_bytes()) {
                Ok(id) => change.headers.push((LAST_EVENT_ID, id)),
                Err(_) => return Some(error.unwrap_or_else(unsendable)),
            }
        }
        self.parser.restart();
        let further = Arc::clone(further);
        self.next = Next::Connection(Box::pin(async move {
            clock::sleep(wait).await;
            further.fetch(change).await?.decode().await
        }));
        None
    }

    /// How long to wait before the next connection, or why there is none.
    fn patience(&self, policy: &ResolvedRetry) -> Result<Duration> {
        let allowed = if policy.enabled { policy.max_retries } else { 0 };
        if self.barren > allowed {
            let why = format!("the event stream ended, the last {} times without an event", self.barren);
            return Err(Error::new(ErrorKind::Interrupted, why));
        }
        let asked = self.parser.reconnection_time().map(Duration::from_millis);
        match policy.wait(self.barren.max(1), asked, fastrand::f64) {
            Wait::For(wait) => Ok(wait),
            Wait::TooLong(asked) => {
                let asked = Seconds(asked);
                let why = format!(
                    "the event stream ended, and the server asks to wait {asked} before the next one, longer than `max_retry_after`"
                );
                Err(Error::new(ErrorKind::Interrupted, why))
            }
        }
    }

    /// The terminator came.
    fn finish(&mut self) {
        let Next::Bytes(mut body) = std::mem::replace(&mut self.next, Next::End) else { return };
        self.next = Next::Rest(Box::pin(async move {
            let limit = body.bytes_read().saturating_add(DRAINED);
            let rest =
                async { while body.bytes_read() < limit && matches!(body.next().await, Some(Ok(_))) {} };
            let _ = clock::until(clock::after(clock::now(), DRAIN), pin!(rest)).await;
        }));
    }

    fn too_long(&mut self) -> Error {
        self.next = Next::End;
        let why = format!("an event or a line is larger than `max_body`, which is {} bytes", self.max_body);
        Error::new(ErrorKind::BodyTooLarge, why)
    }
}

/// A cache must not answer for a stream that goes on.
fn no_store() -> (HeaderName, HeaderValue) {
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
}

fn unsendable() -> Error {
    let why = "the event stream ended, and the last event ID has a control character, so it cannot be sent to go on from there";
    Error::new(ErrorKind::Interrupted, why)
}
