//! The snapshots of the expansions compile; `pynector-macros` holds them against fresh ones.
#![allow(unused_imports, reason = "every snapshot sees the same imports")]
#![allow(
    dead_code,
    clippy::missing_errors_doc,
    clippy::needless_borrows_for_generic_args,
    clippy::elidable_lifetime_names,
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

/// Where `crate = crate::alias::http` leads.
mod alias {
    pub(crate) use pynector as http;
}

snapshots!(
    github verbs places bodies settings generics attributes defaults renamed names prefix associated conditional
    error_enum endpoints
);
