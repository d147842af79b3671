//! S9: errors with bodies, each of which is thrown away by a retry.

use std::time::{Duration, Instant};

use pynector::{HttpTransport, Operation, RetryBudget, RetryPolicy};
use pynector_tests::raw::{RawServer, Reply, Setup, answer};

use crate::measure::{mib, resident};

const GET: Operation = Operation::get("Bodies::get", "/");

pub async fn run(calls: u64) {
    println!("{calls} calls, each answered after three errors with a body");
    println!("body          connections   RSS after a third   RSS at the end   time");
    for size in [0, 1 << 10, 64 << 10, 1 << 20] {
        let started = Instant::now();
        let error = answer("503 Service Unavailable", "", &vec![b'x'; size]);
        let server = RawServer::with(Setup::default().forgets(), {
            let turn = std::sync::atomic::AtomicU64::new(0);
            move |_| match turn.fetch_add(1, std::sync::atomic::Ordering::SeqCst) % 4 {
                3 => Reply::ok("200 OK", "content-type: application/json\r\n", "7"),
                _ => Reply::Keep(error.clone()),
            }
        })
        .await;
        let retry = RetryPolicy::new().initial_backoff(Duration::from_millis(2)).budget(RetryBudget::off());
        let transport = HttpTransport::builder(server.url()).retry(retry).build().expect("a transport");
        let mut early = 0;
        for call in 0..calls {
            transport.call(&GET).send::<u32>().await.expect("an answer");
            if call == calls / 3 {
                early = resident();
            }
        }
        println!(
            "{size:>7} B {:>15} {:>15.1} MiB {:>12.1} MiB   {:.1?}",
            server.connections(),
            mib(early),
            mib(resident()),
            started.elapsed()
        );
    }
}
