//! The rules that a single file can break.

use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

const MAX_LINES: usize = 400;

/// Nobody reads more in one sitting, and data that is larger is made by a command.
const MAX_BYTES: u64 = 64 << 10;

/// Names of files look like this.
const EXTENSIONS: [&str; 5] = ["rs", "md", "toml", "lock", "yml"];

/// Macros that hold what another macro writes.
const QUOTING: [&str; 3] = ["quote", "quote_spanned", "parse_quote"];

/// At most 400 lines, of which the first is a sentence on what lives there.
pub(crate) fn shape(path: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let lines = text.lines().count();
    if lines > MAX_LINES {
        problems.push(format!("{path}: {lines} lines, more than {MAX_LINES}"));
    }
    let first = text.lines().next().unwrap_or_default();
    let sentence = first.strip_prefix("//! ").is_some_and(|sentence| sentence.ends_with('.'));
    if !sentence && !first.starts_with("#![doc = include_str!(") {
        problems.push(format!("{path}: its first line is no `//!` sentence"));
    }
    problems
}

/// Tests that do not run, code that is not there.
pub(crate) fn unfinished(path: &str, text: &str) -> Vec<String> {
    let tokens = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut found = Vec::new();
    gaps(tokens, &mut found);
    found.into_iter().map(|gap| format!("{path}: {gap}")).collect()
}

fn gaps(tokens: TokenStream, found: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (&token, tokens.peek()) {
            // What a macro writes is not what it does.
            (TokenTree::Ident(word), Some(TokenTree::Punct(mark)))
                if mark.as_char() == '!' && QUOTING.iter().any(|quote| word == quote) =>
            {
                tokens.nth(1);
            }
            (TokenTree::Ident(word), Some(TokenTree::Punct(mark)))
                if mark.as_char() == '!' && (word == "todo" || word == "unimplemented") =>
            {
                found.push(format!("{word}!"));
            }
            (TokenTree::Punct(mark), Some(TokenTree::Group(attribute))) if mark.as_char() == '#' => {
                let first = attribute.stream().into_iter().next();
                if first.is_some_and(|first| first.to_string() == "ignore") {
                    found.push("an ignored test".to_owned());
                }
            }
            _ => {}
        }
        if let TokenTree::Group(group) = token {
            gaps(group.stream(), found);
        }
    }
}

pub(crate) fn too_large(path: &str, bytes: u64) -> Option<String> {
    let large = bytes > MAX_BYTES && !is_lock(path);
    large.then(|| format!("{path}: {bytes} bytes, more than {MAX_BYTES}"))
}

/// Lock files are written by cargo, each workspace has its own.
fn is_lock(path: &str) -> bool {
    path.rsplit('/').next() == Some("Cargo.lock")
}

/// What stands between backticks in a document and can only be a path from the root: it has a slash or a file's name.
///
/// The rows of a layer table are paths from the folder that the table is about; the layer test looks at those.
pub(crate) fn named_paths(document: &str) -> Vec<String> {
    let lines = document.lines().filter(|line| !line.starts_with("| "));
    let spans = lines.flat_map(|line| line.split('`').skip(1).step_by(2));
    spans.filter(|span| is_path(span)).map(str::to_owned).collect()
}

fn is_path(span: &str) -> bool {
    let plain = span.chars().all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter));
    let extension = Path::new(span).extension().and_then(|extension| extension.to_str());
    plain && (span.contains('/') || extension.is_some_and(|extension| EXTENSIONS.contains(&extension)))
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, MAX_LINES, named_paths, shape, too_large, unfinished};

    #[test]
    fn a_long_file_and_one_without_a_sentence_are_reported() {
        let lines = |count| format!("//! A sentence.\n{}", "\n".repeat(count - 1));
        assert_eq!(shape("a.rs", &lines(MAX_LINES)), Vec::<String>::new());
        assert_eq!(shape("a.rs", &lines(MAX_LINES + 1)), ["a.rs: 401 lines, more than 400"]);
        assert_eq!(shape("lib.rs", "#![doc = include_str!(\"README.md\")]"), Vec::<String>::new());
        for text in ["", "\n//! Late.", "//! no end", "//!", "use a;", "// A comment.", "/// Of an item."] {
            assert_eq!(shape("a.rs", text), ["a.rs: its first line is no `//!` sentence"], "{text}");
        }
    }

    #[test]
    fn unfinished_code_is_reported() {
        for text in [
            "fn f() { todo!() }",
            "fn f() { loop { unimplemented!(\"later\") } }",
            "#[test] #[ignore] fn f() {}",
            "mod tests { #[ignore = \"slow\"] #[test] fn f() {} }",
        ] {
            assert_eq!(unfinished("a.rs", text).len(), 1, "{text}");
        }
        for text in [
            "// todo!()\n\"#[ignore]\"",
            "let todo = ignore(!x);",
            "#[cfg(ignore)] fn ignore() {}",
            "quote!(todo!()); f()",
        ] {
            assert_eq!(unfinished("a.rs", text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_large_file_is_reported() {
        assert_eq!(too_large("a.rs", MAX_BYTES), None);
        assert_eq!(too_large("Cargo.lock", MAX_BYTES + 1), None);
        assert_eq!(too_large("benches/Cargo.lock", MAX_BYTES + 1), None);
        assert!(too_large("notes/no-Cargo.lock", MAX_BYTES + 1).is_some());
        let problem = too_large("data.json", MAX_BYTES + 1);
        assert_eq!(problem.as_deref(), Some("data.json: 65537 bytes, more than 65536"));
    }

    #[test]
    fn paths_are_told_from_other_code() {
        let document = "The `a/b.rs` is in `a/`; `clock.rs` too.\n\
            | 1 | `row.rs` |\n\
            `cargo test`, `crate::a`, `\"/users/{id}\"`, `Result<T>`, `v1.0`, `E` are none, a/c.rs neither.\n\
            `.ci/run` and `Cargo.toml`";
        assert_eq!(named_paths(document), ["a/b.rs", "a/", "clock.rs", ".ci/run", "Cargo.toml"]);
    }
}
