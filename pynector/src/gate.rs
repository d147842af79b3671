//! What every call of a transport shares, and the gate of the circuit that each attempt passes.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use tokio::time::Instant;

use crate::attempt::{Ended, Request, Trouble};
use crate::clock;
use crate::error::{Error, ErrorKind};
use crate::observe::{CallInfo, Event, Observer, Rejecter};
use crate::operation::{Operation, Resolved};
use crate::policy::breaker::{BreakerUnit, ResolvedBreaker};
use crate::policy::circuit::{Circuit, Rejected, Ticket, Transition};
use crate::policy::classify::{self, Outcome, Verdict};
use crate::policy::registry::{Registry, Scope};
use crate::request::base::Origin;

/// How long a probe may take that no clock bounds, before its slot goes to another call (BRK-5).
const UNBOUNDED: Duration = Duration::from_secs(60);

/// The circuits and the observers of one transport; shared by all its clones.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) circuits: Registry,
    pub(crate) observers: Vec<Arc<dyn Observer>>,
}

/// Whom the events of a call are told about.
#[derive(Clone, Debug)]
pub(crate) struct Teller {
    core: Arc<Core>,
    operation: &'static Operation,
    method: Method,
    origin: Arc<Origin>,
}

impl Teller {
    pub(crate) fn new(core: Arc<Core>, operation: &'static Operation, request: &Request) -> Self {
        Self { core, operation, method: request.method.clone(), origin: Arc::clone(&request.origin) }
    }

    /// A redirect led the call elsewhere.
    pub(crate) fn moved_to(&mut self, request: &Request) {
        self.method = request.method.clone();
        self.origin = Arc::clone(&request.origin);
    }

    pub(crate) fn tell(&self, event: &Event) {
        // A pass that is given back while an observer's panic unwinds has nobody to tell: a second panic would abort.
        if self.core.observers.is_empty() || std::thread::panicking() {
            return;
        }
        let info =
            CallInfo::new(self.operation.name(), self.operation.template(), &self.method, &self.origin.host);
        for observer in &self.core.observers {
            observer.event(&info, event);
        }
    }

    fn tell_transition(&self, Transition { from, to, reason }: Transition) {
        self.tell(&Event::Breaker { from, to, reason });
    }
}

/// A call that was let through; it must be settled, and settles itself when it is given up (BRK-4).
#[derive(Debug)]
pub(crate) struct Pass {
    teller: Teller,
    /// `None` where no breaker is asked for.
    admitted: Option<Admitted>,
    started: Instant,
    attempt: Option<Duration>,
}

#[derive(Debug)]
struct Admitted {
    circuit: Arc<Circuit>,
    breaker: ResolvedBreaker,
    ticket: Ticket,
}

impl Pass {
    /// Asks the circuit of `teller`'s host.
    ///
    /// # Errors
    ///
    /// The time until it is worth asking again.
    pub(crate) fn ask(teller: &Teller, settings: &Resolved) -> Result<Self, Rejected> {
        let teller = teller.clone();
        let (started, attempt) = (clock::now(), settings.timeouts.attempt);
        let breaker = settings.breaker;
        if !breaker.enabled {
            return Ok(Self { teller, admitted: None, started, attempt });
        }
        let scope = Scope { origin: Arc::clone(&teller.origin), group: breaker.group };
        let circuit = teller.core.circuits.circuit(&scope);
        // What one pass covers bounds the probe: an attempt, or a call with all its attempts and waits.
        let deadline = settings.timeouts.deadline;
        let bound = if breaker.unit == BreakerUnit::Call { deadline } else { attempt.or(deadline) };
        let lease = bound.unwrap_or(UNBOUNDED);
        let answer = circuit.admit(&breaker, started, fastrand::f64(), lease);
        for transition in answer.transitions.into_iter().flatten() {
            teller.tell_transition(transition);
        }
        match answer.result {
            Ok(ticket) => {
                Ok(Self { teller, admitted: Some(Admitted { circuit, breaker, ticket }), started, attempt })
            }
            Err(rejected) => {
                teller.tell(&Event::Rejected { by: Rejecter::Breaker });
                Err(rejected)
            }
        }
    }

    /// The pass of an answer that the circuit has heard of already.
    pub(crate) fn settled(teller: Teller) -> Self {
        Self { teller, admitted: None, started: clock::now(), attempt: None }
    }

    /// An attempt of the call failed or was redirected: settles, unless only whole calls count, which keeps the pass.
    ///
    /// Says too whether the circuit refuses calls from now on.
    pub(crate) fn settle_attempt(self, verdict: Verdict) -> (bool, Option<Self>) {
        match &self.admitted {
            Some(admitted) if admitted.breaker.unit == BreakerUnit::Call => (false, Some(self)),
            _ => (self.settle(verdict), None),
        }
    }

    /// The head of a success is here, and its body is a stream that may take for ever. A probe has found out with that
    /// what it was to find out; kept, it would outlive its lease, and a healthy stream would count as a failure (BRK-5).
    pub(crate) fn begin_stream(&mut self) {
        if self.admitted.as_ref().is_some_and(|admitted| admitted.ticket.is_probe()) {
            self.give_back(Verdict::Success);
        }
    }

    /// Tells the circuit how the attempt ended after all.
    pub(crate) fn settle_late(self, ended: &Ended) {
        let verdict = match (&self.admitted, &ended.trouble) {
            (_, Trouble::Corrupt(_)) | (None, _) => Verdict::Neutral,
            (Some(admitted), _) => classify::breaker_verdict(ended.outcome, admitted.breaker.rules),
        };
        self.settle(verdict);
    }

    /// The answer is a success for the caller; the circuit hears what its status says.
    pub(crate) fn settle_status(self, status: u16) {
        let verdict = self.admitted.as_ref().map_or(Verdict::Neutral, |admitted| {
            classify::breaker_verdict(Outcome::Status(status), admitted.breaker.rules)
        });
        self.settle(verdict);
    }

    /// Tells the observers of the call.
    pub(crate) fn tell(&self, event: &Event) {
        self.teller.tell(event);
    }

    /// Tells the circuit how it went; says whether it refuses calls from now on.
    pub(crate) fn settle(mut self, verdict: Verdict) -> bool {
        self.give_back(verdict)
    }

    /// The call as a whole failed with `error`, and its last attempt says `verdict`.
    pub(crate) fn settle_failed(self, verdict: Verdict, error: &Error) {
        // A redirect that leads nowhere is no success of the call, whatever its host did.
        let lost = error.kind() == ErrorKind::Redirect;
        self.settle(if lost { Verdict::Neutral } else { verdict });
    }

    fn give_back(&mut self, verdict: Verdict) -> bool {
        let Some(Admitted { circuit, breaker, ticket }) = self.admitted.take() else {
            return false;
        };
        let now = clock::now();
        if let Some(transition) = circuit.settle(&breaker, ticket, verdict, now, fastrand::f64()) {
            self.teller.tell_transition(transition);
        }
        circuit.peek(now).is_err()
    }
}

/// The caller gave up. Soon after the start that says nothing; later it is the server that hangs (BRK-2).
impl Drop for Pass {
    fn drop(&mut self) {
        if self.admitted.is_some() {
            let waited = clock::now().saturating_duration_since(self.started);
            self.give_back(classify::abandoned(waited, self.attempt));
        }
    }
}
