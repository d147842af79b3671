//! One page: its items, and what stands beside them.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::hints::Hints;
use super::pick::At;
use super::step;
use crate::codec::loose::Loose;
use crate::codec::value::Apart;
use crate::error::{Error, ErrorKind, Result};
use crate::response::decode::{failure, pick};
use crate::response::{FromResponse, Incoming, ResponseHead};

/// One page of [`Pages`](crate::Pages): a slice of its items, and the rest of its response.
///
/// ```no_run
/// # async fn run(mut pages: pynector::Pages<u32>) -> pynector::Result<()> {
/// while let Some(page) = pages.next().await {
///     let page = page?;
///     println!("page {}: {} of {}", page.number(), page.len(), page.field::<u64>("total")?);
///     for item in page {
///         println!("{item}");
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub struct Page<T> {
    pub(super) head: ResponseHead,
    pub(super) items: Vec<T>,
    pub(super) body: Bytes,
    pub(super) number: u64,
    pub(super) is_last: bool,
}

impl<T> Page<T> {
    /// A page that no server has sent.
    pub(super) fn made(items: Vec<T>, number: u64, is_last: bool) -> Self {
        let head = ResponseHead::new(StatusCode::OK, HeaderMap::new());
        Self { head, items, body: Bytes::new(), number, is_last }
    }

    /// Status, headers, final URL.
    pub fn head(&self) -> &ResponseHead {
        &self.head
    }

    /// Which page of its [`Pages`](crate::Pages) it is, from 1 on; after a resumption too.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether the server says that no page follows. A page that only the next, empty one shows to be the last is not.
    pub fn is_last(&self) -> bool {
        self.is_last
    }

    /// Another field of the body, such as `total`, by a path such as `meta.total`; read when it is asked for.
    ///
    /// # Errors
    ///
    /// Kind [`Deserialize`](ErrorKind::Deserialize) if it is missing, unless `X` is an `Option`, or of another type.
    pub fn field<X: DeserializeOwned>(&self, path: &str) -> Result<X> {
        match pick(&self.head, &self.body, At { path, then: PhantomData::<X> })? {
            Some(value) => Ok(value),
            None => X::deserialize(Apart::new(Loose::Absent).root()).map_err(|_| {
                failure(&self.head, &self.body, &format!("the body has no field `{path}`"), None)
            }),
        }
    }

    /// The items alone.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }
}

impl<T> Deref for Page<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'p, T> IntoIterator for &'p Page<T> {
    type Item = &'p T;
    type IntoIter = std::slice::Iter<'p, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

/// Its items, and its head without secrets.
impl<T: fmt::Debug> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { head, items, number, is_last, .. } = self;
        f.debug_struct("Page")
            .field("number", number)
            .field("items", items)
            .field("is_last", is_last)
            .field("head", head)
            .finish_non_exhaustive()
    }
}

/// A page as it came, before anybody judges what it says.
pub(super) struct Loaded<T> {
    pub(super) head: ResponseHead,
    pub(super) items: Vec<T>,
    pub(super) body: Bytes,
    pub(super) hints: Hints,
}

impl<T: DeserializeOwned> FromResponse for Loaded<T> {
    const BUFFERED: bool = true;

    fn accept() -> &'static str {
        "application/json"
    }

    fn from_response(response: Incoming) -> impl Future<Output = Result<Self>> + Send + 'static {
        async move {
            let unknown = || Error::new(ErrorKind::Request, "only calls of an operation have pages");
            let paginate = step::paginate(response.operation().ok_or_else(unknown)?)?;
            let (head, body) = response.into_parts().await?;
            let items = items(paginate.items, &head, &body)?;
            let hints = Hints::read(paginate, &head, &body)?;
            Ok(Self { head, items, body, hints })
        }
    }
}

/// The items at `path`; a `?` at its end says that the list may be missing.
fn items<T: DeserializeOwned>(path: Option<&str>, head: &ResponseHead, body: &Bytes) -> Result<Vec<T>> {
    let written = path.unwrap_or_default();
    let path = written.strip_suffix('?').unwrap_or(written);
    match pick(head, body, At { path, then: PhantomData::<Option<Vec<T>>> })? {
        Some(items) => Ok(items.unwrap_or_default()),
        None if written.ends_with('?') => Ok(Vec::new()),
        None => {
            let why = format!(
                "the body has no field `{path}`, where the items are; write `{path}?` if an empty list is left out"
            );
            Err(failure(head, body, &why, None))
        }
    }
}
