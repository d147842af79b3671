//! An outage as several clients live through it: prints a table, draws a picture, and checks the README's numbers.

mod clock;
mod contestants;
mod drawing;
mod script;
mod table;
/// The server and the load of the tests, so that both speak of the same thing.
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../../../tests/simulation/world.rs"]
mod world;

use std::process::ExitCode;
use std::{env, fs};

use contestants::ALL;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn main() -> ExitCode {
    let mode = env::args().nth(1).unwrap_or_default();
    if !["", "--write", "--check"].contains(&&*mode) {
        eprintln!("usage: outage [--write | --check]");
        return ExitCode::FAILURE;
    }
    let rows: Vec<_> = ALL.iter().map(table::Row::of).collect();
    println!("{}", table::print(&rows));
    let readme = fs::read_to_string(format!("{ROOT}/README.md")).expect("a README");
    match &*mode {
        "--write" => {
            let runs: Vec<_> = ALL
                .iter()
                .map(|one| (one.name, one.run(script::outage(), script::END, world::SEED)))
                .collect();
            fs::write(format!("{ROOT}/docs/outage.svg"), drawing::draw(&runs)).expect("a picture");
            fs::write(format!("{ROOT}/README.md"), table::replace(&readme, &rows)).expect("a README");
            ExitCode::SUCCESS
        }
        "--check" => {
            let wrong = table::differences(&readme, &rows);
            wrong.iter().for_each(|line| eprintln!("{line}"));
            if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        _ => ExitCode::SUCCESS,
    }
}
