//! Cookies of a request: pairs in one header, by RFC 6265.

use http::{HeaderValue, header};

use crate::error::{Error, ErrorKind, Result};
use crate::request::header::Headers;

/// Adds `name=value` to the one `cookie` header of `headers`, which is marked so that no log shows it.
///
/// # Errors
///
/// Kind `Request` if the name is no token, or the value holds what a cookie cannot (RFC 6265 §4.1.1); the value is not quoted.
pub(crate) fn append(headers: &mut Headers, name: &str, value: &str) -> Result<()> {
    if !is_token(name) {
        return Err(refuse(name, "its name must be a token (RFC 6265 \u{a7}4.1.1)"));
    }
    if !is_value(value) {
        let rule = "its value may hold printable ASCII only, and neither a space nor any of `\"`, `,`, `;` and `\\` \
                    (RFC 6265 \u{a7}4.1.1)";
        return Err(refuse(name, rule));
    }
    let pair = HeaderValue::try_from([name, "=", value].concat())
        .map_err(|_| refuse(name, "it cannot stand in a header"))?;
    headers.push(header::COOKIE, pair);
    Ok(())
}

pub(crate) fn refuse(name: &str, rule: &str) -> Error {
    Error::new(ErrorKind::Request, format!("the cookie `{name}`: {rule}"))
}

fn is_token(name: &str) -> bool {
    let is_tchar = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_tchar)
}

/// Octets, or octets between quotes.
fn is_value(value: &str) -> bool {
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    inner.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte))
}

#[cfg(test)]
mod tests {
    use http::header;

    use super::append;
    use crate::request::header::Headers;

    #[test]
    fn several_make_one_header_that_no_log_shows() {
        let mut headers = Headers::default();
        for (name, value) in [("a", "1"), ("b", ""), ("_c", "\"x=y\""), ("d", "a%20b")] {
            append(&mut headers, name, value).unwrap();
        }
        let map = headers.to_map();
        assert_eq!(map.len(), 1);
        assert_eq!(map[header::COOKIE], "a=1; b=; _c=\"x=y\"; d=a%20b");
        assert!(map[header::COOKIE].is_sensitive());
    }

    #[test]
    fn what_could_make_two_cookies_of_one_is_refused_and_not_quoted() {
        for value in [
            "hunter2; a=b",
            "hunter2 x",
            "hunter2,",
            "hunter2\"",
            "\"hunter2",
            "\\hunter2",
            "hunter2\r\n",
            "hunter2\u{e9}",
            "hunter2\u{7f}",
        ] {
            let error = append(&mut Headers::default(), "sid", value).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Request);
            assert!(error.to_string().contains("the cookie `sid`"), "{error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
        for name in ["", "a b", "a=b", "a;b", "\u{e9}"] {
            assert!(append(&mut Headers::default(), name, "1").is_err(), "{name}");
        }
    }
}
