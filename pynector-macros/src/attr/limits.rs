//! The keys `rate_limit`, `max_in_flight` and `hedge`, and the groups that limits and breakers belong to.

use std::time::Duration;

use proc_macro2::TokenStream;
use syn::LitStr;

use super::settings::Level;
use super::value::refused;
use super::{Closed, Entry, Keys, Value};
use crate::diagnostics::Diagnostics;
use crate::model::{Hedge, MaxInFlight, Policy, RateLimit, Spanned};

/// A hedge sooner than that would be a second request of every call.
const SOONEST: Duration = Duration::from_millis(1);

pub(super) fn rate_limit(entry: &Entry, level: Level, errors: &Diagnostics) -> Option<Policy<RateLimit>> {
    if entry.is_off() {
        return Some(Policy::Off);
    }
    let example = "rate_limit(permits = 100, per = \"1m\")";
    let list = entry.list(&format!("{example}` or `rate_limit = off"), errors)?;
    let keys = &["permits", "per", "burst", "group"];
    let closed = Closed { owner: "`rate_limit(..)`", keys, elsewhere: &[] };
    let mark = errors.mark();
    let mut keys = Keys::parse(list, &closed, errors);
    let count = 1..=u32::MAX;
    let permits = keys.take("permits").and_then(|entry| entry.integer(&count, errors));
    let per = keys.take("per").and_then(|entry| entry.positive_duration(errors));
    let burst = keys.take("burst").and_then(|entry| entry.integer(&count, errors));
    let group = keys.take("group").and_then(|entry| group(&entry, errors));
    let failed = errors.failed_since(mark);
    shared(entry, level, group.as_ref(), failed, errors)?;
    let (Some(permits), Some(per)) = (permits, per) else {
        // What is mistaken was reported; what is missing was not.
        return if failed { None } else { incomplete(entry, "`permits` and `per`", example, errors) };
    };
    Some(Policy::On(RateLimit { permits, per: per.value, burst, group }))
}

pub(super) fn max_in_flight(
    entry: &Entry,
    level: Level,
    errors: &Diagnostics,
) -> Option<Policy<MaxInFlight>> {
    if entry.is_off() {
        return Some(Policy::Off);
    }
    let count = 1..=u32::MAX;
    let mark = errors.mark();
    let Value::List(list) = &entry.value else {
        let limit = entry.integer(&count, errors)?;
        shared(entry, level, None, false, errors)?;
        return Some(Policy::On(MaxInFlight { limit, queue: None, wait: None, group: None }));
    };
    let keys = &["limit", "queue", "wait", "group"];
    let closed = Closed { owner: "`max_in_flight(..)`", keys, elsewhere: &[] };
    let mut keys = Keys::parse(list.clone(), &closed, errors);
    let limit = keys.take("limit").and_then(|entry| entry.integer(&count, errors));
    let queue = keys.take("queue").and_then(|entry| entry.integer(&(0..=u32::MAX), errors));
    let wait = keys.take("wait").and_then(|entry| entry.positive_duration(errors));
    let group = keys.take("group").and_then(|entry| group(&entry, errors));
    let failed = errors.failed_since(mark);
    shared(entry, level, group.as_ref(), failed, errors)?;
    let Some(limit) = limit else {
        let example = "max_in_flight(limit = 8)";
        return if failed { None } else { incomplete(entry, "`limit`", example, errors) };
    };
    Some(Policy::On(MaxInFlight { limit, queue, wait, group }))
}

pub(super) fn hedge(entry: &Entry, errors: &Diagnostics) -> Option<Policy<Hedge>> {
    if entry.is_off() {
        return Some(Policy::Off);
    }
    let example = "hedge(after = \"50ms\")";
    let list: TokenStream = entry.list(&format!("{example}` or `hedge = off"), errors)?;
    let mark = errors.mark();
    let closed = Closed { owner: "`hedge(..)`", keys: &["after", "max"], elsewhere: &[] };
    let mut keys = Keys::parse(list, &closed, errors);
    let after = keys.take("after").and_then(|entry| after(&entry, errors));
    let max = keys.take("max").and_then(|entry| entry.integer(&(1..=5), errors));
    let Some(after) = after else {
        let failed = errors.failed_since(mark);
        return if failed { None } else { incomplete(entry, "`after`", example, errors) };
    };
    Some(Policy::On(Hedge { at: entry.key.span(), after: after.value, max }))
}

/// `after = "50ms"` or `after = p95`
fn after(entry: &Entry, errors: &Diagnostics) -> Option<Spanned<Option<Duration>>> {
    if let Some(word) = entry.bare_word() {
        let span = word.span();
        let message = format!("`{word}` is no value of `after`: write `after = \"50ms\"` or `after = p95`");
        return if word == "p95" {
            Some(Spanned { value: None, span })
        } else {
            refused(span, message, errors)
        };
    }
    let time = entry.duration(errors)?;
    if time.value < SOONEST {
        return refused(
            time.span,
            "`after` is at least `\"1ms\"`: write for example `after = \"50ms\"`",
            errors,
        );
    }
    Some(Spanned { value: Some(time.value), span: time.span })
}

/// Reports that a list lacks what it cannot do without.
fn incomplete<T>(entry: &Entry, needs: &str, example: &str, errors: &Diagnostics) -> Option<T> {
    let (key, span) = entry.key();
    refused(span, format!("`{key}` needs {needs}: write `{example}`"), errors)
}

/// What calls share belongs to a host or a group, so one operation cannot change the host's; nothing if it tries to.
pub(super) fn shared(
    entry: &Entry,
    level: Level,
    group: Option<&LitStr>,
    mistaken: bool,
    errors: &Diagnostics,
) -> Option<()> {
    if level == Level::Trait || group.is_some() || mistaken {
        return Some(());
    }
    let (key, span) = entry.key();
    let message =
        format!("a verb has no `{key}` of its own: write `{key}(group = \"name\", ..)` or `{key} = off`");
    refused(span, message, errors)
}

pub(super) fn group(entry: &Entry, errors: &Diagnostics) -> Option<LitStr> {
    let name = entry.text("search", errors)?;
    if name.value().is_empty() { refused(name.span(), "the group has no name", errors) } else { Some(name) }
}
