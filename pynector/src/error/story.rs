//! What an error tells of the attempts behind it.

use std::fmt::{self, Write as _};
use std::time::Duration;

use super::ErrorKind;

/// At most so many characters of a decoder's complaint are kept.
const QUOTED: usize = 200;

/// One of the five clocks of a call (TMO-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Clock {
    /// Making a connection, name resolution and TLS included.
    Connect,
    /// One attempt: connection, request, response head and buffered body.
    Attempt,
    /// The stall until the next piece of a request body is taken.
    Write,
    /// The silence between two chunks of a response body, or before its head.
    Read,
    /// The whole call: all attempts and all waits.
    Deadline,
}

/// Why no further attempt was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StopReason {
    /// `max_retries` were made.
    Exhausted,
    /// The next wait would not end before the deadline.
    Deadline,
    /// The request may have been processed, and sending it again might do its work twice.
    NotReplayable,
    /// The body of the request is a stream, which is read once, and may have been read from (BOD-2).
    BodyNotReplayable,
    /// Another attempt would not help.
    NotRetryable,
    /// Retry is switched off.
    Off,
    /// The circuit opened meanwhile.
    CircuitOpen,
    /// The rate limit has room only after the deadline (RTL-2).
    RateLimited,
    /// No place in the limit of attempts in flight became free (BLK-1).
    QueueFull,
    /// The retry budget of the host is used up (BUD-5).
    Budget,
    /// The server asked to wait longer than `max_retry_after` or the deadline allows (RA-4).
    RetryAfterTooLong,
    /// The body of the answer was being handed out as a stream.
    Streamed,
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exhausted => "retries exhausted",
            Self::Deadline => "no time left before the deadline",
            Self::NotReplayable => "the request is not safe to repeat",
            Self::BodyNotReplayable => "the stream of the body cannot be sent again",
            Self::NotRetryable => "a retry would not help",
            Self::Off => "retry is off",
            Self::CircuitOpen => "the circuit opened",
            Self::RateLimited => "the rate limit has no room before the deadline",
            Self::QueueFull => "too many attempts are in flight",
            Self::Budget => "retry budget",
            Self::RetryAfterTooLong => "the server asks for a longer wait than allowed",
            Self::Streamed => "the body was already being handed out",
        })
    }
}

/// One attempt of a call that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptRecord {
    /// How the attempt ended.
    pub kind: ErrorKind,
    /// How long it took.
    pub elapsed: Duration,
    /// How long the call waited after it before the next one.
    pub waited: Duration,
}

impl AttemptRecord {
    pub(crate) const fn new(kind: ErrorKind, elapsed: Duration) -> Self {
        Self { kind, elapsed, waited: Duration::ZERO }
    }
}

/// The attempts behind an error.
#[derive(Clone, Default)]
pub(crate) struct Story {
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) stop: Option<StopReason>,
    /// At most [`HISTORY_LIMIT`](super::HISTORY_LIMIT) of them.
    pub(crate) history: Vec<AttemptRecord>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) retry_in: Option<Duration>,
    pub(crate) retryable: bool,
    pub(crate) sent: bool,
}

impl Story {
    fn ended_by_deadline(&self) -> bool {
        self.history.last().is_some_and(|attempt| attempt.kind == ErrorKind::Deadline)
    }

    pub(super) fn describe(&self, out: &mut fmt::DebugStruct<'_, '_>) {
        out.field("attempts", &self.attempts).field("elapsed", &self.elapsed);
        out.field("sent", &self.sent).field("retryable", &self.retryable);
        if let Some(stop) = &self.stop {
            out.field("stopped", stop);
        }
        if let Some(asked) = &self.retry_after {
            out.field("retry_after", asked);
        }
        if let Some(left) = &self.retry_in {
            out.field("retry_in", left);
        }
        if !self.history.is_empty() {
            out.field("history", &self.history);
        }
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.attempts > 1 {
            write!(f, " after {} attempts in {}", self.attempts, Seconds(self.elapsed))?;
        }
        if let Some(asked) = self.retry_after {
            write!(f, ", the server asks to wait {}", Seconds(asked))?;
        }
        match self.stop {
            // Nobody expects a second attempt of a 404, and saying why there was none is noise.
            None | Some(StopReason::NotRetryable | StopReason::Off) => Ok(()),
            // The message itself says that the deadline passed.
            Some(StopReason::Deadline) if self.ended_by_deadline() => Ok(()),
            Some(stop) => write!(f, " (stopped: {stop})"),
        }
    }
}

/// Passes text on in one line and up to a length: causes quote what a server sent, line breaks and all.
pub(super) struct OneLine<'a, W> {
    pub(super) out: &'a mut W,
    /// How many characters there is room for.
    pub(super) room: usize,
}

impl<W: fmt::Write> fmt::Write for OneLine<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match self.room {
                0 => return Ok(()),
                1 => self.out.write_char('\u{2026}')?,
                _ if character.is_control() => write!(self.out, "{}", character.escape_default())?,
                _ => self.out.write_char(character)?,
            }
            self.room -= 1;
        }
        Ok(())
    }
}

/// What serde says, without the most of the text or the key from the body that it quotes whole.
pub(crate) fn bounded(error: &serde_json::Error) -> String {
    let (what, place) = complaint(error);
    what + &place
}

/// The same in two: what is wrong, and ` at line .. column ..` where that is known.
pub(crate) fn complaint(error: &serde_json::Error) -> (String, String) {
    let (what, place) = split(error);
    (quoted(&what), place)
}

/// What serde says of what is no JSON and has no lines.
pub(crate) fn unplaced(error: &serde_json::Error) -> String {
    split(error).0
}

fn split(error: &serde_json::Error) -> (String, String) {
    let (mut what, mut place) =
        (error.to_string(), format!(" at line {} column {}", error.line(), error.column()));
    match what.strip_suffix(&place).map(str::len) {
        Some(end) => what.truncate(end),
        None => place.clear(),
    }
    (what, place)
}

/// One line of a text that may quote a whole body.
pub(crate) fn quoted(what: &str) -> String {
    let mut short = String::new();
    // Writing to a `String` cannot fail.
    let _ = OneLine { out: &mut short, room: QUOTED }.write_str(what);
    short
}

/// A duration as a person writes it: `350 ms`, `1.2 s`.
pub(crate) struct Seconds(pub(crate) Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs_f64();
        if seconds < 1.0 {
            write!(f, "{} ms", self.0.as_millis())
        } else if seconds < 10.0 && self.0.subsec_millis() >= 50 {
            write!(f, "{seconds:.1} s")
        } else {
            write!(f, "{seconds:.0} s")
        }
    }
}
