//! Multipart forms: what is written is read back by a reader of others, and by a naive one that follows the WHATWG rules.

use bytes::Bytes;
use futures_util::{FutureExt as _, stream};
use pynector::{Endpoint, Multipart, Part};

/// One part as it was asked for.
#[derive(Debug, PartialEq)]
struct Asked {
    name: String,
    file: Option<String>,
    media: Option<String>,
    bytes: Vec<u8>,
}

#[derive(Endpoint)]
#[post("/form")]
struct Upload {
    #[multipart]
    form: Multipart,
}

/// Parts that are separated by a line `--`; each is three lines, a name, a file name and a content type, where `-` is none,
/// and then its bytes.
pub fn run(data: &[u8]) {
    let parts: Vec<_> = split(data, b"\n--\n").into_iter().filter_map(asked).collect();
    let form = parts.iter().fold(Multipart::new(), |form, asked| {
        let mut part = Part::bytes(asked.bytes.clone());
        if let Some(file) = &asked.file {
            part = part.file_name(file);
        }
        if let Some(media) = &asked.media {
            part = part.content_type(media);
        }
        form.part(&*asked.name, part)
    });
    let sendable = |media: &String| {
        !media.is_empty() && media.bytes().all(|byte| (b' '..=b'~').contains(&byte) || byte == b'\t')
    };
    let made = Upload { form }.to_request("http://h");
    if !parts.iter().filter_map(|part| part.media.as_ref()).all(sendable) {
        made.unwrap_err();
        return;
    }
    let request = made.unwrap();
    let Some(media) = request.headers().get("content-type") else {
        assert!(parts.is_empty() && request.body().is_empty());
        return;
    };
    let boundary = multer::parse_boundary(media.to_str().unwrap()).unwrap();
    let expected: Vec<_> = parts.iter().map(written).collect();
    assert_eq!(naive(request.body(), &boundary), expected);
    if parts.iter().all(is_plain) {
        assert_eq!(by_another(request.body().clone(), boundary), expected);
    }
}

fn split<'a>(data: &'a [u8], by: &[u8]) -> Vec<&'a [u8]> {
    let (mut parts, mut from) = (Vec::new(), 0);
    for at in memchr::memmem::find_iter(data, by) {
        if at >= from {
            parts.push(&data[from..at]);
            from = at + by.len();
        }
    }
    parts.push(&data[from..]);
    parts
}

fn asked(data: &[u8]) -> Option<Asked> {
    let mut lines = data.splitn(4, |byte| *byte == b'\n');
    let mut text = || Some(String::from_utf8_lossy(lines.next()?).into_owned());
    let (name, file, media) = (text()?, text()?, text()?);
    let bytes = lines.next()?.to_vec();
    let said = |text: String| Some(text).filter(|text| text != "-");
    Some(Asked { name, file: said(file), media: said(media), bytes })
}

/// A part as it must stand in the form: line breaks of names are CRLF, and three characters are escaped.
fn written(part: &Asked) -> Asked {
    let escaped = |text: &str| {
        let escape = |letter| match letter {
            '"' => "%22".to_owned(),
            '\r' => "%0D".to_owned(),
            '\n' => "%0A".to_owned(),
            letter => letter.to_string(),
        };
        text.chars().map(escape).collect::<String>()
    };
    let mut name = String::new();
    let mut letters = part.name.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' | '\n' => {
                name.push_str("\r\n");
                if letter == '\r' {
                    letters.next_if_eq(&'\n');
                }
            }
            letter => name.push(letter),
        }
    }
    let octets = || "application/octet-stream".to_owned();
    let media = part.media.clone().or_else(|| part.file.as_ref().map(|_| octets()));
    Asked { name: escaped(&name), file: part.file.as_deref().map(escaped), media, bytes: part.bytes.clone() }
}

/// Everything between the boundaries (RFC 2046 §5.1).
fn naive(body: &[u8], boundary: &str) -> Vec<Asked> {
    let first = format!("--{boundary}\r\n");
    let last = format!("\r\n--{boundary}--\r\n");
    let inner = body.strip_prefix(first.as_bytes()).unwrap().strip_suffix(last.as_bytes()).unwrap();
    let parts = split(inner, format!("\r\n--{boundary}\r\n").as_bytes());
    parts
        .into_iter()
        .map(|part| {
            let end = memchr::memmem::find(part, b"\r\n\r\n").unwrap();
            let head = std::str::from_utf8(&part[..end]).unwrap();
            let mut lines = head.split("\r\n");
            let disposition = lines.next().unwrap();
            let quoted = disposition.strip_prefix("content-disposition: form-data; name=\"").unwrap();
            let (name, rest) = quoted.split_once('"').unwrap();
            let file = rest.strip_prefix("; filename=\"").map(|file| file.strip_suffix('"').unwrap());
            assert!(file.is_some() || rest.is_empty());
            let media = lines.next().map(|line| line.strip_prefix("content-type: ").unwrap().to_owned());
            assert_eq!(lines.next(), None);
            let (name, file) = (name.to_owned(), file.map(str::to_owned));
            Asked { name, file, media, bytes: part[end + 4..].to_vec() }
        })
        .collect()
}

/// Whether a reader that has rules of its own for escapes and for media types can be asked.
fn is_plain(part: &Asked) -> bool {
    let plain = |text: &str| text.chars().all(|letter| (' '..='~').contains(&letter) && letter != '\\');
    plain(&part.name) && part.file.as_deref().is_none_or(plain) && part.media.is_none()
}

fn by_another(body: Bytes, boundary: String) -> Vec<Asked> {
    let pieces = body.chunks(7).map(Bytes::copy_from_slice).map(Ok::<_, std::convert::Infallible>);
    let mut form = multer::Multipart::new(stream::iter(pieces.collect::<Vec<_>>()), boundary);
    let reading = async {
        let mut parts = Vec::new();
        while let Some(field) = form.next_field().await.unwrap() {
            let (name, file) = (field.name().unwrap().to_owned(), field.file_name().map(str::to_owned));
            let media = field.content_type().map(ToString::to_string);
            parts.push(Asked { name, file, media, bytes: field.bytes().await.unwrap().to_vec() });
        }
        parts
    };
    reading.now_or_never().unwrap()
}
