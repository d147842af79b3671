//! The fields of a URL, for whoever makes one of them.

use std::mem;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer as _, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Error;

use super::assemble::Host;

/// The fields of a URL in the order in which `url` has them.
pub(super) struct Fields<'a> {
    pub(super) text: String,
    pub(super) scheme_end: u32,
    pub(super) host_start: u32,
    pub(super) host_end: u32,
    pub(super) host: Host<'a>,
    pub(super) port: Option<u16>,
    pub(super) path_start: u32,
    pub(super) query_start: Option<u32>,
    pub(super) next: u8,
}

impl<'de> SeqAccess<'de> for Fields<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let field = self.next;
        self.next += 1;
        let number = match field {
            0 => return seed.deserialize(mem::take(&mut self.text).into_deserializer()).map(Some),
            1 => self.scheme_end,
            // The end of a user that is not there, and the start of the host.
            2 | 3 => self.host_start,
            4 => self.host_end,
            5 => return self.host.into_seed(seed).map(Some),
            6 => return seed.deserialize(Maybe(self.port.map(u32::from))).map(Some),
            7 => self.path_start,
            8 => return seed.deserialize(Maybe(self.query_start)).map(Some),
            // There is no fragment.
            9 => return seed.deserialize(Maybe(None)).map(Some),
            _ => return Ok(None),
        };
        seed.deserialize(number.into_deserializer()).map(Some)
    }
}

impl<'de> Host<'de> {
    /// As serde calls the variants of a host.
    fn into_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        match self {
            Self::Name(_) => seed.deserialize(StrDeserializer::new("Domain")),
            Self::Address(text) => {
                let variant = MapDeserializer::new(std::iter::once(("Ipv4", text)));
                seed.deserialize(MapAccessDeserializer::new(variant))
            }
        }
    }
}

/// A number that may not be there, for an `Option`.
struct Maybe(Option<u32>);

impl<'de> Deserializer<'de> for Maybe {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Some(number) => visitor.visit_some(number.into_deserializer()),
            None => visitor.visit_none(),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
