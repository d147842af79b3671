//! A call in the making: an operation and the values bound to it, until they become a request.

pub(crate) mod again;
mod body;
#[cfg(feature = "cache")]
mod cached;
mod content;
mod entries;
mod headers;
pub(crate) mod params;
mod streams;
mod url;
mod values;
mod whole;

use std::fmt;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method, Uri, header};
use http_body::Body as _;

use crate::attempt::Request;
use crate::backend::BoxFuture;
use crate::course::Course;
use crate::error::{CallContext, Error, ErrorKind, Result};
#[cfg(not(feature = "cache"))]
use crate::execute::execute;
use crate::operation::{AnyOrigin, Operation, Resolved};
use crate::options::CallOptions;
use crate::policy::redirect::TRAVELLING;
use crate::request::base::Origin;
use crate::request::body::Body;
use crate::request::coding::ContentCoding;
use crate::request::header::Headers;
use crate::request::key;
use crate::request::multipart::OWN_MEDIA;
use crate::request::relative;
use crate::request::template::Target;
use crate::response::further::Fetch;
use crate::response::pages::step;
use crate::response::{FromResponse, decompress};
use crate::transport::http::HttpTransport;
use crate::transport::receive::Arrival;
use crate::transport::session::InFlight;

use self::again::Again;
use self::content::{Content, Finished};
pub use self::entries::HeaderEntries;
pub use self::streams::{
    OutcomeOfEvents, OutcomeOfLines, OutcomeOfPages, ResponseOfEvents, ResponseOfLines, ResponseOfPages,
};
pub use self::values::{
    BasicValue, BearerValue, BodyValue, CallError, CookieValue, FormValue, HeaderDisplay, HeaderText,
    JsonValue, OptionalPathValue, Outcome, OutcomeOfAnyStatus, OutcomeOrNone, PathValue, QueryValue,
    ResponseOfAnyStatus, ResponseOrNone,
};
pub use self::whole::{CallOptionsValue, UrlValue};

/// What we call ourselves unless a header says otherwise.
const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("pynector/", env!("CARGO_PKG_VERSION")));

/// One call of an operation.
///
/// Values are bound when these methods are called, not when the call is awaited. A value that does not fit its place is
/// kept and is the error of the call; nothing is sent then. Path values come first, in the order of the template.
///
/// A call is plain data that owns everything, so it can be built in one place and awaited in another.
#[must_use = "a call does nothing until it is sent"]
pub struct Call {
    transport: HttpTransport,
    operation: &'static Operation,
    target: Target,
    /// Where the call goes, if not to the origin of the base URL.
    elsewhere: Option<Origin>,
    headers: Headers,
    /// Those of maps; a header of its own wins over one of the same name here.
    mapped: Headers,
    content: Content,
    /// The query names of the argument structs so far.
    named: Vec<&'static [&'static str]>,
    error: Option<Error>,
}

/// What a type wants of the call that it is made of.
#[derive(Clone, Copy)]
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

/// A call that is about to be made.
struct Departing {
    call: Box<Course>,
    in_flight: InFlight,
    /// Who makes the request once more.
    again: Option<Arc<dyn Fetch>>,
}

impl Call {
    pub(crate) fn new(transport: HttpTransport, operation: &'static Operation) -> Self {
        let target = Target::new(transport.base(), operation.template()).given(transport.path_values());
        let (headers, mapped, content) = (Headers::default(), Headers::default(), Content::None);
        let (named, elsewhere) = (Vec::new(), None);
        Self { transport, operation, target, elsewhere, headers, mapped, content, named, error: None }
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

    /// Makes the call up to its response, in a box: the futures of a program do not grow by the size of a call and of the
    /// loop, and none of it is compiled for each type again.
    fn arrive(self, wanted: Wanted) -> BoxFuture<'static, Result<Arrival>> {
        Box::pin(async move {
            let operation = self.operation;
            let departing = self.depart(wanted).map_err(|error| unsent(error, operation))?;
            // Where the request is only kept nothing comes back, so nothing behind the call runs.
            let Some(Departing { call, in_flight, again }) = departing else {
                return std::future::pending().await;
            };
            #[cfg(feature = "cache")]
            let answer = cached::execute(call, &*in_flight.backend).await?;
            #[cfg(not(feature = "cache"))]
            let answer = execute(call, &*in_flight.backend).await?;
            Ok(Arrival::new(answer, in_flight).of(operation, again))
        })
    }

    /// Makes the request, and lets the call in; `None` where its request is only wanted.
    fn depart(mut self, wanted: Wanted) -> Result<Option<Departing>> {
        let (operation, transport) = (self.operation, self.transport.share());
        let resolved = self.error.take().map_or_else(|| transport.resolve(operation), Err);
        let mut settings = match resolved {
            Ok(settings) => settings,
            Err(error) => {
                kept(&transport, operation, Err(error))?;
                return Ok(None);
            }
        };
        let Some(request) = kept(&transport, operation, self.into_request(&wanted, &settings))? else {
            return Ok(None);
        };
        let in_flight = transport.enter()?;
        operation.judge(&mut settings);
        settings.buffered = wanted.buffered;
        let again = wanted.further.then(|| Again::of(&transport, operation, &settings, &request));
        let call = Course::new(transport.core(), operation, &settings, request);
        Ok(Some(Departing { call, in_flight, again }))
    }

    /// Makes the call for a method that returns `R`: the last link of generated code.
    pub fn outcome<R: Outcome>(self) -> impl Future<Output = R> + Send {
        R::Value::receive(self.arrive(Wanted::of::<R::Value>()), R::from_result)
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

    fn into_request(mut self, wanted: &Wanted, settings: &Resolved) -> Result<Request> {
        let method = method(self.operation.method())?;
        self.target.finish_path()?;
        if self.elsewhere.is_some() && settings.any_origin == AnyOrigin::Refused {
            return Err(relative::elsewhere(self.target.as_str()));
        }
        let content = std::mem::take(&mut self.content).finish()?;
        let key = self.fill_headers(&method, settings, &content, wanted.accept)?;
        let body = compressed(&mut self.headers, content.body, settings)?;
        let uri = Uri::try_from(self.target.into_url())
            .map_err(|error| Error::new(ErrorKind::Request, format!("the URL cannot be sent: {error}")))?;
        let uri = match self.transport.options().and_then(CallOptions::resumption) {
            Some(cursor) => step::resume(self.operation, cursor, &uri)?,
            None => uri,
        };
        let origin = self.elsewhere.map_or_else(|| Arc::clone(self.transport.origin()), Arc::new);
        (wanted.fits)(self.operation, &uri, !body.is_one_shot())?;
        Ok(Request { method, uri, origin, headers: self.headers, body, key })
    }

    /// Goes down the ladder: parameters, options, operation, client, trait, and what HTTP asks for. Gives the header of the
    /// idempotency key, if the operation has one.
    fn fill_headers(
        &mut self,
        method: &Method,
        settings: &Resolved,
        content: &Finished,
        accept: &'static str,
    ) -> Result<Option<HeaderName>> {
        self.headers.fall_back_to(&self.mapped);
        let own = self.headers.len();
        if let Some(options) = self.transport.options() {
            self.headers.fall_back_to(&options.0.headers);
        }
        self.headers.fall_back_to_fixed(self.operation.fixed_headers())?;
        self.headers.fall_back_to(self.transport.headers());
        if self.elsewhere.is_some() {
            withhold(&mut self.headers, own, settings);
        }
        let said = self.headers.contains(&header::CONTENT_TYPE);
        if said && content.only_media {
            return Err(Error::new(ErrorKind::Request, OWN_MEDIA));
        }
        if let Some(media) = content.media.as_ref().filter(|_| !said) {
            self.headers.push(header::CONTENT_TYPE, media.clone());
        }
        fill_defaults(&mut self.headers, method, &content.body, settings, accept);
        let key = self.operation.key().map(|key| key::ensure(&mut self.headers, key)).transpose()?;
        self.headers.check()?;
        Ok(key)
    }
}

/// Leaves out what another origin must not get: all but the call's `own` headers was given for the base URL and may be
/// credentials, so of it only what a redirect would carry goes along.
pub(crate) fn withhold(headers: &mut Headers, own: usize, settings: &Resolved) {
    if settings.any_origin != AnyOrigin::WithHeaders {
        headers.retain_behind(own, |name| TRAVELLING.contains(name));
    }
}

/// The body compressed as the settings say, and the header of one that is.
///
/// # Errors
///
/// Kind `Request` where a header says otherwise than the body.
pub(crate) fn compressed(headers: &mut Headers, body: Body, settings: &Resolved) -> Result<Body> {
    let said = headers.contains(&header::CONTENT_ENCODING);
    if body.content_coding().is_none() && (said || settings.compress == ContentCoding::Identity) {
        return Ok(body);
    }
    let body = body.compressed_if_worth(settings.compress)?;
    if let Some(coding) = body.content_coding() {
        if said {
            let why = "the body is compressed and says so itself; leave the header `content-encoding` out";
            return Err(Error::new(ErrorKind::Request, why));
        }
        headers.push(header::CONTENT_ENCODING, HeaderValue::from_static(coding.as_str()));
    }
    Ok(body)
}

/// Adds what HTTP asks for and no level has said.
pub(crate) fn fill_defaults(
    headers: &mut Headers,
    method: &Method,
    body: &Body,
    settings: &Resolved,
    accept: &'static str,
) {
    let mut default = |name: HeaderName, value: HeaderValue| {
        if !headers.contains(&name) {
            headers.push(name, value);
        }
    };
    default(header::ACCEPT, HeaderValue::from_static(accept));
    default(header::USER_AGENT, USER_AGENT);
    if let Some(codings) = decompress::ACCEPTED.filter(|_| settings.decompress) {
        default(header::ACCEPT_ENCODING, HeaderValue::from_static(codings));
    }
    // A body of no bytes counts too: the transport would leave its length out.
    if body.is_end_stream() && [Method::POST, Method::PUT, Method::PATCH].contains(method) {
        default(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
}

/// Names and sizes only: values may be secrets.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation.name())
            .field("headers", &self.headers)
            .field("content", &self.content)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

fn method(name: &str) -> Result<Method> {
    Method::from_bytes(name.as_bytes())
        .map_err(|_| Error::new(ErrorKind::Request, format!("{name:?} is not a method (RFC 9110 \u{a7}9.1)")))
}

/// The request, unless it is only wanted: then it is left, or why there is none.
fn kept(
    transport: &HttpTransport,
    operation: &'static Operation,
    made: Result<Request>,
) -> Result<Option<Request>> {
    let Some(capture) = transport.capture() else { return made.map(Some) };
    capture.keep(made.map_err(|error| unsent(error, operation)));
    Ok(None)
}

fn unsent(error: Error, operation: &'static Operation) -> Error {
    error.with_call(CallContext { operation: Some(operation.name()), ..CallContext::default() })
}
