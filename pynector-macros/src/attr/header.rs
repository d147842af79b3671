//! Header names and values, by RFC 9110 §5.

/// Fields that describe the message's framing, which the client alone decides.
const FRAMING: [&str; 3] = ["content-length", "transfer-encoding", "connection"];

/// Checks the name of a header that is sent, and gives it in lower case.
pub(super) fn name(text: &str) -> Result<String, String> {
    let name = received(text)?;
    if FRAMING.contains(&name.as_str()) {
        return Err(format!("the client writes `{name}` itself: leave it out"));
    }
    Ok(name)
}

/// Checks the name of a header that is received, and gives it in lower case.
pub(super) fn received(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("a header name is missing: write for example `\"x-trace\"`".to_owned());
    }
    if let Some(bad) = text.chars().find(|c| !is_token(*c)) {
        return Err(format!(
            "`{text}` is not a header name: {} cannot stand in one; write for example `\"{}\"`",
            shown(bad),
            token(text, "x-trace")
        ));
    }
    Ok(text.to_ascii_lowercase())
}

/// Checks the name of a cookie (RFC 6265 §4.1.1).
pub(super) fn cookie(name: &str) -> Result<(), String> {
    match name.chars().find(|c| !is_token(*c)) {
        Some(bad) => Err(format!(
            "`{name}` is not the name of a cookie: {} cannot stand in one; write for example `\"{}\"`",
            shown(bad),
            token(name, "session")
        )),
        None => Ok(()),
    }
}

/// Checks the value of a fixed header.
pub(super) fn value(text: &str) -> Result<(), String> {
    if text.trim_matches([' ', '\t']) != text {
        return Err("a header value neither starts nor ends with a space: leave it out".to_owned());
    }
    match text.chars().find(|c| !matches!(c, ' '..='~' | '\t')) {
        Some(bad) => Err(format!(
            "{} cannot stand in a header value, which is visible ASCII: leave it out",
            shown(bad)
        )),
        None => Ok(()),
    }
}

/// Checks a method token such as `QUERY`.
pub(super) fn method(text: &str) -> Result<(), String> {
    const KNOWN: [&str; 10] =
        ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "QUERY"];
    if text.is_empty() {
        return Err("the method is missing: write for example `#[http(\"QUERY\", \"/path\")]`".to_owned());
    }
    if let Some(bad) = text.chars().find(|c| !is_token(*c)) {
        let bad = shown(bad);
        return Err(format!("`{text}` is not an HTTP method: {bad} cannot stand in one, so leave it out"));
    }
    match KNOWN.iter().find(|known| known.eq_ignore_ascii_case(text) && **known != text) {
        Some(known) => Err(format!("HTTP methods are case-sensitive: write `\"{known}\"`")),
        None => Ok(()),
    }
}

/// A character as a message shows it.
pub(super) fn shown(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        _ => format!("`{}`", c.escape_debug()),
    }
}

/// `text` as a token, a hyphen for whatever cannot stand in one; `example` where little of it would be left.
fn token(text: &str, example: &str) -> String {
    let parts: Vec<&str> = text.split(|c| !is_token(c)).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() || !text.is_ascii() { example.to_owned() } else { parts.join("-") }
}

/// RFC 9110 §5.6.2.
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(name("X-Trace").as_deref(), Ok("x-trace"));
        assert_eq!(name("host").as_deref(), Ok("host"));
        for (text, expected) in [
            ("", "missing"),
            ("x trace", "a space cannot stand in one; write for example `\"x-trace\"`"),
            ("x:trace", "`:` cannot stand"),
            ("größe", "`ö` cannot stand"),
            ("a\r\nb", "`\\r` cannot stand"),
            ("Content-Length", "writes `content-length` itself"),
            ("transfer-encoding", "itself"),
            ("Connection", "itself"),
        ] {
            let complaint = name(text).expect_err(text);
            assert!(complaint.contains(expected), "{text}: {complaint}");
        }
    }

    #[test]
    fn values() {
        for text in ["", "application/json", "a\tb c", "~!\"#"] {
            assert_eq!(value(text), Ok(()), "{text}");
        }
        for text in ["a\r\nb: c", "a\0", "größe", " a", "a\t", "\u{7f}"] {
            assert!(value(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn methods() {
        for text in ["QUERY", "GET", "M-SEARCH", "purge"] {
            assert_eq!(method(text), Ok(()), "{text}");
        }
        for (text, expected) in
            [("", "missing"), ("get", "write `\"GET\"`"), ("A B", "a space cannot stand in one")]
        {
            let complaint = method(text).expect_err(text);
            assert!(complaint.contains(expected), "{text}: {complaint}");
        }
    }
}
