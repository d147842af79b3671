//! Guesses which of the allowed words was meant.

/// The candidate closest to `word`, if any is close enough to be a slip of the finger.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether one name was probably meant by the other: a slip, or `id` for `user_id`.
pub(crate) fn related(left: &str, right: &str) -> bool {
    let part_of = |whole: &str, part: &str| {
        whole.strip_suffix(part).is_some_and(|head| head.ends_with('_'))
            || whole.strip_prefix(part).is_some_and(|tail| tail.starts_with('_'))
    };
    closest(left, [right]).is_some() || part_of(left, right) || part_of(right, left)
}

/// `` `a`, `b`, `c` ``.
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// The edit distance of two words; swapping two neighbours counts once.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    let mut last = None;
    for (row, from) in left.chars().enumerate() {
        let mut line = vec![row + 1];
        for (column, &to) in right.iter().enumerate() {
            let cell = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX - 1);
            let replaced = cell(&above, column) + usize::from(from != to);
            let mut best = replaced.min(cell(&above, column + 1) + 1).min(cell(&line, column) + 1);
            let swapped = column > 0 && last == Some(to) && right.get(column - 1) == Some(&from);
            if swapped {
                best = best.min(cell(&before, column - 1) + 1);
            }
            line.push(best);
        }
        before = std::mem::replace(&mut above, line);
        last = Some(from);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let table =
            [("", "", 0), ("a", "", 1), ("", "ab", 2), ("timout", "timeout", 1), ("tiemout", "timeout", 1)];
        for (left, right, expected) in table {
            assert_eq!(distance(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn a_slip_is_guessed_and_a_stranger_is_not() {
        assert_eq!(closest("timout", ["retry", "timeout", "timeouts"]), Some("timeout"));
        assert_eq!(closest("Timeout", ["retry", "timeout"]), Some("timeout"));
        assert_eq!(closest("proxy", ["retry", "timeout"]), None);
        assert_eq!(closest("x", ["retry", "y"]), Some("y"));
    }

    #[test]
    fn related_names() {
        assert!(related("usr", "user"));
        assert!(related("id", "user_id"));
        assert!(related("user_id", "id"));
        assert!(!related("id", "valid"));
        assert!(!related("owner", "page"));
    }
}
