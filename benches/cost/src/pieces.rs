//! The policies alone, as the loop asks them; the time is given, as it is there.

use std::time::Duration;

use tokio::time::Instant;

use crate::measure::Case;
use crate::policy::breaker::Breaker;
use crate::policy::budget::Budget;
use crate::policy::budget::RetryBudget;
use crate::policy::circuit::Circuit;
use crate::policy::classify::Verdict;

const WHO: &str = "pynector, the policy alone";

pub(crate) fn cases() -> Vec<Case> {
    let now = Instant::now();
    let breaker = Breaker::on().resolve();
    let floor = Duration::from_secs(10);
    let (closed, open) = (Circuit::new(), Circuit::new());
    let pass = move |circuit: &Circuit| {
        let ticket = circuit.admit(&breaker, now, 0.5, floor).result.expect("a closed circuit");
        circuit.settle(&breaker, ticket, Verdict::Success, now, 0.5)
    };
    for _ in 0..64 {
        pass(&closed);
    }
    open.force_open();
    let numbers = RetryBudget::new().resolve().expect("a budget");
    let (earning, spending) = (Budget::new(now), Budget::new(now));
    vec![
        // Each answer of a policy needs the time, and the machine is asked for it a few times in a call.
        Case::new("a look at the clock", "tokio, Instant::now", Instant::now),
        Case::new("breaker closed", WHO, move || pass(&closed)),
        Case::new("breaker open", WHO, move || open.peek(now)),
        Case::new("budget deposit", WHO, move || earning.deposit(now)),
        Case::new("budget withdraw", WHO, move || {
            assert!(spending.withdraw(&numbers, now));
            spending.refund();
        }),
    ]
}
