//! What generated clients share: the trait that ties them to their API, and the builder.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::auth::Credentials;
use crate::backend::Backend;
use crate::call::PathValue;
use crate::classify::Classify;
use crate::connection::{ConnectionOptions, connection_methods};
use crate::error::Result;
use crate::observe::Observer;
use crate::operation::Api;
use crate::options::{Level, retry_methods, rung_methods};
use crate::transport::config::HttpConfig;
use crate::transport::conversation::Keep;
use crate::transport::http::{HttpTransport, Parts};

/// A client that `#[pynector::api]` generates.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no client of an API",
    label = "not made by `#[pynector::api]`",
    note = "name the client that stands beside the trait: `GitHubClient` beside `trait GitHub`"
)]
pub trait Client: Sized {
    /// What its trait says.
    const API: Api;

    /// A client that calls over `transport`, which knows the settings of the trait already.
    fn wrap(transport: HttpTransport) -> Self;
}

/// Marks a builder that has a base URL.
#[derive(Debug)]
pub enum BaseUrl {}

/// Marks a builder that needs a base URL before it can build.
#[derive(Debug)]
pub enum NoBaseUrl {}

/// Builds a client, or a bare [`HttpTransport`].
///
/// What is set here wins over the `#[api(..)]` attribute, and loses to a verb attribute and to [`CallOptions`]. Without
/// a base URL there is no `build`, so a missing one is a compile error.
///
/// [`CallOptions`]: crate::CallOptions
pub struct ClientBuilder<C, B = BaseUrl> {
    pub(crate) parts: Parts,
    base_url: Option<String>,
    pub(crate) level: Level,
    client: PhantomData<fn() -> (C, B)>,
}

impl<C, B> fmt::Debug for ClientBuilder<C, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("level", &self.level)
            .field("connection", &self.parts.connection)
            .field("responses", &self.parts.keep)
            .finish_non_exhaustive()
    }
}

impl<C: Client, B> ClientBuilder<C, B> {
    /// Nothing set: for generated code, which knows whether the API has a base URL.
    #[doc(hidden)]
    pub fn new() -> Self {
        Self { parts: Parts::default(), base_url: None, level: Level::default(), client: PhantomData }
    }

    /// The URL that every path is appended to, with exactly one slash between; its own path stays.
    pub fn base_url(self, url: impl AsRef<str>) -> ClientBuilder<C, BaseUrl> {
        let Self { parts, level, .. } = self;
        ClientBuilder { parts, base_url: Some(url.as_ref().to_owned()), level, client: PhantomData }
    }

    /// Takes what `config` sets; its base URL only if there is none yet.
    pub fn config(mut self, config: &HttpConfig) -> Self {
        config.apply(&mut self.level, &mut self.parts.connection);
        if self.base_url.is_none() {
            self.base_url.clone_from(&config.base_url);
        }
        self.parts.keep = config.responses.unwrap_or(self.parts.keep);
        self
    }

    /// The specification to the letter: everything that [`HttpConfig::spec`] lists, at once.
    ///
    /// What is set after it wins; what was set before it stays only where the specification has no opinion.
    /// [`timeout`](Self::timeout) after it bounds attempts again; the specification's meaning with another number is
    /// `timeouts(Timeouts::spec(..))`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use pynector::{Breaker, HttpTransport, Timeouts};
    ///
    /// let transport = HttpTransport::builder("https://api.example.com")
    ///     .spec()
    ///     .timeouts(Timeouts::spec(Duration::from_secs(5)))
    ///     .max_retries(5)
    ///     .breaker(Breaker::spec())
    ///     .build()?;
    /// # Ok::<(), pynector::Error>(())
    /// ```
    pub fn spec(self) -> Self {
        self.config(&HttpConfig::spec())
    }

    /// Carries the calls by `backend` instead of the default one.
    ///
    /// How connections are made is the backend's own affair then: [`ConnectionOptions`] beside it, set by one of the
    /// methods or by [`config`](Self::config), are an error when the client is built.
    pub fn backend(mut self, backend: impl Backend) -> Self {
        self.parts.backend = Some(Arc::new(backend));
        self
    }

    /// Asks `credentials` what each attempt is authorised by; see [`Credentials`]. After a 401 it is asked once more, and if it
    /// has something else the call is sent again, uncounted.
    ///
    /// They go to the origin of the base URL alone, not to where a redirect or a whole URL leads. A call that has an
    /// `authorization` header by itself, by its options or by a level above, is not asked for. Requests that
    /// are only built (`to_request`) have none, since nobody waits there.
    pub fn auth(mut self, credentials: impl Credentials) -> Self {
        self.parts.credentials = Some(Arc::new(credentials));
        self
    }

    /// Answers calls by what `store` keeps of earlier answers, as RFC 9111 allows a private cache.
    ///
    /// Only `GET` with a value that is no stream is answered so, and only by answers that came without a redirect. The
    /// request's own `cache-control` says more: `no-cache` asks the server, `no-store` passes the cache by. A call with a
    /// conditional header or a range of its own passes it by too. What differs in a header is kept apart, but for those that
    /// say nothing of who asks: `cache-control`, `pragma`, `user-agent`, `idempotency-key`, and those that trace a request.
    /// What [`auth`](Self::auth) gives counts as one identity, which no other transport has. Transports that differ in
    /// anything else which servers tell callers by, such as a proxy, should not share a store.
    ///
    /// ```
    /// use pynector::{HttpTransport, MemoryCache};
    ///
    /// let transport =
    ///     HttpTransport::builder("https://api.example.com").cache(MemoryCache::new(64 << 20)).build()?;
    /// # Ok::<(), pynector::Error>(())
    /// ```
    #[cfg(feature = "cache")]
    pub fn cache(mut self, store: impl crate::cache::CacheStore) -> Self {
        self.parts.cache = Some(Arc::new(store));
        self
    }

    /// Tells `observer` what happens inside each call; several may listen.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.parts.observers.push(Arc::new(observer));
        self
    }

    /// Asks `classifier` what the end of each attempt means, before the tables are asked.
    ///
    /// Several are asked in this order: the first opinion counts, but [`never_retry`](crate::Opinion::never_retry) of any wins.
    pub fn classify(mut self, classifier: impl Classify) -> Self {
        self.parts.classifiers.push(Arc::new(classifier));
        self
    }

    /// Writes `value` for the placeholder `name` of a template, unless a call binds it itself; see
    /// [`HttpTransport::with_path_value`].
    pub fn path_value(mut self, name: &'static str, value: impl PathValue) -> Self {
        self.parts.path_values = self.parts.path_values.with(name, &value);
        self
    }

    /// Takes what `options` set; what they leave open stays as it is.
    pub fn connection(mut self, options: ConnectionOptions) -> Self {
        self.parts.connection = options.over(self.parts.connection);
        self
    }

    /// Sends `user-agent: text` instead of `pynector/` and its version: short for [`header`](Self::header).
    pub fn user_agent(self, text: impl AsRef<str>) -> Self {
        self.header("user-agent", text)
    }

    connection_methods!(parts connection);

    /// What becomes of the responses of sent messages that nobody has received yet. Default: 1024 of them wait.
    pub fn responses(mut self, keep: Keep) -> Self {
        self.parts.keep = keep;
        self
    }

    rung_methods!(level);
    retry_methods!(level);
}

impl<C: Client> ClientBuilder<C, BaseUrl> {
    /// Checks every setting and makes the client; nothing is connected yet.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](crate::ErrorKind::Config), with the setting and the rule that it breaks.
    pub fn build(self) -> Result<C> {
        let base_url = self.base_url.as_deref().or(C::API.default_base_url()).unwrap_or_default();
        HttpTransport::assemble(base_url, self.level, self.parts)
    }
}
