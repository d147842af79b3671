//! URL-encoded forms, as a browser writes them.

use std::fmt;

use bytes::Bytes;
use percent_encoding::percent_decode;
use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};

use super::loose::Loose;
use super::value::Apart;
use super::{Codec, undecodable};
use crate::error::{Error, ErrorKind, Result, unplaced};
use crate::request::form;

/// URL-encoded forms: `application/x-www-form-urlencoded`. They are flat: nothing nests.
#[derive(Debug)]
pub enum FormCodec {}

impl Codec for FormCodec {
    const MEDIA_TYPE: &'static str = "application/x-www-form-urlencoded";

    /// Names and values must be UTF-8. Of an empty body an `Option` is `None`; units do not look at it.
    fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
        let value = pairs(body).and_then(|pairs| T::deserialize(Apart::new(pairs).root()));
        value.map_err(|error| undecodable(Misfit(unplaced(&error))))
    }

    /// By the rules of [`Call::form`](crate::Call::form), for a value that has names: a struct, a map, pairs.
    fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Bytes> {
        let mut text = String::new();
        form::append(&mut text, "", value, &[])?;
        if text.starts_with('=') {
            let nameless = "a form needs a struct, a map or pairs, since what is in it has names";
            return Err(Error::new(ErrorKind::Request, nameless));
        }
        Ok(text.into())
    }
}

/// The pairs of a form.
///
/// # Errors
///
/// Of what is not UTF-8; the parser would put U+FFFD in its place.
pub(crate) fn pairs(body: &[u8]) -> Result<Loose<'_>, serde_json::Error> {
    percent_decode(body).decode_utf8().map_err(serde_json::Error::custom)?;
    Ok(Loose::form(body))
}

/// What keeps a form from being a value. It is not an error of JSON, though made as one.
#[derive(Debug)]
struct Misfit(String);

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misfit {}
