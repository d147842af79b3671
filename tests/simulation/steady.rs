//! S2: how many calls end well while a share of the attempts fails.

use std::time::Duration;

use pynector::Breaker;

use crate::S;
use crate::world::{Builder, Script, simulate};

fn goodput(share: f64, configure: impl FnOnce(Builder) -> Builder) -> f64 {
    simulate(Script::Share(share), 100, 300 * S, configure).goodput(Duration::ZERO, 300 * S)
}

#[test]
fn brk_2_s2_the_breaker_leaves_a_few_failures_to_the_retries() {
    for (share, least) in [(0.05, 0.999), (0.1, 0.999)] {
        let good = goodput(share, |builder| builder.breaker(Breaker::on()));
        assert!(good >= least, "{share}: {good}");
    }
}

#[test]
fn brk_2_s2_a_row_of_failures_alone_would_cut_off_a_server_that_still_answers() {
    let row = Breaker::new().min_failure_rate(0.0);
    let good = goodput(0.2, |builder| builder.breaker(row));
    assert!(good < 0.95, "{good}");
}
