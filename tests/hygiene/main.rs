//! Generated code among hostile names, in odd places, and under every lint.

pub mod lints;
mod names;
mod places;
mod prelude;
pub mod structs;
