//! What every call of a transport shares, and the gate that each attempt passes: circuit, rate limit, bulkhead, budget.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::attempt::{Ended, Trouble};
#[cfg(feature = "cache")]
use crate::cache::Cache;
use crate::classify::{Classify, Opinion};
use crate::clock;
use crate::error::{Error, ErrorKind};
use crate::observe::{CallInfo, Event, Observer};
use crate::operation::{Operation, Resolved};
use crate::papers::Authority;
use crate::policy::Invalid;
use crate::policy::breaker::{BreakerUnit, ResolvedBreaker};
use crate::policy::circuit::Ticket;
use crate::policy::classify::{self, Outcome, Verdict};
use crate::policy::hedge::Latencies;
use crate::policy::registry::{Host, Registry};
use crate::queue::Place;
use crate::request::base::Origin;

mod admission;
mod teller;
mod waits;

pub(crate) use admission::Refused;
pub(crate) use teller::{Teller, Token};
use waits::{Permits, Places};

/// The hosts, the observers and the classifiers of one transport; shared by all its clones.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) hosts: Registry,
    observers: Vec<Arc<dyn Observer>>,
    classifiers: Vec<Arc<dyn Classify>>,
    /// What authorises calls to the origin of the base URL, and to no other.
    credentials: Option<Arc<dyn Authority>>,
    /// How long answers take, by the names of the operations that are hedged by that.
    latencies: Mutex<HashMap<&'static str, Arc<Latencies>>>,
    /// What answers calls instead of the loop.
    #[cfg(feature = "cache")]
    pub(crate) cache: Option<Cache>,
}

impl Core {
    pub(crate) fn new(
        home: Arc<Origin>,
        observers: Vec<Arc<dyn Observer>>,
        classifiers: Vec<Arc<dyn Classify>>,
        credentials: Option<Arc<dyn Authority>>,
    ) -> Self {
        let hosts = Registry::new(home, clock::now());
        Self {
            hosts,
            observers,
            classifiers,
            credentials,
            latencies: Mutex::default(),
            #[cfg(feature = "cache")]
            cache: None,
        }
    }

    /// When it was made.
    pub(crate) const fn made(&self) -> Instant {
        self.hosts.made()
    }

    /// The same below a cache.
    #[cfg(feature = "cache")]
    pub(crate) fn below(self, cache: Option<Cache>) -> Self {
        Self { cache, ..self }
    }

    /// Notes the numbers of what calls share.
    ///
    /// # Errors
    ///
    /// Another client or operation has noted others.
    pub(crate) fn register(&self, settings: &Resolved) -> Result<(), Invalid> {
        self.hosts.register_breaker(&settings.breaker)?;
        if let Some(limit) = settings.rate_limit
            && let Some(code) = limit.by.code::<Permits>()
        {
            (code.register)(&self.hosts, &limit)?;
        }
        if let Some(limit) = settings.max_in_flight
            && let Some(code) = limit.by.code::<Places>()
        {
            (code.register)(&self.hosts, &limit)?;
        }
        Ok(())
    }

    /// Tells all observers; nobody holds a lock here, for an observer may do what it likes, panic too (BRK-12).
    pub(crate) fn tell(&self, info: &CallInfo<'_>, event: &Event) {
        // A pass that is given back while an observer's panic unwinds has nobody to tell: a second panic would abort.
        if self.observers.is_empty() || std::thread::panicking() {
            return;
        }
        for observer in &self.observers {
            observer.event(info, event);
        }
    }

    fn latencies(&self, operation: &Operation) -> Arc<Latencies> {
        let mut latencies = self.latencies.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(latencies.entry(operation.name()).or_default())
    }
}

/// An attempt that was let through; it must be settled, and settles itself when it is given up (BRK-4).
#[derive(Debug)]
pub(crate) struct Pass {
    teller: Teller,
    /// `None` where the circuit need not hear: no breaker is asked for, or it has heard.
    admitted: Option<Admitted>,
    /// Held until the answer was read (BLK-3).
    place: Option<Held>,
    started: Instant,
    attempt: Option<Duration>,
    /// Whether the end of the call, if it is a success, is one of the server too: a last answer of any status is not.
    worth: bool,
    /// What the program says of the attempt's success.
    opinion: Opinion,
    /// The attempt that is under way with it.
    running: Option<u32>,
    /// Where several attempts race: whether one has won, which says nothing about the others (BRK-2).
    decided: Option<Arc<AtomicBool>>,
}

/// A place of a bulkhead. As long as it is held its host is, which must not be forgotten with the places that are taken (SCO-2).
#[derive(Debug)]
struct Held {
    _place: Place,
    _host: Arc<Host>,
}

#[derive(Debug)]
struct Admitted {
    host: Arc<Host>,
    breaker: ResolvedBreaker,
    ticket: Ticket,
}

impl Pass {
    /// The pass of an answer that the circuit has heard of already.
    pub(crate) fn settled(teller: Teller) -> Self {
        Self::empty(teller, clock::now())
    }

    fn empty(teller: Teller, started: Instant) -> Self {
        let (admitted, place, attempt, decided) = (None, None, None, None);
        Self {
            teller,
            admitted,
            place,
            started,
            attempt,
            worth: false,
            running: None,
            opinion: Opinion::none(),
            decided,
        }
    }

    /// The pass of an attempt that has still to [ask](Self::ask), `now`.
    pub(crate) fn new(teller: &Teller, settings: &Resolved, now: Instant) -> Self {
        let mut pass = Self::empty(teller.clone(), now);
        pass.attempt = settings.timeouts.attempt;
        pass.worth = true;
        pass
    }

    /// When it was let through.
    pub(crate) const fn started(&self) -> Instant {
        self.started
    }

    /// What the program says of the success that it brought.
    pub(crate) const fn set_opinion(&mut self, opinion: Opinion) {
        self.opinion = opinion;
    }

    /// The attempt of this number is sent.
    pub(crate) const fn begin(&mut self, attempt: u32) {
        self.running = Some(attempt);
    }

    /// It ended, and was told of.
    pub(crate) const fn end(&mut self) {
        self.running = None;
    }

    /// The attempt races others; once it is `decided`, being given up says nothing.
    pub(crate) fn race(&mut self, decided: &Arc<AtomicBool>) {
        self.decided = Some(Arc::clone(decided));
    }

    /// An attempt of the call failed or was redirected: settles, unless only whole calls count, which keeps the pass.
    ///
    /// Says too whether the circuit refuses calls from now on.
    pub(crate) fn settle_attempt(mut self, verdict: Verdict) -> (bool, Option<Self>) {
        // A call between two attempts holds no place (ORD-4).
        self.place = None;
        match &self.admitted {
            Some(admitted) if admitted.breaker.unit == BreakerUnit::Call => (false, Some(self)),
            _ => (self.settle(verdict), None),
        }
    }

    /// The head of a success is here, and its body is a stream that may take for ever. A probe has found out with that
    /// what it was to find out; kept, it would outlive its lease, and a healthy stream would count as a failure (BRK-5).
    pub(crate) fn begin_stream(&mut self) {
        if self.admitted.as_ref().is_some_and(|admitted| admitted.ticket.is_probe()) {
            self.give_back(self.opinion.verdict().unwrap_or(Verdict::Success), clock::now());
        }
    }

    /// Tells the circuit how the attempt ended after all.
    pub(crate) fn settle_late(self, ended: &Ended) {
        let opinion = self.teller.opinion(ended).verdict();
        let verdict = match (&self.admitted, &ended.trouble) {
            (_, Trouble::Corrupt(_)) | (None, _) => Verdict::Neutral,
            (Some(admitted), _) => classify::breaker_verdict(ended.outcome, admitted.breaker.rules),
        };
        self.settle(opinion.unwrap_or(verdict));
    }

    /// The call succeeded; the circuit hears what the status says, and the budget grows (BUD-3).
    ///
    /// It is told at the time when the attempt was over: what was done with the answer since then is no matter of the server.
    pub(crate) fn settle_status(&mut self, status: u16, now: Instant) {
        let verdict = self.admitted.as_ref().map_or(Verdict::Neutral, |admitted| {
            classify::breaker_verdict(Outcome::Status(status), admitted.breaker.rules)
        });
        let verdict = self.opinion.verdict().unwrap_or(verdict);
        self.succeed_at(verdict, now);
    }

    /// The call succeeded as a whole, which is worth a part of a retry to the host (BUD-3); the circuit hears `verdict`.
    pub(crate) fn succeed(mut self, verdict: Verdict) {
        self.succeed_at(verdict, clock::now());
    }

    fn succeed_at(&mut self, verdict: Verdict, now: Instant) {
        if self.worth {
            self.teller.host(None).budget.deposit(now);
        }
        self.give_back(verdict, now);
    }

    /// Tells the observers of the call.
    pub(crate) fn tell(&self, event: &Event) {
        self.teller.tell(event);
    }

    /// Tells the circuit how it went; says whether it refuses calls from now on.
    pub(crate) fn settle(mut self, verdict: Verdict) -> bool {
        self.give_back(verdict, clock::now())
    }

    /// The call as a whole failed with `error`, and its last attempt says `verdict`.
    pub(crate) fn settle_failed(self, verdict: Verdict, error: &Error) {
        // A redirect that leads nowhere is no success of the call, whatever its host did.
        let lost = error.kind() == ErrorKind::Redirect;
        self.settle(if lost { Verdict::Neutral } else { verdict });
    }

    fn give_back(&mut self, verdict: Verdict, now: Instant) -> bool {
        let Some(Admitted { host, breaker, ticket }) = self.admitted.take() else {
            return false;
        };
        let probe = ticket.is_probe();
        let transition = host.circuit.settle(&breaker, ticket, verdict, now, fastrand::f64());
        if probe || transition.is_some() {
            host.circuit_changed();
        }
        if let Some(transition) = transition {
            self.teller.tell_transition(breaker.group, transition);
        }
        host.circuit.peek(now).is_err()
    }
}

/// The caller gave up. Soon after the start that says nothing; later it is the server that hangs (BRK-2).
impl Drop for Pass {
    fn drop(&mut self) {
        let lost = self.decided.as_ref().is_some_and(|decided| decided.load(Ordering::Relaxed));
        if let Some(attempt) = self.running.filter(|_| !lost) {
            self.teller.tell(&Event::AttemptAbandoned { attempt });
        }
        if self.admitted.is_some() {
            let now = clock::now();
            let waited = now.saturating_duration_since(self.started);
            self.give_back(
                if lost { Verdict::Neutral } else { classify::abandoned(waited, self.attempt) },
                now,
            );
        }
    }
}
