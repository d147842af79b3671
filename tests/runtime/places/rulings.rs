//! Rulings where libraries disagree, and absence wherever a parameter may stand.

use pynector::backend::{ScriptBackend, Step};
use pynector::{Basic, Endpoint, ErrorKind, HttpTransport, Operation, Result, Secret};
use serde::Serialize;
use serde_json::Value;

use crate::built;

#[derive(Serialize)]
pub(crate) struct Point {
    x: f64,
}

#[pynector::api(headers("x-fixed" = "fixed", "x-fixed" = "twice"))]
pub(crate) trait Rulings {
    #[get("/{id}/again/{id}?page=1")]
    async fn twice(&self, id: &str, #[query] page: Option<u8>) -> Result<()>;

    #[get("/")]
    async fn headers(
        &self,
        #[header("x-fixed")] fixed: Option<&str>,
        #[header("Host")] host: Option<&str>,
    ) -> Result<()>;

    #[get("/", headers("host" = "fixed.example"))]
    async fn fixed_host(&self) -> Result<()>;

    #[get("/")]
    async fn token(&self, #[bearer] token: Option<&Secret>) -> Result<()>;

    #[get("/")]
    async fn text(&self, #[bearer] token: Option<String>) -> Result<()>;

    #[get("/")]
    async fn login(&self, #[basic] login: Option<(&str, Option<&str>)>) -> Result<()>;

    #[post("/")]
    async fn numbers(
        &self,
        #[query] at: &Point,
        #[header("x-at")] header: f64,
        #[form] field: f64,
    ) -> Result<()>;

    #[post("/")]
    async fn value(&self, #[json] value: &Value) -> Result<()>;

    #[post("/")]
    async fn maybe(&self, #[json] value: Option<u8>) -> Result<()>;
}

fn rulings(builder: pynector::ClientBuilder<RulingsClient>) -> (RulingsClient, ScriptBackend) {
    built(builder, (0..20).map(|_| Step::status(204)))
}

fn here() -> pynector::ClientBuilder<RulingsClient> {
    RulingsClient::builder().base_url("http://h/v2/")
}

fn sent(script: &ScriptBackend, name: &str) -> Vec<String> {
    let request = script.requests().pop().unwrap();
    request.headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_placeholder_may_repeat_and_a_fixed_query_stands_beside_a_parameter_of_its_name() {
    let (rulings, script) = rulings(here());
    rulings.twice("a/b", Some(2)).await.unwrap();
    assert_eq!(script.requests()[0].uri, "http://h/v2/a%2Fb/again/a%2Fb?page=1&page=2");
    rulings.twice("a", None).await.unwrap();
    assert_eq!(script.requests()[1].uri, "http://h/v2/a/again/a?page=1");
}

#[tokio::test]
async fn none_falls_back_to_the_fixed_header_and_an_empty_text_does_not() {
    let (rulings, script) = rulings(here());
    rulings.headers(None, None).await.unwrap();
    assert_eq!(sent(&script, "x-fixed"), ["fixed", "twice"]);
    rulings.headers(Some(""), None).await.unwrap();
    assert_eq!(sent(&script, "x-fixed"), [""]);
}

#[tokio::test]
async fn a_host_may_be_named() {
    let (rulings, script) = rulings(here());
    rulings.headers(None, Some("other.example")).await.unwrap();
    assert_eq!(sent(&script, "host"), ["other.example"]);
    rulings.fixed_host().await.unwrap();
    assert_eq!(sent(&script, "host"), ["fixed.example"]);
}

#[tokio::test]
async fn absent_credentials_leave_those_of_the_client() {
    let (rulings, script) = rulings(here().bearer("client"));
    rulings.token(Some(&Secret::new("call"))).await.unwrap();
    assert_eq!(sent(&script, "authorization"), ["Bearer call"]);
    assert!(script.requests()[0].headers["authorization"].is_sensitive());
    rulings.text(Some("text".to_owned())).await.unwrap();
    assert_eq!(sent(&script, "authorization"), ["Bearer text"]);
    rulings.login(Some(("ada", None))).await.unwrap();
    assert_eq!(sent(&script, "authorization"), ["Basic YWRhOg=="]);
    for absent in [rulings.token(None).await, rulings.text(None).await, rulings.login(None).await] {
        absent.unwrap();
        assert_eq!(sent(&script, "authorization"), ["Bearer client"]);
    }
}

#[derive(Endpoint)]
#[get("/")]
pub(crate) struct ByToken<'a> {
    #[bearer]
    token: Option<&'a Secret>,
}

#[derive(Endpoint)]
#[get("/")]
pub(crate) struct ByLogin {
    #[basic]
    login: Option<Basic>,
}

#[tokio::test]
async fn fields_of_an_endpoint_may_be_absent_credentials_too() {
    let builder = HttpTransport::builder("http://h").bearer("client");
    let (transport, script) = built(builder, (0..4).map(|_| Step::status(204)));
    let secret = Secret::new("call");
    let mut seen = Vec::new();
    for token in [Some(&secret), None] {
        transport.request(&ByToken { token }).await.unwrap();
        seen.extend(sent(&script, "authorization"));
    }
    for login in [Some(Basic::new("ada", "pw")), None] {
        transport.request(&ByLogin { login }).await.unwrap();
        seen.extend(sent(&script, "authorization"));
    }
    assert_eq!(seen, ["Bearer call", "Bearer client", "Basic YWRhOnB3", "Bearer client"]);
}

const GET: Operation = Operation::get("Test::get", "/");

#[tokio::test]
async fn without_a_client_s_own_absent_credentials_are_none() {
    let (transport, script) = built(HttpTransport::builder("http://h"), [Step::status(204)]);
    let call = transport.call(&GET).bearer(None::<&Secret>).basic(None::<Basic>);
    call.send::<()>().await.unwrap();
    assert_eq!(sent(&script, "authorization"), Vec::<String>::new());
}

#[tokio::test]
async fn numbers_are_finite_in_every_place_and_written_as_they_display() {
    let (rulings, script) = rulings(here());
    rulings.numbers(&Point { x: 1.0 }, 1e21, -0.5).await.unwrap();
    let request = &script.requests()[0];
    assert_eq!((request.uri.query(), &request.body[..]), (Some("x=1"), &b"field=-0.5"[..]));
    assert_eq!(sent(&script, "x-at"), ["1000000000000000000000"]);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for call in [
            rulings.numbers(&Point { x: bad }, 0.0, 0.0),
            rulings.numbers(&Point { x: 0.0 }, bad, 0.0),
            rulings.numbers(&Point { x: 0.0 }, 0.0, bad),
        ] {
            assert_eq!(call.await.unwrap_err().kind(), ErrorKind::Request, "{bad}");
        }
    }
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn null_is_a_body_and_none_is_not() {
    let (rulings, script) = rulings(here());
    rulings.value(&Value::Null).await.unwrap();
    rulings.maybe(Some(7)).await.unwrap();
    rulings.maybe(None).await.unwrap();
    let requests = script.requests();
    let bodies: Vec<_> = requests.iter().map(|request| &request.body[..]).collect();
    assert_eq!(bodies, [&b"null"[..], b"7", b""]);
    assert_eq!(requests[0].headers["content-type"], "application/json");
    assert!(!requests[2].headers.contains_key("content-type"));
}
