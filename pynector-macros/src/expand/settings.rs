//! Settings → constant expressions.

use std::time::Duration;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::Path;

use crate::model::{Breaker, Clock, Policy, Retry, Settings, StatusCodes, Timeouts};

// expands to: .headers(&[("accept", "text/plain")]).timeouts(..).retry(..).breaker(..)
pub(super) fn links(settings: &Settings, krate: &Path) -> TokenStream {
    let Settings { headers, timeouts, retry, breaker } = settings;
    let headers = (!headers.is_empty()).then(|| {
        let headers = headers.iter().map(|header| {
            let (name, value) = (&header.name, &header.value);
            quote!((#name, #value))
        });
        quote!(.headers(&[#(#headers),*]))
    });
    let timeouts = clocks(timeouts).map(|links| quote!(.timeouts(#krate::Timeouts::new()#links)));
    let retry = retry.as_ref().map(|policy| {
        let value = on_or_off(policy, &quote!(#krate::RetryPolicy), |retry| retry_links(retry, krate));
        quote!(.retry(#value))
    });
    let breaker = breaker.as_ref().map(|policy| {
        let value = on_or_off(policy, &quote!(#krate::Breaker), breaker_links);
        quote!(.breaker(#value))
    });
    quote!(#headers #timeouts #retry #breaker)
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
    let links: TokenStream =
        clocks.into_iter().filter_map(|(key, clock)| Some(clock_link(key, clock?.value))).collect();
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
    let links = [
        ("max_retries", retry.max_retries.map(integer)),
        ("initial_backoff", retry.initial_backoff.map(|time| duration(time.value))),
        ("max_backoff", retry.max_backoff.map(|time| duration(time.value))),
        ("multiplier", retry.multiplier.map(float)),
        ("status_codes", codes),
        ("jitter", jitter),
        ("max_retry_after", retry.max_retry_after.map(|time| duration(time.value))),
        ("any_method", retry.any_method.map(|_| TokenStream::new())),
    ];
    links.into_iter().filter_map(|(key, value)| Some(link(key, &value?))).collect()
}

// expands to: ::pynector::StatusCodes::of(&[429]).range(502, 504)
fn status_codes(codes: &StatusCodes, krate: &Path) -> TokenStream {
    let single = codes.codes.iter().map(|code| Literal::u16_unsuffixed(*code));
    let ranges = codes.ranges.iter().map(|(first, last)| {
        let (first, last) = (Literal::u16_unsuffixed(*first), Literal::u16_unsuffixed(*last));
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
        ("group", breaker.group.as_ref().map(|group| quote!(#group))),
    ];
    links.into_iter().filter_map(|(key, value)| Some(link(key, &value?))).collect()
}

fn link(name: &str, value: &TokenStream) -> TokenStream {
    let name = Ident::new(name, Span::call_site());
    quote!(.#name(#value))
}

fn integer(value: u32) -> TokenStream {
    let literal = Literal::u32_unsuffixed(value);
    quote!(#literal)
}

fn float(value: f64) -> TokenStream {
    let literal = Literal::f64_unsuffixed(value);
    quote!(#literal)
}

/// In the largest unit that holds it: `Duration::from_secs(10)`.
fn duration(duration: Duration) -> TokenStream {
    let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    let (unit, count) = match micros {
        _ if micros.is_multiple_of(1_000_000) => (quote!(from_secs), micros / 1_000_000),
        _ if micros.is_multiple_of(1_000) => (quote!(from_millis), micros / 1_000),
        _ => (quote!(from_micros), micros),
    };
    let count = Literal::u64_unsuffixed(count);
    quote!(::core::time::Duration::#unit(#count))
}
