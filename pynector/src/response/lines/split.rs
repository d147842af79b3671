//! A body cut into its lines, wherever its pieces end; it knows nothing of what a line holds.

use bytes::{Bytes, BytesMut};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// What may stand around a line and is none of its bytes: a byte order mark before it, a CR behind it.
const AROUND: usize = BOM.len() + 1;

/// Pieces in, lines out.
///
/// A line ends with LF or CR LF, the last one also with the body. Blank lines are counted and left out. So is a byte order
/// mark at the start.
#[derive(Debug)]
pub(crate) struct Splitter {
    /// What came and was not looked at.
    piece: Bytes,
    /// The beginning of a line whose end has not come.
    begun: BytesMut,
    /// The most bytes of a line.
    max: u64,
    number: u64,
    is_closed: bool,
}

/// A line is longer than it may be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

impl Splitter {
    pub(crate) fn new(max: u64) -> Self {
        Self { piece: Bytes::new(), begun: BytesMut::new(), max, number: 0, is_closed: false }
    }

    /// A splitter that gives no further line behind the one of this number.
    pub(crate) fn ended(number: u64) -> Self {
        Self { number, is_closed: true, ..Self::new(0) }
    }

    pub(crate) fn set_max(&mut self, max: u64) {
        self.max = max;
    }

    /// The most bytes of a line.
    pub(crate) fn max(&self) -> u64 {
        self.max
    }

    /// The number of the line that came last, counted from 1; 0 before the first. Blank ones count.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// What follows; asked for when there was no line left in what came before.
    pub(crate) fn feed(&mut self, piece: Bytes) {
        self.piece = piece;
    }

    /// The body is at its end, so what is left is a line.
    pub(crate) fn close(&mut self) {
        self.is_closed = true;
    }

    /// The next line that is not blank, without its end; `None` if more must come for it.
    pub(crate) fn next(&mut self) -> Result<Option<Bytes>, TooLong> {
        loop {
            let line = if let Some(end) = memchr::memchr(b'\n', &self.piece) {
                let mut line = self.piece.split_to(end + 1);
                line.truncate(end);
                self.whole(line)?
            } else {
                let rest = std::mem::take(&mut self.piece);
                if let Err(error) = self.hold(&rest) {
                    self.number += 1;
                    return Err(error);
                }
                if !self.is_closed || self.begun.is_empty() {
                    return Ok(None);
                }
                self.whole(Bytes::new())?
            };
            if !line.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(line));
            }
        }
    }

    /// Keeps the beginning of a line, unless that is too long already.
    fn hold(&mut self, rest: &[u8]) -> Result<(), TooLong> {
        let length = self.begun.len() + rest.len();
        if length as u64 > self.max.saturating_add(AROUND as u64) {
            return Err(TooLong);
        }
        self.begun.extend_from_slice(rest);
        Ok(())
    }

    /// The line that ends with `rest`.
    fn whole(&mut self, rest: Bytes) -> Result<Bytes, TooLong> {
        self.number += 1;
        let mut line = if self.begun.is_empty() {
            rest
        } else {
            self.hold(&rest)?;
            self.begun.split().freeze()
        };
        if self.number == 1 && line.starts_with(BOM) {
            line = line.split_off(BOM.len());
        }
        if line.ends_with(b"\r") {
            line.truncate(line.len() - 1);
        }
        if line.len() as u64 > self.max { Err(TooLong) } else { Ok(line) }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::{Splitter, TooLong};

    type Lines = (Vec<(u64, Vec<u8>)>, Result<(), (u64, TooLong)>);

    /// The lines of a body that comes in these pieces, with their numbers.
    fn lines<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, max: u64) -> Lines {
        let (mut splitter, mut found) = (Splitter::new(max), Vec::new());
        let mut pieces = pieces.into_iter();
        loop {
            match splitter.next() {
                Ok(Some(line)) => found.push((splitter.number(), line.to_vec())),
                Ok(None) if splitter.is_closed => return (found, Ok(())),
                Ok(None) => match pieces.next() {
                    Some(piece) => splitter.feed(Bytes::copy_from_slice(piece)),
                    None => splitter.close(),
                },
                Err(error) => return (found, Err((splitter.number(), error))),
            }
        }
    }

    fn whole(body: &[u8], max: u64) -> Lines {
        lines([body], max)
    }

    #[test]
    fn lines_end_with_lf_or_crlf_or_the_body_and_blank_ones_count() {
        for (body, expected) in [
            (&b""[..], &[][..]),
            (b"\n\r\n \t\n", &[]),
            (b"1", &[(1, "1")]),
            (b"1\n2\r\n3", &[(1, "1"), (2, "2"), (3, "3")]),
            (b"\n1\n\n\r\n2\n", &[(2, "1"), (5, "2")]),
            (b"\xef\xbb\xbf1\n\xef\xbb\xbf2", &[(1, "1"), (2, "\u{feff}2")]),
            (b"\xef\xbb\xbf", &[]),
            (b"\xef\xbb\xbf\n1", &[(2, "1")]),
            // A CR alone ends nothing, and only one of them belongs to the end.
            (b"1\r2\r\r\n3\r", &[(1, "1\r2\r"), (2, "3")]),
            (b"a\0\n\xff", &[(1, "a\0"), (2, "\u{fffd}")]),
        ] {
            let (found, end) = whole(body, 100);
            let found: Vec<_> =
                found.iter().map(|(number, line)| (*number, String::from_utf8_lossy(line))).collect();
            let found: Vec<_> = found.iter().map(|(number, line)| (*number, &**line)).collect();
            assert_eq!((&*found, end), (expected, Ok(())), "{body:?}");
        }
    }

    #[test]
    fn the_cap_is_of_the_bytes_of_a_line_without_what_stands_around_it() {
        for end in ["", "\n", "\r\n", "\r"] {
            for start in ["", "\u{feff}"] {
                let body = |line: &str| format!("{start}{line}{end}").into_bytes();
                assert_eq!(whole(&body("1234"), 4).1, Ok(()), "{start:?} {end:?}");
                assert_eq!(whole(&body("12345"), 4), (vec![], Err((1, TooLong))), "{start:?} {end:?}");
            }
        }
        assert_eq!(whole(b"1\n12345\n2", 4), (vec![(1, b"1".to_vec())], Err((2, TooLong))));
        assert_eq!(whole(b"     \n2", 4), (vec![], Err((1, TooLong))), "blank ones are bounded too");
        assert_eq!(whole(&[b'x'; 9], u64::MAX).0.len(), 1);
    }

    #[test]
    fn no_more_is_kept_than_a_line_may_have() {
        let mut splitter = Splitter::new(1000);
        let mut fed = 0;
        loop {
            splitter.feed(Bytes::from_static(&[b'x'; 64]));
            fed += 64;
            if splitter.next() == Err(TooLong) {
                break;
            }
            assert!(splitter.begun.len() == fed && fed <= 1004, "{fed}");
        }
        assert_eq!(fed, 1024);
    }

    #[test]
    fn a_line_of_one_piece_is_not_copied() {
        let body = Bytes::from_static(b"first\nsecond\n");
        let mut splitter = Splitter::new(100);
        splitter.feed(body.clone());
        for start in [0, 6] {
            assert_eq!(splitter.next().unwrap().unwrap().as_ptr(), body.slice(start..).as_ptr());
        }
    }

    proptest! {
        #[test]
        fn where_pieces_end_makes_no_difference(
            body in proptest::collection::vec(proptest::sample::select(&b"1a \r\n\n\xef\xbb\xbf"[..]), 0..40),
            max in 0_u64..8,
            size in 1_usize..7,
        ) {
            prop_assert_eq!(lines(body.chunks(size), max), whole(&body, max));
        }
    }
}
