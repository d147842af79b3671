//! What generated blocking clients wait with: a thread that drives connections, and calls that wait on their own.

use std::cell::Cell;
use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use futures_util::{Stream, StreamExt as _};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::coop;

use crate::error::{Error, ErrorKind, Result};

/// One more than a task may spend in one poll: tokio counts in a `u8`.
const BUDGET: usize = u8::MAX as usize + 1;

thread_local! {
    /// Whether this is the thread that drives the connections.
    static DRIVES: Cell<bool> = const { Cell::new(false) };
}

/// The driver that all blocking clients of the program share, while there is one.
static DRIVER: Mutex<Weak<Driver>> = Mutex::new(Weak::new());

/// Waits for calls on the thread that makes them.
///
/// Clones are cheap. One thread of the program drives the connections and clocks of all of them; it starts with the first
/// and ends with the last, wherever that is dropped.
#[derive(Clone)]
pub struct Runtime {
    driver: Arc<Driver>,
}

/// A thread that runs a runtime until this is dropped.
struct Driver {
    handle: Handle,
    /// Dropping it is the signal.
    _end: oneshot::Sender<()>,
}

/// What a blocking method returns: something that can be an error of ours.
///
/// `Result<T, E>` is, for every `E` that is `From<`[`Error`]`>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot say that the call was refused",
    label = "a blocking method returns a `Result`",
    note = "a blocking method fails where it must not wait: write `Result<T>`, or `Result<T, E>` with an `E` that is \
            `From<pynector::Error>`"
)]
pub trait Refusable {
    /// The answer of a call that was refused.
    fn refused(error: Error) -> Self;
}

impl<T, E: From<Error>> Refusable for Result<T, E> {
    fn refused(error: Error) -> Self {
        Err(error.into())
    }
}

/// The items of a stream, each of which is waited for: [`Runtime::iter`].
#[derive(Debug)]
#[must_use = "an iterator does nothing until it is asked"]
pub struct Iter<S> {
    runtime: Runtime,
    /// `None` after a refusal.
    stream: Option<S>,
}

impl<S: Stream + Unpin> Iterator for Iter<S>
where
    S::Item: Refusable,
{
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        let waited = self.runtime.wait(self.stream.as_mut()?.next());
        waited.unwrap_or_else(|error| {
            self.stream = None;
            Some(S::Item::refused(error))
        })
    }
}

impl Runtime {
    /// Takes part in the thread that drives connections, and starts it if there is none.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](ErrorKind::Config) if the system gives no thread, or none of what a runtime needs.
    pub fn start() -> Result<Self> {
        let mut shared = DRIVER.lock().unwrap_or_else(PoisonError::into_inner);
        let driver = match shared.upgrade() {
            Some(driver) => driver,
            None => Arc::new(Driver::start()?),
        };
        *shared = Arc::downgrade(&driver);
        Ok(Self { driver })
    }

    /// Makes a call and waits for its answer: for generated code.
    #[doc(hidden)]
    pub fn call<F: Future>(&self, call: F) -> F::Output
    where
        F::Output: Refusable,
    {
        self.wait(call).unwrap_or_else(F::Output::refused)
    }

    /// Waits for `future`, such as the next piece of a [`ByteStream`](crate::ByteStream) that a blocking call gave.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](ErrorKind::Config) in async code, where waiting would hold up every other task of the thread;
    /// `future` is not polled then. It may be called inside `tokio::task::spawn_blocking` and `block_in_place`.
    pub fn wait<F: Future>(&self, future: F) -> Result<F::Output> {
        if in_async_code() {
            return Err(Error::new(
                ErrorKind::Config,
                "a blocking call was made in async code, where it would hold up other tasks: make it inside \
                 `tokio::task::spawn_blocking`, or use the async client there",
            ));
        }
        let _entered = self.driver.handle.enter();
        Ok(park_on(future))
    }

    /// Waits for each item of a stream that a blocking call gave: a [`ByteStream`](crate::ByteStream), events, lines, pages.
    ///
    /// ```
    /// # use pynector::{ByteStream, Result};
    /// #[pynector::api(base_url = "https://api.example.com", blocking)]
    /// trait Orders {
    ///     #[get("/export")]
    ///     async fn export(&self) -> Result<ByteStream>;
    /// }
    ///
    /// fn size(orders: &OrdersBlocking) -> Result<usize> {
    ///     let pieces = orders.runtime().iter(orders.export()?);
    ///     pieces.map(|piece| Ok(piece?.len())).sum()
    /// }
    /// ```
    ///
    /// Where [`wait`](Self::wait) is refused, the next item is that error, and the last one.
    pub fn iter<S: Stream + Unpin>(&self, stream: S) -> Iter<S>
    where
        S::Item: Refusable,
    {
        Iter { runtime: self.clone(), stream: Some(stream) }
    }
}

impl Driver {
    fn start() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| cannot_start("the runtime of blocking clients", error))?;
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel();
        thread::Builder::new()
            .name("pynector-blocking".to_owned())
            .spawn(move || {
                DRIVES.set(true);
                // Whether the sender is dropped or lost, nobody is left to be driven.
                let _ = runtime.block_on(ended);
            })
            .map_err(|error| cannot_start("the thread of blocking clients", error))?;
        Ok(Self { handle, _end: end })
    }
}

fn cannot_start(what: &'static str, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Config, format!("{what} cannot start")).with_source(error)
}

/// Whether other tasks wait for this thread.
///
/// tokio does not say so, but it gives each poll of a task a budget, and neither a thread outside nor a blocking one has
/// any: whoever can spend without end is no task. What is spent here is given back.
fn in_async_code() -> bool {
    if DRIVES.get() {
        return true;
    }
    if Handle::try_current().is_err() {
        return false;
    }
    let mut context = Context::from_waker(Waker::noop());
    let mut spent = Vec::with_capacity(BUDGET);
    let exhausted = (0..BUDGET).any(|_| match coop::poll_proceed(&mut context) {
        Poll::Ready(unit) => {
            spent.push(unit);
            false
        }
        Poll::Pending => true,
    });
    // Each gives back what was there before it, so the first one comes last.
    while spent.pop().is_some() {}
    exhausted
}

/// Polls on this thread, which sleeps in between.
fn park_on<F: Future>(future: F) -> F::Output {
    let alarm = Arc::new(Alarm { thread: thread::current(), rang: AtomicBool::new(false) });
    let waker = Waker::from(Arc::clone(&alarm));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        while !alarm.rang.swap(false, Ordering::AcqRel) {
            thread::park();
        }
    }
}

/// Wakes a thread. It keeps that it rang, since a wait inside the wait, as an observer may make, would miss it.
struct Alarm {
    thread: Thread,
    rang: AtomicBool,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rang.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}
