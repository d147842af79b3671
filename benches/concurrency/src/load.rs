//! So many calls, so many of them in flight at any moment, and what they take of the process that makes them.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use tokio::sync::Barrier;

/// Calls of each task before it counts. All tasks make their first at once, so that there is a connection for each.
const WARM: usize = 8;

/// A client, which all tasks share, and the call that they make with it.
pub(crate) trait Client: Send + Sync + 'static {
    /// What the answer weighs.
    fn call(&self) -> impl Future<Output = Result<u64, String>> + Send;
}

/// How many calls, and how many of them at once.
pub(crate) struct Load {
    pub(crate) in_flight: usize,
    pub(crate) calls: usize,
}

/// What they took.
#[derive(Deserialize, Serialize)]
pub(crate) struct Taken {
    pub(crate) calls_per_cpu_second: f64,
    pub(crate) calls_per_second: f64,
    /// Sockets that were open at the end.
    pub(crate) connections: usize,
}

impl Load {
    pub(crate) async fn of(self, client: impl Client) -> Result<Taken, String> {
        let client = Arc::new(client);
        let each = self.calls / self.in_flight;
        // Everybody is warm; then everybody may go.
        let (warm, go) =
            (Arc::new(Barrier::new(self.in_flight + 1)), Arc::new(Barrier::new(self.in_flight + 1)));
        let tasks: Vec<_> = (0..self.in_flight)
            .map(|_| {
                let (client, warm, go) = (Arc::clone(&client), Arc::clone(&warm), Arc::clone(&go));
                tokio::spawn(async move {
                    let wanted = repeat(&*client, WARM).await;
                    warm.wait().await;
                    go.wait().await;
                    if repeat(&*client, each).await? != wanted? {
                        return Err("another answer".to_owned());
                    }
                    Ok(())
                })
            })
            .collect();
        warm.wait().await;
        let (began, spent) = (Instant::now(), cpu());
        go.wait().await;
        for task in tasks {
            task.await.map_err(|error| error.to_string())??;
        }
        let (took, spent) = (began.elapsed().as_secs_f64(), cpu() - spent);
        let calls = (each * self.in_flight) as f64;
        Ok(Taken {
            calls_per_cpu_second: calls / spent,
            calls_per_second: calls / took,
            connections: sockets()?,
        })
    }
}

async fn repeat(client: &impl Client, calls: usize) -> Result<u64, String> {
    let mut weight = 0;
    for _ in 0..calls {
        weight = client.call().await?;
    }
    Ok(weight)
}

/// Seconds that this process computed so far, in user space and in the kernel.
fn cpu() -> f64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9
}

fn sockets() -> Result<usize, String> {
    let open = std::fs::read_dir("/proc/self/fd").map_err(|error| error.to_string())?;
    let is_socket = |path: std::path::PathBuf| {
        std::fs::read_link(path).is_ok_and(|to| to.to_string_lossy().starts_with("socket:"))
    };
    Ok(open.filter_map(Result::ok).filter(|entry| is_socket(entry.path())).count())
}

/// This process and the server, which has its limits from it, may open so many connections and some files more.
pub(crate) fn raise_limit_of_files(connections: usize) -> Result<(), String> {
    let limit = getrlimit(Resource::Nofile);
    let wanted = connections as u64 + 200;
    if limit.current.is_none_or(|limit| limit >= wanted) {
        return Ok(());
    }
    setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum })
        .map_err(|error| format!("{wanted} files may not be open at once ({error}); see `ulimit -n -H`"))
}
