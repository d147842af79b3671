//! Endpoints and argument structs among hostile names, in odd places, and under a strict user's lints.
#![deny(
    warnings,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    missing_docs,
    single_use_lifetimes,
    unreachable_pub,
    unused,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    trivial_casts,
    elided_lifetimes_in_paths
)]

use pynector::http::Request;
use pynector::{Endpoint, Params, Result};
use serde::Serialize;

/// Every place, with names that generated code might use.
#[derive(Debug, Endpoint)]
#[put("/{call}/{self_}/{r}", response = Vec<String>, timeout = "1s", headers("a" = "b"))]
pub struct Strict<'a, T: Serialize + ?Sized> {
    /// In the path.
    pub call: u8,
    /// In the path.
    pub self_: &'a str,
    /// In the path.
    pub r: u8,
    /// In the query.
    #[query]
    pub r#type: Option<u32>,
    /// In the query.
    #[query("bind")]
    pub größe: u32,
    /// A header.
    #[header("x-trace")]
    pub operation: &'a str,
    /// A credential.
    #[bearer]
    pub response: &'a str,
    /// Shared.
    #[params]
    pub params: &'a Shared<'a>,
    /// A body.
    #[json]
    pub error: &'a T,
}

/// Pages.
#[derive(Debug, Endpoint)]
#[get("/pages", response = pynector::Pages<T>)]
#[paginate(offset = "skip", more = "more")]
pub struct Walk<T: Serialize + serde::de::DeserializeOwned + Send + 'static> {
    /// Where it starts.
    #[query]
    pub skip: T,
}

/// Events.
#[derive(Debug, Endpoint)]
#[get("/events", response = pynector::Events<String>)]
#[events(reconnect)]
pub struct Listen;

/// Lines.
#[derive(Debug, Endpoint)]
#[get("/lines", response = pynector::Response<pynector::JsonLines<String>>)]
#[lines(skip_bad)]
pub struct Read;

/// Shared parameters.
#[derive(Debug, Params)]
pub struct Shared<'a> {
    /// In the query.
    #[query]
    pub query_names: &'a str,
    /// A header.
    #[header("x-call")]
    pub call: Option<&'a str>,
    /// Outdated.
    #[deprecated = "for a reason"]
    #[query]
    pub old: u8,
}

/// Outdated.
#[derive(Debug, Endpoint)]
#[get("/")]
#[deprecated = "for a reason"]
pub struct Old;

macro_rules! endpoint {
    ($name:ident, $path:expr, $field:ident: $ty:ty, $key:expr) => {
        #[derive(Endpoint)]
        #[get($path, response = Vec<$ty>)]
        struct $name {
            $field: $ty,
            #[query($key)]
            fixed: Option<$ty>,
        }
    };
}

endpoint!(Expanded, "/{id}", id: u8, "key");

mod bare {
    #![no_implicit_prelude]
    #![allow(dead_code, non_upper_case_globals)]

    pub(super) struct Result;
    pub(super) struct Option;
    pub(super) struct Call;
    pub(super) struct Operation;
    pub(super) struct Error;
    pub(super) mod core {}

    extern crate pynector as renamed;

    #[derive(renamed::Endpoint)]
    #[post("/{id}", crate = renamed, idempotent, retry(max_retries = 1, status_codes(500)))]
    pub(super) struct Shadowed {
        pub(super) id: u8,
        #[params]
        pub(super) more: More,
    }

    #[derive(renamed::Params)]
    #[params(crate = renamed)]
    pub(super) struct More(#[query("a")] pub(super) u8);
}

#[test]
fn structs_are_used() -> Result<()> {
    #[derive(Endpoint)]
    #[get("/local")]
    struct Local;

    let uri = |request: Request<_>| request.uri().to_string();
    assert_eq!(uri(Local.to_request("http://h")?), "http://h/local");
    #[allow(deprecated)]
    let shared = Shared { query_names: "q", call: None, old: 1 };
    let strict = Strict {
        call: 1,
        self_: "s",
        r: 2,
        r#type: None,
        größe: 3,
        operation: "o",
        response: "r",
        params: &shared,
        error: "e",
    };
    assert_eq!(uri(strict.to_request("http://h")?), "http://h/1/s/2?bind=3&query_names=q&old=1");
    assert_eq!(uri(Expanded { id: 1, fixed: Some(2) }.to_request("http://h")?), "http://h/1?key=2");
    let shadowed = bare::Shadowed { id: 1, more: bare::More(2) };
    assert_eq!(uri(shadowed.to_request("http://h")?), "http://h/1?a=2");
    Ok(())
}
