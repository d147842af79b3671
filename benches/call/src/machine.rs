//! What is measured on: the machine, and the versions of everything.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

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

/// What cannot be told is null.
pub(crate) fn machine() -> Value {
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
pub(crate) fn versions() -> Value {
    let version = |package: &&str| {
        let (_, behind) = LOCK.split_once(&format!("name = \"{package}\"\nversion = \""))?;
        Some(((*package).to_owned(), json!(behind.split_once('"')?.0)))
    };
    Value::Object(PACKAGES.iter().filter_map(version).collect())
}
