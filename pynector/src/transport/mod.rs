//! The transport: what carries the calls of clients, and its configuration.

pub(crate) mod batch;
pub(crate) mod capture;
pub(crate) mod circuit;
pub(crate) mod config;
pub(crate) mod conversation;
mod door;
pub(crate) mod factory;
pub(crate) mod http;
pub(crate) mod http_message;
pub(crate) mod message;
pub(crate) mod oauth;
pub(crate) mod plan;
pub(crate) mod protocol;
pub(crate) mod receive;
pub(crate) mod send;
#[cfg(feature = "tower")]
pub(crate) mod service;
pub(crate) mod session;
pub(crate) mod span;
#[cfg(test)]
mod timers;
