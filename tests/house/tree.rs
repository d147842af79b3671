//! The files of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the repository is.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every tracked file that is there, from the root.
pub(crate) fn tracked() -> Vec<String> {
    // Whoever owns the checkout, reading its list of files is harmless.
    let git = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z"])
        .current_dir(root())
        .output()
        .expect("git is there");
    assert!(git.status.success(), "git ls-files: {}", String::from_utf8_lossy(&git.stderr));
    let list = String::from_utf8(git.stdout).unwrap();
    let files: Vec<_> = list.split_terminator('\0').filter(|path| exists(path)).map(str::to_owned).collect();
    assert!(files.len() > 50, "only {} files are tracked", files.len());
    files
}

/// The Rust files below `folder`, tracked or not: paths from there, and texts.
pub(crate) fn sources_in(folder: &str) -> Vec<(String, String)> {
    let (base, mut files, mut folders) = (root().join(folder), Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if is_rust(&path) {
                let name = path.strip_prefix(&base).unwrap().to_string_lossy().replace('\\', "/");
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

pub(crate) fn is_rust(path: impl AsRef<Path>) -> bool {
    path.as_ref().extension().is_some_and(|extension| extension == "rs")
}

pub(crate) fn exists(path: &str) -> bool {
    root().join(path).exists()
}

pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn size(path: &str) -> u64 {
    fs::metadata(root().join(path)).unwrap().len()
}
