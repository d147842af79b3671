//! The client of the storm with everything on, and what it talks to: each of them says where a call stands.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use futures_util::stream;
use http_body_util::StreamBody;
use pynector::backend::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody};
use pynector::bytes::Bytes;
use pynector::{
    Authorization, Body, ByteStream, CallInfo, Credentials, Event, HedgeStep, Observer, Rejecter, Result,
    http,
};

use crate::MS;

const LIMIT: u32 = 8;
pub(super) const QUEUE: u32 = 16;
/// How many calls the bulkhead takes, those that wait included.
pub(super) const PLACES: u32 = LIMIT + QUEUE;
pub(super) const BURST: u32 = 40;
/// What the budget grants in a window without successes: one a second.
pub(super) const RETRIES: usize = 10;

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Spot {
    Unpolled,
    Credentials,
    Circuit,
    RateLimit,
    Bulkhead,
    Send,
    Body,
    Backoff,
    /// A hedged call with one request under way, and its hedge not sent yet.
    BeforeHedge,
    /// The hedge stands at the gate.
    HedgeAtGate,
    /// Two requests are under way.
    Hedged,
    Stream,
}

impl Spot {
    pub(super) const ALL: [Self; 12] = [
        Self::Unpolled,
        Self::Credentials,
        Self::Circuit,
        Self::RateLimit,
        Self::Bulkhead,
        Self::Send,
        Self::Body,
        Self::Backoff,
        Self::BeforeHedge,
        Self::HedgeAtGate,
        Self::Hedged,
        Self::Stream,
    ];

    const fn races(self) -> bool {
        matches!(self, Self::BeforeHedge | Self::HedgeAtGate | Self::Hedged)
    }
}

thread_local! {
    /// Where the call stands that is being polled.
    pub(super) static SPOT: Cell<Spot> = const { Cell::new(Spot::Unpolled) };
}

#[pynector::api(
    breaker(
        failure_threshold = 3,
        min_failure_rate = 0.3,
        open = "10ms",
        max_open = "20ms",
        wait_up_to = "30ms"
    ),
    rate_limit(permits = 4000, per = "1s", burst = 40),
    max_in_flight(limit = 8, queue = 16),
    retry(max_retries = 2, initial_backoff = "10ms", max_backoff = "20ms", budget(ratio = 2.0))
)]
pub(super) trait Storm {
    #[get("/number")]
    async fn number(&self) -> Result<u32>;
    #[get("/hedged", hedge(after = "3ms", max = 1))]
    async fn hedged(&self) -> Result<u32>;
    #[get("/stream")]
    async fn stream(&self) -> Result<ByteStream>;

    #[get("/once", retry = off)]
    async fn once(&self) -> Result<u32>;
    #[get("/single", retry = off, rate_limit = off)]
    async fn single(&self) -> Result<u32>;
    #[get("/placed", breaker = off, rate_limit = off)]
    async fn placed(&self) -> Result<u32>;
    #[get("/paced", breaker = off, max_in_flight = off)]
    async fn paced(&self) -> Result<u32>;
    #[get("/retried", breaker = off, rate_limit = off, max_in_flight = off, retry(max_retries = 1))]
    async fn retried(&self) -> Result<u32>;
}

/// How the server behaves.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
pub(super) enum Mode {
    /// At once and well.
    Good,
    /// At once and badly.
    Bad,
    /// Never.
    Silent,
    /// So quickly that it is the rate limit that calls wait for.
    Fast,
    /// So slowly that it is the bulkhead.
    Slow,
    /// Slowly and mostly well, so that hedges are sent.
    Calm,
}

/// The server, the source of credentials and the observer; clones are the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct Site(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    mode: AtomicU8,
    sent: AtomicUsize,
    /// Futures and bodies that were begun and are neither done nor dropped.
    live: AtomicUsize,
}

/// Counts as alive until it is dropped.
struct Alive(Site);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.0.live.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Site {
    pub(super) fn client(&self) -> StormClient {
        let builder = StormClient::builder().base_url("http://site").backend(self.clone());
        builder.auth(self.clone()).observer(self.clone()).build().unwrap()
    }

    /// As it is in a storm.
    pub(super) fn vary(&self) {
        self.set([Mode::Fast, Mode::Slow, Mode::Calm][fastrand::usize(0..3)]);
    }

    pub(super) fn set(&self, mode: Mode) {
        self.0.mode.store(mode as u8, Ordering::SeqCst);
    }

    fn mode(&self) -> Mode {
        let modes = [Mode::Good, Mode::Bad, Mode::Silent, Mode::Fast, Mode::Slow, Mode::Calm];
        modes[usize::from(self.0.mode.load(Ordering::SeqCst))]
    }

    pub(super) fn sent(&self) -> usize {
        self.0.sent.load(Ordering::SeqCst)
    }

    pub(super) fn live(&self) -> usize {
        self.0.live.load(Ordering::SeqCst)
    }

    fn alive(&self) -> Alive {
        self.0.live.fetch_add(1, Ordering::SeqCst);
        Alive(self.clone())
    }

    /// Takes its time, in milliseconds.
    async fn pause(&self, fast: u32, slow: u32) {
        let most = match self.mode() {
            Mode::Good | Mode::Bad => return,
            Mode::Silent => return std::future::pending().await,
            Mode::Fast => fast,
            Mode::Slow | Mode::Calm => slow,
        };
        tokio::time::sleep(MS * fastrand::u32(0..=most)).await;
    }

    /// A number in two pieces, each of which takes its time.
    fn body(&self) -> ResponseBody {
        let pieces = stream::unfold((self.clone(), self.alive(), 0), |(site, alive, piece)| async move {
            if piece == 2 {
                return None;
            }
            if !SPOT.get().races() && SPOT.get() != Spot::Stream {
                SPOT.set(Spot::Body);
            }
            site.pause(1, 6).await;
            let bytes = Bytes::from_static(if piece == 0 { b" " } else { b"7" });
            Some((Ok(http_body::Frame::data(bytes)), (site, alive, piece + 1)))
        });
        ResponseBody::new(StreamBody::new(pieces))
    }
}

impl Backend for Site {
    fn send(
        &self,
        _: http::Request<Body>,
        _: AttemptInfo,
    ) -> BoxFuture<'_, std::result::Result<http::Response<ResponseBody>, BackendError>> {
        Box::pin(async move {
            self.0.sent.fetch_add(1, Ordering::SeqCst);
            let _alive = self.alive();
            self.pause(1, 20).await;
            let fails = match self.mode() {
                Mode::Fast | Mode::Slow => fastrand::u8(0..100) < 40,
                Mode::Calm => fastrand::u8(0..100) < 10,
                mode => mode == Mode::Bad,
            };
            let mut response = http::Response::new(self.body());
            if fails {
                *response.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
            }
            Ok(response)
        })
    }
}

impl Credentials for Site {
    fn authorize<'a>(&'a self, _: Option<&'a Authorization>) -> BoxFuture<'a, Result<Authorization>> {
        Box::pin(async move {
            let _alive = self.alive();
            if matches!(self.mode(), Mode::Fast | Mode::Slow | Mode::Calm) {
                SPOT.set(Spot::Credentials);
                self.pause(1, 2).await;
            }
            Authorization::bearer("hunter2")
        })
    }
}

impl Observer for Site {
    fn event(&self, call: &CallInfo<'_>, event: &Event) {
        let hedged = call.operation == "Storm::hedged";
        let races = SPOT.get().races();
        SPOT.set(match event {
            Event::Waiting { .. } | Event::RetryScheduled { .. } if races => Spot::HedgeAtGate,
            Event::Waited { .. } | Event::AttemptEnded { .. } if races => Spot::BeforeHedge,
            Event::Waiting { at: Rejecter::Breaker } => Spot::Circuit,
            Event::Waiting { at: Rejecter::RateLimit } => Spot::RateLimit,
            Event::Waiting { at: Rejecter::Bulkhead } => Spot::Bulkhead,
            Event::AttemptStarted { .. } if hedged => Spot::BeforeHedge,
            Event::AttemptStarted { .. } => Spot::Send,
            Event::Hedge { step: HedgeStep::Started, .. } => Spot::Hedged,
            Event::RetryScheduled { .. } => Spot::Backoff,
            _ => return,
        });
    }
}
