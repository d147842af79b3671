//! Redirects: which request follows, what travels, what is refused.

use pynector::backend::{ScriptBackend, Step};
use pynector::{ErrorKind, HttpTransport, Operation, Response};

use crate::{GET, Things as _, built, things, transport};

const POST: Operation = Operation::post("T::post", "/start");

fn to(status: u16, location: &str) -> Step {
    Step::status(status).header("location", location)
}

fn lines(script: &ScriptBackend) -> Vec<String> {
    let line = |request: &pynector::backend::SentRequest| {
        format!("{} {} {}", request.method, request.uri, String::from_utf8_lossy(&request.body))
            .trim()
            .to_owned()
    };
    script.requests().iter().map(line).collect()
}

#[tokio::test(start_paused = true)]
async fn methods_and_bodies_follow_by_status() {
    for (status, second) in [
        (301, "GET http://h/next"),
        (302, "GET http://h/next"),
        (303, "GET http://h/next"),
        (307, "POST http://h/next \"body\""),
        (308, "POST http://h/next \"body\""),
    ] {
        let (transport, script) = transport([to(status, "/next"), Step::json("7")]);
        let value = transport.call(&POST).json("body").send::<Response<u32>>().await.unwrap();
        assert_eq!((*value, value.url().to_string()), (7, "http://h/next".to_owned()));
        assert_eq!(value.attempts(), 1);
        assert_eq!(lines(&script), ["POST http://h/start \"body\"", second], "{status}");
        let kept = script.requests()[1].headers.contains_key("content-type");
        assert_eq!(kept, status >= 307, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_an_allowlist_travels_to_another_origin() {
    for (target, stays) in
        [("http://h/x", true), ("http://h:81/x", false), ("http://other/x", false), ("https://h/x", false)]
    {
        let builder = HttpTransport::builder("http://h")
            .bearer("t")
            .api_key("x-key", "k")
            .header("accept-language", "de");
        let (transport, script) = built(builder, [to(307, target), Step::json("7")]);
        transport.call(&POST).json("body").send::<u32>().await.unwrap();
        let headers = &script.requests()[1].headers;
        for name in ["authorization", "x-key"] {
            assert_eq!(headers.contains_key(name), stays, "{name} to {target}");
        }
        for name in ["accept", "accept-language", "content-type", "user-agent"] {
            assert!(headers.contains_key(name), "{name} to {target}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_was_dropped_does_not_come_back() {
    let builder = HttpTransport::builder("http://h").bearer("t");
    let (transport, script) =
        built(builder, [to(302, "http://other/"), to(302, "http://h/back"), Step::json("7")]);
    transport.call(&GET).send::<u32>().await.unwrap();
    assert!(!script.requests()[2].headers.contains_key("authorization"));
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_a_redirect_repeats_the_hop_and_never_the_post() {
    let (transport, script) = transport([to(303, "/result"), Step::status(503), Step::json("7")]);
    assert_eq!(transport.call(&POST).json("body").send::<u32>().await.unwrap(), 7);
    assert_eq!(
        lines(&script),
        ["POST http://h/start \"body\"", "GET http://h/result", "GET http://h/result"]
    );
}

#[tokio::test(start_paused = true)]
async fn loops_limits_and_bad_targets_are_errors_that_say_so() {
    for (steps, part) in [
        (
            vec![to(302, "/a"), to(302, "/b"), to(302, "/a")],
            "http://h/x \u{2192} http://h/a \u{2192} http://h/b \u{2192} http://h/a",
        ),
        (vec![to(302, "ftp://h/")], "not http or https"),
        (vec![to(302, "http://[")], "not a URL"),
        ((0..12).map(|n| to(302, &format!("/{n}"))).collect(), "more than 10 redirects"),
    ] {
        let (transport, script) = transport(steps);
        let error = transport.call(&GET).send::<u32>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect);
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!(error.status().unwrap().as_u16(), 302);
        assert!(error.was_sent());
        assert!(script.requests().len() <= 11);
    }
    let (transport, _) = built(HttpTransport::builder("https://h"), [to(302, "http://h/")]);
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert!(error.to_string().contains("leave https"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_followed_is_a_status() {
    for builder in [
        HttpTransport::builder("http://h").follow_redirects(false),
        HttpTransport::builder("http://h").max_redirects(0),
    ] {
        let (transport, _) = built(builder, [to(302, "/next")]);
        let error = transport.call(&GET).send::<u32>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Status(302));
        assert_eq!(error.headers().unwrap()["location"], "/next");
    }
    for step in [Step::status(304), Step::status(300), Step::status(302)] {
        let (things, _) = things([step]);
        assert!(things.get(1).await.unwrap_err().is_status());
    }
}
