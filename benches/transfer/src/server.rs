//! A server that gives and takes bodies as fast as a socket can, and looks at none of them.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Starts it, on threads of this process; the clients are processes of their own.
pub(crate) fn start() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(&stream));
        }
    });
    Ok(address)
}

/// Answers `GET /n` by n bytes, and anything else by nothing once its body is here.
fn serve(mut stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(256 << 10, stream);
    let zeros = vec![0; 256 << 10];
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            if line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
        let asked = first.strip_prefix("GET /").and_then(|rest| rest.split(' ').next());
        let mut left: u64 = asked.and_then(|bytes| bytes.parse().ok()).unwrap_or(0);
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {left}\r\n\r\n")?;
        while left > 0 {
            let piece = usize::try_from(left).unwrap_or(usize::MAX).min(zeros.len());
            stream.write_all(&zeros[..piece])?;
            left -= piece as u64;
        }
    }
}
