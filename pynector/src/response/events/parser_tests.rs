//! The parser against the standard: its examples, its fine print, and a slow reading of it on random streams.

use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::*;

use super::parser::{Label, Parser, RawEvent, TooLong};

/// Name, ID, data, reconnection time.
type Told = (String, String, String, Option<u64>);

fn told(event: &RawEvent<'_>) -> Told {
    (
        event.name.map_or("message", Label::as_str).to_owned(),
        event.id.map_or("", Label::as_str).to_owned(),
        String::from_utf8_lossy(event.data).into_owned(),
        event.retry,
    )
}

fn next(parser: &mut Parser) -> Result<Option<RawEvent<'_>>, TooLong> {
    Ok(if parser.advance()? { parser.event() } else { None })
}

fn parsed(pieces: &[&[u8]]) -> (Vec<Told>, Parser) {
    let mut parser = Parser::new(usize::MAX);
    let mut events = Vec::new();
    for piece in pieces {
        parser.feed(Bytes::copy_from_slice(piece));
        while let Some(event) = next(&mut parser).unwrap() {
            events.push(told(&event));
        }
    }
    (events, parser)
}

fn data(stream: &[u8]) -> Vec<String> {
    parsed(&[stream]).0.into_iter().map(|(_, _, data, _)| data).collect()
}

/// The standard, step by step, over the whole stream at once.
#[derive(Default)]
struct Slow {
    data: String,
    name: String,
    id_buffer: String,
    id: String,
    block_retry: Option<u64>,
    retry: Option<u64>,
    events: Vec<Told>,
}

impl Slow {
    fn read(stream: &[u8]) -> Self {
        let text = String::from_utf8_lossy(stream);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut slow = Self::default();
        let mut lines: Vec<&str> = text.split('\n').collect();
        lines.pop();
        for line in lines {
            slow.line(line);
        }
        slow
    }

    fn line(&mut self, line: &str) {
        match line.split_once(':') {
            _ if line.is_empty() => self.dispatch(),
            Some(("", _)) => {}
            Some((name, value)) => self.field(name, value.strip_prefix(' ').unwrap_or(value)),
            None => self.field(line, ""),
        }
    }

    fn field(&mut self, name: &str, value: &str) {
        match name {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id_buffer),
            "retry" if !value.is_empty() && value.chars().all(|digit| digit.is_ascii_digit()) => {
                self.retry = Some(value.parse().unwrap_or(u64::MAX));
                self.block_retry = self.retry;
            }
            _ => {}
        }
    }

    fn dispatch(&mut self) {
        self.id = self.id_buffer.clone();
        let (mut data, name) = (std::mem::take(&mut self.data), std::mem::take(&mut self.name));
        let retry = self.block_retry.take();
        if data.is_empty() {
            return;
        }
        data.pop();
        let name = if name.is_empty() { "message".to_owned() } else { name };
        self.events.push((name, self.id.clone(), data, retry));
    }
}

fn event(name: &str, id: &str, data: &str) -> Told {
    (name.to_owned(), id.to_owned(), data.to_owned(), None)
}

#[test]
fn the_examples_of_the_standard() {
    assert_eq!(data(b"data: YHOO\ndata: +2\ndata: 10\n\n"), ["YHOO\n+2\n10"]);
    let stream =
        b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n";
    let (events, parser) = parsed(&[stream]);
    assert_eq!(events, [event("message", "1", "first event"), event("message", "", "second event")]);
    assert_eq!(parser.last_event_id(), None);
    assert_eq!(data(b"data\n\ndata\ndata\n\ndata:"), ["", "\n"]);
    assert_eq!(data(b"data:test\n\ndata: test\n\n"), ["test", "test"]);
    let (events, _) = parsed(&[b"event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\ndata: x\n\n"]);
    assert_eq!(
        events,
        [event("add", "", "73857293"), event("remove", "", "2153"), event("message", "", "x")]
    );
}

#[test]
fn lines_end_in_cr_lf_or_both() {
    assert_eq!(
        data(b"data: a\r\rdata: b\r\n\r\ndata: c\n\ndata: d\r\n\ndata: e\n\r\n"),
        ["a", "b", "c", "d", "e"]
    );
    let (events, _) = parsed(&[b"data: a\r", b"\ndata: b\r", b"\n\r", b"\ndata: c\r", b"\r"]);
    assert_eq!(events, [event("message", "", "a\nb"), event("message", "", "c")]);
    let mut parser = Parser::new(usize::MAX);
    parser.feed(Bytes::from_static(b"data: a\r\n\r"));
    assert!(next(&mut parser).unwrap().is_some(), "a CR need not wait for an LF");
}

#[test]
fn a_byte_order_mark_counts_once_and_at_the_start() {
    assert_eq!(data(b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n"), ["a"]);
    assert_eq!(data(b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\n"), [""; 0]);
    assert_eq!(parsed(&[b"\xef", b"\xbb", b"\xbfdata: a\n\n"]).0.len(), 1);
    assert_eq!(data(b"\xef\xbb\xbf\ndata: a\n\n"), ["a"]);
}

#[test]
fn one_space_is_dropped_and_names_are_exact() {
    assert_eq!(data(b"data:  a \n\ndata:\tb\n\n"), [" a ", "\tb"]);
    assert_eq!(data(b"Data: a\n data: b\ndata : c\ndata:d:e\n:data: f\n\n"), ["d:e"]);
    assert_eq!(data(b"data: \xff\xe2\x82\n\n"), ["\u{fffd}\u{fffd}"]);
}

#[test]
fn an_id_stays_without_data_and_is_not_taken_with_nul() {
    let (events, parser) = parsed(&[b"id: 7\n\ndata: a\n\nid: 8\x009\ndata: b\n\nid: 9\ndata: c\n"]);
    assert_eq!(events, [event("message", "7", "a"), event("message", "7", "b")]);
    assert_eq!(parser.last_event_id().map(Label::as_str), Some("7"), "the last block did not end");
}

#[test]
fn a_retry_is_ascii_digits() {
    let (events, parser) =
        parsed(&[b"retry: 1500\ndata: a\n\nretry: +1\nretry: 1.5\nretry:\nretry:  9\ndata: b\n\n"]);
    assert_eq!((events[0].3, events[1].3), (Some(1500), None));
    assert_eq!(parser.reconnection_time(), Some(1500));
    assert_eq!(parsed(&[b"retry: 2\n"]).1.reconnection_time(), Some(2), "it holds from its line on");
    assert_eq!(parsed(&[b"retry: 99999999999999999999\n"]).1.reconnection_time(), Some(u64::MAX));
}

#[test]
fn a_new_connection_begins_a_new_block_and_keeps_the_id() {
    let (_, mut parser) = parsed(&[b"id: 1\ndata: a\n\nid: 2\nevent: x\nretry: 5\ndata: half\ndata: l"]);
    parser.restart();
    parser.feed(Bytes::from_static(b"\xef\xbb\xbfdata: b\n\n"));
    assert_eq!(told(&next(&mut parser).unwrap().unwrap()), event("message", "1", "b"));
}

#[test]
fn lines_and_data_are_bounded() {
    let within = |limit, stream: &'static [u8]| {
        let mut parser = Parser::new(limit);
        parser.feed(Bytes::from_static(stream));
        next(&mut parser).map(|event| event.is_some())
    };
    assert_eq!(within(7, b"data: x\n\n"), Ok(true));
    assert_eq!(within(6, b"data: x\n\n"), Err(TooLong));
    assert_eq!(within(6, b": a long comment without an end"), Err(TooLong));
    assert_eq!(within(10, b"data: 1234\ndata:56789\n\n"), Ok(true), "ten bytes with the line feed");
    assert_eq!(within(10, b"data: 1234\ndata:5678\ndata:\n\n"), Ok(true));
    assert_eq!(within(10, b"data: 1234\ndata:5678\ndata:9\n\n"), Err(TooLong));
    let mut parser = Parser::new(8);
    for _ in 0..8 {
        parser.feed(Bytes::from_static(b"x"));
        assert_eq!(next(&mut parser), Ok(None));
    }
    parser.feed(Bytes::from_static(b"x\n"));
    assert_eq!(next(&mut parser), Err(TooLong), "in whatever pieces it comes");
}

#[test]
fn data_in_one_chunk_is_a_slice_of_it_and_names_are_made_once() {
    let chunk = Bytes::from_static(
        b"event: a long name that is kept\ndata: hello\n\nevent: a long name that is kept\ndata: world\n\n",
    );
    let mut parser = Parser::new(usize::MAX);
    parser.feed(chunk.clone());
    let first = next(&mut parser).unwrap().unwrap();
    assert!(chunk.as_ptr_range().contains(&first.data.as_ptr()));
    let Some(Label::Long(name)) = first.name.cloned() else { panic!("a long name") };
    let second = next(&mut parser).unwrap().unwrap();
    assert!(matches!(second.name, Some(Label::Long(same)) if Arc::ptr_eq(&name, same)));
    let many: Vec<u8> = (0..100)
        .flat_map(|name| format!("event: a name of some length {name}\ndata: {name}\n\n").into_bytes())
        .collect();
    for (number, (name, _, data, _)) in parsed(&[&many]).0.iter().enumerate() {
        assert_eq!((&**name, &**data), (&*format!("a name of some length {number}"), &*number.to_string()));
    }
}

/// Pieces of which streams are made that are likely to mean something.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        3 => Just(&b"\n"[..]), 2 => Just(&b"\r\n"[..]), 2 => Just(&b"\r"[..]), 4 => Just(&b"data"[..]),
        2 => Just(&b"event"[..]), 2 => Just(&b"id"[..]), 2 => Just(&b"retry"[..]), 4 => Just(&b":"[..]),
        2 => Just(&b" "[..]), 1 => Just(&b"\xef\xbb\xbf"[..]), 1 => Just(&b"\xef\xbb"[..]), 1 => Just(&b"\xff"[..]),
        1 => Just(&b"\0"[..]), 2 => Just(&b"17"[..]), 1 => Just("\u{e9}\u{1f980}".as_bytes()), 2 => Just(&b"a"[..]),
    ];
    prop::collection::vec(token, 0..60).prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn it_reads_as_the_slow_one_does_wherever_it_is_cut(
        stream in stream(),
        mut cuts in prop::collection::vec(0usize..200, 0..6),
    ) {
        for cut in &mut cuts {
            *cut = (*cut).min(stream.len());
        }
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&[u8]> = cuts.windows(2).map(|ends| &stream[ends[0]..ends[1]]).collect();
        let (events, parser) = parsed(&pieces);
        let slow = Slow::read(&stream);
        prop_assert_eq!(events, slow.events);
        prop_assert_eq!(parser.last_event_id().map_or("", Label::as_str), slow.id);
        prop_assert_eq!(parser.reconnection_time(), slow.retry);
    }
}
