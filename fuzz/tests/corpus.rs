//! Every file of the corpus goes through its target, on any toolchain.

use std::fs;
use std::path::{Path, PathBuf};

use pynector_fuzz::TARGETS;

/// The corpus is for people to read and for every run of CI: both want it small.
const FILES: usize = 200;
const BYTES: u64 = 200 << 10;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

#[test]
fn every_file_holds() {
    for (name, run) in TARGETS {
        let files = entries(&corpus().join(name));
        assert!(!files.is_empty(), "{name} has no corpus");
        for file in files {
            // Told before, so that a panic has a name.
            println!("{}", file.display());
            run(&fs::read(file).unwrap());
        }
    }
}

#[test]
fn the_corpus_is_small_and_belongs_to_targets() {
    let folders = entries(&corpus());
    let names: Vec<_> = folders.iter().map(|folder| folder.file_name().unwrap().to_str().unwrap()).collect();
    let targets: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, targets);
    let files: Vec<_> = folders.iter().flat_map(|folder| entries(folder)).collect();
    let bytes: u64 = files.iter().map(|file| fs::metadata(file).unwrap().len()).sum();
    assert!(files.len() <= FILES && bytes <= BYTES, "{} files of {bytes} bytes", files.len());
}
