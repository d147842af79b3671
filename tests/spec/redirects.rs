//! Redirects by the specification's rules, which are httpx's, at real servers.

use pynector::backend::Step;
use pynector::{CallOptions, ErrorKind, HttpConfig, HttpMessage, HttpTransport, RedirectRules};
use pynector_tests::raw::{RawServer, Reply};

use crate::{builder, built};

fn to(status: u16, location: &str) -> Reply {
    Reply::ok(&format!("{status} Elsewhere"), &format!("location: {location}\r\n"), "")
}

fn done() -> Reply {
    Reply::ok("200 OK", "", "7")
}

fn put() -> HttpMessage {
    HttpMessage::new()
        .method("PUT")
        .url("/start")
        .header("authorization", "Bearer t")
        .header("cookie", "a=1")
        .header("x-key", "k")
        .json(1)
}

async fn by_spec(server: &RawServer, message: &HttpMessage) {
    let transport = HttpTransport::builder(server.url()).spec().build().unwrap();
    transport.connect().await.unwrap();
    transport.send(message).await.unwrap();
}

fn has(request: &str, header: &str) -> bool {
    request.to_lowercase().contains(&format!("\r\n{header}: "))
}

#[tokio::test]
async fn s3_1_methods_and_bodies_follow_by_status() {
    for (status, method, second) in [
        (301, "PUT", "PUT"),
        (301, "POST", "GET"),
        (302, "PUT", "GET"),
        (302, "DELETE", "GET"),
        (302, "HEAD", "HEAD"),
        (303, "PATCH", "GET"),
        (307, "POST", "POST"),
        (308, "PUT", "PUT"),
    ] {
        let server = RawServer::start([to(status, "/next"), done()]).await;
        let message = if method == "HEAD" { HttpMessage::new().url("/start") } else { put() };
        by_spec(&server, &message.method(method)).await;
        let request = &server.requests()[1];
        assert!(request.starts_with(&format!("{second} /next HTTP/1.1\r\n")), "{status} {method}: {request}");
        let keeps = method == second && method != "HEAD";
        assert_eq!(request.ends_with("\r\n\r\n1"), keeps, "{request}");
        assert_eq!(has(request, "content-length"), keeps, "{request}");
        // httpx drops the length and leaves the type.
        assert_eq!(has(request, "content-type"), method != "HEAD", "{request}");
    }
}

#[tokio::test]
async fn s3_1_only_authorization_host_and_cookie_stay_behind() {
    let other = RawServer::start([done()]).await;
    let server = RawServer::start([to(307, &format!("{}/far", other.url()))]).await;
    by_spec(&server, &put().header("host", "alias")).await;
    let far = &other.requests()[0];
    assert!(has(&server.requests()[0], "authorization") && server.requests()[0].contains("host: alias"));
    assert!(far.starts_with("PUT /far ") && far.ends_with("\r\n\r\n1"), "{far}");
    assert!(has(far, "x-key") && has(far, "content-type"), "{far}");
    assert!(!has(far, "authorization") && !has(far, "cookie") && !far.contains("alias"), "{far}");

    let same = RawServer::start([to(307, "/near"), done()]).await;
    by_spec(&same, &put().header("host", "alias")).await;
    let near = &same.requests()[1];
    assert!(has(near, "authorization") && near.contains("host: alias") && !has(near, "cookie"), "{near}");
}

#[tokio::test]
async fn s3_1_twenty_redirects_are_followed_and_a_circle_is_none() {
    let hops = |count: usize| std::iter::repeat_n(to(302, "/start"), count).chain([done()]);
    let server = RawServer::start(hops(20)).await;
    by_spec(&server, &HttpMessage::new().url("/start")).await;
    assert_eq!(server.requests().len(), 21);

    let server = RawServer::start(hops(21)).await;
    let transport = HttpTransport::builder(server.url()).spec().build().unwrap();
    transport.connect().await.unwrap();
    let error = transport.send(&HttpMessage::new().url("/start")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(error.to_string().contains("more than 20 redirects"), "{error}");
    assert_eq!(server.requests().len(), 21);
}

#[tokio::test(start_paused = true)]
async fn s3_1_https_may_be_left_and_an_upgrade_keeps_authorization() {
    for (base, location, keeps) in [
        ("https://h", "http://h/x", false),
        ("http://h", "https://h/x", true),
        ("http://h", "https://h:8443/x", false),
        ("http://h", "http://me:hunter2@h/x", true),
    ] {
        let steps = [Step::status(302).header("location", location), Step::status(200)];
        let (transport, script) = built(HttpTransport::builder(base).spec().bearer("t"), steps);
        transport.connect().await.unwrap();
        transport.send(&HttpMessage::new()).await.unwrap();
        let second = &script.requests()[1];
        assert_eq!(second.uri.to_string(), location.replace("me:hunter2@", ""));
        assert_eq!(second.headers.contains_key("authorization"), keeps, "{base} -> {location}");
    }
}

#[tokio::test(start_paused = true)]
async fn s4_4_the_rules_are_one_switch_at_every_level() {
    let config: HttpConfig = serde_json::from_str(r#"{ "redirect_rules": "spec" }"#).unwrap();
    let steps = || [Step::status(302).header("location", "http://other/"), Step::status(200)];
    let carried = async |transport: HttpTransport, script: pynector::backend::ScriptBackend| {
        transport.connect().await.unwrap();
        transport.send(&HttpMessage::new().header("x-key", "k")).await.unwrap();
        script.requests()[1].headers.contains_key("x-key")
    };
    for (builder, expected) in [
        (builder(), false),
        (builder().redirect_rules(RedirectRules::Spec), true),
        (builder().config(&config), true),
        (builder().spec().redirect_rules(RedirectRules::Strict), false),
    ] {
        let (transport, script) = built(builder, steps());
        assert_eq!(carried(transport, script).await, expected);
    }
    let (transport, script) = built(builder(), steps());
    let options = CallOptions::new().redirect_rules(RedirectRules::Spec);
    assert!(carried(transport.with_options(options), script).await);
}
