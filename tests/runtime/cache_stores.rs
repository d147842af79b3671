//! Where a cache keeps what it stores: in memory, in a store of one's own, and in one that fails.

use std::collections::HashMap;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pynector::backend::{BoxFuture, Step};
use pynector::{CacheKey, CacheStep, CacheStore, CachedResponse, CallOptions, HttpTransport, MemoryCache};

use crate::built;
use crate::cache::{POST, Steps, get, text, with};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug)]
enum Bad {
    Fails,
    Hangs,
}

impl Bad {
    fn answer<T: Send + 'static>(&self) -> BoxFuture<'_, Result<T, BoxError>> {
        match self {
            Self::Fails => Box::pin(async { Err("the disk is full".into()) }),
            Self::Hangs => Box::pin(pending()),
        }
    }
}

impl CacheStore for Bad {
    fn get<'a>(&'a self, _: &'a CacheKey) -> BoxFuture<'a, Result<Option<Arc<CachedResponse>>, BoxError>> {
        self.answer()
    }

    fn put<'a>(&'a self, _: &'a CacheKey, _: Arc<CachedResponse>) -> BoxFuture<'a, Result<(), BoxError>> {
        self.answer()
    }

    fn remove<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<(), BoxError>> {
        self.answer()
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_or_hangs_is_a_miss() {
    for bad in [Bad::Fails, Bad::Hangs] {
        let seen = Steps::default();
        let builder = HttpTransport::builder("http://h").cache(bad).observer(seen.clone());
        let fresh = text("one", &[("cache-control", "max-age=60")]);
        let (transport, script) = built(builder, [fresh, Step::status(204)]);
        assert_eq!(*get(&transport).await, "one");
        transport.call(&POST).send::<()>().await.unwrap();
        assert_eq!(script.requests().len(), 2);
        assert_eq!(seen.take(), [CacheStep::Failed, CacheStep::Missed, CacheStep::Failed, CacheStep::Failed]);
    }
}

#[tokio::test(start_paused = true)]
async fn memory_is_bounded_and_forgets_the_oldest() {
    let store = MemoryCache::new(64 << 10);
    let big = || Step::status(200).body("x".repeat(4 << 10)).header("cache-control", "max-age=60");
    let builder = HttpTransport::builder("http://h").cache(store.clone());
    let (transport, _) = built(builder, (0..40).map(|_| big()));
    for n in 0..20 {
        get(&with(&transport, "cookie", &format!("n={n}"))).await;
        // In use, so it stays.
        assert!(get(&with(&transport, "cookie", "n=0")).await.from_cache());
    }
    assert!(!get(&with(&transport, "cookie", "n=1")).await.from_cache());
    store.clear();
    assert!(!get(&with(&transport, "cookie", "n=0")).await.from_cache());
    assert!(!format!("{store:?}").contains("xxx"));
}

/// What a store of its own would do: entries as text, and back.
#[derive(Clone, Debug, Default)]
struct Texts(Arc<Mutex<HashMap<CacheKey, String>>>);

impl CacheStore for Texts {
    fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<Option<Arc<CachedResponse>>, BoxError>> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let text = self.0.lock().unwrap().get(key).cloned();
            Ok(text.map(|text| serde_json::from_str(&text)).transpose()?.map(Arc::new))
        })
    }

    fn put<'a>(
        &'a self,
        key: &'a CacheKey,
        response: Arc<CachedResponse>,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.0.lock().unwrap().insert(key.clone(), serde_json::to_string(&*response)?);
            Ok(())
        })
    }

    fn remove<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.0.lock().unwrap().retain(|key, _| key.url() != url);
            Ok(())
        })
    }
}

#[tokio::test(start_paused = true)]
async fn entries_are_written_and_read() {
    let texts = Texts::default();
    let fresh = || text("one", &[("cache-control", "max-age=60"), ("x-a", "1"), ("x-a", "2")]);
    let (transport, _) = built(HttpTransport::builder("http://h").cache(texts.clone()), [fresh()]);
    let secret = transport.with_options(CallOptions::new().bearer("hunter2"));
    get(&secret).await;
    let again = get(&secret).await;
    assert!(again.from_cache() && *again == "one" && again.headers().get_all("x-a").iter().count() == 2);
    for (key, text) in texts.0.lock().unwrap().iter_mut() {
        assert!(!text.contains("hunter2") && !key.variant().contains("hunter2"));
        let entry: CachedResponse = serde_json::from_str(text).unwrap();
        assert!(!format!("{entry:?}").contains("one"));
        *text = text.replace("\"version\":1", "\"version\":2");
        assert!(serde_json::from_str::<CachedResponse>(text).is_err());
    }
}
