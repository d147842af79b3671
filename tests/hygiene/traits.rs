//! What a trait may have: parameters, types, supertraits, bodies.

use std::fmt::{Debug, Display};

use pynector::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Compiles only for futures that can be spawned.
fn spawnable<F: std::future::Future + Send>(future: F) {
    drop(future);
}

trait Named {
    fn name(&self) -> String;
}

#[pynector::api(base_url = "http://localhost", prefix = "/{store}")]
trait Store<T = u64, const N: usize = 2>: Named + Debug + Clone + 'static
where
    T: DeserializeOwned + Serialize + Send + Sync + 'static,
{
    type Key<'k>: Display + Send + Sync
        = &'k str
    where
        T: 'k;
    type Filter<V: Serialize + Send>: Serialize + Send = [V; 1];
    type Item: DeserializeOwned + Send = Vec<T>;
    const MOST: usize = N;

    #[get("/{key}")]
    async fn load(&self, key: Self::Key<'_>) -> Result<Option<T>>;

    #[get("/")]
    async fn list<V>(&self, #[query] filter: &Self::Filter<V>) -> Result<Self::Item>
    where
        V: Serialize + Send + Sync,
        Self::Filter<V>: Sync;

    #[put("/{key}")]
    async fn save<'a>(&'a self, key: impl Display + Send, #[json] value: &'a T) -> Result<()>;

    #[get("/{key}")]
    async fn any<V: DeserializeOwned + Send + 'static>(&self, key: &(dyn Display + Sync)) -> Result<V>;

    async fn one_after_the_other<V: DeserializeOwned + Send + 'static>(
        &self,
        mut keys: Vec<String>,
    ) -> Result<Vec<V>> {
        keys.truncate(Self::MOST);
        let mut values = Vec::new();
        for key in &keys {
            values.push(self.any(key).await?);
        }
        Ok(values)
    }

    async fn at_once(&self, (left, right): (&str, &str)) -> Result<(u8, u8)> {
        tokio::try_join!(self.any(&left), self.any(&right))
    }

    async fn own_tasks(&self) -> Result<u8> {
        let this = self.clone();
        let task = tokio::spawn(async move { this.any::<u8>(&"key").await });
        task.await.unwrap_or(Ok(0))
    }

    fn title(&self) -> String {
        format!("{} of {}", self.name(), Self::MOST)
    }
}

impl Named for StoreClient {
    fn name(&self) -> String {
        "store".to_owned()
    }
}

fn generic<T, S>(store: &S)
where
    T: DeserializeOwned + Serialize + Send + Sync + 'static,
    S: Store<T, 3>,
{
    spawnable(store.at_once(("a", "b")));
    spawnable(store.one_after_the_other::<T>(Vec::new()));
    spawnable(store.own_tasks());
    assert_eq!(store.title(), "store of 3");
}

#[test]
fn a_trait_with_everything() {
    let store = StoreClient::new("s").unwrap();
    spawnable(Store::<u64>::load(&store, "key"));
    spawnable(Store::<u64, 1>::list(&store, &[5]));
    spawnable(Store::<String>::save(&store, 5, &String::new()));
    spawnable(Store::<u64>::any::<u8>(&store, &5));
    generic::<u8, _>(&store);
    assert_eq!(<StoreClient as Store>::MOST, 2);
    assert_eq!(StoreClient::OPERATIONS.len(), 4);
}

#[pynector::api(base_url = "http://localhost")]
trait Borrowing<'a, 'b: 'a> {
    #[get("/{key}")]
    async fn load(&self, key: &'a str, #[query] other: &'b str) -> Result<String>;

    async fn both(&'b self, keys: (&'a str, &'b str)) -> Result<String> {
        self.load(keys.0, keys.1).await
    }
}

#[test]
fn a_trait_with_lifetimes() {
    let client = BorrowingClient::new().unwrap();
    spawnable(client.load("a", "b"));
    spawnable(client.both(("a", "b")));
}
