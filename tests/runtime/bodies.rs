//! Bodies of every kind, byte for byte, and what may not stand beside them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pynector::backend::Step;
use pynector::bytes::Bytes;
use pynector::{Body, CallOptions, ErrorKind, HttpTransport, Multipart, Operation, Part, PartValue, Result};
use pynector_tests::raw::{RawServer, Reply};
use serde::Serialize;
use serde_json::Value;

use crate::transport;

#[derive(Clone, Serialize)]
struct Login {
    user: &'static str,
    password: Option<&'static str>,
    scopes: Vec<&'static str>,
}

/// A type of a user that says what it is as a body, and as parts.
struct Csv(&'static str);

impl From<Csv> for Body {
    fn from(csv: Csv) -> Self {
        Self::text(csv.0)
    }
}

impl PartValue for Csv {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        form.push(name, Part::text(self.0).file_name("table.csv").content_type("text/csv"));
    }
}

#[pynector::api]
trait Bodies {
    #[post("/form")]
    async fn login(&self, #[form] login: Option<Login>) -> Result<()>;

    #[post("/form")]
    async fn pairs(&self, #[form] pairs: &[(&str, &str)]) -> Result<()>;

    #[post("/form")]
    async fn fields(
        &self,
        #[form] login: Option<&Login>,
        #[form("n[]")] numbers: &[u8],
        #[form] user: Option<&str>,
    ) -> Result<()>;

    #[post("/form")]
    async fn single(&self, #[form] token: &str, #[header("content-type")] media: Option<&str>) -> Result<()>;

    #[put("/raw")]
    async fn raw<T: Into<Body> + Send>(&self, #[body] body: T) -> Result<()>;

    #[put("/raw", headers("content-type" = "text/markdown"))]
    async fn markdown(&self, #[body] text: &str) -> Result<()>;

    #[post("/parts")]
    async fn parts(
        &self,
        #[part("na\"me")] title: &str,
        #[part] draft: bool,
        #[part] absent: Option<f64>,
        #[part] sizes: &[u16],
        #[part] photo: &[u8],
        #[part("doc")] documents: Vec<Part>,
        #[part] table: Csv,
    ) -> Result<()>;

    #[post("/parts")]
    async fn maybe(&self, #[part] one: Option<&str>, #[part] many: &[f64]) -> Result<()>;

    #[post("/parts")]
    async fn whole(&self, #[multipart] form: Option<&Multipart>) -> Result<()>;

    #[post("/json")]
    async fn object(
        &self,
        #[json_field("displayName")] name: Option<&str>,
        #[json_field] r#type: u8,
        #[json_field] extra: Option<&Value>,
    ) -> Result<()>;

    #[patch("/json")]
    async fn changes(&self, #[json_field] name: Option<&str>, #[json_field] mail: Option<&str>)
    -> Result<()>;
}

async fn served() -> (BodiesClient, RawServer) {
    let server = RawServer::start([Reply::ok("204 No Content", "", "")]).await;
    (BodiesClient::at(server.url()).unwrap(), server)
}

/// The content type of the last request, and its body.
fn last(server: &RawServer) -> (Option<String>, String) {
    let request = server.requests().pop().unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let length = format!("content-length: {}", body.len());
    assert_eq!(head.lines().filter(|line| **line == length).count(), 1, "{length} in {head}");
    let media: Vec<_> = head.lines().filter_map(|line| line.strip_prefix("content-type: ")).collect();
    assert!(media.len() <= 1, "{head}");
    (media.first().map(|media| (*media).to_owned()), body.to_owned())
}

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

#[tokio::test]
async fn a_form_is_written_as_a_browser_writes_it() {
    let (bodies, server) = served().await;
    let login = Login { user: "Ada L. & +\u{e9}", password: None, scopes: vec!["a b", "*-._~"] };
    let written = "user=Ada+L.+%26+%2B%C3%A9&scopes=a+b&scopes=*-._%7E";
    bodies.login(Some(login.clone())).await.unwrap();
    assert_eq!(last(&server), (FORM.map(str::to_owned), written.to_owned()));
    bodies.pairs(&[("b", "2"), ("a", ""), ("b", "=")]).await.unwrap();
    assert_eq!(last(&server), (FORM.map(str::to_owned), "b=2&a=&b=%3D".to_owned()));
    bodies.single("a b", None).await.unwrap();
    assert_eq!(last(&server), (FORM.map(str::to_owned), "token=a+b".to_owned()));
    bodies.single("x", Some("application/x-www-form-urlencoded; charset=utf-8")).await.unwrap();
    assert_eq!(last(&server).0.as_deref(), Some("application/x-www-form-urlencoded; charset=utf-8"));
}

#[tokio::test]
async fn fields_of_a_form_come_in_the_order_written_and_a_name_wins_over_a_key() {
    let (bodies, server) = served().await;
    let login = Login { user: "key", password: Some("p"), scopes: vec![] };
    bodies.fields(Some(&login), &[1, 2], Some("name")).await.unwrap();
    assert_eq!(last(&server).1, "password=p&n%5B%5D=1&n%5B%5D=2&user=name");
    bodies.fields(None, &[], None).await.unwrap();
    assert_eq!(last(&server), (FORM.map(str::to_owned), String::new()), "an empty list is no `None`");
}

#[tokio::test]
async fn none_is_no_body_and_no_content_type() {
    let (bodies, server) = served().await;
    bodies.login(None).await.unwrap();
    assert_eq!(last(&server), (None, String::new()));
    bodies.raw(None::<&str>).await.unwrap();
    assert_eq!(last(&server), (None, String::new()));
    bodies.whole(None).await.unwrap();
    assert_eq!(last(&server), (None, String::new()));
    bodies.maybe(None, &[]).await.unwrap();
    assert_eq!(last(&server), (None, String::new()), "a multipart form without parts cannot be written");
}

#[tokio::test]
async fn text_and_bytes_are_sent_as_they_are() {
    let (bodies, server) = served().await;
    let text = Some("text/plain; charset=utf-8".to_owned());
    let bytes = Some("application/octet-stream".to_owned());
    bodies.raw("a\r\nb").await.unwrap();
    assert_eq!(last(&server), (text.clone(), "a\r\nb".to_owned()));
    bodies.raw(String::new()).await.unwrap();
    assert_eq!(last(&server), (text.clone(), String::new()), "an empty text is a body");
    bodies.raw(Cow::Borrowed("a")).await.unwrap();
    assert_eq!(last(&server), (text.clone(), "a".to_owned()));
    bodies.raw(Some(Csv("x,y"))).await.unwrap();
    assert_eq!(last(&server), (text, "x,y".to_owned()));
    bodies.raw(vec![b'a', b'\n']).await.unwrap();
    assert_eq!(last(&server), (bytes.clone(), "a\n".to_owned()));
    bodies.raw(Bytes::from_static(b"a")).await.unwrap();
    assert_eq!(last(&server), (bytes.clone(), "a".to_owned()));
    bodies.raw(Body::bytes("a")).await.unwrap();
    assert_eq!(last(&server), (bytes, "a".to_owned()));
    bodies.markdown("# a").await.unwrap();
    assert_eq!(last(&server), (Some("text/markdown".to_owned()), "# a".to_owned()));
}

/// The body with its boundary as `B`.
fn parts_of(server: &RawServer) -> String {
    let (media, body) = last(server);
    let media = media.unwrap();
    body.replace(media.strip_prefix("multipart/form-data; boundary=").unwrap(), "B")
}

#[tokio::test]
async fn parts_come_in_the_order_written_with_names_as_browsers_write_them() {
    let (bodies, server) = served().await;
    let documents = vec![
        Part::text("1").file_name("a\"b.txt"),
        Part::json(serde_json::json!({ "a": 1 })),
        Part::bytes("2").content_type("text/x"),
    ];
    bodies.parts("line\nline", true, None, &[1, 2], b"\xff\n", documents, Csv("x,y")).await.unwrap();
    let part =
        |head: &str, body: &str| format!("--B\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let expected = [
        part("name=\"na%22me\"", "line\nline"),
        part("name=\"draft\"", "true"),
        part("name=\"sizes\"", "1"),
        part("name=\"sizes\"", "2"),
        part("name=\"photo\"", "\u{fffd}\n"),
        part("name=\"doc\"; filename=\"a%22b.txt\"\r\ncontent-type: application/octet-stream", "1"),
        part("name=\"doc\"\r\ncontent-type: application/json", "{\"a\":1}"),
        part("name=\"doc\"\r\ncontent-type: text/x", "2"),
        part("name=\"table\"; filename=\"table.csv\"\r\ncontent-type: text/csv", "x,y"),
        "--B--\r\n".to_owned(),
    ];
    assert_eq!(parts_of_lossy(&server), expected.concat());
}

/// The same, where the body is not UTF-8 and the raw server shows it with replacement characters.
fn parts_of_lossy(server: &RawServer) -> String {
    let request = server.requests().pop().unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let boundary =
        head.lines().find_map(|line| line.strip_prefix("content-type: multipart/form-data; boundary="));
    body.replace(boundary.unwrap(), "B")
}

#[tokio::test]
async fn a_form_that_was_put_together_elsewhere_is_sent_as_it_is() {
    let (bodies, server) = served().await;
    let form = Multipart::new().part("a", 1).part("b", ["x", "y"]);
    for _ in 0..2 {
        bodies.whole(Some(&form)).await.unwrap();
        let line = "\r\ncontent-disposition: form-data; name=";
        let expected = format!(
            "--B{line}\"a\"\r\n\r\n1\r\n--B{line}\"b\"\r\n\r\nx\r\n--B{line}\"b\"\r\n\r\ny\r\n--B--\r\n"
        );
        assert_eq!(parts_of(&server), expected);
    }
}

#[tokio::test]
async fn fields_of_an_object_come_in_the_order_written() {
    let (bodies, server) = served().await;
    let json = Some("application/json".to_owned());
    bodies.object(Some("A\"b"), 7, Some(&Value::Null)).await.unwrap();
    assert_eq!(last(&server), (json.clone(), r#"{"displayName":"A\"b","type":7,"extra":null}"#.to_owned()));
    bodies.object(None, 7, None).await.unwrap();
    assert_eq!(last(&server), (json.clone(), r#"{"type":7}"#.to_owned()));
    bodies.changes(None, None).await.unwrap();
    assert_eq!(last(&server), (json, "{}".to_owned()), "an object without fields is an object");
}

const POST: Operation = Operation::post("T::post", "/x");
const FIXED: Operation = Operation::post("T::fixed", "/x").headers(&[("content-type", "a/b")]);

/// What a call that was refused says; nothing was sent.
async fn refused(call: impl FnOnce(&HttpTransport) -> pynector::Call) -> String {
    let (transport, script) = transport([Step::status(204)]);
    let error = call(&transport).send::<()>().await.unwrap_err();
    assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Request, 0), "{error}");
    assert!(!error.was_sent());
    error.to_string()
}

#[tokio::test(start_paused = true)]
async fn a_call_has_one_body() {
    let second = refused(|transport| transport.call(&POST).json(&1).form("a", "b")).await;
    assert!(second.contains("one body: `form` was bound after `json`"), "{second}");
    let second = refused(|transport| transport.call(&POST).body("a").body("b")).await;
    assert!(second.contains("`body` was bound after `body`"), "{second}");
    let second = refused(|transport| transport.call(&POST).part("a", 1).multipart(Multipart::new())).await;
    assert!(second.contains("`multipart` was bound after `part`"), "{second}");
    let second = refused(|transport| transport.call(&POST).form("a", &1).json_field("b", &2)).await;
    assert!(second.contains("`json_field` was bound after `form`"), "{second}");

    // What is not there is no second body.
    let (transport, script) = transport([Step::status(204)]);
    let call =
        transport.call(&POST).json(&None::<u8>).body(None::<&str>).form("a", &None::<u8>).json_field("b", &2);
    call.send::<()>().await.unwrap();
    assert_eq!(script.requests()[0].body, "{\"b\":2}");
}

#[tokio::test(start_paused = true)]
async fn nobody_but_the_client_says_what_a_multipart_form_is() {
    let from_parameter =
        refused(|transport| transport.call(&POST).header("content-type", "a/b").part("a", 1)).await;
    assert!(from_parameter.contains("leave the header `content-type` out"), "{from_parameter}");
    refused(|transport| transport.call(&FIXED).multipart(Multipart::new().part("a", 1))).await;
    let options = CallOptions::new().header("content-type", "a/b");
    refused(|transport| transport.with_options(options).call(&POST).part("a", 1)).await;
    // Without a part there is no form that it could contradict.
    let (transport, _) = transport([Step::status(204)]);
    transport.call(&FIXED).part("a", None::<u8>).send::<()>().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_a_body_is_told_before_anything_is_sent() {
    let nested = BTreeMap::from([("a", BTreeMap::from([("b", 1)]))]);
    let why = refused(|transport| transport.call(&POST).form("deep", &nested)).await;
    assert!(why.contains("the form field `deep`") && why.contains("nest"), "{why}");
    let why = refused(|transport| transport.call(&POST).form("x", &f64::NAN)).await;
    assert!(why.contains("NaN is not a finite number"), "{why}");
    let why = refused(|transport| transport.call(&POST).part("x", [1.0, f64::INFINITY])).await;
    assert!(why.contains("the part `x`: inf is not a finite number"), "{why}");
    let why =
        refused(|transport| transport.call(&POST).part("x", Part::text("a").content_type("a\nb"))).await;
    assert!(why.contains("the content type of the part `x`"), "{why}");
}

#[tokio::test(start_paused = true)]
async fn every_attempt_sends_the_same_form() {
    let (transport, script) = transport([Step::status(429), Step::status(204)]);
    transport.call(&POST).part("a", "b").send::<()>().await.unwrap();
    let requests = script.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body, requests[1].body);
    assert_eq!(requests[0].headers["content-type"], requests[1].headers["content-type"]);
}

#[tokio::test(start_paused = true)]
async fn debug_shows_no_content() {
    let (transport, _) = transport([]);
    for call in [
        transport.call(&POST).form("user", "hunter2"),
        transport.call(&POST).body("hunter2"),
        transport.call(&POST).part("hunter2", "hunter2"),
        transport.call(&POST).json_field("a", "hunter2"),
    ] {
        let shown = format!("{call:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
