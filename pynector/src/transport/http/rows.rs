//! The settings, one row each: how every level says it, and which fields of a call it is.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{BaseUrl, ClientBuilder};
use crate::operation::{Api, OperationRules};
use crate::policy::breaker::Recovery;
use crate::policy::hedge::HedgeAfter;
use crate::{
    AnyOrigin, Breaker, BreakerUnit, CallOptions, ContentCoding, Hedge, HttpTransport, Jitter, MaxInFlight,
    RateLimit, RedirectRules, RetryBudget, RetryPolicy, StatusCodes, Timeouts,
};

type Builder = ClientBuilder<HttpTransport, BaseUrl>;

/// A setting: each level says it with a number of its own.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) method: &'static str,
    /// Not of what only programs choose.
    pub(super) api: Option<fn(Api, u32) -> Api>,
    pub(super) verb: Option<fn(OperationRules, u32) -> OperationRules>,
    pub(super) build: fn(Builder, u32) -> Builder,
    /// Not of groups, whose names are constants.
    pub(super) file: Option<fn(u32) -> Value>,
    /// Not of what calls share.
    pub(super) call: Option<fn(CallOptions, u32) -> CallOptions>,
    /// Which fields of a call are what, when this number counts.
    pub(super) shows: fn(u32) -> Vec<(&'static str, String)>,
    /// Whether calls share it, so that an operation says it of a group.
    pub(super) shared: bool,
    /// Whether it says nothing of the fields of another row.
    pub(super) free: bool,
}

/// The group for which operations say what calls share.
pub(super) const GROUP: &str = "verb";

macro_rules! row {
    ($kind:ident $free:ident $method:ident($n:ident => $value:expr) = $file:tt shows $($field:literal: $shown:expr),+) => {
        Row {
            name: stringify!($method($value)),
            method: stringify!($method),
            api: row!(api $kind $method $n $value),
            verb: row!(verb $kind $method $n $value),
            build: |builder, #[allow(unused_variables)] $n: u32| builder.$method($value),
            file: row!(file $file $n),
            call: row!(call $kind $method $n $value),
            shows: |#[allow(unused_variables)] $n: u32| vec![$(($field, format!("{:?}", $shown))),+],
            shared: row!($kind),
            free: row!($free),
        }
    };
    (file none $n:ident) => { None };
    (file $file:tt $n:ident) => { Some(|#[allow(unused_variables)] $n: u32| json!($file)) };
    (shared) => { true };
    (all) => { false };
    (programs) => { false };
    (free) => { true };
    (bound) => { false };
    (call shared $($rest:tt)*) => { None };
    (api programs $($rest:tt)*) => { None };
    (verb programs $($rest:tt)*) => { None };
    (verb shared $method:ident $n:ident $value:expr) => {
        Some(|level, #[allow(unused_variables)] $n: u32| level.$method($value.group(GROUP)))
    };
    ($level:ident $kind:ident $method:ident $n:ident $value:expr) => {
        Some(|level, #[allow(unused_variables)] $n: u32| level.$method($value))
    };
}

fn s(n: u32) -> Duration {
    Duration::from_secs(n.into())
}

fn ms(n: u32) -> Duration {
    Duration::from_millis(n.into())
}

fn text(time: Duration) -> String {
    format!("{}ms", time.as_millis())
}

/// Another answer on each level than on the next.
fn flip(n: u32) -> bool {
    n.is_multiple_of(2)
}

/// A policy of a file, or `"off"`.
fn switch(on: bool, policy: Value) -> Value {
    if on { policy } else { json!("off") }
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = clocks();
    rows.extend(retries());
    rows.extend(breakers());
    rows.extend(limits());
    rows.extend(transfers());
    rows
}

fn clocks() -> Vec<Row> {
    vec![
        row!(all free timeouts(n => Timeouts::new().connect(ms(n)))
            = { "timeouts": { "connect": text(ms(n)) } } shows "timeouts.connect": Some(ms(n))),
        row!(all free timeouts(n => Timeouts::new().attempt(s(n)))
            = { "timeouts": { "attempt": text(s(n)) } } shows "timeouts.attempt": Some(s(n))),
        row!(all free timeouts(n => Timeouts::new().write(s(n)))
            = { "timeouts": { "write": text(s(n)) } } shows "timeouts.write": Some(s(n))),
        row!(all free timeouts(n => Timeouts::new().read(s(n)))
            = { "timeouts": { "read": text(s(n)) } } shows "timeouts.read": Some(s(n))),
        row!(all free timeouts(n => Timeouts::new().deadline(s(60 * n)))
            = { "timeouts": { "deadline": text(s(60 * n)) } } shows "timeouts.deadline": Some(s(60 * n))),
        row!(all free timeouts(n => Timeouts::new().read_head(flip(n)))
            = { "timeouts": { "read_head": flip(n) } } shows "timeouts.read_head": flip(n)),
        row!(all bound timeouts(n => Timeouts::new().no_connect().no_attempt().no_write().no_read().no_deadline())
            = { "timeouts": {
                "connect": "none", "attempt": "none", "write": "none", "read": "none", "deadline": "none"
            } }
            shows "timeouts.connect": None::<()>, "timeouts.attempt": None::<()>, "timeouts.write": None::<()>,
                "timeouts.read": None::<()>, "timeouts.deadline": None::<()>),
        row!(all bound timeouts(n => Timeouts::new().deadline_header(header(n)))
            = none shows "timeouts.deadline_header": Some(header(n))),
        row!(programs bound timeout(n => s(n))
            = { "timeout": text(s(n)) } shows "timeouts.attempt": Some(s(n)), "timeouts.read": Some(s(n))),
    ]
}

fn header(n: u32) -> &'static str {
    if flip(n) { "x-left" } else { "x-deadline" }
}

fn retries() -> Vec<Row> {
    vec![
        row!(all free retry(n => RetryPolicy::new().max_retries(n))
            = { "retry": { "max_retries": n } } shows "retry.max_retries": n),
        row!(all free retry(n => RetryPolicy::new().initial_backoff(ms(n)))
            = { "retry": { "initial_backoff": text(ms(n)) } } shows "retry.initial_backoff": ms(n)),
        row!(all free retry(n => RetryPolicy::new().max_backoff(s(n)))
            = { "retry": { "max_backoff": text(s(n)) } } shows "retry.max_backoff": s(n)),
        row!(all free retry(n => RetryPolicy::new().multiplier(f64::from(n) + 0.5))
            = { "retry": { "multiplier": f64::from(n) + 0.5 } } shows "retry.multiplier": f64::from(n) + 0.5),
        row!(all free retry(n => RetryPolicy::new().jitter(jitter(n)))
            = { "retry": { "jitter": jitter(n) } } shows "retry.jitter": jitter(n)),
        row!(all free retry(n => RetryPolicy::new().status_codes(codes(n)))
            = { "retry": { "status_codes": [400 + n] } } shows "retry.status_codes": codes(n)),
        row!(all free retry(n => RetryPolicy::new().max_retry_after(s(n)))
            = { "retry": { "max_retry_after": text(s(n)) } } shows "retry.max_retry_after": Some(s(n))),
        row!(all bound retry(n => RetryPolicy::new().no_retry_after())
            = { "retry": { "no_retry_after": true } } shows "retry.max_retry_after": None::<()>),
        row!(all free retry(n => RetryPolicy::new().vendor_retry_after())
            = { "retry": { "vendor_retry_after": true } } shows "retry.vendor_retry_after": true),
        row!(all free retry(n => RetryPolicy::new().budget(RetryBudget::new().min_per_second(f64::from(n) / 4.0)))
            = { "retry": { "budget": { "min_per_second": f64::from(n) / 4.0 } } }
            shows "retry.budget.floor": Some(2500 * n)),
        row!(all free retry(n => RetryPolicy::new().budget(RetryBudget::new().ratio(f64::from(n) / 8.0)))
            = { "retry": { "budget": { "ratio": f64::from(n) / 8.0 } } }
            shows "retry.budget.ratio": Some(125 * n)),
        row!(all bound retry(n => RetryPolicy::new().budget(budget(n)))
            = { "retry": { "budget": switch(flip(n), json!({ "ratio": n })) } }
            shows "retry.budget.ratio": flip(n).then_some(1000 * n),
                "retry.budget.floor": flip(n).then_some(10_000)),
        row!(all free retry(n => RetryPolicy::new().any_method())
            = { "retry": { "any_method": true } } shows "retry.any_method": true),
        row!(all bound retry(n => if flip(n) { RetryPolicy::on() } else { RetryPolicy::off() })
            = { "retry": switch(flip(n), json!({})) } shows "retry.enabled": flip(n)),
        row!(all bound retry(n => if flip(n) { RetryPolicy::off() } else { RetryPolicy::on() })
            = { "retry": switch(!flip(n), json!({})) } shows "retry.enabled": !flip(n)),
    ]
}

fn budget(n: u32) -> RetryBudget {
    if flip(n) { RetryBudget::new().ratio(n.into()) } else { RetryBudget::off() }
}

fn jitter(n: u32) -> Jitter {
    if flip(n) { Jitter::Equal } else { Jitter::None }
}

fn codes(n: u32) -> StatusCodes {
    StatusCodes::of(&[]).range(400 + u16::try_from(n).unwrap(), 400 + u16::try_from(n).unwrap())
}

fn breakers() -> Vec<Row> {
    vec![
        row!(shared free breaker(n => Breaker::new().failure_threshold(n))
            = { "breaker": { "failure_threshold": n } }
            shows "breaker.enabled": true, "breaker.failure_threshold": n),
        row!(shared free breaker(n => Breaker::new().min_failure_rate(f64::from(n) / 8.0))
            = { "breaker": { "min_failure_rate": f64::from(n) / 8.0 } }
            shows "breaker.enabled": true, "breaker.min_failure_rate": f64::from(n) / 8.0),
        row!(shared free breaker(n => Breaker::new().open(ms(n)).max_open(s(n)))
            = { "breaker": { "open": text(ms(n)), "max_open": text(s(n)) } }
            shows "breaker.enabled": true, "breaker.recovery": Recovery::Probing { open: ms(n), max: s(n) }),
        row!(shared bound breaker(n => Breaker::new().open(ms(n)))
            = { "breaker": { "open": text(ms(n)) } }
            shows "breaker.enabled": true, "breaker.recovery": Recovery::Probing { open: ms(n), max: s(15) }),
        row!(shared bound breaker(n => Breaker::new().max_open(s(n)))
            = { "breaker": { "max_open": text(s(n)) } }
            shows "breaker.enabled": true, "breaker.recovery": Recovery::Probing { open: s(1), max: s(n) }),
        row!(shared bound breaker(n => Breaker::new().reset_timeout(s(n)))
            = { "breaker": { "reset_timeout": text(s(n)) } }
            shows "breaker.enabled": true, "breaker.recovery": Recovery::Fixed(s(n))),
        row!(shared free breaker(n => Breaker::new().probes(n + 1))
            = { "breaker": { "probes": n + 1 } } shows "breaker.enabled": true, "breaker.probes": n + 1),
        row!(shared free breaker(n => Breaker::new().wait_up_to(s(n)))
            = { "breaker": { "wait_up_to": text(s(n)) } }
            shows "breaker.enabled": true, "breaker.wait_up_to": Some(s(n))),
        row!(shared free breaker(n => Breaker::new().ramp(s(n)))
            = { "breaker": { "ramp": text(s(n)) } } shows "breaker.enabled": true, "breaker.ramp": Some(s(n))),
        row!(shared free breaker(n => Breaker::new().unit(BreakerUnit::Call))
            = { "breaker": { "unit": "call" } }
            shows "breaker.enabled": true, "breaker.unit": BreakerUnit::Call),
        row!(shared bound breaker(n => Breaker::new().group(group(n))) = none
            shows "breaker.enabled": true, "breaker.group": Some(group(n))),
        row!(all bound breaker(n => if flip(n) { Breaker::on() } else { Breaker::off() })
            = { "breaker": switch(flip(n), json!({})) } shows "breaker.enabled": flip(n)),
        row!(all bound breaker(n => if flip(n) { Breaker::off() } else { Breaker::on() })
            = { "breaker": switch(!flip(n), json!({})) } shows "breaker.enabled": !flip(n)),
    ]
}

fn group(n: u32) -> &'static str {
    ["options", GROUP, "builder", "trait"].into_iter().nth(n as usize - 1).unwrap()
}

fn limits() -> Vec<Row> {
    vec![
        row!(shared free rate_limit(n => RateLimit::new(n, s(n * n)))
            = { "rate_limit": { "permits": n, "per": text(s(n * n)) } }
            shows "rate_limit": Some((s(n), n))),
        row!(shared bound rate_limit(n => RateLimit::new(1, s(n)).burst(2 * n))
            = { "rate_limit": { "permits": 1, "per": text(s(n)), "burst": 2 * n } }
            shows "rate_limit": Some((s(n), 2 * n))),
        row!(shared bound rate_limit(n => RateLimit::new(1, s(n)).group(group(n))) = none
            shows "rate_limit": Some((s(n), 1)), "rate_limit.group": Some(group(n))),
        row!(all bound rate_limit(n => if n == 3 { RateLimit::new(1, s(n)) } else { RateLimit::off() })
            = { "rate_limit": switch(n == 3, json!({ "permits": 1, "per": text(s(n)) })) }
            shows "rate_limit": (n == 3).then_some((s(n), 1))),
        row!(shared free max_in_flight(n => MaxInFlight::new(n).queue(2 * n).wait(s(n)))
            = { "max_in_flight": { "limit": n, "queue": 2 * n, "wait": text(s(n)) } }
            shows "max_in_flight": Some((n, 2 * n, Some(s(n))))),
        row!(shared bound max_in_flight(n => MaxInFlight::new(n).group(group(n))) = none
            shows "max_in_flight": Some((n, 1024, None::<()>)), "max_in_flight.group": Some(group(n))),
        row!(all bound max_in_flight(n => if n == 3 { MaxInFlight::new(n) } else { MaxInFlight::off() })
            = { "max_in_flight": switch(n == 3, json!(n)) }
            shows "max_in_flight": (n == 3).then_some((n, 1024, None::<()>))),
        row!(all bound hedge(n => Hedge::after(ms(n)).max(n))
            = { "hedge": { "after": text(ms(n)), "max": n } }
            shows "hedge": Some((HedgeAfter::Fixed(ms(n)), n))),
        row!(all bound hedge(n => if flip(n) { Hedge::p95() } else { Hedge::off() })
            = { "hedge": switch(flip(n), json!({ "after": "p95" })) }
            shows "hedge": flip(n).then_some((HedgeAfter::P95, 1))),
    ]
}

fn transfers() -> Vec<Row> {
    vec![
        row!(all bound follow_redirects(n => flip(n))
            = { "follow_redirects": flip(n) } shows "max_redirects": if flip(n) { 10 } else { 0 }),
        row!(all bound follow_redirects(n => !flip(n))
            = { "follow_redirects": !flip(n) } shows "max_redirects": if flip(n) { 0 } else { 10 }),
        row!(all free max_redirects(n => n) = { "max_redirects": n } shows "max_redirects": n),
        row!(programs bound redirect_rules(n => rules(n))
            = { "redirect_rules": rules(n) }
            shows "redirect_rules": rules(n), "max_redirects": if flip(n) { 10 } else { 20 }),
        row!(all free max_body(n => n.into()) = { "max_body": n } shows "max_body": n),
        row!(all free decompress(n => flip(n)) = { "decompress": flip(n) } shows "decompress": flip(n)),
        row!(all bound decompress(n => !flip(n)) = { "decompress": !flip(n) } shows "decompress": !flip(n)),
        row!(all free compress(n => coding(n)) = { "compress": coding(n) } shows "compress": coding(n)),
        row!(all free any_origin(n => origin(n)) = { "any_origin": origin(n) } shows "any_origin": origin(n)),
    ]
}

fn rules(n: u32) -> RedirectRules {
    if flip(n) { RedirectRules::Strict } else { RedirectRules::Spec }
}

/// Those that the default build knows.
fn coding(n: u32) -> ContentCoding {
    if flip(n) && cfg!(feature = "gzip") { ContentCoding::Gzip } else { ContentCoding::Identity }
}

fn origin(n: u32) -> AnyOrigin {
    if flip(n) { AnyOrigin::Bare } else { AnyOrigin::WithHeaders }
}
