//! The values of a call that go into its URL: path and query.

use std::fmt::Display;

use serde::Serialize;

use super::values::{OptionalPathValue, PathValue, QueryValue};
use super::{Call, frame};
use crate::request::query::{self, Form};
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
    pub fn query<T: QueryValue + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.append(name, value, Form::default())
    }

    /// The same with a value that is encoded already: its valid `%xx` stays, also in the keys of a map.
    pub fn query_encoded<T: QueryValue + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.append(name, value, Form { encoded: true, ..Form::default() })
    }

    /// Appends `value` to the query, lists and structs in `style`.
    pub fn query_styled<T: QueryValue + ?Sized>(
        self,
        name: &'static str,
        style: QueryStyle,
        value: &T,
    ) -> Self {
        self.append(name, value, Form { style, encoded: false })
    }

    /// The same with a value that is encoded already: its valid `%xx` stays, also in the keys of a map.
    pub fn query_styled_encoded<T: QueryValue + ?Sized>(
        self,
        name: &'static str,
        style: QueryStyle,
        value: &T,
    ) -> Self {
        self.append(name, value, Form { style, encoded: true })
    }

    fn append<T: Serialize + ?Sized>(self, name: &'static str, value: &T, form: Form) -> Self {
        self.bind(|call| {
            call.finish_path()?;
            let named = call.named_query();
            query::append(call.target.query(), name, value, &named, form)
        })
    }
}
