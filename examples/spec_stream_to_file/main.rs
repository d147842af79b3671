//! Streams a large response to a file in flat memory, as in section 7.3 of the specification, and measures that.
//!
//! The server of `server.rs` is a process of its own, so that its memory is not measured, and makes up what it serves.
//! The file stands in the folder for temporary files and is removed at the end.
//!
//! ```text
//! cargo run --example spec_stream_to_file                       1 GiB; exit code 0 if it came whole and memory stayed flat
//! cargo run --example spec_stream_to_file -- 1000000            so many bytes
//! cargo run --example spec_stream_to_file -- --buffered [..]    by `send` instead, which holds the body: exit code 1
//! ```

mod pattern;
mod server;

use std::error::Error;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use pynector::{Content, HttpMessage, HttpTransport};
use tokio::io::AsyncWriteExt as _;

type Outcome<T> = Result<T, Box<dyn Error>>;

const GIB: u64 = 1 << 30;

/// By how much the peak of resident memory may grow while the body streams.
const ROOM_KIB: u64 = 16 << 10;

fn main() -> ExitCode {
    let mut arguments: Vec<_> = std::env::args().skip(1).collect();
    let buffered = arguments.first().is_some_and(|first| first == "--buffered");
    if buffered {
        arguments.remove(0);
    }
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => server::serve().map_err(Into::into),
        [] => run(GIB, buffered),
        [size] => match size.parse() {
            Ok(size) => run(size, buffered),
            Err(_) => Err("the argument must be a number of bytes".into()),
        },
        _ => Err("usage: spec_stream_to_file [--buffered] [bytes]".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

/// One thread is enough, and its stacks do not blur the measure.
#[tokio::main(flavor = "current_thread")]
async fn run(size: u64, buffered: bool) -> Outcome<()> {
    let server = Server::start()?;
    let folder = Folder::new()?;
    let path = folder.0.join("file");
    println!("{size} bytes from {}, streamed to {}", server.url, path.display());

    let transport = HttpTransport::builder(&server.url).max_body(u64::MAX).build()?;
    transport.connect().await?;
    // Whatever a first request needs is there before the measure begins.
    fetch(&transport, 1, &path, false).await?;
    let before = peak_kib();
    let copied = fetch(&transport, size, &path, buffered).await?;
    let after = peak_kib();
    transport.disconnect().await;

    let written = fs::metadata(&path)?.len();
    if copied != size || written != size {
        return Err(format!("{copied} bytes came and {written} were written, not {size}").into());
    }
    pattern::check(fs::File::open(&path)?, size)?;
    println!("the file has its size and every byte is in its place");
    let (Some(before), Some(after)) = (before, after) else {
        println!("memory is not measured: there is no /proc/self/status here");
        return Ok(());
    };
    let grown = after.saturating_sub(before);
    println!("peak resident memory: {before} KiB before, {after} KiB after: {grown} KiB more");
    if grown > ROOM_KIB {
        return Err(format!("memory grew by more than {ROOM_KIB} KiB").into());
    }
    Ok(())
}

/// Puts `size` bytes into a file, and says how many there were.
async fn fetch(transport: &HttpTransport, size: u64, path: &Path, buffered: bool) -> Outcome<u64> {
    let message = HttpMessage::new().url(format!("/{size}"));
    let mut file = tokio::fs::File::create(path).await?;
    let copied = if buffered {
        transport.send(&message).await?;
        let response = transport.receive::<HttpMessage>().next().await.ok_or("no response")??;
        let Content::Bytes(bytes) = response.body() else { return Err("the body is not bytes".into()) };
        file.write_all(bytes).await?;
        bytes.len() as u64
    } else {
        let mut stream = transport.stream_response(&message).await?;
        tokio::io::copy_buf(&mut stream, &mut file).await?
    };
    file.flush().await?;
    Ok(copied)
}

/// The most memory that was ever resident, where Linux tells.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// This program once more, as a server; it ends when its standard input does.
struct Server {
    url: String,
    process: Child,
}

impl Server {
    fn start() -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut process = command.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut url = String::new();
        let output = process.stdout.take().ok_or("the server has no output")?;
        BufReader::new(output).read_line(&mut url)?;
        Ok(Self { url: url.trim().to_owned(), process })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Outcome<Self> {
        let path = std::env::temp_dir().join(format!("pynector-stream-{}", std::process::id()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
