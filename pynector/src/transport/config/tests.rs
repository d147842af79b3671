//! Configuration as data: read, written, refused.

use serde_json::json;

use super::HttpConfig;

fn read(value: serde_json::Value) -> Result<HttpConfig, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

#[test]
fn what_is_read_is_written_again() {
    let value = json!({
        "base_url": "http://h",
        "headers": { "x-a": "1" },
        "timeout": "5s",
        "timeouts": { "connect": "500ms", "deadline": "none" },
        "retry": { "max_retries": 2, "initial_backoff": "10ms", "jitter": "none", "any_method": true },
        "breaker": { "failure_threshold": 3, "min_failure_rate": 0.25, "reset_timeout": "90s" },
        "rate_limit": { "permits": 100, "per": "60s", "burst": 10 },
        "max_in_flight": { "limit": 8, "queue": 100, "wait": "1s" },
        "hedge": "off",
        "follow_redirects": false,
        "user_agent": "me/1",
        "verify_ssl": false,
        "root_certificates": ["-----BEGIN CERTIFICATE-----"],
        "http2": true,
        "http2_prior_knowledge": false,
        "proxy": "http://user:password@p:3128",
        "proxy_from_env": false,
        "tcp_keepalive": "none",
        "pool_max_idle_per_host": 8,
        "pool_idle_timeout": "20s",
        "local_address": "::1",
    });
    let config = read(value.clone()).unwrap();
    let text = serde_json::to_string(&config).unwrap();
    assert_eq!(serde_json::to_value(&config).unwrap(), value, "nothing is added, nothing is lost");
    assert_eq!(serde_json::from_str::<HttpConfig>(&text).unwrap(), config);
}

#[test]
fn unknown_fields_and_bad_values_are_refused_by_name() {
    for (value, part) in [
        (json!({ "timout": "5s" }), "timout"),
        (json!({ "retry": { "max_retrys": 1 } }), "max_retrys"),
        (json!({ "retry": "on" }), "off"),
        (json!({ "timeout": "soon" }), "500ms"),
        (json!({ "retry": { "status_codes": [42] } }), "42"),
        (json!({ "retry": { "budget": { "ration": 1 } } }), "ration"),
        (json!({ "rate_limit": { "permits": 1 } }), "per"),
        (json!({ "rate_limit": 5 }), "RateLimitConfig"),
        (json!({ "rate_limit": { "permits": 1, "per": "1s", "queue": 1 } }), "queue"),
        (json!({ "max_in_flight": -1 }), "-1"),
        (json!({ "max_in_flight": 4_294_967_296_u64 }), "4294967296"),
        (json!({ "max_in_flight": { "queue": 1 } }), "limit"),
        (json!({ "max_in_flight": { "limit": 1, "size": 2 } }), "size"),
        (json!({ "hedge": { "max": 1 } }), "after"),
        (json!({ "hedge": { "after": "p99" } }), "\"p95\""),
        (json!({ "hedge": { "after": "none" } }), "\"p95\""),
        (json!({ "verify_tls": false }), "verify_tls"),
        (json!({ "local_address": "localhost" }), "IP address"),
        (json!({ "pool_max_idle_per_host": -1 }), "-1"),
    ] {
        let error = read(value).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

#[cfg(feature = "test-util")]
#[test]
fn cfg_1_numbers_are_checked_when_the_client_is_built() {
    for (value, field) in [
        (json!({ "timeout": "0s" }), "timeouts.attempt"),
        (json!({ "timeouts": { "attempt": "5s", "deadline": "1s" } }), "timeouts.attempt"),
        (json!({ "retry": { "multiplier": 0.5 } }), "retry.multiplier"),
        (json!({ "retry": { "initial_backoff": "9s", "max_backoff": "1s" } }), "retry.max_backoff"),
        (json!({ "breaker": { "failure_threshold": 0 } }), "breaker.failure_threshold"),
        (json!({ "breaker": { "min_failure_rate": 1.5 } }), "breaker.min_failure_rate"),
        (json!({ "breaker": { "open": "1s", "reset_timeout": "1s" } }), "breaker.reset_timeout"),
        (json!({ "retry": { "initial_backoff": "none" } }), "retry.initial_backoff"),
        (json!({ "breaker": { "open": "none" } }), "breaker.open"),
        (json!({ "breaker": { "reset_timeout": "none" } }), "breaker.reset_timeout"),
        (json!({ "breaker": { "wait_up_to": "none" } }), "breaker.wait_up_to"),
        (json!({ "breaker": { "ramp": "0s" } }), "breaker.ramp"),
        (json!({ "retry": { "budget": { "ratio": 10.5 } } }), "retry.budget.ratio"),
        (json!({ "retry": { "budget": { "min_per_second": -1 } } }), "retry.budget.min_per_second"),
        (json!({ "rate_limit": { "permits": 0, "per": "1s" } }), "rate_limit.permits"),
        (json!({ "rate_limit": { "permits": 1, "per": "none" } }), "rate_limit.per"),
        (json!({ "rate_limit": { "permits": 1, "per": "1s", "burst": 0 } }), "rate_limit.burst"),
        (json!({ "max_in_flight": 0 }), "max_in_flight.limit"),
        (json!({ "max_in_flight": { "limit": 1, "wait": "0s" } }), "max_in_flight.wait"),
        (json!({ "hedge": { "after": "999us" } }), "hedge.after"),
        (json!({ "hedge": { "after": "p95", "max": 6 } }), "hedge.max"),
        (json!({ "hedge": { "after": "p95" }, "retry": { "max_retries": 1 } }), "hedge"),
        (json!({ "max_body": 0 }), "max_body"),
        (json!({ "headers": { "bad name": "1" } }), "headers"),
        (json!({ "headers": { "x": "a\r\nb: c" } }), "headers"),
        (json!({ "headers": { "Content-Length": "3" } }), "headers"),
        (json!({ "headers": { "transfer-encoding": "chunked" } }), "headers"),
        (json!({ "headers": { "connection": "close" } }), "headers"),
    ] {
        let config = read(value).unwrap();
        let built = crate::HttpTransport::builder("http://h")
            .config(&config)
            .backend(crate::backend::ScriptBackend::default())
            .build();
        let error = built.unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Config);
        assert_eq!(error.invalid_setting().unwrap().field, field, "{error}");
    }
}

#[cfg(feature = "reqwest")]
#[test]
fn cfg_1_connections_are_checked_when_the_client_is_built() {
    for (value, field) in [
        (json!({ "proxy": "socks5://me:hunter2@p" }), "proxy"),
        (json!({ "tcp_keepalive": "1ms" }), "tcp_keepalive"),
        (json!({ "pool_idle_timeout": "0s" }), "pool_idle_timeout"),
        (json!({ "http2": false, "http2_prior_knowledge": true }), "http2_prior_knowledge"),
        (json!({ "root_certificates": ["x"] }), "root_certificates"),
        (json!({ "user_agent": "a\nb" }), "headers"),
    ] {
        let built = crate::HttpTransport::builder("http://h").config(&read(value).unwrap()).build();
        let error = built.unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Config);
        assert_eq!(error.invalid_setting().unwrap().field, field, "{error}");
    }
}

#[test]
fn a_file_says_what_the_methods_say() {
    use std::time::Duration;

    use crate::connection::{Certificate, ConnectionOptions};
    let config = read(json!({
        "verify_ssl": false,
        "root_certificates": ["x"],
        "http2": false,
        "http2_prior_knowledge": true,
        "proxy": "http://p",
        "proxy_from_env": true,
        "tcp_keepalive": "2s",
        "pool_max_idle_per_host": 8,
        "pool_idle_timeout": "none",
        "local_address": "127.0.0.2",
    }));
    let mut options = ConnectionOptions::new().no_proxy().http2(true);
    config.unwrap().apply(&mut crate::options::Level::default(), &mut options);
    let said = ConnectionOptions::new()
        .verify_ssl(false)
        .add_root_certificate(Certificate::from_pem("x"))
        .http2(false)
        .http2_prior_knowledge(true)
        .proxy("http://p")
        .proxy_from_env(true)
        .tcp_keepalive(Duration::from_secs(2))
        .pool_max_idle_per_host(8)
        .pool_idle_timeout(None)
        .local_address(std::net::IpAddr::from([127, 0, 0, 2]));
    assert_eq!(options, said);
    let off = read(json!({ "proxy": "none" })).unwrap();
    off.apply(&mut crate::options::Level::default(), &mut options);
    assert_eq!(options, said.no_proxy());
}

#[test]
fn debug_hides_what_may_be_secret() {
    for base in [
        "http://a:hunter2@h",
        "http://a:hun/ter2@h",
        "hunter2@h://x",
        "http://h?key=hunter2",
        "http://a:hunter2?x@h",
    ] {
        let config =
            json!({ "headers": { "x-key": "hunter2" }, "base_url": base, "proxy": "http://a:hunter2@p" });
        let shown = format!("{:?}", read(config).unwrap());
        assert!(!shown.contains("hunter2") && !shown.contains("ter2"), "{shown}");
    }
}
