//! Pages: a walk over the parts of a list that the server hands out one at a time.

mod hints;
mod items;
mod link;
mod page;
mod pick;
mod seen;
pub(crate) mod step;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt};
use http::Uri;
use serde::de::DeserializeOwned;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

pub use self::items::Items;
use self::page::Loaded;
pub use self::page::Page;
use self::seen::Seen;
pub use self::step::PageCursor;
use super::further::{Change, Fetch};
use super::{FromResponse, Incoming};
use crate::backend::BoxFuture;
use crate::error::{CallContext, Error, ErrorKind, Result};
use crate::operation::{Operation, Paginate, Rule};
use crate::request::base::redacted;

/// So many empty pages in a row are the end of a server's credit.
const MAX_EMPTY: u32 = 10;

/// The pages of a list whose items are `T`: a [`Stream`] of [`Page<T>`], or by [`items`](Self::items) of `T`.
///
/// Return it from a method, `Result<Pages<T>>`, that says by `#[paginate(..)]` where its next page is
/// ([`Paginate`] has the rules). The first page is here when the call is awaited, and its errors are the call's. Each
/// further one is asked for when the stream is, and is a call of its own: with retries, circuit, credentials, a deadline of
/// its own, every header of the first one and its body, which must be one that can be sent again. Bodies are JSON.
///
/// The walk ends where the server names no next page (a cursor that is missing, `null`, `false` or empty), where the
/// field of `more` is false, and by page numbers and offsets, where nothing says whether there is more, at the first empty
/// page. After an error it has ended too, and [`cursor`](Self::cursor) says where to go on.
///
/// A server is not trusted with where the walk leads. These are errors of kind [`Redirect`](ErrorKind::Redirect):
///
/// - a next page at another origin, or whose URL has credentials: the headers of the call would go there;
/// - a next page that was here before, as one of the last 4096, whether by URL, cursor or number; by numbers and offsets a
///   page too that equals one before, since such a server passes over the parameter ([`allow_repeats`](Self::allow_repeats));
/// - ten empty pages in a row ([`max_empty`](Self::max_empty)).
///
/// ```no_run
/// use futures_util::TryStreamExt as _;
/// use pynector::{HttpTransport, Operation, OperationRules, Pages, Paginate};
///
/// #[derive(serde::Deserialize)]
/// struct Issue { number: u64, title: String }
///
/// const ISSUES: Operation = Operation::get("GitHub::issues", "/repos/{owner}/{repo}/issues")
///     .rules(&OperationRules::new().paginate(Paginate::link()));
///
/// # async fn run(github: &HttpTransport) -> pynector::Result<()> {
/// let call = || github.call(&ISSUES).path("owner", "tokio-rs").path("repo", "tokio").query("per_page", &100);
///
/// let mut pages: Pages<Issue> = call().send().await?;
/// while let Some(page) = pages.next().await {
///     for issue in page? {
///         println!("#{} {}", issue.number, issue.title);
///     }
/// }
///
/// let all: Vec<Issue> = call().send::<Pages<_>>().await?.prefetch(true).items().try_collect().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "the pages behind the first are only asked for when they are read"]
pub struct Pages<T> {
    /// Nobody, where all pages are here.
    fetch: Option<Arc<dyn Fetch>>,
    paginate: Paginate,
    state: State<T>,
    /// The request of the page that was handed out last.
    current: Uri,
    number: u64,
    empties: u32,
    asked: Seen,
    bodies: Seen,
    prefetch: bool,
    allow_repeats: bool,
    max_empty: u32,
    most: Option<u64>,
}

/// Where the next page is.
enum State<T> {
    /// The first one is here.
    Here(Box<Loaded<T>>),
    /// All of them are.
    Given(Box<std::vec::IntoIter<Vec<T>>>),
    /// Nobody has asked for it.
    Next(Uri),
    Coming(Uri, BoxFuture<'static, Result<Loaded<T>>>),
    /// It is not to be had, which is told when it is asked for; by this request the caller may insist on it.
    Refused(Error, Option<Uri>),
    /// There is none, or the walk broke at this request.
    Ended(Option<Uri>),
}

impl<T> Pages<T> {
    fn new(fetch: Option<Arc<dyn Fetch>>, paginate: Paginate, state: State<T>) -> Self {
        let current = fetch.as_ref().map(|fetch| fetch.uri().clone()).unwrap_or_default();
        let mut asked = Seen::default();
        asked.is_new(&current);
        Self {
            fetch,
            paginate,
            state,
            current,
            number: 0,
            empties: 0,
            asked,
            bodies: Seen::default(),
            prefetch: false,
            allow_repeats: false,
            max_empty: MAX_EMPTY,
            most: None,
        }
    }

    /// Whether a page is asked for as soon as the one before it is handed out, while the caller works with that one.
    /// Default false.
    ///
    /// At most one page is on its way. It is asked for by a task of the runtime, since its clocks run while nobody polls
    /// this stream; the task ends when the stream is dropped.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.prefetch = prefetch;
        self
    }

    /// The walk ends behind this many pages, without an error; [`cursor`](Self::cursor) says where to go on. Default: no
    /// end.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.most = Some(pages);
        self
    }

    /// How many empty pages in a row are an error. Default 10; 0 and 1 are the same.
    pub fn max_empty(mut self, pages: u32) -> Self {
        self.max_empty = pages.max(1);
        self
    }

    /// Whether a page that is counted by number or offset may have the same body as one before. Default false: it is an
    /// error, since such a server passes over the parameter, and has no end.
    pub fn allow_repeats(mut self, allow: bool) -> Self {
        self.allow_repeats = allow;
        self
    }

    /// The items of all pages, one by one.
    pub fn items(self) -> Items<T> {
        Items::new(self)
    }

    /// The page that comes next, or failed; `None` at the end.
    ///
    /// `None` also where it makes no sense to go on: behind a page that leads in a circle or to another origin.
    pub fn cursor(&self) -> Option<PageCursor> {
        let next = match &self.state {
            State::Here(_) => Some(&self.current),
            State::Next(uri) | State::Coming(uri, _) => Some(uri),
            State::Refused(_, uri) | State::Ended(uri) => uri.as_ref(),
            State::Given(_) => None,
        };
        next.map(|uri| PageCursor::of(&self.paginate, uri))
    }

    /// The page that was handed out last.
    fn current(&self) -> PageCursor {
        PageCursor::of(&self.paginate, &self.current)
    }

    fn is_full(&self) -> bool {
        self.most.is_some_and(|most| self.number >= most)
    }

    /// An error that names the call, and the request whose page led to it.
    fn told(&self, error: Error, asked: &Uri) -> Error {
        let Some(fetch) = &self.fetch else { return error };
        let operation = Some(fetch.operation().name());
        let (method, url) = (Some(fetch.method().clone()), Some(redacted(&asked.to_string())));
        error.with_call(CallContext { operation, method, url })
    }

    fn refused(&self, why: String, asked: &Uri) -> Error {
        self.told(Error::new(ErrorKind::Redirect, why), asked)
    }

    /// Whether the server has sent this page before, where only that shows that it goes in a circle.
    fn is_repeated(&mut self, page: &Loaded<T>) -> bool {
        let is_counted = matches!(self.paginate.rule, Rule::Page(_) | Rule::Offset(_));
        is_counted && !self.allow_repeats && !page.items.is_empty() && !self.bodies.is_new(&page.body)
    }

    /// The request behind the page that `asked` has brought; an error comes with the one by which the caller may insist.
    fn behind(&mut self, asked: &Uri, page: &Loaded<T>) -> Result<Option<Uri>, (Error, Option<Uri>)> {
        let next = step::next(&self.paginate, asked, &page.head, &page.hints, page.items.len());
        let Some(uri) = next.map_err(|error| (self.told(error, asked), None))? else { return Ok(None) };
        if !self.asked.is_new(&uri) {
            let why = format!("page {} names a next one that was here before", self.number);
            return Err((self.refused(why, asked), None));
        }
        self.empties = if page.items.is_empty() { self.empties + 1 } else { 0 };
        if self.empties >= self.max_empty {
            let why =
                format!("{} empty pages in a row, and page {} names another", self.empties, self.number);
            return Err((self.refused(why, asked), Some(uri)));
        }
        Ok(Some(uri))
    }
}

impl<T: DeserializeOwned + Send + 'static> Pages<T> {
    /// The next page; `None` at the end. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Those of a call, and kind [`Redirect`](ErrorKind::Redirect) for a page that may not be asked for. `None` follows.
    pub async fn next(&mut self) -> Option<Result<Page<T>>> {
        StreamExt::next(self).await
    }

    fn ask(&self, uri: Uri, ahead: bool) -> State<T> {
        let Some(fetch) = &self.fetch else { return State::Ended(None) };
        let change = Change { uri: Some(uri.clone()), buffered: true, ..Change::default() };
        let fetching = fetch.fetch(change);
        // Until it is decoded it holds its place among the calls, which who works on the page before may need.
        let page: BoxFuture<'static, Result<Loaded<T>>> =
            Box::pin(async move { fetching.await?.decode().await });
        State::Coming(uri, if ahead { spawned(page) } else { page })
    }

    /// The page that `asked` has brought, and the state behind it.
    fn accept(&mut self, asked: Uri, loaded: Loaded<T>) -> Result<Page<T>> {
        self.number += 1;
        if self.is_repeated(&loaded) {
            let why = format!(
                "page {} equals one that was here before: the server seems to pass over its parameter",
                self.number
            );
            return Err(self.refused(why, &asked));
        }
        let next = self.behind(&asked, &loaded);
        let is_last = matches!(next, Ok(None));
        self.current = asked;
        self.state = match next {
            Ok(None) => State::Ended(None),
            Ok(Some(uri)) if self.prefetch && !self.is_full() => self.ask(uri, true),
            Ok(Some(uri)) => State::Next(uri),
            Err((error, uri)) => State::Refused(error, uri),
        };
        let Loaded { head, items, body, .. } = loaded;
        Ok(Page { head, items, body, number: self.number, is_last })
    }
}

impl<T: DeserializeOwned + Send + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if this.is_full() {
                return Poll::Ready(None);
            }
            match std::mem::replace(&mut this.state, State::Ended(None)) {
                State::Here(first) => return Poll::Ready(Some(this.accept(this.current.clone(), *first))),
                State::Given(mut pages) => {
                    let Some(items) = pages.next() else { return Poll::Ready(None) };
                    this.number += 1;
                    let page = Page::made(items, this.number, pages.len() == 0);
                    this.state = State::Given(pages);
                    return Poll::Ready(Some(Ok(page)));
                }
                State::Next(uri) => this.state = this.ask(uri, false),
                State::Coming(uri, mut page) => match page.as_mut().poll(cx) {
                    Poll::Pending => {
                        this.state = State::Coming(uri, page);
                        return Poll::Pending;
                    }
                    Poll::Ready(Ok(loaded)) => return Poll::Ready(Some(this.accept(uri, loaded))),
                    Poll::Ready(Err(error)) => {
                        this.state = State::Ended(Some(uri));
                        return Poll::Ready(Some(Err(error)));
                    }
                },
                State::Refused(error, uri) => {
                    this.state = State::Ended(uri);
                    return Poll::Ready(Some(Err(error)));
                }
                State::Ended(uri) => {
                    this.state = State::Ended(uri);
                    return Poll::Ready(None);
                }
            }
        }
    }
}

/// The same in a task, which ends when the future is dropped. Its clocks run on whether it is polled or not, so somebody
/// must poll it while the caller works.
fn spawned<P: Send + 'static>(fetching: BoxFuture<'static, Result<P>>) -> BoxFuture<'static, Result<P>> {
    let Ok(runtime) = Handle::try_current() else { return fetching };
    let mut task = JoinSet::new();
    task.spawn_on(fetching, &runtime);
    Box::pin(async move {
        match task.join_next().await {
            Some(Ok(fetched)) => fetched,
            Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            _ => Err(Error::new(ErrorKind::Canceled, "the runtime ended before the page was here")),
        }
    })
}

impl<T: DeserializeOwned + Send + 'static> FromResponse for Pages<T> {
    const BUFFERED: bool = true;
    const FURTHER: bool = true;

    fn accept() -> &'static str {
        Loaded::<T>::accept()
    }

    fn fits(operation: &Operation, asked: &Uri, is_repeatable: bool) -> Result<()> {
        step::check(step::paginate(operation)?, asked)?;
        if is_repeatable {
            return Ok(());
        }
        let why = "each page sends the body once more, which a stream that is read once cannot; give a `Body::from_fn`";
        Err(Error::new(ErrorKind::Request, why))
    }

    async fn from_response(response: Incoming) -> Result<Self> {
        let Some(fetch) = response.further().cloned() else {
            let why = "pages ask for further responses, and this one was carried by somebody else";
            return Err(Error::new(ErrorKind::Request, why));
        };
        let paginate = *step::paginate(fetch.operation())?;
        let first = Loaded::from_response(response).await?;
        Ok(Self::new(Some(fetch), paginate, State::Here(Box::new(first))))
    }
}

/// Pages that are here already, for whoever stands in for a client in a test: they have no bodies and no cursors.
///
/// ```
/// use pynector::{Pages, Result};
///
/// #[pynector::api]
/// trait Rows {
///     #[get("/rows")]
///     #[paginate(page)]
///     async fn rows(&self) -> Result<Pages<u32>>;
/// }
///
/// struct Fake;
///
/// impl Rows for Fake {
///     async fn rows(&self) -> Result<Pages<u32>> {
///         Ok(Pages::from(vec![vec![1, 2], vec![3]]))
///     }
/// }
/// ```
impl<T> From<Vec<Vec<T>>> for Pages<T> {
    fn from(pages: Vec<Vec<T>>) -> Self {
        Self::new(None, Paginate::link(), State::Given(Box::new(pages.into_iter())))
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.fetch.as_ref().map(|fetch| fetch.operation().name()))
            .field("pages", &self.number)
            .field("cursor", &self.cursor())
            .finish_non_exhaustive()
    }
}
