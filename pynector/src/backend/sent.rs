//! A request as a backend without a network got it, for tests to look at.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;
use tokio::time::Instant;

use super::AttemptInfo;
use crate::clock;
use crate::request::body::Body;

/// A request as the backend got it: what would have gone over the wire.
///
/// `Debug` shows header values and the query only where their names do not say that they are secrets, and of the body its
/// size.
#[derive(Clone)]
#[non_exhaustive]
pub struct SentRequest {
    /// The operation that it belongs to, such as `GitHub::issues`; empty if it belongs to none ([`AttemptInfo::new`]).
    pub operation: &'static str,
    /// The number of the attempt within its call, from 1; the hops of a redirect share it.
    pub attempt: u32,
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty where there is none.
    pub body: Bytes,
    /// When it came, on tokio's clock.
    pub at: Instant,
}

impl SentRequest {
    /// The head of `request`, and the bytes of its body where they are there already.
    pub(crate) fn of(request: &http::Request<Body>, attempt: AttemptInfo) -> Self {
        Self {
            operation: attempt.operation.name(),
            attempt: attempt.attempt,
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
            body: request.body().peek().cloned().unwrap_or_default(),
            at: clock::now(),
        }
    }

    /// The path of the URL as it was sent: percent-encoded, the path of the base URL in front.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The names and values of the query in their order, percent-decoded; a name alone has an empty value.
    pub fn query(&self) -> Vec<(String, String)> {
        pairs(self.uri.query().unwrap_or_default())
    }

    /// The names and values of a body that is a form (`application/x-www-form-urlencoded`), decoded, `+` as a space.
    pub fn form(&self) -> Vec<(String, String)> {
        pairs(&String::from_utf8_lossy(&self.body).replace('+', "%20"))
    }

    /// The first header of this name, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, decoded from JSON.
    ///
    /// # Errors
    ///
    /// Where the body is not JSON of this shape.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&self.body)
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

impl fmt::Debug for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = self.query().into_iter().map(|(name, value)| {
            let value = if is_secret(&name) { HIDDEN.to_owned() } else { value };
            (name, value)
        });
        let headers = self.headers.iter().map(|(name, value)| {
            let hidden = value.is_sensitive() || is_secret(name.as_str());
            let value = if hidden { HIDDEN.into() } else { String::from_utf8_lossy(value.as_bytes()) };
            (name.as_str(), value)
        });
        f.debug_struct("SentRequest")
            .field("operation", &self.operation)
            .field("attempt", &self.attempt)
            .field("request", &format_args!("{} {}", self.method, self.path()))
            .field("query", &query.collect::<Vec<_>>())
            .field("headers", &headers.collect::<Vec<_>>())
            .field("body_bytes", &self.body.len())
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// What stands where a secret would.
pub(crate) const HIDDEN: &str = "(hidden)";

/// Whether a header or a query parameter of this name holds what must not be shown.
pub(crate) fn is_secret(name: &str) -> bool {
    const WORDS: [&str; 8] =
        ["auth", "cookie", "token", "secret", "password", "apikey", "signature", "credential"];
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    WORDS.iter().any(|word| plain.contains(word)) || plain == "key"
}

#[cfg(test)]
mod tests {
    use super::{AttemptInfo, SentRequest, is_secret};
    use crate::request::body::Body;

    fn request(uri: &str) -> http::Request<Body> {
        let request = http::Request::put(uri).header("x-a", "b").header("authorization", "Bearer hunter2");
        request.body(Body::from(bytes::Bytes::from("{\"pin\": 1234}"))).unwrap()
    }

    #[test]
    fn it_is_read_as_it_was_sent() {
        let sent = SentRequest::of(&request("http://h/v1/a%2Fb?x=a%20b+c&flag&x=2&=&%"), AttemptInfo::new());
        assert_eq!(sent.path(), "/v1/a%2Fb");
        let query: Vec<_> = sent.query();
        let query: Vec<_> = query.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(query, [("x", "a b+c"), ("flag", ""), ("x", "2"), ("", ""), ("%", "")]);
        assert_eq!((sent.header("X-A"), sent.header("x-b")), (Some("b"), None));
        assert_eq!(sent.json::<serde_json::Value>().unwrap()["pin"], 1234);
        assert!(sent.json::<u32>().is_err());
    }

    #[test]
    fn a_form_has_pluses_for_spaces() {
        let body = Body::from(bytes::Bytes::from("a=b+c%2Bd&%26=+"));
        let sent = SentRequest::of(&http::Request::post("http://h/").body(body).unwrap(), AttemptInfo::new());
        assert_eq!(sent.form(), [("a".into(), "b c+d".into()), ("&".into(), " ".into())]);
    }

    #[test]
    fn debug_shows_no_secret() {
        let sent = SentRequest::of(&request("http://h/p?page=2&api_key=hunter2"), AttemptInfo::new());
        let shown = format!("{sent:?}");
        assert!(!shown.contains("hunter2") && !shown.contains("1234"), "{shown}");
        for part in ["PUT /p", "(\"page\", \"2\")", "(\"x-a\", \"b\")", "body_bytes: 13"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
    }

    #[test]
    fn a_secret_is_known_by_its_name() {
        for name in ["authorization", "Proxy-Authorization", "set-cookie", "X-Api-Key", "access_token", "key"]
        {
            assert!(is_secret(name), "{name}");
        }
        for name in ["accept", "idempotency-key", "x-trace", "monkey", "page"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
