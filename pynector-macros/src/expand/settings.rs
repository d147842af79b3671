//! Settings → constant expressions.

use std::time::Duration;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::Path;

use super::limits;
use crate::model::{
    Breaker, Budget, Clock, IdempotencyKey, Policy, Retry, Settings, Size, StatusRange, Statuses, Timeouts,
};

// expands to: .headers(&[("accept", "text/plain")])
pub(super) fn headers(settings: &Settings) -> Option<TokenStream> {
    let headers = settings.headers.iter().map(|header| {
        let (name, value) = (&header.name, &header.value);
        quote!((#name, #value))
    });
    (!settings.headers.is_empty()).then(|| quote!(.headers(&[#(#headers),*])))
}

// expands to: .timeouts(..).retry(..).breaker(..)
pub(super) fn links(settings: &Settings, krate: &Path) -> TokenStream {
    let Settings { timeouts, retry, breaker, .. } = settings;
    let transfer = transfer_links(settings, krate);
    let timeouts = clocks(timeouts).map(|links| quote!(.timeouts(#krate::Timeouts::new()#links)));
    let retry = retry.as_ref().map(|policy| {
        let value = on_or_off(policy, &quote!(#krate::RetryPolicy), |retry| retry_links(retry, krate));
        quote!(.retry(#value))
    });
    let breaker = breaker.as_ref().map(|policy| {
        let value = on_or_off(policy, &quote!(#krate::Breaker), breaker_links);
        quote!(.breaker(#value))
    });
    let limits = limits::links(settings, krate);
    quote!(#timeouts #retry #breaker #limits #transfer)
}

// expands to: .idempotency_key(::pynector::IdempotencyKey::header("x-request").raw())
pub(super) fn idempotency_key(key: &IdempotencyKey, krate: &Path) -> TokenStream {
    let start = key.header.as_ref().map_or_else(|| quote!(new()), |name| quote!(header(#name)));
    let raw = key.raw.then(|| quote!(.raw()));
    quote!(.idempotency_key(#krate::IdempotencyKey::#start #raw))
}

// expands to: .max_redirects(3).max_body(64 << 20).decompress(false)
fn transfer_links(settings: &Settings, krate: &Path) -> TokenStream {
    let boolean = |value: bool| quote!(#value);
    let links = [
        ("follow_redirects", settings.follow_redirects.map(|follow| boolean(follow.value))),
        ("max_redirects", settings.max_redirects.map(|hops| integer(hops.value))),
        ("any_origin", settings.any_origin.map(|any| origin(any, krate))),
        ("max_body", settings.max_body.map(size)),
        ("compress", settings.compress.map(|word| coding(word, krate))),
        ("decompress", settings.decompress.map(boolean)),
        ("none_on", settings.none_on.as_ref().map(|statuses| status_codes(statuses, krate))),
        ("any_status", settings.any_status.map(|_| TokenStream::new())),
    ];
    links.into_iter().filter_map(|(key, value)| Some(link(key, &value?))).collect()
}

fn coding(word: &str, krate: &Path) -> TokenStream {
    match word {
        "gzip" => quote!(#krate::ContentCoding::Gzip),
        "deflate" => quote!(#krate::ContentCoding::Deflate),
        "br" => quote!(#krate::ContentCoding::Brotli),
        "zstd" => quote!(#krate::ContentCoding::Zstd),
        _ => quote!(#krate::ContentCoding::Identity),
    }
}

fn origin(any: bool, krate: &Path) -> TokenStream {
    if any { quote!(#krate::AnyOrigin::Bare) } else { quote!(#krate::AnyOrigin::Refused) }
}

/// In the largest unit that holds it: `64 << 20`.
pub(super) fn size(size: Size) -> TokenStream {
    let Size::Bytes(bytes) = size else { return quote!(::core::primitive::u64::MAX) };
    let shift = bytes.trailing_zeros().min(30) / 10 * 10;
    let (count, unit) = (Literal::u64_unsuffixed(bytes >> shift), Literal::u32_unsuffixed(shift));
    if shift == 0 { quote!(#count) } else { quote!(#count << #unit) }
}

/// `new()` says only what is named; where nothing is, `on()` says that the policy is wanted.
fn on_or_off<T>(policy: &Policy<T>, ty: &TokenStream, links: impl Fn(&T) -> TokenStream) -> TokenStream {
    match policy {
        Policy::Off => quote!(#ty::off()),
        Policy::On(policy) => {
            let links = links(policy);
            let start = if links.is_empty() { quote!(on) } else { quote!(new) };
            quote!(#ty::#start()#links)
        }
    }
}

/// The links of the clocks, if any was written.
fn clocks(timeouts: &Timeouts) -> Option<TokenStream> {
    let timeout = timeouts.timeout.map(|timeout| Clock { value: Some(timeout.value), span: timeout.span });
    let clocks = [
        ("timeout", timeout),
        ("connect", timeouts.connect),
        ("attempt", timeouts.attempt),
        ("write", timeouts.write),
        ("read", timeouts.read),
        ("deadline", timeouts.deadline),
    ];
    let header = timeouts.deadline_header.as_ref().map(|name| link("deadline_header", &quote!(#name)));
    let links: TokenStream = clocks
        .into_iter()
        .filter_map(|(key, clock)| Some(clock_link(key, clock?.value)))
        .chain(header)
        .collect();
    (!links.is_empty()).then_some(links)
}

fn clock_link(key: &str, clock: Option<Duration>) -> TokenStream {
    match clock {
        Some(after) => link(key, &duration(after)),
        None => link(&format!("no_{key}"), &TokenStream::new()),
    }
}

fn retry_links(retry: &Retry, krate: &Path) -> TokenStream {
    let jitter = retry.jitter.map(|word| {
        let variant = match word {
            "full" => quote!(Full),
            "equal" => quote!(Equal),
            _ => quote!(None),
        };
        quote!(#krate::Jitter::#variant)
    });
    let codes = retry.status_codes.as_ref().map(|codes| status_codes(codes, krate));
    let budget = retry.budget.as_ref().map(|budget| budget_value(budget, krate));
    let links = [
        ("max_retries", retry.max_retries.map(integer)),
        ("initial_backoff", retry.initial_backoff.map(|time| duration(time.value))),
        ("max_backoff", retry.max_backoff.map(|time| duration(time.value))),
        ("multiplier", retry.multiplier.map(float)),
        ("status_codes", codes),
        ("jitter", jitter),
        ("max_retry_after", retry.max_retry_after.map(|time| duration(time.value))),
        ("budget", budget),
        ("any_method", retry.any_method.map(|_| TokenStream::new())),
    ];
    links.into_iter().filter_map(|(key, value)| Some(link(key, &value?))).collect()
}

// expands to: ::pynector::RetryBudget::new().ratio(0.2).min_per_second(1)
fn budget_value(budget: &Policy<Budget>, krate: &Path) -> TokenStream {
    let Policy::On(budget) = budget else { return quote!(#krate::RetryBudget::off()) };
    let links = [("ratio", budget.ratio.map(float)), ("min_per_second", budget.min_per_second.map(float))];
    let links: TokenStream = links.into_iter().filter_map(|(key, value)| Some(link(key, &value?))).collect();
    quote!(#krate::RetryBudget::new()#links)
}

// expands to: ::pynector::StatusCodes::of(&[429]).range(502, 504)
pub(super) fn status_codes(codes: &Statuses, krate: &Path) -> TokenStream {
    let (single, ranges): (Vec<&StatusRange>, Vec<_>) =
        codes.ranges.iter().partition(|range| range.is_single());
    let single = single.iter().map(|range| Literal::u16_unsuffixed(range.first));
    let ranges = ranges.iter().map(|range| {
        let (first, last) = (Literal::u16_unsuffixed(range.first), Literal::u16_unsuffixed(range.last));
        quote!(.range(#first, #last))
    });
    quote!(#krate::StatusCodes::of(&[#(#single),*])#(#ranges)*)
}

fn breaker_links(breaker: &Breaker) -> TokenStream {
    let links = [
        ("failure_threshold", breaker.failure_threshold.map(integer)),
        ("min_failure_rate", breaker.min_failure_rate.map(float)),
        ("open", breaker.open.map(|time| duration(time.value))),
        ("max_open", breaker.max_open.map(|time| duration(time.value))),
        ("reset_timeout", breaker.reset_timeout.map(|time| duration(time.value))),
        ("probes", breaker.probes.map(integer)),
        ("wait_up_to", breaker.wait_up_to.map(|time| duration(time.value))),
        ("ramp", breaker.ramp.map(|time| duration(time.value))),
        ("group", breaker.group.as_ref().map(|group| quote!(#group))),
    ];
    links.into_iter().filter_map(|(key, value)| Some(link(key, &value?))).collect()
}

pub(super) fn link(name: &str, value: &TokenStream) -> TokenStream {
    let name = Ident::new(name, Span::call_site());
    quote!(.#name(#value))
}

pub(super) fn integer(value: u32) -> TokenStream {
    let literal = Literal::u32_unsuffixed(value);
    quote!(#literal)
}

fn float(value: f64) -> TokenStream {
    let literal = Literal::f64_unsuffixed(value);
    quote!(#literal)
}

/// In the largest unit that holds it: `Duration::from_secs(10)`.
pub(super) fn duration(duration: Duration) -> TokenStream {
    let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    let (unit, count) = match micros {
        _ if micros.is_multiple_of(1_000_000) => (quote!(from_secs), micros / 1_000_000),
        _ if micros.is_multiple_of(1_000) => (quote!(from_millis), micros / 1_000),
        _ => (quote!(from_micros), micros),
    };
    let count = Literal::u64_unsuffixed(count);
    quote!(::core::time::Duration::#unit(#count))
}
