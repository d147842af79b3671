//! Places of a whole call: its URL instead of a path, and its options.

use std::borrow::Cow;

use pynector::backend::{ScriptBackend, Step};
use pynector::http::Uri;
use pynector::url::Url;
use pynector::{
    AnyOrigin, Breaker, CallOptions, CircuitState, ErrorKind, HttpTransport, Operation, Result, RetryPolicy,
    UrlValue,
};
use pynector_tests::raw::{RawServer, Reply};

use crate::built;

#[pynector::api(headers("x-trait" = "t"))]
trait Whole {
    #[get(headers("x-verb" = "v", "accept-language" = "de"))]
    async fn next<U: UrlValue + Send>(&self, #[query] size: Option<u8>, #[url] link: U) -> Result<()>;

    #[get(headers("x-verb" = "v", "accept-language" = "de"))]
    async fn own(&self, #[url] link: &str, #[header("x-own")] own: &str, #[bearer] token: &str)
    -> Result<()>;

    #[put(retry = off)]
    async fn upload(&self, #[body] bytes: &[u8], #[url] target: &str) -> Result<()>;

    #[get("/{id}", headers("x-level" = "verb"))]
    async fn tuned(
        &self,
        id: u8,
        #[header("x-own")] own: Option<&str>,
        #[call_options] options: Option<&CallOptions>,
    ) -> Result<()>;

    #[get]
    async fn anywhere(&self, #[url] link: &str, #[call_options] options: CallOptions) -> Result<()>;
}

/// A client of `http://h/v1` that gets nothing but 204.
fn whole() -> (WholeClient, ScriptBackend) {
    let builder = WholeClient::builder().base_url("http://h/v1").bearer("secret").header("x-client", "c");
    built(builder, vec![Step::status(204); 9])
}

fn last_uri(script: &ScriptBackend) -> String {
    script.requests().pop().unwrap().uri.to_string()
}

/// The names of the last request's headers that say where they come from.
fn levels(script: &ScriptBackend) -> Vec<String> {
    let request = script.requests().pop().unwrap();
    let names = request.headers.keys().map(ToString::to_string);
    let mut names: Vec<_> = names.filter(|name| name.starts_with("x-") || name == "authorization").collect();
    names.sort();
    names
}

#[tokio::test(start_paused = true)]
async fn a_url_is_resolved_against_the_base_with_a_slash_at_its_end() {
    let (whole, script) = whole();
    whole.next(None, "items?page=2").await.unwrap();
    assert_eq!(last_uri(&script), "http://h/v1/items?page=2");
    whole.next(Some(50), "/items?page=2".to_owned()).await.unwrap();
    assert_eq!(last_uri(&script), "http://h/items?page=2&size=50", "the query is appended");
    whole.next(Some(50), Cow::Borrowed("")).await.unwrap();
    assert_eq!(last_uri(&script), "http://h/v1/?size=50");
    whole.next(None, Url::parse("http://h:80/a b?c").unwrap()).await.unwrap();
    assert_eq!(last_uri(&script), "http://h/a%20b?c");
    whole.next(None, &Uri::from_static("http://h/x")).await.unwrap();
    assert_eq!(last_uri(&script), "http://h/x");
    assert_eq!(
        levels(&script),
        ["authorization", "x-client", "x-trait", "x-verb"],
        "the origin is the base's"
    );
}

#[tokio::test(start_paused = true)]
async fn what_would_leave_its_place_is_refused_before_anything_is_sent() {
    let (whole, script) = whole();
    for url in [
        "http://other/x?token=hunter2",
        "https://h/",
        "http://h:81/",
        "//other/x",
        "\\\\other\\..\\x",
        "http:\\\\other/x",
        "../admin",
        "/v1/%2e%2e/admin",
        "x#frag",
        "x\r\ny: z",
        "http://u:hunter2@h/",
        "ftp://h/",
    ] {
        let error = whole.next(None, url).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{url:?}: {error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
    let error = whole.next(None, "http://other/x").await.unwrap_err().to_string();
    assert!(
        error.contains("http://other/x is not of the origin") && error.contains("`any_origin`"),
        "{error}"
    );
    assert_eq!(script.requests().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn another_origin_gets_the_headers_of_the_call_and_what_a_redirect_would_carry() {
    let (whole, script) = whole();
    let allowed = whole.with_options(CallOptions::new().any_origin(true).header("x-options", "o"));
    allowed.next(Some(1), "http://other:81/x").await.unwrap();
    assert_eq!(last_uri(&script), "http://other:81/x?size=1");
    assert_eq!(levels(&script), [""; 0]);
    let request = script.requests().pop().unwrap();
    assert_eq!(request.headers["accept-language"], "de");
    assert!(request.headers.contains_key("accept") && request.headers.contains_key("user-agent"));

    allowed.own("//other/x", "1", "own").await.unwrap();
    assert_eq!(levels(&script), ["authorization", "x-own"]);
    assert_eq!(script.requests().pop().unwrap().headers["authorization"], "Bearer own");

    whole
        .anywhere("http://other/", CallOptions::new().any_origin(true).header("x-options", "o"))
        .await
        .unwrap();
    assert_eq!(levels(&script), [""; 0], "options are said for the client's origin too");
    let with_headers = CallOptions::new().any_origin(AnyOrigin::WithHeaders);
    whole.anywhere("http://other/", with_headers).await.unwrap();
    assert_eq!(levels(&script), ["authorization", "x-client", "x-trait"]);
}

#[tokio::test(start_paused = true)]
async fn the_circuit_is_that_of_the_host_that_is_called() {
    let builder = WholeClient::builder()
        .base_url("http://h")
        .any_origin(true)
        .retry(RetryPolicy::off())
        .breaker(Breaker::on().failure_threshold(2));
    let (whole, script) = built(builder, [Step::status(500), Step::status(500), Step::status(204)]);
    for _ in 0..2 {
        assert!(whole.next(None, "http://other/").await.is_err());
    }
    assert!(whole.next(None, "http://other/").await.unwrap_err().is_circuit_open());
    assert_eq!(whole.transport().circuit().state(), CircuitState::Closed);
    whole.next(None, "/").await.unwrap();
    assert_eq!(script.remaining(), 0);
}

#[tokio::test]
async fn a_body_goes_to_the_url() {
    let server = RawServer::start([Reply::ok("204 No Content", "", "")]).await;
    let whole = WholeClient::at("http://127.0.0.1:9/never").unwrap();
    let whole = whole.with_options(CallOptions::new().any_origin(true));
    whole.upload(b"abc", &format!("{}/signed/a%2Fb?sig=x%3D", server.url())).await.unwrap();
    let request = server.requests().pop().unwrap();
    assert!(request.starts_with("PUT /signed/a%2Fb?sig=x%3D HTTP/1.1\r\n"), "{request}");
    assert!(
        request.contains("content-type: application/octet-stream\r\n") && request.ends_with("\r\n\r\nabc")
    );
    assert!(!request.contains("x-trait"), "{request}");
}

const PATH: Operation = Operation::get("T::path", "/x");
const BARE: Operation = Operation::get("T::bare", "");

#[tokio::test(start_paused = true)]
async fn by_hand_a_url_stands_alone_and_before_the_query() {
    let (transport, script) = built(HttpTransport::builder("http://h/v1"), vec![Step::status(204); 2]);
    let error = transport.call(&PATH).url("y").send::<()>().await.unwrap_err();
    assert!(error.to_string().contains("the operation has a path"), "{error}");
    let error = transport.call(&BARE).query("a", &1).url("y").send::<()>().await.unwrap_err();
    assert!(error.to_string().contains("after the query"), "{error}");
    transport.call(&BARE).url("y").query("a", &1).send::<()>().await.unwrap();
    assert_eq!(last_uri(&script), "http://h/v1/y?a=1");
    transport.call(&BARE).send::<()>().await.unwrap();
    assert_eq!(last_uri(&script), "http://h/v1");
}

#[tokio::test(start_paused = true)]
async fn options_of_a_call_are_the_strongest_rung_of_this_call_alone() {
    let steps = (0..20).map(|_| Step::status(503));
    let builder = WholeClient::builder().base_url("http://h").retry(RetryPolicy::new().max_retries(1));
    let (whole, script) = built(builder, steps);
    let sent = async |options: Option<&CallOptions>| {
        let before = script.requests().len();
        whole
            .with_options(CallOptions::new().header("x-level", "client's").header("x-own", "client's"))
            .tuned(1, Some("parameter"), options)
            .await
            .unwrap_err();
        let requests = script.requests();
        let headers = &requests[before].headers;
        let text = |name: &str| headers[name].to_str().unwrap().to_owned();
        (requests.len() - before, text("x-level"), text("x-own"))
    };
    let told = |attempts, level: &str| (attempts, level.to_owned(), "parameter".to_owned());
    assert_eq!(sent(None).await, told(2, "client's"));
    let options = CallOptions::new()
        .retry(RetryPolicy::new().max_retries(2))
        .header("x-level", "call's")
        .header("x-own", "call's");
    assert_eq!(sent(Some(&options)).await, told(3, "call's"));
    assert_eq!(sent(None).await, told(2, "client's"), "the next call is as before");
}

#[tokio::test(start_paused = true)]
async fn a_mistake_in_the_options_is_an_error_of_the_call() {
    let (whole, script) = whole();
    for options in [
        CallOptions::new().header("no name", "x"),
        CallOptions::new().timeout(std::time::Duration::ZERO),
        CallOptions::new().breaker(Breaker::on().failure_threshold(3)),
    ] {
        let error = whole.tuned(1, None, Some(&options)).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Config, Some("Whole::tuned")), "{error}");
    }
    assert_eq!(script.requests().len(), 0);
    whole.tuned(1, None, None).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_call_with_options_belongs_to_the_session_of_its_client() {
    let (whole, _) = whole();
    whole.transport().disconnect().await;
    let error = whole.tuned(1, None, Some(&CallOptions::new())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotConnected);
}
