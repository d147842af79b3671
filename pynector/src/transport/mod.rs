//! The transport: what carries the calls of clients, and its configuration.

pub(crate) mod config;
pub(crate) mod http;
pub(crate) mod session;
pub(crate) mod span;
