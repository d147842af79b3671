//! The future of a call, which has a name.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::way::{Sent, Way};
use crate::response::receive::Making;
use crate::response::{FromResponse as _, Outcome};

/// What a method of a client gives: a call that becomes its answer `R`, mostly a `Result`, when it is awaited.
///
/// It owns all that the call needs, and borrows neither the client nor an argument. Nothing is sent before it is polled; whoever
/// drops it gives the call up.
///
/// ```no_run
/// # use pynector::Result;
/// #[pynector::api(base_url = "https://api.example.com")]
/// trait Users {
///     #[get("/users/{id}/name")]
///     async fn name(&self, id: u64) -> Result<String>;
/// }
///
/// # async fn run() -> Result<()> {
/// let users = UsersClient::new()?;
/// let mut names = tokio::task::JoinSet::new();
/// for id in 1..=3 {
///     names.spawn(users.name(id));
/// }
/// while let Some(name) = names.join_next().await {
///     println!("{}", name.expect("no panic")?);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct ResponseFuture<R> {
    way: Way,
    /// What goes on once the response is here, where its value is made with patience.
    making: Option<Making<R>>,
    /// Knows how the answer is made; what the answer must be is said where the call is made.
    receive: fn(&mut Sent, &mut Option<Making<R>>, &mut Context<'_>) -> Poll<R>,
}

impl<R: Outcome> ResponseFuture<R> {
    pub(super) fn new(way: Way) -> Self {
        Self { way, making: None, receive: R::Value::receive::<R> }
    }
}

impl<R> Future for ResponseFuture<R> {
    type Output = R;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        let Self { way, making, receive } = self.get_mut();
        match way {
            Way::Sent(call) => receive(call, making, cx),
            Way::Built(request) => {
                request.keep();
                Poll::Pending
            }
        }
    }
}

impl<R> fmt::Debug for ResponseFuture<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
