//! How an attempt is let through: circuit, rate limit, bulkhead, and the circuit again, in this order (ORD-3).

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::teller::Known;
use super::waits::{Permits, Places, VerdictWait, WaitForVerdict};
use super::{Admitted, Held, Pass, Teller};
use crate::clock;
use crate::observe::{Event, Rejecter};
use crate::operation::Resolved;
use crate::policy::Brought;
use crate::policy::breaker::BreakerUnit;
use crate::policy::circuit::Rejected;
use crate::policy::limit::Permit;
use crate::policy::registry::Host;

/// How long a probe may take that no clock bounds, before its slot goes to another call (BRK-5).
const UNBOUNDED: Duration = Duration::from_secs(60);

/// Why an attempt was not let through. Nothing was taken by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The circuit is open for this long.
    CircuitOpen(Duration),
    /// The rate limit has room only after this long, which is too late.
    RateLimited(Duration),
    /// No place is free, and the queue is full or took too long.
    QueueFull,
    /// The deadline of the call passed while it waited.
    Deadline,
}

impl Pass {
    /// Asks `now` to send an attempt with it, which may take until `deadline`. A pass that has been used already, by a call that is
    /// counted as a whole, keeps what the circuit gave it.
    ///
    /// # Errors
    ///
    /// Why it is not to be sent.
    pub(crate) async fn ask(
        &mut self,
        settings: &Resolved,
        deadline: Option<Instant>,
        now: Instant,
    ) -> Result<(), Refused> {
        self.started = now;
        let circuit = settings.breaker.enabled && self.admitted.is_none();
        let limited = settings.rate_limit.is_some() || settings.max_in_flight.is_some();
        let circuit = circuit.then(|| self.teller.host(settings.breaker.group));
        // Most calls find it closed, and have nobody else to ask.
        let closed = circuit.as_ref().filter(|_| !limited).and_then(|host| host.circuit.admit_closed());
        match (circuit, closed) {
            (None, _) if !limited => {}
            (Some(host), Some(ticket)) => {
                self.admitted = Some(Admitted { host: host.into_host(), breaker: settings.breaker, ticket });
            }
            (circuit, _) => {
                let asking = Asking { teller: &self.teller, settings, deadline };
                let Granted { admitted, place, at } = asking.pass(circuit, now).await?;
                self.admitted = admitted.or(self.admitted.take());
                self.place = place;
                self.started = at;
            }
        }
        Ok(())
    }
}

/// What the gate gives to an attempt, and when.
struct Granted {
    admitted: Option<Admitted>,
    place: Option<Held>,
    at: Instant,
}

/// One attempt that stands at the gate.
pub(super) struct Asking<'a> {
    pub(super) teller: &'a Teller,
    settings: &'a Resolved,
    pub(super) deadline: Option<Instant>,
}

impl Asking<'_> {
    async fn pass(&self, circuit: Option<Known<'_>>, now: Instant) -> Result<Granted, Refused> {
        let mut at = now;
        // A look at the circuit first: who would be refused takes nothing.
        let mut refused = circuit.as_ref().and_then(|host| host.circuit.peek(at).err());
        let mut wait = VerdictWait::default();
        let breaker = &self.settings.breaker;
        let patience = breaker.wait_up_to.zip(breaker.by.and_then(Brought::code::<WaitForVerdict>));
        loop {
            if let (Some(host), Some(rejected)) = (&circuit, refused) {
                let Some((limit, wait_for_verdict)) = patience else {
                    return Err(self.refuse_circuit(rejected));
                };
                wait_for_verdict(self, host, rejected, limit, &mut wait).await?;
            }
            let permit = self.permit().await?;
            let place = self.place().await?;
            if refused.is_some() || permit.is_some() || place.is_some() {
                at = clock::now();
            }
            let admitted = match &circuit {
                // The last question; from here to the send nothing waits, so no probe is held in a queue.
                Some(host) => self.admit(host, at),
                None => Ok(None),
            };
            match admitted {
                Ok(admitted) => {
                    if let Some(permit) = permit {
                        permit.used();
                    }
                    return Ok(Granted { admitted, place, at });
                }
                Err(rejected) => refused = Some(rejected),
            }
        }
    }

    fn admit(&self, host: &Arc<Host>, now: Instant) -> Result<Option<Admitted>, Rejected> {
        let (breaker, timeouts) = (&self.settings.breaker, &self.settings.timeouts);
        // What one pass covers bounds the probe: an attempt, or a call with all its attempts and waits.
        let call = breaker.unit == BreakerUnit::Call;
        let bound = if call { timeouts.deadline } else { timeouts.attempt.or(timeouts.deadline) };
        let lease = bound.unwrap_or(UNBOUNDED);
        let answer = host.circuit.admit(breaker, now, fastrand::f64(), lease);
        let taken = |ticket| Admitted { host: Arc::clone(host), breaker: *breaker, ticket };
        if answer.transitions == [None, None] {
            return answer.result.map(taken).map(Some);
        }
        // An observer may panic, and a pass gives the slot of a probe back then, which a ticket does not (BRK-12).
        let mut pass = Pass::empty(self.teller.clone(), clock::now());
        let refused = match answer.result {
            Ok(ticket) => {
                pass.admitted = Some(taken(ticket));
                None
            }
            Err(rejected) => Some(rejected),
        };
        for transition in answer.transitions.into_iter().flatten() {
            self.teller.tell_transition(breaker.group, transition);
        }
        refused.map_or_else(|| Ok(pass.admitted.take()), Err)
    }

    pub(super) fn refuse(&self, by: Rejecter, why: Refused) -> Refused {
        self.teller.tell(&Event::Rejected { by });
        why
    }

    pub(super) fn refuse_circuit(&self, Rejected { retry_in }: Rejected) -> Refused {
        self.refuse(Rejecter::Breaker, Refused::CircuitOpen(retry_in))
    }

    /// Takes a permit of the rate limit.
    async fn permit(&self) -> Result<Option<Reserved>, Refused> {
        let Some(limit) = self.settings.rate_limit else { return Ok(None) };
        let host = self.teller.host(limit.group);
        // Nobody passes those who wait already.
        let free = host.permit_line().waiting() == 0;
        let taken = if free { host.limiter.take(&limit, clock::now()).ok() } else { None };
        let permit = match (taken, limit.by.code::<Permits>()) {
            (Some(permit), _) => permit,
            (None, Some(code)) => (code.wait)(self, &host, &limit).await?,
            // Who asks for a limit has brought its wait along.
            (None, None) => return Err(self.refuse(Rejecter::RateLimit, Refused::RateLimited(Duration::MAX))),
        };
        Ok(Some(Reserved { host: host.into_host(), permit: Some(permit) }))
    }

    /// Takes a place of the bulkhead.
    async fn place(&self) -> Result<Option<Held>, Refused> {
        let Some(limit) = self.settings.max_in_flight else { return Ok(None) };
        let host = self.teller.host(limit.group);
        let free = host.places(&limit).try_enter();
        let place = match (free, limit.by.code::<Places>()) {
            (Some(place), _) => place,
            (None, Some(code)) => (code.wait)(self, &host, &limit).await?,
            (None, None) => return Err(self.refuse(Rejecter::Bulkhead, Refused::QueueFull)),
        };
        Ok(Some(Held { _place: place, _host: host.into_host() }))
    }
}

/// A permit of the rate limit that goes back unless the attempt is sent.
struct Reserved {
    host: Arc<Host>,
    permit: Option<Permit>,
}

impl Reserved {
    fn used(mut self) {
        self.permit = None;
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            self.host.limiter.give_back(permit);
        }
    }
}
