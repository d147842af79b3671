//! What a long body costs, up and down: memory and throughput beside bare reqwest, printed.

mod clients;
mod memory;
mod server;

use std::io::Write as _;
use std::process::Command;
use std::time::Instant;

use crate::clients::{CASES, Case};

const USAGE: &str = "transfer [MiB of a body] [rounds]";

fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        // A process for each transfer, so that its memory is its own.
        ["one", case, address, bytes] => one(case, address, bytes.parse().map_err(|_| USAGE)?),
        _ => {
            let mut numbers = words.iter().map(|word| word.parse::<u64>().map_err(|_| USAGE));
            let size = numbers.next().transpose()?.unwrap_or(1024);
            let rounds = numbers.next().transpose()?.unwrap_or(9);
            all(size << 20, rounds)
        }
    }
}

/// One transfer: prints how long it took and how far memory grew, in microseconds and KiB.
fn one(name: &str, address: &str, bytes: u64) -> Result<(), String> {
    let case = CASES.iter().find(|case| case.name == name).ok_or(USAGE)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let base = format!("http://{address}");
    // The first transfer makes the connection and whatever else there is once.
    runtime.block_on((case.run)(base.clone(), 1 << 20))?;
    let before = memory::start()?;
    let started = Instant::now();
    let moved = runtime.block_on((case.run)(base, bytes))?;
    let took = started.elapsed();
    if moved != bytes {
        return Err(format!("{name}: {moved} bytes instead of {bytes}"));
    }
    println!("{} {}", took.as_micros(), memory::peak()?.saturating_sub(before));
    Ok(())
}

/// All cases in turns, and of each the median.
fn all(bytes: u64, rounds: u64) -> Result<(), String> {
    let address = server::start().map_err(|error| error.to_string())?.to_string();
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut took = vec![Vec::new(); CASES.len()];
    let mut grew = vec![0; CASES.len()];
    for round in 1..=rounds {
        print!("\rround {round} of {rounds}");
        let _ = std::io::stdout().flush();
        for (nth, case) in CASES.iter().enumerate() {
            let output = Command::new(&own).args(["one", case.name, &address, &bytes.to_string()]).output();
            let output = output.map_err(|error| error.to_string())?;
            let printed = String::from_utf8_lossy(&output.stdout);
            let mut numbers = printed.split_whitespace().map(str::parse::<u64>);
            let (Some(Ok(micros)), Some(Ok(kib))) = (numbers.next(), numbers.next()) else {
                return Err(String::from_utf8_lossy(&output.stderr).into_owned());
            };
            took[nth].push(micros);
            grew[nth] = grew[nth].max(kib);
        }
    }
    println!("\r{} MiB, median of {rounds} rounds in turns\n", bytes >> 20);
    println!("{:<26} {:>8} {:>14} {:>22}", "", "MiB/s", "of reqwest's", "most memory it grew by");
    for (nth, Case { name, beside, .. }) in CASES.iter().enumerate() {
        let micros = median(&took[nth]);
        let theirs =
            CASES.iter().position(|case| case.name == *beside).map_or(micros, |at| median(&took[at]));
        let rate = (bytes >> 20) as f64 / (micros as f64 / 1e6);
        let ratio = theirs as f64 / micros as f64;
        println!("{name:<26} {rate:>8.0} {ratio:>14.2} {:>18.1} MiB", grew[nth] as f64 / 1024.0);
    }
    Ok(())
}

fn median(times: &[u64]) -> u64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
