//! URL-encoded forms, as a browser writes them.

use std::cell::Cell;

use bytes::Bytes;
use percent_encoding::percent_decode;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::root::Root;
use super::{Codec, undecodable};
use crate::error::{Error, ErrorKind, Result};
use crate::request::form;

/// URL-encoded forms: `application/x-www-form-urlencoded`. They are flat: nothing nests.
#[derive(Debug)]
pub enum FormCodec {}

impl Codec for FormCodec {
    const MEDIA_TYPE: &'static str = "application/x-www-form-urlencoded";

    /// Names and values must be UTF-8. Of an empty body an `Option` is `None`; units do not look at it.
    fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
        // The parser would put U+FFFD in place of what is wrong.
        percent_decode(body).decode_utf8().map_err(undecodable)?;
        let untouched = Cell::new(false);
        let codec = serde_html_form::Deserializer::from_bytes(body);
        let root = Root { codec, blank: body.is_empty(), has_null: false, untouched: &untouched };
        T::deserialize(root).map_err(undecodable)
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
