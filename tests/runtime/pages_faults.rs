//! Pages over real sockets whose second page goes wrong: the policies see it, or one error is told where it stood.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use pynector::{
    Breaker, CircuitState, ErrorKind, HttpTransport, MaxInFlight, Operation, OperationRules, Pages, Paginate,
    RetryBudget, RetryPolicy, Timeouts,
};
use pynector_tests::raw::{Asked, RawServer, Reply, Setup, answer};

use crate::MS;

const ROWS: Operation = Operation::get("T::rows", "/rows")
    .rules(&OperationRules::new().paginate(Paginate::cursor("next", "after").items("rows")));

const JSON: &str = "content-type: application/json\r\n";

/// Three pages, the second of which is what `second` makes of the number of times it was asked for before.
async fn server(second: impl Fn(usize) -> Reply + Send + Sync + 'static) -> RawServer {
    let script = move |asked: &Asked| match asked.target.as_str() {
        "/rows" => page(1),
        "/rows?after=1" => second(asked.nth),
        _ => page(3),
    };
    RawServer::with(Setup::default(), script).await
}

fn body(number: u64) -> String {
    let next = if number < 3 { number.to_string() } else { "null".to_owned() };
    format!(r#"{{"rows":[{number}],"next":{next}}}"#)
}

fn page(number: u64) -> Reply {
    Reply::ok("200 OK", JSON, body(number))
}

/// How often the second page was asked for.
fn asked(server: &RawServer) -> usize {
    server.asked().iter().filter(|asked| asked.target == "/rows?after=1").count()
}

/// A transport that waits a moment where a user's would wait long, with room for one call: a place that is not given back
/// is missed.
fn hasty(server: &RawServer) -> HttpTransport {
    let retry = RetryPolicy::new().initial_backoff(MS).max_retries(2).budget(RetryBudget::off());
    HttpTransport::builder(server.url())
        .retry(retry)
        .timeouts(Timeouts::new().attempt(Duration::from_secs(1)))
        .max_in_flight(MaxInFlight::new(1))
        .build()
        .unwrap()
}

async fn rows(transport: &HttpTransport, prefetch: bool) -> Pages<u64> {
    transport.call(&ROWS).send::<Pages<u64>>().await.unwrap().prefetch(prefetch)
}

/// Waits until so many connections are open.
async fn until_open(server: &RawServer, most: usize) {
    for _ in 0..500 {
        if server.open() <= most {
            return;
        }
        tokio::time::sleep(10 * MS).await;
    }
    panic!("{} connections are still open", server.open());
}

#[tokio::test]
async fn a_page_that_is_cut_at_any_byte_is_asked_for_again() {
    let whole = answer("200 OK", JSON, body(2).as_bytes());
    for cut in 0..whole.len() {
        for make in [Reply::Close, Reply::Reset] {
            let broken = make(whole[..cut].to_vec());
            let server = server(move |nth| if nth == 0 { broken.clone() } else { page(2) }).await;
            let transport = hasty(&server);
            let prefetch = cut % 2 == 0;
            let items: Vec<_> = rows(&transport, prefetch).await.items().try_collect().await.unwrap();
            assert_eq!((items, asked(&server)), (vec![1, 2, 3], 2), "cut at {cut}");
        }
    }
}

/// What the second page is, how often it is asked for, and the error.
type Broken = (Reply, u32, ErrorKind, &'static str);

fn broken() -> Vec<Broken> {
    let head =
        |headers: &str, body: &[u8]| [format!("HTTP/1.1 200 OK\r\n{headers}\r\n").as_bytes(), body].concat();
    let html = answer("200 OK", "content-type: text/html\r\n", b"<html>please log in</html>");
    let typed = |body: &str| Reply::ok("200 OK", JSON, body);
    vec![
        (Reply::Close(Vec::new()), 3, ErrorKind::Interrupted, "broke before an answer came"),
        (Reply::Reset(Vec::new()), 3, ErrorKind::Interrupted, "broke before an answer came"),
        (
            Reply::Close(Reply::short("200 OK", b"{\"rows\":[", 9)),
            3,
            ErrorKind::Interrupted,
            "middle of the body",
        ),
        (
            Reply::Reset(Reply::short("200 OK", b"{\"rows\":[", 9)),
            3,
            ErrorKind::Interrupted,
            "middle of the body",
        ),
        (
            Reply::Close(head("transfer-encoding: chunked\r\n", b"zz\r\n")),
            3,
            ErrorKind::Interrupted,
            "middle of the body",
        ),
        (
            Reply::Close(head("content-length: 12\r\n", body(2).as_bytes())),
            1,
            ErrorKind::Deserialize,
            "does not decode",
        ),
        (Reply::Close(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()), 1, ErrorKind::Protocol, "not valid HTTP"),
        (Reply::ok("500 Oh", JSON, "{}"), 3, ErrorKind::Status(500), "500"),
        (Reply::ok("404 No", JSON, "{}"), 1, ErrorKind::Status(404), "404"),
        (Reply::Keep(html), 1, ErrorKind::Deserialize, "the body is HTML (text/html), not JSON"),
        (typed(""), 1, ErrorKind::Deserialize, "the body is empty"),
        (typed(r#"{"rows":["x"]}"#), 1, ErrorKind::Deserialize, "invalid type: string"),
        (typed(r#"{"rows":[2],"next":{}}"#), 1, ErrorKind::Deserialize, "`next` is an object"),
        (Reply::ok("200 OK", "content-encoding: gzip\r\n", "no gzip"), 1, ErrorKind::Deserialize, "gzip"),
        (Reply::Hang, 3, ErrorKind::Timeout, "no whole answer within"),
        (
            Reply::Dribble(answer("200 OK", JSON, &[b' '; 200]), 50 * MS),
            3,
            ErrorKind::Timeout,
            "no whole answer within",
        ),
    ]
}

#[tokio::test]
async fn a_page_that_stays_broken_is_one_error_in_its_place_and_leaks_nothing() {
    for (reply, times, kind, part) in broken() {
        let shown = format!("{reply:?}");
        let server = server(move |_| reply.clone()).await;
        let slow = kind == ErrorKind::Timeout;
        let limit = if slow { 100 * MS } else { Duration::from_secs(5) };
        let transport = hasty(&server);
        let transport =
            transport.with_options(pynector::CallOptions::new().timeouts(Timeouts::new().attempt(limit)));
        for (walk, prefetch) in [(1, false), (2, true)] {
            let mut pages = rows(&transport, prefetch).await;
            assert_eq!(pages.next().await.unwrap().unwrap().into_items(), [1]);
            let error = pages.next().await.unwrap().unwrap_err();
            let line = error.to_string();
            assert_eq!((error.kind(), error.attempts()), (kind, times), "{shown}: {error:?}");
            assert!(
                line.contains(part) && line.starts_with("T::rows: GET http://127.0.0.1:"),
                "{shown}: {line}"
            );
            assert_eq!(asked(&server), walk * times as usize, "{shown}");
            assert!(pages.next().await.is_none(), "{shown}");
            assert_eq!(pages.cursor().unwrap().to_string(), "cursor=1", "{shown}");
        }
        // The one place is free, and no connection of a broken page is kept.
        until_open(&server, 1).await;
    }
}

#[tokio::test]
async fn the_circuit_hears_of_every_attempt_of_a_page() {
    let server = server(|_| Reply::ok("500 Oh", "", "")).await;
    let retry = RetryPolicy::new().initial_backoff(MS).max_retries(2).budget(RetryBudget::off());
    let breaker = Breaker::on().failure_threshold(3);
    let transport = HttpTransport::builder(server.url()).retry(retry).breaker(breaker).build().unwrap();
    let mut pages = rows(&transport, false).await;
    pages.next().await.unwrap().unwrap();
    assert_eq!(transport.circuit().state(), CircuitState::Closed);
    assert!(pages.next().await.unwrap().unwrap_err().is_server_error());
    assert_eq!((transport.circuit().state(), asked(&server)), (CircuitState::Open, 3));
}

/// Polls so many times, and drops it then.
async fn polled<F: Future>(times: usize, future: F) -> Option<F::Output> {
    let (mut future, mut left) = (pin!(future), times);
    poll_fn(move |cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(cx).map(Some)
    })
    .await
}

#[tokio::test]
async fn dropped_at_every_await_a_walk_gives_back_its_place_and_its_connection() {
    for prefetch in [false, true] {
        // The second page breaks once, so that a wait between attempts is among the moments.
        let broken = Reply::Close(Reply::short("200 OK", b"{\"rows\":[", 9));
        let server = server(move |nth| if nth % 2 == 0 { broken.clone() } else { page(2) }).await;
        let transport = hasty(&server);
        let mut times = 0;
        while polled(times, async {
            let pages: Vec<_> = rows(&transport, prefetch).await.collect().await;
            pages.len()
        })
        .await
        .is_none()
        {
            times += 1;
            assert!(times < 200, "the walk has an end");
            // There is one place, and nobody waits for it longer than a call takes.
            let first = transport.call(&ROWS).send::<Pages<u64>>().await;
            assert_eq!(
                first.unwrap().next().await.unwrap().unwrap().into_items(),
                [1],
                "after {times} polls"
            );
        }
        assert!(times > 3, "{times} awaits");
        drop(transport);
        until_open(&server, 0).await;
    }
}
