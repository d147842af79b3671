//! Downloads a file with a progress bar, over a connection that may break, and goes on after Ctrl-C.
//!
//! ```text
//! cargo run --example download                            against a server of its own, which cuts the connection once;
//!                                                         then a run that is stopped, and one that goes on with it
//! cargo run --example download -- URL [-o PATH] [--sha256 HEX]
//! ```
//!
//! Stopped by Ctrl-C, it keeps what came in `PATH.part`; the same command goes on there. Exit code 0 if the file is here and
//! is the right one, 1 if not, 130 after Ctrl-C.
#![expect(clippy::disallowed_methods, reason = "an example has a clock of its own")]

mod server;
mod show;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use pynector::url::Url;
use pynector::{ByteStream, Checksum, Download, Result, RetryPolicy};

use self::server::Server;
use self::show::{Show, size};

type Outcome<T> = std::result::Result<T, Box<dyn Error>>;

#[pynector::api]
trait Web {
    #[get]
    async fn file(&self, #[url] url: &str) -> Result<ByteStream>;
}

/// What the command line says.
struct Asked {
    url: String,
    path: PathBuf,
    checksum: Option<Checksum>,
}

fn main() -> ExitCode {
    let outcome = match parse(std::env::args().skip(1)) {
        Ok(asked) => run(asked),
        Err(error) => Err(error),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("FAILED: {error}");
        ExitCode::FAILURE
    })
}

#[tokio::main]
async fn run(asked: Option<Asked>) -> Outcome<ExitCode> {
    let Some(asked) = asked else { return demonstrate().await };
    let web = client(&asked.url)?;
    let download = to(&asked.path, asked.checksum);
    let part = download.part().to_owned();
    tokio::select! {
        saved = download.get(async |options| web.with_options(options).file(&asked.url).await) => {
            println!("{} has {}", asked.path.display(), size(saved?));
            Ok(ExitCode::SUCCESS)
        }
        _ = tokio::signal::ctrl_c() => {
            match fs::metadata(&part) {
                Ok(here) => eprintln!(
                    "\nStopped. {} are in {}; the same command goes on there.",
                    size(here.len()),
                    part.display()
                ),
                Err(_) => eprintln!("\nStopped. There is nothing to go on with."),
            }
            Ok(ExitCode::from(130))
        }
    }
}

/// A client for the origin of `url`.
fn client(url: &str) -> Outcome<WebClient> {
    let origin = Url::parse(url)?.origin().ascii_serialization();
    let retry = RetryPolicy::new().initial_backoff(Duration::from_millis(250)).max_retries(5);
    Ok(WebClient::builder().base_url(origin).retry(retry).build()?)
}

/// A download into `path` that shows how far it is.
fn to(path: &Path, checksum: Option<Checksum>) -> Download {
    let mut show = Show::new(path);
    let download = Download::to(path).progress(move |progress| show.tell(&progress));
    if let Ok(part) = fs::metadata(download.part()) {
        println!("{} are here from before", size(part.len()));
    }
    match checksum {
        Some(checksum) => download.checksum(checksum),
        None => download,
    }
}

/// Both ways to lose a connection, and the right file at the end of each.
async fn demonstrate() -> Outcome<ExitCode> {
    let server = Server::start().await?;
    let url = server.url.as_str();
    let folder = Folder::new()?;
    let web = client(url)?;
    let call = async |options| web.with_options(options).file(url).await;

    println!("A server that cuts the connection in the middle:");
    let cut = folder.0.join("cut.bin");
    to(&cut, Some(Checksum::announced())).get(call).await?;
    let asked = server.check(&cut)?;
    if asked != [0, server::CUT] {
        return Err(format!("the file was asked for from {asked:?} on").into());
    }

    println!("A run that is stopped in the middle, as by Ctrl-C:");
    let stopped = folder.0.join("stopped.bin");
    let download = to(&stopped, None);
    let part = download.part().to_owned();
    tokio::select! {
        _ = download.get(call) => return Err("the run was not stopped in time".into()),
        () = until_half(&part) => {}
    }
    println!("Stopped. The same once more:");
    to(&stopped, Some(Checksum::announced())).get(call).await?;
    let asked = server.check(&stopped)?;
    if !matches!(asked[..], [0, from] if from >= server::SIZE / 3 - 1) {
        return Err(format!("the file was asked for from {asked:?} on").into());
    }
    println!("Both files are right, and nothing came twice.");
    Ok(ExitCode::SUCCESS)
}

/// Waits until a good part of the file is here.
async fn until_half(part: &Path) {
    while fs::metadata(part).map_or(0, |part| part.len()) < server::SIZE as u64 / 3 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Outcome<Option<Asked>> {
    const USAGE: &str = "usage: download [URL [-o PATH] [--sha256 HEX]]";
    let (mut url, mut path, mut checksum) = (None, None, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-o" => path = Some(PathBuf::from(arguments.next().ok_or(USAGE)?)),
            "--sha256" => checksum = Some(Checksum::sha256(arguments.next().ok_or(USAGE)?)),
            _ if url.is_none() && !argument.starts_with('-') => url = Some(argument),
            _ => return Err(USAGE.into()),
        }
    }
    let Some(url) = url else {
        return if path.is_none() && checksum.is_none() { Ok(None) } else { Err(USAGE.into()) };
    };
    let parsed = Url::parse(&url)?;
    let last = parsed.path_segments().and_then(|mut segments| segments.next_back());
    let name = last.filter(|name| !name.is_empty()).unwrap_or("index.html");
    let path = path.unwrap_or_else(|| PathBuf::from(name));
    Ok(Some(Asked { url, path, checksum }))
}

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Outcome<Self> {
        let path = std::env::temp_dir().join(format!("pynector-download-{}", std::process::id()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
