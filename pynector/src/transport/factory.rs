//! Factories: transports with the same defaults, and transports by name.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use crate::backend::Backend;
use crate::connection::{ConnectionOptions, connection_methods};
use crate::error::{Error, Result};
use crate::observe::Observer;
use crate::options::{Level, retry_methods, rung_methods};
use crate::policy::deadline::Timeouts;
use crate::transport::config::HttpConfig;
use crate::transport::conversation::Keep;
use crate::transport::http::{HttpTransport, Parts};
use crate::transport::message::Message;
use crate::transport::protocol::BoxTransport;

/// The specification gives factories more patience than transports.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Makes transports of messages `M`.
pub trait TransportFactory<M: Message>: Send + Sync {
    /// A transport, not connected yet.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](crate::ErrorKind::Config) if a setting breaks a rule.
    fn create(&self) -> Result<BoxTransport<M>>;
}

/// Settings of the transports of a factory, or of one of them: all that a builder takes.
///
/// ```
/// use std::time::Duration;
/// use pynector::Overrides;
///
/// let hasty = Overrides::new().timeout(Duration::from_secs(5)).max_retries(1).header("x-trace", "abc");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    level: Level,
    connection: ConnectionOptions,
    responses: Option<Keep>,
    backend: Option<Arc<dyn Backend>>,
    observers: Vec<Arc<dyn Observer>>,
}

impl Overrides {
    /// Nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The specification to the letter, as [`HttpConfig::spec`] lists it, with the 30 s that it gives factories; what is
    /// set after it wins.
    pub fn spec(self) -> Self {
        self.config(&HttpConfig::spec()).timeouts(Timeouts::spec(TIMEOUT))
    }

    /// Takes what `config` sets but for its base URL, which is the factory's.
    pub fn config(mut self, config: &HttpConfig) -> Self {
        config.apply(&mut self.level, &mut self.connection);
        self.responses = config.responses.or(self.responses);
        self
    }

    /// Carries the calls by `backend` instead of the default one; transports that have it from their factory share it.
    ///
    /// [`ConnectionOptions`] beside it are an error when a transport is made: the backend makes its own connections.
    pub fn backend(mut self, backend: impl Backend) -> Self {
        self.backend = Some(Arc::new(backend));
        self
    }

    /// Tells `observer` what happens inside each call, beside those that were named before and in the defaults.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    /// Takes what `options` set; what they leave open stays as it is.
    pub fn connection(mut self, options: ConnectionOptions) -> Self {
        self.connection = options.over(self.connection);
        self
    }

    /// Sends `user-agent: text`: short for [`header`](Self::header).
    pub fn user_agent(self, text: impl AsRef<str>) -> Self {
        self.header("user-agent", text)
    }

    /// What becomes of the responses of sent messages that nobody has received yet. Default: 1024 of them wait.
    pub fn responses(mut self, keep: Keep) -> Self {
        self.responses = Some(keep);
        self
    }

    rung_methods!(level);
    retry_methods!(level);
    connection_methods!(connection);

    /// What is said here, and the rest of `weaker`; headers by name, and the observers of both.
    fn over(self, weaker: Self) -> Self {
        let mut observers = weaker.observers;
        observers.extend(self.observers);
        Self {
            level: self.level.over(&weaker.level),
            connection: self.connection.over(weaker.connection),
            responses: self.responses.or(weaker.responses),
            backend: self.backend.or(weaker.backend),
            observers,
        }
    }
}

/// Makes HTTP transports that share their defaults, but neither connections nor circuits.
///
/// ```no_run
/// use pynector::{HttpMessage, HttpTransportFactory, Overrides, Result};
///
/// # fn run() -> Result<()> {
/// let factory = HttpTransportFactory::<HttpMessage>::new("https://api.example.com")
///     .defaults(Overrides::new().header("user-agent", "shop/1.0").max_retries(5));
/// let patient = factory.create_transport(Overrides::new())?;
/// let hasty = factory.create_transport(Overrides::new().max_retries(0))?;
/// # Ok(())
/// # }
/// ```
pub struct HttpTransportFactory<M> {
    base_url: String,
    defaults: Overrides,
    message: PhantomData<fn() -> M>,
}

impl<M: Message> HttpTransportFactory<M> {
    /// Makes transports for `base_url`, whose `timeout` is 30 s unless somebody says otherwise.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self { base_url: base_url.into(), defaults: Overrides::new(), message: PhantomData }
    }

    /// Sets what every transport starts from.
    pub fn defaults(mut self, defaults: Overrides) -> Self {
        self.defaults = defaults;
        self
    }

    /// A transport whose settings are those of `overrides`, and where they are silent the defaults; headers merge by
    /// name. It is not connected yet. For a client over it ([`for_client`](HttpTransport::for_client)) both win over what
    /// its trait says, and the 30 s count only where nobody says anything.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](crate::ErrorKind::Config), with the setting and the rule that it breaks.
    pub fn create_transport(&self, overrides: Overrides) -> Result<HttpTransport> {
        overrides.level.validate()?;
        self.defaults.level.validate()?;
        let Overrides { level, connection, responses, backend, observers } =
            overrides.over(self.defaults.clone());
        let (keep, patience) = (responses.unwrap_or_default(), Timeouts::new().timeout(TIMEOUT));
        let parts = Parts { backend, connection, observers, keep, patience, ..Parts::default() };
        HttpTransport::assemble(&self.base_url, level, parts)
    }
}

impl<M: Message> TransportFactory<M> for HttpTransportFactory<M> {
    fn create(&self) -> Result<BoxTransport<M>> {
        self.create_transport(Overrides::new()).map(BoxTransport::new)
    }
}

impl<M> fmt::Debug for HttpTransportFactory<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransportFactory")
            .field("base_url", &crate::request::base::redacted(&self.base_url))
            .field("defaults", &self.defaults)
            .finish_non_exhaustive()
    }
}

/// Factories by name, one registry for each kind of message.
///
/// ```
/// use pynector::{HttpMessage, HttpTransportFactory, TransportRegistry};
///
/// let mut registry = TransportRegistry::<HttpMessage>::new();
/// registry.register("shop", HttpTransportFactory::<HttpMessage>::new("https://shop.example.com"))?;
/// assert!(registry.create("bank").is_err());
/// # Ok::<(), pynector::Error>(())
/// ```
pub struct TransportRegistry<M> {
    factories: BTreeMap<String, Box<dyn TransportFactory<M>>>,
}

impl<M> Default for TransportRegistry<M> {
    fn default() -> Self {
        Self { factories: BTreeMap::new() }
    }
}

impl<M: Message> TransportRegistry<M> {
    /// No factories.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a factory.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](crate::ErrorKind::Config) if the name is taken; the factory that has it stays.
    pub fn register(
        &mut self,
        name: impl Into<String>,
        factory: impl TransportFactory<M> + 'static,
    ) -> Result<()> {
        let name = name.into();
        if self.factories.contains_key(&name) {
            return Err(Error::config("transport", format!("{name:?}"), "be registered once"));
        }
        self.factories.insert(name, Box::new(factory));
        Ok(())
    }

    /// A transport of the factory of this name.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](crate::ErrorKind::Config) for a name that nobody registered, and as the factory says.
    pub fn create(&self, name: &str) -> Result<BoxTransport<M>> {
        let Some(factory) = self.factories.get(name) else {
            let known = self.factories.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            let rule = if known.is_empty() {
                "be registered first; nothing is".to_owned()
            } else {
                format!("be one of those that are registered: {known}")
            };
            return Err(Error::config("transport", format!("{name:?}"), rule));
        };
        factory.create()
    }
}

impl<M> fmt::Debug for TransportRegistry<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.factories.keys()).finish()
    }
}
