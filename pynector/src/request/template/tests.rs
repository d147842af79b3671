//! Tables over templates and hostile values.

use super::Target;
use crate::error::{ErrorKind, Result};
use crate::request::base::BaseUrl;

fn url(base: &str, template: &'static str, values: &[(&'static str, &str)]) -> Result<String> {
    let mut target = Target::new(&BaseUrl::parse(base)?, template);
    for (name, value) in values {
        target.bind(name, value)?;
    }
    target.finish_path()?;
    Ok(target.into_url())
}

#[test]
fn the_base_keeps_its_prefix_and_gets_one_slash() {
    for (base, template, expected) in [
        ("http://h", "/x", "http://h/x"),
        ("http://h/", "/x", "http://h/x"),
        ("http://h/v2", "/x", "http://h/v2/x"),
        ("http://h/v2/", "x", "http://h/v2/x"),
        ("http://h/v2/", "", "http://h/v2"),
        ("http://h", "", "http://h/"),
        ("http://h", "/", "http://h/"),
        ("http://h", "?a=1", "http://h/?a=1"),
        ("http://h/v2", "?a=1", "http://h/v2?a=1"),
    ] {
        assert_eq!(url(base, template, &[]).unwrap(), expected, "{base} + {template}");
    }
}

#[test]
fn values_are_encoded_into_their_places() {
    for (template, values, expected) in [
        ("/u/{id}", &[("id", "a/b?c#d%e")][..], "http://h/u/a%2Fb%3Fc%23d%25e"),
        ("/{a}-{b}.json", &[("a", "1"), ("b", "\u{e9}")][..], "http://h/1-%C3%A9.json"),
        ("/{id}/x/{id}", &[("id", "7")][..], "http://h/7/x/7"),
        ("/{{{id}}}", &[("id", "7")][..], "http://h/%7B7%7D"),
        ("/s?type=issue&x=?", &[][..], "http://h/s?type=issue&x=?"),
        ("/a.b/...", &[][..], "http://h/a.b/..."),
    ] {
        assert_eq!(url("http://h", template, values).unwrap(), expected, "{template}");
    }
}

#[test]
fn no_value_escapes_its_place() {
    for (template, values, part) in [
        ("/u/{id}", &[("id", "..")][..], "`..`"),
        ("/u/{id}/x", &[("id", ".")][..], "`.`"),
        ("/u/{a}{b}/x", &[("a", "."), ("b", ".")][..], "`..`"),
        ("/u/.{a}/x?q=1", &[("a", ".")][..], "`..`"),
        ("/u/%2e{a}", &[("a", ".")][..], "`%2e.`"),
        ("/u/{id}", &[("id", "")][..], "`id` is empty"),
        ("/u/{id}", &[][..], "`id` was not given"),
        ("/u/{id}", &[("no", "1")][..], "`no`"),
        ("/u", &[("id", "1")][..], "no `{id}`"),
        ("/u/{id", &[][..], "brace"),
        ("/u/}", &[][..], "brace"),
    ] {
        let error = url("http://h", template, values).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(error.to_string().contains(part), "{template}: {error}");
    }
}
