//! A server on a raw socket: it keeps every byte it got, and answers with bytes, well formed or not.

mod door;
pub mod h2;
mod request;

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use self::door::{Count, Wire};
pub use self::door::{Refusing, Setup};
pub use self::request::{Asked, hash};

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Sends these bytes and keeps the connection.
    Keep(Vec<u8>),
    /// Sends these bytes, each piece after its pause, and keeps the connection.
    Paced(Vec<(Duration, Vec<u8>)>),
    /// Sends these bytes and closes the connection once it was idle for so long: the race of a kept connection.
    Idle(Vec<u8>, Duration),
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

    /// The head and the beginning of a body of which `missing` bytes never come, in an answer of this status.
    pub fn short(status: &str, body: &[u8], missing: usize) -> Vec<u8> {
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", body.len() + missing);
        [head.as_bytes(), body].concat()
    }
}

/// The bytes of a whole answer; `headers` are lines that end in CR LF.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

type Script = dyn Fn(&Asked) -> Reply + Send + Sync;

/// The server; it ends with the runtime of its test.
#[derive(Clone)]
pub struct RawServer {
    address: SocketAddr,
    setup: Arc<Setup>,
    script: Arc<Script>,
    count: Arc<Count>,
    requests: Arc<AtomicUsize>,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    asked: Vec<Asked>,
    targets: HashMap<String, usize>,
}

impl std::fmt::Debug for RawServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("RawServer").field(&self.address).finish()
    }
}

impl RawServer {
    /// Answers request after request with the next reply, on whatever connection; the last reply is repeated.
    ///
    /// # Panics
    ///
    /// If the loopback interface gives no port.
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies = Mutex::new(replies.into_iter().collect::<VecDeque<_>>());
        Self::with(Setup::default(), move |_| {
            let mut replies = replies.lock().unwrap_or_else(PoisonError::into_inner);
            let last = replies.len() == 1;
            let next = if last { replies.front().cloned() } else { replies.pop_front() };
            next.unwrap_or(Reply::Hang)
        })
        .await
    }

    /// Answers each request as `script` says.
    ///
    /// # Panics
    ///
    /// If the loopback interface gives no port.
    #[expect(clippy::unused_async, reason = "a listener needs a runtime, which an async function shows")]
    pub async fn with(setup: Setup, script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let door = setup.open(b"http/1.1");
        let server = Self {
            address: door.address(),
            setup: Arc::new(setup),
            script: Arc::new(script),
            count: Arc::clone(&door.count),
            requests: Arc::default(),
            seen: Arc::default(),
        };
        let serving = server.clone();
        tokio::spawn(door.serve(move |stream, number| {
            let serving = serving.clone();
            async move { serving.serve(stream, number).await }
        }));
        server
    }

    /// `http://127.0.0.1:port`, or `https`.
    pub fn url(&self) -> String {
        format!("{}://{}", self.setup.scheme(), self.address)
    }

    /// Every request as it came, head and body.
    pub fn requests(&self) -> Vec<String> {
        self.seen().asked.iter().map(|asked| asked.text.clone()).collect()
    }

    /// Every request with what the server knows of it.
    pub fn asked(&self) -> Vec<Asked> {
        self.seen().asked.clone()
    }

    /// How many requests were read to their end.
    pub fn count(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.count.accepted.load(Ordering::SeqCst)
    }

    /// How many connections are open now.
    pub fn open(&self) -> usize {
        self.count.open.load(Ordering::SeqCst)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reply(&self, mut asked: Asked) -> Reply {
        self.requests.fetch_add(1, Ordering::SeqCst);
        if !self.setup.forgets {
            let mut seen = self.seen();
            let nth = seen.targets.entry(asked.target.clone()).or_default();
            asked.nth = *nth;
            *nth += 1;
            seen.asked.push(asked.clone());
        }
        (self.script)(&asked)
    }

    async fn serve(&self, mut stream: Box<dyn Wire>, number: usize) {
        let mut idle = None;
        for nth in 0.. {
            let next = request::read(&mut *stream, self.setup.pace, (number, nth));
            let Some(asked) = within(idle, next).await.flatten() else { break };
            idle = None;
            let done = match self.reply(asked) {
                Reply::Keep(bytes) => stream.write_all(&bytes).await.is_err(),
                Reply::Paced(pieces) => paced(&mut *stream, pieces).await.is_err(),
                Reply::Hang => false,
                Reply::Idle(bytes, limit) => {
                    idle = Some(limit);
                    stream.write_all(&bytes).await.is_err()
                }
                Reply::Close(bytes) => stream.write_all(&bytes).await.is_ok(),
                Reply::Reset(bytes) => {
                    let _ = stream.write_all(&bytes).await;
                    return stream.reset_at_end();
                }
                Reply::Dribble(bytes, interval) => dribble(&mut *stream, &bytes, interval).await.is_ok(),
                Reply::Trickle(head, bytes, interval) => {
                    let _ = stream.write_all(&head).await;
                    dribble(&mut *stream, &bytes, interval).await.is_ok()
                }
            };
            if done {
                break;
            }
        }
        // A close that unread bytes would turn into a reset is the other side's to see as a close.
        if stream.shutdown().await.is_ok() {
            let _ = within(Some(Duration::from_millis(1)), stream.read(&mut [0; 4096])).await;
        }
    }
}

async fn paced(stream: &mut dyn Wire, pieces: Vec<(Duration, Vec<u8>)>) -> std::io::Result<()> {
    for (wait, bytes) in pieces {
        pause(wait).await;
        stream.write_all(&bytes).await?;
    }
    Ok(())
}

async fn dribble(stream: &mut dyn Wire, bytes: &[u8], interval: Duration) -> std::io::Result<()> {
    for byte in bytes {
        stream.write_all(&[*byte]).await?;
        pause(interval).await;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a server has a clock of its own")]
async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

#[expect(clippy::disallowed_methods, reason = "a server has a clock of its own")]
async fn within<F: Future>(limit: Option<Duration>, future: F) -> Option<F::Output> {
    match limit {
        Some(limit) => tokio::time::timeout(limit, future).await.ok(),
        None => Some(future.await),
    }
}
