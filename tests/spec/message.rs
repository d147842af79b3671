//! Messages: what is written is read again, and what is no message is an error.

use proptest::prelude::*;
use pynector::bytes::Bytes;
use pynector::{Content, Error, ErrorKind, HttpMessage, JsonMessage, Message, Part, Result};
use serde_json::Value;

/// Any JSON value of a few levels.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::from(serde_json::Map::from_iter(map))),
        ]
    })
}

/// Names and values; some names stand more than once.
fn pairs() -> impl Strategy<Value = Vec<(String, Value)>> {
    let name = prop_oneof![any::<String>(), "[ab]"];
    prop::collection::vec((name, value()), 0..4)
}

fn files() -> impl Strategy<Value = Vec<(String, Part)>> {
    let text = || any::<Option<String>>();
    let part = (any::<Vec<u8>>(), text(), text()).prop_map(|(bytes, file_name, content_type)| {
        let part = Part::bytes(bytes);
        let part = file_name.into_iter().fold(part, Part::file_name);
        content_type.into_iter().fold(part, Part::content_type)
    });
    prop::collection::vec((any::<String>(), part), 0..3)
}

fn message() -> impl Strategy<Value = HttpMessage> {
    let body = prop_oneof![
        Just(None),
        value().prop_map(|value| Some(HttpMessage::new().json(value))),
        any::<String>().prop_map(|text| Some(HttpMessage::new().text(text))),
        any::<Vec<u8>>().prop_map(|bytes| Some(HttpMessage::new().content(bytes))),
        (pairs(), files()).prop_map(|(fields, files)| {
            let message = HttpMessage::new();
            let message =
                fields.into_iter().fold(message, |message, (name, value)| message.form(name, value));
            Some(files.into_iter().fold(message, |message, (name, part)| message.file(name, part)))
        }),
    ];
    (any::<String>(), any::<String>(), pairs(), pairs(), body).prop_map(
        |(method, url, headers, params, body)| {
            let message = body.unwrap_or_default().method(method).url(url);
            let message =
                headers.into_iter().fold(message, |message, (name, value)| message.header(name, value));
            params.into_iter().fold(message, |message, (name, value)| message.param(name, value))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn s3_3_a_message_survives_its_serialisation(message in message()) {
        let bytes = message.serialize().unwrap();
        prop_assert_eq!(HttpMessage::deserialize(&bytes).unwrap(), message);
    }

    #[test]
    fn s3_3_no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
        let _ = HttpMessage::deserialize(&bytes);
    }
}

#[test]
fn s3_3_what_is_no_message_is_an_error_and_never_a_default() {
    for bad in [
        "",
        "{}",
        "[]",
        "{\"payload\": 7}",
        "{\"payload\": {\"method\": 7}}",
        "{\"payload\": {\"unknown\": 7}}",
        "{\"payload\": {\"content\": \"not base64!\"}}",
        "{\"payload\": {\"json\": 1, \"text\": \"x\"}}",
        "{\"payload\": {\"json\": 1, \"data\": []}}",
        "{\"payload\": {\"json\": 1, \"files\": []}}",
        "{\"payload\": {\"files\": [{\"name\": \"f\"}]}}",
        "{\"payload\": {\"files\": [{\"name\": \"f\", \"content\": \"not base64!\"}]}}",
        "{\"payload\": {\"params\": [\"a\"]}}",
        "{\"payload\": {\"data\": \"a=1\"}}",
        "{\"payload\": {}, \"headers\": [[\"a\", 1, 2]]}",
        "{\"payload\": {}, \"headers\": 7}",
        "{\"payload\": {}} {}",
    ] {
        let error = HttpMessage::deserialize(bad.as_bytes()).unwrap_err();
        assert!(error.kind() == ErrorKind::Deserialize && error.is_message(), "{bad}: {error}");
    }
    assert_eq!(
        HttpMessage::deserialize(b"{\"payload\": {\"json\": null}}").unwrap().body(),
        &Content::Json(Value::Null)
    );
}

#[test]
fn s3_3_it_is_written_as_the_specification_writes_it() {
    let message = HttpMessage::new()
        .method("PUT")
        .url("/x")
        .header("b", "1")
        .header("a", 2)
        .param("q", true)
        .form("f", Value::Null)
        .form("e", 0.1);
    let written = r#"{"headers":{"b":"1","a":2},"payload":{"method":"PUT","url":"/x","params":{"q":true},"data":{"f":null,"e":0.1}}}"#;
    assert_eq!(message.serialize().unwrap(), written);
    assert_eq!(HttpMessage::deserialize(written.as_bytes()).unwrap(), message);

    // In Python a name cannot stand twice.
    let twice = HttpMessage::new().param("q", 1).param("q", 2);
    let written = r#"{"headers":{},"payload":{"method":"GET","url":"","params":[["q",1],["q",2]]}}"#;
    assert_eq!(twice.serialize().unwrap(), written);
    assert_eq!(HttpMessage::deserialize(written.as_bytes()).unwrap(), twice);

    let silent = HttpMessage::deserialize(b"{\"payload\": {}}").unwrap();
    assert_eq!(silent, HttpMessage::new(), "GET is the default of a message that is read, too");
}

#[test]
fn s3_3_defaults_are_those_of_the_specification() {
    let payload = HttpMessage::new().payload();
    assert_eq!((payload.method.as_deref(), payload.url.as_str()), (Some("GET"), ""));
    assert_eq!(payload.body, Content::Empty);
    assert_eq!(HttpMessage::default(), HttpMessage::new());
}

#[test]
fn s3_3_debug_shows_no_values() {
    let message = HttpMessage::new()
        .url("/x?key=hunter2")
        .header("x-key", "hunter2")
        .param("k", "hunter2")
        .form("f", "hunter2")
        .file("f", Part::text("hunter2").file_name("hunter2"));
    assert!(!format!("{message:?}").contains("hunter2"), "{message:?}");
}

#[derive(Debug, PartialEq)]
struct Word(u32);

impl Message for Word {
    fn serialize(&self) -> Result<Bytes> {
        if self.0 == 0 {
            Err(Error::serialize("zero has no form"))
        } else {
            Ok(self.0.to_be_bytes().to_vec().into())
        }
    }

    fn deserialize(bytes: &[u8]) -> Result<Self> {
        Ok(Self(u32::from_be_bytes(bytes.try_into().map_err(Error::deserialize)?)))
    }
}

#[tokio::test(start_paused = true)]
async fn s3_1_a_message_of_ones_own_is_posted_as_its_bytes() {
    use pynector::backend::Step;

    let (transport, script) =
        crate::connected([Step::status(200).body(vec![0, 0, 0, 9]), Step::status(200).body("xyz")]).await;
    transport.send(&Word(7)).await.unwrap();
    transport.send(&Word(8)).await.unwrap();
    let request = &script.requests()[0];
    assert_eq!((request.method.as_str(), request.uri.to_string().as_str()), ("POST", "http://h/"));
    assert_eq!(request.body, &[0, 0, 0, 7][..]);
    assert_eq!(request.headers["content-type"], "application/octet-stream");

    let mut words = transport.receive::<Word>();
    assert_eq!(words.next().await.unwrap().unwrap(), Word(9));
    let error = words.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deserialize);
    assert!(words.next().await.is_none());

    let error = transport.send(&Word(0)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Serialize);
    assert!(error.to_string().contains("zero has no form"), "{error}");
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn s3_1_json_messages_are_json_both_ways() {
    use pynector::backend::Step;

    let (transport, script) = crate::connected([Step::json("[3]")]).await;
    transport.send(&JsonMessage(vec![1, 2])).await.unwrap();
    assert_eq!(script.requests()[0].headers["content-type"], "application/json");
    assert_eq!(script.requests()[0].body, "[1,2]");
    assert_eq!(transport.receive::<JsonMessage<Vec<u8>>>().next().await.unwrap().unwrap().0, [3]);
}
