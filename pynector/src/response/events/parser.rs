//! Event streams by the letter of the HTML standard (§9.2.6): from chunks of bytes to events, and nothing else.
//!
//! It needs no more than `bytes` and `memchr`, so that a fuzz target can include it by its path.

use std::sync::Arc;

use bytes::Bytes;
use memchr::{memchr, memchr2};

/// So many long event names are kept, so that a stream that goes through a few of them makes each once.
const NAMES: usize = 8;

/// A buffer that has grown beyond this for one event is not kept for the others.
const KEPT: usize = 64 << 10;

/// A name or an ID of up to so many bytes needs no memory of its own.
const SHORT: usize = 22;

/// The name or the ID of an event, which is most often a few letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// Of these bytes, which are UTF-8, the first so many.
    Short(u8, [u8; SHORT]),
    Long(Arc<str>),
}

impl Label {
    fn short(text: &[u8]) -> Option<Self> {
        let mut bytes = [0; SHORT];
        bytes.get_mut(..text.len())?.copy_from_slice(text);
        std::str::from_utf8(text).ok()?;
        Some(Self::Short(u8::try_from(text.len()).ok()?, bytes))
    }

    fn long(text: &[u8]) -> Self {
        Self::Long(String::from_utf8_lossy(text).into())
    }

    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Short(length, bytes) => {
                let text = bytes.get(..usize::from(*length)).unwrap_or_default();
                std::str::from_utf8(text).unwrap_or_default()
            }
            Self::Long(text) => text,
        }
    }
}

/// One event as it stands in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawEvent<'a> {
    /// `None` is `message`.
    pub(crate) name: Option<&'a Label>,
    /// The last event ID when it was dispatched; `None` is the empty one.
    pub(crate) id: Option<&'a Label>,
    /// The reconnection time in milliseconds, where its block sets one.
    pub(crate) retry: Option<u64>,
    /// Its data, lines joined by LF, as they came: what is not UTF-8 is for the reader to replace.
    pub(crate) data: &'a [u8],
}

/// One line or the data of one event is longer than the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Makes events of chunks, however these are cut.
///
/// Data of one line that lies in one chunk is a piece of it, and other data is put together in a buffer that is used again. What is
/// allocated is a long event name or ID that was not there before.
#[derive(Debug)]
pub(crate) struct Parser {
    lines: Lines,
    block: Block,
    limit: usize,
    /// The block is that of an event which was handed out.
    is_done: bool,
}

impl Parser {
    /// A parser that takes lines, and data of one event, up to `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self { lines: Lines::default(), block: Block::default(), limit, is_done: false }
    }

    /// Gives it the next chunk. The one before must have been used up: [`advance`](Self::advance) was false.
    pub(crate) fn feed(&mut self, chunk: Bytes) {
        self.lines.chunk = chunk;
        self.lines.at = 0;
    }

    /// Goes on to the next event of the chunk, which [`event`](Self::event) is then; false if it has no further one.
    pub(crate) fn advance(&mut self) -> Result<bool, TooLong> {
        if self.is_done {
            self.is_done = false;
            self.block.clear();
        }
        while let Some(line) = self.lines.next(self.limit)? {
            if !line.text.is_empty() {
                self.block.field(&line, self.limit)?;
            } else if self.block.dispatch() {
                self.is_done = true;
                return Ok(true);
            }
        }
        self.block.keep(&self.lines.chunk);
        self.feed(Bytes::new());
        Ok(false)
    }

    /// The event that it stands at.
    pub(crate) fn event(&self) -> Option<RawEvent<'_>> {
        let Block { data, joined, name, id, retry, .. } = &self.block;
        let data = match data {
            _ if !self.is_done => return None,
            Data::None => return None,
            Data::Chunk { from, to } => self.lines.chunk.get(*from..*to).unwrap_or_default(),
            Data::Joined => joined,
        };
        Some(RawEvent { name: name.as_ref(), id: id.as_ref(), retry: *retry, data })
    }

    /// The stream begins anew, on another connection: what was not dispatched is dropped, the last event ID stays.
    pub(crate) fn restart(&mut self) {
        (self.lines, self.is_done) = (Lines::default(), false);
        self.block.clear();
    }

    /// The last event ID string: that of the last block that ended.
    pub(crate) fn last_event_id(&self) -> Option<&Label> {
        self.block.id.as_ref()
    }

    /// The reconnection time in milliseconds, where the stream set one.
    pub(crate) fn reconnection_time(&self) -> Option<u64> {
        self.block.reconnection_time
    }
}

/// The lines of a stream; each ends in LF, CR, or both.
#[derive(Debug, Default)]
struct Lines {
    chunk: Bytes,
    /// How much of the chunk is used up.
    at: usize,
    /// The beginning of a line whose end is in a later chunk, or such a line.
    begun: Vec<u8>,
    /// Whether it is a line that was handed out.
    is_joined: bool,
    /// A line has ended, so no byte order mark may come.
    is_under_way: bool,
    /// The last line ended in CR: an LF that follows belongs to it.
    after_cr: bool,
}

/// A line without its end.
struct Line<'a> {
    text: &'a [u8],
    chunk: &'a [u8],
    /// Where it begins in the chunk, if it lies there.
    from: Option<usize>,
}

impl Lines {
    /// The next line whose end is here.
    fn next(&mut self, limit: usize) -> Result<Option<Line<'_>>, TooLong> {
        if self.is_joined {
            self.is_joined = false;
            reuse(&mut self.begun);
        }
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
        let (mut text, mut from) = if self.begun.is_empty() {
            (text, Some(from))
        } else {
            self.begun.extend_from_slice(text);
            self.is_joined = true;
            (&*self.begun, None)
        };
        if !self.is_under_way {
            self.is_under_way = true;
            if let Some(behind) = text.strip_prefix(b"\xef\xbb\xbf") {
                (text, from) = (behind, from.map(|from| from + 3));
            }
        }
        Ok(Some(Line { text, chunk: &self.chunk, from }))
    }
}

/// Empties a buffer and keeps its memory, if that is not too much.
fn reuse(buffer: &mut Vec<u8>) {
    buffer.clear();
    buffer.shrink_to(KEPT);
}

/// The fields since the last empty line, and what outlives a block.
#[derive(Debug, Default)]
struct Block {
    data: Data,
    /// Data that is no piece of a chunk.
    joined: Vec<u8>,
    /// `None` is the empty name, which is that of `message`.
    name: Option<Label>,
    /// The long ones that came last.
    names: Vec<Label>,
    /// Which of them goes next.
    oldest: usize,
    retry: Option<u64>,
    /// The ID that the block gives, where it gives one; `None` is the empty one here and in `id`.
    new_id: Option<Label>,
    has_new_id: bool,
    id: Option<Label>,
    reconnection_time: Option<u64>,
}

/// Where the data of a block is.
#[derive(Debug, Default)]
enum Data {
    #[default]
    None,
    /// One line, as it lies in its chunk.
    Chunk {
        from: usize,
        to: usize,
    },
    Joined,
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
            b"data" => return self.push(line, text, skipped, limit),
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

    /// One more line of data: `text`, which begins so many bytes behind the beginning of its line.
    fn push(&mut self, line: &Line<'_>, text: &[u8], skipped: usize, limit: usize) -> Result<(), TooLong> {
        let before = match (&self.data, line.from) {
            (Data::None, Some(from)) => {
                let from = from + skipped;
                self.data = Data::Chunk { from, to: from + text.len() };
                return Ok(());
            }
            (Data::None, None) => {
                self.data = Data::Joined;
                self.joined.extend_from_slice(text);
                return Ok(());
            }
            (Data::Chunk { from, to }, _) => to - from,
            (Data::Joined, _) => self.joined.len(),
        };
        if before.saturating_add(1).saturating_add(text.len()) > limit {
            return Err(TooLong);
        }
        self.keep(line.chunk);
        self.joined.push(b'\n');
        self.joined.extend_from_slice(text);
        Ok(())
    }

    /// Keeps the data of a chunk that goes.
    fn keep(&mut self, chunk: &[u8]) {
        if let Data::Chunk { from, to } = self.data {
            self.joined.extend_from_slice(chunk.get(from..to).unwrap_or_default());
            self.data = Data::Joined;
        }
    }

    /// The name, made where it is none of the last ones.
    fn known(&mut self, text: &[u8]) -> Option<Label> {
        if text.is_empty() {
            return None;
        }
        let kept = || self.names.iter().find(|name| name.as_str().as_bytes() == text).cloned();
        if let Some(name) = Label::short(text).or_else(kept) {
            return Some(name);
        }
        let name = Label::long(text);
        match self.names.get_mut(self.oldest) {
            Some(place) => *place = name.clone(),
            None => self.names.push(name.clone()),
        }
        self.oldest = (self.oldest + 1) % NAMES;
        Some(name)
    }

    fn identified(&self, text: &[u8]) -> Option<Label> {
        if text.is_empty() {
            return None;
        }
        let kept = || self.id.clone().filter(|id| id.as_str().as_bytes() == text);
        Some(Label::short(text).or_else(kept).unwrap_or_else(|| Label::long(text)))
    }

    /// The end of a block, and whether there is an event: without a line of data nothing comes of it but its ID.
    fn dispatch(&mut self) -> bool {
        if std::mem::take(&mut self.has_new_id) {
            self.id = self.new_id.take();
        }
        let is_event = !matches!(self.data, Data::None);
        if !is_event {
            (self.name, self.retry) = (None, None);
        }
        is_event
    }

    fn clear(&mut self) {
        self.data = Data::None;
        reuse(&mut self.joined);
        (self.name, self.retry, self.has_new_id) = (None, None, false);
    }
}
