//! Many calls in flight at once, by each client on one thread and on two: calls per second of CPU time, printed or written.

mod clients;
mod figures;
mod load;

use std::process::Command;

use common::results;
use common::server::Server;
use serde_json::Value;

use crate::clients::CASES;
use crate::figures::{Place, row};
use crate::load::{Load, Taken};

const ROUNDS: usize = 9;
/// Of each contestant in one round: what a process measures differs from the next by a tenth, however long they run.
const TURNS: usize = 4;
const PLACES: [Place; 4] = [
    Place { in_flight: 64, workers: 1 },
    Place { in_flight: 64, workers: 2 },
    Place { in_flight: 1024, workers: 1 },
    Place { in_flight: 1024, workers: 2 },
];
/// Of one contestant at one place in one turn.
const CALLS: usize = 1 << 16;

fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve"] => common::server::serve().map_err(|error| error.to_string()),
        [] => measure(false),
        ["--write"] => measure(true),
        [case, in_flight, workers, calls] => one(case, in_flight, workers, calls),
        _ => Err("concurrency [--write | CASE IN_FLIGHT WORKERS CALLS]".to_owned()),
    }
}

/// One case in this process.
fn one(case: &str, in_flight: &str, workers: &str, calls: &str) -> Result<(), String> {
    let number = |word: &str| word.parse::<usize>().map_err(|_| format!("{word} is no number"));
    let (_, _, run) = CASES.get(number(case)?).ok_or("no such case")?;
    let load = Load { in_flight: number(in_flight)?, calls: number(calls)? };
    load::raise_limit_of_files(load.in_flight)?;
    let server = Server::start().map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(number(workers)?)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let taken = runtime.block_on(run(server.base.clone(), load))?;
    println!("{}", serde_json::to_string(&taken).map_err(|error| error.to_string())?);
    Ok(())
}

fn measure(write: bool) -> Result<(), String> {
    let mut rows = Vec::new();
    for place in PLACES {
        let mut rounds = Vec::new();
        for round in 0..ROUNDS {
            // All turns take as many calls, so their times count as one.
            let mut seconds = [0.0; CASES.len()];
            // Whoever went first goes last in the next turn.
            for turn in 0..TURNS {
                for step in 0..CASES.len() {
                    let case = (round + turn + step) % CASES.len();
                    seconds[case] += 1.0 / once(case, place)?.calls_per_cpu_second;
                }
            }
            rounds.push(seconds.map(|seconds| TURNS as f64 / seconds).to_vec());
        }
        for case in 0..CASES.len() {
            let row = row(case, place, &rounds);
            println!("{row}");
            rows.push(row);
        }
    }
    if write { results::replace([("concurrency", Value::Array(rows))]) } else { Ok(()) }
}

/// Once, in a process of its own.
fn once(case: usize, place: Place) -> Result<Taken, String> {
    let words = [case, place.in_flight, place.workers, CALLS].map(|number| number.to_string());
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program).args(words).output().map_err(|error| error.to_string())?;
    let taken: Taken = serde_json::from_slice(&output.stdout)
        .map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())?;
    if taken.connections < place.in_flight {
        return Err(format!("{} kept {} connections alone", CASES[case].0, taken.connections));
    }
    Ok(taken)
}
