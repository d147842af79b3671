//! The values of a call that go into its headers.

use http::header;

use super::Call;
use super::values::{BasicValue, BearerValue, CookieValue, HeaderDisplay, HeaderEntries, HeaderText};
use crate::auth;
use crate::request::{cookie, header as headers};

impl Call {
    /// Sends `value` in the header `name`: a scalar once, a sequence repeatedly; `None` leaves the fixed header.
    pub fn header<T: HeaderText + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.bind(|call| headers::append(&mut call.headers, name, value))
    }

    /// The same with what `value` displays; that of a [`Secret`](crate::Secret) is never logged.
    pub fn header_display<const OPTIONAL: bool>(
        self,
        name: &'static str,
        value: &impl HeaderDisplay<OPTIONAL>,
    ) -> Self {
        self.bind(|call| match value.value() {
            Some(shown) if value.is_secret() => {
                let (field, shown) = (headers::parse_name(name)?, shown.to_string());
                call.headers.push(field, headers::parse_secret(name, &shown)?);
                Ok(())
            }
            Some(shown) => headers::append(&mut call.headers, name, &format_args!("{shown}")),
            None => Ok(()),
        })
    }

    /// Sends every entry of a map, a struct or a list of pairs as a header. One that has a link of its own, before this one
    /// or after it, is left out.
    pub fn headers<T: HeaderEntries + ?Sized>(self, value: &T) -> Self {
        self.bind(|call| headers::append_all(&mut call.mapped, value))
    }

    /// Sends a cookie; several go into one `cookie` header. `None` is no cookie.
    pub fn cookie<const OPTIONAL: bool>(self, name: &'static str, value: impl CookieValue<OPTIONAL>) -> Self {
        self.bind(|call| match value.reveal() {
            Some(value) => cookie::append(&mut call.headers, name, &value),
            None => Ok(()),
        })
    }

    /// Sends `authorization: Bearer …`. `None` leaves the header to the next level.
    pub fn bearer<const OPTIONAL: bool>(self, token: impl BearerValue<OPTIONAL>) -> Self {
        self.bind(|call| {
            if let Some(token) = token.token() {
                call.headers.set(header::AUTHORIZATION, auth::bearer(token)?);
            }
            Ok(())
        })
    }

    /// Sends `authorization: Basic …`. `None` leaves the header to the next level.
    pub fn basic(self, credentials: impl BasicValue) -> Self {
        self.bind(|call| {
            if let Some(credentials) = credentials.login() {
                call.headers.set(header::AUTHORIZATION, auth::basic(credentials)?);
            }
            Ok(())
        })
    }
}
