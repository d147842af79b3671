//! What the compiler says to mistaken input: every mistake once, at its own token.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its cases has failed")]

mod carets;
mod kinds;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Cases whose text rustc writes, about bounds that a type does not fulfil; it differs from compiler to compiler.
const BY_RUSTC: [&str; 2] = ["bound", "return"];

/// Bounds of every other kind are one kind.
const BOUNDS: &str = "bound";

/// Cases of many mistakes in one trait; the kinds are held elsewhere.
const MANY_AT_ONCE: &str = "many";

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    for folder in folders() {
        if !BY_RUSTC.contains(&folder.as_str()) || is_reference_compiler() {
            cases.compile_fail(format!("ui/fail/{folder}/*.rs"));
        } else {
            cases.compile_fail(without_expectations(&folder).join("*.rs"));
        }
    }
}

#[test]
fn every_case_names_its_errors_and_their_tokens() {
    let cases = carets::cases(&root().join("fail"));
    assert!(cases.len() >= 100, "only {} cases", cases.len());
    let problems: Vec<String> = cases.iter().flat_map(carets::check).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_folder_holds_enough_mistakes_and_each_of_its_own_kind() {
    let folders = folders().into_iter().filter(|folder| ![BOUNDS, MANY_AT_ONCE].contains(&folder.as_str()));
    let problems: Vec<String> = folders
        .flat_map(|folder| kinds::check(&folder, &carets::cases(&root().join("fail").join(&folder))))
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui")
}

/// The kinds of mistake.
fn folders() -> Vec<String> {
    let entries = fs::read_dir(root().join("fail")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Whether this is the compiler whose words the cases of [`BY_RUSTC`] quote.
fn is_reference_compiler() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().unwrap().stdout;
    let reference = fs::read_to_string(root().join("RUSTC")).unwrap();
    String::from_utf8(version).unwrap().starts_with(reference.trim())
}

/// A copy of the cases without the expected text: trybuild then asks only that they do not compile.
fn without_expectations(folder: &str) -> PathBuf {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    fs::create_dir_all(&copy).unwrap();
    for entry in fs::read_dir(root().join("fail").join(folder)).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            fs::copy(&path, copy.join(path.file_name().unwrap())).unwrap();
        }
    }
    copy
}
