//! Tests of the delays.

use std::time::Duration;

use proptest::prelude::*;

use super::{Backoff, Jitter};
use crate::policy::testing::proptest_config;

const JITTERS: [Jitter; 3] = [Jitter::Full, Jitter::Equal, Jitter::None];

fn backoff(jitter: Jitter) -> Backoff {
    Backoff { initial: Duration::from_millis(500), max: Duration::from_secs(20), multiplier: 2.0, jitter }
}

#[test]
fn bko_1_none_is_exact() {
    let seconds: Vec<_> = (1..=8).map(|n| backoff(Jitter::None).delay(n, 0.3).as_secs_f64()).collect();
    assert_eq!(seconds, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0]);
}

#[test]
fn bko_1_full_is_from_nothing_to_all() {
    let full = backoff(Jitter::Full);
    assert_eq!(full.delay(2, 0.0), Duration::ZERO);
    assert_eq!(full.delay(2, 0.25), Duration::from_millis(250));
    assert_eq!(full.delay(2, 1.0), Duration::from_secs(1));
}

#[test]
fn bko_1_equal_is_from_half_to_all() {
    let equal = backoff(Jitter::Equal);
    assert_eq!(equal.delay(2, 0.0), Duration::from_millis(500));
    assert_eq!(equal.delay(2, 0.5), Duration::from_millis(750));
    assert_eq!(equal.delay(2, 1.0), Duration::from_secs(1));
}

#[test]
fn bko_2_an_overflow_is_the_cap() {
    for n in [31, 32, 33, 63, 64, 65, 1023, 1024, 1025, i32::MAX as u32, u32::MAX - 1, u32::MAX] {
        assert_eq!(backoff(Jitter::None).delay(n, 0.5), Duration::from_secs(20), "{n}");
        let endless = Backoff { max: Duration::MAX, ..backoff(Jitter::None) };
        assert!(endless.delay(n, 0.5) >= Duration::from_secs(1 << 29), "{n}");
    }
    assert_eq!(backoff(Jitter::None).delay(0, 0.5), Duration::from_millis(500));
    for multiplier in [f64::INFINITY, f64::MAX] {
        let wild = Backoff { multiplier, ..backoff(Jitter::None) };
        assert_eq!(wild.delay(1, 0.5), Duration::from_millis(500));
        assert_eq!(wild.delay(3, 0.5), Duration::from_secs(20));
    }
    for multiplier in [f64::NAN, f64::NEG_INFINITY, -2.0, 0.0, 0.5] {
        let wild = Backoff { multiplier, ..backoff(Jitter::None) };
        assert_eq!(wild.delay(3, 0.5), Duration::from_millis(500));
    }
}

#[test]
fn bko_3_the_mean_is_half_the_delay() {
    const DRAWS: u32 = 10_000;
    let mut rng = fastrand::Rng::with_seed(7);
    let sum: f64 = (0..DRAWS).map(|_| backoff(Jitter::Full).delay(3, rng.f64()).as_secs_f64()).sum();
    let sigma = 2.0 / 12_f64.sqrt() / f64::from(DRAWS).sqrt();
    assert!((sum / f64::from(DRAWS) - 1.0).abs() < 3.0 * sigma, "mean {}", sum / f64::from(DRAWS));
}

#[test]
fn bko_3_every_tenth_of_the_range_is_as_likely_as_any_other() {
    const DRAWS: u32 = 10_000;
    for (jitter, from, width) in [(Jitter::Full, 0.0, 2.0), (Jitter::Equal, 1.0, 1.0)] {
        let mut rng = fastrand::Rng::with_seed(9);
        let mut tenths = [0_u32; 10];
        for _ in 0..DRAWS {
            let delay = backoff(jitter).delay(3, rng.f64()).as_secs_f64();
            let tenth = (0..10_u32).rfind(|tenth| delay >= from + width * f64::from(*tenth) / 10.0);
            tenths[tenth.expect("below the range") as usize] += 1;
        }
        // 3 sigma of a tenth of 10,000 draws is 90.
        assert!(tenths.iter().all(|count| count.abs_diff(DRAWS / 10) <= 90), "{jitter:?}: {tenths:?}");
    }
}

#[test]
fn bko_3_two_clients_part() {
    let (mut one, mut other) = (fastrand::Rng::with_seed(1), fastrand::Rng::with_seed(2));
    let same = (0..1000)
        .filter(|n| {
            let retry = n % 3 + 1;
            let (a, b) = (
                backoff(Jitter::Full).delay(retry, one.f64()),
                backoff(Jitter::Full).delay(retry, other.f64()),
            );
            a.abs_diff(b) < Duration::from_millis(1)
        })
        .count();
    assert!(same < 50, "{same} of 1000 delays coincide");
}

#[test]
fn bko_4_the_schedule_is_no_state_of_the_policy() {
    let shared = backoff(Jitter::None);
    let schedule = || (1..=5).map(|n| shared.delay(n, 0.5)).collect::<Vec<_>>();
    let first = schedule();
    assert!((0..100).all(|_| schedule() == first));
}

#[test]
fn cfg_3_no_initial_delay_is_no_delay() {
    for jitter in JITTERS {
        for multiplier in [1.0, 2.0, f64::INFINITY, f64::NAN] {
            let none = Backoff { initial: Duration::ZERO, multiplier, ..backoff(jitter) };
            assert_eq!(none.delay(u32::MAX, 1.0), Duration::ZERO);
        }
    }
}

/// The formula of BKO-1 in whole numbers, one multiplication after the other, in nanoseconds.
fn reference(initial: u64, max: u64, multiplier: u32, retry: u32) -> u128 {
    let mut delay = u128::from(initial);
    for _ in 1..retry {
        delay = delay.saturating_mul(multiplier.into()).min(u128::from(u64::MAX));
    }
    delay.min(max.into())
}

fn any_duration() -> impl Strategy<Value = Duration> {
    prop_oneof![
        Just(Duration::ZERO),
        Just(Duration::MAX),
        (0_u64..100_000).prop_map(Duration::from_millis),
        (any::<u64>(), 0_u32..1_000_000_000).prop_map(|(s, n)| Duration::new(s, n)),
    ]
}

proptest! {
    #![proptest_config(proptest_config(2000))]

    #[test]
    fn bko_2_cfg_4_no_numbers_panic_and_the_cap_holds_after_jitter(
        initial in any_duration(),
        max in any_duration(),
        multiplier in prop::num::f64::ANY,
        unit in prop::num::f64::ANY,
        retry in any::<u32>(),
        jitter in prop::sample::select(&JITTERS),
    ) {
        let delay = Backoff { initial, max, multiplier, jitter }.delay(retry, unit);
        prop_assert!(delay <= max);
        if retry <= 1 {
            prop_assert!(delay <= initial);
        }
    }

    #[test]
    fn bko_1_bko_2_a_delay_is_that_of_the_reference(
        initial in 0_u64..1_000_000_000_000, max in any::<u64>(), multiplier in 1_u32..6,
        retry in prop_oneof![1_u32..12, 1_u32..300, Just(1024)], unit in 0.0_f64..1.0,
    ) {
        let nanos = Duration::from_nanos;
        let whole = reference(initial, max, multiplier, retry);
        for (jitter, least, spread) in [(Jitter::None, 1.0, 0.0), (Jitter::Full, 0.0, 1.0), (Jitter::Equal, 0.5, 0.5)] {
            let backoff =
                Backoff { initial: nanos(initial), max: nanos(max), multiplier: multiplier.into(), jitter };
            let delay = backoff.delay(retry, unit).as_nanos();
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss,
                reason = "compared to a billionth")]
            let expected = (whole as f64 * (least + spread * unit)) as u128;
            prop_assert!(delay.abs_diff(expected) <= 2 + whole / 1_000_000_000, "{:?}: {} of {}", jitter, delay, whole);
            prop_assert!(delay <= u128::from(max));
        }
    }

    #[test]
    fn bko_1_delays_never_shrink_before_jitter(initial in 0_u64..100_000, max in 0_u64..1_000_000,
            multiplier in 1.0_f64..10.0, retry in 1..100_u32) {
        let (initial, max) = (Duration::from_millis(initial), Duration::from_millis(max));
        let backoff = Backoff { initial, max, multiplier, jitter: Jitter::None };
        prop_assert!(backoff.delay(retry, 0.0) <= backoff.delay(retry + 1, 0.0));
    }
}
