//! What a conversation is made of: messages that know how to become a request and how to be made of a response.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};
use crate::request::multipart::Part;
use crate::response::ResponseHead;

/// A message that a transport can send and receive.
///
/// [`serialize`](Self::serialize) and [`deserialize`](Self::deserialize) are enough for a format of your own: such a
/// message is sent by `POST` to the base URL with its bytes as the body.
///
/// ```
/// use pynector::bytes::Bytes;
/// use pynector::{Error, Message, Result};
///
/// #[derive(Debug, PartialEq)]
/// struct Ping(u32);
///
/// impl Message for Ping {
///     fn serialize(&self) -> Result<Bytes> {
///         Ok(Bytes::copy_from_slice(&self.0.to_be_bytes()))
///     }
///
///     fn deserialize(bytes: &[u8]) -> Result<Self> {
///         let bytes = bytes.try_into().map_err(Error::deserialize)?;
///         Ok(Self(u32::from_be_bytes(bytes)))
///     }
/// }
///
/// assert_eq!(Ping::deserialize(&Ping(7).serialize()?)?, Ping(7));
/// # Ok::<(), Error>(())
/// ```
pub trait Message: Sized + Send + Sync + 'static {
    /// The message as bytes.
    ///
    /// # Errors
    ///
    /// Kind `Serialize`, by [`Error::serialize`].
    fn serialize(&self) -> Result<Bytes>;

    /// The message that these bytes are.
    ///
    /// # Errors
    ///
    /// Kind `Deserialize`, by [`Error::deserialize`]; never a default in place of what is missing.
    fn deserialize(bytes: &[u8]) -> Result<Self>;

    /// Headers of the request; they win over those of the transport. Numbers and booleans become text, `null` sends
    /// nothing.
    fn headers(&self) -> Vec<(String, Value)> {
        Vec::new()
    }

    /// What is to be requested.
    fn payload(&self) -> Payload {
        Payload::default()
    }

    /// What the body is; sent unless a header says otherwise. `None` goes by the [`Content`] of the payload:
    /// `application/octet-stream` for serialized messages.
    fn content_type(&self) -> Option<&str> {
        None
    }

    /// The message that a response is.
    ///
    /// # Errors
    ///
    /// As [`deserialize`](Self::deserialize), which it calls with the body unless it is overridden.
    fn from_response(head: &ResponseHead, body: Bytes) -> Result<Self> {
        let _ = head;
        Self::deserialize(&body)
    }
}

/// What a message asks for.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Payload {
    /// The method; `POST` if there is none.
    pub method: Option<String>,
    /// A path under the base URL, or an absolute URL of the same origin.
    pub url: String,
    /// Pairs that are appended to the query, in this order.
    pub params: Vec<(String, Value)>,
    /// The body.
    pub body: Content,
}

/// The body of a message.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Content {
    /// The bytes of [`Message::serialize`].
    #[default]
    Serialized,
    /// No body.
    Empty,
    /// A JSON value.
    Json(Value),
    /// A URL-encoded form.
    Form(Vec<(String, Value)>),
    /// A multipart form: its fields, then its files.
    Files {
        /// Fields, sent as parts of text.
        form: Vec<(String, Value)>,
        /// Files and other parts.
        files: Vec<(String, Part)>,
    },
    /// Text.
    Text(String),
    /// Bytes as they are.
    Bytes(Bytes),
    /// Two bodies of different kinds, by name: an error of the send.
    Conflict(&'static str, &'static str),
}

impl Content {
    /// The kind of the body, in the specification's words.
    pub(crate) const fn kind(&self) -> Option<&'static str> {
        match self {
            Self::Serialized | Self::Empty | Self::Conflict(..) => None,
            Self::Json(_) => Some("json"),
            Self::Form(_) => Some("form"),
            Self::Files { .. } => Some("files"),
            Self::Text(_) | Self::Bytes(_) => Some("content"),
        }
    }

    /// Takes `other` in place of a body of its own kind, or none.
    pub(crate) fn replace(&mut self, other: Self) {
        *self = match (&*self, other.kind()) {
            (Self::Conflict(one, another), _) => Self::Conflict(one, another),
            (own, Some(kind)) => match own.kind() {
                Some(own) if own != kind => Self::Conflict(own, kind),
                _ => other,
            },
            (_, None) => other,
        };
    }
}

/// What to say of two bodies.
pub(crate) fn conflict(one: &str, another: &str) -> String {
    format!(
        "a message has exactly one of json, form (with or without files) and content, not both {one} and {another}"
    )
}

impl Error {
    /// A message that cannot be made into bytes, for implementations of [`Message`].
    pub fn serialize(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let cause = cause.into();
        Self::new(ErrorKind::Serialize, format!("the message cannot be written: {cause}")).with_source(cause)
    }

    /// Bytes that are not the promised message, for implementations of [`Message`].
    pub fn deserialize(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let cause = cause.into();
        Self::new(ErrorKind::Deserialize, format!("the message cannot be read: {cause}")).with_source(cause)
    }
}

/// A value that is sent as JSON and received as JSON.
///
/// It is sent by `POST` to the base URL; for another method or path use [`HttpMessage`](super::http_message::HttpMessage).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct JsonMessage<T>(pub T);

impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> Message for JsonMessage<T> {
    fn serialize(&self) -> Result<Bytes> {
        serde_json::to_vec(&self.0).map(Bytes::from).map_err(Error::serialize)
    }

    fn deserialize(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes).map(Self).map_err(Error::deserialize)
    }

    fn content_type(&self) -> Option<&str> {
        Some("application/json")
    }
}
