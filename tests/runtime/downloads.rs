//! Bodies that break and go on where they were, and answers that do not fit.

use pynector::backend::{ScriptBackend, SentRequest, Step};
use pynector::{
    ByteStream, CircuitState, Error, ErrorKind, Event, Failure, Response, Result, RetryPolicy, StreamEnd,
};
use pynector_tests::Journal;
use pynector_tests::raw::{Asked, RawServer, Reply, Setup};
use tokio::io::AsyncReadExt as _;

use crate::saved::{Folder, gzip};
use crate::{MS, S, built};

#[pynector::api]
pub(crate) trait Files {
    #[get("/file")]
    async fn file(&self) -> Result<ByteStream>;
    #[get("/file")]
    async fn with_head(&self) -> Result<Response<ByteStream>>;
    #[get("/file")]
    async fn part(&self, #[header("range")] range: &str) -> Result<ByteStream>;
    #[get("/file")]
    async fn other(&self, #[query] version: u32) -> Result<ByteStream>;
    #[post("/file")]
    async fn posted(&self) -> Result<ByteStream>;
}

/// A client that waits a second before it asks again, and asks three times.
pub(crate) fn files(steps: impl IntoIterator<Item = Step>) -> (FilesClient, ScriptBackend) {
    let retry = RetryPolicy::new().initial_backoff(S).max_retries(3).jitter(pynector::Jitter::None);
    built(FilesClient::builder().base_url("http://h").retry(retry), steps)
}

async fn rest(stream: &mut ByteStream) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece?);
    }
    Ok(String::from_utf8(bytes).unwrap())
}

pub(crate) const TAG: &str = "\"v1\"";

/// The first answer: ten digits, of which `came` come.
fn cut(came: usize) -> Step {
    let step = Step::status(200).header("etag", TAG).header("content-length", "10").body("0123456789");
    step.broken_after(came)
}

/// The part from `first` of as many bytes as there are, of ten.
fn part(first: usize, bytes: &'static str) -> Step {
    let range = format!("bytes {first}-{}/10", first + bytes.len() - 1);
    Step::status(206).header("etag", TAG).header("content-range", &range).body(bytes)
}

fn asked(script: &ScriptBackend) -> Vec<(Option<String>, Option<String>)> {
    let header = |request: &SentRequest, name: &str| request.header(name).map(ToOwned::to_owned);
    script.requests().iter().map(|sent| (header(sent, "range"), header(sent, "if-range"))).collect()
}

fn ranges(from: &[&str]) -> Vec<(Option<String>, Option<String>)> {
    let asked = |range: &&str| (Some(format!("bytes={range}")), Some(TAG.to_owned()));
    std::iter::once((None, None)).chain(from.iter().map(asked)).collect()
}

#[tokio::test(start_paused = true)]
async fn bod_9_a_body_that_breaks_goes_on_where_it_was() {
    let (files, script) = files([cut(4), part(4, "456").broken_after(2), part(6, "6789")]);
    let mut stream = files.file().await.unwrap().resumable();
    assert!(stream.is_resumable());
    assert_eq!(rest(&mut stream).await.unwrap(), "0123456789");
    assert_eq!(asked(&script), ranges(&["4-", "6-"]));
    assert!(stream.next().await.is_none() && !stream.is_resumable());
    assert_eq!(stream.bytes_read(), 10);
}

#[tokio::test(start_paused = true)]
async fn bod_9_a_reader_and_a_silent_body_go_on_too() {
    let silent = cut(4).silence(100 * S);
    let (files, script) = files([
        Step::status(200).header("etag", TAG).body("0123").silence(100 * S).body("xx"),
        part(4, "456789"),
        silent,
    ]);
    let mut text = String::new();
    let stream = files.with_head().await.unwrap().into_inner();
    stream.resumable().read_to_string(&mut text).await.unwrap();
    assert_eq!((text.as_str(), asked(&script).len()), ("0123456789", 2));
}

#[tokio::test(start_paused = true)]
async fn bod_9_without_being_asked_to_nothing_goes_on() {
    let weak = || Step::status(200).header("etag", "W/\"v1\"").body("01").broken();
    let none = || Step::status(200).header("etag", TAG).header("accept-ranges", "none").body("01").broken();
    let bare = || Step::status(200).body("01").broken();
    let (files, script) = files([cut(2), weak(), none(), bare(), cut(2)]);
    for stream in [
        files.file().await.unwrap(),
        files.file().await.unwrap().resumable(),
        files.file().await.unwrap().resumable(),
        files.file().await.unwrap().resumable(),
        files.posted().await.unwrap().resumable(),
    ] {
        let mut stream = stream;
        assert!(!stream.is_resumable());
        let error = rest(&mut stream).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        assert!(error.to_string().ends_with("the body was already being handed out)"), "{error}");
    }
    assert_eq!(script.requests().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn bod_9_where_retry_is_off_nothing_is_asked_for() {
    let (files, script) = files([cut(2)]);
    let off = files.with_options(pynector::CallOptions::new().retry(RetryPolicy::off()));
    let error = rest(&mut off.file().await.unwrap().resumable()).await.unwrap_err();
    assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Interrupted, 1));
}

#[tokio::test(start_paused = true)]
async fn bod_9_only_asking_in_vain_is_counted_and_the_waits_grow() {
    let nothing = || part(4, "456789").broken_after(0);
    let nothing_from_5 = || part(5, "56789").broken_after(0);
    let (files, script) = files([
        cut(4),
        nothing(),
        nothing(),
        part(4, "4").broken(),
        nothing_from_5(),
        nothing_from_5(),
        nothing_from_5(),
    ]);
    let started = tokio::time::Instant::now();
    let mut stream = files.file().await.unwrap().resumable();
    let error = rest(&mut stream).await.unwrap_err();
    assert_eq!(asked(&script), ranges(&["4-", "4-", "4-", "5-", "5-", "5-"]));
    assert_eq!(started.elapsed(), (1 + 2 + 4 + 1 + 2 + 4) * S);
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    let line = error.to_string();
    assert!(line.contains("broke in the middle of the body; the rest was asked for 3 times"), "{line}");
    assert!(stream.next().await.is_none(), "the stream ends after its error");
}

#[tokio::test(start_paused = true)]
async fn bod_9_each_further_request_goes_through_the_policies() {
    let busy = || Step::status(503).header("retry-after", "7");
    let (files, script) = files([cut(4), busy(), Step::fail(Failure::Refused), part(4, "456789")]);
    let started = tokio::time::Instant::now();
    assert_eq!(rest(&mut files.file().await.unwrap().resumable()).await.unwrap(), "0123456789");
    assert_eq!(script.requests().len(), 4);
    assert!(started.elapsed() >= (1 + 7 + 2) * S, "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn bod_9_the_first_cause_is_told_when_the_rest_cannot_be_had() {
    let (files, _) = files([cut(4), Step::status(404).body("gone")]);
    let error = rest(&mut files.file().await.unwrap().resumable()).await.unwrap_err();
    let line = error.to_string();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert!(
        line.starts_with("Files::file: GET http://h/file: the connection broke in the middle of the body"),
        "{line}"
    );
    assert!(line.contains("asking for the rest failed") && line.contains("404 Not Found"), "{line}");
}

#[tokio::test(start_paused = true)]
async fn bod_9_what_comes_twice_is_skipped() {
    let whole = || {
        Step::status(200)
            .header("etag", TAG)
            .header("content-length", "10")
            .body("01")
            .body("23456")
            .body("789")
    };
    for answers in [
        vec![part(2, "23456789")],
        vec![part(0, "0123456789")],
        vec![part(3, "3456789").broken_after(1), part(4, "456789")],
        vec![whole()],
        vec![whole().broken_after(7), part(7, "789")],
        vec![part(4, "45"), part(6, "67"), part(8, "89")],
    ] {
        let count = answers.len() + 1;
        let (files, script) = files(std::iter::once(cut(4)).chain(answers));
        assert_eq!(rest(&mut files.file().await.unwrap().resumable()).await.unwrap(), "0123456789");
        assert_eq!(script.requests().len(), count);
    }
}

#[tokio::test(start_paused = true)]
async fn bod_9_a_liar_never_makes_a_mix() {
    let other = |step: Step, name: &str, value: &str| step.header(name, value);
    let bare = |range: &str| Step::status(206).header("content-range", range);
    for (answer, kind, word) in [
        (
            bare("bytes 4-9/10").header("etag", "\"v2\"").body("456789"),
            ErrorKind::Changed,
            "`etag` is another",
        ),
        (bare("bytes 4-9/10").body("456789"), ErrorKind::Changed, "`etag` is another"),
        (bare("bytes 4-10/11").header("etag", TAG).body("456789a"), ErrorKind::Changed, "size is another"),
        (
            Step::status(200).header("etag", "\"v2\"").body("abcdefghij"),
            ErrorKind::Changed,
            "`etag` is another",
        ),
        (Step::status(416).header("content-range", "bytes */3"), ErrorKind::Changed, "no such bytes"),
        (part(5, "56789"), ErrorKind::Interrupted, "starts too late"),
        (part(0, "0123"), ErrorKind::Interrupted, "ends too early"),
        (Step::status(206).header("etag", TAG).body("456789"), ErrorKind::Interrupted, "`content-range`"),
        (Step::status(204).header("etag", TAG), ErrorKind::Interrupted, "another status than 206"),
        (other(part(4, "456789"), "content-encoding", "gzip"), ErrorKind::Changed, "`content-encoding`"),
    ] {
        let (files, script) = files([cut(4), answer]);
        let mut stream = files.file().await.unwrap().resumable();
        let (mut came, mut failure) = (Vec::new(), None::<Error>);
        while let Some(piece) = stream.next().await {
            match piece {
                Ok(piece) => came.extend_from_slice(&piece),
                Err(error) => failure = Some(error),
            }
        }
        let error = failure.unwrap();
        let line = error.to_string();
        assert_eq!((error.kind(), came.as_slice()), (kind, &b"0123"[..]), "{word}: {line}");
        assert!(line.contains("broke in the middle of the body; ") && line.contains(word), "{line}");
        assert_eq!(script.requests().len(), 2, "{word}");
        assert_eq!(files.transport().circuit().state(), CircuitState::Closed);
    }
}

#[tokio::test(start_paused = true)]
async fn bod_9_a_part_with_more_bytes_than_it_says_is_an_error() {
    let longer = Step::status(206).header("etag", TAG).header("content-range", "bytes 4-9/10");
    let (files, _) = files([cut(4), longer.body("4567").body("89").body("XX")]);
    let error = rest(&mut files.file().await.unwrap().resumable()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deserialize);
    assert!(error.to_string().contains("more bytes than its `content-range` says"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn bod_9_of_an_unknown_size_the_last_byte_is_asked_for_again() {
    let chunked = || Step::status(200).header("etag", TAG).body("0123456789").silence(MS);
    // All of it came but the end, which is no byte.
    let (files, script) =
        files([chunked().broken(), part(9, "9"), chunked().broken_after(4), part(3, "3456789")]);
    for _ in 0..2 {
        assert_eq!(rest(&mut files.file().await.unwrap().resumable()).await.unwrap(), "0123456789");
    }
    assert_eq!(script.requests()[1].header("range"), Some("bytes=9-"));
    assert_eq!(script.requests()[1].header("accept-encoding"), Some("identity"), "as the first bytes are");
    assert_eq!(script.requests()[3].header("range"), Some("bytes=3-"));
}

#[tokio::test(start_paused = true)]
async fn bod_9_a_part_that_was_asked_for_goes_on_within_its_bounds() {
    let first = part(2, "23456").broken_after(2);
    let (files, script) = files([first, part(4, "456")]);
    let mut stream = files.part("bytes=2-6").await.unwrap().resumable();
    assert_eq!(rest(&mut stream).await.unwrap(), "23456");
    assert_eq!(script.requests()[1].header("range"), Some("bytes=4-6"));
}

#[tokio::test(start_paused = true)]
async fn bod_9_of_a_compressed_body_the_compressed_bytes_go_on() {
    let text = "pynector downloads. ".repeat(300);
    let wire = gzip(text.as_bytes());
    let total = wire.len();
    for at in [1, 11, total / 2, total - 1] {
        let coded = |step: Step| step.header("etag", TAG).header("content-encoding", "gzip");
        let first = coded(Step::status(200)).header("content-length", &total.to_string());
        let range = format!("bytes {at}-{}/{total}", total - 1);
        let second = coded(Step::status(206)).header("content-range", &range).body(wire[at..].to_vec());
        let (files, script) = files([first.body(wire.clone()).broken_after(at), second]);
        assert_eq!(rest(&mut files.file().await.unwrap().resumable()).await.unwrap(), text);
        let sent = &script.requests()[1];
        assert_eq!(
            (sent.header("range"), sent.header("accept-encoding")),
            (Some(&*format!("bytes={at}-")), Some("gzip"))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn bod_9_every_part_tells_its_end() {
    let journal = Journal::default();
    let retry = RetryPolicy::new().initial_backoff(S);
    let builder = FilesClient::builder().base_url("http://h").retry(retry).observer(journal.clone());
    let (files, _) = built(builder, [cut(4), part(4, "45"), part(6, "6789")]);
    rest(&mut files.file().await.unwrap().resumable()).await.unwrap();
    let ends = journal.events().into_iter().filter(|event| matches!(event, Event::StreamEnded { .. }));
    let ended = |end, bytes| Event::StreamEnded { end, bytes };
    assert_eq!(
        ends.collect::<Vec<_>>(),
        [
            ended(StreamEnd::Broken(Failure::BodyInterrupted), 4),
            ended(StreamEnd::Whole, 2),
            ended(StreamEnd::Whole, 4)
        ]
    );
}

/// A server of one file that cuts its answers at `cuts`.
pub(crate) async fn cutting(body: Vec<u8>, cuts: Vec<usize>) -> RawServer {
    let setup = Setup::default();
    RawServer::with(setup, move |asked| ranged(&body, &cuts, asked)).await
}

fn ranged(body: &[u8], cuts: &[usize], asked: &Asked) -> Reply {
    let range = asked.text.lines().find_map(|line| line.strip_prefix("range: bytes=")?.strip_suffix('-'));
    let from: usize = range.map_or(0, |from| from.parse().unwrap());
    let total = body.len();
    let status = if range.is_some() { "206 Partial Content" } else { "200 OK" };
    let range =
        range.map(|_| format!("content-range: bytes {from}-{}/{total}\r\n", total - 1)).unwrap_or_default();
    let head = format!("HTTP/1.1 {status}\r\netag: {TAG}\r\n{range}content-length: {}\r\n\r\n", total - from);
    match cuts.get(asked.nth) {
        Some(cut) => Reply::Close([head.as_bytes(), &body[from..*cut]].concat()),
        None => Reply::Keep([head.as_bytes(), &body[from..]].concat()),
    }
}

/// As many bytes as nobody could guess.
pub(crate) fn noise(size: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(9);
    let mut bytes = vec![0; size];
    random.fill(&mut bytes);
    bytes
}

#[tokio::test]
async fn bod_9_64_mib_cut_at_twenty_offsets_end_in_the_right_file() {
    let body = noise(64 << 20);
    let mut random = fastrand::Rng::with_seed(20);
    let mut cuts: Vec<_> = (0..20).map(|_| random.usize(1..body.len())).collect();
    cuts.sort_unstable();
    let expected = pynector_tests::raw::hash(&body);
    let server = cutting(body, cuts).await;
    let retry = RetryPolicy::new().initial_backoff(MS);
    let files = FilesClient::builder().base_url(server.url()).retry(retry).build().unwrap();
    let folder = Folder::new();
    let path = folder.path("file");
    let saved = files.file().await.unwrap().resumable().save_to(&path).await.unwrap();
    assert_eq!((saved, server.count()), (64 << 20, 21));
    assert_eq!(pynector_tests::raw::hash(&std::fs::read(&path).unwrap()), expected);
    assert_eq!(folder.names(), ["file"]);
}
