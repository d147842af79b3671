//! The state of one circuit: who is admitted, what an outcome changes, and nothing that waits or calls out.
//!
//! A healthy closed circuit is read with one atomic load. Everything else happens under a short mutex, within which
//! no foreign code runs (BRK-12). Time only comes in as `now` (BRK-10).

use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

use super::breaker::ResolvedBreaker;
use super::classify::Verdict;
use crate::sync::{AtomicU64, Mutex, MutexGuard, Ordering};

mod state;

use state::State;

/// The circuit admits everybody.
const CLOSED: u64 = 0b01;
/// The circuit is closed and a success would change nothing.
const HEALTHY: u64 = 0b10;
const FLAGS: u32 = 2;

/// Where a circuit stands (BRK-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CircuitState {
    /// Calls go through.
    Closed,
    /// Calls are refused at once.
    Open,
    /// A few probes go through, all other calls are refused.
    HalfOpen,
}

/// That a circuit went from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Transition {
    /// The state it left.
    pub(crate) from: CircuitState,
    /// The state it is in.
    pub(crate) to: CircuitState,
    /// Why.
    pub(crate) reason: TransitionReason,
}

/// Why a circuit changed its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransitionReason {
    /// Enough outcomes failed.
    FailureThreshold,
    /// The open time ended.
    OpenTimeElapsed,
    /// A probe succeeded.
    ProbeSucceeded,
    /// Three neutral probes in a row, the last of which brought an answer.
    ProbesNeutral,
    /// A probe failed.
    ProbeFailed,
    /// A probe did not end in time (BRK-5).
    ProbeExpired,
    /// Somebody opened or closed the circuit by hand.
    Forced,
    /// Somebody put the circuit back to its beginning by hand.
    Reset,
}

/// That a call was admitted; it must come back to [`Circuit::settle`].
///
/// It does nothing when dropped, because only its holder knows the time: the holder settles it as
/// [`Verdict::Neutral`] when the call is given up (BRK-4).
#[derive(Debug)]
#[must_use = "an admitted call must be settled"]
pub(crate) struct Ticket {
    generation: u64,
    probe: Option<u64>,
}

impl Ticket {
    /// Whether the call is a probe of a half-open circuit.
    pub(crate) const fn is_probe(&self) -> bool {
        self.probe.is_some()
    }
}

/// That a call was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rejected {
    /// When to ask again at the earliest; [`Duration::MAX`] when only a hand can change it.
    pub(crate) retry_in: Duration,
}

/// The answer to a call that wants to be sent.
#[derive(Debug)]
#[must_use = "an admission holds a ticket that must be settled"]
pub(crate) struct Admission {
    /// The ticket, or the refusal.
    pub(crate) result: Result<Ticket, Rejected>,
    /// What the passing of time had changed, in order: two when a probe expired so long ago that the open time
    /// that followed is over too.
    pub(crate) transitions: [Option<Transition>; 2],
}

/// One circuit of a host or a group.
#[derive(Debug)]
pub(crate) struct Circuit {
    /// The generation and the two flags, written under the lock, read without it.
    summary: AtomicU64,
    state: Mutex<State>,
}

impl Circuit {
    /// A closed circuit without a past.
    pub(crate) fn new() -> Self {
        Self { summary: AtomicU64::new(CLOSED), state: Mutex::new(State::new()) }
    }

    /// How many failures in a row it remembers while it is closed; `None` while it holds calls back, or a hand holds it.
    pub(crate) fn streak(&self) -> Option<u32> {
        self.lock().streak()
    }

    /// Asks to send a call now; the last question before it is sent (ORD-3).
    ///
    /// `random` in `0.0..1.0` spreads an open time (BRK-8) and chooses who is let through on a ramp (BRK-13). A probe has until `lease_floor` (the attempt timeout) or
    /// twice the first open time to end, whichever is longer (BRK-5).
    pub(crate) fn admit(
        &self,
        breaker: &ResolvedBreaker,
        now: Instant,
        random: f64,
        lease_floor: Duration,
    ) -> Admission {
        if let Some(ticket) = self.admit_closed() {
            return Admission { result: Ok(ticket), transitions: [None, None] };
        }
        let mut state = self.lock();
        let transitions = state.pass_time(breaker, now, random);
        let result = state.admit(breaker, now, random, lease_floor);
        self.publish(&state);
        Admission { result, transitions }
    }

    /// What [`admit`](Self::admit) says of a circuit that is closed, whatever the time and the numbers are.
    pub(crate) fn admit_closed(&self) -> Option<Ticket> {
        let summary = self.summary.load(Ordering::Acquire);
        (summary & CLOSED != 0).then_some(Ticket { generation: summary >> FLAGS, probe: None })
    }

    /// Whether a call would certainly be refused now; takes nothing and changes nothing (ORD-3).
    pub(crate) fn peek(&self, now: Instant) -> Result<(), Rejected> {
        if self.summary.load(Ordering::Acquire) & CLOSED != 0 {
            return Ok(());
        }
        self.lock().peek(now)
    }

    /// Records how an admitted call ended.
    ///
    /// A call of an earlier generation, that is from before the last change of state, changes nothing (BRK-6), but
    /// that its failure prolongs a fixed open time, which is counted from the last failure.
    #[expect(clippy::needless_pass_by_value, reason = "a ticket is settled once")]
    pub(crate) fn settle(
        &self,
        breaker: &ResolvedBreaker,
        ticket: Ticket,
        verdict: Verdict,
        now: Instant,
        random: f64,
    ) -> Option<Transition> {
        if ticket.probe.is_none() {
            let summary = self.summary.load(Ordering::Acquire);
            let unchanged = match verdict {
                Verdict::Neutral | Verdict::Alive => true,
                Verdict::Success => summary & HEALTHY != 0,
                Verdict::Failure => false,
            };
            if unchanged {
                return None;
            }
        }
        let mut state = self.lock();
        let transition = state.settle(breaker, &ticket, verdict, now, random);
        self.publish(&state);
        transition
    }

    /// Opens the circuit until [`force_closed`](Self::force_closed) or [`reset`](Self::reset).
    pub(crate) fn force_open(&self) -> Option<Transition> {
        self.change(|state| state.force(true))
    }

    /// Closes the circuit, whatever fails, until [`force_open`](Self::force_open) or [`reset`](Self::reset).
    pub(crate) fn force_closed(&self) -> Option<Transition> {
        self.change(|state| state.force(false))
    }

    /// Puts the circuit back to its beginning: closed, without a past, and not held by a hand.
    pub(crate) fn reset(&self) -> Option<Transition> {
        self.change(State::reset)
    }

    /// Where the circuit stands now: half-open as soon as the next call would be a probe.
    pub(crate) fn state(&self, now: Instant) -> CircuitState {
        if self.summary.load(Ordering::Acquire) & CLOSED != 0 {
            return CircuitState::Closed;
        }
        self.lock().standing(now)
    }

    fn change(&self, change: impl FnOnce(&mut State) -> Option<Transition>) -> Option<Transition> {
        let mut state = self.lock();
        let transition = change(&mut state);
        self.publish(&state);
        transition
    }

    fn publish(&self, state: &State) {
        self.summary.store(state.summary(), Ordering::Release);
    }

    /// A panic elsewhere must not take the circuit with it: each change below is whole before it is visible.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod bench;
#[cfg(test)]
mod model;
#[cfg(test)]
mod race;
#[cfg(test)]
mod ramp;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod timing;
