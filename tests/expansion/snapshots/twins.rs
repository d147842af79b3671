/// A trait with its twins.
pub trait Notes: ::core::marker::Send + ::core::marker::Sync {
    /// One note.
    fn note(
        &self,
        id: u64,
        lang: Option<&str>,
    ) -> impl ::core::future::Future<Output = Result<String>> + ::core::marker::Send;
    /// Out of fashion, and only on Unix.
    #[cfg(unix)]
    #[deprecated(note = "write `note`")]
    fn old<'a>(
        &self,
        owner: &'a str,
        body: &'a [u8],
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send;
    /// One name for two methods, of which one is compiled.
    #[cfg(unix)]
    fn path(
        &self,
    ) -> impl ::core::future::Future<Output = Result<String>> + ::core::marker::Send;
    /// The other one.
    #[cfg(not(unix))]
    fn path(
        &self,
        drive: char,
    ) -> impl ::core::future::Future<Output = Result<String>> + ::core::marker::Send;
    /// Both.
    fn both(
        &self,
        (left, right): (u64, u64),
    ) -> impl ::core::future::Future<
        Output = Result<(String, String)>,
    > + ::core::marker::Send {
        async move { Ok((self.note(left, None).await?, self.note(right, None).await?)) }
    }
    /// Not async.
    fn limit(&self) -> usize {
        100
    }
    /// Generic, so each twin keeps this body.
    fn show(
        &self,
        id: impl Into<u64> + Send,
    ) -> impl ::core::future::Future<Output = Result<String>> + ::core::marker::Send
    where
        Self: Sized,
    {
        async move { self.note(id.into(), None).await }
    }
}
/// Calls [`Notes`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct NotesClient(::pynector::HttpTransport);
impl NotesClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; <[()]>::len(
            &[(), #[cfg(unix)] (), #[cfg(unix)] (), #[cfg(not(unix))] ()],
        )] = [
            ::pynector::Operation::get("Notes::note", "/notes/{id}"),
            #[cfg(unix)]
            ::pynector::Operation::post("Notes::old", "/{owner}"),
            #[cfg(unix)]
            ::pynector::Operation::get("Notes::path", "/path"),
            #[cfg(not(unix))]
            ::pynector::Operation::get("Notes::path", "/path"),
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
impl ::pynector::Client for NotesClient {
    const API: ::pynector::Api = ::pynector::Api::new("Notes", Self::OPERATIONS)
        .base_url("http://localhost");
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Notes for NotesClient {
    fn note(
        &self,
        id: u64,
        lang: Option<&str>,
    ) -> ::pynector::ResponseFuture<Result<String>> {
        self.__call(0).path("id", id).query("lang", &lang).outcome()
    }
    #[cfg(unix)]
    fn old<'a>(
        &self,
        owner: &'a str,
        body: &'a [u8],
    ) -> ::pynector::ResponseFuture<Result<()>> {
        self.__call(1).path("owner", owner).json(&body).outcome()
    }
    #[cfg(unix)]
    fn path(&self) -> ::pynector::ResponseFuture<Result<String>> {
        self.0.call_nth_behind(Self::OPERATIONS, 1, &[#[cfg(unix)] ()]).outcome()
    }
    #[cfg(not(unix))]
    fn path(&self, drive: char) -> ::pynector::ResponseFuture<Result<String>> {
        self.0
            .call_nth_behind(Self::OPERATIONS, 1, &[#[cfg(unix)] (), #[cfg(unix)] ()])
            .query("drive", &drive)
            .outcome()
    }
}
/// Any [`Notes`] as one type; clones share it.
pub struct DynNotes(::std::sync::Arc<dyn __DynNotes>);
impl DynNotes {
    /// Takes `api`, whose type is forgotten.
    pub fn new(api: impl Notes + 'static) -> Self {
        Self(::std::sync::Arc::new(api))
    }
}
#[automatically_derived]
impl ::core::clone::Clone for DynNotes {
    fn clone(&self) -> Self {
        Self(::std::sync::Arc::clone(&self.0))
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for DynNotes {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.debug_struct("DynNotes").finish_non_exhaustive()
    }
}
#[allow(clippy::ptr_arg, clippy::too_many_arguments, clippy::type_complexity)]
trait __DynNotes: ::core::marker::Send + ::core::marker::Sync {
    fn __dyn_note<'__dyn, '__l0>(
        &'__dyn self,
        id: u64,
        lang: Option<&'__l0 str>,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<String>>
    where
        '__l0: '__dyn;
    #[cfg(unix)]
    fn __dyn_old<'__dyn, 'a>(
        &'__dyn self,
        owner: &'a str,
        body: &'a [u8],
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<()>>
    where
        'a: '__dyn;
    #[cfg(unix)]
    fn __dyn_path<'__dyn>(
        &'__dyn self,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<String>>;
    #[cfg(not(unix))]
    fn __dyn_path<'__dyn>(
        &'__dyn self,
        drive: char,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<String>>;
    fn __dyn_both<'__dyn>(
        &'__dyn self,
        parameter1: (u64, u64),
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<(String, String)>>;
    fn __dyn_limit(&self) -> usize;
}
#[automatically_derived]
impl<__T: Notes + 'static> __DynNotes for __T {
    fn __dyn_note<'__dyn, '__l0>(
        &'__dyn self,
        id: u64,
        lang: Option<&'__l0 str>,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<String>>
    where
        '__l0: '__dyn,
    {
        ::std::boxed::Box::pin(<Self as Notes>::note(self, id, lang))
    }
    #[cfg(unix)]
    #[allow(deprecated)]
    fn __dyn_old<'__dyn, 'a>(
        &'__dyn self,
        owner: &'a str,
        body: &'a [u8],
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<()>>
    where
        'a: '__dyn,
    {
        ::std::boxed::Box::pin(<Self as Notes>::old(self, owner, body))
    }
    #[cfg(unix)]
    fn __dyn_path<'__dyn>(
        &'__dyn self,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<String>> {
        ::std::boxed::Box::pin(<Self as Notes>::path(self))
    }
    #[cfg(not(unix))]
    fn __dyn_path<'__dyn>(
        &'__dyn self,
        drive: char,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<String>> {
        ::std::boxed::Box::pin(<Self as Notes>::path(self, drive))
    }
    fn __dyn_both<'__dyn>(
        &'__dyn self,
        parameter1: (u64, u64),
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<(String, String)>> {
        ::std::boxed::Box::pin(<Self as Notes>::both(self, parameter1))
    }
    fn __dyn_limit(&self) -> usize {
        <Self as Notes>::limit(self)
    }
}
#[automatically_derived]
impl Notes for DynNotes {
    fn note(
        &self,
        id: u64,
        lang: Option<&str>,
    ) -> impl ::core::future::Future<Output = Result<String>> + ::core::marker::Send {
        async move { self.0.__dyn_note(id, lang).await }
    }
    #[cfg(unix)]
    #[allow(deprecated)]
    fn old<'a>(
        &self,
        owner: &'a str,
        body: &'a [u8],
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send {
        async move { self.0.__dyn_old(owner, body).await }
    }
    #[cfg(unix)]
    fn path(
        &self,
    ) -> impl ::core::future::Future<Output = Result<String>> + ::core::marker::Send {
        async move { self.0.__dyn_path().await }
    }
    #[cfg(not(unix))]
    fn path(
        &self,
        drive: char,
    ) -> impl ::core::future::Future<Output = Result<String>> + ::core::marker::Send {
        async move { self.0.__dyn_path(drive).await }
    }
    fn both(
        &self,
        parameter1: (u64, u64),
    ) -> impl ::core::future::Future<
        Output = Result<(String, String)>,
    > + ::core::marker::Send {
        async move { self.0.__dyn_both(parameter1).await }
    }
    fn limit(&self) -> usize {
        self.0.__dyn_limit()
    }
}
/// [`NotesClient`] for code that is not async: each call waits for its answer.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct NotesBlocking(NotesClient, ::pynector::blocking::Runtime);
#[allow(clippy::ptr_arg, clippy::should_implement_trait, clippy::wrong_self_convention)]
impl NotesBlocking {
    /// Calls the base URL that the trait names.
    pub fn new() -> ::pynector::Result<Self> {
        NotesClient::new().and_then(Self::from_client)
    }
    /// Calls `base_url`.
    pub fn at(base_url: impl ::core::convert::AsRef<str>) -> ::pynector::Result<Self> {
        NotesClient::at(base_url).and_then(Self::from_client)
    }
    /// Calls by `client`, whose builder has all settings.
    pub fn from_client(client: NotesClient) -> ::pynector::Result<Self> {
        ::pynector::blocking::Runtime::start().map(|runtime| Self(client, runtime))
    }
    /// The client that makes the calls.
    pub fn client(&self) -> &NotesClient {
        &self.0
    }
    /// What waits, also for streams that a call gave.
    pub fn runtime(&self) -> &::pynector::blocking::Runtime {
        &self.1
    }
    /// A clone whose calls carry `options`.
    #[must_use]
    pub fn with_options(&self, options: ::pynector::CallOptions) -> Self {
        Self(self.0.with_options(options), ::core::clone::Clone::clone(&self.1))
    }
    /// One note.
    pub fn note(&self, id: u64, lang: Option<&str>) -> Result<String> {
        self.1.call(<NotesClient as Notes>::note(&self.0, id, lang))
    }
    /// Out of fashion, and only on Unix.
    #[cfg(unix)]
    #[deprecated(note = "write `note`")]
    #[allow(deprecated)]
    pub fn old<'a>(&self, owner: &'a str, body: &'a [u8]) -> Result<()> {
        self.1.call(<NotesClient as Notes>::old(&self.0, owner, body))
    }
    /// One name for two methods, of which one is compiled.
    #[cfg(unix)]
    pub fn path(&self) -> Result<String> {
        self.1.call(<NotesClient as Notes>::path(&self.0))
    }
    /// The other one.
    #[cfg(not(unix))]
    pub fn path(&self, drive: char) -> Result<String> {
        self.1.call(<NotesClient as Notes>::path(&self.0, drive))
    }
    /// Both.
    pub fn both(&self, parameter1: (u64, u64)) -> Result<(String, String)> {
        self.1.call(<NotesClient as Notes>::both(&self.0, parameter1))
    }
    /// Not async.
    pub fn limit(&self) -> usize {
        <NotesClient as Notes>::limit(&self.0)
    }
    /// Generic, so each twin keeps this body.
    pub fn show(&self, id: impl Into<u64> + Send) -> Result<String>
    where
        NotesClient: Sized,
    {
        self.1.call(<NotesClient as Notes>::show(&self.0, id))
    }
}
/// Answers the calls of [`Notes`] as it was told to, and counts them.
#[allow(clippy::type_complexity)]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct NotesMock {
    note: ::pynector::mock::Answers<
        dyn ::core::ops::Fn(
            u64,
            Option<&str>,
        ) -> Result<String> + ::core::marker::Send + ::core::marker::Sync,
    >,
    #[cfg(unix)]
    old: ::pynector::mock::Answers<
        dyn for<'a> ::core::ops::Fn(
            &'a str,
            &'a [u8],
        ) -> Result<()> + ::core::marker::Send + ::core::marker::Sync,
    >,
    #[cfg(unix)]
    path: ::pynector::mock::Answers<
        dyn ::core::ops::Fn(
        ) -> Result<String> + ::core::marker::Send + ::core::marker::Sync,
    >,
    #[cfg(not(unix))]
    path: ::pynector::mock::Answers<
        dyn ::core::ops::Fn(
            char,
        ) -> Result<String> + ::core::marker::Send + ::core::marker::Sync,
    >,
    both: ::pynector::mock::Answers<
        dyn ::core::ops::Fn(
            (u64, u64),
        ) -> Result<(String, String)> + ::core::marker::Send + ::core::marker::Sync,
    >,
    limit: ::pynector::mock::Answers<
        dyn ::core::ops::Fn() -> usize + ::core::marker::Send + ::core::marker::Sync,
    >,
    __mock: ::pynector::mock::Mock<()>,
}
impl NotesMock {
    /// Expects no call yet.
    #[must_use]
    pub fn new() -> Self {
        let mock = ::pynector::mock::Mock::new("NotesMock");
        Self {
            note: mock.answers("note", "|id, lang| .."),
            #[cfg(unix)]
            old: mock.answers("old", "|owner, body| .."),
            #[cfg(unix)]
            path: mock.answers("path", "|| .."),
            #[cfg(not(unix))]
            path: mock.answers("path", "|drive| .."),
            both: mock.answers("both", "|parameter1| .."),
            limit: mock.answers("limit", "|| .."),
            __mock: mock,
        }
    }
    /// Answers `note` with `answer`; one that is added later follows it.
    #[must_use]
    pub fn expect_note(
        self,
        answer: impl ::core::ops::Fn(
            u64,
            Option<&str>,
        ) -> Result<String> + ::core::marker::Send + ::core::marker::Sync + 'static,
    ) -> Self {
        self.note.expect(::std::sync::Arc::new(answer));
        self
    }
    /// How often `note` was called.
    pub fn note_calls(&self) -> usize {
        self.note.calls()
    }
    /// Answers `old` with `answer`; one that is added later follows it.
    #[cfg(unix)]
    #[must_use]
    pub fn expect_old(
        self,
        answer: impl for<'a> ::core::ops::Fn(
            &'a str,
            &'a [u8],
        ) -> Result<()> + ::core::marker::Send + ::core::marker::Sync + 'static,
    ) -> Self {
        self.old.expect(::std::sync::Arc::new(answer));
        self
    }
    /// How often `old` was called.
    #[cfg(unix)]
    pub fn old_calls(&self) -> usize {
        self.old.calls()
    }
    /// Answers `path` with `answer`; one that is added later follows it.
    #[cfg(unix)]
    #[must_use]
    pub fn expect_path(
        self,
        answer: impl ::core::ops::Fn(
        ) -> Result<String> + ::core::marker::Send + ::core::marker::Sync + 'static,
    ) -> Self {
        self.path.expect(::std::sync::Arc::new(answer));
        self
    }
    /// How often `path` was called.
    #[cfg(unix)]
    pub fn path_calls(&self) -> usize {
        self.path.calls()
    }
    /// Answers `path` with `answer`; one that is added later follows it.
    #[cfg(not(unix))]
    #[must_use]
    pub fn expect_path(
        self,
        answer: impl ::core::ops::Fn(
            char,
        ) -> Result<String> + ::core::marker::Send + ::core::marker::Sync + 'static,
    ) -> Self {
        self.path.expect(::std::sync::Arc::new(answer));
        self
    }
    /// How often `path` was called.
    #[cfg(not(unix))]
    pub fn path_calls(&self) -> usize {
        self.path.calls()
    }
    /// Answers `both` with `answer`; one that is added later follows it.
    #[must_use]
    pub fn expect_both(
        self,
        answer: impl ::core::ops::Fn(
            (u64, u64),
        ) -> Result<
                (String, String),
            > + ::core::marker::Send + ::core::marker::Sync + 'static,
    ) -> Self {
        self.both.expect(::std::sync::Arc::new(answer));
        self
    }
    /// How often `both` was called.
    pub fn both_calls(&self) -> usize {
        self.both.calls()
    }
    /// Answers `limit` with `answer`; one that is added later follows it.
    #[must_use]
    pub fn expect_limit(
        self,
        answer: impl ::core::ops::Fn(
        ) -> usize + ::core::marker::Send + ::core::marker::Sync + 'static,
    ) -> Self {
        self.limit.expect(::std::sync::Arc::new(answer));
        self
    }
    /// How often `limit` was called.
    pub fn limit_calls(&self) -> usize {
        self.limit.calls()
    }
    /// The expectation before this answers exactly `calls` calls.
    #[must_use]
    pub fn times(self, calls: usize) -> Self {
        self.__mock.times(calls);
        self
    }
    /// Panics if an expectation with a number of calls was not met, or a call was not expected; the last clone
    /// that is dropped does the same.
    pub fn verify(&self) {
        self.__mock.verify();
    }
}
#[automatically_derived]
impl Notes for NotesMock {
    fn note(
        &self,
        id: u64,
        lang: Option<&str>,
    ) -> impl ::core::future::Future<Output = Result<String>> + ::core::marker::Send {
        ::core::future::ready(self.note.next()(id, lang))
    }
    #[cfg(unix)]
    #[allow(deprecated)]
    fn old<'a>(
        &self,
        owner: &'a str,
        body: &'a [u8],
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send {
        ::core::future::ready(self.old.next()(owner, body))
    }
    #[cfg(unix)]
    fn path(
        &self,
    ) -> impl ::core::future::Future<Output = Result<String>> + ::core::marker::Send {
        ::core::future::ready(self.path.next()())
    }
    #[cfg(not(unix))]
    fn path(
        &self,
        drive: char,
    ) -> impl ::core::future::Future<Output = Result<String>> + ::core::marker::Send {
        ::core::future::ready(self.path.next()(drive))
    }
    fn both(
        &self,
        parameter1: (u64, u64),
    ) -> impl ::core::future::Future<
        Output = Result<(String, String)>,
    > + ::core::marker::Send {
        async move {
            match self.both.expected() {
                ::core::option::Option::Some(answer) => answer(parameter1),
                ::core::option::Option::None => {
                    let (left, right) = parameter1;
                    async move {
                        Ok((self.note(left, None).await?, self.note(right, None).await?))
                    }
                        .await
                }
            }
        }
    }
    fn limit(&self) -> usize {
        match self.limit.expected() {
            ::core::option::Option::Some(answer) => answer(),
            ::core::option::Option::None => 100,
        }
    }
}
/// A trait with parameters, and twins of all of them.
pub trait Keyed<
    't,
    T: Serialize + Sync + Debug,
    const N: usize,
>: ::core::marker::Send + ::core::marker::Sync
where
    T: Send,
{
    /// Of the trait's parameters.
    fn of(
        &self,
        value: &'t T,
        numbers: [u8; N],
        text: &str,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send
    where
        [u8; N]: Serialize;
    /// Lends what the value holds.
    fn first<'b>(
        &self,
        values: &'b [String],
        or: &'b str,
    ) -> impl ::core::future::Future<Output = Result<&'b str>> + ::core::marker::Send
    where
        Self: Sized,
    {
        async move { Ok(values.first().map_or(or, String::as_str)) }
    }
}
/// Calls [`Keyed`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct KeyedClient(::pynector::HttpTransport);
impl KeyedClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; 1] = [
            ::pynector::Operation::post("Keyed::of", "/of")
                .query_names(&["numbers", "text"]),
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
impl ::pynector::Client for KeyedClient {
    const API: ::pynector::Api = ::pynector::Api::new("Keyed", Self::OPERATIONS);
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl<'t, T: Serialize + Sync + Debug, const N: usize> Keyed<'t, T, N> for KeyedClient
where
    T: Send,
{
    fn of(
        &self,
        value: &'t T,
        numbers: [u8; N],
        text: &str,
    ) -> ::pynector::ResponseFuture<Result<()>>
    where
        [u8; N]: Serialize,
    {
        self.__call(0)
            .query("numbers", &numbers)
            .query("text", &text)
            .json(&value)
            .outcome()
    }
}
/// Any [`Keyed`] as one type; clones share it.
pub struct DynKeyed<'t, T: Serialize + Sync + Debug, const N: usize>(
    ::std::sync::Arc<dyn __DynKeyed<'t, T, N>>,
)
where
    T: Send;
impl<'t, T: Serialize + Sync + Debug, const N: usize> DynKeyed<'t, T, N>
where
    T: Send,
{
    /// Takes `api`, whose type is forgotten.
    pub fn new(api: impl Keyed<'t, T, N> + 'static) -> Self {
        Self(::std::sync::Arc::new(api))
    }
}
#[automatically_derived]
impl<'t, T: Serialize + Sync + Debug, const N: usize> ::core::clone::Clone
for DynKeyed<'t, T, N>
where
    T: Send,
{
    fn clone(&self) -> Self {
        Self(::std::sync::Arc::clone(&self.0))
    }
}
#[automatically_derived]
impl<'t, T: Serialize + Sync + Debug, const N: usize> ::core::fmt::Debug
for DynKeyed<'t, T, N>
where
    T: Send,
{
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.debug_struct("DynKeyed").finish_non_exhaustive()
    }
}
#[allow(clippy::ptr_arg, clippy::too_many_arguments, clippy::type_complexity)]
trait __DynKeyed<
    't,
    T: Serialize + Sync + Debug,
    const N: usize,
>: ::core::marker::Send + ::core::marker::Sync
where
    T: Send,
{
    fn __dyn_of<'__dyn>(
        &'__dyn self,
        value: &'t T,
        numbers: [u8; N],
        text: &'__dyn str,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<()>>
    where
        [u8; N]: Serialize,
        't: '__dyn,
        T: '__dyn;
    fn __dyn_first<'__dyn, 'b>(
        &'__dyn self,
        values: &'b [String],
        or: &'b str,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<&'b str>>
    where
        't: '__dyn,
        T: '__dyn,
        'b: '__dyn;
}
#[automatically_derived]
impl<
    't,
    T: Serialize + Sync + Debug,
    const N: usize,
    __T: Keyed<'t, T, N> + 'static,
> __DynKeyed<'t, T, N> for __T
where
    T: Send,
{
    fn __dyn_of<'__dyn>(
        &'__dyn self,
        value: &'t T,
        numbers: [u8; N],
        text: &'__dyn str,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<()>>
    where
        [u8; N]: Serialize,
        't: '__dyn,
        T: '__dyn,
    {
        ::std::boxed::Box::pin(<Self as Keyed<'t, T, N>>::of(self, value, numbers, text))
    }
    fn __dyn_first<'__dyn, 'b>(
        &'__dyn self,
        values: &'b [String],
        or: &'b str,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<&'b str>>
    where
        't: '__dyn,
        T: '__dyn,
        'b: '__dyn,
    {
        ::std::boxed::Box::pin(<Self as Keyed<'t, T, N>>::first(self, values, or))
    }
}
#[automatically_derived]
impl<'t, T: Serialize + Sync + Debug, const N: usize> Keyed<'t, T, N>
for DynKeyed<'t, T, N>
where
    T: Send,
{
    fn of(
        &self,
        value: &'t T,
        numbers: [u8; N],
        text: &str,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send
    where
        [u8; N]: Serialize,
    {
        async move { self.0.__dyn_of(value, numbers, text).await }
    }
    fn first<'b>(
        &self,
        values: &'b [String],
        or: &'b str,
    ) -> impl ::core::future::Future<Output = Result<&'b str>> + ::core::marker::Send
    where
        Self: Sized,
    {
        async move { self.0.__dyn_first(values, or).await }
    }
}
/// [`KeyedClient`] for code that is not async: each call waits for its answer.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct KeyedBlocking(KeyedClient, ::pynector::blocking::Runtime);
#[allow(clippy::ptr_arg, clippy::should_implement_trait, clippy::wrong_self_convention)]
impl KeyedBlocking {
    /// Calls `base_url`.
    pub fn at(base_url: impl ::core::convert::AsRef<str>) -> ::pynector::Result<Self> {
        KeyedClient::at(base_url).and_then(Self::from_client)
    }
    /// Calls by `client`, whose builder has all settings.
    pub fn from_client(client: KeyedClient) -> ::pynector::Result<Self> {
        ::pynector::blocking::Runtime::start().map(|runtime| Self(client, runtime))
    }
    /// The client that makes the calls.
    pub fn client(&self) -> &KeyedClient {
        &self.0
    }
    /// What waits, also for streams that a call gave.
    pub fn runtime(&self) -> &::pynector::blocking::Runtime {
        &self.1
    }
    /// A clone whose calls carry `options`.
    #[must_use]
    pub fn with_options(&self, options: ::pynector::CallOptions) -> Self {
        Self(self.0.with_options(options), ::core::clone::Clone::clone(&self.1))
    }
    /// Of the trait's parameters.
    pub fn of<'t, T: Serialize + Sync + Debug, const N: usize>(
        &self,
        value: &'t T,
        numbers: [u8; N],
        text: &str,
    ) -> Result<()>
    where
        [u8; N]: Serialize,
        T: Send,
    {
        self.1.call(<KeyedClient as Keyed<'t, T, N>>::of(&self.0, value, numbers, text))
    }
    /// Lends what the value holds.
    pub fn first<'t, 'b, T: Serialize + Sync + Debug, const N: usize>(
        &self,
        values: &'b [String],
        or: &'b str,
    ) -> Result<&'b str>
    where
        KeyedClient: Sized,
        T: Send,
    {
        self.1.call(<KeyedClient as Keyed<'t, T, N>>::first(&self.0, values, or))
    }
}
/// Answers the calls of [`Keyed`] as it was told to, and counts them.
#[allow(clippy::type_complexity)]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct KeyedMock<'t, T: Serialize + Sync + Debug, const N: usize>
where
    T: Send,
{
    of: ::pynector::mock::Answers<
        dyn ::core::ops::Fn(
            &'t T,
            [u8; N],
            &str,
        ) -> Result<()> + ::core::marker::Send + ::core::marker::Sync,
    >,
    __mock: ::pynector::mock::Mock<(&'t (), fn() -> *const T)>,
}
impl<'t, T: Serialize + Sync + Debug, const N: usize> KeyedMock<'t, T, N>
where
    T: Send,
{
    /// Expects no call yet.
    #[must_use]
    pub fn new() -> Self {
        let mock = ::pynector::mock::Mock::new("KeyedMock");
        Self {
            of: mock.answers("of", "|value, numbers, text| .."),
            __mock: mock,
        }
    }
    /// Answers `of` with `answer`; one that is added later follows it.
    #[must_use]
    pub fn expect_of(
        self,
        answer: impl ::core::ops::Fn(
            &'t T,
            [u8; N],
            &str,
        ) -> Result<()> + ::core::marker::Send + ::core::marker::Sync + 'static,
    ) -> Self {
        self.of.expect(::std::sync::Arc::new(answer));
        self
    }
    /// How often `of` was called.
    pub fn of_calls(&self) -> usize {
        self.of.calls()
    }
    /// The expectation before this answers exactly `calls` calls.
    #[must_use]
    pub fn times(self, calls: usize) -> Self {
        self.__mock.times(calls);
        self
    }
    /// Panics if an expectation with a number of calls was not met, or a call was not expected; the last clone
    /// that is dropped does the same.
    pub fn verify(&self) {
        self.__mock.verify();
    }
}
#[automatically_derived]
impl<'t, T: Serialize + Sync + Debug, const N: usize> Keyed<'t, T, N>
for KeyedMock<'t, T, N>
where
    T: Send,
{
    fn of(
        &self,
        value: &'t T,
        numbers: [u8; N],
        text: &str,
    ) -> impl ::core::future::Future<Output = Result<()>> + ::core::marker::Send
    where
        [u8; N]: Serialize,
    {
        ::core::future::ready(self.of.next()(value, numbers, text))
    }
}
/// A trait with associated types and a prefix.
pub trait Tied: ::core::marker::Send + ::core::marker::Sync {
    /// What is loaded.
    type Item: Debug;
    /// One.
    fn load(
        &self,
        id: &str,
        #[cfg(unix)]
        mode: &str,
    ) -> impl ::core::future::Future<
        Output = Result<Option<Self::Item>>,
    > + ::core::marker::Send;
}
/// Calls [`Tied`] over HTTP.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct TiedClient(::pynector::HttpTransport);
impl TiedClient {
    /// Every operation of this client, in the order of the trait.
    pub const OPERATIONS: &'static [::pynector::Operation] = {
        static OPERATIONS: [::pynector::Operation; <[()]>::len(
            &[#[cfg(unix)] (), #[cfg(not(unix))] ()],
        )] = [
            #[cfg(unix)]
            ::pynector::Operation::get("Tied::load", "/v1/{tenant}/{id}"),
            #[cfg(not(unix))]
            ::pynector::Operation::get("Tied::load", "/v1/{tenant}/{id}"),
        ];
        &OPERATIONS
    };
    /// A client for `base_url`.
    pub fn at(
        base_url: impl ::core::convert::AsRef<str>,
        tenant: impl ::pynector::PathValue,
    ) -> ::pynector::Result<Self> {
        Self::builder(tenant).base_url(base_url).build()
    }
    /// Starts a client whose settings differ from the trait's.
    pub fn builder(
        tenant: impl ::pynector::PathValue,
    ) -> ::pynector::ClientBuilder<Self, ::pynector::client::NoBaseUrl> {
        ::pynector::ClientBuilder::new().path_value("tenant", tenant)
    }
    /// A client over `transport`, whose own settings win over the trait's.
    pub fn from_transport(
        transport: ::pynector::HttpTransport,
        tenant: impl ::pynector::PathValue,
    ) -> ::pynector::Result<Self> {
        transport.path_value("tenant", tenant).for_client()
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
    /// A clone whose calls have this `tenant` in their paths.
    #[must_use]
    pub fn with_tenant(&self, tenant: impl ::pynector::PathValue) -> Self {
        Self(self.0.with_path_value("tenant", tenant))
    }
    #[inline]
    fn __call(&self, place: usize) -> ::pynector::Call {
        self.0.call_nth(Self::OPERATIONS, place)
    }
}
#[automatically_derived]
impl ::pynector::Client for TiedClient {
    const API: ::pynector::Api = ::pynector::Api::new("Tied", Self::OPERATIONS)
        .prefix("/v1/{tenant}");
    fn wrap(transport: ::pynector::HttpTransport) -> Self {
        Self(transport)
    }
}
#[allow(refining_impl_trait)]
#[automatically_derived]
impl Tied for TiedClient {
    type Item = String;
    #[cfg(unix)]
    fn load(
        &self,
        id: &str,
        mode: &str,
    ) -> ::pynector::ResponseFuture<Result<Option<Self::Item>>> {
        self.__call(0).path("id", id).query("mode", &mode).outcome()
    }
    #[cfg(not(unix))]
    fn load(&self, id: &str) -> ::pynector::ResponseFuture<Result<Option<Self::Item>>> {
        self.0
            .call_nth_behind(Self::OPERATIONS, 0, &[#[cfg(unix)] ()])
            .path("id", id)
            .outcome()
    }
}
/// Any [`Tied`] as one type; clones share it.
pub struct DynTied(::std::sync::Arc<dyn __DynTied>);
impl DynTied {
    /// Takes `api`, whose type is forgotten.
    pub fn new(api: impl Tied<Item = String> + 'static) -> Self {
        Self(::std::sync::Arc::new(api))
    }
}
#[automatically_derived]
impl ::core::clone::Clone for DynTied {
    fn clone(&self) -> Self {
        Self(::std::sync::Arc::clone(&self.0))
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for DynTied {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.debug_struct("DynTied").finish_non_exhaustive()
    }
}
#[allow(clippy::ptr_arg, clippy::too_many_arguments, clippy::type_complexity)]
trait __DynTied: ::core::marker::Send + ::core::marker::Sync {
    #[cfg(unix)]
    fn __dyn_load<'__dyn>(
        &'__dyn self,
        id: &'__dyn str,
        mode: &'__dyn str,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<Option<String>>>;
    #[cfg(not(unix))]
    fn __dyn_load<'__dyn>(
        &'__dyn self,
        id: &'__dyn str,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<Option<String>>>;
}
#[automatically_derived]
impl<__T: Tied<Item = String> + 'static> __DynTied for __T {
    #[cfg(unix)]
    fn __dyn_load<'__dyn>(
        &'__dyn self,
        id: &'__dyn str,
        mode: &'__dyn str,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<Option<String>>> {
        ::std::boxed::Box::pin(<Self as Tied>::load(self, id, mode))
    }
    #[cfg(not(unix))]
    fn __dyn_load<'__dyn>(
        &'__dyn self,
        id: &'__dyn str,
    ) -> ::pynector::backend::BoxFuture<'__dyn, Result<Option<String>>> {
        ::std::boxed::Box::pin(<Self as Tied>::load(self, id))
    }
}
#[automatically_derived]
impl Tied for DynTied {
    type Item = String;
    #[cfg(unix)]
    fn load(
        &self,
        id: &str,
        mode: &str,
    ) -> impl ::core::future::Future<
        Output = Result<Option<String>>,
    > + ::core::marker::Send {
        async move { self.0.__dyn_load(id, mode).await }
    }
    #[cfg(not(unix))]
    fn load(
        &self,
        id: &str,
    ) -> impl ::core::future::Future<
        Output = Result<Option<String>>,
    > + ::core::marker::Send {
        async move { self.0.__dyn_load(id).await }
    }
}
/// [`TiedClient`] for code that is not async: each call waits for its answer.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct TiedBlocking(TiedClient, ::pynector::blocking::Runtime);
#[allow(clippy::ptr_arg, clippy::should_implement_trait, clippy::wrong_self_convention)]
impl TiedBlocking {
    /// Calls `base_url`.
    pub fn at(
        base_url: impl ::core::convert::AsRef<str>,
        tenant: impl ::pynector::PathValue,
    ) -> ::pynector::Result<Self> {
        TiedClient::at(base_url, tenant).and_then(Self::from_client)
    }
    /// Calls by `client`, whose builder has all settings.
    pub fn from_client(client: TiedClient) -> ::pynector::Result<Self> {
        ::pynector::blocking::Runtime::start().map(|runtime| Self(client, runtime))
    }
    /// The client that makes the calls.
    pub fn client(&self) -> &TiedClient {
        &self.0
    }
    /// What waits, also for streams that a call gave.
    pub fn runtime(&self) -> &::pynector::blocking::Runtime {
        &self.1
    }
    /// A clone whose calls carry `options`.
    #[must_use]
    pub fn with_options(&self, options: ::pynector::CallOptions) -> Self {
        Self(self.0.with_options(options), ::core::clone::Clone::clone(&self.1))
    }
    /// A clone whose calls have this `tenant` in their paths.
    #[must_use]
    pub fn with_tenant(&self, tenant: impl ::pynector::PathValue) -> Self {
        Self(self.0.with_tenant(tenant), ::core::clone::Clone::clone(&self.1))
    }
    /// One.
    #[cfg(unix)]
    pub fn load(&self, id: &str, mode: &str) -> Result<Option<String>> {
        self.1.call(<TiedClient as Tied>::load(&self.0, id, mode))
    }
    /// One.
    #[cfg(not(unix))]
    pub fn load(&self, id: &str) -> Result<Option<String>> {
        self.1.call(<TiedClient as Tied>::load(&self.0, id))
    }
}
/// Answers the calls of [`Tied`] as it was told to, and counts them.
#[allow(clippy::type_complexity)]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct TiedMock {
    #[cfg(unix)]
    load: ::pynector::mock::Answers<
        dyn ::core::ops::Fn(
            &str,
            &str,
        ) -> Result<Option<String>> + ::core::marker::Send + ::core::marker::Sync,
    >,
    #[cfg(not(unix))]
    load: ::pynector::mock::Answers<
        dyn ::core::ops::Fn(
            &str,
        ) -> Result<Option<String>> + ::core::marker::Send + ::core::marker::Sync,
    >,
    __mock: ::pynector::mock::Mock<()>,
}
impl TiedMock {
    /// Expects no call yet.
    #[must_use]
    pub fn new() -> Self {
        let mock = ::pynector::mock::Mock::new("TiedMock");
        Self {
            #[cfg(unix)]
            load: mock.answers("load", "|id, mode| .."),
            #[cfg(not(unix))]
            load: mock.answers("load", "|id| .."),
            __mock: mock,
        }
    }
    /// Answers `load` with `answer`; one that is added later follows it.
    #[cfg(unix)]
    #[must_use]
    pub fn expect_load(
        self,
        answer: impl ::core::ops::Fn(
            &str,
            &str,
        ) -> Result<
                Option<String>,
            > + ::core::marker::Send + ::core::marker::Sync + 'static,
    ) -> Self {
        self.load.expect(::std::sync::Arc::new(answer));
        self
    }
    /// How often `load` was called.
    #[cfg(unix)]
    pub fn load_calls(&self) -> usize {
        self.load.calls()
    }
    /// Answers `load` with `answer`; one that is added later follows it.
    #[cfg(not(unix))]
    #[must_use]
    pub fn expect_load(
        self,
        answer: impl ::core::ops::Fn(
            &str,
        ) -> Result<
                Option<String>,
            > + ::core::marker::Send + ::core::marker::Sync + 'static,
    ) -> Self {
        self.load.expect(::std::sync::Arc::new(answer));
        self
    }
    /// How often `load` was called.
    #[cfg(not(unix))]
    pub fn load_calls(&self) -> usize {
        self.load.calls()
    }
    /// The expectation before this answers exactly `calls` calls.
    #[must_use]
    pub fn times(self, calls: usize) -> Self {
        self.__mock.times(calls);
        self
    }
    /// Panics if an expectation with a number of calls was not met, or a call was not expected; the last clone
    /// that is dropped does the same.
    pub fn verify(&self) {
        self.__mock.verify();
    }
}
#[automatically_derived]
impl Tied for TiedMock {
    type Item = String;
    #[cfg(unix)]
    fn load(
        &self,
        id: &str,
        mode: &str,
    ) -> impl ::core::future::Future<
        Output = Result<Option<String>>,
    > + ::core::marker::Send {
        ::core::future::ready(self.load.next()(id, mode))
    }
    #[cfg(not(unix))]
    fn load(
        &self,
        id: &str,
    ) -> impl ::core::future::Future<
        Output = Result<Option<String>>,
    > + ::core::marker::Send {
        ::core::future::ready(self.load.next()(id))
    }
}
