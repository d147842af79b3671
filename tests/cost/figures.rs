//! The figures as they are committed, and how new ones differ.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::api::Outcome;

/// By how many percent instructions may differ: what is left to chance is less than one.
const MARGIN: u64 = 5;

/// Of one call.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Cost {
    pub(crate) allocations: u64,
    /// None where valgrind is not.
    pub(crate) instructions: Option<u64>,
}

/// What every case costs, and what it was measured with.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Figures {
    pub(crate) rustc: String,
    pub(crate) valgrind: Option<String>,
    pub(crate) calls: BTreeMap<String, Cost>,
    pub(crate) packages: BTreeMap<String, String>,
}

impl Figures {
    fn file() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("figures.json")
    }

    pub(crate) fn read() -> Outcome<Self> {
        Ok(serde_json::from_slice(&fs::read(Self::file())?)?)
    }

    pub(crate) fn write(&self) -> Outcome {
        Ok(fs::write(Self::file(), serde_json::to_string_pretty(self)? + "\n")?)
    }

    /// With what else these were measured than `committed`: a line for each difference.
    pub(crate) fn changes_of_tools(&self, committed: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut differ = |what: &str, now: Option<&String>, before: Option<&String>| {
            if now != before {
                let [now, before] = [now, before].map(|version| version.map_or("none", String::as_str));
                lines.push(format!("{what}: {now}, and not {before}"));
            }
        };
        differ("compiler", Some(&self.rustc), Some(&committed.rustc));
        if self.valgrind.is_some() {
            differ("valgrind", self.valgrind.as_ref(), committed.valgrind.as_ref());
        }
        let mut names: Vec<_> = self.packages.keys().chain(committed.packages.keys()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            differ(name, self.packages.get(name), committed.packages.get(name));
        }
        lines
    }

    /// Prints each case beside its committed figures; a line for each that differs by more than it may, either way: a
    /// figure that is too high lets the next regression pass.
    pub(crate) fn compared(&self, committed: &Self) -> Vec<String> {
        println!(
            "{:<36} {:>11} {:>10} {:>12} {:>10}",
            "a call", "allocations", "committed", "instructions", "committed"
        );
        let mut problems = Vec::new();
        for (name, now) in &self.calls {
            let Some(before) = committed.calls.get(name) else {
                problems.push(format!("{name}: no figure is committed"));
                continue;
            };
            let [here, there] =
                [now, before].map(|cost| cost.instructions.map_or("-".to_owned(), |count| count.to_string()));
            println!("{name:<36} {:>11} {:>10} {here:>12} {there:>10}", now.allocations, before.allocations);
            if now.allocations != before.allocations {
                problems
                    .push(format!("{name}: {} allocations, and not {}", now.allocations, before.allocations));
            }
            if let (Some(now), Some(before)) = (now.instructions, before.instructions)
                && now.abs_diff(before) * 100 > before * MARGIN
            {
                problems.push(format!("{name}: {now} instructions, which is not {before} within {MARGIN} %"));
            }
        }
        let gone = committed.calls.keys().filter(|name| !self.calls.contains_key(*name));
        problems
            .extend(gone.map(|name| format!("{name}: its figure is committed, but it is measured no more")));
        problems
    }
}
