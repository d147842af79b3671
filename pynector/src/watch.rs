//! Whether an attempt moves on before its answer comes: stalls, and what `attempt` leaves to a streamed body.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::clock;
use crate::error::Clock;
use crate::policy::deadline::ResolvedTimeouts;

/// Where one attempt stands: told by its connector and its body, asked by its [`Watch`].
#[derive(Debug)]
pub(crate) struct Progress(Mutex<State>);

#[derive(Clone, Copy, Debug)]
struct State {
    connecting: bool,
    /// The source of the body has nothing to give, whoever would take it.
    starved: bool,
    /// A part of the body was not handed over yet.
    unsent: bool,
    /// When it last moved on.
    since: Instant,
}

impl Progress {
    fn new(unsent: bool) -> Self {
        Self(Mutex::new(State { connecting: false, starved: false, unsent, since: clock::now() }))
    }

    /// A connection is being made, which has a clock of its own, until what this returns is dropped.
    #[cfg(any(feature = "hyper", feature = "reqwest", feature = "test-util", feature = "tower", test))]
    pub(crate) fn connecting(self: &Arc<Self>) -> Connecting {
        self.state().connecting = true;
        Connecting(Arc::clone(self))
    }

    /// A piece of the body was taken; `unsent` says whether others are left.
    pub(crate) fn taken(&self, unsent: bool) {
        *self.state() = State { connecting: false, starved: false, unsent, since: clock::now() };
    }

    /// The next piece of the body was asked for, and its source is not ready.
    pub(crate) fn starved(&self) {
        self.state().starved = true;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection in the making; only backends of ours say when that is, so without one nobody does.
#[cfg(any(feature = "hyper", feature = "reqwest", feature = "test-util", feature = "tower", test))]
#[derive(Debug)]
pub(crate) struct Connecting(Arc<Progress>);

#[cfg(any(feature = "hyper", feature = "reqwest", feature = "test-util", feature = "tower", test))]
impl Drop for Connecting {
    fn drop(&mut self) {
        let mut state = self.0.state();
        *state = State { connecting: false, since: clock::now(), ..*state };
    }
}

/// Watches one attempt until its answer comes.
#[derive(Debug)]
pub(crate) struct Watch {
    write: Option<Duration>,
    read: Option<Duration>,
    /// Runs from when the body was sent; set for streamed bodies, whose attempts nobody else times.
    attempt: Option<Duration>,
    progress: Arc<Progress>,
}

/// This clock ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stalled {
    pub(crate) clock: Clock,
    pub(crate) limit: Duration,
}

impl Watch {
    /// A watch for an attempt that starts now and whose body is whole; `None` where no clock asks for one.
    pub(crate) fn of(timeouts: &ResolvedTimeouts, has_body: bool) -> Option<Self> {
        let write = timeouts.write.filter(|limit| has_body && timeouts.within_attempt(*limit));
        let read = timeouts.read.filter(|limit| timeouts.read_head && timeouts.within_attempt(*limit));
        let needed = write.is_some() || read.is_some();
        needed.then(|| Self { write, read, attempt: None, progress: Arc::new(Progress::new(has_body)) })
    }

    /// A watch for an attempt that starts now and whose body is a stream, which takes as long as it takes (TMO-6): each stall
    /// is bounded, and `attempt` starts when the body was sent.
    pub(crate) fn of_stream(timeouts: &ResolvedTimeouts) -> Self {
        let read = timeouts.read.filter(|limit| timeouts.read_head && timeouts.within_attempt(*limit));
        let progress = Arc::new(Progress::new(true));
        Self { write: timeouts.write.or(timeouts.read), read, attempt: timeouts.attempt, progress }
    }

    /// Until when the answer to a streamed body may take, which has begun to come.
    pub(crate) fn answer_by(&self) -> Option<Instant> {
        let State { unsent, since, .. } = *self.progress.state();
        clock::after(if unsent { clock::now() } else { since }, self.attempt?)
    }

    pub(crate) fn progress(&self) -> &Arc<Progress> {
        &self.progress
    }

    /// Runs `future` until it is ready or nothing moves for too long.
    pub(crate) async fn over<F: Future + Send>(&self, future: F) -> Result<F::Output, Stalled> {
        let mut future = pin!(future);
        loop {
            // Other tasks move the attempt on without a word, so it is looked at again before any clock that could start
            // meanwhile can run out.
            let next_look = [self.write, self.read, self.attempt].into_iter().flatten().min();
            let next_look = next_look.and_then(|shortest| clock::after(clock::now(), shortest));
            let due = self.due().map(|(at, _)| at);
            if let Ok(output) = clock::until(next_look.into_iter().chain(due).min(), future.as_mut()).await {
                return Ok(output);
            }
            if let Some((_, stalled)) = self.due().filter(|(at, _)| *at <= clock::now()) {
                return Err(stalled);
            }
        }
    }

    /// The clock that runs now, and when it runs out.
    fn due(&self) -> Option<(Instant, Stalled)> {
        let State { connecting, starved, unsent, since } = *self.progress.state();
        let (clock, limit) = match (unsent, self.read) {
            (true, _) => (Clock::Write, self.write),
            // It is there only where it is shorter than `attempt`.
            (false, Some(read)) => (Clock::Read, Some(read)),
            (false, None) => (Clock::Attempt, self.attempt),
        };
        let limit = limit.filter(|_| !(connecting || starved && unsent))?;
        Some((clock::after(since, limit)?, Stalled { clock, limit }))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Stalled, Watch};
    use crate::clock;
    use crate::error::Clock;
    use crate::policy::Timeouts;

    const S: Duration = Duration::from_secs(1);

    fn watch(timeouts: Timeouts, has_body: bool) -> Option<Watch> {
        Watch::of(&timeouts.no_attempt().resolve(), has_body)
    }

    #[test]
    fn nobody_watches_by_default() {
        for timeouts in [
            Timeouts::new(),
            Timeouts::new().timeout(S).read_head(true).write(S),
            Timeouts::new().read(S),
            Timeouts::new().read_head(true),
        ] {
            assert!(Watch::of(&timeouts.resolve(), true).is_none(), "{timeouts:?}");
        }
        assert!(watch(Timeouts::new().write(S), false).is_none(), "nothing is written");
        assert!(watch(Timeouts::new().write(S), true).is_some());
        assert!(watch(Timeouts::new().read(S).read_head(true), false).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn tmo_1_each_stall_is_timed_alone_and_by_its_clock() {
        let timeouts = Timeouts::new().write(3 * S).read(2 * S).read_head(true);
        for (connecting, pieces, expected, clock) in [
            (0, vec![], 3, Clock::Write),
            (50, vec![], 53, Clock::Write),
            (0, vec![2, 2], 7, Clock::Write),
            (0, vec![2, 2, 0], 6, Clock::Read),
            (7, vec![1, 1, 1], 12, Clock::Read),
        ] {
            let watch = watch(timeouts, true).unwrap();
            let progress = std::sync::Arc::clone(watch.progress());
            let started = clock::now();
            let told = pieces.clone();
            // Another task moves the attempt on, as a connection's does.
            tokio::spawn(async move {
                let guard = (connecting > 0).then(|| progress.connecting());
                clock::sleep(connecting * S).await;
                drop(guard);
                for (nth, pause) in told.iter().enumerate() {
                    clock::sleep(*pause * S).await;
                    progress.taken(nth < 2);
                }
            });
            tokio::task::yield_now().await;
            let limit = if clock == Clock::Write { 3 * S } else { 2 * S };
            let ended = watch.over(std::future::pending::<()>()).await;
            assert_eq!(ended, Err(Stalled { clock, limit }), "{pieces:?}");
            assert_eq!(started.elapsed(), expected * S, "{connecting} {pieces:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn tmo_6_a_streamed_body_takes_its_time_and_its_answer_the_attempt() {
        let timeouts = Timeouts::new().read(2 * S).attempt(5 * S);
        for (timeouts, pieces, starving, expected, clock, limit) in [
            // Ten pieces, each in time, and then no answer.
            (timeouts, 10, false, 10 + 5, Clock::Attempt, 5),
            (timeouts.write(3 * S), 4, true, 4 + 40 + 3, Clock::Write, 3),
            (timeouts, 0, false, 2, Clock::Write, 2),
            (timeouts.read_head(true), 10, false, 10 + 2, Clock::Read, 2),
        ] {
            let watch = Watch::of_stream(&timeouts.resolve());
            let progress = std::sync::Arc::clone(watch.progress());
            let started = clock::now();
            tokio::spawn(async move {
                for nth in 1..=pieces {
                    clock::sleep(S).await;
                    progress.taken(nth < 10);
                }
                if starving {
                    progress.starved();
                    clock::sleep(40 * S).await;
                    progress.taken(true);
                }
            });
            let ended = watch.over(std::future::pending::<()>()).await;
            assert_eq!(ended, Err(Stalled { clock, limit: limit * S }));
            assert_eq!(started.elapsed(), expected * S, "{clock:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn tmo_4_an_answer_that_is_ready_in_time_wins() {
        let watch = watch(Timeouts::new().read(S).read_head(true), false).unwrap();
        assert_eq!(watch.over(clock::sleep(S)).await, Ok(()));
    }
}
