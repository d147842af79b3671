//! From an event to the promised type: text, JSON, or the variant of an enum that its name says.

use std::marker::PhantomData;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer as _, VariantAccess,
    Visitor,
};

use crate::codec::json;
use crate::codec::loose::Loose;
use crate::codec::value::Apart;
use crate::error::BoxError;

/// What an item of [`Events`](crate::Events) can be made of an event.
///
/// - `String` is the text of the data, whatever it is;
/// - [`Named<E>`] is the variant of the enum `E` that the event's name says;
/// - every other type that is [`DeserializeOwned`] is decoded from the data as JSON; an `Option` is `None` for blank data.
///
/// A type that is none of these can do it itself:
///
/// ```
/// use pynector::FromEvent;
///
/// struct Price(f64);
///
/// impl FromEvent for Price {
///     fn from_event(_name: &str, data: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
///         Ok(Self(data.trim_start_matches("EUR ").parse()?))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from an event",
    label = "not something that `Events` can hold",
    note = "use `String`, `Named<E>` for an enum of named events, or a type that derives `serde::Deserialize` and borrows nothing"
)]
pub trait FromEvent: Sized {
    /// Makes the value of the name of an event, which is `message` where it has none, and its data.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being one; the item is an error of kind [`Deserialize`](crate::ErrorKind::Deserialize)
    /// then, with this as its source.
    fn from_event(name: &str, data: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromEvent for T {
    fn from_event(_: &str, data: &str) -> Result<Self, BoxError> {
        Ok(from_data(PhantomData, data)?)
    }
}

/// Events told apart by their names: each is the variant of `E` of that name.
///
/// `E` derives `Deserialize` as any enum does, and its names are those of serde. A unit variant needs no data and looks at
/// none; one with a `String` takes the text; every other one is decoded from the data as JSON. A unit variant with
/// `#[serde(other)]` stands for every name that is not there; without it such an event is an item that is an error.
///
/// ```no_run
/// use pynector::{Events, Named, Result};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// #[serde(rename_all = "snake_case")]
/// enum Change {
///     Added { id: u64, title: String },
///     Removed(u64),
///     Note(String),
///     Ping,
///     #[serde(other)]
///     Unknown,
/// }
///
/// #[pynector::api(base_url = "https://api.example.com")]
/// trait Feed {
///     #[get("/changes")]
///     async fn changes(&self) -> Result<Events<Named<Change>>>;
/// }
///
/// # async fn run() -> Result<()> {
/// let mut changes = FeedClient::new()?.changes().await?;
/// while let Some(change) = changes.next().await {
///     match change?.data.0 {
///         Change::Added { id, title } => println!("{id} is {title}"),
///         Change::Removed(id) => println!("{id} is gone"),
///         Change::Note(text) => println!("{text}"),
///         Change::Ping | Change::Unknown => {}
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Named<E>(pub E);

impl<E> Named<E> {
    /// The variant.
    pub fn into_inner(self) -> E {
        self.0
    }
}

impl<E> std::ops::Deref for Named<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.0
    }
}

impl<E: DeserializeOwned> FromEvent for Named<E> {
    fn from_event(name: &str, data: &str) -> Result<Self, BoxError> {
        Ok(Self(E::deserialize(Envelope { name, data })?))
    }
}

/// Makes what `seed` asks for of data; a text by its identity, as everywhere.
fn from_data<'de, S: DeserializeSeed<'de>>(seed: S, data: &'de str) -> Result<S::Value, serde_json::Error> {
    let own = typeid::of::<S::Value>();
    if own == typeid::of::<String>() || own == typeid::of::<Option<String>>() {
        return seed.deserialize(Apart::new(Loose::Text(data.to_owned())).root());
    }
    json::text(data, |document| seed.deserialize(document))
}

/// An event as a variant of an enum: its name, and what the variant holds.
struct Envelope<'de> {
    name: &'de str,
    data: &'de str,
}

impl<'de> Deserializer<'de> for Envelope<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let unexpected = de::Unexpected::Other("an event with a name, which is an enum's");
        Err(de::Error::invalid_type(unexpected, &visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_enum(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for Envelope<'de> {
    type Error = serde_json::Error;
    type Variant = Data<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Data<'de>), Self::Error> {
        let name: StrDeserializer<'de, serde_json::Error> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, Data(self.data)))
    }
}

struct Data<'de>(&'de str);

impl<'de> VariantAccess<'de> for Data<'de> {
    type Error = serde_json::Error;

    fn unit_variant(self) -> Result<(), Self::Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Self::Error> {
        from_data(seed, self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Self::Error> {
        let mut codec = serde_json::Deserializer::from_str(self.0);
        let value = codec.deserialize_tuple(len, visitor)?;
        codec.end().map(|()| value)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let mut codec = serde_json::Deserializer::from_str(self.0);
        let value = codec.deserialize_struct("", fields, visitor)?;
        codec.end().map(|()| value)
    }
}
