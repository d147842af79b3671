//! What is loose, while it is read.

use std::borrow::Cow;

use serde::de::Expected;

use super::{Document, Value};
use crate::codec::json::Codes;
use crate::codec::loose::{Inside, Loose};
use crate::codec::root::Root;

/// As what something with an inside is asked for.
#[derive(Clone, Copy)]
pub(super) enum Whole {
    List,
    Tuple(usize),
    Map,
    Variant,
}

/// What is loose, and room for what reading it takes, so that none of it is in the code of a type.
pub(crate) struct Apart<'de> {
    pub(super) loose: Loose<'de>,
    /// Brackets with nothing in them, so that `serde_json` makes the same access to the parts as to those of JSON.
    codec: Codes<'de>,
    parts: Parts<'de>,
}

/// The parts that are left, and the one that is read.
pub(super) struct Parts<'de> {
    rest: Inside<'de>,
    part: Option<Box<Apart<'de>>>,
}

impl<'de> Apart<'de> {
    pub(crate) fn new(loose: Loose<'de>) -> Self {
        let parts = Parts { rest: Vec::new().into_iter(), part: None };
        Self { loose, codec: Codes::from_str(""), parts }
    }

    /// As a whole body.
    pub(crate) fn root(&mut self) -> Document<'_, 'de> {
        Root { codec: Value::Loose(self), blank: false, untouched: None }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn open(
        &mut self,
        whole: Whole,
        expected: &dyn Expected,
    ) -> Result<(&mut Codes<'de>, &mut Parts<'de>), serde_json::Error> {
        let loose = &mut self.loose;
        let (brackets, parts) = match whole {
            Whole::List => ("[]", loose.items(expected)),
            Whole::Tuple(len) => ("[]", loose.tuple(len, expected)),
            Whole::Map => ("{}", loose.fields(expected)),
            Whole::Variant => ("\"\"", loose.name(expected)),
        };
        self.parts.rest = parts?;
        self.codec = Codes::from_str(brackets);
        Ok((&mut self.codec, &mut self.parts))
    }
}

impl<'de> Parts<'de> {
    pub(super) fn len(&self) -> usize {
        self.rest.len()
    }

    #[cold]
    #[inline(never)]
    pub(super) fn next(&mut self) -> Option<&mut Apart<'de>> {
        self.part = self.rest.next().map(|part| Box::new(Apart::new(part)));
        self.part.as_deref_mut()
    }

    /// The value of the name that came last.
    #[cold]
    #[inline(never)]
    pub(super) fn value(&mut self) -> &mut Apart<'de> {
        let part = self.rest.next().unwrap_or(Loose::Absent);
        self.part.insert(Box::new(Apart::new(part)))
    }

    #[cold]
    #[inline(never)]
    pub(super) fn name(&mut self) -> Option<Cow<'de, str>> {
        match self.rest.next() {
            Some(Loose::Part(name)) => Some(name),
            _ => None,
        }
    }
}
