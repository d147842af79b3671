//! A generated client and the session API against etcd, a server that nobody here wrote, through its JSON gateway.
#![allow(clippy::indexing_slicing, reason = "a test that fails may panic")]

mod api;
mod concurrency;
mod errors;
mod keys;
mod leases;
mod session;
mod transactions;
mod watch;

use std::process::ExitCode;

use pynector_tests::real::{Outcome, RealServer, failure};
use pynector_tests::trials;

use api::KvClient;

/// `scripts/etcd` starts it.
const ETCD: RealServer = RealServer { name: "etcd", variable: "PYNECTOR_ETCD" };

fn main() -> ExitCode {
    let suites = [
        concurrency::trials(),
        errors::trials(),
        keys::trials(),
        leases::trials(),
        session::trials(),
        transactions::trials(),
        watch::trials(),
    ];
    ETCD.run(suites.into_iter().flatten())
}

/// A client of the server. All tests share its data, so each has keys of its own.
fn kv() -> Outcome<KvClient> {
    Ok(KvClient::at(ETCD.url()?)?)
}
