//! The retry matrix of §2.1 at real sockets: what each method does after each outcome, counted at the server.

use std::sync::Arc;
use std::time::Duration;

use pynector::{Certificate, ConnectionOptions, HttpTransport, Jitter, Operation, RetryPolicy, Timeouts};
use pynector_tests::WireBackend;
use pynector_tests::raw::h2::{Code, Fate, H2Server};
use pynector_tests::raw::{RawServer, Refusing, Reply, Setup, answer};
use pynector_tests::served::Identity;

use crate::MS;

/// Every method, and whether a request of it may be sent twice.
const METHODS: [(Operation, bool); 11] = [
    (Operation::get("M::get", "/m"), true),
    (Operation::head("M::head", "/m"), true),
    (Operation::options("M::options", "/m"), true),
    (Operation::http("TRACE", "M::trace", "/m"), true),
    (Operation::put("M::put", "/m"), true),
    (Operation::delete("M::delete", "/m"), true),
    (Operation::http("QUERY", "M::query", "/m"), true),
    (Operation::post("M::post", "/m"), false),
    (Operation::patch("M::patch", "/m"), false),
    (Operation::http("REPORT", "M::report", "/m"), false),
    (Operation::post("M::marked", "/m").idempotent(), true),
];

/// One row: what happens, each time, and how often a request is made that may be sent twice, and one that may not.
struct Row {
    outcome: Outcome,
    replayable: usize,
    other: usize,
}

#[derive(Clone, Debug)]
enum Outcome {
    /// Nobody listens.
    Refused,
    /// The name has no address.
    Unknown,
    /// Each connection is reset before TLS has said anything.
    Reset,
    /// TLS never ends.
    Silent,
    /// The certificate is for somebody else.
    Stranger,
    /// HTTP/1.1.
    One(Reply),
    /// HTTP/2.
    Two(Fate),
}

/// With one retry each: so that 1 is "never again", 2 is "again". What HTTP/2 says was not processed is not counted, and
/// is sent again twice at most.
fn table() -> Vec<Row> {
    let row = |outcome, replayable, other| Row { outcome, replayable, other };
    let one = |reply, replayable, other| row(Outcome::One(reply), replayable, other);
    let two = |fate, replayable, other| row(Outcome::Two(fate), replayable, other);
    let status = |line: &str, replayable, other| one(Reply::ok(line, "", ""), replayable, other);
    let away = |processed, code| Fate::GoAway { processed, code };
    let chunk =
        |text: &str| format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{text}").into_bytes();
    vec![
        row(Outcome::Refused, 2, 2),
        row(Outcome::Unknown, 2, 2),
        row(Outcome::Reset, 2, 2),
        row(Outcome::Silent, 2, 2),
        row(Outcome::Stranger, 1, 1),
        two(Fate::Reset(Code::RefusedStream), 3, 3),
        two(away(false, Code::NoError), 3, 3),
        two(Fate::Then(vec![away(true, Code::NoError), Fate::Answer(200, Vec::new())]), 1, 1),
        two(Fate::Then(vec![away(true, Code::NoError), Fate::Close]), 2, 1),
        two(away(false, Code::EnhanceYourCalm), 2, 1),
        two(away(false, Code::InternalError), 2, 1),
        two(Fate::Reset(Code::Cancel), 2, 1),
        two(Fate::Reset(Code::InternalError), 2, 1),
        two(Fate::Reset(Code::EnhanceYourCalm), 2, 1),
        two(Fate::Broken(200, b"1".to_vec(), Code::RefusedStream), 2, 1),
        two(Fate::Close, 2, 1),
        two(Fate::Hang, 2, 1),
        status("200 OK", 1, 1),
        status("204 No Content", 1, 1),
        status("400 Bad Request", 1, 1),
        status("404 Not Found", 1, 1),
        status("408 Request Timeout", 1, 1),
        status("409 Conflict", 1, 1),
        status("421 Misdirected Request", 1, 1),
        status("425 Too Early", 1, 1),
        status("429 Too Many Requests", 2, 2),
        status("500 Internal Server Error", 2, 1),
        status("501 Not Implemented", 1, 1),
        status("502 Bad Gateway", 2, 1),
        status("503 Service Unavailable", 2, 1),
        status("504 Gateway Timeout", 2, 1),
        status("505 HTTP Version Not Supported", 1, 1),
        one(Reply::Close(Vec::new()), 2, 1),
        one(Reply::Reset(Vec::new()), 2, 1),
        one(Reply::Close(b"HTTP/1.1 200 O".to_vec()), 2, 1),
        one(Reply::Hang, 2, 1),
        one(Reply::Close(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()), 1, 1),
        one(Reply::Close(Reply::short("200 OK", b"1", 8)), 2, 1),
        one(Reply::Reset(Reply::short("200 OK", b"1", 8)), 2, 1),
        one(Reply::Keep(Reply::short("200 OK", b"1", 8)), 2, 1),
        one(Reply::Close(chunk("zz\r\n")), 2, 1),
        one(Reply::Close(chunk("1\r\n7\r\n")), 2, 1),
        one(Reply::Dribble(answer("200 OK", "", b"123456789"), 100 * MS), 2, 1),
        // What does not decode: the method promises a number.
        one(Reply::ok("200 OK", "content-type: application/json\r\n", "{"), 1, 1),
    ]
}

/// Whether an answer to `HEAD` can look like this: it has no body that could break.
fn fits(operation: &Operation, outcome: &Outcome) -> bool {
    let body = match outcome {
        Outcome::Two(Fate::Broken(..)) => true,
        Outcome::One(Reply::Keep(bytes) | Reply::Close(bytes) | Reply::Reset(bytes)) => {
            bytes.starts_with(b"HTTP/1.1 200") && !bytes.ends_with(b"\r\n\r\n")
        }
        _ => false,
    };
    !(body && operation.method() == "HEAD")
}

/// The clock of those who wait for what never comes. The others have time: a busy machine may be slow in everything.
const LIMIT: Duration = Duration::from_millis(600);

fn waits(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Silent | Outcome::Two(Fate::Hang) | Outcome::One(Reply::Hang | Reply::Dribble(..)) => true,
        Outcome::One(Reply::Keep(bytes)) => bytes.ends_with(b"9\r\n\r\n1"),
        _ => false,
    }
}

/// The outcome with its bytes as text.
fn shown(outcome: &Outcome) -> String {
    match outcome {
        Outcome::One(Reply::Keep(bytes)) => format!("keeps after {}", String::from_utf8_lossy(bytes)),
        Outcome::One(Reply::Close(bytes)) => format!("closes after {}", String::from_utf8_lossy(bytes)),
        Outcome::One(Reply::Reset(bytes)) => format!("resets after {}", String::from_utf8_lossy(bytes)),
        other => format!("{other:?}"),
    }
}

/// How often a request was made or, where none can be, a connection.
type Count = Box<dyn Fn() -> usize + Send>;

async fn serving(outcome: &Outcome, hall: &Hall) -> (String, Option<Count>) {
    match outcome.clone() {
        Outcome::Refused => (format!("http://{}", hall.nobody.address()), None),
        Outcome::Unknown => ("http://no-such-host.invalid".to_owned(), None),
        Outcome::Reset => {
            let server = RawServer::with(Setup::default().resets_first(usize::MAX), |_| Reply::Hang).await;
            (server.url().replace("http:", "https:"), Some(Box::new(move || server.connections())))
        }
        Outcome::Silent => {
            let server = RawServer::start([Reply::Hang]).await;
            (server.url().replace("http:", "https:"), Some(Box::new(move || server.connections())))
        }
        Outcome::Stranger => {
            let server = RawServer::with(Setup::default().tls(&hall.identity), |_| Reply::Hang).await;
            (server.url(), Some(Box::new(move || server.connections())))
        }
        Outcome::One(reply) => {
            let server = RawServer::start([reply]).await;
            (server.url(), Some(Box::new(move || server.count())))
        }
        Outcome::Two(fate) => {
            let server = H2Server::with(Setup::default(), move |_| fate.clone()).await;
            (server.url(), Some(Box::new(move || server.streams().len())))
        }
    }
}

/// What all cells share, since a backend that trusts anybody is slow to make.
struct Hall {
    identity: Identity,
    nobody: Refusing,
    one: WireBackend,
    two: WireBackend,
}

impl Hall {
    fn new() -> Self {
        let identity = Identity::of(&["example.com"]);
        let options = ConnectionOptions::new().add_root_certificate(Certificate::from_pem(&identity.pem));
        let backend = |options| WireBackend::with_options(&options).unwrap();
        let nobody = Refusing::new();
        Self {
            identity,
            nobody,
            one: backend(options.clone()),
            two: backend(options.http2_prior_knowledge(true)),
        }
    }
}

async fn cell(
    operation: &'static Operation,
    outcome: Outcome,
    expected: usize,
    hall: Arc<Hall>,
) -> Option<String> {
    let (url, count) = serving(&outcome, &hall).await;
    let limit = if waits(&outcome) { LIMIT } else { Duration::from_secs(20) };
    let transport = HttpTransport::builder(url)
        .retry(RetryPolicy::new().max_retries(1).initial_backoff(MS).jitter(Jitter::None))
        .timeouts(Timeouts::new().attempt(limit).connect(limit))
        .backend(if matches!(outcome, Outcome::Two(_)) { hall.two.clone() } else { hall.one.clone() })
        .build()
        .unwrap();
    let name = (operation.name(), shown(&outcome));
    let attempts = match transport.call(operation).body("x").send::<Option<u32>>().await {
        Ok(_) => 1,
        Err(error) => error.attempts() as usize,
    };
    let counted = count.map_or(expected, |count| count());
    (attempts != expected || counted != expected)
        .then(|| format!("{name:?}: {attempts} attempts, {counted} at the server, not {expected}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idm_1_the_matrix_holds_at_the_server_for_every_method_and_outcome() {
    let hall = Arc::new(Hall::new());
    assert!(METHODS.len() >= 9 && table().len() >= 20);
    let mut wrong = Vec::new();
    for waiting in [false, true] {
        let mut cells = tokio::task::JoinSet::new();
        for (operation, replayable) in &METHODS {
            for row in table().into_iter().filter(|row| waits(&row.outcome) == waiting) {
                if fits(operation, &row.outcome) {
                    let expected = if *replayable { row.replayable } else { row.other };
                    cells.spawn(cell(operation, row.outcome, expected, Arc::clone(&hall)));
                }
            }
        }
        wrong.extend(cells.join_all().await.into_iter().flatten());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
