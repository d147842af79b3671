//! What one typed call costs by each client, workload by workload: printed, or written into the result file.

mod allocations;
mod contestants;
mod drive;
mod machine;
mod measure;
mod workload;

use crate::drive::Plan;
use crate::measure::Options;
use crate::workload::Workload;

/// Calls before it counts.
const WARM: u64 = 20;
const USAGE: &str = "call [--quick] [--write] [WORKLOAD..] | call one WORKLOAD CONTESTANT CALLS [untimed]";

fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve"] => common::server::serve().map_err(|error| error.to_string()),
        ["one", workload, contestant, calls] => one(workload, contestant, calls, true),
        ["one", workload, contestant, calls, "untimed"] => one(workload, contestant, calls, false),
        words => measure::measure(&options(words)?),
    }
}

fn options(words: &[&str]) -> Result<Options, String> {
    let mut options = Options { quick: false, write: false, workloads: Vec::new() };
    for word in words {
        match *word {
            "--quick" => options.quick = true,
            "--write" => options.write = true,
            name if name.starts_with('-') => return Err(USAGE.to_owned()),
            name => options.workloads.push(Workload::named(name)?),
        }
    }
    if options.workloads.is_empty() {
        options.workloads = Workload::ALL.to_vec();
    }
    Ok(options)
}

/// One case and so many calls, in this process.
fn one(workload: &str, contestant: &str, calls: &str, timed: bool) -> Result<(), String> {
    let workload = Workload::named(workload)?;
    let entry = contestants::ALL.iter().find(|entry| entry.name == contestant);
    let calls = calls.parse().map_err(|_| USAGE)?;
    let warm = if workload == Workload::Download { 0 } else { WARM };
    let taken = (entry.ok_or("no such contestant")?.drive)(Plan { workload, warm, calls, timed })?;
    println!("{}", serde_json::to_string(&taken).map_err(|error| error.to_string())?);
    Ok(())
}
