//! What an operation says besides its request, as a constant of its own.

use super::settings::constant_rung;
use super::{AnyOrigin, EventRules, LineRules, Paginate, Settings};
use crate::policy::{Breaker, Hedge, MaxInFlight, RateLimit, RetryPolicy, StatusCodes, Timeouts};
use crate::request::coding::{Compress, ContentCoding};

/// The rules of an [`Operation`](crate::Operation): its settings, what its statuses mean, and how its pages, events and
/// lines go on. An operation refers to them by [`Operation::rules`](crate::Operation::rules).
///
/// ```
/// use pynector::{Operation, OperationRules, RetryPolicy};
///
/// const RULES: OperationRules = OperationRules::new().retry(RetryPolicy::off()).any_status();
/// const PING: Operation = Operation::get("Health::ping", "/ping").rules(&RULES);
///
/// assert_eq!(PING.settings().retry(), Some(RetryPolicy::off()));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OperationRules {
    pub(super) none_on: StatusCodes,
    pub(super) any_status: bool,
    pub(super) events: EventRules,
    pub(super) lines: LineRules,
    pub(super) paginate: Option<Paginate>,
    pub(super) settings: Option<Settings>,
}

impl Default for OperationRules {
    fn default() -> Self {
        Self::new()
    }
}

impl OperationRules {
    /// Nothing said: weaker levels decide.
    pub const fn new() -> Self {
        Self {
            none_on: StatusCodes::empty(),
            any_status: false,
            events: EventRules::new(),
            lines: LineRules::new(),
            paginate: None,
            settings: None,
        }
    }

    /// The final statuses that become `None` where an `Option` is asked for; they are not tried again, and what their body
    /// says is dropped. Statuses that are asked to go elsewhere are followed first.
    pub const fn none_on(mut self, statuses: StatusCodes) -> Self {
        self.none_on = statuses;
        self
    }

    /// Every final status is a success. Retries and redirects are as they are; the last answer is what the call gives.
    pub const fn any_status(mut self) -> Self {
        self.any_status = true;
        self
    }

    /// How its [`Events`](crate::Events) end and go on; other types do not ask.
    pub const fn events(mut self, rules: EventRules) -> Self {
        self.events = rules;
        self
    }

    /// What becomes of lines of its [`JsonLines`](crate::JsonLines) that are not as they should be; other types do not ask.
    pub const fn lines(mut self, rules: LineRules) -> Self {
        self.lines = rules;
        self
    }

    /// Where its next page is; calls may give [`Pages<T>`](crate::Pages) then.
    pub const fn paginate(mut self, paginate: Paginate) -> Self {
        self.paginate = Some(paginate);
        self
    }

    constant_rung!();

    pub(super) const fn rung(&self) -> Settings {
        match self.settings {
            Some(settings) => settings,
            None => Settings::new(),
        }
    }

    const fn with(mut self, rung: &Settings) -> Self {
        self.settings = Some(*rung);
        self
    }
}
