//! What is inside of a value: visitor, seeds and accesses that make a [`Value`] of each part.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::apart::Parts;
use super::key::{Key, Named};
use super::{Read, Value, told};

/// A visitor whose parts are of JSON, or of what is loose and stands beside.
pub(super) struct Through<'l, 'de, V> {
    visitor: V,
    loose: Option<&'l mut Parts<'de>>,
}

impl<'l, 'de, V> Through<'l, 'de, V> {
    pub(super) fn json(visitor: V) -> Self {
        Self { visitor, loose: None }
    }

    pub(super) fn loose(visitor: V, parts: &'l mut Parts<'de>) -> Self {
        Self { visitor, loose: Some(parts) }
    }
}

macro_rules! scalars {
    ($($method:ident($type:ty)),* $(,)?) => {
        $(fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.visitor.$method(value)
        })*
    };
}

macro_rules! deeper {
    ($($method:ident),*) => {
        $(fn $method<D: Deserializer<'de>>(self, codec: D) -> Result<V::Value, D::Error> {
            self.visitor.$method(Value::Json(codec))
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Through<'_, 'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    scalars! {
        visit_bool(bool), visit_i8(i8), visit_i16(i16), visit_i32(i32), visit_i64(i64), visit_i128(i128), visit_u8(u8),
        visit_u16(u16), visit_u32(u32), visit_u64(u64), visit_u128(u128), visit_f32(f32), visit_f64(f64),
        visit_char(char), visit_str(&str), visit_borrowed_str(&'de str), visit_string(String), visit_bytes(&[u8]),
        visit_borrowed_bytes(&'de [u8]), visit_byte_buf(Vec<u8>),
    }

    deeper!(visit_some, visit_newtype_struct);

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_seq(Access { access, loose: self.loose })
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Access { access, loose: self.loose })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_enum(Access { access, loose: self.loose })
    }
}

/// A seed that makes of a codec a [`Value`] of JSON.
struct Json<S>(S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Json<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, codec: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Value::Json(codec))
    }
}

/// The access to parts of JSON, beside which those of what is loose may stand; then there is nothing in `access`.
struct Access<'l, 'de, A> {
    access: A,
    loose: Option<&'l mut Parts<'de>>,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Access<'_, 'de, A> {
    type Error = A::Error;

    #[inline(never)]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        match &mut self.loose {
            None => self.access.next_element_seed(Json(seed)),
            Some(parts) => match parts.next() {
                Some(part) => seed.deserialize(Read::Loose(part)).map(Some).map_err(told),
                None => Ok(None),
            },
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.loose.as_ref().map_or_else(|| self.access.size_hint(), |parts| Some(parts.len()))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Access<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        match &mut self.loose {
            None => self.access.next_key_seed(Named(seed)),
            Some(parts) => parts.name().map(|name| seed.deserialize(Key::of(&name))).transpose(),
        }
    }

    #[inline(never)]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        match &mut self.loose {
            None => self.access.next_value_seed(Json(seed)),
            Some(parts) => seed.deserialize(Read::Loose(parts.value())).map_err(told),
        }
    }
}

impl<'l, 'de, A: EnumAccess<'de>> EnumAccess<'de> for Access<'l, 'de, A> {
    type Error = A::Error;
    type Variant = Access<'l, 'de, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let (name, access) = self.access.variant_seed(Variant { seed, loose: self.loose })?;
        Ok((name, Access { access, loose: None }))
    }
}

/// The seed of a variant's name. The codec beside one that is loose has none.
struct Variant<'l, 'de, S> {
    seed: S,
    loose: Option<&'l mut Parts<'de>>,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Variant<'_, 'de, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, codec: D) -> Result<S::Value, D::Error> {
        match self.loose {
            None => Named(self.seed).deserialize(codec),
            Some(parts) => self.seed.deserialize(Key::of(&parts.name().unwrap_or_default())),
        }
    }
}

/// What a variant holds; one that is loose holds nothing, as its codec, which has read a name alone, will say.
impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Access<'_, 'de, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.access.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.access.newtype_variant_seed(Json(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.access.tuple_variant(len, Through::json(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.access.struct_variant(fields, Through::json(visitor))
    }
}
