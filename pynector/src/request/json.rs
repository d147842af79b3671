//! JSON bodies: serialised once, straight into the bytes that every attempt shares.

mod root;

use std::cell::Cell;
use std::fmt;

use serde::ser::{self, Impossible, Serialize, Serializer};

pub(crate) use self::root::Root;
use crate::error::{Error, ErrorKind, Result};

/// Most bodies fit without a second allocation.
pub(crate) const ROOM: usize = 256;

/// How a value is serialized, for code that does not know its type (record 0218).
pub(crate) type Write<'a> = &'a dyn Fn(Root<'_, '_>) -> Result<(), serde_json::Error>;

/// The text of a value, or `None` where it is an `Option::None`, which means "no body"; JSON `null` is a body.
///
/// # Errors
///
/// Kind `Serialize` if the value says so, for example a map whose keys are not text.
pub(crate) fn to_vec(value: Write<'_>, room: usize) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::with_capacity(room);
    let present = write(&mut bytes, value, &"the JSON body")?;
    Ok(present.then_some(bytes))
}

/// Writes a value behind what `bytes` holds, and says whether it is there; of an `Option::None` nothing stays.
fn write(bytes: &mut Vec<u8>, value: Write<'_>, what: &dyn fmt::Display) -> Result<bool> {
    let start = bytes.len();
    let absent = Cell::new(false);
    let codec = &mut serde_json::Serializer::new(&mut *bytes);
    match value(Root { codec, absent: &absent }) {
        Ok(()) if absent.get() => {
            bytes.truncate(start);
            Ok(false)
        }
        Ok(()) => Ok(true),
        Err(error) => Err(unwritten(what, error)),
    }
}

#[cold]
fn unwritten(what: &dyn fmt::Display, error: serde_json::Error) -> Error {
    Error::new(ErrorKind::Serialize, format!("{what} cannot be written: {error}")).with_source(error)
}

/// A JSON object in the making, its fields in the order in which they are given.
#[derive(Debug, Default)]
pub(crate) struct Object(Vec<u8>);

impl Object {
    /// Adds `value` under `name`; `Option::None` is left out.
    ///
    /// # Errors
    ///
    /// Kind `Serialize` if the value says so.
    pub(crate) fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        let (start, what) = (self.0.len(), &format_args!("the JSON field `{name}`"));
        self.0.push(if start == 0 { b'{' } else { b',' });
        write(&mut self.0, &|document| name.serialize(document), what)?;
        self.0.push(b':');
        if !write(&mut self.0, &|document| value.serialize(document), what)? {
            self.0.truncate(start);
        }
        Ok(())
    }

    /// The object; without a field it is `{}`.
    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        if self.0.is_empty() {
            self.0.push(b'{');
        }
        self.0.push(b'}');
        self.0
    }
}

/// Whether `value` is an `Option::None`, which means that there is nothing to send.
pub(crate) fn is_none<T: Serialize + ?Sized>(value: &T) -> bool {
    value.serialize(NoneProbe) == Err(Seen { none: true })
}

/// Tells an absent value from a `null` by what it says to a serializer, not by how its type is spelled.
struct NoneProbe;

/// What the value called first; an error, since that ends the serialisation.
#[derive(Debug, PartialEq)]
struct Seen {
    none: bool,
}

const OTHER: Result<(), Seen> = Err(Seen { none: false });

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.none { "none" } else { "a value" })
    }
}

impl std::error::Error for Seen {}

impl ser::Error for Seen {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self { none: false }
    }
}

macro_rules! other {
    ($($method:ident($($argument:ty),*)),* $(,)?) => {
        $(fn $method(self, $(_: $argument),*) -> Result<(), Seen> { OTHER })*
    };
}

macro_rules! compound {
    ($($method:ident($($argument:ty),*)),* $(,)?) => {
        $(fn $method(self, $(_: $argument),*) -> Result<Impossible<(), Seen>, Seen> { Err(Seen { none: false }) })*
    };
}

impl Serializer for NoneProbe {
    type Ok = ();
    type Error = Seen;
    type SerializeSeq = Impossible<(), Seen>;
    type SerializeTuple = Impossible<(), Seen>;
    type SerializeTupleStruct = Impossible<(), Seen>;
    type SerializeTupleVariant = Impossible<(), Seen>;
    type SerializeMap = Impossible<(), Seen>;
    type SerializeStruct = Impossible<(), Seen>;
    type SerializeStructVariant = Impossible<(), Seen>;

    /// Instead of displaying it, which is in vain here and a panic if it fails.
    fn collect_str<T: fmt::Display + ?Sized>(self, _: &T) -> Result<(), Seen> {
        OTHER
    }

    fn serialize_none(self) -> Result<(), Seen> {
        Err(Seen { none: true })
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Seen> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Seen> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Seen> {
        OTHER
    }

    other! {
        serialize_bool(bool), serialize_char(char), serialize_str(&str), serialize_bytes(&[u8]),
        serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64),
        serialize_f32(f32), serialize_f64(f64), serialize_unit(), serialize_unit_struct(&'static str),
        serialize_unit_variant(&'static str, u32, &'static str),
    }

    compound! {
        serialize_seq(Option<usize>), serialize_tuple(usize), serialize_tuple_struct(&'static str, usize),
        serialize_tuple_variant(&'static str, u32, &'static str, usize), serialize_map(Option<usize>),
        serialize_struct(&'static str, usize), serialize_struct_variant(&'static str, u32, &'static str, usize),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::Object;
    use crate::error::Result;

    fn to_text<T: serde::Serialize>(value: &T) -> Result<Option<String>> {
        let text = super::to_vec(&|document| value.serialize(document), super::ROOM)?;
        Ok(text.map(|text| String::from_utf8(text).unwrap()))
    }

    #[test]
    fn none_is_no_body_and_null_is_one() {
        assert_eq!(to_text(&None::<u8>).unwrap(), None);
        assert_eq!(to_text(&Some(None::<u8>)).unwrap(), None);
        assert_eq!(to_text(&Value::Null).unwrap().unwrap(), "null");
        assert_eq!(to_text(&Some(Value::Null)).unwrap().unwrap(), "null");
        assert_eq!(to_text(&()).unwrap().unwrap(), "null");
        assert_eq!(to_text(&f64::NAN).unwrap().unwrap(), "null");
        assert_eq!(to_text(&Some("null")).unwrap().unwrap(), "\"null\"");
    }

    #[test]
    fn whether_a_value_is_there_is_asked_without_displaying_it() {
        assert!(!super::is_none(&crate::request::flat::Broken));
    }

    #[test]
    fn an_object_has_its_fields_in_order_and_leaves_none_out() {
        let mut object = Object::default();
        object.field("absent", &None::<u8>).unwrap();
        object.field("b \"", "x").unwrap();
        object.field("gone", &Some(None::<u8>)).unwrap();
        object.field("a", &[Some(1), None]).unwrap();
        object.field("null", &Value::Null).unwrap();
        object.field("last", &None::<u8>).unwrap();
        assert_eq!(object.into_bytes(), br#"{"b \"":"x","a":[1,null],"null":null}"#);
        assert_eq!(Object::default().into_bytes(), b"{}");
        let error =
            Object::default().field("f", &std::collections::BTreeMap::from([((1, 2), 3)])).unwrap_err();
        assert!(error.to_string().contains("the JSON field `f`"), "{error}");
    }

    #[test]
    fn what_cannot_be_written_says_so() {
        let error = to_text(&std::collections::BTreeMap::from([((1, 2), 3)])).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Serialize);
    }
}
