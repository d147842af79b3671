//! Tests of the retry policy's levels, rules and defaults.

use std::time::Duration;

use proptest::prelude::*;

use super::{RetryPolicy, Wait};
use crate::policy::testing::proptest_config;
use crate::policy::{Jitter, RetryBudget, Rules, StatusCodes};

const SECOND: Duration = Duration::from_secs(1);
const CONSTANT: RetryPolicy = RetryPolicy::new().max_retries(7).any_method();

/// Every builder function, each with a value that is not the default.
const FIELDS: [RetryPolicy; 11] = [
    RetryPolicy::new().max_retries(9),
    RetryPolicy::new().initial_backoff(Duration::from_millis(9)),
    RetryPolicy::new().max_backoff(Duration::from_secs(9)),
    RetryPolicy::new().multiplier(9.0),
    RetryPolicy::new().status_codes(StatusCodes::of(&[499])),
    RetryPolicy::new().jitter(Jitter::Equal),
    RetryPolicy::new().max_retry_after(Duration::from_secs(9)),
    RetryPolicy::new().no_retry_after(),
    RetryPolicy::new().any_method(),
    RetryPolicy::new().budget(RetryBudget::new().ratio(0.9)),
    RetryPolicy::new().budget(RetryBudget::new().min_per_second(9.0)),
];

#[test]
fn cfg_6_the_defaults_are_those_of_the_table() {
    for policy in [RetryPolicy::default(), RetryPolicy::new()] {
        let resolved = policy.resolve();
        assert!(resolved.enabled && !resolved.any_method && resolved.rules == Rules::Matrix);
        assert_eq!(resolved.max_retries, 3);
        assert_eq!(resolved.backoff.initial, Duration::from_millis(500));
        assert_eq!(resolved.backoff.max, 20 * SECOND);
        assert!((resolved.backoff.multiplier - 2.0).abs() < f64::EPSILON);
        assert_eq!(resolved.backoff.jitter, Jitter::Full);
        assert_eq!(resolved.status_codes.iter().collect::<Vec<_>>(), [429, 500, 502, 503, 504]);
        assert_eq!(resolved.max_retry_after, Some(60 * SECOND));
    }
}

#[test]
fn cfg_6_spec_is_the_specification() {
    let spec = RetryPolicy::spec().resolve();
    assert!(spec.enabled && spec.any_method && spec.rules == Rules::Spec);
    assert_eq!(spec.max_retry_after, None);
    assert_eq!(spec.status_codes.iter().collect::<Vec<_>>(), [429, 500, 502, 503, 504]);
    let waits: Vec<_> = (1..=spec.max_retries).map(|n| spec.wait(n, Some(9 * SECOND), || 0.7)).collect();
    assert_eq!(waits, [500, 1000, 2000].map(|ms| Wait::For(Duration::from_millis(ms))));
    assert_eq!(spec.wait(11, None, || 0.7), Wait::For(512 * SECOND), "no cap");
}

#[test]
fn cfg_6_none_and_off_switch_retry_off() {
    assert_eq!(RetryPolicy::none(), RetryPolicy::off());
    let off = RetryPolicy::off().over(RetryPolicy::default()).resolve();
    assert!(!off.enabled);
}

#[test]
fn naming_any_field_switches_retry_on_at_that_level() {
    for policy in FIELDS.into_iter().chain([RetryPolicy::on(), RetryPolicy::spec(), RetryPolicy::default()]) {
        assert!(policy.over(RetryPolicy::off()).resolve().enabled, "{policy:?}");
        assert!(!RetryPolicy::off().over(policy).resolve().enabled, "{policy:?}");
    }
    assert!(!RetryPolicy::new().over(RetryPolicy::off()).resolve().enabled);
}

#[test]
fn cfg_5_a_nearer_level_replaces_the_named_field_alone() {
    for near in &FIELDS {
        let merged = near.over(RetryPolicy::default());
        assert_ne!(merged, RetryPolicy::default(), "{near:?} is lost");
        assert_eq!(near.over(RetryPolicy::new()), *near);
        assert_eq!(RetryPolicy::new().over(*near), *near);
        assert_eq!(RetryPolicy::default().over(*near), RetryPolicy::default(), "default() names every field");
        let all = FIELDS.iter().fold(RetryPolicy::new(), |level, field| level.over(*field));
        assert_eq!(near.over(all).over(RetryPolicy::default()).resolve(), near.over(all).resolve());
    }
    assert_eq!(CONSTANT.over(RetryPolicy::new().max_retries(1)).resolve().max_retries, 7);
}

#[test]
fn hdg_1_below_hedging_retries_are_not_asked_for_and_stay_off() {
    assert!(RetryPolicy::on().is_on() && !RetryPolicy::off().is_on() && !RetryPolicy::new().is_on());
    for asked in FIELDS {
        let below = asked.below_hedging();
        assert!(!below.is_on());
        assert_eq!(below.over(RetryPolicy::on()), asked, "all else is kept");
    }
    assert_eq!(RetryPolicy::off().below_hedging(), RetryPolicy::off());
}

#[test]
fn cfg_1_rules_are_checked_at_their_level() {
    let new = RetryPolicy::new;
    for factor in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 0.999] {
        let invalid = new().multiplier(factor).validate().unwrap_err();
        assert_eq!((invalid.field, invalid.value), ("retry.multiplier", format!("{factor:?}")));
    }
    let invalid = new().initial_backoff(2 * SECOND).max_backoff(SECOND).validate().unwrap_err();
    assert_eq!((invalid.field, invalid.value.as_str()), ("retry.max_backoff", "1s"));
    assert_eq!(new().status_codes(StatusCodes::of(&[99])).validate().unwrap_err().value, "99");
    for fine in FIELDS.into_iter().chain([
        RetryPolicy::default(),
        RetryPolicy::spec(),
        RetryPolicy::off(),
        new(),
        new().multiplier(1.0),
        new().initial_backoff(SECOND).max_backoff(SECOND),
        new().initial_backoff(Duration::MAX),
        new().max_backoff(Duration::ZERO),
    ]) {
        assert_eq!(fine.validate(), Ok(()));
    }
}

#[test]
fn an_unnamed_cap_grows_and_a_named_one_rules() {
    let long = RetryPolicy::new().initial_backoff(30 * SECOND).jitter(Jitter::None);
    assert_eq!(long.resolve().wait(1, None, || 0.5), Wait::For(30 * SECOND));
    let capped = long.over(RetryPolicy::new().max_backoff(SECOND));
    assert_eq!(capped.resolve().wait(1, None, || 0.5), Wait::For(SECOND));
}

#[test]
fn cfg_2_the_empty_set_and_no_retries_are_obeyed() {
    let policy = RetryPolicy::new().status_codes(StatusCodes::empty()).max_retries(0);
    let resolved = policy.over(RetryPolicy::default()).resolve();
    assert_eq!((resolved.max_retries, resolved.status_codes.iter().count()), (0, 0));
    assert_eq!(RetryPolicy::new().max_retries(u32::MAX).resolve().max_retries, u32::MAX);
}

#[test]
fn idm_5_with_a_key_a_conflict_is_worth_another_attempt() {
    let codes = |policy: RetryPolicy| policy.resolve().with_key().status_codes.iter().collect::<Vec<_>>();
    assert_eq!(codes(RetryPolicy::new()), [409, 429, 500, 502, 503, 504]);
    assert_eq!(
        codes(RetryPolicy::new().status_codes(StatusCodes::empty())),
        [0_u16; 0],
        "no status is (CFG-2)"
    );
    assert_eq!(codes(RetryPolicy::spec()), [429, 500, 502, 503, 504], "the specification knows no keys");
}

#[test]
fn ra_4_the_cap_is_held_against_what_was_asked() {
    let policy = RetryPolicy::default().max_retry_after(10 * SECOND).initial_backoff(20 * SECOND).resolve();
    assert_eq!(policy.wait(1, Some(11 * SECOND), || 0.0), Wait::TooLong(11 * SECOND));
    assert_eq!(
        policy.wait(1, Some(10 * SECOND), || 1.0),
        Wait::For(20 * SECOND),
        "a long backoff is no reason"
    );
    let short = policy_of_one_second();
    assert_eq!(
        short.resolve().wait(1, Some(10 * SECOND), || 1.0),
        Wait::For(11 * SECOND),
        "nor is the addition"
    );
    assert_eq!(short.resolve().wait(1, None, || 1.0), Wait::For(SECOND));
    let ignored = short.no_retry_after().resolve();
    assert_eq!(ignored.wait(1, Some(Duration::MAX), || 1.0), Wait::For(SECOND));
}

fn policy_of_one_second() -> RetryPolicy {
    RetryPolicy::default().max_retry_after(10 * SECOND).initial_backoff(SECOND)
}

proptest! {
    #![proptest_config(proptest_config(1000))]

    #[test]
    fn cfg_1_cfg_4_no_numbers_panic(
        retries: u32, factor in prop::num::f64::ANY, retry: u32, unit in prop::num::f64::ANY,
        initial in any::<Duration>(), max in any::<Duration>(), cap in any::<Duration>(), asked in any::<Option<Duration>>(),
    ) {
        let policy = RetryPolicy::new().max_retries(retries).multiplier(factor).initial_backoff(initial)
            .max_backoff(max).max_retry_after(cap);
        let _ = policy.validate();
        match policy.resolve().wait(retry, asked, || unit) {
            Wait::TooLong(long) => prop_assert!(Some(long) == asked && long > cap),
            Wait::For(wait) => prop_assert!(asked.is_none_or(|asked| wait >= asked)),
        }
    }
}
