//! Lifetimes wherever a parameter may have them: the client's method has those of the trait's.

#![allow(clippy::elidable_lifetime_names, reason = "named and not named are two cases")]

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Display;

use pynector::{ResponseFuture, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Compiles only for futures that go on without whatever they were made of.
fn lasting<R>(future: impl std::future::Future<Output = R> + Send + 'static) {
    drop(future);
}

trait Keys {
    type Key<'k>: Display + Send + Sync;
}

impl Keys for u8 {
    type Key<'k> = &'k str;
}

type Names<'n> = Vec<&'n str>;

#[pynector::api(base_url = "http://localhost")]
trait Lent<'t, K: Keys + 'static = u8>: 'static {
    type Key<'k>: Display + Send + Sync = &'k str;

    #[get("/{key}")]
    async fn of_self(&self, key: Self::Key<'_>) -> Result<String>;

    #[get("/{key}")]
    async fn of_self_by_name<'a>(&self, key: Self::Key<'a>) -> Result<String>;

    #[get("/{key}")]
    async fn of_self_twice<'a>(&'a self, key: Self::Key<'a>) -> Result<String>;

    #[get("/{key}")]
    async fn of_self_by_reference(&self, key: &Self::Key<'_>) -> Result<String>;

    #[get("/{key}")]
    async fn of_a_parameter_of_the_trait(&self, key: K::Key<'_>) -> Result<String>;

    #[get("/{key}")]
    async fn of_a_parameter<T: Keys>(&self, key: T::Key<'_>) -> Result<String>;

    #[get("/{key}")]
    async fn qualified(&self, key: <u8 as Keys>::Key<'_>) -> Result<String>;

    #[get("/")]
    async fn inside(&self, #[query] keys: Vec<(u8, <u8 as Keys>::Key<'_>)>) -> Result<String>;

    #[get("/{key}")]
    async fn any<'a>(&self, key: impl Display + Send + 'a) -> Result<String>;

    #[get("/{key}")]
    async fn any_by_name<'a>(&self, key: &(dyn Display + Sync + 'a)) -> Result<String>;

    #[get("/")]
    async fn known(
        &self,
        #[query] a: Cow<'_, str>,
        #[query] b: Option<&[&str]>,
        #[query] c: (&str, [&str; 1]),
        #[query] d: std::option::Option<&'t str>,
        #[query] e: Names<'_>,
        #[query] f: HashMap<&str, Cow<'_, str>>,
    ) -> Result<String>;

    #[get("/")]
    async fn said<'a, 'b: 'a, T>(&self, #[query] a: &'a T, #[query] b: &'b str) -> Result<String>
    where
        T: Serialize + Sync + 'b;

    #[get("/")]
    #[allow(unused_lifetimes, clippy::extra_unused_lifetimes)]
    async fn nowhere<'a>(&self) -> Result<()>;

    #[get("/")]
    async fn in_the_answer<'a>(&self) -> Result<Cow<'a, str>>;

    #[get("/")]
    async fn here_or_there<'a>(
        &self,
        #[cfg(unix)]
        #[query]
        a: &'a [&'a str],
        #[cfg(windows)]
        #[query]
        b: &'a [&'a str],
    ) -> Result<()>;

    #[get("/")]
    async fn unbound<T: DeserializeOwned>(&self, #[query] a: &str) -> Result<T>;
}

#[test]
fn what_a_client_gives_has_a_name_and_borrows_nothing() {
    let future: ResponseFuture<Result<String>> = {
        let (client, words) = (LentClient::new().unwrap(), "a b".to_owned());
        let words: Vec<&str> = words.split(' ').collect();
        let known = Lent::<u8>::known;
        let [a, b] = *words else { panic!("{words:?}") };
        lasting(Lent::<u8>::said(&client, &a, b));
        lasting(Lent::<u8>::unbound::<u8>(&client, a));
        known(&client, a.into(), Some(&[b]), (a, [b]), None, vec![a], HashMap::new())
    };
    drop(future);
}

#[test]
fn where_a_lifetime_is_hidden_the_future_is_what_the_trait_says() {
    let client = LentClient::new().unwrap();
    drop(Lent::<u8>::of_self(&client, "a"));
    drop(Lent::<u8>::of_self_by_name(&client, "a"));
    drop(Lent::<u8>::of_self_twice(&client, "a"));
    drop(Lent::<u8>::of_self_by_reference(&client, &"a"));
    drop(Lent::<u8>::of_a_parameter_of_the_trait(&client, "a"));
    drop(Lent::<u8>::of_a_parameter::<u8>(&client, "a"));
    drop(Lent::<u8>::qualified(&client, "a"));
    drop(Lent::<u8>::inside(&client, Vec::new()));
    drop(Lent::<u8>::any(&client, "a"));
    drop(Lent::<u8>::any_by_name(&client, &"a"));
    drop(Lent::<u8>::nowhere(&client));
    drop(Lent::<u8>::in_the_answer(&client));
    drop(Lent::<u8>::here_or_there(&client, &["a"]));
}
