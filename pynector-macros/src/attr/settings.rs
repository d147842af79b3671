//! The keys that may stand at both levels: `headers`, policies, redirects, bodies.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token};

use super::value::refused;
use super::{Closed, Entry, Keys, Value, first_span, header, split, status};
use crate::diagnostics::Diagnostics;
use crate::model::{Breaker, Header, Policy, Retry, Settings, Spanned, Statuses, Timeouts};

/// Where the keys stand.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Level {
    Trait,
    Verb,
}

/// Takes the settings out of `keys`.
pub(super) fn parse(keys: &mut Keys<'_>, level: Level) -> Settings {
    let errors = keys.errors;
    let timeout = keys.take("timeout").and_then(|entry| entry.positive_duration(errors));
    let mut timeouts = keys.take("timeouts").and_then(|entry| timeouts(&entry, errors)).unwrap_or_default();
    timeouts.timeout = timeout;
    Settings {
        headers: keys.take("headers").map(|entry| headers(&entry, errors)).unwrap_or_default(),
        timeouts,
        retry: keys.take("retry").and_then(|entry| retry(&entry, errors)),
        breaker: keys.take("breaker").and_then(|entry| breaker(&entry, level, errors)),
        follow_redirects: keys.take("follow_redirects").and_then(|entry| entry.truth(errors)),
        max_redirects: keys.take("max_redirects").and_then(|entry| {
            let value = entry.integer(&(0..=u32::MAX), errors)?;
            Some(Spanned { value, span: entry.span() })
        }),
        any_origin: keys.take("any_origin").and_then(|entry| entry.truth(errors)).map(|any| any.value),
        max_body: keys.take("max_body").and_then(|entry| entry.size(errors)),
        decompress: keys.take("decompress").and_then(|entry| entry.switch(errors)),
        none_on: keys.take("none_on").and_then(|entry| none_on(&entry, errors)),
        any_status: keys.take("any_status").and_then(|entry| entry.flag(errors)),
    }
}

fn headers(entry: &Entry, errors: &Diagnostics) -> Vec<Header> {
    let Some(tokens) = entry.list("headers(\"name\" = \"value\")", errors) else { return Vec::new() };
    split(tokens).into_iter().filter_map(|part| fixed_header(part, errors)).collect()
}

/// `"name" = "value"`
fn fixed_header(part: TokenStream, errors: &Diagnostics) -> Option<Header> {
    let span = first_span(&part)?;
    let Ok(Pair(name, value)) = syn::parse2(part) else {
        return refused(span, "a fixed header is text on both sides: write `\"name\" = \"value\"`", errors);
    };
    let mark = errors.mark();
    let lower = header::name(&name.value()).map_err(|complaint| errors.error(name.span(), complaint));
    if let Err(complaint) = header::value(&value.value()) {
        errors.error(value.span(), complaint);
    }
    let lower = lower.ok().filter(|_| !errors.failed_since(mark))?;
    Some(Header { name: LitStr::new(&lower, name.span()), value })
}

struct Pair(LitStr, LitStr);

impl Parse for Pair {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self(name, input.parse()?))
    }
}

fn timeouts(entry: &Entry, errors: &Diagnostics) -> Option<Timeouts> {
    let list = entry
        .list("timeouts(connect = \"2s\", attempt = \"10s\", read = \"30s\", deadline = \"60s\")", errors)?;
    let closed = Closed {
        owner: "`timeouts(..)`",
        keys: &["connect", "attempt", "write", "read", "deadline"],
        elsewhere: &[],
    };
    let mut keys = Keys::parse(list, &closed, errors);
    let mut clock = |key| keys.take(key).and_then(|entry: Entry| entry.clock(errors));
    Some(Timeouts {
        timeout: None,
        connect: clock("connect"),
        attempt: clock("attempt"),
        write: clock("write"),
        read: clock("read"),
        deadline: clock("deadline"),
    })
}

fn retry(entry: &Entry, errors: &Diagnostics) -> Option<Policy<Retry>> {
    if entry.is_off() {
        return Some(Policy::Off);
    }
    let list = entry.list("retry(max_retries = 3)` or `retry = off", errors)?;
    let closed = Closed {
        owner: "`retry(..)`",
        keys: &[
            "max_retries",
            "initial_backoff",
            "max_backoff",
            "multiplier",
            "status_codes",
            "jitter",
            "max_retry_after",
            "any_method",
        ],
        elsewhere: &[],
    };
    let mut keys = Keys::parse(list, &closed, errors);
    let count = 0..=u32::MAX;
    Some(Policy::On(Retry {
        max_retries: keys.take("max_retries").and_then(|entry| entry.integer(&count, errors)),
        initial_backoff: keys.take("initial_backoff").and_then(|entry| entry.duration(errors)),
        max_backoff: keys.take("max_backoff").and_then(|entry| entry.duration(errors)),
        multiplier: keys.take("multiplier").and_then(|entry| entry.float(&(1.0..=f64::MAX), errors)),
        status_codes: keys.take("status_codes").and_then(|entry| status_codes(&entry, errors)),
        jitter: keys.take("jitter").and_then(|entry| entry.word(&["full", "equal", "none"], errors)),
        max_retry_after: keys.take("max_retry_after").and_then(|entry| entry.duration(errors)),
        any_method: keys.take("any_method").and_then(|entry| entry.flag(errors)),
    }))
}

fn status_codes(entry: &Entry, errors: &Diagnostics) -> Option<Statuses> {
    let list = entry.list("status_codes(429, 500, 502..=504)", errors)?;
    Some(status::list(list, entry.key.span(), errors))
}

/// `none_on(404, 410)`
fn none_on(entry: &Entry, errors: &Diagnostics) -> Option<Statuses> {
    let list = entry.list("none_on(404)", errors)?;
    if list.is_empty() {
        return refused(entry.key.span(), "the status is missing: write `none_on(404)`", errors);
    }
    let statuses = status::list(list, entry.key.span(), errors);
    for range in statuses.ranges.iter().filter(|range| range.last < 200) {
        errors.error(range.span, "an answer never ends with a 1xx: leave it out");
    }
    Some(statuses)
}

fn breaker(entry: &Entry, level: Level, errors: &Diagnostics) -> Option<Policy<Breaker>> {
    if entry.is_off() {
        return Some(Policy::Off);
    }
    let (key, span) = entry.key();
    let list = match &entry.value {
        Value::Flag => TokenStream::new(),
        _ => entry.list("breaker`, `breaker(failure_threshold = 5)` or `breaker = off", errors)?,
    };
    let closed = Closed {
        owner: "`breaker(..)`",
        keys: &[
            "failure_threshold",
            "min_failure_rate",
            "open",
            "max_open",
            "reset_timeout",
            "probes",
            "group",
        ],
        elsewhere: &[],
    };
    let mark = errors.mark();
    let mut keys = Keys::parse(list, &closed, errors);
    let (window, rate, probes) = (1..=64, 0.0..=1.0, 1..=u32::MAX);
    let breaker = Breaker {
        failure_threshold: keys.take("failure_threshold").and_then(|entry| entry.integer(&window, errors)),
        min_failure_rate: keys.take("min_failure_rate").and_then(|entry| entry.float(&rate, errors)),
        open: keys.take("open").and_then(|entry| entry.positive_duration(errors)),
        max_open: keys.take("max_open").and_then(|entry| entry.positive_duration(errors)),
        reset_timeout: keys.take("reset_timeout").and_then(|entry| entry.positive_duration(errors)),
        probes: keys.take("probes").and_then(|entry| entry.integer(&probes, errors)),
        group: keys.take("group").and_then(|entry| group(&entry, errors)),
    };
    if level == Level::Verb && breaker.group.is_none() && !errors.failed_since(mark) {
        // A breaker's state belongs to a host or a group; one operation cannot change the host's.
        let message =
            format!("a verb has no {key} of its own: write `{key}(group = \"name\", ..)` or `{key} = off`");
        return refused(span, message, errors);
    }
    Some(Policy::On(breaker))
}

fn group(entry: &Entry, errors: &Diagnostics) -> Option<LitStr> {
    let name = entry.text("search", errors)?;
    if name.value().is_empty() { refused(name.span(), "the group has no name", errors) } else { Some(name) }
}
