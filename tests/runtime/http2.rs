//! Which version of HTTP a server sees.

use pynector::{ClientBuilder, ConnectionOptions, ErrorKind, HttpConfig, HttpTransport, Operation};
use pynector_tests::raw::Setup;
use pynector_tests::raw::h2::{Code, Fate, H2Server};
use pynector_tests::served::{Identity, Server};
use serde_json::json;

use crate::{GET, MS};

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

/// A server that does this to its first streams and answers the others.
async fn failing(first: usize, fate: Fate) -> H2Server {
    H2Server::with(Setup::default(), move |stream| match stream.nth {
        nth if nth < first => fate.clone(),
        _ => Fate::Answer(200, b"7".to_vec()),
    })
    .await
}

#[tokio::test]
async fn only_a_stream_that_was_not_processed_is_sent_again() {
    const POST: Operation = Operation::post("T::post", "/p");
    for (first, reason, expected, streams) in [
        (2, Code::RefusedStream, Ok(7), 3),
        (usize::MAX, Code::RefusedStream, Err(ErrorKind::Interrupted), 3),
        (1, Code::Cancel, Err(ErrorKind::Interrupted), 1),
        (1, Code::InternalError, Err(ErrorKind::Interrupted), 1),
    ] {
        let server = failing(first, Fate::Reset(reason)).await;
        let retry = pynector::RetryPolicy::new().initial_backoff(MS);
        let transport =
            HttpTransport::builder(server.url()).retry(retry).http2_prior_knowledge(true).build().unwrap();
        let got = transport.call(&POST).json(&1).send::<u32>().await;
        assert_eq!(
            got.as_ref().map_err(pynector::Error::kind),
            expected.as_ref().map_err(|kind| *kind),
            "{got:?}"
        );
        assert_eq!(server.streams().len(), streams, "{reason:?}");
    }
}

#[tokio::test]
async fn bud_9_a_stream_beyond_what_a_goaway_covers_is_sent_again_uncounted() {
    const POST: Operation = Operation::post("T::post", "/p");
    for (first, code, expected, streams) in [
        (1, Code::NoError, Ok(7), 2),
        (2, Code::NoError, Ok(7), 3),
        (usize::MAX, Code::NoError, Err(ErrorKind::Interrupted), 3),
        (1, Code::InternalError, Err(ErrorKind::Interrupted), 1),
        (1, Code::EnhanceYourCalm, Err(ErrorKind::Interrupted), 1),
    ] {
        let server = failing(first, Fate::GoAway { processed: false, code }).await;
        // There is not one retry to use up, and no budget for one.
        let none = pynector::RetryBudget::new().ratio(0.0).min_per_second(0.0);
        let retry = pynector::RetryPolicy::new().max_retries(0).initial_backoff(MS).budget(none);
        let transport =
            HttpTransport::builder(server.url()).retry(retry).http2_prior_knowledge(true).build().unwrap();
        let got = transport.call(&POST).json(&1).send::<u32>().await;
        assert_eq!(
            got.as_ref().map_err(pynector::Error::kind),
            expected.as_ref().map_err(|kind| *kind),
            "{got:?}"
        );
        assert_eq!(server.streams().len(), streams, "{code:?}");
    }
}

#[test]
fn prior_knowledge_of_what_is_switched_off_is_refused() {
    let built = HttpTransport::builder("http://h").http2(false).http2_prior_knowledge(true).build();
    let error = built.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(error.invalid_setting().unwrap().field, "http2_prior_knowledge");
}
