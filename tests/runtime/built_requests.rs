//! Requests that are built: beside those that are sent, and by clones of who builds them.

use pynector::backend::Step;
use pynector::{CallOptions, HttpTransport, Operation};

use crate::built;

/// What is prepared for one of them is not taken for the other, whichever comes first.
#[tokio::test]
async fn a_request_that_is_built_names_no_host_and_one_that_is_sent_does() {
    const NOTE: Operation = Operation::post("Notes::note", "/notes").headers(&[("x-fixed", "1")]);
    for built_first in [true, false] {
        let builder = HttpTransport::builder("http://example.com");
        let (transport, script) = built(builder, [Step::status(200).body("1"), Step::status(200).body("1")]);
        let build = || {
            let call = async |transport: &HttpTransport| transport.call(&NOTE).json(&1).send::<u8>().await;
            let request = transport.to_request(call).unwrap();
            assert!(!request.headers().contains_key("host"), "{built_first}");
            let shown = |name| request.headers()[name].to_str().unwrap().to_owned();
            assert_eq!(["x-fixed", "content-type"].map(shown), ["1", "application/json"]);
        };
        if built_first {
            build();
        }
        for _ in 0..2 {
            transport.call(&NOTE).json(&1).send::<u8>().await.unwrap();
            build();
        }
        for sent in script.requests() {
            assert_eq!(sent.header("host"), Some("example.com"), "{built_first}");
            assert_eq!(sent.header("content-type"), Some("application/json"));
        }
    }
}

#[test]
fn a_clone_of_what_builds_a_request_builds_it_too() {
    const NOTE: Operation = Operation::get("Notes::note", "/{team}/notes");
    let transport = HttpTransport::builder("http://example.com").build().unwrap();
    let options = || CallOptions::new().header("x-from", "options");
    let request = transport
        .to_request(async |transport| {
            let (clone, _other) = (transport.clone(), transport.with_options(options()));
            let ours = clone.with_options(options()).with_path_value("team", "a b");
            ours.call(&NOTE).call_options(CallOptions::new().header("x-own", "1")).send::<()>().await
        })
        .unwrap();
    assert_eq!(request.uri(), "http://example.com/a%20b/notes");
    assert_eq!(["x-from", "x-own"].map(|name| &request.headers()[name]), ["options", "1"]);
    // Each has left it in a place of its own.
    let build = async |transport: &HttpTransport| {
        let inner =
            transport.to_request(async |inner| inner.call(&NOTE).path("team", "in").send::<()>().await);
        assert_eq!(inner.unwrap().uri(), "http://example.com/in/notes");
        transport.call(&NOTE).path("team", "out").send::<()>().await
    };
    assert_eq!(transport.to_request(build).unwrap().uri(), "http://example.com/out/notes");
}

#[test]
fn the_request_is_that_of_the_call_that_is_waited_for_and_not_of_one_that_is_only_made() {
    const MADE: Operation = Operation::get("Notes::made", "/made");
    const SENT: Operation = Operation::get("Notes::sent", "/sent");
    let transport = HttpTransport::builder("http://example.com").build().unwrap();
    let request = transport.to_request(async |transport| {
        let _made = transport.call(&MADE).send::<()>();
        transport.call(&SENT).send::<()>().await
    });
    assert_eq!(request.unwrap().uri(), "http://example.com/sent");
    let error = transport.to_request(async |transport| drop(transport.call(&MADE).send::<()>())).unwrap_err();
    assert!(error.to_string().contains("no call was made"), "{error}");
    // Of two that are waited for it is the first.
    let request = transport.to_request(async |transport| {
        let (made, sent) = (transport.call(&MADE).send::<()>(), transport.call(&SENT).send::<()>());
        tokio::join!(sent, made)
    });
    assert_eq!(request.unwrap().uri(), "http://example.com/sent");
}
