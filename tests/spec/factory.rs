//! Factories: defaults, overrides, and transports by name.

use std::time::Duration;

use pynector::backend::{ScriptBackend, Step};
use pynector::{
    BoxTransport, Certificate, ConnectionOptions, ErrorKind, HttpConfig, HttpMessage, HttpTransport,
    HttpTransportFactory, Keep, Overrides, Result, RetryPolicy, StatusCodes, Timeouts, Transport,
    TransportFactory, TransportRegistry,
};
use pynector_tests::Journal;
use pynector_tests::raw::{RawServer, Reply};
use pynector_tests::served::{Identity, Server};

use crate::{MS, S};

type Factory = HttpTransportFactory<HttpMessage>;

/// The answers of a server that is busy, asked by `transport`: how many requests came, and what the first one says.
async fn asked(factory: &Factory, overrides: Overrides, server: &RawServer) -> (usize, String) {
    let before = server.requests().len();
    let transport = factory.create_transport(overrides).unwrap();
    transport.connect().await.unwrap();
    transport.send(&HttpMessage::new().url("/x")).await.unwrap_err();
    let requests = server.requests();
    (requests.len() - before, requests[before].clone())
}

#[tokio::test]
async fn s4_defaults_hold_and_overrides_win_with_headers_merged() {
    let server = RawServer::start([Reply::ok("503 Service Unavailable", "", "")]).await;
    let quick = || Overrides::new().retry_backoff_factor(0.001);
    let defaults = quick().max_retries(1).header("x-a", "default").header("x-b", "default");
    let factory = Factory::new(server.url()).defaults(defaults);

    let (requests, first) = asked(&factory, Overrides::new(), &server).await;
    assert_eq!(requests, 2);
    assert!(first.contains("x-a: default\r\n") && first.contains("x-b: default\r\n"), "{first}");

    let overrides = Overrides::new().max_retries(2).header("X-A", "override");
    let (requests, first) = asked(&factory, overrides, &server).await;
    assert_eq!(requests, 3);
    assert!(first.contains("x-a: override\r\n") && first.contains("x-b: default\r\n"), "{first}");

    let never = Overrides::new().retry_status_codes(StatusCodes::empty());
    assert_eq!(asked(&factory, never, &server).await.0, 1);
}

#[test]
fn s4_a_factory_is_patient_for_30_seconds() {
    let shown = |overrides| format!("{:?}", Factory::new("http://h").create_transport(overrides).unwrap());
    assert!(shown(Overrides::new()).contains("attempt: Some(30s)"));
    assert!(shown(Overrides::new().timeout(5 * S)).contains("attempt: Some(5s)"));
    let one_clock = shown(Overrides::new().timeouts(Timeouts::new().connect(S)));
    assert!(one_clock.contains("connect: Some(1s), attempt: Some(30s)"), "{one_clock}");
    assert!(
        format!("{:?}", HttpTransport::builder("http://h").build().unwrap()).contains("attempt: Some(10s)")
    );
}

#[test]
fn s4_bad_settings_are_errors_of_the_factory() {
    let bad = |base: &str, overrides| Factory::new(base).create_transport(overrides).unwrap_err();
    for (error, field) in [
        (bad("no url", Overrides::new()), "base_url"),
        (bad("ftp://h", Overrides::new()), "base_url"),
        (bad("http://h", Overrides::new().timeout(Duration::ZERO)), "timeouts.attempt"),
        (bad("http://h", Overrides::new().retry_backoff_factor(f64::INFINITY)), "retry_backoff_factor"),
        (bad("http://h", Overrides::new().header("a", "b\r\nc: d")), "headers"),
        (bad("http://h", Overrides::new().header("content-length", "0")), "headers"),
        (bad("http://h", Overrides::new().user_agent("a\0")), "headers"),
        (bad("http://h", Overrides::new().max_body(0)), "max_body"),
        (bad("http://h", Overrides::new().proxy("nowhere")), "proxy"),
        (bad("http://h", Overrides::new().tcp_keepalive(MS)), "tcp_keepalive"),
        (bad("http://h", Overrides::new().http2(false).http2_prior_knowledge(true)), "http2_prior_knowledge"),
        (bad("http://h", Overrides::new().backend(ScriptBackend::default()).http2(true)), "connection"),
        (bad("http://h", Overrides::new().retry_backoff_factor(-1.0)), "retry_backoff_factor"),
        (bad("http://h", Overrides::new().retry_backoff_factor(f64::NAN)), "retry_backoff_factor"),
        (bad("http://h", Overrides::new().header("a b", "c")), "headers"),
        (
            bad("http://h", Overrides::new().add_root_certificate(Certificate::from_pem("x"))),
            "root_certificates",
        ),
        (
            Factory::new("http://h").defaults(Overrides::new().header("a b", "c")).create().unwrap_err(),
            "headers",
        ),
    ] {
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.invalid_setting().unwrap().field.contains(field), "{error}");
    }
    // A default that is overruled is checked all the same, and a bad override leaves the factory as it was.
    let factory = Factory::new("http://h").defaults(Overrides::new().timeout(Duration::ZERO));
    assert!(factory.create_transport(Overrides::new().timeout(S)).is_err());
    let factory = Factory::new("http://h");
    assert!(factory.create_transport(Overrides::new().timeout(Duration::ZERO)).is_err());
    assert!(factory.create_transport(Overrides::new()).is_ok());
}

/// A trait that says what it wants of its transport.
#[pynector::api(timeout = "5s", retry(max_retries = 1), headers("x-trait" = "trait", "x-both" = "trait"))]
trait Things {
    #[get("/things/{id}")]
    async fn thing(&self, id: u32) -> Result<u32>;
}

#[tokio::test(start_paused = true)]
async fn s4_a_generated_client_stands_over_a_transport_of_a_factory() {
    for (defaults, overrides, requests, took) in [
        // Nobody else says anything, so the trait does, not the 30 s of the factory.
        (Overrides::new(), Overrides::new(), 2, 10 * S),
        (Overrides::new().timeout(2 * S), Overrides::new().max_retries(3), 4, 8 * S),
        (Overrides::new().timeout(2 * S), Overrides::new().timeout(3 * S).max_retries(0), 1, 3 * S),
    ] {
        let script = ScriptBackend::new(vec![Step::hang(); 9]);
        let exact = RetryPolicy::new().initial_backoff(Duration::ZERO);
        let defaults = defaults.backend(script.clone()).retry(exact).header("X-Both", "factory");
        let transport = Factory::new("http://h/v1").defaults(defaults).create_transport(overrides).unwrap();
        let things = ThingsClient::from_transport(transport).unwrap();
        let started = tokio::time::Instant::now();
        assert_eq!(things.thing(7).await.unwrap_err().kind(), ErrorKind::Timeout);
        assert_eq!((script.requests().len(), started.elapsed()), (requests, took));
        let request = script.requests().remove(0);
        assert_eq!(request.uri, "http://h/v1/things/7");
        assert_eq!(
            (&request.headers["x-trait"], &request.headers["x-both"]),
            (&"trait".parse().unwrap(), &"factory".parse().unwrap())
        );
    }
}

#[tokio::test(start_paused = true)]
async fn s4_everything_that_a_builder_takes_can_be_a_default_and_be_overruled() {
    let (ours, theirs) = (Journal::default(), Journal::default());
    let (first, second) =
        (ScriptBackend::new([Step::json("1")]), ScriptBackend::new(vec![Step::json("2"); 2]));
    let config: HttpConfig =
        serde_json::from_str(r#"{ "responses": "none", "headers": { "x-file": "1" } }"#).unwrap();
    let defaults = Overrides::new()
        .config(&config)
        .backend(first.clone())
        .observer(ours.clone())
        .user_agent("factory/1");
    let factory = Factory::new("http://h").defaults(defaults);
    let overrides = Overrides::new().backend(second.clone()).observer(theirs.clone()).responses(Keep::Latest);
    for (overrides, left) in [(Overrides::new(), 0), (overrides, 1)] {
        let transport = factory.create_transport(overrides).unwrap();
        transport.connect().await.unwrap();
        transport.send(&HttpMessage::new()).await.unwrap();
        assert_eq!(usize::from(transport.receive::<HttpMessage>().next().await.is_some()), left);
    }
    for script in [&first, &second] {
        let request = script.requests().remove(0);
        assert_eq!(
            (script.requests().len(), &request.headers["user-agent"]),
            (1, &"factory/1".parse().unwrap())
        );
        assert!(request.headers.contains_key("x-file"));
    }
    assert_eq!((ours.events().len(), theirs.events().len()), (4, 2), "observers of both listen");
}

#[tokio::test]
async fn s4_overrides_reach_the_connections() {
    let identity = Identity::of(&["127.0.0.1"]);
    let server = Server::tls(&identity).await;
    let factory = Factory::new(server.url()).defaults(Overrides::new().http2(false));
    let trusting = || Overrides::new().add_root_certificate(Certificate::from_pem(&identity.pem));
    for (overrides, version) in [
        (Overrides::new(), None),
        (trusting(), Some("HTTP/1.1")),
        (trusting().http2(true), Some("HTTP/2.0")),
        (Overrides::new().connection(ConnectionOptions::new().verify_ssl(false)), Some("HTTP/1.1")),
    ] {
        let transport = factory.create_transport(overrides).unwrap();
        transport.connect().await.unwrap();
        let before = server.asked().len();
        let sent = transport.send(&HttpMessage::new()).await.map_err(|error| error.kind());
        assert_eq!(sent, version.map(drop).ok_or(ErrorKind::Tls));
        let versions: Vec<_> =
            server.asked()[before..].iter().map(|asked| format!("{:?}", asked.version)).collect();
        assert_eq!(versions, Vec::from_iter(version));
    }
}

/// A factory of somebody else's transports.
struct Foreign;

impl TransportFactory<HttpMessage> for Foreign {
    fn create(&self) -> Result<BoxTransport<HttpMessage>> {
        Ok(BoxTransport::new(crate::protocol::Echo::default()))
    }
}

#[tokio::test]
async fn s4_other_transports_plug_in() {
    let mut registry = TransportRegistry::<HttpMessage>::new();
    registry.register("echo", Foreign).unwrap();
    registry.register("broken", Factory::new("no url")).unwrap();
    let echo = registry.create("echo").unwrap();
    let message = HttpMessage::new().url("/x");
    echo.send(&message).await.unwrap();
    assert_eq!(echo.receive().await.unwrap().unwrap(), message);
    let error = registry.create("broken").unwrap_err();
    assert_eq!(error.invalid_setting().unwrap().field, "base_url", "the factory's own error");
}

#[tokio::test]
async fn s4_transports_come_by_name() {
    let server = RawServer::start([Reply::ok("200 OK", "", "7")]).await;
    let mut registry = TransportRegistry::<HttpMessage>::new();
    let error = registry.create("shop").unwrap_err();
    assert!(error.to_string().contains("`transport` is \"shop\", but must be registered first"), "{error}");
    registry.register("shop", Factory::new(server.url())).unwrap();
    registry.register("bank", Factory::new("http://h")).unwrap();
    let error = registry.register("shop", Factory::new("http://other")).unwrap_err();
    assert!(error.to_string().contains("be registered once"), "{error}");
    let error = registry.create("shpo").unwrap_err();
    assert!(error.to_string().contains("bank, shop"), "{error}");

    let shop: BoxTransport<HttpMessage> = registry.create("shop").unwrap();
    shop.connect().await.unwrap();
    shop.send(&HttpMessage::new()).await.unwrap();
    assert_eq!(shop.receive().await.unwrap().unwrap().status().unwrap().as_u16(), 200);
    assert_eq!(server.requests().len(), 1, "the factory that was first keeps its name");
}
