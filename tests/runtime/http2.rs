//! Which version of HTTP a server sees.

use pynector::{ClientBuilder, ConnectionOptions, ErrorKind, HttpConfig, HttpTransport};
use pynector_tests::served::{Identity, Server};
use serde_json::json;

use crate::GET;

/// The versions of three requests in a row, and over how many connections they came.
async fn seen(
    server: Server,
    build: impl FnOnce(ClientBuilder<HttpTransport>) -> ClientBuilder<HttpTransport>,
) -> (Vec<String>, usize) {
    let transport = build(HttpTransport::builder(server.url())).build().unwrap();
    for _ in 0..3 {
        assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
    }
    (server.asked().iter().map(|asked| format!("{:?}", asked.version)).collect(), server.connections())
}

fn thrice(version: &str) -> (Vec<String>, usize) {
    (vec![version.to_owned(); 3], 1)
}

#[tokio::test]
async fn tls_negotiates_the_version() {
    let identity = Identity::of(&["127.0.0.1"]);
    let options = ConnectionOptions::new().verify_ssl(false);
    let no_h2: HttpConfig = serde_json::from_value(json!({ "http2": false })).unwrap();
    for (options, config, version) in [
        (options.clone(), HttpConfig::default(), "HTTP/2.0"),
        (options.clone().http2(true), HttpConfig::default(), "HTTP/2.0"),
        (options.clone().http2_prior_knowledge(true), HttpConfig::default(), "HTTP/2.0"),
        (options.clone().http2(false), HttpConfig::default(), "HTTP/1.1"),
        (options, no_h2, "HTTP/1.1"),
    ] {
        let server = Server::tls(&identity).await;
        let got = seen(server, |builder| builder.connection(options.clone()).config(&config)).await;
        assert_eq!(got, thrice(version), "{options:?}");
    }
}

#[tokio::test]
async fn without_tls_nothing_is_negotiated() {
    let got = seen(Server::plain().await, |builder| builder).await;
    assert_eq!(got, thrice("HTTP/1.1"));
    let got = seen(Server::plain().await, |builder| builder.http2(true)).await;
    assert_eq!(got, thrice("HTTP/1.1"));
    let got = seen(Server::plain().await, |builder| builder.http2_prior_knowledge(true)).await;
    assert_eq!(got, thrice("HTTP/2.0"));
}

#[tokio::test]
async fn many_calls_share_one_http2_connection() {
    let server = Server::plain().await;
    let transport = HttpTransport::builder(server.url()).http2_prior_knowledge(true).build().unwrap();
    let calls: Vec<_> = (0..8).map(|_| tokio::spawn(transport.call(&GET).send::<u32>())).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), 7);
    }
    assert_eq!((server.asked().len(), server.connections()), (8, 1));
}

#[test]
fn prior_knowledge_of_what_is_switched_off_is_refused() {
    let built = HttpTransport::builder("http://h").http2(false).http2_prior_knowledge(true).build();
    let error = built.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(error.invalid_setting().unwrap().field, "http2_prior_knowledge");
}
