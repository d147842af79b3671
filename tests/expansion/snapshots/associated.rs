/// Types and constants that belong to the trait.
pub trait Associated<T: Serialize + Sync>: ::core::marker::Send + ::core::marker::Sync {
    /// What the service keeps, which the client must be told.
    type Item: Debug + DeserializeOwned + Send;
    /// Of the trait's own parameter.
    #[cfg(not(windows))]
    type Sent;
    /// With a lifetime of its own.
    type Page<'a>: Serialize + Sync where T: 'a;
    /// Has its value in the trait.
    const GET: &'static str = "get";
    /// Named in an answer, and in what is sent.
    fn get(
        &self,
        page: Self::Page<'_>,
    ) -> impl ::core::future::Future<
        Output = Result<Vec<Self::Item>>,
    > + ::core::marker::Send;
}
/// Calls [`Associated`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct AssociatedClient(::pynector::HttpTransport);
impl AssociatedClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 1] = [
            ::pynector::Operation::get("Associated::get", "/"),
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
impl ::pynector::Client for AssociatedClient {
    const API: ::pynector::Api = ::pynector::Api::new("Associated", Self::OPERATIONS);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl<T: Serialize + Sync> Associated<T> for AssociatedClient {
    type Item = String;
    #[cfg(not(windows))]
    type Sent = Vec<T>;
    type Page<'a> = &'a [T] where T: 'a;
    fn get(
        &self,
        page: Self::Page<'_>,
    ) -> impl ::core::future::Future<
        Output = Result<Vec<Self::Item>>,
    > + ::core::marker::Send {
        self.__call(0).query("page", &page).outcome()
    }
}
