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
        read(body).map_err(undecodable)
    }

    fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Bytes> {
        serde_json::to_vec(value).map(Bytes::from).map_err(|error| {
            Error::new(ErrorKind::Serialize, format!("the JSON body cannot be written: {error}"))
                .with_source(error)
        })
    }
}

/// Reads a value as [`JsonCodec`] does.
///
/// What does not depend on the type is not in here, so that it is not compiled for each of them.
///
/// # Errors
///
/// Of what is no JSON, or not that of a `T`.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    let mut reading = Reading::new(body);
    match T::deserialize(reading.root()) {
        Ok(value) => match reading.end() {
            Ok(()) => Ok(value),
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    }
}

struct Reading<'de> {
    codec: serde_json::Deserializer<serde_json::de::SliceRead<'de>>,
    blank: bool,
    untouched: Cell<bool>,
}

impl<'de> Reading<'de> {
    fn new(body: &'de [u8]) -> Self {
        let json = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let blank = json.iter().all(u8::is_ascii_whitespace);
        Self { codec: serde_json::Deserializer::from_slice(json), blank, untouched: Cell::new(false) }
    }

    fn root(&mut self) -> Root<'_, &mut serde_json::Deserializer<serde_json::de::SliceRead<'de>>> {
        Root { codec: &mut self.codec, blank: self.blank, has_null: true, untouched: &self.untouched }
    }

    fn end(&mut self) -> Result<(), serde_json::Error> {
        // A type that did not look at the body has no say in what may stand there.
        if self.untouched.get() { Ok(()) } else { self.codec.end() }
    }
}
