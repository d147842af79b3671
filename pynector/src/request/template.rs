//! The target of a request: base URL, template and path values, written into one buffer.

mod pieces;

use std::fmt::{Display, Write as _};
use std::num::NonZeroUsize;
use std::ops::Range;

use bytes::Bytes;
use http::Uri;
use http::uri::PathAndQuery;

use crate::error::{Error, ErrorKind, Result};
use crate::request::base::BaseUrl;
use crate::request::percent::{Encoder, Part, is_dot_segment, push_encoded_segments, push_segments};
use crate::request::prefix::PathValues;
use crate::request::taken::take_back;

pub(crate) use self::pieces::Template;
use self::pieces::{Kind, Piece, Placeholder, Then};

/// What the values of a path are written into.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) base: &'a BaseUrl,
    pub(crate) template: &'a Template,
    /// The values of placeholders that the call itself does not fill.
    pub(crate) given: &'a PathValues,
}

/// A URL in the making: path and query, or the whole of one that was written elsewhere.
#[derive(Debug)]
pub(crate) struct Target {
    url: String,
    /// Placeholders that have their value and come again, and where it stands; `None` for an absent segment.
    bound: Option<Box<Repeated>>,
    /// Where the template ends and the values of the query start, once that is known: then the path is whole and checked.
    values: Option<NonZeroUsize>,
    /// Which piece of the template comes next.
    next: u32,
    part: Part,
    has_query: bool,
    /// Whether it is more than path and query.
    whole: bool,
    /// Whether a segment may be made of dots alone.
    dotted: bool,
}

#[derive(Debug, Default)]
struct Repeated(Vec<(&'static str, Option<Range<usize>>)>);

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if *self == Part::Path { "Path" } else { "Query" })
    }
}

impl Target {
    /// Starts at the path of the base; the template is appended with exactly one slash, so a prefix of the base is kept.
    pub(crate) fn new(frame: Frame<'_>) -> Self {
        let prefix = frame.base.path();
        let mut url = String::with_capacity(frame.template.room(prefix));
        url.push_str(prefix);
        let (part, dotted) = (Part::Path, frame.template.dotted);
        Self { url, bound: None, values: None, next: 0, part, has_query: false, whole: false, dotted }
    }

    /// A URL that was written elsewhere, and may get query pairs.
    pub(crate) fn of_url(url: String, has_query: bool) -> Self {
        let values = NonZeroUsize::new(url.len());
        Self { url, bound: None, values, next: 0, part: Part::Query, has_query, whole: true, dotted: false }
    }

    /// Writes `value` for the placeholder `name`, which must be the next one of the template. Of a value that is
    /// `encoded`, valid `%xx` and `/` stay.
    ///
    /// # Errors
    ///
    /// Kind `Request` if the value or one of its segments is empty, or the placeholder is not next.
    pub(crate) fn bind(
        &mut self,
        frame: Frame<'_>,
        name: &'static str,
        value: &dyn Display,
        encoded: bool,
    ) -> Result<()> {
        let place = self.placeholder(frame, name)?;
        let start = self.url.len();
        if self.write(value, place.kind, encoded).is_err() {
            return Err(refuse(format!("the path parameter `{name}` cannot be displayed")));
        }
        if self.url.len() == start {
            return Err(refuse(format!("the path parameter `{name}` is empty")));
        }
        // Of a value that is one segment every slash is encoded.
        let many = place.kind == Kind::Greedy || encoded;
        if many && self.url.get(start..).unwrap_or_default().split('/').any(str::is_empty) {
            let rule = "it must not start or end with `/`, nor hold `//`";
            return Err(refuse(format!("the path parameter `{name}` has an empty segment: {rule}")));
        }
        self.dotted |= many;
        self.written(place, start);
        Ok(())
    }

    /// A value was written for `place`, from `start` on.
    fn written(&mut self, place: &Placeholder, start: usize) {
        // A segment of dots ends with one, written out or as `%2e`.
        self.dotted |= matches!(self.url.as_bytes().last(), Some(b'.' | b'e' | b'E'));
        if place.again {
            self.bound(place.name, Some(start..self.url.len()));
        }
    }

    #[cold]
    fn bound(&mut self, name: &'static str, value: Option<Range<usize>>) {
        self.bound.get_or_insert_default().0.push((name, value));
    }

    /// Leaves out the segment of the placeholder `name?`, which must be the next one of the template, and its slash.
    ///
    /// # Errors
    ///
    /// Kind `Request` if the placeholder is not next, needs a value, or is only a part of a segment.
    pub(crate) fn leave_out(&mut self, frame: Frame<'_>, name: &'static str) -> Result<()> {
        let place = self.placeholder(frame, name)?;
        if place.kind != Kind::Optional {
            return Err(refuse(format!(
                "the path needs a value for `{{{name}}}`; `{{{name}?}}` may be absent"
            )));
        }
        self.drop_segment(frame, name)?;
        if place.again {
            self.bound(name, None);
        }
        Ok(())
    }

    /// Steps to the next placeholder without a value, which must be `name`.
    #[inline]
    fn placeholder<'a>(&mut self, frame: Frame<'a>, name: &'static str) -> Result<&'a Placeholder> {
        // Nearly always it is what comes next.
        if let Some(Piece { literal, then: Then::Place(place) }) = frame.template.get(self.next)
            && place.name == name
            && !place.before
        {
            self.url.push_str(literal);
            self.next += 1;
            return Ok(place);
        }
        self.search(frame, name)
    }

    #[cold]
    fn search<'a>(&mut self, frame: Frame<'a>, name: &'static str) -> Result<&'a Placeholder> {
        match self.advance_to(frame, Some(name))? {
            Some(place) if place.name == name => Ok(place),
            Some(Placeholder { name: found, .. }) => {
                Err(refuse(format!("the path has `{{{found}}}` where `{name}` was given")))
            }
            None => Err(refuse(format!("the path has no `{{{name}}}` left"))),
        }
    }

    fn write(&mut self, value: &dyn Display, kind: Kind, encoded: bool) -> std::fmt::Result {
        if !(kind == Kind::Greedy || encoded) {
            return write!(Encoder(&mut self.url), "{value}");
        }
        // In one piece, since an escape may reach from one piece into the next.
        let mut text = String::new();
        write!(text, "{value}")?;
        if encoded {
            push_encoded_segments(&mut self.url, &text);
        } else {
            push_segments(&mut self.url, &text);
        }
        Ok(())
    }

    /// Takes back the slash before an absent segment; what follows it starts with one of its own.
    fn drop_segment(&mut self, frame: Frame<'_>, name: &str) -> Result<()> {
        let starts = self.url.len() > frame.base.path().len() && self.url.ends_with('/');
        let ends = match frame.template.get(self.next) {
            Some(Piece { literal, .. }) if !literal.is_empty() => literal.starts_with('/'),
            Some(Piece { then: Then::Place(_) | Then::Broken, .. }) => false,
            Some(Piece { then: Then::Query | Then::End, .. }) | None => true,
        };
        if !(starts && ends) {
            return Err(refuse(format!("`{{{name}?}}` must be a whole segment of the path to be left out")));
        }
        self.url.pop();
        Ok(())
    }

    /// Writes the rest of the template and checks the path that came of it.
    ///
    /// # Errors
    ///
    /// Kind `Request` if a placeholder has no value, or a segment of the path is `.` or `..`.
    #[inline]
    pub(crate) fn finish_path(&mut self, frame: Frame<'_>) -> Result<()> {
        if self.values.is_some() { Ok(()) } else { self.write_rest(frame) }
    }

    /// Apart, since each parameter of the query asks for it, and one has to do it.
    #[inline(never)]
    fn write_rest(&mut self, frame: Frame<'_>) -> Result<()> {
        // Nearly always it is text alone.
        if let Some(Piece { literal, then: Then::End }) = frame.template.get(self.next) {
            self.url.push_str(literal);
        } else if let Some(Placeholder { name, .. }) = self.advance_to(frame, None)? {
            return Err(refuse(format!("the path parameter `{name}` was not given")));
        }
        self.end_path(frame)?;
        self.values = NonZeroUsize::new(self.url.len());
        Ok(())
    }

    /// Takes the values under `names` out of the query again, but for those that stay under a name of their own.
    pub(crate) fn take_back(&mut self, names: &[&str], own: &[&str]) {
        if let Some(values) = self.values {
            take_back((&mut self.url, &mut self.has_query), values.get(), names, own);
        }
    }

    /// The buffer, for query pairs to be appended; whether it holds a query already stands beside it.
    pub(crate) fn query(&mut self) -> (&mut String, &mut bool) {
        (&mut self.url, &mut self.has_query)
    }

    /// The whole URL, where it was written elsewhere; else its path and query.
    pub(crate) fn as_str(&self) -> &str {
        &self.url
    }

    /// Takes the finished URL out.
    ///
    /// # Errors
    ///
    /// Kind `Request` if it is too long, or holds what no URL may.
    #[inline]
    pub(crate) fn take_uri(&mut self, frame: Frame<'_>) -> Result<Uri> {
        let url = std::mem::take(&mut self.url);
        if self.whole {
            return Uri::try_from(url).map_err(|error| unfit(&error.into()));
        }
        frame.template.took(url.len());
        match PathAndQuery::from_maybe_shared(Bytes::from(url)) {
            Ok(path) => frame.base.with(path).map_err(|error| unfit(&error)),
            Err(error) => Err(unfit(&error.into())),
        }
    }

    /// Writes up to the placeholder `wanted`, or to the first one whose value nobody has given, and steps over it.
    fn advance_to<'a>(&mut self, frame: Frame<'a>, wanted: Option<&str>) -> Result<Option<&'a Placeholder>> {
        while let Some(place) = self.advance(frame)? {
            let name = place.name;
            let Some(value) = frame.given.get(name).filter(|_| wanted != Some(name)) else {
                return Ok(Some(place));
            };
            let value = value
                .as_deref()
                .ok_or_else(|| refuse(format!("the path parameter `{name}` cannot be displayed")))?;
            if value.is_empty() {
                return Err(refuse(format!("the path parameter `{name}` is empty")));
            }
            let start = self.url.len();
            self.url.push_str(value);
            self.written(place, start);
        }
        Ok(None)
    }

    /// Writes literal text up to the next placeholder without a value, and steps over that placeholder.
    fn advance<'a>(&mut self, frame: Frame<'a>) -> Result<Option<&'a Placeholder>> {
        while let Some(Piece { literal, then }) = frame.template.get(self.next) {
            self.url.push_str(literal);
            match then {
                Then::Place(place) => {
                    self.next += 1;
                    if !(place.before && self.write_again(frame, place)?) {
                        return Ok(Some(place));
                    }
                    continue;
                }
                Then::Query => {
                    self.end_path(frame)?;
                    self.has_query = true;
                    self.url.push('?');
                }
                Then::Broken => return Err(refuse("the template has a brace without its partner")),
                Then::End => {}
            }
            self.next += 1;
        }
        Ok(None)
    }

    /// Writes the value that `place` had before; whether it had one.
    fn write_again(&mut self, frame: Frame<'_>, place: &Placeholder) -> Result<bool> {
        let mut bound = self.bound.iter().flat_map(|bound| bound.0.iter());
        match bound.find(|(name, _)| *name == place.name) {
            Some((_, Some(value))) => {
                let value = self.url.get(value.clone()).unwrap_or_default().to_owned();
                self.url.push_str(&value);
            }
            Some((_, None)) => self.drop_segment(frame, place.name)?,
            None => return Ok(false),
        }
        Ok(true)
    }

    /// Ends the path: what is written from now on is its query.
    #[inline]
    fn end_path(&mut self, frame: Frame<'_>) -> Result<()> {
        if self.part == Part::Path {
            if self.url.is_empty() {
                self.url.push('/');
            }
            if self.dotted {
                self.refuse_dots(frame)?;
            }
            self.part = Part::Query;
        }
        Ok(())
    }

    /// Refuses segments that a server or a URL parser would resolve away (also those made of two values).
    fn refuse_dots(&self, frame: Frame<'_>) -> Result<()> {
        let path = self.url.get(frame.base.path().len()..).unwrap_or_default();
        match path.split('/').find(|segment| is_dot_segment(segment)) {
            Some(segment) => {
                Err(refuse(format!("a path segment must not be `{segment}`: it would leave its place")))
            }
            None => Ok(()),
        }
    }
}

#[cold]
fn unfit(error: &http::Error) -> Error {
    refuse(format!("the URL cannot be sent: {error}"))
}

#[cold]
fn refuse(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Request, message)
}

#[cfg(test)]
mod tests;
