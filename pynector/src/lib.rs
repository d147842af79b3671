//! Placeholder.

#[allow(dead_code, reason = "the executor, which calls these, is not merged yet")]
pub mod policy;
