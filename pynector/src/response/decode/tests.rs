//! Every shape of type against every shape of body.

use std::borrow::Cow;
use std::fmt::Debug;
use std::path::PathBuf;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{accept, coded, decode};
use crate::codec::{FormCodec, JsonCodec};
use crate::error::{ErrorKind, Result};
use crate::response::ResponseHead;

fn with<T: DeserializeOwned>(content_type: &'static str, body: impl Into<Bytes>) -> Result<T> {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static(content_type));
    let head = ResponseHead::new(StatusCode::OK, headers);
    decode(&head, &body.into())
}

fn json<T: DeserializeOwned>(body: &'static str) -> Result<T> {
    with("application/json", body)
}

#[track_caller]
fn is<T: DeserializeOwned + Debug + PartialEq>(body: &'static str, expected: &T) {
    assert_eq!(&json::<T>(body).unwrap(), expected, "{body:?}");
}

#[derive(Debug, Deserialize, PartialEq)]
struct Plain(String);

#[derive(Debug, Deserialize, PartialEq)]
#[serde(transparent)]
struct Transparent(String);

#[derive(Debug, Deserialize, PartialEq)]
#[serde(try_from = "String")]
struct Checked(u8);

impl TryFrom<String> for Checked {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

#[derive(Debug, Deserialize, PartialEq)]
struct Unit;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Tagged {
    One { n: u8 },
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Untagged {
    Number(u8),
    Text(String),
}

#[derive(Debug, Deserialize, PartialEq)]
struct Flat {
    #[serde(flatten)]
    inner: std::collections::BTreeMap<String, u8>,
}

#[test]
fn the_root_type_decides_and_its_parts_never() {
    is("\"hi\"", &"\"hi\"".to_owned());
    is("\"hi\"", &Some("\"hi\"".to_owned()));
    is("\"hi\"", &Plain("hi".to_owned()));
    is("\"hi\"", &Transparent("hi".to_owned()));
    is("\"7\"", &Checked(7));
    is("[\"hi\"]", &vec!["hi".to_owned()]);
    is("\"hi\"", &Cow::<'static, str>::Owned("hi".to_owned()));
    is("\"hi\"", &Box::<str>::from("hi"));
    is("\"/a/b\"", &PathBuf::from("/a/b"));
    is("null", &None::<Value>);
    is("[1]", &Some(Value::from(vec![1])));
    is("340282366920938463463374607431768211455", &u128::MAX);
    is("{\"type\":\"one\",\"n\":1}", &Tagged::One { n: 1 });
    is("7", &Untagged::Number(7));
    is("\"x\"", &Untagged::Text("x".to_owned()));
    is("{\"a\":1}", &Flat { inner: [("a".to_owned(), 1)].into() });
    assert_eq!(json::<Box<RawValue>>(" [1, 2] ").unwrap().get(), "[1, 2]");
}

#[test]
fn raw_bytes_and_text_are_what_came() {
    assert_eq!(with::<Bytes>("image/png", &b"\x89PNG\xff"[..]).unwrap(), &b"\x89PNG\xff"[..]);
    assert_eq!(with::<Option<Bytes>>("image/png", &b"x"[..]).unwrap().unwrap(), "x");
    assert_eq!(with::<String>("text/plain", "\u{feff}h\u{e9}").unwrap(), "h\u{e9}");
    assert!(with::<String>("text/plain", &b"\xff"[..]).is_err());
}

#[test]
fn units_do_not_look_at_the_body() {
    is("anything at all", &());
    is("<html>", &Unit);
    assert!(json::<IgnoredAny>("{broken").is_ok());
}

#[test]
fn a_blank_body_is_none_and_never_a_default() {
    is("", &None::<Value>);
    is(" \n", &None::<u8>);
    is("\u{feff}", &None::<u8>);
    is("", &None::<String>);
    is("", &String::new());
    assert_eq!(json::<Option<Bytes>>("").unwrap(), None);
    for error in [json::<Value>("").unwrap_err(), json::<Vec<u8>>("").unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Deserialize);
        assert!(error.to_string().contains("the body is empty"), "{error}");
    }
}

#[test]
fn a_bom_is_dropped_and_what_follows_the_value_is_refused() {
    is("\u{feff}7", &7);
    let error = json::<u8>("7 8").unwrap_err();
    assert!(error.to_string().contains("trailing characters at line 1 column 3"), "{error}");
}

#[test]
fn a_failure_says_where_and_shows_a_bounded_piece() {
    let error = json::<Tagged>("{\"type\":\"one\",\n\"n\":\"x\"}").unwrap_err();
    let text = error.to_string();
    assert!(text.contains("200 OK, but the JSON body (application/json) does not decode"), "{text}");
    assert!(text.contains(r#"\"n\":\"x\""#), "{text}");
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert!(error.body().unwrap().starts_with(b"{\"type\""));

    let html =
        with::<Value>("text/html", format!("<!doctype html>{}", "x".repeat(5000))).unwrap_err().to_string();
    assert!(html.contains("the body is HTML (text/html), not JSON") && html.contains("<!doctype"), "{html}");
    assert!(html.len() < 400, "{html}");
    assert!(json::<Vec<u8>>("{}").unwrap_err().to_string().contains("return `Bytes`"));
}

/// RFC 8259 §8.1, wherever in the body it stands.
#[test]
fn json_is_utf_8_from_end_to_end() {
    for (body, place) in [
        (&b"{\"unknown\":\"\xe9\",\"n\":1}"[..], Some((12, 1, 13))),
        (b"{\"n\":1,\n\"\xff\":1}", Some((9, 2, 2))),
        (b"{\"n\":1} \xff", Some((8, 1, 9))),
        (b"\xef\xbb\xbf{\"n\":\xc3(}", Some((5, 1, 6))),
        (b"\xff\xfe{\0}\0", Some((0, 1, 1))),
        // Something else is wrong before that.
        (b"{\"n\":x,\"unknown\":\"\xe9\"}", None),
        (b"{\"unknown\":\"\xc3", None),
    ] {
        let error = with::<Known>("application/json", body).unwrap_err();
        let text = error.to_string();
        let why =
            place.map(|(byte, line, column)| format!("from byte {byte} on at line {line} column {column}; "));
        assert_eq!(why.is_some(), text.contains("does not decode: invalid UTF-8"), "{text}");
        assert!(text.contains(&why.unwrap_or_default()), "{text}");
        assert_eq!((error.kind(), error.body().unwrap().as_ref()), (ErrorKind::Deserialize, body));
        assert_eq!(error.decode::<Known>().unwrap_err().kind(), ErrorKind::Deserialize);
    }
    let read = with::<Vec<Plain>>("application/json", &b"[\"h\xe9\"]"[..]).unwrap_err();
    assert!(read.to_string().contains("invalid UTF-8 from byte 3 on at line 1 column 4"), "{read}");
    with::<IgnoredAny>("application/json", &b"\xff"[..]).unwrap();
    with::<Unit>("application/json", &b"\xff"[..]).unwrap();
    assert!(with::<Option<Known>>("application/json", &b" \xff"[..]).is_err(), "it is not blank");
}

#[test]
fn the_content_type_chooses_among_the_formats() {
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    let flat = Flat { inner: [("a".to_owned(), 1)].into() };
    assert_eq!(with::<Flat>("application/vnd.api+json", r#"{"a":1}"#).unwrap(), flat);
    assert_eq!(with::<Vec<(String, u8)>>(form, "a=1").unwrap(), [("a".to_owned(), 1)]);
    assert_eq!(with::<Option<Value>>(form, "").unwrap(), None);
    assert_eq!(with::<String>(form, "a=1").unwrap(), "a=1", "text is text");
    let wrong = with::<Tagged>(form, "type=one").unwrap_err();
    let (text, status) = (wrong.to_string(), wrong.status());
    assert_eq!((wrong.kind(), status), (ErrorKind::Deserialize, Some(StatusCode::OK)));
    let why =
        "does not decode as application/x-www-form-urlencoded: missing field `n`; it reads \"type=one\"";
    assert!(text.contains(why), "{text}");
    let packed = with::<Vec<u8>>("application/msgpack", &b"\x92\x01\x02"[..]);
    if cfg!(feature = "msgpack") {
        assert_eq!(packed.unwrap(), [1, 2]);
        let text = with::<Vec<u8>>("application/msgpack", &b"\x92\x01"[..]).unwrap_err().to_string();
        assert!(text.contains("does not decode as application/msgpack: "), "{text}");
    } else {
        let text = packed.unwrap_err().to_string();
        assert!(text.contains("MessagePack, which needs the feature `msgpack`"), "{text}");
    }
}

#[test]
fn a_type_that_names_its_format_does_not_look_at_the_content_type() {
    let head = |media: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static(media));
        ResponseHead::new(StatusCode::OK, headers)
    };
    let json = |media, body: &'static str| coded::<JsonCodec, String>(&head(media), &Bytes::from(body));
    assert_eq!(json("text/plain", "\"hi\"").unwrap(), "hi");
    assert_eq!(json("application/msgpack", "\u{feff}\"hi\"").unwrap(), "hi");
    let html = json("text/html", "<p>").unwrap_err().to_string();
    assert!(html.contains("the body is HTML (text/html), not JSON; it reads \"<p>\""), "{html}");
    let form = coded::<FormCodec, Flat>(&head("text/html"), &Bytes::from("<p>")).unwrap_err().to_string();
    assert!(form.contains("the body is HTML (text/html), not application/x-www-form-urlencoded"), "{form}");
    let none = coded::<FormCodec, Tagged>(&head(""), &Bytes::new()).unwrap_err().to_string();
    assert!(none.contains("the body is empty"), "{none}");
}

/// Nobody can be made to nest more calls than a small stack has room for, in a build that does not optimise.
#[test]
fn depth_bombs_are_errors_and_no_overflow() {
    let bombs = || {
        for (open, leaf) in
            [("[", ""), ("[", "1"), ("{\"a\":", "1"), ("[{\"a\":", "1"), ("{\"inner\":[", "1")]
        {
            let bomb = Bytes::from(open.repeat(100_000) + leaf);
            let kind =
                |error: Option<crate::Error>| assert_eq!(error.unwrap().kind(), ErrorKind::Deserialize);
            kind(with::<Value>("application/json", bomb.clone()).err());
            kind(with::<Option<Nested>>("application/json", bomb.clone()).err());
            kind(with::<Buffered>("application/json", bomb.clone()).err());
            kind(with::<Inside>("application/json", bomb.clone()).err());
            kind(with::<Value>("application/x-msgpack", bomb.clone()).err());
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(bombs).unwrap().join().unwrap();
}

/// What is skipped, or kept as text, is gone over without a call for each level of it.
#[test]
fn what_is_not_looked_into_may_be_deep() {
    let look = || {
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        let raw = with::<Box<RawValue>>("application/json", deep.clone()).unwrap();
        assert_eq!(raw.get().len(), 200_001);
        assert!(serde_json::from_str::<Value>(raw.get()).is_err(), "it is no value yet");
        with::<Known>("application/json", format!("{{\"unknown\":{deep},\"n\":1}}")).unwrap();
        with::<IgnoredAny>("application/json", deep).unwrap();
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(look).unwrap().join().unwrap();
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[allow(dead_code, reason = "only decoded")]
enum Nested {
    List(Vec<Nested>),
    Map(std::collections::BTreeMap<String, Nested>),
    Leaf(u8),
}

/// Both keep what they read until they know what it is.
#[derive(Debug, Deserialize)]
#[serde(tag = "type")]
enum Buffered {
    #[allow(dead_code, reason = "only decoded")]
    One {
        #[serde(flatten)]
        rest: std::collections::BTreeMap<String, Value>,
    },
}

#[derive(Debug, Deserialize)]
struct Inside {
    #[allow(dead_code, reason = "only decoded")]
    inner: Value,
    #[allow(dead_code, reason = "only decoded")]
    #[serde(flatten)]
    rest: std::collections::BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
struct Known {
    #[allow(dead_code, reason = "only decoded")]
    n: u8,
}

#[test]
fn json_is_asked_for_where_json_is_decoded() {
    assert_eq!(accept::<Vec<u8>>(), "application/json");
    assert_eq!(accept::<Plain>(), "application/json");
    assert_eq!((accept::<String>(), accept::<Bytes>(), accept::<()>()), ("*/*", "*/*", "*/*"));
}
