//! What ARCHITECTURE.md and the rules of the house say of this repository is true.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a check that cannot read its files has failed"
)]

mod dependencies;
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

#[test]
fn every_dependency_is_justified() {
    let rows = dependencies::rows(&tree::text("docs/dependencies.md"));
    let mut full = dependencies::built(&[]);
    let with_hyper = dependencies::built(&["--features=hyper"]);
    assert!(full.keys().all(|name| with_hyper.contains_key(name)));
    let more: Vec<_> = with_hyper.into_iter().filter(|(name, _)| !full.contains_key(name)).collect();
    let names: Vec<_> = more.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["crossbeam-utils"], "the document says that `hyper` brings nothing else");
    full.extend(more);
    let bare = dependencies::built(&["--no-default-features"]);
    let alone = dependencies::FEATURES.map(|feature| {
        (feature, dependencies::built(&["--no-default-features", &format!("--features={feature}")]))
    });
    assert_none(dependencies::problems(&rows, &full, &bare, &alone));
}

/// Figures of other packages than those of the lock file are compared with nothing.
#[test]
fn the_figures_of_a_call_were_measured_with_the_lock_file() {
    let figures: serde_json::Value = serde_json::from_str(&tree::text("tests/cost/figures.json")).unwrap();
    let lock = tree::text("Cargo.lock");
    let packages = figures["packages"].as_object().unwrap();
    assert!(packages.len() > 20, "{packages:?}");
    let gone = packages.iter().filter(|(name, version)| {
        let version = version.as_str().unwrap();
        !lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"\n"))
    });
    assert_none(gone.map(|(name, version)| {
        format!("tests/cost/figures.json: {name} {version} is not in Cargo.lock; CONTRIBUTING.md says how to measure anew")
    }));
}
