//! The keys that may stand at both levels: `headers`, policies, redirects, bodies.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token};

use super::limits::{hedge, max_in_flight, rate_limit};
use super::policy::{breaker, retry};
use super::value::refused;
use super::{Closed, Entry, Keys, first_span, header, split, status};
use crate::diagnostics::Diagnostics;
use crate::model::{Header, Settings, Spanned, Statuses, Timeouts};

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
        rate_limit: keys.take("rate_limit").and_then(|entry| rate_limit(&entry, level, errors)),
        max_in_flight: keys.take("max_in_flight").and_then(|entry| max_in_flight(&entry, level, errors)),
        hedge: keys.take("hedge").and_then(|entry| hedge(&entry, errors)),
        follow_redirects: keys.take("follow_redirects").and_then(|entry| entry.truth(errors)),
        max_redirects: keys.take("max_redirects").and_then(|entry| {
            let value = entry.integer(&(0..=u32::MAX), errors)?;
            Some(Spanned { value, span: entry.span() })
        }),
        any_origin: keys.take("any_origin").and_then(|entry| entry.truth(errors)).map(|any| any.value),
        max_body: keys.take("max_body").and_then(|entry| entry.size(errors)),
        compress: keys
            .take("compress")
            .and_then(|entry| entry.word(&["gzip", "deflate", "br", "zstd", "off"], errors)),
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
        keys: &["connect", "attempt", "write", "read", "deadline", "deadline_header"],
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
        deadline_header: keys.take("deadline_header").and_then(|entry| {
            let name = entry.text("x-request-timeout", errors)?;
            match header::name(&name.value()) {
                Ok(lower) => Some(LitStr::new(&lower, name.span())),
                Err(complaint) => refused(name.span(), complaint, errors),
            }
        }),
    })
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
