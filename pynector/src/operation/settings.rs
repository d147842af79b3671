//! One rung of the ladder as data, how rungs merge, and what a call goes by at last.

use serde::{Deserialize, Serialize};

use crate::policy::Invalid;
use crate::policy::breaker::{Breaker, ResolvedBreaker};
use crate::policy::bulkhead::{MaxInFlight, ResolvedMaxInFlight};
use crate::policy::deadline::{ResolvedTimeouts, Timeouts};
use crate::policy::hedge::{Hedge, ResolvedHedge};
use crate::policy::limit::{RateLimit, ResolvedRateLimit};
use crate::policy::redirect::{RedirectRules, Redirects};
use crate::policy::retry::{ResolvedRetry, RetryPolicy};
use crate::policy::status::StatusCodes;
use crate::request::coding::Compress;

/// One rung of the ladder: what a level says, and nothing of what it leaves open (DESIGN: one ladder for all settings).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: RetryPolicy,
    pub(crate) breaker: Breaker,
    pub(crate) rate_limit: RateLimit,
    pub(crate) max_in_flight: MaxInFlight,
    pub(crate) hedge: Hedge,
    pub(crate) redirects: Redirects,
    pub(crate) max_body: Option<u64>,
    pub(crate) decompress: Option<bool>,
    pub(crate) compress: Option<Compress>,
    pub(crate) any_origin: Option<AnyOrigin>,
}

/// What one call goes by, every question answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resolved {
    pub(crate) timeouts: ResolvedTimeouts,
    pub(crate) retry: ResolvedRetry,
    pub(crate) breaker: ResolvedBreaker,
    pub(crate) rate_limit: Option<ResolvedRateLimit>,
    pub(crate) max_in_flight: Option<ResolvedMaxInFlight>,
    /// Instead of retries.
    pub(crate) hedge: Option<ResolvedHedge>,
    pub(crate) max_redirects: u32,
    pub(crate) redirect_rules: RedirectRules,
    pub(crate) max_body: u64,
    pub(crate) decompress: bool,
    pub(crate) compress: Compress,
    pub(crate) any_origin: AnyOrigin,
    /// Statuses below this are successes.
    pub(crate) success_below: u16,
    /// These are successes without a value.
    pub(crate) none_on: StatusCodes,
    /// Whether a call that would fail by its status alone is a success.
    pub(crate) any_status: bool,
    /// Whether an attempt reads the body of a success; if not, it ends with the head, and the body is a stream.
    pub(crate) buffered: bool,
}

impl Resolved {
    /// Whether a final status is a success by itself.
    pub(crate) const fn is_success(&self, status: u16) -> bool {
        (200 <= status && status < self.success_below) || self.none_on.contains(status)
    }
}

/// Whether a message may name an absolute URL of another origin than the base URL, and what such a request carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AnyOrigin {
    /// It may not.
    #[default]
    Refused,
    /// It may. The request carries the headers of the message, and of the others only those that a redirect would carry:
    /// `accept`, `accept-encoding`, `accept-language`, `content-type`, `range`, `if-range` and `user-agent`.
    Bare,
    /// It may, and the request carries every header, as the specification's (httpx's) does.
    ///
    /// **Your credentials go wherever a message says.** Whoever decides over the URL of a message, such as a server whose
    /// links you follow, can have them sent to a host of their own.
    WithHeaders,
}

impl From<bool> for AnyOrigin {
    /// `true` is [`AnyOrigin::Bare`].
    fn from(any: bool) -> Self {
        if any { Self::Bare } else { Self::Refused }
    }
}

/// 64 MiB: larger than any sane API answer, smaller than what hurts.
const MAX_BODY: u64 = 64 << 20;

/// Nothing said; the defaults of the policies themselves say everything.
impl Default for Settings {
    fn default() -> Self {
        Self::new()
    }
}

impl Settings {
    pub(crate) const fn new() -> Self {
        Self {
            timeouts: Timeouts::new(),
            retry: RetryPolicy::new(),
            breaker: Breaker::new(),
            rate_limit: RateLimit::UNSAID,
            max_in_flight: MaxInFlight::UNSAID,
            hedge: Hedge::UNSAID,
            redirects: Redirects { follow: None, max: None, rules: None },
            max_body: None,
            decompress: None,
            compress: None,
            any_origin: None,
        }
    }

    /// What is said here, and the rest of `weaker`.
    pub(crate) fn over(&self, weaker: &Self) -> Self {
        Self {
            timeouts: self.timeouts.over(weaker.timeouts),
            retry: self.retry.over(if self.hedge.is_on() {
                weaker.retry.below_hedging()
            } else {
                weaker.retry
            }),
            breaker: self.breaker.over(weaker.breaker),
            rate_limit: self.rate_limit.over(weaker.rate_limit),
            max_in_flight: self.max_in_flight.over(weaker.max_in_flight),
            // The nearer level decides which of the two there is.
            hedge: self.hedge.over(if self.retry.is_on() { Hedge::off() } else { weaker.hedge }),
            redirects: self.redirects.over(weaker.redirects),
            max_body: self.max_body.or(weaker.max_body),
            decompress: self.decompress.or(weaker.decompress),
            compress: self.compress.or(weaker.compress),
            any_origin: self.any_origin.or(weaker.any_origin),
        }
    }

    /// Checks this level alone (CFG-1).
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        self.timeouts.validate()?;
        self.retry.validate()?;
        self.breaker.validate()?;
        self.rate_limit.validate()?;
        self.max_in_flight.validate()?;
        self.hedge.validate()?;
        self.compress.unwrap_or(Compress::NOT).coding().validate()?;
        let both = self.hedge.is_on() && self.retry.is_on();
        Invalid::unless(!both, "hedge", &"beside retry", "stand instead of `retry`: a call has one of them")?;
        Invalid::unless(self.max_body != Some(0), "max_body", &0, "leave room for a byte")
    }

    /// Checks the rung of one operation: what calls share belongs to their host or to a group, so that one operation has
    /// numbers for a group alone.
    pub(crate) fn validate_for_operation(&self) -> Result<(), Invalid> {
        self.validate()?;
        let shared = [
            (self.breaker.in_group(), self.breaker.validate_for_calls()),
            (self.rate_limit.in_group(), self.rate_limit.validate_for_calls()),
            (self.max_in_flight.in_group(), self.max_in_flight.validate_for_calls()),
        ];
        for (in_group, for_calls) in shared {
            if let (false, Err(Invalid { field, value, .. })) = (in_group, for_calls) {
                let rule = "name a group at an operation, since its host's belong to other operations too";
                return Err(Invalid { field, value, rule });
            }
        }
        Ok(())
    }

    pub(crate) fn resolve(&self) -> Resolved {
        Resolved {
            timeouts: self.timeouts.resolve(),
            retry: self.retry.resolve(),
            breaker: self.breaker.resolve(),
            rate_limit: self.rate_limit.resolve(),
            max_in_flight: self.max_in_flight.resolve(),
            hedge: self.hedge.resolve(),
            max_redirects: self.redirects.limit(),
            redirect_rules: self.redirects.rules(),
            max_body: self.max_body.unwrap_or(MAX_BODY),
            decompress: self.decompress.unwrap_or(true),
            compress: self.compress.unwrap_or(Compress::NOT),
            any_origin: self.any_origin.unwrap_or_default(),
            success_below: 300,
            none_on: StatusCodes::empty(),
            any_status: false,
            buffered: true,
        }
    }
}

/// The setters of one rung, for whoever holds one as a constant and has `rung` and `with`.
macro_rules! constant_rung {
    () => {
        /// The clocks; like each of these setters, it replaces what the constant said of them before.
        pub const fn timeouts(self, timeouts: Timeouts) -> Self {
            let rung = Settings { timeouts, ..self.rung() };
            self.with(&rung)
        }

        /// The retry policy.
        pub const fn retry(self, retry: RetryPolicy) -> Self {
            let rung = Settings { retry, ..self.rung() };
            self.with(&rung)
        }

        /// The circuit breaker of the host, or of a group of its own.
        pub const fn breaker(self, breaker: Breaker) -> Self {
            let rung = Settings { breaker, ..self.rung() };
            self.with(&rung)
        }

        /// The rate limit of the host, or of a group of its own.
        pub const fn rate_limit(self, rate_limit: RateLimit) -> Self {
            let rung = Settings { rate_limit, ..self.rung() };
            self.with(&rung)
        }

        /// How many attempts to the host, or of a group of its own, may be in flight at once.
        pub const fn max_in_flight(self, max_in_flight: MaxInFlight) -> Self {
            let rung = Settings { max_in_flight, ..self.rung() };
            self.with(&rung)
        }

        /// Hedging, which stands instead of retries.
        pub const fn hedge(self, hedge: Hedge) -> Self {
            let rung = Settings { hedge, ..self.rung() };
            self.with(&rung)
        }

        /// Whether redirects are followed. Default true.
        pub const fn follow_redirects(self, follow: bool) -> Self {
            let mut rung = self.rung();
            rung.redirects.follow = Some(follow);
            self.with(&rung)
        }

        /// How many redirects one call follows; 0 is none. Default 10.
        pub const fn max_redirects(self, hops: u32) -> Self {
            let mut rung = self.rung();
            rung.redirects.max = Some(hops);
            self.with(&rung)
        }

        /// The largest response body, decompressed, in bytes; `u64::MAX` is no limit. Default 64 MiB.
        pub const fn max_body(self, bytes: u64) -> Self {
            let rung = Settings { max_body: Some(bytes), ..self.rung() };
            self.with(&rung)
        }

        /// Whether compressed answers are asked for and decompressed. Default true.
        pub const fn decompress(self, decompress: bool) -> Self {
            let rung = Settings { decompress: Some(decompress), ..self.rung() };
            self.with(&rung)
        }

        /// How request bodies are compressed that are worth it. Default [`ContentCoding::Identity`]: not at all.
        pub const fn compress(self, coding: ContentCoding) -> Self {
            let rung = Settings { compress: Some(Compress::by(coding)), ..self.rung() };
            self.with(&rung)
        }

        /// Whether an absolute URL may name another origin than the base URL, and what such a request carries.
        /// Default [`AnyOrigin::Refused`].
        pub const fn any_origin(self, any: AnyOrigin) -> Self {
            let rung = Settings { any_origin: Some(any), ..self.rung() };
            self.with(&rung)
        }
    };
}

pub(super) use constant_rung;
