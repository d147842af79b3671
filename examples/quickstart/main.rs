//! Drives a small library through a generated client and checks, step by step, what the server saw of it.
//!
//! The API stands in `api.rs`, the calls in `steps.rs`. Nothing leaves this machine: the server of `server.rs` runs in
//! this process.
//!
//! ```text
//! cargo run --example quickstart                         all steps; exit code 0 if each happened as it must
//! cargo run --example quickstart -- --list               the names of the steps
//! cargo run --example quickstart -- --sabotage <step>    the server misbehaves at that step; exit code 1
//! ```

mod api;
mod clock;
mod server;
mod steps;
mod transcript;

use std::process::ExitCode;
use std::time::Duration;

use api::LibraryClient;
use server::Server;
use steps::{Mismatch, Step, check};
use transcript::{Narrator, ms};

/// How many requests all steps together send.
const REQUESTS: u32 = 14;

/// No step takes longer unless something hangs.
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => run(None).await,
        ["--list"] => {
            println!("{}", names("\n"));
            ExitCode::SUCCESS
        }
        ["--sabotage", name] => match Step::ALL.into_iter().find(|step| step.name() == *name) {
            Some(step) => run(Some(step)).await,
            None => usage(&format!("there is no step `{name}`")),
        },
        _ => usage("these are not the arguments"),
    }
}

fn usage(complaint: &str) -> ExitCode {
    eprintln!("{complaint}\nusage: quickstart [--list | --sabotage <step>]\nsteps: {}", names(", "));
    ExitCode::from(2)
}

fn names(separator: &str) -> String {
    Step::ALL.map(Step::name).join(separator)
}

async fn run(sabotage: Option<Step>) -> ExitCode {
    let started = clock::now();
    match all_steps(sabotage).await {
        Ok(requests) => {
            let (steps, time) = (Step::ALL.len(), ms(started.elapsed()));
            println!("\n{steps} steps, {requests} requests, {time}: all as it must be.");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("\nFAILED {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn all_steps(sabotage: Option<Step>) -> Result<u32, String> {
    let server = Server::start(sabotage).await.map_err(|error| format!("to start the server: {error}"))?;
    let library = LibraryClient::builder()
        .base_url(server.url())
        .observer(Narrator)
        .build()
        .map_err(|error| format!("to build the client: {error}"))?;
    println!("A library at {}, called through a generated client.", server.url());

    for (number, step) in (1..).zip(Step::ALL) {
        println!("\n{number}. {:<12} {}", step.name(), step.title());
        let outcome = clock::within(PATIENCE, step.take(&library, &server)).await;
        let outcome = outcome.unwrap_or_else(|| Err(Mismatch::new("time", "an end", ms(PATIENCE))));
        outcome.map_err(|mismatch| format!("{}: {mismatch}", step.name()))?;
    }
    check("requests of all steps", REQUESTS, server.requests()).map_err(|mismatch| mismatch.to_string())?;
    Ok(server.requests())
}
