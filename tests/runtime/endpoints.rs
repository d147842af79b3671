//! Requests that are structs: the same places, keys and policies as methods, with fields read by reference.

use std::collections::BTreeMap;

use pynector::backend::{ScriptBackend, Step};
use pynector::{Basic, Endpoint, ErrorKind, HttpTransport, Params, Result, Secret};
use serde::{Deserialize, Serialize};

use crate::transport;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    id: u64,
}

/// An error of the endpoint's own.
#[derive(Debug)]
struct OrderError(pynector::Error);

impl From<pynector::Error> for OrderError {
    fn from(error: pynector::Error) -> Self {
        Self(error)
    }
}

#[derive(Endpoint)]
#[post("/v1/{tenant}/orders", response = Order, error = OrderError, headers("x-fixed" = "f"), idempotent)]
struct PlaceOrder<'a> {
    tenant: &'a str,
    #[query]
    dry_run: Option<bool>,
    #[header("x-trace")]
    trace: &'a str,
    #[json]
    order: &'a Order,
}

const ORDER: Order = Order { id: 7 };

const fn place(tenant: &str) -> PlaceOrder<'_> {
    PlaceOrder { tenant, dry_run: Some(true), trace: "t", order: &ORDER }
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_is_sent_like_a_method() {
    let (transport, script) = transport([Step::status(503), Step::json(r#"{"id":9}"#)]);
    assert_eq!(transport.request(&place("a/b")).await.unwrap(), Order { id: 9 });
    let requests = script.requests();
    assert_eq!(requests.len(), 2, "retried, since the verb says `idempotent`");
    let request = &requests[1];
    assert_eq!(request.uri, "http://h/v1/a%2Fb/orders?dry_run=true");
    assert_eq!((&request.method, &*request.body), (&pynector::http::Method::POST, &br#"{"id":7}"#[..]));
    for (name, value) in [("x-fixed", "f"), ("x-trace", "t"), ("content-type", "application/json")] {
        assert_eq!(request.headers[name], value);
    }
}

#[tokio::test(start_paused = true)]
async fn errors_come_in_the_endpoint_s_own_type() {
    let (transport, script) = transport([Step::status(404)]);
    let error = transport.request(&place("t")).await.unwrap_err().0;
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Status(404), Some("PlaceOrder")));
    let error = transport.request(&place("..")).await.unwrap_err().0;
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Request, Some("PlaceOrder")));
    assert_eq!(script.requests().len(), 1);
}

/// Values that a method takes by value stay in the struct.
#[derive(Endpoint)]
#[get("/{owned}/{borrowed}/{twice}")]
struct Paths<'a> {
    owned: String,
    borrowed: &'a u64,
    twice: &'a &'a str,
    #[bearer]
    token: Secret,
}

#[derive(Endpoint)]
#[get("/")]
struct Bearer<T>(#[bearer] T)
where
    for<'x> &'x T: pynector::Credential;

#[derive(Endpoint)]
#[get("/")]
struct Login<T>(#[basic] T)
where
    for<'x> &'x T: pynector::BasicCredentials;

#[test]
fn every_place_reads_its_field_by_reference() {
    let paths = Paths { owned: "o".to_owned(), borrowed: &1, twice: &"t", token: Secret::new("s") };
    for _ in 0..2 {
        let request = paths.to_request("http://h").unwrap();
        assert_eq!(request.uri(), "http://h/o/1/t");
        assert_eq!(request.headers()["authorization"], "Bearer s");
        assert!(request.headers()["authorization"].is_sensitive());
    }
    let secret = Secret::new("s");
    let bearers = [
        Bearer("s").to_request("http://h"),
        Bearer("s".to_owned()).to_request("http://h"),
        Bearer(&secret).to_request("http://h"),
        Bearer(secret.clone()).to_request("http://h"),
    ];
    for request in bearers {
        assert_eq!(request.unwrap().headers()["authorization"], "Bearer s");
    }
    let (basic, pair) = (Basic::new("u", "p"), ("u", Some(Secret::new("p"))));
    let logins = [
        Login(&basic).to_request("http://h"),
        Login(basic.clone()).to_request("http://h"),
        Login(("u".to_owned(), Some("p".to_owned()))).to_request("http://h"),
        Login(("u", Some(&Secret::new("p")))).to_request("http://h"),
        Login(&pair).to_request("http://h"),
    ];
    for request in logins {
        assert_eq!(request.unwrap().headers()["authorization"], "Basic dTpw");
    }
}

#[derive(Endpoint)]
#[post("/")]
struct Raw<T>(#[body] T)
where
    for<'x> &'x T: pynector::BodyValue;

#[derive(Endpoint)]
#[post("/")]
struct Multi<T>(#[multipart] T)
where
    for<'x> &'x T: pynector::MultipartValue;

#[derive(Endpoint)]
#[post("/")]
struct Parts<'a> {
    #[part]
    text: &'a str,
    #[part("n")]
    numbers: Vec<u16>,
    #[part]
    absent: Option<String>,
    #[part]
    file: &'a pynector::Part,
}

#[derive(Endpoint)]
#[post("/")]
struct Form<'a>(#[form("a b")] &'a str, #[form("c")] BTreeMap<&'a str, u8>);

#[derive(Endpoint)]
#[post("/")]
struct Fields {
    #[json_field]
    a: u8,
    #[json_field("type")]
    b: Option<u8>,
}

#[test]
fn every_body_is_read_by_reference() {
    let (bytes, body) = (bytes::Bytes::from("x"), pynector::Body::from("x"));
    let bodies = [
        Raw("x").to_request("http://h"),
        Raw("x".to_owned()).to_request("http://h"),
        Raw(&"x".to_owned()).to_request("http://h"),
        Raw(&b"x"[..]).to_request("http://h"),
        Raw(b"x").to_request("http://h"),
        Raw(*b"x").to_request("http://h"),
        Raw(vec![b'x']).to_request("http://h"),
        Raw(&bytes).to_request("http://h"),
        Raw(bytes.clone()).to_request("http://h"),
        Raw(&body).to_request("http://h"),
        Raw(body.clone()).to_request("http://h"),
        Raw(Some("x")).to_request("http://h"),
        Raw(Some(bytes.clone())).to_request("http://h"),
        Raw(Some(&bytes)).to_request("http://h"),
        Raw(std::borrow::Cow::Borrowed("x")).to_request("http://h"),
        Raw(Box::<str>::from("x")).to_request("http://h"),
    ];
    for request in bodies {
        assert_eq!(request.unwrap().body(), "x");
    }
    let none = Raw(None::<String>).to_request("http://h").unwrap();
    assert!(none.body().is_empty() && !none.headers().contains_key("content-type"));
    let form = pynector::Multipart::new().part("p", 1);
    let forms = [
        Multi(&form).to_request("http://h"),
        Multi(form.clone()).to_request("http://h"),
        Multi(Some(form.clone())).to_request("http://h"),
        Multi(Some(&form)).to_request("http://h"),
    ];
    for request in forms {
        assert!(
            request.unwrap().headers()["content-type"].to_str().unwrap().starts_with("multipart/form-data")
        );
    }
    let file = pynector::Part::bytes("f").file_name("f.txt");
    let parts = Parts { text: "t", numbers: vec![1, 2], absent: None, file: &file };
    let parts = parts.to_request("http://h").unwrap();
    let text = std::str::from_utf8(parts.body()).unwrap();
    assert_eq!(text.matches("name=\"n\"").count(), 2);
    assert!(text.contains("filename=\"f.txt\"") && !text.contains("absent"), "{text}");
    let form = Form("x y", BTreeMap::from([("d", 1)])).to_request("http://h").unwrap();
    assert_eq!(form.body(), "a+b=x+y&d=1");
    assert_eq!(Fields { a: 1, b: None }.to_request("http://h").unwrap().body(), r#"{"a":1}"#);
}

#[derive(Endpoint)]
#[get]
struct Follow<'a, O>(#[url] &'a str, #[query("n")] u8, #[call_options] O)
where
    for<'x> &'x O: pynector::CallOptionsValue;

#[test]
fn a_url_and_options_are_read_by_reference() {
    let options = pynector::CallOptions::new().header("x-call", "c");
    let requests = [
        Follow("next", 1, &options).to_request("http://h/v1"),
        Follow("next", 1, Some(&options)).to_request("http://h/v1"),
        Follow("next", 1, Some(options.clone())).to_request("http://h/v1"),
        Follow("next", 1, options).to_request("http://h/v1"),
    ];
    for request in requests.map(Result::unwrap) {
        assert_eq!(
            (request.uri().to_string().as_str(), &request.headers()["x-call"]),
            ("http://h/v1/next?n=1", &"c".parse().unwrap())
        );
    }
}

/// A constant of a generic struct.
#[derive(Endpoint)]
#[put("/{id}", response = T, retry = off, timeout = "5s", headers("x-n" = "1"))]
struct Generic<'a, T: serde::de::DeserializeOwned, B: Serialize + ?Sized, const N: usize>
where
    [u8; N]: Serialize,
{
    id: u8,
    #[query]
    numbers: [u8; N],
    #[json]
    body: &'a B,
    #[query]
    answer: std::marker::PhantomData<T>,
}

#[tokio::test(start_paused = true)]
async fn a_generic_endpoint_has_its_constant_and_its_types() {
    let (transport, script) = transport([Step::json("[1]"), Step::json("\"x\"")]);
    let answer = std::marker::PhantomData::<Vec<u8>>;
    let generic = Generic { id: 1, numbers: [2, 3], body: "b", answer };
    assert_eq!(transport.request(&generic).await.unwrap(), [1]);
    assert_eq!(script.requests()[0].uri, "http://h/1?numbers=2&numbers=3&answer");
    assert_eq!(Generic::<Vec<u8>, str, 2>::OPERATION.template(), "/{id}");
}

#[derive(Endpoint)]
#[head("/", response = pynector::Response<()>)]
struct Unit;

#[derive(Endpoint)]
#[http("QUERY", "/{type}/{größe}", response = BTreeMap<String, u8>)]
struct Odd<'a> {
    r#type: &'a str,
    größe: u8,
    #[query]
    r#match: u8,
    #[query("naïve")]
    call: u8,
    #[header("x-self")]
    request: u8,
}

#[tokio::test(start_paused = true)]
async fn units_and_odd_names() {
    let (transport, script) = transport([Step::status(200), Step::json(r#"{"a":1}"#)]);
    assert_eq!(transport.request(&Unit).await.unwrap().status(), 200);
    let odd = Odd { r#type: "t", größe: 1, r#match: 2, call: 3, request: 4 };
    assert_eq!(transport.request(&odd).await.unwrap()["a"], 1);
    let requests = script.requests();
    assert_eq!(requests[0].method, "HEAD");
    assert_eq!(requests[1].uri, "http://h/t/1?match=2&na%C3%AFve=3");
    assert_eq!(requests[1].headers["x-self"], "4");
}

/// Named parameters, a map, and an argument struct inside.
#[derive(Params)]
struct Paging {
    #[query]
    page: u32,
    #[query]
    size: Option<u32>,
    #[query]
    filter: BTreeMap<&'static str, u8>,
    #[header("x-tenant")]
    tenant: Option<&'static str>,
    #[params]
    inner: Inner,
}

#[derive(Clone, Copy, Params)]
struct Inner(#[query("deep")] u8, #[bearer] &'static str);

#[derive(Endpoint)]
#[get("/?fixed=1")]
struct List<'a, P: Params> {
    #[query]
    before: BTreeMap<&'static str, u8>,
    #[query]
    sort: &'a str,
    #[params]
    page: P,
    #[query]
    after: BTreeMap<&'static str, u8>,
}

#[pynector::api]
trait Lists {
    #[get("/", headers("x-tenant" = "fixed"))]
    async fn list(&self, #[params] page: &Paging) -> Result<()>;

    #[get("/")]
    async fn either(
        &self,
        #[query] all: &BTreeMap<&'static str, u8>,
        #[params] page: Option<Inner>,
    ) -> Result<()>;

    #[get("/")]
    async fn any(&self, #[params] page: impl Params) -> Result<()>;
}

fn page() -> Paging {
    let filter = BTreeMap::from([("page", 10), ("sort", 11), ("deep", 12), ("own", 13)]);
    Paging { page: 1, size: None, filter, tenant: None, inner: Inner(2, "token") }
}

#[tokio::test(start_paused = true)]
async fn an_argument_struct_goes_to_its_places() {
    let (transport, script) = transport([Step::status(200), Step::status(200)]);
    let lists = ListsClient::from_transport(transport).unwrap();
    lists.list(&Paging { filter: BTreeMap::new(), tenant: Some("t"), ..page() }).await.unwrap();
    lists.any(Inner(3, "t")).await.unwrap();
    let requests = script.requests();
    assert_eq!(requests[0].uri, "http://h/?page=1&deep=2");
    assert_eq!(requests[0].headers["x-tenant"], "t");
    assert_eq!(requests[0].headers["authorization"], "Bearer token");
    assert_eq!(requests[1].uri, "http://h/?deep=3");
    let request = lists.to_request(async |lists| lists.list(&page()).await).unwrap();
    assert_eq!(request.headers()["x-tenant"], "fixed", "`None` leaves the fixed header");
}

#[test]
fn a_name_wins_over_the_keys_of_maps_on_both_sides_of_an_argument_struct() {
    let map = |own| BTreeMap::from([("page", 20), ("size", 21), ("deep", 22), ("sort", 23), (own, 24)]);
    let list = List { before: map("before2"), sort: "s", page: page(), after: map("after2") };
    let request = list.to_request("http://h").unwrap();
    assert_eq!(request.uri(), "http://h/?fixed=1&before2=24&sort=s&page=1&own=13&deep=2&after2=24");
}

#[test]
fn an_absent_argument_struct_takes_no_name() {
    let client = ListsClient::at("http://h").unwrap();
    let all = BTreeMap::from([("deep", 1)]);
    let request = |page| client.to_request(async |client| client.either(&all, page).await).unwrap();
    assert_eq!(request(None).uri(), "http://h/?deep=1");
    assert_eq!(request(Some(Inner(2, "t"))).uri(), "http://h/?deep=2");
}

#[test]
fn a_call_by_hand_takes_an_argument_struct_too() {
    const LIST: pynector::Operation = pynector::Operation::get("Hand::list", "/list");
    let transport = HttpTransport::builder("http://h").backend(ScriptBackend::default()).build().unwrap();
    let request = transport
        .to_request(async |transport| transport.call(&LIST).params(&page()).send::<()>().await)
        .unwrap();
    assert_eq!(request.uri(), "http://h/list?page=1&own=13&sort=11&deep=2");
}
