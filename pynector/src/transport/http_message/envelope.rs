//! A message as JSON: written whole, and read back without loss.

use std::collections::BTreeSet;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::HttpMessage;
use crate::error::{Error, Result};
use crate::request::multipart::{Part, Stored};
use crate::transport::message::{Content, Payload, conflict};

/// A message as JSON; the body stands under the one key that says what it is.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Envelope {
    #[serde(default)]
    headers: Pairs,
    payload: Written,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default = "get")]
    method: String,
    #[serde(default)]
    url: String,
    #[serde(default, skip_serializing_if = "Pairs::is_empty")]
    params: Pairs,
    /// A `null` is a body, so its presence is kept apart from its value.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    json: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data: Option<Pairs>,
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    /// Bytes in base64.
    content: String,
}

/// Names and values in their order: an object, as the specification writes them, and a list of pairs where a name stands
/// more than once, which is no object that others could read.
#[derive(Default)]
struct Pairs(Vec<(String, Value)>);

impl Pairs {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut names = BTreeSet::new();
        if self.0.iter().all(|(name, _)| names.insert(name)) {
            serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
        } else {
            serializer.collect_seq(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PairsVisitor).map(Self)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Vec<(String, Value)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, or a list of names with their values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = list.next_element()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}

impl WrittenFile {
    fn of((name, part): &(String, Part)) -> Result<Self> {
        let Some(Stored { bytes, file_name, content_type, headers }) = part.stored() else {
            return Err(Error::serialize(format!(
                "the part `{name}` is a stream, which cannot be written down"
            )));
        };
        Ok(Self { name: name.clone(), file_name, content_type, headers, content: STANDARD.encode(bytes) })
    }

    fn open(self) -> Result<(String, Part)> {
        let bytes = STANDARD.decode(&self.content).map_err(Error::deserialize)?;
        let Self { name, file_name, content_type, headers, .. } = self;
        Ok((name, Part::from_stored(Stored { bytes: bytes.into(), file_name, content_type, headers })))
    }
}

/// The method of a message that names none.
fn get() -> String {
    "GET".to_owned()
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Envelope {
    /// # Errors
    ///
    /// Kind `Serialize` for a response, and for a message with two bodies.
    pub(super) fn of(message: &HttpMessage) -> Result<Self> {
        if message.response.is_some() {
            return Err(Error::serialize("a message that came as a response is no request"));
        }
        let Payload { method, url, params, body } = message.payload.clone();
        let method = method.unwrap_or_else(get);
        let mut payload = Written { method, url, params: Pairs(params), ..Written::default() };
        match body {
            Content::Serialized | Content::Empty => {}
            Content::Json(value) => payload.json = Some(value),
            Content::Form(fields) => payload.data = Some(Pairs(fields)),
            Content::Files { form, files } => {
                payload.data = Some(Pairs(form)).filter(|form| !form.is_empty());
                payload.files = Some(files.iter().map(WrittenFile::of).collect::<Result<_>>()?);
            }
            Content::Conflict(one, another) => return Err(Error::serialize(conflict(one, another))),
            Content::Text(text) => payload.text = Some(text),
            Content::Bytes(bytes) => payload.content = Some(STANDARD.encode(bytes)),
        }
        Ok(Self { headers: Pairs(message.headers.clone()), payload })
    }

    /// # Errors
    ///
    /// Kind `Deserialize` for two bodies, and for bytes that are not base64.
    pub(super) fn open(self) -> Result<HttpMessage> {
        let Written { method, url, params, json, data, files, text, content } = self.payload;
        let content =
            content.map(|content| STANDARD.decode(content)).transpose().map_err(Error::deserialize)?;
        let form = match (data, files) {
            (data, Some(files)) => {
                let files = files.into_iter().map(WrittenFile::open).collect::<Result<_>>()?;
                Some(Content::Files { form: data.unwrap_or_default().0, files })
            }
            (data, None) => data.map(|Pairs(fields)| Content::Form(fields)),
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
        let payload = Payload { method: Some(method), url, params: params.0, body };
        Ok(HttpMessage { headers: self.headers.0, payload, envelope: false, response: None })
    }
}
