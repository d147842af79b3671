//! MessagePack.

use std::cell::Cell;
use std::io::Cursor;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::root::Root;
use super::{Codec, undecodable};
use crate::error::{Error, ErrorKind, Result};

/// As deep as JSON may nest; what the crate allows by itself overflows a small stack.
const DEPTH: usize = 128;

/// MessagePack: `application/msgpack`. What nests deeper than 128 levels does not decode.
#[derive(Debug)]
pub enum MsgPackCodec {}

impl Codec for MsgPackCodec {
    const MEDIA_TYPE: &'static str = "application/msgpack";
    const ACCEPT: &'static str = "application/msgpack, application/vnd.msgpack, application/x-msgpack";

    /// Of an empty body an `Option` is `None`; units do not look at it.
    fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
        let mut codec = rmp_serde::Deserializer::new(Cursor::new(body));
        codec.set_max_depth(DEPTH);
        let untouched = Cell::new(false);
        let root = Root { codec: &mut codec, blank: body.is_empty(), untouched: Some(&untouched) };
        let value = T::deserialize(root).map_err(undecodable)?;
        if untouched.get() || codec.position() == body.len() as u64 {
            return Ok(value);
        }
        let at = codec.position();
        Err(Error::new(ErrorKind::Deserialize, format!("something follows the value, from byte {at} on")))
    }

    fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Bytes> {
        rmp_serde::to_vec_named(value).map(Bytes::from).map_err(|error| {
            Error::new(ErrorKind::Serialize, format!("the MessagePack body cannot be written: {error}"))
                .with_source(error)
        })
    }
}
