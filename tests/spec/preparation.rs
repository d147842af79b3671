//! How a message becomes a request.

use percent_encoding::percent_decode_str;
use pynector::backend::{SentRequest, Step};
use pynector::bytes::Bytes;
use pynector::{CallOptions, ErrorKind, HttpMessage, Message, Part, Result};
use serde_json::{Value, json};

use crate::{builder, built, connected};

/// The request that a message becomes.
async fn prepared(message: HttpMessage) -> Result<SentRequest> {
    let (transport, script) = connected([Step::status(200)]).await;
    let sent = transport.send(&message).await;
    assert_eq!(script.requests().len(), usize::from(sent.is_ok()), "what is refused is not sent");
    sent.map(|()| script.requests().remove(0))
}

#[tokio::test(start_paused = true)]
async fn s3_1_header_merge_is_case_insensitive_and_the_message_wins() {
    let builder =
        builder().header("X-Both", "default").header("x-default", "1").header("Content-Type", "text/csv");
    let (transport, script) = built(builder, [Step::status(200), Step::status(200)]);
    transport.connect().await.unwrap();
    let message = HttpMessage::new().header("x-BOTH", "message").header("X-Number", 7).header("x-bool", true);
    let message = message.header("x-null", Value::Null).header("x-list", json!(["a", "b"])).text("x");
    transport.send(&message).await.unwrap();
    let headers = &script.requests()[0].headers;
    assert_eq!(headers.get_all("x-both").iter().collect::<Vec<_>>(), ["message"]);
    assert_eq!(headers.get_all("x-list").iter().collect::<Vec<_>>(), ["a", "b"]);
    for (name, value) in
        [("x-default", "1"), ("x-number", "7"), ("x-bool", "true"), ("content-type", "text/csv")]
    {
        assert_eq!(headers[name], value);
    }
    assert_eq!(
        headers.get_all("content-type").iter().count(),
        1,
        "that of the transport stands for that of the body"
    );
    assert!(!headers.contains_key("x-null"));
    let patient = transport.with_options(CallOptions::new().header("x-both", "options"));
    patient.send(&HttpMessage::new()).await.unwrap();
    assert_eq!(script.requests()[1].headers["x-both"], "options");
}

#[tokio::test(start_paused = true)]
async fn s3_1_each_body_has_its_type_unless_a_header_says_otherwise() {
    for (message, content_type, body) in [
        (HttpMessage::new().json(json!({ "a": 1 })), Some("application/json"), "{\"a\":1}"),
        (HttpMessage::new().json(Value::Null), Some("application/json"), "null"),
        (
            HttpMessage::new().form("a b", "c&\u{e9}").form("n", 7).form("none", Value::Null),
            Some("application/x-www-form-urlencoded"),
            "a+b=c%26%C3%A9&n=7",
        ),
        (HttpMessage::new().text("h\u{e9}"), Some("text/plain; charset=utf-8"), "h\u{e9}"),
        (HttpMessage::new().content("raw"), Some("application/octet-stream"), "raw"),
        (
            HttpMessage::new().json(1).header("CONTENT-TYPE", "application/vnd+json"),
            Some("application/vnd+json"),
            "1",
        ),
        (HttpMessage::new(), None, ""),
    ] {
        let request = prepared(message.method("put")).await.unwrap();
        assert_eq!(request.method, "PUT");
        let found = request.headers.get_all("content-type").iter().map(|value| value.to_str().unwrap());
        assert_eq!(found.collect::<Vec<_>>(), Vec::from_iter(content_type), "one, or none");
        assert_eq!(request.body, body);
    }
}

#[tokio::test(start_paused = true)]
async fn s3_1_files_are_sent_as_a_browser_sends_them() {
    let message = HttpMessage::new()
        .method("POST")
        .form("title", "a \"b\"\nc")
        .form("n", json!([1, true]))
        .file("f\"1", Part::bytes(vec![0, 0xff, b'\n']).file_name("gr\u{fc}n \"x\"\r\n.bin"))
        .file("f2", Part::text("{}").file_name("a.json").content_type("application/json"))
        .form("last", "field");
    let request = prepared(message).await.unwrap();
    let media = request.headers["content-type"].to_str().unwrap();
    let boundary = media.strip_prefix("multipart/form-data; boundary=").unwrap();
    let part = |head: &str, body: &[u8]| {
        [format!("--{boundary}\r\ncontent-disposition: form-data; {head}\r\n\r\n").as_bytes(), body, b"\r\n"]
            .concat()
    };
    let expected = [
        part("name=\"title\"", b"a \"b\"\r\nc"),
        part("name=\"n\"", b"1"),
        part("name=\"n\"", b"true"),
        part("name=\"last\"", b"field"),
        part(
            "name=\"f%221\"; filename=\"gr\u{fc}n %22x%22%0D%0A.bin\"\r\ncontent-type: application/octet-stream",
            &[0, 0xff, b'\n'],
        ),
        part("name=\"f2\"; filename=\"a.json\"\r\ncontent-type: application/json", b"{}"),
        format!("--{boundary}--\r\n").into_bytes(),
    ];
    assert_eq!(request.body, expected.concat());
}

#[tokio::test(start_paused = true)]
async fn s3_1_files_write_their_own_content_type() {
    for (builder, message) in [
        (builder(), HttpMessage::new().header("Content-Type", "multipart/form-data")),
        (builder().header("content-type", "application/json"), HttpMessage::new()),
    ] {
        let (transport, script) = built(builder, [Step::status(200)]);
        transport.connect().await.unwrap();
        let error = transport.send(&message.file("f", Part::text("x"))).await.unwrap_err();
        assert!(error.kind() == ErrorKind::Request && error.to_string().contains("boundary"), "{error}");
        assert!(script.requests().is_empty());
    }
    let message = HttpMessage::new().file("f", Part::text("x").content_type("a/b\r\nx: y"));
    assert_eq!(prepared(message).await.unwrap_err().kind(), ErrorKind::Request);
}

#[tokio::test(start_paused = true)]
async fn s3_1_a_message_has_exactly_one_body() {
    type Set = fn(HttpMessage) -> HttpMessage;
    let kinds: [(&str, Set); 5] = [
        ("json", |message| message.json(1)),
        ("form", |message| message.form("a", 1)),
        ("files", |message| message.file("f", Part::text("x"))),
        ("content", |message| message.text("x")),
        ("content", |message| message.content("x")),
    ];
    for (first, set_first) in kinds {
        for (second, set_second) in kinds {
            let message = set_second(set_first(HttpMessage::new().method("POST")));
            let fits = first == second
                || [first, second] == ["form", "files"]
                || [first, second] == ["files", "form"];
            assert_eq!(message.serialize().is_ok(), fits, "{first} and {second}");
            // A third body does not hide the clash of the first two.
            let message = if fits { message } else { set_second(message) };
            match prepared(message).await {
                Ok(_) => assert!(fits, "{first} and {second}"),
                Err(error) => {
                    assert!(!fits && error.kind() == ErrorKind::Request, "{error}");
                    let words = format!("not both {first} and {second}");
                    assert!(error.to_string().contains(&words), "{error}");
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn s3_1_params_append_to_the_query_of_the_url() {
    let message = HttpMessage::new()
        .url("/a b?x=1")
        .param("q", "c d")
        .param("n", json!([1, 2]))
        .param("none", Value::Null);
    assert_eq!(prepared(message).await.unwrap().uri, "http://h/a%20b?x=1&q=c%20d&n=1&n=2");
    assert_eq!(prepared(HttpMessage::new().param("q", "")).await.unwrap().uri, "http://h/?q=");
}

#[tokio::test(start_paused = true)]
async fn s3_1_injection_is_refused_before_anything_is_sent() {
    for message in [
        HttpMessage::new().method("GET / HTTP/1.1\r\nx: y"),
        HttpMessage::new().method(""),
        HttpMessage::new().url("/a\r\nx: y"),
        HttpMessage::new().url("/a\0"),
        HttpMessage::new().url("/a/../../etc"),
        HttpMessage::new().url("http://h/a/../../etc"),
        HttpMessage::new().url("/a#b"),
        HttpMessage::new().url("http://user:hunter2@h/"),
        HttpMessage::new().header("", "c"),
        HttpMessage::new().header("content-length", 0),
        HttpMessage::new().header("transfer-encoding", "chunked"),
        HttpMessage::new().header("x-a", "b\r\nc: d"),
        HttpMessage::new().header("x-a\r\nb", "c"),
        HttpMessage::new().header("x-a", json!({ "a": 1 })),
        HttpMessage::new().param("a", json!([[1]])),
        HttpMessage::new().form("a", json!([[1]])),
    ] {
        let error = prepared(message.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{message:?}: {error}");
        assert_eq!(error.operation(), Some("HttpTransport::send"));
        assert!(
            !error.to_string().contains(['\n', '\0']) && !error.to_string().contains("hunter2"),
            "{error}"
        );
    }
}

/// A message that says of its own body what it is.
struct Typed(String);

impl Message for Typed {
    fn serialize(&self) -> Result<Bytes> {
        Ok(Bytes::new())
    }

    fn deserialize(_: &[u8]) -> Result<Self> {
        Ok(Self(String::new()))
    }

    fn content_type(&self) -> Option<&str> {
        Some(&self.0)
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8().unwrap().into_owned()
}

#[tokio::test(start_paused = true)]
async fn s6_4_no_control_character_reaches_the_wire_as_it_is() {
    for bad in ["\r", "\n", "\0", "\r\n", "\u{7f}", "\u{b}", "\r\n\r\nGET / HTTP/1.1\r\n"] {
        let evil = format!("a{bad}b");
        for message in [
            HttpMessage::new().method(&evil),
            HttpMessage::new().url(format!("/{evil}")),
            HttpMessage::new().url(format!("/x?{evil}")),
            HttpMessage::new().url(format!("http://h/{evil}")),
            HttpMessage::new().url(format!("http://h{evil}/")),
            HttpMessage::new().header(&evil, "v"),
            HttpMessage::new().header("x", evil.as_str()),
            HttpMessage::new().header("x", json!(["fine", evil])),
            HttpMessage::new().json(1).header("content-type", evil.as_str()),
            HttpMessage::new().file("f", Part::text("x").content_type(&evil)),
        ] {
            let error = prepared(message.clone()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Request, "{message:?}: {error}");
            assert!(!error.to_string().contains(char::is_control), "{error:?}");
        }
        let (transport, script) = connected([Step::status(200)]).await;
        let error = transport.send(&Typed(evil.clone())).await.unwrap_err();
        assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Request, 0), "{error}");
        for builder in [
            builder().header(&evil, "v"),
            builder().header("x", &evil),
            builder().user_agent(&evil),
            builder().bearer(&*evil),
            builder().api_key("x", &*evil),
        ] {
            assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::Config, "{bad:?}");
        }

        // Where there is a way to write it, it is written so, and never as it is.
        let message =
            HttpMessage::new().method("POST").param(&evil, evil.as_str()).form(&evil, evil.as_str());
        let request = prepared(message).await.unwrap();
        let body = String::from_utf8(request.body.to_vec()).unwrap();
        for text in [request.uri.query().unwrap(), &body] {
            let (name, value) = text.split_once('=').unwrap();
            assert_eq!((decoded(name), decoded(value)), (evil.clone(), evil.clone()));
            assert!(!text.contains(char::is_control), "{text:?}");
        }
        let file = Part::text("x").file_name(&evil);
        let request = prepared(HttpMessage::new().method("POST").file(&evil, file)).await.unwrap();
        let body = String::from_utf8(request.body.to_vec()).unwrap();
        let head = body.split("\r\n\r\n").next().unwrap();
        assert_eq!(
            head.lines().count(),
            3,
            "the boundary, one line for the names, one for the type: {head:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn s3_1_absolute_urls_stay_at_the_origin_unless_allowed() {
    assert_eq!(prepared(HttpMessage::new().url("http://H:80/other")).await.unwrap().uri, "http://h/other");
    for url in ["http://other/", "https://h/", "//other/", "ftp://h/"] {
        assert_eq!(
            prepared(HttpMessage::new().url(url)).await.unwrap_err().kind(),
            ErrorKind::Request,
            "{url}"
        );
    }
    let (transport, script) = built(builder().any_origin(true), [Step::status(200)]);
    transport.connect().await.unwrap();
    transport.send(&HttpMessage::new().url("http://other/x")).await.unwrap();
    assert_eq!(script.requests()[0].uri, "http://other/x");
}

#[tokio::test(start_paused = true)]
async fn s6_4_another_origin_gets_no_headers_that_were_meant_for_the_base_url() {
    let builder = builder()
        .any_origin(true)
        .bearer("hunter2")
        .api_key("x-key", "hunter2")
        .header("accept-language", "de");
    let (transport, script) = built(builder, (0..2).map(|_| Step::status(200)));
    transport.connect().await.unwrap();
    let transport = transport.with_options(CallOptions::new().header("x-option", "hunter2"));
    transport.connect().await.unwrap();
    for url in ["http://other/x", "http://h/x"] {
        transport.send(&HttpMessage::new().url(url).header("x-own", "for whoever is named")).await.unwrap();
    }
    let [other, own] = &script.requests()[..] else { panic!("two requests") };
    for name in ["authorization", "x-key", "x-option"] {
        assert!(!other.headers.contains_key(name), "{name}");
        assert!(own.headers.contains_key(name), "{name}");
    }
    for name in ["x-own", "accept-language", "user-agent"] {
        assert!(other.headers.contains_key(name), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn s3_1_what_could_break_out_of_its_place_is_encoded() {
    for (message, query) in [
        (HttpMessage::new().param("a\r\nb", "c&d=e\r\nf#g"), "a%0D%0Ab=c%26d%3De%0D%0Af%23g"),
        (HttpMessage::new().url("/?x=y z").param("\u{e9}+", "100%"), "x=y%20z&%C3%A9%2B=100%25"),
        (HttpMessage::new().param("b", true).param("f", 1.5).param("n", -3), "b=true&f=1.5&n=-3"),
        (HttpMessage::new().param("object", json!({ "k": 1, "l": false })), "k=1&l=false"),
    ] {
        assert_eq!(prepared(message).await.unwrap().uri.query(), Some(query));
    }
    let form = HttpMessage::new().method("POST").form("a&b", "c=d\r\n").form("yes", true);
    assert_eq!(prepared(form).await.unwrap().body, "a%26b=c%3Dd%0D%0A&yes=true");
    let path = prepared(HttpMessage::new().url("/a\\b/%zz \u{e9}")).await.unwrap();
    assert_eq!(path.uri, "http://h/a%5Cb/%25zz%20%C3%A9");
}
