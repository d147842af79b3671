//! Whether a response may be stored, and what may be done with a stored one: RFC 9111 as pure questions.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use http_cache_semantics::{BeforeRequest, CacheOptions, CachePolicy};

use super::entry::CachedResponse;
use super::key::digest;
use crate::response::ResponseHead;

/// The longest time that a field may name, in seconds (RFC 9111 §1.2.2).
pub(super) const LONGEST: u64 = 1 << 31;

/// What of a response says how long it is fresh.
const SAYS: [HeaderName; 5] =
    [header::PRAGMA, header::EXPIRES, header::DATE, header::LAST_MODIFIED, header::ETAG];

/// What of a 304 says nothing of the stored response (RFC 9111 §3.2).
const UNCHANGED: [HeaderName; 9] = [
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::CONTENT_TYPE,
    header::CONTENT_RANGE,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
    header::TRAILER,
    header::UPGRADE,
    header::PROXY_AUTHENTICATE,
];

/// What a request says to a cache.
#[derive(Debug)]
pub(crate) struct Asked {
    headers: HeaderMap,
    control: Request<()>,
}

/// What may be done with a stored response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validity {
    /// It answers the request.
    Fresh,
    /// The server has to be asked.
    Stale,
    /// The server has to be asked, and if it fails, the stored response will do (RFC 5861 §4).
    StaleIfError,
    /// It answers another request.
    Another,
}

impl Asked {
    pub(crate) fn new(headers: HeaderMap) -> Self {
        let mut control = Request::new(());
        *control.headers_mut() = said(&headers, &[header::PRAGMA]);
        Self { headers, control }
    }

    /// Whether the request is not to be kept, so that it is not looked up either.
    pub(crate) fn forbids(&self) -> bool {
        says(&control(self.control.headers()), "no-store")
    }

    /// The response as an entry, if it may be stored: whole, of a status that says so, and not forbidden.
    pub(crate) fn store(
        &self,
        head: &ResponseHead,
        body: &Bytes,
        now: SystemTime,
        took: Duration,
    ) -> Option<CachedResponse> {
        let understood = [StatusCode::OK, StatusCode::NON_AUTHORITATIVE_INFORMATION, StatusCode::NO_CONTENT];
        if !understood.contains(&head.status) {
            return None;
        }
        let vary = self.vary(&head.headers)?;
        let age = initial_age(&head.headers, now, took);
        let (status, headers, body) = (head.status, head.headers.clone(), body.clone());
        let entry = CachedResponse { status, headers, body, vary, received: now, age };
        self.policy(&entry, entry.age).is_storable().then_some(entry)
    }

    /// The same entry by its headers as a 304 has left them; `None` where they forbid to store it from now on.
    pub(crate) fn renewed(&self, entry: &CachedResponse) -> Option<CachedResponse> {
        let entry = CachedResponse { vary: self.vary(&entry.headers)?, ..entry.clone() };
        self.policy(&entry, entry.age).is_storable().then_some(entry)
    }

    /// The names of `vary`, with what this request says of them; `None` where no request is like another.
    fn vary(&self, headers: &HeaderMap) -> Option<Vec<(String, String)>> {
        let mut all = Vec::new();
        for value in headers.get_all(header::VARY) {
            for name in value.to_str().ok()?.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                let name: HeaderName = name.parse().ok().filter(|_| name != "*")?;
                all.push((name.as_str().to_owned(), digest(self.headers.get_all(&name).iter())));
            }
        }
        Some(all)
    }

    fn matches(&self, entry: &CachedResponse) -> bool {
        let said = |name: &str| digest(self.headers.get_all(name).iter());
        entry.vary.iter().all(|(name, hash)| said(name) == *hash)
    }

    /// The crate is given what says how long, in the one form that it reads without fail, and is asked about that alone.
    fn policy(&self, entry: &CachedResponse, age: Duration) -> CachePolicy {
        let mut response = Response::new(());
        *response.status_mut() = entry.status;
        *response.headers_mut() = said(&entry.headers, &SAYS);
        response.headers_mut().insert(header::AGE, age.as_secs().min(LONGEST).into());
        let options = CacheOptions { shared: false, ..CacheOptions::default() };
        CachePolicy::new_options(&self.control, &response, entry.received, options)
    }

    /// What may be done with `entry` now.
    pub(crate) fn validity(&self, entry: &CachedResponse, now: SystemTime) -> Validity {
        if !self.matches(entry) {
            return Validity::Another;
        }
        let policy = self.policy(entry, entry.age);
        if let BeforeRequest::Fresh(_) = policy.before_request(&self.control, now) {
            return Validity::Fresh;
        }
        let (stored, asked) = (control(&entry.headers), control(self.control.headers()));
        let strict = ["must-revalidate", "no-cache"].iter().any(|name| says(&stored, name));
        let tolerated = window(&asked, "stale-if-error").or_else(|| window(&stored, "stale-if-error"));
        let lifetime = self.policy(entry, Duration::ZERO).time_to_live(entry.received);
        let stale_for = policy.age(now).saturating_sub(lifetime);
        let tolerated = tolerated.is_some_and(|window| stale_for <= window);
        if tolerated && !strict && !says(&asked, "no-cache") {
            Validity::StaleIfError
        } else {
            Validity::Stale
        }
    }
}

impl CachedResponse {
    /// What asks the server whether it has changed; nothing where it has no validator.
    pub(crate) fn validators(&self) -> Vec<(HeaderName, HeaderValue)> {
        let pairs =
            [(header::ETAG, header::IF_NONE_MATCH), (header::LAST_MODIFIED, header::IF_MODIFIED_SINCE)];
        let of = |(own, asks): (HeaderName, HeaderName)| Some((asks, self.headers.get(own)?.clone()));
        pairs.into_iter().filter_map(of).collect()
    }

    /// The headers now: as they are stored, with the age.
    pub(crate) fn headers_now(&self, now: SystemTime) -> HeaderMap {
        let mut headers = self.headers.clone();
        let age = self.age.saturating_add(now.duration_since(self.received).unwrap_or_default());
        headers.insert(header::AGE, age.as_secs().min(LONGEST).into());
        headers
    }

    /// What a 304 makes of it (RFC 9111 §4.3.4); `None` where it speaks of another response.
    pub(crate) fn refreshed(&self, by: &HeaderMap, now: SystemTime, took: Duration) -> Option<Self> {
        let tag = |headers: &HeaderMap| {
            let tag = headers.get(header::ETAG)?.as_bytes();
            Some(tag.strip_prefix(b"W/").unwrap_or(tag).to_vec())
        };
        if tag(by).is_some_and(|new| tag(&self.headers).is_none_or(|old| old != new)) {
            return None;
        }
        let mut headers = self.headers.clone();
        // The age is that of the answer that has come now.
        headers.remove(header::AGE);
        for name in by.keys().filter(|name| !UNCHANGED.contains(name)) {
            headers.remove(name);
            for value in by.get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
        Some(Self { headers, received: now, age: initial_age(by, now, took), ..self.clone() })
    }
}

/// How old a response is when it comes (RFC 9111 §4.2.3).
fn initial_age(headers: &HeaderMap, now: SystemTime, took: Duration) -> Duration {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let said = text(header::AGE).map_or(0, |age| seconds(age.trim()).unwrap_or(0));
    let date = text(header::DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    let apparent = date.and_then(|date| now.duration_since(date).ok()).unwrap_or_default();
    apparent.max(Duration::from_secs(said).saturating_add(took)).min(Duration::from_secs(LONGEST))
}

/// A number of seconds; one that is too large is the longest.
fn seconds(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().map_or(LONGEST, |seconds: u64| seconds.min(LONGEST)))
}

/// What stands between commas; the comma in a quoted value separates nothing (RFC 9110 §5.6.4), that behind a quote which
/// is never closed does.
fn pieces(text: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let pieces = text
        .split(|c: char| {
            let plain = !std::mem::take(&mut escaped);
            escaped = plain && quoted && c == '\\';
            quoted ^= plain && c == '"';
            c == ',' && !quoted
        })
        .collect();
    if quoted { text.split(',').collect() } else { pieces }
}

/// The directives of `cache-control`, in small letters.
fn control(headers: &HeaderMap) -> Vec<(String, Option<String>)> {
    let mut all = Vec::new();
    for value in headers.get_all(header::CACHE_CONTROL) {
        let text = String::from_utf8_lossy(value.as_bytes());
        for piece in pieces(&text).into_iter().map(str::trim).filter(|piece| !piece.is_empty()) {
            let (name, value) =
                piece.split_once('=').map_or((piece, None), |(name, value)| (name, Some(value)));
            let value = value.map(|value| value.trim().trim_matches('"').to_owned());
            let value = value.map(|value| seconds(&value).map_or(value, |seconds| seconds.to_string()));
            all.push((name.trim().to_ascii_lowercase(), value));
        }
    }
    all
}

/// Whether a directive is there, with a value or without.
fn says(all: &[(String, Option<String>)], name: &str) -> bool {
    all.iter().any(|(own, _)| own == name)
}

/// The number of seconds that a directive names.
fn window(all: &[(String, Option<String>)], name: &str) -> Option<Duration> {
    let (_, value) = all.iter().find(|(own, _)| own == name)?;
    seconds(value.as_deref()?).map(Duration::from_secs)
}

/// The headers of these names and `cache-control`, one of each, the latter in small letters, without commas in values, and in
/// ASCII alone: of a header that is not, the crate would read nothing.
fn said(headers: &HeaderMap, names: &[HeaderName]) -> HeaderMap {
    let mut all = HeaderMap::new();
    for name in names {
        if let Some(value) = headers.get(name) {
            all.insert(name.clone(), value.clone());
        }
    }
    let directives: Vec<_> = control(headers)
        .into_iter()
        .filter(|(name, _)| name.is_ascii())
        .map(|(name, value)| match value {
            Some(value) if value.is_ascii() && !value.contains(',') => format!("{name}={value}"),
            _ => name,
        })
        .collect();
    if let Ok(value) = HeaderValue::from_str(&directives.join(", "))
        && !directives.is_empty()
    {
        all.insert(header::CACHE_CONTROL, value);
    }
    all
}
