/// A path that all methods share.
pub trait Prefixed: ::core::marker::Send + ::core::marker::Sync {
    /// The prefix, one slash, and the path.
    fn user(
        &self,
        id: u64,
    ) -> impl ::core::future::Future<Output = Result<String>> + ::core::marker::Send;
    /// The prefix alone, and a query.
    fn all(
        &self,
    ) -> impl ::core::future::Future<Output = Result<String>> + ::core::marker::Send;
    /// A value of the prefix once more.
    fn copy(
        &self,
        tenant: &str,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
}
/// Calls [`Prefixed`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct PrefixedClient(::pynector::HttpTransport);
impl PrefixedClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 3] = [
            ::pynector::Operation::get(
                "Prefixed::user",
                "/v2/{tenant}/{type}/users/{id}",
            ),
            ::pynector::Operation::get("Prefixed::all", "/v2/{tenant}/{type}?all=1"),
            ::pynector::Operation::post(
                "Prefixed::copy",
                "/v2/{tenant}/{type}/copy/{tenant}",
            ),
        ];
        &OPERATIONS
    };
    /// A client for the base URL that the trait names.
    pub fn new(
        tenant: impl ::pynector::PathValue,
        r#type: impl ::pynector::PathValue,
    ) -> ::pynector::Result<Self> {
        Self::builder(tenant, r#type).build()
    }
    /// A client for `base_url`.
    pub fn at(
        base_url: impl ::core::convert::AsRef<str>,
        tenant: impl ::pynector::PathValue,
        r#type: impl ::pynector::PathValue,
    ) -> ::pynector::Result<Self> {
        Self::builder(tenant, r#type).base_url(base_url).build()
    }
    /// Starts a client whose settings differ from the trait's.
    pub fn builder(
        tenant: impl ::pynector::PathValue,
        r#type: impl ::pynector::PathValue,
    ) -> ::pynector::ClientBuilder<Self, ::pynector::client::BaseUrl> {
        ::pynector::ClientBuilder::new()
            .path_value("tenant", tenant)
            .path_value("type", r#type)
    }
    /// A client over `transport`, whose own settings win over the trait's.
    pub fn from_transport(
        transport: ::pynector::HttpTransport,
        tenant: impl ::pynector::PathValue,
        r#type: impl ::pynector::PathValue,
    ) -> ::pynector::Result<Self> {
        transport.path_value("tenant", tenant).path_value("type", r#type).for_client()
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
    /// A clone whose calls have this `tenant` in their paths.
    #[must_use]
    pub fn with_tenant(&self, tenant: impl ::pynector::PathValue) -> Self {
        Self(self.0.with_path_value("tenant", tenant))
    }
    /// A clone whose calls have this `type` in their paths.
    #[must_use]
    pub fn with_type(&self, r#type: impl ::pynector::PathValue) -> Self {
        Self(self.0.with_path_value("type", r#type))
    }
    #[inline]
    fn __call(&self, place: usize) -> ::pynector::Call {
        self.0.call_nth(Self::OPERATIONS, place)
    }
}
#[automatically_derived]
impl ::pynector::Client for PrefixedClient {
    const API: ::pynector::Api = ::pynector::Api::new("Prefixed", Self::OPERATIONS)
        .base_url("https://h")
        .prefix("/v2/{tenant}/{type}");
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Prefixed for PrefixedClient {
    fn user(&self, id: u64) -> ::pynector::ResponseFuture<Result<String>> {
        self.__call(0).path("id", id).outcome()
    }
    fn all(&self) -> ::pynector::ResponseFuture<Result<String>> {
        self.__call(1).outcome()
    }
    fn copy(&self, tenant: &str) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(2).query("tenant", &tenant).outcome()
    }
}
