//! Content codings, undone chunk by chunk with a cap on the decoded size, so that a bomb is refused early.

#[cfg(feature = "brotli")]
mod brotli;
mod chain;
#[cfg(feature = "deflate")]
mod deflate;
#[cfg(feature = "gzip")]
mod gzip;
#[cfg(test)]
mod tests;
#[cfg(feature = "zstd")]
mod zstd;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};

use self::chain::{Inflate, Stage};

/// So many codings may lie over each other; each holds a window of its own while it is undone.
const STACKED: usize = 4;

/// What `accept-encoding` says where decompression is on: what this build can undo, the best first.
pub(crate) const ACCEPTED: Option<&str> = match (
    cfg!(feature = "zstd"),
    cfg!(feature = "brotli"),
    cfg!(feature = "gzip"),
    cfg!(feature = "deflate"),
) {
    (true, true, true, true) => Some("zstd, br, gzip, deflate"),
    (true, true, true, false) => Some("zstd, br, gzip"),
    (true, true, false, true) => Some("zstd, br, deflate"),
    (true, true, false, false) => Some("zstd, br"),
    (true, false, true, true) => Some("zstd, gzip, deflate"),
    (true, false, true, false) => Some("zstd, gzip"),
    (true, false, false, true) => Some("zstd, deflate"),
    (true, false, false, false) => Some("zstd"),
    (false, true, true, true) => Some("br, gzip, deflate"),
    (false, true, true, false) => Some("br, gzip"),
    (false, true, false, true) => Some("br, deflate"),
    (false, true, false, false) => Some("br"),
    (false, false, true, true) => Some("gzip, deflate"),
    (false, false, true, false) => Some("gzip"),
    (false, false, false, true) => Some("deflate"),
    (false, false, false, false) => None,
};

/// A body that is not what its `content-encoding` says.
#[derive(Debug)]
pub(crate) struct Corrupt(pub(crate) String);

/// Why decoding ended early.
#[derive(Debug)]
pub(crate) enum DecodeFailure {
    TooLarge,
    Corrupt(Corrupt),
}

/// Undoes the content codings of a body, up to a decoded size.
#[derive(Debug)]
pub(crate) struct Decoder {
    /// The coding that was applied first, with those over it behind; `None` where there is none.
    coding: Option<Box<Stage>>,
    collected: Collected,
    limit: u64,
}

impl Decoder {
    /// Puts chunks together as they are.
    pub(crate) fn identity(limit: u64) -> Self {
        Self { coding: None, collected: Collected::Whole(Bytes::new()), limit }
    }

    /// The decoder that `content-encoding` asks for, which names the codings in the order in which they were applied
    /// (RFC 9110 §8.4).
    ///
    /// # Errors
    ///
    /// A coding that this build does not know, or more of them than four.
    pub(crate) fn of(headers: &HeaderMap, limit: u64) -> Result<Self, Corrupt> {
        let codings: Vec<&str> = headers
            .get_all(header::CONTENT_ENCODING)
            .iter()
            .flat_map(|value| value.to_str().unwrap_or("(not text)").split(','))
            .map(str::trim)
            .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
            .collect();
        if codings.len() > STACKED {
            return Err(Corrupt(format!("{} content codings over each other are too many", codings.len())));
        }
        let mut outer: Option<Box<Stage>> = None;
        for (nth, name) in codings.iter().enumerate().rev() {
            let inflate = named(name).ok_or_else(|| unknown(name))?;
            // What is still coded may be a little larger than what it decodes to, but not much: that would be a bomb too.
            let allowed = if nth == 0 { u64::MAX } else { limit.saturating_add(limit / 64 + 1024) };
            outer = Some(Box::new(Stage::new(inflate, outer, allowed)));
        }
        Ok(Self { coding: outer, ..Self::identity(limit) })
    }

    /// Whether the size on the wire is the decoded size.
    pub(crate) fn is_identity(&self) -> bool {
        self.coding.is_none()
    }

    /// The largest decoded size.
    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// Takes a chunk as it came. What was decoded before anything broke stays.
    pub(crate) fn push(&mut self, mut chunk: Bytes) -> Result<(), DecodeFailure> {
        let Self { coding, collected, limit } = self;
        let Some(stage) = coding else {
            return if collected.push(chunk) > *limit { Err(DecodeFailure::TooLarge) } else { Ok(()) };
        };
        loop {
            let piece = stage.pull(&mut chunk)?;
            if piece.is_empty() {
                return Ok(());
            }
            let room = usize::try_from(limit.saturating_sub(collected.len())).unwrap_or(usize::MAX);
            collected.extend(piece.get(..room).unwrap_or(piece));
            if piece.len() > room {
                return Err(DecodeFailure::TooLarge);
            }
        }
    }

    /// Takes a chunk and gives what it decodes to, a few KiB at a time, however small it is on the wire.
    ///
    /// It is for streams: nothing is kept that could be given. It is called until it gives an empty piece; then the chunk
    /// is taken, and it takes more bytes to say anything.
    pub(crate) fn step(&mut self, chunk: &mut Bytes) -> Result<Bytes, DecodeFailure> {
        match &mut self.coding {
            None => Ok(std::mem::take(chunk)),
            Some(stage) => stage.pull(chunk).map(Bytes::copy_from_slice),
        }
    }

    /// Checks that a stream whose last chunk was taken is complete.
    pub(crate) fn end(&mut self) -> Result<(), DecodeFailure> {
        self.coding.as_mut().map_or(Ok(()), |stage| stage.end())
    }

    /// The whole decoded body.
    pub(crate) fn finish(&mut self) -> Result<Bytes, DecodeFailure> {
        self.end()?;
        Ok(std::mem::replace(&mut self.collected, Collected::Whole(Bytes::new())).into_bytes())
    }

    /// What was decoded so far, whether or not more was to come.
    pub(crate) fn partial(self) -> Bytes {
        let mut bytes = self.collected.into_bytes();
        bytes.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        bytes
    }
}

/// The coding of this name, if the build has it.
fn named(name: &str) -> Option<Box<dyn Inflate>> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        #[cfg(feature = "gzip")]
        "gzip" | "x-gzip" => Some(Box::new(gzip::Gzip::default())),
        #[cfg(feature = "deflate")]
        "deflate" => Some(Box::new(deflate::Deflate::default())),
        #[cfg(feature = "brotli")]
        "br" => Some(Box::new(brotli::Brotli::default())),
        #[cfg(feature = "zstd")]
        "zstd" => Some(Box::new(zstd::Zstd::default())),
        _ => None,
    }
}

/// Says which feature brings a coding that we know of.
fn unknown(name: &str) -> Corrupt {
    let features =
        [("gzip", "gzip"), ("x-gzip", "gzip"), ("br", "brotli"), ("zstd", "zstd"), ("deflate", "deflate")];
    let known = features.iter().find(|(coding, _)| name.eq_ignore_ascii_case(coding));
    let help = known.map(|(_, feature)| format!(" without the feature `{feature}`")).unwrap_or_default();
    Corrupt(format!("the content coding {name:?} is not supported{help}"))
}

/// Chunks put together; a single chunk is kept as it is.
#[derive(Debug)]
enum Collected {
    Whole(Bytes),
    Grown(BytesMut),
}

impl Collected {
    fn len(&self) -> u64 {
        let len = match self {
            Self::Whole(whole) => whole.len(),
            Self::Grown(grown) => grown.len(),
        };
        len as u64
    }

    /// Adds a chunk and gives the size of all of them.
    fn push(&mut self, chunk: Bytes) -> u64 {
        match self {
            Self::Whole(whole) if whole.is_empty() => *self = Self::Whole(chunk),
            _ => self.extend(&chunk),
        }
        self.len()
    }

    fn extend(&mut self, bytes: &[u8]) {
        match self {
            Self::Whole(whole) => {
                let mut grown = BytesMut::with_capacity(2 * (whole.len() + bytes.len()));
                grown.extend_from_slice(whole);
                grown.extend_from_slice(bytes);
                *self = Self::Grown(grown);
            }
            Self::Grown(grown) => grown.extend_from_slice(bytes),
        }
    }

    fn into_bytes(self) -> Bytes {
        match self {
            Self::Whole(whole) => whole,
            Self::Grown(grown) => grown.freeze(),
        }
    }
}
