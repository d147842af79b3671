//! What settings bring along to the gate: the waits for a verdict over the circuit, for a permit, for a place, and what else a limit takes.

use std::pin::pin;
use std::time::Duration;

use tokio::time::Instant;

use super::Teller;
use super::admission::{Asking, Refused};
use crate::backend::BoxFuture;
use crate::clock;
use crate::observe::{Event, Rejecter};
use crate::policy::breaker::Breaker;
use crate::policy::bulkhead::{MaxInFlight, ResolvedMaxInFlight};
use crate::policy::circuit::Rejected;
use crate::policy::limit::{Permit, RateLimit, ResolvedRateLimit};
use crate::policy::registry::{Host, Registry};
use crate::policy::{Brought, Invalid};
use crate::queue::Place;
use crate::response::ResponseHead;

/// How many calls wait for a verdict over one circuit behind the first one: 1024 in all (BRK-15).
const WAITERS: u32 = 1023;
/// How far apart two of them are let go at most, so that a server that has just come back is not met by all at once.
const SPREAD: Duration = Duration::from_millis(2);

/// What [`Breaker::wait_up_to`] brings along.
pub(super) type WaitForVerdict = for<'a> fn(
    &'a Asking<'a>,
    &'a Host,
    Rejected,
    Duration,
    &'a mut VerdictWait,
) -> BoxFuture<'a, Result<(), Refused>>;

/// What a [`RateLimit`] brings along.
#[derive(Clone, Copy)]
pub(super) struct Permits {
    pub(super) register: fn(&Registry, &ResolvedRateLimit) -> Result<(), Invalid>,
    pub(super) wait:
        for<'a> fn(&'a Asking<'a>, &'a Host, &'a ResolvedRateLimit) -> BoxFuture<'a, Result<Permit, Refused>>,
    /// For how long a server is left alone that says so (RA-6).
    pub(super) pause: fn(&ResponseHead) -> Option<Duration>,
}

/// What a [`MaxInFlight`] brings along.
#[derive(Clone, Copy)]
pub(super) struct Places {
    pub(super) register: fn(&Registry, &ResolvedMaxInFlight) -> Result<(), Invalid>,
    pub(super) wait: for<'a> fn(
        &'a Asking<'a>,
        &'a Host,
        &'a ResolvedMaxInFlight,
    ) -> BoxFuture<'a, Result<Place, Refused>>,
}

const VERDICT: Brought = Brought::new(
    &((|asking, host, rejected, limit, wait| Box::pin(asking.wait_for_verdict(host, rejected, limit, wait)))
        as WaitForVerdict),
);
const PERMITS: Brought = Brought::new(&Permits {
    register: Registry::register_rate_limit,
    wait: |asking, host, limit| Box::pin(asking.wait_for_permit(host, limit)),
    pause: ResponseHead::nothing_left,
});
const PLACES: Brought = Brought::new(&Places {
    register: Registry::register_max_in_flight,
    wait: |asking, host, limit| Box::pin(asking.wait_for_place(host, limit)),
});

/// What brings the wait along stands here, and not with the other parameters of [`Breaker`].
impl Breaker {
    /// How long a call that the circuit would refuse waits for the next verdict over it, instead of failing at once (BRK-15).
    ///
    /// This is the answer to short blips: the calls of a blip are late instead of lost, and none of them asks the server
    /// before a probe has. At most 1024 calls of a circuit wait. They are let go in the order of arrival, spread over about a
    /// millisecond each, and each asks again. The wait counts against the deadline. Default: fail at once.
    pub const fn wait_up_to(self, limit: Duration) -> Self {
        self.waiting_by(limit, VERDICT)
    }
}

impl RateLimit {
    /// `permits` attempts in each time of `per`; both more than nothing.
    pub const fn new(permits: u32, per: Duration) -> Self {
        Self::waiting_by(permits, per, PERMITS)
    }
}

impl MaxInFlight {
    /// At most `limit` attempts at once; at least 1.
    pub const fn new(limit: u32) -> Self {
        Self::waiting_by(limit, PLACES)
    }
}

impl Asking<'_> {
    /// Waits until the circuit would let a call through, `limit` in all; then it has the turn to ask until it is through.
    async fn wait_for_verdict(
        &self,
        host: &Host,
        rejected: Rejected,
        limit: Duration,
        wait: &mut VerdictWait,
    ) -> Result<(), Refused> {
        let since = *wait.since.get_or_insert_with(clock::now);
        let end = clock::after(since, limit).into_iter().chain(self.deadline).min();
        let _waited = Waited::at(self.teller, Rejecter::Breaker);
        match clock::until(end, pin!(verdict(host, wait.turn.take()))).await {
            Ok(Some(turn)) => {
                wait.turn = Some(turn);
                Ok(())
            }
            _ if self.late() => Err(Refused::Deadline),
            _ => Err(self.refuse_circuit(host.circuit.peek(clock::now()).err().unwrap_or(rejected))),
        }
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

/// Since when one attempt waits for a circuit, and the turn that it has got by that.
#[derive(Default)]
pub(super) struct VerdictWait {
    since: Option<Instant>,
    turn: Option<Place>,
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
