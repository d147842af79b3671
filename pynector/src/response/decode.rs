//! From bytes to the promised type: text, raw bytes, nothing, or what a codec makes of them.

use std::any::TypeId;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::de::{DeserializeOwned, DeserializeSeed};

use super::ResponseHead;
use super::receive::{Place, taken};
use super::text::{content_type, excerpt, text, without_bom};
#[cfg(feature = "msgpack")]
use crate::codec::MsgPackCodec;
use crate::codec::loose::Loose;
use crate::codec::value::Apart;
use crate::codec::{Codec, FormCodec, Format, JsonCodec, form, json};
use crate::error::{Cause, Error, ErrorKind, ErrorResponse, Result, bounded, quoted, unplaced};

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

fn shape(own: TypeId) -> Shape {
    match own {
        id if id == TypeId::of::<()>() => Shape::Nothing,
        id if id == TypeId::of::<String>() => Shape::Text,
        id if id == TypeId::of::<Option<String>>() => Shape::OptionalText,
        id if id == TypeId::of::<Bytes>() => Shape::Raw,
        id if id == TypeId::of::<Option<Bytes>>() => Shape::OptionalRaw,
        _ => Shape::Coded,
    }
}

/// The media types to ask for.
pub(crate) fn accept<T>() -> &'static str {
    accept_of(typeid::of::<T>())
}

fn accept_of(own: TypeId) -> &'static str {
    if shape(own) == Shape::Coded { JsonCodec::ACCEPT } else { "*/*" }
}

/// How a body is read, which is found out without knowing the type (record 0202).
enum Way<'a> {
    Json(&'a [u8]),
    Loose(Loose<'a>),
    #[cfg(feature = "msgpack")]
    MsgPack(&'a Bytes),
}

/// Decodes `body`.
///
/// # Errors
///
/// Kind `Deserialize`, with where and a bounded piece of the body; status, headers and body stay reachable.
pub(crate) fn decode<T: DeserializeOwned>(head: &ResponseHead, body: &Bytes) -> Result<T> {
    read(head, Some(body))
}

/// Decodes `body`; without one it is the value of a response whose status says that there is none.
///
/// # Errors
///
/// Those of [`decode`], and kind `Deserialize` if the type has no `None`; a generated client cannot come there, since its
/// return type is checked.
pub(crate) fn read<T: DeserializeOwned>(head: &ResponseHead, body: Option<&Bytes>) -> Result<T> {
    let mut value = None;
    let made = fill(&mut value, head, body);
    taken(made, value)
}

/// Puts into `place` what [`read`] gives.
///
/// # Errors
///
/// Those of [`read`].
pub(crate) fn fill(place: &mut dyn Place, head: &ResponseHead, body: Option<&Bytes>) -> Result<()> {
    let own = place.own();
    let filled = match way(own, head, body)? {
        Way::Json(body) => json::whole(body, |document| place.put(document)),
        Way::Loose(loose) => place.put(Apart::new(loose).root()),
        #[cfg(feature = "msgpack")]
        Way::MsgPack(body) => {
            let error = |error| undecoded(head, body, MsgPackCodec::MEDIA_TYPE, &error, is_bytes(own));
            return place.msgpack(body).map_err(error);
        }
    };
    filled.map_err(|error| misfit(own, head, body, error))
}

fn way<'a>(own: TypeId, head: &ResponseHead, body: Option<&'a Bytes>) -> Result<Way<'a>> {
    let Some(body) = body else { return Ok(Way::Loose(Loose::Absent)) };
    let loose = match shape(own) {
        Shape::Nothing => Loose::Nothing,
        Shape::OptionalText | Shape::OptionalRaw if body.is_empty() => Loose::Absent,
        Shape::Text | Shape::OptionalText => {
            Loose::Text(text(&head.headers, body).map_err(|why| failure(head, body, &why, None))?)
        }
        Shape::Raw | Shape::OptionalRaw => Loose::Raw(body),
        Shape::Coded => return by_content_type(head, body),
    };
    Ok(Way::Loose(loose))
}

/// What the `content-type` says that it is.
fn by_content_type<'a>(head: &ResponseHead, body: &'a Bytes) -> Result<Way<'a>> {
    match format(&head.headers) {
        Format::Json => Ok(Way::Json(body)),
        Format::Form => match form::pairs(body) {
            Ok(pairs) => Ok(Way::Loose(pairs)),
            Err(error) => Err(other_failure(head, body, FormCodec::MEDIA_TYPE, &error.to_string(), None)),
        },
        #[cfg(feature = "msgpack")]
        Format::MsgPack => Ok(Way::MsgPack(body)),
        #[cfg(not(feature = "msgpack"))]
        Format::MsgPack => {
            Err(failure(head, body, "the body is MessagePack, which needs the feature `msgpack`", None))
        }
    }
}

fn format(headers: &HeaderMap) -> Format {
    match headers.get(CONTENT_TYPE) {
        // What most answers say, in these very bytes.
        Some(media) if media == JsonCodec::MEDIA_TYPE => Format::Json,
        _ => Format::of(content_type(headers)),
    }
}

/// Says what kept the body from being the value, by the way that was taken to it.
#[cold]
fn misfit(own: TypeId, head: &ResponseHead, body: Option<&Bytes>, error: serde_json::Error) -> Error {
    let Some(body) = body else {
        return failure(
            head,
            &Bytes::new(),
            "its operation makes `None` of that, which the type is not",
            None,
        );
    };
    match (shape(own), format(&head.headers)) {
        (Shape::Coded, Format::Form) => {
            other_failure(head, body, FormCodec::MEDIA_TYPE, &unplaced(&error), None)
        }
        (Shape::Coded, _) => json_failure(head, body, without_bom(body), error, is_bytes(own)),
        _ => failure(head, body, &error.to_string(), None),
    }
}

fn is_bytes(own: TypeId) -> bool {
    own == typeid::of::<Vec<u8>>()
}

/// Decodes what is in the format `C`.
///
/// # Errors
///
/// Those of [`decode`].
pub(crate) fn coded<C: Codec, T: DeserializeOwned>(head: &ResponseHead, body: &Bytes) -> Result<T> {
    C::decode(body).map_err(|error| undecoded(head, body, C::MEDIA_TYPE, &error, is_bytes(typeid::of::<T>())))
}

/// Not a part of [`coded`], so that it is compiled once and not for every type.
fn undecoded(head: &ResponseHead, body: &Bytes, format: &str, error: &Error, bytes: bool) -> Error {
    let cause = error.cause();
    if let Some(json) = cause.and_then(|cause| cause.downcast_ref()) {
        let why = json_complaint(head, without_bom(body), json, bytes);
        return failure(head, body, &why, cause.cloned());
    }
    let text = cause.map_or_else(|| error.to_string(), ToString::to_string);
    other_failure(head, body, format, &text, cause.cloned())
}

/// The error of a format that is not JSON.
fn other_failure(
    head: &ResponseHead,
    body: &Bytes,
    format: &str,
    cause: &str,
    source: Option<Cause>,
) -> Error {
    let media = content_type(&head.headers);
    let why = if body.is_empty() {
        EMPTY.to_owned()
    } else if media.to_ascii_lowercase().contains("html") {
        format!("the body is HTML ({media}), not {format}")
    } else {
        format!("the body ({media}) does not decode as {format}: {}", quoted(cause))
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
    json::value(seed, json).map_err(|error| json_failure(head, body, json, error, false))
}

/// Says what was promised, what came, and where it differs, and whether a list of `bytes` was promised.
fn json_failure(
    head: &ResponseHead,
    body: &Bytes,
    json: &[u8],
    error: serde_json::Error,
    bytes: bool,
) -> Error {
    let why = json_complaint(head, json, &error, bytes);
    failure(head, body, &why, Some(Arc::new(error)))
}

fn json_complaint(head: &ResponseHead, json: &[u8], error: &serde_json::Error, bytes: bool) -> String {
    let media = content_type(&head.headers);
    let why = if json.iter().all(u8::is_ascii_whitespace) {
        EMPTY.to_owned()
    } else if media.to_ascii_lowercase().contains("html") {
        format!("the body is HTML ({media}), not JSON")
    } else {
        let help = if bytes { "; for raw bytes return `Bytes`" } else { "" };
        let media = if media.is_empty() { String::new() } else { format!(" ({media})") };
        format!("the JSON body{media} does not decode: {}{help}", bounded(error))
    };
    let position = position(json, error.line(), error.column());
    format!("{why}; it reads {}", excerpt(json, position))
}

/// The byte that a line and a column, counted from 1, stand for.
pub(super) fn position(text: &[u8], line: usize, column: usize) -> usize {
    let before: usize =
        text.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    before + column
}

pub(super) fn failure(head: &ResponseHead, body: &Bytes, why: &str, source: Option<Cause>) -> Error {
    let error = Error::new(ErrorKind::Deserialize, format!("{}, but {why}", head.status));
    let kept = body.slice(..body.len().min(usize::try_from(ERROR_BODY).unwrap_or(usize::MAX)));
    let error =
        error.with_response(ErrorResponse { status: head.status, headers: head.headers.clone(), body: kept });
    match source {
        Some(source) => error.with_cause(source),
        None => error,
    }
}

#[cfg(test)]
mod tests;
