//! What is not JSON as one deserializer: a form and its parts, a text, bytes, or nothing at all.

use std::any::TypeId;
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::vec::IntoIter;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, IntoDeserializer as _, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use url::form_urlencoded;

type Error = serde_json::Error;
type Text<'de> = Cow<'de, str>;

/// A value that is read leniently: what is written as text is the number, truth or name that its type asks for.
///
/// Whatever a type is decoded by besides JSON is this one type, also inside itself, and its error is that of JSON. So the
/// code of a type is compiled twice, and what does not depend on where the value comes from once.
pub(crate) enum Loose<'de> {
    /// `None`, which only an `Option` is.
    Absent,
    /// What a unit is made of.
    Nothing,
    /// A whole body, as text or as bytes.
    Text(String),
    Raw(&'de [u8]),
    /// Pairs of names and values; the root alone.
    Form(form_urlencoded::Parse<'de>),
    Pair(Text<'de>, Text<'de>),
    Part(Text<'de>),
    /// The values of a name that is repeated.
    Parts(Vec<Text<'de>>),
}

impl<'de> Loose<'de> {
    pub(crate) fn form(body: &'de [u8]) -> Self {
        Self::Form(form_urlencoded::parse(body))
    }

    fn wrong(&self, expected: &dyn Expected) -> Error {
        let found = match self {
            Self::Absent => Unexpected::Option,
            Self::Nothing => Unexpected::Unit,
            Self::Text(text) => Unexpected::Str(text),
            Self::Raw(bytes) => Unexpected::Bytes(bytes),
            Self::Form(_) => Unexpected::Map,
            Self::Part(text) => Unexpected::Str(text),
            Self::Pair(..) | Self::Parts(_) => Unexpected::Seq,
        };
        Error::invalid_type(found, expected)
    }

    fn text(self, expected: &dyn Expected) -> Result<Text<'de>, Error> {
        match self {
            Self::Text(text) => Ok(text.into()),
            Self::Part(text) => Ok(text),
            other => Err(other.wrong(expected)),
        }
    }

    fn number<N: std::str::FromStr<Err: std::fmt::Display>>(
        self,
        expected: &dyn Expected,
    ) -> Result<N, Error> {
        match self {
            Self::Part(text) => text.parse().map_err(Error::custom),
            other => Err(other.wrong(expected)),
        }
    }

    fn truth(self, expected: &dyn Expected) -> Result<bool, Error> {
        match self {
            Self::Part(text) => match &*text {
                // A box that is ticked is sent as `on`.
                "true" | "on" => Ok(true),
                "false" => Ok(false),
                other => Err(Error::invalid_value(Unexpected::Str(other), &"\"true\", \"on\" or \"false\"")),
            },
            other => Err(other.wrong(expected)),
        }
    }

    fn items(self, expected: &dyn Expected) -> Result<Items<'de>, Error> {
        let items: Vec<Self> = match self {
            Self::Form(pairs) => pairs.map(|(name, value)| Self::Pair(name, value)).collect(),
            Self::Pair(name, value) => vec![Self::Part(name), Self::Part(value)],
            Self::Part(text) => vec![Self::Part(text)],
            Self::Parts(texts) => texts.into_iter().map(Self::Part).collect(),
            other => return Err(other.wrong(expected)),
        };
        Ok(Items(items.into_iter()))
    }

    /// Of a form with many items: one value alone is no tuple.
    fn tuple(self, len: usize, expected: &dyn Expected) -> Result<Items<'de>, Error> {
        match self {
            Self::Pair(..) | Self::Parts(_) => {
                let items = self.items(expected)?;
                if items.0.len() == len {
                    Ok(items)
                } else {
                    Err(Error::invalid_length(items.0.len(), expected))
                }
            }
            other => Err(other.wrong(expected)),
        }
    }

    /// The values under their names, those of a repeated name together where it came first.
    fn fields(self, expected: &dyn Expected) -> Result<Fields<'de>, Error> {
        let pairs = match self {
            Self::Form(pairs) => pairs,
            other => return Err(other.wrong(expected)),
        };
        let mut places = HashMap::new();
        let mut fields: Vec<(Text<'de>, Vec<Text<'de>>)> = Vec::new();
        for (name, value) in pairs {
            match places.entry(name) {
                Entry::Vacant(place) => {
                    fields.push((place.key().clone(), vec![value]));
                    place.insert(fields.len() - 1);
                }
                Entry::Occupied(place) => {
                    if let Some((_, values)) = fields.get_mut(*place.get()) {
                        values.push(value);
                    }
                }
            }
        }
        Ok(Fields { rest: fields.into_iter(), value: Self::Absent })
    }

    fn one_or_more(mut values: Vec<Text<'de>>) -> Self {
        match values.pop() {
            Some(value) if values.is_empty() => Self::Part(value),
            Some(value) => {
                values.push(value);
                Self::Parts(values)
            }
            None => Self::Absent,
        }
    }

    /// Whether an `Option` of this type is `None`: where nothing came, and where a number or a truth was left empty.
    fn is_none(&self, of: TypeId) -> bool {
        match self {
            Self::Absent => true,
            Self::Form(pairs) => pairs.clone().next().is_none(),
            Self::Part(text) => text.is_empty() && is_never_empty(of),
            _ => false,
        }
    }
}

fn is_never_empty(of: TypeId) -> bool {
    macro_rules! any {
        ($($ty:ident)*) => { [$(TypeId::of::<Option<$ty>>()),*].contains(&of) };
    }
    any!(bool i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64)
}

macro_rules! numbers {
    ($($method:ident $visit:ident),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let number = self.number(&visitor)?;
            visitor.$visit(number)
        })*
    };
}

impl<'de> Deserializer<'de> for Loose<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Absent => visitor.visit_none(),
            Self::Nothing => visitor.visit_unit(),
            Self::Raw(bytes) => visitor.visit_bytes(bytes),
            Self::Form(_) => self.deserialize_map(visitor),
            Self::Pair(..) | Self::Parts(_) => self.deserialize_seq(visitor),
            Self::Text(_) | Self::Part(_) => match self.text(&visitor)? {
                Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                Cow::Owned(text) => visitor.visit_string(text),
            },
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_none(typeid::of::<V::Value>()) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let truth = self.truth(&visitor)?;
        visitor.visit_bool(truth)
    }

    numbers! {
        deserialize_i8 visit_i8, deserialize_i16 visit_i16, deserialize_i32 visit_i32, deserialize_i64 visit_i64,
        deserialize_i128 visit_i128, deserialize_u8 visit_u8, deserialize_u16 visit_u16, deserialize_u32 visit_u32,
        deserialize_u64 visit_u64, deserialize_u128 visit_u128, deserialize_f32 visit_f32, deserialize_f64 visit_f64,
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_identifier(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_identifier(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let text = self.text(&visitor)?;
        visitor.visit_string(text.into_owned())
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let text = self.text(&visitor)?;
        visitor.visit_str(&text)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Raw(bytes) => visitor.visit_bytes(bytes),
            other => other.deserialize_identifier(visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            // A unit does not look at the body.
            Self::Nothing | Self::Form(_) => visitor.visit_unit(),
            other => Err(other.wrong(&visitor)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let parts = self.items(&visitor)?;
        visitor.visit_seq(parts)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        let parts = self.tuple(len, &visitor)?;
        visitor.visit_seq(parts)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let parts = self.fields(&visitor)?;
        visitor.visit_map(parts)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let name = self.text(&visitor)?;
        visitor.visit_enum(Name(name))
    }
}

struct Items<'de>(IntoIter<Loose<'de>>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    // As the next two: with each of these inside the code of a type, that is half as large again (record 0202).
    #[cold]
    #[inline(never)]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        match self.0.next() {
            Some(item) => seed.deserialize(item).map(Some),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Fields<'de> {
    rest: IntoIter<(Text<'de>, Vec<Text<'de>>)>,
    /// That of the name that was read last.
    value: Loose<'de>,
}

impl<'de> Fields<'de> {
    fn next_name(&mut self) -> Option<Loose<'de>> {
        let (name, values) = self.rest.next()?;
        self.value = Loose::one_or_more(values);
        Some(Loose::Part(name))
    }
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Error;

    #[cold]
    #[inline(never)]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        match self.next_name() {
            Some(name) => seed.deserialize(name).map(Some),
            None => Ok(None),
        }
    }

    #[cold]
    #[inline(never)]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(std::mem::replace(&mut self.value, Loose::Absent))
    }
}

/// The name of a variant, which has nothing in it.
struct Name<'de>(Text<'de>);

impl<'de> EnumAccess<'de> for Name<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name: StrDeserializer<'_, Error> = (*self.0).into_deserializer();
        let variant = seed.deserialize(name)?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Name<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Error> {
        Err(holds_nothing())
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Err(holds_nothing())
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Error> {
        Err(holds_nothing())
    }
}

fn holds_nothing() -> Error {
    Error::custom("expected unit variant")
}

#[cfg(test)]
mod tests;
