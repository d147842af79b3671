//! A white sheet with what all plots are made of: words, bars, lines and dots at whole pixels.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Words and what is behind them.
pub(crate) const INK: RGBColor = RGBColor(0x1f, 0x23, 0x28);
pub(crate) const PALE_INK: RGBColor = RGBColor(0x59, 0x63, 0x6e);
pub(crate) const GRID: RGBColor = RGBColor(0xe3, 0xe7, 0xec);
const LEAN: RGBColor = RGBColor(0xd9, 0x48, 0x0f);
const DEFAULT: RGBColor = RGBColor(0xf7, 0x9f, 0x5b);
const OTHER: RGBColor = RGBColor(0xb6, 0xc0, 0xca);

/// Ours stand out, the two backends apart; a pair that differs in lightness too, for whoever sees colours otherwise.
pub(crate) fn colour(contestant: &str) -> RGBColor {
    if contestant.starts_with("pynector over reqwest") {
        DEFAULT
    } else if contestant.starts_with("pynector") {
        LEAN
    } else {
        OTHER
    }
}

/// Where words stand to the point that is given.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    Right,
    Left,
    Middle,
}

pub(crate) struct Canvas<'a> {
    sheet: DrawingArea<SVGBackend<'a>, Shift>,
}

/// What `paint` paints, as a text.
pub(crate) fn drawn(size: (u32, u32), paint: impl FnOnce(&Canvas<'_>)) -> String {
    let mut svg = String::new();
    let canvas = Canvas { sheet: SVGBackend::with_string(&mut svg, size).into_drawing_area() };
    canvas.sheet.fill(&WHITE).expect("a text takes everything");
    paint(&canvas);
    canvas.sheet.present().expect("a text takes everything");
    drop(canvas);
    svg
}

impl Canvas<'_> {
    fn draw<E>(&self, element: &E)
    where
        for<'b> &'b E: plotters::element::PointCollection<'b, (i32, i32)>,
        E: for<'b> plotters::element::Drawable<SVGBackend<'b>>,
    {
        self.sheet.draw(element).expect("a text takes everything");
    }

    /// Words whose middle line is at `y`.
    pub(crate) fn words(&self, text: &str, (x, y): (i32, i32), size: f64, side: Side, ink: RGBColor) {
        self.write(text, (x, y), ("sans-serif", points(size)).into_font(), side, ink);
    }

    pub(crate) fn bold(&self, text: &str, (x, y): (i32, i32), size: f64) {
        let font = ("sans-serif", points(size)).into_font().style(FontStyle::Bold);
        self.write(text, (x, y), font, Side::Right, INK);
    }

    fn write(&self, text: &str, at: (i32, i32), font: FontDesc<'_>, side: Side, ink: RGBColor) {
        let across = match side {
            Side::Right => HPos::Left,
            Side::Left => HPos::Right,
            Side::Middle => HPos::Center,
        };
        let style = TextStyle::from(font).color(&ink).pos(Pos::new(across, VPos::Center));
        self.sheet.draw_text(text, &style, at).expect("a text takes everything");
    }

    pub(crate) fn bar(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor) {
        self.draw(&Rectangle::new([from, to], colour.filled()));
    }

    pub(crate) fn line(&self, points: Vec<(i32, i32)>, width: u32, colour: RGBColor) {
        self.draw(&PathElement::new(points, colour.stroke_width(width)));
    }

    pub(crate) fn dot(&self, at: (i32, i32), radius: i32, colour: RGBColor) {
        self.draw(&Circle::new(at, radius, colour.filled()));
    }
}

/// The backend writes a font's size divided by this, which it takes for the height of a letter in its line.
fn points(size: f64) -> f64 {
    size * 1.24
}
