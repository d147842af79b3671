//! Header values from any `Serialize` value, and the ladder that decides which level's header is sent.

mod fields;
pub(crate) mod raw;
mod sink;

use std::fmt;
use std::str::FromStr;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Serialize;

pub(crate) use self::fields::Fields;
use self::sink::{HeaderSink, MapSink};
use crate::error::{Error, ErrorKind, Result};
use crate::request::flat::flatten;

const VALUE_RULE: &str = "its value may hold printable ASCII only, and no line break (RFC 9110 \u{a7}5.5)";

/// As many as a [`HeaderMap`] holds without growing beyond its limit, which is a panic, and room for what HTTP, credentials and
/// connections add.
const MAX: usize = 24_576 - 32;

/// Headers whose values are credentials whoever gives them.
const CREDENTIALS: [HeaderName; 3] = [header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE];

/// What a request has one of: servers differ in which of two they believe (RFC 9110 §5.3).
const ONCE: [HeaderName; 3] = [header::AUTHORIZATION, header::CONTENT_TYPE, header::HOST];

/// Headers in the order in which they are sent, few enough that a list is faster than a map.
#[derive(Clone, Default)]
pub(crate) struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    pub(crate) fn contains(&self, name: &HeaderName) -> bool {
        self.0.iter().any(|(own, _)| own == name)
    }

    pub(crate) fn count(&self, name: &HeaderName) -> usize {
        self.0.iter().filter(|(own, _)| own == name).count()
    }

    /// Adds a header. What is a credential by its name is marked, wherever it comes from, so that no log and no table of
    /// HTTP/2 keeps it; cookies go into one header (RFC 6265 §5.4).
    pub(crate) fn push(&mut self, name: HeaderName, mut value: HeaderValue) {
        if name == header::COOKIE
            && let Some(others) = self.take(&name)
            && let Ok(all) = HeaderValue::from_bytes(&[others.as_bytes(), b"; ", value.as_bytes()].concat())
        {
            value = all;
        }
        if CREDENTIALS.contains(&name) {
            value.set_sensitive(true);
        }
        self.0.push((name, value));
    }

    /// Replaces every header of this name by one.
    pub(crate) fn set(&mut self, name: HeaderName, value: HeaderValue) {
        self.remove(&name);
        self.push(name, value);
    }

    /// Takes out the first header of this name.
    fn take(&mut self, name: &HeaderName) -> Option<HeaderValue> {
        let at = self.0.iter().position(|(own, _)| own == name)?;
        Some(self.0.remove(at).1)
    }

    pub(crate) fn remove(&mut self, name: &HeaderName) {
        self.0.retain(|(own, _)| own != name);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps the first `nearer` headers, and of the others those that may be kept.
    pub(crate) fn retain_behind(&mut self, nearer: usize, keep: impl Fn(&HeaderName) -> bool) {
        let mut at = 0;
        self.0.retain(|(name, _)| {
            at += 1;
            at <= nearer || keep(name)
        });
    }

    /// Adds what a weaker level says under names that no nearer level has.
    pub(crate) fn fall_back_to(&mut self, weaker: &Self) {
        let nearer = self.0.len();
        for (name, value) in &weaker.0 {
            if !self.0.iter().take(nearer).any(|(own, _)| own == name) {
                self.0.push((name.clone(), value.clone()));
            }
        }
    }

    /// The same for fixed headers of an attribute.
    pub(crate) fn fall_back_to_fixed(&mut self, weaker: &[(&'static str, &'static str)]) -> Result<()> {
        if weaker.is_empty() {
            return Ok(());
        }
        self.fall_back_to(&Self::fixed(weaker)?);
        Ok(())
    }

    /// Headers as an attribute names them.
    pub(crate) fn fixed(headers: &[(&'static str, &'static str)]) -> Result<Self> {
        headers.iter().try_fold(Self::default(), |mut all, &(name, value)| {
            let (mut field, _) = (parse_name(name)?, parse_value(name, value)?);
            // What lives for ever is not counted, where threads would meet at each copy. It was read just now, so this cannot panic.
            if field.as_str() == name {
                field = HeaderName::from_static(name);
            }
            all.push(field, HeaderValue::from_static(value));
            Ok(all)
        })
    }

    /// All of them, as they are sent.
    ///
    /// # Errors
    ///
    /// Those of [`check`](Self::check).
    pub(crate) fn finish(self) -> Result<Fields> {
        self.check()?;
        Fields::new(self.0)
    }

    /// Refuses more headers than any server takes, and two of what a request has one of.
    ///
    /// # Errors
    ///
    /// Kind `Request`.
    fn check(&self) -> Result<()> {
        let refuse = |why: String| Err(Error::new(ErrorKind::Request, why));
        let count = self.0.len();
        if count > MAX {
            return refuse(format!("{count} headers are more than {MAX}, which is the most"));
        }
        match ONCE.iter().find(|once| self.count(once) > 1) {
            Some(name) => {
                refuse(format!("a request has one header `{name}`, but it was given several times"))
            }
            None => Ok(()),
        }
    }
}

/// Names only: a value may be a secret.
impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Fields that say where a message ends; one from outside could cut a body off, so the client alone writes them.
const FRAMING: [HeaderName; 3] = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION];

/// # Errors
///
/// Kind `Request` if `name` is not a header name, or one of the fields that the client writes itself.
pub(crate) fn parse_name(name: &str) -> Result<HeaderName> {
    let unfit = |_| Error::new(ErrorKind::Request, format!("{name:?} is not a header name"));
    unframed(HeaderName::from_str(name).map_err(unfit)?)
}

fn unframed(name: HeaderName) -> Result<HeaderName> {
    if !FRAMING.contains(&name) {
        return Ok(name);
    }
    let why = format!("{:?} is a header that the client writes itself", name.as_str());
    Err(Error::new(ErrorKind::Request, why))
}

/// # Errors
///
/// Kind `Request` if `value` holds anything but printable ASCII and tabs (RFC 9110 §5.5); the value is not quoted.
pub(crate) fn parse_value(name: &str, value: &str) -> Result<HeaderValue> {
    checked(value).ok_or_else(|| unfit(name, VALUE_RULE))
}

/// `http` alone would take bytes above ASCII, whose meaning servers disagree about.
fn checked(value: &str) -> Option<HeaderValue> {
    if value.is_ascii() { HeaderValue::from_str(value).ok() } else { None }
}

/// A value that must not be logged.
pub(crate) fn parse_secret(name: &str, value: &str) -> Result<HeaderValue> {
    let mut value = parse_value(name, value)?;
    value.set_sensitive(true);
    Ok(value)
}

fn unfit(name: &str, rule: impl fmt::Display) -> Error {
    Error::new(ErrorKind::Request, format!("the header `{name}`: {rule}"))
}

/// Adds the headers that `value` stands for: a scalar is one, a list repeats the name, `None` is none.
///
/// # Errors
///
/// Kind `Request` for a value without a flat form, or one that a header cannot hold.
pub(crate) fn append<T: Serialize + ?Sized>(headers: &mut Headers, name: &str, value: &T) -> Result<()> {
    let mut sink = HeaderSink { name: parse_name(name)?, headers };
    flatten(&mut sink, name, value).map_err(|error| unfit(name, error))
}

/// Adds the headers that a map, a struct or a list of pairs names.
///
/// # Errors
///
/// Kind `Request` for what names no headers, a name that no header has or the client writes itself, and the errors of
/// [`append`].
pub(crate) fn append_all<T: Serialize + ?Sized>(headers: &mut Headers, map: &T) -> Result<()> {
    flatten(&mut MapSink(headers), "", map)
        .map_err(|error| Error::new(ErrorKind::Request, format!("the map of headers: {error}")))
}

/// Adds the headers of `map`, as often as each stands in it, bytes and marks included.
///
/// # Errors
///
/// Kind `Request` for one that the client writes itself.
pub(crate) fn append_map(headers: &mut Headers, map: &HeaderMap) -> Result<()> {
    for (name, value) in map {
        headers.push(unframed(name.clone())?, value.clone());
    }
    Ok(())
}

/// The same of a request that somebody else has framed: how this one is framed is written anew.
#[cfg(feature = "tower")]
pub(crate) fn append_unframed(headers: &mut Headers, map: &HeaderMap) {
    for (name, value) in map.iter().filter(|(name, _)| !FRAMING.contains(name)) {
        headers.push(name.clone(), value.clone());
    }
}

#[cfg(test)]
mod tests;
