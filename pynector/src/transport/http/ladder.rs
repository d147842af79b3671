//! Every setting on every level of the ladder, alone and beside all others (DESIGN: one ladder for all settings).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::rows::{GROUP, Row, rows};
use super::*;
use crate::operation::OperationRules;
use crate::policy::backoff::Backoff;
use crate::policy::breaker::ResolvedBreaker;
use crate::policy::budget::ResolvedBudget;
use crate::policy::bulkhead::ResolvedMaxInFlight;
use crate::policy::deadline::ResolvedTimeouts;
use crate::policy::hedge::ResolvedHedge;
use crate::policy::limit::ResolvedRateLimit;
use crate::policy::retry::ResolvedRetry;
use crate::policy::testing::proptest_config;
use crate::policy::{Hedge, RetryPolicy};

/// Where a call's settings come from, the strongest first; the defaults are below them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rung {
    Options,
    Verb,
    Builder,
    File,
    Trait,
}

/// Which number each level says, so that each says another one.
const LEVELS: [(Rung, u32); 5] =
    [(Rung::Options, 1), (Rung::Verb, 2), (Rung::Builder, 3), (Rung::File, 3), (Rung::Trait, 4)];

/// What one row says on one level.
type Said<'a> = (&'a Row, Rung, u32);

type Fields = BTreeMap<&'static str, String>;

/// What a call goes by when all this is said.
fn resolved(said: &[Said<'_>]) -> Resolved {
    let mut api = Api::new("Ladder", &[]);
    let mut rules = OperationRules::new();
    let (mut builder, mut options) = (HttpTransport::builder("http://h"), None);
    let mut file = json!({});
    for &(row, rung, n) in said {
        match rung {
            Rung::Options => {
                options = Some(row.call.unwrap()(options.unwrap_or_else(CallOptions::new), n));
            }
            Rung::Verb => rules = row.verb.unwrap()(rules, n),
            Rung::Builder => builder = (row.build)(builder, n),
            Rung::File => merge(&mut file, row.file.unwrap()(n)),
            Rung::Trait => api = row.api.unwrap()(api, n),
        }
    }
    builder = builder.config(&serde_json::from_value(file).unwrap());
    let plain = HttpTransport::unconnected("http://h").unwrap();
    let (core, base) = (Arc::clone(plain.core()), plain.base().clone());
    let rungs = (builder.level.clone(), &api, Timeouts::new());
    let shared = Shared::new(core, base, rungs, Keep::default()).unwrap();
    let transport = plain.over(shared);
    let transport = options.map_or(transport.share(), |options| transport.with_options(options));
    let operation = Operation::post("Ladder::call", "/").rules(Box::leak(Box::new(rules)));
    let prepared = transport.plan(Box::leak(Box::new(operation))).unwrap();
    *transport.settle(&prepared, transport.options(), true).unwrap()
}

/// Puts the fields of `more` beside those of `file`.
fn merge(file: &mut Value, more: Value) {
    match (file, more) {
        (Value::Object(file), Value::Object(more)) => {
            for (name, value) in more {
                merge(file.entry(name).or_insert(json!({})), value);
            }
        }
        (file, more) => *file = more,
    }
}

/// Every field of what a call goes by. A field that is added anywhere must be added here, and then wants a row.
fn fields(resolved: &Resolved) -> Fields {
    let Resolved {
        timeouts,
        retry,
        breaker,
        rate_limit,
        max_in_flight,
        hedge,
        max_redirects,
        redirect_rules,
        max_body,
        decompress,
        compress,
        any_origin,
        success_below,
        none_on,
        any_status,
        buffered,
    } = *resolved;
    let mut fields = Fields::new();
    let mut put = |name, value: &dyn Debug| assert_eq!(fields.insert(name, format!("{value:?}")), None);
    let ResolvedTimeouts { connect, attempt, write, read, read_head, deadline, deadline_header } = timeouts;
    put("timeouts.connect", &connect);
    put("timeouts.attempt", &attempt);
    put("timeouts.write", &write);
    put("timeouts.read", &read);
    put("timeouts.read_head", &read_head);
    put("timeouts.deadline", &deadline);
    put("timeouts.deadline_header", &deadline_header);
    put("max_redirects", &max_redirects);
    put("redirect_rules", &redirect_rules);
    put("max_body", &max_body);
    put("decompress", &decompress);
    put("compress", &compress);
    put("any_origin", &any_origin);
    put("success_below", &success_below);
    put("none_on", &none_on);
    put("any_status", &any_status);
    put("buffered", &buffered);
    put("hedge", &hedge.map(|ResolvedHedge { after, max, .. }| (after, max)));
    let limit =
        rate_limit.map(|ResolvedRateLimit { interval, burst, group, by: _ }| ((interval, burst), group));
    put("rate_limit", &limit.map(|(limit, _)| limit));
    put("rate_limit.group", &limit.and_then(|(_, group)| group));
    let places = max_in_flight
        .map(|ResolvedMaxInFlight { limit, queue, wait, group, by: _ }| ((limit, queue, wait), group));
    put("max_in_flight", &places.map(|(places, _)| places));
    put("max_in_flight.group", &places.and_then(|(_, group)| group));
    fields.extend(of_retry(&retry));
    fields.extend(of_breaker(&breaker));
    fields
}

fn of_retry(retry: &ResolvedRetry) -> Fields {
    let ResolvedRetry {
        enabled,
        max_retries,
        backoff,
        status_codes,
        max_retry_after,
        vendor_retry_after,
        budget,
        any_method,
        rules,
    } = *retry;
    let Backoff { initial, max, multiplier, jitter } = backoff;
    let budget = budget.map(|ResolvedBudget { ratio, floor }| (ratio, floor));
    let table: [(&'static str, &dyn Debug); 13] = [
        ("retry.enabled", &enabled),
        ("retry.max_retries", &max_retries),
        ("retry.initial_backoff", &initial),
        ("retry.max_backoff", &max),
        ("retry.multiplier", &multiplier),
        ("retry.jitter", &jitter),
        ("retry.status_codes", &status_codes),
        ("retry.max_retry_after", &max_retry_after),
        ("retry.vendor_retry_after", &vendor_retry_after),
        ("retry.budget.ratio", &budget.map(|(ratio, _)| ratio)),
        ("retry.budget.floor", &budget.map(|(_, floor)| floor)),
        ("retry.any_method", &any_method),
        ("retry.rules", &rules),
    ];
    table.into_iter().map(|(name, value)| (name, format!("{value:?}"))).collect()
}

fn of_breaker(breaker: &ResolvedBreaker) -> Fields {
    let ResolvedBreaker {
        enabled,
        failure_threshold,
        min_failure_rate,
        recovery,
        probes,
        wait_up_to,
        ramp,
        group,
        unit,
        rules,
        by: _,
    } = *breaker;
    let table: [(&'static str, &dyn Debug); 10] = [
        ("breaker.enabled", &enabled),
        ("breaker.failure_threshold", &failure_threshold),
        ("breaker.min_failure_rate", &min_failure_rate),
        ("breaker.recovery", &recovery),
        ("breaker.probes", &probes),
        ("breaker.wait_up_to", &wait_up_to),
        ("breaker.ramp", &ramp),
        ("breaker.group", &group),
        ("breaker.unit", &unit),
        ("breaker.rules", &rules),
    ];
    table.into_iter().map(|(name, value)| (name, format!("{value:?}"))).collect()
}

/// The defaults, but for what a row says where `level` is the nearest that says it.
fn expected(row: &Row, level: Option<(Rung, u32)>) -> Fields {
    let mut fields = fields(&resolved(&[]));
    for (name, value) in level.map(|(rung, n)| shown(row, rung, n)).into_iter().flatten() {
        assert!(fields.insert(name, value).is_some(), "{}: no field is called {name}", row.name);
    }
    fields
}

/// What a row says on a level; an operation names a group with what calls share.
fn shown(row: &Row, rung: Rung, n: u32) -> Vec<(&'static str, String)> {
    let mut shown = (row.shows)(n);
    if row.shared && rung == Rung::Verb {
        let groups = ["breaker.group", "rate_limit.group", "max_in_flight.group"];
        let group = groups.into_iter().find(|group| group.strip_suffix(".group") == Some(row.method));
        shown.push((group.unwrap(), format!("{:?}", Some(GROUP))));
    }
    shown
}

#[test]
fn cfg_5_the_nearest_level_wins_and_every_other_field_stays() {
    for row in &rows() {
        let levels: Vec<_> = LEVELS.into_iter().filter(|(rung, _)| stands(row, *rung)).collect();
        for mask in 0_u32..1 << levels.len() {
            let said: Vec<Said<'_>> = (0..)
                .zip(&levels)
                .filter(|(bit, _)| mask >> bit & 1 == 1)
                .map(|(_, (rung, n))| (row, *rung, *n))
                .collect();
            let nearest = said.first().map(|(_, rung, n)| (*rung, *n));
            let written: Vec<Rung> = said.iter().map(|(_, rung, _)| *rung).collect();
            assert_eq!(fields(&resolved(&said)), expected(row, nearest), "{} at {written:?}", row.name);
        }
    }
}

/// Whether the setting has a word on this level.
fn stands(row: &Row, rung: Rung) -> bool {
    match rung {
        Rung::Options => row.call.is_some(),
        Rung::Verb => row.verb.is_some(),
        Rung::Trait => row.api.is_some(),
        Rung::File => row.file.is_some(),
        Rung::Builder => true,
    }
}

/// What no level says alone: the verdict of an operation over statuses, and the tables of `spec()`.
const NO_SETTINGS: [&str; 6] =
    ["success_below", "none_on", "any_status", "buffered", "retry.rules", "breaker.rules"];

#[test]
fn cfg_5_every_field_has_a_row() {
    let of_calls = fields(&resolved(&[]));
    let mut named: BTreeSet<&str> =
        rows().iter().flat_map(|row| (row.shows)(1)).map(|(name, _)| name).collect();
    named.extend(NO_SETTINGS);
    assert_eq!(of_calls.into_keys().collect::<BTreeSet<_>>(), named);
    // A field of a rung that a call does not go by would be missing above.
    let Settings {
        timeouts: _,
        retry: _,
        breaker: _,
        rate_limit: _,
        max_in_flight: _,
        hedge: _,
        redirects: _,
        max_body: _,
        decompress: _,
        compress: _,
        any_origin: _,
    } = Settings::new();
}

proptest! {
    #![proptest_config(proptest_config(256))]

    /// Any number of settings at once, each on any levels: what one says changes nothing of what another says (M25).
    #[test]
    fn cfg_5_settings_are_independent(masks in proptest::collection::vec(0_u32..32, free().len())) {
        let rows = free();
        let mut expected = fields(&resolved(&[]));
        let mut said: Vec<Said<'_>> = Vec::new();
        for (row, mask) in rows.iter().zip(masks) {
            let levels = (0..).zip(LEVELS).filter(|(bit, (rung, _))| mask >> bit & 1 == 1 && stands(row, *rung));
            let levels: Vec<Said<'_>> = levels
                .map(|(_, (rung, n))| (row, rung, n))
                // A constant says a policy once.
                .filter(|(row, rung, _)| {
                    let again = |(other, at, _): &Said<'_>| at == rung && other.method == row.method;
                    !matches!(rung, Rung::Verb | Rung::Trait) || !said.iter().any(again)
                })
                .collect();
            expected.extend(levels.first().into_iter().flat_map(|(row, rung, n)| shown(row, *rung, *n)));
            said.extend(levels);
        }
        prop_assert_eq!(fields(&resolved(&said)), expected);
    }
}

/// The rows that say nothing of each other's fields.
fn free() -> Vec<Row> {
    rows().into_iter().filter(|row| row.free).collect()
}

#[test]
fn hdg_1_the_nearer_level_decides_between_hedging_and_retries() {
    let hedge = Hedge::p95();
    let retry = RetryPolicy::new().max_retries(7);
    for (of_trait, of_verb, hedged) in [
        (Api::new("A", &[]).hedge(hedge), OperationRules::new().retry(retry), false),
        (Api::new("A", &[]).retry(retry), OperationRules::new().hedge(hedge), true),
        (Api::new("A", &[]).hedge(hedge), OperationRules::new().retry(RetryPolicy::off()), true),
        (Api::new("A", &[]).retry(retry), OperationRules::new().hedge(Hedge::off()), false),
    ] {
        let verb = Operation::get("A::a", "/").rules(Box::leak(Box::new(of_verb)));
        let merged = verb.own().unwrap().over(of_trait.own()).resolve();
        assert_eq!(merged.hedge.is_some(), hedged, "{of_trait:?} {of_verb:?}");
        // What a level says of retries is kept for the calls that cannot be hedged.
        assert_eq!(merged.retry.max_retries == 7, of_trait.own().retry == retry || !hedged);
    }
    let both = Api::new("A", &[]).hedge(hedge).retry(retry);
    assert_eq!(both.own().validate().unwrap_err().field, "hedge");
}
