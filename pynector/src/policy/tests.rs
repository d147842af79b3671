//! Tests of the parameters of budget, rate limit, bulkhead and hedging: rules, levels, defaults, and numbers without measure.

use std::time::Duration;

use proptest::prelude::*;

use super::budget::ResolvedBudget;
use super::bulkhead::ResolvedMaxInFlight;
use super::hedge::{HedgeAfter, ResolvedHedge};
use super::limit::ResolvedRateLimit;
use super::testing::proptest_config;
use super::{Breaker, Hedge, IdempotencyKey, Invalid, MaxInFlight, RateLimit, RetryBudget, Timeouts};

const SECOND: Duration = Duration::from_secs(1);
const ZERO: Duration = Duration::ZERO;

fn said(result: Result<(), Invalid>) -> (&'static str, String) {
    let invalid = result.unwrap_err();
    (invalid.field, invalid.value)
}

#[test]
fn cfg_1_what_a_budget_may_be() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.001, 10.001] {
        let budget = RetryBudget::new().ratio(bad);
        assert_eq!(said(budget.validate()), ("retry.budget.ratio", format!("{bad:?}")));
    }
    for bad in [f64::NAN, f64::INFINITY, -1.0, 1_000_000.5] {
        let budget = RetryBudget::new().min_per_second(bad);
        assert_eq!(said(budget.validate()), ("retry.budget.min_per_second", format!("{bad:?}")));
    }
    for fine in [0.0, 0.2, 10.0] {
        assert_eq!(RetryBudget::new().ratio(fine).min_per_second(fine).validate(), Ok(()));
    }
    assert_eq!(RetryBudget::new().min_per_second(1e6).validate(), Ok(()));
    assert_eq!(RetryBudget::off().validate(), Ok(()));
}

#[test]
fn cfg_1_what_a_rate_limit_may_be() {
    let limit = RateLimit::new(1, SECOND);
    assert_eq!(said(RateLimit::new(0, SECOND).validate()), ("rate_limit.permits", "0".to_owned()));
    assert_eq!(said(RateLimit::new(1, ZERO).validate()), ("rate_limit.per", "0ns".to_owned()));
    assert_eq!(said(limit.burst(0).validate()), ("rate_limit.burst", "0".to_owned()));
    assert_eq!(said(limit.group("").validate()), ("rate_limit.group", "\"\"".to_owned()));
    for fine in [limit, limit.burst(1).group("g"), RateLimit::off(), RateLimit::UNSAID] {
        assert_eq!(fine.validate(), Ok(()));
    }
    assert_eq!(said(limit.validate_for_calls()).0, "rate_limit");
    for fine in [RateLimit::off(), RateLimit::UNSAID] {
        assert_eq!(fine.validate_for_calls(), Ok(()));
    }
}

#[test]
fn cfg_1_what_a_bulkhead_may_be() {
    let some = MaxInFlight::new(1);
    assert_eq!(said(MaxInFlight::new(0).validate()), ("max_in_flight.limit", "0".to_owned()));
    assert_eq!(said(some.wait(ZERO).validate()), ("max_in_flight.wait", "0ns".to_owned()));
    assert_eq!(said(some.group("").validate()), ("max_in_flight.group", "\"\"".to_owned()));
    for fine in [some, some.queue(0).wait(SECOND).group("g"), MaxInFlight::off(), MaxInFlight::UNSAID] {
        assert_eq!(fine.validate(), Ok(()));
    }
    assert_eq!(said(some.validate_for_calls()).0, "max_in_flight");
    for fine in [MaxInFlight::off(), MaxInFlight::UNSAID] {
        assert_eq!(fine.validate_for_calls(), Ok(()));
    }
}

#[test]
fn cfg_1_what_hedging_may_be() {
    let short = Duration::from_micros(999);
    assert_eq!(said(Hedge::after(short).validate()), ("hedge.after", "999µs".to_owned()));
    for bad in [0, 6, u32::MAX] {
        assert_eq!(said(Hedge::p95().max(bad).validate()), ("hedge.max", bad.to_string()));
    }
    for fine in
        [Hedge::after(Duration::from_millis(1)).max(5), Hedge::p95().max(1), Hedge::off(), Hedge::UNSAID]
    {
        assert_eq!(fine.validate(), Ok(()));
    }
    assert!(Hedge::p95().is_on() && !Hedge::off().is_on() && !Hedge::UNSAID.is_on());
}

#[test]
fn cfg_1_who_names_a_group_is_in_one() {
    let (rate, places) = (RateLimit::new(1, SECOND), MaxInFlight::new(1));
    for (alone, grouped) in [
        (Breaker::on().in_group(), Breaker::on().group("g").in_group()),
        (rate.in_group(), rate.group("g").in_group()),
        (places.in_group(), places.group("g").in_group()),
    ] {
        assert!(!alone && grouped);
    }
}

#[test]
fn cfg_5_each_level_of_a_budget_replaces_what_it_names() {
    let numbers =
        |budget: RetryBudget| budget.resolve().map(|ResolvedBudget { ratio, floor }| (ratio, floor));
    let (ratio, floor) = (RetryBudget::new().ratio(0.5), RetryBudget::new().min_per_second(3.0));
    assert_eq!(numbers(RetryBudget::default()), Some((200, 10_000)), "on, for whoever says nothing");
    assert_eq!(numbers(ratio), Some((500, 10_000)));
    assert_eq!(numbers(floor), Some((200, 30_000)));
    assert_eq!(numbers(ratio.over(floor)), Some((500, 30_000)));
    assert_eq!(numbers(ratio.over(RetryBudget::new().ratio(0.7))), Some((500, 10_000)));
    assert_eq!(numbers(floor.over(RetryBudget::new().min_per_second(9.0))), Some((200, 30_000)));
    assert_eq!(numbers(RetryBudget::off().over(ratio)), None);
    assert_eq!(numbers(RetryBudget::new().over(RetryBudget::off())), None);
    for named in [ratio, floor] {
        assert!(numbers(named.over(RetryBudget::off())).is_some(), "who names a number wants one");
    }
    assert_eq!(numbers(RetryBudget::new().ratio(0.0004).min_per_second(0.0006)), Some((0, 10)), "rounded");
}

#[test]
fn cfg_5_each_level_of_a_rate_limit_replaces_what_it_names() {
    let all = RateLimit::new(4, 2 * SECOND).burst(3).group("g");
    let by = all.resolve().unwrap().by;
    let resolved = ResolvedRateLimit { interval: SECOND / 2, burst: 3, group: Some("g"), by };
    assert_eq!(all.resolve(), Some(resolved));
    assert_eq!(all.over(RateLimit::new(9, SECOND).burst(9).group("other")).resolve(), Some(resolved));
    for level in [all.over(RateLimit::UNSAID), RateLimit::UNSAID.over(all)] {
        assert_eq!(level, all);
    }
    let near = RateLimit::new(1, SECOND).over(all).resolve().unwrap();
    assert_eq!((near.interval, near.burst, near.group), (SECOND, 3, Some("g")));
    assert_eq!(RateLimit::new(7, SECOND).resolve().unwrap().burst, 7, "a burst is all the permits of a time");
    assert_eq!(RateLimit::off().over(all).resolve(), None);
    assert_eq!(RateLimit::UNSAID.resolve(), None);
    assert_eq!(RateLimit::default(), RateLimit::UNSAID);
}

#[test]
fn cfg_5_each_level_of_a_bulkhead_replaces_what_it_names() {
    let all = MaxInFlight::new(4).queue(3).wait(SECOND).group("g");
    let by = all.resolve().unwrap().by;
    let resolved = ResolvedMaxInFlight { limit: 4, queue: 3, wait: Some(SECOND), group: Some("g"), by };
    assert_eq!(all.resolve(), Some(resolved));
    let other = MaxInFlight::new(9).queue(9).wait(9 * SECOND).group("other");
    assert_eq!(all.over(other).resolve(), Some(resolved));
    for level in [all.over(MaxInFlight::UNSAID), MaxInFlight::UNSAID.over(all)] {
        assert_eq!(level, all);
    }
    assert_eq!(MaxInFlight::new(2).over(all).resolve(), Some(ResolvedMaxInFlight { limit: 2, ..resolved }));
    let alone = ResolvedMaxInFlight { limit: 5, queue: 1024, wait: None, group: None, by };
    assert_eq!(MaxInFlight::new(5).resolve(), Some(alone));
    assert_eq!(MaxInFlight::off().over(all).resolve(), None);
    assert_eq!(MaxInFlight::UNSAID.resolve(), None);
}

#[test]
fn cfg_5_each_level_of_hedging_replaces_what_it_names() {
    let fixed = Hedge::after(SECOND).max(3);
    let resolved = |hedge: Hedge| hedge.resolve().map(|ResolvedHedge { after, max, .. }| (after, max));
    let as_named = Some((HedgeAfter::Fixed(SECOND), 3));
    assert_eq!(resolved(fixed), as_named);
    assert_eq!(resolved(fixed.over(Hedge::p95().max(5))), as_named);
    for level in [fixed.over(Hedge::UNSAID), Hedge::UNSAID.over(fixed)] {
        assert_eq!(level, fixed);
    }
    assert_eq!(resolved(Hedge::p95().over(fixed)), Some((HedgeAfter::P95, 3)));
    assert_eq!(Hedge::p95().resolve().unwrap().max, 1);
    assert_eq!(Hedge::off().over(fixed).resolve(), None);
    assert_eq!(Hedge::UNSAID.resolve(), None);
}

#[test]
fn idm_4_a_key_is_a_quoted_string_unless_it_is_raw() {
    let key = IdempotencyKey::default();
    assert_eq!((key.header, key.raw), ("idempotency-key", false));
    let raw = IdempotencyKey::header("x-once").raw();
    assert_eq!((raw.header, raw.raw), ("x-once", true));
}

fn any_time() -> impl Strategy<Value = Duration> {
    prop_oneof![
        Just(ZERO),
        Just(Duration::MAX),
        any::<Duration>(),
        (0_u64..5_000).prop_map(Duration::from_millis)
    ]
}

fn any_number() -> impl Strategy<Value = u32> {
    prop_oneof![Just(0), Just(1), Just(u32::MAX), any::<u32>()]
}

proptest! {
    #![proptest_config(proptest_config(1000))]

    #[test]
    fn cfg_1_cfg_4_no_budget_panics(ratio in prop::num::f64::ANY, floor in prop::num::f64::ANY) {
        let budget = RetryBudget::new().ratio(ratio).min_per_second(floor);
        let resolved = budget.resolve().unwrap();
        if budget.validate().is_ok() {
            prop_assert!(resolved.ratio <= 10_000 && resolved.floor <= 10_000_000_000);
        }
    }

    #[test]
    fn cfg_1_cfg_4_no_limit_panics(
        permits in any_number(), per in any_time(), burst in prop::option::of(any_number()), queue: u32, wait in any_time(),
    ) {
        let mut limit = RateLimit::new(permits, per);
        if let Some(burst) = burst {
            limit = limit.burst(burst);
        }
        prop_assert_eq!(limit.validate().is_ok(), permits > 0 && !per.is_zero() && burst != Some(0));
        let resolved = limit.resolve().unwrap();
        prop_assert!(resolved.burst > 0);
        prop_assert!(resolved.interval.saturating_mul(permits) >= per.min(per * permits.min(1)), "the rate is exceeded");
        let places = MaxInFlight::new(permits).queue(queue).wait(wait);
        prop_assert_eq!(places.validate().is_ok(), permits > 0 && !wait.is_zero());
        prop_assert!(places.resolve().unwrap().limit > 0, "nobody could ever go");
    }

    #[test]
    fn cfg_1_cfg_4_no_hedging_panics(delay in any_time(), max: u32) {
        let hedge = Hedge::after(delay).max(max);
        prop_assert_eq!(hedge.validate().is_ok(), delay >= Duration::from_millis(1) && (1..=5).contains(&max));
        prop_assert!((1..=5).contains(&hedge.resolve().unwrap().max));
    }

    #[test]
    fn cfg_1_cfg_4_no_clocks_panic(clocks in prop::collection::vec(any_time(), 5)) {
        let [connect, attempt, write, read, deadline] = clocks.try_into().unwrap();
        let timeouts =
            Timeouts::new().connect(connect).attempt(attempt).write(write).read(read).deadline(deadline);
        let fine = [connect, attempt, write, read, deadline].iter().all(|clock| !clock.is_zero())
            && connect <= attempt && attempt <= deadline;
        prop_assert_eq!(timeouts.validate().is_ok(), fine);
        prop_assert_eq!(timeouts.resolve().deadline, Some(deadline));
    }
}
