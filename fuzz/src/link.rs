//! Link headers: a naive twin by the words of RFC 8288 finds the same target, which stands in the header as it is.

#[allow(dead_code, reason = "the file is here whole")]
#[path = "../../pynector/src/response/pages/link.rs"]
mod real;

use self::real::target;

/// Each line is the value of one header.
pub fn run(data: &[u8]) {
    let values: Vec<_> = data.split(|byte| *byte == b'\n').collect();
    for relation in ["next", "prev"] {
        let found = target(values.iter().copied(), relation);
        assert_eq!(found, naive(&values, relation), "rel={relation}");
        let Some(found) = found.filter(|found| !found.is_empty()) else { continue };
        let stands = |value: &&[u8]| value.windows(found.len()).any(|part| part == found.as_bytes());
        assert!(values.iter().any(stands), "{found:?} is made up");
    }
    // Whatever follows a link changes nothing of it, and what ends before one does not hide it.
    let first = [b"<first>; rel=\"x NEXT\",", values[0]].concat();
    assert_eq!(target([&*first], "next"), Some("first"));
    let quoted: Vec<_> = values[0].iter().flat_map(|byte| [b'\\', *byte]).collect();
    let title = [b"<other>; title=\"", &*quoted, b"\"; rel=prev, <n>; rel=next"].concat();
    assert_eq!(target([&*title], "next"), Some("n"));
}

fn naive<'v>(values: &[&'v [u8]], relation: &str) -> Option<&'v str> {
    values.iter().find_map(|value| Reader { value, at: 0 }.find(relation))
}

struct Reader<'v> {
    value: &'v [u8],
    at: usize,
}

impl<'v> Reader<'v> {
    fn find(mut self, relation: &str) -> Option<&'v str> {
        loop {
            self.until(|byte| !b" \t,".contains(&byte));
            self.take(b'<')?;
            let target = self.until(|byte| byte == b'>');
            self.take(b'>')?;
            let (mut relations, mut is_anchored) = (None, false);
            loop {
                self.spaces();
                if self.take(b';').is_none() {
                    break;
                }
                let (name, value) = self.parameter();
                match &*name.to_ascii_lowercase() {
                    b"rel" if relations.is_none() => relations = Some(value),
                    b"anchor" => is_anchored = true,
                    _ => {}
                }
            }
            self.until(|byte| byte == b',');
            let names = String::from_utf8_lossy(relations.unwrap_or_default()).to_ascii_lowercase();
            let has = names.split([' ', '\t', '\n', '\x0c', '\r']).any(|own| own == relation);
            if let (true, false, Ok(target)) = (has, is_anchored, std::str::from_utf8(target)) {
                return Some(target.trim_matches([' ', '\t']));
            }
        }
    }

    fn parameter(&mut self) -> (&'v [u8], &'v [u8]) {
        self.spaces();
        let name = self.until(|byte| b" \t=;,".contains(&byte));
        self.spaces();
        if self.take(b'=').is_none() {
            return (name, b"");
        }
        self.spaces();
        if self.take(b'"').is_none() {
            return (name, self.until(|byte| b" \t;,".contains(&byte)));
        }
        let start = self.at;
        while let Some(byte) = self.value.get(self.at).filter(|byte| **byte != b'"') {
            self.at += if *byte == b'\\' { 2 } else { 1 };
        }
        self.at = self.at.min(self.value.len());
        let value = &self.value[start..self.at];
        let _ = self.take(b'"');
        (name, value)
    }

    fn spaces(&mut self) {
        self.until(|byte| !b" \t".contains(&byte));
    }

    fn until(&mut self, ends: impl Fn(u8) -> bool) -> &'v [u8] {
        let start = self.at;
        while self.value.get(self.at).is_some_and(|byte| !ends(*byte)) {
            self.at += 1;
        }
        &self.value[start..self.at]
    }

    fn take(&mut self, wanted: u8) -> Option<()> {
        (self.value.get(self.at) == Some(&wanted)).then(|| self.at += 1)
    }
}
