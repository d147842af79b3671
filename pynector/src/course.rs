//! Where a call stands between two attempts, and what it does next.

mod ends;

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use tokio::time::Instant;

use crate::attempt::{Ended, Outgoing, Request};
use crate::backend::AttemptInfo;
use crate::classify::{Again, Opinion};
use crate::clock;
use crate::error::{Error, Result, StopReason};
use crate::gate::{Core, Pass, Refused, Teller, Token};
use crate::observe::Event;
use crate::operation::{Operation, Resolved};
use crate::papers::Papers;
use crate::policy::classify::{self, Outcome, RetryVerdict, WhyNot};
use crate::policy::hedge::ResolvedHedge;
use crate::policy::schedule::{DelaySource, Schedule};
use crate::report::Report;
use crate::route::Route;

/// One call on its way: all of it but the attempt under way, so that it moves as one pointer.
pub(crate) struct Course {
    /// That of the attempt under way, or of the last one until somebody settles it. It stands first, to be dropped first.
    pass: Option<Pass>,
    settings: Arc<Resolved>,
    request: Request,
    route: Route,
    teller: Teller,
    deadline: Option<Instant>,
    schedule: Schedule,
    report: Report,
    /// As late as it is known to be: where nothing waits in between, the clock is not asked again.
    now: Instant,
    /// The failure of the last attempt: what the call fails with if there is no further one.
    last: Option<Error>,
    papers: Papers,
    /// What the budget has granted for the attempt to come (BUD-4).
    token: Option<Token>,
    /// What the program says of the last attempt.
    opinion: Opinion,
    /// Why there is no retry after hedges that all failed.
    spent: StopReason,
}

impl Course {
    /// A call that has not [departed](Self::depart) yet: its clocks stand.
    pub(crate) fn new(
        core: &Arc<Core>,
        operation: &'static Operation,
        settings: Arc<Resolved>,
        request: Request,
    ) -> Box<Self> {
        let made = core.made();
        Box::new(Self {
            pass: None,
            route: Route::default(),
            teller: Teller::new(Arc::clone(core), operation, &request),
            request,
            deadline: None,
            settings,
            schedule: Schedule::default(),
            report: Report::new(operation, made),
            now: made,
            last: None,
            papers: Papers::default(),
            token: None,
            opinion: Opinion::none(),
            spent: StopReason::Exhausted,
        })
    }

    /// The call starts now: its clocks begin.
    pub(crate) fn depart(&mut self) {
        self.now = clock::now();
        self.deadline = self.settings.timeouts.deadline.and_then(|limit| clock::after(self.now, limit));
        self.report.start(self.now);
    }

    pub(crate) fn settings(&self) -> &Resolved {
        &self.settings
    }

    /// What the attempt to come sends.
    pub(crate) fn request(&self) -> &Request {
        self.papers.request().unwrap_or(&self.request)
    }

    pub(crate) const fn teller(&self) -> &Teller {
        &self.teller
    }

    pub(crate) const fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Where it goes: after redirects, where the last one led it.
    pub(crate) const fn url(&self) -> &Uri {
        &self.request.uri
    }

    /// How long it took, for all that is known of the time.
    pub(crate) fn took(&self) -> Duration {
        self.report.took(self.now)
    }

    pub(crate) const fn info(&self) -> AttemptInfo {
        self.report.info()
    }

    /// What an outcome means for the question whether to try again.
    pub(crate) fn verdict(&self, ended: &Ended) -> RetryVerdict {
        let judge = match ended.opinion.again() {
            Some(Again::Never) => return RetryVerdict::No(WhyNot::NotRetryable),
            Some(Again::Worthwhile) => classify::verdict_of_worthwhile,
            None => classify::verdict,
        };
        judge(ended.outcome, self.teller.may_repeat(), &self.settings.retry)
    }

    /// How this call is hedged: only one that may be replayed is (HDG-1), and whose body can be.
    pub(crate) fn hedging(&self) -> Option<ResolvedHedge> {
        self.settings.hedge.filter(|_| self.teller.may_repeat() && !self.request.body.is_one_shot())
    }

    /// Asks for the credentials of the attempt to come, before it takes anything at the gate (BOD-10).
    pub(crate) async fn authorize(&mut self) -> Result<()> {
        let Some(source) = self.teller.credentials(&self.request) else {
            self.papers.none();
            return Ok(());
        };
        let asked = source.authorize_by(self.deadline, &mut self.papers, &self.request).await;
        self.now = clock::now();
        match (asked, self.last.take()) {
            (Ok(Ok(true)), last) => {
                self.last = last;
                Ok(())
            }
            (Ok(Ok(false)), Some(refused)) => Err(self.stop(refused, StopReason::NotRetryable)),
            (Ok(Ok(false)), None) => Ok(()),
            (Ok(Err(error)), _) => Err(self.report.without_credentials(&self.request, error)),
            (Err(clock::Elapsed), last) => Err(self.late(last)),
        }
    }

    /// The deadline passed before an attempt could start.
    fn late(&self, last: Option<Error>) -> Error {
        let limit = self.settings.timeouts.deadline.unwrap_or_default();
        let error = last.unwrap_or_else(|| self.report.deadline(&self.request, limit));
        self.stop(error, StopReason::Deadline)
    }

    /// Asks at the gate; the pass of a call that is counted as a whole asks again.
    pub(crate) async fn ask(&mut self) -> Result<(), Refused> {
        let Self { pass, teller, settings, deadline, now, .. } = self;
        let pass = pass.get_or_insert_with(|| Pass::new(teller, settings, *now));
        pass.ask(settings, *deadline, *now).await?;
        *now = pass.started();
        Ok(())
    }

    /// The attempt was let through; it starts, unless no time is left for it (TMO-2).
    pub(crate) fn begin(&mut self) -> Result<()> {
        if self.deadline.is_some_and(|deadline| self.now >= deadline) {
            let last = self.last.take();
            return Err(self.late(last));
        }
        if let Some(token) = self.token.take() {
            token.spend();
        }
        self.start(self.schedule.attempts(), self.now);
        Ok(())
    }

    /// What was let through is sent.
    pub(crate) fn send(&mut self) {
        if let Some(pass) = &mut self.pass {
            pass.begin(self.report.attempts);
        }
    }

    /// What the attempt sends, and how.
    pub(crate) fn outgoing(&self) -> Outgoing<'_> {
        Outgoing {
            request: self.request(),
            settings: &self.settings,
            info: self.info(),
            started: self.now,
            deadline: self.deadline,
        }
    }

    /// The pass of the attempt, for whoever settles it.
    pub(crate) fn take_pass(&mut self) -> Pass {
        self.pass.take().unwrap_or_else(|| Pass::settled(self.teller.clone()))
    }

    /// The pass of the attempt that decided the call.
    pub(crate) fn keep_pass(&mut self, pass: Pass) {
        self.pass = Some(pass);
    }

    fn start(&mut self, attempt: u32, now: Instant) {
        self.report.attempt(attempt, now);
        self.teller.tell(&Event::AttemptStarted { attempt });
    }

    /// A hedge was let through `now`; it starts.
    pub(crate) fn hedge(&mut self, now: Instant) {
        self.schedule.extra();
        self.start(self.schedule.attempts(), now);
    }

    /// The budget has refused a hedge.
    pub(crate) const fn starved(&mut self) {
        self.spent = StopReason::Budget;
    }

    /// The number of the attempt that was sent last.
    pub(crate) const fn attempts(&self) -> u32 {
        self.report.attempts
    }

    /// The attempt ended.
    pub(crate) fn record(&mut self, ended: &mut Ended) {
        self.record_as(self.attempts(), ended);
        self.now = clock::after(self.now, ended.elapsed).unwrap_or(self.now);
        if let Some(pass) = &mut self.pass {
            pass.end();
        }
    }

    pub(crate) fn record_as(&mut self, attempt: u32, ended: &mut Ended) {
        self.opinion = self.teller.opinion(ended);
        ended.opinion = self.opinion;
        self.teller.heed(ended, &self.settings);
        self.report.record(ended, &self.settings);
        let (outcome, elapsed) = (ended.outcome, ended.elapsed);
        self.teller.tell(&Event::AttemptEnded { attempt, outcome, stage: outcome.stage(), elapsed });
    }

    /// Settles the attempt and decides: follow, try again after a wait, or fail. The pass of a call that is counted as a
    /// whole stays.
    pub(crate) fn after_failure(&mut self, ended: Ended) -> Result<Duration> {
        let verdict = ended.verdict(&self.settings);
        let (opened, pass) = self.take_pass().settle_attempt(verdict);
        let next = if ended.leads_elsewhere(&self.settings) {
            self.follow(ended)
        } else {
            self.retry(ended, opened)
        };
        match &next {
            Ok(_) => self.pass = pass,
            Err(error) => {
                let _ = pass.map(|pass| pass.settle_failed(verdict, error));
            }
        }
        next
    }

    /// A wait is over.
    pub(crate) fn resume(&mut self) {
        self.now = clock::now();
    }

    /// Goes where the answer leads, at once; that is no retry and costs none.
    fn follow(&mut self, ended: Ended) -> Result<Duration> {
        match self.route.follow(&mut self.request, &ended, &self.settings) {
            Ok(followed) => {
                self.teller.tell(&followed);
                self.teller.moved_to(&self.request);
                Ok(Duration::ZERO)
            }
            Err(why) => Err(self.report.redirect(&self.request, ended, why)),
        }
    }

    fn retry(&mut self, ended: Ended, opened: bool) -> Result<Duration> {
        let verdict = self.verdict(&ended);
        let (outcome, asked) = (ended.outcome, ended.retry_after(&self.settings));
        let mut error = self.report.failure(&self.request, ended, self.settings.max_body);
        error.story_mut().retryable = !matches!(verdict, RetryVerdict::No(_));
        error.story_mut().retry_after = asked;
        let never = self.opinion.again() == Some(Again::Never);
        if outcome == Outcome::Status(401) && !never && !self.request.body.is_spent() && self.papers.refused()
        {
            self.schedule.extra();
            return Ok(self.again(error, outcome, (Duration::ZERO, DelaySource::Credentials)));
        }
        // Waiting would be in vain where the circuit refuses whatever comes next.
        let next = if opened && self.settings.breaker.wait_up_to.is_none() {
            Err(StopReason::CircuitOpen)
        } else {
            let body = &self.request.body;
            let verdict =
                if body.is_one_shot() { verdict.with_one_shot(outcome, body.is_spent()) } else { verdict };
            self.schedule_next(verdict, asked)
        };
        match next {
            Ok(next) => Ok(self.again(error, outcome, next)),
            Err(reason) => Err(self.stop(error, reason)),
        }
    }

    /// There is another attempt; `error` is what the call fails with if there is not after all.
    fn again(&mut self, error: Error, reason: Outcome, (delay, source): (Duration, DelaySource)) -> Duration {
        let attempt = self.report.attempts + 1;
        self.teller.tell(&Event::RetryScheduled { attempt, delay, reason, source });
        self.report.waited(delay);
        self.last = Some(error);
        delay
    }

    /// When there is another attempt; what counts as a retry is taken from the budget (BUD-5, BUD-9).
    fn schedule_next(
        &mut self,
        verdict: RetryVerdict,
        asked: Option<Duration>,
    ) -> Result<(Duration, DelaySource), StopReason> {
        if self.hedging().is_some() && !matches!(verdict, RetryVerdict::No(_)) {
            // What could be tried again was tried, side by side.
            return Err(self.spent);
        }
        let policy = self.settings.retry;
        let left = self.deadline.map(|deadline| deadline.saturating_duration_since(clock::now()));
        let (delay, source) = self.schedule.next(&policy, verdict, asked, left, fastrand::f64)?;
        if let Some(budget) = policy.budget.as_ref().filter(|_| source != DelaySource::Nack) {
            self.token = Some(self.teller.withdraw(budget).ok_or(StopReason::Budget)?);
        }
        Ok((delay, source))
    }

    fn stop(&self, error: Error, reason: StopReason) -> Error {
        self.teller.tell(&Event::RetryStopped { reason });
        self.report.stopped(error, reason)
    }
}
