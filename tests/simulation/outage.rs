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
fn bud_6_s1_with_the_breaker_an_outage_costs_next_to_nothing() {
    let (whole, _) = costs(&outage(100, |builder| builder.breaker(Breaker::on())));
    assert!(whole <= 0.03, "{whole}");
    let (whole, _) = costs(&outage(100, spec));
    assert!(whole > 0.03, "the control passed: {whole}");
}
