//! Which request follows a redirect, by either set of rules.

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::RedirectRules::{Spec, Strict};
use super::{Hop, RedirectRules, Redirects, is_redirect, next};

fn led(method: &str, status: u16, from: &str, to: &str, rules: RedirectRules) -> Result<Hop, String> {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    next(&method, from, StatusCode::from_u16(status).unwrap(), to.as_bytes(), rules)
}

fn hop(method: &str, status: u16, from: &str, to: &str) -> Result<(String, String, bool, bool), String> {
    let hop = led(method, status, from, to, Strict)?;
    Ok((hop.method.to_string(), hop.url.to_string(), hop.keeps_body, hop.same_origin))
}

#[test]
fn methods_and_bodies() {
    for (method, status, expected, keeps) in [
        ("POST", 301, "GET", false),
        ("POST", 302, "GET", false),
        ("POST", 303, "GET", false),
        ("POST", 307, "POST", true),
        ("POST", 308, "POST", true),
        ("PUT", 301, "PUT", true),
        ("PUT", 303, "GET", false),
        ("DELETE", 302, "DELETE", true),
        ("HEAD", 303, "HEAD", true),
        ("GET", 302, "GET", true),
    ] {
        let (method_after, _, keeps_body, _) = hop(method, status, "http://h/a", "/b").unwrap();
        assert_eq!((&*method_after, keeps_body), (expected, keeps), "{method} {status}");
    }
}

#[test]
fn targets_resolve_and_origins_are_told_apart() {
    for (from, to, expected, same) in [
        ("http://h/a/b?q=1", "../c", "http://h/c", true),
        ("http://h/a", "//other/x", "http://other/x", false),
        ("http://h/a", "http://h:81/", "http://h:81/", false),
        ("http://h/a", "HTTP://H:80/x", "http://h/x", true),
        ("http://h/a", "https://h/x", "https://h/x", false),
    ] {
        let (_, url, _, same_origin) = hop("GET", 302, from, to).unwrap();
        assert_eq!((&*url, same_origin), (expected, same), "{from} -> {to}");
    }
}

#[test]
fn refused_targets_say_why_and_hide_secrets() {
    for (from, to, part) in [
        ("https://h/", "http://h/?token=hunter2", "leave https"),
        ("http://h/", "ftp://h/", "not http or https"),
        ("http://h/", "mailto:a@b://c", "not http or https"),
        ("http://h/", "http://a:hunter2@h/", "credentials"),
        ("http://h/", "http://[", "not a URL"),
    ] {
        let why = hop("GET", 302, from, to).unwrap_err();
        assert!(why.contains(part) && !why.contains("hunter2"), "{why}");
    }
}

#[test]
fn strict_keeps_headers_with_their_body_and_within_their_origin() {
    let all = [
        "accept",
        "accept-language",
        "authorization",
        "content-length",
        "content-type",
        "range",
        "user-agent",
        "x-key",
    ];
    for (method, status, to, kept) in [
        ("PUT", 307, "/b", &all[..]),
        ("POST", 303, "/b", &["accept", "accept-language", "authorization", "range", "user-agent", "x-key"]),
        ("PUT", 307, "http://other/", &["accept", "accept-language", "content-type", "range", "user-agent"]),
        ("POST", 303, "http://other/", &["accept", "accept-language", "range", "user-agent"]),
    ] {
        let hop = led(method, status, "http://h/a", to, Strict).unwrap();
        let carried: Vec<_> = all.into_iter().filter(|name| hop.carries(&name.parse().unwrap())).collect();
        assert_eq!(carried, kept, "{method} {status} -> {to}");
    }
}

#[test]
fn strict_refuses_a_name_or_a_password_alone() {
    for to in ["http://name@h/", "http://:hunter2@h/"] {
        assert!(led("GET", 302, "http://h/", to, Strict).unwrap_err().contains("credentials"), "{to}");
        assert_eq!(led("GET", 302, "http://h/", to, Spec).unwrap().url.as_str(), "http://h/", "{to}");
    }
}

#[test]
fn five_statuses_with_a_location_lead_elsewhere() {
    let mut headers = HeaderMap::new();
    for code in 100..600 {
        assert!(!is_redirect(StatusCode::from_u16(code).unwrap(), &headers), "{code} without a location");
    }
    headers.insert(header::LOCATION, HeaderValue::from_static("/b"));
    let leads: Vec<_> =
        (100..600_u16).filter(|code| is_redirect(StatusCode::from_u16(*code).unwrap(), &headers)).collect();
    assert_eq!(leads, [301, 302, 303, 307, 308]);
}

#[test]
fn a_nearer_level_replaces_what_it_names() {
    let all = Redirects { follow: Some(false), max: Some(3), rules: Some(Spec) };
    let other = Redirects { follow: Some(true), max: Some(9), rules: Some(Strict) };
    assert_eq!(all.over(other), all);
    assert_eq!((all.over(Redirects::default()), Redirects::default().over(all)), (all, all));
}

#[test]
fn spec_turns_more_methods_into_get() {
    for (method, status, expected, keeps) in [
        ("POST", 301, "GET", false),
        ("PUT", 301, "PUT", true),
        ("DELETE", 301, "DELETE", true),
        ("HEAD", 301, "HEAD", true),
        ("POST", 302, "GET", false),
        ("PUT", 302, "GET", false),
        ("DELETE", 302, "GET", false),
        ("HEAD", 302, "HEAD", true),
        ("GET", 302, "GET", true),
        ("PATCH", 303, "GET", false),
        ("HEAD", 303, "HEAD", true),
        ("GET", 303, "GET", true),
        ("PUT", 307, "PUT", true),
        ("POST", 308, "POST", true),
    ] {
        let hop = led(method, status, "http://h/a", "/b", Spec).unwrap();
        assert_eq!((hop.method.as_str(), hop.keeps_body), (expected, keeps), "{method} {status}");
    }
}

#[test]
fn spec_drops_few_headers() {
    let all = [
        "accept",
        "authorization",
        "content-length",
        "content-type",
        "cookie",
        "host",
        "transfer-encoding",
        "x-key",
    ];
    for (method, from, to, dropped) in [
        ("PUT", "http://h/a", "/b", vec!["content-length", "cookie", "transfer-encoding"]),
        ("GET", "http://h/a", "/b", vec!["cookie"]),
        ("GET", "http://h/a", "http://other/", vec!["authorization", "cookie", "host"]),
        ("GET", "http://h/a", "http://h:81/", vec!["authorization", "cookie", "host"]),
        ("GET", "http://h/a", "https://h/", vec!["cookie", "host"]),
        ("GET", "http://h:80/a", "https://h:443/", vec!["cookie", "host"]),
        ("GET", "http://h/a", "https://h:8443/", vec!["authorization", "cookie", "host"]),
        ("GET", "http://h:81/a", "https://h/", vec!["authorization", "cookie", "host"]),
        ("GET", "http://h/a", "https://other/", vec!["authorization", "cookie", "host"]),
        ("GET", "https://h/a", "http://h/", vec!["authorization", "cookie", "host"]),
    ] {
        let hop = led(method, 302, from, to, Spec).unwrap();
        let gone: Vec<_> = all.into_iter().filter(|name| !hop.carries(&name.parse().unwrap())).collect();
        assert_eq!(gone, dropped, "{method} {from} -> {to}");
    }
}

#[test]
fn spec_refuses_only_what_is_not_http() {
    assert_eq!(led("GET", 302, "https://h/", "http://a:b@h/x", Spec).unwrap().url.as_str(), "http://h/x");
    for to in ["ftp://h/", "http://["] {
        assert!(led("GET", 302, "http://h/", to, Spec).is_err(), "{to}");
    }
}

#[test]
fn the_limit_goes_with_the_rules_unless_it_is_named() {
    let spec = Redirects { rules: Some(Spec), ..Redirects::default() };
    assert_eq!((Redirects::default().limit(), spec.limit()), (10, 20));
    assert_eq!(Redirects { max: Some(3), ..spec }.limit(), 3);
    assert_eq!(Redirects { follow: Some(false), ..spec }.limit(), 0);
}
