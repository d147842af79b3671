//! Rules over more than one thing: parameters and the template, places, bodies, settings and their opposites.

pub(crate) mod body;
pub(crate) mod params;
pub(crate) mod statuses;
mod url;

use std::time::Duration;

use crate::diagnostics::Diagnostics;
use crate::model::{
    Breaker, Operation, Param, Place, Policy, Query, Retry, Settings, Template, Time, Timeouts, running,
};
use crate::{names, suggest};

/// Methods whose requests may be sent twice without harm (RFC 9110 §9.2.2, and QUERY).
const IDEMPOTENT: [&str; 7] = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"];

/// Checks one operation.
pub(crate) fn operation(operation: &Operation, errors: &Diagnostics) {
    if let Some(template) = &operation.template {
        path(operation, template, errors);
    }
    url::check(operation, errors);
    places(operation, errors);
    cookies(operation, errors);
    body::check(operation, errors);
    repetition(operation, errors);
    settings(&operation.settings, errors);
}

/// Checks the settings of one level.
pub(crate) fn settings(settings: &Settings, errors: &Diagnostics) {
    timeouts(&settings.timeouts, errors);
    if let Some(Policy::On(policy)) = &settings.retry {
        retry(policy, errors);
    }
    if let Some(Policy::On(policy)) = &settings.breaker {
        breaker(policy, errors);
    }
    redirects(settings, errors);
    if let (Some(_), Some(span)) = (&settings.none_on, settings.any_status) {
        errors
            .error(span, "`any_status` makes a value of every status, `none_on` of some none: leave one out");
    }
}

/// What is followed and how far do not contradict each other.
fn redirects(settings: &Settings, errors: &Diagnostics) {
    let (Some(follow), Some(most)) = (settings.follow_redirects, settings.max_redirects) else { return };
    let message = match (follow.value, most.value) {
        (true, 1..) => return,
        (true, 0) => "`max_redirects = 0` follows none: leave it out, or write a number from 1",
        (false, _) => "`follow_redirects = false` follows none: leave `max_redirects` out",
    };
    errors.error(most.span, message);
}

/// Every name in the path has its parameter, and the other way round.
///
/// One slip is one error: a name and a parameter that were meant for each other are told together.
fn path(operation: &Operation, template: &Template, errors: &Diagnostics) {
    let filled = |name: &String| operation.params.iter().any(|param| fills(param, name));
    let mut missing: Vec<&String> = template.names.iter().filter(|name| !filled(name)).collect();
    for param in &operation.params {
        let (Place::Implicit(name) | Place::Path { name, .. }) = &param.place else { continue };
        if template.names.contains(name) {
            continue;
        }
        let explicit = matches!(param.place, Place::Path { .. });
        let message = match missing.iter().position(|other| suggest::related(name, other)) {
            Some(at) => {
                let meant = missing.remove(at);
                format!(
                    "the path has no `{{{name}}}`: did you mean `{{{meant}}}`? {}",
                    rename(explicit, meant)
                )
            }
            None if operation.pathless.is_some() => url::without_path(name, explicit),
            None if explicit => {
                format!("the path has no `{{{name}}}`: write it there, or leave `#[path_param]` out")
            }
            None => format!(
                "`{name}` has no place: write `{{{name}}}` in the path, or mark the parameter `#[query]`, \
                 `#[header(\"..\")]`, `#[headers]`, `#[cookie]`, `#[bearer]`, `#[basic]`, `#[json]`, `#[json_field]`, \
                 `#[form]`, `#[body]`, `#[multipart]`, `#[part]` or `#[call_options]`"
            ),
        };
        errors.error(param.at, message);
    }
    if !operation.complete {
        return;
    }
    for name in missing {
        let message = format!("`{{{name}}}` in the path has no parameter: add one with the name `{name}`");
        errors.error(template.literal.span(), message);
    }
}

fn rename(explicit: bool, meant: &str) -> String {
    if explicit {
        format!("Write `#[path_param(\"{meant}\")]`")
    } else {
        format!("Give both one name, or write `#[path_param(\"{meant}\")]`")
    }
}

/// Whether `param` is, or was meant to be, the value of `{name}`.
fn fills(param: &Param, name: &str) -> bool {
    match &param.place {
        Place::Implicit(place) | Place::Path { name: place, .. } => place == name,
        Place::Mistaken => names::plain(&param.ident) == name,
        _ => false,
    }
}

/// No two parameters go to one place.
fn places(operation: &Operation, errors: &Diagnostics) {
    for (at, param) in operation.params.iter().enumerate() {
        if let Some(message) = taken(&operation.params, at) {
            errors.error(param.at, message);
        }
    }
}

/// The message for a parameter that goes where an earlier one goes.
fn taken(params: &[Param], at: usize) -> Option<String> {
    let (place, message) = exclusive(&params.get(at)?.place)?;
    let mut before = params.iter().take(at).filter_map(|param| exclusive(&param.place));
    before.any(|(taken, _)| taken == place).then_some(message)
}

/// What a parameter takes for itself, and the message for the next one that wants it.
fn exclusive(place: &Place) -> Option<(String, String)> {
    let authorization =
        "a request has one `authorization` header, which another parameter sets already: leave one out";
    match place {
        Place::Implicit(name) | Place::Path { name, .. } => Some((
            format!("{{{name}}}"),
            format!("another parameter fills `{{{name}}}` already: leave one out"),
        )),
        Place::Query(Query { name, .. }) => {
            let message = format!(
                "the query has a parameter `{name}` already: write `#[query(\"..\")]` with another name"
            );
            Some((format!("?{name}"), message))
        }
        Place::Bearer | Place::Basic => Some(("authorization".to_owned(), authorization.to_owned())),
        Place::Header { name, .. } if name == "authorization" => {
            Some((name.clone(), authorization.to_owned()))
        }
        Place::Cookie(name) => {
            let message = format!(
                "another parameter is the cookie `{name}` already: write `#[cookie(\"..\")]` with another name"
            );
            Some((format!("cookie={name}"), message))
        }
        Place::Header { name, .. } => {
            Some((name.clone(), format!("another parameter sets the header `{name}` already: leave one out")))
        }
        Place::JsonField(name) | Place::Form(name) | Place::Part(name) => {
            let attribute = place.body()?;
            Some((format!("{attribute} {name}"), body::doubled(attribute, name)))
        }
        Place::Url => Some((
            "url".to_owned(),
            "a request has one URL, which another parameter is already: leave one out".to_owned(),
        )),
        Place::CallOptions => Some((
            "options".to_owned(),
            "a call has its options from another parameter already: leave one out".to_owned(),
        )),
        // The fields of an argument struct are checked where they stand; what they add is not known here.
        // Two maps may stand side by side; what both name is sent twice.
        Place::Headers | Place::Json | Place::Body | Place::Multipart | Place::Params | Place::Mistaken => {
            None
        }
    }
}

/// Cookies are one header, which no other parameter can set.
fn cookies(operation: &Operation, errors: &Diagnostics) {
    if !operation.params.iter().any(|param| matches!(param.place, Place::Cookie(_))) {
        return;
    }
    let whole = |place: &Place| matches!(place, Place::Header { name, .. } if name == "cookie");
    for param in operation.params.iter().filter(|param| whole(&param.place)) {
        let message =
            "`#[cookie]` writes the `cookie` header already: mark this one `#[cookie]` too, or leave it out";
        errors.error(param.at, message);
    }
}

/// `idempotent` and `any_method` stand only where they change something.
fn repetition(operation: &Operation, errors: &Diagnostics) {
    let Some(method) = operation.method.token() else { return };
    let any_method = match &operation.settings.retry {
        Some(Policy::On(retry)) => retry.any_method,
        Some(Policy::Off) | None => None,
    };
    if IDEMPOTENT.contains(&method.as_str()) {
        for (span, key) in [(operation.idempotent, "idempotent"), (any_method, "any_method")] {
            if let Some(span) = span {
                errors.error(
                    span,
                    format!("{method} is idempotent already: `{key}` is not needed, leave it out"),
                );
            }
        }
    } else if let (Some(_), Some(span)) = (operation.idempotent, any_method) {
        errors.error(span, "`idempotent` says it already: `any_method` is not needed, leave it out");
    }
}

fn timeouts(timeouts: &Timeouts, errors: &Diagnostics) {
    if timeouts.timeout.is_some() {
        for (clock, key) in [(timeouts.attempt, "attempt"), (timeouts.read, "read")] {
            if let Some(clock) = clock {
                let message = format!("`timeout` sets `{key}` already: write all clocks in `timeouts(..)`");
                errors.error(clock.span, message);
            }
        }
    }
    let attempt = timeouts.attempt();
    ordered(timeouts.connect.and_then(running), "connect", attempt, "attempt", errors);
    ordered(attempt, "attempt", timeouts.deadline.and_then(running), "deadline", errors);
}

/// Reports a shorter time that is longer than the longer one.
fn ordered(short: Option<Time>, short_key: &str, long: Option<Time>, long_key: &str, errors: &Diagnostics) {
    if let (Some(short), Some(long)) = (short, long)
        && short.value > long.value
    {
        let most = written(long.value);
        errors.error(short.span, format!("`{short_key}` is longer than `{long_key}`: write at most {most}"));
    }
}

/// Reports a cap below what it caps.
fn capped(base: Option<Time>, base_key: &str, cap: Option<Time>, cap_key: &str, errors: &Diagnostics) {
    if let (Some(base), Some(cap)) = (base, cap)
        && cap.value < base.value
    {
        let least = written(base.value);
        errors.error(cap.span, format!("`{cap_key}` is shorter than `{base_key}`: write at least {least}"));
    }
}

fn retry(retry: &Retry, errors: &Diagnostics) {
    capped(retry.initial_backoff, "initial_backoff", retry.max_backoff, "max_backoff", errors);
}

fn breaker(breaker: &Breaker, errors: &Diagnostics) {
    capped(breaker.open, "open", breaker.max_open, "max_open", errors);
    if let Some(reset) = breaker.reset_timeout
        && (breaker.open.is_some() || breaker.max_open.is_some())
    {
        errors.error(reset.span, "`reset_timeout` is one fixed time: write it without `open` and `max_open`");
    }
}

/// The operations of one breaker group share a circuit, so they name the same numbers.
///
/// Only what is written twice and differs is an error here: what one of them leaves open, a builder may say.
pub(crate) fn groups<'a>(operations: impl Iterator<Item = &'a Operation>, errors: &Diagnostics) {
    let mut seen: Vec<(&str, &Breaker, String)> = Vec::new();
    for operation in operations {
        let Some(Policy::On(breaker)) = &operation.settings.breaker else { continue };
        let Some(group) = &breaker.group else { continue };
        let name = group.value();
        for (other, before, _) in seen.iter().filter(|(.., known)| *known == name) {
            if let Some(field) = difference(before, breaker) {
                let message = format!(
                    "the group `{name}` has another `{field}` at `{other}`: its operations share a circuit, so write \
                     the same numbers at both, or another group"
                );
                errors.error(group.span(), message);
                break;
            }
        }
        let method = operation.name.rsplit("::").next().unwrap_or_default();
        seen.push((method, breaker, name));
    }
}

/// The first field that both name, with another number.
fn difference(left: &Breaker, right: &Breaker) -> Option<&'static str> {
    if left.reset_timeout.is_some() != right.reset_timeout.is_some() && timed(left) && timed(right) {
        return Some("reset_timeout");
    }
    let pairs = numbers(left).into_iter().zip(numbers(right));
    pairs.into_iter().find_map(|((field, left), (_, right))| {
        left.zip(right).is_some_and(|(left, right)| left.total_cmp(&right).is_ne()).then_some(field)
    })
}

/// Whether it says how long it is open.
fn timed(breaker: &Breaker) -> bool {
    breaker.reset_timeout.or(breaker.open).or(breaker.max_open).is_some()
}

fn numbers(breaker: &Breaker) -> [(&'static str, Option<f64>); 6] {
    let seconds = |time: Option<Time>| time.map(|time| time.value.as_secs_f64());
    [
        ("failure_threshold", breaker.failure_threshold.map(f64::from)),
        ("min_failure_rate", breaker.min_failure_rate),
        ("open", seconds(breaker.open)),
        ("max_open", seconds(breaker.max_open)),
        ("reset_timeout", seconds(breaker.reset_timeout)),
        ("probes", breaker.probes.map(f64::from)),
    ]
}

/// A duration as one writes it in an attribute.
fn written(duration: Duration) -> String {
    let micros = duration.as_micros();
    match micros {
        _ if micros.is_multiple_of(1_000_000) => format!("`\"{}s\"`", micros / 1_000_000),
        _ if micros.is_multiple_of(1_000) => format!("`\"{}ms\"`", micros / 1_000),
        _ => format!("`\"{micros}us\"`"),
    }
}
