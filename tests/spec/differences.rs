//! The last column of the differences in `docs/specification.md`: each call does something, and together they are `.spec()`.

use std::collections::BTreeSet;

use pynector::client::BaseUrl;
use pynector::{AnyOrigin, ClientBuilder, HttpTransport, Keep, RedirectRules, RetryPolicy, Timeouts};

use crate::table::{DIFFERENCES, document, rows};
use crate::{S, builder};

type Builder = ClientBuilder<HttpTransport, BaseUrl>;

/// Each switch as the document writes it, and as a program does.
type Throw = fn(Builder) -> Builder;

const SWITCHES: [(&str, Throw); 6] = [
    (".retry(RetryPolicy::spec())", |builder| builder.retry(RetryPolicy::spec())),
    (".timeouts(Timeouts::spec(10 s))", |builder| builder.timeouts(Timeouts::spec(10 * S))),
    (".responses(Keep::Latest)", |builder| builder.responses(Keep::Latest)),
    (".redirect_rules(RedirectRules::Spec)", |builder| builder.redirect_rules(RedirectRules::Spec)),
    (".max_body(u64::MAX)", |builder| builder.max_body(u64::MAX)),
    (".any_origin(AnyOrigin::WithHeaders)", |builder| builder.any_origin(AnyOrigin::WithHeaders)),
];

/// The calls in the last column of the document, each once; the other differences are none of `.spec()`'s.
fn listed() -> BTreeSet<String> {
    let document = document();
    let mut calls = BTreeSet::new();
    for row in rows(&document, DIFFERENCES) {
        match row[4] {
            "no" => {}
            cell if cell.starts_with("no: ") => {}
            cell => drop(calls.insert(cell.trim_matches('`').to_owned())),
        }
    }
    calls
}

/// The settings alone: each transport has connections of its own.
fn shown(builder: Builder) -> String {
    let text = format!("{:?}", builder.build().unwrap());
    text.split(", session: ").next().unwrap().to_owned()
}

#[test]
fn s4_4_every_difference_has_a_switch_and_together_they_are_spec() {
    assert_eq!(listed(), SWITCHES.map(|(name, _)| name.to_owned()).into());
    let (default, spec) = (shown(builder()), shown(builder().spec()));
    for (name, switch) in SWITCHES {
        assert_ne!(shown(switch(builder())), default, "{name} does nothing");
        let others = SWITCHES.iter().filter(|(other, _)| *other != name);
        let without = others.fold(builder(), |builder, (_, switch)| switch(builder));
        assert_ne!(shown(without), spec, "{name} is not needed");
    }
    let all = SWITCHES.iter().fold(builder(), |builder, (_, switch)| switch(builder));
    assert_eq!(shown(all), spec);
}
