//! S10: very many hosts, each of which a client has to remember something of.

use std::future::ready;
use std::time::Instant;

use pynector::backend::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody};
use pynector::{Body, Breaker, CallOptions, HttpTransport, Operation};

use crate::measure::{mib, resident};

const GET: Operation = Operation::get("Hosts::get", "");

/// How many hosts a client remembers at most.
const CAP: u64 = 1024;

/// Answers whoever asks, so that no socket is measured.
#[derive(Debug)]
struct Everybody;

impl Backend for Everybody {
    fn send(
        &self,
        _: http::Request<Body>,
        _: AttemptInfo,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        let mut answer = http::Response::new(ResponseBody::from_bytes(""));
        *answer.status_mut() = http::StatusCode::NO_CONTENT;
        Box::pin(ready(Ok(answer)))
    }
}

fn client() -> HttpTransport {
    let builder =
        HttpTransport::builder("http://h").backend(Everybody).breaker(Breaker::new().failure_threshold(5));
    builder.build().expect("a transport").with_options(CallOptions::new().any_origin(true))
}

async fn ask(client: &HttpTransport, hosts: std::ops::Range<u64>) {
    for host in hosts {
        let url = format!("http://service-{host:08}.example.com/");
        client.call(&GET).url(url).send::<()>().await.expect("an answer");
    }
}

pub async fn run(hosts: u64) {
    let started = Instant::now();
    ask(&client(), 0..CAP).await;

    let one = client();
    ask(&one, 0..CAP).await;
    let full = resident();
    ask(&one, CAP..hosts).await;
    let after = resident();
    println!("one client, {hosts} hosts, of which it remembers {CAP}, in {:.1?}", started.elapsed());
    println!("RSS with {CAP} hosts    {:.2} MiB", mib(full));
    println!("RSS after all          {:.2} MiB", mib(after));

    // So many clients that what they hold is no longer hidden by what the allocator keeps.
    let before = resident();
    let mut many = Vec::new();
    for _ in 0..hosts / CAP {
        let next = client();
        ask(&next, 0..CAP).await;
        many.push(next);
    }
    let held = resident().saturating_sub(before);
    let entries = many.len() as u64 * CAP;
    println!("{} clients, {entries} entries, {:.2} MiB", many.len(), mib(held));
    println!("per entry              {} B, its key and its place in the map included", held / entries.max(1));
}
