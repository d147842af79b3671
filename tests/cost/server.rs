//! A server on threads of its own: the same JSON for every request, and for some paths two failures before it.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

/// 300 bytes, about.
const BODY: &str = r#"{"id":1296269,"name":"octocat/hello-world","description":"the first repository of all, which everybody has forked","stars":80,"forks":9,"open":true,"topics":["api","atom","electron"],"owner":{"login":"octocat","id":583231,"url":"https://api.example.com/users/octocat"},"size":108.25,"license":null}"#;

const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";

/// Starts it, on a thread for each connection.
pub(crate) fn start() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream));
        }
    });
    Ok(address)
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let (mut failed, mut request) = (0, Vec::new());
    while read(&mut stream, &mut request)? {
        let fails = request.starts_with(b"GET /flaky") && failed < 2;
        failed = if fails { failed + 1 } else { 0 };
        stream.write_all(if fails { BUSY } else { answer.as_bytes() })?;
    }
    Ok(())
}

/// Reads one request; `false` at the end of the connection.
fn read(stream: &mut TcpStream, request: &mut Vec<u8>) -> io::Result<bool> {
    let mut piece = [0; 4096];
    request.clear();
    while !is_whole(request) {
        let read = stream.read(&mut piece)?;
        if read == 0 {
            return Ok(false);
        }
        request.extend(piece.iter().take(read));
    }
    Ok(true)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0)
}
