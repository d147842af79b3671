//! The snapshots of the expansions compile; `pynector-macros` holds them against fresh ones.
#![allow(unused_imports, reason = "every snapshot sees the same imports")]
#![allow(
    dead_code,
    clippy::elidable_lifetime_names,
    clippy::extra_unused_lifetimes,
    clippy::manual_async_fn,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::multiple_bound_locations,
    clippy::needless_borrows_for_generic_args,
    clippy::new_without_default,
    clippy::single_match_else,
    reason = "not reported in what a macro writes; here it is source"
)]
#![allow(clippy::wrong_self_convention, reason = "the inputs go to extremes")]

/// Every snapshot as a module, among the imports that its input was written for.
macro_rules! snapshots {
    ($($name:ident)*) => {
        $(/// One snapshot.
        pub mod $name {
            use std::fmt::{Debug, Display};

            use pynector::{Endpoint, Params, Result};
            use serde::de::DeserializeOwned;
            use serde::{Deserialize, Serialize};

            include!(concat!("snapshots/", stringify!($name), ".rs"));
        })*
    };
}

snapshots!(urls headers twins);

/// Where `crate = crate::alias::http` leads.
mod alias {
    pub(crate) use pynector as http;
}

snapshots!(
    github verbs places bodies whole settings generics attributes defaults renamed names prefix associated conditional
    error_enum endpoints streams
);
