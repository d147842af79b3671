//! What a circuit remembers, and the rules by which it changes; always used under the circuit's lock.

use std::time::Duration;

use tokio::time::Instant;

use super::{CLOSED, CircuitState, FLAGS, HEALTHY, Rejected, Ticket, Transition, TransitionReason};
use crate::policy::backoff::scale;
use crate::policy::breaker::{Recovery, ResolvedBreaker};
use crate::policy::classify::Verdict;

/// How many outcomes the ring holds.
const RING: u32 = u64::BITS;
/// After so many neutral probes in a row, one that brought an answer closes the circuit (BRK-2).
const NEUTRAL_PROBES: u32 = 3;
/// The share that is let through when a ramp begins (BRK-13).
const RAMP_START: f64 = 0.1;

#[derive(Debug)]
pub(super) struct State {
    phase: Phase,
    /// Goes up with each change of phase; outcomes of another generation change nothing (BRK-6).
    generation: u64,
    /// The `k` of BRK-8: openings since the circuit last stayed closed for a whole open time.
    openings: u32,
    /// The open time of the last opening.
    open_time: Duration,
    /// When a probe closed the circuit.
    closed_at: Option<Instant>,
    /// For how long from then on a share of the calls is held back, if that time is not over (BRK-13).
    ramp: Option<Duration>,
    /// Never reused, so that the ticket of a probe whose slot was taken away frees nobody else's.
    next_probe: u64,
}

#[derive(Debug)]
enum Phase {
    Closed(Counts),
    /// Until then; without end where an [`Instant`] cannot hold the end.
    Open {
        until: Option<Instant>,
        fixed: bool,
    },
    HalfOpen {
        probes: Vec<Probe>,
        limit: u32,
        patience: Duration,
        neutral: u32,
    },
    Forced {
        open: bool,
    },
}

#[derive(Clone, Copy, Debug)]
struct Probe {
    id: u64,
    /// When the slot is taken away; never, where an [`Instant`] cannot hold it.
    lease: Option<Instant>,
}

/// The outcomes of a closed circuit.
#[derive(Clone, Copy, Debug)]
struct Counts {
    /// Failures since the last success.
    streak: u32,
    /// The last outcomes, the newest in bit 0; a failure is 1.
    ring: u64,
    filled: u32,
}

impl Counts {
    const NONE: Self = Self { streak: 0, ring: 0, filled: 0 };

    fn push(&mut self, failed: bool) {
        self.ring = self.ring << 1 | u64::from(failed);
        self.filled = (self.filled + 1).min(RING);
        self.streak = if failed { self.streak.saturating_add(1) } else { 0 };
    }

    /// Both the streak and the rate must agree (BRK-2).
    fn trip(&self, breaker: &ResolvedBreaker) -> bool {
        let rate = f64::from(self.ring.count_ones()) / f64::from(self.filled.max(1));
        self.streak >= breaker.failure_threshold && rate >= breaker.min_failure_rate
    }

    /// Whether another success would leave these counts as they are.
    const fn all_well(&self) -> bool {
        self.streak == 0 && self.ring == 0 && self.filled == RING
    }
}

impl State {
    pub(super) const fn new() -> Self {
        Self {
            phase: Phase::Closed(Counts::NONE),
            generation: 0,
            openings: 0,
            open_time: Duration::ZERO,
            closed_at: None,
            ramp: None,
            next_probe: 0,
        }
    }

    pub(super) fn streak(&self) -> Option<u32> {
        match &self.phase {
            Phase::Closed(counts) => Some(counts.streak),
            _ => None,
        }
    }

    pub(super) fn summary(&self) -> u64 {
        let flags = match &self.phase {
            Phase::Closed(_) if self.ramp.is_some() => 0,
            Phase::Closed(counts) if counts.all_well() => CLOSED | HEALTHY,
            Phase::Closed(_) => CLOSED,
            Phase::Forced { open: false } => CLOSED | HEALTHY,
            _ => 0,
        };
        self.generation << FLAGS | flags
    }

    /// Where the circuit stands; an open one whose time is over counts as what it will be at the next admission.
    pub(super) fn standing(&self, now: Instant) -> CircuitState {
        match self.phase {
            Phase::Open { until, fixed } if is_over(until, now) => {
                if fixed {
                    CircuitState::Closed
                } else {
                    CircuitState::HalfOpen
                }
            }
            _ => self.recorded(),
        }
    }

    /// Lets happen what is due: a probe's lease, an open time and a ramp end.
    pub(super) fn pass_time(
        &mut self,
        breaker: &ResolvedBreaker,
        now: Instant,
        random: f64,
    ) -> [Option<Transition>; 2] {
        // The failure is dated to the lease's end, so that a circuit nobody asked for long is not refused longer.
        let expired = self.first_expired(now).map(|lease| {
            let reason = TransitionReason::ProbeExpired;
            self.open(breaker, lease, random, reason)
        });
        let elapsed = self.end_open_time(breaker, now);
        self.ramp = self.ramp.filter(|ramp| self.closed_for(now) < *ramp);
        [expired, elapsed]
    }

    pub(super) fn admit(
        &mut self,
        breaker: &ResolvedBreaker,
        now: Instant,
        random: f64,
        lease_floor: Duration,
    ) -> Result<Ticket, Rejected> {
        self.peek(now)?;
        self.pass_ramp(now, random)?;
        let Phase::HalfOpen { probes, .. } = &mut self.phase else {
            return Ok(Ticket { generation: self.generation, probe: None });
        };
        let base = match breaker.recovery {
            Recovery::Probing { open, .. } => open,
            Recovery::Fixed(time) => time,
        };
        let id = self.next_probe;
        self.next_probe = id.wrapping_add(1);
        probes.push(Probe { id, lease: now.checked_add(lease_floor.max(base.saturating_mul(2))) });
        Ok(Ticket { generation: self.generation, probe: Some(id) })
    }

    /// After a probe closed the circuit, a share of the calls goes through, which grows to all of them (BRK-13).
    fn pass_ramp(&self, now: Instant, random: f64) -> Result<(), Rejected> {
        let (Phase::Closed(_), Some(ramp)) = (&self.phase, self.ramp) else { return Ok(()) };
        let passed = self.closed_for(now).div_duration_f64(ramp);
        if random < RAMP_START + (1.0 - RAMP_START) * passed {
            return Ok(());
        }
        // The share grows all the time; who asks again that soon finds it a tenth larger.
        Err(Rejected { retry_in: ramp / 10 })
    }

    fn closed_for(&self, now: Instant) -> Duration {
        self.closed_at.map(|since| now.saturating_duration_since(since)).unwrap_or_default()
    }

    pub(super) fn peek(&self, now: Instant) -> Result<(), Rejected> {
        let retry_in = match &self.phase {
            Phase::Closed(_) | Phase::Forced { open: false } => return Ok(()),
            Phase::Forced { open: true } => Duration::MAX,
            Phase::Open { until, .. } if is_over(*until, now) => return Ok(()),
            Phase::Open { until, .. } => left(*until, now),
            Phase::HalfOpen { probes, limit, patience, .. } => {
                let full = u32::try_from(probes.len()).unwrap_or(u32::MAX) >= *limit;
                let next = probes.iter().map(|probe| left(probe.lease, now)).min().unwrap_or_default();
                if !full || next.is_zero() {
                    return Ok(());
                }
                next.min(*patience)
            }
        };
        Err(Rejected { retry_in })
    }

    pub(super) fn settle(
        &mut self,
        breaker: &ResolvedBreaker,
        ticket: &Ticket,
        verdict: Verdict,
        now: Instant,
        random: f64,
    ) -> Option<Transition> {
        if ticket.generation != self.generation {
            self.prolong(breaker, verdict, now);
            return None;
        }
        match &mut self.phase {
            Phase::Closed(counts) => {
                match verdict {
                    Verdict::Success => counts.push(false),
                    Verdict::Failure => counts.push(true),
                    Verdict::Neutral | Verdict::Alive => return None,
                }
                counts
                    .trip(breaker)
                    .then(|| self.open(breaker, now, random, TransitionReason::FailureThreshold))
            }
            Phase::HalfOpen { probes, neutral, .. } => {
                let slot = probes.iter().position(|probe| Some(probe.id) == ticket.probe)?;
                probes.swap_remove(slot);
                match verdict {
                    Verdict::Success => Some(self.close(breaker.ramp, now, TransitionReason::ProbeSucceeded)),
                    Verdict::Failure => Some(self.open(breaker, now, random, TransitionReason::ProbeFailed)),
                    Verdict::Neutral | Verdict::Alive => {
                        *neutral = neutral.saturating_add(1);
                        let close = verdict == Verdict::Alive && *neutral >= NEUTRAL_PROBES;
                        close.then(|| self.close(breaker.ramp, now, TransitionReason::ProbesNeutral))
                    }
                }
            }
            Phase::Open { .. } | Phase::Forced { .. } => None,
        }
    }

    pub(super) fn force(&mut self, open: bool) -> Option<Transition> {
        let change = self.go(Phase::Forced { open }, TransitionReason::Forced);
        (change.from != change.to).then_some(change)
    }

    pub(super) fn reset(&mut self) -> Option<Transition> {
        let fresh = Self { generation: self.generation, next_probe: self.next_probe, ..Self::new() };
        let from = self.recorded();
        *self = fresh;
        self.generation = self.generation.wrapping_add(1);
        let change = Transition { from, to: CircuitState::Closed, reason: TransitionReason::Reset };
        (change.from != change.to).then_some(change)
    }

    /// The end of the lease that ran out first, if one has.
    fn first_expired(&self, now: Instant) -> Option<Instant> {
        let Phase::HalfOpen { probes, .. } = &self.phase else { return None };
        probes.iter().filter_map(|probe| probe.lease).filter(|lease| *lease <= now).min()
    }

    fn end_open_time(&mut self, breaker: &ResolvedBreaker, now: Instant) -> Option<Transition> {
        let Phase::Open { until, fixed } = self.phase else { return None };
        if !is_over(until, now) {
            return None;
        }
        if fixed {
            return Some(self.close(None, now, TransitionReason::OpenTimeElapsed));
        }
        let patience = match breaker.recovery {
            Recovery::Probing { open, .. } => open,
            Recovery::Fixed(time) => time,
        };
        let half_open = Phase::HalfOpen { probes: Vec::new(), limit: breaker.probes, patience, neutral: 0 };
        Some(self.go(half_open, TransitionReason::OpenTimeElapsed))
    }

    /// Opens the circuit as of `at`, for the time of BRK-8 or for the fixed one.
    fn open(
        &mut self,
        breaker: &ResolvedBreaker,
        at: Instant,
        random: f64,
        reason: TransitionReason,
    ) -> Transition {
        let stayed = self.closed_at.is_none_or(|since| at.saturating_duration_since(since) >= self.open_time);
        let afresh = stayed && matches!(self.phase, Phase::Closed(_));
        self.openings = if afresh { 1 } else { self.openings.saturating_add(1) };
        let fixed = match breaker.recovery {
            Recovery::Probing { open, max } => {
                self.open_time = spread(doubled(open, self.openings).min(max), random);
                false
            }
            Recovery::Fixed(time) => {
                self.open_time = time;
                true
            }
        };
        self.go(Phase::Open { until: at.checked_add(self.open_time), fixed }, reason)
    }

    fn close(&mut self, ramp: Option<Duration>, now: Instant, reason: TransitionReason) -> Transition {
        self.closed_at = Some(now);
        self.ramp = ramp;
        self.go(Phase::Closed(Counts::NONE), reason)
    }

    /// A failure that ends after the circuit opened moves the end of a fixed open time.
    fn prolong(&mut self, breaker: &ResolvedBreaker, verdict: Verdict, now: Instant) {
        if let (Phase::Open { until, fixed: true }, Recovery::Fixed(time)) =
            (&mut self.phase, breaker.recovery)
            && verdict == Verdict::Failure
            && !is_over(*until, now)
        {
            *until = now.checked_add(time);
        }
    }

    fn go(&mut self, phase: Phase, reason: TransitionReason) -> Transition {
        let from = self.recorded();
        self.phase = phase;
        self.generation = self.generation.wrapping_add(1);
        Transition { from, to: self.recorded(), reason }
    }

    const fn recorded(&self) -> CircuitState {
        match self.phase {
            Phase::Closed(_) | Phase::Forced { open: false } => CircuitState::Closed,
            Phase::Open { .. } | Phase::Forced { open: true } => CircuitState::Open,
            Phase::HalfOpen { .. } => CircuitState::HalfOpen,
        }
    }
}

fn is_over(until: Option<Instant>, now: Instant) -> bool {
    until.is_some_and(|until| until <= now)
}

fn left(until: Option<Instant>, now: Instant) -> Duration {
    until.map_or(Duration::MAX, |until| until.saturating_duration_since(now))
}

/// `base · 2^(opening-1)`, or the longest there is.
fn doubled(base: Duration, opening: u32) -> Duration {
    let factor = 2_u32.checked_pow(opening.saturating_sub(1)).unwrap_or(u32::MAX);
    base.saturating_mul(factor)
}

/// `time` times something from 0.9 to 1.1.
fn spread(time: Duration, random: f64) -> Duration {
    let tenth = time / 10;
    time.saturating_sub(tenth).saturating_add(scale(tenth.saturating_mul(2), random))
}
