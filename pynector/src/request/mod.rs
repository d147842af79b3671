//! How values become the parts of a request: URL, headers, body. Written once per call, shared by its attempts.

pub(crate) mod base;
pub(crate) mod body;
pub(crate) mod coding;
pub(crate) mod cookie;
pub(crate) mod flat;
pub(crate) mod form;
pub(crate) mod header;
pub(crate) mod json;
pub(crate) mod key;
pub(crate) mod multipart;
pub(crate) mod parts;
pub(crate) mod percent;
pub(crate) mod prefix;
pub(crate) mod query;
pub(crate) mod relative;
pub(crate) mod replace;
pub(crate) mod style;
pub(crate) mod taken;
pub(crate) mod template;

#[cfg(test)]
mod properties;
