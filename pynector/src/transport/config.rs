//! Settings as plain data, so that they can come from a file or the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::net::IpAddr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::connection::{Certificate, ConnectionOptions, Proxy, proxy_name};
use crate::options::Level;
use crate::policy::breaker::Breaker;
use crate::policy::deadline::{Limit, Timeouts};
use crate::policy::retry::RetryPolicy;
use crate::policy::{Jitter, StatusCodes};
use crate::transport::span::Span;

/// The settings of a client as data: the keys of `#[api(..)]`, in any format that serde reads.
///
/// Every field may be left out; unknown fields are refused. Durations are texts such as `"500ms"`, `"10s"` or `"1m30s"`,
/// and `"none"` switches a clock or a cap off. Numbers are checked when the client is built.
///
/// ```
/// use pynector::HttpConfig;
///
/// let config: HttpConfig = serde_json::from_str(
///     r#"{
///         "base_url": "https://api.example.com",
///         "timeouts": { "attempt": "5s", "deadline": "none" },
///         "retry": { "max_retries": 5, "status_codes": [429, "502-504"] },
///         "breaker": "off"
///     }"#,
/// )?;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct HttpConfig {
    /// The base URL, where the builder has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Headers of every call.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The `attempt` clock, and `read`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Span>,
    /// Each clock alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeouts: Option<TimeoutsConfig>,
    /// The retry policy, or `"off"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<Switch<RetryConfig>>,
    /// The circuit breaker, or `"off"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaker: Option<Switch<BreakerConfig>>,
    /// Whether redirects are followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_redirects: Option<bool>,
    /// How many redirects one call follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_redirects: Option<u32>,
    /// The largest decompressed response body in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_body: Option<u64>,
    /// Whether compressed answers are asked for and decompressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decompress: Option<bool>,
    /// The header `user-agent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// Whether the certificates of servers are checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify_ssl: Option<bool>,
    /// Certificates to trust beside those of the system, each as PEM text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub root_certificates: Vec<String>,
    /// Whether HTTP/2 is spoken where a server offers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http2: Option<bool>,
    /// Whether HTTP/2 is spoken from the first byte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http2_prior_knowledge: Option<bool>,
    /// The URL of a proxy, or `"none"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// Whether the environment names the proxy, where `proxy` does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_from_env: Option<bool>,
    /// The silence after which TCP asks whether the other side is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp_keepalive: Option<Span>,
    /// How many idle connections to one host are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool_max_idle_per_host: Option<usize>,
    /// How long an idle connection is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool_idle_timeout: Option<Span>,
    /// The address of this machine that connections are made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_address: Option<IpAddr>,
}

/// Header values and the password of a proxy may be secrets, so they are not shown.
impl fmt::Debug for HttpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpConfig")
            .field("base_url", &self.base_url.as_deref().map(crate::request::base::harmless))
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("timeout", &self.timeout)
            .field("timeouts", &self.timeouts)
            .field("retry", &self.retry)
            .field("breaker", &self.breaker)
            .field("follow_redirects", &self.follow_redirects)
            .field("max_redirects", &self.max_redirects)
            .field("max_body", &self.max_body)
            .field("decompress", &self.decompress)
            .field("user_agent", &self.user_agent)
            .field("verify_ssl", &self.verify_ssl)
            .field("root_certificates", &self.root_certificates.len())
            .field("http2", &self.http2)
            .field("http2_prior_knowledge", &self.http2_prior_knowledge)
            .field("proxy", &self.proxy.as_deref().map(proxy_name))
            .field("proxy_from_env", &self.proxy_from_env)
            .field("tcp_keepalive", &self.tcp_keepalive)
            .field("pool_max_idle_per_host", &self.pool_max_idle_per_host)
            .field("pool_idle_timeout", &self.pool_idle_timeout)
            .field("local_address", &self.local_address)
            .finish()
    }
}

/// The four clocks; see [`Timeouts`].
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
    /// The silence between two chunks of a body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<Span>,
    /// The whole call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Span>,
}

/// A retry policy; see [`RetryPolicy`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RetryConfig {
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
    /// Whether requests are repeated that a server may already have acted on.
    pub any_method: bool,
}

/// A circuit breaker; see [`Breaker`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct BreakerConfig {
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
}

/// A policy, or `"off"`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Switch<T> {
    /// `"off"`.
    Off,
    /// The policy.
    On(T),
}

impl HttpConfig {
    /// Writes what is set here into a rung of the ladder, and into the options of its connections.
    pub(crate) fn apply(&self, level: &mut Level, connection: &mut ConnectionOptions) {
        for (name, value) in &self.headers {
            level.header(name, value);
        }
        if let Some(text) = &self.user_agent {
            level.header("user-agent", text);
        }
        *connection = self.connection().over(std::mem::take(connection));
        for (field, time) in self.endless() {
            if time == Some(Span(None)) {
                level.refuse(field, "none".to_owned(), "be a duration, since it would never end");
            }
        }
        let settings = &mut level.settings;
        let timeout = self.timeout.map_or(Timeouts::new(), |Span(limit)| match limit {
            Some(limit) => Timeouts::new().timeout(limit),
            None => Timeouts::new().no_attempt().no_read(),
        });
        let timeouts = self.timeouts.map_or(Timeouts::new(), TimeoutsConfig::policy);
        settings.timeouts = timeouts.over(timeout).over(settings.timeouts);
        settings.retry = match self.retry {
            Some(Switch::On(retry)) => retry.policy().over(settings.retry),
            Some(Switch::Off) => RetryPolicy::off().over(settings.retry),
            None => settings.retry,
        };
        settings.breaker = match self.breaker {
            Some(Switch::On(breaker)) => breaker.policy().over(settings.breaker),
            Some(Switch::Off) => Breaker::off().over(settings.breaker),
            None => settings.breaker,
        };
        settings.redirects.follow = self.follow_redirects.or(settings.redirects.follow);
        settings.redirects.max = self.max_redirects.or(settings.redirects.max);
        settings.max_body = self.max_body.or(settings.max_body);
        settings.decompress = self.decompress.or(settings.decompress);
    }
}

impl HttpConfig {
    fn connection(&self) -> ConnectionOptions {
        ConnectionOptions {
            verify_ssl: self.verify_ssl,
            root_certificates: self.root_certificates.iter().map(Certificate::from_pem).collect(),
            http2: self.http2,
            http2_prior_knowledge: self.http2_prior_knowledge,
            proxy: match self.proxy.as_deref() {
                None => Proxy::Unsaid,
                Some("none") => Proxy::Off,
                Some(url) => Proxy::Url(url.to_owned()),
            },
            proxy_from_env: self.proxy_from_env,
            tcp_keepalive: limit(self.tcp_keepalive),
            pool_max_idle_per_host: self.pool_max_idle_per_host,
            pool_idle_timeout: limit(self.pool_idle_timeout),
            local_address: self.local_address,
        }
    }

    /// The times that must end.
    fn endless(&self) -> [(&'static str, Option<Span>); 3] {
        let retry = if let Some(Switch::On(retry)) = self.retry { retry } else { RetryConfig::default() };
        let breaker =
            if let Some(Switch::On(breaker)) = self.breaker { breaker } else { BreakerConfig::default() };
        [
            ("retry.initial_backoff", retry.initial_backoff),
            ("breaker.open", breaker.open),
            ("breaker.reset_timeout", breaker.reset_timeout),
        ]
    }
}

/// What a text says of a clock.
fn limit(span: Option<Span>) -> Limit {
    match span {
        None => Limit::Inherit,
        Some(Span(None)) => Limit::Off,
        Some(Span(Some(limit))) => Limit::After(limit),
    }
}

impl TimeoutsConfig {
    fn policy(self) -> Timeouts {
        Timeouts::from_limits([self.connect, self.attempt, self.read, self.deadline].map(limit))
    }
}

/// `policy` with the field set where there is a value for it.
fn with<P, T>(policy: P, value: Option<T>, set: impl FnOnce(P, T) -> P) -> P {
    match value {
        Some(value) => set(policy, value),
        None => policy,
    }
}

/// A cap of `"none"` is no cap.
fn time(span: Option<Span>) -> Option<Duration> {
    span.map(|Span(time)| time.unwrap_or(Duration::MAX))
}

impl RetryConfig {
    fn policy(self) -> RetryPolicy {
        let policy = RetryPolicy::on();
        let policy = with(policy, self.max_retries, RetryPolicy::max_retries);
        let policy = with(policy, time(self.initial_backoff), RetryPolicy::initial_backoff);
        let policy = with(policy, time(self.max_backoff), RetryPolicy::max_backoff);
        let policy = with(policy, self.multiplier, RetryPolicy::multiplier);
        let policy = with(policy, self.status_codes, RetryPolicy::status_codes);
        let policy = with(policy, self.jitter, RetryPolicy::jitter);
        let policy = with(policy, time(self.max_retry_after), RetryPolicy::max_retry_after);
        with(policy, self.any_method.then_some(()), |policy, ()| policy.any_method())
    }
}

impl BreakerConfig {
    fn policy(self) -> Breaker {
        let policy = Breaker::on();
        let policy = with(policy, self.failure_threshold, Breaker::failure_threshold);
        let policy = with(policy, self.min_failure_rate, Breaker::min_failure_rate);
        let policy = with(policy, time(self.open), Breaker::open);
        let policy = with(policy, time(self.max_open), Breaker::max_open);
        let policy = with(policy, time(self.reset_timeout), Breaker::reset_timeout);
        with(policy, self.probes, Breaker::probes)
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

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(de::value::MapAccessDeserializer::new(map)).map(Switch::On)
    }
}

#[cfg(test)]
mod tests;
