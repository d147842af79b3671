//! The only place that asks the time or waits; tokio's clock for both, so that paused time reaches everything.
#![allow(clippy::disallowed_methods, reason = "this is the file the ban names")]

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use tokio::time::{Instant, Sleep};

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
        count_timer();
        tokio::time::sleep(wait).await;
    }
}

/// The limit passed before the future was ready.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elapsed;

/// Runs `future` until `limit`; without a limit there is no timer. A result that is ready in the same poll wins (TMO-4).
///
/// It is compiled for each type of result, not for each future: a limit is set in many places.
pub(crate) async fn until<T>(
    limit: Option<Instant>,
    future: Pin<&mut (dyn Future<Output = T> + Send + '_)>,
) -> Result<T, Elapsed> {
    let Some(limit) = limit else { return Ok(future.await) };
    count_timer();
    tokio::time::timeout_at(limit, future).await.map_err(|_| Elapsed)
}

/// The same in a box of its own, where it is rare: whoever waits has no room for it, and none of its code.
pub(crate) fn until_apart<'a, T: 'a>(
    limit: Option<Instant>,
    future: impl Future<Output = T> + Send + 'a,
) -> BoxFuture<'a, Result<T, Elapsed>> {
    Box::pin(async move { until(limit, pin!(future)).await })
}

/// A limit on waiting that starts with the waiting, for what is polled by hand.
#[derive(Debug)]
pub(crate) struct Patience {
    limit: Option<Duration>,
    since: Option<Instant>,
    /// Made for the first wait, and set again for each further one.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    pub(crate) const fn new(limit: Option<Duration>) -> Self {
        Self { limit, since: None, alarm: None }
    }

    /// What was waited for is here.
    pub(crate) fn rest(&mut self) {
        self.since = None;
    }

    /// For how long it is being waited; where there is no limit nobody counts.
    pub(crate) fn waited(&self) -> Duration {
        self.since.map(|since| now().saturating_duration_since(since)).unwrap_or_default()
    }

    /// Waits; ready when that has taken as long as the limit.
    pub(crate) fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<Elapsed> {
        if self.since.is_none() {
            let started = now();
            let Some(end) = self.limit.and_then(|limit| after(started, limit)) else { return Poll::Pending };
            self.since = Some(started);
            if let Some(alarm) = &mut self.alarm {
                alarm.as_mut().reset(end);
            } else {
                count_timer();
                self.alarm = Some(Box::pin(tokio::time::sleep_until(end)));
            }
        }
        match &mut self.alarm {
            Some(alarm) => alarm.as_mut().poll(cx).map(|()| Elapsed),
            None => Poll::Pending,
        }
    }
}

/// Tests count the timers, which are most of what waiting costs.
fn count_timer() {
    #[cfg(test)]
    timers::MADE.with(|made| made.set(made.get() + 1));
}

#[cfg(test)]
pub(crate) mod timers {
    //! How many timers the current thread has made.

    use std::cell::Cell;

    thread_local! {
        pub(super) static MADE: Cell<u32> = const { Cell::new(0) };
    }

    pub(crate) fn made() -> u32 {
        MADE.with(Cell::get)
    }
}
