//! What an operation says of its event stream, as a constant.

use std::time::Duration;

/// How the [`Events`](crate::Events) of an operation end and go on, as a constant of
/// [`OperationRules::events`](crate::OperationRules::events).
///
/// ```
/// use std::time::Duration;
/// use pynector::{EventRules, Operation, OperationRules};
///
/// const TICKER: Operation = Operation::get("Feed::ticker", "/ticker").rules(
///     &OperationRules::new()
///         .events(EventRules::new().until("[DONE]").reconnect().heartbeat(Duration::from_secs(15))),
/// );
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventRules {
    pub(crate) until: Option<&'static str>,
    pub(crate) reconnect: bool,
    pub(crate) heartbeat: Option<Duration>,
}

impl EventRules {
    /// Every event is one, the end of the body is the end, and silence is bounded by the `read` clock.
    pub const fn new() -> Self {
        Self { until: None, reconnect: false, heartbeat: None }
    }

    /// An event of exactly this data is the end of the stream, and no item of it: see
    /// [`Events::until`](crate::Events::until).
    pub const fn until(mut self, data: &'static str) -> Self {
        self.until = Some(data);
        self
    }

    /// Goes on over a new connection where one ends or breaks: see [`Events::reconnect`](crate::Events::reconnect).
    pub const fn reconnect(mut self) -> Self {
        self.reconnect = true;
        self
    }

    /// The longest silence on a connection that is alive, in place of the `read` clock: see
    /// [`Events::heartbeat`](crate::Events::heartbeat).
    pub const fn heartbeat(mut self, silence: Duration) -> Self {
        self.heartbeat = Some(silence);
        self
    }
}
