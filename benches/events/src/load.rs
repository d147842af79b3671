//! What is parsed: three kinds of streams, cut into pieces as a socket would cut them.

use bytes::{BufMut as _, Bytes, BytesMut};

/// The size of a piece, which no event is aligned to.
const PIECE: usize = 8 << 10;

/// A stream in pieces, and what must come out of it.
pub(crate) struct Load {
    pub(crate) name: &'static str,
    pub(crate) pieces: Vec<Bytes>,
    pub(crate) size: u64,
    /// Events, and bytes of data in them.
    pub(crate) sum: (u64, u64),
    /// Whether its data is JSON.
    pub(crate) json: bool,
}

pub(crate) const LOADS: [fn(usize) -> Load; 3] = [tokens, changes, logs];

/// What a language model sends for each token.
fn tokens(events: usize) -> Load {
    let each = |number: usize| {
        let data = format!(
            "{{\"id\":\"chatcmpl-{number:08}\",\"object\":\"chat.completion.chunk\",\"created\":1732300000,\"model\":\"tea-1\",\
             \"choices\":[{{\"index\":0,\"delta\":{{\"content\":\" tok{}\"}},\"finish_reason\":null}}]}}",
            number % 1000
        );
        (format!("data: {data}\n\n"), data.len())
    };
    made("tokens (data alone)", events, true, each)
}

/// Named events with an ID.
fn changes(events: usize) -> Load {
    let each = |number: usize| {
        let name = ["added", "removed", "changed"][number % 3];
        let data = format!("{{\"id\":{number},\"choices\":[],\"title\":\"a thing of some kind\"}}");
        (format!("id: {number}\nevent: {name}\ndata: {data}\n\n"), data.len())
    };
    made("changes (id, event, data)", events, true, each)
}

/// Several lines of text, with comments between.
fn logs(events: usize) -> Load {
    let each = |number: usize| {
        let lines = [
            format!("line {number} of a log"),
            "  caused by: something".to_owned(),
            "  at a place".to_owned(),
        ];
        let fields = lines.iter().map(|line| format!("data: {line}\r\n")).collect::<String>();
        (format!(": {number}\r\n{fields}\r\n"), lines.iter().map(|line| line.len() + 1).sum::<usize>() - 1)
    };
    made("logs (three lines, a comment, CR LF)", events, false, each)
}

fn made(name: &'static str, events: usize, json: bool, each: impl Fn(usize) -> (String, usize)) -> Load {
    let (mut stream, mut data) = (BytesMut::new(), 0);
    for number in 0..events {
        let (event, length) = each(number);
        stream.put_slice(event.as_bytes());
        data += length as u64;
    }
    let size = stream.len() as u64;
    // Each piece is memory of its own, as it is when a socket has filled it.
    let pieces = stream.chunks(PIECE).map(|piece| Bytes::from(piece.to_vec())).collect();
    Load { name, pieces, size, sum: (events as u64, data), json }
}

/// What a client would make of the data.
#[derive(serde::Deserialize)]
pub(crate) struct Chunk {
    pub(crate) choices: Vec<Choice>,
}

#[derive(serde::Deserialize)]
pub(crate) struct Choice {
    pub(crate) delta: Delta,
}

#[derive(serde::Deserialize)]
pub(crate) struct Delta {
    pub(crate) content: String,
}

impl Chunk {
    pub(crate) fn keep(&self) {
        std::hint::black_box(self.choices.first().map(|choice| choice.delta.content.len()));
    }
}
