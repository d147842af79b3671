//! The section `growth` of the figures; the others are left as they are.

use std::fs;

use serde_json::{Map, Value, json};

use crate::cases::Case;
use crate::text;

const FIGURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/performance.json");

pub(crate) fn row(case: &Case, instructions: Option<f64>, allocations: f64, cpu_us: f64) -> Value {
    let tenth = |value: f64| (value * 10.0).round() / 10.0;
    json!({
        "what": case.what,
        "n": case.n,
        "contestant": case.contestant,
        "instructions": instructions.map(f64::round),
        "allocations": tenth(allocations),
        "cpu_us": tenth(cpu_us),
    })
}

pub(crate) fn write(rows: Vec<Value>) -> Result<(), String> {
    let old = fs::read_to_string(FIGURES).map_err(text)?;
    let mut figures: Map<String, Value> = serde_json::from_str(&old).map_err(text)?;
    let mut growth = match figures.remove("growth") {
        Some(Value::Array(growth)) => growth,
        _ => Vec::new(),
    };
    // What was not measured this time is kept.
    growth.retain(|old| rows.iter().all(|row| row["what"] != old["what"]));
    growth.extend(rows);
    figures.insert("growth".to_owned(), Value::Array(growth));
    let sections: Vec<_> =
        figures.iter().map(|(key, value)| format!("  \"{key}\": {}", lines(value))).collect();
    fs::write(FIGURES, format!("{{\n{}\n}}\n", sections.join(",\n"))).map_err(text)
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
