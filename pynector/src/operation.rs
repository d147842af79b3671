//! What an operation is, as a constant: method, template, fixed headers and its rung of the settings ladder.

use serde::{Deserialize, Serialize};

use crate::policy::Invalid;
use crate::policy::breaker::{Breaker, ResolvedBreaker};
use crate::policy::deadline::{ResolvedTimeouts, Timeouts};
use crate::policy::redirect::{RedirectRules, Redirects};
use crate::policy::retry::{ResolvedRetry, RetryPolicy};

/// One operation of an API: what is sent, before any value is bound.
///
/// Generated clients hold one constant for each method; written by hand, it is the way to call a transport without a
/// macro. Every constructor is `const` and takes the operation's name, which errors and events carry, and the template of
/// its path.
///
/// ```no_run
/// use pynector::{HttpTransport, Operation};
///
/// const USER: Operation = Operation::get("Users::user", "/users/{id}");
///
/// # async fn run(transport: &HttpTransport) -> pynector::Result<()> {
/// let user: serde_json::Value = transport.call(&USER).path("id", 7).send().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    name: &'static str,
    method: &'static str,
    template: &'static str,
    headers: FixedHeaders,
    query_names: &'static [&'static str],
    idempotent: bool,
    settings: Option<Settings>,
}

/// Header names and values as an attribute writes them.
pub(crate) type FixedHeaders = &'static [(&'static str, &'static str)];

macro_rules! verbs {
    ($($name:ident $method:literal,)*) => {
        $(
            #[doc = concat!("An operation with the method `", $method, "`.")]
            pub const fn $name(name: &'static str, template: &'static str) -> Self {
                Self::http($method, name, template)
            }
        )*
    };
}

impl Operation {
    verbs! {
        get "GET", post "POST", put "PUT", patch "PATCH", delete "DELETE", head "HEAD", options "OPTIONS",
    }

    /// An operation with any method; a method that is no token of RFC 9110 §9.1 is an error of its calls.
    pub const fn http(method: &'static str, name: &'static str, template: &'static str) -> Self {
        Self { name, method, template, headers: &[], query_names: &[], idempotent: false, settings: None }
    }

    /// Headers of every call of this operation.
    pub const fn headers(mut self, headers: FixedHeaders) -> Self {
        self.headers = headers;
        self
    }

    /// The query parameters that have a name of their own, and so win over the same key of a map.
    pub const fn query_names(mut self, names: &'static [&'static str]) -> Self {
        self.query_names = names;
        self
    }

    /// Sending it twice does what sending it once does, whatever its method says (RFC 9110 §9.2.2).
    pub const fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// The clocks of this operation.
    pub const fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.settings = Some(Settings { timeouts, ..self.rung() });
        self
    }

    /// The retry policy of this operation.
    pub const fn retry(mut self, retry: RetryPolicy) -> Self {
        self.settings = Some(Settings { retry, ..self.rung() });
        self
    }

    /// The circuit breaker of this operation.
    pub const fn breaker(mut self, breaker: Breaker) -> Self {
        self.settings = Some(Settings { breaker, ..self.rung() });
        self
    }

    const fn rung(&self) -> Settings {
        match self.settings {
            Some(settings) => settings,
            None => Settings::new(),
        }
    }

    /// The name, such as `GitHub::issues`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The method, such as `GET`.
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// The template of the path, such as `/repos/{owner}/{repo}/issues`: a label of low cardinality.
    pub const fn template(&self) -> &'static str {
        self.template
    }

    pub(crate) const fn fixed_headers(&self) -> FixedHeaders {
        self.headers
    }

    pub(crate) const fn named_query(&self) -> &'static [&'static str] {
        self.query_names
    }

    pub(crate) const fn is_idempotent(&self) -> bool {
        self.idempotent
    }

    /// Its rung of the ladder, where it says anything.
    pub(crate) const fn settings(&self) -> Option<&Settings> {
        self.settings.as_ref()
    }
}

/// What `#[api(..)]` says of a whole trait; the weakest rung above the defaults.
#[derive(Clone, Copy, Debug)]
pub struct Api {
    name: &'static str,
    operations: &'static [Operation],
    base_url: Option<&'static str>,
    prefix: Option<&'static str>,
    headers: FixedHeaders,
    settings: Settings,
}

impl Api {
    /// An API of this name with these operations.
    pub const fn new(name: &'static str, operations: &'static [Operation]) -> Self {
        Self { name, operations, base_url: None, prefix: None, headers: &[], settings: Settings::new() }
    }

    /// The base URL of clients that are given none.
    pub const fn base_url(mut self, url: &'static str) -> Self {
        self.base_url = Some(url);
        self
    }

    /// What every template of its operations starts with; a client is checked to have a value for each placeholder.
    pub const fn prefix(mut self, prefix: &'static str) -> Self {
        self.prefix = Some(prefix);
        self
    }

    /// Headers of every call.
    pub const fn headers(mut self, headers: FixedHeaders) -> Self {
        self.headers = headers;
        self
    }

    /// The clocks of every operation.
    pub const fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.settings.timeouts = timeouts;
        self
    }

    /// The retry policy of every operation.
    pub const fn retry(mut self, retry: RetryPolicy) -> Self {
        self.settings.retry = retry;
        self
    }

    /// The circuit breaker of the API's host, or of its own group.
    pub const fn breaker(mut self, breaker: Breaker) -> Self {
        self.settings.breaker = breaker;
        self
    }

    /// The name of the trait.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Every operation, in the order of the trait.
    pub const fn operations(&self) -> &'static [Operation] {
        self.operations
    }

    pub(crate) const fn path_prefix(&self) -> Option<&'static str> {
        self.prefix
    }

    pub(crate) const fn default_base_url(&self) -> Option<&'static str> {
        self.base_url
    }

    pub(crate) const fn fixed_headers(&self) -> FixedHeaders {
        self.headers
    }

    pub(crate) const fn settings(&self) -> &Settings {
        &self.settings
    }
}

/// One rung of the ladder: what a level says, and nothing of what it leaves open (DESIGN: one ladder for all settings).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: RetryPolicy,
    pub(crate) breaker: Breaker,
    pub(crate) redirects: Redirects,
    pub(crate) max_body: Option<u64>,
    pub(crate) decompress: Option<bool>,
    pub(crate) any_origin: Option<AnyOrigin>,
}

/// What one call goes by, every question answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resolved {
    pub(crate) timeouts: ResolvedTimeouts,
    pub(crate) retry: ResolvedRetry,
    pub(crate) breaker: ResolvedBreaker,
    pub(crate) max_redirects: u32,
    pub(crate) redirect_rules: RedirectRules,
    pub(crate) max_body: u64,
    pub(crate) decompress: bool,
    pub(crate) any_origin: AnyOrigin,
    /// Statuses below this are successes.
    pub(crate) success_below: u16,
    /// Whether an attempt reads the body of a success; if not, it ends with the head, and the body is a stream.
    pub(crate) buffered: bool,
}

/// Whether a message may name an absolute URL of another origin than the base URL, and what such a request carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AnyOrigin {
    /// It may not.
    #[default]
    Refused,
    /// It may. The request carries the headers of the message, and of the others only those that a redirect would carry:
    /// `accept`, `accept-language`, `content-type` and `user-agent`.
    Bare,
    /// It may, and the request carries every header, as the specification's (httpx's) does.
    ///
    /// **Your credentials go wherever a message says.** Whoever decides over the URL of a message, such as a server whose
    /// links you follow, can have them sent to a host of their own.
    WithHeaders,
}

impl From<bool> for AnyOrigin {
    /// `true` is [`AnyOrigin::Bare`].
    fn from(any: bool) -> Self {
        if any { Self::Bare } else { Self::Refused }
    }
}

/// 64 MiB: larger than any sane API answer, smaller than what hurts.
const MAX_BODY: u64 = 64 << 20;

/// Nothing said; the defaults of the policies themselves say everything.
impl Default for Settings {
    fn default() -> Self {
        Self::new()
    }
}

impl Settings {
    pub(crate) const fn new() -> Self {
        Self {
            timeouts: Timeouts::new(),
            retry: RetryPolicy::new(),
            breaker: Breaker::new(),
            redirects: Redirects { follow: None, max: None, rules: None },
            max_body: None,
            decompress: None,
            any_origin: None,
        }
    }

    /// What is said here, and the rest of `weaker`.
    pub(crate) fn over(&self, weaker: &Self) -> Self {
        Self {
            timeouts: self.timeouts.over(weaker.timeouts),
            retry: self.retry.over(weaker.retry),
            breaker: self.breaker.over(weaker.breaker),
            redirects: self.redirects.over(weaker.redirects),
            max_body: self.max_body.or(weaker.max_body),
            decompress: self.decompress.or(weaker.decompress),
            any_origin: self.any_origin.or(weaker.any_origin),
        }
    }

    /// Checks this level alone (CFG-1).
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        self.timeouts.validate()?;
        self.retry.validate()?;
        self.breaker.validate()?;
        Invalid::unless(self.max_body != Some(0), "max_body", &0, "leave room for a byte")
    }

    pub(crate) fn resolve(&self) -> Resolved {
        Resolved {
            timeouts: self.timeouts.resolve(),
            retry: self.retry.resolve(),
            breaker: self.breaker.resolve(),
            max_redirects: self.redirects.limit(),
            redirect_rules: self.redirects.rules(),
            max_body: self.max_body.unwrap_or(MAX_BODY),
            decompress: self.decompress.unwrap_or(true),
            any_origin: self.any_origin.unwrap_or_default(),
            success_below: 300,
            buffered: true,
        }
    }
}
