//! Bytes that can be made and checked block by block: no block is like another.

use std::io::{self, Read};

const BLOCK: usize = 64 << 10;

/// The first `size` bytes of the pattern.
pub(crate) struct Pattern {
    block: Vec<u8>,
    number: u64,
    left: u64,
}

impl Pattern {
    pub(crate) fn new(size: u64) -> Self {
        let noise = std::iter::successors(Some(1_u32), |n| Some(n.wrapping_mul(1_664_525).wrapping_add(1)));
        let block = noise.take(BLOCK).map(|n| n.to_be_bytes()[0]).collect();
        Self { block, number: 0, left: size }
    }

    /// The next block, which begins with its number; the last one may be short.
    pub(crate) fn next_block(&mut self) -> Option<&[u8]> {
        let size = usize::try_from(self.left).map_or(BLOCK, |left| left.min(BLOCK));
        for (byte, number) in self.block.iter_mut().zip(self.number.to_le_bytes()) {
            *byte = number;
        }
        self.number += 1;
        self.left -= size as u64;
        self.block.get(..size).filter(|block| !block.is_empty())
    }
}

/// Whether `file` holds the pattern.
pub(crate) fn check(mut file: impl Read, size: u64) -> io::Result<()> {
    let mut pattern = Pattern::new(size);
    let mut found = vec![0; BLOCK];
    let mut at = 0;
    while let Some(block) = pattern.next_block() {
        let found = found.get_mut(..block.len()).unwrap_or_default();
        file.read_exact(found)?;
        if found != block {
            return Err(io::Error::other(format!("the {} bytes from byte {at} on are others", block.len())));
        }
        at += block.len();
    }
    Ok(())
}
