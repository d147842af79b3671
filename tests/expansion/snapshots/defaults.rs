/// Helpers stand beside calls.
pub trait Helpers: ::core::marker::Send + ::core::marker::Sync {
    /// How many pages are read.
    const PAGES: u32 = 3;
    /// One page.
    fn page(
        &self,
        page: u32,
    ) -> impl ::core::future::Future<
        Output = Result<Vec<String>>,
    > + ::core::marker::Send;
    /// All pages.
    fn pages(
        &self,
    ) -> impl ::core::future::Future<
        Output = Result<Vec<String>>,
    > + ::core::marker::Send {
        async move {
            let mut all = Vec::new();
            for page in 0..Self::PAGES {
                all.extend(self.page(page).await?);
            }
            Ok(all)
        }
    }
    /// Not async, and with a pattern.
    fn sum(&self, (left, right): (u32, u32)) -> u32 {
        left + right
    }
}
/// Calls [`Helpers`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct HelpersClient(::pynector::HttpTransport);
impl HelpersClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 1] = [
            ::pynector::Operation::get("Helpers::page", "/pages/{page}"),
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
impl ::pynector::Client for HelpersClient {
    const API: ::pynector::Api = ::pynector::Api::new("Helpers", Self::OPERATIONS);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Helpers for HelpersClient {
    fn page(&self, page: u32) -> ::pynector::ResponseFuture<Result<Vec<String>>> {
        self.__call(0).path("page", page).outcome()
    }
}
