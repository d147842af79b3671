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
        "breaker": { "failure_threshold": 3, "min_failure_rate": 0.25, "reset_timeout": "1m30s" },
        "follow_redirects": false,
    });
    let config = read(value).unwrap();
    let text = serde_json::to_string(&config).unwrap();
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

#[test]
fn debug_hides_what_may_be_secret() {
    for base in ["http://a:hunter2@h", "http://a:hun/ter2@h", "hunter2@h://x", "http://h?key=hunter2"] {
        let config = read(json!({ "headers": { "x-key": "hunter2" }, "base_url": base })).unwrap();
        let shown = format!("{config:?}");
        assert!(!shown.contains("hunter2") && !shown.contains("ter2"), "{shown}");
    }
}
