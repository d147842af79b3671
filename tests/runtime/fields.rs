//! Fields of endpoints in the places that a method fills by value or by map.

use std::collections::BTreeMap;

use pynector::Endpoint;

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
