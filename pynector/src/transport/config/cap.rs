//! A size as a number or, where it is no limit at all, as `"none"`, since not every format has a number that large.

use std::fmt;

use serde::{Deserializer, Serializer, de};

#[expect(clippy::ref_option, reason = "serde asks with a reference")]
pub(super) fn serialize<S: Serializer>(cap: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    match cap {
        None => serializer.serialize_none(),
        Some(u64::MAX) => serializer.serialize_str("none"),
        Some(cap) => serializer.serialize_u64(*cap),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    deserializer.deserialize_any(CapVisitor)
}

struct CapVisitor;

impl<'de> de::Visitor<'de> for CapVisitor {
    type Value = Option<u64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of bytes, or \"none\"")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_u64<E: de::Error>(self, bytes: u64) -> Result<Self::Value, E> {
        Ok(Some(bytes))
    }

    fn visit_i64<E: de::Error>(self, bytes: i64) -> Result<Self::Value, E> {
        u64::try_from(bytes).map(Some).map_err(|_| E::invalid_value(de::Unexpected::Signed(bytes), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "none" => Ok(Some(u64::MAX)),
            _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
        }
    }
}
