//! The bulkhead's parameters: how many attempts to a host, or to a group of it, may be under way at once.

use std::time::Duration;

use super::{Brought, Invalid};

/// How many calls wait for a place unless somebody says otherwise.
const QUEUE: u32 = 1024;

/// How many attempts may be in flight at once (BLK-1).
///
/// An attempt holds its place until its answer was read, a stream until its end (BLK-3); a call that waits for its next
/// attempt holds none (ORD-4). Who finds no place waits in the order of arrival. A full queue, or a wait that takes too
/// long, is an error of kind [`QueueFull`](crate::ErrorKind::QueueFull). The wait counts against the deadline and not
/// against `attempt` (TMO-7).
///
/// There is no limit unless a level asks for one. A value says as much as was written; what was not named is taken from the
/// next weaker level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MaxInFlight {
    on: Option<bool>,
    limit: Option<u32>,
    queue: Option<u32>,
    wait: Option<Duration>,
    group: Option<&'static str>,
    by: Option<Brought>,
}

impl MaxInFlight {
    pub(crate) const UNSAID: Self =
        Self { on: None, limit: None, queue: None, wait: None, group: None, by: None };

    /// [`new`](Self::new), with what waits for a place.
    pub(crate) const fn waiting_by(limit: u32, by: Brought) -> Self {
        Self { on: Some(true), limit: Some(limit), by: Some(by), ..Self::UNSAID }
    }

    /// No limit, whatever weaker levels say.
    pub const fn off() -> Self {
        Self { on: Some(false), ..Self::UNSAID }
    }

    /// How many attempts may wait for a place; 0 refuses at once whoever finds none. Default 1024.
    pub const fn queue(mut self, attempts: u32) -> Self {
        self.queue = Some(attempts);
        self
    }

    /// How long an attempt waits for a place. Default: as long as the deadline allows.
    pub const fn wait(mut self, limit: Duration) -> Self {
        self.wait = Some(limit);
        self
    }

    /// A name whose operations share places of their own per host, instead of the host's.
    pub const fn group(mut self, name: &'static str) -> Self {
        self.group = Some(name);
        self
    }

    pub(crate) fn over(self, weaker: Self) -> Self {
        Self {
            on: self.on.or(weaker.on),
            limit: self.limit.or(weaker.limit),
            queue: self.queue.or(weaker.queue),
            wait: self.wait.or(weaker.wait),
            group: self.group.or(weaker.group),
            by: self.by.or(weaker.by),
        }
    }

    /// Checks what was named at one level (CFG-1).
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        if let Some(limit) = self.limit {
            Invalid::unless(limit >= 1, "max_in_flight.limit", &limit, "be at least 1")?;
        }
        if let Some(wait) = self.wait {
            let rule = "leave some time; `queue = 0` waits for nobody";
            Invalid::unless(!wait.is_zero(), "max_in_flight.wait", &wait, rule)?;
        }
        super::validate_group("max_in_flight.group", self.group)
    }

    pub(crate) const fn in_group(&self) -> bool {
        self.group.is_some()
    }

    /// Checks what single calls say: the places belong to a host or a group, so they can only switch the limit off.
    pub(crate) fn validate_for_calls(&self) -> Result<(), Invalid> {
        let off = *self == Self::UNSAID || *self == Self::off();
        Invalid::unless(off, "max_in_flight", &"numbers", "be only switched off for single calls")
    }

    /// `None` where there is no limit.
    pub(crate) fn resolve(self) -> Option<ResolvedMaxInFlight> {
        let (Some(true), Some(limit), Some(by)) = (self.on, self.limit, self.by) else { return None };
        let queue = self.queue.unwrap_or(QUEUE);
        Some(ResolvedMaxInFlight { limit: limit.max(1), queue, wait: self.wait, group: self.group, by })
    }
}

/// A bulkhead with nothing left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ResolvedMaxInFlight {
    pub(crate) limit: u32,
    pub(crate) queue: u32,
    /// `None`: as long as the deadline allows.
    pub(crate) wait: Option<Duration>,
    pub(crate) group: Option<&'static str>,
    pub(crate) by: Brought,
}
