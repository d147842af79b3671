//! Each status belongs to one variant: a number wins over a range, and everything else is a contradiction.

use crate::diagnostics::Diagnostics;
use crate::model::{StatusRange, Statuses};

/// What the statuses of one variant are, and the variant's name.
pub(crate) type Named<'a> = (String, &'a Statuses);

/// The numbers that stand alone, which win over the ranges around them.
pub(crate) fn singles(variants: &[Named<'_>]) -> Vec<u16> {
    all(variants).filter(|(_, range)| range.is_single()).map(|(_, range)| range.first).collect()
}

/// Reports what two variants claim, and what no response of an error can have.
pub(crate) fn check(variants: &[Named<'_>], errors: &Diagnostics) {
    let singles = singles(variants);
    for (at, (name, range)) in all(variants).enumerate() {
        let before = all(variants).take(at);
        let rival = before.filter(|(_, other)| other.is_single() == range.is_single());
        let message = if let Some((owner, other)) = rival.into_iter().find(|(_, other)| other.overlaps(range))
        {
            claimed(owner, other, range)
        } else if (200..=299).contains(&range.first) && range.last <= 299 {
            format!("{} is a success, and no error: leave it out", written(range))
        } else if !range.is_single() && range.without(&singles).is_empty() {
            format!(
                "every status of {} has a variant of its own, so `{name}` would get none: leave it out",
                written(range)
            )
        } else {
            continue;
        };
        errors.error(range.span, message);
    }
}

fn claimed(owner: &str, other: StatusRange, range: StatusRange) -> String {
    if range.is_single() {
        return format!("{} belongs to `{owner}` already: leave it out at one of the two", range.first);
    }
    let first = range.first.max(other.first);
    format!(
        "this overlaps {} of `{owner}`: {first} would belong to both; let one end before the other",
        written(other)
    )
}

fn written(range: StatusRange) -> String {
    if range.is_single() { range.first.to_string() } else { format!("{}..={}", range.first, range.last) }
}

fn all<'a>(variants: &'a [Named<'_>]) -> impl Iterator<Item = (&'a str, StatusRange)> {
    variants
        .iter()
        .flat_map(|(name, statuses)| statuses.ranges.iter().map(move |range| (name.as_str(), *range)))
}
