//! A server that speaks HTTP/1.1 and HTTP/2, over TLS too, and notes who asked what and how; and a proxy that tunnels.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// A certificate that nobody but itself vouches for, and its key.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate as text.
    pub pem: String,
    /// The certificate in binary.
    pub der: Vec<u8>,
    key: Vec<u8>,
}

impl Identity {
    /// A certificate for these names or addresses, which is valid today.
    ///
    /// # Panics
    ///
    /// If there is no such certificate.
    pub fn of(names: &[&str]) -> Self {
        Self::made(names, (2000, 3000))
    }

    /// One that expired long ago.
    ///
    /// # Panics
    ///
    /// If there is no such certificate.
    pub fn expired(names: &[&str]) -> Self {
        Self::made(names, (2000, 2001))
    }

    /// One that is not valid in this century.
    ///
    /// # Panics
    ///
    /// If there is no such certificate.
    pub fn early(names: &[&str]) -> Self {
        Self::made(names, (2900, 3000))
    }

    fn made(names: &[&str], (from, to): (i32, i32)) -> Self {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Self { pem: certificate.pem(), der: certificate.der().to_vec(), key: key.serialize_der() }
    }

    /// What makes TLS of a connection, offering these versions of HTTP.
    pub(crate) fn acceptor(&self, versions: &[&[u8]]) -> TlsAcceptor {
        let chain = vec![CertificateDer::from(self.der.clone())];
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.clone()));
        let mut config =
            ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).expect("a pair");
        config.alpn_protocols = versions.iter().map(|version| version.to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// What the server saw of one request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The version it was spoken in.
    pub version: hyper::Version,
    /// Its headers.
    pub headers: hyper::HeaderMap,
    /// From where.
    pub peer: SocketAddr,
}

/// The server; it answers `7` to everything but `/echo/..`, whose rest it answers, and takes 200 ms for the path `/slow`.
#[derive(Clone, Debug)]
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    seen: Arc<Mutex<Vec<Asked>>>,
    connections: Arc<AtomicUsize>,
    open: Arc<AtomicUsize>,
}

impl Server {
    /// Without TLS.
    ///
    /// # Panics
    ///
    /// If the loopback interface gives no port.
    pub async fn plain() -> Self {
        Self::start("http", None).await
    }

    /// With TLS, where it offers HTTP/2 and HTTP/1.1.
    ///
    /// # Panics
    ///
    /// If the loopback interface gives no port.
    pub async fn tls(identity: &Identity) -> Self {
        Self::start("https", Some(identity.acceptor(&[b"h2", b"http/1.1"]))).await
    }

    async fn start(scheme: &'static str, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (connections, open) = (Arc::default(), Arc::default());
        let server = Self { address, scheme, seen: Arc::default(), connections, open };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, peer)) = listener.accept().await {
                serving.connections.fetch_add(1, Ordering::SeqCst);
                serving.open.fetch_add(1, Ordering::SeqCst);
                let (serving, tls, open) = (serving.clone(), tls.clone(), Arc::clone(&serving.open));
                tokio::spawn(async move {
                    match tls {
                        None => serving.serve(stream, peer).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serving.serve(stream, peer).await;
                            }
                        }
                    }
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        server
    }

    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: SocketAddr) {
        let service = service_fn(|request: hyper::Request<Incoming>| {
            self.seen().push(Asked { version: request.version(), headers: request.headers().clone(), peer });
            let path = request.uri().path();
            let slow = path == "/slow";
            let body = Bytes::from(path.strip_prefix("/echo/").unwrap_or("7").to_owned());
            async move {
                if slow {
                    pause(Duration::from_millis(200)).await;
                }
                Ok::<_, std::convert::Infallible>(hyper::Response::new(Full::new(body)))
            }
        });
        let _ =
            auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
    }

    /// `http://127.0.0.1:port`, or `https`.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Every request so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.seen().clone()
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// How many connections are open now.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    fn seen(&self) -> MutexGuard<'_, Vec<Asked>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::disallowed_methods, reason = "a server has a clock of its own")]
async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

/// A proxy that opens every tunnel it is asked for.
#[derive(Clone, Debug)]
pub struct TunnelProxy {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl TunnelProxy {
    /// Starts it.
    ///
    /// # Panics
    ///
    /// If the loopback interface gives no port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let proxy = Self { address, seen: Arc::default() };
        let serving = proxy.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().tunnel(stream));
            }
        });
        proxy
    }

    /// `127.0.0.1:port`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The head of each `CONNECT`.
    pub fn heads(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn tunnel(self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(head);
        let mut server = TcpStream::connect(target).await?;
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
        tokio::io::copy_bidirectional(&mut stream, &mut server).await?;
        Ok(())
    }
}
