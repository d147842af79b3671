//! The message of plain HTTP: a request as data, or the response that came.

mod envelope;

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::request::multipart::Part;
use crate::response::ResponseHead;
use crate::transport::message::{Content, Message, Payload};

use self::envelope::Envelope;

/// A request as data: method, URL, headers, query and body; and, as it is received, a response.
///
/// ```
/// use pynector::HttpMessage;
///
/// let message = HttpMessage::new()
///     .method("PUT")
///     .url("/users/7")
///     .header("x-trace", 42)
///     .param("notify", true)
///     .json(serde_json::json!({ "name": "Ada" }));
/// ```
///
/// A value is replaced when it is set again; headers, parameters, form fields and files may repeat. A body is exactly one
/// of JSON, a form (with or without files) and content: two of them are an error when the message is sent.
/// [`serialize`](Message::serialize) writes the whole message as JSON, and [`deserialize`](Message::deserialize) reads it
/// back without loss; what is sent is the body alone, unless [`as_envelope`](Self::as_envelope) says otherwise.
#[derive(Clone, PartialEq)]
pub struct HttpMessage {
    headers: Vec<(String, Value)>,
    payload: Payload,
    /// Whether the body of its request is the whole message.
    envelope: bool,
    response: Option<Box<Received>>,
}

/// What a response has beside its body.
#[derive(Clone, Debug, PartialEq)]
struct Received {
    status: StatusCode,
    headers: HeaderMap,
    url: Uri,
}

impl Default for HttpMessage {
    fn default() -> Self {
        Self::new()
    }
}

/// Header and query values may be secrets, so only names are shown.
impl fmt::Debug for HttpMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names =
            |pairs: &[(String, Value)]| pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        f.debug_struct("HttpMessage")
            .field("method", &self.payload.method)
            .field("url", &crate::request::base::redacted(&self.payload.url))
            .field("headers", &names(&self.headers))
            .field("params", &names(&self.payload.params))
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

impl HttpMessage {
    /// A `GET` of the base URL without a body.
    pub fn new() -> Self {
        let payload = Payload { method: Some("GET".to_owned()), body: Content::Empty, ..Payload::default() };
        Self { headers: Vec::new(), payload, envelope: false, response: None }
    }

    /// Sets the method.
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.payload.method = Some(method.into());
        self
    }

    /// Sets the URL: a path under the base URL, or an absolute URL of the same origin.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.payload.url = url.into();
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds a pair to the query.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.payload.params.push((name.into(), value.into()));
        self
    }

    /// Sets a JSON body.
    pub fn json(mut self, value: impl Into<Value>) -> Self {
        self.payload.body.replace(Content::Json(value.into()));
        self
    }

    /// Adds a field to a form, which becomes the body: URL-encoded, or multipart if there are [files](Self::file).
    pub fn form(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let pair = (name.into(), value.into());
        match &mut self.payload.body {
            Content::Form(fields) | Content::Files { form: fields, .. } => fields.push(pair),
            other => other.replace(Content::Form(vec![pair])),
        }
        self
    }

    /// Adds a file, or another part, to a multipart form, which becomes the body; its [fields](Self::form) come first.
    ///
    /// ```
    /// use pynector::{HttpMessage, Part};
    ///
    /// let message = HttpMessage::new()
    ///     .method("POST")
    ///     .form("title", "Holidays")
    ///     .file("photo", Part::bytes(vec![0xff, 0xd8]).file_name("sea.jpg").content_type("image/jpeg"));
    /// ```
    pub fn file(mut self, name: impl Into<String>, part: Part) -> Self {
        let file = (name.into(), part);
        match &mut self.payload.body {
            Content::Files { files, .. } => files.push(file),
            Content::Form(fields) => {
                self.payload.body = Content::Files { form: std::mem::take(fields), files: vec![file] };
            }
            other => other.replace(Content::Files { form: Vec::new(), files: vec![file] }),
        }
        self
    }

    /// Sets a text body.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.payload.body.replace(Content::Text(text.into()));
        self
    }

    /// Sets a body of bytes as they are.
    pub fn content(mut self, bytes: impl Into<Bytes>) -> Self {
        self.payload.body.replace(Content::Bytes(bytes.into()));
        self
    }

    /// Sends the whole message as JSON, as [`serialize`](Message::serialize) writes it, in place of its body alone: for a
    /// peer that reads messages, as the specification has it for messages without a body. That it is sent so is no part of
    /// what is written.
    pub fn as_envelope(mut self) -> Self {
        self.envelope = true;
        self
    }

    /// The body: of a response its JSON value, else its text, else its bytes.
    pub fn body(&self) -> &Content {
        &self.payload.body
    }

    /// The status, if this message came as a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.response.as_ref().map(|response| response.status)
    }

    /// The headers, if this message came as a response.
    pub fn response_headers(&self) -> Option<&HeaderMap> {
        self.response.as_ref().map(|response| &response.headers)
    }

    /// The URL that answered, after redirects, if this message came as a response.
    pub fn response_url(&self) -> Option<&Uri> {
        self.response.as_ref().map(|response| &response.url)
    }
}

impl Message for HttpMessage {
    fn serialize(&self) -> Result<Bytes> {
        serde_json::to_vec(&Envelope::of(self)?).map(Bytes::from).map_err(Error::serialize)
    }

    fn deserialize(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice::<Envelope>(bytes).map_err(Error::deserialize)?.open()
    }

    fn headers(&self) -> Vec<(String, Value)> {
        self.headers.clone()
    }

    fn payload(&self) -> Payload {
        let mut payload = self.payload.clone();
        if self.envelope {
            payload.body = Content::Serialized;
        }
        payload
    }

    fn content_type(&self) -> Option<&str> {
        self.envelope.then_some("application/json")
    }

    fn from_response(head: &ResponseHead, body: Bytes) -> Result<Self> {
        let body = if body.is_empty() {
            Content::Empty
        } else if let Ok(value) = serde_json::from_slice(&body) {
            Content::Json(value)
        } else if let Ok(text) = std::str::from_utf8(&body) {
            Content::Text(text.to_owned())
        } else {
            Content::Bytes(body)
        };
        let response = Received { status: head.status, headers: head.headers.clone(), url: head.url.clone() };
        let payload = Payload { method: None, body, ..Payload::default() };
        Ok(Self { headers: Vec::new(), payload, envelope: false, response: Some(Box::new(response)) })
    }
}
