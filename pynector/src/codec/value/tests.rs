//! JSON through a [`Value`](super::Value) is what `serde_json` alone makes of it, errors and all.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::codec::json::read;

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only decoded")]
struct Order {
    id: u64,
    size: Option<f64>,
    mark: char,
    state: State,
    lines: Vec<Line>,
    pair: (i8, bool),
    notes: BTreeMap<String, Option<Text>>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only decoded")]
struct Line {
    name: String,
    count: u32,
}

#[derive(Debug, Deserialize)]
struct Text(#[allow(dead_code, reason = "only decoded")] String);

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only decoded")]
enum State {
    New,
    Paid(Line),
    Sent(u8, Line),
    Back { why: Text, lines: Vec<Line> },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only decoded")]
struct Strict {
    line: Line,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only decoded")]
struct Flat {
    #[serde(flatten)]
    line: Line,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind")]
#[allow(dead_code, reason = "only decoded")]
enum Tagged {
    Line(Line),
    Raw { raw: Option<Value> },
}

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    #[serde(rename = "new")]
    New,
}

#[track_caller]
fn same<T: DeserializeOwned + Debug>(json: &str) {
    let (ours, theirs) = (read::<T>(json.as_bytes()), serde_json::from_str::<T>(json));
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => assert_eq!(format!("{ours:?}"), format!("{theirs:?}"), "{json}"),
        (Err(ours), Err(theirs)) => {
            assert_eq!(ours.to_string(), theirs.to_string(), "{json}");
            assert_eq!(ours.classify(), theirs.classify(), "{json}");
        }
        (ours, theirs) => panic!("{json}: {ours:?} and not {theirs:?}"),
    }
}

const LINE: &str = r#"{"name":"t\u00e9a","count":2,"unknown":[{"a":null}]}"#;

#[test]
fn json_is_what_serde_json_makes_of_it() {
    let states = [
        r#""New""#.to_owned(),
        format!(r#"{{"Paid":{LINE}}}"#),
        format!(r#"{{"Sent":[1,{LINE}]}}"#),
        format!(r#"{{"Back":{{"why":"late","lines":[{LINE}]}}}}"#),
    ];
    for state in states {
        let order = format!(
            r#" {{"id":1,"size":0.1,"mark":"é","state":{state},"lines":[{LINE},["x",3]],"pair":[-1,true],
                "notes":{{"a":null,"b\n":"c"}}}} "#
        );
        same::<Order>(&order);
        same::<Option<Order>>(&order);
        same::<Value>(&order);
        same::<Box<RawValue>>(&order);
        // Cut off after each byte, and with each byte replaced: the same error at the same place, of the same category.
        for at in (0..order.len()).filter(|at| order.is_char_boundary(*at)) {
            same::<Order>(&order[..at]);
            same::<Value>(&order[..at]);
            for other in ["\"", "}", "7", " "] {
                let rest = order[at..].chars().next().map_or("", |one| &order[at + one.len_utf8()..]);
                same::<Order>(&format!("{}{other}{rest}", &order[..at]));
            }
        }
    }
    same::<Flat>(LINE);
    same::<Tagged>(r#"{"name":"x","kind":"Line","count":2}"#);
    same::<Tagged>(r#"{"kind":"Raw","raw":{"a":[1,2.5,"x",null,true]}}"#);
    same::<Strict>(&format!(r#"{{"line":{LINE},"more":1}}"#));
    same::<Strict>(r#"{"line":{"name":1}}"#);
    same::<u128>("340282366920938463463374607431768211455");
    same::<Vec<u8>>("[1,2,300]");
    same::<State>(r#"{"Gone":1}"#);
    same::<State>(r#""Paid""#);
}

#[test]
fn a_name_is_the_number_truth_or_variant_that_its_type_asks_for() {
    same::<BTreeMap<u8, u8>>(r#"{"7":1,"10":2}"#);
    same::<BTreeMap<i128, u8>>(r#"{"-170141183460469231731687303715884105728":1}"#);
    same::<BTreeMap<bool, u8>>(r#"{"true":1,"false":2}"#);
    same::<BTreeMap<char, u8>>(r#"{"\u00e9":1,"\"":2}"#);
    same::<BTreeMap<Option<u8>, u8>>(r#"{"7":1}"#);
    same::<BTreeMap<Name, u8>>(r#"{"n\u0065w":1}"#);
    same::<BTreeMap<Name, u8>>(r#"{"old":1}"#);
    same::<BTreeMap<(), u8>>(r#"{"":1}"#);
    let wrong = |json: &str| read::<BTreeMap<u8, u8>>(json.as_bytes()).unwrap_err().to_string();
    assert_eq!(wrong(r#"{"300":1}"#), "invalid value: string \"300\", expected u8 at line 1 column 6");
    assert_eq!(wrong(r#"{"x":1}"#), "invalid value: string \"x\", expected u8 at line 1 column 4");
}
