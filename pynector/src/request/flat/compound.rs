//! Lists, pairs, maps and structs on their way to flat items.

use std::borrow::Cow;

use serde::ser::{self, Serialize};

use super::key::text_of;
use super::{At, FlatError, Level, Sink};

/// A list, or a pair of key and value inside one.
pub(crate) struct List<'a, S> {
    sink: &'a mut S,
    key: &'a str,
    kind: Kind,
    /// Whether an item stands already, in a list that is one value.
    started: bool,
}

enum Kind {
    Items(Level),
    PairKey,
    PairValue(String),
}

impl<'a, S: Sink> List<'a, S> {
    /// A list whose elements stand at `level`.
    pub(super) fn items(sink: &'a mut S, key: &'a str, level: Level) -> Self {
        Self { sink, key, kind: Kind::Items(level), started: false }
    }

    /// A pair inside a list, which is an entry of a map.
    pub(super) fn pair(sink: &'a mut S, key: &'a str) -> Self {
        Self { sink, key, kind: Kind::PairKey, started: false }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), FlatError> {
        match &self.kind {
            Kind::Items(level) => {
                let joined = self.sink.style().separator().map(|_| &mut self.started);
                value.serialize(At { sink: self.sink, key: self.key, level: *level, joined })
            }
            Kind::PairKey => {
                self.kind = Kind::PairValue(text_of(value)?);
                Ok(())
            }
            Kind::PairValue(key) => entry(self.sink, self.key, key, value),
        }
    }
}

macro_rules! lists {
    ($($trait:ident::$method:ident),*) => {
        $(impl<S: Sink> ser::$trait for List<'_, S> {
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

/// A map or struct called `name`; where maps do not nest, its entries go under their own keys.
pub(crate) struct Map<'a, S> {
    sink: &'a mut S,
    name: &'a str,
    key: String,
}

impl<'a, S: Sink> Map<'a, S> {
    pub(super) fn new(sink: &'a mut S, name: &'a str) -> Self {
        Self { sink, name, key: String::new() }
    }
}

fn entry<S: Sink, T: Serialize + ?Sized>(
    sink: &mut S,
    name: &str,
    key: &str,
    value: &T,
) -> Result<(), FlatError> {
    let style = sink.style();
    let key = if style.nests() {
        let ambiguous = || FlatError("a key of a map holds a character that parts nested keys".into());
        Cow::Owned(style.entry(name, key).ok_or_else(ambiguous)?)
    } else {
        Cow::Borrowed(key)
    };
    if !sink.takes(&key) {
        return Ok(());
    }
    value.serialize(At { sink, key: &key, level: Level::Field, joined: None })
}

impl<S: Sink> ser::SerializeMap for Map<'_, S> {
    type Ok = ();
    type Error = FlatError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), FlatError> {
        self.key = text_of(key)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), FlatError> {
        entry(self.sink, self.name, &self.key, value)
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
        entry(self.sink, self.name, key, value)
    }

    fn end(self) -> Result<(), FlatError> {
        Ok(())
    }
}
