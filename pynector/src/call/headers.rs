//! The values of a call that go into its headers.

use http::header;

use super::Call;
use super::entries::{Entries, HeaderEntries};
use super::values::{BasicValue, BearerValue, CookieValue, HeaderDisplay, HeaderText};
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

    /// Sends every entry of a map, a struct, a list of pairs or a [`HeaderMap`](http::HeaderMap) as a header. One that has a link of its own, before this one
    /// or after it, is left out.
    pub fn headers<const MAP: bool>(self, value: &(impl HeaderEntries<MAP> + ?Sized)) -> Self {
        self.bind(|call| value.add_to(&mut Entries(&mut call.rare().mapped)))
    }

    /// Sends a cookie; several go into one `cookie` header. `None` is no cookie.
    pub fn cookie<const OPTIONAL: bool>(self, name: &'static str, value: impl CookieValue<OPTIONAL>) -> Self {
        self.bind(|call| match value.reveal() {
            Ok(Some(value)) => cookie::append(&mut call.headers, name, &value),
            Ok(None) => Ok(()),
            Err(_) => Err(cookie::refuse(name, "it cannot be displayed")),
        })
    }

    /// Sends `authorization: Bearer …`. `None` leaves the header to the next level.
    pub fn bearer<const OPTIONAL: bool>(self, token: impl BearerValue<OPTIONAL>) -> Self {
        self.bind(|call| {
            if let Some(token) = token.token().map_err(auth::unprintable)? {
                call.headers.push(header::AUTHORIZATION, auth::bearer(token)?);
            }
            Ok(())
        })
    }

    /// Sends `authorization: Basic …`. `None` leaves the header to the next level.
    pub fn basic(self, credentials: impl BasicValue) -> Self {
        self.bind(|call| {
            if let Some(credentials) = credentials.login().map_err(auth::unprintable)? {
                call.headers.push(header::AUTHORIZATION, auth::basic(credentials)?);
            }
            Ok(())
        })
    }
}
