//! The loop of a call: admit, attempt, settle, decide, wait. Above it requests are built, below it bytes move.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::answer::Answer;
use crate::attempt::{Ended, Request, attempt};
use crate::backend::Backend;
use crate::clock;
use crate::error::{Error, Result, StopReason};
use crate::gate::{Core, Pass, Teller};
use crate::observe::Event;
use crate::operation::{Operation, Resolved};
use crate::policy::classify::{self, RetryVerdict};
use crate::policy::schedule::Schedule;
use crate::report::Report;
use crate::response::ResponseHead;
use crate::response::body::Arrived;
use crate::route::Route;

/// Runs one call to its end: every attempt, every hop, every wait.
#[expect(clippy::large_types_passed_by_value, reason = "moved once, into the future that the caller boxes")]
pub(crate) async fn execute(
    core: &Arc<Core>,
    backend: &dyn Backend,
    operation: &'static Operation,
    settings: Resolved,
    request: Request,
) -> Result<Answer> {
    let mut call = Call::new(core, operation, &settings, request);
    let mut kept = None;
    loop {
        let pass = match call.admit(kept) {
            Ok(pass) => pass,
            Err(error) => return call.give_up(error),
        };
        let ended = attempt(backend, &settings, &call.request, call.report.info(), call.deadline).await;
        call.record(&ended);
        let (head, body) = match ended.into_success(&settings) {
            Ok(success) => success,
            Err(ended) => match call.after_failure(*ended, pass) {
                Ok((wait, pass)) => {
                    kept = pass;
                    clock::sleep(wait).await;
                    continue;
                }
                Err(error) => return call.give_up(error),
            },
        };
        return Ok(call.answer(head, body, pass));
    }
}

/// Where a call stands between two attempts.
struct Call<'a> {
    settings: &'a Resolved,
    idempotent: bool,
    request: Request,
    route: Route,
    teller: Teller,
    deadline: Option<Instant>,
    schedule: Schedule,
    report: Report,
    /// The failure of the last attempt: what the call fails with if there is no further one.
    last: Option<Error>,
}

impl<'a> Call<'a> {
    fn new(
        core: &Arc<Core>,
        operation: &'static Operation,
        settings: &'a Resolved,
        request: Request,
    ) -> Self {
        let started = clock::now();
        Self {
            settings,
            idempotent: operation.declared_idempotent(),
            route: Route::default(),
            teller: Teller::new(Arc::clone(core), operation, &request),
            request,
            deadline: settings.timeouts.deadline.and_then(|limit| clock::after(started, limit)),
            schedule: Schedule::default(),
            report: Report::new(operation, started),
            last: None,
        }
    }

    fn answer(self, head: ResponseHead, body: Arrived, pass: Pass) -> Answer {
        let absent = self.settings.none_on.contains(head.status.as_u16());
        let head = self.report.sign(head);
        Answer { head, body, absent, pass, report: self.report, request: self.request }
    }

    /// The end without a success; where every status is one, the last answer is what the call gives.
    fn give_up(self, mut error: Error) -> Result<Answer> {
        let kept = if self.settings.any_status && error.is_status() { error.take_response() } else { None };
        let Some(kept) = kept else { return Err(error) };
        let head = ResponseHead::new(kept.status, kept.headers, self.request.uri.clone());
        let pass = Pass::settled(self.teller.clone());
        Ok(self.answer(head, Arrived::Whole(kept.body), pass))
    }

    /// Asks the circuit, unless the whole call has its pass; no attempt starts without time left (TMO-2).
    ///
    /// With an attempt behind it, a call that is refused fails for the reason of that attempt (BRK-9).
    fn admit(&mut self, kept: Option<Pass>) -> Result<Pass> {
        let pass = match kept.map_or_else(|| Pass::ask(&self.teller, self.settings), Ok) {
            Ok(pass) => pass,
            Err(rejected) => {
                return Err(match self.last.take() {
                    Some(error) => self.stop(error, StopReason::CircuitOpen),
                    None => self.report.circuit_open(&self.request, rejected.retry_in),
                });
            }
        };
        if let Some(limit) = self.settings.timeouts.deadline
            && self.deadline.is_some_and(|deadline| clock::now() >= deadline)
        {
            let error = self.last.take().unwrap_or_else(|| self.report.deadline(&self.request, limit));
            return Err(self.stop(error, StopReason::Deadline));
        }
        self.report.attempt(self.schedule.attempts());
        self.teller.tell(&Event::AttemptStarted { attempt: self.report.attempts });
        Ok(pass)
    }

    fn record(&mut self, ended: &Ended) {
        self.report.record(ended, self.settings);
        self.teller.tell(&Event::AttemptEnded {
            attempt: self.report.attempts,
            outcome: ended.outcome,
            stage: ended.outcome.stage(),
            elapsed: ended.elapsed,
        });
    }

    /// Settles the attempt and decides: follow, try again after a wait, or fail.
    fn after_failure(&mut self, ended: Ended, pass: Pass) -> Result<(Duration, Option<Pass>)> {
        let verdict = ended.verdict(self.settings);
        let (opened, kept) = pass.settle_attempt(verdict);
        let failed =
            if ended.leads_elsewhere(self.settings) { self.follow(ended) } else { self.retry(ended, opened) };
        match failed {
            Ok(wait) => Ok((wait, kept)),
            Err(error) => {
                let _ = kept.map(|pass| pass.settle_failed(verdict, &error));
                Err(error)
            }
        }
    }

    /// Goes where the answer leads, at once; that is no retry and costs none.
    fn follow(&mut self, ended: Ended) -> Result<Duration> {
        match self.route.follow(&mut self.request, &ended, self.settings) {
            Ok(followed) => {
                self.teller.tell(&followed);
                self.teller.moved_to(&self.request);
                Ok(Duration::ZERO)
            }
            Err(why) => Err(self.report.redirect(&self.request, ended, why)),
        }
    }

    fn retry(&mut self, ended: Ended, opened: bool) -> Result<Duration> {
        let replayable = self.idempotent || classify::replayable_method(self.request.method.as_str());
        let verdict = classify::verdict(ended.outcome, replayable, &self.settings.retry);
        let (outcome, asked) = (ended.outcome, ended.retry_after());
        let mut error = self.report.failure(&self.request, ended, self.settings.max_body);
        error.story_mut().retryable = !matches!(verdict, RetryVerdict::No(_));
        let body = &self.request.body;
        let verdict =
            if body.is_one_shot() { verdict.with_one_shot(outcome, body.is_spent()) } else { verdict };
        error.story_mut().retry_after = asked;
        let left = self.deadline.map(|deadline| deadline.saturating_duration_since(clock::now()));
        let next = if opened {
            // Waiting would be in vain: the circuit refuses whatever comes next.
            Err(StopReason::CircuitOpen)
        } else {
            self.schedule.next(&self.settings.retry, verdict, asked, left, fastrand::f64)
        };
        match next {
            Ok((delay, source)) => {
                let attempt = self.report.attempts + 1;
                self.teller.tell(&Event::RetryScheduled { attempt, delay, reason: outcome, source });
                self.report.waited(delay);
                self.last = Some(error);
                Ok(delay)
            }
            Err(reason) => Err(self.stop(error, reason)),
        }
    }

    fn stop(&self, error: Error, reason: StopReason) -> Error {
        self.teller.tell(&Event::RetryStopped { reason });
        self.report.stopped(error, reason)
    }
}
