//! The target of a request: base URL, template and path values, written into one buffer.

use std::fmt::{Display, Write as _};
use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::request::base::BaseUrl;
use crate::request::percent::{
    Encoder, Part, is_dot_segment, push_encoded_segments, push_literal, push_segments,
};
use crate::request::prefix::PathValues;
use crate::request::taken::take_back;

/// Room for a few values, so that most URLs need one allocation.
const VALUES: usize = 48;

/// A URL in the making: what stands before the cursor of the template is written.
#[derive(Debug)]
pub(crate) struct Target {
    url: String,
    /// What of the template is still to be written.
    rest: &'static str,
    /// Where the base ends and the template's path starts.
    path: usize,
    /// Whether a path that turns out empty needs a slash, since the base has none.
    needs_root: bool,
    /// Placeholders that have their value, and where it stands; `None` for an absent segment.
    bound: Vec<(&'static str, Option<Range<usize>>)>,
    /// The values of placeholders that the call itself does not fill.
    given: PathValues,
    /// `Path` until the path is whole and checked.
    part: Part,
    has_query: bool,
    /// Where the template ends and the values of the query start, once that is known.
    values: Option<usize>,
}

/// One placeholder: `{name}`, `{name?}` or `{*name}`.
#[derive(Clone, Copy)]
struct Placeholder {
    name: &'static str,
    optional: bool,
    greedy: bool,
}

impl Placeholder {
    /// Reads what stands between the braces.
    fn read(text: &'static str) -> Self {
        let (greedy, optional) = (text.strip_prefix('*'), text.strip_suffix('?'));
        let name = greedy.or(optional).unwrap_or(text);
        Self { name, optional: optional.is_some(), greedy: greedy.is_some() }
    }
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if *self == Part::Path { "Path" } else { "Query" })
    }
}

impl Target {
    /// Starts at `base`; the template is appended with exactly one slash, so a prefix of the base is kept.
    pub(crate) fn new(base: &BaseUrl, template: &'static str) -> Self {
        let mut url = String::with_capacity(base.as_str().len() + template.len() + VALUES);
        url.push_str(base.as_str());
        let path = url.len();
        if !(template.is_empty() || template.starts_with(['/', '?'])) {
            url.push('/');
        }
        Self {
            url,
            rest: template,
            path,
            needs_root: !base.has_path(),
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
            needs_root: false,
            url,
            rest: "",
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
        if (place.greedy || encoded) && written.split('/').any(str::is_empty) {
            let rule = "it must not start or end with `/`, nor hold `//`";
            return Err(refuse(format!("the path parameter `{name}` has an empty segment: {rule}")));
        }
        if comes_again(self.rest, name) {
            self.bound.push((name, Some(start..self.url.len())));
        }
        Ok(())
    }

    /// Leaves out the segment of the placeholder `name?`, which must be the next one of the template, and its slash.
    ///
    /// # Errors
    ///
    /// Kind `Request` if the placeholder is not next, needs a value, or is only a part of a segment.
    pub(crate) fn leave_out(&mut self, name: &'static str) -> Result<()> {
        if !self.placeholder(name)?.optional {
            return Err(refuse(format!(
                "the path needs a value for `{{{name}}}`; `{{{name}?}}` may be absent"
            )));
        }
        self.drop_segment(name)?;
        self.bound.push((name, None));
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
        if !(starts && (self.rest.is_empty() || self.rest.starts_with(['/', '?']))) {
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

    /// What is written so far.
    pub(crate) fn as_str(&self) -> &str {
        &self.url
    }

    /// The finished URL.
    pub(crate) fn into_url(self) -> String {
        self.url
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
            self.bound.push((name, Some(start..self.url.len())));
        }
        Ok(None)
    }

    /// Writes literal text up to the next placeholder without a value, and steps over that placeholder.
    fn advance(&mut self) -> Result<Option<Placeholder>> {
        loop {
            let Some(at) = self.rest.bytes().position(|byte| matches!(byte, b'{' | b'}' | b'?')) else {
                push_literal(&mut self.url, self.rest, self.part);
                self.rest = "";
                return Ok(None);
            };
            let (literal, from) = self.rest.split_at(at);
            push_literal(&mut self.url, literal, self.part);
            if let Some(rest) = from.strip_prefix("{{") {
                self.escape("%7B", rest);
            } else if let Some(rest) = from.strip_prefix("}}") {
                self.escape("%7D", rest);
            } else if let Some(rest) = from.strip_prefix('?') {
                self.start_query(rest)?;
            } else if let Some((text, rest)) = from.strip_prefix('{').and_then(|from| from.split_once('}')) {
                self.rest = rest;
                let place = Placeholder::read(text);
                match self.bound.iter().find(|(bound, _)| *bound == place.name) {
                    Some((_, Some(value))) => {
                        let value = self.url.get(value.clone()).unwrap_or_default().to_owned();
                        self.url.push_str(&value);
                    }
                    Some((_, None)) => self.drop_segment(place.name)?,
                    None => return Ok(Some(place)),
                }
            } else {
                return Err(refuse("the template has a brace without its partner"));
            }
        }
    }

    fn escape(&mut self, written: &str, rest: &'static str) {
        self.url.push_str(written);
        self.rest = rest;
    }

    /// The first `?` of the template ends the path; later ones are part of the query.
    fn start_query(&mut self, rest: &'static str) -> Result<()> {
        self.end_path()?;
        self.has_query = true;
        self.url.push('?');
        self.rest = rest;
        Ok(())
    }

    /// Refuses segments that a server or a URL parser would resolve away (also those made of two values).
    fn end_path(&mut self) -> Result<()> {
        if self.part == Part::Query {
            return Ok(());
        }
        if self.needs_root && self.url.len() == self.path {
            self.url.push('/');
        }
        let path = self.url.get(self.path..).unwrap_or_default();
        // Most paths have nothing that could be a dot.
        let dotted = path.bytes().any(|byte| matches!(byte, b'.' | b'%'));
        if dotted && let Some(segment) = path.split('/').find(|segment| is_dot_segment(segment)) {
            return Err(refuse(format!("a path segment must not be `{segment}`: it would leave its place")));
        }
        self.part = Part::Query;
        Ok(())
    }
}

/// Whether the rest of a template may have the placeholder `name` once more, and so needs its value then.
fn comes_again(rest: &str, name: &str) -> bool {
    rest.bytes().enumerate().any(|(at, byte)| {
        let after = rest.get(at + 1..).filter(|_| byte == b'{');
        after.is_some_and(|after| after.trim_start_matches('*').starts_with(name))
    })
}

fn refuse(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Request, message)
}

#[cfg(test)]
mod tests;
