//! What a call costs where there is more of something: instructions, allocations and CPU time, written into the figures.

#[path = "../../call/src/allocations.rs"]
mod allocations;
mod cases;
mod peers;
mod server;

use std::process::Command;
use std::{env, fs};

use common::results;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::cases::{Case, Run};

/// How many calls are counted by callgrind, where one does not take long.
const CALLS: usize = 200;

fn main() -> Result<(), String> {
    let words: Vec<String> = env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["run", case, base, calls] => run(case, base, calls),
        ["--write", what @ ..] => measure(true, what),
        what => measure(false, what),
    }
}

/// One case in a process of its own: so many calls, then the same again, of which it prints what they took.
fn run(case: &str, base: &str, calls: &str) -> Result<(), String> {
    let case = case.parse::<usize>().ok().and_then(|nth| cases::all().into_iter().nth(nth));
    let (Some(case), Ok(calls)) = (case, calls.parse::<usize>()) else {
        return Err("no such case".to_owned());
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(text)?;
    let run: Run = runtime.block_on(case.client(base.to_owned()))?;
    runtime.block_on(run(calls))?;
    let before = (allocations::so_far().0, cpu()?);
    counted_alone(&runtime, &run, calls)?;
    println!("{} {}", allocations::so_far().0 - before.0, cpu()? - before.1);
    Ok(())
}

/// The calls that callgrind counts: it is told this name, so that meeting ten thousand hosts before does not count.
#[inline(never)]
fn counted_alone(runtime: &Runtime, run: &Run, calls: usize) -> Result<(), String> {
    runtime.block_on(run(calls))
}

/// Nanoseconds that this thread has had a processor, on which all clients run.
fn cpu() -> Result<u64, String> {
    // The kernel adds up at a tick or where a thread gives way.
    std::thread::yield_now();
    let line = fs::read_to_string("/proc/thread-self/schedstat").map_err(text)?;
    line.split(' ').next().and_then(|word| word.parse().ok()).ok_or_else(|| "no schedstat".to_owned())
}

/// All cases, or those of what is named.
fn measure(write: bool, named: &[&str]) -> Result<(), String> {
    let address = server::start().map_err(text)?;
    let base = format!("http://{address}");
    let valgrind = Command::new("valgrind").arg("--version").output().is_ok();
    println!(
        "{:<10} {:>9} {:<24} {:>13} {:>12} {:>10}",
        "", "n", "", "instructions", "allocations", "CPU us"
    );
    let mut rows = Vec::new();
    for (nth, case) in cases::all().iter().enumerate() {
        if !named.is_empty() && !named.contains(&case.what) {
            continue;
        }
        let calls = case.calls(CALLS);
        let (allocations, nanos) = native(nth, &base, calls * 5)?;
        let instructions = valgrind.then(|| counted(nth, &base, calls)).transpose()?;
        let row = case.row(instructions, allocations, nanos / 1000.0);
        println!(
            "{:<10} {:>9} {:<24} {:>13.0} {allocations:>12.1} {:>10.1}",
            case.what,
            case.n,
            case.contestant,
            instructions.unwrap_or(f64::NAN),
            nanos / 1000.0
        );
        rows.push(row);
    }
    if write { results::replace([("growth", results::merged("growth", "what", rows)?)]) } else { Ok(()) }
}

/// Allocations and nanoseconds of a call.
fn native(nth: usize, base: &str, calls: usize) -> Result<(f64, f64), String> {
    let words = [nth.to_string(), base.to_owned(), calls.to_string()];
    let output =
        Command::new(env::current_exe().map_err(text)?).arg("run").args(words).output().map_err(text)?;
    let line = String::from_utf8_lossy(&output.stdout);
    let mut numbers = line.split_whitespace().map_while(|word| word.parse::<f64>().ok());
    let (Some(allocations), Some(nanos)) = (numbers.next(), numbers.next()) else {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    };
    Ok((allocations / calls as f64, nanos / calls as f64))
}

/// Instructions of a call; the server is another process.
fn counted(nth: usize, base: &str, calls: usize) -> Result<f64, String> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*counted_alone*"])
        .arg(env::current_exe().map_err(text)?)
        .args(["run", &nth.to_string(), base, &calls.to_string()])
        .output()
        .map_err(text)?;
    let said = String::from_utf8_lossy(&output.stderr);
    let number = said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse::<f64>().ok());
    number.map(|number| number / calls as f64).ok_or_else(|| said.into_owned())
}

fn text(error: impl std::fmt::Display) -> String {
    format!("{error:#}")
}

impl Case {
    fn row(&self, instructions: Option<f64>, allocations: f64, cpu_us: f64) -> Value {
        let tenth = |value: f64| (value * 10.0).round() / 10.0;
        json!({
            "what": self.what,
            "n": self.n,
            "contestant": self.contestant,
            "instructions": instructions.map(f64::round),
            "allocations": tenth(allocations),
            "cpu_us": tenth(cpu_us),
        })
    }

    /// Fewer calls where each takes long.
    fn calls(&self, most: usize) -> usize {
        if self.what == "body" { (2_000_000 / self.n).clamp(3, most) } else { most }
    }
}
