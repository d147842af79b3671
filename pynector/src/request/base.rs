//! The base URL of a client, and the origin that policies are keyed by.

use std::fmt;

use http::uri::{self, Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Uri};
use url::Url;

use crate::error::{Error, ErrorKind, Result};

const RULE: &str = "be an absolute http or https URL with a host, without query, fragment and credentials";

/// Scheme, host in lower case, and port: what breakers are kept for (SCO-1) and what a redirect may not leave unnoticed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Origin {
    pub(crate) scheme: &'static str,
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Origin {
    /// The origin of `url`, if it is http or https and has a host.
    pub(crate) fn of(url: &Url) -> Option<Self> {
        let scheme = match url.scheme() {
            "http" => "http",
            "https" => "https",
            _ => return None,
        };
        let host = url.host_str().filter(|host| !host.is_empty())?.to_owned();
        Some(Self { scheme, host, port: url.port_or_known_default()? })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A checked base URL, kept as the text that every request starts with.
#[derive(Clone)]
pub(crate) struct BaseUrl {
    /// Without a slash at its end.
    text: String,
    /// Where its path starts.
    path: usize,
    scheme: Scheme,
    authority: Authority,
    origin: Origin,
}

impl BaseUrl {
    /// Parses a base URL.
    ///
    /// # Errors
    ///
    /// Kind `Config` for anything but an absolute http or https URL with a host and without query, fragment or
    /// credentials. The value is quoted only as far as it cannot hold a secret.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let refuse =
            |shown: &str, rule: &'static str| Err(Error::config("base_url", format!("{shown:?}"), rule));
        let Ok(url) = Url::parse(text) else {
            return refuse(harmless(text), RULE);
        };
        let Some(origin) = Origin::of(&url) else {
            return refuse(harmless(text), RULE);
        };
        let shown = origin.to_string();
        if !url.username().is_empty() || url.password().is_some() {
            return refuse(&shown, "not hold credentials; give them to `basic` or `bearer`");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse(&shown, "not hold a query or a fragment");
        }
        let mut text = String::from(url);
        text.truncate(text.trim_end_matches('/').len());
        let host = text.find("://").map_or(0, |at| at + 3);
        let path = text.get(host..).and_then(|rest| rest.find('/')).map_or(text.len(), |at| host + at);
        let authority = text.get(host..path).map(Authority::try_from);
        let (Some(Ok(authority)), Ok(scheme)) = (authority, Scheme::try_from(origin.scheme)) else {
            return refuse(&shown, "have a host that can be written into a request");
        };
        Ok(Self { text, path, scheme, authority, origin })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// What every path starts with: nothing, or a path without a slash at its end.
    pub(crate) fn path(&self) -> &str {
        self.text.get(self.path..).unwrap_or_default()
    }

    /// What the header `host` says.
    ///
    /// # Errors
    ///
    /// Kind `Request` if no header can hold it.
    pub(crate) fn host(&self) -> Result<HeaderValue> {
        HeaderValue::from_str(self.authority.as_str())
            .map_err(|error| Error::new(ErrorKind::Request, format!("the host of the base URL: {error}")))
    }

    /// The URL of `path`.
    pub(crate) fn with(&self, path: PathAndQuery) -> Result<Uri, http::Error> {
        let mut parts = uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(path);
        Ok(Uri::from_parts(parts)?)
    }

    /// Scheme and authority alone.
    pub(crate) fn root(&self) -> &str {
        self.text.get(..self.path).unwrap_or(&self.text)
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// The text as far as it can hold neither credentials nor a query.
pub(crate) fn harmless(text: &str) -> &str {
    // A password may hold a raw `?` or `#`, so the whole text is looked at.
    if text.contains('@') {
        return "(hidden, since it may hold credentials)";
    }
    text.split(['?', '#']).next().unwrap_or_default()
}

/// `url` without its query, fragment and user information, for errors and logs.
///
/// It may be anything that a server or a file says, so nothing is taken for granted about where an `@` stands.
pub(crate) fn redacted(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    [scheme, "://", host, path].concat()
}

#[cfg(test)]
mod tests {
    use super::{BaseUrl, redacted};

    #[test]
    fn a_prefix_is_kept_with_and_without_its_slash() {
        for (given, kept) in [
            ("http://h", "http://h"),
            ("http://h/", "http://h"),
            ("HTTP://H:80/v2/", "http://h/v2"),
            ("https://h:8443/a/b", "https://h:8443/a/b"),
            ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ] {
            assert_eq!(BaseUrl::parse(given).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn what_is_no_base_url_is_refused() {
        for bad in
            ["", "h", "/path", "ftp://h", "http://", "http://h?q=1", "http://h#f", "http://h:99999", "data:x"]
        {
            let error = BaseUrl::parse(bad).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Config, "{bad}");
            assert_eq!(error.invalid_setting().unwrap().field, "base_url");
        }
    }

    #[test]
    fn credentials_are_refused_and_never_quoted() {
        for bad in [
            "http://me:hunter2@h/",
            "http://me:hunter2@h:bad/",
            "http://h/?key=hunter2",
            "http://me:hunter2#@h/",
            "http://me:hunter2?@h/",
        ] {
            let error = BaseUrl::parse(bad).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_shown_url_has_no_query_and_no_credentials() {
        assert_eq!(redacted("https://me:pw@h/p?token=1#x"), "https://h/p");
        assert_eq!(redacted("https://h/a@b/c"), "https://h/a@b/c");
        assert_eq!(redacted("https://h/a?b=@c"), "https://h/a");
        assert_eq!(redacted("https://me:p@w@h/p"), "https://h/p");
    }

    #[test]
    fn what_is_no_url_is_shown_too() {
        for odd in ["", "@", "://", "mailto:a@b://c", "a@://b", "\u{e9}@://\u{e9}@"] {
            redacted(odd);
        }
        assert_eq!(redacted("mailto:a@b://c"), "mailto:a@b://c");
    }
}
