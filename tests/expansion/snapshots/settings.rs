/// Settings at both levels.
pub trait Settings: ::core::marker::Send + ::core::marker::Sync {
    /// Everything off.
    fn off(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Nothing is an answer too.
    fn found(
        &self,
    ) -> impl ::core::future::Future<
        Output = Result<Option<String>>,
    > + ::core::marker::Send;
    /// And so is every error.
    fn seen(
        &self,
    ) -> impl ::core::future::Future<
        Output = Result<pynector::Response<String>>,
    > + ::core::marker::Send;
    /// Everything of its own.
    fn own(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
}
/// Calls [`Settings`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct SettingsClient(::pynector::HttpTransport);
impl SettingsClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 4] = [
            ::pynector::Operation::get("Settings::off", "/off")
                .rules(
                    &::pynector::OperationRules::new()
                        .timeouts(
                            ::pynector::Timeouts::new()
                                .no_connect()
                                .no_attempt()
                                .no_write()
                                .no_deadline(),
                        )
                        .retry(::pynector::RetryPolicy::off())
                        .breaker(::pynector::Breaker::off())
                        .rate_limit(::pynector::RateLimit::off())
                        .max_in_flight(::pynector::MaxInFlight::off())
                        .hedge(::pynector::Hedge::off())
                        .follow_redirects(false)
                        .any_origin(::pynector::AnyOrigin::Refused)
                        .max_body(::core::primitive::u64::MAX)
                        .compress(::pynector::ContentCoding::Identity)
                        .decompress(false),
                ),
            ::pynector::Operation::get("Settings::found", "/found")
                .rules(
                    &::pynector::OperationRules::new()
                        .none_on(::pynector::StatusCodes::of(&[404]).range(410, 411)),
                ),
            ::pynector::Operation::get("Settings::seen", "/seen")
                .rules(&::pynector::OperationRules::new().any_status()),
            ::pynector::Operation::post("Settings::own", "/own")
                .headers(&[("accept", "application/json")])
                .idempotency_key(
                    ::pynector::IdempotencyKey::header("x-request-key").raw(),
                )
                .rules(
                    &::pynector::OperationRules::new()
                        .timeouts(
                            ::pynector::Timeouts::new()
                                .timeout(::core::time::Duration::from_millis(250)),
                        )
                        .retry(
                            ::pynector::RetryPolicy::new()
                                .status_codes(::pynector::StatusCodes::of(&[]))
                                .jitter(::pynector::Jitter::None)
                                .budget(::pynector::RetryBudget::off()),
                        )
                        .breaker(
                            ::pynector::Breaker::new()
                                .reset_timeout(::core::time::Duration::from_secs(60))
                                .group("own"),
                        )
                        .rate_limit(
                            ::pynector::RateLimit::new(
                                    5,
                                    ::core::time::Duration::from_secs(1),
                                )
                                .group("own"),
                        )
                        .max_in_flight(::pynector::MaxInFlight::new(2).group("own"))
                        .max_body(1000),
                ),
        ];
        &OPERATIONS
    };
    /// A client for the base URL that the trait names.
    pub fn new() -> ::pynector::Result<Self> {
        Self::builder().build()
    }
    /// A client for `base_url`.
    pub fn at(base_url: impl ::core::convert::AsRef<str>) -> ::pynector::Result<Self> {
        Self::builder().base_url(base_url).build()
    }
    /// Starts a client whose settings differ from the trait's.
    pub fn builder() -> ::pynector::ClientBuilder<Self, ::pynector::client::BaseUrl> {
        ::pynector::ClientBuilder::new()
    }
    /// A client over `transport`, whose own settings win over the trait's.
    pub fn from_transport(
        transport: ::pynector::HttpTransport,
    ) -> ::pynector::Result<Self> {
        transport.for_client()
    }
    /// The transport that carries the calls.
    pub fn transport(&self) -> &::pynector::HttpTransport {
        &self.0
    }
    /// The request that `call` starts with; nothing is sent.
    pub fn to_request<T>(
        &self,
        call: impl ::core::ops::AsyncFnOnce(&Self) -> T,
    ) -> ::pynector::Result<::pynector::http::Request<::pynector::bytes::Bytes>> {
        self.0.to_request_of(Self, call)
    }
    /// A clone whose calls carry `options`.
    #[must_use]
    pub fn with_options(&self, options: ::pynector::CallOptions) -> Self {
        Self(self.0.with_options(options))
    }
    #[inline]
    fn __call(&self, place: usize) -> ::pynector::Call {
        self.0.call_nth(Self::OPERATIONS, place)
    }
}
#[automatically_derived]
impl ::pynector::Client for SettingsClient {
    const API: ::pynector::Api = ::pynector::Api::new("Settings", Self::OPERATIONS)
        .base_url("http://127.0.0.1:8080/v1/")
        .headers(&[("accept", "text/plain"), ("x-tag", "a"), ("x-tag", "b")])
        .timeouts(
            ::pynector::Timeouts::new()
                .connect(::core::time::Duration::from_secs(2))
                .attempt(::core::time::Duration::from_secs(90))
                .write(::core::time::Duration::from_secs(5))
                .no_read()
                .deadline(::core::time::Duration::from_secs(7200))
                .deadline_header("x-time-left"),
        )
        .retry(
            ::pynector::RetryPolicy::new()
                .max_retries(0)
                .initial_backoff(::core::time::Duration::from_micros(500))
                .max_backoff(::core::time::Duration::from_secs(8))
                .multiplier(2.0)
                .status_codes(::pynector::StatusCodes::of(&[429, 500]).range(502, 504))
                .jitter(::pynector::Jitter::Equal)
                .max_retry_after(::core::time::Duration::from_secs(30))
                .budget(::pynector::RetryBudget::new().ratio(0.5).min_per_second(2.0))
                .any_method(),
        )
        .breaker(
            ::pynector::Breaker::new()
                .failure_threshold(5)
                .min_failure_rate(0.5)
                .open(::core::time::Duration::from_secs(1))
                .max_open(::core::time::Duration::from_secs(15))
                .probes(1)
                .wait_up_to(::core::time::Duration::from_secs(5))
                .ramp(::core::time::Duration::from_secs(10))
                .group("all"),
        )
        .rate_limit(
            ::pynector::RateLimit::new(100, ::core::time::Duration::from_secs(60))
                .burst(10)
                .group("all"),
        )
        .max_in_flight(
            ::pynector::MaxInFlight::new(8)
                .queue(100)
                .wait(::core::time::Duration::from_secs(1))
                .group("all"),
        )
        .follow_redirects(true)
        .max_redirects(3)
        .any_origin(::pynector::AnyOrigin::Bare)
        .max_body(64 << 20)
        .compress(::pynector::ContentCoding::Gzip)
        .decompress(true);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Settings for SettingsClient {
    fn off(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(0).outcome()
    }
    fn found(&self) -> ::pynector::ResponseFuture<Result<Option<String>>> {
        self.__call(1).outcome_or_none()
    }
    fn seen(&self) -> ::pynector::ResponseFuture<Result<pynector::Response<String>>> {
        self.__call(2).outcome_of_any_status()
    }
    fn own(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(3).outcome()
    }
}
/// A breaker with nothing but defaults.
pub trait Defaults: ::core::marker::Send + ::core::marker::Sync {}
/// Calls [`Defaults`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct Nothing(::pynector::HttpTransport);
impl Nothing {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 0] = [];
        &OPERATIONS
    };
    /// A client for `base_url`.
    pub fn at(base_url: impl ::core::convert::AsRef<str>) -> ::pynector::Result<Self> {
        Self::builder().base_url(base_url).build()
    }
    /// Starts a client whose settings differ from the trait's.
    pub fn builder() -> ::pynector::ClientBuilder<Self, ::pynector::client::NoBaseUrl> {
        ::pynector::ClientBuilder::new()
    }
    /// A client over `transport`, whose own settings win over the trait's.
    pub fn from_transport(
        transport: ::pynector::HttpTransport,
    ) -> ::pynector::Result<Self> {
        transport.for_client()
    }
    /// The transport that carries the calls.
    pub fn transport(&self) -> &::pynector::HttpTransport {
        &self.0
    }
    /// The request that `call` starts with; nothing is sent.
    pub fn to_request<T>(
        &self,
        call: impl ::core::ops::AsyncFnOnce(&Self) -> T,
    ) -> ::pynector::Result<::pynector::http::Request<::pynector::bytes::Bytes>> {
        self.0.to_request_of(Self, call)
    }
    /// A clone whose calls carry `options`.
    #[must_use]
    pub fn with_options(&self, options: ::pynector::CallOptions) -> Self {
        Self(self.0.with_options(options))
    }
}
#[automatically_derived]
impl ::pynector::Client for Nothing {
    const API: ::pynector::Api = ::pynector::Api::new("Defaults", Self::OPERATIONS)
        .retry(::pynector::RetryPolicy::new().jitter(::pynector::Jitter::Full))
        .breaker(::pynector::Breaker::on())
        .max_in_flight(::pynector::MaxInFlight::new(8));
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Defaults for Nothing {}
/// A second request instead of another one.
pub trait Hedged: ::core::marker::Send + ::core::marker::Sync {
    /// Soon.
    fn get(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Known again by its key.
    fn add(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// By a key of another name.
    fn change(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
}
/// Calls [`Hedged`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct HedgedClient(::pynector::HttpTransport);
impl HedgedClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 3] = [
            ::pynector::Operation::get("Hedged::get", "/")
                .rules(
                    &::pynector::OperationRules::new()
                        .hedge(
                            ::pynector::Hedge::after(
                                    ::core::time::Duration::from_millis(50),
                                )
                                .max(2),
                        ),
                ),
            ::pynector::Operation::post("Hedged::add", "/")
                .idempotency_key(::pynector::IdempotencyKey::new())
                .rules(
                    &::pynector::OperationRules::new()
                        .hedge(
                            ::pynector::Hedge::after(
                                ::core::time::Duration::from_secs(1),
                            ),
                        ),
                ),
            ::pynector::Operation::patch("Hedged::change", "/")
                .idempotency_key(::pynector::IdempotencyKey::header("request-id")),
        ];
        &OPERATIONS
    };
    /// A client for `base_url`.
    pub fn at(base_url: impl ::core::convert::AsRef<str>) -> ::pynector::Result<Self> {
        Self::builder().base_url(base_url).build()
    }
    /// Starts a client whose settings differ from the trait's.
    pub fn builder() -> ::pynector::ClientBuilder<Self, ::pynector::client::NoBaseUrl> {
        ::pynector::ClientBuilder::new()
    }
    /// A client over `transport`, whose own settings win over the trait's.
    pub fn from_transport(
        transport: ::pynector::HttpTransport,
    ) -> ::pynector::Result<Self> {
        transport.for_client()
    }
    /// The transport that carries the calls.
    pub fn transport(&self) -> &::pynector::HttpTransport {
        &self.0
    }
    /// The request that `call` starts with; nothing is sent.
    pub fn to_request<T>(
        &self,
        call: impl ::core::ops::AsyncFnOnce(&Self) -> T,
    ) -> ::pynector::Result<::pynector::http::Request<::pynector::bytes::Bytes>> {
        self.0.to_request_of(Self, call)
    }
    /// A clone whose calls carry `options`.
    #[must_use]
    pub fn with_options(&self, options: ::pynector::CallOptions) -> Self {
        Self(self.0.with_options(options))
    }
    #[inline]
    fn __call(&self, place: usize) -> ::pynector::Call {
        self.0.call_nth(Self::OPERATIONS, place)
    }
}
#[automatically_derived]
impl ::pynector::Client for HedgedClient {
    const API: ::pynector::Api = ::pynector::Api::new("Hedged", Self::OPERATIONS)
        .hedge(::pynector::Hedge::p95());
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Hedged for HedgedClient {
    fn get(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(0).outcome()
    }
    fn add(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(1).outcome()
    }
    fn change(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(2).outcome()
    }
}
