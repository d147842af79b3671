//! Content codings at a real socket: bombs, bodies that are cut or changed at every byte, and streams that are left.

use std::io::Write as _;

use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use flate2::{Compression, FlushCompress};
use pynector::{ByteStream, ErrorKind, MaxInFlight, Result};
use pynector_tests::raw::{RawServer, Reply, Setup, answer};

use crate::S;

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    encoder.write_all(bytes).unwrap();
    encoder.into_inner()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bare(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

type Encode = fn(&[u8]) -> Vec<u8>;

const CODINGS: [(&str, Encode); 5] =
    [("gzip", gzip), ("deflate", zlib), ("deflate", bare), ("br", brotli), ("zstd", zstd)];

const MIB: usize = 1 << 20;

/// At most a MiB or so that decodes to a GiB; what can be repeated is repeated, so that nobody compresses a GiB.
fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let zeros = vec![0; MIB];
    // Blocks that end at a byte, and a last one of nothing.
    let mut block = Vec::with_capacity(MIB);
    flate2::Compress::new(Compression::default(), false)
        .compress_vec(&zeros, &mut block, FlushCompress::Full)
        .unwrap();
    let deflate = [&block.repeat(1024)[..], b"\x03\x00"].concat();

    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    let mut flushed = || {
        encoder.write_all(&zeros).unwrap();
        encoder.flush().unwrap();
        encoder.get_ref().len()
    };
    let (first, second) = (flushed(), flushed());
    let wire = encoder.get_ref();
    let br = [&wire[..first], &wire[first..second].repeat(1023), b"\x03"].concat();
    vec![
        ("gzip", gzip(&zeros).repeat(1024)),
        ("deflate", deflate),
        ("br", br),
        ("zstd", zstd(&zeros).repeat(1024)),
        ("gzip, gzip", gzip(&gzip(&zeros).repeat(1024))),
    ]
}

#[pynector::api]
trait Coded {
    #[get("/whole/{nth}", retry = off)]
    async fn whole(&self, nth: usize) -> Result<String>;

    #[get("/stream/{nth}", retry = off)]
    async fn stream(&self, nth: usize) -> Result<ByteStream>;
}

/// A client of one place, which every call must give back.
fn client(server: &RawServer) -> CodedClient {
    let limit = MaxInFlight::new(1).wait(S);
    CodedClient::builder().base_url(server.url()).max_in_flight(limit).max_body(4 << 20).build().unwrap()
}

/// A server whose answers are chosen by the number at the end of the path.
async fn server(answers: Vec<Vec<u8>>) -> RawServer {
    RawServer::with(Setup::default(), move |asked| {
        let nth: usize = asked.target.rsplit('/').next().unwrap().parse().unwrap();
        Reply::Keep(answers[nth].clone())
    })
    .await
}

fn coded(coding: &str, wire: &[u8]) -> Vec<u8> {
    answer("200 OK", &format!("content-encoding: {coding}\r\n"), wire)
}

/// All of a stream, or its error; in both cases it is at its end.
async fn all(mut stream: ByteStream) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut error = None;
    while let Some(piece) = stream.next().await {
        assert!(error.is_none(), "something follows the error");
        match piece {
            Ok(piece) => bytes.extend_from_slice(&piece),
            Err(why) => error = Some(why),
        }
    }
    assert!(stream.next().await.is_none());
    error.map_or(Ok(bytes), Err)
}

#[tokio::test]
async fn a_bomb_is_refused_early_by_a_call_and_comes_in_small_pieces_of_a_stream() {
    let bombs = bombs();
    let server = server(bombs.iter().map(|(coding, wire)| coded(coding, wire)).collect()).await;
    let client = client(&server);
    for (nth, (coding, wire)) in bombs.iter().enumerate() {
        assert!(wire.len() < MIB + MIB / 4, "{coding}: {} bytes", wire.len());
        let error = client.whole(nth).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyTooLarge, "{coding}: {error:?}");
        assert_eq!(error.status().unwrap(), 200);

        let mut stream = client.stream(nth).await.unwrap();
        while stream.bytes_read() < 16 << 20 {
            let piece = stream.next().await.unwrap().unwrap();
            assert!(!piece.is_empty() && piece.len() <= 32 << 10, "{coding}: {}", piece.len());
            assert!(piece.iter().all(|byte| *byte == 0), "{coding}");
        }
    }
    assert_eq!(server.count(), 2 * bombs.len(), "a bomb is not asked for again");
}

#[tokio::test]
async fn a_body_that_is_cut_at_any_byte_is_one_error() {
    for (coding, encode) in CODINGS {
        let wire = encode(b"hello hello hello, and good bye");
        // Cut by the server, whose lengths are right, and cut by the connection.
        let cut: Vec<_> = (1..wire.len()).map(|end| coded(coding, &wire[..end])).collect();
        let server = server(cut).await;
        let client = client(&server);
        for nth in 0..wire.len() - 1 {
            for failed in
                [client.whole(nth).await.map(drop), all(client.stream(nth).await.unwrap()).await.map(drop)]
            {
                let error = failed.unwrap_err();
                let line = error.to_string();
                assert_eq!(error.kind(), ErrorKind::Deserialize, "{coding} cut at {nth}: {error:?}");
                assert!(line.contains("200 OK, but the ") && line.contains(" stream is broken: "), "{line}");
            }
        }
        assert_eq!(server.count(), 2 * (wire.len() - 1), "{coding}");

        let whole = coded(coding, &wire);
        let head = whole.len() - wire.len();
        let broken =
            RawServer::start((head..whole.len()).map(|end| Reply::Close(whole[..end].to_vec()))).await;
        let client = self::client(&broken);
        for end in head..whole.len() {
            let error = all(client.stream(end).await.unwrap()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Interrupted, "{coding} broken at {end}: {error:?}");
        }
    }
}

#[tokio::test]
async fn a_body_that_is_changed_at_any_byte_is_one_error_or_what_it_would_be_without_a_checksum() {
    let text = "hello hello hello, and good bye";
    for (coding, encode) in CODINGS {
        let wire = encode(text.as_bytes());
        let wrong = (0..wire.len()).map(|at| {
            let mut wrong = wire.clone();
            wrong[at] ^= 0x55;
            coded(coding, &wrong)
        });
        let server = server(wrong.collect()).await;
        let client = client(&server);
        let mut refused = 0;
        for at in 0..wire.len() {
            let (whole, stream) = (client.whole(at).await, all(client.stream(at).await.unwrap()).await);
            match stream {
                Err(error) => {
                    refused += 1;
                    assert_eq!(error.kind(), ErrorKind::Deserialize, "{coding}, byte {at}: {error:?}");
                    assert_eq!(whole.unwrap_err().kind(), ErrorKind::Deserialize, "{coding}, byte {at}");
                }
                Ok(bytes) => {
                    assert!(
                        ["br", "deflate"].contains(&coding) || bytes == text.as_bytes(),
                        "{coding}, byte {at}"
                    );
                    // What is no text any more is an error of its own.
                    assert_eq!(
                        whole.ok().map(String::into_bytes),
                        String::from_utf8(bytes).ok().map(String::into_bytes)
                    );
                }
            }
        }
        assert!(refused > wire.len() / 4, "{coding}: {refused} of {}", wire.len());
    }
}

#[tokio::test]
async fn chunks_cut_through_a_coding_and_bad_ones_break_it() {
    for (coding, encode) in CODINGS {
        let wire = encode(b"hello hello hello, and good bye");
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-encoding: {coding}\r\ntransfer-encoding: chunked\r\n\r\n");
        let chunks =
            wire.iter().map(|byte| [&b"1\r\n"[..], &[*byte], b"\r\n"].concat()).collect::<Vec<_>>().concat();
        let good = [head.as_bytes(), &chunks, b"0\r\n\r\n"].concat();
        let bad = [head.as_bytes(), &chunks, b"zz\r\n"].concat();
        let server = server(vec![good, bad]).await;
        let client = client(&server);
        assert_eq!(all(client.stream(0).await.unwrap()).await.unwrap(), b"hello hello hello, and good bye");
        let error = all(client.stream(1).await.unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{coding}: {error:?}");
        assert!(client.whole(1).await.is_err());
        assert_eq!(client.whole(0).await.unwrap().len(), 31);
    }
}

#[tokio::test]
async fn a_stream_that_is_left_anywhere_gives_its_place_back() {
    let text: Vec<u8> =
        (0..200_000_u32).map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 25).unwrap()).collect();
    let server = server(CODINGS.iter().map(|(coding, encode)| coded(coding, &encode(&text))).collect()).await;
    let client = client(&server);
    for (nth, (coding, _)) in CODINGS.iter().enumerate() {
        for pieces in 0..8 {
            // One place for all: a place that is not given back would be waited for in vain.
            let mut stream = client.stream(nth).await.unwrap_or_else(|error| panic!("{coding}: {error}"));
            for _ in 0..pieces {
                let _ = stream.next().await;
            }
        }
        assert_eq!(all(client.stream(nth).await.unwrap()).await.unwrap(), text, "{coding}");
    }
}
