//! What the attributes beside a verb ask of a method or an endpoint: a type that goes on as they say.

use super::{Call, ResponseFuture};
use crate::response::events::Events;
use crate::response::lines::JsonLines;
use crate::response::pages::Pages;
use crate::response::{CallError, Outcome, Response};

impl Call {
    /// [`outcome`](Self::outcome) of a method with `#[paginate(..)]`.
    pub fn outcome_of_pages<R: OutcomeOfPages>(self) -> ResponseFuture<R> {
        self.outcome()
    }

    /// [`outcome`](Self::outcome) of a method with `#[events(..)]`.
    pub fn outcome_of_events<R: OutcomeOfEvents>(self) -> ResponseFuture<R> {
        self.outcome()
    }

    /// [`outcome`](Self::outcome) of a method with `#[lines(..)]`.
    pub fn outcome_of_lines<R: OutcomeOfLines>(self) -> ResponseFuture<R> {
        self.outcome()
    }

    /// Holds an endpoint with `#[paginate(..)]` to a response of pages.
    pub fn gives_pages<T: ResponseOfPages>(self) -> Self {
        self
    }

    /// Holds an endpoint with `#[events(..)]` to a response of events.
    pub fn gives_events<T: ResponseOfEvents>(self) -> Self {
        self
    }

    /// Holds an endpoint with `#[lines(..)]` to a response of lines.
    pub fn gives_lines<T: ResponseOfLines>(self) -> Self {
        self
    }
}

/// What a method with `#[paginate(..)]` may return: a `Result` of [`Pages`].
#[diagnostic::on_unimplemented(
    message = "`#[paginate(..)]` says where the next page is, which `{Self}` never asks for",
    label = "holds no `Pages`",
    note = "return `Result<Pages<T>>`, where `T` is one item of a page, or leave `#[paginate(..)]` out"
)]
pub trait OutcomeOfPages: Outcome {}

impl<T, E: CallError> OutcomeOfPages for std::result::Result<Pages<T>, E> where Self: Outcome {}

/// What a method with `#[events(..)]` may return: a `Result` of [`Events`], or of a [`Response`] of them.
#[diagnostic::on_unimplemented(
    message = "`#[events(..)]` says how events are read, of which `{Self}` holds none",
    label = "holds no `Events`",
    note = "return `Result<Events<T>>` or `Result<Response<Events<T>>>`, where `T` is what one event holds, or leave \
            `#[events(..)]` out"
)]
pub trait OutcomeOfEvents: Outcome {}

impl<T, E: CallError> OutcomeOfEvents for std::result::Result<Events<T>, E> where Self: Outcome {}
impl<T, E: CallError> OutcomeOfEvents for std::result::Result<Response<Events<T>>, E> where Self: Outcome {}

/// What a method with `#[lines(..)]` may return: a `Result` of [`JsonLines`], or of a [`Response`] of them.
#[diagnostic::on_unimplemented(
    message = "`#[lines(..)]` says how lines are read, of which `{Self}` holds none",
    label = "holds no `JsonLines`",
    note = "return `Result<JsonLines<T>>` or `Result<Response<JsonLines<T>>>`, where `T` is what one line holds, or leave \
            `#[lines(..)]` out"
)]
pub trait OutcomeOfLines: Outcome {}

impl<T, E: CallError> OutcomeOfLines for std::result::Result<JsonLines<T>, E> where Self: Outcome {}
impl<T, E: CallError> OutcomeOfLines for std::result::Result<Response<JsonLines<T>>, E> where Self: Outcome {}

/// What the response of an endpoint with `#[paginate(..)]` may be: [`Pages`].
///
/// Whether it can be decoded is asked elsewhere, so that a mistake is told of once.
#[diagnostic::on_unimplemented(
    message = "`#[paginate(..)]` says where the next page is, which `{Self}` never asks for",
    label = "no `Pages`",
    note = "write `response = Pages<T>`, where `T` is one item of a page, or leave `#[paginate(..)]` out"
)]
pub trait ResponseOfPages {}

impl<T> ResponseOfPages for Pages<T> {}

/// What the response of an endpoint with `#[events(..)]` may be: [`Events`], or a [`Response`] of them.
#[diagnostic::on_unimplemented(
    message = "`#[events(..)]` says how events are read, of which `{Self}` holds none",
    label = "neither `Events` nor a `Response` of them",
    note = "write `response = Events<T>` or `response = Response<Events<T>>`, or leave `#[events(..)]` out"
)]
pub trait ResponseOfEvents {}

impl<T> ResponseOfEvents for Events<T> {}
impl<T> ResponseOfEvents for Response<Events<T>> {}

/// What the response of an endpoint with `#[lines(..)]` may be: [`JsonLines`], or a [`Response`] of them.
#[diagnostic::on_unimplemented(
    message = "`#[lines(..)]` says how lines are read, of which `{Self}` holds none",
    label = "neither `JsonLines` nor a `Response` of them",
    note = "write `response = JsonLines<T>` or `response = Response<JsonLines<T>>`, or leave `#[lines(..)]` out"
)]
pub trait ResponseOfLines {}

impl<T> ResponseOfLines for JsonLines<T> {}
impl<T> ResponseOfLines for Response<JsonLines<T>> {}
