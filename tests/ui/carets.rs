//! Holds a quoted error against the first line of its case: `// errors: 2, at: token, token`.

use std::fs;
use std::path::{Path, PathBuf};

/// A case and the text that the compiler is expected to print.
pub(crate) struct Case {
    name: String,
    source: String,
    stderr: String,
}

impl Case {
    pub(crate) fn new(name: &str, source: &str, stderr: &str) -> Self {
        Self { name: name.to_owned(), source: source.to_owned(), stderr: stderr.to_owned() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn stderr(&self) -> &str {
        &self.stderr
    }
}

/// Every case below `folder`.
pub(crate) fn cases(folder: &Path) -> Vec<Case> {
    let mut paths = Vec::new();
    walk(folder, &mut paths);
    paths.sort();
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let case = |path: PathBuf| Case {
        name: path.display().to_string(),
        source: read(&path),
        stderr: read(&path.with_extension("stderr")),
    };
    paths.into_iter().map(case).collect()
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// What is wrong with a case: the number of its errors, or where their carets stand.
pub(crate) fn check(case: &Case) -> Vec<String> {
    let name = &case.name;
    let Some((count, tokens)) = promise(&case.source) else {
        return vec![format!("{name}: the first line is not `// errors: N, at: token`")];
    };
    let found: Vec<String> = errors(&case.stderr).map(underlined).collect();
    let mut problems = Vec::new();
    if found.len() != count {
        problems.push(format!("{name}: {} errors instead of {count}", found.len()));
    }
    for token in tokens.iter().filter(|token| !found.contains(token)) {
        problems.push(format!("{name}: no error stands at `{token}` but at {found:?}"));
    }
    for token in found.iter().filter(|token| !tokens.contains(token)) {
        problems.push(format!("{name}: an error stands at `{token}`, which the first line does not name"));
    }
    problems
}

/// `// errors: 2, at: token, token`
fn promise(source: &str) -> Option<(usize, Vec<String>)> {
    let (count, tokens) = source.lines().next()?.strip_prefix("// errors: ")?.split_once(", at: ")?;
    Some((count.parse().ok()?, tokens.split(", ").map(str::to_owned).collect()))
}

/// The quoted errors, from heading to heading; warnings are none.
fn errors(stderr: &str) -> impl Iterator<Item = &str> {
    let heading = |line: &str| line.starts_with("error") || line.starts_with("warning");
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in stderr.split_inclusive('\n') {
        if heading(line) {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([stderr.len()]).collect::<Vec<_>>();
    let blocks = starts.into_iter().zip(ends).filter_map(move |(start, end)| stderr.get(start..end));
    blocks.filter(|block| block.starts_with("error"))
}

/// The source text above the first carets.
fn underlined(error: &str) -> String {
    let lines: Vec<&str> = error.lines().collect();
    let pair = lines.windows(2).find_map(|pair| match pair {
        [quoted, carets] if carets.trim_start().starts_with('|') && carets.contains('^') => {
            Some((*quoted, *carets))
        }
        _ => None,
    });
    let Some((quoted, carets)) = pair else { return String::new() };
    let first = carets.chars().take_while(|c| *c != '^').count();
    let length = carets.chars().skip(first).take_while(|c| *c == '^').count();
    quoted.chars().skip(first).take(length).collect()
}

#[test]
fn a_case_that_breaks_its_promise_is_found() {
    let stderr =
        "error: no\n --> ui/x.rs:2:7\n  |\n2 |     #[get(\"/\")]\n  |       ^^^ here\n\nwarning: w\n";
    let problems = |first: &str| check(&Case::new("x", first, stderr)).join("; ");
    assert_eq!(problems("// errors: 1, at: get\n"), "");
    assert!(problems("// errors: 2, at: get\n").contains("1 errors instead of 2"));
    assert!(problems("// errors: 1, at: #[get(\"/\")]\n").contains("no error stands at"));
    assert!(problems("// errors: 1, at: get, post\n").contains("no error stands at `post`"));
    assert!(problems("fn main() {}\n").contains("the first line"));
}
