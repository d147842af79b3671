//! The keys of maps as text.

use std::fmt;

use serde::ser::Serialize;

use super::{At, FlatError, Level, Sink, text};

const KEY: &str = "the keys of a map must be text, numbers, booleans or unit variants";

/// A key as text.
pub(super) fn text_of<T: Serialize + ?Sized>(key: &T) -> Result<String, FlatError> {
    let mut sink = KeyText(None);
    key.serialize(At { sink: &mut sink, key: "", level: Level::Leaf, joined: None })?;
    sink.0.ok_or(FlatError(KEY.into()))
}

struct KeyText(Option<String>);

impl Sink for KeyText {
    const REFUSES_MAPS: Option<&'static str> = Some(KEY);

    fn item(&mut self, _: &str, value: fmt::Arguments<'_>) -> Result<(), FlatError> {
        self.0 = Some(text(value)?);
        Ok(())
    }

    fn bare(&mut self, _: &str) -> Result<(), FlatError> {
        Err(FlatError(KEY.into()))
    }

    fn takes(&self, _: &str) -> bool {
        false
    }
}
