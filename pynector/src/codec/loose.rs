//! What a body is that is not JSON: a form and its parts, a text, bytes, or nothing at all.

use std::any::TypeId;
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::vec::IntoIter;

use serde::de::{Error as _, Expected, Unexpected};
use url::form_urlencoded;

type Error = serde_json::Error;
type Text<'de> = Cow<'de, str>;

/// A value that is read leniently: what is written as text is the number, truth or name that its type asks for.
///
/// It knows no type. [`Value`](super::value::Value) makes one of it, and says by its errors what is wrong with it.
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

/// What is in a list or, names and values by turns, in a map.
pub(super) type Inside<'de> = IntoIter<Loose<'de>>;

impl<'de> Loose<'de> {
    pub(crate) fn form(body: &'de [u8]) -> Self {
        Self::Form(form_urlencoded::parse(body))
    }

    pub(super) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::Absent)
    }

    pub(super) fn wrong(&self, expected: &dyn Expected) -> Error {
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

    pub(super) fn text(&mut self, expected: &dyn Expected) -> Result<Text<'de>, Error> {
        match self.take() {
            Self::Text(text) => Ok(text.into()),
            Self::Part(text) => Ok(text),
            other => Err(other.wrong(expected)),
        }
    }

    pub(super) fn string(&mut self, expected: &dyn Expected) -> Result<String, Error> {
        self.text(expected).map(Cow::into_owned)
    }

    pub(super) fn number<N: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        expected: &dyn Expected,
    ) -> Result<N, Error> {
        match self {
            Self::Part(text) => text.parse().map_err(Error::custom),
            other => Err(other.wrong(expected)),
        }
    }

    pub(super) fn truth(&self, expected: &dyn Expected) -> Result<bool, Error> {
        match self {
            Self::Part(text) => match &**text {
                // A box that is ticked is sent as `on`.
                "true" | "on" => Ok(true),
                "false" => Ok(false),
                other => Err(Error::invalid_value(Unexpected::Str(other), &"\"true\", \"on\" or \"false\"")),
            },
            other => Err(other.wrong(expected)),
        }
    }

    pub(super) fn items(&mut self, expected: &dyn Expected) -> Result<Inside<'de>, Error> {
        let items: Vec<Self> = match self.take() {
            Self::Form(pairs) => pairs.map(|(name, value)| Self::Pair(name, value)).collect(),
            Self::Pair(name, value) => vec![Self::Part(name), Self::Part(value)],
            Self::Part(text) => vec![Self::Part(text)],
            Self::Parts(texts) => texts.into_iter().map(Self::Part).collect(),
            other => return Err(other.wrong(expected)),
        };
        Ok(items.into_iter())
    }

    /// Of a form with many items: one value alone is no tuple.
    pub(super) fn tuple(&mut self, len: usize, expected: &dyn Expected) -> Result<Inside<'de>, Error> {
        match self {
            Self::Pair(..) | Self::Parts(_) => {
                let items = self.items(expected)?;
                if items.len() == len { Ok(items) } else { Err(Error::invalid_length(items.len(), expected)) }
            }
            other => Err(other.wrong(expected)),
        }
    }

    /// The name of a variant, which has nothing in it.
    pub(super) fn name(&mut self, expected: &dyn Expected) -> Result<Inside<'de>, Error> {
        self.text(expected).map(|name| vec![Self::Part(name)].into_iter())
    }

    /// The values under their names, those of a repeated name together where it came first.
    pub(super) fn fields(&mut self, expected: &dyn Expected) -> Result<Inside<'de>, Error> {
        let pairs = match self.take() {
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
        let inside =
            fields.into_iter().flat_map(|(name, values)| [Self::Part(name), Self::one_or_more(values)]);
        Ok(inside.collect::<Vec<_>>().into_iter())
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
    pub(super) fn is_none(&self, of: TypeId) -> bool {
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

#[cfg(test)]
mod tests;
