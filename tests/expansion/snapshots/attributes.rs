/// Attributes find their way.
#[deprecated(note = "the service is gone")]
#[allow(clippy::too_many_arguments)]
pub trait Attributes: ::core::marker::Send + ::core::marker::Sync {
    /// Only on Unix.
    #[cfg(unix)]
    fn here(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Never there.
    #[cfg(not(any(unix, windows)))]
    fn there(
        &self,
    ) -> impl ::core::future::Future<Output = Result<Missing>> + ::core::marker::Send;
    /// Out of fashion.
    #[deprecated]
    fn old(
        &self,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Lints of the user.
    #[expect(non_snake_case)]
    fn lints(
        &self,
        camelCase: u8,
        #[allow(unused)]
        other: u8,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
}
/// Calls [`Attributes`] over HTTP.
#[deprecated(note = "the service is gone")]
#[allow(clippy::too_many_arguments)]
#[allow(deprecated)]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct AttributesClient(::pynector::HttpTransport);
#[allow(clippy::too_many_arguments)]
#[allow(deprecated)]
impl AttributesClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; <[()]>::len(
            &[#[cfg(unix)] (), #[cfg(not(any(unix, windows)))] (), (), ()],
        )] = [
            #[cfg(unix)]
            ::pynector::Operation::get("Attributes::here", "/here"),
            #[cfg(not(any(unix, windows)))]
            ::pynector::Operation::get("Attributes::there", "/there"),
            ::pynector::Operation::get("Attributes::old", "/old"),
            ::pynector::Operation::get("Attributes::lints", "/lints")
                .query_names(&["camelCase", "other"]),
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
#[allow(clippy::too_many_arguments)]
#[allow(deprecated)]
#[automatically_derived]
impl ::pynector::Client for AttributesClient {
    const API: ::pynector::Api = ::pynector::Api::new("Attributes", Self::OPERATIONS);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[allow(clippy::too_many_arguments)]
#[allow(deprecated)]
#[automatically_derived]
impl Attributes for AttributesClient {
    #[cfg(unix)]
    fn here(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(0).outcome()
    }
    #[cfg(not(any(unix, windows)))]
    fn there(&self) -> ::pynector::ResponseFuture<Result<Missing>> {
        self.0.call_nth_behind(Self::OPERATIONS, 0, &[#[cfg(unix)] ()]).outcome()
    }
    fn old(&self) -> ::pynector::ResponseFuture<Result<()>> {
        self.0
            .call_nth_behind(
                Self::OPERATIONS,
                0,
                &[#[cfg(unix)] (), #[cfg(not(any(unix, windows)))] ()],
            )
            .outcome()
    }
    #[allow(non_snake_case)]
    fn lints(
        &self,
        camelCase: u8,
        #[allow(unused)]
        other: u8,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.0
            .call_nth_behind(
                Self::OPERATIONS,
                1,
                &[#[cfg(unix)] (), #[cfg(not(any(unix, windows)))] ()],
            )
            .query("camelCase", &camelCase)
            .query("other", &other)
            .outcome()
    }
}
