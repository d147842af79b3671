//! All cases in turns, each in a process of its own, and what comes of their rounds.

use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::results;
use serde_json::{Value, json};

use crate::contestants::{ALL, Entry};
use crate::drive::Taken;
use crate::machine;
use crate::workload::Workload;

pub(crate) struct Options {
    pub(crate) quick: bool,
    pub(crate) write: bool,
    pub(crate) workloads: Vec<Workload>,
}

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let mut rows = Vec::new();
    for workload in &options.workloads {
        let part: Vec<_> = ALL.iter().filter(|entry| entry.workloads.contains(workload)).collect();
        let counts = instructions(*workload, &part, options.quick)?;
        let rounds = rounds(*workload, &part, options.quick)?;
        println!("{}", workload.name());
        for (nth, entry) in part.iter().enumerate() {
            let row = row(*workload, &part, nth, counts[nth], &rounds);
            print(entry.name, &row);
            rows.push(row);
        }
    }
    if !options.write {
        return Ok(());
    }
    results::replace([
        ("calls", results::merged("calls", "workload", rows)?),
        ("machine", machine::machine()),
        ("mode", json!(if options.quick { "quick" } else { "full" })),
        ("versions", machine::versions()),
    ])
}

/// The contestants take turns, and another one begins each time.
fn rounds(workload: Workload, part: &[&Entry], quick: bool) -> Result<Vec<Vec<Taken>>, String> {
    let calls = workload.calls(quick).to_string();
    let mut rounds = Vec::new();
    for round in 0..workload.rounds(quick) {
        let mut taken: Vec<Option<Taken>> = part.iter().map(|_| None).collect();
        for nth in (0..part.len()).map(|nth| (nth + round) % part.len()) {
            let output = this_program().args(["one", workload.name(), part[nth].name, &calls]).output();
            let said = successful(output, part[nth].name)?.stdout;
            taken[nth] = Some(serde_json::from_slice(&said).map_err(|error| error.to_string())?);
        }
        rounds.push(taken.into_iter().flatten().collect());
    }
    Ok(rounds)
}

fn row(
    workload: Workload,
    part: &[&Entry],
    nth: usize,
    instructions: Option<u64>,
    rounds: &[Vec<Taken>],
) -> Value {
    let of = |what: fn(&Taken) -> f64| median(rounds.iter().map(|round| what(&round[nth])).collect());
    let beside = |name: &str| {
        let other = part.iter().position(|entry| entry.name == name)?;
        Some(median(rounds.iter().map(|round| round[nth].cpu_us / round[other].cpu_us).collect()))
    };
    json!({
        "workload": workload.name(), "contestant": part[nth].name, "instructions": instructions,
        "allocations": of(|taken| taken.allocations), "bytes": of(|taken| taken.bytes),
        "cpu_us": of(|taken| taken.cpu_us), "p50_us": of(|taken| taken.p50_us),
        "p99_us": of(|taken| taken.p99_us), "rss_kib": of(|taken| taken.rss_kib) as u64,
        "cpu_vs_reqwest": beside("reqwest"), "cpu_vs_hyper_util": beside("hyper-util"),
    })
}

fn print(name: &str, row: &Value) {
    let number = |key: &str| row[key].as_f64().unwrap_or(f64::NAN);
    println!(
        "  {name:<36} {:>8.0} instructions {:>7.1} allocations {:>9.1} us CPU, {:.2} of reqwest's, {:.2} of hyper-util's; \
         p50 {:.1} us, p99 {:.1} us, {:.1} MiB",
        number("instructions"),
        number("allocations"),
        number("cpu_us"),
        number("cpu_vs_reqwest"),
        number("cpu_vs_hyper_util"),
        number("p50_us"),
        number("p99_us"),
        number("rss_kib") / 1024.0
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    (values[values.len() / 2] * 1000.0).round() / 1000.0
}

/// What twice as many calls take more, by each, of each contestant; nothing without valgrind. Counting does not mind a busy
/// machine, so all its processors count at once.
fn instructions(workload: Workload, part: &[&Entry], quick: bool) -> Result<Vec<Option<u64>>, String> {
    let counts = Mutex::new(vec![None; part.len()]);
    let Some(calls) = workload.counted(quick).filter(|_| has_valgrind()) else {
        return counts.into_inner().map_err(|error| error.to_string());
    };
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((nth, entry)) = {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            part.get(nth).map(|entry| (nth, entry))
        } {
            let (one, two) = (counted(workload, entry, calls)?, counted(workload, entry, 2 * calls)?);
            if let Ok(mut counts) = counts.lock() {
                counts[nth] = Some(two.saturating_sub(one) / calls);
            }
        }
        Ok::<_, String>(())
    };
    std::thread::scope(|scope| {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().map_err(|_| "a worker panicked".to_owned())?)
    })?;
    counts.into_inner().map_err(|error| error.to_string())
}

fn has_valgrind() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

fn counted(workload: Workload, entry: &Entry, calls: u64) -> Result<u64, String> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(this_program().get_program())
        .args(["one", workload.name(), entry.name, &calls.to_string(), "untimed"])
        .output();
    let said = successful(output, entry.name)?.stderr;
    let said = String::from_utf8_lossy(&said);
    let number = said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    number.ok_or_else(|| said.into_owned())
}

fn this_program() -> Command {
    Command::new(std::env::current_exe().unwrap_or_else(|_| "call".into()))
}

fn successful(output: std::io::Result<Output>, name: &str) -> Result<Output, String> {
    let output = output.map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(output);
    }
    Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)))
}
