//! The figures: the median of the rounds, as they are printed and as they stand in the result file.

use std::fs;

use serde_json::{Map, Value, json};

use crate::clients::CASES;

/// Where the figures of all programs are.
const FIGURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/performance.json");

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

/// Replaces these rows in the result file, and leaves all else.
pub(crate) fn write(rows: Vec<Value>) -> Result<(), String> {
    let old = fs::read_to_string(FIGURES).map_err(|error| error.to_string())?;
    let mut figures: Map<String, Value> = serde_json::from_str(&old).map_err(|error| error.to_string())?;
    figures.insert("concurrency".to_owned(), Value::Array(rows));
    let sections: Vec<_> =
        figures.iter().map(|(key, value)| format!("  \"{key}\": {}", lines(value))).collect();
    fs::write(FIGURES, format!("{{\n{}\n}}\n", sections.join(",\n"))).map_err(|error| error.to_string())
}

/// A list with a line for each of its rows, so that a difference can be read.
fn lines(value: &Value) -> String {
    match value {
        Value::Array(rows) if !rows.is_empty() => {
            let rows: Vec<_> = rows.iter().map(|row| format!("    {row}")).collect();
            format!("[\n{}\n  ]", rows.join(",\n"))
        }
        other => other.to_string(),
    }
}
