/// A trait with parameters, and methods with theirs.
pub trait Generic<
    'a,
    T: Serialize + Sync,
    const N: usize,
>: Debug + ::core::marker::Send + ::core::marker::Sync
where
    T: Debug,
{
    /// Generic in its answer.
    fn load<V>(
        &self,
        key: impl Display,
    ) -> impl ::core::future::Future<Output = Result<V>> + ::core::marker::Send
    where
        V: DeserializeOwned + Send + 'static;
    /// Generic in what it sends.
    fn store<'b, V: Serialize + ?Sized + Sync>(
        &'b self,
        key: &dyn Display,
        value: &'b V,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Of the trait's parameters.
    fn of(
        &self,
        value: &'a T,
        numbers: [u8; N],
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send
    where
        [u8; N]: Serialize;
}
/// Calls [`Generic`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct GenericClient(::pynector::HttpTransport);
impl GenericClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 3] = [
            ::pynector::Operation::get("Generic::load", "/{key}"),
            ::pynector::Operation::post("Generic::store", "/{key}"),
            ::pynector::Operation::post("Generic::of", "/of"),
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
impl ::pynector::Client for GenericClient {
    const API: ::pynector::Api = ::pynector::Api::new("Generic", Self::OPERATIONS);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl<'a, T: Serialize + Sync, const N: usize> Generic<'a, T, N> for GenericClient
where
    T: Debug,
{
    fn load<V>(&self, key: impl Display) -> ::pynector::ResponseFuture<Result<V>>
    where
        V: DeserializeOwned + Send + 'static,
    {
        self.__call(0).path("key", key).outcome()
    }
    fn store<'b, V: Serialize + ?Sized + Sync>(
        &'b self,
        key: &dyn Display,
        value: &'b V,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(1).path("key", key).json(&value).outcome()
    }
    fn of(
        &self,
        value: &'a T,
        numbers: [u8; N],
    ) -> ::pynector::ResponseFuture<Result<()>>
    where
        [u8; N]: Serialize,
    {
        self.__call(2).query("numbers", &numbers).json(&value).outcome()
    }
}
