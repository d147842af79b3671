//! The values of a call that go into its URL: path and query.

use std::fmt::Display;

use super::values::{OptionalPathValue, PathValue, QueryValue};
use super::{Call, Rare, frame};
use crate::error::Result;
use crate::request::query::{Form, Named, Query};
use crate::request::style::QueryStyle;

impl Call {
    /// Writes `value` for the placeholder `{name}`; everything but unreserved characters is percent-encoded. For `{*name}`
    /// the slashes of `value` stay.
    pub fn path(self, name: &'static str, value: impl PathValue) -> Self {
        self.segment(name, Some(&value), false)
    }

    /// The same with a value that is encoded already: its valid `%xx` and its `/` stay.
    pub fn path_encoded(self, name: &'static str, value: impl PathValue) -> Self {
        self.segment(name, Some(&value), true)
    }

    /// Writes `value` for the placeholder `{name?}`; `None` removes the segment and its slash.
    pub fn path_optional(self, name: &'static str, value: impl OptionalPathValue) -> Self {
        self.segment(name, value.value(), false)
    }

    /// The same with a value that is encoded already: its valid `%xx` and its `/` stay.
    pub fn path_optional_encoded(self, name: &'static str, value: impl OptionalPathValue) -> Self {
        self.segment(name, value.value(), true)
    }

    /// Compiled once: the copy of the call that a link takes does not stand in each method (record 0213).
    fn segment(self, name: &'static str, value: Option<&dyn Display>, encoded: bool) -> Self {
        self.bind(|call| {
            let frame = frame(&call.transport, &call.plan);
            match value {
                Some(value) => call.target.bind(frame, name, value, encoded),
                None => call.target.leave_out(frame, name),
            }
        })
    }

    /// Appends `value` to the query: a scalar under `name`, a sequence under it repeatedly, a struct or map under its own
    /// keys; `None` is left out.
    pub fn query<T: QueryValue + ?Sized>(mut self, name: &'static str, value: &T) -> Self {
        self.append(name, Form::default(), &mut |query| query.append(value));
        self
    }

    /// The same with a value that is encoded already: its valid `%xx` stays, also in the keys of a map.
    pub fn query_encoded<T: QueryValue + ?Sized>(mut self, name: &'static str, value: &T) -> Self {
        self.append(name, Form { encoded: true, ..Form::default() }, &mut |query| query.append(value));
        self
    }

    /// Appends `value` to the query, lists and structs in `style`.
    pub fn query_styled<T: QueryValue + ?Sized>(
        mut self,
        name: &'static str,
        style: QueryStyle,
        value: &T,
    ) -> Self {
        self.append(name, Form { style, encoded: false }, &mut |query| query.append(value));
        self
    }

    /// The same with a value that is encoded already: its valid `%xx` stays, also in the keys of a map.
    pub fn query_styled_encoded<T: QueryValue + ?Sized>(
        mut self,
        name: &'static str,
        style: QueryStyle,
        value: &T,
    ) -> Self {
        self.append(name, Form { style, encoded: true }, &mut |query| query.append(value));
        self
    }

    /// Compiled once and not for every type, of which `append` is all that it has.
    fn append(
        &mut self,
        name: &'static str,
        form: Form,
        append: &mut dyn FnMut(&mut Query<'_>) -> Result<()>,
    ) {
        if let Err(error) = self.appended(name, form, append) {
            self.refuse(error);
        }
    }

    #[inline]
    fn appended(
        &mut self,
        name: &'static str,
        form: Form,
        append: &mut dyn FnMut(&mut Query<'_>) -> Result<()>,
    ) -> Result<()> {
        let more = match self.rare.as_deref() {
            Some(Rare { error: Some(_), .. }) => return Ok(()),
            Some(Rare { named, .. }) => named,
            None => &[][..],
        };
        self.target.finish_path(frame(&self.transport, &self.plan))?;
        let named = Named { own: self.plan.operation().named_query(), more };
        append(&mut Query::new(self.target.query(), name, named, form))
    }
}
