//! `gzip` (RFC 1952): members one after the other.

use std::io::{self, Write as _};

use flate2::write::MultiGzDecoder;

use super::chain::Inflate;

/// A gzip stream, which is members to its end: what is no member is an error.
pub(super) struct Gzip {
    decoder: MultiGzDecoder<Vec<u8>>,
    /// How much of what the decoder has given was handed on.
    given: usize,
}

impl Default for Gzip {
    fn default() -> Self {
        Self { decoder: MultiGzDecoder::new(Vec::new()), given: 0 }
    }
}

impl Gzip {
    /// Lets the decoder take some of `input`, and says how much.
    fn feed(&mut self, input: &[u8]) -> io::Result<usize> {
        // Unlike `write_all` this fills the decoder's buffer once at most.
        let taken = self.decoder.write(input)?;
        if taken == input.len() {
            // What the decoder holds back would wait for a chunk that may take long to come.
            self.decoder.flush()?;
        }
        Ok(taken)
    }
}

impl Inflate for Gzip {
    fn name(&self) -> &'static str {
        "gzip"
    }

    fn run(&mut self, input: &[u8], output: &mut [u8]) -> Result<(usize, usize), String> {
        let mut taken = 0;
        if self.given == self.decoder.get_ref().len() {
            self.decoder.get_mut().clear();
            self.given = 0;
            if !input.is_empty() {
                taken = self.feed(input).map_err(|error| error.to_string())?;
            }
        }
        let decoded = self.decoder.get_ref().get(self.given..).unwrap_or_default();
        let fits = decoded.len().min(output.len());
        if let (Some(to), Some(from)) = (output.get_mut(..fits), decoded.get(..fits)) {
            to.copy_from_slice(from);
        }
        self.given += fits;
        Ok((taken, fits))
    }

    fn end(&mut self) -> Result<(), String> {
        self.decoder.try_finish().map_err(|error| error.to_string())
    }
}
