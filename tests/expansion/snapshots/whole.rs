/// A whole URL instead of a path, and options of single calls.
pub trait Whole: ::core::marker::Send + ::core::marker::Sync {
    /// Neither base path nor prefix stand before it.
    fn next(
        &self,
        size: u32,
        link: &str,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// With keys.
    fn upload(
        &self,
        bytes: Vec<u8>,
        target: ::pynector::url::Url,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Another method.
    fn purge(
        &self,
        target: &::pynector::http::Uri,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// The strongest rung, whatever else there is.
    fn patient(
        &self,
        how: Option<::pynector::CallOptions>,
        id: u64,
        body: &str,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
}
/// Calls [`Whole`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct WholeClient(::pynector::HttpTransport);
impl WholeClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 4] = [
            ::pynector::Operation::get("Whole::next", ""),
            ::pynector::Operation::post("Whole::upload", "")
                .rules(
                    &::pynector::OperationRules::new()
                        .timeouts(
                            ::pynector::Timeouts::new()
                                .timeout(::core::time::Duration::from_secs(5)),
                        ),
                ),
            ::pynector::Operation::http("PURGE", "Whole::purge", ""),
            ::pynector::Operation::put("Whole::patient", "/v2/{tenant}/{id}"),
        ];
        &OPERATIONS
    };
    /// A client for `base_url`.
    pub fn at(
        base_url: impl ::core::convert::AsRef<str>,
        tenant: impl ::pynector::PathValue,
    ) -> ::pynector::Result<Self> {
        Self::builder(tenant).base_url(base_url).build()
    }
    /// Starts a client whose settings differ from the trait's.
    pub fn builder(
        tenant: impl ::pynector::PathValue,
    ) -> ::pynector::ClientBuilder<Self, ::pynector::client::NoBaseUrl> {
        ::pynector::ClientBuilder::new().path_value("tenant", tenant)
    }
    /// A client over `transport`, whose own settings win over the trait's.
    pub fn from_transport(
        transport: ::pynector::HttpTransport,
        tenant: impl ::pynector::PathValue,
    ) -> ::pynector::Result<Self> {
        transport.path_value("tenant", tenant).for_client()
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
    #[inline]
    fn __call(&self, place: usize) -> ::pynector::Call {
        self.0.call_nth(Self::OPERATIONS, place)
    }
}
#[automatically_derived]
impl ::pynector::Client for WholeClient {
    const API: ::pynector::Api = ::pynector::Api::new("Whole", Self::OPERATIONS)
        .prefix("/v2/{tenant}");
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Whole for WholeClient {
    fn next(&self, size: u32, link: &str) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(0).url(link).query("size", &size).outcome()
    }
    fn upload(
        &self,
        bytes: Vec<u8>,
        target: ::pynector::url::Url,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(1).url(target).body(bytes).outcome()
    }
    fn purge(
        &self,
        target: &::pynector::http::Uri,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(2).url(target).outcome()
    }
    fn patient(
        &self,
        how: Option<::pynector::CallOptions>,
        id: u64,
        body: &str,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(3).path("id", id).json(&body).call_options(how).outcome()
    }
}
