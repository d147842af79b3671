//! What a method gives of its answer: the value, or why there is none.

use super::FromResponse;
use crate::error::{Error, Result};

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

impl<T: FromResponse, E: CallError> Outcome for std::result::Result<T, E> {
    type Value = T;

    fn from_result(result: Result<T>) -> Self {
        result.map_err(E::from)
    }
}

/// What may tell why a call failed: anything that is made of an [`Error`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot tell why a call failed",
    label = "is not `From<pynector::Error>`",
    note = "implement `From<pynector::Error>` for it, or derive `pynector::ApiError` for an enum with a variant per status"
)]
pub trait CallError: From<Error> {}

#[diagnostic::do_not_recommend]
impl<E: From<Error>> CallError for E {}
