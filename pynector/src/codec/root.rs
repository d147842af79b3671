//! The root of a decoded value: where the type alone decides what an empty body means.

use std::cell::Cell;

use serde::de::{Deserializer, Visitor};

/// Hands everything to `codec`, but for what a type says about the body as a whole: an `Option` is `None` for a blank
/// body, and units and ignored values do not look at it.
pub(crate) struct Root<'a, D> {
    pub(crate) codec: D,
    pub(crate) blank: bool,
    /// Set where the type did not look at the body. Without this it is `codec` that knows what a unit is.
    pub(crate) untouched: Option<&'a Cell<bool>>,
}

impl<D> Root<'_, D> {
    /// Whether a type need not look at the body; then it did not.
    fn leave(&self) -> bool {
        self.untouched.inspect(|untouched| untouched.set(true)).is_some()
    }
}

macro_rules! forward {
    ($($method:ident($($argument:ident: $type:ty),*)),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, Self::Error> {
            self.codec.$method($($argument,)* visitor)
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Root<'_, D> {
    type Error = D::Error;

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.blank && self.leave() { visitor.visit_none() } else { self.codec.deserialize_option(visitor) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.leave() { visitor.visit_unit() } else { self.codec.deserialize_unit(visitor) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.leave() { visitor.visit_unit() } else { self.codec.deserialize_ignored_any(visitor) }
    }

    fn is_human_readable(&self) -> bool {
        self.codec.is_human_readable()
    }

    forward! {
        deserialize_any(), deserialize_bool(), deserialize_char(), deserialize_str(), deserialize_string(),
        deserialize_i8(), deserialize_i16(), deserialize_i32(), deserialize_i64(), deserialize_i128(),
        deserialize_u8(), deserialize_u16(), deserialize_u32(), deserialize_u64(), deserialize_u128(),
        deserialize_f32(), deserialize_f64(), deserialize_bytes(), deserialize_byte_buf(), deserialize_seq(),
        deserialize_map(), deserialize_identifier(), deserialize_newtype_struct(name: &'static str),
        deserialize_tuple(len: usize), deserialize_tuple_struct(name: &'static str, len: usize),
        deserialize_struct(name: &'static str, fields: &'static [&'static str]),
        deserialize_enum(name: &'static str, variants: &'static [&'static str]),
    }
}
