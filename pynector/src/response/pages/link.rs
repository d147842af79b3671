//! The `Link` header (RFC 8288 §3), read as its appendix B says: from bytes to targets, with no allocation.

/// The target of the first link with the relation `relation` in the values of a response's `Link` headers.
///
/// Relations are compared without case (§2.1.1). Links with an `anchor` say something of another resource, and are passed
/// over (§3.2); so are links whose target is no UTF-8, and all that stands behind what is no link in a value.
pub(crate) fn target<'v>(values: impl IntoIterator<Item = &'v [u8]>, relation: &str) -> Option<&'v str> {
    values.into_iter().flat_map(Links).find(|link| link.has(relation)).map(|link| link.target)
}

/// One link of a header.
#[derive(Debug)]
struct Link<'v> {
    target: &'v str,
    /// Of the first `rel`, in quotes or without them; no relation needs an escape.
    relations: &'v [u8],
    is_anchored: bool,
}

impl Link<'_> {
    fn has(&self, relation: &str) -> bool {
        let mut relations = self.relations.split(u8::is_ascii_whitespace);
        !self.is_anchored && relations.any(|own| own.eq_ignore_ascii_case(relation.as_bytes()))
    }
}

/// What is left of a value.
struct Links<'v>(&'v [u8]);

impl<'v> Iterator for Links<'v> {
    type Item = Link<'v>;

    fn next(&mut self) -> Option<Link<'v>> {
        loop {
            let start = self.0.iter().position(|byte| !is_space(*byte) && *byte != b',')?;
            let inside = self.0.get(start..)?.strip_prefix(b"<")?;
            let (target, rest) = cut(inside, |byte| byte == b'>');
            self.0 = rest.get(1..)?;
            let link = self.parameters(target);
            // What stands behind the parameters belongs to nothing.
            self.0 = cut(self.0, |byte| byte == b',').1;
            if let Some(link) = link {
                return Some(link);
            }
        }
    }
}

impl<'v> Links<'v> {
    /// Reads the parameters of a link; nothing if its target cannot be followed.
    fn parameters(&mut self, target: &'v [u8]) -> Option<Link<'v>> {
        let (mut relations, mut is_anchored) = (None, false);
        while let Some(rest) = trimmed(self.0).strip_prefix(b";") {
            let (name, rest) = cut(trimmed(rest), |byte| is_space(byte) || b"=;,".contains(&byte));
            let rest = trimmed(rest);
            let value;
            (value, self.0) = match rest.strip_prefix(b"=") {
                Some(rest) => value_of(trimmed(rest)),
                None => (&b""[..], rest),
            };
            if name.eq_ignore_ascii_case(b"rel") {
                relations.get_or_insert(value);
            } else if name.eq_ignore_ascii_case(b"anchor") {
                is_anchored = true;
            }
        }
        let target = std::str::from_utf8(target).ok()?;
        Some(Link {
            target: target.trim_matches([' ', '\t']),
            relations: relations.unwrap_or_default(),
            is_anchored,
        })
    }
}

/// The value that stands at the start, without its quotes, and the rest. A quote that is not closed reaches to the end.
fn value_of(text: &[u8]) -> (&[u8], &[u8]) {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        return cut(text, |byte| is_space(byte) || b";,".contains(&byte));
    };
    let mut is_escaped = false;
    let (value, rest) = cut(quoted, |byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    (value, rest.get(1..).unwrap_or_default())
}

/// Splits in front of the first byte that ends it, or at the end.
fn cut(text: &[u8], ends: impl FnMut(u8) -> bool) -> (&[u8], &[u8]) {
    let mut ends = ends;
    text.split_at(text.iter().position(|byte| ends(*byte)).unwrap_or(text.len()))
}

fn trimmed(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !is_space(*byte)).unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

/// Optional whitespace (RFC 9110 §5.6.3).
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::target;

    fn next(values: &[&str]) -> Option<String> {
        target(values.iter().map(|value| value.as_bytes()), "next").map(str::to_owned)
    }

    #[test]
    fn the_next_link_is_found_wherever_it_stands() {
        for (value, expected) in [
            ("<https://h/?page=2>; rel=\"next\"", "https://h/?page=2"),
            ("<a>;rel=next", "a"),
            ("<a>; rel=next,<b>; rel=next", "a"),
            ("<l>; rel=\"last\", <n>; rel=\"next\"", "n"),
            ("<p>;rel=prev;title=\"a, <b>; rel=next\", <n>;rel=next", "n"),
            ("<p>;title=\"q\\\", <x>; rel=next\";rel=prev,<n>;rel=next", "n"),
            ("<p>;title=\"\\\\\", <n>;rel=next", "n"),
            ("<n>; rel=\"prefetch NEXT\"", "n"),
            ("<n>; REL = \"Next\"", "n"),
            ("<n> ; rel\t=\tnext ; title=x", "n"),
            (", ,<n>;rel=next,", "n"),
            ("<a,b;c>; rel=next", "a,b;c"),
            ("<>; rel=next", ""),
            ("<n>;;rel=next", "n"),
            ("<n>;rel=next;rel=prev", "n"),
            ("<p>; rel=prev junk, <n>; rel=next", "n"),
            ("<n>; title; rel=next", "n"),
            ("<n>; rel*=UTF-8''prev; rel=next", "n"),
            ("<n>; rel=\"next", "n"),
        ] {
            assert_eq!(next(&[value]).as_deref(), Some(expected), "{value}");
            assert_eq!(
                next(&["<x>; rel=prev", value]).as_deref(),
                Some(expected),
                "{value} in a second header"
            );
        }
    }

    #[test]
    fn what_is_no_next_link_is_none() {
        for value in [
            "",
            ",",
            "<n>",
            "<n>; rel",
            "<n>; rel=",
            "<n>; rel=\"\"",
            "<n>; rel=prev; rel=next",
            "<n>; rel=next2",
            "<n>; rel=\"https://example.com/next\"",
            "<n>; rel*=UTF-8''next",
            "<n>; rev=next",
            "<n>; rel=next; anchor=\"#part\"",
            "<n>; anchor=\"\"; rel=next",
            "<n; rel=next",
            "n>; rel=next",
            "junk, <n>; rel=next",
            "<n>; title=\"x; rel=next",
            "<n> rel=next",
        ] {
            assert_eq!(next(&[value]), None, "{value}");
        }
    }

    #[test]
    fn a_target_that_is_no_text_is_passed_over() {
        let values: [&[u8]; 2] = [b"<\xff>; rel=next, <a>; rel=last", b"<n>; rel=next; title=\xe9"];
        assert_eq!(target(values, "next"), Some("n"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_to_an_end(value in proptest::collection::vec(proptest::sample::select(b"<>;,=\" \\\trelnextanchor*\xff".to_vec()), 0..60)) {
            let found = target([value.as_slice()], "next");
            proptest::prop_assert!(found.is_none_or(|found| found.len() <= value.len()));
        }

        #[test]
        fn a_link_between_any_others_is_found(title in "[ -!#-\\[\\]-~]{0,20}", rel in "[a-z]{1,8}") {
            proptest::prop_assume!(rel != "next");
            let value = format!("<a>; title=\"{title}\"; rel={rel}, <n>; title=\"{title}\"; rel=\"{rel} next\"");
            proptest::prop_assert_eq!(target([value.as_bytes()], "next"), Some("n"));
        }
    }
}
