//! Where the flat items of a value become headers.

use std::fmt;

use http::{HeaderName, HeaderValue};

use super::{Headers, VALUE_RULE, checked, parse_name};
use crate::request::flat::{At, FlatError, Sink, text};

/// The headers of one parameter.
pub(super) struct HeaderSink<'a> {
    pub(super) name: HeaderName,
    pub(super) headers: &'a mut Headers,
}

/// The headers of a map, each under its key.
pub(super) struct MapSink<'a>(pub(super) &'a mut Headers);

/// Whether `S` writes a header, whatever it borrows.
pub(super) fn is_header<S>() -> bool {
    let this = typeid::of::<S>();
    this == typeid::of::<At<'_, HeaderSink<'_>>>() || this == typeid::of::<At<'_, MapSink<'_>>>()
}

fn value(text_of: fmt::Arguments<'_>) -> Result<HeaderValue, FlatError> {
    checked(&text(text_of)?).ok_or(FlatError(VALUE_RULE.into()))
}

fn raw(bytes: &[u8], sensitive: bool) -> Result<HeaderValue, FlatError> {
    let rule = |_| FlatError("its bytes cannot stand in a header (RFC 9110 \u{a7}5.5)".into());
    let mut value = HeaderValue::from_bytes(bytes).map_err(rule)?;
    value.set_sensitive(sensitive);
    Ok(value)
}

impl Sink for HeaderSink<'_> {
    const REFUSES_MAPS: Option<&'static str> = Some("a map or struct has no form as a header value");

    fn item(&mut self, _: &str, text: fmt::Arguments<'_>) -> Result<(), FlatError> {
        self.headers.push(self.name.clone(), value(text)?);
        Ok(())
    }

    fn bare(&mut self, _: &str) -> Result<(), FlatError> {
        self.headers.push(self.name.clone(), HeaderValue::from_static(""));
        Ok(())
    }

    fn raw(&mut self, _: &str, bytes: &[u8], sensitive: bool) -> Result<(), FlatError> {
        self.headers.push(self.name.clone(), raw(bytes, sensitive)?);
        Ok(())
    }

    fn takes(&self, _: &str) -> bool {
        false
    }
}

impl MapSink<'_> {
    fn push(&mut self, key: &str, value: Result<HeaderValue, FlatError>) -> Result<(), FlatError> {
        if key.is_empty() {
            return Err(FlatError(
                "a map, a struct or a list of pairs names headers; this value does not".into(),
            ));
        }
        let name = parse_name(key).map_err(|error| FlatError(error.to_string().into()))?;
        let value = value.map_err(|error| FlatError(format!("the header `{name}`: {error}").into()))?;
        self.0.push(name, value);
        Ok(())
    }
}

impl Sink for MapSink<'_> {
    const REFUSES_MAPS: Option<&'static str> = None;

    fn item(&mut self, key: &str, text: fmt::Arguments<'_>) -> Result<(), FlatError> {
        self.push(key, value(text))
    }

    fn bare(&mut self, key: &str) -> Result<(), FlatError> {
        self.push(key, Ok(HeaderValue::from_static("")))
    }

    fn raw(&mut self, key: &str, bytes: &[u8], sensitive: bool) -> Result<(), FlatError> {
        self.push(key, raw(bytes, sensitive))
    }

    fn takes(&self, _: &str) -> bool {
        true
    }
}
