//! The runs as numbers: each the mean of several runs with different dice.

use std::time::Duration;

use crate::contestants::Contestant;
use crate::script::{BLIP, END, FROM, UNTIL, blip, outage};
use crate::world::{Run, S, SEED};

const RUNS: u32 = 60;
/// The lines of the README between which the table stands.
const MARKS: [&str; 2] = ["<!-- printed by benches/outage -->\n", "<!-- end -->\n"];
const HEAD: &str = "\
| 100 calls a second | requests per call in the outage | .. in its first 10 s | first success after it | calls lost in 60 s after it | lost of a blip of 2 s |\n\
| --- | --- | --- | --- | --- | --- |\n";

/// A contestant's numbers.
pub(crate) struct Row {
    name: &'static str,
    repeatable: bool,
    numbers: [f64; 5],
}

/// How a number is printed, and how far another run of somebody whose dice cannot be fixed may be from it.
const FORMS: [(usize, &str, f64); 5] =
    [(2, "", 0.03), (2, "", 0.05), (1, " s", 1.0), (1, " %", 2.0), (0, " %", 4.0)];
/// The same, as a share of the number; the larger one counts.
const SPREAD: f64 = 0.25;

impl Row {
    pub(crate) fn of(contestant: &Contestant) -> Self {
        let mut sums = [0.0; 5];
        for run in 0..RUNS {
            let seed = SEED + u64::from(run);
            let numbers =
                measure(&contestant.run(outage(), END, seed), &contestant.run(blip(), FROM + 10 * S, seed));
            for (sum, number) in sums.iter_mut().zip(numbers) {
                *sum += number;
            }
        }
        let repeatable = contestant.repeatable;
        Self { name: contestant.name, repeatable, numbers: sums.map(|sum| sum / f64::from(RUNS)) }
    }

    fn print(&self) -> String {
        let cells = self.numbers.iter().zip(FORMS);
        let cells = cells.map(|(number, (digits, unit, _))| format!("{number:.digits$}{unit}"));
        format!("| {} | {} |\n", self.name, cells.collect::<Vec<_>>().join(" | "))
    }

    /// Whether `line` says what this row says, but for what the dice of the others change.
    fn agrees(&self, line: &str) -> bool {
        if self.repeatable {
            return line == self.print().trim_end();
        }
        let cells: Vec<_> = line.split('|').skip(2).collect();
        self.numbers.iter().zip(FORMS).enumerate().all(|(index, (number, (_, unit, slack)))| {
            let written = cells.get(index).map(|cell| cell.trim().trim_end_matches(unit).parse::<f64>());
            matches!(written, Some(Ok(written)) if (written - number).abs() <= slack.max(number * SPREAD))
        })
    }
}

fn measure(outage: &Run, blip: &Run) -> [f64; 5] {
    let lost = |run: &Run, from: Duration, until: Duration| 100.0 * (1.0 - run.goodput(from, until));
    let succeeded = |call: &&crate::world::Call| call.good && call.ended > UNTIL;
    let first = outage.calls.iter().filter(succeeded).map(|call| call.ended).min().unwrap_or(END);
    [
        outage.amplification(FROM, UNTIL),
        outage.amplification(FROM, FROM + 10 * S),
        (first - UNTIL).as_secs_f64(),
        lost(outage, UNTIL, END),
        lost(blip, FROM, FROM + BLIP),
    ]
}

pub(crate) fn print(rows: &[Row]) -> String {
    HEAD.to_owned() + &rows.iter().map(Row::print).collect::<String>()
}

/// The table of the README, if it has one.
fn written(readme: &str) -> Option<&str> {
    let (_, rest) = readme.split_once(MARKS[0])?;
    Some(rest.split_once(MARKS[1])?.0)
}

pub(crate) fn replace(readme: &str, rows: &[Row]) -> String {
    let old = written(readme).expect("the README has the two marks");
    readme.replacen(&format!("{}{old}", MARKS[0]), &format!("{}{}", MARKS[0], print(rows)), 1)
}

/// What the README says and is not so.
pub(crate) fn differences(readme: &str, rows: &[Row]) -> Vec<String> {
    let table = written(readme).unwrap_or_default();
    let missing = |row: &&Row| {
        let name = format!("| {} |", row.name);
        !table.lines().any(|line| line.starts_with(&name) && row.agrees(line))
    };
    rows.iter()
        .filter(missing)
        .map(|row| format!("README.md should say: {}", row.print().trim_end()))
        .collect()
}
