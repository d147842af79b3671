//! What was wanted beside what was measured, and where others cost less.

use crate::data::{
    Call, Compile, HYPER, HYPER_UTIL, IN_TRAITS, OVER_HYPER, OVER_REQWEST, REQWEST, Results, ratio,
};
use crate::table::{Column, count, share, table, whole};

/// What was wanted of a figure.
struct Mark {
    what: &'static str,
    form: fn(f64) -> String,
    wanted: f64,
    /// Whether more is better.
    more: bool,
    measured: Option<f64>,
}

impl Mark {
    fn at_most(what: &'static str, form: fn(f64) -> String, wanted: f64, measured: Option<f64>) -> Self {
        Self { what, form, wanted, more: false, measured }
    }

    fn at_least(what: &'static str, wanted: f64, measured: Option<f64>) -> Self {
        Self { what, form: share, wanted, more: true, measured }
    }

    fn is_met(&self) -> Option<bool> {
        let measured = self.measured?;
        Some(if self.more { measured >= self.wanted } else { measured <= self.wanted })
    }
}

/// The marks that were set, those alone that can be judged.
pub(crate) fn marks(results: &Results) -> String {
    let mut rows = of_calls(results);
    rows.extend(of_policies(results));
    rows.extend(of_the_rest(results));
    rows.retain(|mark| mark.measured.is_some());
    let columns = [
        Column::new("", |mark: &Mark| Some(mark.what.to_owned())),
        Column::new("wanted", |mark: &Mark| {
            Some(format!("{} {}", if mark.more { "≥" } else { "≤" }, (mark.form)(mark.wanted)))
        }),
        Column::new("measured", |mark: &Mark| mark.measured.map(mark.form)),
        Column::new("met", |mark: &Mark| Some(if mark.is_met()? { "yes" } else { "**no**" }.to_owned())),
    ];
    table(&rows, &columns)
}

fn instructions(results: &Results, workload: &str, contestant: &str) -> Option<f64> {
    results.call(workload, contestant)?.instructions
}

fn allocations(results: &Results, workload: &str, contestant: &str) -> Option<f64> {
    // What is allocated once in a thousand calls is none of a call's.
    results.call(workload, contestant)?.allocations.map(|count| (count * 100.0).round() / 100.0)
}

fn of_calls(results: &Results) -> Vec<Mark> {
    let cost = |workload, contestant| instructions(results, workload, contestant);
    let asks = |workload, contestant| allocations(results, workload, contestant);
    let of = |workload, one, other| ratio(cost(workload, one), cost(workload, other));
    let download = |figure: fn(&Call) -> Option<f64>| {
        let of = |name| results.call("download_256_mib", name).and_then(figure);
        ratio(of(OVER_REQWEST), of(REQWEST))
    };
    vec![
        Mark::at_most(
            "`GET` over reqwest, instructions of reqwest's",
            share,
            0.90,
            of("get", OVER_REQWEST, REQWEST),
        ),
        Mark::at_most("`GET` over reqwest, allocations", count, 58.0, asks("get", OVER_REQWEST)),
        Mark::at_most(
            "building it over reqwest, instructions",
            whole,
            6500.0,
            cost("build_get", OVER_REQWEST),
        ),
        Mark::at_most(
            "`GET` over hyper, instructions of reqwest's",
            share,
            0.50,
            of("get", OVER_HYPER, REQWEST),
        ),
        Mark::at_most("the same, as far as it goes", share, 0.40, of("get", OVER_HYPER, REQWEST)),
        Mark::at_most("`GET` over hyper, instructions", whole, 44_500.0, cost("get", OVER_HYPER)),
        Mark::at_most("the same, as far as it goes", whole, 36_000.0, cost("get", OVER_HYPER)),
        Mark::at_most("`GET` over hyper, allocations", count, 26.0, asks("get", OVER_HYPER)),
        Mark::at_most("the same, as far as it goes", count, 20.0, asks("get", OVER_HYPER)),
        Mark::at_most(
            "three attempts over hyper, instructions of reqwest's loop",
            share,
            0.45,
            of("three_attempts", OVER_HYPER, REQWEST),
        ),
        Mark::at_most(
            "three attempts over hyper, p50 of a call's",
            share,
            3.0,
            ratio(
                results.call("three_attempts", OVER_HYPER).and_then(|call| call.p50_us),
                results.call("get", OVER_HYPER).and_then(|call| call.p50_us),
            ),
        ),
        Mark::at_most(
            "building the `GET` over hyper, instructions",
            whole,
            4800.0,
            cost("build_get", OVER_HYPER),
        ),
        Mark::at_most(
            "the same, of those of a hyper connection by hand",
            share,
            1.04,
            of("build_get", OVER_HYPER, HYPER),
        ),
        Mark::at_most(
            "building the `GET` over hyper, allocations",
            count,
            6.0,
            asks("build_get", OVER_HYPER),
        ),
        Mark::at_most(
            "building the `POST` over hyper, instructions of bare hyper's",
            share,
            1.02,
            of("build_post", OVER_HYPER, HYPER_UTIL),
        ),
        Mark::at_most("256 MiB over reqwest, CPU of reqwest's", share, 1.05, download(|call| call.cpu_us)),
        Mark::at_most(
            "256 MiB over reqwest, peak RSS of reqwest's",
            share,
            1.05,
            download(|call| call.rss_kib),
        ),
        Mark::at_most("the same without pages of files", share, 1.05, download(Call::own_kib)),
    ]
}

fn of_policies(results: &Results) -> Vec<Mark> {
    let more = |contestant, figure: fn(&Call) -> Option<f64>| {
        let on = results.call("policies", contestant).and_then(figure)?;
        Some(on - results.without_policies(contestant).and_then(figure)?)
    };
    vec![
        Mark::at_most(
            "all policies on, more instructions over reqwest",
            whole,
            1500.0,
            more(OVER_REQWEST, |call| call.instructions),
        ),
        Mark::at_most(
            "all policies on, more instructions over hyper",
            whole,
            1500.0,
            more(OVER_HYPER, |call| call.instructions),
        ),
        Mark::at_most(
            "all policies on, more allocations over reqwest",
            count,
            0.0,
            more(OVER_REQWEST, |call| call.allocations),
        ),
        Mark::at_most(
            "all policies on, more allocations over hyper",
            count,
            0.0,
            more(OVER_HYPER, |call| call.allocations),
        ),
    ]
}

fn of_the_rest(results: &Results) -> Vec<Mark> {
    let worst = |contestant: &str, against: &str| {
        let rows = results
            .concurrency
            .iter()
            .filter(|row| row.contestant == contestant && row.against.as_deref() == Some(against));
        rows.filter_map(|row| row.ratio).reduce(f64::min)
    };
    let compiling = |what: &'static str, contestant: &str, figure: fn(&Compile) -> Option<f64>| {
        let ours = results.compile.iter().filter(|row| row.contestant == contestant);
        Mark::at_most(what, share, 1.10, ours.filter_map(figure).reduce(f64::max))
    };
    vec![
        Mark::at_least(
            "calls per CPU second over hyper, of hyper-util's, worst",
            0.95,
            worst(OVER_HYPER, HYPER_UTIL),
        ),
        Mark::at_least(
            "calls per CPU second over reqwest, of reqwest's, worst",
            1.0,
            worst(OVER_REQWEST, REQWEST),
        ),
        compiling("`cargo check` over reqwest, of hand-written reqwest's, worst", OVER_REQWEST, |row| {
            row.check_vs_reqwest
        }),
        compiling("`cargo check` over hyper, worst", OVER_HYPER, |row| row.check_vs_reqwest),
        compiling("check after a touch over reqwest, worst", OVER_REQWEST, |row| row.touch_vs_reqwest),
        compiling("check after a touch over hyper, worst", OVER_HYPER, |row| row.touch_vs_reqwest),
        compiling("check after a touch over reqwest, in traits of 25, worst", IN_TRAITS, |row| {
            row.touch_vs_reqwest
        }),
        compiling("release build over reqwest, worst", OVER_REQWEST, |row| row.release_vs_reqwest),
        compiling("release build over hyper, worst", OVER_HYPER, |row| row.release_vs_reqwest),
        compiling("stripped binary over reqwest, worst", OVER_REQWEST, |row| row.size_vs_reqwest),
        compiling("stripped binary over hyper, worst", OVER_HYPER, |row| row.size_vs_reqwest),
    ]
}

/// A workload in which somebody costs less than a backend of ours.
struct Loss {
    workload: String,
    ours: &'static str,
    cheaper: String,
}

/// Who costs less than we do, workload by workload, by instructions or else by CPU time.
pub(crate) fn lost(results: &Results) -> String {
    let mut workloads: Vec<&str> = Vec::new();
    for call in &results.calls {
        if !workloads.contains(&&*call.workload) {
            workloads.push(&call.workload);
        }
    }
    let mut rows = Vec::new();
    for workload in workloads {
        for ours in [OVER_HYPER, OVER_REQWEST] {
            let cheaper = cheaper(results, workload, ours);
            if !cheaper.is_empty() {
                let workload = format!("`{workload}`");
                rows.push(Loss { workload, ours, cheaper: cheaper.join(", ") });
            }
        }
    }
    let columns = [
        Column::new("workload", |loss: &Loss| Some(loss.workload.clone())),
        Column::new("", |loss: &Loss| Some(loss.ours.to_owned())),
        Column::new("costs less, with our cost in theirs", |loss: &Loss| Some(loss.cheaper.clone())),
    ];
    table(&rows, &columns).replace("---:", "---")
}

fn cheaper(results: &Results, workload: &str, ours: &str) -> Vec<String> {
    let Some(our) = results.call(workload, ours) else { return Vec::new() };
    let others = results.of(workload).into_iter().filter(|call| !call.contestant.starts_with("pynector"));
    // What is printed as 1.00 is no less, and CPU time is not measured as closely.
    let times = |call: &Call| match ratio(our.instructions, call.instructions) {
        Some(times) => Some(times).filter(|times| *times >= 1.005),
        None => ratio(our.cpu_us, call.cpu_us).filter(|times| *times >= 1.05),
    };
    let behind = others.filter_map(|call| Some((call, times(call)?)));
    behind.map(|(call, times)| format!("{} ({}×)", call.contestant, share(times))).collect()
}

#[cfg(test)]
mod tests {
    use super::{lost, marks};
    use crate::data::{Call, OVER_HYPER, POLICIES_OFF, REQWEST, Results};

    fn call(workload: &str, contestant: &str, instructions: f64) -> Call {
        Call {
            workload: workload.to_owned(),
            contestant: contestant.to_owned(),
            instructions: Some(instructions),
            ..Call::default()
        }
    }

    #[test]
    fn a_mark_is_judged_by_what_was_measured_and_left_out_otherwise() {
        let off = format!("{OVER_HYPER}{POLICIES_OFF}");
        let calls = vec![
            call("get", REQWEST, 100_000.0),
            call("get", OVER_HYPER, 45_000.0),
            call("get", &off, 42_000.0),
            call("policies", OVER_HYPER, 44_000.0),
        ];
        let text = marks(&Results { calls, ..Results::default() });
        let rows: Vec<_> = text.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| `GET` over hyper, instructions of reqwest's | ≤ 0.50 | 0.45 | yes |",
                "| the same, as far as it goes | ≤ 0.40 | 0.45 | **no** |",
                "| `GET` over hyper, instructions | ≤ 44,500 | 45,000 | **no** |",
                "| the same, as far as it goes | ≤ 36,000 | 45,000 | **no** |",
                "| all policies on, more instructions over hyper | ≤ 1,500 | 2,000 | **no** |",
            ]
        );
        assert_eq!(marks(&Results::default()), "");
    }

    #[test]
    fn who_costs_less_is_named() {
        let calls = vec![
            call("get", REQWEST, 100_000.0),
            call("get", "hyper-util", 30_000.0),
            call("get", OVER_HYPER, 45_000.0),
        ];
        let text = lost(&Results { calls, ..Results::default() });
        assert_eq!(
            text.lines().nth(2),
            Some("| `get` | pynector over hyper | hyper-util (1.50×) |"),
            "{text}"
        );
        let calls = vec![call("get", REQWEST, 44_900.0), call("get", OVER_HYPER, 45_000.0)];
        assert_eq!(lost(&Results { calls, ..Results::default() }), "");
    }
}
