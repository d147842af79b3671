//! What happens inside a call, told while it happens (OBS-1).

mod counters;
#[cfg(feature = "metrics")]
mod metric;
#[cfg(feature = "tracing")]
mod trace;

use std::fmt;
use std::time::Duration;

pub use self::counters::{CounterSnapshot, Counters};
#[cfg(feature = "metrics")]
pub use self::metric::MetricsObserver;
#[cfg(feature = "tracing")]
pub use self::trace::TracingObserver;
use crate::error::StopReason;
use crate::policy::circuit::{CircuitState, TransitionReason};
use crate::policy::classify::{Failure, Outcome, Stage};
use crate::policy::schedule::DelaySource;

/// Hears the events of every call of a transport.
///
/// Called synchronously on the task of the call, so it must not block. Events hold no header values, query strings or
/// bodies (OBS-3).
///
/// No lock is held while it is called: it may look at a circuit, change it, and start calls. If it panics, its call does, and
/// whatever the call held is given back (BRK-12).
///
/// ```
/// use pynector::{CallInfo, Event, Observer};
///
/// #[derive(Debug)]
/// struct Print;
///
/// impl Observer for Print {
///     fn event(&self, call: &CallInfo<'_>, event: &Event) {
///         println!("{}: {event:?}", call.operation);
///     }
/// }
/// ```
pub trait Observer: fmt::Debug + Send + Sync + 'static {
    /// Something happened in `call`.
    fn event(&self, call: &CallInfo<'_>, event: &Event);
}

/// The call that an event belongs to.
///
/// A circuit that is changed by a [`CircuitHandle`](crate::CircuitHandle) belongs to no call: then `operation` and `template`
/// are empty, there is no `method`, and `host` is that of the circuit.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CallInfo<'a> {
    /// The operation's name, such as `GitHub::issues`; empty where there is no call.
    pub operation: &'static str,
    /// The template of the path: a label of low cardinality.
    pub template: &'static str,
    /// The method of the current request; `None` where there is no call.
    pub method: Option<&'a http::Method>,
    /// The host of the current request.
    pub host: &'a str,
}

impl<'a> CallInfo<'a> {
    pub(crate) fn new(
        operation: &'static str,
        template: &'static str,
        method: &'a http::Method,
        host: &'a str,
    ) -> Self {
        Self { operation, template, method: Some(method), host }
    }

    /// What belongs to `host`, and to no call.
    pub(crate) const fn of_host(host: &'a str) -> Self {
        Self { operation: "", template: "", method: None, host }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// An attempt is about to be sent.
    AttemptStarted {
        /// 1 for the first.
        attempt: u32,
    },
    /// An attempt ended, well or badly.
    AttemptEnded {
        /// 1 for the first.
        attempt: u32,
        /// A status, or why there is none.
        outcome: Outcome,
        /// How far it came.
        stage: Stage,
        /// How long it took.
        elapsed: Duration,
    },
    /// The caller gave the call up while this attempt was under way; it is told instead of `AttemptEnded`.
    AttemptAbandoned {
        /// 1 for the first.
        attempt: u32,
    },
    /// The answer leads elsewhere, and the call follows.
    Redirected {
        /// The status of the answer.
        status: u16,
        /// Whether the next request goes to the same origin.
        same_origin: bool,
    },
    /// Another attempt will be made after a wait.
    RetryScheduled {
        /// The attempt to come; 2 for the first retry.
        attempt: u32,
        /// How long the wait is.
        delay: Duration,
        /// What the last attempt ended with.
        reason: Outcome,
        /// Who asked for this wait.
        source: DelaySource,
    },
    /// No further attempt is made after a failure.
    RetryStopped {
        /// Why.
        reason: StopReason,
    },
    /// A circuit changed its state.
    Breaker {
        /// Its breaker group on the host, if it has one.
        group: Option<&'static str>,
        /// The state before.
        from: CircuitState,
        /// The state after.
        to: CircuitState,
        /// Why it changed.
        reason: TransitionReason,
    },
    /// An attempt was refused before anything of it was sent.
    Rejected {
        /// Who refused it.
        by: Rejecter,
    },
    /// An attempt has to wait before it is sent.
    Waiting {
        /// For whom.
        at: Rejecter,
    },
    /// It waits no longer, however that ended.
    Waited {
        /// For whom it has waited.
        at: Rejecter,
        /// How long.
        waited: Duration,
    },
    /// Something happened to a call that is hedged; its attempts start and end as others do.
    Hedge {
        /// The attempt; 1 is the call's first request, unless it was redirected.
        attempt: u32,
        /// What.
        step: HedgeStep,
    },
    /// Something happened between a call and its cache.
    Cache {
        /// What.
        step: CacheStep,
    },
    /// The body of an answer that is a stream came to an end; its attempt ended with the head.
    StreamEnded {
        /// How.
        end: StreamEnd,
        /// How many decompressed bytes came.
        bytes: u64,
    },
}

/// What happened to one attempt of a hedged call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HedgeStep {
    /// It is sent beside those that are under way.
    Started,
    /// Its answer is the call's.
    Won,
    /// It was dropped, since another one has won.
    Lost,
}

/// What happened between a call and its cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CacheStep {
    /// A stored response is the answer, and nothing is sent.
    Hit,
    /// Nothing that is stored answers it.
    Missed,
    /// The server said that the stored response still holds.
    Revalidated,
    /// The server failed, and a stale response is the answer.
    StaleServed,
    /// The answer was stored.
    Stored,
    /// What is stored of a URL was forgotten.
    Removed,
    /// The store failed, or took too long.
    Failed,
}

/// How a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StreamEnd {
    /// The whole body came.
    Whole,
    /// The caller dropped it before its end.
    Dropped,
    /// It broke, or fell silent.
    Broken(Failure),
    /// Its content coding does not decode.
    Corrupt,
}

/// Who refuses an attempt, or lets it wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rejecter {
    /// The circuit breaker.
    Breaker,
    /// The rate limit.
    RateLimit,
    /// The limit of attempts in flight.
    Bulkhead,
}
