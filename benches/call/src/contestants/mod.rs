//! Who is measured: each client makes the same calls in its own way.

mod by_feignhttp;
mod by_progenitor;
mod by_reqwest;
mod by_rustify;
mod declared;
mod hyper_connection;
mod hyper_util;
mod middleware;
mod raw;
mod smithy;
mod tuned;

use std::fmt::Display;
use std::future::{Future, ready};

use tokio::net::TcpStream;

use crate::drive::{Plan, Taken, drive};
use crate::workload::Workload;

pub(crate) type Result<T, E = String> = std::result::Result<T, E>;

/// Longer than any call takes: whoever has timeouts or deadlines has this one.
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(30);

/// A client. What a call gives is the weight of its answer, so that each can be checked.
pub(crate) trait Contestant: Sized + Send + 'static {
    /// That of the result file.
    const NAME: &'static str;
    /// Those that make sense for it; it has the methods that they need.
    const WORKLOADS: &'static [Workload];

    /// A client of the server at this address, as the workload wants it.
    fn start(base: &str, workload: Workload) -> impl Future<Output = Result<Self>> + Send;

    /// One for another task; whatever can be shared is.
    fn another(&self) -> impl Future<Output = Result<Self>> + Send;

    fn get(&mut self) -> impl Future<Output = Result<u64>> + Send;

    fn post(&mut self) -> impl Future<Output = Result<u64>> + Send {
        ready(no_part())
    }

    /// How many bytes came, each piece thrown away.
    fn download(&mut self) -> impl Future<Output = Result<u64>> + Send {
        ready(no_part())
    }

    /// The same as `get`, with retries and whatever else there is.
    fn guarded(&mut self) -> impl Future<Output = Result<u64>> + Send {
        ready(no_part())
    }

    fn build_get(&mut self) -> Result<()> {
        no_part()
    }

    fn build_post(&mut self) -> Result<()> {
        no_part()
    }

    fn decode(&mut self) -> Result<u64> {
        no_part()
    }
}

fn no_part<T>() -> Result<T> {
    Err("it takes no part in this".to_owned())
}

fn text(error: impl Display) -> String {
    format!("{error:#}")
}

/// What those take part in that have one connection and nothing else.
const ONE_CONNECTION: &[Workload] = &[
    Workload::Get,
    Workload::Post,
    Workload::InFlight,
    Workload::Download,
    Workload::BuildGet,
    Workload::BuildPost,
];

/// That connection.
async fn connected(authority: &str) -> Result<TcpStream> {
    let stream = TcpStream::connect(authority).await.map_err(text)?;
    stream.set_nodelay(true).map_err(text)?;
    Ok(stream)
}

/// A contestant whose type is forgotten.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) workloads: &'static [Workload],
    pub(crate) drive: fn(Plan) -> Result<Taken>,
}

const fn entry<C: Contestant>() -> Entry {
    Entry { name: C::NAME, workloads: C::WORKLOADS, drive: drive::<C> }
}

pub(crate) const ALL: [Entry; 14] = [
    entry::<raw::Raw>(),
    entry::<hyper_connection::Connection>(),
    entry::<hyper_util::HyperUtil>(),
    entry::<declared::OverHyper>(),
    entry::<declared::OverHyperOff>(),
    entry::<by_reqwest::Reqwest>(),
    entry::<tuned::Tuned>(),
    entry::<declared::OverReqwest>(),
    entry::<declared::OverReqwestOff>(),
    entry::<middleware::Middleware>(),
    entry::<by_progenitor::Progenitor>(),
    entry::<smithy::Smithy>(),
    entry::<by_rustify::Rustify>(),
    entry::<by_feignhttp::Feignhttp>(),
];
