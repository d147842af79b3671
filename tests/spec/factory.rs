//! Factories: defaults, overrides, and transports by name.

use pynector::{
    BoxTransport, Certificate, ErrorKind, HttpMessage, HttpTransport, HttpTransportFactory, Overrides,
    StatusCodes, Transport, TransportFactory, TransportRegistry,
};
use pynector_tests::raw::{RawServer, Reply};

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
    assert!(shown(Overrides::new().timeout(std::time::Duration::from_secs(5))).contains("attempt: Some(5s)"));
    assert!(
        format!("{:?}", HttpTransport::builder("http://h").build().unwrap()).contains("attempt: Some(10s)")
    );
}

#[test]
fn s4_bad_settings_are_errors_of_the_factory() {
    let bad = |base: &str, overrides| Factory::new(base).create_transport(overrides).unwrap_err();
    for (error, field) in [
        (bad("no url", Overrides::new()), "base_url"),
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
