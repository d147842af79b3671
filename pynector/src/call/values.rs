//! What values may be bound to a call, and what its method may return, said in the words of this crate.

use std::fmt;

use serde::Serialize;

use crate::auth::{Basic, BasicCredentials, Credential, Secret};
use crate::codec::{Codec, Coded};
use crate::error::Result;
use crate::request::body::Body;
use crate::response::{CallError, FromResponse, Outcome, Response};

/// What may stand in a path: anything that is `Display`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a path",
    label = "does not implement `Display`",
    note = "a path value is written by `Display`; lists and structs belong in the query, and for an `Option` the path has `{{name?}}`"
)]
pub trait PathValue: fmt::Display {}

#[diagnostic::do_not_recommend]
impl<T: fmt::Display> PathValue for T {}

/// What may stand in a segment of a path that can be absent: an `Option` of what is `Display`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a segment that may be absent",
    label = "not an `Option` of what implements `Display`",
    note = "`{{name?}}` in a path takes an `Option`; for a value that is always there write `{{name}}`"
)]
pub trait OptionalPathValue {
    /// The value, if there is one.
    fn value(&self) -> Option<&dyn fmt::Display>;
}

#[diagnostic::do_not_recommend]
impl<T: fmt::Display> OptionalPathValue for Option<T> {
    fn value(&self) -> Option<&dyn fmt::Display> {
        self.as_ref().map(|value| value as &dyn fmt::Display)
    }
}

#[diagnostic::do_not_recommend]
impl<V: OptionalPathValue + ?Sized> OptionalPathValue for &V {
    fn value(&self) -> Option<&dyn fmt::Display> {
        (**self).value()
    }
}

/// What may stand in a query: anything that is `Serialize`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a query",
    label = "does not implement `serde::Serialize`",
    note = "derive `serde::Serialize` for it"
)]
pub trait QueryValue: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> QueryValue for T {}

/// What may stand in a header: anything that is `Serialize`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a header",
    label = "does not implement `serde::Serialize`",
    note = "derive `serde::Serialize` for it; a `pynector::Secret`, or what is only `Display`, takes \
            `#[header(\"name\", display)]`"
)]
pub trait HeaderText: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> HeaderText for T {}

/// What may stand in a header with `display`: anything that is `Display`, a [`Secret`], or an `Option` of these.
///
/// Which of the two it is, is found out by the parameter, so that both can be there.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be displayed in a header",
    label = "does not implement `Display`",
    note = "`display` takes what is `Display`, a `pynector::Secret`, or an `Option` of these; for what is `Serialize` leave \
            `display` out"
)]
pub trait HeaderDisplay<const OPTIONAL: bool> {
    /// The value, if there is one.
    fn value(&self) -> Option<&dyn fmt::Display>;

    /// Whether it is never to be logged.
    fn is_secret(&self) -> bool {
        false
    }
}

#[diagnostic::do_not_recommend]
impl<T: fmt::Display> HeaderDisplay<false> for T {
    fn value(&self) -> Option<&dyn fmt::Display> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: fmt::Display> HeaderDisplay<true> for Option<T> {
    fn value(&self) -> Option<&dyn fmt::Display> {
        self.as_ref().map(|value| value as &dyn fmt::Display)
    }
}

#[diagnostic::do_not_recommend]
impl<T: fmt::Display> HeaderDisplay<true> for &Option<T> {
    fn value(&self) -> Option<&dyn fmt::Display> {
        (*self).as_ref().map(|value| value as &dyn fmt::Display)
    }
}

/// A secret is no `Display`, so that it is shown nowhere else.
macro_rules! secret_headers {
    ($($optional:literal $ty:ty: $secret:ident => $text:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl HeaderDisplay<$optional> for $ty {
            fn value(&self) -> Option<&dyn fmt::Display> {
                let $secret = self;
                $text
            }

            fn is_secret(&self) -> bool {
                true
            }
        }
    )*};
}

secret_headers! {
    false Secret: secret => Some(secret.text());
    false &Secret: secret => Some(secret.text());
    true Option<Secret>: secret => secret.as_ref().map(Secret::text);
    true Option<&Secret>: secret => secret.map(Secret::text);
    true &Option<Secret>: secret => secret.as_ref().map(Secret::text);
}

/// What may be sent as a cookie: anything that is `Display`, a [`Secret`], or an `Option` of these.
///
/// Whether it is an `Option` is found out by the parameter, so that both can be there.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a cookie",
    label = "neither `Display` nor a `Secret`",
    note = "pass a `&str`, a `String`, a `pynector::Secret`, a number, or an `Option` of one of these"
)]
pub trait CookieValue<const OPTIONAL: bool> {
    /// Writes it, to be sent and nothing else; `None` is no cookie.
    ///
    /// # Errors
    ///
    /// If it cannot be displayed.
    fn reveal(self) -> Result<Option<String>, fmt::Error>;
}

#[diagnostic::do_not_recommend]
impl<T: Credential> CookieValue<false> for T {
    fn reveal(self) -> Result<Option<String>, fmt::Error> {
        Credential::reveal(self).map(Some)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Credential> CookieValue<true> for Option<T> {
    fn reveal(self) -> Result<Option<String>, fmt::Error> {
        self.map(Credential::reveal).transpose()
    }
}

#[diagnostic::do_not_recommend]
impl<'a, T> CookieValue<true> for &'a Option<T>
where
    &'a T: Credential,
{
    fn reveal(self) -> Result<Option<String>, fmt::Error> {
        self.as_ref().map(Credential::reveal).transpose()
    }
}

/// What may be sent as a bearer token: anything that is `Display`, a [`Secret`], or an `Option` of these.
///
/// Whether it is an `Option` is found out by the parameter, so that both can be there.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a bearer token",
    label = "neither `Display` nor a `Secret`",
    note = "pass a `&str`, a `String`, a `pynector::Secret`, or an `Option` of one of these"
)]
pub trait BearerValue<const OPTIONAL: bool> {
    /// Writes it, to be sent and nothing else; `None` leaves the header to the next level.
    ///
    /// # Errors
    ///
    /// If it cannot be displayed.
    fn token(self) -> Result<Option<String>, fmt::Error>;
}

#[diagnostic::do_not_recommend]
impl<T: CookieValue<OPTIONAL>, const OPTIONAL: bool> BearerValue<OPTIONAL> for T {
    fn token(self) -> Result<Option<String>, fmt::Error> {
        self.reveal()
    }
}

/// What may stand at `#[basic]`: [`Basic`], a pair of user and `Option` of password, or an `Option` of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as basic credentials",
    label = "not a user with an optional password",
    note = "pass a `pynector::Basic`, a pair such as `(\"user\", Some(\"password\"))`, or an `Option` of one of these"
)]
pub trait BasicValue {
    /// The user and the password; `None` leaves the header to the next level.
    ///
    /// # Errors
    ///
    /// If one of them cannot be displayed.
    fn login(self) -> Result<Option<Basic>, fmt::Error>;
}

#[diagnostic::do_not_recommend]
impl<T: BasicCredentials> BasicValue for T {
    fn login(self) -> Result<Option<Basic>, fmt::Error> {
        self.into_basic().map(Some)
    }
}

#[diagnostic::do_not_recommend]
impl<T: BasicCredentials> BasicValue for Option<T> {
    fn login(self) -> Result<Option<Basic>, fmt::Error> {
        self.map(BasicCredentials::into_basic).transpose()
    }
}

#[diagnostic::do_not_recommend]
impl<'a, T> BasicValue for &'a Option<T>
where
    &'a T: BasicCredentials,
{
    fn login(self) -> Result<Option<Basic>, fmt::Error> {
        self.as_ref().map(BasicCredentials::into_basic).transpose()
    }
}

/// What may be sent as JSON: anything that is `Serialize`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as JSON",
    label = "does not implement `serde::Serialize`",
    note = "derive `serde::Serialize` for it"
)]
pub trait JsonValue: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> JsonValue for T {}

/// What may stand in an URL-encoded form: anything that is `Serialize`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a form",
    label = "does not implement `serde::Serialize`",
    note = "derive `serde::Serialize` for it"
)]
pub trait FormValue: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> FormValue for T {}

/// What may be sent as a body as it is: anything that is `Into<Body>`, which text and bytes are, a [`Coded`] value such as
/// [`Json<T>`](crate::Json), and an `Option` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a body",
    label = "neither text, bytes nor a `Body`",
    note = "pass text (`&str`, `String`), bytes (`&[u8]`, `Vec<u8>`, `Bytes`) or a `pynector::Body`; a value that is \
            serialized is marked `#[json]` or `#[form]` instead"
)]
pub trait BodyValue {
    /// The body.
    ///
    /// # Errors
    ///
    /// Those of [`Codec::encode`].
    fn into_body(self) -> Result<Body>;
}

#[diagnostic::do_not_recommend]
impl<T: Into<Body>> BodyValue for T {
    fn into_body(self) -> Result<Body> {
        Ok(self.into())
    }
}

/// A value in a format, and what it is sent from behind of in the fields of a struct.
macro_rules! coded_bodies {
    ($($ty:ty: $coded:ident => $body:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<C: Codec, T: Serialize> BodyValue for $ty {
            fn into_body(self) -> Result<Body> {
                let $coded = self;
                $body
            }
        }
    )*};
}

coded_bodies! {
    Coded<C, T>: coded => Body::coded::<C>(&*coded);
    &Coded<C, T>: coded => Body::coded::<C>(&**coded);
    &&Coded<C, T>: coded => Body::coded::<C>(&***coded);
    Option<Coded<C, T>>: coded => coded.as_ref().into_body();
    Option<&Coded<C, T>>: coded => coded.map_or(Ok(Body::empty()), BodyValue::into_body);
    &Option<Coded<C, T>>: coded => coded.as_ref().into_body();
}

/// What a method with `none_on(..)` may return: a `Result` of an `Option`, or of a [`Response`] of one.
#[diagnostic::on_unimplemented(
    message = "`none_on` needs something that can be `None`, which `{Self}` does not hold",
    label = "holds neither an `Option` nor a `Response` of one",
    note = "return `Result<Option<T>>` or `Result<Response<Option<T>>>`, or leave `none_on` out"
)]
pub trait OutcomeOrNone: Outcome {}

impl<T, E: CallError> OutcomeOrNone for std::result::Result<Option<T>, E> where Option<T>: FromResponse {}
impl<T, E: CallError> OutcomeOrNone for std::result::Result<Response<Option<T>>, E> where
    Option<T>: FromResponse
{
}

/// What a method with `any_status` may return: a `Result` of a [`Response`], which tells the status.
#[diagnostic::on_unimplemented(
    message = "`any_status` would hide how a call went, since `{Self}` does not tell the status",
    label = "holds no `Response`",
    note = "return `Result<Response<T>>`, or leave `any_status` out"
)]
pub trait OutcomeOfAnyStatus: Outcome {}

impl<T: FromResponse, E: CallError> OutcomeOfAnyStatus for std::result::Result<Response<T>, E> {}

/// What the response of an endpoint with `none_on(..)` may be: an `Option`, or a [`Response`] of one.
///
/// Whether it can be decoded is asked elsewhere, so that a mistake is told of once.
#[diagnostic::on_unimplemented(
    message = "`none_on` needs something that can be `None`, which `{Self}` cannot",
    label = "neither an `Option` nor a `Response` of one",
    note = "write `response = Option<T>` or `response = Response<Option<T>>`, or leave `none_on` out"
)]
pub trait ResponseOrNone {}

impl<T> ResponseOrNone for Option<T> {}
impl<T> ResponseOrNone for Response<Option<T>> {}

/// What the response of an endpoint with `any_status` may be: a [`Response`], which tells the status.
#[diagnostic::on_unimplemented(
    message = "`any_status` would hide how a call went, since `{Self}` does not tell the status",
    label = "no `Response`",
    note = "write `response = Response<T>`, or leave `any_status` out"
)]
pub trait ResponseOfAnyStatus {}

impl<T> ResponseOfAnyStatus for Response<T> {}
