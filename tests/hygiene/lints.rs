//! Generated code passes every lint that a strict user may deny.
//!
//! Every group of rustc and clippy is spelled out, and every lint that is off by default but for the ones in the comment;
//! `main.rs` denies what only a whole crate can be asked.
#![deny(
    warnings,
    deprecated_safe,
    keyword_idents,
    let_underscore,
    nonstandard_style,
    refining_impl_trait,
    rust_2018_compatibility,
    rust_2018_idioms,
    unknown_or_malformed_diagnostic_attributes,
    unused,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]
// Not here: `unstable_features` asks for a nightly compiler, `unused_crate_dependencies` and `linker_messages` look at no
// code, `non_ascii_idents` is what the user writes, `edition_2024_expr_fragment_specifier` is part of its group.
#![deny(
    absolute_paths_not_starting_with_crate,
    ambiguous_negative_literals,
    closure_returning_async_block,
    deprecated_in_future,
    deref_into_dyn_supertrait,
    explicit_outlives_requirements,
    ffi_unwind_calls,
    impl_trait_overcaptures,
    impl_trait_redundant_captures,
    let_underscore_drop,
    macro_use_extern_crate,
    meta_variable_misuse,
    missing_abi,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    elided_lifetimes_in_associated_constant
)]

use core::time::Duration;

use pynector::Result;

/// Has everything, and uses the names that generated code spells out.
#[pynector::api(
    base_url = "http://localhost",
    prefix = "/v2/{tenant}/{userId}",
    headers("accept" = "text/plain"),
    timeouts(connect = "1s", attempt = "60s", read = none, deadline = "2h"),
    retry(max_retries = 3, initial_backoff = "500ms", multiplier = 2.0, status_codes(429, 502..=504), any_method),
    breaker(failure_threshold = 5, min_failure_rate = 0.5),
    rate_limit(permits = 10, per = "1s"),
    max_in_flight = 8,
    dyn,
    blocking,
    mock = always
)]
pub trait Strict {
    /// What it keeps.
    type Item: Send = String;

    /// How many at once.
    const LIMIT: usize = 3;

    /// Every place.
    #[put("/{id}", timeout = "2s", retry = off, breaker = off)]
    async fn all(
        &self,
        id: u64,
        #[query] page: Option<u32>,
        #[header("x-trace")] trace: &str,
        #[bearer] token: &str,
        #[json] body: &[u8],
    ) -> Result<Vec<Self::Item>>;

    /// With more parameters than clippy likes, some of which may not be there.
    #[get("/many")]
    #[allow(clippy::too_many_arguments, reason = "that is what it tests")]
    async fn many(
        &self,
        #[query] first: u8,
        #[query] second: u8,
        #[query] third: u8,
        #[query] fourth: u8,
        #[query] fifth: u8,
        #[cfg(test)]
        #[query]
        sixth: u8,
        #[cfg(not(test))]
        #[query]
        seventh: u8,
        #[query] eighth: u8,
    ) -> Result<()>;

    /// Every form of a path and of a query.
    #[get("/{region?}/{bucket}/{*key}")]
    async fn places(
        &self,
        region: Option<&str>,
        #[path_param(encoded)] bucket: &str,
        key: &str,
        #[query(style = csv)] ids: &[u8],
        #[query("c", style = dots, encoded)] codes: &[&str],
    ) -> Result<()>;

    /// Headers of every kind.
    #[get("/headers")]
    async fn headers(
        &self,
        #[headers] map: &[(&str, &str)],
        #[header("date", display)] date: Option<&str>,
        #[cookie] sid: &str,
        #[cookie("lang")] language: Option<&str>,
    ) -> Result<()>;

    /// A form.
    #[post("/form")]
    async fn form(&self, #[form] user: &str, #[form("p")] page: Option<u8>) -> Result<()>;

    /// Parts.
    #[post("/parts")]
    async fn parts(&self, #[part] file: &[u8], #[part("t")] tags: Vec<String>) -> Result<()>;

    /// A form that was put together elsewhere.
    #[post("/multipart")]
    async fn multipart(&self, #[multipart] form: pynector::Multipart) -> Result<()>;

    /// As it is.
    #[post("/raw")]
    async fn raw(&self, #[body] text: String) -> Result<()>;

    /// An object.
    #[post("/object")]
    async fn object(&self, #[json_field] name: &str, #[json_field("tags")] all: &[u8]) -> Result<()>;

    /// A whole URL, and options of one call.
    #[get]
    async fn whole(&self, #[url] link: &str, #[call_options] options: pynector::CallOptions) -> Result<()>;

    /// Pages.
    #[get("/pages")]
    #[paginate(link, items = "data")]
    async fn pages(&self) -> Result<pynector::Pages<u8>>;

    /// Events.
    #[get("/events")]
    #[events(until = "end", reconnect, heartbeat = "10s")]
    async fn events(&self) -> Result<pynector::Events<u8>>;

    /// Lines.
    #[get("/lines")]
    #[lines(skip_bad, max_line = "1KiB")]
    async fn lines(&self) -> Result<pynector::Response<pynector::JsonLines<u8>>>;

    /// Returns what lints like to see on a method.
    #[must_use]
    #[post("/", idempotent)]
    async fn must(&self) -> Result<()>;

    /// With a named lifetime.
    #[get("/{a}")]
    async fn lifetimes<'a>(&'a self, a: &'a str) -> Result<()>;

    /// Lent, and left out of every twin's type.
    #[deprecated]
    fn label<'a>(&'a self, (first, _second): (&'a str, u8)) -> &'a str
    where
        Self: Sized,
    {
        first
    }

    /// A helper.
    ///
    /// # Errors
    ///
    /// Those of the call.
    async fn helper(&self) -> Result<Duration> {
        self.must().await.map(|()| Duration::ZERO)
    }
}

#[test]
#[allow(deprecated)]
fn the_twins_of_a_strict_client_are_used() {
    let mock = StrictMock::new().expect_must(|| Ok(())).times(1);
    let strict = DynStrict::new(mock.clone());
    helped(&strict);
    drop((strict.must(), mock.must()));
    assert_eq!((strict.label(("a", 1)), mock.must_calls()), ("a", 1));
    let blocking = StrictBlocking::from_client(StrictClient::new("acme", 7).unwrap()).unwrap();
    assert_eq!(blocking.label(("a", 1)), "a");
    drop((PrivateMock::new(), blocking.client(), blocking.runtime()));
}

/// Private, undocumented inside, and without any use of its client.
#[pynector::api(client = Hidden, dyn, blocking, mock)]
trait Private {
    #[get("/")]
    async fn get(&self) -> Result<()>;
}

/// Serves the private trait, whose client is made nowhere.
struct Fake;

impl Private for Fake {
    async fn get(&self) -> Result<()> {
        Ok(())
    }
}

fn helped(api: &impl Strict) {
    const fn sendable<T: Send>(_: &T) {}
    let future = api.helper();
    sendable(&future);
    drop(future);
}

#[test]
fn a_strict_client_is_used() {
    let client = StrictClient::new("acme", 7).unwrap().with_tenant(8).with_userId("x");
    helped(&client);
    drop(client.all(1, None, "t", "b", &[]));
    drop(client.places(None, "b", "k", &[], &[]));
    drop(client.headers(&[], None, "s", None));
    drop(client.must());
    drop((client.pages(), client.events(), client.lines()));
    drop(client.many(1, 2, 3, 4, 5, 6, 8));
    assert_eq!(StrictClient::LIMIT, 3);
    drop(client.lifetimes("a"));
    drop(Fake.get());
}

/// One variant per status.
#[derive(Debug, pynector::ApiError)]
pub enum StrictError {
    /// There is none.
    #[status(404, 410)]
    NotFound,
    /// It says why.
    #[status(409)]
    Rejected(String),
    /// Too many.
    #[status(429)]
    Busy {
        /// In seconds.
        #[header("retry-after")]
        after: Option<u64>,
        /// In words.
        body: String,
        /// The story.
        #[source]
        error: pynector::Error,
    },
    /// Everything else.
    #[other]
    #[deprecated]
    Other(pynector::Error),
}
