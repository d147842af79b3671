//! A call makes one timer for each attempt, and none for a wait of nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::FutureExt as _;

use crate::backend::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody};
use crate::clock::{self, timers};
use crate::operation::Operation;
use crate::policy::{Breaker, Jitter, MaxInFlight, RateLimit, RetryPolicy, Timeouts};
use crate::request::body::Body;
use crate::transport::http::HttpTransport;

const GET: Operation = Operation::get("Test::get", "/x");
const SECOND: Duration = Duration::from_secs(1);

/// Answers 500 so many times, then 200.
#[derive(Clone, Debug, Default)]
struct Failing(Arc<AtomicU32>);

impl Backend for Failing {
    fn send(
        &self,
        _: http::Request<Body>,
        _: AttemptInfo,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        let (status, text) = if left.is_ok() { (500, "") } else { (200, "7") };
        Box::pin(async move {
            let mut response = http::Response::new(ResponseBody::from_bytes(text));
            *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
            Ok(response)
        })
    }
}

/// How many timers a call makes whose first `failures` attempts fail.
async fn timers_of(failures: u32, backoff: Duration, timeouts: Timeouts) -> u32 {
    let retry = RetryPolicy::new().initial_backoff(backoff).jitter(Jitter::None);
    let transport = HttpTransport::builder("http://h")
        .backend(Failing(Arc::new(AtomicU32::new(failures))))
        .breaker(Breaker::on())
        .rate_limit(RateLimit::new(100, SECOND))
        .max_in_flight(MaxInFlight::new(8))
        .retry(retry)
        .timeouts(timeouts)
        .build()
        .unwrap();
    let before = timers::made();
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
    timers::made() - before
}

#[tokio::test(start_paused = true)]
async fn a_call_makes_one_timer_for_each_attempt() {
    let clocks = Timeouts::new();
    assert_eq!(timers_of(0, SECOND, clocks).await, 1, "the attempt and the deadline share one");
    // Beside it a failed attempt bounds the wait for the rest of its body, which is set up only where that must wait.
    assert_eq!(timers_of(2, Duration::ZERO, clocks).await, 3 + 2);
    assert_eq!(timers_of(2, SECOND, clocks).await, 3 + 2 + 2, "the backoff");
    assert_eq!(timers_of(0, SECOND, clocks.no_attempt().no_deadline().no_read()).await, 0);
}

#[test]
fn a_wait_of_nothing_makes_no_timer() {
    // On this runtime a timer is a panic.
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let policy = RetryPolicy::new().initial_backoff(Duration::ZERO);
    let transport = HttpTransport::builder("http://h")
        .backend(Failing(Arc::new(AtomicU32::new(0))))
        .retry(policy)
        .timeouts(Timeouts::new().no_connect().no_attempt().no_read().no_deadline())
        .build()
        .unwrap();
    assert_eq!(runtime.block_on(transport.call(&GET).send::<u32>()).unwrap(), 7);
}

#[tokio::test]
async fn three_attempts_without_backoff_are_made_without_a_pause() {
    let transport = HttpTransport::builder("http://h")
        .backend(Failing(Arc::new(AtomicU32::new(2))))
        .retry(RetryPolicy::new().initial_backoff(Duration::ZERO))
        .timeouts(Timeouts::new().no_connect().no_attempt().no_read().no_deadline())
        .build()
        .unwrap();
    let before = timers::made();
    // Whatever yields, to a timer or to others, is not there at the first look.
    let answer = transport.call(&GET).send::<u32>().now_or_never();
    assert_eq!(answer.expect("three attempts at the first look").unwrap(), 7);
    assert_eq!(timers::made() - before, 2, "the bounds of the two bodies that are thrown away, and no wait");
}

#[test]
fn a_wait_of_nothing_needs_no_runtime() {
    let before = timers::made();
    assert!(clock::sleep(Duration::ZERO).now_or_never().is_some());
    assert_eq!(timers::made(), before);
}
