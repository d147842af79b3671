//! A name in a map: text, in JSON as in a form, and the number, truth or variant that its type asks for.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, Expected, IntoDeserializer as _, Unexpected,
    Visitor,
};
use serde::forward_to_deserialize_any;

/// The name of a value. It does not know where it is from, so the names of a type are compiled once.
pub(super) struct Key<'k, 'de, E> {
    text: Text<'k, 'de>,
    error: PhantomData<fn() -> E>,
}

#[derive(Clone, Copy)]
enum Text<'k, 'de> {
    Borrowed(&'de str),
    /// Without the escapes that it was written with.
    Copied(&'k str),
}

impl<'k, 'de, E: Error> Key<'k, 'de, E> {
    pub(super) fn of(name: &'k Cow<'de, str>) -> Self {
        match name {
            Cow::Borrowed(text) => Self::new(Text::Borrowed(text)),
            Cow::Owned(text) => Self::new(Text::Copied(text)),
        }
    }

    fn new(text: Text<'k, 'de>) -> Self {
        Self { text, error: PhantomData }
    }

    fn text(&self) -> &'k str
    where
        'de: 'k,
    {
        match self.text {
            Text::Borrowed(text) | Text::Copied(text) => text,
        }
    }

    /// What JSON would write without quotes.
    fn scalar<N: DeserializeOwned>(&self, expected: &dyn Expected) -> Result<N, E> {
        serde_json::from_str(self.text())
            .map_err(|_| E::invalid_value(Unexpected::Str(self.text()), expected))
    }
}

macro_rules! scalars {
    ($($method:ident $visit:ident),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
            let value = self.scalar(&visitor)?;
            visitor.$visit(value)
        })*
    };
}

impl<'de, E: Error> Deserializer<'de> for Key<'_, 'de, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.text {
            Text::Borrowed(text) => visitor.visit_borrowed_str(text),
            Text::Copied(text) => visitor.visit_str(text),
        }
    }

    scalars! {
        deserialize_bool visit_bool, deserialize_i8 visit_i8, deserialize_i16 visit_i16, deserialize_i32 visit_i32,
        deserialize_i64 visit_i64, deserialize_i128 visit_i128, deserialize_u8 visit_u8, deserialize_u16 visit_u16,
        deserialize_u32 visit_u32, deserialize_u64 visit_u64, deserialize_u128 visit_u128, deserialize_f32 visit_f32,
        deserialize_f64 visit_f64,
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_enum(self.text().into_deserializer())
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.text {
            Text::Borrowed(text) => visitor.visit_borrowed_bytes(text.as_bytes()),
            Text::Copied(text) => visitor.visit_bytes(text.as_bytes()),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        char str string unit unit_struct seq tuple tuple_struct map struct identifier
    }
}

/// The seed of a name of JSON, which makes a [`Key`] of it.
pub(super) struct Named<S>(pub(super) S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Named<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, name: D) -> Result<S::Value, D::Error> {
        name.deserialize_str(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for Named<S> {
    type Value = S::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<S::Value, E> {
        self.0.deserialize(Key::new(Text::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<S::Value, E> {
        self.0.deserialize(Key::new(Text::Copied(text)))
    }
}
