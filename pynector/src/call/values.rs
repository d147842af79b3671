//! What values may be bound to a call, and what its method may return, said in the words of this crate.

use std::fmt;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::request::body::Body;
use crate::response::{FromResponse, Response};

/// What may stand in a path: anything that is `Display`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a path",
    label = "does not implement `Display`",
    note = "a path value is written by `Display`; lists, options and structs belong in the query"
)]
pub trait PathValue: fmt::Display {}

#[diagnostic::do_not_recommend]
impl<T: fmt::Display> PathValue for T {}

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
    note = "derive `serde::Serialize` for it"
)]
pub trait HeaderText: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> HeaderText for T {}

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

/// What may be sent as a body as it is: anything that is `Into<Body>`, which text and bytes are, and an `Option` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a body",
    label = "neither text, bytes nor a `Body`",
    note = "pass text (`&str`, `String`), bytes (`&[u8]`, `Vec<u8>`, `Bytes`) or a `pynector::Body`; a value that is \
            serialized is marked `#[json]` or `#[form]` instead"
)]
pub trait BodyValue {
    /// The body.
    fn into_body(self) -> Body;
}

#[diagnostic::do_not_recommend]
impl<T: Into<Body>> BodyValue for T {
    fn into_body(self) -> Body {
        self.into()
    }
}

/// What a method of an API may return: a `Result` of something that a response can become.
#[diagnostic::on_unimplemented(
    message = "a method of an API must return a `Result`, not `{Self}`",
    label = "not a `Result`",
    note = "write `pynector::Result<T>`, or `Result<T, E>` with an `E` that is `From<pynector::Error>`"
)]
pub trait Outcome: Sized {
    /// What a success holds.
    type Value: FromResponse;

    /// Makes it of what the call gave.
    fn from_result(result: Result<Self::Value>) -> Self;
}

impl<T: FromResponse, E: From<Error>> Outcome for std::result::Result<T, E> {
    type Value = T;

    fn from_result(result: Result<T>) -> Self {
        result.map_err(E::from)
    }
}

/// What a method with `none_on(..)` may return: a `Result` of an `Option`, or of a [`Response`] of one.
#[diagnostic::on_unimplemented(
    message = "`none_on` needs something that can be `None`, which `{Self}` does not hold",
    label = "holds neither an `Option` nor a `Response` of one",
    note = "return `Result<Option<T>>` or `Result<Response<Option<T>>>`, or leave `none_on` out"
)]
pub trait OutcomeOrNone: Outcome {}

impl<T, E: From<Error>> OutcomeOrNone for std::result::Result<Option<T>, E> where Option<T>: FromResponse {}
impl<T, E: From<Error>> OutcomeOrNone for std::result::Result<Response<Option<T>>, E> where
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

impl<T: FromResponse, E: From<Error>> OutcomeOfAnyStatus for std::result::Result<Response<T>, E> {}
