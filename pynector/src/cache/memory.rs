//! The store that is there already: memory, bounded by bytes, that forgets what was not used for longest.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{CacheKey, CacheStore, CachedResponse};
use crate::backend::BoxFuture;
use crate::error::BoxError;

/// Keeps responses in memory, up to a number of bytes; what was not used for longest goes first.
///
/// Clones share what they keep. A response of more than an eighth of all is not kept.
#[derive(Clone)]
pub struct MemoryCache {
    shared: Arc<Mutex<Kept>>,
    capacity: usize,
}

#[derive(Default)]
struct Kept {
    /// By URL, then by variant, with the turn of its last use.
    urls: HashMap<String, HashMap<String, (u64, Arc<CachedResponse>)>>,
    /// What was used in which turn.
    turns: BTreeMap<u64, CacheKey>,
    turn: u64,
    bytes: usize,
}

impl MemoryCache {
    /// A cache of at most `bytes`: bodies, headers, and an estimate of what holds them.
    pub fn new(bytes: usize) -> Self {
        Self { shared: Arc::default(), capacity: bytes }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.kept() = Kept::default();
    }

    /// No caller is called while it is held, and nobody waits with it.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an entry takes together with its key, which is kept twice.
fn size(key: &CacheKey, response: &CachedResponse) -> usize {
    response.size() + 2 * (key.url().len() + key.variant().len())
}

impl Kept {
    fn get(&mut self, key: &CacheKey) -> Option<Arc<CachedResponse>> {
        let (turn, response) = self.urls.get_mut(key.url())?.get_mut(key.variant())?;
        if let Some(own) = self.turns.remove(turn) {
            self.turn += 1;
            *turn = self.turn;
            self.turns.insert(self.turn, own);
        }
        Some(Arc::clone(response))
    }

    fn remove(&mut self, key: &CacheKey) {
        let Some(variants) = self.urls.get_mut(key.url()) else { return };
        if let Some((turn, response)) = variants.remove(key.variant()) {
            self.turns.remove(&turn);
            self.bytes = self.bytes.saturating_sub(size(key, &response));
        }
        if variants.is_empty() {
            self.urls.remove(key.url());
        }
    }

    fn put(&mut self, key: &CacheKey, response: Arc<CachedResponse>, capacity: usize) {
        self.remove(key);
        let bytes = size(key, &response);
        if bytes > capacity / 8 {
            return;
        }
        self.turn += 1;
        self.bytes += bytes;
        self.turns.insert(self.turn, key.clone());
        let variants = self.urls.entry(key.url().to_owned()).or_default();
        variants.insert(key.variant().to_owned(), (self.turn, response));
        while self.bytes > capacity {
            let Some((_, oldest)) = self.turns.first_key_value() else { return };
            let oldest = oldest.clone();
            self.remove(&oldest);
        }
    }

    fn remove_url(&mut self, url: &str) {
        let Some(variants) = self.urls.remove(url) else { return };
        for (turn, response) in variants.into_values() {
            if let Some(key) = self.turns.remove(&turn) {
                self.bytes = self.bytes.saturating_sub(size(&key, &response));
            }
        }
    }
}

impl CacheStore for MemoryCache {
    fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<Option<Arc<CachedResponse>>, BoxError>> {
        Box::pin(async move { Ok(self.kept().get(key)) })
    }

    fn put<'a>(
        &'a self,
        key: &'a CacheKey,
        response: Arc<CachedResponse>,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.kept().put(key, response, self.capacity);
            Ok(())
        })
    }

    fn remove<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.kept().remove_url(url);
            Ok(())
        })
    }
}

/// How much there is, and nothing of it.
impl fmt::Debug for MemoryCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (bytes, capacity) = (self.kept().bytes, self.capacity);
        f.debug_struct("MemoryCache")
            .field("bytes", &bytes)
            .field("capacity", &capacity)
            .finish_non_exhaustive()
    }
}
