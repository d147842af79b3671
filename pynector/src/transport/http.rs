//! The HTTP transport: a base URL, a backend, and settings resolved once for all calls.

mod clones;

use std::fmt;
use std::sync::{Arc, Mutex};

use bytes::Bytes;

use crate::backend::{self, Backend};
#[cfg(feature = "cache")]
use crate::cache::{Cache, CacheStore};
use crate::call::Call;
use crate::classify::Classify;
use crate::client::{BaseUrl, Client, ClientBuilder};
use crate::connection::ConnectionOptions;
use crate::error::{Error, ErrorKind, Result};
use crate::gate::Core;
use crate::observe::Observer;
use crate::operation::{Api, Operation, Resolved, Settings};
use crate::options::{CallOptions, Level};
use crate::papers::Authority;
use crate::policy::deadline::Timeouts;
use crate::request::base::{self, Origin};
use crate::request::header::Headers;
use crate::request::prefix::PathValues;
use crate::transport::conversation::{Conversation, Keep, RawResponse};
use crate::transport::plan::{Plan, Plans};
use crate::transport::session::{InFlight, MakeBackend, Pool, Session};

use self::clones::Captured;

/// Carries calls over HTTP: connections, policies and default headers of one base URL.
///
/// Cheap to clone; clones share connections and circuits. Several generated clients can stand over one transport.
///
/// ```no_run
/// use pynector::{HttpTransport, Operation};
///
/// # async fn run() -> pynector::Result<()> {
/// let transport = HttpTransport::builder("https://api.example.com/v1").bearer("token").build()?;
///
/// const USER: Operation = Operation::get("Users::user", "/users/{id}");
/// let user: serde_json::Value = transport.call(&USER).path("id", 7).send().await?;
/// # Ok(())
/// # }
/// ```
pub struct HttpTransport(Arc<Inner>);

/// What a transport is, behind one pointer: each call has it, and counts it.
struct Inner {
    shared: Arc<Shared>,
    options: Option<Arc<CallOptions>>,
    path_values: PathValues,
    session: Arc<Session>,
    /// Where calls leave their requests instead of sending them.
    capture: Option<Captured>,
    /// A clone that captures and is not in use.
    idle: Mutex<Option<HttpTransport>>,
}

/// What all clones have in common.
struct Shared {
    core: Arc<Core>,
    base: base::BaseUrl,
    /// What the builder said, apart from what a trait says, so that another trait can stand below it.
    explicit: Level,
    /// What a factory takes where neither says anything.
    patience: Timeouts,
    settings: Settings,
    resolved: Resolved,
    headers: Headers,
    plans: Plans,
    keep: Keep,
}

/// What a builder collects beside settings.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) backend: Option<Arc<dyn Backend>>,
    pub(crate) connection: ConnectionOptions,
    pub(crate) observers: Vec<Arc<dyn Observer>>,
    pub(crate) classifiers: Vec<Arc<dyn Classify>>,
    pub(crate) credentials: Option<Arc<dyn Authority>>,
    #[cfg(feature = "cache")]
    pub(crate) cache: Option<Arc<dyn CacheStore>>,
    pub(crate) keep: Keep,
    pub(crate) patience: Timeouts,
    pub(crate) path_values: PathValues,
}

impl HttpTransport {
    /// Starts a transport for `base_url`.
    pub fn builder(base_url: impl AsRef<str>) -> ClientBuilder<Self, BaseUrl> {
        ClientBuilder::<Self, BaseUrl>::new().base_url(base_url)
    }

    /// Starts a call of `operation`; nothing happens until it is awaited.
    pub fn call(&self, operation: &'static Operation) -> Call {
        Call::new(self.share(), operation)
    }

    /// Starts a call of the operation at a place of a client's list, for generated code.
    #[doc(hidden)]
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "the macro counts the operations of the list that it writes")]
    pub fn call_nth(&self, operations: &'static [Operation], place: usize) -> Call {
        self.call(&operations[place])
    }

    /// The same behind as many more as have a condition that holds.
    #[doc(hidden)]
    #[inline]
    pub fn call_nth_behind(&self, operations: &'static [Operation], place: usize, more: &[()]) -> Call {
        self.call_nth(operations, place.saturating_add(more.len()))
    }

    /// Lets `handler` decide what is received for each response of this clone's sends, and of its later clones': the
    /// bytes of a message, or nothing.
    pub fn set_response_handler(
        &self,
        handler: impl Fn(&RawResponse) -> Option<Bytes> + Send + Sync + 'static,
    ) {
        self.conversation().set_handler(Arc::new(handler));
    }

    pub(crate) fn conversation(&self) -> &Conversation {
        self.0.session.conversation()
    }

    pub(super) fn session(&self) -> &Session {
        &self.0.session
    }

    pub(crate) fn keep(&self) -> Keep {
        self.0.shared.keep
    }

    /// The settings of a sent message: below 400 is a response, and there is no deadline unless somebody names one.
    ///
    /// # Errors
    ///
    /// Kind `Config` if the options break a rule.
    pub(crate) fn resolve_session(&self) -> Result<Resolved> {
        let mut settings = self.0.shared.settings;
        if let Some(options) = self.options() {
            options.validate()?;
            settings = options.0.settings.over(&settings);
        }
        if !settings.timeouts.names_deadline() {
            settings.timeouts = settings.timeouts.no_deadline();
        }
        Ok(Resolved { success_below: 400, ..settings.resolve() })
    }

    /// The first client of a new transport; its trait and its builder are read together, as one registration of groups.
    pub(crate) fn assemble<C: Client>(base_url: &str, level: Level, parts: Parts) -> Result<C> {
        let base = base::BaseUrl::parse(base_url)?;
        let origin = Arc::new(base.origin().clone());
        let core = Core::new(origin, parts.observers, parts.classifiers, parts.credentials);
        #[cfg(feature = "cache")]
        let core = core.below(parts.cache.map(Cache::new));
        let shared = Shared::new(Arc::new(core), base, (level, &C::API, parts.patience), parts.keep)?;
        shared.check_prefix(&C::API, &parts.path_values)?;
        let (connection, connect) = (parts.connection, shared.resolved.timeouts.connect);
        let make: MakeBackend = match parts.backend {
            Some(backend) if connection.is_unsaid() => Box::new(move || Ok(Arc::clone(&backend))),
            Some(_) => {
                let rule = "not be given beside `backend`, which makes its own connections; give them to \
                            `ReqwestBackend::with_options`, or leave `backend` out";
                return Err(Error::config("connection", "set", rule));
            }
            None => Box::new(move || backend::default(&connection, connect)),
        };
        let session = Arc::new(Session::new(Arc::new(Pool::new(make)?)));
        Ok(C::wrap(Self::new(shared, parts.path_values, session)))
    }

    fn new(shared: Shared, path_values: PathValues, session: Arc<Session>) -> Self {
        let (shared, idle) = (Arc::new(shared), Mutex::default());
        Self(Arc::new(Inner { shared, options: None, path_values, session, capture: None, idle }))
    }

    /// A transport that has nothing to send with, for requests that others carry.
    ///
    /// # Errors
    ///
    /// Kind `Config` if `base_url` is none.
    pub(crate) fn unconnected(base_url: &str) -> Result<Self> {
        let base = base::BaseUrl::parse(base_url)?;
        let core = Core::new(Arc::new(base.origin().clone()), Vec::new(), Vec::new(), None);
        let shared = Shared::new(
            Arc::new(core),
            base,
            (Level::default(), &Self::API, Timeouts::new()),
            Keep::default(),
        )?;
        let session = Arc::new(Session::new(Arc::new(Pool::closed())));
        Ok(Self::new(shared, PathValues::default(), session))
    }

    /// Lets a call in.
    ///
    /// # Errors
    ///
    /// Kind `NotConnected` after a disconnect; `Request` where requests are only built.
    pub(crate) fn enter(&self) -> Result<InFlight> {
        if self.0.capture.is_some() {
            return Err(Error::new(ErrorKind::Request, "here a request is only built: nothing is sent"));
        }
        self.0.session.enter()
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.0.shared.core
    }

    pub(crate) fn base(&self) -> &base::BaseUrl {
        &self.0.shared.base
    }

    pub(crate) fn path_values(&self) -> &PathValues {
        &self.0.path_values
    }

    pub(crate) fn origin(&self) -> &Arc<Origin> {
        self.0.shared.core.hosts.home()
    }

    /// Headers of every call: what the builder says, then what the trait says.
    pub(crate) fn headers(&self) -> &Headers {
        &self.0.shared.headers
    }

    pub(crate) fn options(&self) -> Option<&CallOptions> {
        self.0.options.as_deref()
    }

    /// What calls of `operation` start from.
    ///
    /// # Errors
    ///
    /// Kind `Config` if its settings break a rule, `Request` for a method or a header that is none.
    pub(crate) fn plan(&self, operation: &'static Operation) -> Result<Arc<Plan>> {
        let shared = &*self.0.shared;
        shared.plans.of(operation, || {
            let settings = shared.rung(operation)?.resolve();
            Plan::new(operation, &settings, &shared.headers)
        })
    }

    /// The settings of a call: its `options`, its operation, then what was resolved for all calls.
    ///
    /// # Errors
    ///
    /// Kind `Config` if the options break a rule.
    #[inline]
    pub(crate) fn settle(
        &self,
        plan: &Plan,
        options: Option<&CallOptions>,
        buffered: bool,
    ) -> Result<Arc<Resolved>> {
        match options {
            Some(options) => self.settle_with(plan, options, buffered),
            None if buffered => Ok(Arc::clone(&plan.settings)),
            None => Ok(Arc::new(Resolved { buffered, ..*plan.settings })),
        }
    }

    fn settle_with(&self, plan: &Plan, options: &CallOptions, buffered: bool) -> Result<Arc<Resolved>> {
        options.validate()?;
        let operation = plan.operation();
        let settings = options.0.settings.over(&self.0.shared.rung(operation)?).resolve();
        Ok(Arc::new(Resolved { buffered, ..operation.judged(&settings) }))
    }
}

impl Shared {
    fn new(
        core: Arc<Core>,
        base: base::BaseUrl,
        (explicit, api, patience): (Level, &Api, Timeouts),
        keep: Keep,
    ) -> Result<Self> {
        explicit.validate()?;
        api.own().validate()?;
        let mut settings = explicit.settings.over(api.own());
        settings.timeouts = settings.timeouts.over(patience);
        for operation in api.operations() {
            Headers::fixed(operation.fixed_headers())?;
            let Some(own) = operation.own() else { continue };
            own.validate_for_operation()?;
            core.register(&own.over(&settings).resolve())?;
        }
        let resolved = settings.resolve();
        core.register(&resolved)?;
        let mut headers = explicit.headers.clone();
        headers.fall_back_to_fixed(api.fixed_headers())?;
        let plans = Plans::for_operations(api.operations().len());
        Ok(Self { core, base, explicit, patience, settings, resolved, headers, plans, keep })
    }

    /// What an operation says of its settings, and all that is weaker.
    fn rung(&self, operation: &Operation) -> Result<Settings> {
        let Some(own) = operation.own() else { return Ok(self.settings) };
        own.validate_for_operation()?;
        Ok(own.over(&self.settings))
    }

    fn check_prefix(&self, api: &Api, values: &PathValues) -> Result<()> {
        api.path_prefix().map_or(Ok(()), |prefix| values.check(&self.base, prefix))
    }
}

/// A transport is the client of an API that says nothing.
impl Client for HttpTransport {
    const API: Api = Api::new("HttpTransport", &[]);

    fn wrap(transport: HttpTransport) -> Self {
        transport
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport")
            .field("base_url", &self.0.shared.base)
            .field("headers", &self.0.shared.headers)
            .field("settings", &self.0.shared.resolved)
            .field("responses", &self.0.shared.keep)
            .field("session", &self.0.session)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod ladder;
#[cfg(test)]
mod rows;
