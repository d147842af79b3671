//! Saying what is expected, how often, and what it gets.

use std::fmt;
use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};
use std::panic::Location;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;
use serde::Serialize;

use super::rules::BodyRule;
use super::verdict::Expected;
use super::{Reply, Shared, panic_with};
use crate::operation::Operation;
use crate::policy::classify::Failure;

/// What a [`MockTransport`](super::MockTransport) expects of some requests, and what they get.
///
/// It holds from the moment on when the mock's method returns; the methods here add to it. What is not asked for is not
/// looked at.
pub struct Expectation {
    shared: Arc<Shared>,
    index: usize,
}

/// Its name alone: what it expects may be a secret.
impl fmt::Debug for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.shared.state();
        let label = state.expectations().get(self.index).map(Expected::label);
        write!(f, "Expectation({})", label.unwrap_or_default())
    }
}

impl Expectation {
    #[track_caller]
    pub(super) fn new(shared: &Arc<Shared>, what: &str) -> Self {
        let at = Location::caller();
        let index = shared.state().expect(Expected::new(format!("{what} at {}:{}", at.file(), at.line())));
        Self { shared: Arc::clone(shared), index }
    }

    fn set(self, set: impl FnOnce(&mut Expected)) -> Self {
        self.shared.state().change(self.index, set);
        self
    }

    pub(super) fn named(self, operation: &str) -> Self {
        self.set(|expected| expected.rules.operation = Some(operation.to_owned()))
    }

    pub(super) fn target(self, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let mut this = self.path(path);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            this = this.query(&decoded(name), decoded(value));
        }
        this
    }

    /// Of this operation.
    pub fn of(self, operation: &Operation) -> Self {
        self.named(operation.name())
    }

    /// With this method.
    pub fn method(self, method: &str) -> Self {
        self.set(|expected| expected.rules.method = Some(method.to_owned()))
    }

    /// With this path, as it is sent: percent-encoded, the path of the base URL in front.
    pub fn path(self, path: &str) -> Self {
        self.set(|expected| expected.rules.path = Some(path.to_owned()))
    }

    /// With this parameter in the query; both texts are meant decoded. One of several values of a name is enough.
    pub fn query(self, name: &str, value: impl fmt::Display) -> Self {
        let value = Some(value.to_string());
        self.set(|expected| expected.rules.query.push((name.to_owned(), value)))
    }

    /// Without a parameter of this name in the query.
    pub fn no_query(self, name: &str) -> Self {
        self.set(|expected| expected.rules.query.push((name.to_owned(), None)))
    }

    /// With this header; one of several values of a name is enough.
    ///
    /// # Panics
    ///
    /// If the name or the value is none that a header can have.
    #[track_caller]
    pub fn header(self, name: &str, value: &str) -> Self {
        let (name, Ok(value)) = (header_name(name), HeaderValue::from_str(value)) else {
            panic_with(&format!("the value of {name:?} is not that of a header"));
        };
        self.set(|expected| expected.rules.headers.push((name, Some(value))))
    }

    /// Without a header of this name.
    ///
    /// # Panics
    ///
    /// If the name is none that a header can have.
    #[track_caller]
    pub fn no_header(self, name: &str) -> Self {
        let name = header_name(name);
        self.set(|expected| expected.rules.headers.push((name, None)))
    }

    /// With this field in a body that is a form; both texts are meant decoded. One of several values of a name is enough.
    pub fn form(self, name: &str, value: impl fmt::Display) -> Self {
        let value = Some(value.to_string());
        self.set(|expected| expected.rules.form.push((name.to_owned(), value)))
    }

    /// With this JSON body, whatever its spaces and the order of its members.
    ///
    /// # Panics
    ///
    /// If `value` cannot be written as JSON.
    #[track_caller]
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Self {
        self.json_body(value, true)
    }

    /// With a JSON body that has these members at least, and values in lists the same way.
    ///
    /// # Panics
    ///
    /// If `value` cannot be written as JSON.
    #[track_caller]
    pub fn json_with<T: Serialize + ?Sized>(self, value: &T) -> Self {
        self.json_body(value, false)
    }

    #[track_caller]
    fn json_body<T: Serialize + ?Sized>(self, value: &T, whole: bool) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => self.set(|expected| expected.rules.body = Some(BodyRule::Json { value, whole })),
            Err(error) => panic_with(&format!("the expected body cannot be written as JSON: {error}")),
        }
    }

    /// With this body, byte for byte; an empty one is none.
    pub fn body(self, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        self.set(|expected| expected.rules.body = Some(BodyRule::Bytes(bytes)))
    }

    /// What the next request gets; the last reply is repeated as [`times`](Self::times) allows. Without any, requests get
    /// an empty 200.
    pub fn reply(self, reply: impl Into<Reply>) -> Self {
        let reply = reply.into();
        self.set(|expected| expected.replies.push(reply))
    }

    /// The next request fails for this reason: [`Reply::fail`].
    pub fn fail(self, failure: Failure) -> Self {
        self.reply(Reply::fail(failure))
    }

    /// How many requests are expected: a number, or a range such as `2..`, `1..=3` or `..`. The default is as many as there
    /// are replies, and at least one where there is none.
    ///
    /// Each attempt of a call is a request, and so is each hop of a redirect.
    pub fn times(self, times: impl Into<Times>) -> Self {
        let times = times.into();
        self.set(|expected| expected.times = Some(times))
    }

    /// No request is expected: one that comes all the same fails.
    pub fn never(self) -> Self {
        self.times(0)
    }
}

#[track_caller]
fn header_name(name: &str) -> HeaderName {
    match name.parse() {
        Ok(name) => name,
        Err(_) => panic_with(&format!("{name:?} is not a header name")),
    }
}

/// How many requests an [`Expectation`] takes: made of a number or a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub(super) least: u32,
    pub(super) most: Option<u32>,
}

impl Times {
    pub(super) const fn takes_another(self, after: u32) -> bool {
        match self.most {
            Some(most) => after < most,
            None => true,
        }
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requests = |number| if number == 1 { "request" } else { "requests" };
        match (self.least, self.most) {
            (0, Some(0)) => f.write_str("no request"),
            (0, None) => f.write_str("any number of requests"),
            (least, None) => write!(f, "at least {least} {}", requests(least)),
            (least, Some(most)) if least == most => write!(f, "{most} {}", requests(most)),
            (least, Some(most)) => write!(f, "{least} to {most} requests"),
        }
    }
}

macro_rules! times {
    ($($from:ty, $given:pat => ($least:expr, $most:expr);)*) => {
        $(
            impl From<$from> for Times {
                fn from($given: $from) -> Self {
                    Self { least: $least, most: $most }
                }
            }
        )*
    };
}

times! {
    u32, number => (number, Some(number));
    Range<u32>, Range { start, end } => (start, Some(end.saturating_sub(1)));
    RangeInclusive<u32>, range => (*range.start(), Some(*range.end()));
    RangeFrom<u32>, RangeFrom { start } => (start, None);
    RangeTo<u32>, RangeTo { end } => (0, Some(end.saturating_sub(1)));
    RangeToInclusive<u32>, RangeToInclusive { end } => (0, Some(end));
    RangeFull, _ => (0, None);
}
