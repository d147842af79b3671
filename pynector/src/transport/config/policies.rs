//! The policies as plain data.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::{self, IntoDeserializer as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::limits::BudgetConfig;
use crate::policy::breaker::{Breaker, BreakerUnit};
use crate::policy::deadline::{Limit, Timeouts};
use crate::policy::retry::RetryPolicy;
use crate::policy::{Jitter, StatusCodes};
use crate::transport::span::Span;

/// The five clocks; see [`Timeouts`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TimeoutsConfig {
    /// Making a connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect: Option<Span>,
    /// One attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<Span>,
    /// The stall until the next piece of a request body is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write: Option<Span>,
    /// The silence between two chunks of a response body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<Span>,
    /// Whether `read` bounds the wait for the head of the response too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_head: Option<bool>,
    /// The whole call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Span>,
}

/// A retry policy; see [`RetryPolicy`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of a file, which is there or is not")]
pub struct RetryConfig {
    /// Whether it starts from [`RetryPolicy::spec`] instead of from what weaker levels say.
    #[serde(skip_serializing_if = "is_false")]
    pub spec: bool,
    /// How many times a call is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<u32>,
    /// The longest wait before the first retry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_backoff: Option<Span>,
    /// The longest wait of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_backoff: Option<Span>,
    /// By how much each wait grows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiplier: Option<f64>,
    /// The statuses that are tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_codes: Option<StatusCodes>,
    /// How waits are spread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jitter: Option<Jitter>,
    /// The longest `Retry-After` that is waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retry_after: Option<Span>,
    /// Whether `Retry-After` is ignored.
    #[serde(skip_serializing_if = "is_false")]
    pub no_retry_after: bool,
    /// Whether the forms of `Retry-After` in milliseconds are read too.
    #[serde(skip_serializing_if = "is_false")]
    pub vendor_retry_after: bool,
    /// How many retries all calls to a host may make together, or `"off"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Switch<BudgetConfig>>,
    /// Whether requests are repeated that a server may already have acted on.
    #[serde(skip_serializing_if = "is_false")]
    pub any_method: bool,
}

/// A circuit breaker; see [`Breaker`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct BreakerConfig {
    /// Whether it starts from [`Breaker::spec`] instead of from what weaker levels say.
    #[serde(skip_serializing_if = "is_false")]
    pub spec: bool,
    /// How many failures in a row open the circuit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_threshold: Option<u32>,
    /// Which share of the last outcomes must have failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_failure_rate: Option<f64>,
    /// The first open time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<Span>,
    /// The longest open time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_open: Option<Span>,
    /// A fixed open time instead of both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_timeout: Option<Span>,
    /// How many probes a half-open circuit lets through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probes: Option<u32>,
    /// How long a call waits for an open circuit instead of failing at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_up_to: Option<Span>,
    /// How long a circuit that was closed again lets through a growing share of the calls only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ramp: Option<Span>,
    /// What is counted: `"attempt"` or `"call"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<BreakerUnit>,
}

/// A policy, or `"off"`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Switch<T> {
    /// `"off"`.
    Off,
    /// The policy.
    On(T),
}

/// What a text says of a clock.
pub(super) fn limit(span: Option<Span>) -> Limit {
    match span {
        None => Limit::Inherit,
        Some(Span(None)) => Limit::Off,
        Some(Span(Some(limit))) => Limit::After(limit),
    }
}

impl TimeoutsConfig {
    pub(super) fn policy(self) -> Timeouts {
        let limits = [self.connect, self.attempt, self.write, self.read, self.deadline].map(limit);
        Timeouts::from_limits(limits, self.read_head)
    }
}

/// `policy` with the field set where there is a value for it.
pub(super) fn with<P, T>(policy: P, value: Option<T>, set: impl FnOnce(P, T) -> P) -> P {
    match value {
        Some(value) => set(policy, value),
        None => policy,
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// A cap of `"none"` is no cap.
pub(super) fn time(span: Option<Span>) -> Option<Duration> {
    span.map(|Span(time)| time.unwrap_or(Duration::MAX))
}

impl RetryConfig {
    pub(super) fn policy(self) -> RetryPolicy {
        let policy = if self.spec { RetryPolicy::spec() } else { RetryPolicy::on() };
        let policy = with(policy, self.max_retries, RetryPolicy::max_retries);
        let policy = with(policy, time(self.initial_backoff), RetryPolicy::initial_backoff);
        let policy = with(policy, time(self.max_backoff), RetryPolicy::max_backoff);
        let policy = with(policy, self.multiplier, RetryPolicy::multiplier);
        let policy = with(policy, self.status_codes, RetryPolicy::status_codes);
        let policy = with(policy, self.jitter, RetryPolicy::jitter);
        let policy = with(policy, time(self.max_retry_after), RetryPolicy::max_retry_after);
        let policy = with(policy, self.no_retry_after.then_some(()), |policy, ()| policy.no_retry_after());
        let policy =
            with(policy, self.vendor_retry_after.then_some(()), |policy, ()| policy.vendor_retry_after());
        let budget = self.budget.map(Switch::budget);
        let policy = with(policy, budget, RetryPolicy::budget);
        with(policy, self.any_method.then_some(()), |policy, ()| policy.any_method())
    }
}

impl BreakerConfig {
    pub(super) fn policy(self) -> Breaker {
        let policy = if self.spec { Breaker::spec() } else { Breaker::on() };
        let policy = with(policy, self.failure_threshold, Breaker::failure_threshold);
        let policy = with(policy, self.min_failure_rate, Breaker::min_failure_rate);
        let policy = with(policy, time(self.open), Breaker::open);
        let policy = with(policy, time(self.max_open), Breaker::max_open);
        let policy = with(policy, time(self.reset_timeout), Breaker::reset_timeout);
        let policy = with(policy, self.probes, Breaker::probes);
        let policy = with(policy, time(self.wait_up_to), Breaker::wait_up_to);
        let policy = with(policy, time(self.ramp), Breaker::ramp);
        with(policy, self.unit, Breaker::unit)
    }
}

impl<T: Serialize> Serialize for Switch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Off => serializer.serialize_str("off"),
            Self::On(policy) => policy.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Switch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SwitchVisitor(PhantomData))
    }
}

struct SwitchVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> de::Visitor<'de> for SwitchVisitor<T> {
    type Value = Switch<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"off\" or the fields of a policy")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "off" => Ok(Switch::Off),
            _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
        }
    }

    /// A policy may be one number.
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        T::deserialize(number.into_deserializer()).map(Switch::On)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        T::deserialize(number.into_deserializer()).map(Switch::On)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(de::value::MapAccessDeserializer::new(map)).map(Switch::On)
    }
}
