//! The only place that asks the time or waits; tokio's clock for both, so that paused time reaches everything.
#![allow(clippy::disallowed_methods, reason = "this is the file the ban names")]

use std::future::Future;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// The monotonic time.
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The wall clock, for HTTP dates alone (RA-2).
pub(crate) fn system_now() -> SystemTime {
    SystemTime::now()
}

/// `from + after`, or `None` ("never") where that is beyond what the clock can say (CFG-4).
pub(crate) fn after(from: Instant, after: Duration) -> Option<Instant> {
    from.checked_add(after)
}

/// Waits, never for less than asked (BKO-5); a zero wait makes no timer.
pub(crate) async fn sleep(wait: Duration) {
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
}

/// The limit passed before the future was ready.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elapsed;

/// Runs `future` until `limit`; without a limit there is no timer. A result that is ready in the same poll wins (TMO-4).
pub(crate) async fn until<F: Future>(limit: Option<Instant>, future: F) -> Result<F::Output, Elapsed> {
    match limit {
        Some(limit) => tokio::time::timeout_at(limit, future).await.map_err(|_| Elapsed),
        None => Ok(future.await),
    }
}
