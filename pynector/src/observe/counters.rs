//! Counters of what happens in the calls of a client, without any crate for metrics (OBS-2).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::{CallInfo, Event, HedgeStep, Observer, Rejecter};
use crate::error::StopReason;
use crate::policy::circuit::CircuitState;

/// Counts what happens; give a clone to [`ClientBuilder::observer`](crate::ClientBuilder::observer), and keep one to read.
///
/// ```
/// use pynector::{Counters, HttpTransport};
///
/// let counters = Counters::default();
/// let transport = HttpTransport::builder("https://api.example.com").observer(counters.clone()).build()?;
/// assert_eq!(counters.snapshot().attempts, 0);
/// # Ok::<(), pynector::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Counters(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    attempts: AtomicU64,
    retries: AtomicU64,
    hedges: AtomicU64,
    redirects: AtomicU64,
    budget_denied: AtomicU64,
    rejected: [AtomicU64; 3],
    in_flight: AtomicI64,
    waiting: AtomicI64,
    circuits: Mutex<BTreeMap<(String, Option<&'static str>), CircuitState>>,
}

/// What was counted until now; `in_flight`, `waiting` and `circuits` are how it stands now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CounterSnapshot {
    /// Requests that were sent: first ones, retries, hedges, and those that follow a redirect.
    pub attempts: u64,
    /// Retries that were decided for, of the protocol and of credentials included.
    pub retries: u64,
    /// Requests that were sent beside another one.
    pub hedges: u64,
    /// Redirects that were followed.
    pub redirects: u64,
    /// Calls that ended because the retry budget was used up.
    pub budget_denied: u64,
    /// Attempts that a circuit refused.
    pub rejected_by_breaker: u64,
    /// Attempts that a rate limit refused.
    pub rejected_by_rate_limit: u64,
    /// Attempts that found no place.
    pub rejected_by_bulkhead: u64,
    /// Attempts that are under way; a stream counts until its head.
    pub in_flight: u64,
    /// Attempts that wait for a circuit, a permit or a place.
    pub waiting: u64,
    /// The circuits that have ever changed, by host and group; two ports of one host share an entry.
    pub circuits: BTreeMap<(String, Option<&'static str>), CircuitState>,
}

impl Counters {
    /// What was counted until now.
    pub fn snapshot(&self) -> CounterSnapshot {
        let counts = &*self.0;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let gauge = |gauge: &AtomicI64| u64::try_from(gauge.load(Ordering::Relaxed)).unwrap_or(0);
        let [breaker, rate_limit, bulkhead] = &counts.rejected;
        CounterSnapshot {
            attempts: read(&counts.attempts),
            retries: read(&counts.retries),
            hedges: read(&counts.hedges),
            redirects: read(&counts.redirects),
            budget_denied: read(&counts.budget_denied),
            rejected_by_breaker: read(breaker),
            rejected_by_rate_limit: read(rate_limit),
            rejected_by_bulkhead: read(bulkhead),
            in_flight: gauge(&counts.in_flight),
            waiting: gauge(&counts.waiting),
            circuits: counts.circuits.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}

impl Observer for Counters {
    fn event(&self, call: &CallInfo<'_>, event: &Event) {
        let counts = &*self.0;
        let add = |counter: &AtomicU64| {
            counter.fetch_add(1, Ordering::Relaxed);
        };
        let step = |gauge: &AtomicI64, by: i64| {
            gauge.fetch_add(by, Ordering::Relaxed);
        };
        match event {
            Event::AttemptStarted { .. } => {
                add(&counts.attempts);
                step(&counts.in_flight, 1);
            }
            Event::AttemptEnded { .. }
            | Event::AttemptAbandoned { .. }
            | Event::Hedge { step: HedgeStep::Lost, .. } => step(&counts.in_flight, -1),
            Event::Hedge { step: HedgeStep::Started, .. } => add(&counts.hedges),
            Event::RetryScheduled { .. } => add(&counts.retries),
            Event::Redirected { .. } => add(&counts.redirects),
            Event::RetryStopped { reason: StopReason::Budget } => add(&counts.budget_denied),
            Event::Rejected { by } => {
                let [breaker, rate_limit, bulkhead] = &counts.rejected;
                add(match by {
                    Rejecter::Breaker => breaker,
                    Rejecter::RateLimit => rate_limit,
                    Rejecter::Bulkhead => bulkhead,
                });
            }
            Event::Waiting { .. } => step(&counts.waiting, 1),
            Event::Waited { .. } => step(&counts.waiting, -1),
            Event::Breaker { group, to, .. } => {
                let mut circuits = counts.circuits.lock().unwrap_or_else(PoisonError::into_inner);
                circuits.insert((call.host.to_owned(), *group), *to);
            }
            Event::Hedge { step: HedgeStep::Won, .. }
            | Event::RetryStopped { .. }
            | Event::Cache { .. }
            | Event::StreamEnded { .. } => {}
        }
    }
}
