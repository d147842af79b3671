//! A private HTTP cache (RFC 9111): what is stored, under which key, and where.

mod entry;
mod freshness;
mod key;
mod memory;

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::backend::BoxFuture;
use crate::clock;
use crate::error::BoxError;

pub use self::entry::CachedResponse;
pub use self::key::CacheKey;
pub use self::memory::MemoryCache;

pub(crate) use self::freshness::{Asked, Validity};

/// How long a store may take; a slower one is a miss, since the server may be as fast.
const PATIENCE: Duration = Duration::from_secs(1);

/// So many counts there are of what was changed.
const COUNTS: usize = 64;

/// Where a cache keeps responses: [`MemoryCache`], or something of your own, such as a file or a server.
///
/// What it is given are opaque entries, which serde writes and reads; an entry of another version does not read, and that is
/// an error like any other. An error is a miss: it never fails a call, and observers are told. So is a store that takes
/// longer than a second. A panic is the panic of the call.
///
/// Entries hold whole responses, which may be secrets: keep them as you would keep those.
pub trait CacheStore: fmt::Debug + Send + Sync + 'static {
    /// What is stored under `key`.
    fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<Option<Arc<CachedResponse>>, BoxError>>;

    /// Stores `response` under `key`, in place of what is there. It may be forgotten at any time.
    fn put<'a>(
        &'a self,
        key: &'a CacheKey,
        response: Arc<CachedResponse>,
    ) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Forgets everything of a URL, whatever the [variant](CacheKey::variant).
    fn remove<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), BoxError>>;
}

/// The cache of a transport.
#[derive(Debug)]
pub(crate) struct Cache {
    store: Arc<dyn CacheStore>,
    /// Tells apart what is authorised by credentials that nobody sees before an attempt.
    own: String,
    /// How often something was changed, by URL; some share a count, so that many take no more room than few.
    changes: [AtomicU64; COUNTS],
}

impl Cache {
    pub(crate) fn new(store: Arc<dyn CacheStore>) -> Self {
        let changes = std::array::from_fn(|_| AtomicU64::new(0));
        Self { store, own: uuid::Uuid::new_v4().to_string(), changes }
    }

    /// A name that no other transport has.
    pub(crate) fn own(&self) -> &str {
        &self.own
    }

    fn count(&self, url: &str) -> Option<&AtomicU64> {
        let mut hasher = DefaultHasher::new();
        url.hash(&mut hasher);
        self.changes.get(usize::try_from(hasher.finish() % COUNTS as u64).ok()?)
    }

    /// How often it was changed; an answer that was asked for before the last time may be older than that.
    pub(crate) fn changes(&self, url: &str) -> u64 {
        self.count(url).map_or(0, |count| count.load(Ordering::SeqCst))
    }

    /// What `url` names is another thing from now on.
    pub(crate) fn changed(&self, url: &str) {
        if let Some(count) = self.count(url) {
            count.fetch_add(1, Ordering::SeqCst);
        }
    }

    pub(crate) async fn get(
        &self,
        key: &CacheKey,
        deadline: Option<Instant>,
    ) -> Result<Option<Arc<CachedResponse>>, Unstored> {
        in_time(deadline, self.store.get(key)).await
    }

    pub(crate) async fn put(
        &self,
        key: &CacheKey,
        response: Arc<CachedResponse>,
        deadline: Option<Instant>,
    ) -> Result<(), Unstored> {
        in_time(deadline, self.store.put(key, response)).await
    }

    pub(crate) async fn remove(&self, url: &str, deadline: Option<Instant>) -> Result<(), Unstored> {
        in_time(deadline, self.store.remove(url)).await
    }
}

/// The store failed, or took too long.
#[derive(Debug)]
pub(crate) struct Unstored;

async fn in_time<T>(
    deadline: Option<Instant>,
    mut asked: BoxFuture<'_, Result<T, BoxError>>,
) -> Result<T, Unstored> {
    let patience = clock::after(clock::now(), PATIENCE);
    let limit = [deadline, patience].into_iter().flatten().min();
    match clock::until(limit, asked.as_mut()).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(clock::Elapsed) => Err(Unstored),
    }
}
