//! What bodies say they are, and in which pieces they come.

use http_body::Body as _;
use http_body_util::BodyExt as _;

use super::{Body, PIECE};
use crate::policy::Timeouts;
use crate::watch::Watch;

#[test]
fn text_and_bytes_say_what_they_are_and_nothing_says_nothing() {
    let text = Some("text/plain; charset=utf-8");
    let bytes = Some("application/octet-stream");
    for (body, content, media) in [
        (Body::from("a"), Some("a"), text),
        (Body::from(String::from("a")), Some("a"), text),
        (Body::from(&String::from("a")), Some("a"), text),
        (Body::from(std::borrow::Cow::Borrowed("a")), Some("a"), text),
        (Body::from(""), Some(""), text),
        (Body::from(&b"a"[..]), Some("a"), bytes),
        (Body::from(b"a"), Some("a"), bytes),
        (Body::from([b'a']), Some("a"), bytes),
        (Body::from(vec![b'a']), Some("a"), bytes),
        (Body::from(bytes::Bytes::from_static(b"a")), Some("a"), bytes),
        (Body::from(&Body::from("a")), Some("a"), text),
        (Body::from(Some("a")), Some("a"), text),
        (Body::from(None::<&[u8]>), None, None),
        (Body::from(Some(None::<String>)), None, None),
        (Body::empty(), None, None),
    ] {
        let found = body.peek().map(|bytes| std::str::from_utf8(bytes).unwrap());
        assert_eq!((found, body.content_type()), (content, media));
    }
}

#[tokio::test]
async fn a_body_comes_whole_unless_it_is_watched() {
    let body = Body::from(bytes::Bytes::from(vec![7; 2 * PIECE + 1]));
    let watch = Watch::of(&Timeouts::spec(std::time::Duration::from_secs(1)).resolve(), true).unwrap();
    for (mut body, pieces) in
        [(body.clone(), vec![2 * PIECE + 1]), (body.watched(watch.progress()), vec![PIECE, PIECE, 1])]
    {
        let mut left = 2 * PIECE + 1;
        for piece in pieces {
            assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(left as u64), false));
            assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap().len(), piece);
            left -= piece;
        }
        assert!(body.is_end_stream() && body.frame().await.is_none());
    }
}
