//! Event streams: cut anywhere they are the same, and a naive twin by the words of the standard finds them too.

use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _};
use pynector::{Endpoint, Events};

#[allow(dead_code, reason = "the file is here whole")]
#[path = "../../pynector/src/response/events/parser.rs"]
mod parser;

use self::parser::{Label, Parser};

/// An event, as far as a stream says something of it.
#[derive(Clone, Debug, PartialEq)]
struct Event {
    name: String,
    id: String,
    retry: Option<u64>,
    data: Vec<u8>,
}

/// Events, and whether something was too long behind them.
type Found = (Vec<Event>, bool);

#[derive(Endpoint)]
#[get("/events", response = Events<String>)]
struct Stream;

/// Two bytes say how the stream is cut and how long a line and an event may be; the rest is the stream.
pub fn run(data: &[u8]) {
    let Some((size, limit, stream)) = crate::cut(data) else { return };
    let (whole, is_over) = parsed(stream.chunks(usize::MAX), usize::MAX);
    assert!(!is_over);
    assert_eq!(naive(stream), whole);
    assert_eq!(parsed(stream.chunks(size), usize::MAX).0, whole, "cut in pieces of {size}");
    let bounded = parsed(stream.chunks(usize::MAX), limit);
    assert_eq!(parsed(stream.chunks(size), limit), bounded, "cut in pieces of {size}");
    assert!(whole.starts_with(&bounded.0) && bounded.0.iter().all(|event| event.data.len() <= limit));
    decoded(stream, &whole);
}

fn parsed<'a>(chunks: impl Iterator<Item = &'a [u8]>, limit: usize) -> Found {
    let (mut parser, mut found) = (Parser::new(limit), Vec::new());
    for chunk in chunks {
        parser.feed(Bytes::copy_from_slice(chunk));
        loop {
            match parser.advance() {
                Ok(true) => found.push(event(&parser)),
                Ok(false) => break,
                Err(_) => return (found, true),
            }
        }
    }
    (found, false)
}

/// The event that the parser stands at.
fn event(parser: &Parser) -> Event {
    let event = parser.event().unwrap();
    let text = |label: Option<&Label>| label.map_or_else(String::new, |label| label.as_str().to_owned());
    Event { name: text(event.name), id: text(event.id), retry: event.retry, data: event.data.to_vec() }
}

/// The lines that have an end.
fn lines(stream: &[u8]) -> Vec<&[u8]> {
    let mut rest = stream.strip_prefix(b"\xef\xbb\xbf").unwrap_or(stream);
    let mut lines = Vec::new();
    while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
        lines.push(&rest[..end]);
        let length = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = &rest[end + length..];
    }
    lines
}

/// "Interpreting an event stream", sentence by sentence.
fn naive(stream: &[u8]) -> Vec<Event> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (mut events, mut id, mut last_id) = (Vec::new(), String::new(), String::new());
    let (mut name, mut data, mut retry) = (String::new(), Vec::new(), None);
    for line in lines(stream) {
        if line.is_empty() {
            last_id.clone_from(&id);
            let (name, mut data, retry) =
                (std::mem::take(&mut name), std::mem::take(&mut data), retry.take());
            if data.pop().is_some() {
                events.push(Event { name, id: last_id.clone(), retry, data });
            }
            continue;
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let (field, value) = match colon {
            Some(0) => continue,
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &b""[..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"event" => name = text(value),
            b"data" => {
                data.extend_from_slice(value);
                data.push(b'\n');
            }
            b"id" if !value.contains(&0) => id = text(value),
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                retry = Some(text(value).parse().unwrap_or(u64::MAX));
            }
            _ => {}
        }
    }
    events
}

/// What a client makes of it.
fn decoded(stream: &[u8], expected: &[Event]) {
    let response = pynector::http::Response::builder().header("content-type", "text/event-stream");
    let events = Stream::decode(response.body(Bytes::copy_from_slice(stream)).unwrap()).unwrap();
    let events: Vec<_> = events.collect().now_or_never().unwrap();
    assert_eq!(events.len(), expected.len());
    for (event, expected) in events.into_iter().zip(expected) {
        let event = event.unwrap();
        assert_eq!(event.data, String::from_utf8_lossy(&expected.data));
        assert_eq!(event.id(), expected.id);
        let name = if expected.name.is_empty() { "message" } else { &expected.name };
        assert_eq!(event.event(), name);
    }
}
