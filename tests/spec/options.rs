//! Every setting is a method of builders, an override of factories, and a field of files, and means the same there.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::time::Duration;

use pynector::client::BaseUrl;
use pynector::{
    AnyOrigin, Breaker, BreakerUnit, Certificate, ClientBuilder, Hedge, HttpConfig, HttpTransport, Jitter,
    Keep, MaxInFlight, Overrides, RateLimit, RedirectRules, RetryBudget, RetryPolicy, StatusCodes, Timeouts,
};
use serde_json::{Value, json};

use crate::{MS, S, builder};

type Builder = ClientBuilder<HttpTransport, BaseUrl>;

/// A setting by name, how a program says it in both places, and how a file does.
struct Setting {
    method: &'static str,
    build: fn(Builder) -> Builder,
    overrule: fn(Overrides) -> Overrides,
    file: fn() -> Value,
}

/// What files leave to programs, since it is a secret or no plain data.
const PROGRAMS_ONLY: [&str; 3] = ["bearer", "basic", "api_key"];

macro_rules! settings {
    ($($method:ident($($value:expr),*) = $file:tt,)*) => {
        [$(Setting {
            method: stringify!($method),
            build: |builder| builder.$method($($value),*),
            overrule: |overrides| overrides.$method($($value),*),
            file: || json!($file),
        }),*]
    };
}

const SECOND: Duration = Duration::from_secs(1);
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

const RETRY: RetryPolicy = RetryPolicy::new()
    .max_retries(2)
    .initial_backoff(SECOND)
    .max_backoff(SECOND)
    .multiplier(3.0)
    .status_codes(StatusCodes::of(&[418]))
    .jitter(Jitter::Equal)
    .max_retry_after(SECOND)
    .budget(RetryBudget::new().ratio(0.5).min_per_second(2.0))
    .any_method();

const BREAKER: Breaker =
    Breaker::new().failure_threshold(2).min_failure_rate(0.25).open(SECOND).max_open(SECOND);

fn all() -> impl IntoIterator<Item = Setting> {
    policies().into_iter().chain(limits()).chain(others())
}

fn policies() -> impl IntoIterator<Item = Setting> {
    settings! {
        timeout(5 * S) = { "timeout": "5s" },
        timeouts(Timeouts::new().connect(S).attempt(2 * S).write(3 * S).read(4 * S).read_head(true).deadline(5 * S)) = {
            "timeouts": {
                "connect": "1s", "attempt": "2s", "write": "3s", "read": "4s", "read_head": true, "deadline": "5s"
            }
        },
        timeouts(Timeouts::new().no_connect().no_attempt().no_write().no_read().no_deadline()) = {
            "timeouts": {
                "connect": "none", "attempt": "none", "write": "none", "read": "none", "deadline": "none"
            }
        },
        retry(RETRY) = {
            "retry": {
                "max_retries": 2, "initial_backoff": "1s", "max_backoff": "1s", "multiplier": 3.0,
                "status_codes": [418], "jitter": "equal", "max_retry_after": "1s",
                "budget": { "ratio": 0.5, "min_per_second": 2.0 }, "any_method": true
            }
        },
        retry(RetryPolicy::new().vendor_retry_after()) = { "retry": { "vendor_retry_after": true } },
        retry(RetryPolicy::new().no_retry_after()) = { "retry": { "no_retry_after": true } },
        retry(RetryPolicy::spec()) = { "retry": { "spec": true } },
        retry(RetryPolicy::new().budget(RetryBudget::off())) = { "retry": { "budget": "off" } },
        retry(RetryPolicy::off()) = { "retry": "off" },
        breaker(BREAKER.probes(2).wait_up_to(S).ramp(2 * S).unit(BreakerUnit::Call)) = {
            "breaker": {
                "failure_threshold": 2, "min_failure_rate": 0.25, "open": "1s", "max_open": "1s", "probes": 2,
                "wait_up_to": "1s", "ramp": "2s", "unit": "call"
            }
        },
        breaker(Breaker::new().reset_timeout(S)) = { "breaker": { "reset_timeout": "1s" } },
        breaker(Breaker::spec()) = { "breaker": { "spec": true } },
        breaker(Breaker::off()) = { "breaker": "off" },
    }
}

fn limits() -> impl IntoIterator<Item = Setting> {
    settings! {
        rate_limit(RateLimit::new(100, 60 * S).burst(10)) = {
            "rate_limit": { "permits": 100, "per": "60s", "burst": 10 }
        },
        rate_limit(RateLimit::off()) = { "rate_limit": "off" },
        max_in_flight(MaxInFlight::new(8)) = { "max_in_flight": 8 },
        max_in_flight(MaxInFlight::new(8).queue(0).wait(S)) = {
            "max_in_flight": { "limit": 8, "queue": 0, "wait": "1s" }
        },
        max_in_flight(MaxInFlight::new(8).wait(Duration::MAX)) = {
            "max_in_flight": { "limit": 8, "wait": "none" }
        },
        max_in_flight(MaxInFlight::off()) = { "max_in_flight": "off" },
        hedge(Hedge::after(50 * MS).max(2)) = { "hedge": { "after": "50ms", "max": 2 } },
        hedge(Hedge::p95()) = { "hedge": { "after": "p95" } },
        hedge(Hedge::off()) = { "hedge": "off" },
    }
}

fn others() -> impl IntoIterator<Item = Setting> {
    settings! {
        max_retries(2) = { "retry": { "max_retries": 2 } },
        retry_backoff_factor(0.25) = { "retry": { "initial_backoff": "250ms" } },
        retry_status_codes(StatusCodes::empty()) = { "retry": { "status_codes": [] } },
        follow_redirects(false) = { "follow_redirects": false },
        redirect_rules(RedirectRules::Spec) = { "redirect_rules": "spec" },
        max_redirects(3) = { "max_redirects": 3 },
        max_body(9) = { "max_body": 9 },
        max_body(u64::MAX) = { "max_body": "none" },
        compress(pynector::ContentCoding::Gzip) = { "compress": "gzip" },
        decompress(false) = { "decompress": false },
        any_origin(true) = { "any_origin": "bare" },
        any_origin(AnyOrigin::WithHeaders) = { "any_origin": "with_headers" },
        header("x-a", "1") = { "headers": { "x-a": "1" } },
        user_agent("me/1") = { "user_agent": "me/1" },
        responses(Keep::Queue(3)) = { "responses": { "queue": 3 } },
        responses(Keep::Latest) = { "responses": "latest" },
        responses(Keep::None) = { "responses": "none" },
        verify_ssl(false) = { "verify_ssl": false },
        add_root_certificate(Certificate::from_pem("x")) = { "root_certificates": ["x"] },
        http2(false) = { "http2": false },
        http2_prior_knowledge(true) = { "http2_prior_knowledge": true },
        proxy("http://p") = { "proxy": "http://p" },
        no_proxy() = { "proxy": "none" },
        proxy_from_env(false) = { "proxy_from_env": false },
        tcp_keepalive(S) = { "tcp_keepalive": "1s" },
        tcp_keepalive(None) = { "tcp_keepalive": "none" },
        pool_max_idle_per_host(3) = { "pool_max_idle_per_host": 3 },
        pool_idle_timeout(250 * MS) = { "pool_idle_timeout": "250ms" },
        pool_idle_timeout(None) = { "pool_idle_timeout": "none" },
        local_address(LOOPBACK) = { "local_address": "127.0.0.1" },
    }
}

#[test]
fn s3_1_a_method_an_override_and_a_file_say_the_same() {
    for Setting { method, build, overrule, file } in all() {
        let config: HttpConfig = serde_json::from_value(file()).unwrap();
        let shown = |builder: Builder| format!("{builder:?}");
        assert_eq!(shown(build(builder())), shown(builder().config(&config)), "{method}");
        assert_ne!(shown(build(builder())), shown(builder()), "{method} does nothing");
        let shown = |overrides: Overrides| format!("{overrides:?}");
        assert_eq!(shown(overrule(Overrides::new())), shown(Overrides::new().config(&config)), "{method}");
        assert_ne!(shown(overrule(Overrides::new())), shown(Overrides::new()), "{method} does nothing");
        // What is written again is what was read.
        assert_eq!(serde_json::to_value(&config).unwrap(), file(), "{method}");
    }
}

/// The names of the methods that a source file defines.
fn methods_in(file: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pynector/src").join(file);
    let source = std::fs::read_to_string(path).unwrap();
    // Those in macros stand one step further in.
    let methods = source.lines().filter_map(|line| line.strip_prefix("        pub fn "));
    methods.map(|line| line.split('(').next().unwrap().to_owned()).collect()
}

/// The names of the fields of a part of a file, which whoever writes another one is told.
fn fields_of(path: &[&str]) -> BTreeSet<String> {
    let wrong = path.iter().rev().fold(json!({ "?": 0 }), |inner, name| json!({ *name: inner }));
    let error = serde_json::from_value::<HttpConfig>(wrong).unwrap_err().to_string();
    error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

#[test]
fn s3_1_no_setting_is_forgotten() {
    let mut methods: BTreeSet<_> = all().into_iter().map(|setting| setting.method.to_owned()).collect();
    methods.extend(PROGRAMS_ONLY.map(str::to_owned));
    let written = &methods_in("options.rs") | &methods_in("connection/methods.rs");
    assert!(written.len() > 20, "{written:?}");
    assert_eq!(written.difference(&methods).collect::<Vec<_>>(), [""; 0], "in no row");

    let files: Vec<_> = all().into_iter().map(|setting| (setting.file)()).collect();
    let parts: [(&[&str], usize); 8] = [
        (&[], 20),
        (&["timeouts"], 5),
        (&["retry"], 9),
        (&["retry", "budget"], 2),
        (&["breaker"], 9),
        (&["rate_limit"], 3),
        (&["max_in_flight"], 3),
        (&["hedge"], 2),
    ];
    for (part, least) in parts {
        let inside =
            |file: &Value| part.iter().try_fold(file.clone(), |inner, name| inner.get(name).cloned());
        let rows = files.iter().filter_map(inside);
        let rows: BTreeSet<_> = rows
            .filter_map(|inner| Some(inner.as_object()?.keys().cloned().collect::<Vec<_>>()))
            .flatten()
            .collect();
        let mut fields = fields_of(part);
        assert!(fields.len() >= least, "{fields:?}");
        // Which one is the builder's own affair.
        fields.remove("base_url");
        assert_eq!(fields, rows, "{part:?}");
    }
}
