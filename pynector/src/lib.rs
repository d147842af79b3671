#![doc = include_str!("../README.md")]

// Generated code says `::pynector`, also in our own tests.
#[allow(unused_extern_crates, reason = "used where the feature-gated tests expand the macro")]
extern crate self as pynector;

mod answer;
pub mod api_error;
mod attempt;
mod auth;
pub mod backend;
#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "cache")]
mod cache;
mod call;
mod classify;
pub mod client;
mod clock;
mod codec;
mod connection;
mod course;
mod endpoint;
mod error;
mod execute;
mod gate;
#[cfg(doctest)]
mod guide;
mod hedge;
pub mod mock;
mod observe;
mod operation;
mod options;
mod papers;
mod policy;
mod progress;
mod queue;
mod report;
mod request;
mod response;
mod route;
mod sync;
#[cfg(feature = "test-util")]
pub mod testing;
mod transport;
mod watch;

/// What [`HttpConfig`] is made of.
pub mod config {
    pub use crate::transport::config::{
        BreakerConfig, BudgetConfig, HedgeConfig, HedgeDelay, HttpConfig, MaxInFlightConfig, RateLimitConfig,
        RetryConfig, Switch, TimeoutsConfig,
    };
    pub use crate::transport::span::Span;
}

/// Derives `From<pynector::Error>` for an enum with one variant per status, and nothing else.
///
/// `Display` and `std::error::Error` are yours, by hand or by a derive such as `thiserror`'s.
///
/// | on | attribute | meaning |
/// | --- | --- | --- |
/// | a variant | `#[status(404)]` | its statuses: numbers, ranges `400..=409`, classes `5xx`, in one list. A number wins over a range of another variant, whatever the order |
/// | a variant | `#[other]` | takes every other error, whole; exactly one variant has it, and one field |
/// | a variant | `#[api_error(skip)]` | is made by your own code alone |
/// | a field | none, or `#[body]` | the decoded body, by its type as in the [answers of methods](crate#what-a-method-may-return) |
/// | a field | `#[header("retry-after")]` | a header, by `FromStr`; an `Option` is `None` where the header is missing |
/// | a field | `#[source]` | the [`Error`] itself, or whatever is `From<Error>`; `thiserror` reads the same word |
/// | the enum | `#[api_error(crate = path)]` | where pynector is, if not at `::pynector` |
///
/// A body or a header that does not fit its field leaves the error to `#[other]`, with status, headers, body and story.
///
/// ```
/// use pynector::{ApiError, Error};
///
/// #[derive(Debug, serde::Deserialize)]
/// struct Problem { title: String }
///
/// #[derive(Debug, ApiError)]
/// enum OrderError {
///     #[status(404)]
///     NotFound,
///     #[status(409, 422)]
///     Rejected(Problem),
///     #[status(429)]
///     Busy { #[header("retry-after")] after: Option<u64>, problem: Option<Problem> },
///     #[status(5xx)]
///     Server { body: String, #[source] error: Error },
///     #[other]
///     Other(Error),
/// }
///
/// #[pynector::api(base_url = "https://api.example.com")]
/// trait Orders {
///     #[get("/orders/{id}")]
///     async fn order(&self, id: u64) -> Result<String, OrderError>;
/// }
/// ```
pub use pynector_macros::ApiError;
/// Makes a struct an [`Endpoint`](trait@Endpoint): one request, whose values are its fields.
///
/// The verb attribute stands between the derive and the struct; above the derive, rustc refuses it. It is the verb of a
/// trait's method, with the same [keys](crate#settings) and three more:
///
/// | key | meaning |
/// | --- | --- |
/// | `response = Type` | what a success is decoded to; default `()` |
/// | `error = Type` | what a failure is told by, `From<pynector::Error>`; default [`Error`] |
/// | `crate = path` | where pynector is, if not at `::pynector` |
///
/// Fields have the [places](crate#what-a-method-may-take) of a method's parameters: a field that the path names goes there,
/// any other says where it goes. Fields are read by reference. Fields of a tuple struct say their place and its name,
/// `#[path_param("id")]`. Generics, lifetimes and `where` clauses are taken over, so a bound that a place needs is written
/// on the struct. `#[endpoint(skip)]` leaves out a field that is no part of the request, such as a `PhantomData`.
///
/// ```
/// use pynector::Endpoint;
/// use serde::Serialize;
///
/// /// Replaces a document.
/// #[derive(Endpoint)]
/// #[put("/documents/{id}", response = String, timeout = "5s", headers("accept" = "text/plain"))]
/// struct Replace<'a, T: Serialize + ?Sized> {
///     id: u64,
///     #[header("if-match")]
///     version: Option<&'a str>,
///     #[json]
///     text: &'a T,
/// }
///
/// #[derive(Endpoint)]
/// #[get("/documents/{id}", response = String)]
/// struct Read(#[path_param("id")] u64);
///
/// #[derive(Endpoint)]
/// #[delete("/documents")]
/// struct DeleteAll;
///
/// let request = Replace { id: 7, version: None, text: "tea" }.to_request("https://api.example.com")?;
/// assert_eq!((request.method().as_str(), request.uri().path()), ("PUT", "/documents/7"));
/// assert_eq!(Read(7).to_request("https://api.example.com")?.uri().path(), "/documents/7");
/// assert_eq!(DeleteAll::OPERATION.name(), "DeleteAll");
/// # Ok::<(), pynector::Error>(())
/// ```
pub use pynector_macros::Endpoint;
/// Makes a struct an argument of several operations: [`Params`](trait@Params).
///
/// Each field says where it goes, by the [places](crate#what-a-method-may-take) of a method's parameters, but for the path,
/// `#[url]` and bodies, which belong to one operation. A field may be another argument struct, `#[params]`. In a tuple struct the
/// annotation gives the name too. `#[params(skip)]` leaves a field out. `#[params(crate = path)]` above the struct says where
/// pynector is, if not at `::pynector`.
///
/// A named query parameter in it wins over the same key of a map, whether the map stands in the argument struct, in the
/// method or in another one. What two structs name, or a struct and its method, is sent twice: nobody sees both while
/// they compile.
pub use pynector_macros::Params;
#[doc = include_str!("docs/api.md")]
pub use pynector_macros::api;
pub use {bytes, http, url};

pub use self::auth::{
    Authorization, Basic, BasicCredentials, Credential, Credentials, Refreshing, Secret, Token,
};
#[cfg(feature = "cache")]
pub use self::cache::{CacheKey, CacheStore, CachedResponse, MemoryCache};
pub use self::call::params::Params;
pub use self::call::{
    BasicValue, BearerValue, BodyValue, Call, CallOptionsValue, CookieValue, FormValue, HeaderDisplay,
    HeaderEntries, HeaderText, JsonValue, OptionalPathValue, OutcomeOfAnyStatus, OutcomeOfEvents,
    OutcomeOfLines, OutcomeOfPages, OutcomeOrNone, PathValue, QueryValue, ResponseFuture,
    ResponseOfAnyStatus, ResponseOfEvents, ResponseOfLines, ResponseOfPages, ResponseOrNone, UrlValue,
};
pub use self::classify::{AttemptFacts, Classify, Health, Opinion};
pub use self::client::{Client, ClientBuilder};
pub use self::codec::{Codec, Coded, Form, FormCodec, Json, JsonCodec};
#[cfg(feature = "msgpack")]
pub use self::codec::{MsgPack, MsgPackCodec};
pub use self::connection::{Certificate, ConnectionOptions};
pub use self::endpoint::Endpoint;
pub use self::error::{AttemptRecord, Clock, Error, ErrorKind, InvalidSetting, Result, StopReason};
#[cfg(feature = "metrics")]
pub use self::observe::MetricsObserver;
#[cfg(feature = "tracing")]
pub use self::observe::TracingObserver;
pub use self::observe::{
    CacheStep, CallInfo, CounterSnapshot, Counters, Event, HedgeStep, Observer, Rejecter, StreamEnd,
};
pub use self::operation::{
    AnyOrigin, Api, EventRules, LineRules, Operation, OperationRules, OperationSettings, Paginate,
};
pub use self::options::CallOptions;
pub use self::policy::{
    Breaker, BreakerUnit, CircuitState, DelaySource, Failure, Hedge, IdempotencyKey, Jitter, MaxInFlight,
    Outcome as AttemptOutcome, RateLimit, RedirectRules, RetryBudget, RetryPolicy, Stage, StatusCodes,
    Timeouts, TransitionReason,
};
pub use self::progress::Progress;
pub use self::request::body::Body;
pub use self::request::coding::ContentCoding;
pub use self::request::header::raw::RawHeader;
pub use self::request::multipart::Part;
pub use self::request::parts::{Multipart, MultipartValue, PartValue};
pub use self::request::style::QueryStyle;
pub use self::response::coded::Text;
pub use self::response::events::decode::{FromEvent, Named};
pub use self::response::events::{Events, ServerEvent};
pub use self::response::lines::JsonLines;
pub use self::response::pages::{Items, Page, PageCursor, Pages};
pub use self::response::stream::ByteStream;
#[cfg(feature = "checksum")]
pub use self::response::stream::checksum::Checksum;
pub use self::response::stream::download::Download;
pub use self::response::stream::save::Save;
pub use self::response::{CallError, FromResponse, Incoming, Outcome, Response, ResponseHead};
pub use self::transport::batch::Batch;
pub use self::transport::circuit::CircuitHandle;
pub use self::transport::config::HttpConfig;
pub use self::transport::conversation::{Keep, RawResponse};
pub use self::transport::factory::{HttpTransportFactory, Overrides, TransportFactory, TransportRegistry};
pub use self::transport::http::HttpTransport;
pub use self::transport::http_message::HttpMessage;
pub use self::transport::message::{Content, JsonMessage, Message, Payload};
pub use self::transport::oauth::{OAuth2, OAuth2Builder};
pub use self::transport::protocol::{BoxTransport, Transport};
pub use self::transport::send::Responses;
#[cfg(feature = "tower")]
pub use self::transport::service::TransportService;
