//! A download that a later run of the program goes on with.

use std::fmt;
use std::path::{Path, PathBuf};

use http::{Method, StatusCode};

#[cfg(feature = "checksum")]
use super::checksum::Checksum;
use super::checksum::Verify;
use super::output::{Output, blocking, check, done, pump};
use super::part::{Left, Part, fingerprint};
use super::range::{ContentRange, Known, Mismatch};
use super::resume::Resume;
use super::told::{Callback, Told};
use super::{ByteStream, State};
use crate::error::{Error, ErrorKind, Result};
use crate::options::CallOptions;
use crate::progress::Progress;

/// A download into a file that may take more than one run of the program.
///
/// What came is kept beside the file, in `<file>.part`, with a note of what it is a part of in `<file>.part.json`. When the
/// program is stopped, or the body breaks for good, they stay; the next run asks for the rest alone (by `Range` and
/// `If-Range`, RFC 9110 §14) and goes on, if the file at the server is still the same. At the end the part takes the place of
/// the file. Within a run, the body is [resumable](ByteStream::resumable).
///
/// The request is any call that gives a [`ByteStream`], made with the options that it is given:
///
/// ```no_run
/// use pynector::{ByteStream, Download, Result};
///
/// #[pynector::api(base_url = "https://example.com")]
/// trait Images {
///     #[get("/images/{name}")]
///     async fn image(&self, name: &str) -> Result<ByteStream>;
/// }
///
/// # async fn run() -> Result<()> {
/// let images = ImagesClient::new()?;
/// let bytes = Download::to("disk.iso")
///     .progress(|progress| println!("{} of {:?} bytes", progress.bytes(), progress.total()))
///     .get(async |options| images.with_options(options).image("disk.iso").await)
///     .await?;
/// println!("disk.iso has {bytes} bytes");
/// # Ok(())
/// # }
/// ```
///
/// It can be continued if the answer to a `GET` has a strong `etag`, or a `last-modified` that is a second older than its
/// `date`; the options ask for no content coding. Anything else starts over, and leaves no part behind. One download at a time
/// may write to a file: nothing keeps two from writing to the same part.
#[must_use = "nothing is downloaded before `get`"]
pub struct Download {
    path: PathBuf,
    part: Part,
    sync: bool,
    keep_what_changed: bool,
    verify: Verify,
    told: Option<Callback>,
}

/// What is to be made of an answer.
enum Turn {
    /// The file from its beginning.
    Begin,
    /// What is behind the part.
    GoOn,
    /// The answer is of no use.
    AskAgain,
}

impl Download {
    /// Into the file at `path`, which stays as it was until everything is here.
    pub fn to(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let part = Part::of(&path);
        Self { path, part, sync: true, keep_what_changed: false, verify: Verify::default(), told: None }
    }

    /// The file that holds what came, until everything did.
    pub fn part(&self) -> &Path {
        &self.part.file
    }

    /// Whether the file is on the disk, rather than on its way there, when it takes its place. Default true.
    pub fn sync(mut self, sync: bool) -> Self {
        self.sync = sync;
        self
    }

    /// Makes an error of kind [`Changed`](ErrorKind::Changed) of a file that changed at the server since an earlier run, and
    /// keeps the part; else it starts over.
    pub fn fail_if_changed(mut self) -> Self {
        self.keep_what_changed = true;
        self
    }

    /// Verifies the whole file before it takes its place, as [`Save::checksum`](crate::Save::checksum) does; a part of another one
    /// is removed. Feature `checksum`.
    #[cfg(feature = "checksum")]
    pub fn checksum(mut self, checksum: Checksum) -> Self {
        self.verify.add(checksum);
        self
    }

    /// Tells `callback` how far the file has come, what earlier runs brought included; see [`ByteStream::progress`].
    pub fn progress(mut self, callback: impl FnMut(Progress) + Send + 'static) -> Self {
        self.told = Some(Box::new(callback));
        self
    }

    /// Downloads by `call`, which makes the request with the options that it is given, and gives the size of the file in bytes.
    ///
    /// `call` is made once more, with other options, where its first answer was of no use. Dropping the future keeps the
    /// part.
    ///
    /// # Errors
    ///
    /// Those of `call` and of [`ByteStream::save_to`]; [`Changed`](ErrorKind::Changed) if the file changes while it comes, or
    /// after [`fail_if_changed`](Self::fail_if_changed) since an earlier run.
    pub async fn get<F>(self, call: impl Fn(CallOptions) -> F) -> Result<u64>
    where
        F: Future<Output = Result<ByteStream>>,
    {
        let left = look(self.path.clone(), self.part.clone()).await?;
        let asked = call(options(left.as_ref())).await;
        let (stream, left) = match self.turn(asked, left.as_ref())? {
            (Turn::GoOn, Some(stream)) => (stream, left),
            (Turn::Begin, Some(stream)) => (stream, None),
            _ => (call(options(None)).await?, None),
        };
        if left.is_none() && !stream.is_from_end_to_end() {
            let why = "the server answers by a part of the file, which nobody asked for";
            return Err(Error::new(ErrorKind::Interrupted, why).with_call(stream.call()));
        }
        Box::pin(self.run(stream, left)).await
    }

    /// Looks at the first answer, to a request for the rest where something is left.
    fn turn(&self, asked: Result<ByteStream>, left: Option<&Left>) -> Result<(Turn, Option<ByteStream>)> {
        let Some(left) = left else { return Ok((Turn::Begin, Some(asked?))) };
        let gone = ErrorKind::Status(StatusCode::RANGE_NOT_SATISFIABLE.as_u16());
        let mut stream = match asked {
            Ok(stream) => stream,
            Err(error) if error.kind() == gone && self.keep_what_changed => {
                return Err(self.changed("it has no such bytes any more").with_source(error));
            }
            Err(error) if error.kind() == gone => return Ok((Turn::AskAgain, None)),
            Err(error) => return Err(error),
        };
        let whole = stream.status() != StatusCode::PARTIAL_CONTENT;
        let why = match stream.continue_from(left) {
            Ok(()) if whole => None,
            Ok(()) => return Ok((Turn::GoOn, Some(stream))),
            Err(Mismatch::Changed(why)) => Some(why),
            Err(Mismatch::Wrong(_)) => None,
        };
        match why {
            Some(why) if self.keep_what_changed => Err(self.changed(why).with_call(stream.call())),
            // A whole file is one, whatever was asked for.
            _ if whole => Ok((Turn::Begin, Some(stream))),
            _ => Ok((Turn::AskAgain, None)),
        }
    }

    fn changed(&self, why: &str) -> Error {
        let part = self.part.file.display().to_string();
        Error::new(ErrorKind::Changed, format!("what {part:?} is a part of changed at the server: {why}"))
    }

    async fn run(self, mut stream: ByteStream, left: Option<Left>) -> Result<u64> {
        let Self { path, part, sync, verify, told, .. } = self;
        let begun = left.as_ref().map_or(0, |left| left.size);
        let check = verify.begin(&mut stream, left.is_some())?;
        let (place, hasher) = (part.clone(), check.hasher());
        let opened = if let Some(left) = left {
            blocking(move || place.go_on(left.size, hasher))
        } else {
            stream = stream.resumable();
            let of = stream.known();
            blocking(move || place.begin(of.as_ref().map(|(known, request)| (known, *request)), hasher))
        };
        let output: Output = done(opened)
            .await
            .map_err(|error| stream.file_error("the part cannot be opened of", &path, error))?;
        let total = stream.length.map(|length| length.saturating_add(begun));
        stream.told = told.map(|told| Box::new(Told::new(told, begun, total)));
        let (mut output, end) = match pump(&mut stream, output).await {
            Ok(written) => written,
            Err(error) => {
                return Err(stream.file_error("what comes cannot be written to the part of", &path, error));
            }
        };
        end?;
        let size = output.size;
        if let Err(error) = check.settle(&stream, output.hasher.take()) {
            output.give_up();
            // Nobody goes on with it: without its part the note says nothing.
            let _ = done(blocking(move || part.forget())).await;
            return Err(error);
        }
        let target = path.clone();
        let placed = done(blocking(move || output.finish(&target, sync).and_then(|()| part.forget()))).await;
        placed.map_err(|error| stream.file_error("the file cannot be put in its place", &path, error))?;
        Ok(size)
    }
}

/// Looks at what an earlier run has left, and whether there can be a file at all.
async fn look(path: PathBuf, part: Part) -> Result<Option<Left>> {
    let message = format!("no file can be made at {:?}", path.display().to_string());
    let left = done(blocking(move || check(&path).and_then(|()| part.left()))).await;
    left.map_err(|error| Error::new(ErrorKind::File, format!("{message}: {error}")).with_source(error))
}

/// What asks for the rest. A byte that is here is asked for again: the answer to nothing could not be held against what is here.
fn options(left: Option<&Left>) -> CallOptions {
    let mut options = CallOptions::new().header("accept-encoding", "identity");
    if let Some(left) = left {
        for (name, value) in left.known.ask(left.size - 1, None) {
            options.0.headers.set(name, value);
        }
    }
    options
}

impl ByteStream {
    /// Whether the answer is more than a part, or one of everything.
    fn is_from_end_to_end(&self) -> bool {
        let is_all = |range: ContentRange| range.first == 0 && range.total == Some(range.last + 1);
        self.head.status != StatusCode::PARTIAL_CONTENT
            || ContentRange::of(&self.head.headers).is_some_and(is_all)
    }

    /// Makes the stream go on behind what is left of an earlier run.
    fn continue_from(&mut self, left: &Left) -> std::result::Result<(), Mismatch> {
        let State::Reading(source) = &mut self.state else {
            return Err(Mismatch::Wrong("the answer has no body"));
        };
        let Some(fetch) = self.further.as_ref().filter(|fetch| fetch.method() == Method::GET) else {
            return Err(Mismatch::Wrong("nobody can be asked for the rest"));
        };
        if fingerprint(&fetch.uri().to_string()) != left.request {
            return Err(Mismatch::Changed("its URL is another one"));
        }
        let head = &self.head;
        let continued = left.known.continued(left.size, head.status, &head.headers, source.announced)?;
        // A whole one is read from its beginning.
        if head.status == StatusCode::PARTIAL_CONTENT {
            self.length = continued.total.map(|total| total.saturating_sub(left.size));
            source.resume = Some(Resume::behind(fetch, left.known.clone(), left.size, continued));
        }
        Ok(())
    }

    /// What a later run has to know to go on with the body, and the number of its request.
    fn known(&self) -> Option<(Known, u64)> {
        let State::Reading(source) = &self.state else { return None };
        let fetch = self.further.as_ref().filter(|_| source.decoder.is_identity())?;
        let resume = source.resume.as_ref().filter(|_| self.head.status == StatusCode::OK)?;
        Some((resume.known().clone(), fingerprint(&fetch.uri().to_string())))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").field("path", &self.path).field("sync", &self.sync).finish_non_exhaustive()
    }
}
