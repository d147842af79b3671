/// Every place of a parameter among the headers.
pub trait Headers: ::core::marker::Send + ::core::marker::Sync {
    /// Names, maps and cookies, in mixed order.
    fn all(
        &self,
        extra: &[(&str, &str)],
        session: Option<&::pynector::Secret>,
        date: impl Display + Send,
        lang: &str,
        name: ::pynector::RawHeader,
        more: &Trace<'_>,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
}
/// Calls [`Headers`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct HeadersClient(::pynector::HttpTransport);
impl HeadersClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 1] = [
            ::pynector::Operation::get("Headers::all", "/")
                .headers(&[("cookie", "theme=dark")]),
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
impl ::pynector::Client for HeadersClient {
    const API: ::pynector::Api = ::pynector::Api::new("Headers", Self::OPERATIONS);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Headers for HeadersClient {
    fn all(
        &self,
        extra: &[(&str, &str)],
        session: Option<&::pynector::Secret>,
        date: impl Display + Send,
        lang: &str,
        name: ::pynector::RawHeader,
        more: &Trace<'_>,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(0)
            .headers(&extra)
            .cookie("sid", session)
            .header_display("date", &date)
            .cookie("lang", lang)
            .header("x-name", &name)
            .headers(&more)
            .outcome()
    }
}
/// Headers that go together.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Trace<'a> {
    x_trace: &'a str,
}
