//! One content coding behind another: each takes what the one over it has undone, a piece at a time.

use std::fmt;

use bytes::{Buf as _, Bytes};

use super::{Corrupt, DecodeFailure};

/// So much is decoded at once, whatever it takes on the wire.
const PIECE: usize = 32 << 10;

/// Undoes one content coding.
pub(super) trait Inflate: Send + Sync {
    /// What it is called in an error.
    fn name(&self) -> &'static str;

    /// Decodes the beginning of `input` into `output`, and says how much of each it used.
    ///
    /// An `output` that is full may have been too small for what it has; it is called once more then, without `input` too.
    /// Otherwise nothing is held back.
    ///
    /// # Errors
    ///
    /// What is wrong with the stream; also whatever follows its end.
    fn run(&mut self, input: &[u8], output: &mut [u8]) -> Result<(usize, usize), String>;

    /// Checks that what was taken ends where a stream ends.
    ///
    /// # Errors
    ///
    /// What is missing.
    fn end(&mut self) -> Result<(), String>;
}

/// A coding and those over it.
pub(super) struct Stage {
    inflate: Box<dyn Inflate>,
    /// The coding that was applied to this one.
    outer: Option<Box<Stage>>,
    /// What came and is not decoded yet.
    input: Bytes,
    output: Box<[u8]>,
    /// An empty body is no stream, and is not an error.
    fed: bool,
    /// Whether there may be more without further input.
    full: bool,
    /// How much more may come of it.
    left: u64,
}

impl Stage {
    /// A coding of at most `limit` bytes.
    pub(super) fn new(inflate: Box<dyn Inflate>, outer: Option<Box<Self>>, limit: u64) -> Self {
        let (input, output) = (Bytes::new(), Box::default());
        Self { inflate, outer, input, output, fed: false, full: false, left: limit }
    }

    /// Takes the chunk and gives a piece of what it decodes to; an empty one says that there is no more of it.
    pub(super) fn pull(&mut self, chunk: &mut Bytes) -> Result<&[u8], DecodeFailure> {
        loop {
            if self.input.is_empty() && !self.full {
                self.input = match &mut self.outer {
                    None => std::mem::take(chunk),
                    Some(outer) => Bytes::copy_from_slice(outer.pull(chunk)?),
                };
                if self.input.is_empty() {
                    return Ok(&[]);
                }
            }
            let given = self.run()?;
            if given > 0 {
                self.left = self.left.checked_sub(given as u64).ok_or(DecodeFailure::TooLarge)?;
                return Ok(self.output.get(..given).unwrap_or_default());
            }
        }
    }

    /// Decodes a piece and gives its size.
    fn run(&mut self) -> Result<usize, DecodeFailure> {
        if self.output.is_empty() {
            self.output = vec![0; PIECE].into();
        }
        self.fed = true;
        let (taken, given) = match self.inflate.run(&self.input, &mut self.output) {
            Ok(moved) => moved,
            Err(why) => return Err(self.broken(&why)),
        };
        if taken == 0 && given == 0 && !self.input.is_empty() {
            return Err(self.broken("it makes no progress"));
        }
        self.input.advance(taken.min(self.input.len()));
        self.full = given == self.output.len();
        Ok(given)
    }

    /// Checks that this stream and those over it are complete.
    pub(super) fn end(&mut self) -> Result<(), DecodeFailure> {
        if let Some(outer) = &mut self.outer {
            outer.end()?;
        }
        if !self.fed {
            return Ok(());
        }
        self.inflate.end().map_err(|why| self.broken(&why))
    }

    fn broken(&self, why: &str) -> DecodeFailure {
        DecodeFailure::Corrupt(Corrupt(format!("the {} stream is broken: {why}", self.inflate.name())))
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(self.inflate.name()).field("outer", &self.outer).finish_non_exhaustive()
    }
}
