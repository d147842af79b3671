//! Random scripts against a limiter that remembers every admission (RTL-1, RTL-2), and numbers without measure.

use std::collections::VecDeque;
use std::time::Duration;

use proptest::prelude::*;

use super::{Limiter, Permit};
use crate::policy::RateLimit;
use crate::policy::limit::ResolvedRateLimit;
use crate::policy::testing::{epoch, proptest_config};

#[derive(Clone, Debug)]
enum Step {
    Take,
    /// Gives back one of the permits that were not used yet.
    GiveBack(prop::sample::Index),
    Use(prop::sample::Index),
    Pass(u64),
    Pause(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => Just(Step::Take),
        2 => any::<prop::sample::Index>().prop_map(Step::GiveBack),
        3 => any::<prop::sample::Index>().prop_map(Step::Use),
        4 => prop_oneof![0_u64..200, 0_u64..3_000].prop_map(Step::Pass),
        1 => (0_u64..500).prop_map(Step::Pause),
    ]
}

/// A bucket that drips, in milliseconds and whole tokens of `interval`; permits in hand keep what it held before.
struct Bucket {
    now: u64,
    /// Milliseconds of tokens that are missing.
    missing: u64,
    seen: u64,
    paused: u64,
    /// Goes up with every take.
    takes: u64,
}

/// A permit with the moment it was taken, its number, and what was missing before it.
type Hand = (Permit, u64, u64, u64);

impl Bucket {
    fn drip(&mut self) {
        self.missing = self.missing.saturating_sub(self.now - self.seen);
        self.seen = self.now;
    }

    fn wait(&mut self, interval: u64, burst: u64, ahead: u64) -> u64 {
        self.drip();
        let pause = self.paused.saturating_sub(self.now);
        let missing = self.missing.saturating_sub(pause) + ahead * interval;
        pause + missing.saturating_sub(interval * (burst - 1))
    }
}

struct Run {
    limiter: Limiter,
    limit: ResolvedRateLimit,
    bucket: Bucket,
    hand: Vec<Hand>,
    /// When each permit was taken that was used or is still in hand.
    admitted: Vec<u64>,
}

fn run(steps: &[Step], interval: u64, burst: u32) -> Result<Vec<u64>, TestCaseError> {
    let limit = RateLimit::new(1, Duration::from_millis(interval)).burst(burst).resolve().unwrap();
    let base = epoch();
    let bucket = Bucket { now: 0, missing: 0, seen: 0, paused: 0, takes: 0 };
    let mut run = Run { limiter: Limiter::new(base), limit, bucket, hand: Vec::new(), admitted: Vec::new() };
    for step in steps {
        let now = base + Duration::from_millis(run.bucket.now);
        match step {
            Step::Take => {
                for ahead in 0..3 {
                    let expected = run.bucket.wait(interval, burst.into(), ahead.into());
                    let wait = run.limiter.wait_behind(&run.limit, now, ahead);
                    prop_assert_eq!(wait, Duration::from_millis(expected), "behind {}", ahead);
                }
                let wait = run.bucket.wait(interval, burst.into(), 0);
                match run.limiter.take(&run.limit, now) {
                    Ok(permit) => {
                        prop_assert_eq!(wait, 0);
                        let Bucket { now, missing, takes, .. } = run.bucket;
                        run.hand.push((permit, now, takes + 1, missing));
                        run.bucket.takes += 1;
                        run.bucket.missing += interval;
                        run.admitted.push(now);
                    }
                    Err(left) => prop_assert_eq!(left, Duration::from_millis(wait)),
                }
            }
            Step::GiveBack(which) if !run.hand.is_empty() => {
                let (permit, at, number, missing) = run.hand.swap_remove(which.index(run.hand.len()));
                run.limiter.give_back(permit);
                run.admitted.remove(run.admitted.iter().rposition(|other| *other == at).unwrap());
                if number == run.bucket.takes {
                    run.bucket.takes -= 1;
                    run.bucket.missing = missing.saturating_sub(run.bucket.now - at);
                    run.bucket.seen = run.bucket.now;
                }
            }
            Step::Use(which) if !run.hand.is_empty() => {
                let _used = run.hand.swap_remove(which.index(run.hand.len()));
            }
            Step::GiveBack(_) | Step::Use(_) => {}
            Step::Pass(millis) => run.bucket.now += millis,
            Step::Pause(millis) => {
                run.limiter.pause(now + Duration::from_millis(*millis));
                run.bucket.paused = run.bucket.paused.max(run.bucket.now + millis);
            }
        }
        let now = base + Duration::from_millis(run.bucket.now);
        let idle = run.bucket.wait(interval, 1, 0) == 0;
        prop_assert_eq!(run.limiter.is_idle(now), idle);
    }
    Ok(run.admitted)
}

proptest! {
    #![proptest_config(proptest_config(1_000))]

    #[test]
    fn rtl_1_over_any_time_there_are_no_more_than_the_burst_and_the_rate(
        steps in prop::collection::vec(step(), 0..200),
        interval in 1_u64..400,
        burst in 1_u32..6,
    ) {
        let admitted = run(&steps, interval, burst)?;
        // Any time that ends with an admission, from every admission on.
        let mut window = VecDeque::new();
        for at in &admitted {
            window.push_back(*at);
            for (earlier, from) in window.iter().enumerate() {
                let count = (window.len() - earlier) as u64;
                prop_assert!(count <= u64::from(burst) + (at - from) / interval, "{} in {} ms", count, at - from);
            }
        }
    }

    #[test]
    fn rtl_1_cfg_4_no_numbers_panic(
        permits in any::<u32>(),
        per in (any::<u64>(), 0_u32..1_000_000_000).prop_map(|(seconds, nanos)| Duration::new(seconds, nanos)),
        burst in any::<u32>(),
        ahead in any::<u32>(),
        later in any::<u64>(),
    ) {
        let limit = RateLimit::new(permits, per).burst(burst).resolve().unwrap();
        let base = epoch();
        let limiter = Limiter::new(base);
        let now = base.checked_add(Duration::from_nanos(later)).unwrap_or(base);
        if let Ok(permit) = limiter.take(&limit, now) {
            limiter.give_back(permit);
        }
        limiter.wait_behind(&limit, now, ahead);
        limiter.pause(now);
        prop_assert!(limiter.take(&limit, now).is_ok(), "the first always goes");
    }
}
