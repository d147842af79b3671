//! The five clocks of a call: how long connecting, an attempt, a stall either way and the whole call may take.

use std::time::Duration;

use super::Invalid;
use crate::request::header::parse_name;

/// How long connecting may take unless somebody says otherwise.
pub(crate) const CONNECT: Duration = Duration::from_secs(10);

/// How long each part of a call may take (TMO-1).
///
/// A value says only what was set on it; the rest comes from the weaker levels of the settings ladder and at last from
/// the defaults. A limit of a nearer level replaces that of a weaker one; the smaller of `attempt` and what is left of
/// `deadline` bounds an attempt (TMO-2), and connecting is never given longer than its attempt. A redirect that is followed is timed
/// as an attempt of its own.
///
/// | clock | bounds | default |
/// | --- | --- | --- |
/// | `connect` | name resolution, TCP and TLS | 10 s |
/// | `attempt` | one attempt: connection, request, response head and buffered body | 10 s |
/// | `write` | the stall until the next piece of a request body is taken | off: `attempt` bounds it |
/// | `read` | the silence between two chunks of a response body; with `read_head`, the wait for the head too | 30 s |
/// | `deadline` | the whole call: all attempts and all waits | 60 s |
///
/// A request body that comes [from a stream](crate::Body::stream) is sent for as long as it takes: `attempt` starts when it was
/// sent, and each stall before is bounded by `write` or, where that is off, by `read` (TMO-6). Time in which the stream itself
/// has nothing to give is no stall.
///
/// ```
/// # use std::time::Duration;
/// use pynector::Timeouts;
///
/// let patient = Timeouts::new().attempt(Duration::from_secs(30)).no_deadline();
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timeouts {
    connect: Limit,
    attempt: Limit,
    write: Limit,
    read: Limit,
    read_head: Option<bool>,
    deadline: Limit,
    deadline_header: Option<&'static str>,
}

/// What one level says of one clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Limit {
    #[default]
    Inherit,
    Off,
    After(Duration),
}

impl Limit {
    pub(crate) fn over(self, weaker: Self) -> Self {
        if self == Self::Inherit { weaker } else { self }
    }

    pub(crate) fn or(self, default: Duration) -> Option<Duration> {
        match self {
            Self::Inherit => Some(default),
            _ => self.limit(),
        }
    }

    /// The limit, of a clock that is off where nobody names it.
    fn limit(self) -> Option<Duration> {
        if let Self::After(limit) = self { Some(limit) } else { None }
    }
}

/// The clocks of one call; `None` never runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ResolvedTimeouts {
    pub(crate) connect: Option<Duration>,
    pub(crate) attempt: Option<Duration>,
    pub(crate) write: Option<Duration>,
    pub(crate) read: Option<Duration>,
    /// Whether `read` bounds the wait for the head too.
    pub(crate) read_head: bool,
    pub(crate) deadline: Option<Duration>,
    /// The header that says how much of it is left.
    pub(crate) deadline_header: Option<&'static str>,
}

impl ResolvedTimeouts {
    /// Whether a clock of this `limit` could run out before the attempt does; else it needs no timer of its own.
    pub(crate) fn within_attempt(&self, limit: Duration) -> bool {
        self.attempt.is_none_or(|attempt| limit < attempt)
    }
}

impl Timeouts {
    /// Nothing set: every clock comes from the weaker levels.
    pub const fn new() -> Self {
        Self {
            connect: Limit::Inherit,
            attempt: Limit::Inherit,
            write: Limit::Inherit,
            read: Limit::Inherit,
            read_head: None,
            deadline: Limit::Inherit,
            deadline_header: None,
        }
    }

    /// What the specification means by a timeout, every clock named: `limit` for connecting, for each stall while the
    /// request is sent and for each silence while the response comes, its head included; none for an attempt as a whole,
    /// and no deadline (httpx's `Timeout(limit)`).
    ///
    /// A body of which a piece comes in time, each time, may take for ever, and so may the call.
    pub const fn spec(limit: Duration) -> Self {
        Self::new().connect(limit).write(limit).read(limit).read_head(true).no_attempt().no_deadline()
    }

    /// Bounds an attempt, and the silences of a streamed body, by `limit`: what most people mean by a timeout.
    pub const fn timeout(self, limit: Duration) -> Self {
        self.attempt(limit).read(limit)
    }

    /// Bounds connecting: name resolution, TCP and TLS.
    pub const fn connect(mut self, limit: Duration) -> Self {
        self.connect = Limit::After(limit);
        self
    }

    /// Bounds one attempt.
    pub const fn attempt(mut self, limit: Duration) -> Self {
        self.attempt = Limit::After(limit);
        self
    }

    /// Bounds each stall while the body of the request is sent: no further piece of it, of a few KiB, is taken for so long.
    ///
    /// What the system buffers counts as taken, so that only a body larger than that can stall.
    pub const fn write(mut self, limit: Duration) -> Self {
        self.write = Limit::After(limit);
        self
    }

    /// Bounds the silence between two chunks of a response body.
    pub const fn read(mut self, limit: Duration) -> Self {
        self.read = Limit::After(limit);
        self
    }

    /// Whether `read` bounds the wait for the head of the response too, counted from when the request was written or, of a
    /// request without a body, from when there is a connection. Default false: `attempt` bounds it.
    pub const fn read_head(mut self, bounds: bool) -> Self {
        self.read_head = Some(bounds);
        self
    }

    /// Bounds the whole call.
    pub const fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Limit::After(limit);
        self
    }

    /// Sends with each attempt how much of the deadline is left, in whole milliseconds, in the header of this name (TMO-8).
    ///
    /// A server that reads it can stop working for a caller that no longer waits. It goes wherever the request goes, other
    /// origins of redirects among them. Default: none is sent, and none without a deadline. A program says it, and no file.
    pub const fn deadline_header(mut self, name: &'static str) -> Self {
        self.deadline_header = Some(name);
        self
    }

    /// Switches the `connect` clock off; `attempt` still holds.
    pub const fn no_connect(mut self) -> Self {
        self.connect = Limit::Off;
        self
    }

    /// Switches the `attempt` clock off; `deadline` still holds.
    pub const fn no_attempt(mut self) -> Self {
        self.attempt = Limit::Off;
        self
    }

    /// Switches the `write` clock off.
    pub const fn no_write(mut self) -> Self {
        self.write = Limit::Off;
        self
    }

    /// Switches the `read` clock off.
    pub const fn no_read(mut self) -> Self {
        self.read = Limit::Off;
        self
    }

    /// Switches the `deadline` off: each attempt is bounded still, the call as a whole is not.
    pub const fn no_deadline(mut self) -> Self {
        self.deadline = Limit::Off;
        self
    }

    /// What is set here, and the rest of `weaker`.
    pub(crate) fn over(self, weaker: Self) -> Self {
        Self {
            connect: self.connect.over(weaker.connect),
            attempt: self.attempt.over(weaker.attempt),
            write: self.write.over(weaker.write),
            read: self.read.over(weaker.read),
            read_head: self.read_head.or(weaker.read_head),
            deadline: self.deadline.over(weaker.deadline),
            deadline_header: self.deadline_header.or(weaker.deadline_header),
        }
    }

    /// Checks one level: no zero, and `attempt` within `deadline` where both are written (CFG-1).
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        let clocks = [
            ("timeouts.connect", self.connect),
            ("timeouts.attempt", self.attempt),
            ("timeouts.write", self.write),
            ("timeouts.read", self.read),
            ("timeouts.deadline", self.deadline),
        ];
        for (field, limit) in clocks {
            let holds = limit != Limit::After(Duration::ZERO);
            Invalid::unless(holds, field, &Duration::ZERO, "leave some time; `none` switches a clock off")?;
        }
        for (field, shorter, longer, rule) in [
            ("timeouts.attempt", self.attempt, self.deadline, "not be longer than `deadline`"),
            ("timeouts.connect", self.connect, self.attempt, "not be longer than `attempt`"),
        ] {
            if let (Limit::After(shorter), Limit::After(longer)) = (shorter, longer) {
                Invalid::unless(shorter <= longer, field, &shorter, rule)?;
            }
        }
        if let Some(name) = self.deadline_header {
            let rule = "be a header name (RFC 9110 \u{a7}5.1) that the client does not write itself";
            Invalid::unless(parse_name(name).is_ok(), "timeouts.deadline_header", &name, rule)?;
        }
        Ok(())
    }

    /// Whether a level says anything of the deadline.
    pub(crate) fn names_deadline(&self) -> bool {
        self.deadline != Limit::Inherit
    }

    pub(crate) fn resolve(self) -> ResolvedTimeouts {
        ResolvedTimeouts {
            connect: self.connect.or(CONNECT),
            attempt: self.attempt.or(Duration::from_secs(10)),
            write: self.write.limit(),
            read: self.read.or(Duration::from_secs(30)),
            read_head: self.read_head.unwrap_or(false),
            deadline: self.deadline.or(Duration::from_secs(60)),
            deadline_header: self.deadline_header,
        }
    }

    pub(crate) fn from_limits(
        [connect, attempt, write, read, deadline]: [Limit; 5],
        read_head: Option<bool>,
    ) -> Self {
        Self { connect, attempt, write, read, read_head, deadline, deadline_header: None }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Limit, Timeouts};

    const S: Duration = Duration::from_secs(1);

    #[test]
    fn tmo_1_defaults_and_levels() {
        let weaker = Timeouts::new().attempt(3 * S).deadline(9 * S);
        let nearer = Timeouts::new().attempt(2 * S).no_read();
        let resolved = nearer.over(weaker).resolve();
        assert_eq!(resolved.connect, Some(10 * S));
        assert_eq!(resolved.attempt, Some(2 * S));
        assert_eq!((resolved.write, resolved.read, resolved.read_head), (None, None, false));
        assert_eq!(resolved.deadline, Some(9 * S));
    }

    #[test]
    fn tmo_1_the_specification_bounds_silences_alone() {
        let resolved = Timeouts::spec(S).over(Timeouts::new().attempt(2 * S).deadline(3 * S)).resolve();
        assert_eq!((resolved.connect, resolved.write, resolved.read), (Some(S), Some(S), Some(S)));
        assert_eq!((resolved.attempt, resolved.deadline, resolved.read_head), (None, None, true));
        assert_eq!(Timeouts::new().no_write().over(Timeouts::spec(S)).resolve().write, None);
        assert!(Timeouts::spec(Duration::ZERO).validate().is_err());
    }

    #[test]
    fn tmo_1_a_clock_that_the_attempt_outruns_needs_no_timer() {
        let of = |timeouts: Timeouts| timeouts.resolve();
        let short = of(Timeouts::new().attempt(2 * S));
        assert_eq!([1, 2, 3].map(|n| short.within_attempt(n * S)), [true, false, false]);
        assert!(of(Timeouts::new().no_attempt()).within_attempt(Duration::MAX));
    }

    #[test]
    fn tmo_1_a_level_names_its_deadline_by_a_limit_or_by_none() {
        assert!(Timeouts::new().deadline(S).names_deadline());
        assert!(Timeouts::new().no_deadline().names_deadline());
        assert!(!Timeouts::new().attempt(S).names_deadline());
    }

    #[test]
    fn tmo_1_limits_as_data_are_those_of_the_builder() {
        let [connect, attempt, write, read, deadline] = [1, 2, 3, 4, 5].map(|n| Limit::After(n * S));
        let built = Timeouts::new().connect(S).attempt(2 * S).write(3 * S).read(4 * S).deadline(5 * S);
        let data = Timeouts::from_limits([connect, attempt, write, read, deadline], Some(true));
        assert_eq!(data, built.read_head(true));
    }

    #[test]
    fn cfg_1_clocks_are_checked_at_one_level() {
        assert_eq!(Timeouts::new().attempt(Duration::ZERO).validate().unwrap_err().field, "timeouts.attempt");
        let error = Timeouts::new().attempt(3 * S).deadline(2 * S).validate().unwrap_err();
        assert_eq!((error.field, &*error.value), ("timeouts.attempt", "3s"));
        assert!(Timeouts::new().attempt(2 * S).connect(3 * S).validate().is_err());
        assert!(Timeouts::new().attempt(3 * S).no_deadline().validate().is_ok());
        assert!(Timeouts::new().attempt(Duration::MAX).validate().is_ok());
    }
}
