//! The message of plain HTTP: a request as data, or the response that came.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::request::multipart::Part;
use crate::response::ResponseHead;
use crate::transport::message::{Content, Message, Payload, conflict};

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
/// of JSON, a form (with or without files) and content: two of them are an error when the message is sent. [`serialize`](Message::serialize) writes
/// the whole message as JSON, and [`deserialize`](Message::deserialize) reads it back without loss; neither is what is
/// sent, which is the body alone.
#[derive(Clone, PartialEq)]
pub struct HttpMessage {
    headers: Vec<(String, Value)>,
    payload: Payload,
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
        Self { headers: Vec::new(), payload, response: None }
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
        self.payload.clone()
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
        Ok(Self { headers: Vec::new(), payload, response: Some(Box::new(response)) })
    }
}

/// A message as JSON; the body stands under the one key that says what it is.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    #[serde(default)]
    headers: Vec<(String, Value)>,
    payload: Written,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(default)]
    url: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    params: Vec<(String, Value)>,
    /// A `null` is a body, so its presence is kept apart from its value.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    json: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data: Option<Vec<(String, Value)>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    files: Option<Vec<WrittenFile>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// Bytes in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    /// Bytes in base64.
    content: String,
}

impl WrittenFile {
    fn of((name, part): &(String, Part)) -> Self {
        let (bytes, file_name, content_type) = part.stored();
        let (file_name, content_type) = (file_name.cloned(), content_type.cloned());
        Self { name: name.clone(), file_name, content_type, content: STANDARD.encode(bytes) }
    }

    fn open(self) -> Result<(String, Part)> {
        let bytes = STANDARD.decode(self.content).map_err(Error::deserialize)?;
        Ok((self.name, Part::from_stored(bytes.into(), self.file_name, self.content_type)))
    }
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Envelope {
    fn of(message: &HttpMessage) -> Result<Self> {
        if message.response.is_some() {
            return Err(Error::serialize("a message that came as a response is no request"));
        }
        let Payload { method, url, params, body } = message.payload.clone();
        let mut payload = Written { method, url, params, ..Written::default() };
        match body {
            Content::Serialized | Content::Empty => {}
            Content::Json(value) => payload.json = Some(value),
            Content::Form(fields) => payload.data = Some(fields),
            Content::Files { form, files } => {
                payload.data = Some(form).filter(|form| !form.is_empty());
                payload.files = Some(files.iter().map(WrittenFile::of).collect());
            }
            Content::Conflict(one, another) => return Err(Error::serialize(conflict(one, another))),
            Content::Text(text) => payload.text = Some(text),
            Content::Bytes(bytes) => payload.content = Some(STANDARD.encode(bytes)),
        }
        Ok(Self { headers: message.headers.clone(), payload })
    }

    fn open(self) -> Result<HttpMessage> {
        let Written { method, url, params, json, data, files, text, content } = self.payload;
        let content =
            content.map(|content| STANDARD.decode(content)).transpose().map_err(Error::deserialize)?;
        let form = match (data, files) {
            (data, Some(files)) => {
                let files = files.into_iter().map(WrittenFile::open).collect::<Result<_>>()?;
                Some(Content::Files { form: data.unwrap_or_default(), files })
            }
            (data, None) => data.map(Content::Form),
        };
        let mut bodies = [
            json.map(Content::Json),
            form,
            text.map(Content::Text),
            content.map(|bytes| Content::Bytes(bytes.into())),
        ]
        .into_iter()
        .flatten();
        let body = bodies.next().unwrap_or(Content::Empty);
        if bodies.next().is_some() {
            return Err(Error::deserialize(
                "a message has at most one of json, data (with or without files), text and content",
            ));
        }
        let payload = Payload { method, url, params, body };
        Ok(HttpMessage { headers: self.headers, payload, response: None })
    }
}
