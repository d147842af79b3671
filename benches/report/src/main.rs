//! Makes the tables and plots of `docs/performance.md` of the figures in `docs/performance.json`, or says which are not made of them.

mod blocks;
mod data;
mod marks;
mod plot;
mod table;
mod verdict;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use crate::data::Results;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const FIGURES: &str = "docs/performance.json";
/// The documents with marks; every block that is printed stands in one of them.
const DOCUMENTS: [&str; 2] = ["docs/performance.md", "README.md"];
/// Where the plots are, and nothing else.
const PLOTS: &str = "docs/performance";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let write = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--write"] => true,
        ["--check"] => false,
        _ => {
            eprintln!("usage: report --write | --check");
            return ExitCode::FAILURE;
        }
    };
    match run(Path::new(ROOT), write) {
        Ok(wrong) if wrong.is_empty() => ExitCode::SUCCESS,
        Ok(wrong) => {
            wrong.iter().for_each(|line| eprintln!("{line}"));
            eprintln!("after a new measurement: cargo run --package report -- --write");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes all that is made of the figures, or says what differs.
fn run(root: &Path, write: bool) -> Result<Vec<String>, String> {
    let results = Results::read(&read(&root.join(FIGURES))?)?;
    let blocks = blocks::all(&results);
    let mut files = Vec::new();
    for document in DOCUMENTS {
        files.push((document.to_owned(), marks::filled(&read(&root.join(document))?, document, &blocks)?));
    }
    marks::all_used(&blocks, files.iter().map(|(_, text)| text.as_str()))?;
    files.extend(plot::all(&results).into_iter().map(|(name, svg)| (format!("{PLOTS}/{name}.svg"), svg)));
    let stale = stale(root, &files)?;
    if write {
        fs::create_dir_all(root.join(PLOTS)).map_err(|error| format!("{PLOTS}: {error}"))?;
        for (path, text) in &files {
            fs::write(root.join(path), text).map_err(|error| format!("{path}: {error}"))?;
        }
        for path in &stale {
            fs::remove_file(root.join(path)).map_err(|error| format!("{path}: {error}"))?;
        }
        return Ok(Vec::new());
    }
    let mut wrong: Vec<_> = stale.iter().map(|path| format!("{path}: there are no figures for it")).collect();
    for (path, text) in &files {
        let there = fs::read_to_string(root.join(path)).unwrap_or_default();
        wrong.extend(marks::difference(path, &there, text));
    }
    Ok(wrong)
}

/// Plots that are there and that nothing is drawn for.
fn stale(root: &Path, files: &[(String, String)]) -> Result<Vec<String>, String> {
    let Ok(entries) = fs::read_dir(root.join(PLOTS)) else { return Ok(Vec::new()) };
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| format!("{PLOTS}: {error}"))?;
        let path = format!("{PLOTS}/{}", entry.file_name().to_string_lossy());
        if !files.iter().any(|(file, _)| *file == path) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
