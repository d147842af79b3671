//! Going on with a body that broke (BOD-9): how often, after which wait, and with which answer.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use http::{Method, StatusCode, header};

use super::State;
use super::checksum::Hasher;
use super::range::{ContentRange, Continued, Known, Mismatch};
use super::source::Source;
use crate::clock;
use crate::error::{Error, ErrorKind, Result};
use crate::policy::classify::RetryVerdict;
use crate::policy::schedule::Schedule;
use crate::response::ResponseHead;
use crate::response::body::BodyError;
use crate::response::decompress::{Corrupt, Decoder};
use crate::response::further::{Change, Fetch};

/// Where a stream is in its representation, and what it takes to go on there.
pub(super) struct Resume {
    fetch: Arc<dyn Fetch>,
    known: Known,
    /// The next byte of the representation that is not here.
    position: u64,
    /// How much of the current answer is here already.
    skip: u64,
    /// The byte behind the last one of the current answer, if it is known.
    end: Option<u64>,
    /// The byte behind the last one that is wanted, where the first request was for a part.
    until: Option<u64>,
    /// What was tried since the last byte came.
    tried: Schedule,
    /// The first error since then.
    first: Option<Error>,
}

impl Resume {
    /// `None` where the first answer cannot be gone on with. `came` bytes of it came already, of an `announced` size.
    pub(super) fn of(
        fetch: &Arc<dyn Fetch>,
        head: &ResponseHead,
        announced: Option<u64>,
        came: u64,
    ) -> Option<Box<Self>> {
        if fetch.method() != Method::GET {
            return None;
        }
        let (start, end, total) = match head.status {
            StatusCode::OK => (0, announced, announced),
            StatusCode::PARTIAL_CONTENT => {
                let ContentRange { first, last, total } = ContentRange::of(&head.headers)?;
                (first, Some(last + 1), total)
            }
            _ => return None,
        };
        Some(Box::new(Self {
            fetch: Arc::clone(fetch),
            known: Known::of(&head.headers, total)?,
            position: start.checked_add(came)?,
            skip: 0,
            end,
            until: end.filter(|_| total != end),
            tried: Schedule::default(),
            first: None,
        }))
    }

    /// Of an answer that goes on behind `position` bytes that are here from before.
    pub(super) fn behind(
        fetch: &Arc<dyn Fetch>,
        known: Known,
        position: u64,
        Continued { skip, end, total }: Continued,
    ) -> Box<Self> {
        let (fetch, known) = (Arc::clone(fetch), Known { total, ..known });
        Box::new(Self {
            fetch,
            known,
            position,
            skip,
            end,
            until: None,
            tried: Schedule::default(),
            first: None,
        })
    }

    /// What is known of the representation.
    pub(super) const fn known(&self) -> &Known {
        &self.known
    }

    /// Takes what came, and gives what is new of it.
    pub(super) fn take(&mut self, mut data: Bytes) -> Result<Bytes, BodyError> {
        let known = usize::try_from(self.skip).unwrap_or(usize::MAX).min(data.len());
        data.advance(known);
        self.skip -= known as u64;
        if self.end.is_some_and(|end| data.len() as u64 > end.saturating_sub(self.position)) {
            let why = "the answer has more bytes than its `content-range` says".to_owned();
            return Err(BodyError::Corrupt(Corrupt(why)));
        }
        if !data.is_empty() {
            self.position += data.len() as u64;
            self.tried = Schedule::default();
            self.first = None;
        }
        Ok(data)
    }

    /// Whether nothing is missing, as far as anybody knows.
    pub(super) fn is_whole(&self) -> bool {
        let wanted = self.until.or(self.known.total);
        wanted.is_none_or(|wanted| self.position >= wanted) && self.skip == 0
    }

    /// Whether the current answer had less than it said.
    pub(super) fn is_short(&self) -> bool {
        self.skip > 0 || self.end.is_some_and(|end| self.position < end)
    }

    /// The body broke: how long to wait before the rest is asked for.
    pub(super) fn wait(&mut self, error: Error) -> Result<Duration> {
        let first = self.first.take().unwrap_or(error);
        let policy = &self.fetch.settings().retry;
        let attempts = self.tried.attempts();
        match self.tried.next(policy, RetryVerdict::Retry, None, None, fastrand::f64) {
            Ok((wait, _)) => {
                self.first = Some(first);
                Ok(wait)
            }
            Err(_) if attempts == 1 => Err(first),
            Err(_) => {
                let why = format!("the rest was asked for {} times, and not a byte of it came", attempts - 1);
                Err(first.unresumed(None, &why))
            }
        }
    }

    /// The error of a body whose rest cannot be had.
    fn give_up(self, kind: Option<ErrorKind>, why: &str) -> Error {
        let first = self.first.unwrap_or_else(|| {
            let name = self.fetch.operation().name();
            Error::new(ErrorKind::Interrupted, "the server sent a part of the body").of_operation(name)
        });
        first.unresumed(kind, why)
    }
}

/// Asks for the rest after a wait, and makes the source of it that goes on where the last one ended.
pub(super) async fn ask(
    mut resume: Box<Resume>,
    decoder: Decoder,
    tap: Option<Box<Hasher>>,
    wait: Duration,
) -> Result<Box<Source>> {
    clock::sleep(wait).await;
    // Without a size nobody knows whether anything is missing. A byte that is here is there, so that the answer is a part
    // and can be held against the first; of nothing the server could only say so.
    let from = resume.position - u64::from(resume.known.total.is_none() && resume.position > 0);
    let mut headers = Vec::from(resume.known.ask(from, resume.until));
    headers.push((header::ACCEPT_ENCODING, resume.known.accept()));
    let asked = resume.fetch.fetch(Change { headers, ..Change::default() });
    let fetched = match asked.await {
        Ok(fetched) => fetched,
        Err(error) => {
            let gone = error.kind() == ErrorKind::Status(StatusCode::RANGE_NOT_SATISFIABLE.as_u16());
            let why = if gone {
                "it changed at the server meanwhile: it has no such bytes any more".to_owned()
            } else {
                format!("asking for the rest failed: {error}")
            };
            return Err(resume.give_up(gone.then_some(ErrorKind::Changed), &why));
        }
    };
    let mut stream = fetched.incoming.into_stream();
    let State::Reading(next) = std::mem::replace(&mut stream.state, State::Ended) else {
        return Err(resume.give_up(None, "the server answers without a body"));
    };
    let head = stream.head();
    match resume.known.continued(resume.position, head.status, &head.headers, next.announced) {
        Ok(Continued { skip, end, total }) => {
            (resume.skip, resume.end, resume.known.total) = (skip, end, total);
            let Source { body, patience, keeper, announced, .. } = *next;
            let source = Source::new(body, decoder, None, keeper);
            Ok(Box::new(Source { patience, announced, resume: Some(resume), tap, ..source }))
        }
        Err(mismatch) => {
            // The connection is not at fault, but nobody reads the rest.
            next.close().dropped(0, Duration::ZERO);
            Err(match mismatch {
                Mismatch::Changed(what) => {
                    let why = format!("it changed at the server meanwhile: {what}");
                    resume.give_up(Some(ErrorKind::Changed), &why)
                }
                Mismatch::Wrong(what) => resume.give_up(None, what),
            })
        }
    }
}
