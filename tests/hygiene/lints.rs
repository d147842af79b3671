//! Generated code passes every lint that a strict user may deny.
#![deny(
    warnings,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    let_underscore,
    missing_abi,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    nonstandard_style,
    redundant_imports,
    redundant_lifetimes,
    rust_2018_idioms,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unsafe_code,
    unused,
    unused_import_braces,
    unused_lifetimes,
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
    headers("accept" = "text/plain"),
    timeouts(connect = "1s", attempt = "60s", read = none, deadline = "2h"),
    retry(max_retries = 3, initial_backoff = "500ms", multiplier = 2.0, status_codes(429, 502..=504), any_method),
    breaker(failure_threshold = 5, min_failure_rate = 0.5)
)]
pub trait Strict {
    /// Every place.
    #[put("/{id}", timeout = "2s", retry = off, breaker = off)]
    async fn all(
        &self,
        id: u64,
        #[query] page: Option<u32>,
        #[header("x-trace")] trace: &str,
        #[bearer] token: &str,
        #[json] body: &[u8],
    ) -> Result<Vec<String>>;

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

    /// Returns what lints like to see on a method.
    #[must_use]
    #[post("/", idempotent)]
    async fn must(&self) -> Result<()>;

    /// With a named lifetime.
    #[get("/{a}")]
    async fn lifetimes<'a>(&'a self, a: &'a str) -> Result<()>;

    /// A helper.
    ///
    /// # Errors
    ///
    /// Those of the call.
    async fn helper(&self) -> Result<Duration> {
        self.must().await.map(|()| Duration::ZERO)
    }
}

/// Private, undocumented inside, and without any use of its client.
#[pynector::api(client = Hidden)]
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

fn helped(api: &impl Strict) -> impl Future<Output = Result<Duration>> + Send {
    api.helper()
}

#[test]
fn a_strict_client_is_used() {
    let client = StrictClient::new().unwrap();
    drop(helped(&client));
    drop(client.all(1, None, "t", "b", &[]));
    drop(client.must());
    drop(client.lifetimes("a"));
    drop(Fake.get());
}
