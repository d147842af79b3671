//! Any `Serialize` value as flat items (text, or keys with text), for the query and for headers.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{self, Serialize};

/// Where the items of a value go.
pub(crate) trait Sink {
    /// One item: a scalar at `key`.
    fn item(&mut self, key: &str, value: fmt::Arguments<'_>) -> Result<(), FlatError>;

    /// A key alone, for a unit.
    fn bare(&mut self, key: &str) -> Result<(), FlatError>;

    /// Whether `key` of a map or struct is to be taken; a named parameter may own it.
    fn takes(&self, key: &str) -> bool;

    /// What to say of a map, struct or pair here, if it has no place; `None` where maps are welcome.
    const REFUSES_MAPS: Option<&'static str>;
}

/// A value that has no flat form.
#[derive(Debug)]
pub(crate) struct FlatError(pub(crate) Cow<'static, str>);

impl fmt::Display for FlatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FlatError {}

impl ser::Error for FlatError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string().into())
    }
}

const NESTED: &str = "values may not nest deeper than a list inside a struct or map; flatten the type";
const DATA_VARIANT: &str = "an enum variant that holds data has no flat form; use unit variants, or a struct";
const KEY: &str = "the keys of a map must be text, numbers, booleans or unit variants";

/// Writes `value` into `sink`, scalars under `name`, maps and structs under their own keys.
pub(crate) fn flatten<S: Sink, T: Serialize + ?Sized>(
    sink: &mut S,
    name: &str,
    value: &T,
) -> Result<(), FlatError> {
    value.serialize(At { sink, key: name, level: Level::Root })
}

/// How deep a value stands, which decides what it may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// The parameter itself.
    Root,
    /// An element of a parameter that is a list: a scalar, or a pair.
    Element,
    /// A value of a map or struct: a scalar, or a list of scalars.
    Field,
    /// An element of a list in a map or struct: a scalar.
    Leaf,
}

struct At<'s, 'k, S> {
    sink: &'s mut S,
    key: &'k str,
    level: Level,
}

impl<S: Sink> At<'_, '_, S> {
    fn text(self, value: fmt::Arguments<'_>) -> Result<(), FlatError> {
        self.sink.item(self.key, value)
    }

    fn float(self, value: f64, text: fmt::Arguments<'_>) -> Result<(), FlatError> {
        if value.is_finite() {
            self.text(text)
        } else {
            Err(FlatError(format!("{value} is not a number").into()))
        }
    }
}

macro_rules! scalars {
    ($($method:ident: $type:ty),* $(,)?) => {
        $(fn $method(self, value: $type) -> Result<(), FlatError> {
            self.text(format_args!("{value}"))
        })*
    };
}

impl<'s, 'k, S: Sink> ser::Serializer for At<'s, 'k, S> {
    type Ok = ();
    type Error = FlatError;
    type SerializeSeq = List<'s, 'k, S>;
    type SerializeTuple = List<'s, 'k, S>;
    type SerializeTupleStruct = List<'s, 'k, S>;
    type SerializeTupleVariant = ser::Impossible<(), FlatError>;
    type SerializeMap = Map<'s, S>;
    type SerializeStruct = Map<'s, S>;
    type SerializeStructVariant = ser::Impossible<(), FlatError>;

    scalars! {
        serialize_bool: bool, serialize_char: char, serialize_str: &str,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
    }

    fn serialize_f32(self, value: f32) -> Result<(), FlatError> {
        self.float(value.into(), format_args!("{value}"))
    }

    fn serialize_f64(self, value: f64) -> Result<(), FlatError> {
        self.float(value, format_args!("{value}"))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), FlatError> {
        Err(FlatError("bytes have no text form here; encode them first".into()))
    }

    fn serialize_none(self) -> Result<(), FlatError> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), FlatError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), FlatError> {
        self.sink.bare(self.key)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), FlatError> {
        self.sink.bare(self.key)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), FlatError> {
        self.text(format_args!("{variant}"))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), FlatError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), FlatError> {
        Err(FlatError(DATA_VARIANT.into()))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, FlatError> {
        let inside = match self.level {
            Level::Root => Level::Element,
            Level::Field => Level::Leaf,
            Level::Element | Level::Leaf => return Err(FlatError(NESTED.into())),
        };
        Ok(List { sink: self.sink, key: self.key, kind: ListKind::Items(inside) })
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, FlatError> {
        if self.level == Level::Element && len == 2 && S::REFUSES_MAPS.is_none() {
            return Ok(List { sink: self.sink, key: self.key, kind: ListKind::PairKey });
        }
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleStruct, FlatError> {
        self.serialize_tuple(len)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, FlatError> {
        Err(FlatError(DATA_VARIANT.into()))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, FlatError> {
        if let Some(rule) = S::REFUSES_MAPS {
            return Err(FlatError(rule.into()));
        }
        if self.level != Level::Root {
            return Err(FlatError(NESTED.into()));
        }
        Ok(Map { sink: self.sink, key: String::new() })
    }

    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Self::SerializeStruct, FlatError> {
        self.serialize_map(Some(len))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, FlatError> {
        Err(FlatError(DATA_VARIANT.into()))
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<(), FlatError> {
        self.text(format_args!("{value}"))
    }
}

/// A list, or a pair of key and value inside one.
pub(crate) struct List<'s, 'k, S> {
    sink: &'s mut S,
    key: &'k str,
    kind: ListKind,
}

enum ListKind {
    Items(Level),
    PairKey,
    PairValue(String),
}

impl<S: Sink> List<'_, '_, S> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), FlatError> {
        match &self.kind {
            ListKind::Items(level) => value.serialize(At { sink: self.sink, key: self.key, level: *level }),
            ListKind::PairKey => {
                self.kind = ListKind::PairValue(text_of(value)?);
                Ok(())
            }
            ListKind::PairValue(key) if self.sink.takes(key) => {
                value.serialize(At { sink: self.sink, key, level: Level::Field })
            }
            ListKind::PairValue(_) => Ok(()),
        }
    }
}

macro_rules! lists {
    ($($trait:ident::$method:ident),*) => {
        $(impl<S: Sink> ser::$trait for List<'_, '_, S> {
            type Ok = ();
            type Error = FlatError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), FlatError> {
                self.element(value)
            }

            fn end(self) -> Result<(), FlatError> {
                Ok(())
            }
        })*
    };
}

lists!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field
);

/// A map or struct; each entry goes under its own key.
pub(crate) struct Map<'s, S> {
    sink: &'s mut S,
    key: String,
}

impl<S: Sink> Map<'_, S> {
    fn entry<T: Serialize + ?Sized>(sink: &mut S, key: &str, value: &T) -> Result<(), FlatError> {
        if sink.takes(key) { value.serialize(At { sink, key, level: Level::Field }) } else { Ok(()) }
    }
}

impl<S: Sink> ser::SerializeMap for Map<'_, S> {
    type Ok = ();
    type Error = FlatError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), FlatError> {
        self.key = text_of(key)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), FlatError> {
        Self::entry(self.sink, &self.key, value)
    }

    fn end(self) -> Result<(), FlatError> {
        Ok(())
    }
}

impl<S: Sink> ser::SerializeStruct for Map<'_, S> {
    type Ok = ();
    type Error = FlatError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), FlatError> {
        Self::entry(self.sink, key, value)
    }

    fn end(self) -> Result<(), FlatError> {
        Ok(())
    }
}

/// A key as text.
fn text_of<T: Serialize + ?Sized>(key: &T) -> Result<String, FlatError> {
    let mut text = KeyText(None);
    key.serialize(At { sink: &mut text, key: "", level: Level::Leaf })?;
    text.0.ok_or(FlatError(KEY.into()))
}

struct KeyText(Option<String>);

impl Sink for KeyText {
    const REFUSES_MAPS: Option<&'static str> = Some(KEY);

    fn item(&mut self, _: &str, value: fmt::Arguments<'_>) -> Result<(), FlatError> {
        self.0 = Some(value.to_string());
        Ok(())
    }

    fn bare(&mut self, _: &str) -> Result<(), FlatError> {
        Err(FlatError(KEY.into()))
    }

    fn takes(&self, _: &str) -> bool {
        false
    }
}
