//! A server of one file, which it sends slowly; the first answer breaks off in the middle.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::Outcome;

/// How long the file is.
pub(crate) const SIZE: usize = 4 << 20;

/// Where the first answer ends.
pub(crate) const CUT: usize = 5 << 19;

/// So much is sent at once, and then nothing for a while: about 2.5 MiB a second.
const PIECE: usize = 32 << 10;
const PAUSE: Duration = Duration::from_millis(12);

pub(crate) struct Server {
    pub(crate) url: String,
    file: Arc<File>,
}

struct File {
    bytes: Vec<u8>,
    digest: String,
    /// Where the answers began so far.
    asked: Mutex<Vec<usize>>,
}

impl Server {
    pub(crate) async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}/file.bin", listener.local_addr()?);
        // Numbers that do not repeat, so that no byte can stand for another.
        let bytes: Vec<u8> =
            (0_u32..).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).take(SIZE).collect();
        let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(&bytes)));
        let file = Arc::new(File { bytes, digest, asked: Mutex::default() });
        let served = Arc::clone(&file);
        tokio::spawn(async move {
            let mut is_first = true;
            while let Ok((stream, _)) = listener.accept().await {
                let file = Arc::clone(&served);
                let cut = if std::mem::take(&mut is_first) { CUT } else { SIZE };
                tokio::spawn(async move { file.serve(stream, cut).await });
            }
        });
        Ok(Self { url, file })
    }

    /// Holds the file at `path` against what it should be, and says from where on it was asked for since the last time.
    pub(crate) fn check(&self, path: &Path) -> Outcome<Vec<usize>> {
        if Sha256::digest(fs::read(path)?) != Sha256::digest(&self.file.bytes) {
            return Err("the file is not the server's".into());
        }
        Ok(std::mem::take(&mut *self.file.asked.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl File {
    /// Answers one request, and closes.
    async fn serve(&self, stream: TcpStream, cut: usize) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut range = String::new();
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).await?;
            match line.trim_end().to_ascii_lowercase().split_once(": ") {
                Some(("range", asked)) => asked.clone_into(&mut range),
                None if line.trim_end().is_empty() => break,
                _ => {}
            }
        }
        let first = range.strip_prefix("bytes=").and_then(|range| range.strip_suffix('-'));
        let first = first.and_then(|first| first.parse().ok()).unwrap_or(0_usize).min(SIZE);
        let status = if range.is_empty() {
            "200 OK".to_owned()
        } else {
            format!("206 Partial Content\r\ncontent-range: bytes {first}-{}/{SIZE}", SIZE - 1)
        };
        let (digest, length) = (&self.digest, SIZE - first);
        let head = format!(
            "HTTP/1.1 {status}\r\netag: \"1\"\r\nrepr-digest: {digest}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        );
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(first);
        stream.write_all(head.as_bytes()).await?;
        for piece in self.bytes.get(first..cut).unwrap_or_default().chunks(PIECE) {
            stream.write_all(piece).await?;
            tokio::time::sleep(PAUSE).await;
        }
        stream.shutdown().await
    }
}
