//! What one typed call costs by default settings with the breaker on, beside reqwest and hyper-util, printed.

#[path = "../../cost/src/allocations.rs"]
mod allocations;
mod clients;
mod server;

use std::time::Instant;

use crate::clients::CASES;

const CALLS: u64 = 2000;
const ROUNDS: usize = 9;

fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let address = server::start().map_err(|error| error.to_string())?;
    let base = format!("http://{address}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    // One case and so many calls, for whoever counts from outside.
    if let [case, calls] = words.as_slice() {
        let case = case.parse::<usize>().ok().and_then(|nth| CASES.get(nth)).ok_or("call [case calls]")?;
        let calls = calls.parse().map_err(|_| "call [case calls]")?;
        runtime.block_on((case.1)(base, calls))?;
        return Ok(());
    }
    let mut took = [[0; ROUNDS]; CASES.len()];
    let mut asked = [0; CASES.len()];
    for round in 0..ROUNDS {
        for (nth, (_, run)) in CASES.iter().enumerate() {
            let few = measured(&runtime, *run, &base, CALLS)?;
            let many = measured(&runtime, *run, &base, 2 * CALLS)?;
            took[nth][round] = many.0.saturating_sub(few.0);
            asked[nth] = many.1 - few.1;
        }
    }
    println!("{:<32} {:>12} {:>8} {:>10}", "a call", "allocations", "us", "of reqwest");
    let median = |nth: usize| {
        let mut times = took[nth];
        times.sort_unstable();
        times[ROUNDS / 2] as f64 / CALLS as f64 / 1000.0
    };
    for (nth, (name, _)) in CASES.iter().enumerate() {
        let allocations = asked[nth] as f64 / CALLS as f64;
        println!("{name:<32} {allocations:>12.1} {:>8.1} {:>10.2}", median(nth), median(nth) / median(0));
    }
    Ok(())
}

/// Nanoseconds and allocations of so many calls by a client of its own.
fn measured(
    runtime: &tokio::runtime::Runtime,
    run: fn(String, u64) -> std::pin::Pin<Box<dyn Future<Output = Result<u64, String>>>>,
    base: &str,
    calls: u64,
) -> Result<(u64, u64), String> {
    let (before, started) = (allocations::count(), Instant::now());
    runtime.block_on(run(base.to_owned(), calls))?;
    let nanos = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
    Ok((nanos, allocations::count() - before))
}
