//! What a call costs, held against the figures in `figures.json`; `--write` replaces them.

mod api;
mod cases;
mod figures;
mod goals;
mod measure;
mod server;
mod tools;

use std::process::ExitCode;

use crate::api::Outcome;
use crate::figures::Figures;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [] => check(),
        ["--write"] => write(),
        ["--calls", base] => measure::calls(base).map(|()| true),
        _ => Err("cost [--write]".into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cost: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether nothing costs more than is committed, and what is promised holds.
fn check() -> Outcome<bool> {
    let committed = Figures::read()?;
    let now = measure::all()?;
    let mut problems = goals::broken(&now.calls, &committed.calls);
    let changed = now.compared(&committed);
    let told = now.changes_of_tools(&committed);
    if told.is_empty() {
        problems.extend(changed);
    } else {
        println!("\nThe committed figures were measured with other tools, so differences are printed alone:");
        told.iter().chain(&changed).for_each(|line| println!("  {line}"));
    }
    for problem in &problems {
        println!("FAILED: {problem}");
    }
    if !problems.is_empty() {
        println!("If that is meant: cargo run --release --locked --package pynector-cost -- --write");
    }
    Ok(problems.is_empty())
}

fn write() -> Outcome<bool> {
    let now = measure::all()?;
    if now.valgrind.is_none() {
        return Err("valgrind is needed, or there are no instructions to write".into());
    }
    now.write()?;
    goals::broken(&now.calls, &now.calls);
    Ok(true)
}
