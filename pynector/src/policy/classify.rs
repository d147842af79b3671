//! The two tables of the runtime: what may be tried again, and what counts against a circuit.

use std::time::Duration;

use super::Rules;
use super::retry::ResolvedRetry;

/// How many times one call is re-sent because the protocol said that it was not processed (BUD-9).
pub(crate) const MAX_NACKS: u32 = 2;

/// How far an attempt came, which decides whether it may be repeated (§2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Nothing reached the server's application.
    NotSent,
    /// The server says that it did not act on the request.
    NotProcessed,
    /// The server may have acted on the request.
    Unknown,
    /// An answer came back.
    Responded,
    /// The head of an answer came back, its body broke.
    BodyFailed,
    /// The answer came back whole and did not fit its type.
    Decoded,
    /// This side stopped before anything was sent.
    Local,
}

/// Why an attempt brought no whole response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// The host name has no address.
    Dns,
    /// The server's machine refused the connection.
    Refused,
    /// No connection for another reason, a broken TLS handshake among them.
    Connect,
    /// No connection within the `connect` time.
    ConnectTimeout,
    /// TLS refused the peer: its certificate is rejected, or it does not speak TLS.
    Tls,
    /// The proxy would not open a tunnel to the server.
    Proxy,
    /// The proxy wants credentials, or other ones.
    ProxyAuth,
    /// The connection closed before the request was handed to it.
    Canceled,
    /// HTTP/2 said that the stream was not processed: `REFUSED_STREAM`, or `GOAWAY` with `NO_ERROR`.
    Nack,
    /// The connection broke while the request was under way.
    Interrupted,
    /// No whole answer within the `attempt` time.
    AttemptTimeout,
    /// Nothing came for the `read` time.
    ReadTimeout,
    /// No piece of the request body was taken for the `write` time.
    WriteTimeout,
    /// The body ended early or broke.
    BodyInterrupted,
    /// The body is longer than `max_body`.
    BodyTooLarge,
    /// The answer was not HTTP.
    Protocol,
    /// The request could not be built.
    Request,
    /// The source of the request body failed, or gave less than it had announced.
    RequestBody,
}

impl Failure {
    /// How far the attempt came.
    pub const fn stage(self) -> Stage {
        match self {
            Self::Dns
            | Self::Refused
            | Self::Connect
            | Self::ConnectTimeout
            | Self::Tls
            | Self::Proxy
            | Self::ProxyAuth
            | Self::Canceled => Stage::NotSent,
            Self::Nack => Stage::NotProcessed,
            Self::Interrupted
            | Self::AttemptTimeout
            | Self::ReadTimeout
            | Self::WriteTimeout
            | Self::Protocol
            | Self::RequestBody => Stage::Unknown,
            Self::BodyInterrupted | Self::BodyTooLarge => Stage::BodyFailed,
            Self::Request => Stage::Local,
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A whole response with this status came back.
    Status(u16),
    /// None did.
    Failed(Failure),
}

impl Outcome {
    /// How far the attempt came. 421, 425 and 429 say that the request was not processed (§2.1).
    pub const fn stage(self) -> Stage {
        match self {
            Self::Status(421 | 425 | 429) => Stage::NotProcessed,
            Self::Status(_) => Stage::Responded,
            Self::Failed(failure) => failure.stage(),
        }
    }
}

/// Whether an attempt may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryVerdict {
    /// Yes, as one of `max_retries`.
    Retry,
    /// Yes, uncounted: at most [`MAX_NACKS`] times, the first time without delay.
    Nack,
    /// No.
    No(WhyNot),
}

/// Why an attempt may not be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhyNot {
    /// Another attempt would not end differently.
    NotRetryable,
    /// Another attempt might do the same thing twice.
    NotReplayable,
    /// The body can be read once, and what there was of it may be gone.
    BodyNotReplayable,
}

impl RetryVerdict {
    /// What becomes of it where the body can be read once: `spent` says whether somebody began to (BOD-2).
    pub(crate) fn with_one_shot(self, outcome: Outcome, spent: bool) -> Self {
        let untouched = matches!(outcome.stage(), Stage::NotSent) && !spent;
        match self {
            Self::Retry | Self::Nack if !untouched => Self::No(WhyNot::BodyNotReplayable),
            verdict => verdict,
        }
    }
}

/// Whether a request of this method may be sent twice without another effect (RFC 9110 §9.2.2).
pub(crate) const fn replayable_method(method: &str) -> bool {
    // As bytes, since a constant cannot compare texts.
    matches!(method.as_bytes(), b"GET" | b"HEAD" | b"OPTIONS" | b"TRACE" | b"PUT" | b"DELETE" | b"QUERY")
}

/// The retry matrix of §2.1, or that of `spec()`.
///
/// `replayable`: by its method, by `idempotent`, or by an idempotency key. `policy.enabled` plays no part, so that
/// the answer also serves `is_retryable()` of a call that has retry off.
pub(crate) fn verdict(outcome: Outcome, replayable: bool, policy: &ResolvedRetry) -> RetryVerdict {
    match policy.rules {
        Rules::Matrix => matrix(outcome, replayable || policy.any_method, policy),
        Rules::Spec if spec_retries(outcome, policy) => RetryVerdict::Retry,
        Rules::Spec => RetryVerdict::No(WhyNot::NotRetryable),
    }
}

/// The same where the program says that the outcome is worth another attempt: whether one may do harm is asked all the same.
pub(crate) fn verdict_of_worthwhile(
    outcome: Outcome,
    replayable: bool,
    policy: &ResolvedRetry,
) -> RetryVerdict {
    let told = matches!(outcome.stage(), Stage::NotSent | Stage::NotProcessed);
    match verdict(outcome, replayable, policy) {
        RetryVerdict::No(WhyNot::NotRetryable) if replayable || policy.any_method || told => {
            RetryVerdict::Retry
        }
        RetryVerdict::No(WhyNot::NotRetryable) => RetryVerdict::No(WhyNot::NotReplayable),
        verdict => verdict,
    }
}

fn matrix(outcome: Outcome, replayable: bool, policy: &ResolvedRetry) -> RetryVerdict {
    let worth_it = match outcome {
        Outcome::Failed(Failure::Nack) => return RetryVerdict::Nack,
        Outcome::Status(status) => policy.status_codes.contains(status),
        Outcome::Failed(failure) => {
            use Failure::{BodyTooLarge, Protocol, ProxyAuth, Request, RequestBody, Tls};
            !matches!(failure, Tls | ProxyAuth | Protocol | BodyTooLarge | Request | RequestBody)
        }
    };
    let harmless = replayable || matches!(outcome.stage(), Stage::NotSent | Stage::NotProcessed);
    match (worth_it, harmless) {
        (false, _) => RetryVerdict::No(WhyNot::NotRetryable),
        (true, false) => RetryVerdict::No(WhyNot::NotReplayable),
        (true, true) => RetryVerdict::Retry,
    }
}

/// Cannot connect, read or write timed out, or a status of the set; neither the connect timeout nor a proxy that refuses
/// is among them (httpx: `ConnectTimeout`, `ProxyError`).
fn spec_retries(outcome: Outcome, policy: &ResolvedRetry) -> bool {
    match outcome {
        Outcome::Status(status) => policy.status_codes.contains(status),
        Outcome::Failed(failure) => matches!(
            failure,
            Failure::Dns
                | Failure::Refused
                | Failure::Connect
                | Failure::Tls
                | Failure::AttemptTimeout
                | Failure::ReadTimeout
                | Failure::WriteTimeout
        ),
    }
}

/// What an outcome says about the health of a server (BRK-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The server is well.
    Success,
    /// The server is ill.
    Failure,
    /// Nothing.
    Neutral,
    /// Nothing, but somebody answers (a 4xx): the third neutral probe in a row that says so closes a circuit.
    Alive,
}

/// The table of BRK-2, or that of `spec()`.
pub(crate) fn breaker_verdict(outcome: Outcome, rules: Rules) -> Verdict {
    match outcome {
        Outcome::Status(status) => status_verdict(status, rules),
        Outcome::Failed(Failure::Request | Failure::RequestBody | Failure::BodyTooLarge) => Verdict::Neutral,
        Outcome::Failed(Failure::Tls | Failure::ProxyAuth | Failure::Nack) if rules == Rules::Matrix => {
            Verdict::Neutral
        }
        Outcome::Failed(_) => Verdict::Failure,
    }
}

fn status_verdict(status: u16, rules: Rules) -> Verdict {
    match (status, rules) {
        (..=399, _) => Verdict::Success,
        (408, Rules::Matrix) => Verdict::Failure,
        (400..=499, _) => Verdict::Alive,
        (501 | 505, Rules::Matrix) => Verdict::Neutral,
        // A status above 599 is to be treated as a 5xx (RFC 9110 §15).
        (500.., _) => Verdict::Failure,
    }
}

/// What an attempt says that its caller gave up after `elapsed` (BRK-2).
///
/// An impatient caller says nothing; one that waited for half the `attempt` time met a server that hangs.
pub(crate) fn abandoned(elapsed: Duration, attempt: Option<Duration>) -> Verdict {
    if attempt.is_some_and(|attempt| elapsed >= attempt / 2) { Verdict::Failure } else { Verdict::Neutral }
}

/// What a stream says that its caller dropped while it waited `silent` for the next piece.
///
/// The head was a success and the pieces came, unless the server hangs (BRK-2, BOD-8).
pub(crate) fn left_early(silent: Duration, read: Option<Duration>) -> Verdict {
    match abandoned(silent, read) {
        Verdict::Failure => Verdict::Failure,
        _ => Verdict::Success,
    }
}

#[cfg(test)]
mod tests;
