//! `docs/specification.md` is true: its tests run, no section is forgotten, and its switches are those that are thrown.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::switches::SWITCHES;

/// The sections of the specification that ask for something.
const SECTIONS: [&str; 18] = [
    "1.1", "1.2", "2.1", "2.2", "3.1", "3.2", "3.3", "4", "5.1", "5.2", "5.3", "6.1", "6.2", "6.3", "6.4",
    "7.1", "7.2", "7.3",
];

const ASKED: &str = "## What it asks for";
pub(crate) const DIFFERENCES: &str = "## Where we differ, and the way back";

/// The text of the document.
pub(crate) fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/specification.md");
    fs::read_to_string(path).unwrap()
}

/// The cells of the rows of the table under `heading`.
pub(crate) fn rows<'a>(document: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let lines = document.lines().skip_while(|line| *line != heading).skip(1);
    let lines = lines.take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| "));
    // The first two are the head and the line below it.
    lines.skip(2).map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// What stands between backticks.
fn code(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// What the first table says that is not so.
fn unfulfilled(document: &str, tests: &BTreeSet<String>, examples: &BTreeSet<String>) -> Vec<String> {
    let asked = rows(document, ASKED);
    let differences: BTreeSet<_> = rows(document, DIFFERENCES).iter().map(|row| row[0]).collect();
    let forgotten = SECTIONS.iter().filter(|section| !asked.iter().any(|row| row[0] == **section));
    let mut problems: Vec<_> = forgotten.map(|section| format!("section {section} has no row")).collect();
    let mut referred = BTreeSet::new();
    for row in &asked {
        let [section, _, _, proofs, differs] = row[..] else {
            problems.push(format!("{row:?} has not five cells"));
            continue;
        };
        if !SECTIONS.contains(&section) {
            problems.push(format!("there is no section {section}"));
        }
        let unproved = unproved(proofs, tests, examples);
        problems.extend(unproved.iter().map(|problem| format!("{section}: {problem}")));
        for name in differs.split(", ").filter(|name| !name.is_empty()) {
            referred.insert(name);
            if !differences.contains(name) {
                problems.push(format!("{section}: no difference {name}"));
            }
        }
    }
    problems.extend(differences.difference(&referred).map(|name| format!("{name}: no row refers to it")));
    problems
}

/// Which of these tests and examples are not there.
fn unproved(proofs: &str, tests: &BTreeSet<String>, examples: &BTreeSet<String>) -> Vec<String> {
    let mut problems = Vec::new();
    for proof in proofs.split(", ") {
        let example = proof.starts_with("example ");
        let (there, what) = if example { (examples, "example") } else { (tests, "test") };
        let missing = code(proof).filter(|name| !there.contains(*name));
        problems.extend(missing.map(|name| format!("no {what} {name}")));
    }
    if code(proofs).next().is_none() {
        problems.push("no test is named".to_owned());
    }
    problems
}

/// What the second table says of switches that is not so.
fn unswitched(document: &str, walked: &[&str]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut switches = BTreeSet::new();
    for row in rows(document, DIFFERENCES) {
        match row[..] {
            [name, _, _, switch, _] => match code(switch).next() {
                Some(switch) if row[3] == format!("`{switch}`") => drop(switches.insert(switch)),
                _ if switch.starts_with("none: ") => {}
                _ => problems.push(format!("{name}: neither a switch nor why there is none")),
            },
            _ => problems.push(format!("{row:?} has not five cells")),
        }
    }
    let walked: BTreeSet<_> = walked.iter().copied().collect();
    problems.extend(switches.difference(&walked).map(|switch| format!("{switch} is not walked")));
    problems.extend(walked.difference(&switches).map(|switch| format!("{switch} is not in the document")));
    problems
}

/// The names of the tests of a source file that run.
fn tests_in(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut attributes = Vec::new();
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") {
            attributes.push(line);
            continue;
        }
        let signature = line.strip_prefix("async ").unwrap_or(line);
        let name = signature.strip_prefix("fn ").and_then(|rest| rest.split(['(', '<']).next());
        let is_test = |line: &&str| *line == "#[test]" || line.starts_with("#[tokio::test");
        if let Some(name) = name.filter(|_| attributes.iter().any(is_test))
            && !attributes.iter().any(|line| line.starts_with("#[ignore"))
        {
            found.push(name.to_owned());
        }
        attributes.clear();
    }
    found
}

/// Every test of this binary, by its own list, and of the other sources.
fn all_tests(root: &Path) -> BTreeSet<String> {
    let list = Command::new(env::current_exe().unwrap()).arg("--list").output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let own = list.lines().filter_map(|line| line.strip_suffix(": test")?.rsplit("::").next());
    let mut tests: BTreeSet<_> = own.map(str::to_owned).collect();
    assert!(tests.len() > 30, "{tests:?}");
    let mut folders = vec![root.join("tests"), root.join("pynector/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("tests/spec") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                tests.extend(tests_in(&fs::read_to_string(path).unwrap()));
            }
        }
    }
    tests
}

/// The examples that CI runs.
fn all_examples(root: &Path) -> BTreeSet<String> {
    let ci = fs::read_to_string(root.join(".ci/run")).unwrap();
    let lists = ci.lines().filter_map(|line| line.trim().strip_prefix("for name in ")?.strip_suffix("; do"));
    let names = lists.flat_map(str::split_whitespace).filter_map(|name| name.strip_prefix("spec_"));
    let exists = |name: &String| {
        let examples = root.join("examples");
        examples.join(name).with_extension("rs").exists() || examples.join(name).join("main.rs").exists()
    };
    names.map(|name| format!("spec_{name}")).filter(exists).collect()
}

#[track_caller]
fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "docs/specification.md:\n{}\n", problems.join("\n"));
}

#[test]
fn the_document_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let document = document();
    assert_none(&unfulfilled(&document, &all_tests(&root), &all_examples(&root)));
    assert_none(&unswitched(&document, &SWITCHES.map(|(switch, ..)| switch)));
}

#[test]
fn what_is_planted_is_reported() {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let (tests, examples) = (set(&["a_test"]), set(&["spec_a"]));
    let asked =
        SECTIONS.map(|section| format!("| {section} | x | `f` | `a_test`, example `spec_a` | |\n")).concat();
    let table = |row: &str| {
        format!(
            "{ASKED}\n\n| section |\n| --- |\n{asked}{row}\n{DIFFERENCES}\n\n| name |\n| --- |\n\
             | size | x | y | `size(1)` | no |\n| other | x | y | none: so | no |\n"
        )
    };
    let fine = table("| 4 | x | y | `a_test` | size, other |\n");
    assert_eq!(unfulfilled(&fine, &tests, &examples), [""; 0]);
    for (row, problem) in [
        ("| 9 | x | y | `a_test` | size, other |", "there is no section 9"),
        ("| 4 | x | y | `no_test` | size, other |", "4: no test no_test"),
        ("| 4 | x | y | example `spec_b` | size, other |", "4: no example spec_b"),
        ("| 4 | x | y | later | size, other |", "4: no test is named"),
        ("| 4 | x | y | `a_test` | size, other, more |", "4: no difference more"),
        ("| 4 | x | y | `a_test` | size |", "other: no row refers to it"),
    ] {
        assert_eq!(unfulfilled(&table(row), &tests, &examples), [problem]);
    }
    let without = fine.replace("| 5.3 | x", "| 4 | x");
    assert_eq!(unfulfilled(&without, &tests, &examples), ["section 5.3 has no row"]);

    assert_eq!(unswitched(&fine, &["size(1)"]), [""; 0]);
    assert_eq!(unswitched(&fine, &[]), ["size(1) is not walked"]);
    assert_eq!(unswitched(&fine, &["size(1)", "y"]), ["y is not in the document"]);
    let vague = fine.replace("none: so", "somehow");
    assert_eq!(unswitched(&vague, &["size(1)"]), ["other: neither a switch nor why there is none"]);
}

#[test]
fn tests_are_told_from_other_functions() {
    let source = "#[test]\nfn a() {}\nfn b() {}\n#[tokio::test(start_paused = true)]\nasync fn c() {}\n\
        #[test]\n#[ignore = \"slow\"]\nfn d() {}\n// #[test]\nfn e() {}\n    #[test]\n    fn f(x in any::<u8>()) {\n\
        #[inline]\nfn g() {}";
    assert_eq!(tests_in(source), ["a", "c", "f"]);
}
