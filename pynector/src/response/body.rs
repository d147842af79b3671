//! Reading a response body to its end: bounded, decompressed on the way, and timed between its chunks.

use std::time::Duration;

use bytes::Bytes;
use http_body::Body as _;
use http_body_util::BodyExt as _;

use crate::backend::{BackendError, ResponseBody};
use crate::clock;
use crate::response::decompress::{Corrupt, DecodeFailure, Decoder};

/// The body of an answer, as an attempt leaves it.
#[derive(Debug)]
pub(crate) enum Arrived {
    /// It was read, to its end or as far as an error keeps it.
    Whole(Bytes),
    /// It is still to come.
    Open(Box<(ResponseBody, Reading)>),
}

impl Arrived {
    /// What was read.
    pub(crate) fn into_bytes(self) -> Bytes {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Open(..) => Bytes::new(),
        }
    }
}

/// Why a body could not be read.
#[derive(Debug)]
pub(crate) enum BodyError {
    /// The connection broke.
    Broken(BackendError),
    /// Nothing came for as long as the `read` clock allows.
    Silent,
    /// More than the limit came, or would have.
    TooLarge,
    /// The content coding does not decode.
    Corrupt(Corrupt),
}

/// How a body is to be read.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) decoder: Decoder,
    /// The longest silence; `None` where another clock is shorter.
    pub(crate) read: Option<Duration>,
}

impl Reading {
    /// Reads the whole body.
    pub(crate) async fn all(&mut self, body: &mut ResponseBody) -> Result<Bytes, BodyError> {
        // What the server announces is the size on the wire, which is the decoded size only without a coding.
        let announced = body.size_hint().exact().filter(|_| self.decoder.is_identity());
        if announced.is_some_and(|size| size > self.decoder.limit()) {
            return Err(BodyError::TooLarge);
        }
        while !body.is_end_stream() {
            let Some(chunk) = next(body, self.read).await? else { break };
            self.decoder.push(chunk)?;
        }
        Ok(self.decoder.finish()?)
    }

    /// Reads as much as the limit allows; what came before anything broke stays in the decoder.
    pub(crate) async fn prefix(&mut self, mut body: ResponseBody) {
        while let Ok(Some(chunk)) = next(&mut body, self.read).await {
            if self.decoder.push(chunk).is_err() {
                break;
            }
        }
    }
}

/// The next piece of `body`. Only where its silence is bounded is there a timer, which has its room apart: what a call waits
/// in stays small.
async fn next(body: &mut ResponseBody, read: Option<Duration>) -> Result<Option<Bytes>, BodyError> {
    let Some(limit) = read.and_then(|read| clock::after(clock::now(), read)) else { return data(body).await };
    clock::until_apart(Some(limit), data(body)).await.unwrap_or(Err(BodyError::Silent))
}

/// The next piece, however long that takes; trailers are no part of the body.
async fn data(body: &mut ResponseBody) -> Result<Option<Bytes>, BodyError> {
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(BodyError::Broken)?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

impl From<DecodeFailure> for BodyError {
    fn from(failure: DecodeFailure) -> Self {
        match failure {
            DecodeFailure::TooLarge => Self::TooLarge,
            DecodeFailure::Corrupt(corrupt) => Self::Corrupt(corrupt),
        }
    }
}
