//! What a raw server reads: a request to the end of its body, and nothing of it thrown away.

use std::hash::{DefaultHasher, Hasher as _};
use std::time::Duration;

use tokio::io::AsyncReadExt as _;

use super::door::Wire;

/// One request as the server read it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its method.
    pub method: String,
    /// Its path and query.
    pub target: String,
    /// How many requests with this target came before it.
    pub nth: usize,
    /// How many connections came before its own.
    pub connection: usize,
    /// How many requests came before it on its connection.
    pub on_connection: usize,
    /// The length of its body, without what chunks add.
    pub length: usize,
    /// A hash of its body, the same for the same bytes, whatever the version of HTTP.
    pub hash: u64,
    /// Head and body as they came.
    pub text: String,
}

/// The hash of a body.
pub fn hash(body: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(body);
    hasher.finish()
}

/// Reads one request; `None` if the connection ends before it does.
pub(super) async fn read(
    stream: &mut dyn Wire,
    pace: Option<(usize, Duration)>,
    (connection, on_connection): (usize, usize),
) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; pace.map_or(4096, |(size, _)| size)];
    loop {
        if let Some((head, body)) = split(&bytes) {
            let mut words = head.split(' ').map(ToOwned::to_owned);
            let (method, target) = (words.next()?, words.next()?);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let (length, hash) = (body.len(), hash(&body));
            return Some(Asked { method, target, nth: 0, connection, on_connection, length, hash, text });
        }
        match stream.read(&mut chunk).await {
            Ok(read @ 1..) => bytes.extend_from_slice(chunk.get(..read)?),
            _ => return None,
        }
        if let Some((_, pause)) = pace {
            super::pause(pause).await;
        }
    }
}

/// The head and the body, if both are whole.
fn split(bytes: &[u8]) -> Option<(String, Vec<u8>)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(bytes.get(..end)?).into_owned();
    let field = |name: &str| {
        head.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let rest = bytes.get(end + 4..)?;
    let body = if field("transfer-encoding").is_some() {
        unchunked(rest)?
    } else {
        let length = field("content-length").and_then(|length| length.parse().ok()).unwrap_or(0usize);
        rest.get(..length)?.to_vec()
    };
    Some((head, body))
}

/// A chunked body without what chunks add, if its last chunk is there.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(rest.get(..line)?).ok()?, 16).ok()?;
        let data = rest.get(line + 2..)?;
        let end = data.get(size..)?.strip_prefix(b"\r\n")?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(data.get(..size)?);
        rest = end;
    }
}
