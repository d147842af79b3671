//! Several attempts of one call side by side: the first acceptable answer wins, the others are dropped (HDG-1 to HDG-4).

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::Instant;

use crate::attempt::{Ended, Outgoing, Request, attempt};
use crate::backend::{AttemptInfo, Backend, BoxFuture};
use crate::clock;
use crate::course::Course;
use crate::gate::{Pass, Refused, Teller, Token};
use crate::observe::{Event, HedgeStep};
use crate::operation::Resolved;
use crate::policy::Brought;
use crate::policy::classify::{RetryVerdict, Verdict};
use crate::policy::hedge::{Hedge, HedgeAfter, ResolvedHedge};

/// What a [`Hedge`] brings along: the race of a call.
pub(crate) type StartRace =
    for<'a> fn(&'a mut Course, &'a dyn Backend, ResolvedHedge) -> BoxFuture<'a, Ended>;

const RACE: Brought = Brought::new(&(start as StartRace));

/// What brings all of this along stands here, and not with the other parameters of [`Hedge`].
impl Hedge {
    /// Hedges a call that has no answer after `delay`, which is at least 1 ms.
    pub const fn after(delay: Duration) -> Self {
        Self::new(HedgeAfter::Fixed(delay), RACE)
    }

    /// Hedges a call that takes longer than 19 of 20 calls of its operation. There is no hedge before 20 of them have been
    /// answered, and none within 1 ms.
    pub const fn p95() -> Self {
        Self::new(HedgeAfter::P95, RACE)
    }
}

fn start<'a>(call: &'a mut Course, backend: &'a dyn Backend, hedging: ResolvedHedge) -> BoxFuture<'a, Ended> {
    Box::pin(race(call, backend, hedging))
}

/// Runs the attempt that was let through, and hedges beside it; gives the attempt that decides the call, which has its pass.
///
/// An attempt that fails, so that it could be tried again, brings the next hedge at once (HDG-2). If all fail, it is the
/// first request whose failure is the call's. Whoever drops this drops them all (HDG-3).
async fn race(call: &mut Course, backend: &dyn Backend, hedging: ResolvedHedge) -> Ended {
    let pass = call.take_pass();
    let (request, teller, settings) = (call.request().clone(), call.teller().clone(), *call.settings());
    let track =
        Track { backend, settings: &settings, request: &request, teller: &teller, deadline: call.deadline() };
    let mut race = Race::new(&track, hedging, call.attempts());
    race.send(call, pass);
    loop {
        let hedge_at = race.hedge_at;
        match clock::until(hedge_at, pin!(race.legs.next())).await {
            Err(clock::Elapsed) => race.hedge(call),
            Ok(Some(Leg::Admitted(Ok(pass), token))) => {
                if let Some(token) = token {
                    token.spend();
                }
                call.hedge(pass.started());
                race.send(call, pass);
                race.tell(call.attempts(), HedgeStep::Started);
            }
            Ok(Some(Leg::Ended(number, mut ended, mut pass))) => {
                call.record_as(number, &mut ended);
                pass.end();
                race.running.retain(|running| *running != number);
                if is_final(call, &ended) {
                    call.keep_pass(pass);
                    return race.won(number, *ended);
                }
                race.failed(number, *ended, pass);
                race.hedge(call);
            }
            // Who is refused has cost nothing; the others go on.
            Ok(Some(Leg::Admitted(Err(_), _)) | None) => {}
        }
        if race.legs.is_empty()
            && let Some((ended, pass)) = race.failure.take()
        {
            call.keep_pass(pass);
            return ended;
        }
    }
}

/// Whether another attempt would not be better: a success, a redirect, or a failure that stays one.
fn is_final(call: &Course, ended: &Ended) -> bool {
    ended.is_success(call.settings())
        || ended.leads_elsewhere(call.settings())
        || matches!(call.verdict(ended), RetryVerdict::No(_))
}

/// What all attempts of the call have in common.
struct Track<'a> {
    backend: &'a dyn Backend,
    settings: &'a Resolved,
    request: &'a Request,
    teller: &'a Teller,
    deadline: Option<Instant>,
}

/// What an attempt comes to, one after the other.
enum Leg {
    Admitted(Result<Pass, Refused>, Option<Token>),
    Ended(u32, Box<Ended>, Pass),
}

struct Race<'a> {
    track: &'a Track<'a>,
    hedging: ResolvedHedge,
    legs: FuturesUnordered<BoxFuture<'a, Leg>>,
    /// The number of the request that is hedged: 1, but behind a redirect.
    first: u32,
    /// The numbers of the attempts that are under way.
    running: Vec<u32>,
    hedges: u32,
    /// When the next hedge is sent, unless something fails before.
    hedge_at: Option<Instant>,
    decided: Arc<AtomicBool>,
    /// What the call fails with if no attempt is better: what became of its first request, once that is known.
    failure: Option<(Ended, Pass)>,
}

impl<'a> Race<'a> {
    fn new(track: &'a Track<'a>, hedging: ResolvedHedge, first: u32) -> Self {
        let mut race = Self {
            track,
            hedging,
            legs: FuturesUnordered::new(),
            first,
            running: Vec::new(),
            hedges: 0,
            hedge_at: None,
            decided: Arc::default(),
            failure: None,
        };
        race.set_alarm();
        race
    }

    fn set_alarm(&mut self) {
        let delay = match self.hedging.after {
            HedgeAfter::Fixed(delay) => Some(delay),
            HedgeAfter::P95 => self.track.teller.latencies().p95(),
        };
        self.hedge_at = delay
            .filter(|_| self.hedges < self.hedging.max)
            .and_then(|delay| clock::after(clock::now(), delay));
    }

    /// Sends the attempt that was just let through.
    fn send(&mut self, call: &mut Course, mut pass: Pass) {
        pass.race(&self.decided);
        let (number, info) = (call.attempts(), call.info());
        self.running.push(number);
        pass.begin(number);
        let track = self.track;
        self.legs.push(Box::pin(async move { track.attempt(number, info, pass).await }));
    }

    /// Asks for one more attempt, if there may be one (HDG-1, BUD-8).
    fn hedge(&mut self, call: &mut Course) {
        self.hedge_at = None;
        if self.hedges >= self.hedging.max {
            return;
        }
        let budget = self.track.settings.retry.budget.as_ref();
        let token = budget.and_then(|budget| self.track.teller.withdraw_hedge(budget));
        if budget.is_some() && token.is_none() {
            call.starved();
            return;
        }
        self.hedges += 1;
        self.set_alarm();
        let track = self.track;
        self.legs.push(Box::pin(async move {
            let mut pass = Pass::new(track.teller, track.settings, clock::now());
            let admitted = pass.ask(track.settings, track.deadline, pass.started()).await;
            Leg::Admitted(admitted.map(|()| pass), token)
        }));
    }

    fn won(mut self, number: u32, ended: Ended) -> Ended {
        self.decided.store(true, Ordering::Relaxed);
        if self.hedging.after == HedgeAfter::P95 && ended.is_success(self.track.settings) {
            self.track.teller.latencies().record(ended.elapsed);
        }
        if self.hedges > 0 {
            self.tell(number, HedgeStep::Won);
        }
        for lost in std::mem::take(&mut self.running) {
            self.tell(lost, HedgeStep::Lost);
        }
        ended
    }

    /// Settles an attempt that failed, and keeps it if the call is to fail with it.
    fn failed(&mut self, number: u32, ended: Ended, pass: Pass) {
        let verdict = ended.verdict(self.track.settings);
        if number != self.first && self.failure.is_some() {
            pass.settle(verdict);
            return;
        }
        let (_, kept) = pass.settle_attempt(verdict);
        let kept = kept.unwrap_or_else(|| Pass::settled(self.track.teller.clone()));
        if let Some((_, other)) = self.failure.replace((ended, kept)) {
            other.settle(Verdict::Neutral);
        }
    }

    fn tell(&self, attempt: u32, step: HedgeStep) {
        self.track.teller.tell(&Event::Hedge { attempt, step });
    }
}

impl Track<'_> {
    async fn attempt(&self, number: u32, info: AttemptInfo, pass: Pass) -> Leg {
        let (request, settings) = (self.request, self.settings);
        let outgoing = Outgoing { request, settings, info, started: pass.started(), deadline: self.deadline };
        let ended = attempt(self.backend, &outgoing).await;
        Leg::Ended(number, Box::new(ended), pass)
    }
}
