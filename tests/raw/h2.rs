//! A server that writes the frames of HTTP/2 itself (RFC 9113), so that it can break off wherever it is told to.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, WriteHalf};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::door::{Count, Setup, Wire};

/// Why a stream or a connection ends (RFC 9113 §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the RFC's")]
#[repr(u32)]
pub enum Code {
    NoError = 0,
    InternalError = 2,
    RefusedStream = 7,
    Cancel = 8,
    EnhanceYourCalm = 11,
}

/// What the server does with one stream, whose request it has read to its end.
#[derive(Clone, Debug)]
pub enum Fate {
    /// A whole answer.
    Answer(u16, Vec<u8>),
    /// What it does after this time, while it reads on; it does not notice that the client has given up.
    After(Duration, Box<Fate>),
    /// One after the other.
    Then(Vec<Fate>),
    /// Resets the stream.
    Reset(Code),
    /// An answer of this status and a body that is reset before its end.
    Broken(u16, Vec<u8>, Code),
    /// An answer of this status and a body that does not go on.
    Stalled(u16, Vec<u8>),
    /// Goes away, and says that this stream was the last one it processed, or that it processed none.
    GoAway {
        /// Whether the stream is among those that were processed.
        processed: bool,
        /// For what reason.
        code: Code,
    },
    /// Closes the connection.
    Close,
    /// Nothing.
    Hang,
}

/// One request as the server read it.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    /// How many streams came before it.
    pub nth: usize,
    /// How many connections came before its own.
    pub connection: usize,
    /// The length of its body.
    pub length: usize,
    /// The hash of its body, as [`hash`](super::hash) gives it.
    pub hash: u64,
}

/// The server; it ends with the runtime of its test.
#[derive(Clone)]
pub struct H2Server {
    address: SocketAddr,
    setup: Arc<Setup>,
    script: Arc<dyn Fn(&Stream) -> Fate + Send + Sync>,
    count: Arc<Count>,
    seen: Arc<Mutex<Vec<Stream>>>,
    most_open: Arc<AtomicUsize>,
    given_up: Arc<AtomicUsize>,
}

impl std::fmt::Debug for H2Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("H2Server").field(&self.address).finish()
    }
}

impl H2Server {
    /// Does with each stream what `script` says.
    ///
    /// # Panics
    ///
    /// If the loopback interface gives no port.
    #[expect(clippy::unused_async, reason = "a listener needs a runtime, which an async function shows")]
    pub async fn with(setup: Setup, script: impl Fn(&Stream) -> Fate + Send + Sync + 'static) -> Self {
        let door = setup.open(b"h2");
        let server = Self {
            address: door.address(),
            setup: Arc::new(setup),
            script: Arc::new(script),
            count: Arc::clone(&door.count),
            seen: Arc::default(),
            most_open: Arc::default(),
            given_up: Arc::default(),
        };
        let serving = server.clone();
        tokio::spawn(door.serve(move |stream, number| {
            let serving = serving.clone();
            async move {
                let _ = serving.serve(stream, number).await;
            }
        }));
        server
    }

    /// `http://127.0.0.1:port`, or `https`.
    pub fn url(&self) -> String {
        format!("{}://{}", self.setup.scheme(), self.address)
    }

    /// Every stream that was read to the end of its request.
    pub fn streams(&self) -> Vec<Stream> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.count.accepted.load(Ordering::SeqCst)
    }

    /// How many streams of one connection were open at once, at most.
    pub fn most_open(&self) -> usize {
        self.most_open.load(Ordering::SeqCst)
    }

    /// How many streams the client reset.
    pub fn given_up(&self) -> usize {
        self.given_up.load(Ordering::SeqCst)
    }

    async fn serve(&self, stream: Box<dyn Wire>, number: usize) -> std::io::Result<()> {
        let (mut reading, writing) = tokio::io::split(stream);
        reading.read_exact(&mut [0; 24]).await?;
        let mut connection =
            Connection { server: self, number, writing, open: HashMap::new(), due: Vec::new() };
        connection.greet().await?;
        let (sender, mut frames) = mpsc::channel(64);
        let reader = tokio::spawn(async move {
            while let Ok(frame) = read_frame(&mut reading).await {
                if sender.send(frame).await.is_err() {
                    return;
                }
            }
        });
        let ended = connection.run(&mut frames).await;
        reader.abort();
        ended
    }
}

struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    payload: Vec<u8>,
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;

/// `END_STREAM` of data and headers, `ACK` of settings and pings.
const FLAG: u8 = 1;
const END_HEADERS: u8 = 4;

async fn read_frame(stream: &mut ReadHalf<Box<dyn Wire>>) -> std::io::Result<Frame> {
    let mut head = [0; 9];
    stream.read_exact(&mut head).await?;
    let [a, b, c, kind, flags, id @ ..] = head;
    let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
    stream.read_exact(&mut payload).await?;
    Ok(Frame { kind, flags, stream: u32::from_be_bytes(id), payload })
}

#[expect(clippy::disallowed_methods, reason = "a server has a clock of its own")]
fn now() -> Instant {
    Instant::now()
}

struct Connection<'a> {
    server: &'a H2Server,
    number: usize,
    writing: WriteHalf<Box<dyn Wire>>,
    /// The bodies of streams that have no end yet, ours or theirs.
    open: HashMap<u32, Vec<u8>>,
    due: Vec<(Instant, u32, Fate)>,
}

impl Connection<'_> {
    async fn greet(&mut self) -> std::io::Result<()> {
        // SETTINGS_MAX_CONCURRENT_STREAMS is 3.
        let settings = self.server.setup.streams.map(|streams| {
            let value = streams.to_be_bytes();
            [&[0, 3], &value[..]].concat()
        });
        self.write(SETTINGS, 0, 0, &settings.unwrap_or_default()).await
    }

    async fn write(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> std::io::Result<()> {
        let length = u32::try_from(payload.len()).unwrap_or_default().to_be_bytes();
        let head = [&length[1..], &[kind, flags], &stream.to_be_bytes()].concat();
        self.writing.write_all(&[&head, payload].concat()).await
    }

    async fn run(&mut self, frames: &mut mpsc::Receiver<Frame>) -> std::io::Result<()> {
        loop {
            let next = self.due.iter().map(|(at, ..)| at.saturating_duration_since(now())).min();
            match super::within(next, frames.recv()).await {
                Some(Some(frame)) => self.receive(frame).await?,
                Some(None) => return Ok(()),
                None => {
                    let now = now();
                    for (at, stream, fate) in std::mem::take(&mut self.due) {
                        if at <= now {
                            self.fulfil(stream, fate).await?;
                        } else {
                            self.due.push((at, stream, fate));
                        }
                    }
                }
            }
        }
    }

    async fn receive(&mut self, frame: Frame) -> std::io::Result<()> {
        let Frame { kind, flags, stream, payload } = frame;
        match kind {
            SETTINGS if flags & FLAG == 0 => self.write(SETTINGS, FLAG, 0, &[]).await?,
            PING if flags & FLAG == 0 => self.write(PING, FLAG, 0, &payload).await?,
            RST_STREAM => {
                self.server.given_up.fetch_add(1, Ordering::SeqCst);
                self.open.remove(&stream);
            }
            HEADERS => {
                self.open.insert(stream, Vec::new());
                self.server.most_open.fetch_max(self.open.len(), Ordering::SeqCst);
            }
            DATA if !payload.is_empty() => {
                let size = u32::try_from(payload.len()).unwrap_or_default().to_be_bytes();
                self.write(WINDOW_UPDATE, 0, 0, &size).await?;
                if flags & FLAG == 0 {
                    self.write(WINDOW_UPDATE, 0, stream, &size).await?;
                }
                self.open.entry(stream).or_default().extend_from_slice(&payload);
            }
            _ => {}
        }
        if matches!(kind, HEADERS | DATA) && flags & FLAG != 0 {
            let fate = self.decide(stream);
            self.fulfil(stream, fate).await?;
        }
        Ok(())
    }

    fn decide(&self, stream: u32) -> Fate {
        let body = self.open.get(&stream).map(Vec::as_slice).unwrap_or_default();
        let mut seen = self.server.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (length, hash) = (body.len(), super::hash(body));
        let asked = Stream { nth: seen.len(), connection: self.number, length, hash };
        seen.push(asked);
        drop(seen);
        (self.server.script)(&asked)
    }

    async fn fulfil(&mut self, stream: u32, fate: Fate) -> std::io::Result<()> {
        match fate {
            Fate::Hang => return Ok(()),
            Fate::After(time, then) => {
                self.due.push((now() + time, stream, *then));
                return Ok(());
            }
            Fate::Then(fates) => {
                for fate in fates {
                    Box::pin(self.fulfil(stream, fate)).await?;
                }
            }
            Fate::Stalled(status, body) => return self.part(stream, status, &body).await,
            Fate::Answer(status, body) => {
                self.head(stream, status).await?;
                self.write(DATA, FLAG, stream, &body).await?;
            }
            Fate::Broken(status, body, code) => {
                self.part(stream, status, &body).await?;
                self.write(RST_STREAM, 0, stream, &(code as u32).to_be_bytes()).await?;
            }
            Fate::Reset(code) => self.write(RST_STREAM, 0, stream, &(code as u32).to_be_bytes()).await?,
            Fate::GoAway { processed, code } => {
                let last = if processed { stream } else { stream.saturating_sub(2) };
                let payload = [last.to_be_bytes(), (code as u32).to_be_bytes()].concat();
                self.write(GOAWAY, 0, 0, &payload).await?;
            }
            Fate::Close => return Err(std::io::ErrorKind::ConnectionAborted.into()),
        }
        self.open.remove(&stream);
        Ok(())
    }

    /// A head without the end of the stream.
    async fn head(&mut self, stream: u32, status: u16) -> std::io::Result<()> {
        // A literal field without indexing, whose name is `:status`, entry 8 of the static table (RFC 7541 §6.2.2).
        let field = [&[0x08, 3], status.to_string().as_bytes()].concat();
        self.write(HEADERS, END_HEADERS, stream, &field).await
    }

    async fn part(&mut self, stream: u32, status: u16, body: &[u8]) -> std::io::Result<()> {
        self.head(stream, status).await?;
        self.write(DATA, 0, stream, body).await
    }
}
