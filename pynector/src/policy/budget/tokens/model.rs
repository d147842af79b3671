//! Random scripts against a plain second telling of the budget, with every event kept (BUD-1, 2, 4, 8).

use std::time::Duration;

use proptest::prelude::*;

use super::Budget;
use crate::policy::budget::ResolvedBudget;
use crate::policy::testing::{epoch, proptest_config};

const WINDOW: u64 = 10_000;

#[derive(Clone, Copy, Debug)]
enum Step {
    Succeed(u8),
    Ask { hedge: bool },
    Send,
    GiveBack,
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1_u8..20).prop_map(Step::Succeed),
        6 => prop::bool::weighted(0.2).prop_map(|hedge| Step::Ask { hedge }),
        4 => Just(Step::Send),
        1 => Just(Step::GiveBack),
        3 => prop_oneof![0_u64..1_500, 0_u64..12_000, Just(250), Just(9_999), Just(10_000)].prop_map(Step::Pass),
    ]
}

/// Milliseconds since the beginning; every event is kept, nothing is ever cleared.
#[derive(Default)]
struct Model {
    now: u64,
    successes: Vec<u64>,
    sent: Vec<u64>,
    open: u64,
    /// What the last grant was worth, in thousandths, by successes of exactly the last 10 s.
    last_worth: u64,
}

impl Model {
    fn younger(events: &[u64], now: u64, age: u64) -> u64 {
        events.iter().filter(|at| now - **at < age).count() as u64
    }

    /// In thousandths: what is asked for, and what there is, by the rule of whole quarters of a second.
    fn ask(&self, floor: u64, ratio: u64) -> (u64, u64) {
        let whole = self.now / 250;
        let earned = self.successes.iter().filter(|at| whole - **at / 250 < 40).count() as u64;
        let weight = self.sent.iter().filter(|at| whole - **at / 250 <= 40).count() as u64;
        ((weight + self.open + 1) * 1000, floor + ratio * earned)
    }
}

fn run(steps: &[Step], floor: u64, ratio: u64) -> Result<u64, TestCaseError> {
    let (base, numbers) = (epoch(), ResolvedBudget { ratio, floor });
    let (budget, mut model, mut refused) = (Budget::new(base), Model::default(), 0);
    for step in steps {
        let now = base + Duration::from_millis(model.now);
        match *step {
            Step::Succeed(times) => (0..times).for_each(|_| {
                budget.deposit(now);
                model.successes.push(model.now);
            }),
            Step::Ask { hedge } => {
                let free = if hedge { 0 } else { floor };
                let granted =
                    if hedge { budget.withdraw_hedge(&numbers, now) } else { budget.withdraw(&numbers, now) };
                let (asked, worth) = model.ask(free, ratio);
                prop_assert_eq!(granted, asked <= worth, "{} of {}", asked, worth);
                if granted {
                    model.open += 1;
                    model.last_worth = free + ratio * Model::younger(&model.successes, model.now, WINDOW);
                } else {
                    refused += 1;
                }
            }
            Step::Send if model.open > 0 => {
                budget.spend(now);
                model.open -= 1;
                model.sent.push(model.now);
            }
            Step::GiveBack if model.open > 0 => {
                budget.refund();
                model.open -= 1;
            }
            Step::Send | Step::GiveBack => {}
            Step::Pass(millis) => model.now += millis,
        }
        // BUD-1 as it is seen from outside: exact times, and no slots.
        let sent = Model::younger(&model.sent, model.now, WINDOW);
        prop_assert!(sent * 1000 <= model.last_worth, "{} sent, worth {}", sent, model.last_worth);
        let weighs = model.open > 0 || Model::younger(&model.sent, model.now, WINDOW) > 0;
        prop_assert!(!(weighs && budget.is_full(base + Duration::from_millis(model.now))));
    }
    Ok(refused)
}

proptest! {
    #![proptest_config(proptest_config(400))]

    #[test]
    fn bud_1_no_window_has_more_retries_than_it_is_worth(
        steps in prop::collection::vec(step(), 0..200),
        floor in prop_oneof![Just(0_u64), Just(10_000), 0_u64..20_000],
        ratio in prop_oneof![Just(200_u64), 0_u64..2_000],
    ) {
        run(&steps, floor, ratio)?;
    }

    #[test]
    fn bud_2_cfg_4_no_numbers_overflow(
        floor in any::<u64>(), ratio in any::<u64>(), successes in 0_u32..50, seconds in any::<u64>(),
    ) {
        let (base, numbers) = (epoch(), ResolvedBudget { ratio, floor });
        let budget = Budget::new(base);
        let now = base.checked_add(Duration::from_secs(seconds)).unwrap_or(base);
        (0..successes).for_each(|_| budget.deposit(now));
        let worth = u128::from(floor) + u128::from(ratio) * u128::from(successes);
        prop_assert_eq!(budget.withdraw(&numbers, now), worth >= 1000);
    }
}

#[test]
fn the_scripts_are_refused_often() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::new(proptest_config(1));
    let scripts = prop::collection::vec(step(), 300);
    let refused: u64 =
        (0..50).map(|_| run(&scripts.new_tree(&mut runner).unwrap().current(), 10_000, 200).unwrap()).sum();
    assert!(refused > 50 * 5, "{refused} refusals in 50 scripts: the scripts are too tame");
}
