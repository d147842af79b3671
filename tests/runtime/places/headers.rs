//! Headers by name, by map and as raw bytes, and cookies.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use pynector::backend::{ScriptBackend, Step};
use pynector::http::{HeaderMap, HeaderValue};
use pynector::{
    CallOptions, Endpoint, ErrorKind, HttpTransport, Operation, Params, RawHeader, Result, Secret,
};
use serde::Serialize;

use crate::{built, transport};

#[derive(Serialize)]
pub(crate) struct Extra {
    #[serde(rename = "x-trace")]
    trace: &'static str,
    #[serde(rename = "X-Raw")]
    raw: Option<RawHeader>,
    #[serde(rename = "x-list")]
    list: [u8; 2],
}

/// Only `Display`.
pub(crate) struct Date(&'static str);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[pynector::api(headers("x-trace" = "trait", "cookie" = "theme=dark"))]
pub(crate) trait Headers {
    #[get("/")]
    async fn maps(
        &self,
        #[headers] first: &HashMap<String, String>,
        #[header("X-Trace")] trace: Option<&str>,
        #[headers] second: &Extra,
    ) -> Result<()>;

    #[get("/")]
    async fn raw(&self, #[header("x-name")] name: &[RawHeader]) -> Result<()>;

    #[get("/")]
    async fn query(&self, #[query] name: &RawHeader) -> Result<()>;

    #[get("/")]
    async fn dates(
        &self,
        #[header("Date", display)] date: Date,
        #[header("x-since", display)] since: Option<Date>,
        #[header("x-until", display)] until: Option<&Date>,
    ) -> Result<()>;

    #[get("/")]
    async fn keys(
        &self,
        #[header("x-api-key", display)] key: &Secret,
        #[header("x-other-key", display)] other: Option<Secret>,
        #[header("x-absent-key", display)] absent: Option<&Secret>,
    ) -> Result<()>;

    #[get("/")]
    async fn cookies(
        &self,
        #[cookie("sid")] session: Option<&Secret>,
        #[cookie] lang: &str,
        #[cookie] n: Option<u8>,
    ) -> Result<()>;

    #[get("/")]
    async fn maybe(&self, #[cookie] a: Option<&str>, #[headers] map: BTreeMap<&str, &str>) -> Result<()>;

    #[post("/")]
    async fn everything(
        &self,
        #[headers] map: &[(&str, &str)],
        #[bearer] token: &str,
        #[json] body: u8,
    ) -> Result<()>;
}

/// Header maps by every way in which a method may take one, beside what is `Serialize`, also by a parameter of the method.
#[pynector::api]
pub(crate) trait Lists {
    #[get("/")]
    async fn by_value(&self, #[headers] map: HeaderMap) -> Result<()>;

    #[get("/")]
    async fn by_reference(
        &self,
        #[headers] map: &HeaderMap,
        #[header("x-own")] own: Option<u8>,
    ) -> Result<()>;

    #[get("/")]
    async fn absent(
        &self,
        #[headers] map: Option<HeaderMap>,
        #[headers] other: Option<&HeaderMap>,
    ) -> Result<()>;

    #[get("/")]
    async fn generic<T: Serialize + Sync>(&self, #[headers] map: &T) -> Result<()>;
}

#[derive(Endpoint)]
#[get("/")]
struct ListOf<'a> {
    #[headers]
    owned: HeaderMap,
    #[headers]
    lent: &'a HeaderMap,
    #[headers]
    absent: Option<HeaderMap>,
}

#[tokio::test]
async fn a_header_map_is_sent_as_it_is() {
    let (lists, script) =
        built(ListsClient::builder().base_url("http://h"), (0..9).map(|_| Step::status(204)));
    let mut map = HeaderMap::new();
    map.append("x-own", HeaderValue::from_static("map"));
    map.append("x-a", HeaderValue::from_bytes(b"\xe9").unwrap());
    map.append("x-a", HeaderValue::from_static("2"));
    lists.by_value(map.clone()).await.unwrap();
    assert_eq!(sent(&script, "x-a"), [&b"\xe9"[..], b"2"]);
    lists.by_reference(&map, Some(7)).await.unwrap();
    assert_eq!((sent(&script, "x-own"), sent(&script, "x-a").len()), (vec![b"7".to_vec()], 2));
    lists.absent(None, Some(&map)).await.unwrap();
    assert_eq!(sent(&script, "x-own"), [b"map"]);
    lists.generic(&[("x-a", 1)]).await.unwrap();
    assert_eq!(sent(&script, "x-a"), [b"1"]);

    map.insert("transfer-encoding", HeaderValue::from_static("chunked"));
    let error = lists.by_value(map.clone()).await.unwrap_err();
    assert!(error.to_string().contains("the client writes itself"), "{error}");

    map.remove("transfer-encoding");
    let list = ListOf { owned: map.clone(), lent: &map, absent: None };
    assert_eq!(list.to_request("http://h").unwrap().headers().get_all("x-a").iter().count(), 4);
}

/// A struct that brings credentials of its own.
#[derive(Params)]
pub(crate) struct Login<'a> {
    #[bearer]
    token: &'a str,
    #[cookie]
    sid: &'a str,
}

#[pynector::api]
pub(crate) trait Logins {
    #[get("/")]
    async fn both(&self, #[params] login: &Login<'_>, #[bearer] token: &str) -> Result<()>;

    #[get("/")]
    async fn cookies(&self, #[params] login: &Login<'_>, #[header("cookie")] more: &str) -> Result<()>;
}

#[tokio::test]
async fn credentials_of_two_places_are_an_error_and_cookies_are_one_header() {
    let (logins, script) =
        built(LoginsClient::builder().base_url("http://h"), (0..9).map(|_| Step::status(204)));
    let login = Login { token: "hunter2", sid: "1" };
    let error = logins.both(&login, "hunter2").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(error.to_string().contains("one header `authorization`"), "{error}");
    assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    logins.cookies(&login, "b=2").await.unwrap();
    let cookies = sent(&script, "cookie");
    assert!(cookies == [b"sid=1; b=2"] || cookies == [b"b=2; sid=1"], "{cookies:?}");
}

fn headers() -> (HeadersClient, ScriptBackend) {
    built(HeadersClient::builder().base_url("http://h"), (0..20).map(|_| Step::status(204)))
}

fn sent(script: &ScriptBackend, name: &str) -> Vec<Vec<u8>> {
    let request = script.requests().pop().unwrap();
    request.headers.get_all(name).iter().map(|value| value.as_bytes().to_vec()).collect()
}

#[tokio::test]
async fn a_header_of_its_own_wins_over_the_maps_wherever_it_stands() {
    let (headers, script) = headers();
    let map =
        HashMap::from([("X-Trace".to_owned(), "map".to_owned()), ("x-list".to_owned(), "0".to_owned())]);
    let extra = Extra { trace: "struct", raw: None, list: [1, 2] };
    headers.maps(&map, Some("own"), &extra).await.unwrap();
    assert_eq!(sent(&script, "x-trace"), [b"own"]);
    assert_eq!(sent(&script, "x-list"), [b"0", b"1", b"2"]);
    headers.maps(&map, None, &extra).await.unwrap();
    assert_eq!(sent(&script, "x-trace"), [&b"map"[..], b"struct"]);
    headers
        .maps(&HashMap::new(), None, &Extra { raw: Some(RawHeader(HeaderValue::from_static("r"))), ..extra })
        .await
        .unwrap();
    assert_eq!(sent(&script, "x-raw"), [b"r"]);

    let options = CallOptions::new().header("x-trace", "options");
    let map = HashMap::from([("x-trace".to_owned(), "map".to_owned())]);
    headers
        .with_options(options)
        .maps(&map, None, &Extra { trace: "s", raw: None, list: [1, 2] })
        .await
        .unwrap();
    assert_eq!(sent(&script, "x-trace"), [&b"map"[..], b"s"], "a parameter is the strongest level");
}

#[tokio::test]
async fn a_map_is_checked_and_never_beats_credentials() {
    let (headers, script) = headers();
    headers
        .everything(&[("Authorization", "Basic x"), ("Content-Type", "application/x")], "t", 1)
        .await
        .unwrap();
    assert_eq!(sent(&script, "authorization"), [b"Bearer t"]);
    assert_eq!(sent(&script, "content-type"), [b"application/x"]);
    for (name, value) in [
        ("content-length", "0"),
        ("Transfer-Encoding", "chunked"),
        ("connection", "close"),
        ("a b", "c"),
        ("", "c"),
        ("a", "b\r\nc: d"),
        ("a\r\nb", "c"),
    ] {
        let error = headers.everything(&[(name, value)], "t", 1).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{name} {value}");
    }
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn raw_bytes_stand_in_a_header_alone() {
    let (headers, script) = headers();
    let raw = |bytes: &[u8]| RawHeader(HeaderValue::from_bytes(bytes).unwrap());
    headers.raw(&[raw(b"\xe9\t\xff"), raw("\u{e9}".as_bytes())]).await.unwrap();
    assert_eq!(sent(&script, "x-name"), [&b"\xe9\t\xff"[..], b"\xc3\xa9"]);
    let error = headers.query(&raw(b"a")).await.unwrap_err();
    assert!(error.to_string().contains("in a header, and nowhere else"), "{error}");
}

#[tokio::test]
async fn what_is_only_displayed_stands_in_a_header() {
    let (headers, script) = headers();
    headers.dates(Date("Wed, 25 Nov 2026"), None, Some(&Date("now"))).await.unwrap();
    assert_eq!(sent(&script, "date"), [b"Wed, 25 Nov 2026"]);
    assert_eq!(sent(&script, "x-since"), Vec::<Vec<u8>>::new());
    assert_eq!(sent(&script, "x-until"), [b"now"]);
    let error = headers.dates(Date("a\nb"), None, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}

#[tokio::test]
async fn a_secret_in_a_header_is_sent_and_never_logged() {
    let (headers, script) = headers();
    headers.keys(&Secret::new("k3y"), Some(Secret::new("other")), None).await.unwrap();
    assert_eq!(sent(&script, "x-api-key"), [b"k3y"]);
    assert_eq!(sent(&script, "x-other-key"), [b"other"]);
    assert_eq!(sent(&script, "x-absent-key"), Vec::<Vec<u8>>::new());
    for name in ["x-api-key", "x-other-key"] {
        assert!(script.requests()[0].headers[name].is_sensitive());
    }
    let error = headers.keys(&Secret::new("k3y\r\nx: y"), None, None).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("k3y"), "{error:?}");
}

#[tokio::test]
async fn cookies_are_one_header_and_win_over_the_fixed_one() {
    let (headers, script) = headers();
    headers.cookies(Some(&Secret::new("s3cret")), "de", Some(7)).await.unwrap();
    assert_eq!(sent(&script, "cookie"), [b"sid=s3cret; lang=de; n=7"]);
    assert!(script.requests()[0].headers["cookie"].is_sensitive());
    headers.cookies(None, "de", None).await.unwrap();
    assert_eq!(sent(&script, "cookie"), [b"lang=de"]);
    headers.maybe(None, BTreeMap::new()).await.unwrap();
    assert_eq!(sent(&script, "cookie"), [b"theme=dark"], "without one, the fixed header stays");
    headers.maybe(None, BTreeMap::from([("cookie", "m=1")])).await.unwrap();
    assert_eq!(sent(&script, "cookie"), [b"m=1"]);
    headers.maybe(Some("1"), BTreeMap::from([("cookie", "m=1")])).await.unwrap();
    assert_eq!(sent(&script, "cookie"), [b"a=1"]);
}

#[tokio::test]
async fn a_cookie_that_could_become_two_is_an_error_that_does_not_show_it() {
    let (headers, script) = headers();
    for bad in ["s3cret; admin=1", "s3cret\r\nx: y", "s3cret\u{e9}", "s3cret,", "a s3cret", "\"s3cret"] {
        let error = headers.cookies(Some(&Secret::new(bad)), "de", None).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(error.to_string().contains("`sid`"), "{error}");
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    }
    assert_eq!(script.requests().len(), 0);
}

const GET: Operation = Operation::get("Test::get", "/");

/// A `Display` that fails, where `to_string` panics.
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

#[tokio::test]
async fn what_cannot_be_displayed_is_an_error_in_every_place() {
    let (transport, script) = transport([]);
    let call = || transport.call(&GET);
    for call in [
        call().cookie("c", Broken),
        call().cookie("c", Some(Broken)),
        call().bearer(Broken),
        call().bearer(Some(Broken)),
        call().basic((Broken, None::<&str>)),
        call().basic(Some(("u", Some(Broken)))),
        call().header_display("x-a", &Broken),
    ] {
        let error = call.send::<()>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(error.to_string().contains("cannot be displayed"), "{error}");
    }
    assert!(HttpTransport::builder("http://h").bearer(Broken).build().is_err());
    assert!(HttpTransport::builder("http://h").api_key("x-key", Broken).build().is_err());
    assert_eq!(script.requests().len(), 0);
}

#[tokio::test]
async fn the_order_of_links_by_hand_does_not_matter() {
    let (transport, script) = transport((0..2).map(|_| Step::status(204)));
    let map = [("x-a", "map"), ("cookie", "map=1")];
    transport.call(&GET).headers(&map).header("x-a", "own").cookie("c", "1").send::<()>().await.unwrap();
    assert_eq!(
        (sent(&script, "x-a"), sent(&script, "cookie")),
        (vec![b"own".to_vec()], vec![b"c=1".to_vec()])
    );
    let (absent, there) = (&None::<String>, &Some(1));
    let call = transport
        .call(&GET)
        .cookie("b", absent)
        .cookie("c", there)
        .header_display("x-b", absent)
        .header_display("x-a", &format_args!("own"))
        .headers(&map);
    assert!(!format!("{call:?}").contains("c=1"));
    call.send::<()>().await.unwrap();
    assert_eq!(
        (sent(&script, "x-a"), sent(&script, "cookie")),
        (vec![b"own".to_vec()], vec![b"c=1".to_vec()])
    );
    assert_eq!(
        transport.call(&GET).cookie("a b", 1).send::<()>().await.unwrap_err().kind(),
        ErrorKind::Request
    );
}
