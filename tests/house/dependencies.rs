//! The crates of `docs/dependencies.md` are those that cargo builds, and each is brought by whom it says.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::tree;

type Names = BTreeSet<String>;
/// Who brings each crate.
pub(crate) type Brought = BTreeMap<String, Names>;

/// What the document says of one crate.
pub(crate) struct Row {
    name: String,
    by: Names,
    features: Names,
}

/// The document is about this platform, wherever the test runs.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// The features that a row may name.
pub(crate) const FEATURES: [&str; 5] = ["reqwest", "hyper", "rustls", "http2", "gzip"];

/// What a program builds for pynector with these features.
pub(crate) fn built(features: &[&str]) -> Brought {
    let fixed = ["tree", "--locked", "--package=pynector", "--edges=normal", "--no-dedupe"];
    let shown = ["--prefix=depth", "--format= {p}", "--target", PLATFORM];
    let mut cargo = Command::new(env!("CARGO"));
    let cargo = cargo.args(fixed).args(shown).args(features).current_dir(tree::root()).output().unwrap();
    assert!(cargo.status.success(), "cargo tree: {}", String::from_utf8_lossy(&cargo.stderr));
    let (mut brought, mut way) = (Brought::new(), Vec::<String>::new());
    for line in String::from_utf8(cargo.stdout).unwrap().lines() {
        let mut words = line.split_whitespace();
        way.truncate(words.next().unwrap().parse().unwrap());
        let name = words.next().unwrap().to_owned();
        if let Some(parent) = way.last() {
            brought.entry(name.clone()).or_default().insert(parent.clone());
        }
        way.push(name);
    }
    brought
}

/// The rows of the document's tables.
pub(crate) fn rows(document: &str) -> Vec<Row> {
    let lines = document.lines().filter_map(|line| line.strip_prefix("| `"));
    lines.map(|line| row(line).unwrap_or_else(|| panic!("not a row of four cells: {line}"))).collect()
}

fn row(line: &str) -> Option<Row> {
    let (name, rest) = line.split_once("` | ")?;
    let [by, why, features] = rest.strip_suffix(" |")?.split(" | ").collect::<Vec<_>>().try_into().ok()?;
    assert!(!why.trim().is_empty(), "{name} is there for nothing");
    Some(Row { name: name.to_owned(), by: spans(by), features: spans(features) })
}

fn spans(cell: &str) -> Names {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Where rows and cargo differ; `alone` has what each feature brings by itself, `bare` what stands without any.
pub(crate) fn problems(
    rows: &[Row],
    full: &Brought,
    bare: &Brought,
    alone: &[(&str, Brought)],
) -> Vec<String> {
    let named: Names = rows.iter().map(|row| row.name.clone()).collect();
    let missing = full.keys().filter(|name| !named.contains(*name));
    let mut problems: Vec<_> = missing.map(|name| format!("{name} is built, and has no row")).collect();
    for Row { name, by, features } in rows {
        match full.get(name) {
            None => problems.push(format!("{name} is not built")),
            Some(parents) if parents != by => {
                problems.push(format!("{name} is brought by {parents:?}, and not {by:?}"));
            }
            Some(_) => {}
        }
        let bringing = alone.iter().filter(|(_, built)| !bare.contains_key(name) && built.contains_key(name));
        let bringing: Names = bringing.map(|(feature, _)| (*feature).to_owned()).collect();
        if bringing != *features {
            problems.push(format!("{name} is brought in by features {bringing:?}, and not {features:?}"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::{Brought, problems, rows};

    fn brought(names: &[(&str, &str)]) -> Brought {
        let mut brought = Brought::new();
        for (name, by) in names {
            brought.entry((*name).to_owned()).or_default().insert((*by).to_owned());
        }
        brought
    }

    #[test]
    fn what_differs_from_cargo_is_reported() {
        let full = brought(&[("a", "pynector"), ("b", "a"), ("c", "a")]);
        let bare = brought(&[("a", "pynector")]);
        let alone = [("gzip", full.clone())];
        let found = |text: &str| problems(&rows(text), &full, &bare, &alone);
        let right = "| `a` | `pynector` | x | never |\n| `b` | `a` | x | `gzip` |\n";
        assert_eq!(found(&format!("{right}| `c` | `a` | x | `gzip` |")), Vec::<String>::new());
        assert_eq!(found(right), ["c is built, and has no row"]);
        assert_eq!(
            found(&format!("{right}| `c` | `a` | x | `gzip` |\n| `d` | `a` | x | never |")),
            ["d is not built"]
        );
        assert_eq!(found(&format!("{right}| `c` | `b` | x | `gzip` |")).len(), 1);
        assert_eq!(found(&format!("{right}| `c` | `a` | x | never |")).len(), 1);
    }
}
