//! The keys `retry` and `breaker`, with all that stands in their parentheses.

use proc_macro2::TokenStream;

use super::limits::{group, shared};
use super::settings::Level;
use super::value::refused;
use super::{Closed, Entry, Keys, Value, status};
use crate::diagnostics::Diagnostics;
use crate::model::{Breaker, Budget, Policy, Retry, Statuses};

pub(super) fn retry(entry: &Entry, errors: &Diagnostics) -> Option<Policy<Retry>> {
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
            "budget",
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
        budget: keys.take("budget").and_then(|entry| budget(&entry, errors)),
        any_method: keys.take("any_method").and_then(|entry| entry.flag(errors)),
    }))
}

fn status_codes(entry: &Entry, errors: &Diagnostics) -> Option<Statuses> {
    let list = entry.list("status_codes(429, 500, 502..=504)", errors)?;
    Some(status::list(list, entry.key.span(), errors))
}

fn budget(entry: &Entry, errors: &Diagnostics) -> Option<Policy<Budget>> {
    if entry.is_off() {
        return Some(Policy::Off);
    }
    let example = "budget(ratio = 0.2, min_per_second = 1)";
    let list = entry.list(&format!("{example}` or `budget = off"), errors)?;
    if list.is_empty() {
        return refused(entry.key.span(), format!("the numbers are missing: write `{example}`"), errors);
    }
    let closed = Closed { owner: "`budget(..)`", keys: &["ratio", "min_per_second"], elsewhere: &[] };
    let mut keys = Keys::parse(list, &closed, errors);
    Some(Policy::On(Budget {
        ratio: keys.take("ratio").and_then(|entry| entry.float(&(0.0..=10.0), errors)),
        min_per_second: keys.take("min_per_second").and_then(|entry| entry.float(&(0.0..=1e6), errors)),
    }))
}

pub(super) fn breaker(entry: &Entry, level: Level, errors: &Diagnostics) -> Option<Policy<Breaker>> {
    if entry.is_off() {
        return Some(Policy::Off);
    }
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
            "wait_up_to",
            "ramp",
            "group",
        ],
        elsewhere: &[],
    };
    let mark = errors.mark();
    let mut keys = Keys::parse(list, &closed, errors);
    let (count, rate) = (1..=u32::MAX, 0.0..=1.0);
    let breaker = Breaker {
        failure_threshold: keys.take("failure_threshold").and_then(|entry| entry.integer(&count, errors)),
        min_failure_rate: keys.take("min_failure_rate").and_then(|entry| entry.float(&rate, errors)),
        open: keys.take("open").and_then(|entry| entry.positive_duration(errors)),
        max_open: keys.take("max_open").and_then(|entry| entry.positive_duration(errors)),
        reset_timeout: keys.take("reset_timeout").and_then(|entry| entry.positive_duration(errors)),
        probes: keys.take("probes").and_then(|entry| entry.integer(&count, errors)),
        wait_up_to: keys.take("wait_up_to").and_then(|entry| entry.positive_duration(errors)),
        ramp: keys.take("ramp").and_then(|entry| entry.positive_duration(errors)),
        group: keys.take("group").and_then(|entry| group(&entry, errors)),
    };
    shared(entry, level, breaker.group.as_ref(), errors.failed_since(mark), errors)?;
    Some(Policy::On(breaker))
}
