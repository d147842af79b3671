//! A stored response.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

/// What the form of [`Written`] is called; another one does not read.
const VERSION: u8 = 1;

/// A response as a [`CacheStore`](crate::CacheStore) keeps it: opaque, and written and read by serde.
///
/// It holds the whole response, which may be a secret, and of the request hashes alone.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct CachedResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// The names that its `vary` lists, each with the hash of what the request said.
    pub(super) vary: Vec<(String, String)>,
    /// When it came, or was validated last.
    pub(super) received: SystemTime,
    /// How old it was then.
    pub(super) age: Duration,
}

/// What is written of it.
#[derive(Serialize, Deserialize)]
struct Written {
    version: u8,
    status: u16,
    headers: Vec<(String, Bytes)>,
    body: Bytes,
    vary: Vec<(String, String)>,
    received: u64,
    age: u64,
}

impl CachedResponse {
    /// About how many bytes it takes in memory.
    pub fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 64);
        let vary = self.vary.iter().map(|(name, hash)| name.len() + hash.len() + 48);
        self.body.len() + headers.sum::<usize>() + vary.sum::<usize>() + 256
    }

    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }
}

impl From<CachedResponse> for Written {
    fn from(entry: CachedResponse) -> Self {
        let header = |(name, value): (&HeaderName, &HeaderValue)| {
            (name.as_str().to_owned(), Bytes::copy_from_slice(value.as_bytes()))
        };
        Self {
            version: VERSION,
            status: entry.status.as_u16(),
            headers: entry.headers.iter().map(header).collect(),
            body: entry.body,
            vary: entry.vary,
            received: entry.received.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            age: entry.age.as_secs(),
        }
    }
}

impl TryFrom<Written> for CachedResponse {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        if written.version != VERSION {
            return Err("the entry is of another version");
        }
        let status = StatusCode::from_u16(written.status).map_err(|_| "the status is none")?;
        let mut headers = HeaderMap::new();
        for (name, value) in written.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| "a header name is none")?;
            let value = HeaderValue::from_bytes(&value).map_err(|_| "a header value is none")?;
            headers.try_append(name, value).map_err(|_| "there are too many headers")?;
        }
        let received = UNIX_EPOCH
            .checked_add(Duration::from_secs(written.received))
            .ok_or("the time is beyond the clock")?;
        let age = Duration::from_secs(written.age.min(super::freshness::LONGEST));
        let (body, vary) = (written.body, written.vary);
        Ok(Self { status, headers, body, vary, received, age })
    }
}

/// Header names without values, and no body: both may hold secrets.
impl fmt::Debug for CachedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedResponse")
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
