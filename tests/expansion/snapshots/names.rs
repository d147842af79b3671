/// Names that meet generated ones.
#[allow(non_camel_case_types)]
pub trait r#type: ::core::marker::Send + ::core::marker::Sync {
    /// Collides with a constant of every client.
    fn operations(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Collides with the constant of a trait.
    fn api(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// A keyword.
    fn r#match(
        &self,
        r#fn: u8,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Constructors are no methods.
    fn new(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
}
/// Calls [`type`] over HTTP.
#[allow(non_camel_case_types)]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct typeClient(::pynector::HttpTransport);
#[allow(non_camel_case_types)]
impl typeClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 4] = [
            ::pynector::Operation::get("type::operations", "/operations"),
            ::pynector::Operation::get("type::api", "/api"),
            ::pynector::Operation::get("type::match", "/{fn}"),
            ::pynector::Operation::get("type::new", "/new"),
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
#[allow(non_camel_case_types)]
#[automatically_derived]
impl ::pynector::Client for typeClient {
    const API: ::pynector::Api = ::pynector::Api::new("type", Self::OPERATIONS)
        .base_url("https://h");
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[allow(non_camel_case_types)]
#[automatically_derived]
impl r#type for typeClient {
    fn operations(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(0).outcome()
    }
    fn api(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(1).outcome()
    }
    fn r#match(&self, r#fn: u8) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(2).path("fn", r#fn).outcome()
    }
    fn new(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(3).outcome()
    }
}
