/// Every place, the keys, and text that a struct borrows.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a, T: Serialize + ?Sized> {
    /// In the path.
    pub r#type: u8,
    /// In the path too.
    pub tenant: &'a str,
    /// In the query.
    pub dry_run: Option<bool>,
    /// In several places.
    pub page: Page<'a>,
    /// Under another name.
    pub size: u64,
    /// In a header.
    pub trace: &'a str,
    /// Never shown.
    pub token: &'a pynector::Secret,
    /// In the body.
    pub order: &'a T,
}
#[automatically_derived]
impl<'a, T: Serialize + ?Sized> ::pynector::Endpoint for Place<'a, T> {
    const OPERATION: &'static ::pynector::Operation = &::pynector::Operation::post(
            "Place",
            "/v1/{tenant}/orders/{type}",
        )
        .headers(&[("x-a", "b")])
        .query_names(&["dry_run", "größe"])
        .idempotent()
        .rules(
            &::pynector::OperationRules::new()
                .timeouts(
                    ::pynector::Timeouts::new()
                        .timeout(::core::time::Duration::from_secs(5)),
                ),
        );
    type Response = Option<Vec<String>>;
    type Error = Failure;
    fn bind(&self, call: ::pynector::Call) -> ::pynector::Call {
        call.path("tenant", &self.tenant)
            .path("type", &self.r#type)
            .query("dry_run", &self.dry_run)
            .params(&self.page)
            .query("größe", &self.size)
            .header("x-trace", &self.trace)
            .bearer(&self.token)
            .json(&self.order)
    }
}
/// A tuple struct.
#[derive(Debug)]
#[allow(clippy::zero_sized_map_values)]
pub struct Tuple<const N: usize>(
    pub u64,
    pub [u8; N],
)
where
    [u8; N]: Serialize;
#[allow(clippy::zero_sized_map_values)]
#[automatically_derived]
impl<const N: usize> ::pynector::Endpoint for Tuple<N>
where
    [u8; N]: Serialize,
{
    const OPERATION: &'static ::pynector::Operation = &::pynector::Operation::http(
        "QUERY",
        "Tuple",
        "/{id}",
    );
    type Response = std::collections::BTreeMap<String, u8>;
    type Error = ::pynector::Error;
    fn bind(&self, call: ::pynector::Call) -> ::pynector::Call {
        call.path("id", &self.0).query("n", &self.1)
    }
}
/// A unit struct, which is deprecated.
#[deprecated]
#[derive(Debug)]
pub struct Unit;
#[allow(deprecated)]
#[automatically_derived]
impl crate::alias::http::Endpoint for Unit {
    const OPERATION: &'static crate::alias::http::Operation = &crate::alias::http::Operation::delete(
            "Unit",
            "/",
        )
        .rules(
            &crate::alias::http::OperationRules::new()
                .retry(crate::alias::http::RetryPolicy::off()),
        );
    type Response = ();
    type Error = crate::alias::http::Error;
    fn bind(&self, call: crate::alias::http::Call) -> crate::alias::http::Call {
        call
    }
}
/// What is not there is none.
#[derive(Debug)]
pub struct Find {
    /// In the path.
    pub id: u64,
}
#[automatically_derived]
impl ::pynector::Endpoint for Find {
    const OPERATION: &'static ::pynector::Operation = &::pynector::Operation::get(
            "Find",
            "/{id}",
        )
        .rules(
            &::pynector::OperationRules::new()
                .none_on(::pynector::StatusCodes::of(&[404, 410])),
        );
    type Response = Option<String>;
    type Error = ::pynector::Error;
    fn bind(&self, call: ::pynector::Call) -> ::pynector::Call {
        call.path("id", &self.id).gives_or_none::<Self::Response>()
    }
}
/// Every status is a success.
#[derive(Debug)]
pub struct Probe;
#[automatically_derived]
impl ::pynector::Endpoint for Probe {
    const OPERATION: &'static ::pynector::Operation = &::pynector::Operation::head(
            "Probe",
            "/",
        )
        .rules(&::pynector::OperationRules::new().any_status());
    type Response = pynector::Response<()>;
    type Error = ::pynector::Error;
    fn bind(&self, call: ::pynector::Call) -> ::pynector::Call {
        call.gives_any_status::<Self::Response>()
    }
}
/// Parameters that requests share.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// From 1.
    pub page: u32,
    /// Whose.
    pub tenant: &'a str,
    /// At most.
    pub size: Option<u32>,
    /// And more.
    pub more: More,
}
#[automatically_derived]
impl<'a> ::pynector::Params for Page<'a> {
    fn query_names(&self) -> &'static [&'static str] {
        &["page", "per_page"]
    }
    fn bind(&self, call: ::pynector::Call) -> ::pynector::Call {
        call.query("page", &self.page)
            .query("per_page", &self.size)
            .params(&self.more)
            .header("x-tenant", &self.tenant)
    }
}
/// And some of which those consist.
#[derive(Clone, Copy, Debug)]
pub struct More(pub u8);
#[automatically_derived]
impl crate::alias::http::Params for More {
    fn bind(&self, call: crate::alias::http::Call) -> crate::alias::http::Call {
        call.header("x-more", &self.0)
    }
}
/// A method with both.
pub trait Paged: ::core::marker::Send + ::core::marker::Sync {
    /// Lists.
    fn list(
        &self,
        sort: &str,
        page: &Page<'_>,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
}
/// Calls [`Paged`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct PagedClient(::pynector::HttpTransport);
impl PagedClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 1] = [
            ::pynector::Operation::get("Paged::list", "/list").query_names(&["sort"]),
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
impl ::pynector::Client for PagedClient {
    const API: ::pynector::Api = ::pynector::Api::new("Paged", Self::OPERATIONS);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Paged for PagedClient {
    fn list(
        &self,
        sort: &str,
        page: &Page<'_>,
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(0).query("sort", &sort).params(&page).outcome()
    }
}
/// What goes wrong.
#[derive(Debug)]
pub struct Failure(pub pynector::Error);
impl From<pynector::Error> for Failure {
    fn from(error: pynector::Error) -> Self {
        Self(error)
    }
}
