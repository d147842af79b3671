//! Whatever is bound, it comes out of the URL and the headers as it went in, and at its own place.

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use url::Url;

use super::base::BaseUrl;
use super::header::Headers;
use super::prefix::PathValues;
use super::query::{Form, Named, Query};
use super::style::QueryStyle;
use super::template::{Frame, Target, Template};
use super::{cookie, header};
use crate::error::Result;
use crate::policy::testing::proptest_config;

/// Text of all kinds: anything, and what means something in a URL, a header or a cookie.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[./%2eE\\\\]{0,5}", "[a-z&=?#;,+ |\\[\\]%\"\r\n]{0,8}", "[a-z0-9é]{1,4}"]
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn is_dots(segment: &str) -> bool {
    matches!(decoded(segment).as_str(), "." | "..")
}

/// The path segments below `http://h/v2`, decoded, as another parser sees them.
fn segments(url: &str) -> Vec<String> {
    let url = Url::parse(url).unwrap();
    assert_eq!((url.host_str(), url.query(), url.fragment(), url.username()), (Some("h"), None, None, ""));
    let mut segments = url.path_segments().unwrap().map(decoded);
    assert_eq!(segments.next().as_deref(), Some("v2"));
    segments.collect()
}

type Values<'a> = &'a [(&'static str, Option<&'a str>)];

fn path(template: &'static str, values: Values<'_>, encoded: bool) -> Result<String> {
    let (base, template) = (&BaseUrl::parse("http://h/v2")?, &Template::parse(template));
    let frame = Frame { base, template, given: &PathValues::default() };
    let mut target = Target::new(frame);
    for (name, value) in values {
        match value {
            Some(value) => target.bind(frame, name, value, encoded)?,
            None => target.leave_out(frame, name)?,
        }
    }
    target.finish_path(frame)?;
    Ok(target.take_uri(frame)?.to_string())
}

/// The pairs of a query, decoded, as another parser sees them.
fn pairs<T: serde::Serialize>(value: &T, form: Form) -> Result<(String, Vec<(String, String)>)> {
    let (mut url, mut has_query) = ("http://h/v2/x".to_owned(), false);
    Query::new((&mut url, &mut has_query), "q", Named::default(), form).append(value)?;
    let parsed = Url::parse(&url).unwrap();
    assert_eq!((parsed.host_str(), parsed.path(), parsed.fragment()), (Some("h"), "/v2/x", None));
    let pairs = parsed.query_pairs().into_owned().collect();
    Ok((parsed.query().unwrap_or_default().to_owned(), pairs))
}

proptest! {
    #![proptest_config(proptest_config(1500))]

    #[test]
    fn a_path_value_comes_out_as_it_went_in(
        a in text(), b in text(), c in text(), d in proptest::option::of(text()), rest in text(),
    ) {
        let values = [("d", d.as_deref()), ("a", Some(&*a)), ("b", Some(&b)), ("c", Some(&c)), ("rest", Some(&rest))];
        let written = path("/{d?}/{a}/{b}{c}/x/{*rest}", &values, false);
        let both = format!("{b}{c}");
        let mut expected: Vec<&str> = d.as_deref().into_iter().chain([&*a, &both, "x"]).collect();
        expected.extend(rest.split('/'));
        let fits = !b.is_empty() && !c.is_empty() && expected.iter().all(|segment| !segment.is_empty() && !matches!(*segment, "." | ".."));
        prop_assert_eq!(written.is_ok(), fits, "{:?}", written);
        if let Ok(url) = written {
            prop_assert_eq!(segments(&url), expected);
        }
    }

    #[test]
    fn an_encoded_path_value_keeps_its_meaning(a in text(), b in text()) {
        let written = path("/x/{a}{b}/y", &[("a", Some(&a)), ("b", Some(&b))], true);
        // An escape may not be made of two values: the end of the first is escaped by itself.
        let (ends, both) = (decoded(&a), format!("{}{}", path_text(&a), path_text(&b)));
        let fits = [&a, &b].iter().all(|value| value.split('/').all(|segment| !segment.is_empty()))
            && both.split('/').all(|segment| !is_dots(segment));
        prop_assert_eq!(written.is_ok(), fits, "{:?}", written);
        if let Ok(url) = written {
            let found = segments(&url);
            let expected: Vec<String> = ["x"].into_iter().chain(both.split('/')).chain(["y"]).map(decoded).collect();
            prop_assert_eq!(&found, &expected);
            prop_assert!(found.join("/").contains(&ends));
        }
    }

    #[test]
    fn a_query_comes_out_as_it_went_in(entries in proptest::collection::vec((text(), text()), 0..4)) {
        let (_, found) = pairs(&entries, Form::default()).unwrap();
        prop_assert_eq!(found, entries);
    }

    #[test]
    fn a_list_has_as_many_items_as_it_was_given(items in proptest::collection::vec(text(), 1..4)) {
        for (style, separator) in [(QueryStyle::Csv, ","), (QueryStyle::Space, "%20"), (QueryStyle::Pipe, "%7C")] {
            let Ok((query, _)) = pairs(&items, Form { style, encoded: false }) else {
                prop_assert!(style != QueryStyle::Csv && items.iter().any(|item| item.contains([' ', '|'])));
                continue;
            };
            let list = query.strip_prefix("q=").unwrap();
            prop_assert_eq!(list.split(separator).map(decoded).collect::<Vec<_>>(), &items[..], "{:?}", style);
        }
        for (style, name) in [(QueryStyle::Repeat, "q"), (QueryStyle::Brackets, "q[]"), (QueryStyle::Dots, "q")] {
            let (_, found) = pairs(&items, Form { style, encoded: false }).unwrap();
            let expected: Vec<_> = items.iter().map(|item| (name.to_owned(), item.clone())).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_nested_key_stays_in_its_brackets(key in text(), inner in text(), value in text()) {
        let nested = [(&key, [(&inner, &value)])];
        let both = format!("{key}{inner}");
        let deep = pairs(&nested, Form { style: QueryStyle::DeepObject, encoded: false });
        prop_assert_eq!(deep.is_ok(), !both.contains(['[', ']']));
        if let Ok((_, found)) = deep {
            prop_assert_eq!(found, [(format!("q[{key}][{inner}]"), value.clone())]);
        }
        let dots = pairs(&nested, Form { style: QueryStyle::Dots, encoded: false });
        prop_assert_eq!(dots.is_ok(), !both.contains('.'));
        if let Ok((_, found)) = dots {
            prop_assert_eq!(found, [(format!("q.{key}.{inner}"), value)]);
        }
    }

    #[test]
    fn an_encoded_query_value_keeps_its_meaning(value in text()) {
        let (query, _) = pairs(&value, Form { encoded: true, ..Form::default() }).unwrap();
        let found = query.strip_prefix("q=").unwrap();
        prop_assert!(!found.contains(['&', '=', '+', '#']));
        prop_assert_eq!(decoded(found), decoded(&value));
    }

    #[test]
    fn cookies_are_as_many_as_were_bound(values in proptest::collection::vec(text(), 1..4)) {
        let mut headers = Headers::default();
        let bound = values.iter().try_for_each(|value| cookie::append(&mut headers, "c", value));
        if bound.is_ok() {
            let map = headers.to_map();
            let expected: Vec<_> = values.iter().map(|value| format!("c={value}")).collect();
            prop_assert_eq!(map.len(), 1);
            prop_assert_eq!(map["cookie"].to_str().unwrap().split("; ").collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn a_header_is_one_line_of_what_was_given(name in text(), value in text()) {
        let mut headers = Headers::default();
        if header::append_all(&mut headers, &[(&name, &value)]).is_ok() {
            let map = headers.to_map();
            let (found, text) = map.iter().next().unwrap();
            prop_assert_eq!(map.len(), 1);
            prop_assert_eq!((found.as_str(), text.as_bytes()), (&*name.to_ascii_lowercase(), value.as_bytes()));
            prop_assert!(!value.contains(['\r', '\n', '\0']));
        }
    }
}

/// What an encoded value is once its bare `%` is escaped, so that two of them can stand side by side.
fn path_text(value: &str) -> String {
    let mut out = String::new();
    super::percent::push_encoded_segments(&mut out, value);
    out
}
