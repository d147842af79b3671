//! A server that is a process of its own: it answers the same JSON to everything, a download, or 503 twice and then the JSON.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::load::DOWNLOAD;
use crate::repository::ANSWER;

/// Below it every third request is answered, and the two before it are refused.
pub const TURNS: &str = "/turns";

/// The program once more, as the server. It ends with this value.
pub struct Server {
    child: Child,
    /// `http://` and its address.
    pub base: String,
}

impl Server {
    pub fn start() -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut address = String::new();
        let said = child.stdout.take().ok_or_else(|| io::Error::other("the server has no output"))?;
        BufReader::new(said).read_line(&mut address)?;
        Ok(Self { child, base: format!("http://{}", address.trim()) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It reads the end of its input.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Serves until its input ends.
pub fn serve() -> io::Result<()> {
    std::thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        let answers = Rc::new(Answers::new());
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let answers = Rc::clone(&answers);
            tokio::task::spawn_local(async move { answers.to(stream).await });
        }
    })
}

struct Answers {
    json: Vec<u8>,
    piece: Vec<u8>,
    turns: AtomicU64,
}

impl Answers {
    fn new() -> Self {
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}", ANSWER.len());
        Self {
            json: format!("{head}\r\n\r\n{ANSWER}").into_bytes(),
            piece: vec![b'x'; 256 << 10],
            turns: AtomicU64::new(0),
        }
    }

    async fn to(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut request = Vec::with_capacity(8 << 10);
        loop {
            request.clear();
            while !is_whole(&request) {
                if stream.read_buf(&mut request).await? == 0 {
                    return Ok(());
                }
            }
            let path = request.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
            if path.starts_with(b"/download") {
                self.download(&mut stream).await?;
            } else if path.starts_with(TURNS.as_bytes()) && self.turns.fetch_add(1, Ordering::Relaxed) % 3 < 2
            {
                let refused = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
                stream.write_all(refused).await?;
            } else {
                stream.write_all(&self.json).await?;
            }
        }
    }

    async fn download(&self, stream: &mut TcpStream) -> io::Result<()> {
        let kind = "application/octet-stream";
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {DOWNLOAD}\r\n\r\n");
        stream.write_all(head.as_bytes()).await?;
        for _ in 0..DOWNLOAD / self.piece.len() as u64 {
            stream.write_all(&self.piece).await?;
        }
        Ok(())
    }
}

/// Whether the head is here, and as much body as it announces.
fn is_whole(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let body = length.and_then(|length| length.trim().parse::<usize>().ok()).unwrap_or(0);
    request.len() >= end + 4 + body
}
