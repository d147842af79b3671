//! What raw servers have in common: a port, whoever comes to it, and the faults that strike before a request is read.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::server::TlsStream;

use crate::served::Identity;

/// A connection, with TLS or without.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {
    /// Lets the end of the connection be a reset.
    fn reset_at_end(&self);
}

impl Wire for TcpStream {
    fn reset_at_end(&self) {
        let _ = self.set_zero_linger();
    }
}

impl Wire for TlsStream<TcpStream> {
    fn reset_at_end(&self) {
        let _ = self.get_ref().0.set_zero_linger();
    }
}

/// How a raw server meets its connections.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    identity: Option<Identity>,
    resets: usize,
    pub(super) pace: Option<(usize, Duration)>,
    pub(super) forgets: bool,
    pub(super) streams: Option<u32>,
}

impl Setup {
    /// Over TLS, with this certificate, be it the right one or not.
    pub fn tls(mut self, identity: &Identity) -> Self {
        self.identity = Some(identity.clone());
        self
    }

    /// The first connections are reset as soon as they are accepted.
    pub fn resets_first(mut self, connections: usize) -> Self {
        self.resets = connections;
        self
    }

    /// Reads at most so many bytes of a request and then pauses, again and again; the system buffers little for it.
    pub fn reads_slowly(mut self, bytes: usize, pause: Duration) -> Self {
        self.pace = Some((bytes, pause));
        self
    }

    /// Keeps no request, for a program that makes very many; it counts them still.
    pub fn forgets(mut self) -> Self {
        self.forgets = true;
        self
    }

    /// How many streams of HTTP/2 may be open at once.
    pub fn max_concurrent_streams(mut self, streams: u32) -> Self {
        self.streams = Some(streams);
        self
    }

    pub(super) fn open(&self, version: &[u8]) -> Door {
        let socket = TcpSocket::new_v4().expect("a socket");
        if self.pace.is_some() {
            socket.set_recv_buffer_size(16 << 10).expect("a small buffer");
        }
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
        Door {
            listener: socket.listen(1024).expect("a listener"),
            tls: self.identity.as_ref().map(|identity| identity.acceptor(&[version])),
            resets: self.resets,
            count: Arc::default(),
        }
    }

    pub(super) fn scheme(&self) -> &'static str {
        if self.identity.is_some() { "https" } else { "http" }
    }
}

/// Connections, counted.
#[derive(Debug, Default)]
pub(super) struct Count {
    pub(super) accepted: AtomicUsize,
    pub(super) open: AtomicUsize,
}

/// A port at which a raw server waits.
pub(super) struct Door {
    listener: TcpListener,
    tls: Option<tokio_rustls::TlsAcceptor>,
    resets: usize,
    pub(super) count: Arc<Count>,
}

impl Door {
    pub(super) fn address(&self) -> SocketAddr {
        self.listener.local_addr().expect("an address")
    }

    /// Serves every connection in a task of its own; `serve` is told how many came before it.
    pub(super) async fn serve<F: Future<Output = ()> + Send>(
        self,
        serve: impl Fn(Box<dyn Wire>, usize) -> F + Clone + Send + 'static,
    ) {
        while let Ok((stream, _)) = self.listener.accept().await {
            let number = self.count.accepted.fetch_add(1, Ordering::SeqCst);
            if number < self.resets {
                stream.reset_at_end();
                continue;
            }
            let _ = stream.set_nodelay(true);
            self.count.open.fetch_add(1, Ordering::SeqCst);
            let (count, tls, serve) = (Arc::clone(&self.count), self.tls.clone(), serve.clone());
            tokio::spawn(async move {
                match tls {
                    None => serve(Box::new(stream), number).await,
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            serve(Box::new(stream), number).await;
                        }
                    }
                }
                count.open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    }
}

/// A port at which nobody listens and which nobody else gets.
#[derive(Debug)]
pub struct Refusing(TcpSocket);

impl Refusing {
    /// Takes a free port.
    ///
    /// # Panics
    ///
    /// If the loopback interface gives none.
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
        Self(socket)
    }

    /// Where it is.
    ///
    /// # Panics
    ///
    /// If the system does not say.
    pub fn address(&self) -> SocketAddr {
        self.0.local_addr().expect("an address")
    }
}

impl Default for Refusing {
    fn default() -> Self {
        Self::new()
    }
}
