//! The deserializer of all bodies but MessagePack: JSON by its codec, what is loose by its own rules.

mod apart;
mod inside;
mod key;

use serde::de::{Deserializer, Visitor};

pub(crate) use self::apart::Apart;
use self::apart::Whole;
use self::inside::Through;
use super::json::Codes;
use super::loose::Loose;
use super::root::Root;

/// A value of JSON, which `D` reads, or of what is loose.
///
/// It is one type for both, and so are the accesses to what is inside of a value, so that the code of a type is compiled
/// once (record 0221).
pub(crate) enum Value<'l, 'de, D> {
    Json(D),
    Loose(&'l mut Apart<'de>),
}

/// As which whatever is loose is read: what JSON is read as.
pub(crate) type Read<'l, 'a, 'de> = Value<'l, 'de, &'a mut Codes<'de>>;

/// A whole body, as what a value is deserialized from.
pub(crate) type Document<'a, 'de> = Root<'a, Read<'a, 'a, 'de>>;

/// What is loose says as an error of JSON, as that of `E`.
///
/// It is the same type, but the traits of serde cannot say so.
#[cold]
#[inline(never)]
fn told<E: serde::de::Error>(error: serde_json::Error) -> E {
    E::custom(error)
}

macro_rules! scalars {
    ($($read:ident: $method:ident $visit:ident),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            match self {
                Self::Json(codec) => codec.$method(visitor),
                Self::Loose(apart) => {
                    let value = apart.loose.$read(&visitor).map_err(told)?;
                    visitor.$visit(value)
                }
            }
        })*
    };
}

macro_rules! wholes {
    ($($whole:expr, $method:ident($($argument:ident: $type:ty),*));* $(;)?) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            match self {
                Self::Json(codec) => codec.$method($($argument,)* Through::json(visitor)),
                Self::Loose(apart) => {
                    let (codec, parts) = apart.open($whole, &visitor).map_err(told)?;
                    codec.$method($($argument,)* Through::loose(visitor, parts)).map_err(told)
                }
            }
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Value<'_, 'de, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let apart = match self {
            Self::Json(codec) => return codec.deserialize_any(Through::json(visitor)),
            Self::Loose(apart) => apart,
        };
        match &apart.loose {
            Loose::Absent => visitor.visit_none(),
            Loose::Nothing => visitor.visit_unit(),
            Loose::Raw(bytes) => visitor.visit_bytes(bytes),
            Loose::Text(_) | Loose::Part(_) => Self::Loose(apart).deserialize_string(visitor),
            Loose::Form(_) => Self::Loose(apart).deserialize_map(visitor),
            Loose::Pair(..) | Loose::Parts(_) => Self::Loose(apart).deserialize_seq(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        match self {
            Self::Json(codec) => codec.deserialize_option(Through::json(visitor)),
            Self::Loose(apart) if apart.loose.is_none(typeid::of::<V::Value>()) => visitor.visit_none(),
            loose @ Self::Loose(_) => visitor.visit_some(loose),
        }
    }

    scalars! {
        truth: deserialize_bool visit_bool,
        number: deserialize_i8 visit_i8, number: deserialize_i16 visit_i16, number: deserialize_i32 visit_i32,
        number: deserialize_i64 visit_i64, number: deserialize_i128 visit_i128, number: deserialize_u8 visit_u8,
        number: deserialize_u16 visit_u16, number: deserialize_u32 visit_u32, number: deserialize_u64 visit_u64,
        number: deserialize_u128 visit_u128, number: deserialize_f32 visit_f32, number: deserialize_f64 visit_f64,
        string: deserialize_string visit_string,
    }

    wholes! {
        Whole::List, deserialize_seq();
        Whole::Tuple(len), deserialize_tuple(len: usize);
        Whole::Tuple(len), deserialize_tuple_struct(name: &'static str, len: usize);
        Whole::Map, deserialize_map();
        Whole::Map, deserialize_struct(name: &'static str, fields: &'static [&'static str]);
        Whole::Variant, deserialize_enum(name: &'static str, variants: &'static [&'static str]);
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        match self {
            Self::Json(codec) => codec.deserialize_str(visitor),
            Self::Loose(apart) => {
                let text = apart.loose.text(&visitor).map_err(told)?;
                visitor.visit_str(&text)
            }
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        match self {
            Self::Json(codec) => codec.deserialize_bytes(visitor),
            Self::Loose(Apart { loose: Loose::Raw(bytes), .. }) => visitor.visit_bytes(bytes),
            loose @ Self::Loose(_) => loose.deserialize_str(visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        match self {
            Self::Json(codec) => codec.deserialize_unit(visitor),
            // A unit does not look at the body.
            Self::Loose(Apart { loose: Loose::Nothing | Loose::Form(_), .. }) => visitor.visit_unit(),
            Self::Loose(other) => Err(told(other.loose.wrong(&visitor))),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        match self {
            Self::Json(codec) => codec.deserialize_ignored_any(visitor),
            Self::Loose(_) => visitor.visit_unit(),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        match self {
            Self::Json(codec) => codec.deserialize_newtype_struct(name, Through::json(visitor)),
            loose @ Self::Loose(_) => visitor.visit_newtype_struct(loose),
        }
    }
}

#[cfg(test)]
mod tests;
