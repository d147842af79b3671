/// Every verb.
pub trait Verbs: ::core::marker::Send + ::core::marker::Sync {
    /// `GET`
    fn get(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// `POST`
    fn post(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// `PUT`
    fn put(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// `PATCH`
    fn patch(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// `DELETE`
    fn delete(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// `HEAD`
    fn head(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// `OPTIONS`
    fn options(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// A method without a verb of its own.
    fn query(
        &self,
        question: &str,
    ) -> impl ::core::future::Future<Output = Result<String>> + ::core::marker::Send;
}
/// Calls [`Verbs`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct VerbsClient(::pynector::HttpTransport);
impl VerbsClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 8] = [
            ::pynector::Operation::get("Verbs::get", "/"),
            ::pynector::Operation::post("Verbs::post", "/"),
            ::pynector::Operation::put("Verbs::put", "/"),
            ::pynector::Operation::patch("Verbs::patch", "/"),
            ::pynector::Operation::delete("Verbs::delete", "/"),
            ::pynector::Operation::head("Verbs::head", "/"),
            ::pynector::Operation::options("Verbs::options", "/"),
            ::pynector::Operation::http("QUERY", "Verbs::query", "/"),
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
impl ::pynector::Client for VerbsClient {
    const API: ::pynector::Api = ::pynector::Api::new("Verbs", Self::OPERATIONS);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Verbs for VerbsClient {
    fn get(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(0).outcome()
    }
    fn post(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(1).outcome()
    }
    fn put(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(2).outcome()
    }
    fn patch(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(3).outcome()
    }
    fn delete(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(4).outcome()
    }
    fn head(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(5).outcome()
    }
    fn options(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(6).outcome()
    }
    fn query(&self, question: &str) -> ::pynector::ResponseFuture<Result<String>> {
        self.__call(7).json(&question).outcome()
    }
}
