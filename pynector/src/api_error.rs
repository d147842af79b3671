//! What `#[derive(ApiError)]` is made of: the parts of a status error as the values of a variant.

use std::any::type_name;
use std::str::FromStr;

use bytes::Bytes;
use http::HeaderValue;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::response::ResponseHead;
use crate::response::decode::decode;

/// What the body of an error response may become: what a method may return of one.
///
/// `String` and `Bytes` are text and bytes, `()` is nothing, an `Option` is `None` for a blank body; every other type with
/// `Deserialize` is decoded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded from the body of an error",
    label = "does not implement `serde::Deserialize`, or borrows something",
    note = "derive `serde::Deserialize` for it, or mark the field `#[header(\"..\")]` or `#[source]`"
)]
pub trait ErrorBody: DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> ErrorBody for T {}

/// What a header of an error response may become: anything that is `FromStr`, and `Option` of it where the header may be
/// missing.
///
/// `Marker` tells the two apart; the compiler finds it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a header",
    label = "does not implement `FromStr`",
    note = "implement `std::str::FromStr` for it, or take a `String`; an `Option` of it is `None` where the header is missing"
)]
pub trait ErrorHeader<Marker>: Sized {
    /// Reads the header's text; `None` if it does not fit.
    fn read(text: Option<&str>) -> Option<Self>;
}

/// Marks types that need the header.
#[derive(Debug)]
pub enum Needed {}

/// Marks types that are there without the header too.
#[derive(Debug)]
pub enum Optional {}

#[diagnostic::do_not_recommend]
impl<T: FromStr> ErrorHeader<Needed> for T {
    fn read(text: Option<&str>) -> Option<Self> {
        text?.parse().ok()
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromStr> ErrorHeader<Optional> for Option<T> {
    fn read(text: Option<&str>) -> Option<Self> {
        text.map_or(Some(None), |text| text.parse().ok().map(Some))
    }
}

/// What may hold a whole error: [`Error`], and whatever is `From<Error>`, such as a `Box` or an `Arc` of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold a `pynector::Error`",
    label = "is not `From<pynector::Error>`",
    note = "write `pynector::Error`, or `Box<pynector::Error>`"
)]
pub trait WholeError: From<Error> {}

#[diagnostic::do_not_recommend]
impl<T: From<Error>> WholeError for T {}

/// The error itself, as what holds it.
pub fn whole<T: WholeError>(error: Error) -> T {
    error.into()
}

/// Decodes the body of a status error, as the body of a success is decoded.
///
/// # Errors
///
/// Kind [`Deserialize`](ErrorKind::Deserialize) if it does not fit; at most the first 64 KiB of it are there.
pub fn body<T: ErrorBody>(error: &Error) -> Result<T> {
    let (status, headers) = error.status().zip(error.headers()).ok_or_else(no_response)?;
    let head = ResponseHead::new(status, headers.clone());
    decode(&head, error.body().unwrap_or(&Bytes::new()))
}

/// Reads a header of a status error: the first of its name.
///
/// # Errors
///
/// Kind [`Deserialize`](ErrorKind::Deserialize) if it is missing, not text, or does not parse.
pub fn header<T: ErrorHeader<Marker>, Marker>(error: &Error, name: &str) -> Result<T> {
    let value = error.headers().and_then(|headers| headers.get(name));
    let text = value.map(HeaderValue::to_str).transpose();
    text.ok().and_then(T::read).ok_or_else(|| {
        let wanted = type_name::<T>();
        Error::new(ErrorKind::Deserialize, format!("the header {name:?} is no {wanted}"))
    })
}

fn no_response() -> Error {
    Error::new(ErrorKind::Deserialize, "there is no response")
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};

    use super::*;
    use crate::error::ErrorResponse;

    fn error(body: &'static str) -> Error {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_static("7"));
        headers.insert("x-raw", HeaderValue::from_bytes(b"\xe4").unwrap());
        let response = ErrorResponse { status: StatusCode::CONFLICT, headers, body: Bytes::from(body) };
        Error::new(ErrorKind::Status(409), "409 Conflict").with_response(response)
    }

    #[test]
    fn headers_by_type() {
        let error = error("");
        assert_eq!(header::<u32, _>(&error, "retry-after").ok(), Some(7));
        assert_eq!(header::<Option<u32>, _>(&error, "Retry-After").ok(), Some(Some(7)));
        assert_eq!(header::<String, _>(&error, "retry-after").ok().as_deref(), Some("7"));
        assert_eq!(header::<Option<u32>, _>(&error, "x-none").ok(), Some(None));
        assert!(header::<u32, _>(&error, "x-none").is_err(), "missing");
        assert!(header::<bool, _>(&error, "retry-after").is_err(), "of another type");
        assert!(header::<Option<bool>, _>(&error, "retry-after").is_err(), "of another type");
        assert!(header::<Option<String>, _>(&error, "x-raw").is_err(), "no text");
    }

    #[test]
    fn bodies_by_type() {
        assert_eq!(body::<u32>(&error("7")).ok(), Some(7));
        assert_eq!(body::<String>(&error("7")).ok().as_deref(), Some("7"));
        assert_eq!(body::<Bytes>(&error("7")).ok(), Some(Bytes::from("7")));
        assert_eq!(body::<Option<u32>>(&error("")).ok(), Some(None));
        assert!(body::<()>(&error("<html>")).is_ok());
        assert!(body::<u32>(&error("seven")).is_err());
        assert!(body::<u32>(&Error::new(ErrorKind::Timeout, "late")).is_err(), "no response");
    }
}
