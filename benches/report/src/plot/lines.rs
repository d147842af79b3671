//! Lines over a number that grows by powers of ten, each named at its end.

use plotters::style::RGBColor;

use crate::plot::canvas::{GRID, INK, PALE_INK, Side, drawn};
use crate::table::whole;

const WIDTH: i32 = 800;
const HEIGHT: i32 = 340;
const LEFT: i32 = 84;
const RIGHT: i32 = 560;
const TOP: i32 = 76;
const BOTTOM: i32 = 298;
/// Names stand at least so far apart.
const APART: i32 = 17;

pub(crate) struct Series<'a> {
    pub(crate) name: &'a str,
    pub(crate) colour: RGBColor,
    /// In order of what grows, none of which is nothing.
    pub(crate) points: Vec<(f64, f64)>,
}

pub(crate) struct Lines<'a> {
    pub(crate) title: &'a str,
    pub(crate) unit: &'a str,
    pub(crate) series: Vec<Series<'a>>,
    /// Whether the values are drawn by powers of ten too; else from nothing.
    pub(crate) powers: bool,
}

/// What is at the edges of the plot.
struct Scale {
    least: f64,
    most: f64,
    bottom: f64,
    top: f64,
    powers: bool,
}

impl Lines<'_> {
    /// The plot, unless there is not one point for it.
    pub(crate) fn draw(mut self) -> Option<String> {
        self.series.retain(|series| !series.points.is_empty());
        let scale = self.scale()?;
        Some(drawn((WIDTH.unsigned_abs(), HEIGHT.unsigned_abs()), |canvas| {
            canvas.bold(&format!("Cost of a call: {}", lower(self.title)), (20, 25), 17.0);
            canvas.words(self.unit, (20, 47), 12.5, Side::Right, PALE_INK);
            for value in scale.ticks() {
                let y = scale.down(value);
                canvas.line(vec![(LEFT, y), (RIGHT, y)], 1, GRID);
                canvas.words(&brief(value), (LEFT - 8, y), 12.0, Side::Left, PALE_INK);
            }
            for number in self.numbers() {
                let x = scale.across(number);
                canvas.line(vec![(x, BOTTOM), (x, BOTTOM + 5)], 1, PALE_INK);
                canvas.words(&short(number), (x, BOTTOM + 18), 12.0, Side::Middle, PALE_INK);
            }
            canvas.line(vec![(LEFT, BOTTOM), (RIGHT, BOTTOM)], 1, PALE_INK);
            // Ours last, above the others.
            for ours in [false, true] {
                for series in self.series.iter().filter(|series| series.is_ours() == ours) {
                    let at = |(number, value): &(f64, f64)| (scale.across(*number), scale.down(*value));
                    let points: Vec<_> = series.points.iter().map(at).collect();
                    points.iter().for_each(|point| canvas.dot(*point, 4, series.colour));
                    canvas.line(points, if ours { 3 } else { 2 }, series.colour);
                }
            }
            for (series, y) in self.series.iter().zip(self.ends(&scale)) {
                let last = series.points.last().map_or(0.0, |point| point.1);
                let label = format!("{} {}", series.name, brief(last));
                canvas.bar((RIGHT + 14, y - 5), (RIGHT + 24, y + 5), series.colour);
                canvas.words(&label, (RIGHT + 30, y), 12.0, Side::Right, INK);
            }
        }))
    }

    fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        self.series.iter().flat_map(|series| series.points.iter().copied())
    }

    fn scale(&self) -> Option<Scale> {
        let least = self.points().map(|point| point.0).reduce(f64::min)?;
        let most = self.points().map(|point| point.0).reduce(f64::max)?;
        let (low, high) = self
            .points()
            .fold((f64::MAX, 0.0), |(low, high), (_, value)| (f64::min(low, value), f64::max(high, value)));
        let (bottom, top) = if self.powers {
            (power_below(low.max(1.0)), power_below(high.max(1.0)) * 10.0)
        } else {
            (0.0, (high * 1.05).max(1.0))
        };
        Some(Scale { least, most, bottom, top, powers: self.powers })
    }

    /// What was measured, along the lower edge.
    fn numbers(&self) -> Vec<f64> {
        let mut numbers: Vec<_> = self.points().map(|point| point.0).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        numbers
    }

    /// Where the names stand: each at the end of its line, or below the one above it.
    fn ends(&self, scale: &Scale) -> Vec<i32> {
        let ends =
            self.series.iter().map(|series| series.points.last().map_or(BOTTOM, |end| scale.down(end.1)));
        let mut ends: Vec<_> = ends.enumerate().collect();
        ends.sort_by_key(|(nth, y)| (*y, *nth));
        let mut free = TOP;
        for (_, y) in &mut ends {
            *y = (*y).max(free);
            free = *y + APART;
        }
        // What was pushed out at the bottom pushes back.
        let mut free = BOTTOM + 4;
        for (_, y) in ends.iter_mut().rev() {
            *y = (*y).min(free);
            free = *y - APART;
        }
        ends.sort_unstable();
        ends.into_iter().map(|(_, y)| y).collect()
    }
}

impl Series<'_> {
    fn is_ours(&self) -> bool {
        self.name.starts_with("pynector")
    }
}

impl Scale {
    fn across(&self, number: f64) -> i32 {
        let share = if self.most > self.least {
            (number / self.least).log10() / (self.most / self.least).log10()
        } else {
            0.5
        };
        LEFT + 14 + (share * f64::from(RIGHT - LEFT - 28)).round() as i32
    }

    fn down(&self, value: f64) -> i32 {
        let share = if self.powers {
            (value.max(self.bottom) / self.bottom).log10() / (self.top / self.bottom).log10()
        } else {
            value / self.top
        };
        BOTTOM - (share * f64::from(BOTTOM - TOP)).round() as i32
    }

    /// Round values, from the lowest to the highest.
    fn ticks(&self) -> Vec<f64> {
        if self.powers {
            return std::iter::successors(Some(self.bottom), |value| Some(value * 10.0))
                .take_while(|value| *value <= self.top * 1.001)
                .collect();
        }
        let power = power_below(self.top);
        let steps = [0.2, 0.5, 1.0, 2.0, 5.0].map(|step| step * power);
        let step = steps.into_iter().find(|step| self.top / step <= 5.0).unwrap_or(self.top);
        (0..).map(|nth| f64::from(nth) * step).take_while(|value| *value <= self.top).collect()
    }
}

/// The power of ten that is not above `value`, which is at least 1.
fn power_below(value: f64) -> f64 {
    std::iter::successors(Some(1.0), |power| Some(power * 10.0))
        .take_while(|power| *power <= value)
        .last()
        .unwrap_or(1.0)
}

/// Millions and more in millions, for which there is room.
fn brief(value: f64) -> String {
    if value < 1e6 { whole(value) } else { format!("{} M", whole(value / 1e6)) }
}

/// `10485760` as `10 Mi`, if it is that exactly.
fn short(number: f64) -> String {
    for (unit, name) in [(1_048_576.0, "Mi"), (1024.0, "Ki")] {
        let share: f64 = number / unit;
        if share >= 1.0 && share.fract() == 0.0 {
            return format!("{share} {name}");
        }
    }
    whole(number)
}

fn lower(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{Lines, Series, brief, power_below, short};
    use crate::plot::canvas::colour;

    fn lines(powers: bool, ends: &[f64]) -> Lines<'static> {
        let series = ends.iter().map(|end| Series {
            name: "a",
            colour: colour("a"),
            points: vec![(1.0, 10.0), (1000.0, *end)],
        });
        Lines { title: "A", unit: "", series: series.collect(), powers }
    }

    #[test]
    fn ticks_are_round_and_inside() {
        let scale = lines(false, &[72_000.0]).scale().expect("points");
        assert_eq!(scale.ticks(), [0.0, 20_000.0, 40_000.0, 60_000.0]);
        let scale = lines(true, &[72_000.0]).scale().expect("points");
        assert_eq!(scale.ticks(), [10.0, 100.0, 1000.0, 10_000.0, 100_000.0]);
        assert_eq!([1.0, 9.0, 10.0, 12_345.0].map(power_below), [1.0, 1.0, 10.0, 10_000.0]);
    }

    #[test]
    fn names_do_not_stand_on_each_other_nor_outside() {
        for ends in [vec![50.0; 9], vec![0.0; 5], vec![100.0, 99.0, 1.0, 0.0]] {
            let lines = lines(false, &ends);
            let mut ends = lines.ends(&lines.scale().expect("points"));
            ends.sort_unstable();
            assert!(ends.windows(2).all(|pair| pair[1] - pair[0] >= super::APART), "{ends:?}");
            assert!(ends.iter().all(|y| (super::TOP..=super::BOTTOM + 4).contains(y)), "{ends:?}");
        }
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [1.0, 300.0, 1000.0, 1024.0, 10_485_760.0].map(short),
            ["1", "300", "1,000", "1 Ki", "10 Mi"]
        );
        assert_eq!([999_999.0, 1e6, 407_350_834.0].map(brief), ["999,999", "1 M", "407 M"]);
    }
}
