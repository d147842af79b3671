//! The files of `pynector/src/` that threads share, most of them policies, over the atomics and locks of loom, and the models of their use.
//!
//! loom runs a model once for each way in which its threads can be interleaved and each value that an atomic may be seen
//! to have. At most three threads, and at most three preemptions in a run.
#![allow(
    dead_code,
    unused_imports,
    reason = "the files are here whole, the models use what threads race for"
)]
#![allow(missing_docs)]

pub mod breaker;
pub mod budget;
pub mod limiter;
pub mod session;
pub mod shelf;

/// What stands in for `pynector/src/sync.rs`.
mod sync {
    pub(crate) use loom::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
    pub(crate) use loom::sync::{Mutex, MutexGuard};

    /// A cell without any order of its own: the bits around it are what keeps others away, and what shows to each who has it in hand
    /// what the one before has done.
    pub(crate) struct AtomicCell<T> {
        /// How often it was touched, as a thread may see it that nothing has told of the last time.
        seen: AtomicUsize,
        real: std::sync::Mutex<(usize, T)>,
    }

    impl<T> AtomicCell<T> {
        pub(crate) fn new(value: T) -> Self {
            Self { seen: AtomicUsize::new(0), real: std::sync::Mutex::new((0, value)) }
        }

        pub(crate) fn store(&self, value: T) {
            drop(self.replace(value));
        }

        fn replace(&self, value: T) -> T {
            let seen = self.seen.load(Ordering::Relaxed);
            let (times, old) = {
                let mut real = self.real.lock().expect("no thread stops in between");
                assert_eq!(seen, real.0, "a slot in two hands, or handed on unseen");
                real.0 += 1;
                (real.0, std::mem::replace(&mut real.1, value))
            };
            self.seen.store(times, Ordering::Relaxed);
            old
        }
    }

    impl<T: Default> AtomicCell<T> {
        pub(crate) fn take(&self) -> T {
            self.replace(T::default())
        }
    }
}

#[path = "../../../pynector/src/transport/door.rs"]
mod door;
#[path = "../../../pynector/src/backend/hyper/shelf.rs"]
mod shelves;

/// The real files, and stand-ins for the few names of their neighbours.
#[path = "../../../pynector/src/policy"]
mod policy {
    pub(crate) mod backoff;
    pub(crate) mod breaker;
    mod brought;
    pub(crate) mod budget;
    pub(crate) mod circuit;
    pub(crate) mod limit;

    pub(crate) use brought::Brought;

    impl limit::RateLimit {
        /// Nobody waits in a model.
        pub(crate) const fn new(permits: u32, per: std::time::Duration) -> Self {
            Self::waiting_by(permits, per, Brought::new(&()))
        }
    }

    pub(crate) mod classify {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Verdict {
            Success,
            Failure,
            Neutral,
            Alive,
        }
    }

    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub(crate) enum Rules {
        #[default]
        Matrix,
        Spec,
    }

    #[derive(Debug)]
    pub(crate) struct Invalid;

    impl Invalid {
        pub(crate) fn unless(
            holds: bool,
            _: &'static str,
            _: &dyn std::fmt::Debug,
            _: &'static str,
        ) -> Result<(), Self> {
            if holds { Ok(()) } else { Err(Self) }
        }
    }

    pub(crate) fn validate_group(_: &'static str, _: Option<&'static str>) -> Result<(), Invalid> {
        Ok(())
    }
}

/// Runs `model` in every way.
fn explore(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.max_branches = 10_000;
    builder.check(model);
}

/// Some instant; the models count from it.
fn epoch() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

/// Runs the three at once and waits for them.
fn race<A, B, C>(
    one: impl FnOnce() -> A + 'static,
    two: impl FnOnce() -> B + 'static,
    three: impl FnOnce() -> C + 'static,
) -> (A, B, C)
where
    A: 'static,
    B: 'static,
    C: 'static,
{
    // The thread of the model is one of the three.
    let (two, three) = (loom::thread::spawn(two), loom::thread::spawn(three));
    (one(), two.join().unwrap(), three.join().unwrap())
}
