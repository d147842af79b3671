//! Each format both ways, and what is none of it.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::{Codec, Form, FormCodec, Format, Json, JsonCodec};
use crate::error::ErrorKind;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    id: u64,
    note: Option<String>,
    tags: Vec<String>,
    paid: bool,
}

fn order() -> Order {
    Order { id: 7, note: None, tags: vec!["a b".to_owned(), "\u{e9}&=".to_owned()], paid: true }
}

fn comes_back<C: Codec>() {
    let body = C::encode(&order()).unwrap();
    assert_eq!(C::decode::<Order>(&body).unwrap(), order(), "{}", C::MEDIA_TYPE);
    assert_eq!(C::decode::<Option<Order>>(&body).unwrap(), Some(order()), "{}", C::MEDIA_TYPE);
    assert_eq!(C::decode::<Option<Order>>(b"").unwrap(), None, "{}", C::MEDIA_TYPE);
    C::decode::<()>(b"\xc1 anything").unwrap_or(());
    C::decode::<IgnoredAny>(b"").unwrap();
    let broken = C::decode::<Order>(b"").unwrap_err();
    assert_eq!(broken.kind(), ErrorKind::Deserialize, "{}", C::MEDIA_TYPE);
}

#[test]
fn what_is_written_is_read() {
    comes_back::<JsonCodec>();
    comes_back::<FormCodec>();
    #[cfg(feature = "msgpack")]
    comes_back::<super::MsgPackCodec>();
}

#[test]
fn forms_are_what_browsers_send() {
    assert_eq!(FormCodec::encode(&order()).unwrap(), "id=7&tags=a+b&tags=%C3%A9%26%3D&paid=true");
    let read = FormCodec::decode::<BTreeMap<String, String>>(b"a+b=%C3%A9&empty=&bare").unwrap();
    let expected = [("a b", "\u{e9}"), ("empty", ""), ("bare", "")];
    assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    let pairs = FormCodec::decode::<Vec<(String, u8)>>(b"a=1&a=2").unwrap();
    assert_eq!(pairs, [("a".to_owned(), 1), ("a".to_owned(), 2)]);
    // Brackets are a part of the name, however many there are.
    let deep = format!("a{}=1", "[b]".repeat(100_000));
    assert!(
        FormCodec::decode::<BTreeMap<String, u8>>(deep.as_bytes()).unwrap().keys().next().unwrap().len()
            > 100_000
    );
    assert!(FormCodec::decode::<BTreeMap<String, String>>(b"a=%ff").is_err(), "never replaced");
    assert!(FormCodec::decode::<Order>(b"id=seven&tags=a&paid=true").is_err());
    assert_eq!(FormCodec::encode("alone").unwrap_err().kind(), ErrorKind::Request);
}

#[test]
fn a_coded_value_is_its_value() {
    let mut json: Json<Vec<u8>> = Json::new(vec![1]);
    json.push(2);
    assert_eq!(
        (json.len(), format!("{json:?}"), json == Json::from(vec![1, 2])),
        (2, "[1, 2]".to_owned(), true)
    );
    assert_eq!(Form::<String>::default().clone().into_inner(), "");
}

#[test]
fn the_content_type_names_the_format() {
    for (content_type, format) in [
        ("", Format::Json),
        ("application/json; charset=utf-8", Format::Json),
        ("application/problem+json", Format::Json),
        ("text/html", Format::Json),
        ("application/X-WWW-form-urlencoded;charset=UTF-8", Format::Form),
        ("application/msgpack", Format::MsgPack),
        ("application/vnd.msgpack", Format::MsgPack),
        ("application/x-msgpack", Format::MsgPack),
        ("application/vnd.example+msgpack; v=1", Format::MsgPack),
    ] {
        assert_eq!(Format::of(content_type), format, "{content_type}");
    }
}

#[cfg(feature = "msgpack")]
mod msgpack {
    use super::super::MsgPackCodec;
    use super::*;

    #[test]
    fn structs_are_maps_by_name() {
        #[derive(Serialize)]
        struct One {
            a: u8,
        }
        assert_eq!(MsgPackCodec::encode(&One { a: 1 }).unwrap(), &b"\x81\xa1a\x01"[..]);
    }

    #[test]
    fn a_value_ends_where_the_body_ends() {
        assert_eq!(MsgPackCodec::decode::<u8>(b"\x07").unwrap(), 7);
        assert_eq!(MsgPackCodec::decode::<Option<u8>>(b"\xc0").unwrap(), None);
        // A space is the number 32, and so no blank body.
        assert_eq!(MsgPackCodec::decode::<Option<u8>>(b" ").unwrap(), Some(32));
        let more = MsgPackCodec::decode::<u8>(b"\x07\x91").unwrap_err();
        assert!(more.to_string().contains("from byte 1 on"), "{more}");
        assert!(MsgPackCodec::decode::<Vec<u8>>(b"\x92\x01").is_err(), "cut");
    }

    #[test]
    fn lengths_that_are_claimed_take_no_memory() {
        for claim in [
            &b"\xdb\xff\xff\xff\xffx"[..],
            b"\xc6\xff\xff\xff\xffx",
            b"\xdd\xff\xff\xff\xff\x01",
            b"\xdf\xff\xff\xff\xff",
        ] {
            assert!(MsgPackCodec::decode::<serde_json::Value>(claim).is_err());
            assert!(MsgPackCodec::decode::<String>(claim).is_err());
            assert!(MsgPackCodec::decode::<Vec<u64>>(claim).is_err());
        }
    }
}

/// In every format, on a small stack, in a build that does not optimise.
#[cfg(feature = "msgpack")]
#[test]
fn depth_bombs_of_message_pack_are_errors_and_no_overflow() {
    let bombs = || {
        #[derive(Debug, Deserialize)]
        #[serde(untagged)]
        #[allow(dead_code, reason = "only decoded")]
        enum Nested {
            List(Vec<Nested>),
            Map(BTreeMap<String, Nested>),
            Leaf(u8),
        }
        #[derive(Debug, Deserialize)]
        struct Known {
            #[allow(dead_code, reason = "only decoded")]
            n: u8,
        }
        for (open, leaf) in
            [(&b"\x91"[..], &b"\x01"[..]), (b"\x81\xa1a", b"\x01"), (b"\x91", b""), (b"\xd4\x01", b"")]
        {
            let bomb = [&open.repeat(100_000), leaf].concat();
            let unknown = [&b"\x82\xa1u"[..], &bomb, b"\xa1n\x01"].concat();
            assert!(super::MsgPackCodec::decode::<serde_json::Value>(&bomb).is_err());
            assert!(super::MsgPackCodec::decode::<Nested>(&bomb).is_err());
            assert!(super::MsgPackCodec::decode::<Vec<IgnoredAny>>(&bomb).is_err());
            assert!(super::MsgPackCodec::decode::<Known>(&unknown).is_err());
        }
        let fits = [&b"\x91".repeat(100)[..], b"\x01"].concat();
        assert!(super::MsgPackCodec::decode::<serde_json::Value>(&fits).is_ok());
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(bombs).unwrap().join().unwrap();
}
