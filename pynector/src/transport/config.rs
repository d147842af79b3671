//! Settings as plain data, so that they can come from a file or the environment.

mod cap;
mod limits;
mod policies;

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::connection::{Certificate, ConnectionOptions, Proxy, proxy_name};
use crate::operation::AnyOrigin;
use crate::options::Level;
use crate::policy::breaker::Breaker;
use crate::policy::deadline::Timeouts;
use crate::policy::redirect::RedirectRules;
use crate::policy::retry::RetryPolicy;
use crate::request::coding::{Compress, ContentCoding};
use crate::transport::conversation::Keep;
use crate::transport::span::Span;

pub use self::limits::{BudgetConfig, HedgeConfig, HedgeDelay, MaxInFlightConfig, RateLimitConfig};
use self::policies::limit;
pub use self::policies::{BreakerConfig, RetryConfig, Switch, TimeoutsConfig};

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
    /// The rate limit, or `"off"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<Switch<RateLimitConfig>>,
    /// How many attempts may be in flight at once, or `"off"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_in_flight: Option<Switch<MaxInFlightConfig>>,
    /// Hedging, which stands instead of retries, or `"off"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hedge: Option<Switch<HedgeConfig>>,
    /// Whether redirects are followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_redirects: Option<bool>,
    /// How many redirects one call follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_redirects: Option<u32>,
    /// Which request follows a redirect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_rules: Option<RedirectRules>,
    /// The largest decompressed response body in bytes; `u64::MAX` is `"none"` in a file.
    #[serde(with = "cap", skip_serializing_if = "Option::is_none")]
    pub max_body: Option<u64>,
    /// Whether a message may name another origin, and what such a request carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any_origin: Option<AnyOrigin>,
    /// What becomes of the responses of sent messages that nobody has received yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responses: Option<Keep>,
    /// How request bodies are compressed: `"gzip"`, `"deflate"`, `"br"`, `"zstd"` or `"off"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compress: Option<ContentCoding>,
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
            .field("rate_limit", &self.rate_limit)
            .field("max_in_flight", &self.max_in_flight)
            .field("hedge", &self.hedge)
            .field("follow_redirects", &self.follow_redirects)
            .field("max_redirects", &self.max_redirects)
            .field("redirect_rules", &self.redirect_rules)
            .field("max_body", &self.max_body)
            .field("any_origin", &self.any_origin)
            .field("responses", &self.responses)
            .field("compress", &self.compress)
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

impl HttpConfig {
    /// The specification to the letter: every difference on purpose is set back, and everything else is left open.
    ///
    /// | difference | by itself |
    /// | --- | --- |
    /// | Every method is tried again, after a connection that could not be made, a read or write timeout, or a status of the set; after 0.5, 1 and 2 s exactly, whatever `Retry-After` says | `retry(`[`RetryPolicy::spec`]`())` |
    /// | 10 s for connecting and for each silence or stall, none for an attempt or a call as a whole | `timeouts(`[`Timeouts::spec`]`(..))` |
    /// | Only the latest response waits to be received | `responses(`[`Keep::Latest`]`)` |
    /// | Redirects as httpx follows them | `redirect_rules(`[`RedirectRules::Spec`]`)` |
    /// | No limit to the size of a body | `max_body(u64::MAX)` |
    /// | Absolute URLs of any origin, with all headers | `any_origin(`[`AnyOrigin::WithHeaders`]`)` |
    ///
    /// **It repeats requests that a server may have acted on already, and sends your headers to whichever host a message or
    /// a redirect names.** There is no circuit breaker in it, as there is none in the specification's `HTTPTransport`;
    /// [`Breaker::spec`] is the one of its section 5.3.
    ///
    /// The fields can be changed, and what is set on a builder after it wins.
    pub fn spec() -> Self {
        let patience = Some(Span(Some(Duration::from_secs(10))));
        Self {
            timeouts: Some(TimeoutsConfig {
                connect: patience,
                attempt: Some(Span(None)),
                write: patience,
                read: patience,
                read_head: Some(true),
                deadline: Some(Span(None)),
            }),
            retry: Some(Switch::On(RetryConfig { spec: true, ..RetryConfig::default() })),
            redirect_rules: Some(RedirectRules::Spec),
            max_redirects: Some(20),
            max_body: Some(u64::MAX),
            any_origin: Some(AnyOrigin::WithHeaders),
            responses: Some(Keep::Latest),
            ..Self::default()
        }
    }

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
        if let Some(limit) = self.rate_limit {
            settings.rate_limit = limit.rate_limit().over(settings.rate_limit);
        }
        if let Some(places) = self.max_in_flight {
            settings.max_in_flight = places.max_in_flight().over(settings.max_in_flight);
        }
        if let Some(hedge) = self.hedge {
            settings.hedge = hedge.hedge().over(settings.hedge);
        }
        settings.redirects.follow = self.follow_redirects.or(settings.redirects.follow);
        settings.redirects.max = self.max_redirects.or(settings.redirects.max);
        settings.redirects.rules = self.redirect_rules.or(settings.redirects.rules);
        settings.max_body = self.max_body.or(settings.max_body);
        settings.any_origin = self.any_origin.or(settings.any_origin);
        settings.compress = self.compress.map(Compress::by).or(settings.compress);
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
    fn endless(&self) -> [(&'static str, Option<Span>); 6] {
        let retry = if let Some(Switch::On(retry)) = self.retry { retry } else { RetryConfig::default() };
        let breaker =
            if let Some(Switch::On(breaker)) = self.breaker { breaker } else { BreakerConfig::default() };
        let per = if let Some(Switch::On(limit)) = self.rate_limit { Some(limit.per) } else { None };
        [
            ("retry.initial_backoff", retry.initial_backoff),
            ("breaker.open", breaker.open),
            ("breaker.reset_timeout", breaker.reset_timeout),
            ("breaker.wait_up_to", breaker.wait_up_to),
            ("breaker.ramp", breaker.ramp),
            ("rate_limit.per", per),
        ]
    }
}

#[cfg(test)]
mod tests;
