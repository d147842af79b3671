//! Calls over a cache: what is answered without the server, what the server is asked, and what is never mixed up.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pynector::backend::{ScriptBackend, Step};
use pynector::{
    Breaker, CacheStep, CallInfo, CallOptions, ErrorKind, Event, HttpTransport, MemoryCache, Observer,
    Operation, OperationRules, Response, RetryPolicy, StatusCodes,
};

use pynector_tests::raw::{RawServer, Reply};

use crate::{GET, built};

pub(crate) const POST: Operation = Operation::post("Test::post", "/x");
const OTHER: Operation = Operation::put("Test::put", "/other");
const NONE: Operation =
    Operation::get("Test::none", "/x").rules(&OperationRules::new().none_on(StatusCodes::of(&[304])));

#[derive(Clone, Debug, Default)]
pub(crate) struct Steps(Arc<Mutex<Vec<CacheStep>>>);

impl Observer for Steps {
    fn event(&self, _: &CallInfo<'_>, event: &Event) {
        if let Event::Cache { step } = event {
            self.0.lock().unwrap().push(*step);
        }
    }
}

impl Steps {
    pub(crate) fn take(&self) -> Vec<CacheStep> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn cached(steps: impl IntoIterator<Item = Step>) -> (HttpTransport, ScriptBackend, Steps) {
    let seen = Steps::default();
    let builder = HttpTransport::builder("http://h").cache(MemoryCache::new(1 << 20)).observer(seen.clone());
    let (transport, script) = built(builder, steps);
    (transport, script, seen)
}

pub(crate) fn text(body: &'static str, headers: &[(&str, &str)]) -> Step {
    let step = Step::status(200).body(body);
    headers.iter().fold(step, |step, (name, value)| step.header(name, value))
}

pub(crate) async fn get(transport: &HttpTransport) -> Response<String> {
    transport.call(&GET).send().await.unwrap()
}

pub(crate) fn with(transport: &HttpTransport, name: &str, value: &str) -> HttpTransport {
    transport.with_options(CallOptions::new().header(name, value))
}

#[tokio::test(start_paused = true)]
async fn a_fresh_response_sends_nothing() {
    let headers = [("cache-control", "max-age=60"), ("set-cookie", "a=1"), ("set-cookie", "b=2")];
    let (transport, script, seen) = cached([text("one", &headers)]);
    let first = get(&transport).await;
    assert!(!first.from_cache());
    let second = get(&transport).await;
    assert_eq!((second.as_str(), second.from_cache(), second.attempts()), ("one", true, 0));
    assert_eq!(second.header("age"), Some("0"));
    assert_eq!(second.headers().get_all("set-cookie").iter().count(), 2);
    assert_eq!(script.requests().len(), 1);
    assert_eq!(seen.take(), [CacheStep::Missed, CacheStep::Stored, CacheStep::Hit]);
}

/// What the first response says, and whether the second call is answered by it.
#[tokio::test(start_paused = true)]
async fn what_is_stored_and_fresh_is_said_by_the_response() {
    let long_ago = [("date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("cache-control", "max-age=60")];
    let heuristic = [("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")];
    let table: &[(&[(&str, &str)], bool)] = &[
        (&[("cache-control", "max-age=60")], true),
        (&[("cache-control", "Max-Age=60")], true),
        (&[("cache-control", "max-age=\"60\"")], true),
        (&[("cache-control", "private, max-age=60")], true),
        (&[("cache-control", "max-age=99999999999999999999999")], true),
        (&[("cache-control", "s-maxage=60")], false),
        (&[("cache-control", "max-age=0")], false),
        (&[("cache-control", "max-age=soon")], false),
        (&[("cache-control", "max-age=60, no-store")], false),
        (&[("cache-control", "max-age=60, No-Store")], false),
        (&[("cache-control", "x=\"a, b\", NO-STORE, max-age=60")], false),
        (&[("cache-control", "max-age=60, no-store, x=\"\u{e9}\"")], false),
        (&[("cache-control", "max-age=60, no-store, \u{e9}")], false),
        (&[("cache-control", "max-age=60, x=\"\u{e9}\"")], true),
        (&[("cache-control", r#"max-age=60, x="a\"", no-store"#)], false),
        (&[("cache-control", r#"max-age=60, x="a\", no-store""#)], true),
        (&[("cache-control", r#"max-age=60, x="a, no-store"#)], false),
        (&[("cache-control", "max-age=60"), ("cache-control", "no-cache")], false),
        (&[("cache-control", "max-age=60"), ("age", "30")], true),
        (&[("cache-control", "max-age=60"), ("age", "61")], false),
        (&[("cache-control", "max-age=60"), ("age", "18446744073709551615")], false),
        (&[("cache-control", "max-age=60"), ("vary", "*")], false),
        (&[("cache-control", "max-age=60"), ("vary", "accept, x-other")], true),
        (&[("expires", "Fri, 31 Dec 9999 23:59:59 GMT")], true),
        (&[("expires", "0")], false),
        (&[("expires", "Fri, 31 Dec 9999 23:59:59 GMT"), ("cache-control", "max-age=0")], false),
        (&[("pragma", "no-cache"), ("expires", "Fri, 31 Dec 9999 23:59:59 GMT")], false),
        (&long_ago, false),
        (&heuristic, true),
        (&[], false),
    ];
    for (headers, hit) in table {
        let (transport, script, _) = cached([text("one", headers), text("two", &[])]);
        get(&transport).await;
        let second = get(&transport).await;
        assert_eq!((second.from_cache(), script.requests().len() == 1), (*hit, *hit), "{headers:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_request_has_a_say() {
    let fresh = || text("one", &[("cache-control", "max-age=60")]);
    let table = [
        ("cache-control", "no-cache", false),
        ("cache-control", "NO-STORE", false),
        ("cache-control", "max-age=0, min-fresh=100", false),
        ("cache-control", "max-age=30", true),
        ("pragma", "no-cache", false),
        ("range", "bytes=0-1", false),
        ("if-none-match", "\"a\"", false),
        ("authorization", "Bearer other", false),
        ("cookie", "a=1", false),
        ("accept", "text/csv", false),
        ("x-plain", "1", false),
        ("accept-language", "de", false),
        ("user-agent", "other", true),
        ("x-request-id", "7", true),
    ];
    for (name, value, hit) in table {
        let (transport, script, _) = cached([fresh(), fresh()]);
        get(&transport).await;
        assert_eq!(get(&with(&transport, name, value)).await.from_cache(), hit, "{name}: {value}");
        assert_eq!(script.requests().len(), if hit { 1 } else { 2 }, "{name}: {value}");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_sees_what_another_was_given() {
    let fresh = |body| text(body, &[("cache-control", "max-age=60")]);
    let (transport, script, _) = cached([fresh("a"), fresh("b"), fresh("key"), fresh("t"), fresh("u")]);
    let [ann, bob] = ["ann", "bob"].map(|token| transport.with_options(CallOptions::new().bearer(token)));
    let key = transport.with_options(CallOptions::new().api_key("x-api-key", "k"));
    // Nothing says of these that they are secrets.
    let [one, two] = ["t", "u"].map(|tenant| with(&transport, "x-tenant", tenant));
    for _ in 0..2 {
        assert_eq!(*get(&ann).await, "a");
        assert_eq!(*get(&bob).await, "b");
        assert_eq!(*get(&key).await, "key");
        assert_eq!((get(&one).await.as_str(), get(&two).await.as_str()), ("t", "u"));
    }
    assert_eq!(script.requests().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn two_transports_with_credentials_share_a_store_and_no_response() {
    let store = MemoryCache::new(1 << 20);
    for token in ["a", "b"] {
        let builder = HttpTransport::builder("http://h").cache(store.clone());
        let auth = pynector::Authorization::bearer(token).unwrap();
        let (transport, script) =
            built(builder.auth(auth), [text("own", &[("cache-control", "max-age=60")])]);
        assert!(!get(&transport).await.from_cache());
        assert!(get(&transport).await.from_cache());
        assert_eq!(script.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_304_gives_the_stored_value() {
    let stale = [
        ("etag", "\"v1\""),
        ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("cache-control", "max-age=0"),
        ("x-old", "1"),
    ];
    let fresh = Step::status(304)
        .header("etag", "W/\"v1\"")
        .header("cache-control", "max-age=60")
        .header("x-new", "2");
    let (transport, script, seen) = cached([text("one", &stale), fresh]);
    get(&transport).await;
    let second = get(&transport).await;
    assert_eq!((second.as_str(), second.from_cache(), second.attempts()), ("one", true, 1));
    assert_eq!(second.status(), 200);
    assert_eq!((second.header("x-old"), second.header("x-new")), (Some("1"), Some("2")));
    let asked = script.requests();
    assert_eq!(asked[1].headers["if-none-match"], "\"v1\"");
    assert_eq!(asked[1].headers["if-modified-since"], "Sun, 06 Nov 1994 08:49:37 GMT");
    // By the headers of the 304 it is fresh now.
    assert_eq!(get(&transport).await.attempts(), 0);
    assert_eq!(script.requests().len(), 2);
    assert_eq!(seen.take(), [CacheStep::Missed, CacheStep::Stored, CacheStep::Revalidated, CacheStep::Hit]);
}

#[tokio::test(start_paused = true)]
async fn a_304_may_forbid_to_store() {
    let stale = [("etag", "\"v1\""), ("cache-control", "max-age=0")];
    let forbids = Step::status(304).header("cache-control", "no-store");
    let (transport, script, seen) = cached([text("one", &stale), forbids, text("two", &[])]);
    get(&transport).await;
    assert_eq!(*get(&transport).await, "one");
    assert_eq!(*get(&transport).await, "two");
    assert!(!script.requests()[2].headers.contains_key("if-none-match"));
    assert!(seen.take().contains(&CacheStep::Removed));
}

#[tokio::test(start_paused = true)]
async fn a_304_for_another_version_is_no_answer() {
    let stale = [("etag", "\"v1\""), ("cache-control", "max-age=0")];
    let other = Step::status(304).header("etag", "\"v2\"");
    let (transport, script, _) = cached([text("one", &stale), other, text("two", &[])]);
    get(&transport).await;
    let second = get(&transport).await;
    assert_eq!((second.as_str(), second.from_cache()), ("two", false));
    assert!(!script.requests()[2].headers.contains_key("if-none-match"));
}

#[tokio::test(start_paused = true)]
async fn who_asks_by_himself_gets_his_304() {
    let headers = [("etag", "\"v1\""), ("cache-control", "max-age=60")];
    let (transport, _, _) = cached([text("one", &headers), Step::status(304), Step::status(304)]);
    get(&transport).await;
    let own = with(&transport, "if-none-match", "\"v1\"");
    assert_eq!(own.call(&NONE).send::<Option<String>>().await.unwrap(), None);
    let error = own.call(&GET).send::<String>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status(304));
}

#[tokio::test(start_paused = true)]
async fn the_vary_of_a_response_is_honoured() {
    let varied = |body| text(body, &[("cache-control", "max-age=60"), ("vary", "User-Agent")]);
    let (transport, script, _) = cached([varied("en"), varied("de")]);
    let [en, de] = ["en", "de"].map(|lang| with(&transport, "user-agent", lang));
    assert_eq!(*get(&en).await, "en");
    assert_eq!(*get(&en).await, "en");
    assert_eq!(*get(&de).await, "de");
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_change_that_succeeds_forgets_what_was_stored() {
    let fresh = |body| text(body, &[("cache-control", "max-age=60")]);
    for (answer, forgotten) in [(Step::status(204), true), (Step::status(409), false)] {
        let (transport, script, _) = cached([fresh("one"), answer, fresh("two")]);
        get(&transport).await;
        let _ = transport.call(&POST).send::<()>().await;
        assert_eq!(!get(&transport).await.from_cache(), forgotten);
        assert_eq!(script.requests().len(), if forgotten { 3 } else { 2 });
    }
    let elsewhere = Step::status(201).header("location", "/x");
    let (transport, _, _) = cached([fresh("one"), elsewhere, fresh("two")]);
    get(&transport).await;
    transport.call(&OTHER).send::<()>().await.unwrap();
    assert_eq!(*get(&transport).await, "two");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_a_change_has_overtaken_is_not_stored() {
    let fresh = |body| text(body, &[("cache-control", "max-age=60")]);
    let slow = Step::status(200).header("cache-control", "max-age=60");
    let slow = slow.silence(Duration::from_secs(5)).body("old");
    let (transport, script, _) = cached([slow, Step::status(204), fresh("new")]);
    let change = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        transport.call(&POST).send::<()>().await.unwrap();
    };
    let (old, ()) = tokio::join!(get(&transport), change);
    assert_eq!(*old, "old");
    assert_eq!(*get(&transport).await, "new");
    assert!(get(&transport).await.from_cache());
    assert_eq!(script.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_answered_by_what_is_stale_if_the_server_allowed_it() {
    let table = [
        ("max-age=0, stale-if-error=60", 503, true),
        ("max-age=0", 503, false),
        ("max-age=0, stale-if-error=60, must-revalidate", 503, false),
        ("max-age=0, stale-if-error=60, no-cache", 503, false),
        ("max-age=0, stale-if-error=60", 404, false),
    ];
    for (control, status, stale) in table {
        let first = text("one", &[("cache-control", control), ("etag", "\"v1\"")]);
        let (transport, _, _) = cached([first, Step::status(status)]);
        let once = transport.with_options(CallOptions::new().retry(RetryPolicy::off()));
        get(&once).await;
        let second = once.call(&GET).send::<Response<String>>().await;
        assert_eq!(second.as_ref().is_ok_and(|answer| **answer == "one"), stale, "{control}");
        if let Ok(answer) = second {
            assert_eq!((answer.attempts(), answer.from_cache()), (1, true));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_open_circuit_does_not_keep_a_fresh_response() {
    let builder = HttpTransport::builder("http://h").cache(MemoryCache::new(1 << 20));
    let fresh = text("one", &[("cache-control", "max-age=60")]);
    let (transport, script) = built(builder.breaker(Breaker::on()), [fresh]);
    get(&transport).await;
    transport.circuit().force_open();
    assert_eq!(*get(&transport).await, "one");
    let other = with(&transport, "cache-control", "no-cache").call(&GET).send::<String>().await;
    assert_eq!(other.unwrap_err().kind(), ErrorKind::CircuitOpen);
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_came_by_a_redirect_is_not_stored() {
    let moved = || Step::status(302).header("location", "/y").header("cache-control", "max-age=60");
    let fresh = || text("one", &[("cache-control", "max-age=60")]);
    let (transport, script, _) = cached([moved(), fresh(), moved(), fresh()]);
    get(&transport).await;
    assert!(!get(&transport).await.from_cache());
    assert_eq!(script.requests().len(), 4);
}

#[tokio::test]
async fn over_a_socket_a_304_gives_the_decoded_value() {
    let zipped = {
        use std::io::Write as _;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"one").unwrap();
        encoder.finish().unwrap()
    };
    let headers =
        "etag: \"v1\"\r\ncontent-encoding: gzip\r\nvary: accept-encoding\r\ncache-control: no-cache\r\n";
    let fresh = b"HTTP/1.1 304 Not Modified\r\netag: \"v1\"\r\ncache-control: max-age=60\r\n\r\n".to_vec();
    let server = RawServer::start([Reply::ok("200 OK", headers, zipped), Reply::Keep(fresh)]).await;
    let transport = HttpTransport::builder(server.url()).cache(MemoryCache::new(1 << 20)).build().unwrap();
    let attempts = [1, 1, 0];
    for attempts in attempts {
        let answer = get(&transport).await;
        assert_eq!((answer.as_str(), answer.attempts()), ("one", attempts));
    }
    let many = (0..50).map(|_| get(&transport));
    assert!(futures_util::future::join_all(many).await.iter().all(Response::from_cache));
    assert_eq!((server.count(), server.connections()), (2, 1));
}
