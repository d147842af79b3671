//! The values of a call, each written into its final form when it is bound.

use http::header;

use super::Call;
use super::values::{HeaderText, PathValue, QueryValue};
use crate::auth::{self, BasicCredentials, Credential};
use crate::error::Result;
use crate::request::header as headers;
use crate::request::query;

impl Call {
    /// Writes `value` for the placeholder `name`; everything but unreserved characters is percent-encoded.
    pub fn path(self, name: &'static str, value: impl PathValue) -> Self {
        self.bind(|call| call.target.bind(name, &value))
    }

    /// Appends `value` to the query: a scalar under `name`, a sequence under it repeatedly, a struct or map under its own
    /// keys; `None` is left out.
    pub fn query<T: QueryValue + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.bind(|call| {
            call.target.finish_path()?;
            let named = call.named_query();
            query::append(call.target.query(), name, value, &named)
        })
    }

    /// Sends `value` in the header `name`: a scalar once, a sequence repeatedly; `None` leaves the fixed header.
    pub fn header<T: HeaderText + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.bind(|call| headers::append(&mut call.headers, name, value))
    }

    /// Sends `authorization: Bearer …`.
    pub fn bearer(self, token: impl Credential) -> Self {
        self.bind(|call| {
            call.headers.set(header::AUTHORIZATION, auth::bearer(token)?);
            Ok(())
        })
    }

    /// Sends `authorization: Basic …`.
    pub fn basic(self, credentials: impl BasicCredentials) -> Self {
        self.bind(|call| {
            call.headers.set(header::AUTHORIZATION, auth::basic(credentials)?);
            Ok(())
        })
    }

    /// Binds a value unless an earlier one did not fit.
    pub(super) fn bind(mut self, bind: impl FnOnce(&mut Self) -> Result<()>) -> Self {
        if self.error.is_none() {
            self.error = bind(&mut self).err();
        }
        self
    }
}
