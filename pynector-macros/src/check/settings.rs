//! Rules over the settings of one level: clocks, caps, and what excludes each other.

use std::time::Duration;

use crate::diagnostics::Diagnostics;
use crate::model::{Breaker, Clock, Policy, Retry, Settings, Time, Timeouts, running};

/// Checks the settings of one level.
pub(crate) fn check(settings: &Settings, errors: &Diagnostics) {
    timeouts(&settings.timeouts, errors);
    if let Some(Policy::On(policy)) = &settings.retry {
        retry(policy, errors);
    }
    if let Some(Policy::On(policy)) = &settings.breaker {
        breaker(policy, errors);
    }
    let on = |retry: &Policy<Retry>| retry.on().is_some();
    if let Some(hedge) = settings.hedge.as_ref().and_then(Policy::on)
        && settings.retry.as_ref().is_some_and(on)
    {
        errors.error(hedge.at, "a call is either hedged or retried: leave out `hedge` or `retry`");
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

fn timeouts(timeouts: &Timeouts, errors: &Diagnostics) {
    if timeouts.timeout.is_some() {
        for (clock, key) in [(timeouts.attempt, "attempt"), (timeouts.read, "read")] {
            if let Some(clock) = clock {
                let message = format!("`timeout` sets `{key}` already: write all clocks in `timeouts(..)`");
                errors.error(clock.span, message);
            }
        }
    }
    if let (Some(Clock { value: None, .. }), Some(header)) = (timeouts.deadline, &timeouts.deadline_header) {
        let message = "`deadline_header` tells what is left of the deadline, which is switched off: leave one of the two out";
        errors.error(header.span(), message);
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

/// A duration as one writes it in an attribute.
fn written(duration: Duration) -> String {
    let micros = duration.as_micros();
    match micros {
        _ if micros.is_multiple_of(1_000_000) => format!("`\"{}s\"`", micros / 1_000_000),
        _ if micros.is_multiple_of(1_000) => format!("`\"{}ms\"`", micros / 1_000),
        _ => format!("`\"{micros}us\"`"),
    }
}
