//! The budget, the limits and hedging as plain data.

use std::fmt;
use std::time::Duration;

use serde::de::{self, IntoDeserializer as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::policies::{Switch, time, with};
use crate::policy::{Hedge, MaxInFlight, RateLimit, RetryBudget};
use crate::transport::span::Span;

/// A retry budget; see [`RetryBudget`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct BudgetConfig {
    /// How many retries a call that succeeds is worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    /// How many retries a second are allowed without any success.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_per_second: Option<f64>,
}

/// A rate limit; see [`RateLimit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RateLimitConfig {
    /// How many attempts are sent in each `per`.
    pub permits: u32,
    /// The time for which `permits` are.
    pub per: Span,
    /// How many attempts may follow each other without a wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<u32>,
}

/// How many attempts may be in flight at once; see [`MaxInFlight`]. A file may give the `limit` alone, as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MaxInFlightConfig {
    /// How many may.
    pub limit: u32,
    /// How many may wait for a place.
    pub queue: Option<u32>,
    /// How long each of them does; `"none"` is as long as the deadline allows.
    pub wait: Option<Span>,
}

/// Hedging; see [`Hedge`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct HedgeConfig {
    /// When a hedge is sent.
    pub after: HedgeDelay,
    /// How many hedges a call may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
}

/// When a hedge is sent: a duration such as `"50ms"`, or `"p95"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HedgeDelay {
    /// This long after the attempt before it.
    After(Duration),
    /// Later than 19 of 20 calls of the operation have their answer.
    P95,
}

impl RateLimitConfig {
    /// This many attempts in each time of `per`.
    pub fn new(permits: u32, per: Duration) -> Self {
        Self { permits, per: per.into(), burst: None }
    }

    fn policy(self) -> RateLimit {
        // A limit over a time that never ends is refused when the client is built.
        let limit = RateLimit::new(self.permits, self.per.0.unwrap_or(Duration::MAX));
        with(limit, self.burst, RateLimit::burst)
    }
}

impl MaxInFlightConfig {
    /// At most `limit` attempts at once.
    pub fn new(limit: u32) -> Self {
        Self { limit, queue: None, wait: None }
    }

    fn policy(self) -> MaxInFlight {
        let places = with(MaxInFlight::new(self.limit), self.queue, MaxInFlight::queue);
        with(places, time(self.wait), MaxInFlight::wait)
    }
}

impl HedgeConfig {
    /// Hedges a call that has no answer after `delay`.
    pub fn new(delay: HedgeDelay) -> Self {
        Self { after: delay, max: None }
    }

    fn policy(self) -> Hedge {
        let hedge = match self.after {
            HedgeDelay::After(delay) => Hedge::after(delay),
            HedgeDelay::P95 => Hedge::p95(),
        };
        with(hedge, self.max, Hedge::max)
    }
}

impl Switch<BudgetConfig> {
    pub(super) fn budget(self) -> RetryBudget {
        let Self::On(BudgetConfig { ratio, min_per_second }) = self else { return RetryBudget::off() };
        with(with(RetryBudget::new(), ratio, RetryBudget::ratio), min_per_second, RetryBudget::min_per_second)
    }
}

impl Switch<RateLimitConfig> {
    pub(super) fn rate_limit(self) -> RateLimit {
        if let Self::On(limit) = self { limit.policy() } else { RateLimit::off() }
    }
}

impl Switch<MaxInFlightConfig> {
    pub(super) fn max_in_flight(self) -> MaxInFlight {
        if let Self::On(places) = self { places.policy() } else { MaxInFlight::off() }
    }
}

impl Switch<HedgeConfig> {
    pub(super) fn hedge(self) -> Hedge {
        if let Self::On(hedge) = self { hedge.policy() } else { Hedge::off() }
    }
}

impl From<Duration> for HedgeDelay {
    fn from(delay: Duration) -> Self {
        Self::After(delay)
    }
}

impl Serialize for HedgeDelay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::After(delay) => Span::from(*delay).serialize(serializer),
            Self::P95 => serializer.serialize_str("p95"),
        }
    }
}

impl<'de> Deserialize<'de> for HedgeDelay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "p95" {
            return Ok(Self::P95);
        }
        let span: Result<Span, de::value::Error> = Span::deserialize(text.as_str().into_deserializer());
        let delay = span.ok().and_then(|Span(delay)| delay).map(Self::After);
        let expected = "a duration such as \"50ms\", or \"p95\"";
        delay.ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &expected))
    }
}

/// The fields of [`MaxInFlightConfig`], where they are written as such.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    limit: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    queue: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wait: Option<Span>,
}

impl Serialize for MaxInFlightConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self { limit, queue: None, wait: None } => serializer.serialize_u32(limit),
            Self { limit, queue, wait } => Places { limit, queue, wait }.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for MaxInFlightConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlacesVisitor)
    }
}

struct PlacesVisitor;

impl<'de> de::Visitor<'de> for PlacesVisitor {
    type Value = MaxInFlightConfig;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of attempts, \"off\", or the fields `limit`, `queue` and `wait`")
    }

    fn visit_u64<E: de::Error>(self, limit: u64) -> Result<Self::Value, E> {
        let limit =
            u32::try_from(limit).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(limit), &self))?;
        Ok(MaxInFlightConfig::new(limit))
    }

    fn visit_i64<E: de::Error>(self, limit: i64) -> Result<Self::Value, E> {
        let limit =
            u32::try_from(limit).map_err(|_| E::invalid_value(de::Unexpected::Signed(limit), &self))?;
        Ok(MaxInFlightConfig::new(limit))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let Places { limit, queue, wait } = Places::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(MaxInFlightConfig { limit, queue, wait })
    }
}
