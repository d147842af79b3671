//! What the figures depend on besides our own sources.

use std::collections::BTreeMap;
use std::env;
use std::process::Command;

use crate::api::Outcome;
use crate::measure::output;

/// The compiler by version, commit and platform.
pub(crate) fn rustc() -> Outcome<String> {
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let text = output(Command::new(rustc).arg("-vV"))?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    Ok(format!("{} for {host}", text.lines().next().unwrap_or_default()))
}

/// The part of the lock file that takes part in a call: versions by name.
pub(crate) fn packages() -> Outcome<BTreeMap<String, String>> {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let tree = [
        "tree",
        "--locked",
        "--offline",
        "--package",
        "pynector-cost",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ];
    let text = output(Command::new(cargo).args(tree).current_dir(env!("CARGO_MANIFEST_DIR")))?;
    let mut packages = BTreeMap::new();
    for line in text.lines().filter(|line| !line.contains(" (/")) {
        if let [name, version, ..] = line.split(' ').collect::<Vec<_>>().as_slice() {
            packages.insert((*name).to_owned(), version.trim_start_matches('v').to_owned());
        }
    }
    Ok(packages)
}

/// The version of valgrind; none where it is not.
pub(crate) fn valgrind() -> Option<String> {
    let text = output(Command::new("valgrind").arg("--version")).ok()?;
    Some(text.trim().to_owned())
}
