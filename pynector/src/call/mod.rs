//! A call in the making: an operation and the values bound to it, until they become a request.

pub(crate) mod again;
mod body;
#[cfg(feature = "cache")]
mod cached;
mod content;
mod entries;
mod future;
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
use crate::request::template::{Frame, Target};
use crate::response::{FromResponse, Outcome};
use crate::transport::http::HttpTransport;
use crate::transport::plan::Plan;

use self::again::{Again, MakeAgain};
use self::content::{Content, Finished, Media};
pub use self::entries::HeaderEntries;
pub use self::future::ResponseFuture;
pub(crate) use self::ladder::{compress, describe, finished, withhold};
pub use self::streams::{
    OutcomeOfEvents, OutcomeOfLines, OutcomeOfPages, ResponseOfEvents, ResponseOfLines, ResponseOfPages,
};
pub use self::values::{
    BasicValue, BearerValue, BodyValue, CookieValue, FormValue, HeaderDisplay, HeaderText, JsonValue,
    OptionalPathValue, OutcomeOfAnyStatus, OutcomeOrNone, PathValue, QueryValue, ResponseOfAnyStatus,
    ResponseOrNone,
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
    headers: Headers,
    content: Content,
    /// What few calls have: each link moves a call, so it is small.
    rare: Option<Box<Rare>>,
}

/// What is bound now and then.
#[derive(Default)]
struct Rare {
    /// Where the call goes, if not to the origin of the base URL.
    elsewhere: Option<Arc<Origin>>,
    /// What the call has of its own, over those of its client.
    options: Option<Box<CallOptions>>,
    /// Headers of maps; a header of its own wins over one of the same name here.
    mapped: Headers,
    /// The query names of the argument structs so far.
    named: Vec<&'static [&'static str]>,
    /// Of the first value that did not fit.
    error: Option<Error>,
}

/// What a type wants of the call that it is made of.
struct Wanted {
    accept: &'static str,
    buffered: bool,
    /// Of what asks for more; a program whose types never do has none of that code.
    further: Option<Further>,
}

/// How a type asks for more than one response.
struct Further {
    again: MakeAgain,
    /// Whether it can, before anything is sent.
    fits: fn(&Operation, &Uri, bool) -> Result<()>,
}

impl Wanted {
    fn of<T: FromResponse>() -> Self {
        let further = if T::FURTHER { Some(Further { again: Again::of, fits: T::fits }) } else { None };
        Self { accept: T::accept(), buffered: T::BUFFERED, further }
    }
}

impl Call {
    pub(crate) fn new(transport: HttpTransport, operation: &'static Operation) -> Self {
        let (plan, rare) = match transport.plan(operation) {
            Ok(plan) => (plan, None),
            Err(error) => {
                let rare = Rare { error: Some(error), ..Rare::default() };
                (Arc::new(Plan::void(operation)), Some(Box::new(rare)))
            }
        };
        let target = Target::new(frame(&transport, &plan));
        Self { transport, plan, target, headers: Headers::default(), content: Content::None, rare }
    }

    /// Binds a value unless an earlier one did not fit.
    fn bind(mut self, bind: impl FnOnce(&mut Self) -> Result<()>) -> Self {
        if self.error().is_none()
            && let Err(error) = bind(&mut self)
        {
            self.refuse(error);
        }
        self
    }

    /// The call is an error from now on.
    #[cold]
    fn refuse(&mut self, error: Error) {
        self.rare().error = Some(error);
    }

    fn error(&self) -> Option<&Error> {
        self.rare.as_ref()?.error.as_ref()
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Whether the call goes elsewhere than to the origin of the base URL.
    fn is_elsewhere(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.elsewhere.is_some())
    }

    fn options(&self) -> Option<&CallOptions> {
        self.rare.as_ref().and_then(|rare| rare.options.as_deref()).or_else(|| self.transport.options())
    }

    /// Writes the path to its end, where that is still to be done.
    fn finish_path(&mut self) -> Result<()> {
        self.target.finish_path(frame(&self.transport, &self.plan))
    }

    /// Makes the call.
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`] but `Config` of a client that was built.
    pub fn send<T: FromResponse>(self) -> ResponseFuture<Result<T>> {
        self.outcome()
    }

    /// Makes the call for a method that returns `R`: the last link of generated code.
    pub fn outcome<R: Outcome>(self) -> ResponseFuture<R> {
        // Made first: a call that has to wait for it is copied, in the code of each method (record 0222).
        let wanted = Wanted::of::<R::Value>();
        ResponseFuture::new(self.arrive(&wanted))
    }

    /// [`outcome`](Self::outcome) of a method with `none_on`.
    pub fn outcome_or_none<R: OutcomeOrNone>(self) -> ResponseFuture<R> {
        self.outcome()
    }

    /// [`outcome`](Self::outcome) of a method with `any_status`.
    pub fn outcome_of_any_status<R: OutcomeOfAnyStatus>(self) -> ResponseFuture<R> {
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
        self.finish_path()?;
        if self.is_elsewhere() && settings.any_origin == AnyOrigin::Refused {
            return Err(relative::elsewhere(self.target.as_str()));
        }
        let Finished { mut body, media } = std::mem::take(&mut self.content).finish()?;
        let mut headers = self.take_headers(settings, wanted.accept, &body, media.fixed())?;
        if let Media::Own(media) = media {
            if headers.contains(&header::CONTENT_TYPE) {
                return Err(Error::new(ErrorKind::Request, OWN_MEDIA));
            }
            headers.set(header::CONTENT_TYPE, media)?;
        }
        let key = operation.key().map(|key| key::ensure(&mut headers, key)).transpose()?;
        compress(&mut headers, &mut body, settings)?;
        let mut uri = self.target.take_uri(frame(&self.transport, &self.plan))?;
        if let Some(resumed) = self.options().and_then(|options| options.resumed(operation, &uri)) {
            uri = resumed?;
        }
        if let Some(further) = &wanted.further {
            (further.fits)(operation, &uri, !body.is_one_shot())?;
        }
        let elsewhere = self.rare.as_mut().and_then(|rare| rare.elsewhere.take());
        let origin = elsewhere.unwrap_or_else(|| Arc::clone(self.transport.origin()));
        Ok(Request { method: self.plan.method.clone(), uri, origin, headers, body, key })
    }
}

/// Names and sizes only: values may be secrets.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.plan.operation().name())
            .field("headers", &self.headers)
            .field("content", &self.content)
            .field("error", &self.error())
            .finish_non_exhaustive()
    }
}

/// What the path of a call is written into.
fn frame<'a>(transport: &'a HttpTransport, plan: &'a Plan) -> Frame<'a> {
    Frame { base: transport.base(), template: &plan.template, given: transport.path_values() }
}
