//! `br` (RFC 7932), with windows of 16 MiB at most.

use ::brotli::enc::StandardAlloc;
use ::brotli::{BrotliDecompressStream, BrotliResult, BrotliState};

use super::chain::Inflate;

/// One brotli stream; whatever follows it is an error.
pub(super) struct Brotli {
    state: Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>,
    is_over: bool,
}

impl Default for Brotli {
    fn default() -> Self {
        let alloc = StandardAlloc::default;
        // Strict: the windows of up to 1 GiB that some encoders can write are no part of the coding.
        Self { state: Box::new(BrotliState::new_strict(alloc(), alloc(), alloc())), is_over: false }
    }
}

impl Inflate for Brotli {
    fn name(&self) -> &'static str {
        "brotli"
    }

    fn run(&mut self, input: &[u8], output: &mut [u8]) -> Result<(usize, usize), String> {
        if self.is_over {
            return if input.is_empty() { Ok((0, 0)) } else { Err("bytes follow its end".to_owned()) };
        }
        let (mut unread, mut read) = (input.len(), 0);
        let (mut room, mut written) = (output.len(), 0);
        let mut total = 0;
        let result = BrotliDecompressStream(
            &mut unread,
            &mut read,
            input,
            &mut room,
            &mut written,
            output,
            &mut total,
            &mut self.state,
        );
        match result {
            BrotliResult::ResultSuccess => self.is_over = true,
            BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => {}
            BrotliResult::ResultFailure => return Err(format!("{:?}", self.state.error_code)),
        }
        Ok((read, written))
    }

    fn end(&mut self) -> Result<(), String> {
        if self.is_over { Ok(()) } else { Err("it ends too early".to_owned()) }
    }
}
