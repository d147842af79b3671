//! One parameter of a URL that is written already: read, or set to another value.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::percent_decode_str;

use crate::request::percent::Encoder;

/// The first value of the query parameter `name`, decoded; empty where it stands without one.
pub(crate) fn get<'u>(url: &'u str, name: &str) -> Option<Cow<'u, str>> {
    let (_, query) = url.split_once('?')?;
    let pair = query.split('&').find(|pair| is_of(pair, name))?;
    let value = pair.split_once('=').map_or("", |(_, value)| value);
    Some(percent_decode_str(value).decode_utf8_lossy())
}

/// `url` with `value` for the query parameter `name`, in the place of its first one, else at the end; others of the same
/// name are left out, and all else stays byte for byte.
pub(crate) fn set(url: &str, name: &str, value: &str) -> String {
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let mut out = String::with_capacity(url.len() + name.len() + value.len() + 2);
    out.push_str(path);
    let (mut separator, mut is_set) = ('?', false);
    for pair in query.filter(|query| !query.is_empty()).into_iter().flat_map(|query| query.split('&')) {
        if !is_of(pair, name) {
            out.push(separator);
            out.push_str(pair);
        } else if !is_set {
            is_set = true;
            out.push(separator);
            push(&mut out, name, value);
        } else {
            continue;
        }
        separator = '&';
    }
    if !is_set {
        out.push(separator);
        push(&mut out, name, value);
    }
    out
}

fn push(out: &mut String, name: &str, value: &str) {
    // Writing to a `String` does not fail.
    let _ = write!(Encoder(out), "{name}");
    out.push('=');
    let _ = write!(Encoder(out), "{value}");
}

/// Whether `pair` has this name, in whatever way that is encoded.
fn is_of(pair: &str, name: &str) -> bool {
    let own = pair.split_once('=').map_or(pair, |(own, _)| own);
    own == name || percent_decode_str(own).eq(name.bytes())
}

#[cfg(test)]
mod tests {
    use super::{get, set};

    #[test]
    fn a_parameter_is_replaced_where_it_stands_and_the_others_stay_as_they_are() {
        for (url, name, value, expected) in [
            ("http://h/p", "after", "x", "http://h/p?after=x"),
            ("http://h/p?", "after", "x", "http://h/p?after=x"),
            ("http://h/p?a=1", "after", "x", "http://h/p?a=1&after=x"),
            ("http://h/p?after=1&b=2", "after", "x", "http://h/p?after=x&b=2"),
            ("http://h/p?a=1&after=1&b=2", "after", "x", "http://h/p?a=1&after=x&b=2"),
            ("http://h/p?after", "after", "x", "http://h/p?after=x"),
            ("http://h/p?after=", "after", "x", "http://h/p?after=x"),
            ("http://h/p?after=1&after=2&c", "after", "x", "http://h/p?after=x&c"),
            ("http://h/p?c&after=1&after=2", "after", "x", "http://h/p?c&after=x"),
            ("http://h/p?%61fter=1", "after", "x", "http://h/p?after=x"),
            (
                "http://h/p?page%5Bafter%5D=1&q=a%20b+c%2C,",
                "page[after]",
                "x",
                "http://h/p?page%5Bafter%5D=x&q=a%20b+c%2C,",
            ),
            ("http://h/p?page[after]=1", "page[after]", "x", "http://h/p?page%5Bafter%5D=x"),
            ("http://h/p?after_x=1&xafter=2", "after", "x", "http://h/p?after_x=1&xafter=2&after=x"),
            ("http://h/p?a=after=1&&b", "after", "x", "http://h/p?a=after=1&&b&after=x"),
            ("http://h/p?q=?", "after", "x", "http://h/p?q=?&after=x"),
            ("http://h/p", "after", "a+b/c=d&e f\u{e9}%", "http://h/p?after=a%2Bb%2Fc%3Dd%26e%20f%C3%A9%25"),
            ("http://h/p?after=old", "after", "", "http://h/p?after="),
        ] {
            assert_eq!(set(url, name, value), expected, "{url} {name}");
            assert_eq!(get(expected, name).as_deref(), Some(value), "{expected} {name}");
        }
    }

    #[test]
    fn what_is_not_there_has_no_value() {
        for (url, value) in [
            ("http://h/page=3", None),
            ("http://h/p?pages=3", None),
            ("http://h/p?page", Some("")),
            ("http://h/p?page=3&page=4", Some("3")),
            ("http://h/p?x=page=3", None),
        ] {
            assert_eq!(get(url, "page").as_deref(), value, "{url}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_set_is_read_and_nothing_else_moves(
            pairs in proptest::collection::vec(("[a-z%=+]{0,6}", "[ -~]{0,6}"), 0..5),
            name in "[a-z\\[\\]]{1,8}", value in "\\PC{0,12}",
        ) {
            let query: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}={}", value.replace(['&', '#'], ""))).collect();
            let url = format!("http://h/p?{}", query.join("&"));
            let changed = set(&url, &name, &value);
            proptest::prop_assert_eq!(get(&changed, &name).unwrap(), value.as_str());
            proptest::prop_assert_eq!(set(&changed, &name, &value), changed.clone());
            let others = |url: &str| -> Vec<String> {
                url.split_once('?').unwrap().1.split('&').filter(|pair| !super::is_of(pair, &name) && !pair.is_empty()).map(str::to_owned).collect()
            };
            proptest::prop_assert_eq!(others(&url), others(&changed));
        }
    }
}
