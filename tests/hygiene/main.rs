//! Generated code among hostile names, in odd places, and under every lint.
#![deny(future_incompatible, rust_2021_compatibility, rust_2024_compatibility, clippy::cargo)]
#![allow(
    clippy::multiple_crate_versions,
    clippy::cargo_common_metadata,
    reason = "of dependencies and of this manifest, not of generated code"
)]

mod fragments;
mod lifetimes;
pub mod lints;
mod names;
mod places;
mod prelude;
pub mod restriction;
mod shadows;
pub mod structs;
mod traits;
