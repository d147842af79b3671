//! What becomes of bodies that a retry throws away, and of bodies that it sends again: counted at real sockets.

use std::time::Duration;

use pynector::backend::Step;
use pynector::{ErrorKind, HttpTransport, Jitter, Operation, Part, RetryBudget, RetryPolicy, Timeouts};
use pynector_tests::raw::h2::{Fate, H2Server};
use pynector_tests::raw::{RawServer, Reply, Setup, answer, hash};

use crate::{GET, MS, S, built};

const POST: Operation = Operation::post("T::post", "/p");

fn retrying(url: impl AsRef<str>, wait: Duration) -> HttpTransport {
    let retry = RetryPolicy::new()
        .initial_backoff(wait)
        .jitter(Jitter::None)
        .max_retries(3)
        .budget(RetryBudget::off());
    HttpTransport::builder(url).retry(retry).build().unwrap()
}

fn busy(body: &[u8]) -> Vec<u8> {
    answer("503 Service Unavailable", "", body)
}

fn whole() -> Reply {
    Reply::ok("200 OK", "content-type: application/json\r\n", "7")
}

#[tokio::test]
async fn bod_4_only_a_body_that_cannot_be_drained_costs_a_connection() {
    let (small, most, large) = (vec![b'x'; 10], vec![b'x'; 65_536], vec![b'x'; 4 << 20]);
    let cut = |body: &[u8]| Reply::Keep(Reply::short("503 Service Unavailable", body, 9));
    let paced = |pause| {
        let body = Reply::short("503 Service Unavailable", b"abc", 3);
        Reply::Paced(vec![(Duration::ZERO, body), (pause, b"def".to_vec())])
    };
    for (replies, connections) in [
        (vec![Reply::Keep(busy(&small)), Reply::Keep(busy(&[])), Reply::Keep(busy(&most))], 1),
        // It comes within the 50 ms that are waited for it.
        (vec![paced(5 * MS)], 1),
        (vec![Reply::Keep(busy(&large))], 2),
        (vec![cut(&small), cut(&most), Reply::Keep(busy(&small))], 3),
        (vec![Reply::ok("302 Found", "location: /y\r\n", "moved"), Reply::Keep(busy(&small))], 1),
    ] {
        let steps = replies.len();
        let server = RawServer::start(replies.into_iter().chain([whole()])).await;
        let response = retrying(server.url(), MS).call(&GET).send::<u32>().await;
        assert_eq!((response.unwrap(), server.count()), (7, steps + 1));
        assert_eq!(server.connections(), connections);
    }
}

#[tokio::test(start_paused = true)]
async fn bod_4_a_body_that_is_thrown_away_is_hardly_waited_for() {
    let slow = || Step::status(503).body("a").silence(3600 * S).body("b");
    let retry = RetryPolicy::new().initial_backoff(Duration::ZERO).max_retries(2);
    let (transport, _) = built(HttpTransport::builder("http://h").retry(retry), vec![slow(); 9]);
    let started = tokio::time::Instant::now();
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!(error.attempts(), 3);
    // Twice 50 ms, and a second for the last one, whose body the error keeps.
    assert_eq!(started.elapsed(), 1100 * MS, "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn bod_5_the_body_of_the_answer_that_ends_the_call_is_waited_for() {
    let slow = |status| Step::status(status).body("a").silence(500 * MS).body("b");
    for (operation, status, retries, waited) in [
        (&GET, 404, 3, 500 * MS),
        (&POST, 503, 3, 500 * MS),
        (&GET, 503, 0, 500 * MS),
        (&GET, 503, 1, 550 * MS),
    ] {
        let retry = RetryPolicy::new().initial_backoff(Duration::ZERO).max_retries(retries);
        let (transport, _) = built(HttpTransport::builder("http://h").retry(retry), vec![slow(status); 2]);
        let started = tokio::time::Instant::now();
        let error = transport.call(operation).send::<u32>().await.unwrap_err();
        assert_eq!((error.kind(), error.body().unwrap().as_ref()), (ErrorKind::Status(status), &b"ab"[..]));
        assert_eq!(started.elapsed(), waited, "{status} {retries}");
    }
}

#[tokio::test]
async fn ord_4_a_retry_that_waits_holds_no_connection() {
    let server = RawServer::start([Reply::Keep(busy(&vec![b'x'; 4 << 20])), whole()]).await;
    let other = RawServer::start([Reply::Keep(busy(b"x")), whole()]).await;
    // The body of the first is too long to be drained, so its connection is closed before the wait, not after it.
    let waiting = tokio::spawn(retrying(server.url(), 10 * S).call(&GET).send::<u32>());
    let closed = async {
        while server.count() < 1 || server.open() > 0 {
            tokio::time::sleep(MS).await;
        }
    };
    tokio::time::timeout(5 * S, closed).await.expect("no connection while the retry waits");
    waiting.abort();

    // That of the second is back in the pool, where other calls find it.
    let transport = retrying(other.url(), 10 * S);
    let waiting = tokio::spawn(transport.call(&GET).send::<u32>());
    while other.count() < 1 {
        tokio::time::sleep(MS).await;
    }
    tokio::time::sleep(50 * MS).await;
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
    assert_eq!((other.count(), other.connections(), other.open()), (2, 1, 1));
    waiting.abort();
}

/// What one operation sends on each of its attempts.
fn bodies(transport: &HttpTransport) -> Vec<(&'static str, pynector::Call)> {
    const PUT: Operation = Operation::put("T::put", "/b");
    let blob: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    vec![
        ("bytes", transport.call(&PUT).body(blob.clone())),
        ("text", transport.call(&PUT).body("h\u{e9}llo")),
        ("json", transport.call(&PUT).json(&vec!["x"; 10_000])),
        ("form", transport.call(&PUT).form("a", "b c&d").form("n", &1)),
        ("parts", transport.call(&PUT).part("text", "t").part("file", Part::bytes(blob).file_name("f.bin"))),
    ]
}

#[tokio::test]
async fn bod_1_each_kind_of_body_has_the_same_hash_on_every_attempt() {
    let server = RawServer::with(Setup::default(), |asked| match asked.nth % 4 {
        0 => Reply::Reset(Vec::new()),
        1 => Reply::Keep(busy(b"x")),
        2 => Reply::Close(Reply::short("200 OK", b"1", 8)),
        _ => Reply::ok("204 No Content", "", ""),
    })
    .await;
    let two = H2Server::with(Setup::default(), |stream| match stream.nth % 4 {
        3 => Fate::Answer(204, Vec::new()),
        _ => Fate::Answer(503, b"x".to_vec()),
    })
    .await;
    let one = retrying(server.url(), MS);
    let builder = HttpTransport::builder(two.url()).http2_prior_knowledge(true);
    let retry = RetryPolicy::new().initial_backoff(MS).max_retries(3).budget(RetryBudget::off());
    let second = builder.retry(retry).build().unwrap();
    for (transport, seen) in [
        (&one, &(|| server.asked().iter().map(|asked| (asked.length, asked.hash)).collect()) as &Seen<'_>),
        (&second, &|| two.streams().iter().map(|stream| (stream.length, stream.hash)).collect()),
    ] {
        for (kind, call) in bodies(transport) {
            let before = seen().len();
            call.send::<()>().await.unwrap();
            let sent = seen().split_off(before);
            assert_eq!(sent.len(), 4, "{kind}");
            assert!(sent[0].0 > 0 && sent.iter().all(|body| *body == sent[0]), "{kind}: {sent:?}");
            if kind == "text" {
                assert_eq!(sent[0], (6, hash("h\u{e9}llo".as_bytes())));
            }
        }
    }
}

type Seen<'a> = dyn Fn() -> Vec<(usize, u64)> + 'a;

#[tokio::test]
async fn bod_6_every_way_to_break_a_body_is_repeated_where_that_is_safe() {
    let chunks =
        |text: &str| format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{text}").into_bytes();
    let short = || Reply::short("200 OK", b"1", 8);
    let faults = [
        Reply::Close(short()),
        Reply::Reset(short()),
        Reply::Keep(short()),
        Reply::Close(chunks("zz\r\n")),
        Reply::Close(chunks("1\r\n7\r\n")),
        Reply::Reset(chunks("1\r\n7\r\n")),
    ];
    let timeouts = Timeouts::new().attempt(600 * MS);
    for fault in faults {
        for (operation, requests) in [(&GET, 2), (&POST, 1)] {
            let server = RawServer::start([fault.clone(), whole()]).await;
            let retry = RetryPolicy::new().initial_backoff(MS);
            let builder = HttpTransport::builder(server.url()).retry(retry).timeouts(timeouts);
            let got = builder.build().unwrap().call(operation).send::<u32>().await;
            assert_eq!(got.is_ok(), requests == 2, "{fault:?}: {got:?}");
            assert_eq!(server.count(), requests, "{fault:?}");
        }
    }
}

#[tokio::test]
async fn bod_7_an_answer_that_does_not_decode_is_asked_for_once_and_no_sign_of_illness() {
    let wrong = || Reply::ok("200 OK", "content-type: application/json\r\n", "{");
    let server = RawServer::start([wrong()]).await;
    let breaker = pynector::Breaker::new().failure_threshold(1).min_failure_rate(0.0);
    let transport = HttpTransport::builder(server.url()).breaker(breaker).build().unwrap();
    for asked in 1..=3 {
        let error = transport.call(&GET).send::<u32>().await.unwrap_err();
        assert_eq!((error.kind(), server.count()), (ErrorKind::Deserialize, asked));
    }
    assert_eq!((transport.circuit().state(), server.connections()), (pynector::CircuitState::Closed, 1));
}
