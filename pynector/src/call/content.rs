//! The body of a call while its values are bound: one kind of it, whole or field by field.

use std::fmt;

use http::HeaderValue;
use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::request::body::Body;
use crate::request::parts::{Multipart, PartValue};
use crate::request::{form, json};

/// What is bound so far.
#[derive(Default)]
pub(super) enum Content {
    #[default]
    None,
    Json(Vec<u8>),
    Form(String),
    Object(json::Object),
    /// Finished when it was bound, and what it is.
    Body(Box<(Body, &'static str)>),
    Multipart(Box<dyn Parted>),
    Parts(Box<dyn Parted>),
}

/// A form in parts. What makes one brings its code along: a program without has none of it (record 0215).
pub(super) trait Parted: fmt::Debug + Send + Sync {
    fn form(&mut self) -> &mut Multipart;

    fn encode(self: Box<Self>) -> Result<Option<(Body, HeaderValue)>>;
}

impl Parted for Multipart {
    fn form(&mut self) -> &mut Multipart {
        self
    }

    fn encode(self: Box<Self>) -> Result<Option<(Body, HeaderValue)>> {
        Self::encode(*self)
    }
}

/// A body, and what it is.
pub(super) struct Finished {
    pub(super) body: Body,
    pub(super) media: Media,
}

/// What a body is.
pub(super) enum Media {
    /// This, unless a header says otherwise; there may be no body.
    Fixed(Option<&'static str>),
    /// This, whose boundary nobody else knows: no header may say otherwise.
    Own(HeaderValue),
}

impl Media {
    pub(super) fn fixed(&self) -> Option<&'static str> {
        if let Self::Fixed(media) = self { *media } else { None }
    }
}

impl Content {
    pub(super) fn json(&mut self, text: Vec<u8>) -> Result<()> {
        self.only("json")?;
        *self = Self::Json(text);
        Ok(())
    }

    pub(super) fn body(&mut self, body: Body, media: &'static str) -> Result<()> {
        self.only("body")?;
        *self = Self::Body(Box::new((body, media)));
        Ok(())
    }

    /// Adds `value` to the form; one that is `None` alone makes no form.
    pub(super) fn form<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        value: &T,
        named: &[&str],
    ) -> Result<()> {
        if json::is_none(value) {
            return Ok(());
        }
        if let Self::Form(text) = self {
            return form::append(text, name, value, named);
        }
        self.only("form")?;
        let mut text = String::new();
        form::append(&mut text, name, value, named)?;
        *self = Self::Form(text);
        Ok(())
    }

    /// Adds `value` to the JSON object, which is there from now on, whatever the value is.
    pub(super) fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        if let Self::Object(object) = self {
            return object.field(name, value);
        }
        self.only("json_field")?;
        let mut object = json::Object::default();
        object.field(name, value)?;
        *self = Self::Object(object);
        Ok(())
    }

    pub(super) fn multipart(&mut self, form: Multipart) -> Result<()> {
        self.only("multipart")?;
        *self = Self::Multipart(Box::new(form));
        Ok(())
    }

    pub(super) fn part(&mut self, name: &str, value: &impl PartValue) -> Result<()> {
        if let Self::Parts(form) = self {
            value.add_to(form.form(), name);
            return Ok(());
        }
        self.only("part")?;
        let mut form = Multipart::new();
        value.add_to(&mut form, name);
        *self = Self::Parts(Box::new(form));
        Ok(())
    }

    /// Refuses a second kind of body.
    fn only(&self, kind: &'static str) -> Result<()> {
        match self.kind() {
            None => Ok(()),
            Some(first) => Err(Error::new(
                ErrorKind::Request,
                format!("a request has one body: `{kind}` was bound after `{first}`"),
            )),
        }
    }

    fn kind(&self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Json(_) => Some("json"),
            Self::Body(_) => Some("body"),
            Self::Form(_) => Some("form"),
            Self::Object(_) => Some("json_field"),
            Self::Multipart(_) => Some("multipart"),
            Self::Parts(_) => Some("part"),
        }
    }

    /// # Errors
    ///
    /// Kind `Request` for a part that cannot be sent.
    #[inline]
    pub(super) fn finish(self) -> Result<Finished> {
        match self {
            Self::None => Ok(Finished { body: Body::empty(), media: Media::Fixed(None) }),
            some => some.encode(),
        }
    }

    fn encode(self) -> Result<Finished> {
        let (body, media) = match self {
            Self::None => (Body::empty(), None),
            Self::Json(text) => (Body::bytes(text), Some("application/json")),
            Self::Body(whole) => (whole.0, Some(whole.1)),
            Self::Form(text) => (Body::bytes(text), Some("application/x-www-form-urlencoded")),
            Self::Object(object) => (Body::bytes(object.into_bytes()), Some("application/json")),
            Self::Multipart(form) | Self::Parts(form) => match form.encode()? {
                Some((body, media)) => return Ok(Finished { body, media: Media::Own(media) }),
                None => (Body::empty(), None),
            },
        };
        Ok(Finished { body, media: Media::Fixed(media) })
    }
}

/// Kinds and sizes only: a body may hold secrets.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Json(text) => write!(f, "json: Body({} bytes)", text.len()),
            Self::Body(whole) => write!(f, "body: {:?}", whole.0),
            Self::Form(text) => write!(f, "form of {} bytes", text.len()),
            Self::Object(_) => f.write_str("JSON object"),
            Self::Multipart(form) | Self::Parts(form) => fmt::Debug::fmt(form, f),
        }
    }
}
