//! Bodies of every kind: JSON, text, bytes, compressed, chunked, slow, none.

use pynector::bytes::Bytes;
use pynector::{Clock, ErrorKind, HttpMessage, HttpTransport, Part, Response, Result};
use serde::Deserialize;

use crate::{Outcome, failure, httpbin, trials};

#[derive(Debug, PartialEq, Deserialize)]
struct Deck {
    slideshow: Slideshow,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Slideshow {
    author: String,
    date: String,
    title: String,
    slides: Vec<Slide>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Slide {
    title: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    items: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Compressed {
    gzipped: bool,
    method: String,
}

#[derive(Debug, Deserialize)]
struct Uuid {
    uuid: String,
}

#[pynector::api(retry = off)]
trait Bodies {
    #[get("/json")]
    async fn deck(&self) -> Result<Deck>;

    #[get("/json")]
    async fn deck_of_numbers(&self) -> Result<Vec<u32>>;

    #[get("/html")]
    async fn page(&self) -> Result<String>;

    #[get("/html")]
    async fn page_as_deck(&self) -> Result<Deck>;

    #[get("/encoding/utf8")]
    async fn utf8(&self) -> Result<String>;

    #[get("/base64/{value}")]
    async fn base64(&self, value: &str) -> Result<String>;

    #[get("/bytes/{count}")]
    async fn bytes(&self, count: usize, #[query] seed: u32) -> Result<Bytes>;

    #[get("/stream-bytes/{count}")]
    async fn chunks(&self, count: usize, #[query] seed: u32, #[query] chunk_size: usize) -> Result<Bytes>;

    #[get("/range/{count}")]
    async fn letters(&self, count: usize, #[query] chunk_size: usize) -> Result<String>;

    #[get("/range/{count}")]
    async fn range(&self, count: usize, #[header("Range")] range: &str) -> Result<Response<Bytes>>;

    #[get("/image/png")]
    async fn image(&self) -> Result<Response<Bytes>>;

    #[get("/gzip")]
    async fn gzip(&self) -> Result<Response<Compressed>>;

    #[get("/deflate")]
    async fn deflate(&self) -> Result<serde_json::Value>;

    #[get("/drip")]
    async fn drip(&self, #[query] numbytes: usize, #[query] duration: f32) -> Result<Bytes>;

    #[get("/drip", timeouts(attempt = none, read = "100ms"))]
    async fn impatient_drip(&self, #[query] numbytes: usize, #[query] duration: f32) -> Result<Bytes>;

    #[get("/uuid")]
    async fn uuid(&self) -> Result<Uuid>;

    #[get("/uuid")]
    async fn uuid_ignored(&self) -> Result<()>;

    #[get("/status/204")]
    async fn nothing(&self) -> Result<()>;

    #[get("/status/204")]
    async fn no_deck(&self) -> Result<Option<Deck>>;

    #[get("/status/204")]
    async fn promised_deck(&self) -> Result<Deck>;
}

trials!(
    json_becomes_a_struct json_of_another_shape_says_where html_is_text_where_text_is_promised
    html_is_no_json_and_the_error_says_so utf8_arrives_letter_for_letter a_decoded_path_value_comes_back
    bytes_have_their_length chunks_become_one_body a_range_is_a_success an_image_keeps_its_bytes
    gzip_is_undone deflate_is_undone a_dripping_body_is_waited_for a_silent_body_ends_by_its_clock
    uuids_differ files_arrive_as_parts an_empty_body_is_nothing_or_none_or_an_error
);

async fn json_becomes_a_struct() -> Outcome {
    let slide = |title: &str, items: &[&str]| Slide {
        title: title.to_owned(),
        kind: "all".to_owned(),
        items: items.iter().map(|item| (*item).to_owned()).collect(),
    };
    let expected = Deck {
        slideshow: Slideshow {
            author: "Yours Truly".to_owned(),
            date: "date of publication".to_owned(),
            title: "Sample Slide Show".to_owned(),
            slides: vec![
                slide("Wake up to WonderWidgets!", &[]),
                slide(
                    "Overview",
                    &["Why <em>WonderWidgets</em> are great", "Who <em>buys</em> WonderWidgets"],
                ),
            ],
        },
    };
    assert_eq!(BodiesClient::at(httpbin()?)?.deck().await?, expected);
    Ok(())
}

async fn json_of_another_shape_says_where() -> Outcome {
    let error = failure(BodiesClient::at(httpbin()?)?.deck_of_numbers()).await?;
    assert_eq!(error.kind(), ErrorKind::Deserialize);
    let text = error.to_string();
    assert!(text.contains("line 1") && text.contains("application/json"), "{text}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert_eq!(error.decode::<Deck>()?.slideshow.author, "Yours Truly");
    Ok(())
}

async fn html_is_text_where_text_is_promised() -> Outcome {
    let page = BodiesClient::at(httpbin()?)?.page().await?;
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("Herman Melville - Moby-Dick"), "{page}");
    Ok(())
}

async fn html_is_no_json_and_the_error_says_so() -> Outcome {
    let error = failure(BodiesClient::at(httpbin()?)?.page_as_deck()).await?;
    assert_eq!(error.kind(), ErrorKind::Deserialize);
    let text = error.to_string();
    assert!(text.contains("HTML (text/html; charset=utf-8), not JSON"), "{text}");
    assert!(text.contains("<!DOCTYPE html>") && text.len() < 600, "{text}");
    Ok(())
}

async fn utf8_arrives_letter_for_letter() -> Outcome {
    let text = BodiesClient::at(httpbin()?)?.utf8().await?;
    for piece in ["∮ E⋅da = Q", "STARGΛ̊TE SG-1", "ði ıntəˈnæʃənəl", "⡌⠁⠧⠑ ⠼⠁⠒", "▁▂▃▄▅▆▇█"]
    {
        assert!(text.contains(piece), "{piece}");
    }
    Ok(())
}

async fn a_decoded_path_value_comes_back() -> Outcome {
    assert_eq!(BodiesClient::at(httpbin()?)?.base64("Z3LDtsOfZXI_Pg==").await?, "größer?>");
    Ok(())
}

async fn bytes_have_their_length() -> Outcome {
    let bodies = BodiesClient::at(httpbin()?)?;
    let bytes = bodies.bytes(5000, 7).await?;
    assert_eq!(bytes.len(), 5000);
    assert!(std::str::from_utf8(&bytes).is_err(), "random bytes are no text");
    assert_ne!(bodies.bytes(5000, 8).await?, bytes);
    assert_eq!(bodies.bytes(0, 1).await?, Bytes::new());
    Ok(())
}

async fn chunks_become_one_body() -> Outcome {
    let bodies = BodiesClient::at(httpbin()?)?;
    // Their content is the server's random generator, which its threads share, so a seed does not fix it.
    assert_eq!(bodies.chunks(5000, 7, 333).await?.len(), 5000);
    let letters: String = ('a'..='z').cycle().take(5000).collect();
    assert_eq!(bodies.letters(5000, 333).await?, letters);
    Ok(())
}

async fn a_range_is_a_success() -> Outcome {
    let part = BodiesClient::at(httpbin()?)?.range(26, "bytes=3-7").await?;
    assert_eq!(part.status().as_u16(), 206);
    assert_eq!(part.header("content-range"), Some("bytes 3-7/26"));
    assert_eq!(part.into_inner(), "defgh");
    Ok(())
}

async fn an_image_keeps_its_bytes() -> Outcome {
    let image = BodiesClient::at(httpbin()?)?.image().await?;
    assert_eq!(image.header("content-type"), Some("image/png"));
    assert_eq!(image.header("content-length"), Some(image.len().to_string().as_str()));
    assert!(image.starts_with(b"\x89PNG\r\n\x1a\n") && image.ends_with(b"IEND\xaeB`\x82"));
    Ok(())
}

async fn gzip_is_undone() -> Outcome {
    let answer = BodiesClient::at(httpbin()?)?.gzip().await?;
    assert_eq!(answer.header("content-encoding"), Some("gzip"), "the server did compress");
    assert!(answer.gzipped);
    assert_eq!(answer.method, "GET");
    Ok(())
}

async fn deflate_is_undone() -> Outcome {
    let value = BodiesClient::at(httpbin()?)?.deflate().await?;
    assert_eq!(value["deflated"], true, "{value}");
    Ok(())
}

async fn a_dripping_body_is_waited_for() -> Outcome {
    assert_eq!(BodiesClient::at(httpbin()?)?.drip(7, 0.2).await?, "*******");
    Ok(())
}

async fn a_silent_body_ends_by_its_clock() -> Outcome {
    let error = failure(BodiesClient::at(httpbin()?)?.impatient_drip(2, 4.0)).await?;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.clock(), Some((Clock::Read, std::time::Duration::from_millis(100))));
    Ok(())
}

/// Werkzeug reads the form: a parser that is not ours.
async fn files_arrive_as_parts() -> Outcome {
    let message = HttpMessage::new()
        .method("POST")
        .url("/post")
        .form("title", "a \"b\" \u{65e5}\u{672c}")
        .file("text", Part::text("line\nline").file_name("gr\u{fc}n \"x\".txt"))
        .file("empty", Part::bytes("").file_name("e"))
        .file("bytes", Part::bytes(vec![0, 0xff]).file_name("b.bin"));
    let transport = HttpTransport::builder(httpbin()?).build()?;
    transport.connect().await?;
    transport.send(&message).await?;
    let echo =
        transport.receive::<pynector::JsonMessage<serde_json::Value>>().next().await.ok_or("no answer")??.0;
    assert_eq!(echo["form"], serde_json::json!({ "title": "a \"b\" \u{65e5}\u{672c}" }));
    assert_eq!(echo["files"]["text"], "line\nline");
    assert_eq!(echo["files"]["empty"], "");
    assert_eq!(echo["files"]["bytes"], "data:application/octet-stream;base64,AP8=");
    Ok(())
}

async fn uuids_differ() -> Outcome {
    let bodies = BodiesClient::at(httpbin()?)?;
    let (one, other) = (bodies.uuid().await?.uuid, bodies.uuid().await?.uuid);
    assert_eq!(one.len(), 36);
    assert_ne!(one, other);
    bodies.uuid_ignored().await?;
    Ok(())
}

async fn an_empty_body_is_nothing_or_none_or_an_error() -> Outcome {
    let bodies = BodiesClient::at(httpbin()?)?;
    bodies.nothing().await?;
    assert_eq!(bodies.no_deck().await?, None);
    let error = failure(bodies.promised_deck()).await?;
    assert_eq!(error.kind(), ErrorKind::Deserialize);
    assert!(error.to_string().contains("the body is empty"), "{error}");
    Ok(())
}
