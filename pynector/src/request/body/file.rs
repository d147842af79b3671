//! Files as bodies: read by position, so that each attempt reads the same bytes of the same file (BOD-1).

use std::fs::File;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::Stream;
use tokio::task::{JoinHandle, spawn_blocking};

use super::Body;

/// So much is read at once.
const PIECE: usize = 128 << 10;

/// The file at `path` from its beginning.
pub(super) async fn at_path(path: &Path) -> io::Result<Body> {
    let own = path.to_owned();
    let opened = spawn_blocking(move || -> io::Result<File> {
        let file = File::open(&own)?;
        // A directory opens too, and fails only when it is read.
        if file.metadata()?.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(file) }
    });
    let opened = opened.await.map_err(io::Error::other)?;
    let file = opened
        .map_err(|error| io::Error::new(error.kind(), format!("the file {}: {error}", path.display())))?;
    Ok(of_std(file))
}

/// An open file from where it stands.
pub(super) fn of_std(mut file: File) -> Body {
    match extent(&mut file) {
        Some((start, length)) => {
            let file = Arc::new(file);
            Body::from_fn(move || Reading::of(&file, start, length)).length(length)
        }
        None => Body::reader(tokio::fs::File::from_std(file)),
    }
}

/// The same of tokio's.
pub(super) fn of_tokio(file: tokio::fs::File) -> Body {
    match file.try_into_std() {
        Ok(file) => of_std(file),
        // Somebody is reading it still, so nobody knows where it stands.
        Err(file) => Body::reader(file),
    }
}

/// Where a regular file stands, and how much of it is left; others, such as pipes and what `/proc` holds, say nothing of
/// their length and are read once.
fn extent(file: &mut File) -> Option<(u64, u64)> {
    let size = file.metadata().ok().filter(|known| known.is_file() && known.len() > 0)?.len();
    let start = io::Seek::stream_position(file).ok()?;
    Some((start, size.saturating_sub(start)))
}

/// One reading of a file, which moves no cursor that others share.
struct Reading {
    file: Arc<File>,
    at: u64,
    left: u64,
    /// The piece that is being read.
    next: Option<JoinHandle<io::Result<Vec<u8>>>>,
}

impl Reading {
    fn of(file: &Arc<File>, at: u64, left: u64) -> Self {
        Self { file: Arc::clone(file), at, left, next: None }
    }
}

impl Stream for Reading {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { file, at, left, next } = &mut *self;
        if *left == 0 {
            return Poll::Ready(None);
        }
        let reading = next.get_or_insert_with(|| {
            let (file, at) = (Arc::clone(file), *at);
            let size = usize::try_from(*left).unwrap_or(PIECE).min(PIECE);
            spawn_blocking(move || {
                let mut piece = vec![0; size];
                let read = uninterrupted(|| read_at(&file, &mut piece, at))?;
                piece.truncate(read);
                Ok(piece)
            })
        });
        let read = ready!(Pin::new(reading).poll(cx));
        *next = None;
        let piece = read.map_err(io::Error::other)??;
        let read = piece.len() as u64;
        (*at, *left) = (*at + read, left.saturating_sub(read));
        // A file that has become shorter ends here; whoever announced its length says so.
        Poll::Ready((read > 0).then(|| Ok(piece.into())))
    }
}

/// A signal that comes while the system reads is no failure of the file.
fn uninterrupted(mut read: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match read() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, at)
}

#[cfg(windows)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, at)
}

/// Elsewhere there is one cursor for all; whoever reads a file twice at once there is told by the wrong length or content.
#[cfg(not(any(unix, windows)))]
fn read_at(mut file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    use std::io::{Read as _, Seek as _};
    file.seek(io::SeekFrom::Start(at))?;
    file.read(into)
}
