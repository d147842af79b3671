//! Many messages at once: so many in flight at a time, and an answer for each, in their order.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::Instant;

use crate::answer::Parts;
use crate::backend::{Backend, BoxFuture};
use crate::clock;
use crate::course::Course;
use crate::error::{Clock, Error, ErrorKind, Result, Seconds};
use crate::execute::execute;
use crate::operation::{Operation, Resolved};
use crate::transport::http::HttpTransport;
use crate::transport::message::Message;
use crate::transport::receive::Owed;

/// What errors and events of the messages of a batch are named by.
const BATCH: Operation = Operation::post("HttpTransport::batch", "");

impl HttpTransport {
    /// Sends `messages`, at most `max_concurrency` of them at a time, and gives the response to each, in their order.
    ///
    /// Each message is a call like that of [`send`](Self::send): with its own retries and clocks, and any status below
    /// 400 is a response. Responses come back as messages; none waits to be [received](Self::receive), and no response
    /// handler sees them. The transport must be [connected](Self::connect).
    ///
    /// Awaited, a batch polls its calls within the task that awaits it, and is one call in flight for
    /// [`disconnect`](Self::disconnect). Dropped, it takes every call with it.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use pynector::{HttpMessage, HttpTransport, Result};
    /// # async fn run(transport: &HttpTransport) -> Result<()> {
    /// let messages: Vec<_> = (1..=100).map(|id| HttpMessage::new().url(format!("/users/{id}"))).collect();
    /// let answers = transport.batch(&messages, 8).deadline(Duration::from_secs(30)).await?;
    /// for (message, answer) in messages.iter().zip(answers) {
    ///     match answer {
    ///         Ok(user) => println!("{:?}", user.body()),
    ///         Err(error) => println!("{message:?}: {error}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As a whole, before anything is sent: kind [`NotConnected`](ErrorKind::NotConnected) without a connect, and
    /// [`Config`](ErrorKind::Config) for a `max_concurrency` of 0, a deadline of zero, or options that break a rule. For
    /// each message those of [`send`](Self::send) and of [`Message::from_response`]; and, for those that were not sent,
    /// [`Canceled`](ErrorKind::Canceled) after [`stop_on_first_error`](Batch::stop_on_first_error) and
    /// [`Deadline`](ErrorKind::Deadline) after [`deadline`](Batch::deadline).
    pub fn batch<'a, M: Message>(&'a self, messages: &'a [M], max_concurrency: usize) -> Batch<'a, M> {
        Batch { transport: self, messages, max_concurrency, stops: false, deadline: None }
    }
}

/// Messages to be sent; see [`HttpTransport::batch`].
#[must_use = "a batch does nothing until it is awaited"]
pub struct Batch<'a, M> {
    transport: &'a HttpTransport,
    messages: &'a [M],
    max_concurrency: usize,
    stops: bool,
    deadline: Option<Duration>,
}

impl<M: Message> Batch<'_, M> {
    /// After the first error starts no further message; those in flight end as they do.
    ///
    /// The messages that were not sent have errors of kind [`Canceled`](ErrorKind::Canceled). Without this, each message
    /// is sent whatever becomes of the others.
    pub fn stop_on_first_error(mut self) -> Self {
        self.stops = true;
        self
    }

    /// Bounds the batch as a whole: every message that is in flight then fails, and none is started any more. Without
    /// this there is no bound.
    ///
    /// A message has what is left of it as its own deadline, unless its own is shorter.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    async fn run(self) -> Result<Vec<Result<M>>> {
        self.validate()?;
        let in_flight = self.transport.enter_connected()?;
        let settings = self.transport.resolve_session()?;
        let end = self.deadline.and_then(|limit| clock::after(clock::now(), limit));
        let mut running = FuturesUnordered::new();
        let mut results = Vec::with_capacity(self.messages.len());
        let mut waiting = self.messages.iter().enumerate();
        let mut failed = None;
        loop {
            while running.len() < self.max_concurrency
                && let Some((index, message)) = waiting.next()
            {
                if let Some(error) = self.refusal(failed, end) {
                    results.push((index, Err(error)));
                } else {
                    let call = self.call(&*in_flight.backend, &settings, end, message);
                    running.push(async move { (index, call.await) });
                }
            }
            let Some((index, result)) = running.next().await else { break };
            if self.stops && result.is_err() {
                failed.get_or_insert(index);
            }
            results.push((index, result));
        }
        results.sort_unstable_by_key(|(index, _)| *index);
        let named = |result: Result<M>| result.map_err(|error| error.of_operation(BATCH.name()));
        Ok(results.into_iter().map(|(_, result)| named(result)).collect())
    }

    fn validate(&self) -> Result<()> {
        if self.max_concurrency == 0 {
            return Err(Error::config("max_concurrency", 0, "let a message be in flight"));
        }
        if self.deadline == Some(Duration::ZERO) {
            return Err(Error::config("deadline", Seconds(Duration::ZERO), "leave some time"));
        }
        Ok(())
    }

    /// Why no further message is to be sent.
    fn refusal(&self, failed: Option<usize>, end: Option<Instant>) -> Option<Error> {
        if let Some(index) = failed {
            let message = format!("not sent, since the message at index {index} of the batch failed");
            return Some(Error::new(ErrorKind::Canceled, message));
        }
        let limit = self.deadline.filter(|_| end.is_some_and(|end| clock::now() >= end))?;
        let message = format!("not sent, since the deadline of the batch, {}, passed", Seconds(limit));
        Some(Error::new(ErrorKind::Deadline, message).with_clock(Clock::Deadline, limit))
    }

    async fn call(
        &self,
        backend: &dyn Backend,
        settings: &Resolved,
        end: Option<Instant>,
        message: &M,
    ) -> Result<M> {
        let settings = within(settings, end);
        let request = self.transport.prepare(message, &settings)?;
        let call = Course::new(self.transport.core(), &BATCH, Arc::new(settings), request);
        let Parts { head, body, call, .. } = execute(call, backend).await?.into_parts();
        let owed = Owed::new(call, head.status.as_u16());
        owed.settle(M::from_response(&head, body.into_bytes()))
    }
}

/// The settings of a message that starts now, in a batch that ends then.
fn within(settings: &Resolved, end: Option<Instant>) -> Resolved {
    let mut settings = *settings;
    if let Some(end) = end {
        let left = end.saturating_duration_since(clock::now());
        let own = settings.timeouts.deadline.unwrap_or(Duration::MAX);
        settings.timeouts.deadline = Some(own.min(left));
    }
    settings
}

impl<'a, M: Message> IntoFuture for Batch<'a, M> {
    type Output = Result<Vec<Result<M>>>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.run().await.map_err(|error| error.of_operation(BATCH.name())) })
    }
}

impl<M> fmt::Debug for Batch<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("messages", &self.messages.len())
            .field("max_concurrency", &self.max_concurrency)
            .field("stops_on_first_error", &self.stops)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
