//! The responses of one clone, in the order in which its sends were first polled.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::error::{Error, ErrorKind, Result};
use crate::response::ResponseHead;

/// What becomes of responses that nobody has received yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Keep {
    /// At most so many wait, in the order of their sends; a further send is refused before anything is sent.
    Queue(usize),
    /// Only the last one waits; each response replaces the one before (the specification's way).
    Latest,
    /// None waits: for those who only send.
    None,
}

impl Default for Keep {
    /// A queue of 1024.
    fn default() -> Self {
        Self::Queue(1024)
    }
}

/// A response, before it is a message.
#[derive(Debug)]
#[non_exhaustive]
pub struct RawResponse {
    /// Status, headers and final URL.
    pub head: ResponseHead,
    /// The decompressed body.
    pub body: Bytes,
}

impl RawResponse {
    pub(crate) const fn new(head: ResponseHead, body: Bytes) -> Self {
        Self { head, body }
    }
}

/// What a response handler makes of a response: the bytes that are received in its place, or nothing.
pub(crate) type Handler = Arc<dyn Fn(&RawResponse) -> Option<Bytes> + Send + Sync>;

/// The places of one clone's sends.
#[derive(Default)]
pub(crate) struct Conversation {
    places: Mutex<Places>,
    handler: Mutex<Option<Handler>>,
    changed: Notify,
}

impl fmt::Debug for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Conversation({} places)", self.places().queue.len())
    }
}

#[derive(Default)]
struct Places {
    next: u64,
    queue: VecDeque<(u64, Slot)>,
}

enum Slot {
    InFlight,
    Here(Box<RawResponse>),
}

/// What stands first in a conversation.
pub(crate) enum First {
    Response(Box<RawResponse>),
    InFlight,
    Nothing,
}

impl Conversation {
    /// A conversation without responses, by the same handler.
    pub(crate) fn fork(&self) -> Self {
        Self { handler: Mutex::new(self.handler().clone()), ..Self::default() }
    }

    pub(crate) fn set_handler(&self, handler: Handler) {
        *self.handler() = Some(handler);
    }

    /// What is to be received for `response`.
    pub(crate) fn handle(&self, response: RawResponse) -> Option<RawResponse> {
        let handler = self.handler().clone();
        match handler {
            Some(handler) => handler(&response).map(|body| RawResponse { body, ..response }),
            None => Some(response),
        }
    }

    fn handler(&self) -> MutexGuard<'_, Option<Handler>> {
        self.handler.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for a send that starts now.
    ///
    /// # Errors
    ///
    /// Kind `QueueFull` if as many responses wait as may.
    pub(crate) fn reserve(&self, keep: Keep) -> Result<Place<'_>> {
        let mut places = self.places();
        if let Keep::Queue(limit) = keep
            && places.queue.len() >= limit
        {
            let message = format!(
                "{limit} responses wait to be received; receive them, or choose `Keep::Latest` or `Keep::None`"
            );
            return Err(Error::new(ErrorKind::QueueFull, message));
        }
        let id = places.next;
        places.next += 1;
        places.queue.push_back((id, Slot::InFlight));
        Ok(Place { conversation: self, id, keep })
    }

    /// Takes the first response, if it is here.
    pub(crate) fn first(&self) -> First {
        let mut places = self.places();
        match places.queue.pop_front() {
            None => First::Nothing,
            Some((_, Slot::Here(response))) => First::Response(response),
            Some(place) => {
                places.queue.push_front(place);
                First::InFlight
            }
        }
    }

    /// Waits for the next change after this was called.
    pub(crate) fn changed(&self) -> impl Future<Output = ()> + '_ {
        self.changed.notified()
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of one send; it is given up if the send brings no response.
pub(crate) struct Place<'a> {
    conversation: &'a Conversation,
    id: u64,
    keep: Keep,
}

impl Place<'_> {
    /// The response is here.
    pub(crate) fn fill(self, response: RawResponse) {
        let response = Box::new(response);
        let mut places = self.conversation.places();
        match self.keep {
            Keep::None => {}
            Keep::Latest => {
                places.queue.retain(|(_, slot)| matches!(slot, Slot::InFlight));
                Self::put(&mut places, self.id, response);
            }
            Keep::Queue(_) => Self::put(&mut places, self.id, response),
        }
    }

    fn put(places: &mut Places, id: u64, response: Box<RawResponse>) {
        if let Some((_, slot)) = places.queue.iter_mut().find(|(own, _)| *own == id) {
            *slot = Slot::Here(response);
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut places = self.conversation.places();
        places.queue.retain(|(id, slot)| *id != self.id || matches!(slot, Slot::Here(..)));
        drop(places);
        self.conversation.changed.notify_waiters();
    }
}
