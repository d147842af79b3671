//! How an attempt ended.

use std::time::Duration;

use bytes::Bytes;

use super::leads_elsewhere;
use crate::backend::BackendError;
use crate::classify::Opinion;
use crate::error::{BoxError, Clock};
use crate::operation::Resolved;
use crate::policy::Rules;
use crate::policy::classify::{self, Failure, Outcome, Verdict};
use crate::response::ResponseHead;
use crate::response::body::{Arrived, BodyError};
use crate::watch::Stalled;

/// How an attempt ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) outcome: Outcome,
    pub(crate) elapsed: Duration,
    /// In a box from the start: it is handed up from the attempt to whoever decodes the answer (record 0211).
    pub(crate) head: Option<Box<ResponseHead>>,
    pub(crate) body: Arrived,
    pub(crate) trouble: Trouble,
    /// What the program says of it.
    pub(crate) opinion: Opinion,
}

/// What is wrong with an attempt beyond its outcome.
#[derive(Debug)]
pub(crate) enum Trouble {
    None,
    /// What the backend says of the failure.
    Cause(Option<BoxError>),
    /// A clock ran out.
    Clock((Clock, Duration)),
    /// The response came, but its content coding does not decode.
    Corrupt(String),
}

impl Ended {
    pub(super) fn status(head: Box<ResponseHead>, body: Arrived) -> Self {
        let outcome = Outcome::Status(head.status.as_u16());
        let trouble = Trouble::None;
        Self { outcome, elapsed: Duration::ZERO, head: Some(head), body, trouble, opinion: Opinion::none() }
    }

    /// Whether the response is a success that could be read. A redirect that is to be followed is none, even where its
    /// status would count as one.
    pub(crate) fn is_success(&self, settings: &Resolved) -> bool {
        let Outcome::Status(status) = self.outcome else { return false };
        let whole = matches!(self.trouble, Trouble::None);
        whole && settings.is_success(status) && !self.leads_elsewhere(settings)
    }

    /// Whether the answer asks to go elsewhere, and the call does.
    pub(crate) fn leads_elsewhere(&self, settings: &Resolved) -> bool {
        self.head.as_ref().is_some_and(|head| leads_elsewhere(head, settings))
    }

    /// What the attempt says about the health of the host.
    pub(crate) fn verdict(&self, settings: &Resolved) -> Verdict {
        if let Some(verdict) = self.opinion.verdict() {
            return verdict;
        }
        match self.trouble {
            Trouble::Corrupt(_) => Verdict::Neutral,
            Trouble::Clock((Clock::Deadline, _)) if settings.breaker.rules == Rules::Matrix => {
                classify::abandoned(self.elapsed, settings.timeouts.attempt)
            }
            _ => classify::breaker_verdict(self.outcome, settings.breaker.rules),
        }
    }

    /// How long the server asks to wait, where it is busy rather than broken (RA-1, RA-5).
    pub(crate) fn retry_after(&self, settings: &Resolved) -> Option<Duration> {
        self.head.as_ref()?.retry_after(settings.retry.vendor_retry_after)
    }

    pub(super) fn failed(outcome: Failure, trouble: Trouble) -> Self {
        let outcome = Outcome::Failed(outcome);
        let body = Arrived::Whole(Bytes::new());
        Self { outcome, elapsed: Duration::ZERO, head: None, body, trouble, opinion: Opinion::none() }
    }

    /// The answer to a streamed body takes longer than this.
    pub(super) fn late(attempt: Option<Duration>) -> Self {
        let trouble = attempt.map_or(Trouble::None, |limit| Trouble::Clock((Clock::Attempt, limit)));
        Self::failed(Failure::AttemptTimeout, trouble)
    }

    pub(super) fn stalled(Stalled { clock, limit }: Stalled) -> Self {
        let failure = match clock {
            Clock::Write => Failure::WriteTimeout,
            Clock::Attempt => Failure::AttemptTimeout,
            _ => Failure::ReadTimeout,
        };
        Self::failed(failure, Trouble::Clock((clock, limit)))
    }

    pub(super) fn broken(error: BackendError) -> Self {
        Self::failed(error.failure(), Trouble::Cause(error.into_source()))
    }

    /// A head without its body; `read` is the clock that a silence ran against.
    pub(crate) fn without_body(head: Box<ResponseHead>, why: BodyError, read: Option<Duration>) -> Self {
        let failed = match why {
            BodyError::Corrupt(corrupt) => {
                let whole = Self::status(head, Arrived::Whole(Bytes::new()));
                return Self { trouble: Trouble::Corrupt(corrupt.0), ..whole };
            }
            BodyError::Broken(error) => Self::broken(error),
            BodyError::TooLarge => Self::failed(Failure::BodyTooLarge, Trouble::None),
            BodyError::Silent => Self::failed(
                Failure::ReadTimeout,
                read.map_or(Trouble::None, |read| Trouble::Clock((Clock::Read, read))),
            ),
        };
        Self { head: Some(head), ..failed }
    }
}
