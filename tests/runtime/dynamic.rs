//! `dyn`: one type for every implementation, which loses nothing of the one inside.

use std::fmt::Display;
use std::sync::Arc;

use pynector::backend::{ScriptBackend, Step};
use pynector::{Error, ErrorKind, Result};

#[derive(Debug)]
pub(crate) struct NotFound;

impl From<Error> for NotFound {
    fn from(_: Error) -> Self {
        Self
    }
}

#[derive(serde::Serialize)]
pub(crate) struct Filter<'a> {
    tag: &'a str,
}

#[pynector::api(dyn)]
pub(crate) trait Shelf {
    #[get("/books/{id}")]
    async fn book(&self, id: &str, #[query] page: Option<u32>) -> Result<String>;

    /// Lifetimes of every kind: left out inside a value, named, behind a reference.
    #[post("/books/{shelf}")]
    async fn search<'a>(
        &self,
        shelf: &'a str,
        #[query] filter: Filter<'_>,
        #[header("x-tag")] tag: Option<&str>,
        #[json] body: &'a Filter<'_>,
        #[query] shown: &(dyn erased::Shown + Sync),
    ) -> Result<Vec<u32>, NotFound>;

    /// By a body, which an implementation may replace.
    async fn first(&self, ids: &[&str]) -> Result<String> {
        self.book(ids.first().unwrap_or(&"0"), None).await
    }

    /// Lends what it has.
    async fn name(&self, or: &str) -> &str {
        let _ = or;
        "shelf"
    }

    fn count(&self, (from, to): (usize, usize)) -> usize {
        to - from
    }

    async fn any(&self, id: impl Display + Send) -> Result<String>
    where
        Self: Sized,
    {
        self.book(&id.to_string(), Some(1)).await
    }
}

mod erased {
    /// `Serialize` without its generic method, for an argument that is a `dyn`.
    pub(crate) trait Shown {
        fn shown(&self) -> String;
    }

    impl serde::Serialize for dyn Shown + Sync + '_ {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(&self.shown())
        }
    }

    impl Shown for u8 {
        fn shown(&self) -> String {
            format!("n{self}")
        }
    }
}

/// Replaces what has a body, too.
struct Fake(String);

impl Shelf for Fake {
    async fn book(&self, id: &str, page: Option<u32>) -> Result<String> {
        Ok(format!("{} {id} {page:?}", self.0))
    }

    async fn search<'a>(
        &self,
        _: &'a str,
        _: Filter<'_>,
        _: Option<&str>,
        _: &'a Filter<'_>,
        _: &(dyn erased::Shown + Sync),
    ) -> Result<Vec<u32>, NotFound> {
        Err(NotFound)
    }

    async fn first(&self, ids: &[&str]) -> Result<String> {
        Ok(format!("the first of {}", ids.len()))
    }

    async fn name(&self, _: &str) -> &str {
        &self.0
    }

    fn count(&self, _: (usize, usize)) -> usize {
        42
    }
}

fn text(body: &'static str) -> Step {
    Step::status(200).body(body)
}

fn client(steps: impl IntoIterator<Item = Step>) -> (DynShelf, ScriptBackend) {
    let script = ScriptBackend::new(steps);
    let client = ShelfClient::builder().base_url("http://h").backend(script.clone()).build();
    (DynShelf::new(client.unwrap()), script)
}

/// Takes the trait, as whoever does not care for the type inside.
async fn read(shelf: &impl Shelf) -> Result<String> {
    shelf.first(&["7"]).await
}

#[tokio::test(start_paused = true)]
async fn dyn_calls_what_is_inside() {
    let (shelf, script) = client([text("seven"), Step::json("[1, 2]")]);
    assert_eq!(read(&shelf).await.unwrap(), "seven");
    let (tag, owned) = (String::from("t"), String::from("b"));
    let filter = Filter { tag: &tag };
    let found = shelf.search("s", filter, Some(&tag), &Filter { tag: &owned }, &5_u8).await.unwrap();
    assert_eq!(found, [1, 2]);
    let requests = script.requests();
    assert_eq!(requests[0].uri, "http://h/books/7");
    assert_eq!(requests[1].uri, "http://h/books/s?tag=t&shown=n5");
}

#[tokio::test(start_paused = true)]
async fn dyn_keeps_what_the_inner_type_replaces() {
    let shelf = DynShelf::new(Fake("fake".to_owned()));
    assert_eq!(read(&shelf).await.unwrap(), "the first of 1");
    assert_eq!(shelf.name(&String::from("gone at once")).await, "fake");
    assert_eq!(shelf.count((1, 3)), 42);
    // What is generic has the body of the trait, over the methods of the inner type.
    assert_eq!(shelf.any(9).await.unwrap(), "fake 9 Some(1)");
    assert_eq!(client([]).0.count((1, 3)), 2);
}

#[tokio::test(start_paused = true)]
async fn dyn_is_cheap_to_share_and_to_nest() {
    fn shared<T: Clone + Send + Sync + std::fmt::Debug + 'static>(value: &T) -> T {
        value.clone()
    }
    let (shelf, script) = client([text("a"), text("b"), Step::status(404)]);
    let shelves = [shared(&shelf), DynShelf::new(shelf.clone()), DynShelf::new(Fake("f".to_owned()))];
    assert_eq!(std::mem::size_of::<DynShelf>(), std::mem::size_of::<Arc<dyn Send>>());
    let mut read = Vec::new();
    for shelf in shelves {
        // The futures are `Send`, whatever is inside.
        read.push(tokio::spawn(async move { shelf.book("x", None).await }).await.unwrap().unwrap());
    }
    assert_eq!(read, ["a", "b", "f x None"]);
    assert_eq!(script.requests().len(), 2);
    let error = shelf.book("x", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status(404));
    assert_eq!(format!("{shelf:?}"), "DynShelf { .. }");
}

/// Parameters of the trait are parameters of the struct.
#[pynector::api(dyn)]
pub(crate) trait Keyed<'k, K: Display + Sync, const N: usize> {
    #[get("/{key}")]
    async fn of(&self, key: &'k K, #[query] numbers: [u8; N]) -> Result<String>
    where
        K: 'k,
        [u8; N]: serde::Serialize;
}

#[tokio::test(start_paused = true)]
async fn dyn_of_a_trait_with_parameters() {
    let (key, script) = (String::from("k"), ScriptBackend::new([text("a")]));
    let client = KeyedClient::builder().base_url("http://h").backend(script.clone()).build().unwrap();
    let keyed: DynKeyed<'_, String, 2> = DynKeyed::new(client);
    assert_eq!(keyed.clone().of(&key, [1, 2]).await.unwrap(), "a");
    assert_eq!(script.requests()[0].uri, "http://h/k?numbers=1&numbers=2");
}
