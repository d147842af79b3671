//! Event streams by the letter of the HTML standard (§9.2.6): from chunks of bytes to events, and nothing else.
//!
//! It needs no more than `bytes` and `memchr`, so that a fuzz target can include it by its path.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use memchr::{memchr, memchr2};

/// So many event names are kept, so that a stream that goes through a few of them makes each once.
const NAMES: usize = 8;

/// One event as it stands in the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RawEvent {
    /// `None` is `message`.
    pub(crate) name: Option<Arc<str>>,
    /// The last event ID when it was dispatched; `None` is the empty one.
    pub(crate) id: Option<Arc<str>>,
    /// The reconnection time in milliseconds, where its block sets one.
    pub(crate) retry: Option<u64>,
    /// Its data, lines joined by LF, as they came: what is not UTF-8 is for the reader to replace.
    pub(crate) data: Bytes,
}

/// One line or the data of one event is longer than the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Makes events of chunks, however these are cut.
///
/// Data of one line that lies in one chunk is a slice of it. Otherwise the data is what is allocated, and an event name or an
/// ID that was not there before.
#[derive(Debug)]
pub(crate) struct Parser {
    lines: Lines,
    block: Block,
    limit: usize,
}

impl Parser {
    /// A parser that takes lines, and data of one event, up to `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self { lines: Lines::new(), block: Block::default(), limit }
    }

    /// Gives it the next chunk. The one before must have been used up: [`next`](Self::next) was `None`.
    pub(crate) fn feed(&mut self, chunk: Bytes) {
        self.lines.chunk = chunk;
        self.lines.at = 0;
    }

    /// The next event of the chunk; `None` if it has no further one.
    pub(crate) fn next(&mut self) -> Result<Option<RawEvent>, TooLong> {
        while let Some(line) = self.lines.next(self.limit)? {
            if !line.text.is_empty() {
                self.block.field(&line, self.limit)?;
            } else if let Some(event) = self.block.dispatch() {
                return Ok(Some(event));
            }
        }
        self.feed(Bytes::new());
        Ok(None)
    }

    /// The stream begins anew, on another connection: what was not dispatched is dropped, the last event ID stays.
    pub(crate) fn restart(&mut self) {
        self.lines = Lines::new();
        self.block.data = Data::None;
        (self.block.name, self.block.retry, self.block.has_new_id) = (None, None, false);
    }

    /// The last event ID string: that of the last block that ended.
    pub(crate) fn last_event_id(&self) -> Option<&Arc<str>> {
        self.block.id.as_ref()
    }

    /// The reconnection time in milliseconds, where the stream set one.
    pub(crate) fn reconnection_time(&self) -> Option<u64> {
        self.block.reconnection_time
    }
}

/// The lines of a stream; each ends in LF, CR, or both.
#[derive(Debug)]
struct Lines {
    chunk: Bytes,
    /// How much of the chunk is used up.
    at: usize,
    /// The beginning of a line whose end is in a later chunk.
    begun: BytesMut,
    /// A line that came in several chunks.
    joined: Bytes,
    /// No line has ended yet, so a byte order mark may come.
    at_start: bool,
    /// The last line ended in CR: an LF that follows belongs to it.
    after_cr: bool,
}

/// A line without its end.
struct Line<'a> {
    text: &'a [u8],
    /// The memory that it is a part of.
    of: &'a Bytes,
    /// Where it begins there.
    from: usize,
}

impl Line<'_> {
    /// All behind `skipped` bytes, without a copy.
    fn shared(&self, skipped: usize) -> Bytes {
        self.of.slice(self.from + skipped..self.from + self.text.len())
    }
}

impl Lines {
    fn new() -> Self {
        Self {
            chunk: Bytes::new(),
            at: 0,
            begun: BytesMut::new(),
            joined: Bytes::new(),
            at_start: true,
            after_cr: false,
        }
    }

    /// The next line whose end is here.
    fn next(&mut self, limit: usize) -> Result<Option<Line<'_>>, TooLong> {
        let mut rest = self.chunk.get(self.at..).unwrap_or_default();
        if self.after_cr && !rest.is_empty() {
            self.after_cr = false;
            if let [b'\n', behind @ ..] = rest {
                (rest, self.at) = (behind, self.at + 1);
            }
        }
        // The line between two events is empty, and need not be searched.
        let length = if rest.first() == Some(&b'\n') { Some(0) } else { memchr2(b'\n', b'\r', rest) };
        if self.begun.len().saturating_add(length.unwrap_or(rest.len())) > limit {
            return Err(TooLong);
        }
        let Some(length) = length else {
            self.begun.extend_from_slice(rest);
            self.at += rest.len();
            return Ok(None);
        };
        let (text, end) = rest.split_at(length);
        self.after_cr = end.first() == Some(&b'\r');
        let from = self.at;
        self.at += length + 1;
        let (mut line, of, mut from) = if self.begun.is_empty() {
            (text, &self.chunk, from)
        } else {
            self.begun.extend_from_slice(text);
            self.joined = self.begun.split().freeze();
            (&*self.joined, &self.joined, 0)
        };
        if self.at_start {
            self.at_start = false;
            if let Some(behind) = line.strip_prefix(b"\xef\xbb\xbf") {
                (line, from) = (behind, from + 3);
            }
        }
        Ok(Some(Line { text: line, of, from }))
    }
}

/// The fields since the last empty line, and what outlives a block.
#[derive(Debug, Default)]
struct Block {
    data: Data,
    /// `None` is the empty name, which is that of `message`.
    name: Option<Arc<str>>,
    /// Those that came last.
    names: Vec<Arc<str>>,
    /// Which of them goes next.
    oldest: usize,
    retry: Option<u64>,
    /// The ID that the block gives, where it gives one; `None` is the empty one here and in `id`.
    new_id: Option<Arc<str>>,
    has_new_id: bool,
    id: Option<Arc<str>>,
    reconnection_time: Option<u64>,
}

#[derive(Debug, Default)]
enum Data {
    #[default]
    None,
    /// One line, as it lies in its chunk.
    One(Bytes),
    Many(BytesMut),
}

impl Block {
    fn field(&mut self, line: &Line<'_>, limit: usize) -> Result<(), TooLong> {
        let (name, value) = match line.text {
            [b'd', b'a', b't', b'a', b':', ..] => (4, 5),
            text => match memchr(b':', text) {
                Some(colon) => (colon, colon + 1),
                None => (text.len(), text.len()),
            },
        };
        let behind = line.text.get(value..).unwrap_or_default();
        let (text, skipped) = match behind {
            [b' ', text @ ..] => (text, value + 1),
            text => (text, value),
        };
        match line.text.get(..name).unwrap_or_default() {
            b"data" => return self.data.push(line, text, skipped, limit),
            b"event" => self.name = self.known(text),
            b"id" if memchr(0, text).is_none() => {
                self.new_id = self.identified(text);
                self.has_new_id = true;
            }
            b"retry" if !text.is_empty() && text.iter().all(u8::is_ascii_digit) => {
                let digits = std::str::from_utf8(text).unwrap_or_default();
                // Digits that are no `u64` are more than one.
                let time = digits.parse().unwrap_or(u64::MAX);
                (self.retry, self.reconnection_time) = (Some(time), Some(time));
            }
            _ => {}
        }
        Ok(())
    }

    /// The name, made where it is none of the last ones.
    fn known(&mut self, text: &[u8]) -> Option<Arc<str>> {
        if text.is_empty() {
            return None;
        }
        if let Some(name) = self.names.iter().find(|name| name.as_bytes() == text) {
            return Some(Arc::clone(name));
        }
        let name: Arc<str> = String::from_utf8_lossy(text).into();
        match self.names.get_mut(self.oldest) {
            Some(place) => *place = Arc::clone(&name),
            None => self.names.push(Arc::clone(&name)),
        }
        self.oldest = (self.oldest + 1) % NAMES;
        Some(name)
    }

    fn identified(&self, text: &[u8]) -> Option<Arc<str>> {
        match &self.id {
            _ if text.is_empty() => None,
            Some(id) if id.as_bytes() == text => Some(Arc::clone(id)),
            _ => Some(String::from_utf8_lossy(text).into()),
        }
    }

    /// The end of a block; without a line of data nothing comes of it but its ID.
    fn dispatch(&mut self) -> Option<RawEvent> {
        if std::mem::take(&mut self.has_new_id) {
            self.id = self.new_id.take();
        }
        let (name, retry) = (self.name.take(), self.retry.take());
        let data = match std::mem::take(&mut self.data) {
            Data::None => return None,
            Data::One(line) => line,
            Data::Many(lines) => lines.freeze(),
        };
        Some(RawEvent { name, id: self.id.clone(), retry, data })
    }
}

impl Data {
    fn push(&mut self, line: &Line<'_>, text: &[u8], skipped: usize, limit: usize) -> Result<(), TooLong> {
        let before = match self {
            Self::None => {
                *self = Self::One(line.shared(skipped));
                return Ok(());
            }
            Self::One(first) => first.len(),
            Self::Many(lines) => lines.len(),
        };
        if before.saturating_add(1).saturating_add(text.len()) > limit {
            return Err(TooLong);
        }
        if let Self::One(first) = self {
            let mut lines = BytesMut::with_capacity(2 * (before + 1 + text.len()));
            lines.extend_from_slice(first);
            *self = Self::Many(lines);
        }
        if let Self::Many(lines) = self {
            lines.extend_from_slice(b"\n");
            lines.extend_from_slice(text);
        }
        Ok(())
    }
}
