//! Lines of a comparison: what was expected, what was sent.

use std::fmt::Write as _;

/// So much of a value is shown.
const ROOM: usize = 160;

/// So much is shown before the place where two long values part.
const BEFORE: usize = 30;

/// One thing that was compared.
#[derive(Clone)]
pub(super) struct Line {
    what: &'static str,
    expected: String,
    /// Only where it differs.
    sent: Option<String>,
    /// How far apart they are.
    distance: usize,
}

impl Line {
    /// Something that is as expected.
    pub(super) fn same(what: &'static str, value: &str) -> Self {
        Self { what, expected: excerpt(value, 0), sent: None, distance: 0 }
    }

    /// Something that is not.
    pub(super) fn differs(what: &'static str, expected: &str, sent: &str) -> Self {
        let from = if expected.len().max(sent.len()) > ROOM {
            let common = expected.chars().zip(sent.chars()).take_while(|(one, other)| one == other).count();
            common.saturating_sub(BEFORE)
        } else {
            0
        };
        let mut sent_shown = excerpt(sent, from);
        let expected = excerpt(expected, from);
        if expected == sent_shown {
            sent_shown.push_str(", another");
        }
        Self { what, expected, sent: Some(sent_shown), distance: 1 }
    }

    /// The same at another distance than 1.
    pub(super) fn at_distance(self, distance: usize) -> Self {
        Self { distance, ..self }
    }

    /// How far apart they are, 0 where they are the same.
    pub(super) fn distance(&self) -> usize {
        self.distance
    }

    /// Both sides as they are shown, if they differ.
    #[cfg(test)]
    pub(super) fn pair(&self) -> Option<(&str, &str)> {
        Some((&self.expected, self.sent.as_deref()?))
    }

    pub(super) fn write(&self, out: &mut String) {
        let Self { what, expected, sent, .. } = self;
        let mut line = |mark, value: &str| {
            if !value.is_empty() {
                let _ = writeln!(out, "  {mark} {what:<10}{value}");
            }
        };
        match sent {
            None => line(' ', expected),
            Some(sent) => {
                line('-', expected);
                line('+', sent);
            }
        }
    }
}

/// `text` on one line from its character `from` on, as much as there is room for.
fn excerpt(text: &str, from: usize) -> String {
    let mut excerpt = String::new();
    if from > 0 {
        excerpt.push('\u{2026}');
    }
    let mut rest = text.chars().skip(from);
    for letter in rest.by_ref().take(ROOM) {
        if letter.is_control() { excerpt.extend(letter.escape_default()) } else { excerpt.push(letter) }
    }
    if rest.next().is_some() {
        excerpt.push('\u{2026}');
    }
    excerpt
}

#[cfg(test)]
mod tests {
    use super::{Line, ROOM};

    #[test]
    fn long_values_are_shown_where_they_part() {
        let long = "x".repeat(400);
        let line = Line::differs("body", &format!("{long}a{long}"), &format!("{long}b"));
        let (expected, sent) = line.pair().unwrap();
        assert_eq!(sent, format!("\u{2026}{}b", "x".repeat(30)));
        assert!(
            expected.starts_with(&format!("\u{2026}{}ax", "x".repeat(30))) && expected.ends_with('\u{2026}')
        );
        assert_eq!(expected.chars().count(), ROOM + 2);
    }

    #[test]
    fn a_line_stays_a_line_and_never_shows_two_sides_alike() {
        let mut out = String::new();
        Line::same("path", "/a\nb").write(&mut out);
        Line::differs("header", "(hidden)", "(hidden)").write(&mut out);
        assert_eq!(out, "    path      /a\\nb\n  - header    (hidden)\n  + header    (hidden), another\n");
    }
}
