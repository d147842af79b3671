//! A server that is a process of its own: it answers the same JSON to everything.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// 300 bytes, about.
const ANSWER: &str = r#"{"id":1296269,"name":"octocat/hello-world","description":"the first repository of all, which everybody has forked","stars":80,"forks":9,"open":true,"topics":["api","atom","electron"],"owner":{"login":"octocat","id":583231,"url":"https://api.example.com/users/octocat"},"size":108.25,"license":null}"#;

/// The program once more, as the server. It ends with this value.
pub(crate) struct Server {
    child: Child,
    /// `http://` and its address.
    pub(crate) base: String,
}

impl Server {
    pub(crate) fn start() -> io::Result<Self> {
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
pub(crate) fn serve() -> io::Result<()> {
    std::thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length";
        let answer: Rc<str> = format!("{head}: {}\r\n\r\n{ANSWER}", ANSWER.len()).into();
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::task::spawn_local(answer_all(stream, Rc::clone(&answer)));
        }
    })
}

async fn answer_all(mut stream: TcpStream, answer: Rc<str>) -> io::Result<()> {
    let mut request = Vec::with_capacity(8 << 10);
    loop {
        request.clear();
        while !request.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut request).await? == 0 {
                return Ok(());
            }
        }
        stream.write_all(answer.as_bytes()).await?;
    }
}
