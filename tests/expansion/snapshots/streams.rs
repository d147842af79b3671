/// Every attribute beside a verb.
pub trait Streams: ::core::marker::Send + ::core::marker::Sync {
    /// By the `Link` header.
    fn links(
        &self,
    ) -> impl ::core::future::Future<
        Output = Result<pynector::Pages<String>>,
    > + ::core::marker::Send;
    /// By a cursor, which a parameter may start with.
    fn cursors(
        &self,
        after: Option<&str>,
        limit: u8,
    ) -> impl ::core::future::Future<
        Output = Result<pynector::Pages<u64>>,
    > + ::core::marker::Send;
    /// By a URL in the body.
    fn urls(
        &self,
        query: &str,
    ) -> impl ::core::future::Future<
        Output = Result<pynector::Pages<u64>>,
    > + ::core::marker::Send;
    /// By number.
    fn pages(
        &self,
    ) -> impl ::core::future::Future<
        Output = Result<pynector::Pages<u64>>,
    > + ::core::marker::Send;
    /// By offset.
    fn offsets(
        &self,
    ) -> impl ::core::future::Future<
        Output = Result<pynector::Pages<u64>>,
    > + ::core::marker::Send;
    /// Events with rules.
    fn chat(
        &self,
        message: &str,
    ) -> impl ::core::future::Future<
        Output = Result<pynector::Events<String>>,
    > + ::core::marker::Send;
    /// And without, with the head.
    fn news(
        &self,
    ) -> impl ::core::future::Future<
        Output = Result<pynector::Response<pynector::Events<String>>>,
    > + ::core::marker::Send;
    /// Lines.
    fn lines(
        &self,
    ) -> impl ::core::future::Future<
        Output = Result<pynector::JsonLines<u64>>,
    > + ::core::marker::Send;
}
/// Calls [`Streams`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct StreamsClient(::pynector::HttpTransport);
impl StreamsClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 8] = [
            ::pynector::Operation::get("Streams::links", "/links")
                .rules(
                    &::pynector::OperationRules::new()
                        .paginate(::pynector::Paginate::link()),
                ),
            ::pynector::Operation::get("Streams::cursors", "/events")
                .headers(&[("x-a", "b")])
                .query_names(&["after", "limit"])
                .rules(
                    &::pynector::OperationRules::new()
                        .paginate(
                            ::pynector::Paginate::cursor("last_id", "after")
                                .items("data")
                                .more("has_more"),
                        ),
                ),
            ::pynector::Operation::post("Streams::urls", "/search")
                .rules(
                    &::pynector::OperationRules::new()
                        .paginate(
                            ::pynector::Paginate::next_url("meta.next").items("results?"),
                        ),
                ),
            ::pynector::Operation::get("Streams::pages", "/pages")
                .rules(
                    &::pynector::OperationRules::new()
                        .paginate(::pynector::Paginate::page("p").first(0)),
                ),
            ::pynector::Operation::get("Streams::offsets", "/offsets")
                .rules(
                    &::pynector::OperationRules::new()
                        .max_body(1 << 20)
                        .paginate(::pynector::Paginate::offset("offset")),
                ),
            ::pynector::Operation::post("Streams::chat", "/chat")
                .rules(
                    &::pynector::OperationRules::new()
                        .events(
                            ::pynector::EventRules::new()
                                .until("[DONE]")
                                .reconnect()
                                .heartbeat(::core::time::Duration::from_secs(90)),
                        ),
                ),
            ::pynector::Operation::get("Streams::news", "/news")
                .rules(
                    &::pynector::OperationRules::new()
                        .events(::pynector::EventRules::new()),
                ),
            ::pynector::Operation::get("Streams::lines", "/export")
                .rules(
                    &::pynector::OperationRules::new()
                        .lines(::pynector::LineRules::new().skip_bad().max_line(1 << 20)),
                ),
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
impl ::pynector::Client for StreamsClient {
    const API: ::pynector::Api = ::pynector::Api::new("Streams", Self::OPERATIONS);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Streams for StreamsClient {
    fn links(&self) -> ::pynector::ResponseFuture<Result<pynector::Pages<String>>> {
        self.__call(0).outcome_of_pages()
    }
    fn cursors(
        &self,
        after: Option<&str>,
        limit: u8,
    ) -> ::pynector::ResponseFuture<Result<pynector::Pages<u64>>> {
        self.__call(1).query("after", &after).query("limit", &limit).outcome_of_pages()
    }
    fn urls(
        &self,
        query: &str,
    ) -> ::pynector::ResponseFuture<Result<pynector::Pages<u64>>> {
        self.__call(2).json(&query).outcome_of_pages()
    }
    fn pages(&self) -> ::pynector::ResponseFuture<Result<pynector::Pages<u64>>> {
        self.__call(3).outcome_of_pages()
    }
    fn offsets(&self) -> ::pynector::ResponseFuture<Result<pynector::Pages<u64>>> {
        self.__call(4).outcome_of_pages()
    }
    fn chat(
        &self,
        message: &str,
    ) -> ::pynector::ResponseFuture<Result<pynector::Events<String>>> {
        self.__call(5).json(&message).outcome_of_events()
    }
    fn news(
        &self,
    ) -> ::pynector::ResponseFuture<
        Result<pynector::Response<pynector::Events<String>>>,
    > {
        self.__call(6).outcome_of_events()
    }
    fn lines(&self) -> ::pynector::ResponseFuture<Result<pynector::JsonLines<u64>>> {
        self.__call(7).outcome_of_lines()
    }
}
/// The same of a struct.
#[derive(Debug)]
pub struct Walk<'a> {
    /// Where it starts.
    pub after: Option<&'a str>,
}
#[automatically_derived]
impl<'a> ::pynector::Endpoint for Walk<'a> {
    const OPERATION: &'static ::pynector::Operation = &::pynector::Operation::get(
            "Walk",
            "/events",
        )
        .rules(
            &::pynector::OperationRules::new()
                .paginate(::pynector::Paginate::cursor("next", "after")),
        );
    type Response = pynector::Pages<u64>;
    type Error = ::pynector::Error;
    fn bind(&self, call: ::pynector::Call) -> ::pynector::Call {
        call.query("after", &self.after).gives_pages::<Self::Response>()
    }
}
/// Events of a struct.
#[derive(Debug)]
pub struct Listen;
#[automatically_derived]
impl ::pynector::Endpoint for Listen {
    const OPERATION: &'static ::pynector::Operation = &::pynector::Operation::get(
            "Listen",
            "/events",
        )
        .rules(
            &::pynector::OperationRules::new()
                .events(::pynector::EventRules::new().reconnect()),
        );
    type Response = pynector::Events<String>;
    type Error = ::pynector::Error;
    fn bind(&self, call: ::pynector::Call) -> ::pynector::Call {
        call.gives_events::<Self::Response>()
    }
}
/// Lines of a struct.
#[derive(Debug)]
pub struct Read;
#[automatically_derived]
impl ::pynector::Endpoint for Read {
    const OPERATION: &'static ::pynector::Operation = &::pynector::Operation::get(
            "Read",
            "/lines",
        )
        .rules(&::pynector::OperationRules::new().lines(::pynector::LineRules::new()));
    type Response = pynector::Response<pynector::JsonLines<String>>;
    type Error = ::pynector::Error;
    fn bind(&self, call: ::pynector::Call) -> ::pynector::Call {
        call.gives_lines::<Self::Response>()
    }
}
