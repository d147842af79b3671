//! A call in the making: an operation and the values bound to it, until they become a request.

pub(crate) mod again;
mod body;
#[cfg(feature = "cache")]
mod cached;
mod content;
mod entries;
mod headers;
mod ladder;
pub(crate) mod params;
mod streams;
mod url;
mod values;
mod way;
mod whole;

use std::fmt;
use std::sync::Arc;

use http::{Uri, header};

use crate::attempt::Request;
use crate::error::{Error, ErrorKind, Result};
use crate::operation::{AnyOrigin, Operation, Resolved};
use crate::options::CallOptions;
use crate::request::base::Origin;
use crate::request::header::Headers;
use crate::request::key;
use crate::request::multipart::OWN_MEDIA;
use crate::request::relative;
use crate::request::template::Target;
use crate::response::FromResponse;
use crate::response::pages::step;
use crate::transport::http::HttpTransport;
use crate::transport::plan::Plan;

use self::content::{Content, Finished, Media};
pub use self::entries::HeaderEntries;
pub(crate) use self::ladder::{compressed, describe, finished, withhold};
pub use self::streams::{
    OutcomeOfEvents, OutcomeOfLines, OutcomeOfPages, ResponseOfEvents, ResponseOfLines, ResponseOfPages,
};
pub use self::values::{
    BasicValue, BearerValue, BodyValue, CallError, CookieValue, FormValue, HeaderDisplay, HeaderText,
    JsonValue, OptionalPathValue, Outcome, OutcomeOfAnyStatus, OutcomeOrNone, PathValue, QueryValue,
    ResponseOfAnyStatus, ResponseOrNone,
};
pub use self::whole::{CallOptionsValue, UrlValue};

/// One call of an operation.
///
/// Values are bound when these methods are called, not when the call is awaited. A value that does not fit its place is
/// kept and is the error of the call; nothing is sent then. Path values come first, in the order of the template.
///
/// A call is plain data that owns everything, so it can be built in one place and awaited in another.
#[must_use = "a call does nothing until it is sent"]
pub struct Call {
    transport: HttpTransport,
    plan: Arc<Plan>,
    target: Target,
    /// Where the call goes, if not to the origin of the base URL.
    elsewhere: Option<Arc<Origin>>,
    headers: Headers,
    /// Those of maps; a header of its own wins over one of the same name here.
    mapped: Headers,
    content: Content,
    /// The query names of the argument structs so far.
    named: Vec<&'static [&'static str]>,
    error: Option<Error>,
}

/// What a type wants of the call that it is made of.
struct Wanted {
    accept: &'static str,
    buffered: bool,
    further: bool,
    fits: fn(&Operation, &Uri, bool) -> Result<()>,
}

impl Wanted {
    fn of<T: FromResponse>() -> Self {
        Self { accept: T::accept(), buffered: T::BUFFERED, further: T::FURTHER, fits: T::fits }
    }
}

impl Call {
    pub(crate) fn new(transport: HttpTransport, operation: &'static Operation) -> Self {
        let (plan, error) = match transport.plan(operation) {
            Ok(plan) => (plan, None),
            Err(error) => (Arc::new(Plan::void(operation)), Some(error)),
        };
        let target = Target::new(transport.base(), Arc::clone(&plan.template)).given(transport.path_values());
        let (headers, mapped, content) = (Headers::default(), Headers::default(), Content::None);
        Self { transport, plan, target, elsewhere: None, headers, mapped, content, named: Vec::new(), error }
    }

    /// Binds a value unless an earlier one did not fit.
    fn bind(mut self, bind: impl FnOnce(&mut Self) -> Result<()>) -> Self {
        if self.error.is_none() {
            self.error = bind(&mut self).err();
        }
        self
    }

    /// Makes the call.
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`] but `Config` of a client that was built.
    pub fn send<T: FromResponse>(self) -> impl Future<Output = Result<T>> + Send {
        self.outcome()
    }

    /// Makes the call for a method that returns `R`: the last link of generated code.
    pub fn outcome<R: Outcome>(self) -> impl Future<Output = R> + Send {
        R::Value::receive(self.arrive(&Wanted::of::<R::Value>()), R::from_result)
    }

    /// [`outcome`](Self::outcome) of a method with `none_on`.
    pub fn outcome_or_none<R: OutcomeOrNone>(self) -> impl Future<Output = R> + Send {
        self.outcome()
    }

    /// [`outcome`](Self::outcome) of a method with `any_status`.
    pub fn outcome_of_any_status<R: OutcomeOfAnyStatus>(self) -> impl Future<Output = R> + Send {
        self.outcome()
    }

    /// Holds an endpoint with `none_on` to a response that can be `None`.
    pub fn gives_or_none<T: ResponseOrNone>(self) -> Self {
        self
    }

    /// Holds an endpoint with `any_status` to a response that tells the status.
    pub fn gives_any_status<T: ResponseOfAnyStatus>(self) -> Self {
        self
    }

    /// Takes the request out of what was bound.
    fn request(&mut self, wanted: &Wanted, settings: &Resolved) -> Result<Request> {
        let operation = self.plan.operation();
        self.target.finish_path()?;
        if self.elsewhere.is_some() && settings.any_origin == AnyOrigin::Refused {
            return Err(relative::elsewhere(self.target.as_str()));
        }
        let Finished { body, media } = std::mem::take(&mut self.content).finish()?;
        let mut headers = self.take_headers(settings, wanted.accept, &body, media.fixed())?;
        if let Media::Own(media) = media {
            if headers.contains(&header::CONTENT_TYPE) {
                return Err(Error::new(ErrorKind::Request, OWN_MEDIA));
            }
            headers.set(header::CONTENT_TYPE, media)?;
        }
        let method = self.plan.method.clone();
        let key = operation.key().map(|key| key::ensure(&mut headers, key)).transpose()?;
        let body = compressed(&mut headers, body, settings)?;
        let uri = self.target.take_uri(self.transport.base())?;
        let uri = match self.transport.options().and_then(CallOptions::resumption) {
            Some(cursor) => step::resume(operation, cursor, &uri)?,
            None => uri,
        };
        let origin = self.elsewhere.take().unwrap_or_else(|| Arc::clone(self.transport.origin()));
        (wanted.fits)(operation, &uri, !body.is_one_shot())?;
        Ok(Request { method, uri, origin, headers, body, key })
    }
}

/// Names and sizes only: values may be secrets.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.plan.operation().name())
            .field("headers", &self.headers)
            .field("content", &self.content)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
