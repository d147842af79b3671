//! One ladder for settings and headers: options, verb, builder, trait, defaults.

use pynector::backend::Step;
use pynector::{Breaker, CallOptions, Client as _, ErrorKind, HttpTransport, Result, RetryPolicy};

use crate::built;

#[pynector::api(headers("x-level" = "trait", "x-trait" = "a", "x-trait" = "b"), retry(max_retries = 5))]
trait Levels {
    #[get("/plain")]
    async fn plain(&self) -> Result<()>;

    #[get("/verb", headers("x-level" = "verb"), retry(max_retries = 3))]
    async fn verb(&self) -> Result<()>;

    #[get("/param", headers("x-level" = "verb"))]
    async fn param(&self, #[header("x-level")] level: Option<&str>) -> Result<()>;
}

/// What reaches the wire at each level: the header, and the requests of a call that always fails.
async fn seen(call: &str, builder: bool, options: bool) -> (Vec<String>, usize) {
    let mut base = LevelsClient::builder().base_url("http://h");
    if builder {
        base = base.header("x-level", "builder").retry(RetryPolicy::new().max_retries(4));
    }
    let (mut levels, script) = built(base, (0..9).map(|_| Step::status(503)));
    if options {
        let own = CallOptions::new().header("x-level", "options").retry(RetryPolicy::new().max_retries(1));
        levels = levels.with_options(own);
    }
    let error = match call {
        "plain" => levels.plain().await,
        "verb" => levels.verb().await,
        "param" => levels.param(Some("param")).await,
        "empty" => levels.param(Some("")).await,
        _ => levels.param(None).await,
    };
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Status(503));
    let requests = script.requests();
    let level = requests[0].headers.get_all("x-level").iter().map(|value| value.to_str().unwrap().to_owned());
    (level.collect(), requests.len())
}

#[tokio::test(start_paused = true)]
async fn the_nearer_level_wins() {
    for (call, builder, options, header, requests) in [
        ("plain", false, false, "trait", 6),
        ("plain", true, false, "builder", 5),
        ("plain", true, true, "options", 2),
        ("verb", false, false, "verb", 4),
        ("verb", true, false, "verb", 4),
        ("verb", true, true, "options", 2),
        ("param", true, true, "param", 2),
        ("empty", false, false, "", 6),
        ("none", false, false, "verb", 6),
        ("none", false, true, "options", 2),
    ] {
        let (level, attempts) = seen(call, builder, options).await;
        assert_eq!((level, attempts), (vec![header.to_owned()], requests), "{call} {builder} {options}");
    }
}

#[tokio::test(start_paused = true)]
async fn later_options_win_over_earlier_ones_field_by_field() {
    let (levels, script) =
        built(LevelsClient::builder().base_url("http://h"), (0..9).map(|_| Step::status(503)));
    let first = CallOptions::new().header("x-level", "first").retry(RetryPolicy::new().max_retries(2));
    let second = CallOptions::new().retry(RetryPolicy::new().max_retries(1));
    levels.with_options(first).with_options(second).plain().await.unwrap_err();
    let requests = script.requests();
    assert_eq!((requests.len(), &requests[0].headers["x-level"]), (2, &"first".parse().unwrap()));
}

#[tokio::test(start_paused = true)]
async fn one_level_may_repeat_a_name_and_defaults_fill_the_rest() {
    let (levels, script) = built(LevelsClient::builder().base_url("http://h"), [Step::status(200)]);
    levels.plain().await.unwrap();
    let headers = &script.requests()[0].headers;
    assert_eq!(headers.get_all("x-trait").iter().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(headers["accept"], "*/*");
    assert_eq!(headers["accept-encoding"], "gzip");
    assert!(headers["user-agent"].to_str().unwrap().starts_with("pynector/"));
    assert!(!headers.contains_key("content-length") && !headers.contains_key("content-type"));
}

#[tokio::test(start_paused = true)]
async fn several_apis_stand_over_one_transport() {
    let (transport, script) = built(
        HttpTransport::builder("http://h/v1/").header("x-level", "transport"),
        (0..9).map(|_| Step::status(503)),
    );
    let levels = LevelsClient::from_transport(transport.clone()).unwrap();
    levels.plain().await.unwrap_err();
    let requests = script.requests();
    assert_eq!(requests.len(), 6, "the trait's retry holds where the transport says nothing");
    assert_eq!(requests[0].headers["x-level"], "transport");
    assert_eq!(requests[0].uri, "http://h/v1/plain");
    assert_eq!(LevelsClient::API.name(), "Levels");
    assert_eq!(LevelsClient::OPERATIONS.len(), 3);
}

#[pynector::api]
trait Grouped {
    #[get("/a", breaker(failure_threshold = 2, group = "g"))]
    async fn a(&self) -> Result<()>;
}

#[pynector::api]
trait OtherNumbers {
    #[get("/b", breaker(failure_threshold = 3, group = "g"))]
    async fn b(&self) -> Result<()>;
}

#[test]
fn a_breaker_group_has_one_set_of_numbers() {
    let (transport, _) = built(HttpTransport::builder("http://h"), []);
    let grouped = GroupedClient::from_transport(transport.clone()).unwrap();
    drop(grouped.a());
    GroupedClient::from_transport(transport.clone()).unwrap();
    let error = OtherNumbersClient::from_transport(transport).map(|other| drop(other.b())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(error.invalid_setting().unwrap().field, "breaker.group");
}

#[test]
fn cfg_1_bad_settings_fail_when_the_client_is_built() {
    for (builder, field) in [
        (HttpTransport::builder("not a url"), "base_url"),
        (HttpTransport::builder("http://h").retry(RetryPolicy::new().multiplier(0.0)), "retry.multiplier"),
        (HttpTransport::builder("http://h").breaker(Breaker::new().probes(0)), "breaker.probes"),
        (HttpTransport::builder("http://h").header("a b", "c"), "headers"),
        (HttpTransport::builder("http://h").bearer("a\nb"), "credentials"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.invalid_setting().unwrap().field, field, "{error}");
        assert!(error.to_string().contains("but must"), "{error}");
    }
}

#[pynector::api(breaker(failure_threshold = 9))]
trait Guarded {
    #[get("/a")]
    async fn a(&self) -> Result<()>;
}

#[test]
fn a_builder_may_name_the_group_of_its_trait_s_breaker() {
    let breaker = pynector::Breaker::on().group("g");
    let (guarded, _) = crate::built(GuardedClient::builder().base_url("http://h").breaker(breaker), []);
    drop(guarded.a());
}
