//! What the differences of two cases may be: the price of policies, and of the framework.

use std::collections::BTreeMap;

use crate::figures::Cost;

/// `dearer` may cost so much more than `cheaper`.
struct Goal {
    what: &'static str,
    dearer: &'static str,
    cheaper: &'static str,
    allocations: i64,
    instructions: i64,
}

/// How far two differences lie apart, in instructions, of which nothing but the allocator knows why. A goal is promised only by
/// figures that reach it with so much room.
const CHANCE: i64 = 300;

const GOALS: [Goal; 4] = [
    Goal {
        what: "all policies, over reqwest",
        dearer: "GET over reqwest",
        cheaper: "GET over reqwest, policies off",
        allocations: 0,
        instructions: 1500,
    },
    Goal {
        what: "all policies, over hyper",
        dearer: "GET over hyper",
        cheaper: "GET over hyper, policies off",
        allocations: 0,
        instructions: 1500,
    },
    Goal {
        what: "the framework, over reqwest",
        dearer: "GET over reqwest, policies off",
        cheaper: "GET over reqwest, by hand",
        allocations: 1,
        instructions: 1000,
    },
    Goal {
        what: "the framework, over hyper",
        dearer: "GET over hyper, policies off",
        cheaper: "GET over hyper, by hand",
        allocations: 1,
        instructions: 1000,
    },
];

type Calls = BTreeMap<String, Cost>;

impl Goal {
    /// The difference in allocations and instructions, as far as it was measured.
    fn of(&self, calls: &Calls) -> Option<(i64, Option<i64>)> {
        let (dearer, cheaper) = (calls.get(self.dearer)?, calls.get(self.cheaper)?);
        let more = |dearer: u64, cheaper: u64| i64::try_from(dearer).ok()?.checked_sub_unsigned(cheaper);
        let instructions = dearer.instructions.zip(cheaper.instructions);
        let instructions = instructions.and_then(|(dearer, cheaper)| more(dearer, cheaper));
        Some((more(dearer.allocations, cheaper.allocations)?, instructions))
    }
}

/// Prints how far each goal is reached; a line for each that the committed figures promise and these do not keep.
pub(crate) fn broken(now: &Calls, committed: &Calls) -> Vec<String> {
    println!(
        "{:<36} {:>11} {:>10} {:>12} {:>10}",
        "more for", "allocations", "at most", "instructions", "at most"
    );
    let mut problems = Vec::new();
    for goal in &GOALS {
        let Some((allocations, instructions)) = goal.of(now) else { continue };
        let (before, counted) = goal.of(committed).unwrap_or_default();
        let shown = instructions.map_or("-".to_owned(), |count| count.to_string());
        println!(
            "{:<36} {allocations:>11} {:>10} {shown:>12} {:>10}",
            goal.what, goal.allocations, goal.instructions
        );
        if allocations > goal.allocations && before <= goal.allocations {
            problems.push(format!(
                "{}: {allocations} allocations more, {} are promised",
                goal.what, goal.allocations
            ));
        }
        let promised = counted.is_some_and(|count| count + CHANCE <= goal.instructions);
        if promised && instructions.is_some_and(|count| count > goal.instructions) {
            problems.push(format!(
                "{}: {shown} instructions more, {} are promised",
                goal.what, goal.instructions
            ));
        }
    }
    println!();
    problems
}
