//! What is printed into the documents, block by block.

use std::collections::BTreeMap;

use crate::data::{
    Call, Compile, Concurrency, Growth, HYPER_UTIL, OVER_HYPER, OVER_REQWEST, REQWEST, Results, ratio,
};
use crate::table::{Column, count, mib, mib_of_bytes, share, table, tenths, whole};
use crate::verdict;

/// The workloads in the order in which they are told, with what each is.
const WORKLOADS: [(&str, &str); 9] = [
    ("get", "A typed `GET`"),
    ("post", "A typed `POST` with 1 KiB of JSON"),
    ("in_flight_64", "64 such `GET`s in flight"),
    ("policies", "The `GET` with all policies on, without failures"),
    ("three_attempts", "Two failures, then success: three attempts, no waits"),
    ("build_get", "Building the `GET` alone"),
    ("build_post", "Building the `POST` alone"),
    ("decode", "Decoding the answer alone"),
    ("download_256_mib", "A download of 256 MiB"),
];

/// Stands where a program has not been run yet.
const NOTHING: &str = "Not measured yet.\n";

/// Every block by its name.
pub(crate) fn all(results: &Results) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("machine", or_nothing(machine(results))),
        ("versions", or_nothing(versions(results))),
        ("matrix", or_nothing(matrix(results))),
        ("calls", or_nothing(calls(results))),
        ("marks", or_nothing(verdict::marks(results))),
        ("lost", or_nothing(verdict::lost(results))),
        ("concurrency", or_nothing(concurrency(results))),
        ("growth", or_nothing(growth(results))),
        ("compile", or_nothing(compile(results))),
        ("readme", readme(results)),
    ])
}

fn or_nothing(text: String) -> String {
    if text.is_empty() { NOTHING.to_owned() } else { text }
}

fn picture(words: &str, name: &str) -> String {
    format!("![{words}](performance/{name}.svg)\n\n")
}

fn machine(results: &Results) -> String {
    let said = |key: &&str| match results.machine.get(*key)? {
        serde_json::Value::String(text) => Some(((*key).to_owned(), text.clone())),
        serde_json::Value::Null => None,
        other => Some(((*key).to_owned(), other.to_string())),
    };
    let mut rows: Vec<_> = ["cpu", "cores", "os", "rustc", "date"].iter().filter_map(said).collect();
    rows.extend(results.mode.iter().map(|mode| ("run".to_owned(), mode.clone())));
    let columns = [
        Column::new("machine", |row: &(String, String)| Some(row.0.clone())),
        Column::new("", |row: &(String, String)| Some(row.1.clone())),
    ];
    table(&rows, &columns).replace("---:", "---")
}

fn versions(results: &Results) -> String {
    let rows: Vec<_> = results.versions.iter().collect();
    let columns = [
        Column::new("contestant", |row: &(&String, &String)| Some(row.0.clone())),
        Column::new("version", |row: &(&String, &String)| Some(row.1.clone())),
    ];
    table(&rows, &columns).replace("---:", "---")
}

/// Every client in every workload, beside reqwest: by instructions, or by CPU time where those were not counted.
fn matrix(results: &Results) -> String {
    let mut names: Vec<&str> = results.of("get").iter().map(|call| &*call.contestant).collect();
    for call in &results.calls {
        if !names.contains(&&*call.contestant) {
            names.push(&call.contestant);
        }
    }
    let mut columns = vec![Column::new("", |name: &&str| Some(emphasised(name)))];
    for (workload, _) in WORKLOADS {
        let reqwest = results.call(workload, REQWEST).and_then(|call| call.instructions);
        columns.push(Column::number(workload, share, move |name: &&str| {
            let call = results.call(workload, name)?;
            if reqwest.is_some() { ratio(call.instructions, reqwest) } else { call.cpu_vs_reqwest }
        }));
    }
    table(&names, &columns)
}

fn calls(results: &Results) -> String {
    let mut text = String::new();
    for (workload, title) in WORKLOADS {
        let rows = results.of(workload);
        if rows.is_empty() {
            continue;
        }
        text += &format!("### {title}\n\n");
        text += match workload {
            "get" => "![Instructions and allocations of one call by contestant](performance/call.svg)\n\n",
            "policies" => "![What policies cost](performance/policies.svg)\n\n",
            "three_attempts" => "![What three attempts cost](performance/three_attempts.svg)\n\n",
            _ => "",
        };
        text += &table(&rows, &call_columns(results, workload));
        text.push('\n');
    }
    text.trim_end().to_owned() + if text.is_empty() { "" } else { "\n" }
}

fn call_columns<'a>(results: &'a Results, workload: &'a str) -> Vec<Column<'a, &'a Call>> {
    let against = |name| results.call(workload, name).and_then(|call| call.instructions);
    let (reqwest, hyper_util) = (against(REQWEST), against(HYPER_UTIL));
    vec![
        Column::new("", |call: &&Call| Some(emphasised(&call.contestant))),
        Column::number("instructions", whole, |call: &&Call| call.instructions),
        Column::number("of reqwest's", share, move |call: &&Call| ratio(call.instructions, reqwest)),
        Column::number("of hyper-util's", share, move |call: &&Call| ratio(call.instructions, hyper_util)),
        Column::number("allocations", count, |call: &&Call| call.allocations),
        Column::number("bytes allocated", whole, |call: &&Call| call.bytes),
        Column::number("CPU µs", tenths, |call: &&Call| call.cpu_us),
        Column::number("CPU, of reqwest's", share, |call: &&Call| call.cpu_vs_reqwest),
        Column::number("CPU, of hyper-util's", share, |call: &&Call| call.cpu_vs_hyper_util),
        Column::number("p50 µs", tenths, |call: &&Call| call.p50_us),
        Column::number("p99 µs", tenths, |call: &&Call| call.p99_us),
        Column::number("peak RSS MiB", mib, |call: &&Call| call.rss_kib),
        Column::number("of its own", mib, |call: &&Call| call.own_kib()),
    ]
}

fn emphasised(contestant: &str) -> String {
    if contestant.starts_with("pynector") { format!("**{contestant}**") } else { contestant.to_owned() }
}

fn concurrency(results: &Results) -> String {
    let rows = &results.concurrency;
    if rows.is_empty() {
        return String::new();
    }
    let columns = [
        Column::new("", |row: &Concurrency| Some(emphasised(&row.contestant))),
        Column::number("in flight", whole, |row: &Concurrency| Some(row.in_flight as f64)),
        Column::number("worker threads", whole, |row: &Concurrency| Some(row.workers as f64)),
        Column::number("calls per CPU second", whole, |row: &Concurrency| row.calls_per_cpu_second),
        Column::new("against", |row: &Concurrency| row.against.clone()),
        Column::number("ratio", share, |row: &Concurrency| row.ratio),
        Column::number("rounds", whole, |row: &Concurrency| row.rounds),
    ];
    picture("Calls per CPU second beside the client below", "concurrency") + &table(rows, &columns)
}

fn growth(results: &Results) -> String {
    let mut text = String::new();
    for (what, title) in crate::plot::GROWTH {
        let rows: Vec<_> = results.growth.iter().filter(|row| row.what == what).collect();
        if rows.is_empty() {
            continue;
        }
        text += &format!("### {title}\n\n");
        text += &picture(&format!("Cost of a call by {what}"), &format!("growth_{what}"));
        let columns = [
            Column::new("", |row: &&Growth| Some(emphasised(&row.contestant))),
            Column::number(what, whole, |row: &&Growth| Some(row.n)),
            Column::number("instructions", whole, |row: &&Growth| row.instructions),
            Column::number("allocations", count, |row: &&Growth| row.allocations),
            Column::number("CPU µs", tenths, |row: &&Growth| row.cpu_us),
        ];
        text += &table(&rows, &columns);
        text.push('\n');
    }
    text.trim_end().to_owned() + if text.is_empty() { "" } else { "\n" }
}

fn compile(results: &Results) -> String {
    let mut text = String::new();
    if !results.compile.is_empty() {
        let columns = [
            Column::new("", |row: &Compile| Some(emphasised(&row.contestant))),
            Column::number("endpoints", whole, |row: &Compile| Some(row.endpoints as f64)),
            Column::number("check s", share, |row: &Compile| row.check_s),
            Column::number("of reqwest's", share, |row: &Compile| row.check_vs_reqwest),
            Column::number("after a touch s", share, |row: &Compile| row.touch_check_s),
            Column::number("of reqwest's", share, |row: &Compile| row.touch_vs_reqwest),
            Column::number("release s", share, |row: &Compile| row.release_s),
            Column::number("of reqwest's", share, |row: &Compile| row.release_vs_reqwest),
            Column::number("stripped MiB", mib_of_bytes, |row: &Compile| row.stripped_bytes),
            Column::number("of reqwest's", share, |row: &Compile| row.size_vs_reqwest),
        ];
        text += &picture("Compile times and size beside hand-written reqwest", "compile");
        text += &table(&results.compile, &columns);
    }
    if let Some(cold) = &results.cold_build {
        let rows = [("pynector", cold.pynector_s), ("reqwest alone", cold.reqwest_s)];
        let columns = [
            Column::new("cold build", |row: &(&str, Option<f64>)| Some(row.0.to_owned())),
            Column::number("s", tenths, |row: &(&str, Option<f64>)| row.1),
            Column::number("of reqwest's", share, |row: &(&str, Option<f64>)| ratio(row.1, cold.reqwest_s)),
            Column::number("rounds", whole, |_| cold.rounds),
        ];
        text += if text.is_empty() { "" } else { "\n" };
        text += &table(&rows, &columns);
    }
    text
}

/// The picture of a call, and what it says, in a few sentences; without figures nothing.
fn readme(results: &Results) -> String {
    let cost = |name: &str| {
        let call = results.call("get", name)?;
        Some((whole(call.instructions?), count(call.allocations?)))
    };
    let costs = [OVER_HYPER, OVER_REQWEST, HYPER_UTIL, REQWEST].map(cost);
    let [Some(lean), Some(default), Some(below), Some(reqwest)] = costs else { return String::new() };
    format!(
        "![What one typed GET costs, by client](docs/performance/call.svg)\n\n\
         A typed `GET` by a generated client with default settings takes {} instructions and {} allocations over hyper, \
         {} and {} over reqwest; reqwest as its users write it takes {} and {}, hyper-util's client without any policy {} and {}.{} \
         [Performance](docs/performance.md) has the method, the other workloads, and where pynector loses.\n",
        lean.0,
        lean.1,
        default.0,
        default.1,
        reqwest.0,
        reqwest.1,
        below.0,
        below.1,
        readme_of_policies(results).unwrap_or_default()
    )
}

fn readme_of_policies(results: &Results) -> Option<String> {
    let instructions = |workload, name| results.call(workload, name)?.instructions;
    let more = instructions("policies", OVER_HYPER)? - results.without_policies(OVER_HYPER)?.instructions?;
    let by_hand = ratio(instructions("three_attempts", OVER_HYPER), instructions("three_attempts", REQWEST))?;
    Some(format!(
        " Retries, deadline and breaker are {} of these instructions over hyper; a call that succeeds with its third attempt costs {} of a loop \
         over reqwest.",
        whole(more),
        share(by_hand)
    ))
}

#[cfg(test)]
mod tests {
    use super::matrix;
    use crate::data::{Call, OVER_HYPER, REQWEST, Results};

    #[test]
    fn all_clients_stand_in_one_table_and_where_instructions_were_not_counted_cpu_time_is_compared() {
        let call = |workload: &str, contestant: &str, instructions, cpu| Call {
            workload: workload.to_owned(),
            contestant: contestant.to_owned(),
            instructions,
            cpu_vs_reqwest: cpu,
            ..Call::default()
        };
        let calls = vec![
            call("get", REQWEST, Some(100_000.0), Some(1.0)),
            call("get", OVER_HYPER, Some(45_000.0), Some(0.6)),
            call("download_256_mib", REQWEST, None, Some(1.0)),
            call("download_256_mib", "raw tokio", None, Some(0.9)),
        ];
        let text = matrix(&Results { calls, ..Results::default() });
        let rows: Vec<_> = text.lines().collect();
        assert_eq!(
            rows,
            [
                "|  | get | download_256_mib |",
                "| --- | ---: | ---: |",
                "| **pynector over hyper** | 0.45 |  |",
                "| reqwest | 1.00 | 1.00 |",
                "| raw tokio |  | 0.90 |",
            ]
        );
        assert_eq!(matrix(&Results::default()), "");
    }
}
