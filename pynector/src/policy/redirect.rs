//! Redirects: which answers are followed, what the next request keeps, and which targets are refused.

use http::{HeaderMap, Method, StatusCode, header};
use url::Url;

use crate::request::base::{Origin, redacted};

/// How redirects are followed; what is not set comes from the weaker levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Redirects {
    pub(crate) follow: Option<bool>,
    pub(crate) max: Option<u32>,
}

impl Redirects {
    pub(crate) fn over(self, weaker: Self) -> Self {
        Self { follow: self.follow.or(weaker.follow), max: self.max.or(weaker.max) }
    }

    /// How many hops are followed; 0 means that redirects are answers like any other.
    pub(crate) fn limit(self) -> u32 {
        if self.follow.unwrap_or(true) { self.max.unwrap_or(10) } else { 0 }
    }
}

/// Headers that may follow to another origin; everything else could be a credential.
pub(crate) const TRAVELLING: [header::HeaderName; 4] =
    [header::ACCEPT, header::ACCEPT_LANGUAGE, header::CONTENT_TYPE, header::USER_AGENT];

/// Headers that describe a body, which a request that became GET no longer has.
pub(crate) const BODY_HEADERS: [header::HeaderName; 5] = [
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::TRANSFER_ENCODING,
];

/// The next request of a redirected call.
#[derive(Debug, PartialEq)]
pub(crate) struct Hop {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) origin: Origin,
    pub(crate) keeps_body: bool,
    pub(crate) same_origin: bool,
}

/// Whether an answer asks to go elsewhere: one of the five statuses, with a `Location` (RFC 9110 §15.4).
pub(crate) fn is_redirect(status: StatusCode, headers: &HeaderMap) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) && headers.contains_key(header::LOCATION)
}

/// Where `status` with this `Location` leads from a request of `method` to `url`.
///
/// # Errors
///
/// Says why the target is refused: not http or https, not a URL, with credentials, or from https down to http.
pub(crate) fn next(method: &Method, url: &str, status: StatusCode, location: &[u8]) -> Result<Hop, String> {
    let malformed = || "the target of the redirect is not a URL".to_owned();
    let here = Url::parse(url).map_err(|_| malformed())?;
    let location = std::str::from_utf8(location).map_err(|_| malformed())?;
    let mut target = here.join(location).map_err(|_| malformed())?;
    if target.fragment().is_none() {
        target.set_fragment(here.fragment());
    }
    let shown = redacted(target.as_str());
    let origin = Origin::of(&target)
        .ok_or_else(|| format!("the redirect leads to {shown}, which is not http or https"))?;
    if !target.username().is_empty() || target.password().is_some() {
        return Err(format!("the redirect to {shown} brings credentials of its own"));
    }
    if here.scheme() == "https" && origin.scheme == "http" {
        return Err(format!("the redirect to {shown} would leave https"));
    }
    let same_origin = Origin::of(&here).is_some_and(|from| from == origin);
    let becomes_get = match status.as_u16() {
        303 => *method != Method::HEAD,
        301 | 302 => *method == Method::POST,
        _ => false,
    };
    let method = if becomes_get { Method::GET } else { method.clone() };
    Ok(Hop { method, url: target, origin, keeps_body: !becomes_get, same_origin })
}

#[cfg(test)]
mod tests {
    use http::{Method, StatusCode};

    use super::next;

    fn hop(method: &str, status: u16, from: &str, to: &str) -> Result<(String, String, bool, bool), String> {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let hop = next(&method, from, StatusCode::from_u16(status).unwrap(), to.as_bytes())?;
        Ok((hop.method.to_string(), hop.url.to_string(), hop.keeps_body, hop.same_origin))
    }

    #[test]
    fn methods_and_bodies() {
        for (method, status, expected, keeps) in [
            ("POST", 301, "GET", false),
            ("POST", 302, "GET", false),
            ("POST", 303, "GET", false),
            ("POST", 307, "POST", true),
            ("POST", 308, "POST", true),
            ("PUT", 301, "PUT", true),
            ("PUT", 303, "GET", false),
            ("DELETE", 302, "DELETE", true),
            ("HEAD", 303, "HEAD", true),
            ("GET", 302, "GET", true),
        ] {
            let (method_after, _, keeps_body, _) = hop(method, status, "http://h/a", "/b").unwrap();
            assert_eq!((&*method_after, keeps_body), (expected, keeps), "{method} {status}");
        }
    }

    #[test]
    fn targets_resolve_and_origins_are_told_apart() {
        for (from, to, expected, same) in [
            ("http://h/a/b?q=1", "../c", "http://h/c", true),
            ("http://h/a", "//other/x", "http://other/x", false),
            ("http://h/a", "http://h:81/", "http://h:81/", false),
            ("http://h/a", "HTTP://H:80/x", "http://h/x", true),
            ("http://h/a", "https://h/x", "https://h/x", false),
        ] {
            let (_, url, _, same_origin) = hop("GET", 302, from, to).unwrap();
            assert_eq!((&*url, same_origin), (expected, same), "{from} -> {to}");
        }
    }

    #[test]
    fn refused_targets_say_why_and_hide_secrets() {
        for (from, to, part) in [
            ("https://h/", "http://h/?token=hunter2", "leave https"),
            ("http://h/", "ftp://h/", "not http or https"),
            ("http://h/", "mailto:a@b://c", "not http or https"),
            ("http://h/", "http://a:hunter2@h/", "credentials"),
            ("http://h/", "http://[", "not a URL"),
        ] {
            let why = hop("GET", 302, from, to).unwrap_err();
            assert!(why.contains(part) && !why.contains("hunter2"), "{why}");
        }
    }
}
