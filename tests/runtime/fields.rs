//! Fields of endpoints in the places that a method fills by value or by map.

use std::collections::BTreeMap;

use std::marker::PhantomData;

use pynector::{Endpoint, Params};
use serde::de::DeserializeOwned;

#[derive(Endpoint)]
#[get("/{a?}/{*rest}")]
struct Late<'a> {
    a: Option<u8>,
    rest: &'a str,
    #[query(style = csv)]
    ids: &'a [u8],
    #[headers]
    headers: BTreeMap<&'a str, &'a str>,
    #[header("x-display", display)]
    shown: std::net::Ipv4Addr,
    #[cookie("session")]
    session: &'a str,
}

#[test]
fn the_other_places_are_read_by_reference_too() {
    let headers = BTreeMap::from([("x-map", "m")]);
    let shown = std::net::Ipv4Addr::LOCALHOST;
    let late = Late { a: None, rest: "b/c", ids: &[1, 2], headers, shown, session: "s" };
    let request = late.to_request("http://h").unwrap();
    assert_eq!(request.uri(), "http://h/b/c?ids=1,2");
    for (name, value) in [("x-map", "m"), ("cookie", "session=s"), ("x-display", "127.0.0.1")] {
        assert_eq!(request.headers()[name], value, "{name}");
    }
}

#[derive(Endpoint)]
#[get("/{id}", response = T)]
struct Typed<T: DeserializeOwned> {
    id: u8,
    #[endpoint(skip)]
    answer: PhantomData<T>,
    #[params]
    page: Page,
}

#[derive(Params)]
struct Page(#[query("page")] u8, #[params(skip)] &'static str);

#[test]
fn a_field_that_is_skipped_is_no_part_of_the_request() {
    let typed = Typed::<Vec<u8>> { id: 7, answer: PhantomData, page: Page(2, "kept") };
    let request = typed.to_request("http://h").unwrap();
    assert_eq!(request.uri(), "http://h/7?page=2");
    let answer = pynector::http::Response::new(pynector::bytes::Bytes::from_static(b"[1]"));
    assert_eq!(Typed::<Vec<u8>>::decode(answer).unwrap(), [1]);
    assert_eq!((typed.answer, typed.page.1), (PhantomData, "kept"));
}
