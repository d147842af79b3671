//! The target of a request: base URL, template and path values, written into one buffer.

use std::fmt::Write as _;
use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::request::base::BaseUrl;
use crate::request::percent::{Encoder, Part, is_dot_segment, push_literal};
use crate::request::prefix::PathValues;
use crate::request::query::take_back;

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
    /// Placeholders that have their value, and where it stands.
    bound: Vec<(&'static str, Range<usize>)>,
    /// The values of placeholders that the call itself does not fill.
    given: PathValues,
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
    /// Starts at `base`; the template is appended with exactly one slash, so a prefix of the base is kept.
    pub(crate) fn new(base: &BaseUrl, template: &'static str) -> Self {
        let mut url = String::with_capacity(base.as_str().len() + template.len() + VALUES);
        url.push_str(base.as_str());
        let path = url.len();
        let needs_slash = match template.chars().next() {
            None | Some('?') => !base.has_path(),
            Some(first) => first != '/',
        };
        if needs_slash {
            url.push('/');
        }
        Self {
            url,
            rest: template,
            path,
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

    /// Writes `value` for the placeholder `name`, which must be the next one of the template.
    ///
    /// # Errors
    ///
    /// Kind `Request` if the value is empty or the placeholder is not next.
    pub(crate) fn bind(&mut self, name: &'static str, value: &dyn std::fmt::Display) -> Result<()> {
        match self.advance_to(Some(name))? {
            Some(found) if found == name => {}
            Some(found) => {
                return Err(refuse(format!("the path has `{{{found}}}` where `{name}` was given")));
            }
            None => return Err(refuse(format!("the path has no `{{{name}}}` left"))),
        }
        let start = self.url.len();
        if write!(Encoder(&mut self.url), "{value}").is_err() {
            return Err(refuse(format!("the path parameter `{name}` cannot be displayed")));
        }
        if self.url.len() == start {
            return Err(refuse(format!("the path parameter `{name}` is empty")));
        }
        self.bound.push((name, start..self.url.len()));
        Ok(())
    }

    /// Writes the rest of the template and checks the path that came of it.
    ///
    /// # Errors
    ///
    /// Kind `Request` if a placeholder has no value, or a segment of the path is `.` or `..`.
    pub(crate) fn finish_path(&mut self) -> Result<()> {
        if let Some(name) = self.advance_to(None)? {
            return Err(refuse(format!("the path parameter `{name}` was not given")));
        }
        if self.part == Part::Path {
            self.check_path()?;
        }
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
    fn advance_to(&mut self, wanted: Option<&str>) -> Result<Option<&'static str>> {
        while let Some(found) = self.advance()? {
            let Some(value) = self.given.get(found).filter(|_| wanted != Some(found)) else {
                return Ok(Some(found));
            };
            let value = value
                .as_deref()
                .ok_or_else(|| refuse(format!("the path parameter `{found}` cannot be displayed")))?;
            if value.is_empty() {
                return Err(refuse(format!("the path parameter `{found}` is empty")));
            }
            let start = self.url.len();
            self.url.push_str(value);
            self.bound.push((found, start..self.url.len()));
        }
        Ok(None)
    }

    /// Writes literal text up to the next placeholder without a value, and steps over that placeholder.
    fn advance(&mut self) -> Result<Option<&'static str>> {
        loop {
            let Some(at) = self.rest.find(['{', '}', '?']) else {
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
            } else if let Some((name, rest)) = from.strip_prefix('{').and_then(|from| from.split_once('}')) {
                self.rest = rest;
                match self.bound.iter().find(|(bound, _)| *bound == name) {
                    Some((_, value)) => {
                        let value = self.url.get(value.clone()).unwrap_or_default().to_owned();
                        self.url.push_str(&value);
                    }
                    None => return Ok(Some(name)),
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
        if self.part == Part::Path {
            self.check_path()?;
            self.part = Part::Query;
            self.has_query = true;
        }
        self.url.push('?');
        self.rest = rest;
        Ok(())
    }

    /// Refuses segments that a server or a URL parser would resolve away (also those made of two values).
    fn check_path(&self) -> Result<()> {
        let path = self.url.get(self.path..).unwrap_or_default();
        match path.split('/').find(|segment| is_dot_segment(segment)) {
            Some(segment) => {
                Err(refuse(format!("a path segment must not be `{segment}`: it would leave its place")))
            }
            None => Ok(()),
        }
    }
}

fn refuse(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Request, message)
}

#[cfg(test)]
mod tests;
