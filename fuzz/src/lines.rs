//! JSON lines: cut anywhere they are the same, a naive twin finds them too, and what is written of them is read back.

use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _};
use http_body_util::BodyExt as _;
use pynector::{Body, Endpoint, JsonLines, Result};
use serde_json::Value;

#[allow(dead_code, reason = "the file is here whole")]
#[path = "../../pynector/src/response/lines/split.rs"]
mod split;

use self::split::Splitter;

/// Lines with their numbers, and whether one was too long behind them, and which.
type Found = (Vec<(u64, Vec<u8>)>, Option<u64>);

#[derive(Endpoint)]
#[get("/lines", response = JsonLines<Value>)]
struct Lines;

/// Two bytes say how the body is cut and how long a line may be; the rest is the body.
pub fn run(data: &[u8]) {
    let Some((size, limit, body)) = crate::cut(data) else { return };
    for max in [limit as u64, u64::MAX] {
        let whole = split(body.chunks(usize::MAX), max);
        assert_eq!(split(body.chunks(size), max), whole, "cut in pieces of {size}");
        assert_eq!(naive(body, max), whole);
    }
    decoded(body);
}

fn split<'a>(pieces: impl Iterator<Item = &'a [u8]>, max: u64) -> Found {
    let (mut splitter, mut pieces, mut found) = (Splitter::new(max), pieces.fuse(), Vec::new());
    let mut is_closed = false;
    loop {
        match splitter.next() {
            Ok(Some(line)) => found.push((splitter.number(), line.to_vec())),
            Ok(None) if is_closed => return (found, None),
            Ok(None) => match pieces.next() {
                Some(piece) => splitter.feed(Bytes::copy_from_slice(piece)),
                None => {
                    is_closed = true;
                    splitter.close();
                }
            },
            Err(_) => return (found, Some(splitter.number())),
        }
    }
}

/// The same of a body that is there as a whole.
fn naive(body: &[u8], max: u64) -> Found {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let mut found = Vec::new();
    for (line, number) in body.split(|byte| *byte == b'\n').zip(1..) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() as u64 > max {
            return (found, Some(number));
        }
        if line.iter().any(|byte| !byte.is_ascii_whitespace()) {
            found.push((number, line.to_vec()));
        }
    }
    (found, None)
}

/// What a client makes of it.
fn decoded(body: &[u8]) {
    let items = read(Bytes::copy_from_slice(body));
    let (lines, _) = naive(body, u64::MAX);
    assert_eq!(items.len(), lines.len());
    let mut values = Vec::new();
    for (item, (number, line)) in items.into_iter().zip(lines) {
        match (item, serde_json::from_slice::<Value>(&line)) {
            (Ok(value), Ok(expected)) => {
                assert_eq!(value, expected);
                values.push(value);
            }
            (Err(error), Err(_)) => {
                let text = error.to_string();
                assert!(text.contains(&format!("line {number} ")) && text.len() < 6000, "{text}");
                assert_eq!(error.body().unwrap(), &line);
            }
            (item, expected) => panic!("{item:?} where {expected:?} was expected"),
        }
    }
    let written = Body::json_lines(values.clone()).collect().now_or_never().unwrap().unwrap().to_bytes();
    let again: Vec<_> = read(written).into_iter().map(Result::unwrap).collect();
    assert_eq!(again, values, "what was written is read back");
}

fn read(body: Bytes) -> Vec<Result<Value>> {
    let lines = Lines::decode(pynector::http::Response::new(body)).unwrap();
    lines.collect().now_or_never().unwrap()
}
