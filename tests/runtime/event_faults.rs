//! Event streams over broken wires: each event once and in order, one clear error at the right place, and nothing left behind.

use std::io::Write as _;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use pynector::{
    ErrorKind, EventRules, Events, HttpTransport, MaxInFlight, Operation, OperationRules, RetryPolicy,
    Timeouts,
};
use pynector_tests::raw::{Asked, RawServer, Reply, Setup, answer};

use crate::{GET, MS, S};

const ONCE: Operation = Operation::get("Feed::once", "/events");
const AGAIN: Operation = Operation::get("Feed::again", "/events")
    .rules(&OperationRules::new().events(EventRules::new().reconnect()));

/// Every kind of line; three events, each with an ID.
const BODY: &str = "\u{feff}retry: 1\nid: 1\ndata: on\u{e9}\n\n: still here\r\nevent: x\r\nid: 2\r\ndata: two\r\ndata: lines\r\n\r\nid: 3\rdata\r\rdata: half";
const EVENTS: [(&str, &str); 3] = [("1", "on\u{e9}"), ("2", "two\nlines"), ("3", "")];
/// The offset behind each event.
const ENDS: [usize; 3] = [30, 86, 99];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Framing {
    Length,
    Chunked,
    ToTheEnd,
}

/// The head, and what frames the body that is to come.
fn wire(framing: Framing, body: &str) -> (Vec<u8>, Vec<u8>) {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
    match framing {
        Framing::Length => (format!("{head}content-length: {}\r\n\r\n", body.len()).into(), Vec::new()),
        Framing::Chunked => (
            format!("{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len()).into(),
            b"\r\n0\r\n\r\n".to_vec(),
        ),
        Framing::ToTheEnd => (format!("{head}connection: close\r\n\r\n").into(), Vec::new()),
    }
}

fn whole(framing: Framing, body: &str) -> Vec<u8> {
    let (head, tail) = wire(framing, body);
    [&head, body.as_bytes(), &tail].concat()
}

/// A client with one place, so that a place which is not given back is missed by the next call.
fn client(server: &RawServer) -> HttpTransport {
    HttpTransport::builder(server.url())
        .retry(RetryPolicy::new().initial_backoff(MS).max_retries(3))
        .timeouts(Timeouts::new().attempt(20 * S).read(20 * S))
        .max_in_flight(MaxInFlight::new(1).wait(10 * S).queue(1))
        .build()
        .unwrap()
}

/// What came, and how it ended.
async fn all(events: &mut Events<String>) -> (Vec<(String, String)>, Option<pynector::Error>) {
    let mut seen = Vec::new();
    while let Some(item) = events.next().await {
        match item {
            Ok(event) => seen.push((event.id().to_owned(), event.data)),
            Err(error) => {
                assert!(events.next().await.is_none(), "nothing follows the end");
                return (seen, Some(error));
            }
        }
    }
    assert!(events.next().await.is_none());
    (seen, None)
}

fn expected(count: usize) -> Vec<(String, String)> {
    EVENTS[..count].iter().map(|(id, data)| ((*id).to_owned(), (*data).to_owned())).collect()
}

/// Every connection but kept ones is closed.
async fn at_rest(server: &RawServer, kept: usize) {
    for _ in 0..1000 {
        if server.open() <= kept {
            return;
        }
        tokio::time::sleep(5 * MS).await;
    }
    panic!("{} connections are still open", server.open());
}

#[tokio::test]
async fn a_body_cut_at_any_offset_gives_what_was_whole_and_one_error() {
    for framing in [Framing::Length, Framing::Chunked, Framing::ToTheEnd] {
        let (head, _) = wire(framing, BODY);
        let cuts = (0..=BODY.len()).map(|cut| Reply::Close([&head, &BODY.as_bytes()[..cut]].concat()));
        let server = RawServer::start(cuts).await;
        let client = client(&server);
        for cut in 0..=BODY.len() {
            let mut events: Events<String> = client.call(&ONCE).send().await.unwrap();
            let (seen, error) = all(&mut events).await;
            let count = ENDS.iter().filter(|end| **end <= cut).count();
            assert_eq!(seen, expected(count), "{framing:?}, cut at {cut}");
            let last = framing == Framing::Length && cut == BODY.len();
            if last || framing == Framing::ToTheEnd {
                assert!(error.is_none(), "{framing:?}, cut at {cut}: {error:?}");
            } else {
                let error = error.unwrap();
                assert_eq!((error.kind(), error.operation()), (ErrorKind::Interrupted, Some("Feed::once")));
            }
        }
        drop(client);
        at_rest(&server, 0).await;
    }
}

/// Where the first body of this target is cut.
fn cut_of(asked: &Asked) -> usize {
    asked.target.rsplit('=').next().unwrap().parse().unwrap()
}

/// The events behind the ID that the client has; the first time only so many bytes of them.
fn resumed(asked: &Asked, framing: Framing, cut: usize, reset: bool) -> Reply {
    let last = asked.text.lines().find_map(|line| line.strip_prefix("last-event-id: ")).unwrap_or("0");
    let done: usize = last.parse().unwrap();
    if done == EVENTS.len() {
        return Reply::ok("204 No Content", "", "");
    }
    let from = if done == 0 { 0 } else { ENDS[done - 1] };
    if asked.nth > 0 {
        return Reply::Close(whole(framing, &BODY[from..]));
    }
    let (head, _) = wire(framing, BODY);
    let bytes = [&head, &BODY.as_bytes()[..cut]].concat();
    if reset { Reply::Reset(bytes) } else { Reply::Close(bytes) }
}

#[tokio::test]
async fn with_reconnection_each_event_comes_once_wherever_the_body_was_cut() {
    for framing in [Framing::Length, Framing::Chunked, Framing::ToTheEnd] {
        let server = RawServer::with(Setup::default(), move |asked| {
            let cut = cut_of(asked);
            resumed(asked, framing, cut, cut % 2 == 1)
        })
        .await;
        let client = client(&server);
        for cut in 0..=BODY.len() {
            let mut events: Events<String> = client.call(&AGAIN).query("cut", &cut).send().await.unwrap();
            let (seen, error) = all(&mut events).await;
            assert!(error.is_none(), "{framing:?}, cut at {cut}: {error:?}");
            assert_eq!(seen, expected(3), "{framing:?}, cut at {cut}");
            assert_eq!(events.last_event_id(), "3");
        }
        at_rest(&server, 1).await;
    }
}

#[tokio::test]
async fn a_stall_at_any_offset_is_a_timeout_or_a_reason_to_reconnect() {
    let server = RawServer::with(Setup::default(), move |asked| {
        match resumed(asked, Framing::Chunked, cut_of(asked), false) {
            Reply::Close(bytes) if asked.nth == 0 => Reply::Keep(bytes),
            reply => reply,
        }
    })
    .await;
    let patient = client(&server);
    for cut in (0..BODY.len()).step_by(7) {
        let stalled: Events<String> = patient.call(&AGAIN).query("cut", &cut).send().await.unwrap();
        let (seen, error) = all(&mut stalled.heartbeat(50 * MS)).await;
        assert!(error.is_none(), "stalled at {cut}: {error:?}");
        assert_eq!(seen, expected(3), "stalled at {cut}");
    }
    let server = RawServer::start([Reply::Keep(wire(Framing::Chunked, BODY).0)]).await;
    let client = client(&server);
    for _ in 0..2 {
        let stalled: Events<String> = client.call(&ONCE).send().await.unwrap();
        let (seen, error) = all(&mut stalled.heartbeat(20 * MS)).await;
        assert_eq!((seen.len(), error.unwrap().kind()), (0, ErrorKind::Timeout));
    }
    at_rest(&server, 0).await;
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn what_is_malformed_is_one_error_behind_what_was_well() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
    let chunked = |chunks: &str| format!("{head}transfer-encoding: chunked\r\n\r\n{chunks}").into_bytes();
    let coded = |bytes: &[u8]| {
        answer("200 OK", "content-type: text/event-stream\r\ncontent-encoding: gzip\r\n", bytes)
    };
    let (good, zipped) = ("9\r\ndata: a\n\n\r\n", gzip(b"data: a\n\n"));
    let mut corrupt = gzip(b"data: a\n\n");
    let crc = corrupt.len() - 8;
    corrupt[crc] ^= 1;
    for (reply, count, kind) in [
        (
            Reply::Close(chunked(&format!("{good}zz\r\ndata: b\n\n\r\n0\r\n\r\n"))),
            1,
            Some(ErrorKind::Interrupted),
        ),
        (Reply::Close(chunked(&format!("{good}fffffffffffffffff\r\n"))), 1, Some(ErrorKind::Interrupted)),
        (Reply::Close(chunked(&format!("{good}99\r\ndata: b\n\n"))), 2, Some(ErrorKind::Interrupted)),
        (Reply::Close(chunked(&format!("{good}0\r\n\r\ndata: b\n\n"))), 1, None),
        (
            Reply::Close(format!("{head}content-length: 9\r\n\r\ndata: a\n\ndata: b\n\n").into_bytes()),
            1,
            None,
        ),
        (Reply::ok("200 OK", "content-type: text/event-stream\r\n", "data: a\n\n"), 1, None),
        (Reply::Keep(coded(&zipped)), 1, None),
        (Reply::Keep(coded(&corrupt)), 1, Some(ErrorKind::Deserialize)),
        (Reply::Keep(coded(&zipped[..zipped.len() - 9])), 1, Some(ErrorKind::Deserialize)),
        (Reply::Keep(coded(b"data: a\n\n")), 0, Some(ErrorKind::Deserialize)),
    ] {
        let server = RawServer::start([reply.clone()]).await;
        let client = client(&server);
        for _ in 0..2 {
            let (seen, error) = all(&mut client.call(&ONCE).send().await.unwrap()).await;
            assert_eq!((seen.len(), error.map(|error| error.kind())), (count, kind), "{reply:?}");
        }
    }
}

#[tokio::test]
async fn a_corrupt_coding_is_no_reason_to_reconnect() {
    let broken =
        answer("200 OK", "content-type: text/event-stream\r\ncontent-encoding: gzip\r\n", b"data: a\n\n");
    let server = RawServer::start([Reply::Keep(broken)]).await;
    let (_, error) = all(&mut client(&server).call(&AGAIN).send().await.unwrap()).await;
    assert_eq!((error.unwrap().kind(), server.count()), (ErrorKind::Deserialize, 1));
}

#[tokio::test]
async fn a_terminator_gives_the_connection_back() {
    let body = "data: a\n\ndata: [DONE]\n\n";
    let server = RawServer::start([Reply::Keep(whole(Framing::Chunked, body))]).await;
    let client = client(&server);
    for _ in 0..3 {
        let events: Events<String> = client.call(&ONCE).send().await.unwrap();
        let (seen, error) = all(&mut events.until("[DONE]")).await;
        assert_eq!((seen.len(), error.is_none()), (1, true));
    }
    assert_eq!((server.connections(), server.count()), (1, 3));
}

/// Polls `future` at most `left` times; `None` if it was not ready by then.
async fn within<F: Future>(mut left: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(cx).map(Some)
    })
    .await
}

#[tokio::test]
async fn dropped_at_every_await_it_leaves_nothing_behind() {
    // Small pieces with pauses, a cut with a reconnection, and a terminator that more follows: every wait there is.
    let server = RawServer::with(Setup::default(), |asked| match asked.target.as_str() {
        "/x" => Reply::ok("200 OK", "content-type: application/json\r\n", "7"),
        _ if asked.text.contains("last-event-id: 2") => {
            let (head, _) = wire(Framing::Length, &"x".repeat(99));
            Reply::Paced(vec![(MS, head), (MS, b"data: [DONE]\n\n".to_vec()), (5 * MS, vec![b'x'; 85])])
        }
        _ => {
            let (head, _) = wire(Framing::Chunked, BODY);
            let paced = BODY.as_bytes()[..90].chunks(30).map(|piece| (MS, piece.to_vec()));
            let last = (MS, b"zz".to_vec());
            Reply::Paced(std::iter::once((Duration::ZERO, head)).chain(paced).chain([last]).collect())
        }
    })
    .await;
    let client = client(&server);
    let mut polls = 0;
    loop {
        let consumed = async {
            let mut events = client.call(&AGAIN).send::<Events<String>>().await.unwrap().until("[DONE]");
            // The cut is a stall here: the server does not close what it has paced.
            events = events.heartbeat(100 * MS);
            all(&mut events).await
        };
        let ended = within(polls, consumed).await;
        let next =
            tokio::time::timeout(10 * S, client.call(&GET).send::<u32>()).await.expect("it has a place");
        assert_eq!(next.unwrap(), 7, "after {polls} polls");
        at_rest(&server, 1).await;
        if let Some((seen, error)) = ended {
            assert!(error.is_none(), "{error:?}");
            assert_eq!(seen, expected(2));
            break;
        }
        polls += 1;
        assert!(polls < 1000);
    }
    assert!(polls > 5, "there is more than one wait: {polls}");
}
