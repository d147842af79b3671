//! Base URLs: http or https, a host, and at most a port and a path.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::header::shown;

/// Checks a base URL, or says what is wrong with it.
pub(super) fn check(url: &str) -> Result<(), String> {
    if url.is_empty() {
        return Err("a base URL is missing: write for example `\"https://api.example.com\"`".to_owned());
    }
    if let Some(bad) = url.chars().find(|c| c.is_whitespace() || c.is_control() || *c == '\\') {
        return Err(format!(
            "{} cannot stand in a base URL: leave it out, or write it as `%XX` in the path",
            shown(bad)
        ));
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err("a base URL starts with `https://` or `http://`".to_owned());
    };
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err(format!("`{scheme}` is not a scheme of a base URL: it is `https` or `http`"));
    }
    if rest.contains('#') {
        return Err("a base URL has no fragment: leave out the `#` and what follows".to_owned());
    }
    if rest.contains('?') {
        return Err(
            "a base URL has no query: mark a parameter `#[query]`, or write it in a verb's path".to_owned()
        );
    }
    let (authority, segments) = rest.split_once('/').unwrap_or((rest, ""));
    check_authority(authority)?;
    check_path(segments)
}

fn check_authority(authority: &str) -> Result<(), String> {
    if authority.contains('@') {
        return Err("a base URL holds no user or password: use `#[basic]` or the client's builder".to_owned());
    }
    if let Some(bracketed) = authority.strip_prefix('[') {
        let (address, port) =
            bracketed.split_once(']').ok_or_else(|| format!("the `[` of `{authority}` is never closed"))?;
        if address.parse::<Ipv6Addr>().is_err() {
            return Err(format!("`{address}` is not an IPv6 address"));
        }
        return match port.strip_prefix(':') {
            Some(port) => check_port(port),
            None if port.is_empty() => Ok(()),
            None => Err(format!("`{port}` cannot follow the host")),
        };
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    check_host(host)?;
    port.map_or(Ok(()), check_port)
}

fn check_host(host: &str) -> Result<(), String> {
    if host.is_empty() {
        return Err("a base URL names a host: write for example `\"https://api.example.com\"`".to_owned());
    }
    if let Some(bad) = host.chars().find(|c| "<>[]^|%\"`{}".contains(*c)) {
        return Err(format!("{} cannot stand in a host: leave it out", shown(bad)));
    }
    let labels = host.strip_suffix('.').unwrap_or(host);
    if labels.split('.').any(str::is_empty) {
        return Err(format!("`{host}` is not a host: a part between its dots is empty"));
    }
    // A host whose last part is a number is read as an IPv4 address (WHATWG URL, "ends in a number").
    let numeric = labels.rsplit('.').next().is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()));
    if numeric && labels.parse::<Ipv4Addr>().is_err() {
        return Err(format!("`{host}` is not an IPv4 address"));
    }
    Ok(())
}

fn check_port(port: &str) -> Result<(), String> {
    let digits = !port.is_empty() && port.chars().all(|c| c.is_ascii_digit());
    match port.parse::<u16>() {
        Ok(1..) if digits => Ok(()),
        _ => Err(format!("`{port}` is not a port: it is a number between 1 and 65535")),
    }
}

fn check_path(segments: &str) -> Result<(), String> {
    if segments.contains(['{', '}']) {
        return Err("a base URL has no placeholders: write them in the paths of the verbs".to_owned());
    }
    let dots = |segment: &str| matches!(segment.to_lowercase().replace("%2e", ".").as_str(), "." | "..");
    match segments.split('/').find(|segment| dots(segment)) {
        Some(segment) => Err(format!("`{segment}` is a dot segment: write the path that is meant")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls() {
        for url in [
            "https://api.github.com",
            "http://localhost:8080",
            "HTTPS://h/",
            "https://h/v1/",
            "http://127.0.0.1:65535/a/b",
            "http://[::1]:3000/x",
            "http://[2001:db8::1]",
            "https://a.b.",
            "https://bücher.example",
            "https://my_service/v1",
            "https://h/a%20b",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn mistakes() {
        for (url, expected) in [
            ("", "missing"),
            ("api.github.com", "starts with"),
            ("//h", "starts with"),
            ("ftp://h", "`ftp` is not a scheme"),
            ("://h", "not a scheme"),
            ("https://", "names a host"),
            ("https:///p", "names a host"),
            ("https://:80", "names a host"),
            ("https://h?x=1", "no query"),
            ("https://h/p?", "no query"),
            ("https://h#f", "no fragment"),
            ("https://u:p@h", "no user or password"),
            ("https://h:", "not a port"),
            ("https://h:0", "not a port"),
            ("https://h:65536", "not a port"),
            ("https://h:+80", "not a port"),
            ("https://h:80a", "not a port"),
            ("https://h /", "a space cannot stand"),
            ("https://h\n", "`\\n` cannot stand"),
            ("https://h\\p", "cannot stand"),
            ("https://a..b", "a part between its dots is empty"),
            ("https://h%41", "`%` cannot stand in a host"),
            ("http://1.2.3", "not an IPv4 address"),
            ("http://999.1.1.1", "not an IPv4 address"),
            ("http://[::1", "never closed"),
            ("http://[::g]", "not an IPv6 address"),
            ("http://[::1]x", "cannot follow"),
            ("https://h/a/../b", "dot segment"),
            ("https://h/%2E", "dot segment"),
            ("https://h/{tenant}", "no placeholders"),
        ] {
            let complaint = check(url).expect_err(url);
            assert!(complaint.contains(expected), "{url}: {complaint}");
        }
    }
}
