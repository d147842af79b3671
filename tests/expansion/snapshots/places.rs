/// Every place a parameter can go to, in mixed order.
pub trait Places: ::core::marker::Send + ::core::marker::Sync {
    /// All of them.
    #[allow(clippy::too_many_arguments)]
    fn all(
        &self,
        body: &[u8],
        page: Option<u32>,
        trace: Option<&str>,
        id: u64,
        token: &str,
        size: u8,
        r#type: &str,
        tenant: &str,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// A place that stands twice is bound once.
    fn twice(
        &self,
        user: &str,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Credentials of the other kind.
    fn basic(
        &self,
        credentials: (&str, Option<&str>),
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
}
/// Calls [`Places`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct PlacesClient(::pynector::HttpTransport);
impl PlacesClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 3] = [
            ::pynector::Operation::put(
                    "Places::all",
                    "/{tenant}/{kind}-{id}.json?fixed={{1}}",
                )
                .query_names(&["page", "per_page"]),
            ::pynector::Operation::get("Places::twice", "/{user}/of/{user}"),
            ::pynector::Operation::get("Places::basic", "/"),
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
impl ::pynector::Client for PlacesClient {
    const API: ::pynector::Api = ::pynector::Api::new("Places", Self::OPERATIONS);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Places for PlacesClient {
    fn all(
        &self,
        body: &[u8],
        page: Option<u32>,
        trace: Option<&str>,
        id: u64,
        token: &str,
        size: u8,
        r#type: &str,
        tenant: &str,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(0)
            .path("tenant", tenant)
            .path("kind", r#type)
            .path("id", id)
            .query("page", &page)
            .query("per_page", &size)
            .header("x-trace", &trace)
            .bearer(token)
            .json(&body)
            .outcome()
    }
    fn twice(&self, user: &str) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(1).path("user", user).outcome()
    }
    fn basic(
        &self,
        credentials: (&str, Option<&str>),
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(2).basic(credentials).outcome()
    }
}
