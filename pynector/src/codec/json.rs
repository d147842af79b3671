//! JSON (RFC 8259).

use std::cell::Cell;
use std::marker::PhantomData;
use std::str::{self, Utf8Error};

use bytes::Bytes;
use serde::Serialize;
use serde::de::{self, DeserializeOwned, DeserializeSeed};

use super::root::Root;
use super::value::{Document, Value};
use super::{Codec, undecodable};
use crate::error::{Error, ErrorKind, Result, bounded};

/// JSON: `application/json`, and UTF-8 from its first byte to its last (RFC 8259 §8.1). What nests deeper than 128 levels
/// does not decode.
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

impl Error {
    /// Decodes the body of the response from JSON.
    ///
    /// # Errors
    ///
    /// Kind [`ErrorKind::Deserialize`] if there is no body or it is not JSON of this shape.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        let body = self.body().map(Bytes::as_ref).unwrap_or_default();
        value(PhantomData, body).map_err(|error| {
            let why = bounded(&error);
            Self::new(ErrorKind::Deserialize, format!("the error body does not decode: {why}"))
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
    whole(body, |document| T::deserialize(document))
}

/// Reads by `read` alone, as [`read`] does.
///
/// # Errors
///
/// As [`read`](fn@read).
pub(crate) fn whole<'de, T>(
    body: &'de [u8],
    read: impl FnOnce(Document<'_, 'de>) -> Result<T, serde_json::Error>,
) -> Result<T, serde_json::Error> {
    let json = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    Reading::new(Text::of(json)).by(read)
}

/// The same of a text, all of which is JSON.
///
/// # Errors
///
/// As [`read`](fn@read).
pub(crate) fn text<'de, T>(
    json: &'de str,
    read: impl FnOnce(Document<'_, 'de>) -> Result<T, serde_json::Error>,
) -> Result<T, serde_json::Error> {
    Reading::new(Text { valid: json, broken: None }).by(read)
}

/// Reads what `seed` asks for of a text that is JSON from its first byte to its last.
///
/// # Errors
///
/// As [`read`].
pub(crate) fn value<'de, S: DeserializeSeed<'de>>(
    seed: S,
    json: &'de [u8],
) -> Result<S::Value, serde_json::Error> {
    let text = Text::of(json);
    let mut codec = serde_json::Deserializer::from_str(text.valid);
    match seed.deserialize(Value::Json(&mut codec)) {
        Ok(value) => text.end(&mut codec).map(|()| value),
        Err(error) => Err(text.first(error)),
    }
}

struct Reading<'de> {
    text: Text<'de>,
    codec: Codes<'de>,
    blank: bool,
    untouched: Cell<bool>,
}

pub(crate) type Codes<'de> = serde_json::Deserializer<serde_json::de::StrRead<'de>>;

impl<'de> Reading<'de> {
    fn new(text: Text<'de>) -> Self {
        let blank = text.broken.is_none() && text.valid.bytes().all(|byte| byte.is_ascii_whitespace());
        let codec = serde_json::Deserializer::from_str(text.valid);
        Self { text, codec, blank, untouched: Cell::new(false) }
    }

    fn by<T>(
        mut self,
        read: impl FnOnce(Document<'_, 'de>) -> Result<T, serde_json::Error>,
    ) -> Result<T, serde_json::Error> {
        match read(self.root()) {
            Ok(value) => match self.end() {
                Ok(()) => Ok(value),
                Err(error) => Err(error),
            },
            Err(error) => Err(self.text.first(error)),
        }
    }

    fn root(&mut self) -> Document<'_, 'de> {
        Root { codec: Value::Json(&mut self.codec), blank: self.blank, untouched: Some(&self.untouched) }
    }

    fn end(&mut self) -> Result<(), serde_json::Error> {
        // A type that did not look at the body has no say in what may stand there.
        if self.untouched.get() { Ok(()) } else { self.text.end(&mut self.codec) }
    }
}

/// The text that JSON must be (RFC 8259 §8.1). It is looked at once, as a whole, where a reader of bytes looks at each string.
#[derive(Clone, Copy)]
struct Text<'de> {
    valid: &'de str,
    /// What stands behind that, if anything does.
    broken: Option<Utf8Error>,
}

impl<'de> Text<'de> {
    fn of(json: &'de [u8]) -> Self {
        match str::from_utf8(json) {
            Ok(valid) => Self { valid, broken: None },
            Err(broken) => {
                let valid = json.get(..broken.valid_up_to()).and_then(|valid| str::from_utf8(valid).ok());
                Self { valid: valid.unwrap_or_default(), broken: Some(broken) }
            }
        }
    }

    /// Nothing follows the value.
    fn end(self, codec: &mut Codes<'de>) -> Result<(), serde_json::Error> {
        codec.end()?;
        self.broken.map_or(Ok(()), |broken| Err(self.not_utf_8(broken)))
    }

    /// What is wrong first: `error`, unless it is that the text goes on, as something that is none.
    fn first(self, error: serde_json::Error) -> serde_json::Error {
        match self.broken {
            // A character without its end is a text that was cut off.
            Some(broken) if broken.error_len().is_some() && error.is_eof() => self.not_utf_8(broken),
            _ => error,
        }
    }

    #[cold]
    fn not_utf_8(self, broken: Utf8Error) -> serde_json::Error {
        let line = 1 + self.valid.matches('\n').count();
        let column = 1 + self.valid.len() - self.valid.rfind('\n').map_or(0, |end| end + 1);
        // `serde_json` takes the place out of the words.
        de::Error::custom(format_args!(
            "invalid UTF-8 from byte {} on at line {line} column {column}",
            broken.valid_up_to()
        ))
    }
}
