//! A server that answers `GET /<size>` with so many bytes that it makes up while it sends them.

use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use crate::pattern::Pattern;

/// Serves until standard input ends, which it does with whoever started this.
pub(crate) fn serve() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer_all(&stream));
        }
    });
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// One request after the other, until the client closes.
fn answer_all(mut stream: &TcpStream) -> io::Result<()> {
    let mut requests = BufReader::new(stream);
    while let Some(size) = read_request(&mut requests)? {
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: {size}\r\n\r\n"
        )?;
        let mut pattern = Pattern::new(size);
        while let Some(block) = pattern.next_block() {
            stream.write_all(block)?;
        }
    }
    Ok(())
}

/// The size that a request asks for; `None` where it asks for nothing.
fn read_request(requests: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut line = String::new();
    requests.read_line(&mut line)?;
    let size = line.split(' ').nth(1).and_then(|path| path.trim_start_matches('/').parse().ok());
    loop {
        line.clear();
        if requests.read_line(&mut line)? <= 2 {
            return Ok(size);
        }
    }
}
