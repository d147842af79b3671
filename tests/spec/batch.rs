//! Batches: how many messages are in flight, what comes back in which order, and what is left behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pynector::backend::Step;
use pynector::{
    AttemptOutcome, Breaker, CallOptions, CircuitState, Clock, ErrorKind, Event, HttpMessage, HttpTransport,
    JsonMessage, RetryPolicy, Timeouts,
};
use pynector_tests::Journal;
use pynector_tests::raw::{RawServer, Reply};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::session::{settles, settles_at};
use crate::{MS, S, builder, built, connected};

fn messages(count: usize) -> Vec<HttpMessage> {
    (0..count).map(|n| HttpMessage::new().url(format!("/{n}"))).collect()
}

fn numbers(results: &[pynector::Result<HttpMessage>]) -> Vec<String> {
    let paths = results.iter().map(|result| result.as_ref().unwrap().response_url().unwrap().path());
    paths.map(|path| path.trim_start_matches('/').to_owned()).collect()
}

fn once(steps: impl IntoIterator<Item = Step>) -> (HttpTransport, pynector::backend::ScriptBackend) {
    built(builder().retry(RetryPolicy::off()), steps)
}

/// Counts the requests that it has and has not answered.
#[derive(Clone, Debug, Default)]
struct Gauge {
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Gauge {
    async fn start() -> (String, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let gauge = Self::default();
        let serving = gauge.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        (url, gauge)
    }

    async fn serve(self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut request = Vec::new();
        loop {
            request.push(stream.read_u8().await?);
            if request.ends_with(b"\r\n\r\n") {
                let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
                self.most.fetch_max(now, Ordering::SeqCst);
                // Later requests of a group are answered earlier.
                tokio::time::sleep(MS * (20 - u32::from(request[5] % 4) * 5)).await;
                self.now.fetch_sub(1, Ordering::SeqCst);
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n7").await?;
                request.clear();
            }
        }
    }
}

#[tokio::test]
async fn s_batch_at_most_so_many_are_in_flight_and_the_order_is_that_of_the_messages() {
    for limit in [1, 4, 100] {
        let (url, gauge) = Gauge::start().await;
        let transport = HttpTransport::builder(url).build().unwrap();
        transport.connect().await.unwrap();
        let results = transport.batch(&messages(12), limit).await.unwrap();
        let expected: Vec<_> = (0..12).map(|n: usize| n.to_string()).collect();
        assert_eq!(numbers(&results), expected);
        let most = gauge.most.load(Ordering::SeqCst);
        assert!(most <= limit && (limit == 1 || most > 1), "{most} of {limit}");
    }
}

#[tokio::test(start_paused = true)]
async fn s_batch_a_slow_message_holds_only_its_own_place() {
    let steps = [9, 1, 1, 1, 1].map(|seconds| Step::json("7").after(S * seconds));
    let (transport, _) = connected(steps).await;
    let started = tokio::time::Instant::now();
    let results = transport.batch(&messages(5), 2).await.unwrap();
    assert_eq!(numbers(&results), ["0", "1", "2", "3", "4"]);
    assert_eq!(started.elapsed(), 9 * S);
}

#[tokio::test(start_paused = true)]
async fn s_batch_each_message_has_its_own_result() {
    let (transport, script) = once([Step::json("0"), Step::status(404), Step::json("x"), Step::json("3")]);
    transport.connect().await.unwrap();
    let messages: Vec<_> = (0..4).map(JsonMessage::<u32>).collect();
    let results = transport.batch(&messages, 2).await.unwrap();
    assert_eq!(results[0].as_ref().unwrap(), &JsonMessage(0));
    assert!(results[1].as_ref().unwrap_err().is_not_found());
    let undecoded = results[2].as_ref().unwrap_err();
    assert_eq!(undecoded.kind(), ErrorKind::Deserialize);
    assert!(undecoded.to_string().starts_with("HttpTransport::batch: POST http://h"), "{undecoded}");
    assert_eq!(results[3].as_ref().unwrap(), &JsonMessage(3));
    assert_eq!(script.requests().len(), 4);
    assert!(transport.receive::<HttpMessage>().next().await.is_none(), "the conversation has no part in it");
}

#[tokio::test(start_paused = true)]
async fn s_batch_a_message_that_cannot_be_sent_says_so_in_its_place() {
    let (transport, script) = connected([Step::json("0"), Step::json("2")]).await;
    let mut messages = messages(3);
    messages[1] = HttpMessage::new().url("http://elsewhere/1");
    let results = transport.batch(&messages, 1).await.unwrap();
    let error = results[1].as_ref().unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Request, Some("HttpTransport::batch")));
    assert!(results[0].is_ok() && results[2].is_ok() && script.remaining() == 0);
}

#[tokio::test(start_paused = true)]
async fn s_batch_what_fails_as_a_whole_fails_before_anything_is_sent() {
    let (transport, script) = built(builder(), [Step::json("7")]);
    let error = transport.batch(&messages(1), 1).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NotConnected, Some("HttpTransport::batch")));
    transport.connect().await.unwrap();
    let error = transport.batch(&messages(1), 0).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(error.invalid_setting().unwrap().field, "max_concurrency");
    let error = transport.batch(&messages(1), 1).deadline(Duration::ZERO).await.unwrap_err();
    assert_eq!(error.invalid_setting().unwrap().field, "deadline");
    assert!(script.requests().is_empty());
    assert!(transport.batch::<HttpMessage>(&[], 1).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn s_batch_the_first_error_stops_what_has_not_begun() {
    let steps = [Step::json("0").after(5 * S), Step::status(500).after(S), Step::json("2").after(2 * S)];
    let (transport, script) = once(steps);
    transport.connect().await.unwrap();
    let results = transport.batch(&messages(9), 3).stop_on_first_error().await.unwrap();
    assert!(results[0].is_ok() && results[2].is_ok(), "what is in flight ends as it does");
    assert!(results[1].as_ref().unwrap_err().is_server_error());
    for result in &results[3..] {
        let error = result.as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Canceled);
        assert!(!error.was_sent() && error.attempts() == 0);
        let line = error.to_string();
        assert!(line.ends_with("not sent, since the message at index 1 of the batch failed"), "{line}");
    }
    assert_eq!((results.len(), script.requests().len()), (9, 3));
}

#[tokio::test(start_paused = true)]
async fn s_batch_a_deadline_ends_all_of_it() {
    let (transport, script) =
        connected([Step::json("0").after(S), Step::json("1").after(3 * S), Step::hang(), Step::hang()]).await;
    let started = tokio::time::Instant::now();
    let results = transport.batch(&messages(6), 2).deadline(4 * S).await.unwrap();
    assert_eq!(started.elapsed(), 4 * S);
    assert!(results[0].is_ok() && results[1].is_ok());
    for error in results[2..].iter().map(|result| result.as_ref().unwrap_err()) {
        assert_eq!(error.kind(), ErrorKind::Deadline, "{error:?}");
        assert_eq!(error.clock().unwrap().0, Clock::Deadline);
    }
    let sent: Vec<_> = results[2..].iter().map(|result| result.as_ref().unwrap_err().was_sent()).collect();
    assert_eq!((sent, script.requests().len()), (vec![true, true, false, false], 4));
    let line = results[5].as_ref().unwrap_err().to_string();
    assert_eq!(line, "HttpTransport::batch: not sent, since the deadline of the batch, 4 s, passed");
}

#[tokio::test(start_paused = true)]
async fn s_batch_a_shorter_deadline_of_the_messages_holds() {
    let (transport, _) = once([Step::hang(), Step::json("1")]);
    transport.connect().await.unwrap();
    let own = Timeouts::new().no_attempt().deadline(S);
    let transport = transport.with_options(CallOptions::new().timeouts(own));
    let results = transport.batch(&messages(2), 1).deadline(9 * S).await.unwrap();
    assert_eq!(results[0].as_ref().unwrap_err().clock(), Some((Clock::Deadline, S)));
    assert!(results[1].is_ok());
}

#[tokio::test]
async fn s_batch_dropped_it_takes_everything_with_it() {
    let server = RawServer::start([Reply::Hang]).await;
    let transport = HttpTransport::builder(server.url()).build().unwrap();
    transport.connect().await.unwrap();
    let messages = messages(9);
    tokio::select! {
        _ = transport.batch(&messages, 3).into_future() => panic!("nobody answers"),
        sent = settles(|| server.requests().len() == 3) => assert!(sent),
    }
    assert!(settles_at(&server, 0).await, "its connections are closed");
    tokio::time::timeout(5 * S, transport.disconnect()).await.expect("nothing is in flight");
    assert_eq!(server.requests().len(), 3, "and nothing more was sent");
}

#[tokio::test(start_paused = true)]
async fn s_batch_a_disconnect_waits_for_all_of_it() {
    let (transport, script) = connected((0..6).map(|n| Step::json(n.to_string()).after(S))).await;
    let started = tokio::time::Instant::now();
    let messages = messages(6);
    let (results, left) = tokio::join!(transport.batch(&messages, 2).into_future(), async {
        tokio::time::sleep(500 * MS).await;
        transport.disconnect().await;
        started.elapsed()
    });
    assert!(results.unwrap().iter().all(Result::is_ok));
    assert_eq!((left, script.requests().len()), (3 * S, 6));
}

#[tokio::test(start_paused = true)]
async fn s_batch_a_dropped_probe_gives_its_place_back() {
    let breaker = Breaker::new().failure_threshold(1).min_failure_rate(0.0).open(S).max_open(S);
    let builder = builder().breaker(breaker).retry(RetryPolicy::off());
    let (transport, _) = built(builder, [Step::status(500), Step::hang(), Step::json("7")]);
    transport.connect().await.unwrap();
    let results = transport.batch(&messages(3), 1).await.unwrap();
    assert!(results[0].as_ref().unwrap_err().is_server_error());
    assert!(results[1].as_ref().unwrap_err().is_circuit_open(), "each message asks the circuit");
    tokio::time::sleep(2 * S).await;
    assert!(tokio::time::timeout(S, transport.batch(&messages(2), 2).into_future()).await.is_err());
    assert_eq!(transport.circuit().state(), CircuitState::HalfOpen);
    assert!(transport.batch(&messages(1), 1).await.unwrap()[0].is_ok());
    assert_eq!(transport.circuit().state(), CircuitState::Closed);
}

#[tokio::test(start_paused = true)]
async fn s_batch_observers_hear_of_each_message_and_each_is_retried() {
    let journal = Journal::default();
    let builder = builder().observer(journal.clone());
    let (transport, _) = built(builder, [Step::status(503), Step::json("0"), Step::json("1")]);
    transport.connect().await.unwrap();
    assert!(transport.batch(&messages(2), 1).await.unwrap().iter().all(Result::is_ok));
    let ended = journal.events().into_iter().filter_map(|event| match event {
        Event::AttemptEnded { outcome, .. } => Some(outcome),
        _ => None,
    });
    let expected = [503, 200, 200].map(AttemptOutcome::Status);
    assert_eq!(ended.collect::<Vec<_>>(), expected);
}

#[tokio::test(start_paused = true)]
async fn s_batch_runs_in_a_spawned_task() {
    let (transport, _) = connected([Step::json("0"), Step::json("1")]).await;
    let task = tokio::spawn(async move { transport.batch(&messages(2), 2).await.map(|all| all.len()) });
    assert_eq!(task.await.unwrap().unwrap(), 2);
}
