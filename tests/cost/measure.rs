//! Runs the cases in a process of their own, natively for their allocations and under callgrind for their instructions.

use std::alloc::System;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

use crate::api::Outcome;
use crate::cases::{self, CALLS, ROUNDS};
use crate::figures::{Cost, Figures};
use crate::{server, tools};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The function between whose start and end callgrind counts.
const COUNTED: &str = "cost::cases::counted";

/// Makes all calls, and prints a line for each case: allocations of a call, and the name.
pub(crate) fn calls(base: &str) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for case in cases::all(base)? {
        case.warm(&runtime)?;
        let rounds: Outcome<Vec<u64>> = (0..ROUNDS).map(|_| case.round(&runtime, allocations)).collect();
        println!("{}\t{}", per_call(rounds?)?, case.name);
    }
    Ok(())
}

fn allocations() -> u64 {
    let stats = ALLOCATOR.stats();
    (stats.allocations + stats.reallocations) as u64
}

/// What a call of the median round costs.
fn per_call(mut rounds: Vec<u64>) -> Outcome<u64> {
    rounds.sort_unstable();
    let median = rounds.get(rounds.len() / 2).ok_or("no round")?;
    Ok((median + CALLS / 2) / CALLS)
}

/// What every case costs here and now.
pub(crate) fn all() -> Outcome<Figures> {
    let base = format!("http://{}", server::start()?);
    let program = env::current_exe()?;
    let listed = output(Command::new(&program).args(["--calls", &base]))?;
    let mut figures = Figures {
        rustc: tools::rustc()?,
        packages: tools::packages()?,
        valgrind: None,
        calls: BTreeMap::new(),
    };
    let mut names = Vec::new();
    for line in listed.lines() {
        let (allocations, name) = line.split_once('\t').ok_or_else(|| format!("not a case: {line}"))?;
        names.push(name.to_owned());
        figures.calls.insert(name.to_owned(), Cost { allocations: allocations.parse()?, instructions: None });
    }
    figures.valgrind = tools::valgrind();
    if figures.valgrind.is_some() {
        let folder = env::temp_dir().join(format!("pynector-cost-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let counted = instructions(&program, &base, &folder, names.len());
        fs::remove_dir_all(&folder)?;
        for (name, count) in names.iter().zip(counted?) {
            figures.calls.entry(name.clone()).and_modify(|cost| cost.instructions = Some(count));
        }
    }
    Ok(figures)
}

/// Instructions of a call of each case, in their order; `folder` gets a file for every round.
fn instructions(program: &Path, base: &str, folder: &Path, cases: usize) -> Outcome<Vec<u64>> {
    let file = folder.join("round");
    output(
        Command::new("valgrind")
            .args(["--tool=callgrind", "--quiet"])
            .arg(format!("--callgrind-out-file={}", file.display()))
            .arg(format!("--toggle-collect={COUNTED}"))
            .arg(format!("--dump-after={COUNTED}"))
            .arg(program)
            .args(["--calls", base]),
    )?;
    let rounds: Outcome<Vec<u64>> = (1..=cases * ROUNDS).map(|nth| total(&file, nth)).collect();
    rounds?.chunks(ROUNDS).map(|rounds| per_call(rounds.to_vec())).collect()
}

/// The instructions of one round, from what callgrind has written of it.
fn total(file: &Path, round: usize) -> Outcome<u64> {
    let file = PathBuf::from(format!("{}.{round}", file.display()));
    let text = fs::read_to_string(&file)
        .map_err(|error| format!("callgrind has seen no {COUNTED} for the {round}. time: {error}"))?;
    let total =
        text.lines().find_map(|line| line.strip_prefix("summary: ")).ok_or("no summary by callgrind")?;
    Ok(total.trim().parse()?)
}

/// What a command prints, if it goes well.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let ended = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if ended.status.success() {
        return Ok(String::from_utf8(ended.stdout)?);
    }
    Err(format!("{command:?}: {}\n{}", ended.status, String::from_utf8_lossy(&ended.stderr)).into())
}
