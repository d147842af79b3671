//! S1: what a minute without the server costs it, and that the specification's rule would be caught.

use pynector::{Breaker, RetryPolicy};

use crate::S;
use crate::world::{Builder, Run, Script, simulate};

/// A minute of health, and one without any.
fn outage(rate: u32, configure: impl FnOnce(Builder) -> Builder) -> Run {
    simulate(Script::outage(60 * S, 120 * S), rate, 120 * S, configure)
}

/// The marks of S1: wire attempts for each call of the outage, and of its first ten seconds.
fn costs(run: &Run) -> (f64, f64) {
    (run.amplification(60 * S, 120 * S), run.amplification(60 * S, 70 * S))
}

fn spec(builder: Builder) -> Builder {
    builder.retry(RetryPolicy::spec())
}

#[test]
fn bud_6_s1_an_outage_at_100_a_second_costs_at_most_a_twentieth_more() {
    let (whole, start) = costs(&outage(100, |builder| builder));
    assert!(whole <= 1.05 && start <= 1.22, "{whole} {start}");
    // The retries were made at first, so that it is the budget which ended them.
    assert!(start >= 1.15, "{start}");
    let (whole, start) = costs(&outage(100, spec));
    assert!(whole > 1.05 && start > 1.22, "the control passed: {whole} {start}");
}

#[test]
fn bud_6_s1_with_the_breaker_an_outage_costs_next_to_nothing() {
    let (whole, _) = costs(&outage(100, |builder| builder.breaker(Breaker::on())));
    assert!(whole <= 0.03, "{whole}");
    let (whole, _) = costs(&outage(100, spec));
    assert!(whole > 0.03, "the control passed: {whole}");
}

#[test]
fn bud_6_s1b_few_calls_keep_their_floor() {
    for (rate, most) in [(10, 1.15), (1, 2.1)] {
        let (whole, _) = costs(&outage(rate, |builder| builder));
        assert!(whole <= most, "{rate} a second: {whole}");
        let (whole, _) = costs(&outage(rate, spec));
        assert!(whole > most, "{rate} a second: the control passed: {whole}");
    }
}

#[test]
fn bud_10_one_window_of_successes_brings_the_budget_back() {
    let script = Script::Outages(vec![(20 * S, 80 * S), (92 * S, 102 * S)]);
    let run = simulate(script, 100, 102 * S, |builder| builder);
    let (first, second) = (run.sent(20 * S, 30 * S), run.sent(92 * S, 102 * S));
    assert!(first >= 1150 && first.abs_diff(second) <= 10, "{first} {second}");
}
