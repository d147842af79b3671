//! Which request gives the next page, and where a walk over pages stands as a text that can be kept.

use std::fmt;
use std::str::FromStr;

use http::{Uri, header};
use serde::{Deserialize, Serialize};
use url::Url;

use super::hints::Hints;
use super::link;
use crate::error::{Error, ErrorKind, Result};
use crate::operation::{Operation, Paginate, Rule};
use crate::request::base::{Origin, redacted};
use crate::request::replace;
use crate::response::ResponseHead;

/// Where a walk over pages goes on: the page that is to be asked for.
///
/// It is [`Pages::cursor`](crate::Pages::cursor), kept as a text by `Display` or by serde, and given to
/// [`CallOptions::resume_at`](crate::CallOptions::resume_at), by the same or a later process. It holds what the server said,
/// and nothing of the client: neither headers nor, unless the server pages by URLs, the arguments of the call, which are
/// given again. What a server says may be a secret of the one who asked, so `Debug` does not show it.
///
/// ```
/// use pynector::PageCursor;
///
/// let cursor: PageCursor = "page=7".parse()?;
/// assert_eq!(serde_json::to_string(&cursor).unwrap(), "\"page=7\"");
/// # Ok::<(), pynector::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PageCursor(Step);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Step {
    /// As the call itself says.
    Start,
    Url(String),
    Cursor(String),
    Page(u64),
    Offset(u64),
}

/// The request for the page behind one that `asked` has brought, with `count` items; `None` behind the last page.
///
/// # Errors
///
/// Kind `Redirect` for a URL that may not be followed.
pub(super) fn next(
    paginate: &Paginate,
    asked: &Uri,
    head: &ResponseHead,
    hints: &Hints,
    count: usize,
) -> Result<Option<Uri>> {
    if hints.more == Some(false) {
        return Ok(None);
    }
    // A server that names no next page and says nothing of more is at its end with the first page that is empty.
    let is_over = count == 0 && hints.more.is_none();
    let step = match paginate.rule {
        Rule::Link => {
            let values = head.headers.get_all(header::LINK).iter().map(http::HeaderValue::as_bytes);
            link::target(values, "next").map(|url| Step::Url(url.to_owned()))
        }
        Rule::NextUrl(_) => hints.cursor.clone().map(Step::Url),
        Rule::Cursor { .. } => hints.cursor.clone().map(Step::Cursor),
        Rule::Page(_) | Rule::Offset(_) if is_over => None,
        Rule::Page(parameter) => Some(Step::Page(position(paginate, parameter, asked)?.saturating_add(1))),
        Rule::Offset(parameter) => {
            Some(Step::Offset(position(paginate, parameter, asked)?.saturating_add(count as u64)))
        }
    };
    step.map(|step| step.aim(paginate, asked, &head.url, ErrorKind::Redirect)).transpose()
}

/// The first request of a call that goes on at `cursor`, which without it would be `asked`.
///
/// # Errors
///
/// Kind `Request` if the operation has no pages, has others, or may not follow the cursor's URL.
pub(crate) fn resume(operation: &Operation, cursor: &PageCursor, asked: &Uri) -> Result<Uri> {
    let paginate = paginate(operation)?;
    cursor.0.aim(paginate, asked, asked, ErrorKind::Request)
}

/// How the operation pages.
///
/// # Errors
///
/// Kind `Request` if it does not.
pub(super) fn paginate(operation: &Operation) -> Result<&Paginate> {
    operation.pagination().ok_or_else(|| {
        let why = "nothing says where its next page is; write `#[paginate(..)]` beside its verb";
        Error::new(ErrorKind::Request, why)
    })
}

/// Whether the call of `asked` has a number where its pages are counted.
///
/// # Errors
///
/// Kind `Request` if there stands something else.
pub(super) fn check(paginate: &Paginate, asked: &Uri) -> Result<()> {
    match paginate.rule {
        Rule::Page(parameter) | Rule::Offset(parameter) => position(paginate, parameter, asked).map(drop),
        Rule::Link | Rule::NextUrl(_) | Rule::Cursor { .. } => Ok(()),
    }
}

/// The number that `asked` has in `parameter`, else that of the first page.
fn position(paginate: &Paginate, parameter: &str, asked: &Uri) -> Result<u64> {
    let first = paginate.first.unwrap_or(u64::from(matches!(paginate.rule, Rule::Page(_))));
    let url = asked.to_string();
    match replace::get(&url, parameter) {
        None => Ok(first),
        Some(text) => text.parse().map_err(|_| {
            let why = format!(
                "the query parameter `{parameter}` is no number, from which its pages could be counted"
            );
            Error::new(ErrorKind::Request, why)
        }),
    }
}

impl PageCursor {
    /// Where the request of `asked` stands.
    pub(super) fn of(paginate: &Paginate, asked: &Uri) -> Self {
        let counted =
            |step: fn(u64) -> Step, parameter| position(paginate, parameter, asked).map_or(Step::Start, step);
        Self(match paginate.rule {
            Rule::Link | Rule::NextUrl(_) => Step::Url(asked.to_string()),
            Rule::Cursor { parameter, .. } => replace::get(&asked.to_string(), parameter)
                .map_or(Step::Start, |cursor| Step::Cursor(cursor.into_owned())),
            Rule::Page(parameter) => counted(Step::Page, parameter),
            Rule::Offset(parameter) => counted(Step::Offset, parameter),
        })
    }
}

impl Step {
    /// The URL that it leads to from `asked`, which `answered` has answered.
    fn aim(&self, paginate: &Paginate, asked: &Uri, answered: &Uri, kind: ErrorKind) -> Result<Uri> {
        let with = |parameter, value: &str| {
            let url = replace::set(&asked.to_string(), parameter, value);
            Uri::try_from(url).map_err(|error| refuse(kind, format!("the next page has no URL: {error}")))
        };
        match (self, paginate.rule) {
            (Self::Start, _) => Ok(asked.clone()),
            (Self::Url(url), Rule::Link | Rule::NextUrl(_)) => {
                follow(url, asked, answered).map_err(|why| refuse(kind, why))
            }
            (Self::Cursor(cursor), Rule::Cursor { parameter, .. }) => with(parameter, cursor),
            (Self::Page(number), Rule::Page(parameter)) | (Self::Offset(number), Rule::Offset(parameter)) => {
                with(parameter, &number.to_string())
            }
            _ => Err(refuse(kind, "the cursor is of an operation that pages in another way")),
        }
    }

    /// Its name in a text, and the text behind it.
    fn parts(&self) -> (&'static str, String) {
        match self {
            Self::Start => ("start", String::new()),
            Self::Url(url) => ("url", url.clone()),
            Self::Cursor(cursor) => ("cursor", cursor.clone()),
            Self::Page(number) => ("page", number.to_string()),
            Self::Offset(number) => ("offset", number.to_string()),
        }
    }
}

/// Resolves a URL that a server names against the one that answered; only the origin of `asked` may be asked, since every
/// header of the call would go along.
fn follow(reference: &str, asked: &Uri, answered: &Uri) -> Result<Uri, String> {
    let parse =
        |uri: &Uri| Url::parse(&uri.to_string()).map_err(|error| format!("the URL cannot be read: {error}"));
    if reference.chars().any(char::is_control) {
        return Err("the URL of the next page holds a control character".to_owned());
    }
    let (own, base) = (parse(asked)?, parse(answered)?);
    let mut url =
        base.join(reference).map_err(|error| format!("the URL of the next page cannot be read: {error}"))?;
    let shown = redacted(url.as_str());
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("the URL of the next page, {shown}, holds credentials"));
    }
    if Origin::of(&url).is_none_or(|origin| Some(origin) != Origin::of(&own)) {
        return Err(format!(
            "the next page is at another origin, {shown}, which would get the headers of this one"
        ));
    }
    url.set_fragment(None);
    Uri::try_from(String::from(url)).map_err(|error| format!("the next page has no URL: {error}"))
}

fn refuse(kind: ErrorKind, why: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(kind, why)
}

impl fmt::Display for PageCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.parts() {
            (name, text) if text.is_empty() => f.write_str(name),
            (name, text) => write!(f, "{name}={text}"),
        }
    }
}

/// What it is of, and how long; the text itself is the server's.
impl fmt::Debug for PageCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.parts() {
            (name @ ("page" | "offset"), number) => write!(f, "PageCursor({name} {number})"),
            (name, text) => write!(f, "PageCursor({name}, {} bytes)", text.len()),
        }
    }
}

impl FromStr for PageCursor {
    type Err = Error;

    /// Reads what `Display` writes.
    ///
    /// # Errors
    ///
    /// Kind [`Request`](ErrorKind::Request) for any other text.
    fn from_str(text: &str) -> Result<Self> {
        let number = |text: &str| text.parse().ok();
        let step = match text.split_once('=') {
            None if text == "start" => Some(Step::Start),
            Some(("url", url)) if !url.is_empty() => Some(Step::Url(url.to_owned())),
            Some(("cursor", cursor)) if !cursor.is_empty() => Some(Step::Cursor(cursor.to_owned())),
            Some(("page", page)) => number(page).map(Step::Page),
            Some(("offset", offset)) => number(offset).map(Step::Offset),
            _ => None,
        };
        step.map(Self).ok_or_else(|| Error::new(ErrorKind::Request, "the text is no cursor of pages"))
    }
}

impl TryFrom<String> for PageCursor {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<PageCursor> for String {
    fn from(cursor: PageCursor) -> Self {
        cursor.to_string()
    }
}

#[cfg(test)]
mod tests;
