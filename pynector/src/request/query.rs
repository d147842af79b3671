//! Query parameters, from any `Serialize` value into the buffer of the URL.

use std::fmt::{self, Write as _};

use percent_encoding::utf8_percent_encode;
use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::request::flat::{FlatError, Sink, flatten};
use crate::request::percent::{Encoder, VALUE};

/// Appends `value` under `name`; a map or struct goes under its own keys, but for those in `named`, which belong to
/// parameters of their own.
///
/// # Errors
///
/// Kind `Request` for a value without a flat form: nested lists, enum variants with data, floats that are no number.
pub(crate) fn append<T: Serialize + ?Sized>(
    (url, has_query): (&mut String, &mut bool),
    name: &str,
    value: &T,
    named: &[&str],
) -> Result<()> {
    flatten(&mut Query { url, started: has_query, own: name, named }, name, value)
        .map_err(|error| Error::new(ErrorKind::Request, format!("the query parameter `{name}`: {error}")))
}

struct Query<'a> {
    url: &'a mut String,
    started: &'a mut bool,
    own: &'a str,
    named: &'a [&'a str],
}

impl Query<'_> {
    fn key(&mut self, key: &str) -> Result<(), FlatError> {
        self.url.push(if *self.started { '&' } else { '?' });
        *self.started = true;
        write!(Encoder(self.url), "{key}").map_err(unprintable)
    }
}

impl Sink for Query<'_> {
    const REFUSES_MAPS: Option<&'static str> = None;

    fn item(&mut self, key: &str, value: fmt::Arguments<'_>) -> Result<(), FlatError> {
        self.key(key)?;
        self.url.push('=');
        Encoder(self.url).write_fmt(value).map_err(unprintable)
    }

    fn bare(&mut self, key: &str) -> Result<(), FlatError> {
        self.key(key)
    }

    fn takes(&self, key: &str) -> bool {
        // `named` lists every parameter, also the one that is this map: its own name is no other parameter's.
        key == self.own || !self.named.contains(&key)
    }
}

/// Takes the pairs under `names` out of the query behind `from` again, but for those under a name of `own`.
pub(crate) fn take_back(
    (url, has_query): (&mut String, &mut bool),
    from: usize,
    names: &[&str],
    own: &[&str],
) {
    let encoded = |name: &&str| utf8_percent_encode(name, VALUE).to_string();
    let names: Vec<String> = names.iter().filter(|name| !own.contains(name)).map(encoded).collect();
    let written = url.get(from..).unwrap_or_default().to_owned();
    url.truncate(from);
    let Some(pairs) = written.strip_prefix(['?', '&']) else { return };
    *has_query = written.starts_with('&');
    let key = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
    for pair in pairs.split('&').filter(|pair| !names.contains(&key(pair))) {
        url.push(if *has_query { '&' } else { '?' });
        url.push_str(pair);
        *has_query = true;
    }
}

/// A `Display` impl of the user's failed; the buffer itself cannot.
fn unprintable(_: fmt::Error) -> FlatError {
    FlatError("the value cannot be displayed".into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;

    use super::append;
    use crate::error::Result;

    fn query<T: Serialize>(value: T) -> Result<String> {
        let (mut url, mut has_query) = (String::new(), false);
        append((&mut url, &mut has_query), "q", &value, &["q", "own"])?;
        Ok(url)
    }

    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum Sort {
        MostRecent,
        By(&'static str),
    }

    #[derive(Serialize)]
    struct Filter {
        state: Option<&'static str>,
        labels: Vec<&'static str>,
        draft: (),
        own: u8,
    }

    #[derive(Serialize)]
    struct Id(u128);

    #[test]
    fn scalars_and_lists() {
        assert_eq!(query("a b+c&d=\u{e9}").unwrap(), "?q=a%20b%2Bc%26d%3D%C3%A9");
        assert_eq!(query("").unwrap(), "?q=");
        assert_eq!(query(Some(7)).unwrap(), "?q=7");
        assert_eq!(query(None::<u8>).unwrap(), "");
        assert_eq!(query(()).unwrap(), "?q");
        assert_eq!(query((1.0, 1.5f32, -2e300, true, 'x')).unwrap().split('&').count(), 5);
        assert_eq!(query(1.0).unwrap(), "?q=1");
        assert_eq!(query(0.1f32).unwrap(), "?q=0.1");
        assert_eq!(query(vec![Some(1), None, Some(3)]).unwrap(), "?q=1&q=3");
        assert_eq!(query(Vec::<u8>::new()).unwrap(), "");
        assert_eq!(query(Id(u128::MAX)).unwrap(), format!("?q={}", u128::MAX));
        assert_eq!(query(Sort::MostRecent).unwrap(), "?q=most-recent");
    }

    #[test]
    fn structs_maps_and_pairs_go_under_their_keys() {
        let filter = Filter { state: None, labels: vec!["a", "b"], draft: (), own: 1 };
        assert_eq!(query(&filter).unwrap(), "?labels=a&labels=b&draft");
        assert_eq!(query(BTreeMap::from([("k 1", Some(1)), ("l", None)])).unwrap(), "?k%201=1");
        assert_eq!(query(BTreeMap::from([(1, "x")])).unwrap(), "?1=x");
        assert_eq!(query(BTreeMap::from([("q", "rust"), ("own", "0")])).unwrap(), "?q=rust");
        assert_eq!(query(vec![("q", "rust")]).unwrap(), "?q=rust");
        assert_eq!(query(vec![("b", "2"), ("a", "1"), ("own", "0")]).unwrap(), "?b=2&a=1");
    }

    #[test]
    fn pairs_are_taken_back_by_name() {
        for (from, names, own, expected) in [
            ("?a=1&b%20c&a=2&d=3", vec!["a", "b c"], vec![], "?d=3"),
            ("?a=1&b=2", vec!["b"], vec![], "?a=1"),
            ("?a=1&b=2", vec!["a", "b"], vec![], ""),
            ("?a=1&b=2", vec!["a", "b"], vec!["b"], "?b=2"),
            ("&a=1&ab=2", vec!["a"], vec![], "&ab=2"),
            ("&a", vec!["a"], vec![], ""),
            ("", vec!["a"], vec![], ""),
        ] {
            let (mut url, mut has_query) = (format!("/p{from}"), true);
            super::take_back((&mut url, &mut has_query), 2, &names, &own);
            assert_eq!(url, format!("/p{expected}"), "{from}");
            let fixed = from.starts_with('&') || from.is_empty();
            assert_eq!(has_query, fixed || !expected.is_empty(), "{from}");
        }
    }

    #[test]
    fn what_has_no_flat_form_is_refused() {
        for (result, part) in [
            (query(f64::NAN), "NaN is not a number"),
            (query(f32::INFINITY), "inf is not a number"),
            (query(vec![vec![1]]), "nest"),
            (query(BTreeMap::from([("a", BTreeMap::from([("b", 1)]))])), "nest"),
            (query(Sort::By("x")), "variant"),
            (query(BTreeMap::from([((1, 2), 1)])), "nest"),
            (query(BTreeMap::from([((), 1)])), "keys of a map"),
        ] {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Request);
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}
