//! What one typed call costs by default settings with the breaker on, beside hyper and reqwest: printed, or written.

mod allocations;
mod clients;
mod meter;
mod server;

use std::process::Command;

use serde_json::{Value, json};

use crate::clients::CASES;
use crate::meter::{Meter, Taken};
use crate::server::Server;

const CALLS: u64 = 2000;
const COUNTED: u64 = 200;
const ROUNDS: usize = 21;
const RESULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/performance.json");

fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve"] => server::serve().map_err(|error| error.to_string()),
        [] => measure(false),
        ["--write"] => measure(true),
        [case, calls] => one(case, calls),
        _ => Err("call [--write | CASE CALLS]".to_owned()),
    }
}

/// One case and so many calls, in this process.
fn one(case: &str, calls: &str) -> Result<(), String> {
    let case = case.parse::<usize>().ok().and_then(|nth| CASES.get(nth)).ok_or("no such case")?;
    let calls = calls.parse().map_err(|_| "no such number")?;
    let server = Server::start().map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let taken = runtime.block_on((case.1)(server.base.clone(), Meter { calls }))?;
    println!("{}", serde_json::to_string(&taken).map_err(|error| error.to_string())?);
    Ok(())
}

fn measure(write: bool) -> Result<(), String> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push((0..CASES.len()).map(taken).collect::<Result<Vec<_>, _>>()?);
    }
    let mut rows = Vec::new();
    for (nth, (name, _)) in CASES.iter().enumerate() {
        let of = |what: fn(&Taken) -> f64| median(rounds.iter().map(|round| what(&round[nth])).collect());
        let beside = |other: usize| {
            median(rounds.iter().map(|round| round[nth].cpu_us / round[other].cpu_us).collect())
        };
        let row = json!({
            "workload": "get", "contestant": name, "instructions": instructions(nth),
            "allocations": of(|taken| taken.allocations), "bytes": of(|taken| taken.bytes),
            "cpu_us": of(|taken| taken.cpu_us), "p50_us": of(|taken| taken.p50_us),
            "p99_us": of(|taken| taken.p99_us), "rss_kib": of(|taken| taken.rss_kib) as u64,
            "cpu_vs_reqwest": beside(0), "cpu_vs_hyper_util": beside(1),
        });
        println!("{row}");
        rows.push(row);
    }
    if write { replace(rows) } else { Ok(()) }
}

/// A process of its own for each, so that each has its own peak of memory.
fn taken(case: usize) -> Result<Taken, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program).args([case.to_string(), CALLS.to_string()]).output();
    let output = output.map_err(|error| error.to_string())?;
    serde_json::from_slice(&output.stdout).map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    (values[values.len() / 2] * 1000.0).round() / 1000.0
}

/// What twice as many calls take more, by each; nothing without valgrind.
fn instructions(case: usize) -> Option<u64> {
    let more = counted(case, 2 * COUNTED)?.checked_sub(counted(case, COUNTED)?)?;
    Some(more / COUNTED)
}

fn counted(case: usize, calls: u64) -> Option<u64> {
    let program = std::env::current_exe().ok()?;
    let valgrind = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([case.to_string(), calls.to_string()])
        .output()
        .ok()?;
    if !valgrind.status.success() {
        return None;
    }
    let said = String::from_utf8_lossy(&valgrind.stderr).into_owned();
    said.lines().find_map(|line| line.split_once("Collected : "))?.1.trim().parse().ok()
}

/// Replaces the calls that the result file has, and leaves all else.
fn replace(rows: Vec<Value>) -> Result<(), String> {
    let old = std::fs::read_to_string(RESULTS).map_err(|error| error.to_string())?;
    let begin = old.find("  \"calls\": [").ok_or("no calls in the result file")?;
    let end = begin + old[begin..].find("\n  ]").ok_or("the calls have no end")?;
    let lines: Vec<String> = rows.iter().map(|row| format!("    {row}")).collect();
    let new = format!("{}  \"calls\": [\n{}{}", &old[..begin], lines.join(",\n"), &old[end..]);
    serde_json::from_str::<Value>(&new).map_err(|error| error.to_string())?;
    std::fs::write(RESULTS, new).map_err(|error| error.to_string())
}
