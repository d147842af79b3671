//! A stream into a file: all of it, or nothing.

use std::fmt;
use std::future::IntoFuture;
use std::path::PathBuf;

use super::ByteStream;
#[cfg(feature = "checksum")]
use super::checksum::Checksum;
use super::checksum::Verify;
use super::output::{Output, blocking, done, pump};
use crate::backend::BoxFuture;
use crate::error::Result;

/// A stream that is to be saved to a file, by [`ByteStream::save_to`]; it starts when it is awaited.
#[must_use = "nothing is saved before it is awaited"]
pub struct Save {
    stream: ByteStream,
    path: PathBuf,
    sync: bool,
    verify: Verify,
}

impl ByteStream {
    /// Saves what is left of the body to a file, and gives its size in bytes.
    ///
    /// All of it or nothing: it is written to a new file in the same folder, which takes the place of `path` when it is
    /// whole. Until then an older file stands there as it was. If anything fails, or the future is dropped, the new file is
    /// removed. A symbolic link at `path` is replaced, not followed, and the file has the permissions of a new one.
    ///
    /// Before it takes its place the file is synchronised with the disk, so that a power cut leaves the old one or the whole
    /// new one; [`sync`](Save::sync) switches that off. It needs the tokio runtime, whose threads for blocking work write the
    /// file; at most a few MiB wait for them.
    ///
    /// ```no_run
    /// # use pynector::{ByteStream, Result};
    /// # #[pynector::api(base_url = "https://api.example.com")]
    /// # trait Backups {
    /// #     #[get("/backups/{id}")]
    /// #     async fn backup(&self, id: u64) -> Result<ByteStream>;
    /// # }
    /// # async fn run() -> Result<()> {
    /// let bytes = BackupsClient::new()?.backup(7).await?.resumable().save_to("backup.tar").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// What is to be continued by a later run of the program is a [`Download`](crate::Download).
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next), and kind [`File`](crate::ErrorKind::File) with the cause if the file cannot be written.
    pub fn save_to(self, path: impl Into<PathBuf>) -> Save {
        Save { stream: self, path: path.into(), sync: true, verify: Verify::default() }
    }
}

impl Save {
    /// Whether the file is on the disk, rather than on its way there, when it takes its place. Default true.
    pub fn sync(mut self, sync: bool) -> Self {
        self.sync = sync;
        self
    }

    /// Verifies the file before it takes its place; one of another checksum is an error of kind
    /// [`Checksum`](crate::ErrorKind::Checksum), and there is no file then. Feature `checksum`.
    ///
    /// A second one is verified too.
    #[cfg(feature = "checksum")]
    pub fn checksum(mut self, checksum: Checksum) -> Self {
        self.verify.add(checksum);
        self
    }

    async fn run(self) -> Result<u64> {
        let Self { mut stream, path, sync, verify } = self;
        let check = verify.begin(&mut stream, false)?;
        let (target, hasher) = (path.clone(), check.hasher());
        let opened = done(blocking(move || Output::beside(&target, hasher))).await;
        let output = opened.map_err(|error| stream.file_error("no file can be made beside", &path, error))?;
        let (mut output, end) = match pump(&mut stream, output).await {
            Ok(written) => written,
            Err(error) => return Err(stream.file_error("what comes cannot be written beside", &path, error)),
        };
        // The file is there until `output` is dropped, on this thread.
        end?;
        let size = output.size;
        check.settle(&stream, output.hasher.take())?;
        let target = path.clone();
        let placed = done(blocking(move || output.finish(&target, sync))).await;
        placed.map_err(|error| stream.file_error("the file cannot be put in its place", &path, error))?;
        Ok(size)
    }
}

impl IntoFuture for Save {
    type Output = Result<u64>;
    type IntoFuture = BoxFuture<'static, Result<u64>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Save {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Save").field("path", &self.path).field("sync", &self.sync).finish_non_exhaustive()
    }
}
