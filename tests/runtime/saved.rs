//! Bodies saved to files: whole or not at all, and with the checksum that they should have.

use std::io::Write as _;
use std::time::Duration;

use pynector::backend::Step;
use pynector::{Checksum, CircuitState, ErrorKind};
use tokio::io::AsyncReadExt as _;

use crate::downloads::{Files as _, TAG, files};

#[tokio::test(start_paused = true)]
async fn a_body_is_saved_whole_or_not_at_all() {
    let folder = Folder::new();
    let path = folder.path("file");
    let broken = || Step::status(200).body("0123").broken();
    let (files, _) =
        files([Step::status(200).body("0123").body("456789"), broken(), Step::status(200).body("x")]);
    assert_eq!(files.file().await.unwrap().save_to(&path).await.unwrap(), 10);
    assert_eq!(std::fs::read(&path).unwrap(), b"0123456789");
    let error = files.file().await.unwrap().save_to(&path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(std::fs::read(&path).unwrap(), b"0123456789", "the old file is untouched");
    assert_eq!(folder.names(), ["file"]);
    assert_eq!(files.file().await.unwrap().save_to(&path).sync(false).await.unwrap(), 1);
    assert_eq!((std::fs::read(&path).unwrap(), folder.names()), (b"x".to_vec(), vec!["file".to_owned()]));
}

#[tokio::test]
async fn a_callback_that_panics_leaves_nothing_behind() {
    let folder = Folder::new();
    let path = folder.path("file");
    std::fs::write(&path, "old").unwrap();
    let (files, _) = files((0..2).map(|_| Step::status(200).body("0123").body("456789")));
    let stream =
        files.file().await.unwrap().progress(|progress| assert!(progress.bytes() < 10, "the callback"));
    let saving = tokio::spawn(async move { stream.save_to(path).await });
    assert!(saving.await.unwrap_err().is_panic());
    folder.only(&["file"]).await;
    assert_eq!(std::fs::read(folder.path("file")).unwrap(), b"old");
    assert_eq!(files.file().await.unwrap().save_to(folder.path("file")).await.unwrap(), 10);
}

#[tokio::test(start_paused = true)]
async fn what_was_read_before_is_not_saved_again() {
    let folder = Folder::new();
    let (files, _) = files([Step::status(200).body("0123").body("456789")]);
    let mut stream = files.file().await.unwrap();
    let mut two = [0; 2];
    stream.read_exact(&mut two).await.unwrap();
    assert_eq!(stream.save_to(folder.path("rest")).await.unwrap(), 8);
    assert_eq!(std::fs::read(folder.path("rest")).unwrap(), b"23456789");
}

#[tokio::test(start_paused = true)]
async fn a_file_that_cannot_be_written_is_an_error_of_its_own() {
    let folder = Folder::new();
    let (files, _) = files((0..9).map(|_| Step::status(200).body("0123").body("456789")));
    std::fs::create_dir(folder.path("taken")).unwrap();
    for (path, word) in [
        (folder.path("taken"), "it is a folder"),
        (folder.path("missing/file"), "no file can be made beside"),
        ("..".into(), "it is a folder"),
        ("".into(), "it is a folder"),
    ] {
        let error = files.file().await.unwrap().save_to(&path).await.unwrap_err();
        let line = error.to_string();
        assert_eq!(error.kind(), ErrorKind::File, "{path:?}");
        assert!(line.starts_with("Files::file: GET http://h/file: no file") && line.contains(word), "{line}");
        assert!(std::error::Error::source(&error).unwrap().is::<std::io::Error>());
        assert!(!error.is_connection() && !error.is_retryable());
    }
    assert_eq!(folder.names(), ["taken"]);
    assert_eq!(files.transport().circuit().state(), CircuitState::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_checksum_is_verified_before_the_file_is_there() {
    let folder = Folder::new();
    let path = folder.path("file");
    let (files, script) = files((0..9).map(|_| Step::status(200).body("0123").body("456789")));
    let sha256 = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882";
    let wrong = sha256.replace('8', "9");
    let save = async |checksum| files.file().await.unwrap().save_to(&path).checksum(checksum).await;
    assert_eq!(save(Checksum::sha256(sha256.to_uppercase())).await.unwrap(), 10);
    std::fs::write(&path, "old").unwrap();
    for (checksum, kind) in [
        (Checksum::sha256(wrong), ErrorKind::Checksum),
        (Checksum::sha512("0".repeat(128)), ErrorKind::Checksum),
        (Checksum::announced(), ErrorKind::Checksum),
        (Checksum::sha256("84d8"), ErrorKind::Request),
    ] {
        let error = save(checksum).await.unwrap_err();
        assert_eq!(
            (error.kind(), std::fs::read_to_string(&path).unwrap()),
            (kind, "old".to_owned()),
            "{error}"
        );
    }
    assert_eq!((folder.names(), script.requests().len()), (vec!["file".to_owned()], 5));
}

#[tokio::test(start_paused = true)]
async fn an_announced_checksum_is_of_the_bytes_as_they_came() {
    const DIGEST: &str = "sha-256=:hNiYd/DUBB77a/kaFvAkjy/Vc+avBcGflr7bn4gveII=:";
    let folder = Folder::new();
    let path = folder.path("file");
    let text = "pynector downloads. ".repeat(50);
    let wire = gzip(text.as_bytes());
    let of_wire = format!(
        "sha-256=:{}:",
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, sha256(&wire))
    );
    let coded = |digest: &str| {
        let step = Step::status(200).header("content-encoding", "gzip").header("repr-digest", digest);
        step.header("etag", TAG).header("content-length", &wire.len().to_string()).body(wire.clone())
    };
    let rest = Step::status(206).header("etag", TAG).header("content-encoding", "gzip");
    let rest = rest.header("content-range", &format!("bytes 9-{}/{}", wire.len() - 1, wire.len()));
    let (files, _) = files([
        Step::status(200).header("content-digest", DIGEST).body("0123456789"),
        Step::status(200).header("repr-digest", DIGEST).body("0123456780"),
        coded(&of_wire),
        coded(DIGEST),
        coded(&of_wire).broken_after(9),
        rest.body(wire[9..].to_vec()),
    ]);
    for size in [Some(10), None, Some(1000), None, Some(1000)] {
        let stream = files.file().await.unwrap().resumable();
        match stream.save_to(&path).checksum(Checksum::announced()).await {
            Ok(saved) => assert_eq!(Some(saved), size),
            Err(error) => assert_eq!((error.kind(), None), (ErrorKind::Checksum, size), "{error}"),
        }
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).to_vec()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A folder of its own for a test, gone at its end.
pub(crate) struct Folder(std::path::PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let path =
            std::env::temp_dir().join(format!("pynector-{}-{}", std::process::id(), fastrand::u64(..)));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.join(name)
    }

    /// What is in it.
    pub(crate) fn names(&self) -> Vec<String> {
        let names = std::fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Waits until only these are in it: what was dropped is removed by the thread that was writing.
    pub(crate) async fn only(&self, expected: &[&str]) {
        for _ in 0..1000 {
            if self.names() == expected {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(self.names(), expected);
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
