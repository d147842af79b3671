//! JSON (RFC 8259).

use std::cell::Cell;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::root::Root;
use super::{Codec, undecodable};
use crate::error::{Error, ErrorKind, Result};

/// JSON: `application/json`. What nests deeper than 128 levels does not decode.
#[derive(Debug)]
pub enum JsonCodec {}

impl Codec for JsonCodec {
    const MEDIA_TYPE: &'static str = "application/json";

    /// It may begin with a byte order mark. Of a blank body an `Option` is `None`; units do not look at it.
    fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
        let json = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let blank = json.iter().all(u8::is_ascii_whitespace);
        let untouched = Cell::new(false);
        let mut codec = serde_json::Deserializer::from_slice(json);
        let decoded =
            T::deserialize(Root { codec: &mut codec, blank, has_null: true, untouched: &untouched });
        let decoded = match decoded {
            // A type that did not look at the body has no say in what may stand there.
            Ok(value) if untouched.get() => Ok(value),
            Ok(value) => codec.end().map(|()| value),
            Err(error) => Err(error),
        };
        decoded.map_err(undecodable)
    }

    fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Bytes> {
        serde_json::to_vec(value).map(Bytes::from).map_err(|error| {
            Error::new(ErrorKind::Serialize, format!("the JSON body cannot be written: {error}"))
                .with_source(error)
        })
    }
}
