//! What a mock answers.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use serde::Serialize;

use crate::backend::Step;
use crate::policy::classify::Failure;

/// One answer of a [`MockTransport`](super::MockTransport): a response, or a failure of the wire.
///
/// A [`Step`] is one too, for the rarer ways of a wire, such as bodies that pause.
///
/// ```
/// use std::time::Duration;
/// use pynector::testing::Reply;
///
/// let busy = Reply::status(429).header("retry-after", "2");
/// let slow = Reply::json(200, &["a", "b"]).delay(Duration::from_secs(3));
/// ```
#[derive(Clone, Debug)]
pub struct Reply(Step);

impl Reply {
    /// A response of this status without a body; the status is one of 100 to 999.
    ///
    /// # Panics
    ///
    /// If it is none.
    #[track_caller]
    pub fn status(status: u16) -> Self {
        assert!((100..=999).contains(&status), "{status} is no status");
        Self(Step::status(status))
    }

    /// A response with `value` as its JSON body.
    ///
    /// # Panics
    ///
    /// If `value` cannot be written as JSON, or `status` is none.
    #[track_caller]
    pub fn json<T: Serialize + ?Sized>(status: u16, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(text) => Self::status(status).header("content-type", "application/json").body(text),
            Err(error) => super::panic_with(&format!("the reply cannot be written as JSON: {error}")),
        }
    }

    /// A response with this text.
    ///
    /// # Panics
    ///
    /// If `status` is none.
    #[track_caller]
    pub fn text(status: u16, text: impl Into<String>) -> Self {
        Self::status(status).header("content-type", "text/plain; charset=utf-8").body(text.into())
    }

    /// No response, for this reason. What is retried and what counts against a circuit follows from how far the request
    /// came, which [`Failure::stage`] tells.
    pub const fn fail(failure: Failure) -> Self {
        Self(Step::fail(failure))
    }

    /// No response, ever: a clock has to end it.
    pub const fn hang() -> Self {
        Self(Step::hang())
    }

    /// Adds a header.
    ///
    /// # Panics
    ///
    /// If `name` or `value` is none.
    #[track_caller]
    pub fn header(self, name: &str, value: &str) -> Self {
        assert!(name.parse::<HeaderName>().is_ok(), "{name:?} is not a header name");
        assert!(HeaderValue::from_str(value).is_ok(), "the value of {name:?} is not that of a header");
        Self(self.0.header(name, value))
    }

    /// Adds bytes to the body.
    pub fn body(self, bytes: impl Into<Bytes>) -> Self {
        Self(self.0.body(bytes))
    }

    /// Breaks the body off after so many bytes of it: they come, and then the connection is gone.
    pub fn broken_after(self, bytes: usize) -> Self {
        Self(self.0.broken_after(bytes))
    }

    /// Waits before the answer, on tokio's clock.
    pub fn delay(self, wait: Duration) -> Self {
        Self(self.0.after(wait))
    }

    pub(super) fn into_step(self) -> Step {
        self.0
    }
}

impl From<Step> for Reply {
    fn from(step: Step) -> Self {
        Self(step)
    }
}
