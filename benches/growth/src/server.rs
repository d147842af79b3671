//! A server that any address of 127.0.0.0/8 leads to: the path says how long its JSON is, and whether it closes.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use common::repository::ANSWER;

/// As many records as have so many bytes, at least one, as a list.
pub(crate) fn list(bytes: usize) -> String {
    let count = (bytes / (ANSWER.len() + 1)).max(1);
    format!("[{}]", vec![ANSWER; count].join(","))
}

/// Starts it, on a thread of its own for each connection.
pub(crate) fn start() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("0.0.0.0:0")?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream));
        }
    });
    Ok(SocketAddr::from(([127, 0, 0, 1], port)))
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut last = (String::new(), Vec::new());
    let mut request = Vec::new();
    let mut piece = [0; 8192];
    loop {
        let read = stream.read(&mut piece)?;
        if read == 0 {
            return Ok(());
        }
        request.extend_from_slice(&piece[..read]);
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        let head = String::from_utf8_lossy(&request);
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        request.clear();
        // What was sent last is kept, so that a long answer is not made each time.
        if path != last.0 {
            last = (path.clone(), answer(&path));
        }
        stream.write_all(&last.1)?;
        if path == "/close" {
            return Ok(());
        }
    }
}

fn answer(path: &str) -> Vec<u8> {
    let body = match path.strip_prefix("/body/").and_then(|bytes| bytes.parse().ok()) {
        Some(bytes) => list(bytes),
        None => ANSWER.to_owned(),
    };
    let close = if path == "/close" { "connection: close\r\n" } else { "" };
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{close}content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}
