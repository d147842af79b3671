//! The result file: the keys that a program replaces, and all else as it was.

use std::fs;

use serde_json::{Map, Value};

const FIGURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/performance.json");

/// Replaces what stands under these keys.
pub fn replace<const N: usize>(keys: [(&str, Value); N]) -> Result<(), String> {
    let mut figures = read()?;
    figures.extend(keys.map(|(key, value)| (key.to_owned(), value)));
    let sections: Vec<_> =
        figures.iter().map(|(key, value)| format!("  \"{key}\": {}", lines(value))).collect();
    fs::write(FIGURES, format!("{{\n{}\n}}\n", sections.join(",\n"))).map_err(|error| error.to_string())
}

/// The rows under a key with the new ones among them: those that are the same `by` a column go, the others were not measured.
pub fn merged(key: &str, by: &str, rows: Vec<Value>) -> Result<Value, String> {
    let mut all = match read()?.remove(key) {
        Some(Value::Array(all)) => all,
        _ => Vec::new(),
    };
    all.retain(|old| rows.iter().all(|row| row[by] != old[by]));
    all.extend(rows);
    Ok(Value::Array(all))
}

fn read() -> Result<Map<String, Value>, String> {
    let text = fs::read_to_string(FIGURES).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
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
