//! Generated code among hostile names, in odd places, and under every lint, in a crate of edition 2021.
#![deny(future_incompatible, rust_2021_compatibility, clippy::cargo)]
#![allow(
    clippy::multiple_crate_versions,
    clippy::cargo_common_metadata,
    reason = "of dependencies and of this manifest, not of generated code"
)]
#![allow(clippy::unwrap_used, reason = "a test that fails should panic")]

#[path = "../hygiene/fragments.rs"]
mod fragments;
#[path = "../hygiene/lifetimes.rs"]
mod lifetimes;
#[path = "../hygiene/lints.rs"]
pub mod lints;
#[path = "../hygiene/names.rs"]
mod names;
#[path = "../hygiene/places.rs"]
mod places;
#[path = "../hygiene/prelude.rs"]
mod prelude;
#[path = "../hygiene/restriction.rs"]
pub mod restriction;
#[path = "../hygiene/shadows.rs"]
mod shadows;
#[path = "../hygiene/traits.rs"]
mod traits;

#[path = "../ui/pass/every_form.rs"]
#[allow(dead_code, unused_lifetimes, reason = "a program of its own")]
mod every_form;
#[path = "../ui/pass/one_expression.rs"]
#[allow(dead_code, reason = "a program of its own")]
mod one_expression;
