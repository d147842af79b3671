//! The blocks of a document that are printed: each between a mark with its name and an end.

use std::collections::BTreeMap;

const END: &str = "<!-- end -->\n";

fn start(name: &str) -> String {
    format!("<!-- printed by benches/report: {name} -->\n")
}

/// The document with what is printed between its marks.
pub(crate) fn filled(text: &str, document: &str, blocks: &BTreeMap<&str, String>) -> Result<String, String> {
    let mut text = text.to_owned();
    for (name, block) in blocks {
        let mark = start(name);
        let Some((before, rest)) = text.split_once(&mark) else { continue };
        let Some((_, after)) = rest.split_once(END) else {
            return Err(format!("{document}: the block {name} has no end"));
        };
        if after.contains(&mark) {
            return Err(format!("{document}: the block {name} stands there twice"));
        }
        text = format!("{before}{mark}{block}{END}{after}");
    }
    let known = |line: &str| blocks.keys().any(|name| line == start(name).trim_end());
    match text.lines().find(|line| line.starts_with("<!-- printed by benches/report") && !known(line)) {
        Some(line) => Err(format!("{document}: there is no such block: {line}")),
        None => Ok(text),
    }
}

/// What is printed and stands nowhere would be missed by nobody.
pub(crate) fn all_used<'a>(
    blocks: &BTreeMap<&str, String>,
    documents: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), String> {
    let used = |name: &&&str| documents.clone().any(|text| text.contains(&start(name)));
    let unused: Vec<_> = blocks.keys().filter(|name| !used(name)).copied().collect();
    if unused.is_empty() { Ok(()) } else { Err(format!("no document has a block {}", unused.join(", "))) }
}

/// The first line of a file that is not what it should be.
pub(crate) fn difference(path: &str, there: &str, wanted: &str) -> Option<String> {
    if there == wanted {
        return None;
    }
    let (mut old, mut new) = (there.lines(), wanted.lines());
    let mut number = 0;
    loop {
        number += 1;
        let (is, should) = (old.next(), new.next());
        if is == should && is.is_some() {
            continue;
        }
        let line = |line: Option<&str>| line.map_or("nothing".to_owned(), |line| format!("`{line}`"));
        return Some(format!("{path}:{number}: {} should be {}", line(is), line(should)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{all_used, difference, filled};

    const DOCUMENT: &str = "a\n<!-- printed by benches/report: one -->\nold\n<!-- end -->\nb\n";

    fn blocks() -> BTreeMap<&'static str, String> {
        BTreeMap::from([("one", "new\n".to_owned())])
    }

    #[test]
    fn a_block_is_replaced_and_the_rest_is_kept() {
        let text = filled(DOCUMENT, "d", &blocks()).expect("marks");
        assert_eq!(text, "a\n<!-- printed by benches/report: one -->\nnew\n<!-- end -->\nb\n");
        assert_eq!(filled(&text, "d", &blocks()).as_deref(), Ok(&*text), "once more it is the same");
        let empty = "a\n<!-- printed by benches/report: one -->\n<!-- end -->\n";
        assert!(filled(empty, "d", &blocks()).expect("marks").contains("new"));
    }

    #[test]
    fn ends_of_others_and_their_blocks_are_left_alone() {
        let other = format!("<!-- printed by benches/outage -->\nx\n<!-- end -->\n{DOCUMENT}");
        let text = filled(&other, "d", &blocks()).expect("marks");
        assert!(text.starts_with("<!-- printed by benches/outage -->\nx\n<!-- end -->\na\n"), "{text}");
    }

    #[test]
    fn wrong_marks_are_reported() {
        for (text, problem) in [
            ("<!-- printed by benches/report: one -->\n", "d: the block one has no end"),
            (&DOCUMENT.repeat(2), "d: the block one stands there twice"),
            (
                "<!-- printed by benches/report: two -->\n<!-- end -->\n",
                "d: there is no such block: <!-- printed by benches/report: two -->",
            ),
        ] {
            assert_eq!(filled(text, "d", &blocks()), Err(problem.to_owned()));
        }
        assert_eq!(all_used(&blocks(), [DOCUMENT].into_iter()), Ok(()));
        assert_eq!(all_used(&blocks(), ["a"].into_iter()), Err("no document has a block one".to_owned()));
    }

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(difference("f", "a\nb\n", "a\nb\n"), None);
        for (there, wanted, line) in [
            ("a\nb\n", "a\nc\n", "f:2: `b` should be `c`"),
            ("a\n", "a\nc\n", "f:2: nothing should be `c`"),
            ("a\nb\n", "a\n", "f:2: `b` should be nothing"),
            ("", "a\n", "f:1: nothing should be `a`"),
            ("a", "a\n", "f:2: nothing should be nothing"),
        ] {
            assert_eq!(difference("f", there, wanted).as_deref(), Some(line));
        }
    }
}
