//! Sizes such as `"1000B"`, `"64KiB"`, `"64MiB"`, `"1GiB"`.

/// The units, and how far each shifts a number.
const UNITS: [(&str, u32); 4] = [("B", 0), ("KiB", 10), ("MiB", 20), ("GiB", 30)];

/// What a size looks like, for messages.
const EXAMPLES: &str = "write `\"1000B\"`, `\"64KiB\"`, `\"64MiB\"` or `\"1GiB\"`";

/// Reads a size in bytes, or says what is wrong with it.
pub(super) fn parse(text: &str) -> Result<u64, String> {
    if text.is_empty() {
        return Err(format!("a size is missing: {EXAMPLES}"));
    }
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    if number.is_empty() || unit.contains(|c: char| !c.is_alphabetic()) {
        return Err(format!("`{text}` is not a size: {EXAMPLES}"));
    }
    if unit.is_empty() {
        return Err(format!("`{text}` lacks a unit: write `{text}B` or `{text}MiB`"));
    }
    let Some((_, shift)) = UNITS.iter().find(|(known, _)| *known == unit) else {
        return Err(unknown(unit));
    };
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
    // The largest number means no limit where the value is used, which is written `none`.
    bytes.filter(|bytes| *bytes < u64::MAX).ok_or(format!("`{text}` is too large: `none` is no limit at all"))
}

/// Units of thousands are another size than those of 1024, so that nothing is guessed silently.
fn unknown(unit: &str) -> String {
    let letter = unit.chars().next().map(|letter| letter.to_ascii_lowercase());
    let meant = UNITS
        .iter()
        .find(|(known, _)| known.chars().next().map(|letter| letter.to_ascii_lowercase()) == letter);
    match meant {
        Some((meant, _)) => {
            format!(
                "`{unit}` is not a unit of size: did you mean `{meant}`? The units are `B`, `KiB`, `MiB`, `GiB`"
            )
        }
        None => format!("`{unit}` is not a unit of size: the units are `B`, `KiB`, `MiB`, `GiB`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let table = [
            ("0B", 0),
            ("1000B", 1000),
            ("64KiB", 64 << 10),
            ("64MiB", 64 << 20),
            ("1GiB", 1 << 30),
            ("18446744073709551614B", u64::MAX - 1),
        ];
        for (text, bytes) in table {
            assert_eq!(parse(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn mistakes() {
        let table = [
            ("", "missing"),
            ("64", "lacks a unit: write `64B` or `64MiB`"),
            ("MiB", "not a size"),
            ("1.5MiB", "not a size"),
            ("-1B", "not a size"),
            ("64 MiB", "not a size"),
            ("64MB", "`MB` is not a unit of size: did you mean `MiB`?"),
            ("64k", "did you mean `KiB`?"),
            ("64gib", "did you mean `GiB`?"),
            ("1TiB", "`TiB` is not a unit of size: the units are"),
            ("18446744073709551615B", "too large"),
            ("18446744073709551616B", "too large"),
            ("17179869184GiB", "too large"),
        ];
        for (text, expected) in table {
            let complaint = parse(text).expect_err(text);
            assert!(complaint.contains(expected), "{text}: {complaint}");
        }
    }
}
