#![doc = include_str!("../README.md")]

// Generated code says `::pynector`, also in our own tests.
#[allow(unused_extern_crates, reason = "used where the feature-gated tests expand the macro")]
extern crate self as pynector;

mod attempt;
mod auth;
pub mod backend;
mod call;
pub mod client;
mod clock;
mod error;
mod execute;
mod gate;
mod observe;
mod operation;
mod options;
mod policy;
mod report;
mod request;
mod response;
mod route;
mod transport;

/// What [`HttpConfig`] is made of.
pub mod config {
    pub use crate::transport::config::{BreakerConfig, HttpConfig, RetryConfig, Switch, TimeoutsConfig};
    pub use crate::transport::span::Span;
}

pub use pynector_macros::api;
pub use {bytes, http};

pub use self::auth::{Basic, BasicCredentials, Credential, Secret};
pub use self::call::{Call, HeaderText, JsonValue, Outcome, PathValue, QueryValue};
pub use self::client::{Client, ClientBuilder};
pub use self::error::{AttemptRecord, Clock, Error, ErrorKind, InvalidSetting, Result, StopReason};
pub use self::observe::{CallInfo, DelaySource, Event, Observer, Rejecter};
pub use self::operation::{Api, Operation};
pub use self::options::CallOptions;
pub use self::policy::{
    Breaker, BreakerUnit, CircuitState, Failure, Jitter, Outcome as AttemptOutcome, RetryPolicy, Stage,
    StatusCodes, Timeouts, TransitionReason,
};
pub use self::request::body::Body;
pub use self::response::{FromResponse, Incoming, Response, ResponseHead};
pub use self::transport::config::HttpConfig;
pub use self::transport::http::{CircuitHandle, HttpTransport};
