//! A value with the head of its response.

use std::time::Duration;

use http::{HeaderMap, StatusCode, Uri};

use super::{FromResponse, Incoming, ResponseHead};
use crate::error::Result;
use crate::operation::Operation;

/// A value together with the response that it came in.
///
/// ```no_run
/// # use pynector::{Response, Result};
/// #[pynector::api(base_url = "https://api.example.com")]
/// trait Files {
///     #[get("/files/{id}")]
///     async fn file(&self, id: u64) -> Result<Response<String>>;
/// }
///
/// # async fn run() -> Result<()> {
/// let file = FilesClient::new()?.file(7).await?;
/// println!("{} {:?}: {}", file.status(), file.header("etag"), *file);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Response<T> {
    head: ResponseHead,
    value: T,
}

impl<T> Response<T> {
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The first header of this name, if it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// The URL that answered: after redirects, the last one.
    pub fn url(&self) -> &Uri {
        &self.head.url
    }

    /// How many attempts were made.
    pub fn attempts(&self) -> u32 {
        self.head.attempts
    }

    /// How long the call took, waits included.
    pub fn elapsed(&self) -> Duration {
        self.head.elapsed
    }

    /// Whether it is a stored response; see [`ResponseHead::from_cache`].
    pub fn from_cache(&self) -> bool {
        self.head.from_cache
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The head and the value.
    pub fn into_parts(self) -> (ResponseHead, T) {
        (self.head, self.value)
    }
}

impl<T> std::ops::Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: FromResponse> FromResponse for Response<T> {
    const BUFFERED: bool = T::BUFFERED;
    const FURTHER: bool = T::FURTHER;

    fn fits(operation: &Operation, asked: &Uri, is_repeatable: bool) -> Result<()> {
        T::fits(operation, asked, is_repeatable)
    }

    fn accept() -> &'static str {
        T::accept()
    }

    fn from_response(response: Incoming) -> impl Future<Output = Result<Self>> + Send + 'static {
        async move {
            let head = response.head().clone();
            let value = T::from_response(response).await?;
            Ok(Self { head, value })
        }
    }

    fn from_whole(response: Incoming) -> Result<Result<Self>, Box<Incoming>> {
        let head = response.head().clone();
        T::from_whole(response).map(|made| made.map(|value| Self { head, value }))
    }
}
