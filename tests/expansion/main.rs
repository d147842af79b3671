//! The snapshots of the expansions compile; `pynector-macros` holds them against fresh ones.
#![cfg_attr(test, allow(unused_imports, reason = "every snapshot sees the same imports"))]

/// Every snapshot as a module, among the imports that its input was written for.
macro_rules! snapshots {
    ($($name:ident)*) => {
        $(pub mod $name {
            use std::fmt::{Debug, Display};

            use pynector::Result;
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

snapshots!(github verbs places settings generics attributes defaults renamed names);
