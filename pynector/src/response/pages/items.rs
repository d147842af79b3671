//! The items of all pages as one stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::{Stream, StreamExt};
use serde::de::DeserializeOwned;

use super::{PageCursor, Pages};
use crate::error::Result;

/// A [`Stream`] of the items of [`Pages`], page after page.
///
/// After an error it has ended; the items before it were all handed out.
#[must_use = "the pages behind the first are only asked for when their items are read"]
pub struct Items<T> {
    pages: Pages<T>,
    /// What is left of the page that is here.
    left: std::vec::IntoIter<T>,
}

impl<T> Items<T> {
    pub(super) fn new(pages: Pages<T>) -> Self {
        Self { pages, left: Vec::new().into_iter() }
    }

    /// Where to go on so that no item is missed: at the page whose items are not all handed out, whose first ones then come
    /// again, else at the next one. `None` at the end.
    pub fn cursor(&self) -> Option<PageCursor> {
        if self.left.len() > 0 { Some(self.pages.current()) } else { self.pages.cursor() }
    }

    /// The pages that the items come from.
    pub fn pages(&self) -> &Pages<T> {
        &self.pages
    }
}

impl<T: DeserializeOwned + Send + 'static> Items<T> {
    /// The next item; `None` at the end. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Those of [`Pages::next`]. `None` follows.
    pub async fn next(&mut self) -> Option<Result<T>> {
        StreamExt::next(self).await
    }
}

/// Items are moved out of it, never pinned in it.
impl<T> Unpin for Items<T> {}

impl<T: DeserializeOwned + Send + 'static> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.left.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(cx)) {
                Some(Ok(page)) => self.left = page.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("left", &self.left.len()).field("pages", &self.pages).finish()
    }
}
