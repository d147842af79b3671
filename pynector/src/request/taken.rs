//! Query names that come to be known late: what stands under them already is taken back.

use percent_encoding::utf8_percent_encode;

use crate::request::percent::VALUE;

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

#[cfg(test)]
mod tests {
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
}
