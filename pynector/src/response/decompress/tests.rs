//! Every coding: cut anywhere, broken anywhere, too large, over each other.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use super::{Corrupt, DecodeFailure, Decoder};

type Encode = fn(&[u8]) -> Vec<u8>;

/// The codings of this build, with an encoder for each; `deflate` in both of its forms.
fn codings() -> Vec<(&'static str, Encode)> {
    vec![
        #[cfg(feature = "gzip")]
        ("gzip", encoders::gzip),
        #[cfg(feature = "deflate")]
        ("deflate", encoders::zlib),
        #[cfg(feature = "deflate")]
        ("deflate", encoders::bare),
        #[cfg(feature = "brotli")]
        ("br", encoders::brotli),
        #[cfg(feature = "zstd")]
        ("zstd", encoders::zstd),
    ]
}

mod encoders {
    #[cfg(any(feature = "gzip", feature = "deflate", feature = "brotli", feature = "zstd"))]
    use std::io::Write as _;

    #[cfg(feature = "gzip")]
    pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[cfg(feature = "deflate")]
    pub(super) fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[cfg(feature = "deflate")]
    pub(super) fn bare(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[cfg(feature = "brotli")]
    pub(super) fn brotli(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
        encoder.write_all(bytes).unwrap();
        encoder.into_inner()
    }

    #[cfg(feature = "zstd")]
    pub(super) fn zstd(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
        encoder.include_checksum(true).unwrap();
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }
}

fn decoder(coding: &str, limit: u64) -> Result<Decoder, Corrupt> {
    let mut headers = HeaderMap::new();
    headers.insert("content-encoding", HeaderValue::from_str(coding).unwrap());
    Decoder::of(&headers, limit)
}

fn decode(coding: &str, wire: &[u8], chunk: usize, limit: u64) -> Result<Bytes, DecodeFailure> {
    let mut decoder = decoder(coding, limit).unwrap();
    for piece in wire.chunks(chunk) {
        decoder.push(Bytes::copy_from_slice(piece))?;
    }
    decoder.finish()
}

/// Everything a chunk gives, and the largest piece of it.
fn steps(decoder: &mut Decoder, chunk: &[u8], mut each: impl FnMut(&[u8])) -> Result<(), DecodeFailure> {
    let mut chunk = Bytes::copy_from_slice(chunk);
    loop {
        let piece = decoder.step(&mut chunk)?;
        if piece.is_empty() {
            assert!(chunk.is_empty(), "an empty piece is the last of the chunk");
            return Ok(());
        }
        each(&piece);
    }
}

/// Text that compresses well, and less well.
fn text() -> Vec<u8> {
    let noise = (0..20_000_u32).map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap());
    "pynector ".repeat(5000).into_bytes().into_iter().chain(noise).collect()
}

#[test]
fn a_body_decodes_however_it_is_cut() {
    let text = text();
    for (coding, encode) in codings() {
        let wire = encode(&text);
        for chunk in [1, 3, 1000, wire.len()] {
            assert_eq!(decode(coding, &wire, chunk, 1 << 20).unwrap(), text, "{coding} by {chunk}");
            let mut decoder = decoder(coding, u64::MAX).unwrap();
            let mut out = Vec::new();
            for piece in wire.chunks(chunk) {
                steps(&mut decoder, piece, |piece| out.extend_from_slice(piece)).unwrap();
            }
            assert_eq!(out, text, "{coding} by {chunk}: nothing is held back");
            decoder.end().unwrap();
        }
    }
}

/// As an event stream is sent: what was flushed is here before anything else comes.
#[cfg(all(feature = "gzip", feature = "deflate", feature = "brotli", feature = "zstd"))]
#[test]
fn what_was_flushed_is_given_at_once() {
    use std::io::{self, Write};

    fn halves<W: Write>(mut encoder: W, wire: impl Fn(&W) -> &Vec<u8>) -> io::Result<Vec<Vec<u8>>> {
        let mut lengths = Vec::new();
        for text in ["data: one\n\n", "data: two\n\n"] {
            encoder.write_all(text.as_bytes())?;
            encoder.flush()?;
            lengths.push(wire(&encoder).len());
        }
        let (first, both) = wire(&encoder).split_at(*lengths.first().unwrap());
        Ok(vec![first.to_vec(), both.to_vec()])
    }

    let level = flate2::Compression::default();
    for (coding, halves) in [
        ("gzip", halves(flate2::write::GzEncoder::new(Vec::new(), level), |encoder| encoder.get_ref())),
        ("deflate", halves(flate2::write::ZlibEncoder::new(Vec::new(), level), |encoder| encoder.get_ref())),
        ("br", halves(brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22), |encoder| encoder.get_ref())),
        (
            "zstd",
            halves(zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap(), |encoder| encoder.get_ref()),
        ),
    ] {
        let mut decoder = decoder(coding, u64::MAX).unwrap();
        for (half, expected) in halves.unwrap().iter().zip(["data: one\n\n", "data: two\n\n"]) {
            let mut out = Vec::new();
            steps(&mut decoder, half, |piece| out.extend_from_slice(piece)).unwrap();
            assert_eq!(out, expected.as_bytes(), "{coding}");
        }
    }
}

#[test]
fn a_bomb_comes_out_of_a_stream_in_small_pieces() {
    for (coding, encode) in codings() {
        let bomb = encode(&vec![0; 8 << 20]);
        let mut decoder = decoder(coding, u64::MAX).unwrap();
        let (mut whole, mut largest) = (0, 0);
        steps(&mut decoder, &bomb, |piece| {
            (whole, largest) = (whole + piece.len(), largest.max(piece.len()));
        })
        .unwrap();
        assert_eq!(whole, 8 << 20, "{coding}");
        assert!(largest <= 32 << 10, "{coding}: {largest}");
    }
}

#[test]
fn a_bomb_is_refused_at_the_cap() {
    for (coding, encode) in codings() {
        let bomb = encode(&vec![0; 8 << 20]);
        let mut decoder = decoder(coding, 1000).unwrap();
        let pushed = bomb.chunks(512).try_for_each(|piece| decoder.push(Bytes::copy_from_slice(piece)));
        assert!(matches!(pushed, Err(DecodeFailure::TooLarge)), "{coding}");
        assert_eq!(decoder.partial(), [0; 1000][..], "{coding}: what fits is kept for an error");
        assert_eq!(decode(coding, &encode(&[7; 1000]), 512, 1000).unwrap(), [7; 1000][..], "{coding}");
        assert!(matches!(decode(coding, &encode(&[7; 1001]), 512, 1000), Err(DecodeFailure::TooLarge)));
    }
}

#[test]
fn a_cut_body_is_corrupt_wherever_it_is_cut() {
    for (coding, encode) in codings() {
        let wire = encode("hello hello hello, and good bye".as_bytes());
        for end in 1..wire.len() {
            let cut = decode(coding, wire.get(..end).unwrap(), 4, 1000);
            assert!(matches!(cut, Err(DecodeFailure::Corrupt(_))), "{coding} cut at {end}: {cut:?}");
        }
        assert_eq!(decode(coding, b"", 1, 10).unwrap(), "", "an empty body is no broken stream");
    }
}

#[test]
fn a_wrong_byte_is_an_error_or_changes_nothing_where_there_is_a_checksum() {
    let text = "hello hello hello, and good bye";
    for (coding, encode) in codings() {
        let wire = encode(text.as_bytes());
        let (mut refused, checked) = (0, !["br", "deflate"].contains(&coding));
        for at in 0..wire.len() {
            let mut wrong = wire.clone();
            *wrong.get_mut(at).unwrap() ^= 0x55;
            match decode(coding, &wrong, 7, 1000) {
                Err(DecodeFailure::Corrupt(_)) => refused += 1,
                Ok(decoded) => assert!(!checked || decoded == text, "{coding}, byte {at}: {decoded:?}"),
                Err(DecodeFailure::TooLarge) => assert!(!checked, "{coding}, byte {at}"),
            }
        }
        assert!(refused > wire.len() / 4, "{coding}: {refused} of {}", wire.len());
    }
}

#[test]
fn what_follows_the_end_of_a_stream_is_an_error_unless_it_is_another_of_it() {
    for (coding, encode) in codings() {
        let wire = encode(b"one ");
        for chunk in [1, 1000] {
            let garbage = decode(coding, &[&wire[..], b"\0garbage!!"].concat(), chunk, 1000);
            assert!(matches!(garbage, Err(DecodeFailure::Corrupt(_))), "{coding} by {chunk}: {garbage:?}");
            let twice = decode(coding, &[&wire[..], &encode(b"two")].concat(), chunk, 1000);
            if ["gzip", "zstd"].contains(&coding) {
                assert_eq!(twice.unwrap(), "one two", "{coding} by {chunk}");
            } else {
                assert!(matches!(twice, Err(DecodeFailure::Corrupt(_))), "{coding} by {chunk}: {twice:?}");
            }
        }
    }
}

#[test]
fn codings_lie_over_each_other_in_the_order_in_which_they_were_applied() {
    let text = text();
    for (inner, encode) in codings() {
        for (outer, wrap) in codings() {
            let wire = wrap(&encode(&text));
            let stacked = format!("{inner}, identity, {outer}");
            for chunk in [1, wire.len()] {
                assert_eq!(decode(&stacked, &wire, chunk, 1 << 20).unwrap(), text, "{stacked} by {chunk}");
            }
            assert_eq!(decode(&stacked, b"", 1, 10).unwrap(), "", "{stacked}");
            let cut = decode(&stacked, &wire[..wire.len() - 1], 100, 1 << 20);
            assert!(matches!(cut, Err(DecodeFailure::Corrupt(_))), "{stacked}");
        }
    }
}

#[test]
fn what_lies_between_two_codings_is_bounded_too() {
    for (coding, encode) in codings().into_iter().filter(|(coding, _)| *coding == "gzip") {
        // Nothing comes of it in the end, however much is decoded on the way.
        let nothing = encode(b"").repeat(100_000);
        let failed = decode(&format!("{coding}, {coding}"), &encode(&nothing), 1000, 1 << 20);
        assert!(matches!(failed, Err(DecodeFailure::TooLarge)), "{failed:?}");
    }
}

#[test]
fn unknown_codings_and_too_many_are_refused_by_name() {
    assert!(decoder("identity", 1).unwrap().is_identity());
    assert!(decoder("zpaq", 1).err().unwrap().0.contains("zpaq"));
    for (coding, feature) in [("br", "brotli"), ("zstd", "zstd"), ("deflate", "deflate"), ("X-GZip", "gzip")]
    {
        match decoder(coding, 1) {
            Ok(decoder) => assert!(!decoder.is_identity()),
            Err(Corrupt(why)) => assert!(why.contains(&format!("without the feature `{feature}`")), "{why}"),
        }
    }
    for (coding, _) in codings() {
        assert!(decoder(&[coding; 4].join(","), 1).is_ok());
        assert!(decoder(&[coding; 5].join(","), 1).is_err());
    }
}

#[test]
fn what_the_build_has_is_asked_for() {
    let names: Vec<_> = codings().iter().map(|(coding, _)| *coding).collect();
    let listed = super::ACCEPTED.map(|codings| codings.split(", ").collect::<Vec<_>>());
    assert_eq!(listed.is_none(), names.is_empty());
    assert!(listed.iter().flatten().all(|name| names.contains(name)));
    assert!(names.iter().all(|name| listed.iter().flatten().any(|listed| listed == name)));
}

#[cfg(feature = "zstd")]
#[test]
fn a_zstd_frame_that_asks_for_a_huge_window_is_refused() {
    // Magic number, no flags, a window of 16 MiB; then of 8 MiB, and a raw block of one byte that is the last.
    let frame = |window: u8| [&[0x28, 0xb5, 0x2f, 0xfd, 0, window][..], &[9, 0, 0, b'x']].concat();
    let refused = decode("zstd", &frame(14 << 3), 100, 1000).unwrap_err();
    assert!(
        matches!(&refused, DecodeFailure::Corrupt(Corrupt(why)) if why.contains("memory")),
        "{refused:?}"
    );
    assert_eq!(decode("zstd", &frame(13 << 3), 100, 1000).unwrap(), "x");
}

#[cfg(feature = "brotli")]
#[test]
fn a_brotli_stream_of_a_window_that_is_not_of_the_coding_is_refused() {
    use std::io::Write as _;

    for (large_window, lgwin) in [(false, 24), (true, 28)] {
        let params = brotli::enc::BrotliEncoderParams { large_window, lgwin, ..Default::default() };
        let mut encoder = brotli::CompressorWriter::with_params(Vec::new(), 4096, &params);
        encoder.write_all(b"hello").unwrap();
        let decoded = decode("br", &encoder.into_inner(), 100, 1000);
        assert_eq!(decoded.is_err(), large_window, "{decoded:?}");
    }
}
