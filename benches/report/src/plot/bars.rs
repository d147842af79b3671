//! Rows of names with bars beside them, in one or more panels, each with a scale of its own that begins at nothing.

use plotters::style::RGBColor;

use crate::plot::canvas::{GRID, INK, PALE_INK, Side, drawn};

const WIDTH: i32 = 800;
const TOP: i32 = 92;
const ROW: i32 = 23;
const BAR: i32 = 15;
const NAMES: i32 = 218;
const GAP: i32 = 18;
/// Room for the number behind the longest bar.
const NUMBER: i32 = 58;

pub(crate) struct Row {
    name: String,
    /// None of a heading.
    colour: Option<RGBColor>,
}

impl Row {
    pub(crate) fn of(name: &str, colour: RGBColor) -> Self {
        Self { name: name.to_owned(), colour: Some(colour) }
    }

    pub(crate) fn heading(name: &str) -> Self {
        Self { name: name.to_owned(), colour: None }
    }
}

pub(crate) struct Panel {
    title: String,
    form: fn(f64) -> String,
    /// One for each row.
    values: Vec<Option<f64>>,
    /// Where a line stands that bars are compared with.
    mark: Option<f64>,
}

impl Panel {
    pub(crate) fn of(title: &str, form: fn(f64) -> String, values: Vec<Option<f64>>) -> Self {
        Self { title: title.to_owned(), form, values, mark: None }
    }

    pub(crate) fn marked(self, mark: f64) -> Self {
        Self { mark: Some(mark), ..self }
    }

    fn most(&self) -> f64 {
        self.values.iter().copied().flatten().chain(self.mark).fold(0.0, f64::max)
    }
}

pub(crate) struct Bars<'a> {
    pub(crate) title: &'a str,
    pub(crate) subtitle: &'a str,
    pub(crate) rows: Vec<Row>,
    pub(crate) panels: Vec<Panel>,
}

impl Bars<'_> {
    /// The plot, unless there is not one value for it; panels without values are left out.
    pub(crate) fn draw(mut self) -> Option<String> {
        self.panels.retain(|panel| panel.values.iter().any(Option::is_some));
        if self.panels.is_empty() {
            return None;
        }
        let rows = i32::try_from(self.rows.len()).ok()?;
        let panels = i32::try_from(self.panels.len()).ok()?;
        let bottom = TOP + rows * ROW;
        // Where names are long, as "pynector over reqwest, 1024 on 2 threads", bars are shorter.
        let longest = self.rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
        let names = if longest > 32 { NAMES + 50 } else { NAMES - 40 };
        let width = (WIDTH - names - 24) / panels - GAP;
        Some(drawn((WIDTH.unsigned_abs(), (bottom + 16).unsigned_abs()), |canvas| {
            canvas.bold(self.title, (20, 25), 17.0);
            canvas.words(self.subtitle, (20, 47), 12.5, Side::Right, PALE_INK);
            for (middle, row) in middles().zip(&self.rows) {
                match row.colour {
                    Some(_) => canvas.words(&row.name, (names, middle), 12.5, Side::Left, INK),
                    None => canvas.bold(&row.name, (20, middle), 12.5),
                }
            }
            for (nth, panel) in (0..).zip(&self.panels) {
                let left = names + 10 + nth * (width + GAP);
                canvas.words(&panel.title, (left, TOP - 18), 12.5, Side::Right, PALE_INK);
                let scale = f64::from(width - NUMBER) / panel.most().max(f64::MIN_POSITIVE);
                let across = |value: f64| left + (value * scale).round() as i32;
                for (middle, (row, value)) in middles().zip(self.rows.iter().zip(&panel.values)) {
                    let (Some(colour), Some(value)) = (row.colour, value) else { continue };
                    let end = across(value.max(0.0));
                    canvas.bar((left, middle - BAR / 2), (end, middle + BAR / 2 + 1), colour);
                    canvas.words(&(panel.form)(*value), (end + 5, middle), 12.0, Side::Right, INK);
                }
                canvas.line(vec![(left, TOP - 4), (left, bottom)], 1, GRID);
                if let Some(mark) = panel.mark {
                    canvas.line(vec![(across(mark), TOP - 4), (across(mark), bottom)], 1, PALE_INK);
                }
            }
        }))
    }
}

/// Where the middle of each row is.
fn middles() -> impl Iterator<Item = i32> {
    (0..).map(|nth| TOP + nth * ROW + ROW / 2)
}
