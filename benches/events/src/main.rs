//! 1,000,000 events through pynector and through the crates that parse Server-Sent Events: bytes per second, allocations.

#[path = "../../cost/src/allocations.rs"]
mod allocations;
mod load;
#[allow(dead_code)]
#[path = "../../../pynector/src/response/events/parser.rs"]
mod parser;
mod peers;
mod pynector_events;

use std::time::{Duration, Instant};

use load::{LOADS, Load};
use tokio::runtime::Runtime;

/// What came out: so many events, and so many bytes of data in them.
type Sum = (u64, u64);

type Run = fn(&Runtime, &Load) -> Sum;

const CASES: [(&str, Run); 7] = [
    ("pynector, parser", pynector_events::parser),
    ("pynector, Events", pynector_events::texts),
    ("eventsource-stream", peers::eventsource_stream),
    ("sse-core", peers::sse_core),
    ("sse-stream", peers::sse_stream),
    ("sseer", peers::sseer),
    ("the bytes alone", pynector_events::bytes),
];

const DECODED: [(&str, Run); 5] = [
    ("pynector, Events", pynector_events::decoded),
    ("eventsource-stream", peers::eventsource_stream_decoded),
    ("sse-core", peers::sse_core_decoded),
    ("sse-stream", peers::sse_stream_decoded),
    ("sseer", peers::sseer_decoded),
];

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let (events, rounds) = if quick { (100_000, 3) } else { (1_000_000, 9) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    println!("{events} events a round, medians of {rounds} rounds in which the cases take turns\n");
    for make in LOADS {
        let load = make(events);
        table(&runtime, &load, "text", &CASES, rounds);
        if load.json {
            table(&runtime, &load, "decoded from JSON", &DECODED, rounds);
        }
    }
}

fn table(runtime: &Runtime, load: &Load, what: &str, cases: &[(&str, Run)], rounds: usize) {
    println!("{}, {what}: {} MB", load.name, load.size / 1_000_000);
    let mut times = vec![Vec::new(); cases.len()];
    let mut counts = vec![0; cases.len()];
    for _ in 0..rounds {
        for (index, (name, run)) in cases.iter().enumerate() {
            let (before, started) = (allocations::count(), Instant::now());
            let sum = run(runtime, load);
            times[index].push(started.elapsed());
            counts[index] = allocations::count() - before;
            let expected = if *name == "the bytes alone" { (0, load.size) } else { load.sum };
            assert_eq!(sum, expected, "{name} does not read what is there");
        }
    }
    let medians: Vec<Duration> = times
        .iter_mut()
        .map(|times| {
            times.sort_unstable();
            times[times.len() / 2]
        })
        .collect();
    let peers = cases.iter().zip(&medians).filter(|((name, _), _)| !name.starts_with("pynector"));
    let fastest = peers.filter(|((name, _), _)| !name.starts_with("the ")).map(|(_, median)| *median).min();
    for ((name, _), (median, count)) in cases.iter().zip(medians.iter().zip(&counts)) {
        let rate = load.size as f64 / median.as_secs_f64() / 1e6;
        let share = fastest.map_or(1.0, |fastest| fastest.as_secs_f64() / median.as_secs_f64());
        let each = *count as f64 / load.sum.0 as f64;
        println!(
            "  {name:<20} {rate:>7.0} MB/s  {share:>5.2} of the fastest peer  {each:>5.2} allocations an event"
        );
    }
    println!();
}
