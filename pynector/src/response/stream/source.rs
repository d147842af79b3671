//! Where the pieces of a stream come from: the body of one answer, decoded, and what comes when it ends.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, header};
use http_body::Body as _;

use super::Keeper;
use super::checksum::Hasher;
use super::resume::{self, Resume};
use crate::backend::{BackendError, BoxFuture, ResponseBody};
use crate::clock::Patience;
use crate::error::Result;
use crate::policy::classify::Failure;
use crate::response::ResponseHead;
use crate::response::body::BodyError;
use crate::response::decompress::Decoder;

/// The body of an answer, and whom its end is told.
pub(super) struct Source {
    pub(super) body: ResponseBody,
    pub(super) decoder: Decoder,
    /// What came and is not decoded yet.
    pub(super) wire: Bytes,
    pub(super) patience: Patience,
    pub(super) keeper: Box<dyn Keeper>,
    /// How many bytes the server has announced, as they are on the wire.
    pub(super) announced: Option<u64>,
    /// How many of them came.
    pub(super) came: u64,
    /// How many bytes it gave.
    pub(super) decoded: u64,
    /// How to go on if it breaks.
    pub(super) resume: Option<Box<Resume>>,
    /// What sees every byte as it comes.
    pub(super) tap: Option<Box<Hasher>>,
}

/// What comes next.
pub(super) enum Piece {
    Some(Bytes),
    /// It may be empty.
    Last(Bytes),
    /// The answer is over, and was only a part of what is wanted.
    More,
}

impl Source {
    pub(super) fn new(
        body: ResponseBody,
        decoder: Decoder,
        read: Option<Duration>,
        keeper: Box<dyn Keeper>,
    ) -> Self {
        let (wire, patience, announced) = (Bytes::new(), Patience::new(read), body.size_hint().exact());
        Self {
            body,
            decoder,
            wire,
            patience,
            keeper,
            announced,
            came: 0,
            decoded: 0,
            resume: None,
            tap: None,
        }
    }

    /// The same with what the headers say of the size, where the body itself does not: a backend need not pass that on.
    pub(super) fn announced_by(mut self, headers: &HeaderMap) -> Self {
        if self.announced.is_none() && !headers.contains_key(header::TRANSFER_ENCODING) {
            let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
            self.announced = length.and_then(|length| length.parse().ok());
        }
        self
    }

    pub(super) fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Result<Piece, BodyError>> {
        loop {
            let piece = self.decoder.step(&mut self.wire)?;
            if !piece.is_empty() {
                // Known here, the end need not be asked for: a reader that counts bytes does not.
                let is_last = self.decoder.is_identity() && self.body.is_end_stream() && self.is_whole();
                return Poll::Ready(Ok(if is_last { Piece::Last(piece) } else { Piece::Some(piece) }));
            }
            let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) else {
                return self.patience.poll_wait(cx).map(|_| Err(BodyError::Silent));
            };
            self.patience.rest();
            match frame {
                None => return Poll::Ready(self.end()),
                Some(Err(error)) => return Poll::Ready(Err(BodyError::Broken(error))),
                // Trailers are no part of the body.
                Some(Ok(frame)) => {
                    let data = frame.into_data().unwrap_or_default();
                    self.came += data.len() as u64;
                    self.wire = match &mut self.resume {
                        Some(resume) => resume.take(data)?,
                        None => data,
                    };
                    if let Some(tap) = &mut self.tap {
                        tap.update(&self.wire);
                    }
                }
            }
        }
    }

    fn is_whole(&self) -> bool {
        self.resume.as_ref().is_none_or(|resume| resume.is_whole())
    }

    /// The answer is at its end.
    fn end(&mut self) -> Result<Piece, BodyError> {
        match &self.resume {
            Some(resume) if resume.is_short() => {
                Err(BodyError::Broken(BackendError::new(Failure::BodyInterrupted)))
            }
            Some(resume) if !resume.is_whole() => Ok(Piece::More),
            _ => {
                self.decoder.end()?;
                Ok(Piece::Last(Bytes::new()))
            }
        }
    }

    /// Asks for the next part, as the answer had no more.
    pub(super) fn go_on(self) -> BoxFuture<'static, Result<Box<Self>>> {
        drop(self.body);
        self.keeper.whole(self.decoded);
        // Without it nothing is a part.
        match self.resume {
            Some(resume) => Box::pin(resume::ask(resume, self.decoder, self.tap, Duration::ZERO)),
            None => Box::pin(std::future::pending()),
        }
    }

    /// Asks for the rest of a body that broke, unless the error is the end of it.
    pub(super) fn broken(
        self,
        head: &ResponseHead,
        why: BodyError,
    ) -> Result<BoxFuture<'static, Result<Box<Self>>>> {
        let passes = matches!(why, BodyError::Broken(_) | BodyError::Silent);
        drop(self.body);
        let error = self.keeper.broken(self.decoded, head.clone(), why);
        match self.resume {
            Some(mut resume) if passes => {
                let wait = resume.wait(error)?;
                Ok(Box::pin(resume::ask(resume, self.decoder, self.tap, wait)))
            }
            _ => Err(error),
        }
    }

    /// Lets the connection go, so that it is free, or closed, when the keeper hears of it.
    pub(super) fn close(self) -> Box<dyn Keeper> {
        drop(self.body);
        self.keeper
    }
}
