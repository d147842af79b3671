//! Generated clients against httpbin, a server that nobody here wrote: its echoes are a second opinion on what was sent.
//!
//! The server's address comes from the environment. Without it every test is reported as ignored, and a line says how
//! to run them; that is why this is not the standard harness, which can ignore nothing at run time and hides what passes.

mod auth;
mod bodies;
mod echo;
mod redirects;
mod status;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

/// Where the server is; `scripts/httpbin` sets it.
const ADDRESS: &str = "PYNECTOR_HTTPBIN";

/// What a test gives back: nothing, or why it stopped.
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let missing = env::var_os(ADDRESS).is_none();
    let suites = [auth::trials(), bodies::trials(), echo::trials(), redirects::trials(), status::trials()];
    let trials = suites.into_iter().flatten().map(|trial| trial.with_ignored_flag(missing)).collect();
    let conclusion = libtest_mimic::run(&Arguments::from_args(), trials);
    if missing {
        println!("NOT RUN: the httpbin suite, since {ADDRESS} is not set; run it with scripts/httpbin\n");
    }
    conclusion.exit_code()
}

/// The trials of a module, from the names of its async functions; one that is left out is dead code.
macro_rules! trials {
    ($($name:ident)*) => {
        pub(crate) fn trials() -> Vec<libtest_mimic::Trial> {
            vec![$(crate::trial(concat!(module_path!(), "::", stringify!($name)), || Box::pin($name()))),*]
        }
    };
}
use trials;

type Running = std::pin::Pin<Box<dyn Future<Output = Outcome>>>;

/// A test with a runtime of its own, as `#[tokio::test]` has.
fn trial(path: &str, test: fn() -> Running) -> Trial {
    let name = path.split_once("::").map_or(path, |(_, name)| name);
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(test()).map_err(|error| Failed::from(error.to_string()))
    })
}

/// The base URL of the server.
fn httpbin() -> Outcome<String> {
    env::var(ADDRESS)
        .map_err(|error| format!("{ADDRESS}: {error}; run the suite with scripts/httpbin").into())
}

/// The error of a call that must not succeed.
async fn failure<T>(call: impl Future<Output = pynector::Result<T>>) -> Outcome<pynector::Error> {
    match call.await {
        Ok(_) => Err("a success where an error was due".into()),
        Err(error) => Ok(error),
    }
}
