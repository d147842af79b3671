//! S6: a storm of calls that are dropped wherever they stand, after which nothing is missing.
//!
//! The ordinary run drops 100,000 calls; `PYNECTOR_STORM=1000000` drops the million of S6.

use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Duration;

use futures_util::FutureExt as _;
use pynector::{CircuitState, ErrorKind};
use tokio::time::Instant;

use crate::world::{SEED, on_paused_time};
use crate::{MS, S};

mod site;

use site::{Mode, PLACES, SPOT, Site, Spot, Storm as _, StormClient};

/// How many calls are under way at once.
const SLOTS: usize = 64;
/// How many are dropped between two looks at what is left.
const CUT: usize = 250;

type Call = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A call on its way, and when it is dropped: after so many polls, or at a time.
struct Slot {
    call: Call,
    spot: Spot,
    polls: u32,
    at: Instant,
}

impl Slot {
    fn new(client: &StormClient) -> Self {
        let by_polls = fastrand::bool();
        let polls = if by_polls { fastrand::u32(1..16) } else { u32::MAX };
        let wait = if by_polls { S * 3600 } else { MS * fastrand::u32(0..60) };
        let call = call(client.clone(), fastrand::u8(0..4));
        Self { call, spot: Spot::Unpolled, polls, at: Instant::now() + wait }
    }

    /// Polls it once; whether it is over.
    fn poll(&mut self) -> bool {
        SPOT.set(self.spot);
        let over = self.call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
        self.spot = SPOT.get();
        self.polls = self.polls.saturating_sub(1);
        over
    }
}

/// Without the turns that the runtime gives to a task: it is this test that decides who is polled.
fn call(client: StormClient, kind: u8) -> Call {
    Box::pin(tokio::task::unconstrained(async move {
        match kind {
            0 => drop(client.hedged().await),
            1 => {
                let Ok(mut stream) = client.stream().await else { return };
                SPOT.set(Spot::Stream);
                while let Some(Ok(_)) = stream.next().await {}
            }
            _ => drop(client.number().await),
        }
    }))
}

/// Drops `most` calls where they stand, and counts them by that.
async fn storm(site: &Site, client: &StormClient, most: usize, hits: &mut [usize]) {
    let mut slots: Vec<Slot> = (0..SLOTS).map(|_| Slot::new(client)).collect();
    let mut dropped = 0;
    while dropped < most {
        for slot in &mut slots {
            let over = slot.poll();
            if !over && (slot.polls == 0 || slot.at <= Instant::now()) {
                hits[slot.spot as usize] += 1;
                dropped += 1;
            } else if !over {
                continue;
            }
            *slot = Slot::new(client);
        }
        tokio::time::advance(MS).await;
    }
    drop(slots);
    assert_eq!(site.live(), 0, "something of a dropped call lives on");
}

fn now<F: Future>(call: F) -> Option<F::Output> {
    tokio::task::unconstrained(call).now_or_never()
}

/// The circuit has its probe: what was dropped has given it back (BRK-4).
async fn probes_are_back(site: &Site, client: &StormClient) -> CircuitState {
    site.set(Mode::Good);
    let state = || client.transport().circuit().state();
    let found = state();
    while state() == CircuitState::Open {
        tokio::time::sleep(MS).await;
    }
    // It would wait for the verdict of a probe that is under way, but not as long as a lost one keeps its slot.
    assert_eq!(client.once().await.map_err(|error| error.to_string()), Ok(7));
    found
}

/// So many may be in flight and so many wait, not one less and not one more (BLK-2).
fn places_are_back(site: &Site, client: &StormClient) {
    site.set(Mode::Silent);
    let mut calls: Vec<_> =
        (0..PLACES).map(|_| Box::pin(tokio::task::unconstrained(client.placed()))).collect();
    for call in &mut calls {
        assert!(call.as_mut().now_or_never().is_none(), "a place is missing");
    }
    assert!(now(client.placed()).unwrap().unwrap_err().kind() == ErrorKind::QueueFull);
    assert_eq!(site.live(), usize::try_from(PLACES - site::QUEUE).unwrap());
}

/// The limit lets its burst through at once, and nobody stands before it (RTL-3).
fn permits_are_back(site: &Site, client: &StormClient) {
    site.set(Mode::Good);
    for _ in 0..site::BURST {
        assert_eq!(now(client.paced()).unwrap().unwrap(), 7);
    }
    assert!(now(client.paced()).is_none());
}

/// The budget grants what it grants after a window of silence, not one less and not one more (BUD-4).
async fn tokens_are_back(site: &Site, client: &StormClient) {
    site.set(Mode::Bad);
    let before = site.sent();
    for _ in 0..3 * site::RETRIES {
        client.retried().await.unwrap_err();
    }
    assert_eq!(site.sent() - before, 4 * site::RETRIES);
}

fn many() -> usize {
    std::env::var("PYNECTOR_STORM").map_or(100_000, |many| many.parse().unwrap())
}

/// BLK-2, BRK-4, BUD-4 and RTL-3 at once, for they share each other's ways out.
fn no_storm_leaks(seed: u64, many: usize, after: &impl AsyncFn(&Site, &StormClient)) {
    on_paused_time(seed, || async {
        let site = Site::default();
        let client = site.client();
        let mut hits = [0; Spot::ALL.len()];
        let mut half_open = 0;
        let mut left = many;
        while left > 0 {
            site.vary();
            storm(&site, &client, left.min(CUT), &mut hits).await;
            left = left.saturating_sub(CUT);
            half_open += usize::from(probes_are_back(&site, &client).await == CircuitState::HalfOpen);
        }
        let histogram: Vec<_> = Spot::ALL.iter().zip(hits).skip(1).collect();
        println!("{histogram:?}, the circuit half-open at {half_open} cuts");
        // A window of the budget; by now the circuit is closed, and the rate limit full.
        tokio::time::sleep(12 * S).await;
        after(&site, &client).await;
        assert_eq!(site.live(), 0);
        assert!(now(client.transport().disconnect()).is_some(), "a call is in flight");
        assert!(histogram.iter().all(|(_, hits)| *hits > 0), "{histogram:?}");
        assert!(half_open > 0);
    });
}

#[test]
fn blk_2_s6_a_storm_of_cancellations_leaks_nothing() {
    no_storm_leaks(SEED, many(), &async |site: &Site, client: &StormClient| {
        places_are_back(site, client);
        tokio::time::sleep(S).await;
        permits_are_back(site, client);
        tokio::time::sleep(12 * S).await;
        tokens_are_back(site, client).await;
    });
}

#[test]
fn brk_4_s6_a_storm_gives_its_probes_back() {
    no_storm_leaks(SEED + 1, many() / 5, &async |site: &Site, client: &StormClient| {
        for _ in 0..20 {
            site.set(Mode::Bad);
            while client.transport().circuit().state() == CircuitState::Closed {
                let _ = client.single().await;
            }
            while client.transport().circuit().state() != CircuitState::HalfOpen {
                tokio::time::sleep(10 * MS).await;
            }
            site.set(Mode::Silent);
            for _ in 0..100 {
                let before = site.sent();
                assert!(now(client.single()).is_none());
                assert_eq!(site.sent() - before, 1, "the probe of a dropped call is held");
            }
            probes_are_back(site, client).await;
        }
    });
}

#[test]
fn bud_4_s6_a_storm_gives_its_tokens_back() {
    no_storm_leaks(SEED + 2, many() / 5, &async |site: &Site, client: &StormClient| {
        tokens_are_back(site, client).await;
    });
}

#[test]
fn con_3_two_workers_survive_random_aborts() {
    const BATCHES: u32 = 100;
    const BATCH: u32 = 200;
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(2).enable_time().build().unwrap().block_on(async {
        let site = Site::default();
        let client = site.client();
        let mut aborted = 0;
        for _ in 0..BATCHES {
            site.vary();
            let mut calls = tokio::task::JoinSet::new();
            for _ in 0..BATCH {
                calls.spawn(call(client.clone(), fastrand::u8(0..4)));
            }
            tokio::time::sleep(Duration::from_micros(fastrand::u64(0..8000))).await;
            calls.abort_all();
            while let Some(ended) = calls.join_next().await {
                aborted += usize::from(ended.is_err_and(|error| error.is_cancelled()));
            }
            assert_eq!(site.live(), 0);
        }
        assert!(aborted > 1000, "{aborted}");
        site.set(Mode::Good);
        probes_are_back(&site, &client).await;
        places_are_back(&site, &client);
        assert_eq!(site.live(), 0);
        assert!(now(client.transport().disconnect()).is_some());
    });
}
