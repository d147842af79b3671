//! How the pages of an operation follow each other, as a constant.

/// Where the next page of an operation is: what `#[paginate(..)]` writes.
///
/// Calls of such an operation may give [`Pages<T>`](crate::Pages). Fields are those of the JSON body, written as a path:
/// `meta.next` is the field `next` of the field `meta`, and `data[-1].id` the field `id` of the last element of the list
/// `data`. A key that is itself all that is left of a path is meant first, so that `@odata.nextLink` needs no escape.
///
/// ```no_run
/// use futures_util::TryStreamExt as _;
/// use pynector::{HttpTransport, Operation, OperationRules, Pages, Paginate};
///
/// const EVENTS: Operation = Operation::get("Audit::events", "/events")
///     .rules(&OperationRules::new().paginate(Paginate::cursor("last_id", "after").items("data").more("has_more")));
///
/// # async fn run(transport: &HttpTransport) -> pynector::Result<()> {
/// let pages: Pages<serde_json::Value> = transport.call(&EVENTS).query("limit", &100).send().await?;
/// let events: Vec<_> = pages.items().try_collect().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paginate {
    pub(crate) rule: Rule,
    pub(crate) items: Option<&'static str>,
    pub(crate) more: Option<&'static str>,
    pub(crate) first: Option<u64>,
}

/// What names the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    Link,
    NextUrl(&'static str),
    Cursor { field: &'static str, parameter: &'static str },
    Page(&'static str),
    Offset(&'static str),
}

impl Paginate {
    /// By the `Link` header with the relation `next` (RFC 8288); the body is the list, unless [`items`](Self::items) says
    /// otherwise.
    pub const fn link() -> Self {
        Self::by(Rule::Link)
    }

    /// By a URL in the body, absolute or relative to the URL that answered.
    pub const fn next_url(field: &'static str) -> Self {
        Self::by(Rule::NextUrl(field))
    }

    /// By a text or number of the body, which the query parameter `parameter` of the next request repeats.
    ///
    /// Where it is a part of the last item, the path says so: `cursor("data[-1].id", "starting_after")`.
    pub const fn cursor(field: &'static str, parameter: &'static str) -> Self {
        Self::by(Rule::Cursor { field, parameter })
    }

    /// By a number in the query parameter `parameter`, one more for each page. It counts on from what the call says there.
    pub const fn page(parameter: &'static str) -> Self {
        Self::by(Rule::Page(parameter))
    }

    /// By the number of items before the page in the query parameter `parameter`: each step is as long as the page that
    /// came. It counts on from what the call says there.
    pub const fn offset(parameter: &'static str) -> Self {
        Self::by(Rule::Offset(parameter))
    }

    const fn by(rule: Rule) -> Self {
        Self { rule, items: None, more: None, first: None }
    }

    /// Where in the body the list of items is; without it the body is the list. JSON `null` is an empty list.
    ///
    /// A body without the field does not decode, since its name may be wrong; a `?` at the end, `items("files?")`, says that
    /// the server leaves out an empty list.
    pub const fn items(mut self, field: &'static str) -> Self {
        self.items = Some(field);
        self
    }

    /// A boolean of the body that is false on the last page. Where it is missing or `null` it says nothing.
    ///
    /// Without it the last page is the one that names no next one; by [`page`](Self::page) and [`offset`](Self::offset) it
    /// is the first empty one.
    pub const fn more(mut self, field: &'static str) -> Self {
        self.more = Some(field);
        self
    }

    /// The number of the first page where a call does not say it. Default 1 for pages, 0 for offsets.
    pub const fn first(mut self, number: u64) -> Self {
        self.first = Some(number);
        self
    }
}
