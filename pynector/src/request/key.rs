//! The idempotency key of a request: given with the call, or else made for it.

use http::{HeaderName, HeaderValue};
use uuid::Uuid;

use crate::error::{Error, ErrorKind, Result};
use crate::policy::IdempotencyKey;
use crate::request::header::{Fields, parse_name};

/// Adds a key unless some level has given one; it is the call's from now on, whatever is sent how often (IDM-3).
///
/// Gives the name of its header.
///
/// # Errors
///
/// Kind `Request` if the name is none, or there are several keys.
pub(crate) fn ensure(headers: &mut Fields, key: IdempotencyKey) -> Result<HeaderName> {
    let name = parse_name(key.header)?;
    match headers.count(&name) {
        0 => headers.set(name.clone(), mint(key.raw)?)?,
        1 => {}
        _ => {
            let why = format!("a request has one idempotency key, but `{name}` was given several times");
            return Err(Error::new(ErrorKind::Request, why));
        }
    }
    Ok(name)
}

/// A random UUID (RFC 9562 §5.4), as a string of structured fields (RFC 8941 §3.3.3) unless `raw` (IDM-4).
fn mint(raw: bool) -> Result<HeaderValue> {
    let id = Uuid::new_v4();
    let text = if raw { id.to_string() } else { format!("\"{id}\"") };
    HeaderValue::try_from(text).map_err(|error| Error::new(ErrorKind::Request, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::ensure;
    use crate::policy::IdempotencyKey;
    use crate::request::header::{Fields, Headers};

    fn minted(key: IdempotencyKey) -> (String, String) {
        let mut headers = Fields::default();
        let name = ensure(&mut headers, key).unwrap();
        assert_eq!(headers.count(&name), 1);
        let value = headers.map()[&name].to_str().unwrap().to_owned();
        (name.as_str().to_owned(), value)
    }

    #[test]
    fn idm_4_a_key_is_a_quoted_string_or_raw_under_any_name() {
        let (name, quoted) = minted(IdempotencyKey::new());
        let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap();
        assert_eq!(name, "idempotency-key");
        let (name, raw) = minted(IdempotencyKey::header("X-Once").raw());
        assert_eq!(name, "x-once");
        for id in [inner, &raw] {
            let id = uuid::Uuid::parse_str(id).unwrap();
            assert_eq!(id.get_version(), Some(uuid::Version::Random));
        }
        assert_ne!(inner, raw, "each is new");
    }

    #[test]
    fn idm_3_a_key_that_is_given_is_never_overwritten() {
        let mut headers = Headers::fixed(&[("idempotency-key", "mine")]).unwrap().finish().unwrap();
        ensure(&mut headers, IdempotencyKey::new()).unwrap();
        assert_eq!(headers.map()["idempotency-key"], "mine");
        let mut twice =
            Headers::fixed(&[("idempotency-key", "a"), ("idempotency-key", "b")]).unwrap().finish().unwrap();
        assert!(ensure(&mut twice, IdempotencyKey::new()).is_err());
        for name in ["", "no name", "content-length"] {
            assert!(ensure(&mut Fields::default(), IdempotencyKey::header(name)).is_err(), "{name:?}");
        }
    }
}
