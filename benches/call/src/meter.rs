//! What so many calls in turn take of the process that makes them.

use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

use crate::allocations;

/// Calls before it counts, which open the connection.
const WARM: u64 = 20;

/// So many calls.
pub(crate) struct Meter {
    pub(crate) calls: u64,
}

/// What one call took.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Taken {
    pub(crate) allocations: f64,
    pub(crate) bytes: f64,
    pub(crate) cpu_us: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) rss_kib: f64,
}

impl Meter {
    pub(crate) async fn over(self, call: impl AsyncFn() -> Result<u64, String>) -> Result<Taken, String> {
        let mut wanted = 0;
        for _ in 0..WARM {
            wanted = call().await?;
        }
        let mut took = Vec::with_capacity(usize::try_from(self.calls).map_err(|error| error.to_string())?);
        let (asked, spent) = (allocations::so_far(), cpu());
        for _ in 0..self.calls {
            let began = Instant::now();
            if call().await? != wanted {
                return Err("another answer".to_owned());
            }
            took.push(began.elapsed().as_nanos() as f64 / 1000.0);
        }
        let (spent, now) = (cpu() - spent, allocations::so_far());
        took.sort_unstable_by(f64::total_cmp);
        let calls = self.calls as f64;
        let percentile = |percent: usize| took.get(took.len() * percent / 100).copied().unwrap_or(0.0);
        Ok(Taken {
            allocations: (now.0 - asked.0) as f64 / calls,
            bytes: (now.1 - asked.1) as f64 / calls,
            cpu_us: spent / calls,
            p50_us: percentile(50),
            p99_us: percentile(99),
            rss_kib: peak()?,
        })
    }
}

/// Microseconds that this process computed so far, in user space and in the kernel.
fn cpu() -> f64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    spent.tv_sec as f64 * 1e6 + spent.tv_nsec as f64 / 1000.0
}

/// The most memory that was resident, in KiB.
fn peak() -> Result<f64, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    line.trim().trim_end_matches(" kB").parse().map_err(|_| line.to_owned())
}
