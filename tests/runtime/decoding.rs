//! From the body to the value: formats, charsets and codings as clients meet them, and bodies that nest too deep.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use pynector::backend::Step;
use pynector::bytes::Bytes;
use pynector::{
    ApiError, Body, Endpoint, Error, ErrorKind, Form, HttpConfig, HttpMessage, HttpTransport, Json,
    JsonMessage, Message, MsgPack, MsgPackCodec, Operation, Response, Result, Text,
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::{GET, built, transport};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    id: u32,
    tags: Vec<String>,
}

fn order() -> Order {
    Order { id: 7, tags: vec!["a b".to_owned()] }
}

#[pynector::api]
trait Formats {
    #[post("/json")]
    async fn json(&self, #[body] order: Json<&Order>) -> Result<Json<Order>>;

    #[post("/form")]
    async fn form(&self, #[body] order: Form<&Order>) -> Result<Form<Order>>;

    #[post("/msgpack")]
    async fn msgpack(&self, #[body] order: MsgPack<&Order>) -> Result<Response<MsgPack<Order>>>;

    #[post("/maybe")]
    async fn maybe(&self, #[body] order: Option<MsgPack<Order>>) -> Result<Option<Order>>;

    #[get("/text")]
    async fn text(&self) -> Result<Text>;

    #[get("/string")]
    async fn string(&self) -> Result<String>;
}

const POST: Operation = Operation::post("Test::post", "/x");

#[derive(Endpoint)]
#[post("/orders", response = Order)]
struct Place<'a> {
    #[body]
    order: &'a MsgPack<Order>,
}

fn formats(steps: impl IntoIterator<Item = Step>) -> (FormatsClient, pynector::backend::ScriptBackend) {
    built(FormatsClient::builder().base_url("http://h"), steps)
}

#[tokio::test(start_paused = true)]
async fn a_type_says_what_is_asked_for_what_is_sent_and_what_is_read() {
    let packed = rmp_serde::to_vec_named(&order()).unwrap();
    let (client, script) = formats([
        Step::status(200).header("content-type", "text/plain").body(r#"{"id":7,"tags":["a b"]}"#),
        Step::status(200).header("content-type", "application/json").body("id=7&tags=a+b"),
        Step::status(200).body(packed.clone()),
        Step::status(200).header("content-type", "application/x-msgpack").body(packed.clone()),
        Step::status(200).header("content-type", "text/html; charset=windows-1252").body(&b"\x80 5"[..]),
    ]);
    let asked = order();
    assert_eq!(client.json(Json::new(&asked)).await.unwrap().into_inner(), order());
    assert_eq!(client.form(Form::new(&asked)).await.unwrap().into_inner(), order());
    let answer = client.msgpack(MsgPack::new(&asked)).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.id), (200, 7));
    assert_eq!(client.maybe(None).await.unwrap(), Some(order()), "by the content type");
    assert_eq!(client.text().await.unwrap().0, "\u{20ac} 5");

    let msgpack = "application/msgpack, application/vnd.msgpack, application/x-msgpack";
    let form = "application/x-www-form-urlencoded";
    for (sent, (accept, media, body)) in script.requests().iter().zip([
        ("application/json", Some("application/json"), &br#"{"id":7,"tags":["a b"]}"#[..]),
        (form, Some(form), b"id=7&tags=a+b"),
        (msgpack, Some("application/msgpack"), &packed),
        ("application/json", None, b""),
        ("text/plain, */*;q=0.5", None, b""),
    ]) {
        let header = |name| sent.headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!((header("accept"), header("content-type")), (Some(accept), media));
        assert_eq!(sent.body, body, "{accept}");
    }
}

#[tokio::test(start_paused = true)]
async fn endpoints_and_bodies_by_hand_take_coded_values_too() {
    let answer = || Step::status(200).body(r#"{"id":7,"tags":["a b"]}"#);
    let (transport, script) = transport([answer(), answer()]);
    let coded = MsgPack::new(order());
    assert_eq!(transport.request(&Place { order: &coded }).await.unwrap(), order());
    let body = Body::coded::<MsgPackCodec>(&order()).unwrap();
    transport
        .call(&POST)
        .header("content-type", "application/x-msgpack")
        .body(body)
        .send::<()>()
        .await
        .unwrap();
    for (sent, media) in script.requests().iter().zip(["application/msgpack", "application/x-msgpack"]) {
        assert_eq!(sent.headers["content-type"], media);
        assert_eq!(sent.body, rmp_serde::to_vec_named(&order()).unwrap());
    }
    // A value that its format cannot say is the error of the call, and nothing is sent.
    let (client, script) = built(UnsayableClient::builder().base_url("http://h"), [answer()]);
    let unsayable = BTreeMap::from([(vec![1], 2)]);
    let error = client.send(Json::new(&unsayable)).await.unwrap_err();
    assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Serialize, 0), "{error}");
}

#[pynector::api]
trait Unsayable {
    #[post("/x")]
    async fn send(&self, #[body] map: Json<&BTreeMap<Vec<u8>, u8>>) -> Result<()>;
}

#[tokio::test(start_paused = true)]
async fn what_is_of_another_format_is_one_error_that_is_not_tried_again() {
    let html = || Step::status(200).header("content-type", "text/html").body("<p>no</p>");
    let (client, script) = formats([html(), html(), html(), Step::status(200).body(&b"\xc1"[..])]);
    let asked = order();
    for (error, format) in [
        (client.json(Json::new(&asked)).await.unwrap_err(), "JSON"),
        (client.form(Form::new(&asked)).await.unwrap_err(), "application/x-www-form-urlencoded"),
        (client.msgpack(MsgPack::new(&asked)).await.unwrap_err(), "application/msgpack"),
    ] {
        let line = error.to_string();
        assert!(
            line.contains(&format!("the body is HTML (text/html), not {format}; it reads \"<p>no</p>\"")),
            "{line}"
        );
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Deserialize, 200));
        assert_eq!(error.body().unwrap(), "<p>no</p>");
    }
    let error = client.msgpack(MsgPack::new(&asked)).await.unwrap_err();
    assert!(error.to_string().contains("does not decode as application/msgpack"), "{error}");
    assert_eq!(script.requests().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn text_comes_in_its_charset() {
    let text =
        |media: &'static str, body: &'static [u8]| Step::status(200).header("content-type", media).body(body);
    let (client, _) = formats([
        text("text/plain; charset=Shift_JIS", b"\x93\xfa\x96\x7b"),
        text("text/csv;charset=\"iso-8859-1\"", b"caf\xe9"),
        text("text/plain", b"\xff\xfeh\0i\0"),
        text("text/plain; charset=klingon", b"x"),
        text("text/plain; charset=euc-jp", b"\xff\xff"),
    ]);
    assert_eq!(client.string().await.unwrap(), "\u{65e5}\u{672c}");
    assert_eq!(client.string().await.unwrap(), "caf\u{e9}");
    assert_eq!(client.string().await.unwrap(), "hi", "by its byte order mark");
    let unknown = client.string().await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Deserialize);
    assert!(unknown.to_string().contains("the charset \"klingon\" is unknown"), "{unknown}");
    let broken = client.text().await.unwrap_err();
    assert!(broken.to_string().contains("not in the charset EUC-JP"), "{broken}");
}

#[tokio::test(start_paused = true)]
async fn codings_over_each_other_are_undone_in_a_call_and_in_an_error() {
    let text = "tea and milk, ".repeat(100);
    let wire = crate::decoding_faults::brotli(&crate::decoding_faults::gzip(text.as_bytes()));
    let coded = |status| Step::status(status).header("content-encoding", "gzip, br").body(wire.clone());
    let (client, _) = formats([coded(200), coded(404)]);
    assert_eq!(client.string().await.unwrap(), text);
    assert_eq!(client.string().await.unwrap_err().body().unwrap(), &text);
}

#[derive(Debug, ApiError)]
enum Deep {
    #[status(409)]
    #[allow(dead_code, reason = "only decoded")]
    Conflict(Value),
    #[other]
    Other(Error),
}

/// Every other place where JSON is read; those of answers are tested where they are.
#[test]
fn depth_bombs_are_errors_wherever_json_is_read() {
    let look = async || {
        for open in ["[", "{\"a\":"] {
            let bomb = format!("{}1", open.repeat(100_000));
            let (transport, _) = transport([409, 409].map(|status| Step::status(status).body(bomb.clone())));
            let error = transport.call(&GET).send::<()>().await.unwrap_err();
            assert_eq!(error.decode::<Value>().unwrap_err().kind(), ErrorKind::Deserialize);
            let error = Deep::from(transport.call(&GET).send::<()>().await.unwrap_err());
            assert!(matches!(&error, Deep::Other(error) if error.status().unwrap() == 409), "{error:?}");

            let bytes = Bytes::from(bomb.clone());
            let message = JsonMessage::<Value>::deserialize(&bytes).map(drop);
            assert_eq!(message.unwrap_err().kind(), ErrorKind::Deserialize);
            let envelope = format!("{{\"payload\":{bomb}");
            assert!(HttpMessage::deserialize(envelope.as_bytes()).is_err());
            assert!(serde_json::from_str::<HttpConfig>(&bomb).is_err());
        }
    };
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(look());
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

/// How many of them there are.
static COUNTED: AtomicUsize = AtomicUsize::new(0);

#[derive(Debug)]
struct Counted;

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        u32::deserialize(deserializer)?;
        COUNTED.fetch_add(1, Ordering::Relaxed);
        Ok(Self)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        COUNTED.fetch_sub(1, Ordering::Relaxed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_before_what_is_no_json_is_dropped() {
    for (body, decodes) in [("7", true), ("7 x", false), ("7 \u{e9}", false)] {
        let step = || Step::status(200).header("content-type", "application/json").body(body);
        let (transport, _) = built(HttpTransport::builder("http://h"), [step(), step()]);
        let bare = transport.call(&GET).send::<Counted>().await;
        let whole = transport.call(&GET).send::<Response<Counted>>().await;
        assert_eq!((bare.is_ok(), whole.is_ok()), (decodes, decodes), "{body}");
        assert_eq!(COUNTED.load(Ordering::Relaxed), if decodes { 2 } else { 0 }, "{body}");
    }
}
