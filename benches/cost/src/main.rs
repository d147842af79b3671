//! What the policies cost a call that goes well, beside what those of other crates cost: times, and allocations counted.

mod allocations;
mod calls;
mod measure;
mod peers;
mod pieces;

/// What stands in for `pynector/src/sync.rs`.
mod sync {
    pub(crate) use std::sync::atomic::{AtomicU64, Ordering};
    pub(crate) use std::sync::{Mutex, MutexGuard};
}

/// The real files of the policies, which no crate makes public, and stand-ins for the few names of their neighbours.
#[allow(dead_code, unused_imports, reason = "the files are here whole")]
#[path = "../../../pynector/src/policy"]
mod policy {
    pub(crate) mod backoff;
    pub(crate) mod breaker;
    mod brought;
    pub(crate) mod budget;
    pub(crate) mod circuit;

    pub(crate) mod classify {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Verdict {
            Success,
            Failure,
            Neutral,
            Alive,
        }
    }

    pub(crate) use breaker::Breaker;
    pub(crate) use brought::Brought;

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

use std::time::Duration;

/// The rows, and what one of them may cost pynector, in nanoseconds.
const TARGETS: [(&str, Option<f64>); 12] = [
    ("a call", None),
    ("a look at the clock", None),
    ("breaker closed", Some(25.0)),
    ("breaker open", Some(50.0)),
    ("retry not needed", Some(20.0)),
    ("timeout", Some(120.0)),
    ("bulkhead", Some(40.0)),
    ("rate limit", Some(40.0)),
    ("hedge, primary wins", Some(300.0)),
    ("all of them", Some(200.0)),
    ("budget deposit", Some(5.0)),
    ("budget withdraw", Some(100.0)),
];

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let (rounds, slice) = if quick { (15, 4) } else { (101, 10) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let inside = runtime.enter();
    let mut cases =
        [calls::cases(), pieces::cases(), peers::cases()].into_iter().flatten().collect::<Vec<_>>();
    drop(inside);
    let costs = measure::all(&mut cases, &runtime, rounds, Duration::from_millis(slice));
    println!("| | who | ns | allocations | target |\n| --- | --- | ---: | ---: | --- |");
    for (row, target) in TARGETS {
        for (index, case) in cases.iter().enumerate().filter(|(_, case)| case.row == row) {
            let base = case
                .minus
                .and_then(|name| cases.iter().position(|case| case.who == name))
                .map(|at| costs[at]);
            let less = |own: f64, base: Option<f64>| own - base.unwrap_or_default();
            let nanoseconds = less(costs[index].nanoseconds, base.map(|cost| cost.nanoseconds));
            let allocations = less(costs[index].allocations, base.map(|cost| cost.allocations));
            let verdict = match target.filter(|_| case.who.starts_with("pynector")) {
                Some(most) if nanoseconds <= most => format!("{most} ns, reached"),
                Some(most) => format!("{most} ns, not reached"),
                None => String::new(),
            };
            println!("| {row} | {} | {nanoseconds:.1} | {allocations:.1} | {verdict} |", case.who);
        }
    }
}
