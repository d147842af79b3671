//! `zstd` (RFC 8878), with windows of 8 MiB at most (RFC 9659).

use ::zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation as _, OutBuffer};

use super::chain::Inflate;

/// The base-2 logarithm of the largest window, which is all of a decoder's memory that a frame can ask for.
const WINDOW_LOG: u32 = 23;

/// Frames one after the other; whatever is no frame is an error.
#[derive(Default)]
pub(super) struct Zstd {
    decoder: Option<Decoder<'static>>,
    is_between_frames: bool,
}

impl Inflate for Zstd {
    fn name(&self) -> &'static str {
        "zstd"
    }

    fn run(&mut self, input: &[u8], output: &mut [u8]) -> Result<(usize, usize), String> {
        if self.is_between_frames && input.is_empty() {
            return Ok((0, 0));
        }
        let decoder = match &mut self.decoder {
            Some(decoder) => decoder,
            none => none.insert(bounded().map_err(|error| error.to_string())?),
        };
        let (mut input, mut output) = (InBuffer::around(input), OutBuffer::around(output));
        let missing = decoder.run(&mut input, &mut output).map_err(|error| error.to_string())?;
        self.is_between_frames = missing == 0;
        Ok((input.pos(), output.pos()))
    }

    fn end(&mut self) -> Result<(), String> {
        if self.is_between_frames { Ok(()) } else { Err("it ends too early".to_owned()) }
    }
}

fn bounded() -> std::io::Result<Decoder<'static>> {
    let mut decoder = Decoder::new()?;
    decoder.set_parameter(DParameter::WindowLogMax(WINDOW_LOG))?;
    Ok(decoder)
}
