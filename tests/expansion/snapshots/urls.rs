/// Every form of a path and of a query.
pub trait Urls: ::core::marker::Send + ::core::marker::Sync {
    /// A segment that may be absent, one for the rest, and text that is encoded already.
    fn object(
        &self,
        tenant: Option<&str>,
        bucket: &str,
        key: &str,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Absent, and encoded already.
    fn file(
        &self,
        at: Option<String>,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Lists and structs in every style.
    fn styles(
        &self,
        ids: &[u64],
        words: &[&str],
        names: &[&str],
        tags: &[&str],
        filter: &Filter,
        sort: &Filter,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// What is encoded already.
    fn raw(
        &self,
        cursor: &str,
        codes: &[&str],
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
}
/// Calls [`Urls`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct UrlsClient(::pynector::HttpTransport);
impl UrlsClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 4] = [
            ::pynector::Operation::get("Urls::object", "/{tenant?}/{bucket}/{*key}"),
            ::pynector::Operation::get("Urls::file", "/files/{path?}"),
            ::pynector::Operation::get("Urls::styles", "/search")
                .query_names(&["ids", "w", "names", "tags", "filter", "sort"]),
            ::pynector::Operation::get("Urls::raw", "/raw").query_names(&["cursor", "c"]),
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
impl ::pynector::Client for UrlsClient {
    const API: ::pynector::Api = ::pynector::Api::new("Urls", Self::OPERATIONS);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Urls for UrlsClient {
    fn object(
        &self,
        tenant: Option<&str>,
        bucket: &str,
        key: &str,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(0)
            .path_optional("tenant", tenant)
            .path_encoded("bucket", bucket)
            .path("key", key)
            .outcome()
    }
    fn file(&self, at: Option<String>) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(1).path_optional_encoded("path", at).outcome()
    }
    fn styles(
        &self,
        ids: &[u64],
        words: &[&str],
        names: &[&str],
        tags: &[&str],
        filter: &Filter,
        sort: &Filter,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(2)
            .query_styled("ids", ::pynector::QueryStyle::Csv, &ids)
            .query_styled("w", ::pynector::QueryStyle::Space, &words)
            .query_styled("names", ::pynector::QueryStyle::Pipe, &names)
            .query_styled("tags", ::pynector::QueryStyle::Brackets, &tags)
            .query_styled("filter", ::pynector::QueryStyle::DeepObject, &filter)
            .query_styled("sort", ::pynector::QueryStyle::Dots, &sort)
            .outcome()
    }
    fn raw(
        &self,
        cursor: &str,
        codes: &[&str],
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(3)
            .query_encoded("cursor", &cursor)
            .query_styled_encoded("c", ::pynector::QueryStyle::Csv, &codes)
            .outcome()
    }
}
/// What is searched for.
#[derive(Debug, Serialize)]
pub struct Filter {
    state: &'static str,
}
