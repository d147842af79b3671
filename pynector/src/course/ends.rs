//! The ends of a call, and what is left of it then.

use std::sync::Arc;

use super::Course;
use crate::answer::Answer;
use crate::attempt::Ended;
#[cfg(feature = "cache")]
use crate::attempt::Request;
use crate::error::{Error, Result, StopReason};
#[cfg(feature = "cache")]
use crate::gate::Core;
use crate::gate::{Pass, Refused};
#[cfg(feature = "cache")]
use crate::operation::{Operation, Resolved};
use crate::papers::Papers;
use crate::policy::schedule::Schedule;
#[cfg(feature = "cache")]
use crate::report::Report;
use crate::response::ResponseHead;
use crate::response::body::Arrived;
use crate::route::Route;

impl Course {
    /// A call that is answered by what is stored, with the pass of an attempt if it made one.
    #[cfg(feature = "cache")]
    pub(crate) fn of_stored(
        core: &Arc<Core>,
        operation: &'static Operation,
        settings: &Arc<Resolved>,
        (request, report): (Request, Report),
        pass: Option<Pass>,
    ) -> Box<Self> {
        let mut call = Self::new(core, operation, Arc::clone(settings), request);
        call.depart();
        (call.pass, call.report) = (pass, report);
        call
    }

    /// What it shares with all others.
    #[cfg(feature = "cache")]
    pub(crate) const fn core(&self) -> &Arc<Core> {
        self.teller.core()
    }

    /// What was asked for, before anything came of it.
    #[cfg(feature = "cache")]
    pub(crate) fn into_asked(self) -> (&'static Operation, Arc<Resolved>, Request) {
        (self.report.operation(), self.settings, self.request)
    }

    /// Its story so far.
    #[cfg(feature = "cache")]
    pub(crate) fn into_report(self) -> Report {
        self.report
    }

    /// The same call once more, to tell its story and nothing else.
    pub(crate) fn aside(&self) -> Box<Self> {
        Box::new(Self {
            pass: None,
            settings: Arc::clone(&self.settings),
            request: self.request.clone(),
            route: Route::default(),
            teller: self.teller.clone(),
            deadline: self.deadline,
            schedule: Schedule::default(),
            report: self.report.clone(),
            now: self.now,
            last: None,
            papers: Papers::default(),
            token: None,
            opinion: self.opinion,
            spent: self.spent,
        })
    }

    /// The answer of this status was decoded. The pass stays where it is, and is dropped first.
    pub(crate) fn settle_status(&mut self, status: u16) {
        if let Some(pass) = &mut self.pass {
            pass.settle_status(status, self.now);
        }
    }

    /// `error` with the story of the call.
    pub(crate) fn tell(&self, error: Error) -> Error {
        self.report.tell(error, &self.request)
    }

    /// The error of a body that broke while it was handed out.
    pub(crate) fn streamed(self, ended: Ended) -> Error {
        self.report.streamed(&self.request, ended)
    }

    /// The end with a success.
    pub(crate) fn answer(mut self: Box<Self>, head: Box<ResponseHead>, body: Arrived) -> Answer {
        if let Some(pass) = &mut self.pass {
            pass.set_opinion(self.opinion);
        }
        Answer::new(head, body, self)
    }

    /// The end without a success; where every status is one, the last answer is what the call gives.
    pub(crate) fn give_up(mut self: Box<Self>, mut error: Error) -> Result<Answer> {
        let kept = if self.settings.any_status && error.is_status() { error.take_response() } else { None };
        let Some(kept) = kept else { return Err(error) };
        let head = Box::new(ResponseHead::new(kept.status, kept.headers));
        self.pass = Some(Pass::settled(self.teller.clone()));
        Ok(self.answer(head, Arrived::Whole(kept.body)))
    }

    /// The end at the gate. With an attempt behind it, a call fails for the reason of that attempt (BRK-9).
    pub(crate) fn refused(mut self: Box<Self>, refused: Refused) -> Result<Answer> {
        self.pass = None;
        let reason = match refused {
            Refused::CircuitOpen(_) => StopReason::CircuitOpen,
            Refused::RateLimited(_) => StopReason::RateLimited,
            Refused::QueueFull => StopReason::QueueFull,
            Refused::Deadline => StopReason::Deadline,
        };
        let error = match (self.last.take(), refused) {
            (last, Refused::Deadline) => self.late(last),
            (Some(error), _) => self.stop(error, reason),
            (None, Refused::CircuitOpen(retry_in)) => self.report.circuit_open(&self.request, retry_in),
            (None, Refused::RateLimited(wait)) => self.report.rate_limited(&self.request, wait),
            (None, Refused::QueueFull) => self.report.queue_full(&self.request),
        };
        self.give_up(error)
    }
}
