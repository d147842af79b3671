//! The part of a file that an earlier run has left, and the note beside it that says what it is a part of.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use uuid::Uuid;

use super::checksum::Hasher;
use super::output::Output;
use super::range::{Known, Validator};

/// A note is not longer.
const NOTE: u64 = 1 << 16;

/// Where a download is until it is whole.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) file: PathBuf,
    note: PathBuf,
}

/// What an earlier run has left.
#[derive(Debug)]
pub(super) struct Left {
    pub(super) size: u64,
    pub(super) known: Known,
    /// Which request it is an answer to.
    pub(super) request: u64,
}

impl Part {
    /// That of the file at `target`.
    pub(super) fn of(target: &Path) -> Self {
        let beside = |end: &str| {
            let mut name = target.file_name().unwrap_or(OsStr::new("download")).to_owned();
            name.push(end);
            target.with_file_name(name)
        };
        Self { file: beside(".part"), note: beside(".part.json") }
    }

    /// What is there; a part without a note is of nobody knows what.
    pub(super) fn left(&self) -> io::Result<Option<Left>> {
        let size = match fs::metadata(&self.file) {
            Ok(file) => file.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut text = Vec::new();
        match File::open(&self.note) {
            Ok(note) => note.take(NOTE).read_to_end(&mut text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let left = read(&text).map(|(known, request)| Left { size, known, request });
        let fits = |left: &Left| left.size > 0 && left.known.total.is_none_or(|total| left.size <= total);
        Ok(left.filter(fits))
    }

    /// Starts over: an empty file, and the note of what it will be a part of, if that can be continued.
    pub(super) fn begin(&self, of: Option<(&Known, u64)>, hasher: Option<Box<Hasher>>) -> io::Result<Output> {
        // The old note must not be found beside the new bytes.
        self.forget()?;
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(&self.file)?;
        let mut output = Output::kept(self.file.clone(), file, hasher, 0);
        match of {
            Some((known, request)) => {
                let name = format!(".pynector-{}.tmp", Uuid::new_v4().simple());
                let draft = self.note.with_file_name(name);
                let written = fs::write(&draft, write(known, request));
                written.and_then(|()| fs::rename(&draft, &self.note)).inspect_err(|_| {
                    let _ = fs::remove_file(&draft);
                    output.give_up();
                })?;
            }
            None => output.give_up(),
        }
        Ok(output)
    }

    /// Goes on behind the `size` bytes that are there, all of which the hasher sees.
    pub(super) fn go_on(&self, size: u64, mut hasher: Option<Box<Hasher>>) -> io::Result<Output> {
        let mut file = OpenOptions::new().read(true).write(true).open(&self.file)?;
        if let Some(hasher) = &mut hasher {
            let mut chunk = vec![0; 1 << 16];
            let mut seen = (&mut file).take(size);
            loop {
                let read = seen.read(&mut chunk)?;
                match chunk.get(..read) {
                    Some(bytes) if !bytes.is_empty() => hasher.update(bytes),
                    _ => break,
                }
            }
        }
        file.seek(SeekFrom::Start(size))?;
        Ok(Output::kept(self.file.clone(), file, hasher, size))
    }

    /// Removes the note.
    pub(super) fn forget(&self) -> io::Result<()> {
        match fs::remove_file(&self.note) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn write(known: &Known, request: u64) -> Vec<u8> {
    let validator = String::from_utf8_lossy(known.validator.value().as_bytes());
    let note = json!({ "if_range": validator, "total": known.total, "request": format!("{request:016x}") });
    note.to_string().into_bytes()
}

fn read(text: &[u8]) -> Option<(Known, u64)> {
    let note: Value = serde_json::from_slice(text).ok()?;
    let validator = Validator::parse(note.get("if_range")?.as_str()?)?;
    let total = note.get("total").and_then(Value::as_u64);
    let request = u64::from_str_radix(note.get("request")?.as_str()?, 16).ok()?;
    Some((Known { validator, total, coding: Vec::new() }, request))
}

/// A number for a request that is the same in the next run: FNV-1a of its URL, which may hold secrets and is not kept.
pub(super) fn fingerprint(url: &str) -> u64 {
    url.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use http::{HeaderMap, HeaderValue};

    use super::{Known, Part, fingerprint, read, write};

    fn known(tag: &'static [u8], total: Option<u64>) -> Known {
        let mut headers = HeaderMap::new();
        headers.insert("etag", HeaderValue::from_bytes(tag).unwrap());
        Known::of(&headers, total).unwrap()
    }

    #[test]
    fn a_note_that_is_written_is_read() {
        for (tag, total) in
            [(&b"\"a\""[..], Some(7)), (b"\"\\\"", None), ("\"ä\"".as_bytes(), Some(u64::MAX))]
        {
            let known = known(tag, total);
            let (same, request) = read(&write(&known, 0x00ab)).unwrap();
            assert_eq!((same.validator, same.total, request), (known.validator, total, 0x00ab));
        }
        for bad in [
            "",
            "{}",
            "[]",
            "{\"if_range\":\"W/\\\"a\\\"\",\"request\":\"1\"}",
            "{\"if_range\":\"\\\"a\\\"\"}",
        ] {
            assert!(read(bad.as_bytes()).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_part_stands_beside_its_file() {
        let part = Part::of(Path::new("/folder/disk.iso"));
        assert_eq!(part.file, Path::new("/folder/disk.iso.part"));
        assert_eq!(part.note, Path::new("/folder/disk.iso.part.json"));
    }

    #[test]
    fn the_number_of_a_request_is_the_published_one() {
        assert_eq!((fingerprint(""), fingerprint("a")), (0xcbf2_9ce4_8422_2325, 0xaf63_dc4c_8601_ec8c));
    }
}
