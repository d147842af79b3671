//! Ranges of a representation (RFC 9110 §14): what may be asked for, and whether an answer fits what is here already.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// What says that two answers are of one and the same representation, byte for byte (RFC 9110 §8.8.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Validator {
    /// A strong entity tag.
    Tag(HeaderValue),
    /// A date of modification that is strong.
    Modified(HeaderValue),
}

impl Validator {
    /// That of an answer; a weak one is none, and where there is a tag, a date is none either (RFC 9110 §13.1.5).
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        match one(headers, &header::ETAG) {
            One::Value(tag) => is_strong(tag).then(|| Self::Tag(tag.clone())),
            One::Several => None,
            One::None => {
                let One::Value(modified) = one(headers, &header::LAST_MODIFIED) else { return None };
                let One::Value(date) = one(headers, &header::DATE) else { return None };
                is_older(modified, date).then(|| Self::Modified(modified.clone()))
            }
        }
    }

    /// The validator of a value that `if-range` had.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        let value = HeaderValue::from_str(value).ok()?;
        if is_strong(&value) {
            return Some(Self::Tag(value));
        }
        time(&value).is_some().then_some(Self::Modified(value))
    }

    /// The value of `if-range`.
    pub(crate) const fn value(&self) -> &HeaderValue {
        match self {
            Self::Tag(value) | Self::Modified(value) => value,
        }
    }

    /// Whether an answer of `status` is of the same representation. A part that was asked for by `if-range` need not have the
    /// date again (RFC 9110 §15.3.7).
    fn holds(&self, status: StatusCode, headers: &HeaderMap) -> bool {
        match self {
            Self::Tag(tag) => one(headers, &header::ETAG) == One::Value(tag),
            Self::Modified(date) => match one(headers, &header::LAST_MODIFIED) {
                One::Value(said) => said == date,
                One::None => status == StatusCode::PARTIAL_CONTENT,
                One::Several => false,
            },
        }
    }
}

#[derive(PartialEq)]
enum One<'a> {
    None,
    Value(&'a HeaderValue),
    Several,
}

/// The only header of this name.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> One<'a> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => One::None,
        (Some(value), None) => One::Value(value),
        (Some(_), Some(_)) => One::Several,
    }
}

/// Whether this is a strong entity tag (RFC 9110 §8.8.3).
fn is_strong(tag: &HeaderValue) -> bool {
    match tag.as_bytes() {
        [b'"', inner @ .., b'"'] => inner.iter().all(|byte| *byte > b' ' && *byte != b'"' && *byte != 0x7f),
        _ => false,
    }
}

/// Whether nothing that changed after `modified` can have the same date: it must be a second older at least (RFC 9110
/// §8.8.2.2).
fn is_older(modified: &HeaderValue, date: &HeaderValue) -> bool {
    let (Some(modified), Some(date)) = (time(modified), time(date)) else { return false };
    date.duration_since(modified).is_ok_and(|age| age.as_secs() >= 1)
}

fn time(value: &HeaderValue) -> Option<std::time::SystemTime> {
    httpdate::parse_http_date(value.to_str().ok()?).ok()
}

/// A `content-range` of bytes (RFC 9110 §14.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContentRange {
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// `None` where the server does not know it, `*`.
    pub(crate) total: Option<u64>,
}

impl ContentRange {
    pub(crate) fn parse(value: &[u8]) -> Option<Self> {
        let value = std::str::from_utf8(value).ok()?;
        let (unit, rest) = value.split_once(' ')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (range, total) = rest.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let total = if total == "*" { None } else { Some(number(total)?) };
        let range = Self { first: number(first)?, last: number(last)?, total };
        let fits = range.first <= range.last && total.is_none_or(|total| range.last < total);
        // The byte behind the last one must have a number too.
        (fits && range.last < u64::MAX).then_some(range)
    }

    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        match one(headers, &header::CONTENT_RANGE) {
            One::Value(value) => Self::parse(value.as_bytes()),
            One::None | One::Several => None,
        }
    }
}

/// Digits alone: `from_str` would take a sign.
fn number(digits: &str) -> Option<u64> {
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| digits.parse().ok()).flatten()
}

/// What is known of a representation, a part of which is here.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) validator: Validator,
    /// Its size, if that was said.
    pub(crate) total: Option<u64>,
    /// The codings of its bytes, as they came.
    pub(crate) coding: Vec<HeaderValue>,
}

/// How an answer goes on with what is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Continued {
    /// So many of its bytes are here already.
    pub(crate) skip: u64,
    /// Where it ends: the byte behind its last one; `None` where nobody said.
    pub(crate) end: Option<u64>,
    /// The size of the whole.
    pub(crate) total: Option<u64>,
}

/// Why an answer does not go on with what is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// The representation is another one by now.
    Changed(&'static str),
    /// The answer is none to what was asked.
    Wrong(&'static str),
}

impl Known {
    /// What the first answer says, if what it is an answer with can be asked for again by ranges.
    pub(crate) fn of(headers: &HeaderMap, total: Option<u64>) -> Option<Self> {
        let refuses = |units: &HeaderValue| units.as_bytes().eq_ignore_ascii_case(b"none");
        if headers.get(header::ACCEPT_RANGES).is_some_and(refuses) {
            return None;
        }
        Some(Self { validator: Validator::of(headers)?, total, coding: codings(headers) })
    }

    /// The headers that ask for the rest, from byte `from` up to the byte before `end`.
    pub(crate) fn ask(&self, from: u64, end: Option<u64>) -> [(HeaderName, HeaderValue); 2] {
        let last = end.map(|end| end.saturating_sub(1).to_string()).unwrap_or_default();
        // Digits and a hyphen are a header value.
        let range = HeaderValue::try_from(format!("bytes={from}-{last}"));
        let range = range.unwrap_or_else(|_| HeaderValue::from_static("bytes=0-"));
        [(header::RANGE, range), (header::IF_RANGE, self.validator.value().clone())]
    }

    /// The codings to ask for: with another one the rest would be that of other bytes, which a server that is free to choose
    /// would refuse by sending all of them.
    pub(crate) fn accept(&self) -> HeaderValue {
        let names: Vec<&[u8]> = self.coding.iter().map(HeaderValue::as_bytes).collect();
        let names = if names.is_empty() { b"identity".to_vec() } else { names.join(&b", "[..]) };
        HeaderValue::from_bytes(&names).unwrap_or_else(|_| HeaderValue::from_static("identity"))
    }

    /// Whether an answer, `length` bytes long by what it says, goes on from byte `from`.
    pub(crate) fn continued(
        &self,
        from: u64,
        status: StatusCode,
        headers: &HeaderMap,
        length: Option<u64>,
    ) -> Result<Continued, Mismatch> {
        if !self.validator.holds(status, headers) {
            return Err(Mismatch::Changed(match self.validator {
                Validator::Tag(_) => "its `etag` is another one",
                Validator::Modified(_) => "its `last-modified` is another one",
            }));
        }
        if codings(headers) != self.coding {
            return Err(Mismatch::Changed("its `content-encoding` is another one"));
        }
        let (first, end, total) = match status {
            StatusCode::PARTIAL_CONTENT => {
                let range = ContentRange::of(headers).ok_or(Mismatch::Wrong(
                    "the server answers by a part that has no valid `content-range`",
                ))?;
                let end = range.last + 1;
                if length.is_some_and(|length| length != end - range.first) {
                    return Err(Mismatch::Wrong("the server answers by a part of another size than it says"));
                }
                (range.first, Some(end), range.total)
            }
            StatusCode::OK => (0, length, length),
            _ => return Err(Mismatch::Wrong("the server answers by another status than 206")),
        };
        if total.is_some() && self.total.is_some() && total != self.total {
            return Err(Mismatch::Changed("its size is another one"));
        }
        let total = total.or(self.total);
        if status == StatusCode::PARTIAL_CONTENT && total.is_none() {
            return Err(Mismatch::Wrong("the server does not say how long the whole is"));
        }
        let Some(skip) = from.checked_sub(first) else {
            return Err(Mismatch::Wrong("the server answers by a part that starts too late"));
        };
        if end.is_some_and(|end| end < from || end == from && total != Some(end)) {
            return Err(Mismatch::Wrong("the server answers by a part that ends too early"));
        }
        Ok(Continued { skip, end, total })
    }
}

/// The content codings, but for `identity`, which is none.
fn codings(headers: &HeaderMap) -> Vec<HeaderValue> {
    let all = headers.get_all(header::CONTENT_ENCODING).iter();
    all.filter(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")).cloned().collect()
}

#[cfg(test)]
mod tests;
