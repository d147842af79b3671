//! The figures: the median of the rounds, as they are printed and as they stand in the result file.

use serde_json::{Value, json};

use crate::clients::CASES;

/// How many calls are in flight, on how many threads.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) in_flight: usize,
    pub(crate) workers: usize,
}

/// What the rounds say of a case; its ratio is the median of those of the rounds.
pub(crate) fn row(case: usize, place: Place, rounds: &[Vec<f64>]) -> Value {
    let (name, against, _) = CASES[case];
    let other = CASES.iter().position(|(name, ..)| Some(*name) == against);
    let beside = |other: usize| median(rounds.iter().map(|round| round[case] / round[other]).collect());
    json!({
        "in_flight": place.in_flight,
        "workers": place.workers,
        "contestant": name,
        "calls_per_cpu_second": median(rounds.iter().map(|round| round[case]).collect()).round() as u64,
        "against": against,
        "ratio": other.map(|other| (beside(other) * 1000.0).round() / 1000.0),
        "rounds": rounds.len(),
    })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
