//! The clocks at real sockets: each ends what it is there for and nothing else. Limits are scaled down, counts asserted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pynector::{
    Clock, ErrorKind, HttpTransport, Jitter, Operation, Response, RetryPolicy, StopReason, Timeouts,
};
use pynector_tests::raw::h2::{Fate, H2Server};
use pynector_tests::raw::{RawServer, Reply, Setup, answer, hash};
use tokio::time::Instant;

use crate::{GET, MS, S};

const PUT: Operation = Operation::put("T::put", "/p");

fn timed(url: impl AsRef<str>, timeouts: Timeouts, retries: u32) -> HttpTransport {
    let retry = RetryPolicy::new().initial_backoff(MS).jitter(Jitter::None).max_retries(retries);
    HttpTransport::builder(url).timeouts(timeouts).retry(retry).build().unwrap()
}

fn whole() -> Reply {
    Reply::ok("200 OK", "content-type: application/json\r\n", "7")
}

#[tokio::test]
async fn tmo_1_each_clock_names_itself_and_its_value_at_a_real_socket() {
    let patient = Timeouts::new().attempt(9 * S);
    let silent = || Setup::default().reads_slowly(1, 3600 * S);
    let stalled = Reply::Keep(Reply::short("200 OK", b"1", 8));
    for (timeouts, setup, reply, scheme, kind, clock, limit) in [
        (
            patient.connect(60 * MS),
            Setup::default(),
            Reply::Hang,
            "https:",
            ErrorKind::ConnectTimeout,
            Clock::Connect,
            60,
        ),
        (
            Timeouts::new().attempt(70 * MS),
            Setup::default(),
            Reply::Hang,
            "http:",
            ErrorKind::Timeout,
            Clock::Attempt,
            70,
        ),
        (patient.read(80 * MS), Setup::default(), stalled, "http:", ErrorKind::Timeout, Clock::Read, 80),
        (patient.write(90 * MS), silent(), Reply::Hang, "http:", ErrorKind::Timeout, Clock::Write, 90),
        (
            Timeouts::new().deadline(95 * MS),
            Setup::default(),
            Reply::Hang,
            "http:",
            ErrorKind::Deadline,
            Clock::Deadline,
            95,
        ),
    ] {
        let server = RawServer::with(setup, move |_| reply.clone()).await;
        let transport = timed(server.url().replace("http:", scheme), timeouts, 0);
        let started = Instant::now();
        let error = transport.call(&PUT).body(vec![0; 16 << 20]).send::<u32>().await.unwrap_err();
        let limit = limit * MS;
        assert_eq!((error.kind(), error.clock()), (kind, Some((clock, limit))), "{error:?}");
        assert!(started.elapsed() >= limit && error.is_timeout());
        assert!(error.to_string().contains(&format!("{} ms", limit.as_millis())), "{error}");
    }
}

#[tokio::test]
async fn tmo_2_no_attempt_starts_and_none_goes_on_behind_the_deadline() {
    let server = RawServer::start([Reply::Hang]).await;
    let transport = timed(server.url(), Timeouts::new().attempt(200 * MS).deadline(500 * MS), u32::MAX);
    let started = Instant::now();
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline, "{error:?}");
    assert!(started.elapsed() >= 500 * MS);
    let requests = server.count();
    assert!(requests <= 3, "{requests} attempts of 200 ms in 500 ms");
    tokio::time::sleep(300 * MS).await;
    assert_eq!(server.count(), requests, "nothing is sent once the call is over");
}

#[tokio::test]
async fn tmo_3_a_wait_that_the_deadline_would_cut_is_not_begun() {
    let busy = Reply::ok("503 Service Unavailable", "retry-after: 5\r\n", "");
    let server = RawServer::start([busy, whole()]).await;
    let error =
        timed(server.url(), Timeouts::new().deadline(5 * S), 3).call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.stop_reason()),
        (ErrorKind::Status(503), Some(StopReason::RetryAfterTooLong))
    );
    assert_eq!((server.count(), error.retry_after()), (1, Some(5 * S)));
    assert!(error.elapsed() < 4 * S, "the wait was not sat through: {:?}", error.elapsed());
}

#[tokio::test]
async fn tmo_5_a_dribbling_server_cannot_outlast_an_attempt() {
    // Each byte is well within the read clock.
    let server = RawServer::start([Reply::Dribble(answer("200 OK", "", &[b'7'; 10_000]), 20 * MS)]).await;
    let timeouts = Timeouts::new().attempt(400 * MS).read(300 * MS);
    let error = timed(server.url(), timeouts, 0).call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!(error.clock(), Some((Clock::Attempt, 400 * MS)), "{error:?}");
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n".to_vec();
    let server = RawServer::start([Reply::Trickle(head, vec![b'7'; 10_000], 20 * MS)]).await;
    let error = timed(server.url(), timeouts, 0).call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!(error.clock(), Some((Clock::Attempt, 400 * MS)), "{error:?}");
}

#[tokio::test]
async fn tmo_6_an_upload_may_be_slower_than_the_read_clock() {
    const UPLOAD: Operation = Operation::post("T::upload", "/u");
    let server = RawServer::with(Setup::default().reads_slowly(64 << 10, 4 * MS), |_| whole()).await;
    let body: Vec<u8> = (0..=255).cycle().take(4 << 20).collect();
    let timeouts = Timeouts::new().attempt(60 * S).read(100 * MS);
    let transport = timed(server.url(), timeouts, 0);
    let started = Instant::now();
    assert_eq!(transport.call(&UPLOAD).body(body.clone()).send::<u32>().await.unwrap(), 7);
    let mut stream = transport.call(&UPLOAD).body(body.clone()).send::<pynector::ByteStream>().await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), "7");
    assert!(started.elapsed() >= 4 * 100 * MS, "it was slow: {:?}", started.elapsed());
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|asked| (asked.length, asked.hash) == (body.len(), hash(&body))));
}

#[tokio::test]
async fn tmo_9_a_connection_of_http_2_outlives_more_timeouts_than_resets_it_may_remember() {
    // Late: the answers come to streams that the client has given up, which h2 counts against the connection (M19).
    for late in [false, true] {
        let well = Arc::new(AtomicBool::new(false));
        let said = Arc::clone(&well);
        let server = H2Server::with(Setup::default(), move |_| {
            let answer = Fate::Answer(200, b"7".to_vec());
            match (said.load(Ordering::SeqCst), late) {
                (true, _) => answer,
                (false, true) => Fate::After(40 * MS, Box::new(answer)),
                (false, false) => Fate::Hang,
            }
        })
        .await;
        let builder = HttpTransport::builder(server.url()).http2_prior_knowledge(true);
        let transport = builder.retry(RetryPolicy::off()).build().unwrap();
        let short = Timeouts::new().attempt(20 * MS);
        let hasty = transport.with_options(pynector::CallOptions::new().timeouts(short));
        let mut timeouts = 0;
        while timeouts < 1100 {
            let calls: Vec<_> = (0..50).map(|_| tokio::spawn(hasty.call(&GET).send::<u32>())).collect();
            for call in calls {
                // A few may find the connection about to be replaced.
                timeouts += usize::from(call.await.unwrap().is_err_and(|error| error.is_timeout()));
            }
        }
        well.store(true, Ordering::SeqCst);
        assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7, "late: {late}");
        assert!(server.given_up() > 1000, "{}", server.given_up());
        assert!(server.connections() <= 3, "a stream is reset, not its connection: {}", server.connections());
    }
}

#[tokio::test]
async fn ra_3_no_request_comes_earlier_than_asked() {
    let date = |seconds: u32| format!("Sun, 06 Nov 1994 08:49:{seconds} GMT");
    for ask in
        ["retry-after: 1\r\n".to_owned(), format!("date: {}\r\nretry-after: {}\r\n", date(37), date(38))]
    {
        let times = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&times);
        let server = RawServer::with(Setup::default(), move |asked| {
            seen.lock().unwrap().push(Instant::now());
            match asked.nth {
                0 => Reply::ok("429 Too Many Requests", &ask, ""),
                _ => whole(),
            }
        })
        .await;
        // The backoff alone would be over long before.
        let response =
            timed(server.url(), Timeouts::new(), 1).call(&GET).send::<Response<u32>>().await.unwrap();
        assert_eq!(response.attempts(), 2);
        let times = times.lock().unwrap();
        assert!(times[1] - times[0] >= S, "{:?}", times[1] - times[0]);
    }
}

#[tokio::test]
async fn bko_5_no_retry_comes_before_its_backoff_is_over() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&times);
    let server = RawServer::with(Setup::default(), move |_| {
        seen.lock().unwrap().push(Instant::now());
        Reply::ok("503 Service Unavailable", "", "")
    })
    .await;
    let waits = [5 * MS, 10 * MS, 20 * MS, 40 * MS, 80 * MS];
    let retry = RetryPolicy::new().initial_backoff(waits[0]).jitter(Jitter::None).max_retries(5);
    let transport = HttpTransport::builder(server.url()).retry(retry).build().unwrap();
    transport.call(&GET).send::<u32>().await.unwrap_err();
    let times: Vec<Instant> = times.lock().unwrap().clone();
    let gaps: Vec<Duration> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(gaps.len(), waits.len());
    assert!(gaps.iter().zip(waits).all(|(gap, wait)| *gap >= wait), "{gaps:?}");
}
