//! What is sent twice and what is not, where connections close whenever they like: counted at real sockets.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pynector::{HttpTransport, Jitter, Operation, RetryBudget, RetryPolicy, Timeouts};
use pynector_tests::raw::h2::{Code, Fate, H2Server};
use pynector_tests::raw::{Asked, RawServer, Reply, Setup, answer};

use crate::{GET, MS};

const POST: Operation = Operation::post("T::post", "/p");

fn whole() -> Vec<u8> {
    answer("200 OK", "content-type: application/json\r\n", b"7")
}

fn eager(url: impl AsRef<str>) -> HttpTransport {
    let retry = RetryPolicy::new().initial_backoff(2 * MS).jitter(Jitter::None);
    HttpTransport::builder(url).retry(retry).build().unwrap()
}

/// Numbers that look random and are the same in each run.
fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(seed), |x| Some(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1442)))
        .map(|x| x >> 33)
        .skip(1)
}

/// How many posts there were, and how many of them came more than once; each has a body of its own.
fn posts(asked: &[Asked]) -> (usize, usize) {
    let mut bodies = HashMap::new();
    for asked in asked.iter().filter(|asked| asked.method == "POST") {
        *bodies.entry(asked.hash).or_insert(0) += 1;
    }
    (bodies.len(), bodies.values().filter(|count| **count > 1).count())
}

/// Many calls, half of them posts, from four callers that pause now and then, about as long as the server keeps an idle
/// connection.
async fn callers(transport: &HttpTransport, calls: u64) -> (u64, u64) {
    let callers = (0..4).map(|caller| {
        let transport = transport.clone();
        tokio::spawn(async move {
            let (mut gets, mut served) = (0, 0);
            for (call, number) in numbers(caller).take(usize::try_from(calls / 4).unwrap()).enumerate() {
                if number % 2 == 0 {
                    let _ = transport.call(&POST).json(&(caller, call)).send::<u32>().await;
                } else {
                    gets += 1;
                    served += u64::from(transport.call(&GET).send::<u32>().await.is_ok());
                }
                if number / 2 % 8 == 0 {
                    tokio::time::sleep(std::time::Duration::from_micros(4000 + number / 16 % 2000)).await;
                }
            }
            (gets, served)
        })
    });
    let mut sum = (0, 0);
    for caller in callers.collect::<Vec<_>>() {
        let (gets, served) = caller.await.unwrap();
        sum = (sum.0 + gets, sum.1 + served);
    }
    sum
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idm_2_two_thousand_calls_in_the_keep_alive_race_duplicate_no_post() {
    // S7: an idle connection is closed after 5 ms; beyond that, one request in fifty is read and then not answered.
    let number = AtomicUsize::new(0);
    let server =
        RawServer::with(Setup::default(), move |_| match number.fetch_add(1, Ordering::SeqCst) % 50 {
            49 => Reply::Close(Vec::new()),
            _ => Reply::Idle(whole(), 5 * MS),
        })
        .await;
    let (gets, answered) = callers(&eager(server.url()), 2000).await;
    let (posts, twice) = posts(&server.asked());
    assert_eq!(twice, 0, "of {posts} posts");
    // Not every call comes through: on a slow machine many a connection is gone before a POST is on it, and that is not
    // repeated.
    assert!(
        gets > 900 && posts > 800 && server.connections() > 40,
        "{gets} {posts} {}",
        server.connections()
    );
    assert!(answered * 1000 >= gets * 999, "{answered} of {gets} over {} connections", server.connections());
}

#[tokio::test]
async fn ord_5_with_retry_off_no_fault_makes_a_second_request() {
    let faults = [
        Reply::Close(Vec::new()),
        Reply::Reset(Vec::new()),
        Reply::Close(Reply::short("200 OK", b"1", 8)),
        Reply::ok("503 Service Unavailable", "", ""),
        Reply::ok("429 Too Many Requests", "retry-after: 0\r\n", ""),
    ];
    for fault in faults {
        for warm in [0, 1] {
            let replies =
                vec![Reply::Keep(whole()); warm].into_iter().chain([fault.clone(), Reply::Keep(whole())]);
            let server = RawServer::start(replies).await;
            let transport = HttpTransport::builder(server.url()).retry(RetryPolicy::off()).build().unwrap();
            for _ in 0..warm {
                transport.call(&GET).send::<u32>().await.unwrap();
            }
            transport.call(&GET).send::<u32>().await.unwrap_err();
            assert_eq!(server.count() - warm, 1, "{fault:?}, warm: {warm}");
        }
    }
    for fate in [Fate::Reset(Code::RefusedStream), Fate::GoAway { processed: false, code: Code::NoError }] {
        let server = H2Server::with(Setup::default(), move |_| fate.clone()).await;
        let builder = HttpTransport::builder(server.url()).retry(RetryPolicy::off());
        builder.http2_prior_knowledge(true).build().unwrap().call(&GET).send::<u32>().await.unwrap_err();
        assert_eq!(server.streams().len(), 1, "reqwest's own retries are off");
    }
}

#[tokio::test]
async fn max_concurrent_streams_of_one_is_waited_for_and_not_refused() {
    let setup = Setup::default().max_concurrent_streams(1);
    let server =
        H2Server::with(setup, |_| Fate::After(2 * MS, Box::new(Fate::Answer(200, b"7".to_vec())))).await;
    let transport = HttpTransport::builder(server.url()).http2_prior_knowledge(true).build().unwrap();
    transport.call(&GET).send::<u32>().await.unwrap();
    let calls: Vec<_> = (0..20).map(|_| tokio::spawn(transport.call(&GET).send::<u32>())).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), 7);
    }
    assert_eq!((server.streams().len(), server.connections(), server.most_open()), (21, 1, 1));
}

/// A thousand calls to a server that fails one in five, each time otherwise.
async fn mixed() {
    let number = AtomicUsize::new(0);
    let server =
        RawServer::with(Setup::default(), move |_| match number.fetch_add(1, Ordering::SeqCst) % 20 {
            3 => Reply::Close(Vec::new()),
            7 => Reply::Reset(Vec::new()),
            11 => Reply::Close(Reply::short("200 OK", b"1", 8)),
            19 => Reply::ok("503 Service Unavailable", "retry-after: 0\r\n", "x"),
            _ => Reply::Keep(whole()),
        })
        .await;
    let retry =
        RetryPolicy::new().initial_backoff(MS).jitter(Jitter::None).max_retries(9).budget(RetryBudget::off());
    let timeouts = Timeouts::new().attempt(std::time::Duration::from_secs(20));
    let transport = HttpTransport::builder(server.url()).retry(retry).timeouts(timeouts).build().unwrap();
    let transport = Arc::new(transport);
    let callers = (0..10u32).map(|caller| {
        let transport = Arc::clone(&transport);
        tokio::spawn(async move {
            for call in 0..50 {
                assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
                let _ = transport.call(&POST).json(&(caller, call)).send::<u32>().await;
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    assert_eq!(posts(&server.asked()), (500, 0));
}

#[test]
fn con_3_calls_end_alike_on_either_kind_of_runtime() {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(mixed());
    let many = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    many.unwrap().block_on(mixed());
}
