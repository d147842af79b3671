//! The table of what comes next, URLs that are not followed, and cursors as texts.

use http::{HeaderMap, HeaderValue, StatusCode, Uri};

use super::{PageCursor, next, resume};
use crate::error::ErrorKind;
use crate::operation::{Operation, OperationRules, Paginate};
use crate::response::ResponseHead;
use crate::response::pages::hints::Hints;

fn head(url: &str, links: &[&'static str]) -> ResponseHead {
    let mut headers = HeaderMap::new();
    for link in links {
        headers.append("link", HeaderValue::from_static(link));
    }
    ResponseHead { url: url.parse().unwrap(), ..ResponseHead::new(StatusCode::OK, headers) }
}

fn says(cursor: &str, more: Option<bool>) -> Hints {
    Hints { cursor: Some(cursor.to_owned()).filter(|cursor| !cursor.is_empty()), more }
}

fn behind(paginate: &Paginate, asked: &str, hints: &Hints, count: usize) -> Option<String> {
    let asked: Uri = asked.parse().unwrap();
    let head = head(&asked.to_string(), &[]);
    next(paginate, &asked, &head, hints, count).unwrap().map(|uri| uri.to_string())
}

#[test]
fn each_rule_leads_to_the_next_page_or_to_the_end() {
    let (cursor, url) = (Paginate::cursor("next", "after"), Paginate::next_url("next"));
    let (page, offset) = (Paginate::page("page"), Paginate::offset("from"));
    for (paginate, asked, hints, count, expected) in [
        (cursor, "http://h/x?q=1", says("a b&c", None), 2, Some("http://h/x?q=1&after=a%20b%26c")),
        (cursor, "http://h/x?after=1&q=a%20b", says("2", None), 0, Some("http://h/x?after=2&q=a%20b")),
        (cursor, "http://h/x?after=1", says("2", Some(false)), 2, None),
        (cursor, "http://h/x?after=1", says("", None), 2, None),
        (cursor, "http://h/x", says("2", Some(true)), 0, Some("http://h/x?after=2")),
        (url, "http://h/x?q=1", says("http://h/y?p=2#part", None), 2, Some("http://h/y?p=2")),
        (url, "http://h/x/y?q=1", says("?p=2", None), 2, Some("http://h/x/y?p=2")),
        (url, "http://h/x/y", says("../z?p=%2F", None), 2, Some("http://h/z?p=%2F")),
        (url, "http://h/x/y", says("/z", Some(false)), 2, None),
        (url, "http://h/x/y", says("", None), 2, None),
        (page, "http://h/x", says("", None), 2, Some("http://h/x?page=2")),
        (page, "http://h/x?page=7&q", says("", None), 2, Some("http://h/x?page=8&q")),
        (page, "http://h/x?page=7", says("", None), 0, None),
        (page, "http://h/x?page=7", says("", Some(true)), 0, Some("http://h/x?page=8")),
        (page, "http://h/x?page=7", says("", Some(false)), 9, None),
        (page.first(0), "http://h/x", says("", None), 2, Some("http://h/x?page=1")),
        (
            page,
            "http://h/x?page=18446744073709551615",
            says("", None),
            2,
            Some("http://h/x?page=18446744073709551615"),
        ),
        (offset, "http://h/x", says("", None), 30, Some("http://h/x?from=30")),
        (offset, "http://h/x?from=60", says("", None), 7, Some("http://h/x?from=67")),
        (offset, "http://h/x?from=60", says("", None), 0, None),
        (offset.first(1), "http://h/x", says("", None), 30, Some("http://h/x?from=31")),
    ] {
        assert_eq!(
            behind(&paginate, asked, &hints, count).as_deref(),
            expected,
            "{paginate:?} {asked} {hints:?}"
        );
    }
}

#[test]
fn a_link_is_resolved_against_the_url_that_answered() {
    for (links, answered, expected) in [
        (&["<http://h/x?page=2>; rel=\"next\""][..], "http://h/x", Some("http://h/x?page=2")),
        (&["<?page=2>; rel=next"], "http://h/moved/x?q", Some("http://h/moved/x?page=2")),
        (&["<y>; rel=next"], "http://h/moved/x", Some("http://h/moved/y")),
        (&["<HTTP://H:80/y#f>; rel=next"], "http://h/", Some("http://h/y")),
        (&["<a>; rel=last", "<b>; rel=next, <c>; rel=next"], "http://h/", Some("http://h/b")),
        (&["<a>; rel=prev"], "http://h/", None),
        (&[], "http://h/", None),
    ] {
        let asked = Uri::from_static("http://h/x");
        let found = next(&Paginate::link(), &asked, &head(answered, links), &Hints::default(), 0).unwrap();
        assert_eq!(found.map(|uri| uri.to_string()).as_deref(), expected, "{links:?}");
    }
    let (asked, over) = (Uri::from_static("http://h/x"), says("", Some(false)));
    let said = head("http://h/x", &["<y>; rel=next"]);
    assert_eq!(next(&Paginate::link(), &asked, &said, &over, 2).unwrap(), None);
}

#[test]
fn a_url_that_may_not_be_followed_is_refused_and_not_shown_whole() {
    const FOLLOWED: Operation =
        Operation::get("T", "/").rules(&OperationRules::new().paginate(Paginate::next_url("next")));

    let asked = "https://api.example.com/v1/x?key=hunter2";
    for (url, answered, part) in [
        ("https://evil.example/x?page=2", asked, "another origin, https://evil.example/x,"),
        ("http://api.example.com/x", asked, "another origin, http://api.example.com/x,"),
        ("https://api.example.com:8443/x", asked, "another origin"),
        ("//evil.example/x", asked, "another origin"),
        ("\\\\evil.example\\x", asked, "another origin"),
        ("https:\\\\evil.example", asked, "another origin"),
        ("https://api.example.com@evil.example/", asked, "credentials"),
        ("https://me:hunter2@api.example.com/x", asked, "credentials"),
        ("https://me@api.example.com/x", asked, "credentials"),
        ("file:///etc/passwd", asked, "another origin"),
        ("data:text/plain,x", asked, "another origin"),
        ("javascript:x", asked, "another origin"),
        ("/x\r\nhost: evil", asked, "control character"),
        ("/x\t", asked, "control character"),
        ("https://[/", asked, "cannot be read"),
        ("?page=2", "https://eu.example.com/x", "another origin, https://eu.example.com/x,"),
    ] {
        let is_own = answered == asked;
        let asked: Uri = asked.parse().unwrap();
        let error =
            next(&Paginate::next_url("next"), &asked, &head(answered, &[]), &says(url, None), 1).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert_eq!(error.kind(), ErrorKind::Redirect, "{url}");
        assert!(
            shown.contains(part) && !shown.contains("hunter2") && !shown.contains("page=2"),
            "{url}: {shown}"
        );

        let cursor: PageCursor = format!("url={url}").parse().unwrap();
        if is_own {
            assert_eq!(resume(&FOLLOWED, &cursor, &asked).unwrap_err().kind(), ErrorKind::Request, "{url}");
        }
    }
}

#[test]
fn a_parameter_that_is_no_number_cannot_be_counted_from() {
    for paginate in [Paginate::page("page"), Paginate::offset("page")] {
        for asked in ["http://h/x?page=two", "http://h/x?page=", "http://h/x?page=-1"] {
            let asked: Uri = asked.parse().unwrap();
            let error = super::check(&paginate, &asked).unwrap_err();
            assert!(error.kind() == ErrorKind::Request && error.to_string().contains("`page`"), "{error}");
        }
    }
    super::check(&Paginate::cursor("next", "page"), &Uri::from_static("http://h/x?page=two")).unwrap();
}

#[test]
fn a_request_has_a_cursor_that_leads_to_it_again() {
    for (paginate, asked, text) in [
        (Paginate::link(), "http://h/x?page=2", "url=http://h/x?page=2"),
        (Paginate::next_url("next"), "http://h/x", "url=http://h/x"),
        (Paginate::cursor("next", "after"), "http://h/x?q=1&after=a%2Fb%3D", "cursor=a/b="),
        (Paginate::cursor("next", "after"), "http://h/x?q=1", "start"),
        (Paginate::page("page"), "http://h/x?page=3&q=1", "page=3"),
        (Paginate::page("page"), "http://h/x", "page=1"),
        (Paginate::offset("from"), "http://h/x?from=40", "offset=40"),
    ] {
        let asked: Uri = asked.parse().unwrap();
        let cursor = PageCursor::of(&paginate, &asked);
        assert_eq!(cursor.to_string(), text);
        assert_eq!(text.parse::<PageCursor>().unwrap(), cursor);
        let json = serde_json::to_string(&cursor).unwrap();
        assert_eq!(serde_json::from_str::<PageCursor>(&json).unwrap(), cursor);
        let rules = Box::leak(Box::new(OperationRules::new().paginate(paginate)));
        let operation = Operation::get("T", "/").rules(rules);
        let resumed = resume(&operation, &cursor, &asked).unwrap();
        assert_eq!(PageCursor::of(&paginate, &resumed), cursor);
    }
}

#[test]
fn a_cursor_shows_itself_only_where_it_is_asked_to() {
    for (text, shown) in [
        ("cursor=hunter2", "PageCursor(cursor, 7 bytes)"),
        ("url=http://h/?key=hunter2", "PageCursor(url, 21 bytes)"),
        ("page=3", "PageCursor(page 3)"),
        ("start", "PageCursor(start, 0 bytes)"),
    ] {
        let cursor: PageCursor = text.parse().unwrap();
        assert_eq!((cursor.to_string().as_str(), format!("{cursor:?}").as_str()), (text, shown));
    }
    for text in
        ["", "page", "page=", "page=x", "page=-1", "offset=1.5", "cursor=", "url=", "Page=1", "start=", "x=1"]
    {
        let error = text.parse::<PageCursor>().unwrap_err();
        assert!(error.kind() == ErrorKind::Request && error.to_string().contains("no cursor"), "{text}");
        assert!(serde_json::from_value::<PageCursor>(text.into()).is_err(), "{text}");
    }
}

#[test]
fn a_cursor_fits_only_an_operation_that_pages_in_its_way() {
    let asked = Uri::from_static("http://h/x");
    let rules = [Paginate::link(), Paginate::cursor("n", "p"), Paginate::page("p"), Paginate::offset("p")];
    let cursors = ["url=http://h/y", "cursor=1", "page=1", "offset=1"];
    for (row, paginate) in rules.into_iter().enumerate() {
        let rules = Box::leak(Box::new(OperationRules::new().paginate(paginate)));
        let operation = Operation::get("T", "/").rules(rules);
        for (column, text) in cursors.into_iter().enumerate() {
            let resumed = resume(&operation, &text.parse().unwrap(), &asked);
            assert_eq!(resumed.is_ok(), row == column, "{paginate:?} {text}");
        }
        assert_eq!(resume(&operation, &"start".parse().unwrap(), &asked).unwrap(), asked);
    }
    let error = resume(&Operation::get("T", "/"), &"page=1".parse().unwrap(), &asked).unwrap_err();
    assert!(error.kind() == ErrorKind::Request && error.to_string().contains("#[paginate(..)]"), "{error}");
}
