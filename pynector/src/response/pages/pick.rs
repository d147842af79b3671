//! One value out of a JSON body by its path; everything beside the path is skipped, not built.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};

/// What `then` makes of the value at `path`, if there is one.
///
/// A path is keys with dots between them; `[-1]` is the last element of a list, and `null` has nothing inside. A key that
/// is all of the path itself is meant before the one in front of its first dot.
#[derive(Clone, Copy)]
pub(super) struct At<'p, S> {
    pub(super) path: &'p str,
    pub(super) then: S,
}

/// The first step of a path.
#[derive(Clone, Copy)]
enum Step<'p> {
    Last,
    Key(&'p str),
}

const LAST: &str = "[-1]";

impl<'p, S> At<'p, S> {
    /// The first step, and the path behind it.
    fn step(&self) -> (Step<'p>, &'p str) {
        let (step, rest) = if let Some(rest) = self.path.strip_prefix(LAST) {
            (Step::Last, rest)
        } else {
            let (key, rest) = self.path.split_at(self.path.find(['.', '[']).unwrap_or(self.path.len()));
            (Step::Key(key), rest)
        };
        (step, rest.strip_prefix('.').unwrap_or(rest))
    }

    fn behind(self, path: &'p str) -> Self {
        Self { path, ..self }
    }
}

impl<'de, S: DeserializeSeed<'de> + Copy> DeserializeSeed<'de> for At<'_, S> {
    type Value = Option<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.path.is_empty() {
            return self.then.deserialize(deserializer).map(Some);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: DeserializeSeed<'de> + Copy> Visitor<'de> for At<'_, S> {
    type Value = Option<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step().0 {
            Step::Last => write!(f, "a list for `{}`", self.path),
            Step::Key(_) => write!(f, "an object with `{}`", self.path),
        }
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (Step::Key(first), rest) = self.step() else {
            return Err(A::Error::invalid_type(Unexpected::Map, &self));
        };
        let (mut meant, mut found) = (false, None);
        while let Some(key) = map.next_key::<Key<'de>>()? {
            if key.0 == self.path {
                (meant, found) = (true, map.next_value_seed(self.behind(""))?);
            } else if key.0 == first && !meant {
                found = map.next_value_seed(self.behind(rest))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let (Step::Last, rest) = self.step() else {
            return Err(A::Error::invalid_type(Unexpected::Seq, &self));
        };
        let mut found = None;
        while let Some(value) = list.next_element_seed(self.behind(rest))? {
            found = value;
        }
        Ok(found)
    }
}

/// A key, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'k>(#[serde(borrow)] Cow<'k, str>);

#[cfg(test)]
mod tests {
    use std::marker::PhantomData;

    use serde::de::DeserializeSeed as _;
    use serde_json::value::RawValue;

    use super::At;

    fn raw<'b>(path: &str, body: &'b str) -> Result<Option<&'b str>, String> {
        let mut codec = serde_json::Deserializer::from_str(body);
        let at = At { path, then: PhantomData::<&RawValue> };
        at.deserialize(&mut codec).map(|found| found.map(RawValue::get)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_path_leads_to_its_value_as_it_is_written() {
        for (path, body, expected) in [
            ("next", r#"{"a":[1,{"next":2}],"next":1.50}"#, Some("1.50")),
            ("meta.next", r#"{"next":1,"meta":{"next":"x","z":null}}"#, Some("\"x\"")),
            ("a.b.c", r#"{"a":{"b":{"c":18446744073709551616}}}"#, Some("18446744073709551616")),
            ("next", r#"{"next":null}"#, Some("null")),
            ("next", "{}", None),
            ("meta.next", r#"{"meta":null}"#, None),
            ("meta.next", r#"{"meta":{}}"#, None),
            ("next", "null", None),
            ("data[-1].id", r#"{"data":[{"id":1},{"id":2}]}"#, Some("2")),
            ("data[-1].id", r#"{"data":[{"id":1},{"x":2}]}"#, None),
            ("data[-1].id", r#"{"data":[]}"#, None),
            ("[-1].id", r#"[{"id":1},{"id":{"a":2}}]"#, Some(r#"{"a":2}"#)),
            ("data[-1]", r#"{"data":["a","b"]}"#, Some("\"b\"")),
            ("@odata.nextLink", r#"{"@odata.nextLink":"u"}"#, Some("\"u\"")),
            ("a.@o.n", r#"{"a":{"@o":{"n":1},"@o.n":2}}"#, Some("2")),
            ("a.b", r#"{"a.b":2,"a":{"b":1}}"#, Some("2")),
            ("n\u{e9}xt", r#"{"n\u00e9xt":7}"#, Some("7")),
            ("next", r#"{"next":1,"next":2}"#, Some("2")),
        ] {
            assert_eq!(raw(path, body), Ok(expected), "{path} {body}");
        }
    }

    #[test]
    fn what_has_no_such_inside_says_what_was_expected() {
        for (path, body, part) in [
            ("meta.next", r#"{"meta":"x"}"#, "expected an object with `next`"),
            ("meta.next", r#"{"meta":[]}"#, "invalid type: sequence, expected an object with `next`"),
            ("data[-1].id", r#"{"data":{}}"#, "invalid type: map, expected a list for `[-1].id`"),
            ("next", "[1]", "expected an object with `next`"),
            ("next", "7", "expected an object with `next`"),
            ("next", r#"{"next":"#, "EOF"),
        ] {
            let error = raw(path, body).unwrap_err();
            assert!(error.contains(part), "{path} {body}: {error}");
        }
    }
}
