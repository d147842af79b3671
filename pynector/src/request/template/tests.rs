//! Tables over templates and hostile values.

use super::{Frame, Target, Template};
use crate::error::{ErrorKind, Result};
use crate::request::base::BaseUrl;
use crate::request::prefix::PathValues;

fn url(base: &str, template: &'static str, values: &[(&'static str, &str)]) -> Result<String> {
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, Some(*value))).collect();
    optional(base, template, &values, false)
}

fn optional(
    base: &str,
    template: &'static str,
    values: &[(&'static str, Option<&str>)],
    encoded: bool,
) -> Result<String> {
    let (base, template) = (&BaseUrl::parse(base)?, &Template::parse(template));
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
        ("/f/{*rest}", &[("rest", "a/b c/d?#%2F")][..], "http://h/f/a/b%20c/d%3F%23%252F"),
        ("/{*rest}.json/{id}", &[("rest", "a/b"), ("id", "c/d")][..], "http://h/a/b.json/c%2Fd"),
        ("/a/{b?}/c", &[("b", "x/y")][..], "http://h/a/x%2Fy/c"),
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
        ("/u/{id?}", &[("id", "")][..], "`id` is empty"),
        ("/u/{id?}", &[("id", "..")][..], "`..`"),
        ("/u/{*rest}", &[("rest", "")][..], "`rest` is empty"),
        ("/u/{*rest}", &[("rest", "a/../b")][..], "`..`"),
        ("/u/{*rest}", &[("rest", "a/.")][..], "`.`"),
        ("/u/{*rest}.", &[("rest", "a/.")][..], "`..`"),
        ("/u/{*rest}", &[("rest", "/a")][..], "empty segment"),
        ("/u/{*rest}", &[("rest", "a/")][..], "empty segment"),
        ("/u/{*rest}", &[("rest", "a//b")][..], "empty segment"),
        ("/u/{id}", &[][..], "`id` was not given"),
        ("/u/{id?}", &[][..], "`id` was not given"),
        ("/u/{id}", &[("no", "1")][..], "`no`"),
        ("/u", &[("id", "1")][..], "no `{id}`"),
        ("/{id}/x/{id}", &[("id", "7"), ("id", "8")][..], "no `{id}`"),
        ("/u/{id", &[][..], "brace"),
        ("/u/}", &[][..], "brace"),
    ] {
        let error = url("http://h", template, values).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(error.to_string().contains(part), "{template}: {error}");
    }
}

#[test]
fn an_absent_segment_goes_with_its_slash() {
    for (base, template, values, expected) in [
        ("http://h/v2", "/a/{b?}", &[("b", None)][..], "http://h/v2/a"),
        ("http://h/v2", "/a/{b?}/", &[("b", None)][..], "http://h/v2/a/"),
        ("http://h", "/a/{b?}/c/{b?}", &[("b", None)][..], "http://h/a/c"),
        ("http://h", "/a/{b?}/c/{b?}", &[("b", Some("x"))][..], "http://h/a/x/c/x"),
        ("http://h", "/{a?}/{b?}/{c}", &[("a", None), ("b", None), ("c", Some("1"))][..], "http://h/1"),
        ("http://h", "/{a?}", &[("a", None)][..], "http://h/"),
        ("http://h", "{a?}", &[("a", None)][..], "http://h/"),
        ("http://h", "{a?}/b", &[("a", None)][..], "http://h/b"),
        ("http://h", "/{a?}?x=1", &[("a", None)][..], "http://h/?x=1"),
        ("http://h/v2", "/{a?}?x=1", &[("a", None)][..], "http://h/v2?x=1"),
        ("http://h/v2", "/{a?}", &[("a", None)][..], "http://h/v2"),
    ] {
        assert_eq!(optional(base, template, values, false).unwrap(), expected, "{base} + {template}");
    }
    for (template, part) in [
        ("/a/{b}", "the path needs a value for `{b}`; `{b?}` may be absent"),
        ("/a/x{b?}", "`{b?}` must be a whole segment"),
        ("/a/{b?}.json", "`{b?}` must be a whole segment"),
        ("/a/{*b}", "needs a value"),
    ] {
        let error = optional("http://h", template, &[("b", None)], false).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(error.to_string().contains(part), "{template}: {error}");
    }
}

#[test]
fn a_value_that_is_encoded_already_is_checked_all_the_same() {
    let encoded = |template, value| optional("http://h", template, &[("a", Some(value))], true);
    assert_eq!(encoded("/x/{a}", "b%2Fc/d e/50%/%zz").unwrap(), "http://h/x/b%2Fc/d%20e/50%25/%25zz");
    assert_eq!(encoded("/x/{*a}", "%C3%A9/?#").unwrap(), "http://h/x/%C3%A9/%3F%23");
    for (template, value) in [
        ("/x/{a}", ".."),
        ("/x/{a}", "b/%2e%2E"),
        ("/x/{a}", "%2e/b"),
        ("/x/.{a}", "%2e"),
        ("/x/{a}{a}", "%2E"),
        ("/x/{a}", ""),
        ("/x/{a}", "b//c"),
        ("/x/{a}", "/"),
    ] {
        assert_eq!(encoded(template, value).unwrap_err().kind(), ErrorKind::Request, "{template} {value}");
    }
}

/// Writes an escape in pieces, and fails where it is told to.
struct Pieces(bool);

impl std::fmt::Display for Pieces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("%")?;
        f.write_str("41")?;
        if self.0 { Ok(()) } else { Err(std::fmt::Error) }
    }
}

#[test]
fn dots_are_found_however_they_came_together() {
    for (template, values) in [
        ("/a/{x}{y}/b", &[("x", "."), ("y", ".")][..]),
        ("/a/.{x}", &[("x", ".")][..]),
        ("/a/{x}.", &[("x", ".")][..]),
        ("/a/%2e{x}/b", &[("x", ".")][..]),
        ("/a/{*x}", &[("x", "b/../c")][..]),
        ("/{x}/{x}{x}", &[("x", ".")][..]),
    ] {
        let error = url("http://h", template, values).unwrap_err();
        assert!(error.to_string().contains("would leave its place"), "{template}: {error}");
    }
    assert_eq!(url("http://h", "/a/{x}b", &[("x", "..")]).unwrap(), "http://h/a/..b");
}

#[test]
fn an_escape_may_come_in_pieces_and_a_display_may_fail() {
    for (template, encoded, expected) in [
        ("/{a}", true, "http://h/%41"),
        ("/{a}", false, "http://h/%2541"),
        ("/{*a}", false, "http://h/%2541"),
    ] {
        let (base, template) = (&BaseUrl::parse("http://h").unwrap(), &Template::parse(template));
        let frame = Frame { base, template, given: &PathValues::default() };
        let mut target = Target::new(frame);
        target.bind(frame, "a", &Pieces(true), encoded).unwrap();
        assert_eq!(target.take_uri(frame).unwrap(), expected);
        let refused = Target::new(frame).bind(frame, "a", &Pieces(false), encoded).unwrap_err();
        assert!(refused.to_string().contains("displayed"));
    }
}

#[test]
fn a_url_gets_the_room_that_the_longest_one_took() {
    let template = Template::parse("/users/{id}");
    assert_eq!(template.room("/v2"), "/v2/users/".len() + 49);
    for (bytes, room) in [(20, 20), (90, 90), (30, 90), (4000, 512), (90, 512)] {
        template.took(bytes);
        assert_eq!(template.room("/v2"), room, "{bytes}");
    }
}
