//! The runs as a picture: one panel for each contestant, all with the same axes.

use std::fmt::Write as _;
use std::time::Duration;

use crate::contestants::RATE;
use crate::script::{END, FROM, UNTIL};
use crate::world::{Run, S};

const WIDTH: u32 = 372;
const HEIGHT: u32 = 150;
const LEFT: u32 = 36;
const TOP: u32 = 58;
const PLOT_WIDTH: u32 = 320;
const PLOT_HEIGHT: u32 = 96;
/// The top of the vertical axis, in calls a second.
const MOST: u32 = 4 * RATE;

/// Colours in the middle of the scale, which stand out on white and on black.
const STYLE: &str = "text{font:11px sans-serif;fill:#808890}.name{font-weight:600;font-size:12px}\
    .axis{stroke:#808890;stroke-width:1;fill:none}.down{fill:#808890;fill-opacity:.16}\
    .offered{stroke:#808890;stroke-dasharray:4 3;fill:none;stroke-width:1.2}\
    .sent{stroke:#e5534b;fill:none;stroke-width:1.4}.good{fill:#3b9e4e;fill-opacity:.55}";

pub(crate) fn draw(runs: &[(&str, Run)]) -> String {
    let rows = u32::try_from(runs.len().div_ceil(2)).expect("few");
    let (width, height) = (2 * WIDTH + 8, TOP - 14 + rows * HEIGHT);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-label=\"Load, wire attempts and good answers in an outage\">\n\
         <style>{STYLE}</style>\n"
    );
    legend(&mut svg);
    for (index, (name, run)) in (0..).zip(runs) {
        panel(&mut svg, (index % 2 * WIDTH, TOP - 14 + index / 2 * HEIGHT), name, run);
    }
    svg.push_str("</svg>\n");
    svg
}

fn legend(svg: &mut String) {
    let outage = (UNTIL - FROM).as_secs();
    for (x, mark, words) in [
        (LEFT, "<path class=\"offered\" d=\"M0 -4h22\"/>", "calls a second".to_owned()),
        (LEFT + 130, "<path class=\"sent\" d=\"M0 -4h22\"/>", "requests at the server".to_owned()),
        (LEFT + 302, "<path class=\"good\" d=\"M0 -9h22v10h-22z\"/>", "calls answered well".to_owned()),
        (
            LEFT + 462,
            "<path class=\"down\" d=\"M0 -9h22v10h-22z\"/>",
            format!("{outage} s without the server"),
        ),
    ] {
        let _ = writeln!(
            svg,
            "<g transform=\"translate({x} 22)\">{mark}<text x=\"28\" y=\"0\">{words}</text></g>"
        );
    }
}

fn panel(svg: &mut String, (x, y): (u32, u32), name: &str, run: &Run) {
    let (left, bottom) = (LEFT, 24 + PLOT_HEIGHT);
    let _ = writeln!(svg, "<g transform=\"translate({x} {y})\">");
    let _ = writeln!(svg, "<text class=\"name\" x=\"{left}\" y=\"16\">{}</text>", name.replace('`', ""));
    let (from, until) = (across(FROM), across(UNTIL));
    let _ = writeln!(svg, "<path class=\"down\" d=\"M{from:.1} 24H{until:.1}V{bottom}H{from:.1}z\"/>");
    let good = series(|from, until| {
        run.calls.iter().filter(|call| call.good && (from..until).contains(&call.ended)).count()
    });
    let end = across(END);
    let _ = writeln!(svg, "<path class=\"good\" d=\"M{left} {bottom}L{good}L{end:.1} {bottom}z\"/>");
    for (class, points) in [
        ("offered", series(|from, until| run.offered(from, until))),
        ("sent", series(|from, until| run.sent(from, until))),
    ] {
        let _ = writeln!(svg, "<path class=\"{class}\" d=\"M{points}\"/>");
    }
    let _ = writeln!(svg, "<path class=\"axis\" d=\"M{left} 24V{bottom}H{end:.1}\"/>");
    for rate in [0, RATE, MOST] {
        let y = height_of(rate) + 4.0;
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{y:.1}\" text-anchor=\"end\">{rate}</text>", left - 5);
    }
    for second in (0..=END.as_secs()).step_by(30) {
        let x = across(Duration::from_secs(second));
        let _ = writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{second} s</text>",
            bottom + 13
        );
    }
    svg.push_str("</g>\n");
}

/// What `count` says of each second, as the points of a path.
fn series(count: impl Fn(Duration, Duration) -> usize) -> String {
    let seconds = u32::try_from(END.as_secs()).expect("minutes");
    let point = |second: u32| {
        let rate = u32::try_from(count(S * second, S * (second + 1))).unwrap_or(u32::MAX);
        format!("{:.1} {:.1}", across(S * second + S / 2), height_of(rate))
    };
    (0..seconds).map(point).collect::<Vec<_>>().join("L")
}

fn across(time: Duration) -> f64 {
    f64::from(LEFT) + time.as_secs_f64() / END.as_secs_f64() * f64::from(PLOT_WIDTH)
}

fn height_of(rate: u32) -> f64 {
    24.0 + f64::from(PLOT_HEIGHT) * (1.0 - f64::from(rate.min(MOST)) / f64::from(MOST))
}
