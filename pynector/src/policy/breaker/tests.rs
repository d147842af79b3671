//! Tests of the breaker's levels, rules and defaults.

use std::time::Duration;

use proptest::prelude::*;

use super::{Breaker, BreakerUnit, Recovery};
use crate::policy::Rules;
use crate::policy::testing::proptest_config;

const SECOND: Duration = Duration::from_secs(1);

/// Every builder function, each with a value that is not the default.
const FIELDS: [Breaker; 10] = [
    Breaker::new().failure_threshold(9),
    Breaker::new().min_failure_rate(0.9),
    Breaker::new().open(Duration::from_secs(2)),
    Breaker::new().max_open(Duration::from_secs(9)),
    Breaker::new().reset_timeout(Duration::from_secs(9)),
    Breaker::new().probes(9),
    Breaker::new().group("search"),
    Breaker::new().unit(BreakerUnit::Call),
    Breaker::new().wait_up_to(Duration::from_secs(9)),
    Breaker::new().ramp(Duration::from_secs(9)),
];

#[test]
fn cfg_6_the_defaults_are_those_of_the_table() {
    for breaker in [Breaker::default(), Breaker::on()] {
        let resolved = breaker.resolve();
        assert!(resolved.enabled);
        assert_eq!((resolved.failure_threshold, resolved.probes), (5, 1));
        assert!((resolved.min_failure_rate - 0.5).abs() < f64::EPSILON);
        assert_eq!(resolved.recovery, Recovery::Probing { open: SECOND, max: 15 * SECOND });
        assert_eq!(
            (resolved.group, resolved.unit, resolved.rules),
            (None, BreakerUnit::Attempt, Rules::Matrix)
        );
    }
}

#[test]
fn cfg_6_spec_is_the_specification() {
    let spec = Breaker::spec().over(Breaker::default()).resolve();
    assert!(spec.enabled && spec.min_failure_rate == 0.0);
    assert_eq!((spec.failure_threshold, spec.recovery), (5, Recovery::Fixed(60 * SECOND)));
    assert_eq!((spec.unit, spec.rules), (BreakerUnit::Call, Rules::Spec));
}

#[test]
fn there_is_no_breaker_unless_a_level_asks_for_one() {
    assert!(!Breaker::new().resolve().enabled);
    assert!(!Breaker::off().resolve().enabled);
    for asked in FIELDS.into_iter().chain([Breaker::on(), Breaker::spec(), Breaker::default()]) {
        assert!(asked.over(Breaker::off()).resolve().enabled, "{asked:?}");
        assert!(!Breaker::off().over(asked).resolve().enabled, "{asked:?}");
        assert!(Breaker::new().over(asked).resolve().enabled, "{asked:?}");
    }
}

#[test]
fn cfg_5_a_nearer_level_replaces_the_named_field_alone() {
    for near in FIELDS {
        assert_ne!(near.over(Breaker::default()), Breaker::default(), "{near:?} is lost");
        assert_eq!(near.over(Breaker::new()), near);
        assert_eq!(Breaker::new().over(near), near);
    }
    let no_default = |field: &&Breaker| field.group.is_some() || field.wait_up_to.or(field.ramp).is_some();
    for weaker in FIELDS.iter().filter(|field| !no_default(field)) {
        assert_eq!(Breaker::default().over(*weaker), Breaker::default(), "default() names every other field");
    }
    let merged = Breaker::new().probes(2).over(Breaker::new().probes(3).failure_threshold(4)).resolve();
    assert_eq!((merged.probes, merged.failure_threshold), (2, 4));
}

#[test]
fn a_nearer_kind_of_open_time_hides_the_weaker_one() {
    let fixed = Breaker::new().reset_timeout(9 * SECOND);
    let doubling = Breaker::new().open(2 * SECOND);
    assert_eq!(fixed.over(doubling).resolve().recovery, Recovery::Fixed(9 * SECOND));
    assert_eq!(fixed.over(Breaker::default()).validate(), Ok(()));
    let probing = Recovery::Probing { open: 2 * SECOND, max: 15 * SECOND };
    assert_eq!(doubling.over(fixed).resolve().recovery, probing);
    let capped = Breaker::new().max_open(3 * SECOND).over(fixed).resolve();
    assert_eq!(capped.recovery, Recovery::Probing { open: SECOND, max: 3 * SECOND });
}

#[test]
fn an_unnamed_cap_grows_and_a_named_one_stays() {
    let long = Breaker::new().open(60 * SECOND);
    assert_eq!(long.resolve().recovery, Recovery::Probing { open: 60 * SECOND, max: 60 * SECOND });
    let capped = long.over(Breaker::new().max_open(5 * SECOND)).resolve();
    assert_eq!(capped.recovery, Recovery::Probing { open: 60 * SECOND, max: 5 * SECOND });
}

#[test]
fn cfg_1_single_calls_switch_on_and_off_alone() {
    for fine in [Breaker::new(), Breaker::on(), Breaker::off()] {
        assert_eq!(fine.validate_for_calls(), Ok(()));
    }
    for field in FIELDS {
        let invalid = field.validate_for_calls().unwrap_err();
        assert_eq!((invalid.field, invalid.value.as_str()), ("breaker", "\"numbers\""));
    }
}

#[test]
fn brk_7_no_parameters_make_a_circuit_stick() {
    let zero = Breaker::new().failure_threshold(0).probes(0).resolve();
    assert_eq!((zero.failure_threshold, zero.probes), (1, 1));
}

#[test]
fn cfg_1_rules_are_checked_at_their_level() {
    let new = Breaker::new;
    for (breaker, field, value) in [
        (new().failure_threshold(0), "breaker.failure_threshold", "0"),
        (new().min_failure_rate(f64::NAN), "breaker.min_failure_rate", "NaN"),
        (new().min_failure_rate(f64::INFINITY), "breaker.min_failure_rate", "inf"),
        (new().min_failure_rate(-0.1), "breaker.min_failure_rate", "-0.1"),
        (new().min_failure_rate(1.01), "breaker.min_failure_rate", "1.01"),
        (new().open(Duration::ZERO), "breaker.open", "0ns"),
        (new().max_open(Duration::ZERO), "breaker.max_open", "0ns"),
        (new().reset_timeout(Duration::ZERO), "breaker.reset_timeout", "0ns"),
        (new().open(2 * SECOND).max_open(SECOND), "breaker.max_open", "1s"),
        (new().open(SECOND).reset_timeout(SECOND), "breaker.reset_timeout", "1s"),
        (new().max_open(SECOND).reset_timeout(SECOND), "breaker.reset_timeout", "1s"),
        (new().wait_up_to(Duration::ZERO), "breaker.wait_up_to", "0ns"),
        (new().ramp(Duration::ZERO), "breaker.ramp", "0ns"),
        (new().probes(0), "breaker.probes", "0"),
        (new().group(""), "breaker.group", "\"\""),
    ] {
        let invalid = breaker.validate().unwrap_err();
        assert_eq!((invalid.field, invalid.value.as_str()), (field, value), "{breaker:?}");
    }
    for fine in FIELDS.into_iter().chain([
        Breaker::default(),
        Breaker::spec(),
        Breaker::on(),
        Breaker::off(),
        new(),
        new().min_failure_rate(0.0),
        new().min_failure_rate(1.0),
        new().open(SECOND).max_open(SECOND),
        new().open(Duration::MAX),
    ]) {
        assert_eq!(fine.validate(), Ok(()));
    }
}

proptest! {
    #![proptest_config(proptest_config(500))]

    #[test]
    fn cfg_1_cfg_4_no_numbers_panic(
        failures: u32, rate in prop::num::f64::ANY, open in any::<Option<Duration>>(),
        max in any::<Option<Duration>>(), fixed in any::<Option<Duration>>(),
    ) {
        let mut breaker = Breaker::new().failure_threshold(failures).min_failure_rate(rate);
        breaker.open = open;
        breaker.max_open = max;
        breaker.reset_timeout = fixed;
        let _ = (breaker.validate(), breaker.over(Breaker::default()), breaker.resolve());
    }
}
