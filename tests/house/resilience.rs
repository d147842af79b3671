//! `docs/resilience.md` names a test for every requirement and every bug, and a mutation for whatever must never break.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{assert_none, tree};

const DOCUMENT: &str = "docs/resilience.md";
const MUTATIONS: &str = "tests/resilience/mutations.json";

/// The requirements and the bugs with their priority, as they were asked for.
fn required() -> BTreeMap<String, String> {
    let list = tree::text("tests/resilience/requirements.txt");
    let words = list.lines().map(|line| line.split_once(' ').unwrap());
    words.map(|(id, priority)| (id.to_owned(), priority.to_owned())).collect()
}

/// A row of one of the tables: what it is about, its priority, and the tests that it names.
struct Row {
    id: String,
    priority: String,
    tests: Vec<String>,
}

fn rows() -> Vec<Row> {
    let document = tree::text(DOCUMENT);
    let cells = document.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ");
        let (id, priority) = (cells.next()?.to_owned(), cells.next()?.to_owned());
        let tests = cells.last()?.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        Some(Row { id, priority, tests })
    });
    cells.filter(|row| !row.id.starts_with("---") && row.priority.len() <= 3 && row.id != "ID").collect()
}

/// Every function of every test target by the target's name, which is its folder's.
fn functions() -> BTreeSet<(String, String)> {
    let mut functions = BTreeSet::new();
    for (path, text) in crate::sources() {
        let mut parts = path.split('/');
        let target = match parts.next() {
            Some("pynector") => "pynector",
            Some("pynector-macros") => "macros",
            Some("tests") => parts.next().unwrap_or_default(),
            _ => continue,
        };
        for line in text.lines() {
            let Some((_, rest)) = line.split_once("fn ") else { continue };
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            functions.insert((target.to_owned(), name.to_owned()));
        }
    }
    functions
}

/// The target and the function of a test that is written `runtime: breaker::brk_1_..`.
fn target_and_name(test: &str) -> Option<(String, String)> {
    let (target, path) = test.split_once(": ")?;
    Some((target.to_owned(), path.rsplit("::").next()?.to_owned()))
}

fn mutations() -> Vec<BTreeMap<String, String>> {
    let list: Value = serde_json::from_str(&tree::text(MUTATIONS)).unwrap();
    serde_json::from_value(list).unwrap()
}

#[test]
fn every_requirement_and_every_bug_has_its_row() {
    let (required, rows) = (required(), rows());
    assert!(required.len() > 150, "{}", required.len());
    let mut missing = required.clone();
    let mut problems = Vec::new();
    for row in &rows {
        match missing.remove(&row.id) {
            Some(priority) if priority == row.priority => {}
            Some(priority) => problems.push(format!("{} is {priority}, not {}", row.id, row.priority)),
            None => problems.push(format!("{} was not asked for, or has a row already", row.id)),
        }
        // What is only wished for may wait; the row then says so in words.
        if row.tests.is_empty() && row.priority != "P2" {
            problems.push(format!("{} names no test", row.id));
        }
    }
    problems.extend(missing.into_keys().map(|id| format!("{id} has no row")));
    assert_none(problems);
}

#[test]
fn every_test_that_is_named_exists_and_carries_what_it_proves() {
    let functions = functions();
    let problems = rows().into_iter().flat_map(|row| {
        let prefix = row.id.to_lowercase().replace('-', "_") + "_";
        let bug = row.priority == "bug";
        row.tests
            .into_iter()
            .filter_map(|test| match target_and_name(&test) {
                Some(named) if !functions.contains(&named) => Some(format!("{}: there is no {test}", row.id)),
                Some((_, name))
                    if !bug && !name.starts_with(&prefix) && !name.contains(&format!("_{prefix}")) =>
                {
                    Some(format!("{}: {test} does not carry it", row.id))
                }
                Some(_) => None,
                None => Some(format!("{}: `{test}` is not `target: path`", row.id)),
            })
            .collect::<Vec<_>>()
    });
    assert_none(problems);
}

#[test]
fn whatever_must_never_break_has_a_mutation_that_breaks_it() {
    let rows: BTreeMap<_, _> = rows().into_iter().map(|row| (row.id, row.tests)).collect();
    let mutations = mutations();
    let mut problems = Vec::new();
    for mutation in &mutations {
        let [id, name, file, from, to, test] =
            ["id", "name", "file", "from", "to", "test"].map(|field| mutation[field].as_str());
        let found = tree::text(file).matches(from).count();
        if found != 1 {
            problems.push(format!("{id}: {file} holds {found} times: {from}"));
        }
        if from == to || name.is_empty() {
            problems.push(format!("{id}: the mutation changes nothing, or has no name"));
        }
        if !rows.get(id).is_some_and(|tests| tests.iter().any(|named| named == test)) {
            problems.push(format!("{id}: its row does not name {test}"));
        }
    }
    let mutated: BTreeSet<_> = mutations.iter().map(|mutation| mutation["id"].as_str()).collect();
    let unproved =
        required().into_iter().filter(|(id, priority)| priority == "P0" && !mutated.contains(&**id));
    problems.extend(unproved.map(|(id, _)| format!("{id} has no mutation")));
    assert_none(problems);
}
