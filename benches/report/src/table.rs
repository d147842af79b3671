//! Tables in Markdown whose columns are left out where no row has a value, and how numbers are written in them.

type Cell<'a, T> = Box<dyn Fn(&T) -> Option<String> + 'a>;

/// A column: its heading, and what it says of each row.
pub(crate) struct Column<'a, T> {
    head: &'a str,
    cell: Cell<'a, T>,
}

impl<'a, T> Column<'a, T> {
    pub(crate) fn new(head: &'a str, cell: impl Fn(&T) -> Option<String> + 'a) -> Self {
        Self { head, cell: Box::new(cell) }
    }

    /// One of numbers.
    pub(crate) fn number(
        head: &'a str,
        form: fn(f64) -> String,
        value: impl Fn(&T) -> Option<f64> + 'a,
    ) -> Self {
        Self::new(head, move |row| value(row).filter(|value| value.is_finite()).map(form))
    }
}

/// The rows as a table; nothing if there are none.
pub(crate) fn table<T>(rows: &[T], columns: &[Column<'_, T>]) -> String {
    let cells = |column: &Column<'_, T>| rows.iter().map(&column.cell).collect::<Vec<_>>();
    let kept: Vec<_> = columns.iter().map(|column| (column.head, cells(column))).collect();
    let kept: Vec<_> = kept.iter().filter(|(_, cells)| cells.iter().any(Option::is_some)).collect();
    if kept.is_empty() {
        return String::new();
    }
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(kept.iter().map(|(head, _)| *head).collect());
    // The first column has names, the others numbers.
    text += &line(kept.iter().enumerate().map(|(at, _)| if at == 0 { "---" } else { "---:" }).collect());
    for row in 0..rows.len() {
        text += &line(kept.iter().map(|(_, cells)| cells[row].as_deref().unwrap_or("")).collect());
    }
    text
}

/// `44500` as `44,500`.
pub(crate) fn whole(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if value <= -0.5 { format!("−{text}") } else { text }
}

/// Whole where it is, else with one digit: allocations are exact, but for what happens once in many calls.
pub(crate) fn count(value: f64) -> String {
    if (value - value.round()).abs() < 0.05 { whole(value) } else { format!("{value:.1}") }
}

pub(crate) fn tenths(value: f64) -> String {
    if value >= 1000.0 { whole(value) } else { format!("{value:.1}") }
}

pub(crate) fn share(value: f64) -> String {
    format!("{value:.2}")
}

pub(crate) fn mib(kib: f64) -> String {
    format!("{:.1}", kib / 1024.0)
}

pub(crate) fn mib_of_bytes(bytes: f64) -> String {
    mib(bytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::{Column, count, mib, mib_of_bytes, share, table, tenths, whole};

    #[test]
    fn numbers_are_written_to_be_read() {
        for (value, text) in
            [(0.0, "0"), (999.4, "999"), (1000.0, "1,000"), (1234567.0, "1,234,567"), (-1500.0, "−1,500")]
        {
            assert_eq!(whole(value), text);
        }
        for (value, text) in [(26.0, "26"), (26.01, "26"), (26.5, "26.5"), (0.25, "0.2")] {
            assert_eq!(count(value), text);
        }
        assert_eq!((tenths(8.25), tenths(12345.6)), ("8.2".to_owned(), "12,346".to_owned()));
        assert_eq!(share(0.499), "0.50");
        assert_eq!((mib(4096.0), mib_of_bytes(1_572_864.0)), ("4.0".to_owned(), "1.5".to_owned()));
    }

    #[test]
    fn columns_without_a_value_are_left_out_and_so_is_a_table_without_rows() {
        let columns = [
            Column::new("who", |row: &(&str, Option<f64>)| Some(row.0.to_owned())),
            Column::number("much", whole, |row: &(&str, Option<f64>)| row.1),
            Column::number("none", whole, |_| None),
        ];
        let text = table(&[("a", Some(1000.0)), ("b", None)], &columns);
        assert_eq!(text, "| who | much |\n| --- | ---: |\n| a | 1,000 |\n| b |  |\n");
        assert_eq!(table(&[], &columns), "");
        let infinite = table(&[("a", Some(f64::INFINITY))], &columns);
        assert_eq!(infinite, "| who |\n| --- |\n| a |\n", "what is no number is no value");
    }
}
