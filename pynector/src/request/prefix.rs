//! Path values that a client has for all of its calls: what fills the placeholders of a shared prefix.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::request::base::BaseUrl;
use crate::request::percent::Encoder;
use crate::request::template::{Frame, Target, Template};

/// Names and values, shared by the clones of a client; encoded once, when they are given.
#[derive(Clone, Default)]
pub(crate) struct PathValues(Option<Arc<[(&'static str, Encoded)]>>);

/// A value as it stands in a URL; `None` if it cannot be displayed, which is an error where it is needed.
pub(crate) type Encoded = Option<Box<str>>;

/// Names only: a tenant or an account may be nobody's business.
impl fmt::Debug for PathValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().flat_map(|values| values.iter()).map(|(name, _)| name);
        f.debug_set().entries(names).finish()
    }
}

impl PathValues {
    /// These values and one more, which replaces one of its name.
    pub(crate) fn with(&self, name: &'static str, value: &dyn fmt::Display) -> Self {
        let mut encoded = String::new();
        let encoded = write!(Encoder(&mut encoded), "{value}").is_ok().then(|| encoded.into_boxed_str());
        let others = self.0.iter().flat_map(|values| values.iter()).filter(|(other, _)| *other != name);
        Self(Some(others.cloned().chain([(name, encoded)]).collect()))
    }

    /// The value that `name` has here.
    pub(crate) fn get(&self, name: &str) -> Option<&Encoded> {
        self.0.as_deref()?.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Checks that these values fill the placeholders of `prefix`.
    ///
    /// # Errors
    ///
    /// Kind `Config` if one is missing or empty, or makes a segment that is `.` or `..`.
    pub(crate) fn check(&self, base: &BaseUrl, prefix: &'static str) -> Result<()> {
        let frame = Frame { base, template: &Template::parse(prefix), given: self };
        Target::new(frame).finish_path(frame).map_err(|error| {
            Error::config("prefix", format_args!("{prefix:?}"), format!("get values that fit: {error}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_later_value_replaces_an_earlier_one() {
        let first = PathValues::default().with("a", &"1/2").with("b", &2);
        let second = first.with("a", &"\u{e9}");
        assert_eq!(format!("{second:?}"), r#"{"b", "a"}"#);
        let text = |values: &PathValues, name| values.get(name).cloned().flatten().map(String::from);
        assert_eq!(text(&first, "a").as_deref(), Some("1%2F2"));
        assert_eq!(text(&second, "a").as_deref(), Some("%C3%A9"));
        assert_eq!(text(&second, "b").as_deref(), Some("2"));
        assert_eq!(second.get("c"), None);
    }

    #[test]
    fn a_prefix_is_checked_with_its_values() {
        let base = BaseUrl::parse("http://h/api").unwrap();
        for (prefix, value, expected) in [
            ("/v2/{a}", "x", None),
            ("/v2/{a}/{a}", "..x", None),
            ("/v{a}", ".", None),
            ("/v2/{a}", "", Some("`a` is empty")),
            ("/v2/{a}", "..", Some("must not be `..`")),
            ("/{a}/v2", ".", Some("must not be `.`")),
            ("/{b}", "x", Some("`b` was not given")),
        ] {
            let checked = PathValues::default().with("a", &value).check(&base, prefix);
            let Some(expected) = expected else {
                assert!(checked.is_ok(), "{prefix} {value}: {checked:?}");
                continue;
            };
            let error = checked.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains(expected), "{prefix} {value}: {error}");
        }
    }
}
