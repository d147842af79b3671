//! Where a server may not lead a walk, and calls that have no pages.

use futures_util::{StreamExt as _, TryStreamExt as _};
use pynector::{
    Body, Call, CallOptions, Endpoint, Error, ErrorKind, Operation, OperationRules, Pages, Paginate,
    Response, http,
};

use super::{BY_CURSOR, BY_LINK, BY_OFFSET, BY_PAGE, json, linked, walk};
use crate::transport;

#[tokio::test(start_paused = true)]
async fn a_circle_is_an_error_however_long_it_is() {
    let cursor = |id: &str| json(format!(r#"{{"data":[1],"last_id":"{id}"}}"#));
    for (operation, steps, pages, part) in [
        (&BY_CURSOR, vec![cursor("a"), cursor("a")], 2, "page 2 names a next one that was here before"),
        (&BY_CURSOR, vec![cursor("a"), cursor("b"), cursor("c"), cursor("a")], 4, "page 4 names a next one"),
        (&BY_LINK, vec![linked("[1]", "<?q=a%20b>; rel=next")], 1, "page 1 names a next one that was here"),
        (
            &BY_LINK,
            vec![linked("[1]", "<?p=2>; rel=next"), linked("[2]", "</x?q=a%20b>; rel=next")],
            2,
            "page 2 names",
        ),
        (&BY_PAGE, vec![json("[1]"), json("[1]")], 1, "page 2 equals one that was here before"),
        (&BY_PAGE, vec![json("[1]"), json("[2]"), json("[1]")], 2, "page 3 equals one"),
        (&BY_OFFSET, vec![json(r#"{"rows":[1]}"#), json(r#"{"rows":[1]}"#)], 1, "page 2 equals one"),
    ] {
        let sent = steps.len();
        let (transport, script) = transport(steps);
        let mut walk: Pages<u64> = transport.call(operation).query("q", "a b").send().await.unwrap();
        for number in 1..=pages {
            assert_eq!(walk.next().await.unwrap().unwrap().number(), number);
        }
        let error = walk.next().await.unwrap().unwrap_err();
        let line = error.to_string();
        assert!(error.kind() == ErrorKind::Redirect && line.contains(part), "{line}");
        assert!(line.starts_with(operation.name()) && line.contains("GET http://h/x"), "{line}");
        assert!(walk.next().await.is_none() && walk.cursor().is_none());
        assert_eq!(script.requests().len(), sent, "nothing was asked for twice");
    }
}

#[tokio::test(start_paused = true)]
async fn equal_pages_pass_where_they_are_allowed_or_the_server_leads() {
    let (transport, _) = transport([json("[1]"), json("[1]"), json("[]")]);
    let pages = transport.call(&BY_PAGE).send::<Pages<u64>>().await.unwrap().allow_repeats(true);
    assert_eq!(pages.items().try_collect::<Vec<_>>().await.unwrap(), [1, 1]);
    let (found, _) = walk(&BY_LINK, vec![linked("[1]", "<?p=2>; rel=next"), json("[1]")]).await;
    assert_eq!(found.unwrap(), [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn empty_pages_without_an_end_are_an_error() {
    let empty = |id: usize| json(format!(r#"{{"data":[],"last_id":{id}}}"#));
    let full = |id: usize| json(format!(r#"{{"data":[1],"last_id":{id}}}"#));
    for (most, steps, handed_out) in [
        (None, (1..=10).map(empty).collect::<Vec<_>>(), 10),
        (Some(2), vec![empty(1), full(2), empty(3), empty(4)], 4),
        (Some(0), vec![full(1), empty(2)], 2),
    ] {
        let sent = steps.len();
        let (transport, script) = transport(steps);
        let mut pages: Pages<u64> = transport.call(&BY_CURSOR).send().await.unwrap();
        if let Some(most) = most {
            pages = pages.max_empty(most);
        }
        let all: Vec<_> = pages.by_ref().collect().await;
        let error = all.last().unwrap().as_ref().unwrap_err();
        assert_eq!((all.len() - 1, script.requests().len()), (handed_out, sent));
        assert!(
            error.kind() == ErrorKind::Redirect && error.to_string().contains("empty pages in a row"),
            "{error}"
        );
        assert_eq!(pages.cursor().unwrap().to_string(), format!("cursor={sent}"), "the caller may insist");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_elsewhere_is_refused_behind_the_page_that_names_it() {
    for (link, part) in [
        ("<http://evil.example/x?key=hunter2>; rel=next", "another origin, http://evil.example/x,"),
        ("<https://h/x>; rel=next", "another origin"),
        ("<http://me:hunter2@h/x>; rel=next", "credentials"),
    ] {
        let (transport, script) = transport([linked("[1]", link)]);
        let mut pages: Pages<u64> = transport.call(&BY_LINK).send::<Pages<_>>().await.unwrap().prefetch(true);
        assert_eq!(pages.next().await.unwrap().unwrap().into_items(), [1]);
        let error = pages.next().await.unwrap().unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(
            error.kind() == ErrorKind::Redirect && shown.contains(part) && !shown.contains("hunter2"),
            "{shown}"
        );
        assert!(pages.next().await.is_none() && pages.cursor().is_none());
        assert_eq!(script.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_cannot_have_pages_fails_before_it_is_sent() {
    const PLAIN: Operation = Operation::get("T::plain", "/x");
    const SEARCH: Operation =
        Operation::post("T::search", "/x").rules(&OperationRules::new().paginate(Paginate::page("page")));
    let (transport, script) = transport([]);
    let body = Body::stream(futures_util::stream::iter([Ok::<_, std::io::Error>("x")]));
    let at = |text: &str| transport.with_options(CallOptions::new().resume_at(text.parse().unwrap()));
    let failures = [
        (
            transport.call(&PLAIN).send::<Pages<u64>>().await.map(drop),
            "write `#[paginate(..)]` beside its verb",
        ),
        (transport.call(&PLAIN).send::<Response<Pages<u64>>>().await.map(drop), "#[paginate(..)]"),
        (transport.call(&SEARCH).body(body).send::<Pages<u64>>().await.map(drop), "sends the body once more"),
        (
            transport.call(&BY_PAGE).query("page", "two").send::<Pages<u64>>().await.map(drop),
            "`page` is no number",
        ),
        (at("page=2").call(&PLAIN).send::<()>().await, "#[paginate(..)]"),
        (at("page=2").call(&BY_LINK).send::<Pages<u64>>().await.map(drop), "pages in another way"),
        (at("url=http://evil/").call(&BY_LINK).send::<Pages<u64>>().await.map(drop), "another origin"),
    ];
    for (failure, part) in failures {
        let error = failure.unwrap_err();
        assert!(error.kind() == ErrorKind::Request && error.to_string().contains(part), "{error}");
        assert!(!error.was_sent() && error.operation().is_some());
    }
    assert!(script.requests().is_empty());
}

#[test]
fn a_response_that_was_carried_by_others_has_no_further_pages() {
    struct Rows;
    impl Endpoint for Rows {
        const OPERATION: &'static Operation = &BY_LINK;
        type Response = Pages<u64>;
        type Error = Error;
        fn bind(&self, call: Call) -> Call {
            call
        }
    }
    let error = Rows::decode(http::Response::new("[1]".into())).unwrap_err();
    assert!(
        error.kind() == ErrorKind::Request && error.to_string().contains("carried by somebody else"),
        "{error}"
    );
    assert_eq!(Rows.to_request("http://h").unwrap().uri(), "http://h/x");
}
