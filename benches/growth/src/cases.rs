//! What grows, how far, for whom; and pynector's part of it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use common::repository::Repository as Record;
use pynector::backend::{HyperBackend, ReqwestBackend};

use crate::{peers, text};

type Later<T> = Pin<Box<dyn Future<Output = T>>>;
type Method<C> = fn(&C) -> Pin<Box<dyn Future<Output = pynector::Result<Record>> + '_>>;
/// So many calls of a client that is there already.
pub(crate) type Run = Box<dyn Fn(usize) -> Later<Result<(), String>>>;

include!(concat!(env!("OUT_DIR"), "/traits.rs"));

#[pynector::api(breaker, decompress = off)]
trait Rest {
    #[get("/body/{bytes}")]
    async fn list(&self, bytes: usize) -> pynector::Result<Vec<Record>>;

    #[get]
    async fn whole(&self, #[url] url: &str) -> pynector::Result<Record>;
}

pub(crate) struct Case {
    pub(crate) what: &'static str,
    pub(crate) n: usize,
    pub(crate) contestant: &'static str,
}

const OURS: [&str; 2] = ["pynector over hyper", "pynector over reqwest"];
const ALL: [&str; 4] = ["pynector over hyper", "pynector over reqwest", "hyper-util", "reqwest"];
const BODY: [&str; 5] =
    ["pynector over hyper", "pynector over reqwest", "hyper-util", "reqwest", "serde_json"];

pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for (what, numbers, contestants) in [
        ("endpoints", &[1, 100, 1000][..], &OURS[..]),
        ("headers", &[4, 40], &ALL),
        ("hosts", &[1, 10_000], &OURS),
        ("body", &[300, 10 << 10, 1 << 20, 10 << 20], &BODY),
    ] {
        for contestant in contestants {
            cases.extend(numbers.iter().map(|n| Case { what, n: *n, contestant }));
        }
    }
    cases
}

/// A client of the trait, over the backend of the case.
macro_rules! client {
    ($client:ident, $case:expr, $base:expr) => {{
        let builder = $client::builder().base_url($base).any_origin(true);
        let built = match $case.contestant {
            "pynector over hyper" => builder.backend(HyperBackend::new().map_err(text)?).build(),
            _ => builder.backend(ReqwestBackend::new().map_err(text)?).build(),
        };
        Arc::new(built.map_err(text)?)
    }};
}

/// Calls that go through a table of methods, one after another.
macro_rules! through {
    ($client:expr, $methods:expr) => {{
        let client = $client;
        Box::new(move |calls| {
            let client = Arc::clone(&client);
            Box::pin(async move {
                for method in $methods.iter().cycle().take(calls) {
                    std::hint::black_box(method(&client).await.map_err(text)?.weight());
                }
                Ok(())
            })
        })
    }};
}

impl Case {
    /// The client, with whatever is to be there before its calls.
    pub(crate) async fn client(&self, base: String) -> Result<Run, String> {
        if !OURS.contains(&self.contestant) {
            return peers::client(self, base);
        }
        Ok(match (self.what, self.n) {
            ("endpoints", 1) => through!(client!(Endpoints1Client, self, base), ENDPOINTS1),
            ("endpoints", 100) => through!(client!(Endpoints100Client, self, base), ENDPOINTS100),
            ("endpoints", _) => through!(client!(Endpoints1000Client, self, base), ENDPOINTS1000),
            ("headers", 4) => {
                let methods: [Method<Headers4Client>; 1] = [|api| Box::pin(api.get(7))];
                through!(client!(Headers4Client, self, base), methods)
            }
            ("headers", _) => {
                let methods: [Method<Headers40Client>; 1] = [|api| Box::pin(api.get(7))];
                through!(client!(Headers40Client, self, base), methods)
            }
            ("hosts", _) => self.hosts(base).await?,
            _ => {
                let (client, bytes) = (client!(RestClient, self, base), self.n);
                Box::new(move |calls| Box::pin(lists(Arc::clone(&client), bytes, calls)))
            }
        })
    }

    /// Each host is met once, on a connection that ends; the calls then go to one in their middle, which is kept.
    async fn hosts(&self, base: String) -> Result<Run, String> {
        let client = client!(RestClient, self, &base);
        let port = base.rsplit(':').next().unwrap_or_default().to_owned();
        let address = |nth: usize| format!("http://127.{}.{}.1:{port}", nth / 200 + 1, nth % 200 + 1);
        for nth in 0..self.n {
            client.whole(&format!("{}/close", address(nth))).await.map_err(text)?;
        }
        let url = format!("{}/kept", address(self.n / 2));
        Ok(Box::new(move |calls| Box::pin(wholes(Arc::clone(&client), url.clone(), calls))))
    }
}

async fn lists(client: Arc<RestClient>, bytes: usize, calls: usize) -> Result<(), String> {
    for _ in 0..calls {
        let records = client.list(bytes).await.map_err(text)?;
        std::hint::black_box(records.iter().map(Record::weight).sum::<u64>());
    }
    Ok(())
}

async fn wholes(client: Arc<RestClient>, url: String, calls: usize) -> Result<(), String> {
    for _ in 0..calls {
        std::hint::black_box(client.whole(&url).await.map_err(text)?.weight());
    }
    Ok(())
}
