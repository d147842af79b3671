//! Content codings, undone chunk by chunk with a cap on the decoded size, so that a bomb is refused early.

#[cfg(feature = "gzip")]
use std::io::{self, Write as _};

#[cfg(feature = "gzip")]
use bytes::Buf as _;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};

/// What `accept-encoding` says where decompression is on.
pub(crate) const ACCEPTED: Option<&str> = if cfg!(feature = "gzip") { Some("gzip") } else { None };

/// A body that is not what its `content-encoding` says.
#[derive(Debug)]
pub(crate) struct Corrupt(pub(crate) String);

/// Why decoding ended early.
#[derive(Debug)]
pub(crate) enum DecodeFailure {
    TooLarge,
    Corrupt(Corrupt),
}

/// Undoes one content coding, up to a decoded size.
#[derive(Debug)]
pub(crate) struct Decoder {
    coding: Coding,
    limit: u64,
}

#[derive(Debug)]
enum Coding {
    Identity(Collected),
    #[cfg(feature = "gzip")]
    Gzip(Box<Gzip>),
}

impl Decoder {
    /// Puts chunks together as they are.
    pub(crate) fn identity(limit: u64) -> Self {
        Self { coding: Coding::Identity(Collected::Whole(Bytes::new())), limit }
    }

    /// The decoder that `content-encoding` asks for.
    ///
    /// # Errors
    ///
    /// A coding that this build does not know, or more than one.
    pub(crate) fn of(headers: &HeaderMap, limit: u64) -> Result<Self, Corrupt> {
        let mut codings = headers
            .get_all(header::CONTENT_ENCODING)
            .iter()
            .flat_map(|value| value.to_str().unwrap_or("(not text)").split(','))
            .map(str::trim)
            .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
        let Some(name) = codings.next() else {
            return Ok(Self::identity(limit));
        };
        match (Coding::named(name, limit), codings.next()) {
            (Some(coding), None) => Ok(Self { coding, limit }),
            (_, Some(second)) => {
                Err(Corrupt(format!("two content codings, {name:?} and {second:?}, are not supported")))
            }
            (None, None) => Err(Corrupt(format!("the content coding {name:?} is not supported"))),
        }
    }

    /// Whether the size on the wire is the decoded size.
    pub(crate) fn is_identity(&self) -> bool {
        matches!(self.coding, Coding::Identity(_))
    }

    /// The largest decoded size.
    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// Takes a chunk as it came.
    pub(crate) fn push(&mut self, chunk: Bytes) -> Result<(), DecodeFailure> {
        match &mut self.coding {
            Coding::Identity(collected) => {
                if collected.push(chunk) > self.limit {
                    Err(DecodeFailure::TooLarge)
                } else {
                    Ok(())
                }
            }
            #[cfg(feature = "gzip")]
            Coding::Gzip(gzip) => gzip.push(&chunk),
        }
    }

    /// Takes bytes off a chunk and gives what they decode to, a few KiB at a time, however small they are on the wire.
    ///
    /// It is for streams: nothing is kept that could be given. An empty piece before the chunk is empty means that it
    /// takes more bytes to say anything.
    #[cfg_attr(not(feature = "gzip"), expect(clippy::unnecessary_wraps, reason = "a coding may be broken"))]
    pub(crate) fn step(&mut self, chunk: &mut Bytes) -> Result<Bytes, DecodeFailure> {
        match &mut self.coding {
            Coding::Identity(_) => Ok(std::mem::take(chunk)),
            #[cfg(feature = "gzip")]
            Coding::Gzip(gzip) => gzip.step(chunk),
        }
    }

    /// What is left of a stream whose last chunk was taken.
    #[cfg_attr(
        not(feature = "gzip"),
        expect(clippy::unnecessary_wraps, reason = "a coding may end too early")
    )]
    pub(crate) fn end(&mut self) -> Result<Bytes, DecodeFailure> {
        match &mut self.coding {
            Coding::Identity(_) => Ok(Bytes::new()),
            #[cfg(feature = "gzip")]
            Coding::Gzip(gzip) => gzip.finish(),
        }
    }

    /// The whole decoded body.
    #[cfg_attr(
        not(feature = "gzip"),
        expect(clippy::unnecessary_wraps, reason = "a coding may end too early")
    )]
    pub(crate) fn finish(self) -> Result<Bytes, DecodeFailure> {
        match self.coding {
            Coding::Identity(collected) => Ok(collected.into_bytes()),
            #[cfg(feature = "gzip")]
            Coding::Gzip(mut gzip) => gzip.finish(),
        }
    }

    /// What was decoded so far, whether or not more was to come.
    pub(crate) fn partial(self) -> Bytes {
        let mut bytes = match self.coding {
            Coding::Identity(collected) => collected.into_bytes(),
            #[cfg(feature = "gzip")]
            Coding::Gzip(gzip) => gzip.partial(),
        };
        bytes.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        bytes
    }
}

impl Coding {
    #[cfg(feature = "gzip")]
    fn named(coding: &str, limit: u64) -> Option<Self> {
        let gzip = coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip");
        gzip.then(|| Self::Gzip(Box::new(Gzip::new(limit))))
    }

    #[cfg(not(feature = "gzip"))]
    fn named(_: &str, _: u64) -> Option<Self> {
        None
    }
}

/// Chunks put together; a single chunk is kept as it is.
#[derive(Debug)]
enum Collected {
    Whole(Bytes),
    Grown(BytesMut),
}

impl Collected {
    /// Adds a chunk and gives the size of all of them.
    fn push(&mut self, chunk: Bytes) -> u64 {
        match self {
            Self::Whole(whole) if whole.is_empty() => *self = Self::Whole(chunk),
            Self::Whole(whole) => {
                let mut grown = BytesMut::with_capacity(2 * (whole.len() + chunk.len()));
                grown.extend_from_slice(whole);
                grown.extend_from_slice(&chunk);
                *self = Self::Grown(grown);
            }
            Self::Grown(grown) => grown.extend_from_slice(&chunk),
        }
        let len = match self {
            Self::Whole(whole) => whole.len(),
            Self::Grown(grown) => grown.len(),
        };
        len as u64
    }

    fn into_bytes(self) -> Bytes {
        match self {
            Self::Whole(whole) => whole,
            Self::Grown(grown) => grown.freeze(),
        }
    }
}

/// A gzip stream; an empty body is no stream, and is not an error.
#[cfg(feature = "gzip")]
#[derive(Debug)]
struct Gzip {
    decoder: flate2::write::MultiGzDecoder<Capped>,
    fed: bool,
}

#[cfg(feature = "gzip")]
impl Gzip {
    fn new(limit: u64) -> Self {
        let sink = Capped { decoded: Vec::new(), limit, overflowed: false };
        Self { decoder: flate2::write::MultiGzDecoder::new(sink), fed: false }
    }

    fn push(&mut self, chunk: &[u8]) -> Result<(), DecodeFailure> {
        self.fed |= !chunk.is_empty();
        self.decoder.write_all(chunk).map_err(|error| self.failure(&error))
    }

    fn step(&mut self, chunk: &mut Bytes) -> Result<Bytes, DecodeFailure> {
        while !chunk.is_empty() && self.decoder.get_ref().decoded.is_empty() {
            self.fed = true;
            // Unlike `write_all` this fills the decoder's buffer once at most.
            let taken = self.decoder.write(chunk).map_err(|error| self.failure(&error))?;
            if taken == 0 && self.decoder.get_ref().decoded.is_empty() {
                return Err(self.failure(&io::ErrorKind::WriteZero.into()));
            }
            chunk.advance(taken);
        }
        if chunk.is_empty() {
            // What the decoder holds back would wait for a chunk that may take long to come.
            self.decoder.flush().map_err(|error| self.failure(&error))?;
        }
        Ok(self.take())
    }

    fn finish(&mut self) -> Result<Bytes, DecodeFailure> {
        if self.fed {
            self.decoder.try_finish().map_err(|error| self.failure(&error))?;
        }
        Ok(self.take())
    }

    fn partial(mut self) -> Bytes {
        // What the decoder still holds back is lost only where the stream is broken anyway.
        let _ = self.decoder.flush();
        self.take()
    }

    fn take(&mut self) -> Bytes {
        std::mem::take(&mut self.decoder.get_mut().decoded).into()
    }

    fn failure(&self, error: &io::Error) -> DecodeFailure {
        if self.decoder.get_ref().overflowed {
            DecodeFailure::TooLarge
        } else {
            DecodeFailure::Corrupt(Corrupt(format!("the gzip stream is broken: {error}")))
        }
    }
}

/// Decoded bytes, never more than a limit.
#[cfg(feature = "gzip")]
#[derive(Debug)]
struct Capped {
    decoded: Vec<u8>,
    limit: u64,
    overflowed: bool,
}

#[cfg(feature = "gzip")]
impl io::Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.limit.saturating_sub(self.decoded.len() as u64);
        let take = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
        self.decoded.extend(bytes.iter().take(take));
        if take < bytes.len() {
            self.overflowed = true;
            return Err(io::Error::other("over the limit"));
        }
        Ok(take)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(feature = "gzip")]
#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue};

    use super::{DecodeFailure, Decoder};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn decoder(coding: &'static str, limit: u64) -> Result<Decoder, super::Corrupt> {
        let mut headers = HeaderMap::new();
        headers.insert("content-encoding", HeaderValue::from_static(coding));
        Decoder::of(&headers, limit)
    }

    fn decode(wire: &[u8], chunk: usize, limit: u64) -> Result<Bytes, DecodeFailure> {
        let mut decoder = decoder("gzip", limit).unwrap();
        for piece in wire.chunks(chunk) {
            decoder.push(Bytes::copy_from_slice(piece))?;
        }
        decoder.finish()
    }

    #[test]
    fn a_stream_decodes_however_it_is_cut() {
        let text = "pynector ".repeat(500);
        let wire = gzip(text.as_bytes());
        for chunk in [1, 3, wire.len()] {
            assert_eq!(decode(&wire, chunk, 1 << 20).unwrap(), text);
        }
    }

    #[test]
    fn a_stream_is_decoded_piece_by_piece_however_it_is_cut() {
        let text = "pynector ".repeat(5000);
        let wire = [gzip(text.as_bytes()), gzip(b"and more")].concat();
        for chunk in [1, 3, 100, wire.len()] {
            let mut decoder = decoder("gzip", u64::MAX).unwrap();
            let mut out = Vec::new();
            for piece in wire.chunks(chunk) {
                let mut piece = Bytes::copy_from_slice(piece);
                while !piece.is_empty() {
                    out.extend(decoder.step(&mut piece).unwrap());
                }
            }
            assert_eq!(out, [text.as_bytes(), b"and more"].concat(), "nothing is held back");
            assert_eq!(decoder.end().unwrap(), "");
        }
    }

    #[test]
    fn a_bomb_comes_out_of_a_stream_in_small_pieces() {
        let mut bomb = Bytes::from(gzip(&vec![0; 8 << 20]));
        let mut decoder = decoder("gzip", u64::MAX).unwrap();
        let (mut whole, mut largest) = (0, 0);
        while !bomb.is_empty() {
            let piece = decoder.step(&mut bomb).unwrap().len();
            (whole, largest) = (whole + piece, largest.max(piece));
        }
        assert_eq!(whole, 8 << 20);
        assert!(largest <= 128 << 10, "{largest}");
    }

    #[test]
    fn an_empty_body_is_no_broken_stream() {
        assert_eq!(decode(b"", 1, 10).unwrap(), "");
    }

    #[test]
    fn a_bomb_is_refused_at_the_cap() {
        let bomb = gzip(&vec![0; 8 << 20]);
        assert!(matches!(decode(&bomb, 512, 1000), Err(DecodeFailure::TooLarge)));
        assert_eq!(decode(&gzip(&[7; 1000]), 512, 1000).unwrap().len(), 1000);
    }

    #[test]
    fn a_cut_or_wrong_stream_is_corrupt() {
        let wire = gzip(b"hello hello hello");
        assert!(matches!(decode(&wire[..wire.len() - 3], 4, 1000), Err(DecodeFailure::Corrupt(_))));
        assert!(matches!(decode(b"not gzip at all", 4, 1000), Err(DecodeFailure::Corrupt(_))));
    }

    #[test]
    fn unknown_codings_are_refused_by_name() {
        assert!(decoder("identity", 1).unwrap().is_identity());
        assert!(decoder("zpaq", 1).err().unwrap().0.contains("zpaq"));
        assert!(decoder("gzip, gzip", 1).is_err());
    }
}
