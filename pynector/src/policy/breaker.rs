//! The circuit breaker's parameters: a constant in which each field may be left to a weaker level of the settings.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Brought, Invalid, Rules};

/// When calls to a failing server are refused at once, and when it is tried again.
///
/// A value says as much as was written: a field that was not named is taken from the next weaker level, and at last
/// from the defaults. There is no breaker unless a level asks for one: by naming any field, or by [`on`](Self::on).
///
/// | field | [`default()`](Self::default) | [`spec()`](Self::spec) |
/// | --- | --- | --- |
/// | `failure_threshold` | 5 in a row | 5 in a row |
/// | `min_failure_rate` | 0.5 of the last 64 outcomes | 0: any |
/// | open time | 1 s, doubling to 15 s, ±10 % | 60 s after the last failure |
/// | then | one probe at a time | closed at once |
/// | who is refused | fails at once | fails at once |
/// | counts | attempts | calls |
///
/// A `max_open` that nobody named grows with an `open` that is longer than the default cap. Sources: BRK-1 to BRK-10.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Breaker {
    on: Option<bool>,
    failure_threshold: Option<u32>,
    min_failure_rate: Option<f64>,
    open: Option<Duration>,
    max_open: Option<Duration>,
    reset_timeout: Option<Duration>,
    probes: Option<u32>,
    wait_up_to: Option<Duration>,
    ramp: Option<Duration>,
    group: Option<&'static str>,
    unit: Option<BreakerUnit>,
    rules: Option<Rules>,
    by: Option<Brought>,
}

/// What a breaker counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BreakerUnit {
    /// Each attempt is admitted and counted. The default (ORD-2).
    #[default]
    Attempt,
    /// Each call is admitted once, before its first attempt, and counted once, after its last.
    Call,
}

impl Breaker {
    const DEFAULT: Self = Self::new()
        .failure_threshold(5)
        .min_failure_rate(0.5)
        .open(Duration::from_secs(1))
        .max_open(Duration::from_secs(15))
        .probes(1)
        .unit(BreakerUnit::Attempt)
        .rules(Rules::Matrix);

    /// Nothing named: every field is inherited, and there is no breaker unless a weaker level asks for one.
    pub const fn new() -> Self {
        Self {
            on: None,
            failure_threshold: None,
            min_failure_rate: None,
            open: None,
            max_open: None,
            reset_timeout: None,
            probes: None,
            wait_up_to: None,
            ramp: None,
            group: None,
            unit: None,
            rules: None,
            by: None,
        }
    }

    /// A breaker, every field inherited.
    pub const fn on() -> Self {
        Self::new().switched_on()
    }

    /// No breaker, whatever weaker levels say.
    pub const fn off() -> Self {
        let mut breaker = Self::new();
        breaker.on = Some(false);
        breaker
    }

    /// The breaker of the specification to the letter.
    ///
    /// Five *calls* in a row that end in a connection error, a timeout or any 5xx open it; every 4xx is neutral. It
    /// is open until 60 s after the last failure, and then closed at once with the count at 0.
    pub const fn spec() -> Self {
        Self::new()
            .failure_threshold(5)
            .min_failure_rate(0.0)
            .reset_timeout(Duration::from_secs(60))
            .probes(1)
            .unit(BreakerUnit::Call)
            .rules(Rules::Spec)
    }

    /// How many failures in a row open the circuit, if the rate agrees; at least 1. Default 5.
    pub const fn failure_threshold(mut self, failures: u32) -> Self {
        self.failure_threshold = Some(failures);
        self.switched_on()
    }

    /// The share of the last 64 outcomes (or of all, while there are fewer) that must have failed as well, from 0
    /// to 1. Default 0.5; 0 leaves the decision to `failure_threshold` alone.
    pub const fn min_failure_rate(mut self, rate: f64) -> Self {
        self.min_failure_rate = Some(rate);
        self.switched_on()
    }

    /// How long the circuit is open the first time; it doubles while probes fail (BRK-8). Default 1 s.
    pub const fn open(mut self, time: Duration) -> Self {
        self.open = Some(time);
        self.switched_on()
    }

    /// The longest the circuit is open, but for ±10 % of jitter (BRK-8). Default 15 s.
    pub const fn max_open(mut self, time: Duration) -> Self {
        self.max_open = Some(time);
        self.switched_on()
    }

    /// A fixed open time, counted from the last failure, after which the circuit is closed at once. Excludes
    /// [`open`](Self::open) and [`max_open`](Self::max_open); replaces those of weaker levels.
    pub const fn reset_timeout(mut self, time: Duration) -> Self {
        self.reset_timeout = Some(time);
        self.switched_on()
    }

    /// How many probes may be in flight while the circuit is half-open; at least 1 (BRK-3). Default 1.
    pub const fn probes(mut self, probes: u32) -> Self {
        self.probes = Some(probes);
        self.switched_on()
    }

    /// [`wait_up_to`](Self::wait_up_to), with what waits for a verdict.
    pub(crate) const fn waiting_by(mut self, limit: Duration, by: Brought) -> Self {
        self.wait_up_to = Some(limit);
        self.by = Some(by);
        self.switched_on()
    }

    /// How long a circuit that a probe has closed lets through a growing share of the calls only, from a tenth to all of
    /// them (BRK-13). Default: all of them at once.
    pub const fn ramp(mut self, time: Duration) -> Self {
        self.ramp = Some(time);
        self.switched_on()
    }

    /// A name whose operations share a circuit of their own per host, instead of the host's.
    pub const fn group(mut self, name: &'static str) -> Self {
        self.group = Some(name);
        self.switched_on()
    }

    /// What is counted. Default [`BreakerUnit::Attempt`].
    pub const fn unit(mut self, unit: BreakerUnit) -> Self {
        self.unit = Some(unit);
        self.switched_on()
    }

    const fn rules(mut self, rules: Rules) -> Self {
        self.rules = Some(rules);
        self
    }

    const fn switched_on(mut self) -> Self {
        self.on = Some(true);
        self
    }

    pub(crate) const fn in_group(&self) -> bool {
        self.group.is_some()
    }

    /// Checks what single calls say: the circuit belongs to a host or a group, so they can only switch it on or off.
    pub(crate) fn validate_for_calls(&self) -> Result<(), Invalid> {
        let switch = Self { on: self.on, ..Self::new() };
        Invalid::unless(*self == switch, "breaker", &"numbers", "be only switched on or off for single calls")
    }

    /// This level on top of a weaker one: what is named here wins, the rest is the weaker level's (CFG-5). Naming
    /// one kind of open time also hides the weaker level's other kind.
    pub(crate) fn over(self, weaker: Self) -> Self {
        let doubling = self.open.is_some() || self.max_open.is_some();
        let fixed = self.reset_timeout.is_some();
        Self {
            on: self.on.or(weaker.on),
            failure_threshold: self.failure_threshold.or(weaker.failure_threshold),
            min_failure_rate: self.min_failure_rate.or(weaker.min_failure_rate),
            open: self.open.or(weaker.open.filter(|_| !fixed)),
            max_open: self.max_open.or(weaker.max_open.filter(|_| !fixed)),
            reset_timeout: self.reset_timeout.or(weaker.reset_timeout.filter(|_| !doubling)),
            probes: self.probes.or(weaker.probes),
            wait_up_to: self.wait_up_to.or(weaker.wait_up_to),
            ramp: self.ramp.or(weaker.ramp),
            group: self.group.or(weaker.group),
            unit: self.unit.or(weaker.unit),
            rules: self.rules.or(weaker.rules),
            by: self.by.or(weaker.by),
        }
    }

    /// Checks what was named at one level (CFG-1).
    ///
    /// The cap is held against the first open time only where both stand at one level; else the smaller rules.
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        if let Some(failures) = self.failure_threshold {
            Invalid::unless(failures >= 1, "breaker.failure_threshold", &failures, "be at least 1")?;
        }
        if let Some(rate) = self.min_failure_rate {
            Invalid::unless(
                (0.0..=1.0).contains(&rate),
                "breaker.min_failure_rate",
                &rate,
                "be from 0 to 1",
            )?;
        }
        for (field, time) in [
            ("breaker.open", self.open),
            ("breaker.max_open", self.max_open),
            ("breaker.reset_timeout", self.reset_timeout),
            ("breaker.wait_up_to", self.wait_up_to),
            ("breaker.ramp", self.ramp),
        ] {
            if let Some(time) = time {
                Invalid::unless(!time.is_zero(), field, &time, "be longer than nothing")?;
            }
        }
        if let (Some(open), Some(max)) = (self.open, self.max_open) {
            Invalid::unless(max >= open, "breaker.max_open", &max, "not be shorter than open")?;
        }
        if let (Some(time), Some(_)) = (self.reset_timeout, self.open.or(self.max_open)) {
            Invalid::unless(false, "breaker.reset_timeout", &time, "not stand beside open or max_open")?;
        }
        if let Some(probes) = self.probes {
            Invalid::unless(probes >= 1, "breaker.probes", &probes, "be at least 1")?;
        }
        super::validate_group("breaker.group", self.group)
    }

    /// Fills what no level named with the defaults. Give it the merged levels, without a level of defaults.
    ///
    /// A threshold or a number of probes that [`validate`](Self::validate) would refuse counts as 1, so that no
    /// circuit can be stuck.
    pub(crate) fn resolve(self) -> ResolvedBreaker {
        let named_cap = self.max_open;
        let all = self.over(Self::DEFAULT);
        let recovery = if let Some(time) = all.reset_timeout {
            Recovery::Fixed(time)
        } else {
            let open = all.open.unwrap_or_default();
            let max = all.max_open.unwrap_or(Duration::MAX);
            Recovery::Probing { open, max: if named_cap.is_none() { max.max(open) } else { max } }
        };
        ResolvedBreaker {
            enabled: self.on.unwrap_or(false),
            failure_threshold: all.failure_threshold.unwrap_or(1).max(1),
            min_failure_rate: all.min_failure_rate.unwrap_or_default(),
            recovery,
            probes: all.probes.unwrap_or(1).max(1),
            wait_up_to: all.wait_up_to,
            ramp: all.ramp,
            group: all.group,
            unit: all.unit.unwrap_or_default(),
            rules: all.rules.unwrap_or_default(),
            by: all.by,
        }
    }
}

impl Default for Breaker {
    /// A breaker with every field named, but for the group, with its default.
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A breaker's parameters with nothing left open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ResolvedBreaker {
    pub(crate) enabled: bool,
    pub(crate) failure_threshold: u32,
    pub(crate) min_failure_rate: f64,
    pub(crate) recovery: Recovery,
    pub(crate) probes: u32,
    /// `None`: who is refused fails at once.
    pub(crate) wait_up_to: Option<Duration>,
    pub(crate) ramp: Option<Duration>,
    pub(crate) group: Option<&'static str>,
    pub(crate) unit: BreakerUnit,
    pub(crate) rules: Rules,
    /// What waits, where somebody may.
    pub(crate) by: Option<Brought>,
}

/// How an open circuit closes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recovery {
    /// By a probe, after `open`, which doubles up to `max` while probes fail.
    Probing { open: Duration, max: Duration },
    /// By itself, this long after the last failure.
    Fixed(Duration),
}

#[cfg(test)]
mod tests;
