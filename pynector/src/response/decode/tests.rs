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

use super::{accept, decode};
use crate::error::{ErrorKind, Result};
use crate::response::ResponseHead;

fn with<T: DeserializeOwned>(content_type: &'static str, body: impl Into<Bytes>) -> Result<T> {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static(content_type));
    let head = ResponseHead::new(StatusCode::OK, headers, "http://h/".parse().unwrap());
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

#[test]
fn depth_bombs_are_errors() {
    let bomb = "[".repeat(200_000);
    assert_eq!(with::<Value>("application/json", bomb).unwrap_err().kind(), ErrorKind::Deserialize);
}

#[test]
fn json_is_asked_for_where_json_is_decoded() {
    assert_eq!(accept::<Vec<u8>>(), "application/json");
    assert_eq!(accept::<Plain>(), "application/json");
    assert_eq!((accept::<String>(), accept::<Bytes>(), accept::<()>()), ("*/*", "*/*", "*/*"));
}
