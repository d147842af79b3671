//! Tests of header values and of the ladder.

use http::{HeaderMap, HeaderValue};
use serde::Serialize;

use super::raw::RawHeader;
use super::{Headers, append, append_all, append_map};
use crate::request::flat::Broken;
use crate::request::query::{Form, Named, Query};

fn sent<T: Serialize>(value: T) -> crate::Result<Vec<String>> {
    let mut headers = Headers::default();
    append(&mut headers, "x-a", &value)?;
    Ok(headers.0.iter().map(|(_, value)| value.to_str().unwrap().to_owned()).collect())
}

impl Headers {
    /// What is sent.
    pub(crate) fn to_map(&self) -> HeaderMap {
        self.clone().finish().unwrap().to_map()
    }
}

#[test]
fn scalars_lists_and_absence() {
    assert_eq!(sent("a b").unwrap(), ["a b"]);
    assert_eq!(sent(true).unwrap(), ["true"]);
    assert_eq!(sent("").unwrap(), [""]);
    assert_eq!(sent(None::<u8>).unwrap(), [""; 0]);
    assert_eq!(sent([Some(1), None, Some(2)]).unwrap(), ["1", "2"]);
}

#[test]
fn what_could_break_out_of_its_line_is_refused() {
    for bad in ["a\r\nb: c", "a\nb", "a\0", "\u{e9}", "a\u{7f}"] {
        let error = sent(bad).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Request);
        assert!(error.to_string().contains("x-a"), "{error}");
        assert!(!error.to_string().contains(bad), "{error}");
    }
    assert!(sent(std::collections::BTreeMap::from([("a", 1)])).is_err());
    assert!(sent(f64::NAN).is_err());
}

#[derive(Serialize)]
struct Trace<'a> {
    #[serde(rename = "X-Trace")]
    id: &'a str,
    level: Option<u8>,
    tags: Vec<&'a str>,
    name: RawHeader,
    empty: (),
}

fn mapped<T: Serialize>(value: T) -> crate::Result<Vec<(String, Vec<u8>)>> {
    let mut headers = Headers::default();
    append_all(&mut headers, &value)?;
    Ok(headers.0.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect())
}

fn raw(bytes: &[u8]) -> RawHeader {
    RawHeader(HeaderValue::from_bytes(bytes).unwrap())
}

#[test]
fn a_map_names_headers() {
    let pair = |name: &str, value: &[u8]| (name.to_owned(), value.to_vec());
    let trace = Trace { id: "1", level: None, tags: vec!["a", "b"], name: raw(b"\xe9"), empty: () };
    let expected = [
        pair("x-trace", b"1"),
        pair("tags", b"a"),
        pair("tags", b"b"),
        pair("name", b"\xe9"),
        pair("empty", b""),
    ];
    assert_eq!(mapped(trace).unwrap(), expected);
    assert_eq!(
        mapped([("b", Some(1)), ("a", None), ("B", Some(2))]).unwrap(),
        [pair("b", b"1"), pair("b", b"2")]
    );
    assert_eq!(mapped(None::<[(&str, u8); 1]>).unwrap(), []);
    for (result, part) in [
        (mapped("x"), "this value does not"),
        (mapped([("", "x")]), "this value does not"),
        (mapped([("a b", "x")]), "\"a b\" is not a header name"),
        (mapped([("a\r\nb", "x")]), "is not a header name"),
        (mapped([("Content-Length", "9")]), "the client writes itself"),
        (mapped([("a", "hunter2\r\nb: c")]), "the header `a`"),
        (mapped([("a", "hunter2\u{e9}")]), "printable ASCII"),
        (mapped([("a", [("b", "c")])]), "nest"),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Request);
        assert!(error.to_string().contains(part) && !error.to_string().contains("hunter2"), "{error}");
    }
}

#[test]
fn a_header_map_goes_along_as_it_is() {
    let mut map = HeaderMap::new();
    map.append("x-a", HeaderValue::from_static("1"));
    map.append("x-b", HeaderValue::from_bytes(b"\xff").unwrap());
    map.append("x-a", HeaderValue::from_static("2"));
    let mut headers = Headers::default();
    append_map(&mut headers, &map).unwrap();
    assert_eq!(headers.to_map(), map);
    for name in ["content-length", "transfer-encoding", "connection"] {
        let map = HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_static("1"))]);
        let error = append_map(&mut headers, &map).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Request);
        assert!(error.to_string().contains("the client writes itself"), "{error}");
    }
}

#[test]
fn what_a_request_has_one_of_is_not_repeated() {
    for (name, count) in [("authorization", 1), ("Content-Type", 1), ("host", 1), ("accept", 2)] {
        let mut headers = Headers::default();
        append(&mut headers, name, &["a"; 1]).unwrap();
        headers.check().unwrap();
        append(&mut headers, name, "b").unwrap();
        assert_eq!(headers.check().is_ok(), count == 2, "{name}");
    }
    let mut headers = Headers::default();
    append(&mut headers, "cookie", &["a=1", "b=2"]).unwrap();
    crate::request::cookie::append(&mut headers, "c", "3").unwrap();
    assert_eq!(headers.to_map().get_all("cookie").iter().collect::<Vec<_>>(), ["a=1; b=2; c=3"]);
}

#[test]
fn credentials_are_marked_whoever_gives_them() {
    let mut headers = Headers::fixed(&[("authorization", "Basic x"), ("x-a", "b")]).unwrap();
    append(&mut headers, "cookie", "a=b").unwrap();
    append_all(&mut headers, &[("Proxy-Authorization", "x")]).unwrap();
    let mut marks: Vec<_> =
        headers.to_map().iter().map(|(name, value)| (name.to_string(), value.is_sensitive())).collect();
    marks.sort();
    let expected = [("authorization", true), ("cookie", true), ("proxy-authorization", true), ("x-a", false)];
    assert_eq!(marks, expected.map(|(name, marked)| (name.to_owned(), marked)));
}

#[test]
fn raw_bytes_stand_in_headers_and_nowhere_else() {
    let mut headers = Headers::default();
    let mut secret = HeaderValue::from_bytes(b"\xff\t\x80").unwrap();
    secret.set_sensitive(true);
    append(&mut headers, "x-a", &[Some(raw("Zo\u{eb}".as_bytes())), None, Some(secret.clone().into())])
        .unwrap();
    let map = headers.to_map();
    let values: Vec<_> = map.get_all("x-a").iter().collect();
    assert_eq!(values, [&HeaderValue::from_bytes("Zo\u{eb}".as_bytes()).unwrap(), &secret]);
    assert_eq!(values.iter().map(|value| value.is_sensitive()).collect::<Vec<_>>(), [false, true]);

    let (mut url, mut form) = (String::new(), String::new());
    let query = Query::new((&mut url, &mut false), "q", Named::default(), Form::default()).append(&raw(b"a"));
    let form = crate::request::form::append(&mut form, "q", &[raw(b"a")], &[]);
    for error in [query.unwrap_err(), form.unwrap_err()] {
        assert!(error.to_string().contains("in a header, and nowhere else"), "{error}");
    }
    assert!(serde_json::to_string(&raw(b"a")).is_err());
    assert!(sent(Plain(b"a")).unwrap_err().to_string().contains("bytes have no text form"));
}

/// Bytes that did not say that they are a raw header.
struct Plain(&'static [u8]);

impl Serialize for Plain {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

#[test]
fn what_cannot_be_displayed_is_an_error_and_no_panic() {
    assert!(sent(Broken).unwrap_err().to_string().contains("cannot be displayed"));
}

#[test]
fn a_nearer_level_replaces_and_one_level_may_repeat() {
    let mut nearer = Headers::fixed(&[("a", "1"), ("a", "2")]).unwrap();
    nearer.fall_back_to(&Headers::fixed(&[("a", "3"), ("b", "4"), ("b", "5")]).unwrap());
    let map = nearer.to_map();
    assert_eq!(map.get_all("a").iter().collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(map.get_all("b").iter().collect::<Vec<_>>(), ["4", "5"]);
}

#[test]
fn what_says_where_a_message_ends_is_refused() {
    for name in ["Content-Length", "transfer-encoding", "Connection"] {
        let error = super::parse_name(name).unwrap_err();
        assert!(error.to_string().contains("the client writes itself"), "{error}");
    }
}

#[test]
fn a_nearer_level_stands_on_top_of_a_finished_one() {
    let weaker = Headers::fixed(&[("x-a", "1"), ("x-a", "2"), ("x-b", "3")]).unwrap().finish().unwrap();
    let nearer = Headers::fixed(&[("x-a", "4"), ("x-c", "5"), ("x-c", "6")]).unwrap();
    let sent = weaker.clone().below(nearer).unwrap();
    let map = sent.to_map();
    let values = |name| map.get_all(name).iter().map(|value| value.to_str().unwrap()).collect::<Vec<_>>();
    assert_eq!((values("x-a"), values("x-b"), values("x-c")), (vec!["4"], vec!["3"], vec!["5", "6"]));
    assert_eq!(weaker.to_map().len(), 3);
    let twice = Headers::fixed(&[("host", "a"), ("host", "b")]).unwrap();
    assert!(weaker.clone().below(twice).unwrap_err().to_string().contains("host"));
    let numbered = |name: &str, count: usize| {
        let mut headers = Headers::default();
        for n in 0..count {
            headers.push(format!("{name}-{n}").parse().unwrap(), HeaderValue::from_static("v"));
        }
        headers
    };
    let weaker = numbered("weak", 40).finish().unwrap();
    let error = weaker.below(numbered("near", super::MAX)).unwrap_err();
    assert!(error.to_string().contains("more headers than any server takes"), "{error}");
}

#[test]
fn the_host_of_the_base_is_nobodys_word_and_one_of_a_call_is() {
    let host = |headers: &HeaderMap| headers.get("host").map(|host| host.to_str().unwrap().to_owned());
    let mut weaker = Headers::fixed(&[("x-a", "1")]).unwrap().finish().unwrap();
    weaker.address(HeaderValue::from_static("base"));
    assert_eq!((host(&weaker.to_map()).as_deref(), host(&weaker.said())), (Some("base"), None));
    let own = weaker.below(Headers::fixed(&[("host", "own")]).unwrap()).unwrap();
    let mut kept = own.clone();
    kept.retain(|name| name == "host");
    for fields in [own.to_map(), own.said(), kept.into_map()] {
        assert_eq!(host(&fields).as_deref(), Some("own"));
    }
}

#[test]
fn more_headers_than_a_map_holds_are_an_error_and_no_panic() {
    let mut headers = Headers::default();
    append(&mut headers, "x-a", &vec![1; super::MAX]).unwrap();
    headers.check().unwrap();
    assert_eq!(headers.to_map().len(), super::MAX);
    append(&mut headers, "x-b", &1).unwrap();
    assert_eq!(headers.check().unwrap_err().kind(), crate::ErrorKind::Request);
}

#[test]
fn debug_shows_names_alone() {
    assert_eq!(
        format!("{:?}", Headers::fixed(&[("authorization", "hunter2")]).unwrap()),
        r#"{"authorization"}"#
    );
}
