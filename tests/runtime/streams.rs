//! Streams of generated clients: what is decoded, who is told, and what a circuit makes of them.

use std::io::Write as _;
use std::time::Duration;

use pynector::backend::Step;
use pynector::bytes::Bytes;
use pynector::{
    AttemptOutcome, Breaker, ByteStream, CircuitState, ErrorKind, Event, Failure, FromResponse,
    HttpTransport, Incoming, Response, Result, RetryPolicy, StreamEnd, Timeouts,
};
use pynector_tests::Journal;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _};

use crate::{GET, MS, S, built, transport};

#[pynector::api]
trait Files {
    #[get("/files/{id}")]
    async fn file(&self, id: u32) -> Result<ByteStream>;
    #[get("/files/{id}")]
    async fn with_head(&self, id: u32) -> Result<Response<ByteStream>>;
    #[get("/files/{id}")]
    async fn either(&self, id: u32) -> Result<Either>;
    #[head("/files/{id}")]
    async fn nothing(&self, id: u32) -> Result<ByteStream>;
}

/// A user's own type, which reads its body itself.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a test makes two of them")]
enum Either {
    Text(Bytes),
    Stream(ByteStream),
}

impl FromResponse for Either {
    const BUFFERED: bool = false;

    fn accept() -> &'static str {
        "text/plain"
    }

    async fn from_response(response: Incoming) -> Result<Self> {
        if response.head().headers.contains_key("x-text") {
            Ok(Self::Text(response.into_bytes().await?))
        } else {
            Ok(Self::Stream(response.into_stream()))
        }
    }
}

fn files(steps: impl IntoIterator<Item = Step>) -> FilesClient {
    built(FilesClient::builder().base_url("http://h"), steps).0
}

async fn rest(stream: &mut ByteStream) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece?);
    }
    Ok(bytes)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// `wire` as a gzip body in pieces of `size` bytes.
fn coded(wire: &[u8], size: usize) -> Step {
    let step = Step::status(200).header("content-encoding", "gzip");
    wire.chunks(size).fold(step, |step, piece| step.body(Bytes::copy_from_slice(piece)))
}

#[tokio::test(start_paused = true)]
async fn a_method_returns_a_stream_with_or_without_its_head() {
    let step = || Step::status(200).header("etag", "\"7\"").body("ab").silence(S).body("cd");
    let files = files([step(), Step::status(503), step(), step(), step().header("x-text", "1")]);
    assert_eq!(rest(&mut files.file(1).await.unwrap()).await.unwrap(), b"abcd");

    let response = files.with_head(2).await.unwrap();
    assert_eq!((response.header("etag"), response.attempts()), (Some("\"7\""), 2));
    let (_, mut stream) = response.into_parts();
    assert_eq!(rest(&mut stream).await.unwrap(), b"abcd");

    let Either::Stream(mut stream) = files.either(3).await.unwrap() else { panic!("a stream") };
    assert_eq!(rest(&mut stream).await.unwrap(), b"abcd");
    let Either::Text(text) = files.either(4).await.unwrap() else { panic!("a text") };
    assert_eq!(text, "abcd");
}

#[tokio::test(start_paused = true)]
async fn what_a_type_reads_of_an_open_body_is_bounded_and_its_errors_are_told_whole() {
    let text = || Step::status(200).header("x-text", "1").body("123456");
    let files = files([text(), text().body("7"), text().broken()]);
    let small = files.with_options(pynector::CallOptions::new().max_body(6));
    assert!(small.either(1).await.is_ok());
    let error = small.either(2).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::BodyTooLarge, Some("Files::either")));
    let error = small.either(3).await.unwrap_err();
    assert_eq!((error.kind(), error.history().len()), (ErrorKind::Interrupted, 1));
}

#[tokio::test(start_paused = true)]
async fn only_a_success_is_a_stream() {
    let files =
        files([Step::status(404).body("no"), Step::status(304), Step::status(204), Step::status(200)]);
    assert_eq!(files.file(1).await.unwrap_err().body().unwrap(), "no");
    assert_eq!(files.file(1).await.unwrap_err().kind(), ErrorKind::Status(304));
    assert!(files.file(1).await.unwrap().next().await.is_none());
    assert!(files.nothing(1).await.unwrap().next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_gzip_stream_is_decoded_however_it_is_cut() {
    let text = "pynector streams. ".repeat(200);
    let wire = gzip(text.as_bytes());
    for size in [1, 2, 7, 64, wire.len()] {
        let mut stream = files([coded(&wire, size)]).file(1).await.unwrap();
        assert_eq!(stream.content_length(), None, "what is announced is not what comes out");
        assert_eq!(rest(&mut stream).await.unwrap(), text.as_bytes(), "in pieces of {size}");
        assert_eq!(stream.bytes_read(), text.len() as u64);
    }
}

#[tokio::test(start_paused = true)]
async fn a_gzip_piece_is_handed_out_before_the_next_one_comes() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(b"first").unwrap();
    encoder.flush().unwrap();
    let first = std::mem::take(encoder.get_mut());
    encoder.write_all(b"second").unwrap();
    let second = encoder.finish().unwrap();
    let step = Step::status(200).header("content-encoding", "gzip").body(first).silence(S).body(second);
    let mut stream = files([step]).file(1).await.unwrap();
    let started = tokio::time::Instant::now();
    assert_eq!(stream.next().await.unwrap().unwrap(), "first");
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(rest(&mut stream).await.unwrap(), b"second");
}

#[tokio::test(start_paused = true)]
async fn max_body_does_not_bound_a_stream_and_a_bomb_does_not_swell_it() {
    let files = files([coded(&gzip(&vec![0; 4 << 20]), 1 << 20), Step::status(200).body("0123456789")]);
    let small = files.with_options(pynector::CallOptions::new().max_body(5));
    let mut stream = small.file(1).await.unwrap();
    while let Some(piece) = stream.next().await {
        assert!(piece.unwrap().len() <= 128 << 10);
    }
    assert_eq!(stream.bytes_read(), 4 << 20);
    assert_eq!(rest(&mut small.file(1).await.unwrap()).await.unwrap(), b"0123456789");
}

#[tokio::test(start_paused = true)]
async fn a_coding_that_does_not_decode_is_an_error_of_the_stream() {
    let wire = gzip(b"hello hello hello");
    let cut = coded(&wire[..wire.len() - 3], 5);
    let unknown = Step::status(200).header("content-encoding", "zpaq").body("?");
    let files = files([cut, coded(b"not gzip at all", 4), unknown]);
    for _ in 0..2 {
        let mut stream = files.file(1).await.unwrap();
        let error = rest(&mut stream).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Deserialize, "{error:?}");
        assert!(error.to_string().contains("200 OK, but the gzip stream is broken"), "{error}");
        assert!(stream.next().await.is_none());
    }
    let error = files.file(1).await.unwrap_err();
    assert!(error.to_string().contains("\"zpaq\" is not supported"), "known by the head: {error}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_a_reader() {
    let step = || Step::status(200).body("first li").silence(S).body("ne\nsecond").body(" line\n");
    let files = files([step(), step(), step(), step()]);
    let mut text = String::new();
    files.file(1).await.unwrap().read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "first line\nsecond line\n");

    let mut lines = files.file(1).await.unwrap().lines();
    assert_eq!(lines.next_line().await.unwrap().unwrap(), "first line");
    assert_eq!(lines.next_line().await.unwrap().unwrap(), "second line");
    assert_eq!(lines.next_line().await.unwrap(), None);

    let mut stream = files.file(1).await.unwrap();
    let mut three = [0; 3];
    stream.read_exact(&mut three).await.unwrap();
    assert_eq!((&three, stream.bytes_read()), (b"fir", 3));
    assert_eq!(
        stream.next().await.unwrap().unwrap(),
        "st li",
        "no byte is lost between the two ways to read"
    );
    assert_eq!(stream.bytes_read(), 8);

    let mut file = Vec::new();
    tokio::io::copy(&mut files.file(1).await.unwrap(), &mut file).await.unwrap();
    assert_eq!(file, text.as_bytes());
}

#[tokio::test(start_paused = true)]
async fn a_reader_hears_of_a_failure_with_the_story_inside() {
    let silent = Step::status(200).body("x").silence(100 * S);
    let corrupt = coded(b"not gzip at all", 4);
    let files = files([Step::status(200).body("x").broken(), silent, corrupt]);
    for (io, own) in [
        (std::io::ErrorKind::ConnectionAborted, ErrorKind::Interrupted),
        (std::io::ErrorKind::TimedOut, ErrorKind::Timeout),
        (std::io::ErrorKind::InvalidData, ErrorKind::Deserialize),
    ] {
        let mut bytes = Vec::new();
        let error = files.file(1).await.unwrap().read_to_end(&mut bytes).await.unwrap_err();
        assert_eq!(error.kind(), io);
        let inner = error.get_ref().unwrap().downcast_ref::<pynector::Error>().unwrap();
        assert_eq!((inner.kind(), inner.operation()), (own, Some("Files::file")));
    }
}

#[tokio::test(start_paused = true)]
async fn obs_1_observers_hear_of_the_head_and_of_the_end() {
    let journal = Journal::default();
    let corrupt = coded(b"not gzip at all", 4);
    let steps = [
        Step::status(200).body("whole"),
        Step::status(200).body("part").broken(),
        Step::status(200).body("part").body("rest"),
        corrupt,
    ];
    let builder = FilesClient::builder().base_url("http://h").observer(journal.clone());
    let (files, _) = built(builder, steps);
    let ended = AttemptOutcome::Status(200);
    let head = [
        Event::AttemptStarted { attempt: 1 },
        Event::AttemptEnded { attempt: 1, outcome: ended, stage: ended.stage(), elapsed: Duration::ZERO },
    ];
    for (end, bytes) in [
        (StreamEnd::Whole, 5),
        (StreamEnd::Broken(Failure::BodyInterrupted), 4),
        (StreamEnd::Dropped, 4),
        (StreamEnd::Corrupt, 0),
    ] {
        let before = journal.events().len();
        let mut stream = files.file(1).await.unwrap();
        assert_eq!(journal.events()[before..], head);
        if end == StreamEnd::Dropped {
            stream.next().await.unwrap().unwrap();
            drop(stream);
        } else {
            while let Some(Ok(_)) = stream.next().await {}
        }
        assert_eq!(journal.events()[before + 2..], [Event::StreamEnded { end, bytes }]);
    }
}

fn fragile() -> Breaker {
    Breaker::new().failure_threshold(2).min_failure_rate(0.0).open(S).max_open(S)
}

fn breaking(steps: impl IntoIterator<Item = Step>) -> (FilesClient, HttpTransport) {
    let timeouts = Timeouts::new().attempt(2 * S).deadline(5 * S).read(10 * S);
    let builder = FilesClient::builder().base_url("http://h").breaker(fragile());
    let (files, _) = built(builder.retry(RetryPolicy::off()).timeouts(timeouts), steps);
    let transport = files.transport().clone();
    (files, transport)
}

#[tokio::test(start_paused = true)]
async fn bod_8_a_stream_that_breaks_counts_against_the_circuit_when_it_breaks() {
    let broken = || Step::status(200).body("x").silence(3 * S).broken();
    let (files, transport) = breaking([broken(), broken()]);
    for state in [CircuitState::Closed, CircuitState::Open] {
        let mut stream = files.file(1).await.unwrap();
        assert_eq!(stream.next().await.unwrap().unwrap(), "x");
        assert_eq!(transport.circuit().state(), CircuitState::Closed, "the head alone says nothing");
        stream.next().await.unwrap().unwrap_err();
        assert_eq!(transport.circuit().state(), state);
    }
}

#[tokio::test(start_paused = true)]
async fn bod_8_a_caller_who_has_enough_is_no_failure_unless_the_server_hangs() {
    let slow = || Step::status(200).body("x").silence(30 * S).body("y");
    let (files, transport) = breaking((0..9).map(|_| slow()));
    for _ in 0..4 {
        let mut stream = files.file(1).await.unwrap();
        stream.next().await.unwrap().unwrap();
        // Kept for long, but nobody waited for the server.
        tokio::time::sleep(100 * S).await;
        drop(stream);
    }
    assert_eq!(transport.circuit().state(), CircuitState::Closed);
    for state in [CircuitState::Closed, CircuitState::Open] {
        let mut stream = files.file(1).await.unwrap();
        stream.next().await.unwrap().unwrap();
        assert!(tokio::time::timeout(6 * S, stream.next()).await.is_err());
        drop(stream);
        assert_eq!(transport.circuit().state(), state);
    }
}

#[tokio::test(start_paused = true)]
async fn brk_5_a_healthy_stream_is_a_probe_that_succeeds_with_its_head() {
    let long = Step::status(200).body("x").silence(9 * S).body("x").silence(9 * S).body("x");
    let (files, transport) = breaking([Step::status(500), Step::status(500), long, Step::status(200)]);
    for _ in 0..2 {
        files.file(1).await.unwrap_err();
    }
    assert_eq!(transport.circuit().state(), CircuitState::Open);
    tokio::time::sleep(2 * S).await;
    let mut probe = files.file(1).await.unwrap();
    assert_eq!(transport.circuit().state(), CircuitState::Closed);
    assert!(files.file(1).await.is_ok(), "others go on while it runs");
    assert_eq!(rest(&mut probe).await.unwrap(), b"xxx");
    assert_eq!(transport.circuit().state(), CircuitState::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_call_in_hand_gives_a_stream_too() {
    let (transport, _) = transport([Step::status(200).body("7").silence(MS).body("8")]);
    let mut stream = transport.call(&GET).send::<ByteStream>().await.unwrap();
    assert_eq!(rest(&mut stream).await.unwrap(), b"78");
    assert!(format!("{stream:?}").contains("bytes_read: 2, ended: true"), "{stream:?}");
}
