//! Pages that are fetched while the caller works, and walks that are dropped.

use std::time::Duration;

use futures_util::{FutureExt as _, TryStreamExt as _};
use pynector::backend::{ScriptBackend, Step};
use pynector::{HttpTransport, MaxInFlight, Pages};

use super::{BY_CURSOR, json};
use crate::{MS, S, built, transport};

fn slow_pages() -> (HttpTransport, ScriptBackend) {
    transport(
        [1, 2, 3]
            .map(|id| json(format!(r#"{{"data":[{id}],"last_id":{id},"has_more":{}}}"#, id < 3)).after(S)),
    )
}

#[tokio::test(start_paused = true)]
async fn a_page_is_fetched_while_the_caller_works_and_only_one() {
    for (prefetch, seconds) in [(true, 7), (false, 9)] {
        let (transport, script) = slow_pages();
        let started = tokio::time::Instant::now();
        let mut pages: Pages<u64> =
            transport.call(&BY_CURSOR).send::<Pages<_>>().await.unwrap().prefetch(prefetch);
        assert_eq!(script.requests().len(), 1, "nothing before somebody reads");
        let mut sent = Vec::new();
        while let Some(page) = pages.next().await {
            page.unwrap();
            tokio::time::sleep(2 * S).await;
            sent.push(script.requests().len());
        }
        assert_eq!(sent, if prefetch { [2, 3, 3] } else { [1, 2, 3] });
        assert_eq!(started.elapsed().as_secs(), seconds, "prefetch: {prefetch}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_prefetched_page_that_fails_is_told_in_its_turn_and_none_is_fetched_behind_a_cap() {
    let (transport, script) = transport([json(r#"{"data":[1],"last_id":"a"}"#), Step::status(404)]);
    let mut pages: Pages<u64> = transport.call(&BY_CURSOR).send::<Pages<_>>().await.unwrap().prefetch(true);
    pages.next().await.unwrap().unwrap();
    tokio::time::sleep(S).await;
    assert_eq!(script.requests().len(), 2);
    assert!(pages.next().await.unwrap().unwrap_err().is_not_found());
    assert!(pages.next().await.is_none());

    let (transport, script) = slow_pages();
    let mut pages =
        transport.call(&BY_CURSOR).send::<Pages<u64>>().await.unwrap().prefetch(true).max_pages(2);
    while let Some(page) = pages.next().await {
        page.unwrap();
        tokio::time::sleep(2 * S).await;
    }
    assert_eq!((script.requests().len(), pages.cursor().unwrap().to_string().as_str()), (2, "cursor=2"));
}

#[tokio::test(start_paused = true)]
async fn dropped_at_any_moment_a_walk_leaves_no_call_behind() {
    for prefetch in [false, true] {
        for millis in (0..3500).step_by(250) {
            let (transport, script) = slow_pages();
            let whole = async {
                let pages = transport.call(&BY_CURSOR).send::<Pages<u64>>().await.unwrap().prefetch(prefetch);
                pages.items().try_collect::<Vec<_>>().await.unwrap()
            };
            let _ = tokio::time::timeout(Duration::from_millis(millis), whole).await;
            let sent = script.requests().len();
            // Waits for every call that is in flight, of which there is none.
            tokio::time::timeout(MS * 10, transport.disconnect()).await.unwrap();
            tokio::time::sleep(10 * S).await;
            assert_eq!(script.requests().len(), sent, "{prefetch} {millis}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_future_of_next_that_is_dropped_loses_nothing() {
    for prefetch in [false, true] {
        let (transport, script) = slow_pages();
        let mut items =
            transport.call(&BY_CURSOR).send::<Pages<u64>>().await.unwrap().prefetch(prefetch).items();
        let mut found = Vec::new();
        loop {
            match tokio::time::timeout(MS * 300, items.next()).await {
                Ok(Some(item)) => found.push(item.unwrap()),
                Ok(None) => break,
                Err(_) => assert!(items.next().now_or_never().is_none()),
            }
        }
        assert_eq!((found, script.requests().len()), (vec![1, 2, 3], 3));
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_waits_to_be_read_takes_no_place_of_another_call() {
    let steps = [
        json(r#"{"data":[1],"last_id":1,"has_more":true}"#),
        json(r#"{"data":[2],"last_id":2,"has_more":false}"#),
        json("7"),
    ];
    let one = MaxInFlight::new(1).queue(1).wait(5 * S);
    let (transport, script) = built(HttpTransport::builder("http://h").max_in_flight(one), steps);
    let mut pages: Pages<u64> = transport.call(&BY_CURSOR).send::<Pages<_>>().await.unwrap().prefetch(true);
    pages.next().await.unwrap().unwrap();
    tokio::time::sleep(S).await;
    assert_eq!(script.requests().len(), 2);
    // What the work on one page asks for does not wait for the next one to be read.
    assert_eq!(transport.call(&crate::GET).send::<u32>().await.unwrap(), 7);
    assert_eq!(pages.next().await.unwrap().unwrap().into_iter().collect::<Vec<_>>(), [2]);
}
