//! S11: a thousand calls a second to a server that fails in every way it knows, for as long as asked.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use pynector::{HttpTransport, Operation, Response, RetryPolicy, Timeouts};
use pynector_tests::raw::{RawServer, Reply, Setup, answer};

use crate::measure::{mib, numbers, percentile, resident};

const GET: Operation = Operation::get("Soak::get", "/");
const CALLERS: u64 = 20;
const EACH: Duration = Duration::from_millis(20);

fn fault(number: u64) -> Reply {
    match number % 200 {
        0 => Reply::Close(Vec::new()),
        1 => Reply::Reset(Vec::new()),
        2 => Reply::Close(Reply::short("200 OK", b"1", 8)),
        3 => Reply::Reset(Reply::short("200 OK", b"1", 8)),
        4 => Reply::Close(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".to_vec()),
        5 => Reply::Hang,
        6 => Reply::ok("503 Service Unavailable", "retry-after: 0\r\n", vec![b'x'; 10_000]),
        7 => Reply::ok("500 Internal Server Error", "", vec![b'x'; 100_000]),
        8 => Reply::ok("404 Not Found", "", "no"),
        9 => Reply::ok("200 OK", "content-type: application/json\r\n", "{"),
        10 => Reply::Idle(whole(), Duration::from_millis(5)),
        _ => Reply::Keep(whole()),
    }
}

fn whole() -> Vec<u8> {
    answer("200 OK", "content-type: application/json\r\n", b"7")
}

/// What the callers have seen.
#[derive(Default)]
struct Seen {
    answered: AtomicU64,
    failed: AtomicU64,
    /// Of calls that took one attempt.
    times: Mutex<Vec<Duration>>,
}

/// So many are enough for a percentile; their memory is there from the start, so that it is not taken for a leak.
const TIMES: usize = 20_000;

pub async fn run(seconds: u64) {
    let order = Mutex::new(numbers(7));
    let server = RawServer::with(Setup::default().forgets(), move |_| {
        fault(order.lock().unwrap_or_else(PoisonError::into_inner).next().unwrap_or_default())
    })
    .await;
    let retry = RetryPolicy::new().initial_backoff(Duration::from_millis(5));
    let timeouts = Timeouts::new().attempt(Duration::from_millis(250)).deadline(Duration::from_secs(2));
    let builder = HttpTransport::builder(server.url()).retry(retry).timeouts(timeouts);
    let transport = builder.build().expect("a transport");
    let seen = Arc::new(Seen { times: Mutex::new(vec![Duration::MAX; TIMES]), ..Seen::default() });
    seen.times.lock().unwrap_or_else(PoisonError::into_inner).clear();
    let end = Instant::now() + Duration::from_secs(seconds);
    let callers: Vec<_> =
        (0..CALLERS).map(|_| tokio::spawn(call(transport.clone(), Arc::clone(&seen), end))).collect();
    println!("second   requests   connections   open   RSS");
    let mut memory = Vec::new();
    let step = (seconds / 10).max(1);
    for second in (step..=seconds).step_by(usize::try_from(step).unwrap_or(1)) {
        tokio::time::sleep(Duration::from_secs(step)).await;
        memory.push(resident());
        let rss = mib(resident());
        println!(
            "{second:>6} {:>10} {:>13} {:>6}   {rss:.2} MiB",
            server.count(),
            server.connections(),
            server.open()
        );
    }
    for caller in callers {
        caller.await.expect("a caller");
    }
    let (early, late) = (memory.get(memory.len() / 5), memory.last());
    if let (Some(early), Some(late)) = (early, late) {
        println!("RSS from a fifth of the time on: {:+.2} %", (*late as f64 / *early as f64 - 1.0) * 100.0);
    }
    let (answered, failed) = (seen.answered.load(Ordering::SeqCst), seen.failed.load(Ordering::SeqCst));
    println!("calls                            {answered} answered, {failed} failed");
    let mut times = seen.times.lock().unwrap_or_else(PoisonError::into_inner);
    let (half, most) = (percentile(&mut times, 0.5), percentile(&mut times, 0.99));
    println!("calls of one attempt             p50 {half:.0?}, p99 {most:.0?}");
}

async fn call(transport: HttpTransport, seen: Arc<Seen>, end: Instant) {
    let mut pace = tokio::time::interval(EACH);
    while Instant::now() < end {
        pace.tick().await;
        match transport.call(&GET).send::<Response<u32>>().await {
            Ok(response) => {
                seen.answered.fetch_add(1, Ordering::SeqCst);
                let mut times = seen.times.lock().unwrap_or_else(PoisonError::into_inner);
                if response.attempts() == 1 && times.len() < TIMES {
                    times.push(response.elapsed());
                }
            }
            Err(_) => {
                seen.failed.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
}
