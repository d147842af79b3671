//! What a program says of an outcome that the tables of the runtime judge otherwise.

use std::fmt;

use http::{HeaderMap, Method};

use crate::policy::classify::{Outcome, Stage, Verdict};

/// Judges how an attempt ended, before the tables of the runtime do: each row of them can be overruled (BRK-2, IDM-1).
///
/// Asked once for each attempt that ended, and once more for a stream that broke off; not for what the caller gave up. It is
/// asked synchronously on the task of the call, so it must not block. A closure is one too.
/// Several may be given, by [`ClientBuilder::classify`](crate::ClientBuilder::classify).
///
/// ```
/// use pynector::{AttemptFacts, AttemptOutcome, Health, HttpTransport, Opinion};
///
/// let transport = HttpTransport::builder("https://api.example.com")
///     // This server is ill when it has nothing left for us.
///     .classify(|attempt: &AttemptFacts<'_>| match attempt.outcome {
///         AttemptOutcome::Status(429) => Opinion::none().health(Health::Failure),
///         _ => Opinion::none(),
///     })
///     // And says where another attempt is in vain.
///     .classify(|attempt: &AttemptFacts<'_>| match attempt.headers {
///         Some(headers) if headers.contains_key("x-quota-used-up") => Opinion::never_retry(),
///         _ => Opinion::none(),
///     })
///     .build()?;
/// # Ok::<(), pynector::Error>(())
/// ```
pub trait Classify: Send + Sync + 'static {
    /// What there is to say of `attempt`.
    fn classify(&self, attempt: &AttemptFacts<'_>) -> Opinion;
}

impl<F: Fn(&AttemptFacts<'_>) -> Opinion + Send + Sync + 'static> Classify for F {
    fn classify(&self, attempt: &AttemptFacts<'_>) -> Opinion {
        self(attempt)
    }
}

/// Nothing of what it is made of: a closure has no text.
impl fmt::Debug for dyn Classify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Classify")
    }
}

/// How an attempt ended, and of what call it was.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct AttemptFacts<'a> {
    /// The operation's name, such as `GitHub::issues`.
    pub operation: &'static str,
    /// The method of the request.
    pub method: &'a Method,
    /// Whether it may be sent twice: by its method, by `idempotent`, or by an idempotency key.
    pub replayable: bool,
    /// A status, or why there is none.
    pub outcome: Outcome,
    /// How far the attempt came.
    pub stage: Stage,
    /// The headers of the answer, if one came. Its body is not to be seen here.
    pub headers: Option<&'a HeaderMap>,
}

/// Header names without values: a log should not hold secrets.
impl fmt::Debug for AttemptFacts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptFacts")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("replayable", &self.replayable)
            .field("outcome", &self.outcome)
            .field("headers", &self.headers.map(|headers| headers.keys().collect::<Vec<_>>()))
            .finish_non_exhaustive()
    }
}

/// What a [`Classify`] says: of another attempt, of the server's health, of both or of neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Opinion {
    retry: Option<Again>,
    health: Option<Health>,
}

/// Whether the call is to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    Worthwhile,
    Never,
}

/// What an attempt says of the server, to the circuit breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Health {
    /// It is well.
    Success,
    /// It is ill.
    Failure,
    /// Nothing.
    Neutral,
}

impl From<Health> for Verdict {
    fn from(health: Health) -> Self {
        match health {
            Health::Success => Self::Success,
            Health::Failure => Self::Failure,
            Health::Neutral => Self::Neutral,
        }
    }
}

impl Opinion {
    /// None: whoever is asked next decides, and the tables at last.
    pub const fn none() -> Self {
        Self { retry: None, health: None }
    }

    /// The failure is worth another attempt.
    ///
    /// Whether the request may be sent again is not asked here: one that a server may have acted on, and that must not be
    /// sent twice, is not, unless [`any_method`](crate::RetryPolicy::any_method) says so. Attempts, budget and deadline bound
    /// it as they do each other retry. Nothing where retries are off, and of a success.
    pub const fn retry() -> Self {
        Self { retry: Some(Again::Worthwhile), health: None }
    }

    /// There is no further attempt, whatever anybody else says.
    pub const fn never_retry() -> Self {
        Self { retry: Some(Again::Never), health: None }
    }

    /// And the breaker counts the attempt so.
    pub const fn health(mut self, health: Health) -> Self {
        self.health = Some(health);
        self
    }

    pub(crate) const fn again(self) -> Option<Again> {
        self.retry
    }

    pub(crate) fn verdict(self) -> Option<Verdict> {
        self.health.map(Verdict::from)
    }

    /// This one's, and where it has none that of `next`; "never" of either holds.
    pub(crate) fn or(self, next: Self) -> Self {
        let never = [self.retry, next.retry].contains(&Some(Again::Never));
        Self {
            retry: if never { Some(Again::Never) } else { self.retry.or(next.retry) },
            health: self.health.or(next.health),
        }
    }
}
