/// An issue.
#[derive(Debug, Deserialize)]
pub struct Issue {
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: String,
}
/// What opens an issue.
#[derive(Debug, Serialize)]
pub struct NewIssue<'a> {
    /// Its title.
    pub title: &'a str,
}
/// The part of GitHub we use.
pub trait GitHub: ::core::marker::Send + ::core::marker::Sync {
    /// Lists the issues of a repository.
    fn issues(
        &self,
        owner: &str,
        repo: &str,
        page: Option<u32>,
    ) -> impl ::core::future::Future<Output = Result<Vec<Issue>>> + ::core::marker::Send;
    /// Opens an issue.
    fn open_issue(
        &self,
        owner: &str,
        repo: &str,
        issue: &NewIssue<'_>,
    ) -> impl ::core::future::Future<Output = Result<Issue>> + ::core::marker::Send;
}
/// Calls [`GitHub`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct GitHubClient(::pynector::HttpTransport);
impl GitHubClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 2] = [
            ::pynector::Operation::get("GitHub::issues", "/repos/{owner}/{repo}/issues"),
            ::pynector::Operation::post(
                    "GitHub::open_issue",
                    "/repos/{owner}/{repo}/issues",
                )
                .rules(
                    &::pynector::OperationRules::new()
                        .timeouts(
                            ::pynector::Timeouts::new()
                                .timeout(::core::time::Duration::from_secs(30)),
                        ),
                ),
        ];
        &OPERATIONS
    };
    /// A client for the base URL that the trait names.
    pub fn new() -> ::pynector::Result<Self> {
        Self::builder().build()
    }
    /// A client for `base_url`.
    pub fn at(base_url: impl ::core::convert::AsRef<str>) -> ::pynector::Result<Self> {
        Self::builder().base_url(base_url).build()
    }
    /// Starts a client whose settings differ from the trait's.
    pub fn builder() -> ::pynector::ClientBuilder<Self, ::pynector::client::BaseUrl> {
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
impl ::pynector::Client for GitHubClient {
    const API: ::pynector::Api = ::pynector::Api::new("GitHub", Self::OPERATIONS)
        .base_url("https://api.github.com")
        .headers(&[("accept", "application/vnd.github+json")])
        .timeouts(
            ::pynector::Timeouts::new().timeout(::core::time::Duration::from_secs(10)),
        )
        .retry(
            ::pynector::RetryPolicy::new()
                .max_retries(3)
                .initial_backoff(::core::time::Duration::from_millis(500)),
        )
        .breaker(::pynector::Breaker::new().failure_threshold(5));
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl GitHub for GitHubClient {
    fn issues(
        &self,
        owner: &str,
        repo: &str,
        page: Option<u32>,
    ) -> ::pynector::ResponseFuture<Result<Vec<Issue>>> {
        self.__call(0)
            .path("owner", owner)
            .path("repo", repo)
            .query("page", &page)
            .outcome()
    }
    fn open_issue(
        &self,
        owner: &str,
        repo: &str,
        issue: &NewIssue<'_>,
    ) -> ::pynector::ResponseFuture<Result<Issue>> {
        self.__call(1).path("owner", owner).path("repo", repo).json(&issue).outcome()
    }
}
