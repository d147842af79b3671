//! The newest Rust that a dependency of ours asks for.

use std::process::Command;

use serde_json::Value;

use crate::tree;

type Version = Vec<u32>;

/// What cargo knows of the packages in the lock file, every feature on, for this platform alone: the packages of others
/// may never have been downloaded here.
pub(crate) fn metadata() -> Value {
    let host = rustc_host();
    let arguments = ["--format-version=1", "--locked", "--all-features", "--filter-platform", &host];
    let cargo =
        Command::new(env!("CARGO")).arg("metadata").args(arguments).current_dir(tree::root()).output();
    let cargo = cargo.unwrap();
    assert!(cargo.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&cargo.stderr));
    serde_json::from_slice(&cargo.stdout).unwrap()
}

fn rustc_host() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let text = String::from_utf8(Command::new(rustc).arg("-vV").output().unwrap().stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

/// The `rust-version` of a package of ours.
pub(crate) fn declared(metadata: &Value, name: &str) -> Version {
    version(package(metadata, |package| package["name"] == name))
}

/// The highest `rust-version` among what a package needs to be built, and who asks for it.
pub(crate) fn needed(metadata: &Value, name: &str) -> (Version, Vec<String>) {
    let own = package(metadata, |package| package["name"] == name)["id"].clone();
    let mut reached = vec![own];
    let mut next = 0;
    while let Some(id) = reached.get(next) {
        let node = find(&metadata["resolve"]["nodes"], |node| node["id"] == *id);
        let dependencies = list(&node["deps"]).iter().filter(|dependency| is_built(dependency));
        let new: Vec<_> = dependencies.map(|dependency| dependency["pkg"].clone()).collect();
        for id in new {
            if !reached.contains(&id) {
                reached.push(id);
            }
        }
        next += 1;
    }
    let packages = reached.iter().map(|id| package(metadata, |package| package["id"] == *id));
    let others: Vec<_> = packages.filter(|package| !package["source"].is_null()).collect();
    let newest = others.iter().map(|package| version(package)).max().unwrap_or_default();
    let asking = others.iter().filter(|package| version(package) == newest);
    let by = asking.map(|package| package["name"].as_str().unwrap().to_owned()).collect();
    (newest, by)
}

/// Whether a user of ours builds it: not for our tests.
fn is_built(dependency: &Value) -> bool {
    list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev")
}

/// Without `rust-version`, whatever Rust there is; a patch number of zero says nothing.
fn version(package: &Value) -> Version {
    let text = package["rust_version"].as_str().unwrap_or("0");
    let mut parts: Version = text.split('.').map(|part| part.parse().unwrap()).collect();
    parts.truncate(if parts.get(2) == Some(&0) { 2 } else { 3 });
    parts
}

fn package(metadata: &Value, is: impl Fn(&Value) -> bool) -> &Value {
    find(&metadata["packages"], is)
}

fn find(values: &Value, is: impl Fn(&Value) -> bool) -> &Value {
    list(values).iter().find(|value| is(value)).expect("cargo metadata knows it")
}

fn list(values: &Value) -> &[Value] {
    values.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[test]
fn the_newest_of_what_is_built_counts() {
    let package = |name: &str, rust_version: Value, source: Value| serde_json::json!({ "name": name, "id": name, "rust_version": rust_version, "source": source });
    let uses = |name: &str, kind: Value| serde_json::json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
    let crates_io = Value::from("registry");
    let metadata = serde_json::json!({
        "packages": [
            package("ours", "1.90".into(), Value::Null),
            package("macros", "1.99".into(), Value::Null),
            package("direct", Value::Null, crates_io.clone()),
            package("indirect", "1.9.0".into(), crates_io.clone()),
            package("builder", "1.70".into(), crates_io.clone()),
            package("for-tests", "1.95".into(), crates_io),
        ],
        "resolve": { "nodes": [
            { "id": "ours", "deps": [
                uses("macros", Value::Null), uses("direct", Value::Null), uses("for-tests", "dev".into()),
            ] },
            { "id": "macros", "deps": [] },
            { "id": "direct", "deps": [uses("indirect", Value::Null), uses("builder", "build".into())] },
            { "id": "indirect", "deps": [uses("direct", Value::Null)] },
            { "id": "builder", "deps": [] },
            { "id": "for-tests", "deps": [] },
        ] },
    });
    assert_eq!(declared(&metadata, "ours"), [1, 90]);
    assert_eq!(needed(&metadata, "ours"), (vec![1, 70], vec!["builder".to_owned()]));
}
