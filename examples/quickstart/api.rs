//! The API as its client sees it: one annotated trait, and the types that it speaks.

use pynector::{Response, Result};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub(crate) struct Book {
    pub(crate) id: u64,
    pub(crate) title: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct NewBook<'a> {
    pub(crate) title: &'a str,
    pub(crate) author: &'a str,
}

/// A public library. The macro writes `LibraryClient`, which implements this trait over HTTP.
#[pynector::api(timeout = "5s", retry(max_retries = 3, initial_backoff = "80ms"))]
pub(crate) trait Library {
    /// Parameters go to the path by their name, else where their attribute says; `None` is left out.
    #[get("/shelves/{shelf}/books")]
    async fn books(
        &self,
        shelf: &str,
        #[query] author: &str,
        #[query] language: Option<&str>,
        #[query("limit")] at_most: u32,
        #[header("x-reader")] reader: &str,
    ) -> Result<Vec<Book>>;

    /// A `post` is sent again only where it provably did nothing.
    #[post("/shelves/{shelf}/books")]
    async fn add(&self, shelf: &str, #[json] book: &NewBook<'_>) -> Result<Book>;

    /// Fails with an error type of our own.
    #[get("/books/{id}")]
    async fn book(&self, id: u64) -> Result<Book, LibraryError>;

    /// `Response<T>` is the value with its status, headers and number of attempts; a `String` is text.
    #[get("/hours")]
    async fn hours(&self) -> Result<Response<String>>;

    /// `()` drops the body.
    #[post("/books/{id}/loan")]
    async fn borrow(&self, id: u64) -> Result<Response<()>>;

    /// Settings of a verb win over those of the trait.
    #[get(
        "/tip",
        retry = off,
        breaker(group = "tips", failure_threshold = 3, open = "400ms"),
    )]
    async fn tip(&self) -> Result<Book>;

    /// The deadline bounds the whole call: its attempts and the waits between them.
    #[get("/search", timeouts(deadline = "300ms"))]
    async fn search(&self, #[query("q")] words: &str) -> Result<Vec<Book>>;
}

/// What the library says when it has no such book.
#[derive(Debug, Deserialize)]
pub(crate) struct Missing {
    pub(crate) id: u64,
    pub(crate) hint: String,
}

/// Why a book could not be had.
#[derive(Debug)]
pub(crate) enum LibraryError {
    /// The library answered that it has none.
    NoSuchBook(Missing),
    /// Everything else.
    Call(pynector::Error),
}

impl From<pynector::Error> for LibraryError {
    fn from(error: pynector::Error) -> Self {
        match error.decode() {
            Ok(missing) if error.is_not_found() => Self::NoSuchBook(missing),
            _ => Self::Call(error),
        }
    }
}
