//! Further responses of a call: what a stream asks for whose body broke, or that has a next page.

use http::{HeaderName, HeaderValue, Method, Uri};

use super::{FromResponse, Incoming};
use crate::backend::BoxFuture;
use crate::error::{Error, Result};
use crate::operation::{Operation, Resolved};

/// Makes the request of a call once more, changed; a call below hands this up to what its response became.
///
/// It is the request that was asked for, before redirects, and goes through every policy with a deadline of its own.
pub(crate) trait Fetch: Send + Sync {
    /// What was called.
    fn operation(&self) -> &'static Operation;

    /// The settings of the call.
    fn settings(&self) -> &Resolved;

    /// The method of the request.
    fn method(&self) -> &Method;

    /// The URL of the request.
    fn uri(&self) -> &Uri;

    /// Whether its body can be sent once more.
    fn is_repeatable(&self) -> bool;

    /// Makes it. Nothing happens before the future is polled, and dropping it is dropping a call.
    fn fetch(&self, change: Change) -> BoxFuture<'static, Result<Fetched>>;
}

/// What a further request has that the first has not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    /// The URL in place of the first one, of the same origin.
    pub(crate) uri: Option<Uri>,
    /// Headers in place of those of the same name.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether the body is read inside the attempt, so that one that breaks is asked for again.
    pub(crate) buffered: bool,
}

/// A further response, and what its call is owed.
pub(crate) struct Fetched {
    pub(crate) incoming: Incoming,
    pub(crate) owed: Box<dyn Settle>,
}

/// What is still to be told when a response was decoded, or was not.
pub(crate) trait Settle: Send {
    /// It was.
    fn decoded(self: Box<Self>);

    /// It was not; the error comes back with the story of its call.
    fn failed(self: Box<Self>, error: Error) -> Error;
}

impl Fetched {
    /// Makes a `T` of it.
    pub(crate) async fn decode<T: FromResponse>(self) -> Result<T> {
        let Self { incoming, owed } = self;
        match T::from_response(incoming).await {
            Ok(value) => {
                owed.decoded();
                Ok(value)
            }
            Err(error) => Err(owed.failed(error)),
        }
    }
}
