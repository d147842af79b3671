//! What methods return, by type.

use std::io::Write as _;

use pynector::backend::Step;
use pynector::bytes::Bytes;
use pynector::{ErrorKind, HttpTransport, Operation, Response, Result};
use serde::Deserialize;

use crate::{GET, built, transport};

#[derive(Debug, Deserialize, PartialEq)]
struct Item {
    id: u32,
}

type Aliased<T> = std::result::Result<T, Mistake>;

#[derive(Debug)]
enum Mistake {
    Missing,
    Other(ErrorKind),
}

impl From<pynector::Error> for Mistake {
    fn from(error: pynector::Error) -> Self {
        if error.is_not_found() { Self::Missing } else { Self::Other(error.kind()) }
    }
}

#[pynector::api]
trait Returns {
    #[get("/x")]
    async fn item(&self) -> Result<Item>;
    #[get("/x")]
    async fn items(&self) -> Result<Vec<Item>>;
    #[get("/x")]
    async fn nothing(&self) -> Result<()>;
    #[get("/x")]
    async fn text(&self) -> Result<String>;
    #[get("/x")]
    async fn raw(&self) -> Result<Bytes>;
    #[get("/x")]
    async fn maybe(&self) -> Result<Option<Item>>;
    #[get("/x")]
    async fn whole(&self) -> Result<Response<Item>>;
    #[get("/x")]
    async fn aliased(&self) -> Aliased<Item>;
    #[head("/x")]
    async fn head(&self) -> Result<Response<()>>;
}

fn returns(steps: impl IntoIterator<Item = Step>) -> ReturnsClient {
    built(ReturnsClient::builder().base_url("http://h"), steps).0
}

#[tokio::test(start_paused = true)]
async fn the_type_decides() {
    let json = "{\"id\": 7}";
    let item = || Item { id: 7 };
    assert_eq!(returns([Step::json(json)]).item().await.unwrap(), item());
    assert_eq!(returns([Step::json("[{\"id\": 7}]")]).items().await.unwrap(), [item()]);
    returns([Step::json("not json at all")]).nothing().await.unwrap();
    assert_eq!(returns([Step::json(json)]).text().await.unwrap(), json);
    assert_eq!(returns([Step::json(json)]).raw().await.unwrap(), json);
    assert_eq!(returns([Step::json(json)]).maybe().await.unwrap(), Some(item()));
    assert_eq!(returns([Step::json("null")]).maybe().await.unwrap(), None);
    assert_eq!(returns([Step::status(204)]).maybe().await.unwrap(), None);
    let whole = returns([Step::json(json).header("etag", "\"e\"")]).whole().await.unwrap();
    assert_eq!((whole.status().as_u16(), whole.header("ETag"), whole.id), (200, Some("\"e\""), 7));
    assert_eq!(whole.into_inner(), item());
    assert_eq!(returns([Step::json(json)]).aliased().await.unwrap(), item());
    assert!(matches!(returns([Step::status(404)]).aliased().await, Err(Mistake::Missing)));
    assert!(matches!(
        returns([Step::status(400)]).aliased().await,
        Err(Mistake::Other(ErrorKind::Status(400)))
    ));
    let head = returns([Step::status(200).header("content-encoding", "unknown").header("x", "1")])
        .head()
        .await
        .unwrap();
    assert_eq!(head.header("x"), Some("1"));
}

#[tokio::test(start_paused = true)]
async fn an_empty_body_is_never_a_default() {
    let error = returns([Step::status(204)]).item().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deserialize);
    assert!(error.to_string().contains("204 No Content, but the body is empty"), "{error}");
    assert!(error.is_message() && !error.is_retryable() && error.was_sent());
    assert_eq!((error.operation(), error.attempts()), (Some("Returns::item"), 1));
}

#[tokio::test(start_paused = true)]
async fn accept_says_what_is_decoded_and_any_level_replaces_it() {
    const OWN: Operation = Operation::get("T::own", "/").headers(&[("accept", "text/csv")]);
    let (transport, script) = transport([Step::json("7"), Step::json("7"), Step::json("7")]);
    transport.call(&GET).send::<u32>().await.unwrap();
    transport.call(&GET).send::<Response<String>>().await.unwrap();
    transport.call(&OWN).send::<u32>().await.unwrap();
    let accepts: Vec<_> = script.requests().iter().map(|request| request.headers["accept"].clone()).collect();
    assert_eq!(accepts, ["application/json", "*/*", "text/csv"]);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test(start_paused = true)]
async fn gzip_is_undone_for_successes_and_for_errors() {
    let zipped = |status, text: &str| {
        Step::status(status).header("content-encoding", "gzip").body(gzip(text.as_bytes()))
    };
    assert_eq!(returns([zipped(200, "{\"id\": 7}")]).item().await.unwrap(), Item { id: 7 });
    let error = returns([zipped(404, "who?")]).item().await.unwrap_err();
    assert_eq!(error.body().unwrap(), "who?");
    let cut = Step::status(200).header("content-encoding", "gzip").body(gzip(b"hello")[..12].to_vec());
    assert_eq!(returns([cut]).text().await.unwrap_err().kind(), ErrorKind::Deserialize);
    let unknown = Step::json("7").header("content-encoding", "zpaq");
    let error = returns([unknown]).text().await.unwrap_err();
    assert!(
        error.to_string().contains("200 OK, but the content coding \"zpaq\" is not supported"),
        "{error}"
    );
    assert_eq!(error.kind(), ErrorKind::Deserialize);
}

#[tokio::test(start_paused = true)]
async fn decompression_can_be_off() {
    let (transport, script) = built(
        HttpTransport::builder("http://h").decompress(false),
        [Step::status(200).header("content-encoding", "gzip").body("as it came")],
    );
    assert_eq!(transport.call(&GET).send::<Bytes>().await.unwrap(), "as it came");
    assert!(!script.requests()[0].headers.contains_key("accept-encoding"));
}

#[tokio::test(start_paused = true)]
async fn bodies_are_bounded_decoded_and_encoded() {
    let bomb = gzip(&vec![b' '; 4 << 20]);
    for (step, fits) in [
        (Step::status(200).body("x".repeat(100)), true),
        (Step::status(200).body("x".repeat(60)).body("x".repeat(41)), false),
        (Step::status(200).header("content-encoding", "gzip").body(bomb), false),
    ] {
        let (transport, _) = built(HttpTransport::builder("http://h").max_body(100), [step]);
        let result = transport.call(&GET).send::<Bytes>().await;
        match result {
            Ok(_) => assert!(fits),
            Err(error) => {
                assert!(!fits);
                assert_eq!(error.kind(), ErrorKind::BodyTooLarge);
                assert_eq!(error.status().unwrap().as_u16(), 200);
                assert!(error.to_string().contains("`max_body`, which is 100 bytes"), "{error}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn bod_5_an_error_body_is_bounded_and_never_hides_the_error() {
    let large = Step::status(400).body("x".repeat(100_000));
    let broken = Step::status(400).body("part").broken();
    let endless = Step::status(400).body("part").silence(std::time::Duration::from_secs(3600));
    assert_eq!(returns([large]).item().await.unwrap_err().body().unwrap().len(), 65_536);
    for step in [broken, endless] {
        let started = tokio::time::Instant::now();
        let error = returns([step]).item().await.unwrap_err();
        assert!(started.elapsed() <= crate::S, "{:?}", started.elapsed());
        assert_eq!((error.kind(), error.body().unwrap().as_ref()), (ErrorKind::Status(400), &b"part"[..]));
    }
}

#[tokio::test(start_paused = true)]
async fn posts_without_a_body_say_so() {
    for (method, says) in [("POST", true), ("PUT", true), ("PATCH", true), ("DELETE", false), ("GET", false)]
    {
        let operation: &'static Operation = match method {
            "POST" => &const { Operation::post("T::m", "/") },
            "PUT" => &const { Operation::put("T::m", "/") },
            "PATCH" => &const { Operation::patch("T::m", "/") },
            "DELETE" => &const { Operation::delete("T::m", "/") },
            _ => &GET,
        };
        let (transport, script) = transport([Step::status(204)]);
        transport.call(operation).send::<()>().await.unwrap();
        assert_eq!(script.requests()[0].headers.contains_key("content-length"), says, "{method}");
    }
}

#[test]
fn a_call_is_small_enough_to_move_about() {
    let returns = returns([]);
    // All that a call holds is boxed; this is what a user's future grows by, whatever the call gives.
    assert!(size_of_val(&returns.items()) <= 64, "{} bytes", size_of_val(&returns.items()));
    assert!(size_of_val(&returns.whole()) <= 64, "{} bytes", size_of_val(&returns.whole()));
}
