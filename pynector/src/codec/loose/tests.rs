//! What each kind of type is of a form, of its parts, and of nothing.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::Loose;
use crate::codec::value::Apart;
use crate::error::unplaced;

fn form<T: DeserializeOwned>(text: &'static str) -> Result<T, String> {
    T::deserialize(Apart::new(Loose::form(text.as_bytes())).root()).map_err(|error| unplaced(&error))
}

#[derive(Debug, Deserialize, PartialEq)]
struct Order {
    id: u64,
    price: f32,
    grade: char,
    paid: bool,
    state: State,
    code: Code,
    tags: Vec<String>,
    sizes: Option<Vec<i8>>,
    note: Option<String>,
    count: Option<u32>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum State {
    New,
    Done,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Code(u16);

#[derive(Debug, Deserialize, PartialEq)]
struct Unit;

#[test]
fn text_is_what_its_type_asks_for() {
    let order: Order = form(
        "tags=a+b&id=007&price=1e2&grade=%C3%A9&paid=on&state=done&code=4&tags=&note=&count=&x=y&sizes=-1",
    )
    .unwrap();
    let expected = Order {
        id: 7,
        price: 100.0,
        grade: '\u{e9}',
        paid: true,
        state: State::Done,
        code: Code(4),
        tags: vec!["a b".to_owned(), String::new()],
        sizes: Some(vec![-1]),
        note: Some(String::new()),
        count: None,
    };
    assert_eq!(order, expected);
}

#[test]
fn a_form_is_a_map_and_pairs() {
    let map: BTreeMap<String, Value> = form("a=1&b=2&a=x").unwrap();
    assert_eq!(Value::from_iter(map), serde_json::json!({"a": ["1", "x"], "b": "2"}), "text is text");
    assert_eq!(form::<Vec<(String, u8)>>("a=1&a=2").unwrap(), [("a".to_owned(), 1), ("a".to_owned(), 2)]);
    assert_eq!(form::<BTreeMap<String, (u8, u8)>>("a=1&a=2").unwrap()["a"], (1, 2));
    assert!(!form::<Option<BTreeMap<u8, bool>>>("1=false").unwrap().unwrap()[&1]);
    assert_eq!(form::<Option<Value>>("").unwrap(), None);
    assert_eq!((form::<()>("a=1"), form::<Unit>("a=1")), (Ok(()), Ok(Unit)));
    form::<IgnoredAny>("a=1").unwrap();
}

#[test]
fn what_does_not_fit_says_so() {
    let of = |wrong: Result<BTreeMap<String, u8>, String>| wrong.unwrap_err();
    assert_eq!(of(form("a=300")), "number too large to fit in target type");
    assert_eq!(of(form("a=1&a=2")), "invalid type: sequence, expected u8");
    assert_eq!(
        form::<Vec<(String, u8, u8)>>("a=1").unwrap_err(),
        "invalid length 2, expected a tuple of size 3"
    );
    let name = form::<BTreeMap<u8, u8>>("007=1").unwrap_err();
    assert_eq!(name, "invalid value: string \"007\", expected u8", "a name is a number as JSON writes it");
    assert_eq!(form::<u8>("1=").unwrap_err(), "invalid type: map, expected u8");
    assert!(form::<(u8, u8)>("1=2").unwrap_err().starts_with("invalid type: map"));
    assert_eq!(
        form::<BTreeMap<String, bool>>("a=yes").unwrap_err(),
        "invalid value: string \"yes\", expected \"true\", \"on\" or \"false\""
    );
    assert!(form::<BTreeMap<String, State>>("a=old").unwrap_err().starts_with("unknown variant `old`"));
    assert!(form::<BTreeMap<String, Result<u8, u8>>>("a=Ok").unwrap_err().contains("unit variant"));
    assert!(form::<BTreeMap<String, Vec<BTreeMap<u8, u8>>>>("a=1").unwrap_err().contains("expected a map"));
}

#[test]
fn a_text_is_no_number_and_nothing_is_no_value() {
    assert_eq!(String::deserialize(Apart::new(Loose::Text("7".to_owned())).root()).unwrap(), "7");
    assert_eq!(
        Option::<String>::deserialize(Apart::new(Loose::Text(String::new())).root()).unwrap().as_deref(),
        Some("")
    );
    assert!(u8::deserialize(Apart::new(Loose::Text("7".to_owned())).root()).is_err());
    assert_eq!(Bytes::deserialize(Apart::new(Loose::Raw(b"\xff")).root()).unwrap(), &b"\xff"[..]);
    assert_eq!(Option::<u8>::deserialize(Apart::new(Loose::Absent).root()).unwrap(), None);
    assert!(u8::deserialize(Apart::new(Loose::Absent).root()).is_err());
    assert!(<()>::deserialize(Apart::new(Loose::Absent).root()).is_err());
    <()>::deserialize(Apart::new(Loose::Nothing).root()).unwrap();
}
