//! A header value as bytes, beyond what text may hold.

use http::HeaderValue;
use serde::ser::{Error as _, Serialize, Serializer};

use super::sink;

/// How a serializer of ours knows one; the second is for values that must not be logged.
pub(crate) const NAMES: [&str; 2] = ["$pynector::RawHeader", "$pynector::RawHeader::sensitive"];

/// A header value of any bytes that HTTP allows (RFC 9110 §5.5), such as the UTF-8 or Latin-1 of a server that wants it.
///
/// It stands where a header value does: in `#[header("name")]` and `#[headers]`, also inside an `Option`, a list or a struct.
/// Anywhere else, serializing it is an error. A value that is marked sensitive stays so.
///
/// ```
/// use pynector::{RawHeader, http::HeaderValue};
///
/// let name = RawHeader(HeaderValue::from_bytes("Zo\u{eb}".as_bytes())?);
/// # Ok::<(), pynector::http::header::InvalidHeaderValue>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RawHeader(pub HeaderValue);

impl From<HeaderValue> for RawHeader {
    fn from(value: HeaderValue) -> Self {
        Self(value)
    }
}

impl Serialize for RawHeader {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [plain, sensitive] = NAMES;
        let name = if self.0.is_sensitive() { sensitive } else { plain };
        serializer.serialize_newtype_struct(name, &Bytes(self.0.as_bytes()))
    }
}

struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    /// Another serializer would write a list of numbers, which nobody means.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if sink::is_header::<S>() {
            serializer.serialize_bytes(self.0)
        } else {
            Err(S::Error::custom("a `RawHeader` stands in a header, and nowhere else"))
        }
    }
}
