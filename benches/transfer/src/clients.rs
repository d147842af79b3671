//! The same transfers by pynector and by bare reqwest.

use std::fmt::Display;
use std::future::Future;
use std::io;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::{Stream, stream};
use pynector::{Body, ByteStream};
use tokio::fs::File;

/// One way to move bytes.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// What it is compared with.
    pub(crate) beside: &'static str,
    pub(crate) run: Run,
}

type Run = fn(String, u64) -> Pin<Box<dyn Future<Output = Result<u64, String>>>>;

pub(crate) const CASES: [Case; 6] = [
    Case {
        name: "download-reqwest",
        beside: "download-reqwest",
        run: |base, bytes| Box::pin(reqwest_down(base, bytes)),
    },
    Case {
        name: "download-pynector",
        beside: "download-reqwest",
        run: |base, bytes| Box::pin(pynector_down(base, bytes)),
    },
    Case {
        name: "upload-reqwest",
        beside: "upload-reqwest",
        run: |base, bytes| Box::pin(reqwest_up(base, bytes)),
    },
    Case {
        name: "upload-pynector",
        beside: "upload-reqwest",
        run: |base, bytes| Box::pin(pynector_up(base, bytes)),
    },
    Case {
        name: "file-reqwest",
        beside: "file-reqwest",
        run: |base, bytes| Box::pin(reqwest_file(base, bytes)),
    },
    Case {
        name: "file-pynector",
        beside: "file-reqwest",
        run: |base, bytes| Box::pin(pynector_file(base, bytes)),
    },
];

/// The pieces of a stream that is sent.
const PIECE: usize = 64 << 10;

#[pynector::api(timeouts(deadline = none))]
trait Store {
    #[get("/{bytes}")]
    async fn read(&self, bytes: u64) -> pynector::Result<ByteStream>;

    #[put("/")]
    async fn write(&self, #[body] content: Body) -> pynector::Result<()>;
}

async fn pynector_down(base: String, bytes: u64) -> Result<u64, String> {
    let mut body = StoreClient::at(base).map_err(text)?.read(bytes).await.map_err(text)?;
    let mut moved = 0;
    while let Some(piece) = body.next().await {
        moved += piece.map_err(text)?.len() as u64;
    }
    Ok(moved)
}

async fn reqwest_down(base: String, bytes: u64) -> Result<u64, String> {
    let mut response = reqwest::get(format!("{base}/{bytes}")).await.map_err(text)?;
    let mut moved = 0;
    while let Some(piece) = response.chunk().await.map_err(text)? {
        moved += piece.len() as u64;
    }
    Ok(moved)
}

async fn pynector_up(base: String, bytes: u64) -> Result<u64, String> {
    let body = Body::from_fn(move || pieces(bytes)).length(bytes);
    StoreClient::at(base).map_err(text)?.write(body).await.map_err(text)?;
    Ok(bytes)
}

async fn reqwest_up(base: String, bytes: u64) -> Result<u64, String> {
    send(base, bytes, reqwest::Body::wrap_stream(pieces(bytes))).await
}

async fn pynector_file(base: String, bytes: u64) -> Result<u64, String> {
    StoreClient::at(base).map_err(text)?.write(Body::from(zeros(bytes)?)).await.map_err(text)?;
    Ok(bytes)
}

async fn reqwest_file(base: String, bytes: u64) -> Result<u64, String> {
    send(base, bytes, File::from_std(zeros(bytes)?).into()).await
}

async fn send(base: String, bytes: u64, body: reqwest::Body) -> Result<u64, String> {
    let request = reqwest::Client::new().put(format!("{base}/")).header("content-length", bytes).body(body);
    request.send().await.and_then(reqwest::Response::error_for_status).map_err(text)?;
    Ok(bytes)
}

/// Memory that is there already, so that only what the clients add is counted.
fn pieces(bytes: u64) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    static ZEROS: [u8; PIECE] = [0; PIECE];
    stream::unfold(bytes, |left| async move {
        let piece = usize::try_from(left).unwrap_or(usize::MAX).min(PIECE);
        (piece > 0).then(|| (Ok(Bytes::from_static(&ZEROS[..piece])), left - piece as u64))
    })
}

/// A file of so many zeros that takes no room; it is gone when it is closed.
fn zeros(bytes: u64) -> Result<std::fs::File, String> {
    let path = std::env::temp_dir().join(format!("transfer-{}", std::process::id()));
    let file = std::fs::File::options().read(true).write(true).create_new(true).open(&path);
    let file = file.map_err(text)?;
    std::fs::remove_file(&path).map_err(text)?;
    file.set_len(bytes).map_err(text)?;
    Ok(file)
}

fn text(error: impl Display) -> String {
    format!("{error:#}")
}
