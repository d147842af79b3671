//! The plots, each a text of SVG: fixed sizes, no font is measured, so that every machine draws the same bytes.

mod bars;
mod canvas;
mod lines;

use crate::data::{Call, Compile, Growth, POLICIES_OFF, Results};
use crate::plot::bars::{Bars, Panel, Row};
use crate::plot::canvas::colour;
use crate::plot::lines::{Lines, Series};
use crate::table::{count, share, whole};

/// What grows, and what it is called.
pub(crate) const GROWTH: [(&str, &str); 4] = [
    ("endpoints", "Endpoints of the trait"),
    ("headers", "Headers of the request"),
    ("hosts", "Hosts that the client knows"),
    ("body", "Bytes of the answer"),
];

/// Every plot that there are figures for, by the name of its file.
pub(crate) fn all(results: &Results) -> Vec<(String, String)> {
    let mut plots: Vec<(String, Option<String>)> = vec![
        ("call".to_owned(), call(results)),
        ("policies".to_owned(), policies(results)),
        ("three_attempts".to_owned(), three_attempts(results)),
        ("concurrency".to_owned(), concurrency(results)),
        ("compile".to_owned(), compile(results)),
    ];
    plots.extend(GROWTH.map(|(what, title)| (format!("growth_{what}"), growth(results, what, title))));
    plots.into_iter().filter_map(|(name, svg)| Some((name, svg?))).collect()
}

fn row(name: &str) -> Row {
    Row::of(name, colour(name))
}

fn instructions(call: &Call) -> Option<f64> {
    call.instructions
}

fn panel(title: &str, form: fn(f64) -> String, calls: &[&Call], value: fn(&Call) -> Option<f64>) -> Panel {
    Panel::of(title, form, calls.iter().map(|call| value(call)).collect())
}

fn call(results: &Results) -> Option<String> {
    let mut calls = results.of("get");
    calls.retain(|call| !call.contestant.ends_with(POLICIES_OFF));
    Bars {
        title: "One typed GET over a kept connection",
        subtitle: "path, two query values, four headers, 300 bytes of JSON decoded; less is better",
        rows: calls.iter().map(|call| row(&call.contestant)).collect(),
        panels: vec![
            panel("instructions", whole, &calls, instructions),
            panel("allocations", count, &calls, |call| call.allocations),
        ],
    }
    .draw()
}

fn policies(results: &Results) -> Option<String> {
    let calls = results.of("policies");
    let calls: Vec<_> = calls.into_iter().filter(|call| call.instructions.is_some()).collect();
    let off = |call: &&Call| results.without_policies(&call.contestant);
    let more = |figure: fn(&Call) -> Option<f64>| {
        calls.iter().map(|call| Some(figure(call)? - figure(off(call)?)?)).collect::<Vec<_>>()
    };
    Bars {
        title: "What retry, breaker and deadline add to a call that goes well",
        subtitle: "the same GET with all policies on, and what of it is more than with none; less is better",
        rows: calls.iter().map(|call| row(&call.contestant)).collect(),
        panels: vec![
            panel("instructions, all on", whole, &calls, instructions),
            Panel::of("of them for policies", whole, more(instructions)),
            Panel::of("allocations for policies", count, more(|call| call.allocations)),
        ],
    }
    .draw()
}

fn three_attempts(results: &Results) -> Option<String> {
    let calls = results.of("three_attempts");
    Bars {
        title: "Two failures, then success",
        subtitle: "503, 503, 200 with no wait in between; less is better",
        rows: calls.iter().map(|call| row(&call.contestant)).collect(),
        panels: vec![
            panel("instructions", whole, &calls, instructions),
            panel("p50 in µs", whole, &calls, |call| call.p50_us),
        ],
    }
    .draw()
}

fn concurrency(results: &Results) -> Option<String> {
    let rows: Vec<_> = results.concurrency.iter().filter(|row| row.ratio.is_some()).collect();
    Bars {
        title: "Many calls in flight",
        subtitle: "calls per CPU second, and beside those of the client below it; more is better",
        rows: rows
            .iter()
            .map(|row| {
                let threads = if row.workers == 1 { "thread" } else { "threads" };
                let name = format!("{}, {} on {} {threads}", row.contestant, row.in_flight, row.workers);
                Row::of(&name, colour(&row.contestant))
            })
            .collect(),
        panels: vec![
            Panel::of("of the client below", share, rows.iter().map(|row| row.ratio).collect()).marked(1.0),
            Panel::of(
                "calls per CPU second",
                whole,
                rows.iter().map(|row| row.calls_per_cpu_second).collect(),
            ),
        ],
    }
    .draw()
}

fn compile(results: &Results) -> Option<String> {
    let mut rows = Vec::new();
    let mut figures: Vec<Option<&Compile>> = Vec::new();
    let mut sizes: Vec<_> = results.compile.iter().map(|figure| figure.endpoints).collect();
    sizes.sort_unstable();
    sizes.dedup();
    for endpoints in sizes {
        rows.push(Row::heading(&format!("{} endpoints", whole(endpoints as f64))));
        figures.push(None);
        for figure in results.compile.iter().filter(|figure| figure.endpoints == endpoints) {
            rows.push(row(&figure.contestant));
            figures.push(Some(figure));
        }
    }
    let panel = |title, value: fn(&Compile) -> Option<f64>| {
        Panel::of(title, share, figures.iter().map(|figure| figure.and_then(value)).collect()).marked(1.0)
    };
    Bars {
        title: "Compile time and size beside hand-written reqwest",
        subtitle: "dependencies built; 1.00 is the same calls written by hand over reqwest; less is better",
        rows,
        panels: vec![
            panel("check", |figure| figure.check_vs_reqwest),
            panel("after a touch", |figure| figure.touch_vs_reqwest),
            panel("release", |figure| figure.release_vs_reqwest),
            panel("size", |figure| figure.size_vs_reqwest),
        ],
    }
    .draw()
}

fn growth(results: &Results, what: &str, title: &str) -> Option<String> {
    let rows: Vec<_> = results.growth.iter().filter(|row| row.what == what).collect();
    let counted = rows.iter().any(|row| row.instructions.is_some());
    let value = |row: &Growth| if counted { row.instructions } else { row.cpu_us };
    let mut names: Vec<&str> = Vec::new();
    for row in &rows {
        if !names.contains(&&*row.contestant) {
            names.push(&row.contestant);
        }
    }
    let series = names.iter().map(|name| {
        let own = rows.iter().filter(|row| row.contestant == *name && row.n > 0.0);
        let mut points: Vec<_> = own.filter_map(|row| Some((row.n, value(row)?))).collect();
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        Series { name, colour: colour(name), points }
    });
    let unit = if counted { "instructions a call" } else { "CPU µs a call" };
    Lines { title, unit, series: series.collect(), powers: what == "body" }.draw()
}

#[cfg(test)]
mod tests {
    use super::all;
    use crate::data::Results;

    const FIGURES: &str = include_str!("../../tests/figures.json");

    #[test]
    fn a_plot_is_drawn_for_each_section_and_none_without_figures() {
        let results = Results::read(FIGURES).expect("figures");
        let plots = all(&results);
        let names: Vec<_> = plots.iter().map(|(name, _)| &**name).collect();
        let wanted = ["call", "policies", "three_attempts", "concurrency", "compile"];
        let grown = ["growth_endpoints", "growth_headers", "growth_hosts", "growth_body"];
        assert_eq!(names, wanted.into_iter().chain(grown).collect::<Vec<_>>());
        for (name, svg) in &plots {
            assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{name}: {svg}");
            assert!(svg.contains("pynector over hyper"), "{name}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}: {svg}");
        }
        assert_eq!(plots, all(&results), "the same bytes each time");
        assert_eq!(all(&Results::default()), []);
    }

    #[test]
    fn what_is_null_is_left_out() {
        let text = FIGURES.replace("\"instructions\": 72696", "\"instructions\": null");
        assert_ne!(text, FIGURES);
        let plots = all(&Results::read(&text).expect("figures"));
        let (_, svg) = plots.iter().find(|(name, _)| name == "call").expect("the calls");
        assert!(svg.contains("pynector over hyper") && !svg.contains("72,696"), "{svg}");
    }
}
