/// Methods, parameters and attributes that are there under conditions.
#[doc(hidden)]
pub trait Conditional: ::core::marker::Send + ::core::marker::Sync {
    /// A type that is there under a condition, like the method that needs it.
    #[cfg(unix)]
    type Mode: Serialize;
    /// One parameter under a condition: two versions, of which one is compiled.
    fn one(
        &self,
        id: u8,
        #[cfg(unix)]
        mode: u32,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// Two of them.
    #[cfg(not(target_os = "none"))]
    #[deprecated(note = "send one")]
    fn two(
        &self,
        #[cfg(unix)]
        #[cfg(not(windows))]
        #[allow(unused)]
        mode: u32,
        #[cfg(windows)]
        drive: &str,
        body: &str,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// What stands in a `cfg_attr` goes where it would go without.
    #[cfg_attr(unix, cfg(not(windows)), allow(non_snake_case), deprecated)]
    fn attr(
        &self,
        #[cfg_attr(unix, allow(unused))]
        camelCase: u8,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
}
/// Calls [`Conditional`] over HTTP.
#[doc(hidden)]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct ConditionalClient(::pynector::HttpTransport);
impl ConditionalClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; <[()]>::len(
            &[
                #[cfg(unix)]
                (),
                #[cfg(not(unix))]
                (),
                #[cfg(not(target_os = "none"))]
                #[cfg(all(all(unix, not(windows)), windows))]
                (),
                #[cfg(not(target_os = "none"))]
                #[cfg(all(not(all(unix, not(windows))), windows))]
                (),
                #[cfg(not(target_os = "none"))]
                #[cfg(all(all(unix, not(windows)), not(windows)))]
                (),
                #[cfg(not(target_os = "none"))]
                #[cfg(all(not(all(unix, not(windows))), not(windows)))]
                (),
                #[cfg_attr(unix, cfg(not(windows)))]
                (),
            ],
        )] = [
            #[cfg(unix)]
            ::pynector::Operation::get("Conditional::one", "/{id}"),
            #[cfg(not(unix))]
            ::pynector::Operation::get("Conditional::one", "/{id}"),
            #[cfg(not(target_os = "none"))]
            #[cfg(all(all(unix, not(windows)), windows))]
            ::pynector::Operation::post("Conditional::two", "/two"),
            #[cfg(not(target_os = "none"))]
            #[cfg(all(not(all(unix, not(windows))), windows))]
            ::pynector::Operation::post("Conditional::two", "/two"),
            #[cfg(not(target_os = "none"))]
            #[cfg(all(all(unix, not(windows)), not(windows)))]
            ::pynector::Operation::post("Conditional::two", "/two"),
            #[cfg(not(target_os = "none"))]
            #[cfg(all(not(all(unix, not(windows))), not(windows)))]
            ::pynector::Operation::post("Conditional::two", "/two"),
            #[cfg_attr(unix, cfg(not(windows)))]
            ::pynector::Operation::get("Conditional::attr", "/attr"),
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
impl ::pynector::Client for ConditionalClient {
    const API: ::pynector::Api = ::pynector::Api::new("Conditional", Self::OPERATIONS);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Conditional for ConditionalClient {
    #[cfg(unix)]
    type Mode = u32;
    #[cfg(unix)]
    fn one(&self, id: u8, mode: u32) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(0).path("id", id).query("mode", &mode).outcome()
    }
    #[cfg(not(unix))]
    fn one(&self, id: u8) -> ::pynector::ResponseFuture<Result<()>> {
        self.0
            .call_nth_behind(Self::OPERATIONS, 0, &[#[cfg(unix)] ()])
            .path("id", id)
            .outcome()
    }
    #[cfg(not(target_os = "none"))]
    #[cfg(all(all(unix, not(windows)), windows))]
    fn two(
        &self,
        #[allow(unused)]
        mode: u32,
        drive: &str,
        body: &str,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.0
            .call_nth_behind(
                Self::OPERATIONS,
                0,
                &[#[cfg(unix)] (), #[cfg(not(unix))] ()],
            )
            .query("mode", &mode)
            .header("x-drive", &drive)
            .json(&body)
            .outcome()
    }
    #[cfg(not(target_os = "none"))]
    #[cfg(all(not(all(unix, not(windows))), windows))]
    fn two(&self, drive: &str, body: &str) -> ::pynector::ResponseFuture<Result<()>> {
        self.0
            .call_nth_behind(
                Self::OPERATIONS,
                0,
                &[
                    #[cfg(unix)]
                    (),
                    #[cfg(not(unix))]
                    (),
                    #[cfg(not(target_os = "none"))]
                    #[cfg(all(all(unix, not(windows)), windows))]
                    (),
                ],
            )
            .header("x-drive", &drive)
            .json(&body)
            .outcome()
    }
    #[cfg(not(target_os = "none"))]
    #[cfg(all(all(unix, not(windows)), not(windows)))]
    fn two(
        &self,
        #[allow(unused)]
        mode: u32,
        body: &str,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.0
            .call_nth_behind(
                Self::OPERATIONS,
                0,
                &[
                    #[cfg(unix)]
                    (),
                    #[cfg(not(unix))]
                    (),
                    #[cfg(not(target_os = "none"))]
                    #[cfg(all(all(unix, not(windows)), windows))]
                    (),
                    #[cfg(not(target_os = "none"))]
                    #[cfg(all(not(all(unix, not(windows))), windows))]
                    (),
                ],
            )
            .query("mode", &mode)
            .json(&body)
            .outcome()
    }
    #[cfg(not(target_os = "none"))]
    #[cfg(all(not(all(unix, not(windows))), not(windows)))]
    fn two(&self, body: &str) -> ::pynector::ResponseFuture<Result<()>> {
        self.0
            .call_nth_behind(
                Self::OPERATIONS,
                0,
                &[
                    #[cfg(unix)]
                    (),
                    #[cfg(not(unix))]
                    (),
                    #[cfg(not(target_os = "none"))]
                    #[cfg(all(all(unix, not(windows)), windows))]
                    (),
                    #[cfg(not(target_os = "none"))]
                    #[cfg(all(not(all(unix, not(windows))), windows))]
                    (),
                    #[cfg(not(target_os = "none"))]
                    #[cfg(all(all(unix, not(windows)), not(windows)))]
                    (),
                ],
            )
            .json(&body)
            .outcome()
    }
    #[cfg_attr(unix, cfg(not(windows)))]
    #[cfg_attr(unix, allow(non_snake_case))]
    fn attr(
        &self,
        #[cfg_attr(unix, allow(unused))]
        camelCase: u8,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.0
            .call_nth_behind(
                Self::OPERATIONS,
                0,
                &[
                    #[cfg(unix)]
                    (),
                    #[cfg(not(unix))]
                    (),
                    #[cfg(not(target_os = "none"))]
                    #[cfg(all(all(unix, not(windows)), windows))]
                    (),
                    #[cfg(not(target_os = "none"))]
                    #[cfg(all(not(all(unix, not(windows))), windows))]
                    (),
                    #[cfg(not(target_os = "none"))]
                    #[cfg(all(all(unix, not(windows)), not(windows)))]
                    (),
                    #[cfg(not(target_os = "none"))]
                    #[cfg(all(not(all(unix, not(windows))), not(windows)))]
                    (),
                ],
            )
            .query("camelCase", &camelCase)
            .outcome()
    }
}
