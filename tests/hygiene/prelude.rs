//! Nothing of the prelude is there, and what is there under its names is something else.
#![no_implicit_prelude]

use ::core::clone::Clone as _;

extern crate pynector as renamed;

#[allow(dead_code, non_snake_case, non_upper_case_globals)]
mod shadows {
    pub(super) struct Result;
    pub(super) struct Option;
    pub(super) struct Vec;
    pub(super) struct String;
    pub(super) struct Send;
    pub(super) struct Sync;
    pub(super) struct Future;
    pub(super) struct Duration;
    pub(super) struct Pages;
    pub(super) struct Paginate;
    pub(super) struct EventRules;
    pub(super) struct LineRules;
    pub(super) struct Operation;
    pub(super) struct Client;
    pub(super) struct HttpTransport;
    pub(super) mod core {}
    pub(super) mod std {}
    pub(super) fn Ok() {}
    pub(super) fn Err() {}
    pub(super) fn Some() {}
    pub(super) const None: () = ();
}
#[allow(unused_imports)]
use shadows::*;

#[renamed::api(
    crate = renamed,
    dyn,
    blocking,
    mock,
    base_url = "http://localhost",
    headers("a" = "b"),
    timeout = "1s",
    retry(max_retries = 1, multiplier = 1.5, status_codes(500, 502..=504), jitter = none, budget = off),
    breaker(group = "g", wait_up_to = "1s", ramp = "1s"),
    rate_limit(permits = 10, per = "1s"),
    max_in_flight(limit = 8, queue = 1, wait = "1s"),
    prefix = "/{tenant}/{some}",
)]
pub(crate) trait Shadowed {
    type Item: ::core::marker::Send = ::std::string::String;

    #[post("/")]
    async fn item(
        &self,
        #[cfg(test)]
        #[json]
        item: &Self::Item,
    ) -> renamed::Result<Self::Item>
    where
        Self::Item: ::core::marker::Sync;

    #[get("/pages")]
    #[paginate(cursor = "last" -> "after", items = "data", more = "more")]
    async fn pages(&self, #[query] after: ::core::option::Option<u8>) -> renamed::Result<renamed::Pages<u8>>;

    #[get("/events")]
    #[events(until = "end", reconnect, heartbeat = "1s")]
    async fn events(&self) -> renamed::Result<renamed::Events<u8>>;

    #[get("/lines")]
    #[lines(skip_bad, max_line = "1KiB")]
    async fn lines(&self) -> renamed::Result<renamed::Response<renamed::JsonLines<u8>>>;

    #[get("/{id}", timeouts(connect = "1ms", deadline = none), retry = off, breaker = off, hedge(after = p95, max = 2))]
    async fn get(&self, id: u8, #[query] page: ::core::option::Option<u8>) -> renamed::Result<()>;

    async fn helper(&self) -> renamed::Result<()> {
        self.get(1, ::core::option::Option::None).await
    }
}

#[::core::prelude::v1::test]
fn twins_without_a_prelude() {
    let client = ShadowedClient::new(1, "a").unwrap();
    let blocking = ShadowedBlocking::from_client(client.clone()).unwrap();
    let page = ::core::option::Option::None;
    ::core::assert!(blocking.get(1, page).is_err());
    let mock = ShadowedMock::new().expect_get(|_, _| ::core::result::Result::Ok(()));
    let shadowed = DynShadowed::new(mock.clone());
    ::core::mem::drop((DynShadowed::new(client).helper(), shadowed.clone().get(1, page), mock.get(1, page)));
    ::core::assert_eq!(mock.get_calls(), 1);
}

#[::core::prelude::v1::test]
fn a_client_without_a_prelude() {
    let client = ShadowedClient::new(1, "a").unwrap().with_tenant(2).clone();
    ::core::mem::drop((
        client.get(1, ::core::option::Option::Some(2)),
        client.helper(),
        client.pages(::core::option::Option::Some(2)),
        client.events(),
        client.lines(),
        client.item(&::std::string::String::new()),
    ));
    ::core::assert_eq!(ShadowedClient::OPERATIONS.len(), 5);
}

#[allow(dead_code)]
#[derive(renamed::ApiError)]
#[api_error(crate = renamed)]
pub(crate) enum ShadowedError {
    #[status(404)]
    NotFound,
    #[status(429)]
    Busy {
        #[header("retry-after")]
        after: ::core::option::Option<u8>,
        #[source]
        error: ::std::boxed::Box<renamed::Error>,
    },
    #[status(5xx)]
    Server(#[header("x-error")] u8, ::std::string::String),
    #[other]
    Other(renamed::Error),
}

#[::core::prelude::v1::test]
fn an_error_enum_without_a_prelude() {
    let error = renamed::HttpTransport::builder("no url").build().unwrap_err();
    let error: ShadowedError = ::core::convert::From::from(error);
    ::core::assert!(::core::matches!(error, ShadowedError::Other(_)));
}
