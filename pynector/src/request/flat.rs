//! Any `Serialize` value as flat items (text, or keys with text), for the query and for headers.

mod compound;
mod key;

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use serde::ser::{self, Serialize};

use self::compound::{List, Map};
use crate::request::header::raw;
use crate::request::style::QueryStyle;

/// Where the items of a value go.
pub(crate) trait Sink {
    /// One item: a scalar at `key`.
    fn item(&mut self, key: &str, value: fmt::Arguments<'_>) -> Result<(), FlatError>;

    /// The same of text that is there as a whole.
    fn plain(&mut self, key: &str, value: &str) -> Result<(), FlatError> {
        self.item(key, format_args!("{value}"))
    }

    /// The same of text without anything that is encoded anywhere.
    fn unreserved(&mut self, key: &str, value: &str) -> Result<(), FlatError> {
        self.plain(key, value)
    }

    /// A key alone, for a unit.
    fn bare(&mut self, key: &str) -> Result<(), FlatError>;

    /// A [`RawHeader`](crate::RawHeader).
    fn raw(&mut self, _key: &str, _bytes: &[u8], _sensitive: bool) -> Result<(), FlatError> {
        Err(FlatError(BYTES.into()))
    }

    /// One item of a list that is one value: the style has a separator.
    fn joined(&mut self, key: &str, _first: bool, value: fmt::Arguments<'_>) -> Result<(), FlatError> {
        self.item(key, value)
    }

    /// How lists and maps are written.
    fn style(&self) -> QueryStyle {
        QueryStyle::Repeat
    }

    /// Whether `key` of a map or struct is to be taken; a named parameter may own it.
    fn takes(&self, key: &str) -> bool;

    /// What to say of a map, struct or pair here, if it has no place; `None` where maps are welcome.
    const REFUSES_MAPS: Option<&'static str>;

    /// What to say of a map in a map, where no style lets them nest.
    const REFUSES_NESTING: &'static str = "a map or struct may not nest in another; flatten the type";
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
        // Not `to_string`, which panics where an impl of the user's fails.
        let shown = text(format_args!("{message}"));
        shown.map_or_else(|error| error, |text| Self(text.into()))
    }
}

const BYTES: &str = "bytes have no text form here; encode them first";
const IN_A_LIST: &str = "neither a list, a map nor a struct may nest in a list; flatten the type";
const JOINED_UNIT: &str = "a unit has no text, so it cannot be an item of a list that is one value";
const DATA_VARIANT: &str = "an enum variant that holds data has no flat form; use unit variants, or a struct";

/// Writes `value` into `sink`, scalars under `name`, maps and structs under their own keys.
pub(crate) fn flatten<S: Sink, T: Serialize + ?Sized>(
    sink: &mut S,
    name: &str,
    value: &T,
) -> Result<(), FlatError> {
    value.serialize(At { sink, key: name, level: Level::Root, joined: None })
}

/// What `value` displays; an error instead of a panic if it cannot.
pub(crate) fn text(value: fmt::Arguments<'_>) -> Result<String, FlatError> {
    let mut text = String::new();
    text.write_fmt(value).map_err(unprintable)?;
    Ok(text)
}

/// A `Display` impl of the user's failed; a buffer cannot.
pub(crate) fn unprintable(_: fmt::Error) -> FlatError {
    FlatError("the value cannot be displayed".into())
}

/// How deep a value stands, which decides what it may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// The parameter itself.
    Root,
    /// An element of a parameter that is a list: a scalar, or a pair.
    Element,
    /// A value of a map or struct: a scalar, a list of scalars, or what the style lets nest.
    Field,
    /// An element of a list in a map or struct that does not nest: a scalar.
    Leaf,
    /// The bytes of a [`RawHeader`](crate::RawHeader).
    Raw { sensitive: bool },
}

pub(crate) struct At<'a, S> {
    sink: &'a mut S,
    key: &'a str,
    level: Level,
    /// In a list that is one value: whether an item stands already.
    joined: Option<&'a mut bool>,
}

impl<S: Sink> At<'_, S> {
    fn text(self, value: fmt::Arguments<'_>) -> Result<(), FlatError> {
        if let Some(started) = self.joined {
            let first = !std::mem::replace(started, true);
            return self.sink.joined(self.key, first, value);
        }
        match self.marked_key() {
            Some(key) => self.sink.item(&key, value),
            None => self.sink.item(self.key, value),
        }
    }

    #[inline]
    fn plain(
        self,
        value: &str,
        put: impl FnOnce(&mut S, &str, &str) -> Result<(), FlatError>,
    ) -> Result<(), FlatError> {
        if self.joined.is_some() {
            return self.text(format_args!("{value}"));
        }
        match self.marked_key() {
            Some(key) => put(self.sink, &key, value),
            None => put(self.sink, self.key, value),
        }
    }

    fn bare(self) -> Result<(), FlatError> {
        match self.marked_key() {
            _ if self.joined.is_some() => Err(FlatError(JOINED_UNIT.into())),
            Some(key) => self.sink.bare(&key),
            None => self.sink.bare(self.key),
        }
    }

    /// The key with `[]`, in a list of a style that marks lists.
    fn marked_key(&self) -> Option<String> {
        let in_a_list = matches!(self.level, Level::Element | Level::Leaf);
        (in_a_list && self.sink.style().marks_lists()).then(|| [self.key, "[]"].concat())
    }

    fn float(self, value: f64, text: fmt::Arguments<'_>) -> Result<(), FlatError> {
        if value.is_finite() {
            self.text(text)
        } else {
            Err(FlatError(format!("{value} is not a finite number").into()))
        }
    }
}

macro_rules! integers {
    ($($method:ident: $type:ty),* $(,)?) => {
        $(fn $method(self, value: $type) -> Result<(), FlatError> {
            self.plain(itoa::Buffer::new().format(value), S::unreserved)
        })*
    };
}

impl<'a, S: Sink> ser::Serializer for At<'a, S> {
    type Ok = ();
    type Error = FlatError;
    type SerializeSeq = List<'a, S>;
    type SerializeTuple = List<'a, S>;
    type SerializeTupleStruct = List<'a, S>;
    type SerializeTupleVariant = ser::Impossible<(), FlatError>;
    type SerializeMap = Map<'a, S>;
    type SerializeStruct = Map<'a, S>;
    type SerializeStructVariant = ser::Impossible<(), FlatError>;

    integers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
    }

    fn serialize_bool(self, value: bool) -> Result<(), FlatError> {
        self.plain(if value { "true" } else { "false" }, S::unreserved)
    }

    fn serialize_char(self, value: char) -> Result<(), FlatError> {
        self.plain(value.encode_utf8(&mut [0; 4]), S::plain)
    }

    fn serialize_str(self, value: &str) -> Result<(), FlatError> {
        self.plain(value, S::plain)
    }

    fn serialize_f32(self, value: f32) -> Result<(), FlatError> {
        self.float(value.into(), format_args!("{value}"))
    }

    fn serialize_f64(self, value: f64) -> Result<(), FlatError> {
        self.float(value, format_args!("{value}"))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), FlatError> {
        match self.level {
            Level::Raw { sensitive } => self.sink.raw(self.key, bytes, sensitive),
            _ => Err(FlatError(BYTES.into())),
        }
    }

    fn serialize_none(self) -> Result<(), FlatError> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), FlatError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), FlatError> {
        self.bare()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), FlatError> {
        self.bare()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), FlatError> {
        self.plain(variant, S::plain)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), FlatError> {
        match raw::NAMES.iter().position(|raw| *raw == name) {
            Some(at) => value.serialize(At { level: Level::Raw { sensitive: at > 0 }, ..self }),
            None => value.serialize(self),
        }
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
            Level::Field if self.sink.style().nests() => Level::Element,
            Level::Field => Level::Leaf,
            Level::Element | Level::Leaf | Level::Raw { .. } => return Err(FlatError(IN_A_LIST.into())),
        };
        Ok(List::items(self.sink, self.key, inside))
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, FlatError> {
        if self.level == Level::Element && len == 2 && S::REFUSES_MAPS.is_none() {
            if let Some(started) = self.joined {
                // A scalar behind it starts anew.
                *started = false;
            }
            return Ok(List::pair(self.sink, self.key));
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
        match self.level {
            Level::Root => Ok(Map::new(self.sink, self.key)),
            Level::Field if self.sink.style().nests() => Ok(Map::new(self.sink, self.key)),
            Level::Field => Err(FlatError(S::REFUSES_NESTING.into())),
            Level::Element | Level::Leaf | Level::Raw { .. } => Err(FlatError(IN_A_LIST.into())),
        }
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

#[cfg(test)]
pub(crate) use tests::Broken;

#[cfg(test)]
mod tests {
    use std::fmt;

    use serde::ser::{Error as _, Serialize, Serializer};

    use super::FlatError;

    /// A value whose `Display` fails, where `to_string` panics.
    #[derive(Clone, Copy)]
    pub(crate) struct Broken;

    impl fmt::Display for Broken {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("hunter2")?;
            Err(fmt::Error)
        }
    }

    impl Serialize for Broken {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(self)
        }
    }

    #[test]
    fn an_error_that_cannot_be_displayed_is_one_all_the_same() {
        assert!(FlatError::custom(Broken).to_string().contains("cannot be displayed"));
        assert_eq!(FlatError::custom("why").to_string(), "why");
    }
}
