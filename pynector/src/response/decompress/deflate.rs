//! `deflate`: in the header of zlib (RFC 1950), as HTTP says, and bare (RFC 1951), as some servers send it.

use flate2::{Decompress, FlushDecompress, Status};

use super::chain::Inflate;

/// One deflate stream; whatever follows it is an error.
#[derive(Default)]
pub(super) struct Deflate {
    /// The first two bytes, which tell the two forms apart.
    head: Vec<u8>,
    decoder: Option<Decompress>,
    is_over: bool,
}

/// A bare stream never begins like this: its first block would be a stored one with padding that is not zero.
fn is_zlib(head: &[u8]) -> bool {
    match head {
        [method, flags] => {
            method & 0x0f == 8 && method >> 4 <= 7 && u16::from_be_bytes([*method, *flags]) % 31 == 0
        }
        _ => false,
    }
}

impl Inflate for Deflate {
    fn name(&self) -> &'static str {
        "deflate"
    }

    fn run(&mut self, input: &[u8], output: &mut [u8]) -> Result<(usize, usize), String> {
        if self.is_over {
            return if input.is_empty() { Ok((0, 0)) } else { Err("bytes follow its end".to_owned()) };
        }
        if let Some(decoder) = &mut self.decoder {
            let (read, written) = (decoder.total_in(), decoder.total_out());
            let status = decoder.decompress(input, output, FlushDecompress::None);
            self.is_over = status.map_err(|error| error.to_string())? == Status::StreamEnd;
            let moved = |now: u64, before: u64| usize::try_from(now - before).unwrap_or(usize::MAX);
            return Ok((moved(decoder.total_in(), read), moved(decoder.total_out(), written)));
        }
        let missing = input.len().min(2 - self.head.len());
        self.head.extend(input.iter().take(missing));
        if self.head.len() < 2 {
            return Ok((missing, 0));
        }
        let head = std::mem::take(&mut self.head);
        self.decoder = Some(Decompress::new(is_zlib(&head)));
        match self.run(&head, output)? {
            (2, given) => Ok((missing, given)),
            _ => Err("its beginning is no beginning".to_owned()),
        }
    }

    fn end(&mut self) -> Result<(), String> {
        if self.is_over { Ok(()) } else { Err("it ends too early".to_owned()) }
    }
}
