//! What an operation is, as a constant: method, template, fixed headers and its rung of the settings ladder.

mod events;
mod lines;
mod pages;
mod rules;
mod settings;
mod view;

use crate::policy::classify::replayable_method;
use crate::policy::{Breaker, Hedge, IdempotencyKey, MaxInFlight, RateLimit, RetryPolicy, Timeouts};

pub use self::events::EventRules;
pub use self::lines::LineRules;
pub use self::pages::Paginate;
pub(crate) use self::pages::Rule;
pub use self::rules::OperationRules;
pub use self::settings::AnyOrigin;
use self::settings::constant_rung;
pub(crate) use self::settings::{Resolved, Settings};
pub use self::view::OperationSettings;
use crate::request::coding::{Compress, ContentCoding};

/// One operation of an API: what is sent, before any value is bound.
///
/// Generated clients hold a list of them; written by hand, it is the way to call a transport without a
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
    form_names: &'static [&'static str],
    idempotent: bool,
    idempotency_key: Option<IdempotencyKey>,
    /// Behind a reference: most operations say nothing here (record 0214).
    rules: Option<&'static OperationRules>,
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
        Self {
            name,
            method,
            template,
            headers: &[],
            query_names: &[],
            form_names: &[],
            idempotent: false,
            idempotency_key: None,
            rules: None,
        }
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

    /// The same for the fields of a form.
    pub const fn form_names(mut self, names: &'static [&'static str]) -> Self {
        self.form_names = names;
        self
    }

    /// Sending it twice does what sending it once does, whatever its method says (RFC 9110 §9.2.2).
    pub const fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Sends each call with a key by which the server knows it again (IDM-3).
    pub const fn idempotency_key(mut self, key: IdempotencyKey) -> Self {
        self.idempotency_key = Some(key);
        self
    }

    /// Its settings, what its statuses mean, and how its pages, events and lines go on; it replaces those said before.
    ///
    /// ```
    /// use pynector::{Operation, OperationRules, StatusCodes};
    ///
    /// const FIND: Operation = Operation::get("Users::find", "/users/{name}")
    ///     .rules(&OperationRules::new().none_on(StatusCodes::of(&[404])).max_body(1 << 20));
    /// ```
    pub const fn rules(mut self, rules: &'static OperationRules) -> Self {
        self.rules = Some(rules);
        self
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

    /// The headers of its attribute, names in lower case; each level below may add others.
    pub const fn fixed_headers(&self) -> &'static [(&'static str, &'static str)] {
        self.headers
    }

    /// Whether sending it twice does what sending it once does: by its method, by a key, or since it is
    /// declared so.
    pub const fn is_idempotent(&self) -> bool {
        self.may_repeat(self.method)
    }

    /// Whether a request of it that has this method may be sent twice; redirects change the method.
    pub(crate) const fn may_repeat(&self, method: &str) -> bool {
        self.declared_idempotent() || replayable_method(method)
    }

    /// What it says of its settings itself, before any other level of the ladder.
    pub const fn settings(&self) -> OperationSettings {
        OperationSettings { rules: self.said() }
    }

    const fn said(&self) -> &'static OperationRules {
        const NOTHING: &OperationRules = &OperationRules::new();
        match self.rules {
            Some(rules) => rules,
            None => NOTHING,
        }
    }

    /// `settings`, with what this operation says of statuses.
    pub(crate) const fn judge(&self, settings: &mut Resolved) {
        if self.idempotency_key.is_some() {
            settings.retry = settings.retry.with_key();
        }
        let rules = self.said();
        settings.none_on = rules.none_on;
        settings.any_status = rules.any_status;
    }

    /// The same of a copy.
    pub(crate) const fn judged(&self, settings: &Resolved) -> Resolved {
        let mut settings = *settings;
        self.judge(&mut settings);
        settings
    }

    pub(crate) const fn named_query(&self) -> &'static [&'static str] {
        self.query_names
    }

    pub(crate) const fn named_form(&self) -> &'static [&'static str] {
        self.form_names
    }

    pub(crate) const fn event_rules(&self) -> EventRules {
        self.said().events
    }

    pub(crate) const fn line_rules(&self) -> LineRules {
        self.said().lines
    }

    /// Where its next page is, if it says so.
    pub(crate) const fn pagination(&self) -> Option<&Paginate> {
        self.said().paginate.as_ref()
    }

    pub(crate) const fn key(&self) -> Option<IdempotencyKey> {
        self.idempotency_key
    }

    /// Whether it is declared idempotent, whatever the method of a request is after redirects.
    pub(crate) const fn declared_idempotent(&self) -> bool {
        self.idempotent || self.idempotency_key.is_some()
    }

    /// Its rung of the ladder, where it says anything.
    pub(crate) const fn own(&self) -> Option<&Settings> {
        self.said().settings.as_ref()
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

    constant_rung!();

    const fn rung(&self) -> Settings {
        self.settings
    }

    const fn with(mut self, rung: &Settings) -> Self {
        self.settings = *rung;
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

    pub(crate) const fn own(&self) -> &Settings {
        &self.settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_small_and_its_rules_are_elsewhere() {
        // A program holds two of each: among the operations of its client, and where it is called (record 0214).
        assert!(size_of::<Operation>() <= 136, "{} bytes", size_of::<Operation>());
    }
}
