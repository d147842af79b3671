//! What broken servers cost a client: connections, memory and time, at real sockets, printed.

mod bodies;
mod hosts;
mod measure;
mod race;
mod soak;

use std::future::Future;

const USAGE: &str = "outage_wire race [calls] | bodies [calls] | hosts [hosts] | soak [seconds]";

fn main() -> Result<(), String> {
    let mut words = std::env::args().skip(1);
    let what = words.next().ok_or(USAGE)?;
    let number = words.next().map(|word| word.parse::<u64>().map_err(|_| USAGE)).transpose()?;
    match what.as_str() {
        "race" => on_two(race::run(number.unwrap_or(20_000))),
        "bodies" => on_two(bodies::run(number.unwrap_or(300))),
        "hosts" => on_two(hosts::run(number.unwrap_or(100_000))),
        "soak" => on_two(soak::run(number.unwrap_or(30))),
        _ => return Err(USAGE.to_owned()),
    }
    Ok(())
}

/// One thread for the client and one for the server, about.
fn on_two(program: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(program);
}
