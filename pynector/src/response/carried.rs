//! Responses that somebody else carried: the steps between the wire and the promised type, at once.

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::Method;

use super::decode::ERROR_BODY;
use super::decompress::{DecodeFailure, Decoder};
use super::{FromResponse, Incoming, ResponseHead};
use crate::error::{CallContext, Error, ErrorKind, ErrorResponse, Result};
use crate::operation::{Operation, Resolved, Settings};
use crate::policy::classify::{self, Outcome, RetryVerdict};

/// Makes a `T` of a response to `operation`.
///
/// # Errors
///
/// Kind `Status`, `Deserialize` or `BodyTooLarge`, as a call of `operation` would have it.
pub(crate) fn decode<T: FromResponse>(
    operation: &'static Operation,
    response: http::Response<Bytes>,
) -> Result<T> {
    let (parts, wire) = response.into_parts();
    let head = ResponseHead::new(parts.status, parts.headers);
    let settings = operation.judged(&operation.own().copied().unwrap_or_else(Settings::new).resolve());
    let made = value(operation, &settings, head, wire);
    made.map_err(|error| {
        let method = Method::from_bytes(operation.method().as_bytes()).ok();
        let mut error = error.with_call(CallContext { operation: Some(operation.name()), method, url: None });
        let story = error.story_mut();
        (story.attempts, story.sent) = (1, true);
        error
    })
}

fn value<T: FromResponse>(
    operation: &'static Operation,
    settings: &Resolved,
    head: ResponseHead,
    wire: Bytes,
) -> Result<T> {
    let status_code = head.status.as_u16();
    let is_success = settings.any_status || settings.is_success(status_code);
    let limit = if is_success { settings.max_body } else { ERROR_BODY };
    let coded = settings.decompress && operation.method() != "HEAD";
    let decoder = if coded { Decoder::of(&head.headers, limit) } else { Ok(Decoder::identity(limit)) };
    if !is_success {
        let mut decoder = decoder.unwrap_or_else(|_| Decoder::identity(limit));
        // As much as an error keeps; a broken rest must not hide the status (BOD-5).
        let _ = decoder.push(wire);
        return Err(status(operation, settings, head, decoder.partial()));
    }
    if settings.none_on.contains(status_code) {
        return made(operation, Incoming::absent(Box::new(head)));
    }
    let read = decoder.map_err(DecodeFailure::Corrupt).and_then(|mut decoder| {
        decoder.push(wire)?;
        decoder.finish()
    });
    let body = match read {
        Ok(body) => body,
        Err(failure) => return Err(unreadable(failure, &head, limit)),
    };
    made(operation, Incoming::of_whole(Box::new(head), body))
}

/// What is made at once of what is there.
fn made<T: FromResponse>(operation: &'static Operation, mut response: Incoming) -> Result<T> {
    response.answers(operation, None);
    let waits = "the type waits for more than a response that is here; send the endpoint by a transport";
    T::from_response(response)
        .now_or_never()
        .unwrap_or_else(|| Err(Error::new(ErrorKind::Deserialize, waits)))
}

fn status(operation: &Operation, settings: &Resolved, head: ResponseHead, body: Bytes) -> Error {
    let status = head.status;
    let outcome = Outcome::Status(status.as_u16());
    let verdict = classify::verdict(outcome, operation.is_idempotent(), &settings.retry);
    let asked = head.retry_after(settings.retry.vendor_retry_after);
    let response = ErrorResponse { status, headers: head.headers, body };
    let mut error =
        Error::new(ErrorKind::Status(status.as_u16()), status.to_string()).with_response(response);
    let story = error.story_mut();
    (story.retryable, story.retry_after) = (!matches!(verdict, RetryVerdict::No(_)), asked);
    error
}

fn unreadable(failure: DecodeFailure, head: &ResponseHead, limit: u64) -> Error {
    let error = match failure {
        DecodeFailure::TooLarge => {
            let message = format!("the body is larger than `max_body`, which is {limit} bytes");
            Error::new(ErrorKind::BodyTooLarge, message)
        }
        DecodeFailure::Corrupt(corrupt) => {
            Error::new(ErrorKind::Deserialize, format!("{}, but {}", head.status, corrupt.0))
        }
    };
    let (status, headers) = (head.status, head.headers.clone());
    error.with_response(ErrorResponse { status, headers, body: Bytes::new() })
}
