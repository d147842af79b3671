//! The transport protocol of the specification, for code that does not care what carries its messages.

use std::fmt;
use std::future::Future;

use crate::backend::BoxFuture;
use crate::error::Result;
use crate::transport::http::HttpTransport;
use crate::transport::message::Message;

/// Carries messages: connect, send, receive, disconnect.
///
/// [`HttpTransport`] is one, with methods of the same names and meaning of its own, so nobody who uses it needs this
/// trait. Implement it for another carrier; [`BoxTransport`] is any of them behind one type.
///
/// ```
/// use pynector::{Message, Result, Transport};
///
/// async fn ask<M: Message>(transport: &impl Transport<M>, question: &M) -> Result<Option<M>> {
///     transport.send(question).await?;
///     transport.receive().await.transpose()
/// }
/// ```
pub trait Transport<M: Message>: Send + Sync {
    /// Makes ready to send; a second time does nothing.
    ///
    /// # Errors
    ///
    /// What keeps the transport from sending at all.
    fn connect(&self) -> impl Future<Output = Result<()>> + Send;

    /// Lets what is in flight end and closes; a second time does nothing.
    fn disconnect(&self) -> impl Future<Output = ()> + Send;

    /// Sends a message; its response waits to be received.
    ///
    /// # Errors
    ///
    /// Kind [`NotConnected`](crate::ErrorKind::NotConnected) without a connect, and whatever keeps the message from being
    /// sent or answered. A send that fails brings no response.
    fn send(&self, message: &M) -> impl Future<Output = Result<()>> + Send;

    /// The next response, in the order of the sends; `None` when none waits and no send is in flight.
    fn receive(&self) -> impl Future<Output = Option<Result<M>>> + Send;
}

impl<M: Message> Transport<M> for HttpTransport {
    async fn connect(&self) -> Result<()> {
        Self::connect(self).await
    }

    async fn disconnect(&self) {
        Self::disconnect(self).await;
    }

    async fn send(&self, message: &M) -> Result<()> {
        Self::send(self, message).await
    }

    async fn receive(&self) -> Option<Result<M>> {
        Self::receive(self).next().await
    }
}

/// Any transport of messages `M` behind one type.
///
/// ```
/// use pynector::{BoxTransport, HttpMessage, HttpTransport};
///
/// # fn run() -> pynector::Result<()> {
/// let http = HttpTransport::builder("https://api.example.com").build()?;
/// let any: BoxTransport<HttpMessage> = BoxTransport::new(http);
/// # Ok(())
/// # }
/// ```
pub struct BoxTransport<M>(Box<dyn Erased<M>>);

impl<M: Message> BoxTransport<M> {
    /// Hides what kind of transport it is.
    pub fn new(transport: impl Transport<M> + 'static) -> Self {
        Self(Box::new(transport))
    }
}

impl<M> fmt::Debug for BoxTransport<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoxTransport").finish_non_exhaustive()
    }
}

impl<M: Message> Transport<M> for BoxTransport<M> {
    async fn connect(&self) -> Result<()> {
        self.0.connect().await
    }

    async fn disconnect(&self) {
        self.0.disconnect().await;
    }

    async fn send(&self, message: &M) -> Result<()> {
        self.0.send(message).await
    }

    async fn receive(&self) -> Option<Result<M>> {
        self.0.receive().await
    }
}

/// The protocol in the form that a pointer needs.
trait Erased<M>: Send + Sync {
    fn connect(&self) -> BoxFuture<'_, Result<()>>;
    fn disconnect(&self) -> BoxFuture<'_, ()>;
    fn send<'a>(&'a self, message: &'a M) -> BoxFuture<'a, Result<()>>;
    fn receive(&self) -> BoxFuture<'_, Option<Result<M>>>;
}

impl<M: Message, T: Transport<M>> Erased<M> for T {
    fn connect(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(Transport::connect(self))
    }

    fn disconnect(&self) -> BoxFuture<'_, ()> {
        Box::pin(Transport::disconnect(self))
    }

    fn send<'a>(&'a self, message: &'a M) -> BoxFuture<'a, Result<()>> {
        Box::pin(Transport::send(self, message))
    }

    fn receive(&self) -> BoxFuture<'_, Option<Result<M>>> {
        Box::pin(Transport::receive(self))
    }
}
