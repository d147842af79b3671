//! The result file: the keys that a run replaces, and all else as it was.

use std::fs;
use std::process::Command;

use serde_json::{Map, Value, json};

const FIGURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/performance.json");
const LOCK: &str = include_str!("../../Cargo.lock");

/// Those whose version says what was measured.
const PACKAGES: [&str; 12] = [
    "aws-smithy-runtime",
    "feignhttp",
    "hyper",
    "hyper-util",
    "progenitor",
    "pynector",
    "reqwest",
    "reqwest-middleware",
    "reqwest-retry",
    "rustify",
    "serde_json",
    "tokio",
];

/// Writes the calls, and what they were measured on. Workloads that were not measured this time are kept.
pub(crate) fn write(rows: Vec<Value>, quick: bool) -> Result<(), String> {
    let old = fs::read_to_string(FIGURES).map_err(|error| error.to_string())?;
    let mut figures: Map<String, Value> = serde_json::from_str(&old).map_err(|error| error.to_string())?;
    let mut calls = figures.get("calls").and_then(Value::as_array).cloned().unwrap_or_default();
    calls.retain(|old| rows.iter().all(|row| row["workload"] != old["workload"]));
    calls.extend(rows);
    figures.insert("calls".to_owned(), Value::Array(calls));
    figures.insert("machine".to_owned(), machine());
    figures.insert("mode".to_owned(), json!(if quick { "quick" } else { "full" }));
    figures.insert("versions".to_owned(), versions());
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

/// What cannot be told is null.
fn machine() -> Value {
    let file = |path: &str| fs::read_to_string(path).ok();
    let cpu = file("/proc/cpuinfo").and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(": ")?.1.to_owned())
    });
    let release = file("/proc/sys/kernel/osrelease").map(|text| {
        let numbers: Vec<_> = text.trim().split('.').take(2).map(str::to_owned).collect();
        format!("Linux {}", numbers.join("."))
    });
    let rustc = said("rustc", "--version").and_then(|line| Some(line.split(' ').nth(1)?.to_owned()));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    json!({"cpu": cpu, "cores": cores, "os": release, "rustc": rustc, "date": said("date", "+%F")})
}

fn said(program: &str, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// Those of the lock file.
fn versions() -> Value {
    let version = |package: &&str| {
        let (_, behind) = LOCK.split_once(&format!("name = \"{package}\"\nversion = \""))?;
        Some(((*package).to_owned(), json!(behind.split_once('"')?.0)))
    };
    Value::Object(PACKAGES.iter().filter_map(version).collect())
}
