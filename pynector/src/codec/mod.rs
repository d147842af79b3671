//! Formats of bodies: one trait, the formats that are built in, and a value that is in one of them.

pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod loose;
#[cfg(feature = "msgpack")]
mod msgpack;
pub(crate) mod root;
pub(crate) mod value;

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::form::FormCodec;
pub use self::json::JsonCodec;
#[cfg(feature = "msgpack")]
pub use self::msgpack::MsgPackCodec;
use crate::error::{Error, ErrorKind, Result};

/// A format of bodies, for [`Coded`].
///
/// JSON, URL-encoded forms and (feature `msgpack`) MessagePack are built in, as [`Json<T>`], [`Form<T>`] and `MsgPack<T>`.
/// Any other format that has a crate for serde takes a few lines:
///
/// ```
/// use pynector::bytes::Bytes;
/// use pynector::{Codec, Coded, Error, Result};
/// use serde::{Serialize, de::DeserializeOwned};
///
/// /// JSON that is written for people.
/// #[derive(Debug)]
/// enum PrettyCodec {}
///
/// impl Codec for PrettyCodec {
///     const MEDIA_TYPE: &'static str = "application/x-pretty-json";
///
///     fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
///         serde_json::from_slice(body).map_err(Error::deserialize)
///     }
///
///     fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Bytes> {
///         serde_json::to_vec_pretty(value).map(Bytes::from).map_err(Error::serialize)
///     }
/// }
///
/// type Pretty<T> = Coded<PrettyCodec, T>;
///
/// #[pynector::api(base_url = "https://api.example.com")]
/// trait Notes {
///     #[put("/notes/{id}")]
///     async fn write(&self, id: u64, #[body] note: Pretty<&[&str]>) -> Result<Pretty<Vec<String>>>;
/// }
///
/// let notes = NotesClient::new()?;
/// let request = notes.to_request(async |notes| notes.write(7, Pretty::new(&["milk"])).await.map(drop))?;
/// assert_eq!(request.headers()["accept"], "application/x-pretty-json");
/// assert_eq!(request.headers()["content-type"], "application/x-pretty-json");
/// assert_eq!(request.body(), "[\n  \"milk\"\n]");
/// # Ok::<(), Error>(())
/// ```
pub trait Codec {
    /// What a body in this format is called: the `content-type` of requests.
    const MEDIA_TYPE: &'static str;

    /// What is asked for where this format is to come, as the value of `accept`.
    const ACCEPT: &'static str = Self::MEDIA_TYPE;

    /// Reads a value; the whole body must be one.
    ///
    /// # Errors
    ///
    /// [`Error::deserialize`] of what is wrong. A call adds status, headers and a bounded piece of the body.
    fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T>;

    /// Writes a value.
    ///
    /// # Errors
    ///
    /// [`Error::serialize`] of what the format cannot say.
    fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Bytes>;
}

/// A value that is in the format `C`.
///
/// Returned by a method, it is decoded by that format, whatever the `content-type` of the answer says, and asked for by its
/// media type. As a `#[body]` it is encoded by it. It dereferences to the value.
///
/// ```no_run
/// use pynector::{Json, Result};
///
/// #[pynector::api(base_url = "https://api.example.com")]
/// trait Motto {
///     /// The text in a JSON string, where a `String` would be the body with its quotes.
///     #[get("/motto")]
///     async fn motto(&self) -> Result<Json<String>>;
/// }
///
/// # async fn run() -> Result<()> {
/// let motto: String = MottoClient::new()?.motto().await?.into_inner();
/// # Ok(())
/// # }
/// ```
pub struct Coded<C, T> {
    value: T,
    codec: PhantomData<fn() -> C>,
}

/// JSON, whatever the `content-type` says: for a [`String`] that is a JSON string, and for servers that call JSON
/// something else.
pub type Json<T> = Coded<JsonCodec, T>;

/// An URL-encoded form, `application/x-www-form-urlencoded`: a struct, a map or pairs.
///
/// In an answer a list is a name that is repeated.
pub type Form<T> = Coded<FormCodec, T>;

/// MessagePack, `application/msgpack`: structs are maps by the names of their fields.
#[cfg(feature = "msgpack")]
pub type MsgPack<T> = Coded<MsgPackCodec, T>;

impl<C, T> Coded<C, T> {
    /// The value, to be sent in this format.
    pub const fn new(value: T) -> Self {
        Self { value, codec: PhantomData }
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<C, T> From<T> for Coded<C, T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<C, T> Deref for Coded<C, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<C, T> DerefMut for Coded<C, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<C, T: fmt::Debug> fmt::Debug for Coded<C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<C, T: Clone> Clone for Coded<C, T> {
    fn clone(&self) -> Self {
        Self::new(self.value.clone())
    }
}

impl<C, T: Copy> Copy for Coded<C, T> {}

impl<C, T: Default> Default for Coded<C, T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<C, T: PartialEq> PartialEq for Coded<C, T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<C, T: Eq> Eq for Coded<C, T> {}

/// The codec that a `content-type` names, for types that do not say theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Form,
    MsgPack,
}

impl Format {
    /// JSON is the one for whatever it does not know: most of it is.
    pub(crate) fn of(content_type: &str) -> Self {
        let end = content_type.bytes().position(|byte| byte == b';').unwrap_or(content_type.len());
        let media = content_type.get(..end).unwrap_or_default().trim();
        let is = |name: &str| media.eq_ignore_ascii_case(name);
        if is("application/json") {
            return Self::Json;
        }
        let suffix = media.rfind('+').and_then(|at| media.get(at..)).unwrap_or_default();
        if is("application/x-www-form-urlencoded") {
            Self::Form
        } else if is("application/msgpack")
            || is("application/vnd.msgpack")
            || is("application/x-msgpack")
            || suffix.eq_ignore_ascii_case("+msgpack")
        {
            Self::MsgPack
        } else {
            Self::Json
        }
    }
}

fn undecodable(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Deserialize, format!("it does not decode: {cause}")).with_source(cause)
}

#[cfg(test)]
mod tests;
