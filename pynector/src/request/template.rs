//! The target of a request: base URL, template and path values, written into one buffer.

mod pieces;

use std::fmt::{Display, Write as _};
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use http::Uri;
use http::uri::PathAndQuery;

use crate::error::{Error, ErrorKind, Result};
use crate::request::base::BaseUrl;
use crate::request::percent::{Encoder, Part, is_dot_segment, push_encoded_segments, push_segments};
use crate::request::prefix::PathValues;
use crate::request::taken::take_back;

pub(crate) use self::pieces::Template;
use self::pieces::{Piece, Placeholder};

/// Room for a few values, so that most URLs need one allocation.
const VALUES: usize = 48;

/// A URL in the making: path and query, or the whole of one that was written elsewhere.
#[derive(Debug)]
pub(crate) struct Target {
    url: String,
    template: Arc<Template>,
    /// Which piece of the template comes next.
    next: usize,
    /// Where the base ends and the template's path starts.
    path: usize,
    /// Whether it is more than path and query.
    whole: bool,
    /// Whether a segment may be made of dots alone.
    dotted: bool,
    /// Placeholders that have their value and come again, and where it stands; `None` for an absent segment.
    bound: Vec<(&'static str, Option<Range<usize>>)>,
    /// The values of placeholders that the call itself does not fill.
    given: PathValues,
    /// `Path` until the path is whole and checked.
    part: Part,
    has_query: bool,
    /// Where the template ends and the values of the query start, once that is known.
    values: Option<usize>,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if *self == Part::Path { "Path" } else { "Query" })
    }
}

impl Target {
    /// Starts at the path of `base`; the template is appended with exactly one slash, so a prefix of the base is kept.
    pub(crate) fn new(base: &BaseUrl, template: Arc<Template>) -> Self {
        let prefix = base.path();
        let mut url = String::with_capacity(prefix.len() + template.written + VALUES);
        url.push_str(prefix);
        Self {
            path: url.len(),
            dotted: template.dotted,
            url,
            template,
            next: 0,
            whole: false,
            bound: Vec::new(),
            given: PathValues::default(),
            part: Part::Path,
            has_query: false,
            values: None,
        }
    }

    /// A URL that was written elsewhere, and may get query pairs.
    pub(crate) fn of_url(url: String, has_query: bool) -> Self {
        Self {
            path: url.len(),
            dotted: false,
            url,
            template: Arc::default(),
            next: 0,
            whole: true,
            bound: Vec::new(),
            given: PathValues::default(),
            part: Part::Query,
            has_query,
            values: None,
        }
    }

    /// Fills what the call leaves open by `values`.
    pub(crate) fn given(mut self, values: PathValues) -> Self {
        self.given = values;
        self
    }

    /// Writes `value` for the placeholder `name`, which must be the next one of the template. Of a value that is
    /// `encoded`, valid `%xx` and `/` stay.
    ///
    /// # Errors
    ///
    /// Kind `Request` if the value or one of its segments is empty, or the placeholder is not next.
    pub(crate) fn bind(&mut self, name: &'static str, value: &dyn Display, encoded: bool) -> Result<()> {
        let place = self.placeholder(name)?;
        let start = self.url.len();
        if self.write(value, place.greedy, encoded).is_err() {
            return Err(refuse(format!("the path parameter `{name}` cannot be displayed")));
        }
        let written = self.url.get(start..).unwrap_or_default();
        if written.is_empty() {
            return Err(refuse(format!("the path parameter `{name}` is empty")));
        }
        // Of a value that is one segment every slash is encoded.
        let many = place.greedy || encoded;
        if many && written.split('/').any(str::is_empty) {
            let rule = "it must not start or end with `/`, nor hold `//`";
            return Err(refuse(format!("the path parameter `{name}` has an empty segment: {rule}")));
        }
        self.dotted |= many;
        self.written(place, start);
        Ok(())
    }

    /// A value was written for `place`, from `start` on.
    fn written(&mut self, place: Placeholder, start: usize) {
        // A segment of dots ends with one, written out or as `%2e`.
        self.dotted |= self.url.ends_with(['.', 'e', 'E']);
        if place.again {
            self.bound.push((place.name, Some(start..self.url.len())));
        }
    }

    /// Leaves out the segment of the placeholder `name?`, which must be the next one of the template, and its slash.
    ///
    /// # Errors
    ///
    /// Kind `Request` if the placeholder is not next, needs a value, or is only a part of a segment.
    pub(crate) fn leave_out(&mut self, name: &'static str) -> Result<()> {
        let place = self.placeholder(name)?;
        if !place.optional {
            return Err(refuse(format!(
                "the path needs a value for `{{{name}}}`; `{{{name}?}}` may be absent"
            )));
        }
        self.drop_segment(name)?;
        if place.again {
            self.bound.push((name, None));
        }
        Ok(())
    }

    /// Steps to the next placeholder without a value, which must be `name`.
    fn placeholder(&mut self, name: &'static str) -> Result<Placeholder> {
        match self.advance_to(Some(name))? {
            Some(place) if place.name == name => Ok(place),
            Some(Placeholder { name: found, .. }) => {
                Err(refuse(format!("the path has `{{{found}}}` where `{name}` was given")))
            }
            None => Err(refuse(format!("the path has no `{{{name}}}` left"))),
        }
    }

    fn write(&mut self, value: &dyn Display, greedy: bool, encoded: bool) -> std::fmt::Result {
        if !(greedy || encoded) {
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
    fn drop_segment(&mut self, name: &str) -> Result<()> {
        let starts = self.url.len() > self.path && self.url.ends_with('/');
        let ends = match self.template.get(self.next) {
            None | Some(Piece::Query) => true,
            Some(Piece::Literal(text)) => text.starts_with('/'),
            Some(Piece::Place(_) | Piece::Broken) => false,
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
    pub(crate) fn finish_path(&mut self) -> Result<()> {
        if let Some(Placeholder { name, .. }) = self.advance_to(None)? {
            return Err(refuse(format!("the path parameter `{name}` was not given")));
        }
        self.end_path()?;
        self.values.get_or_insert(self.url.len());
        Ok(())
    }

    /// Takes the values under `names` out of the query again, but for those that stay under a name of their own.
    pub(crate) fn take_back(&mut self, names: &[&str], own: &[&str]) {
        if let Some(values) = self.values {
            take_back((&mut self.url, &mut self.has_query), values, names, own);
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
    pub(crate) fn take_uri(&mut self, base: &BaseUrl) -> Result<Uri> {
        let url = std::mem::take(&mut self.url);
        let uri = if self.whole {
            Uri::try_from(url).map_err(http::Error::from)
        } else {
            let path = PathAndQuery::from_maybe_shared(Bytes::from(url)).map_err(http::Error::from);
            path.and_then(|path| base.with(path))
        };
        uri.map_err(|error| refuse(format!("the URL cannot be sent: {error}")))
    }

    /// Writes up to the placeholder `wanted`, or to the first one whose value nobody has given, and steps over it.
    fn advance_to(&mut self, wanted: Option<&str>) -> Result<Option<Placeholder>> {
        while let Some(place) = self.advance()? {
            let name = place.name;
            let Some(value) = self.given.get(name).filter(|_| wanted != Some(name)) else {
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
    fn advance(&mut self) -> Result<Option<Placeholder>> {
        while let Some(piece) = self.template.get(self.next) {
            match piece {
                Piece::Literal(text) => self.url.push_str(text),
                Piece::Place(place) => {
                    let place = *place;
                    self.next += 1;
                    match self.bound.iter().find(|(bound, _)| *bound == place.name) {
                        Some((_, Some(value))) => {
                            let value = self.url.get(value.clone()).unwrap_or_default().to_owned();
                            self.url.push_str(&value);
                        }
                        Some((_, None)) => self.drop_segment(place.name)?,
                        None => return Ok(Some(place)),
                    }
                    continue;
                }
                Piece::Query => {
                    self.end_path()?;
                    self.has_query = true;
                    self.url.push('?');
                }
                Piece::Broken => return Err(refuse("the template has a brace without its partner")),
            }
            self.next += 1;
        }
        Ok(None)
    }

    /// Refuses segments that a server or a URL parser would resolve away (also those made of two values).
    fn end_path(&mut self) -> Result<()> {
        if self.part == Part::Query {
            return Ok(());
        }
        if self.url.is_empty() {
            self.url.push('/');
        }
        let path = self.url.get(self.path..).unwrap_or_default();
        if self.dotted
            && let Some(segment) = path.split('/').find(|segment| is_dot_segment(segment))
        {
            return Err(refuse(format!("a path segment must not be `{segment}`: it would leave its place")));
        }
        self.part = Part::Query;
        Ok(())
    }
}

fn refuse(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Request, message)
}

#[cfg(test)]
mod tests;
