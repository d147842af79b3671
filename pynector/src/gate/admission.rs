//! How an attempt is let through: circuit, rate limit, bulkhead, and the circuit again, in this order (ORD-3).

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::Instant;

use super::teller::Known;
use super::{Admitted, Held, Pass, Teller};
use crate::clock;
use crate::observe::{Event, Rejecter};
use crate::operation::Resolved;
use crate::policy::breaker::BreakerUnit;
use crate::policy::bulkhead::ResolvedMaxInFlight;
use crate::policy::circuit::Rejected;
use crate::policy::limit::{Permit, ResolvedRateLimit};
use crate::policy::registry::Host;
use crate::queue::Place;

/// How long a probe may take that no clock bounds, before its slot goes to another call (BRK-5).
const UNBOUNDED: Duration = Duration::from_secs(60);
/// How many calls wait for a verdict over one circuit behind the first one: 1024 in all (BRK-15).
const WAITERS: u32 = 1023;
/// How far apart two of them are let go at most, so that a server that has just come back is not met by all at once.
const SPREAD: Duration = Duration::from_millis(2);

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
struct Asking<'a> {
    teller: &'a Teller,
    settings: &'a Resolved,
    deadline: Option<Instant>,
}

impl Asking<'_> {
    async fn pass(&self, circuit: Option<Known<'_>>, now: Instant) -> Result<Granted, Refused> {
        let mut at = now;
        // A look at the circuit first: who would be refused takes nothing.
        let mut refused = circuit.as_ref().and_then(|host| host.circuit.peek(at).err());
        let mut wait = VerdictWait::default();
        loop {
            if let (Some(host), Some(rejected)) = (&circuit, refused) {
                self.wait_for_verdict(host, rejected, &mut wait).boxed().await?;
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

    fn refuse(&self, by: Rejecter, why: Refused) -> Refused {
        self.teller.tell(&Event::Rejected { by });
        why
    }

    /// Waits until the circuit would let a call through, if the call may wait; then it has the turn to ask until it is
    /// through.
    async fn wait_for_verdict(
        &self,
        host: &Host,
        rejected: Rejected,
        wait: &mut VerdictWait,
    ) -> Result<(), Refused> {
        let refused = |Rejected { retry_in }| self.refuse(Rejecter::Breaker, Refused::CircuitOpen(retry_in));
        let Some(limit) = self.settings.breaker.wait_up_to else { return Err(refused(rejected)) };
        let since = *wait.since.get_or_insert_with(clock::now);
        let end = clock::after(since, limit).into_iter().chain(self.deadline).min();
        let _waited = Waited::at(self.teller, Rejecter::Breaker);
        match clock::until(end, pin!(verdict(host, wait.turn.take()))).await {
            Ok(Some(turn)) => {
                wait.turn = Some(turn);
                Ok(())
            }
            _ if self.late() => Err(Refused::Deadline),
            _ => Err(refused(host.circuit.peek(clock::now()).err().unwrap_or(rejected))),
        }
    }

    /// Takes a permit of the rate limit.
    async fn permit(&self) -> Result<Option<Reserved>, Refused> {
        let Some(limit) = self.settings.rate_limit else { return Ok(None) };
        let host = self.teller.host(limit.group);
        // Nobody passes those who wait already.
        let free = host.permit_line().waiting() == 0;
        let taken = if free { host.limiter.take(&limit, clock::now()).ok() } else { None };
        let permit = match taken {
            Some(permit) => permit,
            None => self.wait_for_permit(&host, &limit).boxed().await?,
        };
        Ok(Some(Reserved { host: host.into_host(), permit: Some(permit) }))
    }

    async fn wait_for_permit(&self, host: &Host, limit: &ResolvedRateLimit) -> Result<Permit, Refused> {
        let limited = |wait| Err(self.refuse(Rejecter::RateLimit, Refused::RateLimited(wait)));
        let Some(waiting) = host.permit_line().join(u32::MAX) else { return limited(Duration::MAX) };
        let wait = host.limiter.wait_behind(limit, clock::now(), waiting.ahead);
        if self.deadline.is_some_and(|deadline| ends_after(wait, deadline)) {
            return limited(wait);
        }
        let _waited = Waited::at(self.teller, Rejecter::RateLimit);
        let turn = clock::until(self.deadline, pin!(waiting.place())).await;
        if turn.is_err() {
            return Err(Refused::Deadline);
        }
        loop {
            let wait = match host.limiter.take(limit, clock::now()) {
                Ok(permit) => return Ok(permit),
                Err(wait) => wait,
            };
            if self.deadline.is_some_and(|deadline| ends_after(wait, deadline)) {
                return limited(wait);
            }
            clock::sleep(wait).await;
        }
    }

    /// Takes a place of the bulkhead.
    async fn place(&self) -> Result<Option<Held>, Refused> {
        let Some(limit) = self.settings.max_in_flight else { return Ok(None) };
        let host = self.teller.host(limit.group);
        let free = host.places(&limit).try_enter();
        let place = match free {
            Some(place) => place,
            None => self.wait_for_place(&host, &limit).boxed().await?,
        };
        Ok(Some(Held { _place: place, _host: host.into_host() }))
    }

    async fn wait_for_place(&self, host: &Host, limit: &ResolvedMaxInFlight) -> Result<Place, Refused> {
        let full = || self.refuse(Rejecter::Bulkhead, Refused::QueueFull);
        let waiting = host.places(limit).join(limit.queue).ok_or_else(full)?;
        let _waited = Waited::at(self.teller, Rejecter::Bulkhead);
        let patience = limit.wait.and_then(|wait| clock::after(clock::now(), wait));
        let end = patience.into_iter().chain(self.deadline).min();
        match clock::until(end, pin!(waiting.place())).await {
            Ok(Some(place)) => Ok(place),
            _ if self.late() => Err(Refused::Deadline),
            _ => Err(full()),
        }
    }

    fn late(&self) -> bool {
        self.deadline.is_some_and(|deadline| clock::now() >= deadline)
    }
}

/// Since when one attempt waits for a circuit, and the turn that it has got by that.
#[derive(Default)]
struct VerdictWait {
    since: Option<Instant>,
    turn: Option<Place>,
}

/// The turn, once the circuit would let its holder through; `None` where too many wait already.
async fn verdict(host: &Host, turn: Option<Place>) -> Option<Place> {
    let turn = match turn {
        Some(turn) => turn,
        None => host.verdict_line().join(WAITERS)?.place().await?,
    };
    while let Err(rejected) = host.circuit.peek(clock::now()) {
        let again = clock::after(clock::now(), rejected.retry_in);
        // A verdict wakes it, and so does the end of the open time.
        let _ = clock::until(again, pin!(host.change_of_circuit())).await;
    }
    clock::sleep(SPREAD.mul_f64(fastrand::f64())).await;
    Some(turn)
}

fn ends_after(wait: Duration, deadline: Instant) -> bool {
    clock::after(clock::now(), wait).is_none_or(|end| end >= deadline)
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

/// A wait at the gate, told at its start and, however it ends, at its end.
struct Waited<'a> {
    teller: &'a Teller,
    at: Rejecter,
    since: Instant,
}

impl<'a> Waited<'a> {
    fn at(teller: &'a Teller, at: Rejecter) -> Self {
        teller.tell(&Event::Waiting { at });
        Self { teller, at, since: clock::now() }
    }
}

impl Drop for Waited<'_> {
    fn drop(&mut self) {
        let waited = clock::now().saturating_duration_since(self.since);
        self.teller.tell(&Event::Waited { at: self.at, waited });
    }
}
