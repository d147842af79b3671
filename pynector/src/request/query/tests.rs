//! Tables over values and styles.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Form, Named, Query};
use crate::error::Result;
use crate::request::style::QueryStyle::{self, Brackets, Csv, DeepObject, Dots, Pipe, Repeat, Space};

fn query<T: Serialize>(value: T) -> Result<String> {
    written(value, Form::default())
}

fn written<T: Serialize>(value: T, form: Form) -> Result<String> {
    let (mut url, mut has_query) = (String::new(), false);
    let named = Named { own: &["q", "own"], more: &[&["q[own]", "q.own"]] };
    Query::new((&mut url, &mut has_query), "q", named, form).append(&value)?;
    Ok(url)
}

fn styled<T: Serialize>(style: QueryStyle, value: T) -> Result<String> {
    written(value, Form { style, encoded: false })
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
fn what_has_no_flat_form_is_refused() {
    for (result, part) in [
        (query(f64::NAN), "NaN is not a finite number"),
        (query(f32::INFINITY), "inf is not a finite number"),
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

#[test]
fn a_list_in_every_style() {
    for (style, expected) in [
        (Repeat, "?q=1&q=a%20b%2Cc&q=3"),
        (Csv, "?q=1,a%20b%2Cc,3"),
        (Pipe, "?q=1%7Ca%20b%2Cc%7C3"),
        (Brackets, "?q%5B%5D=1&q%5B%5D=a%20b%2Cc&q%5B%5D=3"),
        (DeepObject, "?q%5B%5D=1&q%5B%5D=a%20b%2Cc&q%5B%5D=3"),
        (Dots, "?q=1&q=a%20b%2Cc&q=3"),
    ] {
        assert_eq!(styled(style, (1, "a b,c", None::<u8>, 3)).unwrap(), expected, "{style:?}");
        assert_eq!(styled(style, [0; 0]).unwrap(), "", "{style:?}");
        assert_eq!(styled(style, [None::<u8>]).unwrap(), "", "{style:?}");
        assert_eq!(styled(style, "a,b|c d").unwrap(), "?q=a%2Cb%7Cc%20d", "{style:?}");
        assert_eq!(styled(style, ()).unwrap(), "?q", "{style:?}");
    }
    assert_eq!(styled(Space, [1, 2]).unwrap(), "?q=1%202");
    assert_eq!(styled(Csv, ["", "a", ""]).unwrap(), "?q=,a,");
    assert_eq!(styled(Brackets, [(), ()]).unwrap(), "?q%5B%5D&q%5B%5D");
}

#[test]
fn a_struct_in_every_style() {
    let filter = Filter { state: Some("x"), labels: vec!["a", "b"], draft: (), own: 1 };
    for (style, expected) in [
        (Repeat, "?state=x&labels=a&labels=b&draft"),
        (Csv, "?state=x&labels=a,b&draft"),
        (Space, "?state=x&labels=a%20b&draft"),
        (Pipe, "?state=x&labels=a%7Cb&draft"),
        (Brackets, "?state=x&labels%5B%5D=a&labels%5B%5D=b&draft"),
        (DeepObject, "?q%5Bstate%5D=x&q%5Blabels%5D%5B%5D=a&q%5Blabels%5D%5B%5D=b&q%5Bdraft%5D"),
        (Dots, "?q.state=x&q.labels=a&q.labels=b&q.draft"),
    ] {
        assert_eq!(styled(style, &filter).unwrap(), expected, "{style:?}");
    }
}

#[test]
fn what_nests_needs_a_style_that_nests() {
    let nested = BTreeMap::from([("a", BTreeMap::from([("b", vec![1, 2]), ("c", vec![])]))]);
    assert_eq!(styled(DeepObject, &nested).unwrap(), "?q%5Ba%5D%5Bb%5D%5B%5D=1&q%5Ba%5D%5Bb%5D%5B%5D=2");
    assert_eq!(styled(Dots, &nested).unwrap(), "?q.a.b=1&q.a.b=2");
    assert_eq!(styled(DeepObject, BTreeMap::<u8, u8>::new()).unwrap(), "");
    let pairs = [("a", [("b", 1)])];
    assert_eq!(styled(DeepObject, pairs).unwrap(), "?q%5Ba%5D%5Bb%5D=1");
    assert_eq!(styled(Dots, pairs).unwrap(), "?q.a.b=1");
    for style in [Repeat, Csv, Space, Pipe, Brackets] {
        let error = styled(style, &nested).unwrap_err().to_string();
        assert!(error.contains("`style = deep_object`") && error.contains("`style = dots`"), "{error}");
    }
    for style in [Repeat, Csv, Space, Pipe, Brackets, DeepObject, Dots] {
        for error in [styled(style, [[1, 2, 3]]).unwrap_err(), styled(style, [&nested]).unwrap_err()] {
            assert!(error.to_string().contains("nest in a list"), "{error}");
        }
    }
}

#[test]
fn pairs_among_scalars_do_not_join_them() {
    assert_eq!(styled(Csv, (1, ("a", [2, 3]), 4, 5)).unwrap(), "?q=1&a=2,3&q=4,5");
    assert_eq!(styled(Csv, [("own", 1), ("b", 2)]).unwrap(), "?b=2");
}

#[test]
fn what_could_be_taken_for_another_place_is_refused() {
    for (result, part) in [
        (styled(Space, ["a", "b c"]), "parts the items"),
        (styled(Pipe, ["a|b"]), "parts the items"),
        (written(["a%7cb"], Form { style: Pipe, encoded: true }), "parts the items"),
        (styled(DeepObject, [("a][b", 1)]), "parts nested keys"),
        (styled(Dots, [("a.b", 1)]), "parts nested keys"),
        (styled(Csv, [()]), "a unit"),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Request);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn what_is_encoded_already_stays_where_it_says_so() {
    let encoded = |style| Form { style, encoded: true };
    assert_eq!(written("%2F/ 50%&=", encoded(Repeat)).unwrap(), "?q=%2F%2F%2050%25%26%3D");
    assert_eq!(written([("%41 b", "%20")], encoded(Repeat)).unwrap(), "?%41%20b=%20");
    assert_eq!(written(["%2C", ","], encoded(Csv)).unwrap(), "?q=%2C,%2C");
    assert_eq!(written(format_args!("{}{}", "%", "41"), encoded(Repeat)).unwrap(), "?q=%41");
}
