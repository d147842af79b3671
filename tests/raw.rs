//! A server on a raw socket: it keeps every byte it got, and answers with bytes, well formed or not.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Sends these bytes and keeps the connection.
    Keep(Vec<u8>),
    /// Sends these bytes and closes the connection.
    Close(Vec<u8>),
    /// Sends these bytes and resets the connection.
    Reset(Vec<u8>),
    /// Sends these bytes, one each interval, and then closes.
    Dribble(Vec<u8>, Duration),
    /// Sends the first bytes at once, then the others, one each interval, and then closes.
    Trickle(Vec<u8>, Vec<u8>, Duration),
    /// Sends nothing and keeps the connection.
    Hang,
}

impl Reply {
    /// A whole answer with a body.
    pub fn ok(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Self {
        Self::Keep(answer(status, headers, body.as_ref()))
    }
}

/// The bytes of a whole answer; `headers` are lines that end in CR LF.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The server; it ends with the runtime of its test.
#[derive(Clone, Debug)]
pub struct RawServer {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    requests: Vec<String>,
    connections: usize,
    open: usize,
    replies: std::collections::VecDeque<Reply>,
}

impl RawServer {
    /// Answers request after request with the next reply, on whatever connection; the last reply is repeated.
    ///
    /// # Panics
    ///
    /// If the loopback interface gives no port.
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let seen = Seen { replies: replies.into_iter().collect(), ..Seen::default() };
        let server = Self { address, seen: Arc::new(Mutex::new(seen)) };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.seen().connections += 1;
                serving.seen().open += 1;
                let serving = serving.clone();
                tokio::spawn(async move {
                    serving.serve(stream).await;
                    serving.seen().open -= 1;
                });
            }
        });
        server
    }

    /// `http://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request as it came, head and body.
    pub fn requests(&self) -> Vec<String> {
        self.seen().requests.clone()
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.seen().connections
    }

    /// How many connections are open now.
    pub fn open(&self) -> usize {
        self.seen().open
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_reply(&self, request: String) -> Reply {
        let mut seen = self.seen();
        seen.requests.push(request);
        match seen.replies.len() {
            0 => Reply::Hang,
            1 => seen.replies.front().cloned().unwrap_or(Reply::Hang),
            _ => seen.replies.pop_front().unwrap_or(Reply::Hang),
        }
    }

    async fn serve(&self, mut stream: TcpStream) {
        while let Some(request) = read_request(&mut stream).await {
            let done = match self.next_reply(request) {
                Reply::Keep(bytes) => stream.write_all(&bytes).await.is_err(),
                Reply::Hang => false,
                Reply::Close(bytes) => {
                    let _ = stream.write_all(&bytes).await;
                    let _ = stream.shutdown().await;
                    true
                }
                Reply::Reset(bytes) => {
                    let _ = stream.write_all(&bytes).await;
                    let _ = stream.set_zero_linger();
                    true
                }
                Reply::Dribble(bytes, interval) => {
                    let _ = dribble(&mut stream, &bytes, interval).await;
                    true
                }
                Reply::Trickle(head, bytes, interval) => {
                    let _ = stream.write_all(&head).await;
                    let _ = dribble(&mut stream, &bytes, interval).await;
                    true
                }
            };
            if done {
                return;
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a server has a clock of its own")]
async fn dribble(stream: &mut TcpStream, bytes: &[u8], interval: Duration) -> std::io::Result<()> {
    for byte in bytes {
        stream.write_all(&[*byte]).await?;
        tokio::time::sleep(interval).await;
    }
    Ok(())
}

/// One request: its head, and as much body as `content-length` says, or chunks up to the last one as they came.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(bytes.get(..end)?).to_ascii_lowercase();
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
            let chunked = head.lines().any(|line| line == "transfer-encoding: chunked");
            let whole = !chunked
                || bytes.ends_with(b"\r\n0\r\n\r\n")
                || bytes.get(end..) == Some(b"\r\n\r\n0\r\n\r\n");
            if whole && bytes.len() >= end + 4 + length.unwrap_or(0usize) {
                return Some(String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        match stream.read(&mut chunk).await {
            Ok(read @ 1..) => bytes.extend_from_slice(chunk.get(..read)?),
            _ => return None,
        }
    }
}
