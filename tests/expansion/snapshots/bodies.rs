/// Every kind of body, its fields in mixed order with the other places.
pub trait Bodies: ::core::marker::Send + ::core::marker::Sync {
    /// One value, alone.
    fn form(
        &self,
        login: &[(&str, &str)],
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Fields in the order written; a name wins over a key.
    fn fields(
        &self,
        grant: &str,
        debug: bool,
        r#type: Option<u8>,
        realm: &str,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// As it is.
    fn raw(
        &self,
        media: &str,
        text: String,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// A form that was put together elsewhere.
    fn whole(
        &self,
        form: ::pynector::Multipart,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Part by part.
    fn parts<T: ::pynector::PartValue + Send>(
        &self,
        title: &str,
        id: u64,
        files: &[::pynector::Part],
        extra: Option<T>,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// One object.
    fn object<T: Serialize + ?Sized + Sync>(
        &self,
        name: Option<&str>,
        id: u64,
        r#box: &T,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
}
/// Calls [`Bodies`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct BodiesClient(::pynector::HttpTransport);
impl BodiesClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 6] = [
            ::pynector::Operation::post("Bodies::form", "/form"),
            ::pynector::Operation::post("Bodies::fields", "/token/{realm}")
                .form_names(&["grant-type", "type"]),
            ::pynector::Operation::put("Bodies::raw", "/raw"),
            ::pynector::Operation::post("Bodies::whole", "/files"),
            ::pynector::Operation::post("Bodies::parts", "/files/{id}"),
            ::pynector::Operation::patch("Bodies::object", "/users/{id}"),
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
impl ::pynector::Client for BodiesClient {
    const API: ::pynector::Api = ::pynector::Api::new("Bodies", Self::OPERATIONS);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Bodies for BodiesClient {
    fn form(&self, login: &[(&str, &str)]) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(0).form("login", &login).outcome()
    }
    fn fields(
        &self,
        grant: &str,
        debug: bool,
        r#type: Option<u8>,
        realm: &str,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(1)
            .path("realm", realm)
            .query("debug", &debug)
            .form("grant-type", &grant)
            .form("type", &r#type)
            .outcome()
    }
    fn raw(&self, media: &str, text: String) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(2).header("content-type", &media).body(text).outcome()
    }
    fn whole(
        &self,
        form: ::pynector::Multipart,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(3).multipart(form).outcome()
    }
    fn parts<T: ::pynector::PartValue + Send>(
        &self,
        title: &str,
        id: u64,
        files: &[::pynector::Part],
        extra: Option<T>,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(4)
            .path("id", id)
            .part("title", title)
            .part("file", files)
            .part("extra", extra)
            .outcome()
    }
    fn object<T: Serialize + ?Sized + Sync>(
        &self,
        name: Option<&str>,
        id: u64,
        r#box: &T,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(5)
            .path("id", id)
            .json_field("displayName", &name)
            .json_field("box", &r#box)
            .outcome()
    }
}
