//! Holds the cases together: every folder has enough of them, and each is a mistake of its own kind.

use std::collections::BTreeMap;

use crate::carets::Case;

/// Fewer cases are no folder.
const LEAST: usize = 8;

/// What is wrong with the cases of one folder.
pub(crate) fn check(folder: &str, cases: &[Case]) -> Vec<String> {
    let mut problems = Vec::new();
    if cases.len() < LEAST {
        problems.push(format!("{folder}: {} cases, fewer than {LEAST}", cases.len()));
    }
    let mut kinds: BTreeMap<String, &str> = BTreeMap::new();
    for case in cases {
        let first = case.stderr().lines().next().unwrap_or_default();
        if let Some(other) = kinds.insert(without_names(first), case.name()) {
            problems.push(format!("{} differs from {other} only in names: make them one case", case.name()));
        }
    }
    problems
}

/// A message without what it quotes, without numbers and without methods.
fn without_names(message: &str) -> String {
    let unquoted: Vec<&str> = message.split('`').step_by(2).collect();
    let is_name = |word: &&str| word.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
    unquoted.join("_").split_whitespace().filter(|word| !is_name(word)).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_folder_that_repeats_itself_is_found() {
    let case = |name: &str, stderr: &str| Case::new(name, "", stderr);
    let told = ["a", "b", "c", "d", "e", "f", "g"].map(|word| case(word, &format!("error: {word}")));
    assert!(check("x", &told).join("").contains("7 cases, fewer than 8"));
    let same = case("h", "error: a GET request has `x` 5 times\n");
    let full: Vec<Case> = told.into_iter().chain([same]).collect();
    assert_eq!(check("x", &full), Vec::<String>::new());
    let again = case("i", "error: a POST request has `y` 7 times\n");
    let more: Vec<Case> = full.into_iter().chain([again]).collect();
    assert!(check("x", &more).join("").contains("i differs from h only in names"));
}
