//! A file while it is written: by threads that may block, and gone if nobody finishes it.

use std::fs::{self, File, OpenOptions};
use std::future::{Future as _, poll_fn};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::Poll;

use bytes::Bytes;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::ByteStream;
use super::checksum::Hasher;
use crate::error::{CallContext, Error, ErrorKind, Result};
use crate::request::base::redacted;

/// So much may wait to be written, in bytes, before no more is taken from the stream.
const ROOM: usize = 1 << 20;

/// A file that is being written. It goes from thread to thread with each piece of work, so that whoever has it when the
/// caller is gone cleans up.
#[derive(Debug)]
pub(super) struct Output {
    /// `None` once it is closed.
    file: Option<File>,
    path: PathBuf,
    /// Whether it stays when nobody finishes it.
    kept: bool,
    pub(super) hasher: Option<Box<Hasher>>,
    /// How many bytes are in it.
    pub(super) size: u64,
}

impl Output {
    /// A new file in the folder of `target`, of a name that nobody knows.
    pub(super) fn beside(target: &Path, hasher: Option<Box<Hasher>>) -> io::Result<Self> {
        check(target)?;
        let name = format!(".pynector-{}.tmp", Uuid::new_v4().simple());
        let path = target.with_file_name(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        Ok(Self { file: Some(file), path, kept: false, hasher, size: 0 })
    }

    /// The file at `path`, to be written from `size` on, which stays.
    pub(super) fn kept(path: PathBuf, file: File, hasher: Option<Box<Hasher>>, size: u64) -> Self {
        Self { file: Some(file), path, kept: true, hasher, size }
    }

    /// From now on it does not stay.
    pub(super) fn give_up(&mut self) {
        self.kept = false;
    }

    fn write(mut self, pieces: Vec<Bytes>) -> io::Result<Self> {
        for piece in pieces {
            if let Some(file) = &mut self.file {
                file.write_all(&piece)?;
            }
            if let Some(hasher) = &mut self.hasher {
                hasher.update(&piece);
            }
            self.size += piece.len() as u64;
        }
        Ok(self)
    }

    /// Puts the file in the place of `target`.
    pub(super) fn finish(mut self, target: &Path, sync: bool) -> io::Result<()> {
        if let Some(file) = self.file.take().filter(|_| sync) {
            file.sync_all()?;
        }
        fs::rename(&self.path, target)?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // Some systems do not remove a file that is open.
        self.file = None;
        if !self.kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether `target` can be a file: better known before a body came than behind it.
pub(super) fn check(target: &Path) -> io::Result<()> {
    if target.file_name().is_none() || target.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    Ok(())
}

/// Does work that may block on a thread for such work. It is done to its end when the caller is gone.
pub(super) fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> JoinHandle<io::Result<T>> {
    tokio::task::spawn_blocking(work)
}

/// What came of it.
pub(super) async fn done<T>(work: JoinHandle<io::Result<T>>) -> io::Result<T> {
    work.await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

/// Who has the file.
enum Hand {
    Here(Output),
    Away(JoinHandle<io::Result<Output>>),
}

enum Next {
    Written(io::Result<Output>),
    Piece(Option<Result<Bytes>>),
}

/// Writes all of `stream` into `output`, and what came before an error too.
pub(super) async fn pump(stream: &mut ByteStream, output: Output) -> io::Result<(Output, Result<()>)> {
    let (mut pieces, mut waiting) = (Vec::new(), 0);
    let mut end = None;
    let mut hand = Hand::Here(output);
    loop {
        hand = match hand {
            Hand::Here(output) if !pieces.is_empty() => {
                waiting = 0;
                let pieces = std::mem::take(&mut pieces);
                Hand::Away(blocking(move || output.write(pieces)))
            }
            Hand::Here(output) => match end {
                Some(end) => return Ok((output, end)),
                None => Hand::Here(output),
            },
            away @ Hand::Away(_) => away,
        };
        let is_open = end.is_none() && waiting < ROOM;
        let next = poll_fn(|cx| {
            if let Hand::Away(task) = &mut hand
                && let Poll::Ready(done) = Pin::new(task).poll(cx)
            {
                return Poll::Ready(Next::Written(done.unwrap_or_else(|error| Err(io::Error::other(error)))));
            }
            if is_open { stream.poll_piece(cx).map(Next::Piece) } else { Poll::Pending }
        });
        match next.await {
            Next::Written(output) => hand = Hand::Here(output?),
            Next::Piece(Some(Ok(piece))) => {
                waiting += piece.len();
                pieces.push(piece);
            }
            Next::Piece(Some(Err(error))) => end = Some(Err(error)),
            Next::Piece(None) => end = Some(Ok(())),
        }
    }
}

impl ByteStream {
    /// What went wrong with a file of ours.
    pub(super) fn file_error(&self, what: &str, path: &Path, error: io::Error) -> Error {
        let message = format!("{what} {:?}: {error}", path.display().to_string());
        Error::new(ErrorKind::File, message).with_source(error).with_call(self.call())
    }

    /// Which call it belongs to.
    pub(super) fn call(&self) -> CallContext {
        let url = Some(redacted(&self.head.url.to_string()));
        let further = self.further.as_ref();
        CallContext {
            operation: further.map(|further| further.operation().name()),
            method: further.map(|further| further.method().clone()),
            url,
        }
    }
}
