//! What ARCHITECTURE.md and the rules of the house say of this repository is true.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a check that cannot read its files has failed"
)]

mod layers;
mod msrv;
mod paths;
mod resilience;
mod rules;
mod tree;

/// Inputs of tests, in the form that the tests need, and outputs.
const NOT_OURS: [&str; 4] =
    ["tests/expansion/inputs/", "tests/expansion/snapshots/", "tests/ui/fail/", "tests/ui/pass/"];

/// Every tracked source file that is written by hand for its own sake.
fn sources() -> impl Iterator<Item = (String, String)> {
    let files = tree::tracked().into_iter().filter(|path| tree::is_rust(path));
    let ours = files.filter(|path| !NOT_OURS.iter().any(|folder| path.starts_with(folder)));
    ours.map(|path| {
        let text = tree::text(&path);
        (path, text)
    })
}

#[track_caller]
fn assert_none(problems: impl IntoIterator<Item = String>) {
    let problems: Vec<_> = problems.into_iter().collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn every_file_uses_its_own_layer_or_a_lower_one() {
    let document = tree::text("ARCHITECTURE.md");
    for folder in ["pynector/src", "pynector-macros/src"] {
        let rows = layers::table(&document, folder);
        assert!(rows.len() > 5, "ARCHITECTURE.md: no table of {folder}");
        assert_none(layers::problems(&rows, &tree::sources_in(folder)));
    }
}

#[test]
fn documents_name_only_what_exists() {
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let named = rules::named_paths(&tree::text(document));
        assert!(named.len() > 5, "{document} names {named:?}");
        let missing = named.into_iter().filter(|path| !tree::exists(path));
        assert_none(missing.map(|path| format!("{document}: there is no {path}")));
    }
}

#[test]
fn files_are_short_and_say_what_they_hold() {
    assert_none(sources().flat_map(|(path, text)| rules::shape(&path, &text)));
}

#[test]
fn nothing_is_left_unfinished() {
    assert_none(sources().flat_map(|(path, text)| rules::unfinished(&path, &text)));
}

#[test]
fn nothing_tracked_is_larger_than_it_needs_to_be() {
    assert_none(tree::tracked().iter().filter_map(|path| rules::too_large(path, tree::size(path))));
}

#[test]
fn rust_version_is_the_newest_that_a_dependency_needs() {
    let metadata = msrv::metadata();
    let (needed, by) = msrv::needed(&metadata, "pynector");
    assert_eq!(
        msrv::declared(&metadata, "pynector"),
        needed,
        "rust-version (left) is not what {by:?} need (right)"
    );
}
