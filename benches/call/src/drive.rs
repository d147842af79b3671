//! One case: so many calls of one workload by one contestant, in this process, and what they took.

use std::hint::black_box;
use std::time::Instant;

use common::load::{DOWNLOAD, TOGETHER};
use common::repository::{ANSWER, Repository};
use common::server::{Server, TURNS};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

use crate::allocations;
use crate::contestants::{Contestant, Result};
use crate::workload::Workload;

/// What is to be done.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) workload: Workload,
    /// Calls before it counts, which open the connection.
    pub(crate) warm: u64,
    pub(crate) calls: u64,
    /// Whether each call is timed.
    pub(crate) timed: bool,
}

/// What one call took.
#[derive(Deserialize, Serialize)]
pub(crate) struct Taken {
    pub(crate) allocations: f64,
    pub(crate) bytes: f64,
    pub(crate) cpu_us: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) rss_kib: f64,
}

/// How many calls that send nothing are timed together, since one is over too soon.
const BATCH: u64 = 100;

/// Runs the plan on a runtime of its own, with a server of its own.
pub(crate) fn drive<C: Contestant>(plan: Plan) -> Result<Taken> {
    let server = Server::start().map_err(|error| error.to_string())?;
    let base = match plan.workload {
        Workload::ThreeAttempts => format!("{}{TURNS}", server.base),
        _ => server.base.clone(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(run::<C>(&base, plan))
}

async fn run<C: Contestant>(base: &str, plan: Plan) -> Result<Taken> {
    let mut client = C::start(base, plan.workload).await?;
    let weight = weight()?;
    match plan.workload {
        Workload::Get => in_turn(client, plan, weight, C::get).await,
        Workload::Post => in_turn(client, plan, weight, C::post).await,
        Workload::Download => in_turn(client, plan, DOWNLOAD, C::download).await,
        Workload::Policies | Workload::ThreeAttempts => in_turn(client, plan, weight, C::guarded).await,
        Workload::InFlight => in_flight(client, plan, weight).await,
        Workload::Decode => at_once(plan, || same(client.decode()?, weight)),
        Workload::BuildGet => at_once(plan, || client.build_get()),
        Workload::BuildPost => at_once(plan, || client.build_post()),
    }
}

/// That of the answer, so that no call can come to something else.
fn weight() -> Result<u64> {
    let answer: Repository = serde_json::from_str(ANSWER).map_err(|error| error.to_string())?;
    Ok(answer.weight())
}

fn same(came: u64, wanted: u64) -> Result<()> {
    if came == wanted { Ok(()) } else { Err(format!("an answer of {came} instead of {wanted}")) }
}

async fn in_turn<C>(
    mut client: C,
    plan: Plan,
    wanted: u64,
    call: impl AsyncFn(&mut C) -> Result<u64>,
) -> Result<Taken> {
    for _ in 0..plan.warm {
        same(call(&mut client).await?, wanted)?;
    }
    let mut clock = Clock::start(plan);
    for _ in 0..plan.calls {
        clock.before();
        same(call(&mut client).await?, wanted)?;
        clock.after(1);
    }
    clock.stop()
}

/// What sends nothing and waits for nothing.
fn at_once(plan: Plan, mut call: impl FnMut() -> Result<()>) -> Result<Taken> {
    for _ in 0..plan.warm {
        black_box(call()?);
    }
    let mut clock = Clock::start(plan);
    let mut left = plan.calls;
    while left > 0 {
        let batch = left.min(BATCH);
        clock.before();
        for _ in 0..batch {
            black_box(call()?);
        }
        clock.after(batch);
        left -= batch;
    }
    clock.stop()
}

/// Tasks that call in turn, each with a handle of its own.
async fn in_flight<C: Contestant>(client: C, plan: Plan, wanted: u64) -> Result<Taken> {
    let mut crew = Vec::with_capacity(TOGETHER);
    for _ in 0..TOGETHER {
        crew.push(client.another().await?);
    }
    // Each has a connection before it counts.
    let (mut crew, _) = together(crew, 5, false, wanted).await?;
    let each = plan.calls.div_ceil(TOGETHER as u64);
    let mut clock = Clock::start(Plan { calls: each * TOGETHER as u64, ..plan });
    (crew, clock.took) = together(crew, each, plan.timed, wanted).await?;
    let taken = clock.stop();
    drop(crew);
    taken
}

async fn together<C: Contestant>(
    crew: Vec<C>,
    calls: u64,
    timed: bool,
    wanted: u64,
) -> Result<(Vec<C>, Vec<f64>)> {
    let mut tasks = Vec::with_capacity(crew.len());
    for mut client in crew {
        tasks.push(tokio::spawn(async move {
            let mut took = Vec::with_capacity(if timed { calls as usize } else { 0 });
            for _ in 0..calls {
                let began = timed.then(Instant::now);
                same(client.get().await?, wanted)?;
                took.extend(began.map(micros));
            }
            Ok::<_, String>((client, took))
        }));
    }
    let (mut crew, mut took) = (Vec::with_capacity(tasks.len()), Vec::new());
    for task in tasks {
        let (client, times) = task.await.map_err(|error| error.to_string())??;
        crew.push(client);
        took.extend(times);
    }
    Ok((crew, took))
}

/// What was there when the calls began that count, and how long each took.
struct Clock {
    calls: u64,
    timed: bool,
    began: Option<Instant>,
    took: Vec<f64>,
    asked: (u64, u64),
    cpu: f64,
}

impl Clock {
    fn start(plan: Plan) -> Self {
        let took = Vec::with_capacity(if plan.timed { plan.calls as usize } else { 0 });
        let (asked, cpu) = (allocations::so_far(), cpu());
        Self { calls: plan.calls, timed: plan.timed, began: None, took, asked, cpu }
    }

    fn before(&mut self) {
        self.began = self.timed.then(Instant::now);
    }

    fn after(&mut self, calls: u64) {
        self.took.extend(self.began.map(|began| micros(began) / calls as f64));
    }

    fn stop(mut self) -> Result<Taken> {
        let (cpu, asked) = (cpu(), allocations::so_far());
        self.took.sort_unstable_by(f64::total_cmp);
        let calls = self.calls as f64;
        Ok(Taken {
            allocations: (asked.0 - self.asked.0) as f64 / calls,
            bytes: (asked.1 - self.asked.1) as f64 / calls,
            cpu_us: (cpu - self.cpu) / calls,
            p50_us: self.percentile(50),
            p99_us: self.percentile(99),
            rss_kib: peak()?,
        })
    }

    fn percentile(&self, percent: usize) -> f64 {
        self.took.get(self.took.len() * percent / 100).copied().unwrap_or(0.0)
    }
}

fn micros(since: Instant) -> f64 {
    since.elapsed().as_nanos() as f64 / 1000.0
}

/// Microseconds that this process computed so far, in user space and in the kernel.
fn cpu() -> f64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    spent.tv_sec as f64 * 1e6 + spent.tv_nsec as f64 / 1000.0
}

/// The most memory that was resident, in KiB.
fn peak() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    line.trim().trim_end_matches(" kB").parse().map_err(|_| line.to_owned())
}
