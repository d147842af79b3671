//! Generated clients against httpbin, a server that nobody here wrote: its echoes are a second opinion on what was sent.
#![allow(clippy::indexing_slicing, reason = "a test that fails may panic")]

mod auth;
mod bodies;
mod echo;
mod forms;
mod redirects;
mod status;

use std::process::ExitCode;

use pynector_tests::real::{Outcome, RealServer, failure};
use pynector_tests::trials;

/// `scripts/httpbin` starts it.
const HTTPBIN: RealServer = RealServer { name: "httpbin", variable: "PYNECTOR_HTTPBIN" };

fn main() -> ExitCode {
    let suites = [
        auth::trials(),
        bodies::trials(),
        echo::trials(),
        forms::trials(),
        redirects::trials(),
        status::trials(),
    ];
    HTTPBIN.run(suites.into_iter().flatten())
}

/// The base URL of the server.
fn httpbin() -> Outcome<String> {
    HTTPBIN.url()
}
