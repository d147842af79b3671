//! URLs that are given at run time: a path under the base, a reference against it, or an absolute URL.

use url::Url;

use crate::error::{Error, ErrorKind, Result};
use crate::request::base::{BaseUrl, Origin, redacted};
use crate::request::percent::{Part, is_dot_segment, push_literal};

/// A URL to which query pairs can be appended.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) url: String,
    pub(crate) has_query: bool,
    /// `None` where it is the origin of the base.
    pub(crate) origin: Option<Origin>,
}

/// Puts `url` under `base` with exactly one slash between, or takes it as it is if it is absolute.
///
/// # Errors
///
/// Kind `Request` for control characters, a fragment, a segment `.` or `..`, what is no URL, and another origin unless
/// `any_origin`.
pub(crate) fn resolve(base: &BaseUrl, url: &str, any_origin: bool) -> Result<Resolved> {
    let (path, query) = split(url)?;
    if is_absolute(url) {
        let resolved = absolute(base, url)?;
        return match &resolved.origin {
            Some(_) if !any_origin => Err(elsewhere(&resolved.url)),
            _ => Ok(resolved),
        };
    }
    let mut out = String::with_capacity(base.as_str().len() + url.len() + 1);
    out.push_str(base.as_str());
    if (path.is_empty() && base.path().is_empty()) || !(path.is_empty() || path.starts_with('/')) {
        out.push('/');
    }
    Ok(written(out, path, query))
}

/// Resolves the reference `url` against `base` with a slash at the end of its path (RFC 3986 §5.2): `items` stands under
/// the base, `/items` at the root of its host.
///
/// # Errors
///
/// As [`resolve`], but that another origin is for the caller to judge, by [`elsewhere`].
pub(crate) fn reference(base: &BaseUrl, url: &str) -> Result<Resolved> {
    let (path, query) = split(url)?;
    if is_absolute(url) {
        return absolute(base, url);
    }
    let start = if path.starts_with('/') { base.root() } else { base.as_str() };
    let mut out = String::with_capacity(start.len() + url.len() + 1);
    out.push_str(start);
    if !path.starts_with('/') {
        out.push('/');
    }
    Ok(written(out, path, query))
}

/// The error for a URL of another origin that may not have one; its query and credentials are not shown.
pub(crate) fn elsewhere(url: &str) -> Error {
    let shown = redacted(url);
    refuse(format!("{shown} is not of the origin of the base URL; `any_origin` allows it"))
}

/// The path, scheme and host included, and the query; every rule that asks for no base is checked.
fn split(url: &str) -> Result<(&str, Option<&str>)> {
    if url.chars().any(char::is_control) {
        return Err(refuse("the URL holds a control character"));
    }
    if url.contains('#') {
        return Err(refuse("the URL has a fragment, which is never sent"));
    }
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    // In an absolute URL too, whose parser would go up silently; and where a backslash is taken for a slash.
    if let Some(segment) = path.split(['/', '\\']).find(|segment| is_dot_segment(segment)) {
        return Err(refuse(format!("a path segment must not be `{segment}`: it would leave its place")));
    }
    Ok((path, query))
}

/// Whether `url` names a host of its own, with or without a scheme.
fn is_absolute(url: &str) -> bool {
    url.starts_with("//") || url.split(['/', '?']).next().is_some_and(|start| start.contains(':'))
}

fn written(mut out: String, path: &str, query: Option<&str>) -> Resolved {
    push_literal(&mut out, path, Part::Path);
    if let Some(query) = query {
        out.push('?');
        push_literal(&mut out, query, Part::Query);
    }
    Resolved { url: out, has_query: query.is_some(), origin: None }
}

fn absolute(base: &BaseUrl, url: &str) -> Result<Resolved> {
    let whole =
        if url.starts_with("//") { format!("{}:{url}", base.origin().scheme) } else { url.to_owned() };
    let parsed = Url::parse(&whole).map_err(|error| refuse(format!("the URL cannot be read: {error}")))?;
    let shown = redacted(parsed.as_str());
    let origin = Origin::of(&parsed).ok_or_else(|| refuse(format!("{shown} is not http or https")))?;
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(refuse("the URL holds credentials; give them to `basic` or `bearer`"));
    }
    let origin = Some(origin).filter(|origin| origin != base.origin());
    Ok(Resolved { has_query: parsed.query().is_some(), url: parsed.into(), origin })
}

fn refuse(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Request, message)
}

#[cfg(test)]
mod tests {
    use super::{reference, resolve};
    use crate::request::base::BaseUrl;

    #[test]
    fn paths_go_under_the_base_and_absolute_urls_stay_at_its_origin() {
        for (base, url, expected) in [
            ("http://h/v1", "/a/b", "http://h/v1/a/b"),
            ("http://h/v1/", "a?x=1", "http://h/v1/a?x=1"),
            ("http://h", "", "http://h/"),
            ("http://h/v1", "", "http://h/v1"),
            ("http://h/v1", "?x=1", "http://h/v1?x=1"),
            ("http://h", "/a b/%2F/\u{e9}?q=\u{e9} ", "http://h/a%20b/%2F/%C3%A9?q=%C3%A9%20"),
            ("http://h/v1", "/at/12:30", "http://h/v1/at/12:30"),
            ("http://h/v1", "http://h/other?x", "http://h/other?x"),
            ("http://h/v1", "HTTP://H:80/other", "http://h/other"),
            ("http://h/v1", "//h/other", "http://h/other"),
        ] {
            assert_eq!(
                resolve(&BaseUrl::parse(base).unwrap(), url, false).unwrap().url,
                expected,
                "{base} {url}"
            );
        }
    }

    #[test]
    fn what_would_leave_its_place_is_refused() {
        let base = BaseUrl::parse("http://h/v1").unwrap();
        for (url, part) in [
            ("/a\r\nx", "control"),
            ("/a\0", "control"),
            ("/a#b", "fragment"),
            ("/a/../b", "`..`"),
            ("/a/%2e%2E", "`%2e%2E`"),
            ("/a\\..\\b", "`..`"),
            ("http://h/v1/../admin?x", "`..`"),
            ("//h/v1/%2e./admin", "`%2e.`"),
            ("ftp://h/", "not http"),
            ("http://h:1/", "origin"),
            ("https://h/", "origin"),
            ("//other/", "origin"),
            ("http://a:hunter2@h/", "credentials"),
            ("http://[/", "cannot be read"),
            ("mailto:a@b", "not http"),
        ] {
            let error = resolve(&base, url, false).unwrap_err().to_string();
            assert!(error.contains(part) && !error.contains("hunter2"), "{url:?}: {error}");
        }
        let other = resolve(&base, "http://other/x", true).unwrap();
        assert_eq!((other.url.as_str(), other.origin.unwrap().host.as_str()), ("http://other/x", "other"));
    }

    #[test]
    fn a_reference_is_resolved_against_the_base_with_a_slash_at_its_end() {
        for (base, url, expected) in [
            ("http://h/v1", "a/b", "http://h/v1/a/b"),
            ("http://h/v1/", "a", "http://h/v1/a"),
            ("http://h", "a", "http://h/a"),
            ("http://h/v1", "/a/b", "http://h/a/b"),
            ("http://h:81/v1/w", "/", "http://h:81/"),
            ("http://h/v1", "", "http://h/v1/"),
            ("http://h", "", "http://h/"),
            ("http://h/v1", "?a=b c", "http://h/v1/?a=b%20c"),
            ("http://h/v1", "/a?b=/c?d", "http://h/a?b=/c?d"),
            ("http://h/v1", "a\\b {c}", "http://h/v1/a%5Cb%20%7Bc%7D"),
            ("http://h/v1", "caf\u{e9}/%2F/%", "http://h/v1/caf%C3%A9/%2F/%25"),
            ("http://h/v1", "HTTP://H:80/x", "http://h/x"),
            ("http://h/v1", "//h/x", "http://h/x"),
            ("http://h/v1", "/at/12:30", "http://h/at/12:30"),
        ] {
            let resolved = reference(&BaseUrl::parse(base).unwrap(), url).unwrap();
            assert_eq!((resolved.url.as_str(), resolved.origin), (expected, None), "{base} {url}");
        }
        let base = BaseUrl::parse("http://h/v1").unwrap();
        for (url, part) in [
            ("a#b", "fragment"),
            ("../a", "`..`"),
            ("./a", "`.`"),
            ("/a/%2e%2e", "`%2e%2e`"),
            ("..\\a", "`..`"),
            ("a\n", "control"),
            ("http://a:hunter2@h/", "credentials"),
            ("mailto:a@b", "not http"),
            ("12:30", "cannot be read"),
        ] {
            let error = reference(&base, url).unwrap_err().to_string();
            assert!(error.contains(part) && !error.contains("hunter2"), "{url:?}: {error}");
        }
        for url in
            ["http://other/", "https://h/", "//other/x", "http:\\\\other/", "http:/other/", " http://other/"]
        {
            assert!(reference(&base, url).unwrap().origin.is_some(), "{url}");
        }
    }
}
