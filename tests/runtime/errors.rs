//! Errors: kinds, predicates, one line for a log, and no secrets.

use pynector::backend::Step;
use pynector::{ErrorKind, Failure, HttpTransport, RetryPolicy};
use serde::Deserialize;

use crate::{S, Things as _, built, things, transport};

const SEARCH: pynector::Operation = pynector::Operation::get("Things::search", "/search");

#[test]
fn err_1_an_error_is_one_pointer() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<pynector::Error>();
    assert_eq!(size_of::<pynector::Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), pynector::Error>>(), size_of::<usize>());
}

#[derive(Debug, Deserialize, PartialEq)]
struct Code {
    code: u8,
}

#[tokio::test(start_paused = true)]
async fn err_1_exhaustion_does_not_wrap() {
    let busy = || Step::status(503).header("x-id", "9").body("{\"code\": 7}");
    let (things, _) = things([Step::fail(Failure::Interrupted), busy(), busy(), busy()]);
    let error = things.get(1).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 503);
    assert_eq!(error.headers().unwrap()["x-id"], "9");
    assert_eq!(error.operation(), Some("Things::get"));
    assert_eq!(error.url(), Some("http://h/things/1"));
    assert_eq!(error.method().unwrap(), "GET");
    assert_eq!(error.attempts(), 4);
    assert!(error.elapsed() <= 4 * S);
    let kinds: Vec<_> = error.history().iter().map(|attempt| attempt.kind).collect();
    let status = ErrorKind::Status(503);
    assert_eq!(kinds, [ErrorKind::Interrupted, status, status, status]);
    assert!(error.history()[..3].iter().all(|attempt| !attempt.waited.is_zero()));

    assert_eq!(error.decode::<Code>().unwrap(), Code { code: 7 });
    assert_eq!(error.decode::<String>().unwrap_err().kind(), ErrorKind::Deserialize);

    let line = error.to_string();
    assert!(
        line.starts_with("Things::get: GET http://h/things/1: 503 Service Unavailable after 4 attempts in ")
    );
    assert!(line.ends_with(" (stopped: retries exhausted)") && !line.contains('\n'), "{line}");
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {
    #[expect(dead_code, reason = "only decoded")]
    code: u8,
}

#[tokio::test(start_paused = true)]
async fn err_1_one_bounded_line_whatever_the_server_sends() {
    let long = format!("{{\"code\": \"{}\"}}", "s".repeat(5000));
    let (transport, _) = transport([Step::json("{\"a\\nERROR forged \\u001b[31m\": 1}"), Step::json(long)]);
    for (quoted, most) in [("unknown field `a\\nERROR forged", 400), ("at line 1 column 5011", 700)] {
        let error = transport.call(&SEARCH).send::<Strict>().await.unwrap_err();
        let line = error.to_string();
        assert!(line.contains(quoted) && !line.contains(char::is_control), "{line:?}");
        assert!(line.len() < most && format!("{error:?}").len() < most + 400, "{} {error:?}", line.len());
    }
}

#[tokio::test(start_paused = true)]
async fn err_1_a_cause_with_line_breaks_stays_in_its_line() {
    let (things, _) = things([Step::status(500).body("{\"a\\nb\": 1}")]);
    let error = things.add("x").await.unwrap_err();
    let inner = error.decode::<Strict>().unwrap_err();
    assert!(!inner.to_string().contains('\n'), "{inner}");
}

#[tokio::test(start_paused = true)]
async fn err_1_a_call_was_sent_if_one_attempt_was() {
    for (steps, sent) in [
        ([Failure::Interrupted, Failure::Refused], true),
        ([Failure::Refused, Failure::Interrupted], true),
        ([Failure::Refused, Failure::Refused], false),
    ] {
        let retry = RetryPolicy::new().max_retries(1);
        let (transport, _) = built(HttpTransport::builder("http://h").retry(retry), steps.map(Step::fail));
        assert_eq!(transport.call(&SEARCH).send::<()>().await.unwrap_err().was_sent(), sent, "{steps:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn err_1_history_is_bounded() {
    let (transport, _) = built(
        HttpTransport::builder("http://h").retry(RetryPolicy::new().max_retries(40)),
        (0..41).map(|_| Step::status(503)),
    );
    let options = pynector::CallOptions::new().timeouts(pynector::Timeouts::new().no_deadline());
    let error = transport.with_options(options).call(&SEARCH).send::<()>().await.unwrap_err();
    assert_eq!((error.attempts(), error.history().len()), (41, 8));
}

#[tokio::test(start_paused = true)]
async fn err_2_statuses_are_told_apart() {
    for (status, name) in [
        (401, "unauthorized"),
        (403, "forbidden"),
        (404, "not found"),
        (408, "request timeout"),
        (429, "too many requests"),
        (418, "client"),
        (500, "server"),
        (599, "server"),
    ] {
        let (transport, _) =
            built(HttpTransport::builder("http://h").retry(RetryPolicy::off()), [Step::status(status)]);
        let error = transport.call(&SEARCH).send::<()>().await.unwrap_err();
        let found = [
            ("unauthorized", error.is_unauthorized()),
            ("forbidden", error.is_forbidden()),
            ("not found", error.is_not_found()),
            ("request timeout", error.is_request_timeout()),
            ("too many requests", error.is_too_many_requests()),
        ];
        for (predicate, answer) in found {
            assert_eq!(answer, predicate == name, "{status} {predicate}");
        }
        assert!(error.is_status() && !error.is_circuit_open() && !error.is_connection());
        assert_eq!(error.is_client_error(), status < 500);
        assert_eq!(error.is_server_error(), status >= 500);
    }
}

#[tokio::test(start_paused = true)]
async fn obs_3_no_secret_is_ever_shown() {
    let builder = HttpTransport::builder("http://h").bearer("hunter2").api_key("x-key", "hunter2");
    let (transport, script) = built(
        builder.header("x-plain", "hunter2").retry(RetryPolicy::off()),
        [
            Step::status(500).header("set-cookie", "hunter2").body("hunter2"),
            Step::status(302).header("location", "ftp://me:hunter2@h/?hunter2"),
            Step::fail(Failure::Interrupted),
        ],
    );
    for _ in 0..3 {
        let call = transport.call(&SEARCH).query("key", "hunter2").json("hunter2");
        let shown = format!("{transport:?} {call:?}");
        let error = call.send::<()>().await.unwrap_err();
        let shown = format!("{shown} {error} {error:?} {error:#?}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    let sent = &script.requests()[0];
    assert_eq!(sent.headers["authorization"], "Bearer hunter2");
    assert!(sent.headers["authorization"].is_sensitive() && sent.headers["x-key"].is_sensitive());
    assert_eq!(sent.uri, "http://h/search?key=hunter2");
}

#[tokio::test(start_paused = true)]
async fn bad_values_are_errors_before_anything_is_sent() {
    const USER: pynector::Operation = pynector::Operation::get("T::user", "/users/{id}/x");
    const METHOD: pynector::Operation = pynector::Operation::http("BAD METHOD", "T::method", "/");
    let (transport, script) = transport([]);
    let calls = [
        (transport.call(&USER).path("id", ".."), ErrorKind::Request, "`..`"),
        (transport.call(&USER).path("id", ""), ErrorKind::Request, "`id` is empty"),
        (transport.call(&USER), ErrorKind::Request, "`id` was not given"),
        (transport.call(&USER).path("id", 1).path("id", 2), ErrorKind::Request, "no `{id}`"),
        (transport.call(&SEARCH).query("q", &[[1]]), ErrorKind::Request, "the query parameter `q`"),
        (transport.call(&SEARCH).header("x-a", "a\r\nb: c"), ErrorKind::Request, "the header `x-a`"),
        (transport.call(&SEARCH).header("bad name", "a"), ErrorKind::Request, "not a header name"),
        (transport.call(&SEARCH).bearer("a\nb"), ErrorKind::Request, "authorization"),
        (transport.call(&SEARCH).basic(("a:b", None::<&str>)), ErrorKind::Request, "colon"),
        (
            transport.call(&SEARCH).json(&std::collections::BTreeMap::from([((1, 2), 3)])),
            ErrorKind::Serialize,
            "JSON body",
        ),
        (transport.call(&METHOD), ErrorKind::Request, "not a method"),
    ];
    for (call, kind, part) in calls {
        let error = call.send::<()>().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        let line = error.to_string();
        assert!(line.contains(part) && !line.contains('\n'), "{line}");
        assert!(!error.was_sent() && error.attempts() == 0 && error.operation().is_some());
    }
    assert_eq!(script.requests().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn options_that_break_a_rule_are_errors_of_the_call() {
    let (things, script) = things([]);
    for (options, field) in [
        (pynector::CallOptions::new().timeout(std::time::Duration::ZERO), "timeouts.attempt"),
        (pynector::CallOptions::new().retry(RetryPolicy::new().multiplier(f64::NAN)), "retry.multiplier"),
        (pynector::CallOptions::new().header("x", "a\nb"), "headers"),
        (pynector::CallOptions::new().max_body(0), "max_body"),
        (pynector::CallOptions::new().breaker(pynector::Breaker::new().probes(2)), "breaker"),
        (pynector::CallOptions::new().breaker(pynector::Breaker::new().group("g")), "breaker"),
    ] {
        let error = things.with_options(options).get(1).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.invalid_setting().unwrap().field, field, "{error}");
    }
    assert_eq!(script.requests().len(), 0);
}
