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
    Open(ResponseBody, Reading),
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
        while let Some(chunk) = next(body, self.read).await? {
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

async fn next(body: &mut ResponseBody, read: Option<Duration>) -> Result<Option<Bytes>, BodyError> {
    loop {
        let limit = read.and_then(|read| clock::after(clock::now(), read));
        match clock::until(limit, body.frame()).await {
            Err(clock::Elapsed) => return Err(BodyError::Silent),
            Ok(None) => return Ok(None),
            Ok(Some(Err(error))) => return Err(BodyError::Broken(error)),
            // Trailers are no part of the body.
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

impl From<DecodeFailure> for BodyError {
    fn from(failure: DecodeFailure) -> Self {
        match failure {
            DecodeFailure::TooLarge => Self::TooLarge,
            DecodeFailure::Corrupt(corrupt) => Self::Corrupt(corrupt),
        }
    }
}
