/// Found elsewhere, and private.
pub(crate) trait Renamed: ::core::marker::Send + ::core::marker::Sync {
    fn call(
        &self,
        call: &str,
        self_: u8,
        transport: u8,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
}
/// Calls [`Renamed`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub(crate) struct Elsewhere(crate::alias::http::HttpTransport);
impl Elsewhere {
    /// Every operation of this client, in the order of the trait.
    pub(crate) const OPERATIONS: &'static [crate::alias::http::Operation] = {
        static OPERATIONS: [crate::alias::http::Operation; 1] = [
            crate::alias::http::Operation::get("Renamed::call", "/")
                .query_names(&["self_", "transport"])
                .rules(
                    &crate::alias::http::OperationRules::new()
                        .timeouts(
                            crate::alias::http::Timeouts::new()
                                .timeout(::core::time::Duration::from_secs(1)),
                        )
                        .retry(
                            crate::alias::http::RetryPolicy::new()
                                .status_codes(crate::alias::http::StatusCodes::of(&[500])),
                        )
                        .breaker(crate::alias::http::Breaker::off()),
                ),
        ];
        &OPERATIONS
    };
    /// A client for `base_url`.
    pub(crate) fn at(
        base_url: impl ::core::convert::AsRef<str>,
    ) -> crate::alias::http::Result<Self> {
        Self::builder().base_url(base_url).build()
    }
    /// Starts a client whose settings differ from the trait's.
    pub(crate) fn builder() -> crate::alias::http::ClientBuilder<
        Self,
        crate::alias::http::client::NoBaseUrl,
    > {
        crate::alias::http::ClientBuilder::new()
    }
    /// A client over `transport`, whose own settings win over the trait's.
    pub(crate) fn from_transport(
        transport: crate::alias::http::HttpTransport,
    ) -> crate::alias::http::Result<Self> {
        transport.for_client()
    }
    /// The transport that carries the calls.
    pub(crate) fn transport(&self) -> &crate::alias::http::HttpTransport {
        &self.0
    }
    /// The request that `call` starts with; nothing is sent.
    pub(crate) fn to_request<T>(
        &self,
        call: impl ::core::ops::AsyncFnOnce(&Self) -> T,
    ) -> crate::alias::http::Result<
        crate::alias::http::http::Request<crate::alias::http::bytes::Bytes>,
    > {
        self.0.to_request_of(Self, call)
    }
    /// A clone whose calls carry `options`.
    #[must_use]
    pub(crate) fn with_options(&self, options: crate::alias::http::CallOptions) -> Self {
        Self(self.0.with_options(options))
    }
    #[inline]
    fn __call(&self, place: usize) -> crate::alias::http::Call {
        self.0.call_nth(Self::OPERATIONS, place)
    }
}
#[automatically_derived]
impl crate::alias::http::Client for Elsewhere {
    const API: crate::alias::http::Api = crate::alias::http::Api::new(
        "Renamed",
        Self::OPERATIONS,
    );
    fn wrap(transport: crate::alias::http::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Renamed for Elsewhere {
    fn call(
        &self,
        call: &str,
        self_: u8,
        transport: u8,
    ) -> crate::alias::http::ResponseFuture<Result<()>> {
        self.__call(0)
            .query("self_", &self_)
            .query("transport", &transport)
            .header("x", &call)
            .outcome()
    }
}
