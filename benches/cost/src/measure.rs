//! Cases that take turns, so that a busy machine is busy for all of them, and the shortest of their times.

use std::hint::black_box;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use crate::allocations;

/// Something that is done many times.
pub(crate) struct Case {
    /// The row of the table that it belongs to.
    pub(crate) row: &'static str,
    pub(crate) who: &'static str,
    /// The case whose cost is taken off, if it is a difference.
    pub(crate) minus: Option<&'static str>,
    run: Box<Run>,
}

/// Does it so many times.
type Run = dyn FnMut(&Runtime, u32);

/// The cost of doing it once.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) nanoseconds: f64,
    pub(crate) allocations: f64,
}

impl Case {
    pub(crate) fn new<T>(
        row: &'static str,
        who: &'static str,
        mut once: impl FnMut() -> T + 'static,
    ) -> Self {
        let run = Box::new(move |_: &Runtime, times| (0..times).for_each(|_| drop(black_box(once()))));
        Self { row, who, minus: None, run }
    }

    pub(crate) fn waiting<F: Future>(
        row: &'static str,
        who: &'static str,
        mut once: impl FnMut() -> F + 'static,
    ) -> Self {
        let run = Box::new(move |runtime: &Runtime, times| {
            runtime.block_on(async {
                for _ in 0..times {
                    black_box(once().await);
                }
            });
        });
        Self { row, who, minus: None, run }
    }

    pub(crate) fn minus(mut self, other: &'static str) -> Self {
        self.minus = Some(other);
        self
    }

    fn time(&mut self, runtime: &Runtime, times: u32) -> Duration {
        let started = Instant::now();
        (self.run)(runtime, times);
        started.elapsed()
    }
}

/// Measures every case in each of `rounds` rounds of about `slice`.
pub(crate) fn all(cases: &mut [Case], runtime: &Runtime, rounds: usize, slice: Duration) -> Vec<Cost> {
    let times: Vec<u32> = cases
        .iter_mut()
        .map(|case| {
            let once = case.time(runtime, 2000).as_nanos().max(1) as f64 / 2000.0;
            (slice.as_nanos() as f64 / once).clamp(100.0, 5e7) as u32
        })
        .collect();
    let mut taken = vec![Vec::new(); cases.len()];
    for _ in 0..rounds {
        for (index, case) in cases.iter_mut().enumerate() {
            taken[index].push(case.time(runtime, times[index]).as_nanos() as f64 / f64::from(times[index]));
        }
    }
    let counted = cases.iter_mut().map(|case| {
        let before = allocations::count();
        (case.run)(runtime, 1000);
        (allocations::count() - before) as f64 / 1000.0
    });
    // What else the machine does only ever adds.
    let least = |times: &[f64]| times.iter().copied().fold(f64::INFINITY, f64::min);
    counted.zip(&taken).map(|(allocations, times)| Cost { nanoseconds: least(times), allocations }).collect()
}
