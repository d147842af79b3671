//! Pages over a script: what is asked for, in which order, and where the walk ends.

mod ahead;
mod refused;

use futures_util::{StreamExt as _, TryStreamExt as _};
use pynector::backend::{ScriptBackend, Step};
use pynector::{
    Authorization, CallOptions, ErrorKind, HttpTransport, Operation, OperationRules, PageCursor, Pages,
    Paginate, Result,
};
use serde::Deserialize;

use crate::{S, built, transport};

const BY_LINK: Operation =
    Operation::get("T::link", "/x").rules(&OperationRules::new().paginate(Paginate::link()));
const BY_URL: Operation = Operation::get("T::url", "/x")
    .rules(&OperationRules::new().paginate(Paginate::next_url("meta.next").items("data")));
const BY_CURSOR: Operation = Operation::get("T::cursor", "/x").rules(
    &OperationRules::new().paginate(Paginate::cursor("last_id", "after").items("data").more("has_more")),
);
const BY_LAST: Operation = Operation::get("T::last", "/x").rules(
    &OperationRules::new().paginate(Paginate::cursor("data[-1].id", "after").items("data").more("has_more")),
);
const BY_PAGE: Operation =
    Operation::get("T::page", "/x").rules(&OperationRules::new().paginate(Paginate::page("page")));
const BY_OFFSET: Operation = Operation::get("T::offset", "/x")
    .rules(&OperationRules::new().paginate(Paginate::offset("offset").items("rows?")));

fn json(body: impl Into<String>) -> Step {
    Step::json(body.into())
}

fn linked(body: &str, link: &str) -> Step {
    json(body).header("link", link)
}

async fn walk(operation: &'static Operation, steps: Vec<Step>) -> (Result<Vec<u64>>, Vec<String>) {
    let (transport, script) = transport(steps);
    let call = transport.call(operation).query("q", "a b");
    let pages = match call.send::<Pages<u64>>().await {
        Ok(pages) => pages,
        Err(error) => return (Err(error), asked(&script)),
    };
    (pages.items().try_collect().await, asked(&script))
}

/// The paths and queries that were sent.
fn asked(script: &ScriptBackend) -> Vec<String> {
    script.requests().iter().map(|request| request.uri.path_and_query().unwrap().to_string()).collect()
}

/// An operation, what is answered, the items, and what is asked for.
type Case = (&'static Operation, Vec<Step>, &'static [u64], &'static [&'static str]);

#[tokio::test(start_paused = true)]
async fn each_rule_walks_to_its_end() {
    let cases: [Case; 6] = [
        (
            &BY_LINK,
            vec![
                linked("[1,2]", "</x?p=2>; rel=\"next\", </x?p=9>; rel=last"),
                linked("[3]", "</x>; rel=first"),
            ],
            &[1, 2, 3],
            &["/x?q=a%20b", "/x?p=2"],
        ),
        (
            &BY_URL,
            vec![
                json(r#"{"data":[1],"meta":{"next":"http://h/y?t=%2F"}}"#),
                json(r#"{"data":[2],"meta":{"next":"?t=3"}}"#),
                json(r#"{"data":[3],"meta":{"next":null}}"#),
            ],
            &[1, 2, 3],
            &["/x?q=a%20b", "/y?t=%2F", "/y?t=3"],
        ),
        (
            &BY_CURSOR,
            vec![
                json(r#"{"last_id":"a=","data":[1],"has_more":true}"#),
                json(r#"{"last_id":18446744073709551616,"data":[]}"#),
                json(r#"{"data":[2,3],"has_more":false,"last_id":"zz"}"#),
            ],
            &[1, 2, 3],
            &["/x?q=a%20b", "/x?q=a%20b&after=a%3D", "/x?q=a%20b&after=18446744073709551616"],
        ),
        (
            &BY_PAGE,
            vec![json("[1]"), json("[2]"), json("[]")],
            &[1, 2],
            &["/x?q=a%20b", "/x?q=a%20b&page=2", "/x?q=a%20b&page=3"],
        ),
        (
            &BY_OFFSET,
            vec![json(r#"{"rows":[1,2]}"#), json(r#"{"rows":[3]}"#), json("{}")],
            &[1, 2, 3],
            &["/x?q=a%20b", "/x?q=a%20b&offset=2", "/x?q=a%20b&offset=3"],
        ),
        (&BY_OFFSET, vec![json(r#"{"rows":null}"#)], &[], &["/x?q=a%20b"]),
    ];
    for (operation, steps, items, sent) in cases {
        let (found, seen) = walk(operation, steps).await;
        assert_eq!(found.unwrap(), items, "{}", operation.name());
        assert_eq!(seen, sent, "{}", operation.name());
    }
}

#[tokio::test(start_paused = true)]
async fn a_cursor_may_be_a_part_of_the_last_item() {
    #[derive(Deserialize)]
    struct Charge {
        id: String,
    }
    let (transport, script) = transport([
        json(r#"{"data":[{"id":"a"},{"id":"b"}],"has_more":true}"#),
        json(r#"{"data":[{"id":"c"}],"has_more":false}"#),
    ]);
    let pages: Pages<Charge> = transport.call(&BY_LAST).send().await.unwrap();
    let charges: Vec<_> = pages.items().map_ok(|charge| charge.id).try_collect().await.unwrap();
    assert_eq!(charges, ["a", "b", "c"]);
    assert_eq!(asked(&script), ["/x", "/x?after=b"]);
}

#[tokio::test(start_paused = true)]
async fn a_page_has_its_items_and_the_rest_of_its_body() {
    let (transport, _) = transport([
        json(r#"{"data":[1,2],"has_more":true,"last_id":"a","total":3,"meta":{"took":1.5}}"#)
            .header("x-left", "9"),
        json(r#"{"data":[3],"has_more":false}"#),
    ]);
    let mut pages: Pages<u64> = transport.call(&BY_CURSOR).send().await.unwrap();
    assert_eq!(
        format!("{pages:?}"),
        r#"Pages { operation: Some("T::cursor"), pages: 0, cursor: Some(PageCursor(start, 0 bytes)), .. }"#
    );
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!((page.number(), page.len(), page.first(), page.is_last()), (1, 2, Some(&1), false));
    assert_eq!(page.head().headers["x-left"], "9");
    assert_eq!(page.field::<u64>("total").unwrap(), 3);
    assert_eq!(page.field::<f64>("meta.took").unwrap().to_bits(), 1.5_f64.to_bits());
    assert_eq!(page.field::<Option<u64>>("nothing").unwrap(), None);
    assert_eq!(page.field::<Option<u64>>("total").unwrap(), Some(3));
    let error = page.field::<u64>("nothing").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deserialize);
    assert!(error.to_string().contains("no field `nothing`"), "{error}");
    assert!(page.field::<String>("total").unwrap_err().to_string().contains("invalid type"));
    assert_eq!((&page).into_iter().sum::<u64>(), 3);

    let page = pages.next().await.unwrap().unwrap();
    assert_eq!((page.number(), page.is_last(), page.into_items()), (2, true, vec![3]));
    assert!(pages.next().await.is_none() && pages.next().await.is_none());
    assert_eq!(pages.cursor(), None);
}

#[tokio::test]
async fn pages_can_be_made_without_a_server() {
    let mut pages = Pages::from(vec![vec![1, 2], vec![], vec![3]]).prefetch(true);
    let mut seen = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        seen.push((page.number(), page.is_last(), page.into_items()));
    }
    assert_eq!(seen, [(1, false, vec![1, 2]), (2, false, vec![]), (3, true, vec![3])]);
    assert!(pages.next().await.is_none() && pages.cursor().is_none());
    let mut items = Pages::from(vec![vec![1, 2], vec![3]]).max_pages(1).items();
    assert_eq!(items.next().await.unwrap().unwrap(), 1);
    assert_eq!(items.by_ref().try_collect::<Vec<u64>>().await.unwrap(), [2]);
}

#[tokio::test(start_paused = true)]
async fn the_count_goes_on_from_what_the_call_says() {
    let (transport, script) = transport([json("[1]"), json("[2]"), json("[]")]);
    let pages: Pages<u64> =
        transport.call(&BY_PAGE).query("page", &7).query("size", &1).send().await.unwrap();
    assert_eq!(pages.items().try_collect::<Vec<_>>().await.unwrap(), [1, 2]);
    assert_eq!(asked(&script), ["/x?page=7&size=1", "/x?page=8&size=1", "/x?page=9&size=1"]);
}

#[tokio::test(start_paused = true)]
async fn each_page_is_a_call_with_retries_a_deadline_and_every_header() {
    let slow = || json(r#"{"data":[2],"last_id":"b"}"#).after(S * 8);
    let steps = [
        json(r#"{"data":[1],"last_id":"a"}"#).after(S * 8),
        Step::status(503),
        slow(),
        Step::status(500),
        Step::status(500),
        json(r#"{"data":[3],"has_more":false}"#).after(S * 8),
    ];
    let (transport, script) = transport(steps);
    let options =
        CallOptions::new().header("x-own", "1").timeouts(pynector::Timeouts::new().deadline(S * 15));
    let pages: Pages<u64> = transport.with_options(options).call(&BY_CURSOR).send().await.unwrap();
    let pages: Vec<_> = pages.try_collect().await.unwrap();
    let attempts: Vec<_> = pages.iter().map(|page| page.head().attempts).collect();
    assert_eq!(attempts, [1, 2, 3], "24 s in all, each call within its 15 s");
    assert!(script.requests().iter().all(|request| request.headers["x-own"] == "1"));
    assert!(script.requests().iter().all(|request| request.headers["accept"] == "application/json"));
}

#[tokio::test(start_paused = true)]
async fn a_failed_page_ends_the_walk_and_its_cursor_goes_on_there() {
    let (transport, script) = transport([
        json(r#"{"data":[1,2],"last_id":"a"}"#),
        Step::status(403),
        json(r#"{"data":[3],"has_more":false}"#),
    ]);
    let pages: Pages<u64> = transport.call(&BY_CURSOR).query("q", &1).send().await.unwrap();
    let mut items = pages.items();
    assert_eq!(items.cursor().unwrap().to_string(), "start");
    assert_eq!(items.next().await.unwrap().unwrap(), 1);
    assert_eq!(items.cursor().unwrap().to_string(), "start", "an item of the page is left");
    assert_eq!(items.next().await.unwrap().unwrap(), 2);
    assert_eq!(items.cursor().unwrap().to_string(), "cursor=a");
    let error = items.next().await.unwrap().unwrap_err();
    assert!(error.is_forbidden() && error.to_string().starts_with("T::cursor: GET http://h/x: "), "{error}");
    assert!(items.next().await.is_none() && items.pages().cursor() == items.cursor());

    let saved = serde_json::to_string(&items.cursor()).unwrap();
    drop(items);
    let saved: PageCursor = serde_json::from_str(&saved).unwrap();
    let later = transport
        .with_options(CallOptions::new().header("x-a", "b"))
        .with_options(CallOptions::new().resume_at(saved));
    let mut pages: Pages<u64> = later.call(&BY_CURSOR).query("q", &1).send().await.unwrap();
    assert_eq!(pages.cursor().unwrap().to_string(), "cursor=a");
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!((page.number(), page.into_items()), (1, vec![3]));
    assert_eq!(asked(&script), ["/x?q=1", "/x?q=1&after=a", "/x?q=1&after=a"]);
    assert_eq!(script.requests()[2].headers["x-a"], "b");
}

#[tokio::test(start_paused = true)]
async fn a_walk_can_end_early_and_be_taken_up_for_every_rule() {
    for (operation, first, second, cursor, sent) in [
        (&BY_LINK, linked("[1]", "</x?p=2>; rel=next"), json("[2]"), "url=http://h/x?p=2", "/x?p=2"),
        (&BY_PAGE, json("[1]"), json("[]"), "page=2", "/x?page=2"),
        (&BY_OFFSET, json(r#"{"rows":[1,1]}"#), json("{}"), "offset=2", "/x?offset=2"),
    ] {
        let (transport, script) = transport([first, second]);
        let mut pages: Pages<u64> = transport.call(operation).send::<Pages<_>>().await.unwrap().max_pages(1);
        pages.next().await.unwrap().unwrap();
        assert!(pages.next().await.is_none());
        let saved = pages.cursor().unwrap();
        assert_eq!((saved.to_string().as_str(), script.requests().len()), (cursor, 1));
        let later = transport.with_options(CallOptions::new().resume_at(saved));
        later
            .call(operation)
            .send::<Pages<u64>>()
            .await
            .unwrap()
            .items()
            .try_collect::<Vec<_>>()
            .await
            .unwrap();
        assert_eq!(asked(&script)[1], sent);
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_repeats_its_body_for_each_page() {
    const SEARCH: Operation = Operation::post("T::search", "/x")
        .idempotent()
        .rules(&OperationRules::new().paginate(Paginate::page("page")));
    let (transport, script) = transport([json("[1]"), json("[2]"), json("[]")]);
    let pages: Pages<u64> = transport.call(&SEARCH).json(&["word"]).send().await.unwrap();
    assert_eq!(pages.items().try_collect::<Vec<_>>().await.unwrap(), [1, 2]);
    assert!(script.requests().iter().all(|request| request.method == "POST"));
    assert!(script.requests().iter().all(|request| &request.body[..] == br#"["word"]"#));
}

#[tokio::test(start_paused = true)]
async fn a_key_in_the_query_that_the_next_url_repeats_is_sent_once() {
    let builder = HttpTransport::builder("http://h").auth(Authorization::query("key", "k&1").unwrap());
    let steps = [linked("[1]", "</x?key=old&p=2&key=k%261>; rel=next"), json("[2]")];
    let (transport, script) = built(builder, steps);
    let pages: Pages<u64> = transport.call(&BY_LINK).query("q", &1).send().await.unwrap();
    assert_eq!(pages.items().try_collect::<Vec<_>>().await.unwrap(), [1, 2]);
    assert_eq!(asked(&script), ["/x?q=1&key=k%261", "/x?key=k%261&p=2"]);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_does_not_decode_says_where() {
    for (body, part) in [
        ("<html>", "the JSON body (application/json) does not decode"),
        ("", "the body is empty"),
        ("[1]", "expected an object with `data`"),
        (r#"{"items":[1]}"#, "no field `data`, where the items are; write `data?`"),
        (r#"{"data":[1,"x"]}"#, "invalid type: string"),
        (r#"{"data":{}}"#, "invalid type: map"),
        (r#"{"data":[1],"last_id":{"id":1}}"#, "`last_id` is an object"),
        (r#"{"data":[1],"has_more":1}"#, "`has_more` is a number"),
        (r#"{"data":[1],"has_more":true}"#, "`has_more` is true and `last_id` does not say"),
        (r#"{"data":[1]} x"#, "trailing"),
    ] {
        // As the first page it is the call's error, as a later one the stream's.
        let (first, _) = walk(&BY_CURSOR, vec![json(body)]).await;
        let (transport, script) = transport([json(r#"{"data":[1],"last_id":"a"}"#), json(body)]);
        let mut pages: Pages<u64> = transport.call(&BY_CURSOR).send().await.unwrap();
        pages.next().await.unwrap().unwrap();
        let later = pages.next().await.unwrap();
        assert_eq!(script.requests().len(), 2, "{body}: what does not decode is not tried again (BOD-7)");
        for error in [first.unwrap_err(), later.unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::Deserialize, "{body}");
            let line = error.to_string();
            assert!(
                line.contains(part) && line.starts_with("T::cursor: GET http://h/x: 200 OK, but"),
                "{line}"
            );
        }
        assert!(pages.next().await.is_none());
        assert_eq!(pages.cursor().unwrap().to_string(), "cursor=a");
    }
}
