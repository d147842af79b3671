//! Settings and headers as a program gives them: for a whole client, or for one call.

use std::fmt;

use http::{HeaderValue, Uri};

use crate::error::{Error, Result};
use crate::operation::{Operation, Settings};
use crate::request::header::{Headers, parse_name, parse_value};
use crate::response::pages::{PageCursor, step};

/// One rung of the ladder as a program sets it; the first bad value is kept until somebody can return it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Level {
    pub(crate) settings: Settings,
    pub(crate) headers: Headers,
    error: Option<Bad>,
}

/// What makes the error again, since an error cannot be cloned.
#[derive(Clone, Debug)]
struct Bad {
    field: &'static str,
    value: String,
    rule: &'static str,
}

const NAME_RULE: &str = "be a header name (RFC 9110 \u{a7}5.1), and none of `content-length`, `transfer-encoding` and \
                         `connection`, which the client writes itself";

impl Level {
    pub(crate) fn header(&mut self, name: &str, value: &str) {
        match (parse_name(name), parse_value(name, value)) {
            (Ok(name), Ok(value)) => self.headers.set(name, value),
            (Err(_), _) => self.refuse("headers", format!("{name:?}"), NAME_RULE),
            (_, Err(_)) => {
                self.refuse(
                    "headers",
                    format!("the value of {name:?}"),
                    "be printable ASCII without line breaks",
                );
            }
        }
    }

    /// A header whose value was checked and must not be shown.
    pub(crate) fn secret(&mut self, name: &str, value: Result<HeaderValue>) {
        match (parse_name(name), value) {
            (Ok(name), Ok(value)) => self.headers.set(name, value),
            (Err(_), _) => self.refuse("headers", format!("{name:?}"), NAME_RULE),
            (_, Err(_)) => {
                let rule = "be printable ASCII without line breaks, and a user without a colon";
                self.refuse("credentials", "hidden".to_owned(), rule);
            }
        }
    }

    pub(crate) fn refuse(&mut self, field: &'static str, value: String, rule: &'static str) {
        self.error.get_or_insert(Bad { field, value, rule });
    }

    /// Checks what was set here (CFG-1).
    ///
    /// # Errors
    ///
    /// Kind `Config`, with the setting and the rule that it breaks.
    pub(crate) fn validate(&self) -> Result<()> {
        if let Some(Bad { field, value, rule }) = &self.error {
            return Err(Error::config(*field, value, *rule));
        }
        self.settings.validate().map_err(Error::from)
    }

    /// What is said here, and the rest of `weaker`.
    pub(crate) fn over(&self, weaker: &Self) -> Self {
        let mut headers = self.headers.clone();
        headers.fall_back_to(&weaker.headers);
        let error = self.error.clone().or_else(|| weaker.error.clone());
        Self { settings: self.settings.over(&weaker.settings), headers, error }
    }
}

/// Settings for single calls, the strongest rung of the ladder.
///
/// ```no_run
/// # use std::time::Duration;
/// use pynector::{CallOptions, Timeouts};
///
/// # fn patient(transport: &pynector::HttpTransport) -> pynector::HttpTransport {
/// let patient = Timeouts::new().attempt(Duration::from_secs(120)).deadline(Duration::from_secs(300));
/// transport.with_options(CallOptions::new().timeouts(patient).header("x-trace", "abc"))
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct CallOptions(pub(crate) Level, Option<Resumption>);

/// The page to start at, and how: a program that resumes nothing has none of that code.
#[derive(Clone)]
struct Resumption {
    cursor: PageCursor,
    resume: fn(&Operation, &PageCursor, &Uri) -> Result<Uri>,
}

impl fmt::Debug for Resumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.cursor, f)
    }
}

impl CallOptions {
    /// Nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts at this page instead of the first one: what [`Pages::cursor`](crate::Pages::cursor) gave, to this process or
    /// to another one. The rest of the call is given as it was the first time.
    ///
    /// A URL in it must be of the origin of the call. A call whose operation pages in another way, or not at all, is an
    /// error of kind [`Request`](crate::ErrorKind::Request), and nothing is sent.
    ///
    /// ```no_run
    /// # use pynector::{CallOptions, HttpTransport, Operation, OperationRules, Pages, Paginate, Result};
    /// # const ROWS: Operation = Operation::get("Rows", "/rows")
    /// #     .rules(&OperationRules::new().paginate(Paginate::cursor("next", "after")));
    /// # async fn run(transport: &HttpTransport, saved: &str) -> Result<()> {
    /// let options = CallOptions::new().resume_at(saved.parse()?);
    /// let rows: Pages<u64> = transport.with_options(options).call(&ROWS).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn resume_at(mut self, cursor: PageCursor) -> Self {
        self.1 = Some(Resumption { cursor, resume: step::resume });
        self
    }

    /// The URL of the page to start at, if that is not the first of those that `asked` is one of.
    pub(crate) fn resumed(&self, operation: &Operation, asked: &Uri) -> Option<Result<Uri>> {
        self.1.as_ref().map(|Resumption { cursor, resume }| resume(operation, cursor, asked))
    }

    /// What is said here, and the rest of `weaker`, if that says anything.
    pub(crate) fn over(self, weaker: Option<&Self>) -> Self {
        let Some(weaker) = weaker else { return self };
        Self(self.0.over(&weaker.0), self.1.or_else(|| weaker.1.clone()))
    }

    /// Checks what was set here.
    ///
    /// # Errors
    ///
    /// Kind `Config`; a breaker, a rate limit or a limit of calls in flight with numbers is one too, since other calls share
    /// them.
    pub(crate) fn validate(&self) -> Result<()> {
        self.0.validate()?;
        let settings = &self.0.settings;
        settings.breaker.validate_for_calls()?;
        settings.rate_limit.validate_for_calls()?;
        settings.max_in_flight.validate_for_calls().map_err(Error::from)
    }
}

/// The methods that set one rung, for whoever holds one.
macro_rules! rung_methods {
    ($level:tt) => {
        /// Bounds an attempt; the key `timeout` (see [`Timeouts`](crate::Timeouts::timeout)). The deadline, 60 s
        /// unless a level says otherwise, holds all the same.
        pub fn timeout(self, limit: std::time::Duration) -> Self {
            self.timeouts($crate::Timeouts::new().timeout(limit))
        }

        /// Sets the clocks that are set in `timeouts`; the others stay as they are.
        pub fn timeouts(mut self, timeouts: $crate::Timeouts) -> Self {
            let settings = &mut self.$level.settings;
            settings.timeouts = timeouts.over(settings.timeouts);
            self
        }

        /// Sets the fields that are set in `policy`; the others stay as they are.
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            let settings = &mut self.$level.settings;
            settings.retry = policy.over(settings.retry);
            self
        }

        /// Sets the fields that are set in `breaker`; the others stay as they are.
        pub fn breaker(mut self, breaker: $crate::Breaker) -> Self {
            let settings = &mut self.$level.settings;
            settings.breaker = breaker.over(settings.breaker);
            self
        }

        /// Sets the fields that are set in `limit`; the others stay as they are.
        pub fn rate_limit(mut self, limit: $crate::RateLimit) -> Self {
            let settings = &mut self.$level.settings;
            settings.rate_limit = limit.over(settings.rate_limit);
            self
        }

        /// Sets the fields that are set in `limit`; the others stay as they are.
        pub fn max_in_flight(mut self, limit: $crate::MaxInFlight) -> Self {
            let settings = &mut self.$level.settings;
            settings.max_in_flight = limit.over(settings.max_in_flight);
            self
        }

        /// Hedging, which stands instead of retries; the two at one level are an error.
        pub fn hedge(mut self, hedge: $crate::Hedge) -> Self {
            let settings = &mut self.$level.settings;
            settings.hedge = hedge.over(settings.hedge);
            self
        }

        /// Whether redirects are followed. Default true.
        pub fn follow_redirects(mut self, follow: bool) -> Self {
            self.$level.settings.redirects.follow = Some(follow);
            self
        }

        /// Which request follows a redirect. Default [`RedirectRules::Strict`](crate::RedirectRules::Strict).
        pub fn redirect_rules(mut self, rules: $crate::RedirectRules) -> Self {
            self.$level.settings.redirects.rules = Some(rules);
            self
        }

        /// How many redirects one call follows; 0 is none. Default 10, and 20 by
        /// [`RedirectRules::Spec`](crate::RedirectRules::Spec).
        pub fn max_redirects(mut self, hops: u32) -> Self {
            self.$level.settings.redirects.max = Some(hops);
            self
        }

        /// The largest response body, decompressed, in bytes; `u64::MAX` is no limit. Default 64 MiB.
        pub fn max_body(mut self, bytes: u64) -> Self {
            self.$level.settings.max_body = Some(bytes);
            self
        }

        /// How request bodies are compressed. Default [`ContentCoding::Identity`](crate::ContentCoding::Identity): not at all.
        ///
        /// A whole body below 1 KiB, one that does not become smaller, and a request that has a `content-encoding` already are
        /// sent as they are. A coding whose feature is off is an error of kind [`Config`](crate::ErrorKind::Config).
        pub fn compress(mut self, coding: $crate::ContentCoding) -> Self {
            self.$level.settings.compress = Some($crate::request::coding::Compress::by(coding));
            self
        }

        /// Whether compressed answers are asked for and decompressed. Default true.
        pub fn decompress(mut self, decompress: bool) -> Self {
            self.$level.settings.decompress = Some(decompress);
            self
        }

        /// Whether a message may name an absolute URL of another origin than the base URL, and what such a request
        /// carries. Default false; true is [`AnyOrigin::Bare`](crate::AnyOrigin::Bare).
        pub fn any_origin(mut self, any: impl Into<$crate::AnyOrigin>) -> Self {
            self.$level.settings.any_origin = Some(any.into());
            self
        }

        /// Sends a header; it replaces one of this name from a weaker level, or set here before.
        ///
        /// A name or value that is none is an error when the client is built, or when the call is made.
        pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
            self.$level.header(name.as_ref(), value.as_ref());
            self
        }

        /// Sends `authorization: Bearer …`; the token is never shown.
        pub fn bearer(mut self, token: impl $crate::auth::Credential) -> Self {
            self.$level.secret("authorization", $crate::auth::bearer(token));
            self
        }

        /// Sends `authorization: Basic …`; the password is never shown.
        pub fn basic(mut self, credentials: impl $crate::auth::BasicCredentials) -> Self {
            self.$level.secret("authorization", $crate::auth::basic(credentials));
            self
        }

        /// Sends a key in a header such as `x-api-key`; it is never shown.
        pub fn api_key(mut self, header: impl AsRef<str>, key: impl $crate::auth::Credential) -> Self {
            let value = $crate::auth::api_key(header.as_ref(), key);
            self.$level.secret(header.as_ref(), value);
            self
        }
    };
}

pub(crate) use rung_methods;

/// The fields of the retry policy under the names of the specification, beside `rung_methods`.
macro_rules! retry_methods {
    ($level:tt) => {
        /// How often a call is tried again after its first attempt. Default 3.
        pub fn max_retries(self, retries: u32) -> Self {
            self.retry($crate::RetryPolicy::new().max_retries(retries))
        }

        /// The first backoff in seconds; each further one is twice as long. Default 0.5.
        ///
        /// A number that is no duration is an error when the transport is built.
        pub fn retry_backoff_factor(mut self, seconds: f64) -> Self {
            match std::time::Duration::try_from_secs_f64(seconds) {
                Ok(backoff) => self.retry($crate::RetryPolicy::new().initial_backoff(backoff)),
                Err(_) => {
                    let rule = "be a number of seconds that is not negative";
                    self.$level.refuse("retry_backoff_factor", seconds.to_string(), rule);
                    self
                }
            }
        }

        /// The statuses that are tried again; an empty set switches retries by status off. Default 429, 500, 502–504.
        pub fn retry_status_codes(self, codes: $crate::StatusCodes) -> Self {
            self.retry($crate::RetryPolicy::new().status_codes(codes))
        }
    };
}

pub(crate) use retry_methods;

impl CallOptions {
    rung_methods!(0);
}
