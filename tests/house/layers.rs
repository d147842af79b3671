//! The layer tables of ARCHITECTURE.md against the sources.

use std::collections::BTreeMap;

use crate::paths::{self, Absolute};

/// A file or a folder, and its layer.
#[derive(Debug, PartialEq)]
pub(crate) struct Row {
    layer: u32,
    /// `clock.rs`, or `policy/` for everything in there.
    path: String,
}

impl Row {
    fn holds(&self, file: &str) -> bool {
        if self.path.ends_with('/') { file.starts_with(&self.path) } else { file == self.path }
    }

    fn is_module(&self, name: &str) -> bool {
        [".rs", "/"].iter().any(|end| self.path.strip_suffix(end) == Some(name))
    }
}

/// The rows of the table under the heading that names `folder`.
pub(crate) fn table(document: &str, folder: &str) -> Vec<Row> {
    let heading = format!("## Layers of `{folder}`");
    let lines = document.lines().skip_while(|line| *line != heading).skip(1);
    lines.take_while(|line| !line.starts_with("## ")).filter_map(row).collect()
}

/// `| 4 | `gate.rs` | .. |`
fn row(line: &str) -> Option<Row> {
    let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
    let layer = cells.next()?.parse().ok()?;
    let path = cells.next()?.trim_matches('`').to_owned();
    Some(Row { layer, path })
}

/// What `files` (paths and texts) have that `rows` do not allow, and the other way round.
pub(crate) fn problems(rows: &[Row], files: &[(String, String)]) -> Vec<String> {
    let lib = files.iter().find(|(file, _)| file == "lib.rs");
    let exports = lib.map(|(file, text)| exports(file, text)).unwrap_or_default();
    let unused = rows.iter().filter(|row| !files.iter().any(|(file, _)| row.holds(file)));
    let mut problems: Vec<_> =
        unused.map(|row| format!("{}: in the table, but not there", row.path)).collect();
    for (file, text) in files {
        match rows.iter().find(|row| row.holds(file)) {
            Some(row) => problems.extend(upward(rows, &exports, row, file, text)),
            None => problems.push(format!("{file}: not in the table")),
        }
    }
    problems
}

/// What `file` uses that lies above its row.
fn upward(
    rows: &[Row],
    exports: &BTreeMap<String, String>,
    own: &Row,
    file: &str,
    text: &str,
) -> Vec<String> {
    let row_of = |name: &str| rows.iter().find(|row| row.is_module(name));
    let used = |path: &Absolute| {
        let name = path.first().map_or("lib", String::as_str);
        let module = if row_of(name).is_some() { Some(name) } else { exports.get(name).map(String::as_str) };
        // What is no module and comes from none is the root's own.
        row_of(module.unwrap_or("lib"))
    };
    let paths = paths::inside(file, text);
    let above =
        paths.iter().filter_map(|path| used(path).filter(|used| used.layer > own.layer).zip(Some(path)));
    above
        .map(|(used, path)| {
            let path = path.join("::");
            format!("{file} (layer {}) uses crate::{path} of {} (layer {})", own.layer, used.path, used.layer)
        })
        .collect()
}

/// The names that the root takes from modules, and the modules.
fn exports(file: &str, text: &str) -> BTreeMap<String, String> {
    let paths = paths::inside(file, text);
    paths.iter().filter_map(|path| Some((path.last()?.clone(), path.first()?.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Row, problems, table};

    const DOCUMENT: &str = "\
# Layers\n\
## Layers of `a/src`\n\
| layer | what |\n| --- | --- |\n| 0 | `low.rs` | x |\n| 1 | `high/` | x |\n| 2 | `lib.rs` | x |\n\
## Layers of `b/src`\n\
| 0 | `other.rs` | x |\n";

    const LIB: &str =
        "mod low; mod high; pub use self::high::thing::Thing; pub use self::low::{Small as Tiny};";

    /// The sources of `a/src`, with `text` in `low.rs`.
    fn files(text: &str) -> Vec<(String, String)> {
        let files = [("high/mod.rs", "use crate::low::Small;"), ("lib.rs", LIB), ("low.rs", text)];
        files.map(|(file, text)| (file.to_owned(), text.to_owned())).to_vec()
    }

    #[test]
    fn a_table_is_that_under_its_heading() {
        let row = |layer, path: &str| Row { layer, path: path.to_owned() };
        assert_eq!(table(DOCUMENT, "a/src"), [row(0, "low.rs"), row(1, "high/"), row(2, "lib.rs")]);
        assert_eq!(table(DOCUMENT, "b/src"), [row(0, "other.rs")]);
        assert_eq!(table(DOCUMENT, "c/src"), []);
    }

    #[test]
    fn what_goes_down_or_stays_is_no_problem() {
        let rows = table(DOCUMENT, "a/src");
        for text in
            ["", "use crate::low::Small;", "fn f() { crate::Tiny::new() }", "mod tests { use super::*; }"]
        {
            assert_eq!(problems(&rows, &files(text)), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_planted_violation_is_reported() {
        let rows = table(DOCUMENT, "a/src");
        for text in [
            "use crate::high::thing::Thing;",
            "use crate::{low::Small, high};",
            "fn f() { crate::high::f() }",
            "use super::high;",
            "mod tests { use super::super::high::*; }",
            "macro_rules! m { () => { $crate::high::f() } }",
            // By a name that the root takes from there.
            "fn f(thing: crate::Thing) {}",
        ] {
            let problems = problems(&rows, &files(text));
            let [problem] = &*problems else { panic!("{text}: {problems:?}") };
            assert!(problem.starts_with("low.rs (layer 0) uses crate::"), "{problem}");
            assert!(problem.ends_with("of high/ (layer 1)"), "{problem}");
        }
        let of_the_root = problems(&rows, &files("use crate::NAME; use super::*;"));
        assert_eq!(of_the_root.len(), 2, "{of_the_root:?}");
    }

    #[test]
    fn a_file_without_a_row_and_a_row_without_a_file_are_reported() {
        let rows = table(DOCUMENT, "a/src");
        let mut files = files("");
        files.push(("stray.rs".to_owned(), String::new()));
        assert_eq!(problems(&rows, &files), ["stray.rs: not in the table"]);
        files.retain(|(file, _)| file == "low.rs" || file == "lib.rs");
        assert_eq!(problems(&rows, &files), ["high/: in the table, but not there"]);
    }
}
