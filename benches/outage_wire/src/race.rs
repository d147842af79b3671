//! S7: a server that closes idle connections after 5 ms, and now and then one whose request it has read.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use pynector::{HttpTransport, Operation, RetryPolicy};
use pynector_tests::raw::{RawServer, Reply, Setup, answer};

use crate::measure::numbers;

const GET: Operation = Operation::get("Race::get", "/");
const POST: Operation = Operation::post("Race::post", "/");
const CALLERS: u64 = 4;

pub async fn run(calls: u64) {
    let started = Instant::now();
    let number = AtomicUsize::new(0);
    let whole = answer("200 OK", "content-type: application/json\r\n", b"7");
    let server =
        RawServer::with(Setup::default(), move |_| match number.fetch_add(1, Ordering::SeqCst) % 50 {
            49 => Reply::Close(Vec::new()),
            _ => Reply::Idle(whole.clone(), Duration::from_millis(5)),
        })
        .await;
    let retry = RetryPolicy::new().initial_backoff(Duration::from_millis(2));
    let transport = HttpTransport::builder(server.url()).retry(retry).build().expect("a transport");
    let callers: Vec<_> =
        (0..CALLERS).map(|caller| tokio::spawn(call(transport.clone(), caller, calls / CALLERS))).collect();
    let (mut gets, mut answered, mut failed) = (0, 0, 0);
    for caller in callers {
        let told = caller.await.expect("a caller");
        (gets, answered, failed) = (gets + told.0, answered + told.1, failed + told.2);
    }
    let mut bodies = HashMap::new();
    for asked in server.asked().iter().filter(|asked| asked.method == "POST") {
        *bodies.entry(asked.hash).or_insert(0u32) += 1;
    }
    let twice = bodies.values().filter(|count| **count > 1).count();
    println!(
        "calls               {calls} in {:.1?}, {} connections",
        started.elapsed(),
        server.connections()
    );
    println!("GET answered        {answered} of {gets}: {:.5}", answered as f64 / gets as f64);
    println!("POST that failed    {failed}, each of which is the caller's to decide about");
    println!("POST seen twice     {twice} of {}", bodies.len());
}

/// How many gets there were, how many were answered, and how many posts failed.
async fn call(transport: HttpTransport, caller: u64, calls: u64) -> (u64, u64, u64) {
    let (mut gets, mut answered, mut failed) = (0, 0, 0);
    for (call, number) in (0..calls).zip(numbers(caller)) {
        if number % 2 == 0 {
            failed += u64::from(transport.call(&POST).json(&(caller, call)).send::<u32>().await.is_err());
        } else {
            gets += 1;
            answered += u64::from(transport.call(&GET).send::<u32>().await.is_ok());
        }
        if number / 2 % 8 == 0 {
            tokio::time::sleep(Duration::from_micros(4000 + number / 16 % 2000)).await;
        }
    }
    (gets, answered, failed)
}
