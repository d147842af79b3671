//! From bytes to the promised type: text, raw bytes, nothing, or what a codec makes of them.

use bytes::Bytes;
use serde::de::value::{BytesDeserializer, StringDeserializer, UnitDeserializer};
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer as _, Visitor};

use super::ResponseHead;
use super::text::{content_type, excerpt, text, without_bom};
#[cfg(feature = "msgpack")]
use crate::codec::MsgPackCodec;
use crate::codec::{Codec, FormCodec, Format, JsonCodec};
use crate::error::{BoxError, Error, ErrorKind, ErrorResponse, Result, bounded, quoted};

/// At most this much of a body is kept in an error (BOD-5).
pub(crate) const ERROR_BODY: u64 = 64 << 10;

const EMPTY: &str = "the body is empty, but the type needs a value; return an `Option` where that may be";

/// What a type is by its identity; the root type decides, its parts never.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Nothing,
    Text,
    OptionalText,
    Raw,
    OptionalRaw,
    Coded,
}

fn shape<T>() -> Shape {
    let own = typeid::of::<T>();
    let shapes = [
        (typeid::of::<()>(), Shape::Nothing),
        (typeid::of::<String>(), Shape::Text),
        (typeid::of::<Option<String>>(), Shape::OptionalText),
        (typeid::of::<Bytes>(), Shape::Raw),
        (typeid::of::<Option<Bytes>>(), Shape::OptionalRaw),
    ];
    shapes.iter().find(|(id, _)| *id == own).map_or(Shape::Coded, |(_, shape)| *shape)
}

/// The media types to ask for.
pub(crate) fn accept<T>() -> &'static str {
    if shape::<T>() == Shape::Coded { JsonCodec::ACCEPT } else { "*/*" }
}

/// Decodes `body`.
///
/// # Errors
///
/// Kind `Deserialize`, with where and a bounded piece of the body; status, headers and body stay reachable.
pub(crate) fn decode<T: DeserializeOwned>(head: &ResponseHead, body: &Bytes) -> Result<T> {
    let decoded = match shape::<T>() {
        Shape::Nothing => {
            T::deserialize(UnitDeserializer::<de::value::Error>::new()).map_err(|error| error.to_string())
        }
        Shape::OptionalText | Shape::OptionalRaw if body.is_empty() => none(),
        Shape::Text | Shape::OptionalText => text(&head.headers, body).and_then(from_text),
        Shape::Raw | Shape::OptionalRaw => from_raw(body),
        Shape::Coded => return by_content_type(head, body),
    };
    decoded.map_err(|why| failure(head, body, &why, None))
}

/// The value of a response whose status says that there is none.
///
/// # Errors
///
/// Kind `Deserialize` if the type has no `None`; a generated client cannot come here, since its return type is checked.
pub(crate) fn absent<T: DeserializeOwned>(head: &ResponseHead) -> Result<T> {
    let why = "its operation makes `None` of that, which the type is not";
    none().map_err(|_| failure(head, &Bytes::new(), why, None))
}

pub(super) fn none<T: DeserializeOwned>() -> Result<T, String> {
    T::deserialize(Optional(None::<UnitDeserializer<de::value::Error>>)).map_err(|error| error.to_string())
}

fn from_text<T: DeserializeOwned>(text: String) -> Result<T, String> {
    let text: StringDeserializer<de::value::Error> = text.into_deserializer();
    T::deserialize(Optional(Some(text))).map_err(|error| error.to_string())
}

fn from_raw<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    T::deserialize(Optional(Some(BytesDeserializer::<de::value::Error>::new(body))))
        .map_err(|error| error.to_string())
}

/// Decodes what the `content-type` says that it is.
fn by_content_type<T: DeserializeOwned>(head: &ResponseHead, body: &Bytes) -> Result<T> {
    match Format::of(content_type(&head.headers)) {
        Format::Json => coded::<JsonCodec, T>(head, body),
        Format::Form => coded::<FormCodec, T>(head, body),
        #[cfg(feature = "msgpack")]
        Format::MsgPack => coded::<MsgPackCodec, T>(head, body),
        #[cfg(not(feature = "msgpack"))]
        Format::MsgPack => {
            Err(failure(head, body, "the body is MessagePack, which needs the feature `msgpack`", None))
        }
    }
}

/// Decodes what is in the format `C`.
///
/// # Errors
///
/// Those of [`decode`].
pub(crate) fn coded<C: Codec, T: DeserializeOwned>(head: &ResponseHead, body: &Bytes) -> Result<T> {
    let bytes = typeid::of::<T>() == typeid::of::<Vec<u8>>();
    C::decode(body).map_err(|error| undecoded(head, body, C::MEDIA_TYPE, error, bytes))
}

/// Not a part of [`coded`], so that it is compiled once and not for every type.
fn undecoded(head: &ResponseHead, body: &Bytes, format: &str, error: Error, bytes: bool) -> Error {
    let text = error.to_string();
    let mut source = None;
    if let Some(cause) = error.into_source() {
        match cause.downcast::<serde_json::Error>() {
            Ok(json) => return json_failure(head, body, without_bom(body), *json, bytes),
            Err(other) => source = Some(other),
        }
    }
    let media = content_type(&head.headers);
    let why = if body.is_empty() {
        EMPTY.to_owned()
    } else if media.to_ascii_lowercase().contains("html") {
        format!("the body is HTML ({media}), not {format}")
    } else {
        let cause = source.as_ref().map_or(text, ToString::to_string);
        format!("the body ({media}) does not decode as {format}: {}", quoted(&cause))
    };
    let why = format!("{why}; it reads {}", excerpt(body, 0));
    failure(head, body, &why, source)
}

/// What `seed` makes of a JSON body, of which it may look at a part.
///
/// # Errors
///
/// As [`decode`].
pub(super) fn pick<'de, S: DeserializeSeed<'de>>(
    head: &ResponseHead,
    body: &'de Bytes,
    seed: S,
) -> Result<S::Value> {
    let json = without_bom(body);
    let mut codec = serde_json::Deserializer::from_slice(json);
    let picked = seed.deserialize(&mut codec).and_then(|value| codec.end().map(|()| value));
    picked.map_err(|error| json_failure(head, body, json, error, false))
}

/// Says what was promised, what came, and where it differs, and whether a list of `bytes` was promised.
fn json_failure(
    head: &ResponseHead,
    body: &Bytes,
    json: &[u8],
    error: serde_json::Error,
    bytes: bool,
) -> Error {
    let media = content_type(&head.headers);
    let why = if json.iter().all(u8::is_ascii_whitespace) {
        EMPTY.to_owned()
    } else if media.to_ascii_lowercase().contains("html") {
        format!("the body is HTML ({media}), not JSON")
    } else {
        let help = if bytes { "; for raw bytes return `Bytes`" } else { "" };
        let media = if media.is_empty() { String::new() } else { format!(" ({media})") };
        format!("the JSON body{media} does not decode: {}{help}", bounded(&error))
    };
    let position = position(json, error.line(), error.column());
    let why = format!("{why}; it reads {}", excerpt(json, position));
    failure(head, body, &why, Some(error.into()))
}

/// The byte that a line and a column, counted from 1, stand for.
pub(super) fn position(text: &[u8], line: usize, column: usize) -> usize {
    let before: usize =
        text.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    before + column
}

pub(super) fn failure(head: &ResponseHead, body: &Bytes, why: &str, source: Option<BoxError>) -> Error {
    let error = Error::new(ErrorKind::Deserialize, format!("{}, but {why}", head.status));
    let kept = body.slice(..body.len().min(usize::try_from(ERROR_BODY).unwrap_or(usize::MAX)));
    let error =
        error.with_response(ErrorResponse { status: head.status, headers: head.headers.clone(), body: kept });
    match source {
        Some(source) => error.with_source(source),
        None => error,
    }
}

/// A value as `Some` where an `Option` asks, and as itself where anything else does.
pub(super) struct Optional<D>(pub(super) Option<D>);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Optional<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        match self.0 {
            Some(value) => value.deserialize_any(visitor),
            None => visitor.visit_none(),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        match self.0 {
            Some(value) => visitor.visit_some(value),
            None => visitor.visit_none(),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests;
