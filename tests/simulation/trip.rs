//! When a circuit opens: how soon in an outage, and not by a few failures (BRK-14, ORD-2).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pynector::{Breaker, CallInfo, CircuitState, Event, Observer, RetryPolicy};
use tokio::time::Instant;

use crate::world::{Builder, SEED, Script, Server, Service as _, call, client, load, on_paused_time};
use crate::{MS, S};

/// When the circuit went where.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    epoch: Instant,
    moves: Arc<Mutex<Vec<(Duration, CircuitState)>>>,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self { epoch: Instant::now(), moves: Arc::default() }
    }

    pub(crate) fn moves(&self) -> Vec<(Duration, CircuitState)> {
        self.moves.lock().unwrap().clone()
    }
}

impl Observer for Watch {
    fn event(&self, _: &CallInfo<'_>, event: &Event) {
        if let Event::Breaker { to, .. } = event {
            self.moves.lock().unwrap().push((self.epoch.elapsed(), *to));
        }
    }
}

/// When the circuit opened, if it did.
fn opened(
    script: Script,
    rate: u32,
    time: Duration,
    configure: impl FnOnce(Builder) -> Builder,
) -> Option<Duration> {
    on_paused_time(SEED, || async {
        let (server, watch) = (Server::new(script, SEED), Watch::new());
        let client = client(&server, |builder| configure(builder.observer(watch.clone())));
        load(&server, rate, time, || call(client.clone())).await;
        watch.moves().first().map(|(at, _)| *at)
    })
}

fn guarded(builder: Builder) -> Builder {
    builder.breaker(Breaker::on())
}

#[test]
fn brk_14_an_outage_trips_soon() {
    for (rate, most) in [(100, S / 2), (5, 7 * S)] {
        let opened = opened(Script::outage(60 * S, 80 * S), rate, 80 * S, guarded).unwrap();
        let took = opened - 60 * S;
        // The streak alone would be there after five failures; it is the share that takes its time.
        assert!(took > 5 * S / rate && took <= most, "{rate} a second: {took:?}");
    }
}

#[test]
fn brk_14_a_fifth_of_failures_never_trips() {
    assert_eq!(opened(Script::Share(0.2), 100, 300 * S, guarded), None);
    let row = |builder: Builder| builder.breaker(Breaker::new().min_failure_rate(0.0));
    assert_ne!(opened(Script::Share(0.2), 100, 300 * S, row), None, "the control passed");
}

#[test]
fn brk_14_earlier_successes_delay_the_trip() {
    for earlier in 0..=40 {
        let needed = earlier.clamp(5, 32);
        on_paused_time(SEED, || async move {
            // The server fails from the moment at which the successes are done.
            let server = Server::new(Script::outage(10 * S, Duration::MAX), SEED);
            let client = client(&server, |builder| guarded(builder.retry(RetryPolicy::off())));
            for _ in 0..earlier {
                assert!(call(client.clone()).await);
            }
            tokio::time::sleep(10 * S).await;
            for failed in 1..=needed {
                assert!(!call(client.clone()).await);
                let open = client.transport().circuit().state() == CircuitState::Open;
                assert_eq!(open, failed == needed, "{earlier} successes, {failed} failures");
            }
        });
    }
}

#[test]
fn ord_2_each_attempt_counts() {
    on_paused_time(SEED, || async {
        let server = Server::new(Script::outage(Duration::ZERO, Duration::MAX), SEED);
        let client = client(&server, |builder| guarded(builder.retry(RetryPolicy::new().max_retries(3))));
        let error = client.number().await.unwrap_err();
        assert_eq!((error.attempts(), server.arrivals().len()), (4, 4));
        let error = client.number().await.unwrap_err();
        assert_eq!((error.attempts(), server.arrivals().len()), (1, 5));
        assert_eq!(client.transport().circuit().state(), CircuitState::Open);
        tokio::time::sleep(100 * MS).await;
        assert!(client.number().await.unwrap_err().is_circuit_open());
        assert_eq!(server.arrivals().len(), 5);
    });
}
