//! A server that fails by a script, and a steady load on it; on paused time, so that minutes take moments.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pynector::backend::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody};
use pynector::client::BaseUrl;
use pynector::{Body, ClientBuilder, Failure, http};
use tokio::task::JoinSet;
use tokio::time::Instant;

pub(crate) const MS: Duration = Duration::from_millis(1);
pub(crate) const S: Duration = Duration::from_secs(1);
/// How long the server takes for an answer, a bad one too.
const LATENCY: Duration = Duration::from_millis(5);

#[pynector::api]
pub(crate) trait Service {
    #[get("/number")]
    async fn number(&self) -> pynector::Result<u32>;
}

pub(crate) type Builder = ClientBuilder<ServiceClient, BaseUrl>;

/// When the server fails; times count from its start.
#[derive(Clone, Debug)]
pub(crate) enum Script {
    /// It refuses connections in each of these times.
    Outages(Vec<(Duration, Duration)>),
    /// It answers this share of the requests with 503.
    Share(f64),
}

impl Script {
    pub(crate) fn outage(from: Duration, until: Duration) -> Self {
        Self::Outages(vec![(from, until)])
    }
}

/// The server; clones are the same one.
#[derive(Clone, Debug)]
pub(crate) struct Server(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    script: Script,
    epoch: Instant,
    random: Mutex<fastrand::Rng>,
    arrivals: Mutex<Vec<Arrival>>,
    in_flight: AtomicUsize,
}

/// A request at the server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) at: Duration,
    /// How many were there with it, itself among them.
    pub(crate) in_flight: usize,
}

/// How the server answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Answer {
    Good,
    Busy,
    Refused,
}

impl Server {
    pub(crate) fn new(script: Script, seed: u64) -> Self {
        Self(Arc::new(Inner {
            script,
            epoch: Instant::now(),
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
            arrivals: Mutex::default(),
            in_flight: AtomicUsize::new(0),
        }))
    }

    /// The time since the server was made.
    pub(crate) fn now(&self) -> Duration {
        self.0.epoch.elapsed()
    }

    pub(crate) fn arrivals(&self) -> Vec<Arrival> {
        lock(&self.0.arrivals).clone()
    }

    /// Takes one request. Dropped early, it is in flight no longer.
    pub(crate) async fn serve(&self) -> Answer {
        let in_flight = self.0.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        let _leaves = Leaves(&self.0.in_flight);
        let at = self.now();
        lock(&self.0.arrivals).push(Arrival { at, in_flight });
        let answer = match &self.0.script {
            Script::Outages(times) if times.iter().any(|(from, until)| (*from..*until).contains(&at)) => {
                Answer::Refused
            }
            Script::Share(share) if lock(&self.0.random).f64() < *share => Answer::Busy,
            _ => Answer::Good,
        };
        tokio::time::sleep(LATENCY).await;
        answer
    }
}

struct Leaves<'a>(&'a AtomicUsize);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Backend for Server {
    fn send(
        &self,
        _: http::Request<Body>,
        _: AttemptInfo,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        Box::pin(async move {
            let (status, text) = match self.serve().await {
                Answer::Refused => return Err(BackendError::new(Failure::Refused)),
                Answer::Busy => (http::StatusCode::SERVICE_UNAVAILABLE, ""),
                Answer::Good => (http::StatusCode::OK, "7"),
            };
            let mut response = http::Response::new(ResponseBody::from_bytes(text));
            *response.status_mut() = status;
            Ok(response)
        })
    }
}

/// What became of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) started: Duration,
    pub(crate) ended: Duration,
    pub(crate) good: bool,
}

/// Everything that a run has to tell.
#[derive(Debug)]
pub(crate) struct Run {
    /// In the order in which they ended.
    pub(crate) calls: Vec<Call>,
    pub(crate) arrivals: Vec<Arrival>,
}

impl Run {
    fn started(&self, from: Duration, until: Duration) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| (from..until).contains(&call.started))
    }

    pub(crate) fn offered(&self, from: Duration, until: Duration) -> usize {
        self.started(from, until).count()
    }

    pub(crate) fn sent(&self, from: Duration, until: Duration) -> usize {
        self.arrivals.iter().filter(|arrival| (from..until).contains(&arrival.at)).count()
    }

    /// How many of the calls that started then ended well, whenever that was.
    pub(crate) fn good(&self, from: Duration, until: Duration) -> usize {
        self.started(from, until).filter(|call| call.good).count()
    }

    /// Requests at the server in a time, for each call that started in it.
    pub(crate) fn amplification(&self, from: Duration, until: Duration) -> f64 {
        ratio(self.sent(from, until), self.offered(from, until))
    }

    /// The share of the calls of a time that ended well.
    pub(crate) fn goodput(&self, from: Duration, until: Duration) -> f64 {
        ratio(self.good(from, until), self.offered(from, until))
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    let [part, whole] = [part, whole].map(|count| f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
    part / whole.max(1.0)
}

/// A runtime of one thread whose time stands still while anything happens, and whose dice fall the same each time.
pub(crate) fn on_paused_time<F: Future>(seed: u64, run: impl FnOnce() -> F) -> F::Output {
    fastrand::seed(seed);
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(async { run().await })
}

/// Makes `rate` calls a second for `time`, evenly spaced, none of which waits for another, and waits for the last one.
pub(crate) async fn load<F>(server: &Server, rate: u32, time: Duration, call: impl Fn() -> F) -> Run
where
    F: Future<Output = bool> + Send + 'static,
{
    let ended = Arc::new(Mutex::new(Vec::new()));
    let mut calls = JoinSet::new();
    let first = Instant::now();
    let many = u32::try_from(time.as_micros() * u128::from(rate) / 1_000_000).unwrap();
    for number in 0..many {
        tokio::time::sleep_until(first + S * number / rate).await;
        while calls.try_join_next().is_some() {}
        let (server, ended, started, call) = (server.clone(), Arc::clone(&ended), server.now(), call());
        calls.spawn(async move {
            let good = call.await;
            lock(&ended).push(Call { started, ended: server.now(), good });
        });
    }
    calls.join_all().await;
    let calls = std::mem::take(&mut *lock(&ended));
    Run { calls, arrivals: server.arrivals() }
}

/// A generated client that calls `server`.
pub(crate) fn client(server: &Server, configure: impl FnOnce(Builder) -> Builder) -> ServiceClient {
    let builder = ServiceClient::builder().base_url("http://server").backend(server.clone());
    configure(builder).build().unwrap()
}

/// The call that a load consists of.
pub(crate) async fn call(client: ServiceClient) -> bool {
    client.number().await.is_ok_and(|number| number == 7)
}

/// A generated client under `rate` calls a second for `time`.
pub(crate) fn simulate(
    script: Script,
    rate: u32,
    time: Duration,
    configure: impl FnOnce(Builder) -> Builder,
) -> Run {
    on_paused_time(SEED, || async {
        let server = Server::new(script, SEED);
        let client = client(&server, configure);
        load(&server, rate, time, || call(client.clone())).await
    })
}

/// Any would do.
pub(crate) const SEED: u64 = 0x70_79_6e;
