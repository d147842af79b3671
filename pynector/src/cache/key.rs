//! Under what a response is stored: its URL, and who asked for it.

use std::fmt;

use http::{HeaderName, HeaderValue, Uri, header};
use sha2::{Digest as _, Sha256};

use crate::request::base::redacted;

/// Headers that are no part of the key unless they are secrets: they say nothing of who asks, and may differ in each call.
/// Any other one may be a credential, or ask for another form, and servers forget to say that they vary by it.
const OTHERS: [HeaderName; 9] = [
    header::CACHE_CONTROL,
    header::PRAGMA,
    header::USER_AGENT,
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("tracestate"),
    HeaderName::from_static("baggage"),
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("x-correlation-id"),
    HeaderName::from_static("idempotency-key"),
];

/// Where a response is stored: a URL, and a variant of it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CacheKey {
    url: String,
    variant: String,
}

impl CacheKey {
    /// The key of a request. Requests with other headers have another one, so that nobody sees what was given to somebody
    /// else; `own` tells apart those whose credentials are not here yet.
    pub(crate) fn of<'a>(
        uri: &Uri,
        headers: impl Iterator<Item = (&'a HeaderName, &'a HeaderValue)>,
        decoded: bool,
        own: Option<&str>,
    ) -> Self {
        let mut hash = Sha256::new();
        hash.update([u8::from(decoded)]);
        part(&mut hash, own.unwrap_or_default().as_bytes());
        let mut parts: Vec<_> =
            headers.filter(|(name, value)| value.is_sensitive() || !OTHERS.contains(name)).collect();
        // Who says the same in another order asks for the same; values of one name keep theirs.
        parts.sort_by_key(|(name, _)| name.as_str());
        for (name, value) in parts {
            part(&mut hash, name.as_str().as_bytes());
            part(&mut hash, value.as_bytes());
        }
        Self { url: uri.to_string(), variant: hex(&hash.finalize()) }
    }

    /// The URL, whole: its query may hold secrets.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What tells responses of one URL apart, such as credentials, as a SHA-256 in 64 hexadecimal digits.
    pub fn variant(&self) -> &str {
        &self.variant
    }
}

/// Its length goes first, so that no two lists are the same bytes.
fn part(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A string takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) fn digest<'a>(values: impl Iterator<Item = &'a HeaderValue>) -> String {
    let mut hash = Sha256::new();
    for value in values {
        part(&mut hash, value.as_bytes());
    }
    hex(&hash.finalize())
}

/// The URL without its query.
impl fmt::Debug for CacheKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheKey").field("url", &redacted(&self.url)).finish_non_exhaustive()
    }
}
